//! Every page of the feature rendered once in each language and looked over, by made-up rows.

use gondola_ledger::MovementKind;
use gondola_store::Role;
use uuid::Uuid;

use super::confirm::{ConfirmPage, Effect, EffectRow};
use super::journal::{MovementPage, MovementsPage, kinds, reverse_reasons};
use super::lots::LotsPage;
use super::record::{RecordPage, WhatLink, WhatPage};
use super::rows::{ChangeRow, DayRows, LotRow, MovementRow, PlaceRow, ProductRow};
use super::shelves::StockPage;
use super::typed::QuantityField;
use super::what::What;
use crate::kernel::html::assert_sound;
use crate::kernel::{Asked, Chrome, Form, Lang, Link, Pages, Problem};
use askama::Template;

fn chrome(lang: Lang, path: &str) -> Chrome {
    let mut chrome = Chrome::sample(lang, Some(Role::Admin), path);
    if let Some(flash) = &mut chrome.flash {
        flash.undo = Some(format!("/stock/movements/{}/reverse", Uuid::nil()));
    }
    chrome
}

fn look(name: &str, page: &impl Template) {
    assert_sound(name, &page.render().expect("the page renders"));
}

fn place(code: &str) -> PlaceRow {
    PlaceRow {
        code: code.to_owned(),
        name: code.to_owned(),
        on_hand: "−3".to_owned(),
        below_zero: true,
        reserved: "1".to_owned(),
        available: "0".to_owned(),
    }
}

fn product() -> ProductRow {
    ProductRow {
        sku: "CAFÉ & CO".to_owned(),
        href: super::product_href("CAFÉ & CO"),
        name: "Café <molido>".to_owned(),
        category: "GEN".to_owned(),
        unit: "kg",
        on_hand: "−3".to_owned(),
        below_zero: true,
        available: "0".to_owned(),
        promised: true,
        level: "negative".to_owned(),
        cover: Some("2,5 días".to_owned()),
        active: true,
        places: vec![place("deposito")],
    }
}

fn movement(reversed_by: Option<Uuid>, reverses: Option<Uuid>) -> MovementRow {
    MovementRow::sample(reversed_by, reverses)
}

fn pages() -> Pages {
    Pages { before: Some("/stock".to_owned()), after: Some("/stock?after=1".to_owned()), number: Some(2) }
}

fn file() -> Link {
    Link::to("/api/v1/movements").with("q", "a&b")
}

fn choices() -> Vec<(String, String)> {
    vec![("deposito".to_owned(), "Depósito".to_owned()), ("local".to_owned(), "Local".to_owned())]
}

fn chips() -> Vec<(String, String, bool)> {
    vec![("/stock".to_owned(), "Todos".to_owned(), true), ("/stock?location=x".to_owned(), "X".to_owned(), false)]
}

fn whats(chrome: &Chrome) -> Vec<WhatLink> {
    let link = |what: What| WhatLink {
        href: format!("/stock/movements/new?kind={}", what.code()),
        name: what.name(chrome),
        hint: what.hint(chrome),
        icon: what.icon(),
        current: what == What::Waste,
    };
    What::ALL.into_iter().map(link).collect()
}

/// A form with something wrong in each of these fields.
fn refused(fields: &[&str]) -> Form {
    let problem = |field: &&str| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.").fields;
    let form = Form::new().with("quantity", "<dos>").with("again", "yes").with("occurred_at", "ayer");
    form.refused(Problem::invalid(fields.iter().flat_map(problem).collect())).expect("a refused form")
}

#[test]
fn the_lists_of_stock_are_sound() {
    for lang in [Lang::Es, Lang::En] {
        let (chrome, asked) = (chrome(lang, "/stock"), Asked::default());
        for products in [vec![product()], Vec::new()] {
            let (chips, places, pages, value) = (chips(), choices(), pages(), Some("$ 1,00".to_owned()));
            look(
                "stock",
                &StockPage { chrome: &chrome, asked: &asked, chips, places, products, pages, file: file(), value },
            );
        }
        for lots in [vec![LotRow::sample()], Vec::new()] {
            let (places, horizons, pages, may_waste) = (chips(), chips(), pages(), true);
            let sku = "X".to_owned();
            look("lots", &LotsPage { chrome: &chrome, sku, places, horizons, lots, pages, file: file(), may_waste });
        }
    }
}

#[test]
fn the_journal_and_a_movement_are_sound() {
    for lang in [Lang::Es, Lang::En] {
        let (chrome, asked) = (chrome(lang, "/stock/movements"), Asked::default());
        let rows = vec![movement(None, None), movement(Some(Uuid::nil()), None), movement(None, Some(Uuid::nil()))];
        for days in [vec![DayRows { label: "Hoy".to_owned(), rows: rows.clone() }], Vec::new()] {
            for filtered in [true, false] {
                let (kinds, places, pages, days) = (kinds(&chrome), choices(), pages(), days.clone());
                let may_record = true;
                let page = MovementsPage {
                    chrome: &chrome,
                    asked: &asked,
                    kinds,
                    places,
                    days,
                    pages,
                    file: file(),
                    filtered,
                    may_record,
                };
                look("movements", &page);
            }
        }
        for row in rows {
            let (form, reasons) = (refused(&["reason", ""]), reverse_reasons(&chrome));
            look("movement", &MovementPage { chrome: &chrome, row, form, reasons, may_reverse: true });
        }
    }
}

#[test]
fn the_steps_of_recording_are_sound() {
    for lang in [Lang::Es, Lang::En] {
        let chrome = chrome(lang, "/stock/movements/new");
        look("what", &WhatPage { chrome: &chrome, whats: whats(&chrome), product: Some(product()) });
        for what in What::ALL {
            let mut fields = vec!["quantity", "unit", "occurred_at", "reason", "product", "kind", "document"];
            fields.extend(what.leaves().then_some(["from", "lot"]).into_iter().flatten());
            fields.extend(what.arrives().then_some("to"));
            fields.extend(what.enters().then_some(["lot.code", "lot.expires_on"]).into_iter().flatten());
            for form in [Form::new(), refused(&fields)] {
                let page = RecordPage {
                    chrome: &chrome,
                    form: &form,
                    what,
                    whats: whats(&chrome),
                    product: product(),
                    quantity: QuantityField::of(&form, lang, "quantity", "unit", choices()),
                    places: choices(),
                    all_places: choices(),
                    lots: if what.leaves() { choices() } else { Vec::new() },
                    reasons: what.reasons(&chrome),
                    sees_cost: true,
                    other: "/stock/movements/new".to_owned(),
                };
                look(what.code(), &page);
            }
        }
        let text = || "1 un".to_owned();
        let places = vec![EffectRow {
            place: text(),
            then_before: text(),
            then_after: text(),
            lowest: text(),
            now_before: text(),
            now_after: text(),
            below_zero: true,
        }];
        let effect = Effect { name: text(), at: text(), places };
        look("confirm", &ConfirmPage { chrome: &chrome, what: text(), effect, carried: vec![("kind", text())] });
    }
}

#[test]
fn every_kind_and_flag_has_a_name() {
    for lang in [Lang::Es, Lang::En] {
        let chrome = chrome(lang, "/");
        let kinds = MovementKind::ALL.into_iter().map(|kind| format!("kind.{}", kind.code()));
        let flags = gondola_ledger::Flag::ALL.into_iter().map(|flag| format!("flag.{}", flag.code()));
        for key in kinds.chain(flags) {
            assert_ne!(chrome.t(&key), key);
        }
    }
}

impl MovementRow {
    /// A movement nobody made.
    pub(crate) fn sample(reversed_by: Option<Uuid>, reverses: Option<Uuid>) -> Self {
        let text = |text: &str| text.to_owned();
        let change = ChangeRow { place: text("Depósito"), lot: text("L1"), change: text("−1"), sign: "out" };
        Self {
            id: Uuid::nil(),
            sku: text("X"),
            name: text("Café <molido>"),
            what: text("Merma"),
            sign: "out",
            icon: "minus",
            change: text("−1,250"),
            unit: "kg",
            by_pack: Some(text("2 horma <chica>")),
            after: Some(text("4,300 kg")),
            after_below_zero: false,
            path: text("Depósito → Merma"),
            reason: text("roto"),
            document: Some(text("R-1")),
            user: text("Nico"),
            time: text("08:20"),
            at: text("23/11/2026 08:20"),
            entered: Some(text("23/11/2026 09:20")),
            lots: vec![text("L1")],
            flags: vec![text("Quedó en negativo")],
            reversed_by,
            reverses,
            cost: Some(text("$ 1,00")),
            changes: vec![change],
            day: 0,
        }
    }
}

impl ProductRow {
    /// A product nobody has.
    pub(crate) fn sample() -> Self {
        product()
    }
}

impl LotRow {
    /// A lot nobody has.
    pub(crate) fn sample() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            sku: text("X"),
            href: super::product_href("X"),
            name: text("Yogur"),
            code: text("L1"),
            place_code: text("deposito"),
            place: text("Depósito"),
            amount: text("3"),
            unit: "un",
            expires: Some(text("31/12/2026")),
            left: text("Vence hoy"),
            kind: "bad",
            value: text("L1|2026-12-31"),
        }
    }
}
