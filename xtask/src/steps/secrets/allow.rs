//! The texts of `xtask/secrets-allow.txt` that look like secrets and are none: each with its rule, its
//! file and the reason.

use std::collections::BTreeSet;

use super::Finding;

/// Where they stand.
pub const PATH: &str = "xtask/secrets-allow.txt";
/// A reason is a sentence, not a sigh.
const REASON_WORDS_MIN: usize = 4;

struct Exception<'a> {
    line: usize,
    rule: &'a str,
    path: &'a str,
    text: &'a str,
}

/// What is wrong: the findings that no line excuses, and, where `whole` the history was read, the lines that excuse
/// nothing.
pub fn judge(allowed: &str, findings: &[Finding], whole: bool) -> BTreeSet<String> {
    let mut complaints = BTreeSet::new();
    let mut exceptions = Vec::new();
    for (at, text) in allowed.lines().enumerate().filter(|(_, text)| !text.is_empty() && !text.starts_with('#')) {
        match parse(at + 1, text) {
            Some(exception) => exceptions.push(exception),
            None => drop(complaints.insert(format!("{PATH}:{}: not of the form RULE PATH TEXT REASON", at + 1))),
        }
    }
    let idle = exceptions.iter().filter(|exception| whole && !findings.iter().any(|finding| exception.covers(finding)));
    complaints.extend(idle.map(|exception| format!("{PATH}:{}: excuses nothing any more: remove it", exception.line)));
    let unexcused = findings.iter().filter(|finding| !exceptions.iter().any(|exception| exception.covers(finding)));
    complaints.extend(unexcused.map(told));
    complaints
}

fn parse(line: usize, text: &str) -> Option<Exception<'_>> {
    let mut words = text.split_whitespace();
    let exception = Exception { line, rule: words.next()?, path: words.next()?, text: words.next()? };
    (words.count() >= REASON_WORDS_MIN).then_some(exception)
}

impl Exception<'_> {
    fn covers(&self, finding: &Finding) -> bool {
        (self.rule, self.path, self.text) == (&finding.rule, &finding.path, &finding.text)
    }
}

/// Where it is; never what it is.
fn told(finding: &Finding) -> String {
    let Finding { rule, path, line, commit, .. } = finding;
    let place = commit.as_ref().map_or_else(|| "the working tree".to_owned(), |commit| format!("commit {commit}"));
    format!("{path}:{line} of {place}: {rule}")
}

#[cfg(test)]
mod tests {
    use super::{Finding, judge};

    const LINE: &str = "rule a.rs word an example of the manual\n";

    fn finding(path: &str, text: &str) -> Finding {
        Finding { rule: "rule".into(), path: path.into(), line: 3, commit: None, text: text.into() }
    }

    #[test]
    fn a_line_excuses_one_text_in_one_file() {
        assert!(
            judge(&format!("# a comment\n\n{LINE}"), &[finding("a.rs", "word"), finding("a.rs", "word")], true)
                .is_empty()
        );
        for (path, text) in [("b.rs", "word"), ("a.rs", "other")] {
            let complaints = judge(LINE, &[finding("a.rs", "word"), finding(path, text)], true);
            assert_eq!(complaints.into_iter().collect::<Vec<_>>(), [format!("{path}:3 of the working tree: rule")]);
        }
    }

    #[test]
    fn an_idle_line_and_one_without_a_reason_fail() {
        assert!(judge(LINE, &[], true).first().unwrap().contains("excuses nothing"));
        assert_eq!(judge("rule a.rs word example\n", &[finding("a.rs", "word")], true).len(), 2);
    }
}
