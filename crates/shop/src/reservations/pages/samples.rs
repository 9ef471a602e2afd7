//! Every page of the feature rendered in each language and looked over, by made-up rows.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::list::ReservationsPage;
use super::new::NewReservationPage;
use super::rows::ReservationRow;
use super::show::ReservationPage;
use crate::kernel::html::assert_sound;
use crate::kernel::{Chrome, Form, Lang, Pages, Problem};
use crate::stock::{Choice, ProductRow, QuantityField};

fn look(name: &str, page: &impl Template) {
    assert_sound(name, &page.render().expect("the page renders"));
}

fn text() -> String {
    "<algo>".to_owned()
}

fn choices() -> Vec<Choice> {
    ["kg", "g"].map(|code| (code.to_owned(), code.to_owned())).into()
}

fn row(holds: bool, may_sell: bool) -> ReservationRow {
    let ended = || (!holds).then(text);
    ReservationRow {
        href: format!("/reservations/{}", Uuid::nil()),
        product_href: crate::stock::product_href("A & B"),
        sku: "A & B".to_owned(),
        name: text(),
        amount: text(),
        unit: "kg",
        place: text(),
        reason: text(),
        document: ended(),
        state: text(),
        kind: "warn",
        until: text(),
        left: holds.then(text),
        made_by: text(),
        made_at: text(),
        closing_reason: ended(),
        movement: (!holds).then(Uuid::nil),
        may_sell: holds && may_sell,
        may_issue: holds,
        may_void: holds,
    }
}

/// A form with something wrong in each of these fields.
fn refused(fields: &[&str]) -> Form {
    let problem = |field: &&str| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.").fields;
    let form = Form::new().with("quantity", "<dos>").with("until", "7");
    form.refused(Problem::invalid(fields.iter().flat_map(problem).collect())).expect("a refused form")
}

#[test]
fn the_pages_of_reservations_are_sound() {
    for lang in [Lang::Es, Lang::En] {
        let chrome = Chrome::sample(lang, Some(Role::Admin), "/reservations");
        for (full, may_sell) in [(true, true), (true, false), (false, false)] {
            let page = ReservationsPage {
                chrome: &chrome,
                chips: vec![("/reservations".to_owned(), text(), full)],
                rows: if full { vec![row(true, may_sell), row(false, false)] } else { Vec::new() },
                pages: Pages { before: full.then(|| "/reservations".to_owned()), after: None, number: Some(2) },
                may_reserve: full,
            };
            look("reservations", &page);
            let form = if full { refused(&["reason", ""]) } else { Form::new() };
            look("reservation", &ReservationPage { chrome: &chrome, form, row: row(full, may_sell) });
        }
    }
}

#[test]
fn the_form_is_sound_empty_and_refused() {
    let wrong = ["quantity", "unit", "location", "expires_at", "reason", "document"];
    for (lang, form) in [(Lang::Es, Form::new()), (Lang::En, refused(&wrong))] {
        let chrome = Chrome::sample(lang, Some(Role::Cashier), "/reservations/new");
        let page = NewReservationPage {
            chrome: &chrome,
            quantity: QuantityField::of(&form, lang, "quantity", "unit", choices()),
            form,
            product: ProductRow::sample(),
            places: choices(),
            other: "/products/pick?next=/reservations/new".to_owned(),
        };
        look("reserve", &page);
    }
}
