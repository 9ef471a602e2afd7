//! Versions and what is required of them, as advisories write it: `>= 1.2.3, < 2`, `^0.9`, `~1.2`, `=1.0.0`. No more of
//! semantic versioning than that.

use std::cmp::Ordering;

/// A version, or the beginning of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    major: u64,
    minor: Option<u64>,
    patch: Option<u64>,
    /// What stands behind the hyphen; empty for a release.
    before: String,
}

impl Version {
    /// Reads `1`, `1.2`, `1.2.3`, `1.2.3-rc.1`; a build's mark is left out.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.trim().split('+').next()?;
        let (numbers, before) = plain.split_once('-').unwrap_or((plain, ""));
        let mut numbers = numbers.split('.').map(|number| number.parse::<u64>().ok());
        let major = numbers.next()??;
        let mut next = || numbers.next().map_or(Some(None), |number| number.map(Some));
        let (minor, patch) = (next()?, next()?);
        numbers.next().is_none().then(|| Self { major, minor, patch, before: before.to_owned() })
    }

    fn numbers(&self) -> [u64; 3] {
        [self.major, self.minor.unwrap_or(0), self.patch.unwrap_or(0)]
    }

    /// The first version that does not begin as this one does.
    fn after_all_of(&self) -> [u64; 3] {
        match (self.minor, self.patch) {
            (None, _) => [self.major + 1, 0, 0],
            (Some(minor), None) => [self.major, minor + 1, 0],
            (Some(minor), Some(patch)) => [self.major, minor, patch + 1],
        }
    }

    /// The first version that may break who uses this one.
    fn after_compatible(&self) -> [u64; 3] {
        match (self.major, self.minor, self.patch) {
            (0, Some(0), Some(patch)) => [0, 0, patch + 1],
            (0, Some(minor), _) if minor > 0 || self.patch.is_none() => [0, minor + 1, 0],
            (major, _, _) => [major + 1, 0, 0],
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        let released = |of: &Self| of.before.is_empty();
        self.numbers().cmp(&other.numbers()).then_with(|| match (released(self), released(other)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => order_before(&self.before, &other.before),
        })
    }

    /// Whether it is older than the first version with these numbers.
    fn is_below(&self, numbers: [u64; 3]) -> bool {
        self.numbers() < numbers
    }
}

/// `alpha.2` before `alpha.10`, numbers before words, less before more.
fn order_before(one: &str, other: &str) -> Ordering {
    let (mut these, mut those) = (one.split('.'), other.split('.'));
    loop {
        let order = match (these.next(), those.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(this), Some(that)) => match (this.parse::<u64>(), that.parse::<u64>()) {
                (Ok(this), Ok(that)) => this.cmp(&that),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => this.cmp(that),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Whether a version meets every part of a requirement; none for what is no requirement.
pub fn meets(version: &Version, requirement: &str) -> Option<bool> {
    let mut all = true;
    for part in requirement.split(',').map(str::trim) {
        let at = part.find(|c: char| c.is_ascii_digit())?;
        let (sign, bound) = (part[..at].trim(), Version::parse(&part[at..])?);
        let from = version.order(&bound).is_ge();
        all &= match sign {
            ">=" => from,
            ">" if bound.patch.is_some() => version.order(&bound).is_gt(),
            ">" => !version.is_below(bound.after_all_of()),
            "<" => version.order(&bound).is_lt(),
            "<=" if bound.patch.is_some() => version.order(&bound).is_le(),
            "<=" => version.is_below(bound.after_all_of()),
            "=" if bound.patch.is_some() => version.order(&bound).is_eq(),
            "=" => from && version.is_below(bound.after_all_of()),
            "~" => {
                let end = Version { patch: None, ..bound.clone() }.after_all_of();
                from && version.is_below(end)
            }
            "^" | "" => from && version.is_below(bound.after_compatible()),
            _ => return None,
        };
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_meet_requirements_as_advisories_write_them() {
        for (version, requirement, expected) in [
            ("1.2.3", ">= 1.2.3", true),
            ("1.2.2", ">= 1.2.3", false),
            ("1.10.0", ">= 1.9.9", true),
            ("1.2.3", ">= 1.2.0, < 1.3", true),
            ("1.3.0", ">= 1.2.0, < 1.3", false),
            ("1.2.3-rc.1", ">= 1.2.3", false),
            ("1.2.3-alpha.10", ">= 1.2.3-alpha.9", true),
            ("1.2.3", ">= 1.2.3-alpha.9", true),
            ("1.2.3-2", "< 1.2.3-rc", true),
            ("0.9.8", "^0.9.2", true),
            ("0.10.0", "^0.9.2", false),
            ("0.0.4", "^0.0.3", false),
            ("0.0.9", "^0.0", true),
            ("2.0.0", "1.2.3", false),
            ("1.9.0", "1.2.3", true),
            ("1.2.9", "~1.2.3", true),
            ("1.3.0", "~1.2", false),
            ("1.9.9", "~1", true),
            ("1.0.0", "=1.0.0", true),
            ("1.0.1", "=1.0.0", false),
            ("1.0.1", "=1.0", true),
            ("1.2.9", "> 1.2", false),
            ("1.3.0", "> 1.2", true),
            ("1.2.9", "<= 1.2", true),
            ("3.1.0+zstd.1.5", ">=3", true),
            ("1.0.0", "< 1.0.0 ", false),
        ] {
            assert_eq!(
                meets(&Version::parse(version).unwrap(), requirement),
                Some(expected),
                "{version} {requirement}"
            );
        }
        for bad in ["", "latest", "=> 1.0.0", ">= 1.2.3.4", ">= 1.x"] {
            assert_eq!(meets(&Version::parse("1.0.0").unwrap(), bad), None, "{bad}");
        }
    }
}
