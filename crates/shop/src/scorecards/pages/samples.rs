//! The feature's pages with something on them and with nothing, rendered in both languages.

use askama::Template;
use gondola_pricing::Rate;
use gondola_pricing::scorecard::{Receipts, Tally};
use gondola_store::Role;

use super::super::card::Card;
use super::all::{CardLine, ScorecardsPage};
use super::one::ScorecardPage;
use crate::kernel::ask::Link;
use crate::kernel::{Chrome, Form, Lang, Problem};
use crate::suppliers::ScoreProfile;

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn card(good: u64) -> Card {
    let tally = Tally { good, all: 20 };
    let receipts = if good == 0 {
        Receipts::default()
    } else {
        let nothing = Tally::default();
        Receipts { otif: tally, defects: tally, cost: tally, lead_time: tally, compliance: tally, response: nothing }
    };
    Card {
        code: "Q".to_owned(),
        name: HOSTILE.to_owned(),
        profile: if good == 5 { ScoreProfile::Fresh } else { ScoreProfile::Generic },
        receipts,
        deliveries: good,
        lead_days: good * 3,
        very_late: good / 10,
        drift: (good > 0).then(|| Rate::basis_points(-150)),
    }
}

fn all(lang: Lang) -> Vec<(String, String)> {
    let form = || {
        let problem = Problem::invalid_field("to", "out_of_range", "Está mal.", "It is wrong.");
        Form::new().with("from", HOSTILE).refused(problem).expect("422 is about the form")
    };
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/suppliers").titled("scorecard.title");
    let mut pages = Vec::new();
    for (name, goods) in [("none", vec![]), ("some", vec![20, 15, 5])] {
        let page = ScorecardsPage {
            chrome: chrome.clone(),
            form: form(),
            rows: goods.into_iter().map(|good| CardLine::of(&card(good))).collect(),
            days: Link::to("").with("from", "2026-11-01"),
            list: Link::to("/api/v1/supplier-scorecards"),
        };
        pages.push((format!("all {name}"), page.render().expect("it renders")));
    }
    for good in [0, 5, 20] {
        let page = ScorecardPage::of(chrome.clone(), form(), &card(good));
        pages.push((format!("one {good}"), page.render().expect("it renders")));
    }
    pages
}

#[test]
fn pages_escape_what_people_wrote_and_know_all_their_words() {
    for (name, html) in all(Lang::Es).into_iter().chain(all(Lang::En)) {
        assert!(!html.contains("<script>alert"), "{name}: {html}");
        assert!(!html.contains("scorecard."), "{name}: {html}");
        crate::kernel::html::assert_sound(&name, &html);
    }
}

#[test]
fn points_and_counts_are_written_as_people_here_read_them() {
    let html = all(Lang::Es).into_iter().map(|(_, html)| html).collect::<String>();
    for shown in [
        "75",
        "con el 90 % medido",
        "5 / 20",
        "−1,50 puntos",
        "3,0 días · regular",
        "a revisar",
        "se espera 95 % completo y a tiempo · en 1 días · cubriendo 1–2 días de venta",
    ] {
        assert!(html.contains(shown), "{shown} is not shown");
    }
}
