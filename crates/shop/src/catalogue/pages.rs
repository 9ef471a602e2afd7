//! The catalogue's pages: the list of products, one product's card with its stock and kardex, the
//! forms that make and change one, and the page that picks one for something else. They show what the
//! stock feature knows beside what the catalogue knows; both are refused in the words of the API.

mod card;
mod draft;
mod fields;
mod form;
mod list;
mod pick;
mod picked;

pub use draft::{GoodsDraft, GoodsFields, GoodsLine, GoodsStep, goods_lines};
pub use picked::{Picked, picks};

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::Permission;

use crate::kernel::{Access, Endpoint, LimitGroup, Problem, Reader};
use crate::stock::Choice;

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    let general = LimitGroup::General;
    let read = Access::Needs(Permission::ReadStock);
    let edit = Access::Needs(Permission::EditCatalogue);
    vec![
        Endpoint::page(Method::GET, "/products", get(list::list), read, general),
        Endpoint::page(Method::POST, "/products", post(form::create), edit, general),
        Endpoint::page(Method::GET, "/products/new", get(form::new), edit, general),
        Endpoint::page(Method::GET, "/products/pick", get(pick::pick), read, general),
        Endpoint::page(Method::GET, "/products/{sku}", get(card::show), read, general),
        Endpoint::page(Method::GET, "/products/{sku}/edit", get(form::edit), edit, general),
        Endpoint::page(Method::POST, "/products/{sku}/edit", post(form::change), edit, general),
    ]
}

/// The categories that take products, by code and name.
///
/// # Errors
/// 503 or 500.
pub async fn category_choices(reader: &mut Reader) -> Result<Vec<Choice>, Problem> {
    let categories = super::categories(&mut reader.tx()).await?;
    let active = categories.into_iter().filter(|category| category.active);
    Ok(active.map(|category| (category.code, category.name)).collect())
}

#[cfg(test)]
mod samples {
    use askama::Template;
    use gondola_store::Role;

    use super::card::ProductPage;
    use super::fields;
    use super::form::ProductFormPage;
    use super::list::{LevelChip, ProductsPage};
    use super::pick::PickPage;
    use crate::kernel::html::assert_sound;
    use crate::kernel::{Asked, Chrome, Form, Lang, Link, Pages, Problem};
    use crate::stock::{Choice, DayRows, LotRow, MovementRow, ProductRow};

    fn choices() -> Vec<Choice> {
        vec![("local".to_owned(), "Local".to_owned()), ("deposito".to_owned(), "Depósito".to_owned())]
    }

    fn look(name: &str, page: &impl Template) {
        assert_sound(name, &page.render().expect("the page renders"));
    }

    #[test]
    fn the_list_and_the_choice_of_products_are_sound() {
        for (lang, full) in [(Lang::Es, true), (Lang::En, true), (Lang::Es, false)] {
            let (chrome, asked) = (Chrome::sample(lang, Some(Role::Admin), "/products"), Asked::default());
            let chip =
                |current| LevelChip { href: "/products".into(), name: "Bajo".into(), count: "3".into(), current };
            let page = ProductsPage {
                chrome: &chrome,
                asked: &asked,
                levels: vec![chip(true), chip(false)],
                categories: choices(),
                places: choices(),
                columns: choices(),
                products: if full { vec![ProductRow::sample()] } else { Vec::new() },
                pages: Pages { before: Some("/products".into()), after: None, number: None },
                file: Link::to("/api/v1/inventory").with("q", "a&b"),
                total: if full { "1" } else { "0" }.to_owned(),
                more: full,
                may_edit: true,
                make: None,
            };
            look("products", &page);
            let found = if full { vec![("/stock".to_owned(), ProductRow::sample())] } else { Vec::new() };
            look("pick", &PickPage { chrome: &chrome, asked: &asked, found, searched: true });
        }
    }

    #[test]
    fn the_card_is_sound() {
        for (lang, full) in [(Lang::Es, true), (Lang::En, false)] {
            let (chrome, asked) = (Chrome::sample(lang, Some(Role::Admin), "/products/X"), Asked::default());
            let text = || "algo".to_owned();
            let page = ProductPage {
                chrome: &chrome,
                asked: &asked,
                stock: ProductRow::sample(),
                category: text(),
                facts: vec![("product.brand", text())],
                codes: vec![(text(), text())],
                packs: vec![(text(), text(), text())],
                aliases: vec![text()],
                notes: text(),
                lots: vec![LotRow::sample()],
                kinds: choices(),
                places: choices(),
                days: if full {
                    vec![DayRows { label: text(), rows: vec![MovementRow::sample(None, None)] }]
                } else {
                    Vec::new()
                },
                pages: Pages::default(),
                file: Link::to("/api/v1/movements"),
                filtered: full,
                may_edit: true,
                may_move: true,
                may_reserve: full,
                may_count: full,
            };
            look("product", &page);
        }
    }

    #[test]
    fn the_form_is_sound_empty_and_refused() {
        let names =
            ["name", "category", "unit", "barcodes", "presentations[0].name", "shelf_target.local", "content.quantity"];
        let problem = |name: &&str| Problem::invalid_field(name, "bad", "Está mal.", "It is wrong.").fields;
        let typed = Form::new().with(&fields::pack_field(0, "name"), "<caja>").with("notes", "<b>");
        let refused =
            typed.refused(Problem::invalid(names.iter().flat_map(problem).collect())).expect("a refused form");
        for (lang, form, is_new) in [(Lang::Es, Form::new(), true), (Lang::En, refused, false)] {
            let chrome = Chrome::sample(lang, Some(Role::Admin), "/products/new");
            let page = ProductFormPage {
                chrome: &chrome,
                packs: fields::packs(&form),
                form: &form,
                action: "/products".to_owned(),
                back: "/products".to_owned(),
                is_new,
                unit_is_fixed: !is_new,
                categories: choices(),
                units: choices(),
                vat_rates: &[("21.00", "21 %")],
                places: choices(),
                sees_cost: true,
                may_price: true,
            };
            look("product form", &page);
        }
    }
}
