//! What the shipped files of `ops/` say by themselves: their own programs take them, every rule asks for numbers that
//! there are, and every alert says what it is about and was seen to fire and to be silent.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::process::Command;

use super::deployment::{Deployment, are_here, files};

/// What stands between the names of an expression.
const WORDS: [&str; 5] = ["and", "bool", "offset", "or", "unless"];

/// The texts of the rule files, which are those that name an alert.
fn rule_files() -> Vec<(String, String)> {
    files("prometheus").into_iter().filter(|(_, text)| text.contains("- alert:")).collect()
}

/// Every alert with all that its rule says.
fn alerts() -> Vec<(String, String)> {
    let rules = rule_files().into_iter().map(|(_, text)| text).collect::<String>();
    let blocks = rules.split("- alert: ").skip(1);
    blocks.map(|block| (block.lines().next().unwrap().to_owned(), block.to_owned())).collect()
}

/// The expression of a rule, on one line.
fn expression(rule: &str) -> String {
    let from = rule.lines().map(str::trim).skip_while(|line| !line.starts_with("expr:"));
    let lines = from.take_while(|line| !line.starts_with("for:") && !line.starts_with("labels:"));
    lines.map(|line| line.trim_start_matches("expr:").trim().trim_start_matches(">-")).collect::<Vec<_>>().join(" ")
}

/// A text without what stands between two marks, which are not nested here.
fn without(text: &str, begin: &str, end: char) -> String {
    let mut rest = text.to_owned();
    while let Some(at) = rest.find(begin) {
        let length = rest[at..].find(end).unwrap_or_else(|| panic!("{begin} is not closed: {text}"));
        rest.replace_range(at..=at + length, " ");
    }
    rest
}

/// The metrics that an expression asks for.
fn metrics(expression: &str) -> BTreeSet<String> {
    let marks = [("{", '}'), ("[", ']'), (" by (", ')'), (" without (", ')'), (" on (", ')'), (" ignoring (", ')')];
    let bare = marks.iter().fold(expression.to_owned(), |text, (begin, end)| without(&text, begin, *end));
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    let (mut rest, mut found) = (bare.as_str(), BTreeSet::new());
    while let Some(at) = rest.find(is_part) {
        let word = &rest[at..];
        let (word, after) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
        let is_called = after.trim_start().starts_with('(');
        if !is_called && !word.starts_with(|c: char| c.is_ascii_digit()) && !WORDS.contains(&word) {
            found.insert(word.to_owned());
        }
        rest = after;
    }
    found
}

/// MET-1, as far as names go: a rule about a number that nobody tells would never fire.
#[test]
fn every_number_that_a_rule_asks_for_is_on_the_page_about_metrics() {
    let page = include_str!("../../../../../docs/METRICS.md");
    let rules = alerts();
    assert!(rules.len() >= 11, "{rules:?}");
    for (alert, rule) in rules {
        let asked = metrics(&expression(&rule));
        assert!(!asked.is_empty(), "{alert} asks for nothing");
        for name in asked.iter().filter(|name| *name != "up") {
            assert!(
                page.contains(&format!("`{name}`")),
                "{alert} asks for {name}, which docs/METRICS.md does not know"
            );
        }
    }
    let one = r#"sum by (face) (rate(a_total{b=~"c|d"}[5m])) * 60 > 3e2 and time() - e offset 7d < 1 or up == 0"#;
    assert_eq!(metrics(one), ["a_total", "e", "up"].map(str::to_owned).into(), "how it is read");
}

/// ALR-4: an alert says what, what for, how much and what to do; a person reads it in their language.
#[test]
fn every_alert_says_what_it_is_about_and_what_to_do() {
    for (alert, rule) in alerts() {
        let says = |key: &str| {
            let opening = format!("{key}: '");
            let found: Vec<&str> = rule.lines().filter_map(|line| line.trim().strip_prefix(&opening)).collect();
            assert_eq!(found.len(), 1, "{alert} says {key} once: {rule}");
            found[0].trim_end_matches('\'').to_owned()
        };
        for key in ["summary", "summary_en", "impact", "impact_en", "value", "threshold"] {
            assert!(!says(key).is_empty(), "{alert}: {key}");
        }
        let guide = include_str!("../../../../../docs/guides/monitoring.md");
        let runbook = says("runbook");
        assert!(
            guide.contains(&format!("| {alert} | {runbook} |")),
            "{alert}: the guide tells what to do by {runbook}"
        );
        let severity = ["critical", "high", "medium", "low"].map(|of| format!("labels: {{severity: {of}, category: "));
        assert!(severity.iter().any(|labels| rule.contains(labels)), "{alert}: {rule}");
    }
}

/// ALR-2.
#[test]
fn every_alert_has_a_case_that_fires_and_one_that_does_not() {
    let tests = files("prometheus/tests").into_values().collect::<String>();
    for (alert, _) in alerts() {
        let named = format!("alertname: {alert}\n");
        let cases = tests.split("- eval_time: ").skip(1).filter(|case| case.contains(&named));
        let (firing, silent): (Vec<&str>, Vec<&str>) = cases.partition(|case| case.contains("exp_labels"));
        assert!(!firing.is_empty() && !silent.is_empty(), "{alert}: {firing:?} {silent:?}");
    }
}

/// OBS-2, ALM-1, ALM-2: their own programs read the shipped files, and an alert reaches whom it is for.
#[test]
fn their_own_programs_take_the_shipped_files() {
    if !are_here(&["promtool", "amtool"]) {
        return;
    }
    let deployment = Deployment::with_certificates(&[]);
    let nowhere: SocketAddr = ([127, 0, 0, 1], 1).into();
    deployment.place([nowhere; 3]);
    let ask = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(deployment.folder()).output().unwrap();
        assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let config = ask("promtool", &["check", "config", "--lint-fatal", "prometheus/prometheus.yml"]);
    for (name, text) in rule_files() {
        assert!(config.contains(&format!("Checking {name}")), "prometheus.yml lists {name}: {config}");
        let checked = ask("promtool", &["check", "rules", "--lint-fatal", &name]);
        let found = format!("SUCCESS: {} rules found", text.matches("- alert:").count());
        assert!(checked.contains(&found), "{found}: {checked}");
    }
    ask("promtool", &["check", "web-config", "prometheus/web.yml", "alertmanager/web.yml"]);
    let tests = files("prometheus/tests").into_keys().collect::<Vec<_>>();
    let tests: Vec<&str> = ["test", "rules"].into_iter().chain(tests.iter().map(String::as_str)).collect();
    assert!(!ask("promtool", &tests).contains("FAILED"));
    let config = ask("amtool", &["check-config", "alertmanager/alertmanager.yml"]);
    assert!(config.contains("SUCCESS") && config.contains("1 templates"), "{config}");
    let routes =
        [("critical", "critical"), ("high", "high"), ("medium", "medium"), ("low", "info"), ("unheard-of", "alerts")];
    for (severity, receiver) in routes {
        let severity = format!("severity={severity}");
        let route = ["config", "routes", "test", "--config.file=alertmanager/alertmanager.yml", &severity];
        assert_eq!(ask("amtool", &route).trim(), format!("gondola-{receiver}"), "{severity}");
    }
}
