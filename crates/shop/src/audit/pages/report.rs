//! The figures of a period as a page that prints.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_store::Permission;

use super::super::api::report::{ReportParams, report_for};
use super::super::report::{Period, Report};
use super::{what, who};
use crate::kernel::numbers::show_count;
use crate::kernel::page::show;
use crate::kernel::time::parse_instant;
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Link, Problem, Reader};

#[derive(Template)]
#[template(path = "audit_report.html")]
struct ReportPage<'a> {
    chrome: &'a Chrome,
    chips: Chips,
    report: Report,
}

impl ReportPage<'_> {
    fn count(&self, count: &i64) -> String {
        show_count(*count)
    }

    fn what(&self, event: &str) -> String {
        what(self.chrome, event)
    }

    fn who(&self, actor: &str, name: &str) -> String {
        who(self.chrome, actor, name)
    }

    fn word(&self, before: &str, code: &str) -> String {
        self.chrome.t(&format!("{before}{code}")).to_owned()
    }

    fn instant(&self, text: &str) -> String {
        parse_instant(text).map(|at| self.chrome.instant(&at)).unwrap_or_default()
    }
}

/// `GET /audit/report`.
pub async fn show_report(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("report.title");
    let period = ReportParams { period: asked.given("period") }.period()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadAudit).await?;
    let report = report_for(&mut reader, period).await?;
    show(&chrome, &ReportPage { chips: chips(&chrome, period), report, chrome: &chrome })
}

fn chips(chrome: &Chrome, chosen: Period) -> Chips {
    let chip = |period: Period| {
        let name = chrome.t(&format!("report.period_{}", period.code())).to_owned();
        (Link::to("/audit/report").with("period", period.code()).href(), name, period == chosen)
    };
    Period::ALL.map(chip).into()
}

#[cfg(test)]
mod tests {
    use super::super::super::report::{
        ActorFigures, DetectionFigures, EventFigures, FailureFigures, FamilyFigures, Totals,
    };
    use super::*;
    use crate::kernel::Lang;
    use crate::kernel::html::assert_sound;
    use gondola_store::Role;

    fn sample() -> Report {
        let text = str::to_owned;
        Report {
            period: "24h",
            from: text("2026-11-22T13:00:00Z"),
            to: text("2026-11-23T13:00:00Z"),
            totals: Totals { entries: 1_200, failures: 3, actors: 2, rows_read: 40 },
            families: vec![FamilyFigures { family: text("auth"), entries: 3, failures: 2 }],
            failures: vec![FailureFigures {
                event: text("http.refused"),
                status: 401,
                reason: text("<key>"),
                entries: 2,
                times: 9,
            }],
            actors: vec![ActorFigures { actor: text("user:1"), user: text("<Marta>"), entries: 5, failures: 1 }],
            events: vec![EventFigures { event: text("stock.post_movement"), entries: 5 }],
            detections: vec![DetectionFigures {
                detector: text("brute_force"),
                severity: text("high"),
                found: 2,
                unseen: 1,
            }],
        }
    }

    #[test]
    fn the_report_is_sound_full_and_empty() {
        for (lang, said) in [(Lang::Es, "Registró un movimiento"), (Lang::En, "Recorded a movement")] {
            let chrome = Chrome::sample(lang, Some(Role::Admin), "/audit").titled("report.title");
            let empty = Report {
                families: vec![],
                failures: vec![],
                actors: vec![],
                events: vec![],
                detections: vec![],
                ..sample()
            };
            for report in [sample(), empty] {
                let full = !report.events.is_empty();
                let page = ReportPage { chips: chips(&chrome, Period::Day), report, chrome: &chrome };
                let html = page.render().unwrap();
                assert_sound("audit report", &html);
                assert!(html.contains("1.200") && (!full || html.contains(said)), "{html}");
            }
        }
    }
}
