//! Is anything that this program was built from known to be broken? The program carries the list it was built from
//! (`Cargo.lock`) and calls nobody, so the advisories lie in a folder that the operator renews: a copy of the RustSec
//! database. Without one, or with an old one, nothing is known, and that is told. What the list names and the build left
//! out counts as well: rather one too many.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use gondola_shop::kernel::time::{format_day, parse_day};
use semver::{Version, VersionReq};
use toml::{Table, Value};

use super::Faults;
use crate::doctor::{Diagnosis, State};

const CHECK: &str = "dependencies";
/// What this program was built from.
const BUILT_FROM: &str = include_str!("../../../../../Cargo.lock");
/// Days after which a copy of the advisories says little: several are published every week.
const DAYS_MAX: i32 = 30;
const ADVICE: [&str; 2] = [
    "Renovala una vez por semana: git clone --depth 1 https://github.com/RustSec/advisory-db, en advisory-db/ del directorio de datos (o --advisories). Lo que esté roto, se arregla con una Góndola más nueva.",
    "Renew it once a week: git clone --depth 1 https://github.com/RustSec/advisory-db, in advisory-db/ of the data directory (or --advisories). What is broken is mended by a newer Góndola.",
];

/// A known fault of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Advisory {
    id: String,
    package: String,
    day: i32,
    /// Whether it is about a fault; otherwise about somebody who stopped maintaining it, or the like, or taken back.
    is_fault: bool,
    /// Versions without the fault.
    sound: Vec<String>,
}

/// Holds what the program was built from against the advisories in a folder.
pub(super) fn examine(folder: &Path, today: i32) -> Diagnosis {
    if !folder.join("crates").is_dir() {
        let path = folder.display();
        return Diagnosis::new(
            CHECK,
            State::Warn,
            format!("no se sabe: no hay avisos en {path}"),
            format!("not known: there are no advisories in {path}"),
        )
        .advise(ADVICE[0], ADVICE[1]);
    }
    let (packages, advisories) = match packages(BUILT_FROM).and_then(|packages| Ok((packages, read_all(folder)?))) {
        Ok(both) => both,
        Err(error) => return Diagnosis::failed(CHECK, &error).advise(ADVICE[0], ADVICE[1]),
    };
    judge(&packages, &advisories, today)
}

fn judge(packages: &BTreeMap<String, Vec<Version>>, advisories: &[Advisory], today: i32) -> Diagnosis {
    let mut faults = Faults::default();
    let newest = advisories.iter().map(|advisory| advisory.day).filter(|day| *day <= today).max().unwrap_or(0);
    let when = format_day(newest);
    if today - newest > DAYS_MAX {
        faults.add(
            State::Warn,
            format!("los avisos son viejos: el último es del {when}"),
            format!("the advisories are old: the last one is of {when}"),
        );
    }
    for advisory in advisories.iter().filter(|advisory| advisory.is_fault) {
        let versions = packages.get(&advisory.package).map_or(&[][..], Vec::as_slice);
        if versions.iter().any(|version| advisory.concerns(version)) {
            let (id, package) = (&advisory.id, &advisory.package);
            faults.add(State::Critical, format!("{package}: {id}"), format!("{package}: {id}"));
        }
    }
    let (count, known) = (packages.len(), advisories.len());
    let es = format!("{count} dependencias, {known} avisos hasta el {when}, ninguno las toca");
    let en = format!("{count} dependencies, {known} advisories until {when}, none concerns them");
    faults.into_diagnosis(CHECK, (&es, &en), ADVICE)
}

impl Advisory {
    /// What it does not call sound has the fault; a requirement that nobody understands proves no soundness.
    fn concerns(&self, version: &Version) -> bool {
        let meets = |required: &String| VersionReq::parse(required).is_ok_and(|required| required.matches(version));
        !self.sound.iter().any(meets)
    }

    /// Reads the table in front of an advisory's text.
    fn read(text: &str) -> Option<Self> {
        let (table, _) = text.trim_start().strip_prefix("```toml")?.split_once("```")?;
        let table: Table = table.parse().ok()?;
        let advisory = table.get("advisory")?.as_table()?;
        let word = |name: &str| advisory.get(name).and_then(Value::as_str);
        let versions = table.get("versions").and_then(Value::as_table);
        let list = |name: &str| versions.and_then(|versions| versions.get(name)?.as_array()).into_iter().flatten();
        Some(Self {
            id: word("id")?.to_owned(),
            package: word("package")?.to_owned(),
            day: parse_day(word("date")?)?,
            is_fault: word("informational").is_none() && word("withdrawn").is_none(),
            sound: list("patched").chain(list("unaffected")).filter_map(Value::as_str).map(str::to_owned).collect(),
        })
    }
}

/// Every advisory of a folder; one that cannot be read makes the copy worth nothing.
fn read_all(folder: &Path) -> anyhow::Result<Vec<Advisory>> {
    let mut all = Vec::new();
    for of_crate in entries(&folder.join("crates"))? {
        let files = entries(&of_crate)?;
        for file in files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "md")) {
            let named = || format!("read the advisory {}", file.display());
            let text = fs::read_to_string(&file).with_context(named)?;
            all.push(Advisory::read(&text).with_context(named)?);
        }
    }
    Ok(all)
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let named = || format!("list {}", folder.display());
    let found = fs::read_dir(folder).with_context(named)?;
    let mut found: Vec<PathBuf> =
        found.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().with_context(named)?;
    found.sort();
    Ok(found)
}

/// What others wrote of a list of packages, by name.
fn packages(lock: &str) -> anyhow::Result<BTreeMap<String, Vec<Version>>> {
    let table: Table = lock.parse().context("read the list of what the program was built from")?;
    let mut found: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    for package in table.get("package").and_then(Value::as_array).context("the list is empty")? {
        let word = |name: &str| package.get(name).and_then(Value::as_str);
        if word("source").is_none() {
            continue;
        }
        let (name, version) = (word("name").context("a package without a name")?, word("version"));
        let version =
            version.and_then(|text| Version::parse(text).ok()).with_context(|| format!("the version of {name}"))?;
        found.entry(name.to_owned()).or_default().push(version);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"axum\"\ndate = \"2026-11-01\"\n\n\
                        [versions]\npatched = [\">= 0.8.9\"]\nunaffected = [\"< 0.5.0\"]\n```\n\n# It breaks\n";

    #[test]
    fn the_program_knows_what_it_was_built_from() {
        let packages = packages(BUILT_FROM).unwrap();
        assert!(packages.len() > 100 && packages.contains_key("axum") && packages.contains_key("rustls"));
        assert!(!packages.keys().any(|name| name.starts_with("gondola")), "what is ours has no advisories");
    }

    #[test]
    fn an_advisory_concerns_the_versions_that_it_does_not_call_sound() {
        let advisory = Advisory::read(TEXT).unwrap();
        let concerns = |version: &str| advisory.concerns(&Version::parse(version).unwrap());
        assert_eq!(["0.4.9", "0.5.0", "0.8.8", "0.8.9"].map(concerns), [false, true, true, false]);
        let odd = Advisory { sound: vec!["who knows".to_owned()], ..advisory };
        assert!(odd.concerns(&Version::parse("0.8.9").unwrap()), "what nobody understands proves nothing");
        for bad in ["", "# no table", "```toml\n[advisory]\nid = 1\n```", &TEXT.replace("2026-11-01", "soon")] {
            assert_eq!(Advisory::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_fault_is_critical_old_advisories_warn_and_mere_notices_are_left_out() {
        let today = parse_day("2026-11-27").unwrap();
        let packages = BTreeMap::from([("axum".to_owned(), vec![Version::parse("0.8.8").unwrap()])]);
        let state = |text: &str, today: i32| judge(&packages, &[Advisory::read(text).unwrap()], today).state;
        assert_eq!(state(TEXT, today), State::Critical);
        let other = TEXT.replace("\"axum\"", "\"another\"");
        assert_eq!(state(&other, today), State::Ok);
        assert_eq!(state(&other, today + DAYS_MAX), State::Warn);
        for left_out in ["informational = \"unmaintained\"", "withdrawn = \"2026-11-02\""] {
            assert_eq!(
                state(&TEXT.replace("\n\n[versions]", &format!("\n{left_out}\n\n[versions]")), today),
                State::Ok
            );
        }
    }
}
