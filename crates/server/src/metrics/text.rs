//! The exposition in Prometheus's text format. The client library writes OpenMetrics, whose counters
//! are described without the `_total` that their samples carry; Prometheus's own check wants the two
//! to agree (MET-3).

use prometheus_client::registry::Registry;

/// Prometheus text format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Writes everything in `registry`.
pub fn write(registry: &Registry) -> String {
    let mut open_metrics = String::new();
    prometheus_client::encoding::text::encode(&mut open_metrics, registry).expect("writing to a string does not fail");
    from_open_metrics(&open_metrics)
}

fn from_open_metrics(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let described = line.strip_prefix("# HELP ").and_then(|rest| rest.split_once(' '));
        if let Some((name, help)) = described {
            let counter = lines.peek().is_some_and(|next| *next == format!("# TYPE {name} counter"));
            let suffix = if counter { "_total" } else { "" };
            out.push_str(&format!("# HELP {name}{suffix} {}\n", help.trim_end_matches('.')));
        } else if let Some(name) = line.strip_prefix("# TYPE ").and_then(|rest| rest.strip_suffix(" counter")) {
            out.push_str(&format!("# TYPE {name}_total counter\n"));
        } else if !line.starts_with("# EOF") && !line.starts_with("# UNIT") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::from_open_metrics;

    #[test]
    fn a_counter_is_described_under_the_name_of_its_samples() {
        let open =
            "# HELP a Things.\n# TYPE a counter\na_total{b=\"c\"} 1\n# HELP d Level.\n# TYPE d gauge\nd 2\n# EOF\n";
        let classic =
            "# HELP a_total Things\n# TYPE a_total counter\na_total{b=\"c\"} 1\n# HELP d Level\n# TYPE d gauge\nd 2\n";
        assert_eq!(from_open_metrics(open), classic);
    }
}
