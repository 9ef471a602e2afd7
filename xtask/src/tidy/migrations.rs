//! Migrations come in fours: SQLite and PostgreSQL, up and down, under one number and one name,
//! numbered without gaps. Whether they describe the same schema is tested where they run.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::tree::Tree;

const FOLDER: &str = "crates/store/migrations/";
const ENGINES: [&str; 2] = ["sqlite", "postgres"];
const DIRECTIONS: [&str; 2] = ["up", "down"];

pub fn check(tree: &Tree<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut steps: BTreeMap<u32, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    let scripts =
        tree.files.iter().filter_map(|file| file.path.strip_prefix(FOLDER)).filter(|path| path.ends_with(".sql"));
    for path in scripts {
        match parse(path) {
            Some((number, name, kind)) => {
                steps.entry(number).or_default().entry(name).or_default().insert(kind);
            }
            None => findings.push(complain(path, "not of the form ENGINE/0007_name.up.sql or .down.sql".into())),
        }
    }
    for (expected, (number, names)) in (1..).zip(&steps) {
        if *number != expected {
            findings.push(complain("", format!("number {expected:04} is missing before {number:04}")));
            break;
        }
        if names.len() > 1 {
            let names: Vec<_> = names.keys().copied().collect();
            findings.push(complain("", format!("{number:04} has several names: {}", names.join(", "))));
        }
        for (name, kinds) in names {
            let missing = all_kinds().into_iter().filter(|kind| !kinds.contains(kind));
            findings.extend(missing.map(|kind| complain("", format!("{number:04}_{name} has no {kind}"))));
        }
    }
    findings
}

fn all_kinds() -> Vec<String> {
    ENGINES.iter().flat_map(|engine| DIRECTIONS.map(|direction| format!("{direction} script for {engine}"))).collect()
}

/// `sqlite/0007_add_lots.up.sql`
fn parse(path: &str) -> Option<(u32, &str, String)> {
    let (engine, file) = path.split_once('/').filter(|(engine, _)| ENGINES.contains(engine))?;
    let (stem, direction) = file.strip_suffix(".sql")?.rsplit_once('.')?;
    let (number, name) = stem.split_once('_').filter(|(number, _)| number.len() == 4)?;
    let known = DIRECTIONS.contains(&direction);
    known.then_some((number.parse().ok()?, name, format!("{direction} script for {engine}")))
}

fn complain(path: &str, message: String) -> Finding {
    Finding::new("migrations", &format!("{FOLDER}{path}"), 1, message)
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    const WHOLE: [&str; 4] = [
        "crates/store/migrations/sqlite/0001_shop.up.sql",
        "crates/store/migrations/sqlite/0001_shop.down.sql",
        "crates/store/migrations/postgres/0001_shop.up.sql",
        "crates/store/migrations/postgres/0001_shop.down.sql",
    ];

    fn messages(paths: &[&str]) -> Vec<String> {
        check(&Tree::new(paths.iter().map(|path| (*path, "")))).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_missing_twin_is_found() {
        assert!(messages(&WHOLE).is_empty());
        for missing in WHOLE {
            let rest: Vec<&str> = WHOLE.into_iter().filter(|path| *path != missing).collect();
            assert_eq!(messages(&rest).len(), 1, "without {missing}");
        }
    }

    #[test]
    fn another_name_number_or_form_is_found() {
        let with = |path: &'static str| messages(&[&WHOLE[..], &[path]].concat());
        assert!(with("crates/store/migrations/sqlite/0001_store.up.sql")[0].contains("several names"));
        assert!(with("crates/store/migrations/sqlite/0003_lots.up.sql")[0].contains("0002 is missing"));
        assert!(with("crates/store/migrations/sqlite/2_lots.sql")[0].contains("not of the form"));
        assert!(with("crates/store/migrations/mysql/0001_shop.up.sql")[0].contains("not of the form"));
    }
}
