//! How a category rounds prices below limits, as its column keeps it.

use gondola_ledger::Money;
use gondola_pricing::price::{Rounding, StepBand};

/// The steps of a category for prices below limits, the lowest limit first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepBands(Vec<StepBand>);

impl StepBands {
    /// Bands in rising order; none when they do not rise, are too many, or a step is not above zero.
    pub fn new(bands: Vec<StepBand>) -> Option<Self> {
        Rounding::new(bands.clone(), Money::new(1)).map(|_| Self(bands))
    }

    /// The bands.
    pub fn bands(&self) -> &[StepBand] {
        &self.0
    }

    /// How prices are rounded, with the step above them all.
    pub(super) fn rounding(&self, step: Money) -> Rounding {
        let step = step.max(Money::new(1));
        Rounding::new(self.0.clone(), step).expect("bands that rise and a step of at least a centavo")
    }

    /// As their column keeps them.
    pub fn kept(&self) -> String {
        let rows: Vec<[i64; 2]> = self.0.iter().map(|band| [band.below.raw(), band.step.raw()]).collect();
        serde_json::to_string(&rows).expect("numbers are JSON")
    }
}

impl TryFrom<String> for StepBands {
    type Error = String;

    fn try_from(kept: String) -> Result<Self, String> {
        if kept == "[]" {
            return Ok(Self::default());
        }
        let rows: Vec<[i64; 2]> = serde_json::from_str(&kept).map_err(|error| format!("{kept}: {error}"))?;
        let band = |[below, step]: [i64; 2]| StepBand { below: Money::new(below), step: Money::new(step) };
        Self::new(rows.into_iter().map(band).collect()).ok_or_else(|| format!("{kept}: bands that do not rise"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_kept_as_they_were_said() {
        let said = "[[50000,1000],[500000,5000]]";
        let bands = StepBands::try_from(said.to_owned()).unwrap();
        assert_eq!(bands.kept(), said);
        assert_eq!(bands.rounding(Money::new(10_000)).nearest(Money::new(12_300)), Some(Money::new(12_000)));
        assert_eq!(StepBands::try_from("[]".to_owned()), Ok(StepBands::default()));
        for wrong in ["", "[[1]]", "[[500,10],[500,20]]", "[[500,0]]"] {
            StepBands::try_from(wrong.to_owned()).unwrap_err();
        }
    }
}
