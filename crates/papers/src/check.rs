//! Whether a paper adds up, and whether it may be applied. Every finding is a value with its numbers, and has its words in
//! both languages of the shop; who accepts a warning is decided elsewhere.

#[cfg(test)]
mod tests;
mod words;

use gondola_ledger::{Day, Money};

use crate::extract::{Doubt, DoubtKind, LineVerdict, Paper, is_vat_of, line_verdict};
use crate::fiscal::{Letter, TaxId, VatCondition, VatRate};

/// Below this confidence a paper is not applied.
pub const CONFIDENCE_MIN: u16 = 700;
/// What sums may be off.
pub const TOLERANCE: Money = Money::new(1);
/// Days of ten years, three of them leap years at most: an older paper is misread.
pub const AGE_DAYS_MAX: i64 = 3_653;

/// What a paper is checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The day of the check.
    pub today: Day,
    /// The CUIT of the supplier that was chosen, when it is known.
    pub supplier: Option<TaxId>,
    /// Lines that no product was found for, or only by a likeness that nobody confirmed.
    pub unmatched_lines: usize,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A person may accept it.
    Warning,
    /// The paper cannot be applied.
    Error,
}

/// Something wrong with a paper. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The parts are not the total.
    TotalOff {
        /// What is printed.
        printed: Money,
        /// What the parts make.
        computed: Money,
    },
    /// The VAT of a rate is not its net times the rate.
    VatOff {
        /// Which rate.
        rate: VatRate,
        /// What is printed.
        printed: Money,
        /// The net.
        net: Money,
    },
    /// A subtotal is off by more than 0.5 %.
    LineNear {
        /// Which line.
        line: usize,
        /// What its figures make.
        computed: Money,
    },
    /// A subtotal is off by more than 2 %.
    LineOff {
        /// Which line.
        line: usize,
        /// What its figures make.
        computed: Money,
    },
    /// The date has not come yet.
    FutureDate(Day),
    /// The date is over ten years old.
    OldDate(Day),
    /// A CUIT whose digits do not belong together.
    BadTaxId(String),
    /// A CAE without fourteen digits.
    BadCae(String),
    /// The document is in that currency.
    NotInPesos(String),
    /// The paper is from somebody else than the supplier that was chosen.
    OtherSupplier {
        /// Who the paper is from.
        printed: TaxId,
        /// Who was chosen.
        chosen: TaxId,
    },
    /// A letter C that states VAT.
    VatOnC,
    /// A registered taxpayer gives a C.
    RegisteredGivesC,
    /// A monotributo gives an A.
    MonotributoGivesA,
    /// The whole is not sure enough.
    LowConfidence(u16),
    /// Lines without a product.
    UnmatchedLines(usize),
    /// No line was read.
    NoLines,
}

impl Finding {
    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::LineNear { .. } | Self::VatOnC | Self::RegisteredGivesC | Self::MonotributoGivesA => {
                Severity::Warning
            }
            _ => Severity::Error,
        }
    }

    /// Stable name for APIs and logs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TotalOff { .. } => "total_off",
            Self::VatOff { .. } => "vat_off",
            Self::LineNear { .. } => "line_near",
            Self::LineOff { .. } => "line_off",
            Self::FutureDate(_) => "future_date",
            Self::OldDate(_) => "old_date",
            Self::BadTaxId(_) => "bad_tax_id",
            Self::BadCae(_) => "bad_cae",
            Self::NotInPesos(_) => "not_in_pesos",
            Self::OtherSupplier { .. } => "other_supplier",
            Self::VatOnC => "vat_on_c",
            Self::RegisteredGivesC => "registered_gives_c",
            Self::MonotributoGivesA => "monotributo_gives_a",
            Self::LowConfidence(_) => "low_confidence",
            Self::UnmatchedLines(_) => "unmatched_lines",
            Self::NoLines => "no_lines",
        }
    }
}

/// May a paper with these findings be applied, once a person has accepted the warnings?
pub fn may_be_applied(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity() == Severity::Warning)
}

/// Everything wrong with a paper, in the order it stands there.
pub fn check(paper: &Paper, context: &Context) -> Vec<Finding> {
    let mut findings: Vec<Finding> = paper.doubts.iter().map(doubted).collect();
    findings.extend(dated(paper, context.today));
    findings.extend(supplied(paper, context.supplier));
    findings.extend(lettered(paper));
    findings.extend(paper.lines.iter().enumerate().filter_map(|(at, line)| match line_verdict(line) {
        LineVerdict::Near(computed) => Some(Finding::LineNear { line: at + 1, computed }),
        LineVerdict::Off(computed) => Some(Finding::LineOff { line: at + 1, computed }),
        LineVerdict::Ok | LineVerdict::Unchecked => None,
    }));
    findings.extend(summed(paper));
    if paper.lines.is_empty() {
        findings.push(Finding::NoLines);
    }
    if context.unmatched_lines > 0 {
        findings.push(Finding::UnmatchedLines(context.unmatched_lines));
    }
    if paper.confidence_permille < CONFIDENCE_MIN {
        findings.push(Finding::LowConfidence(paper.confidence_permille));
    }
    findings
}

fn doubted(doubt: &Doubt) -> Finding {
    match doubt.kind {
        DoubtKind::TaxId => Finding::BadTaxId(doubt.text.clone()),
        DoubtKind::Cae => Finding::BadCae(doubt.text.clone()),
        DoubtKind::Pesos => Finding::NotInPesos(doubt.text.clone()),
    }
}

fn dated(paper: &Paper, today: Day) -> Option<Finding> {
    let day = paper.header.date?.value;
    let age = day.days_until(today);
    match age {
        ..0 => Some(Finding::FutureDate(day)),
        0..=AGE_DAYS_MAX => None,
        _ => Some(Finding::OldDate(day)),
    }
}

fn supplied(paper: &Paper, chosen: Option<TaxId>) -> Option<Finding> {
    let (printed, chosen) = (paper.header.seller.tax_id?.value, chosen?);
    (printed != chosen).then_some(Finding::OtherSupplier { printed, chosen })
}

fn lettered(paper: &Paper) -> Vec<Finding> {
    let letter = paper.header.document.and_then(|field| field.value.letter);
    let seller = paper.header.seller.condition.map(|field| field.value);
    let states_vat = paper.header.totals.by_rate.iter().filter_map(|sums| sums.vat).any(|vat| !vat.value.is_zero());
    let mut findings = Vec::new();
    if letter == Some(Letter::C) && states_vat {
        findings.push(Finding::VatOnC);
    }
    if letter == Some(Letter::C) && seller == Some(VatCondition::Registered) {
        findings.push(Finding::RegisteredGivesC);
    }
    if letter == Some(Letter::A) && seller.is_some_and(VatCondition::is_monotributo) {
        findings.push(Finding::MonotributoGivesA);
    }
    findings
}

fn summed(paper: &Paper) -> Vec<Finding> {
    let totals = &paper.header.totals;
    let mut findings: Vec<Finding> = totals
        .by_rate
        .iter()
        .filter_map(|sums| Some((sums.rate, sums.net?.value, sums.vat?.value)))
        .filter(|(rate, net, vat)| !is_vat_of(*rate, *net, *vat))
        .map(|(rate, net, printed)| Finding::VatOff { rate, printed, net })
        .collect();
    if let (Some(total), Some(computed), true) = (totals.total, totals.sum(), totals.has_parts()) {
        let off = i128::from(computed.raw()).abs_diff(total.value.raw().into());
        if off > u128::from(TOLERANCE.raw().unsigned_abs()) {
            findings.push(Finding::TotalOff { printed: total.value, computed });
        }
    }
    findings
}
