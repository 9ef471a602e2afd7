//! Is there a plan for the day something happens, and did somebody read it within a year? It lies beside the shop, so
//! that it is at hand when nothing else is; a template begins it. Whether it is a good plan no program can tell.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use gondola_shop::kernel::Lang;
use gondola_shop::kernel::time::{format_day, parse_day};

use crate::doctor::{Diagnosis, State};

const CHECK: &str = "incident_plan";
/// Where a reader says when they last went through it.
const REVIEWED: [&str; 2] = ["reviewed:", "revisado:"];
/// What is still to be filled in.
const BLANK: &str = "____";
/// Days after which it is read again.
const DAYS_MAX: i32 = 365;

/// Where the plan lies.
pub fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("incident-plan.md")
}

/// Writes the template, where there is no plan yet.
///
/// # Errors
/// What the system says; [`io::ErrorKind::AlreadyExists`] where there is one.
pub fn begin(data_dir: &Path, lang: Lang) -> io::Result<PathBuf> {
    let (file, text) = (file(data_dir), lang.pick(include_str!("plan.es.md"), include_str!("plan.en.md")));
    let mut written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    Ok(file)
}

/// Looks at it. `today` is the shop's day.
pub(super) fn examine(data_dir: &Path, today: i32) -> Diagnosis {
    let file = file(data_dir);
    match fs::read_to_string(&file) {
        Ok(text) => judge(&text, today),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let path = file.display();
            let (es, en) = (format!("no hay plan en {path}"), format!("there is no plan in {path}"));
            Diagnosis::new(CHECK, State::Warn, es, en).advise(
                "Empezalo con gondola doctor --write-incident-plan, completalo y guardá una copia en papel.",
                "Begin it with gondola doctor --write-incident-plan, fill it in and keep a copy on paper.",
            )
        }
        Err(error) => Diagnosis::failed(CHECK, &error.into()),
    }
}

fn judge(text: &str, today: i32) -> Diagnosis {
    let reviewed = text.lines().find_map(|line| {
        let line = line.trim().to_lowercase();
        REVIEWED.iter().find_map(|word| line.strip_prefix(word).map(|rest| rest.trim().to_owned()))
    });
    let Some(day) = reviewed.as_deref().and_then(parse_day).filter(|day| *day <= today) else {
        return Diagnosis::new(
            CHECK,
            State::Warn,
            "el plan no dice cuándo se revisó (Revisado: AAAA-MM-DD)",
            "the plan does not say when it was reviewed (Reviewed: YYYY-MM-DD)",
        )
        .advise("Leelo, corregilo y poné la fecha de hoy.", "Read it, correct it and put today's date.");
    };
    if text.contains(BLANK) {
        return Diagnosis::new(CHECK, State::Warn, "al plan le quedan espacios en blanco", "the plan has blanks left")
            .advise("Completá lo que dice ____.", "Fill in what says ____.");
    }
    let when = format_day(day);
    if today - day > DAYS_MAX {
        return Diagnosis::new(
            CHECK,
            State::Warn,
            format!("se revisó por última vez el {when}"),
            format!("last reviewed on {when}"),
        )
        .advise(
            "Leelo entero, probá que los teléfonos contesten y poné la fecha de hoy.",
            "Read all of it, try whether the telephones answer and put today's date.",
        );
    }
    Diagnosis::new(CHECK, State::Ok, format!("revisado el {when}"), format!("reviewed on {when}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_counts_that_was_filled_in_and_reviewed_within_a_year() {
        let today = parse_day("2026-11-27").unwrap();
        let state = |text: &str| judge(text, today).state;
        assert_eq!(state("# Plan\nReviewed: 2026-11-27\n"), State::Ok);
        assert_eq!(state("Revisado:  2025-11-27\nAna, 11 5555 0000"), State::Ok);
        for bad in ["", "Reviewed:", "Reviewed: yesterday", "Reviewed: 2026-11-28", "Reviewed: 2025-11-26"] {
            assert_eq!(state(bad), State::Warn, "{bad}");
        }
        assert_eq!(state("Reviewed: 2026-11-27\nTelephone: ____"), State::Warn);
    }

    #[test]
    fn the_template_is_no_plan_until_it_is_filled_in_and_is_not_written_over_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let today = parse_day("2026-11-27").unwrap();
        assert_eq!(examine(folder.path(), today).state, State::Warn);
        let file = begin(folder.path(), Lang::Es).unwrap();
        assert_eq!(examine(folder.path(), today).state, State::Warn);
        let filled = fs::read_to_string(&file).unwrap().replace(BLANK, "Ana");
        fs::write(&file, filled.replace("Revisado: Ana", "Revisado: 2026-11-01")).unwrap();
        assert_eq!(examine(folder.path(), today).state, State::Ok);
        assert_eq!(begin(folder.path(), Lang::En).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }
}
