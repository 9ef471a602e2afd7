//! The exceptions of `xtask/tidy-allow.txt`: measured, explained, and only ever fewer. Only the size
//! rules know exceptions; no other rule can be switched off.

use super::{Finding, size::Measure};

/// Where the exceptions stand.
pub const PATH: &str = "xtask/tidy-allow.txt";
/// How many exceptions there are. Lower it with every line that goes; it is never raised.
const EXCEPTIONS: usize = 0;
/// A reason is a sentence, not a sigh.
const REASON_WORDS_MIN: usize = 4;

struct Exception<'a> {
    line: usize,
    rule: &'a str,
    place: &'a str,
    limit: usize,
}

/// The measures over their limit that no exception covers, and the exceptions that cover nothing.
pub fn judge(allowed: &str, measures: &[Measure]) -> Vec<Finding> {
    judge_with(allowed, measures, EXCEPTIONS)
}

fn judge_with(allowed: &str, measures: &[Measure], exceptions_max: usize) -> Vec<Finding> {
    let (exceptions, mut findings) = parse(allowed);
    if exceptions.len() != exceptions_max {
        let message = format!("{} exceptions, and EXCEPTIONS says {exceptions_max}", exceptions.len());
        findings.push(Finding::new("allow-list", PATH, 1, message));
    }
    for exception in &exceptions {
        let covered = measures.iter().find(|measure| exception.covers(measure));
        let complaint = match covered {
            None => "nothing needs this exception any more: remove the line".to_owned(),
            Some(measure) if measure.lines < exception.limit => {
                format!("it is down to {} lines: write that here", measure.lines)
            }
            Some(_) => continue,
        };
        findings.push(Finding::new("allow-list", PATH, exception.line, complaint));
    }
    let excused = |measure: &&Measure| exceptions.iter().any(|e| e.covers(measure) && measure.lines <= e.limit);
    findings.extend(measures.iter().filter(|measure| !excused(measure)).map(Measure::finding));
    findings
}

impl Exception<'_> {
    fn covers(&self, measure: &Measure) -> bool {
        self.rule == measure.rule && self.place == measure.place
    }
}

fn parse(allowed: &str) -> (Vec<Exception<'_>>, Vec<Finding>) {
    let (mut exceptions, mut findings) = (Vec::new(), Vec::new());
    for (at, text) in allowed.lines().enumerate().filter(|(_, text)| !text.is_empty() && !text.starts_with('#')) {
        let line = at + 1;
        let mut words = text.split_whitespace();
        let (rule, place, limit) = (words.next(), words.next(), words.next().and_then(|word| word.parse().ok()));
        match (rule, place, limit) {
            (Some(rule), Some(place), Some(limit)) if words.count() >= REASON_WORDS_MIN => {
                exceptions.push(Exception { line, rule, place, limit });
            }
            _ => {
                findings.push(Finding::new("allow-list", PATH, line, "not of the form RULE PLACE LIMIT REASON".into()))
            }
        }
    }
    (exceptions, findings)
}

#[cfg(test)]
mod tests {
    use super::super::size::Measure;
    use super::judge_with;

    const REASON: &str = "one table of the law, read as a whole";

    fn messages(allowed: &str, lines: usize, exceptions_max: usize) -> Vec<String> {
        let measures: Vec<Measure> = (lines > 500)
            .then(|| Measure {
                rule: "file-lines",
                place: "a.rs".into(),
                path: "a.rs".into(),
                line: 1,
                lines,
                max: 500,
            })
            .into_iter()
            .collect();
        judge_with(allowed, &measures, exceptions_max).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn an_exception_covers_its_measure_exactly() {
        let allowed = format!("# a comment\n\nfile-lines a.rs 612 {REASON}\n");
        assert!(messages(&allowed, 612, 1).is_empty());
        assert!(messages(&allowed, 613, 1)[0].contains("613 lines"));
        assert!(messages(&allowed, 611, 1)[0].contains("down to 611"));
        assert!(messages(&allowed, 400, 1)[0].contains("remove the line"));
    }

    #[test]
    fn an_exception_without_a_reason_excuses_nothing() {
        assert_eq!(messages("file-lines a.rs 612 big", 612, 0).len(), 2);
    }

    #[test]
    fn the_list_cannot_grow_in_passing() {
        let allowed = format!("file-lines a.rs 612 {REASON}\n");
        assert!(messages(&allowed, 612, 0)[0].contains("EXCEPTIONS"));
    }
}
