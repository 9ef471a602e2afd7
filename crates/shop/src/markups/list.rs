//! The markups that are set, as a list and as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;

use super::queries::{self, MarkupKey};
use super::views::MarkupView;
use crate::kernel::{App, Columns, Endpoint, List, Listing, Page, Problem, Reader};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::list::<Markups>(utoipa_axum::routes!(list_markups))]
}

/// All of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Markups {}

impl List for Markups {
    type Item = MarkupView;
    type Key = MarkupKey;
    type Filter = ();

    const NAME: &'static str = "markups";
    const TITLE: [&'static str; 2] = ["Recargos", "Markups"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn page(
        (): &(),
        reader: &mut Reader,
        after: Option<MarkupKey>,
        limit: i64,
    ) -> Result<Page<MarkupView>, Problem> {
        let rows = queries::markups(&mut reader.tx(), after, limit).await?;
        let page = Page::cut(rows, limit, |set| (set.place, set.key.clone(), set.id), MarkupView::of);
        Ok(Page { items: page.items.into_iter().collect::<Result<_, _>>()?, next: page.next })
    }

    fn columns(_: Option<&()>) -> Columns<MarkupView> {
        Columns::<MarkupView>::new()
            .text("Rubro", "Category", |set| set.category.clone())
            .text("Marca", "Brand", |set| set.brand.clone())
            .text("Producto", "Product", |set| set.product.clone())
            .text("Nombre", "Name", |set| set.name.clone())
            .money("Recargo %", "Markup %", |set| set.markup.clone())
            .money("Margen %", "Margin %", |set| set.margin.clone())
            .text("Usuario", "User", |set| set.set_by.clone())
            .instant("Desde", "Since", |set| set.set_at.clone())
            .text("Id", "Id", |set| set.id)
    }
}

/// The markups that are set: categories' first, then brands', then products'. The most specific one holds; of a product with
/// none it is the middle of its category's margins.
#[utoipa::path(get, path = "/api/v1/markups", tag = "prices",
    responses((status = 200, description = "A page of markups", body = Page<MarkupView>)))]
async fn list_markups(asked: Listing<Markups>) -> Result<Response, Problem> {
    asked.answer().await
}
