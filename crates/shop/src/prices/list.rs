//! The lists of prices: as they are or were, how they changed, and what the shop is to the tax office.

use axum::response::Response;
use gondola_store::{At, Permission};
use serde::Deserialize;
use utoipa::IntoParams;

use super::placing::{LIST_GENERAL, LISTS};
use super::priced::{PricedKey, Today};
use super::queries::{self, Only, Wanted, filter_of, product_id};
use super::rule::rule_at;
use super::scalars::{LightCode, PriceListCode};
use super::tax::{DatedStatus, status_on};
use super::views::{ChangeView, LIGHTS, PriceView, TaxStatusView};
use crate::kernel::fields::{Read, read};
use crate::kernel::scalars::{FilterText, Moment, ProductName};
use crate::kernel::time::{Day, local_day, moment};
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader, Text};
use crate::stock::ProductRef;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<Prices>(utoipa_axum::routes!(list_prices)),
        Endpoint::list::<PriceHistory>(utoipa_axum::routes!(list_price_changes)),
        Endpoint::list::<TaxStatuses>(utoipa_axum::routes!(list_tax_statuses)),
    ]
}

/// The price list of that code.
pub(super) fn parse_list(code: &str) -> Read<&'static str> {
    let known = LISTS.into_iter().find(|known| *known == code);
    let told = || Text::new("Es GENERAL, MAYORISTA o ESPECIAL.", "It is GENERAL, MAYORISTA or ESPECIAL.");
    known.ok_or_else(|| ("unknown_list", told()))
}

fn parse_only(light: Option<&str>, proposed: bool, notable: bool) -> Read<Only> {
    let Some(code) = light else {
        return Ok(match (notable, proposed) {
            (true, _) => Only::Notable,
            (false, true) => Only::Proposed,
            (false, false) => Only::All,
        });
    };
    let known = LIGHTS.into_iter().find(|(known, _)| *known == code);
    let codes = LIGHTS.map(|(code, _)| code).join(", ");
    known.map(|(_, light)| Only::Lit(light)).ok_or_else(|| {
        ("unknown_light", Text::new(format!("Es uno de estos: {codes}."), format!("It is one of these: {codes}.")))
    })
}

/// Which prices.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Prices {
    /// Of this list; GENERAL unless said.
    #[param(value_type = Option<PriceListCode>, nullable = false)]
    pub list: Option<String>,
    /// Of this category or one below it.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub category: Option<String>,
    /// Of this brand.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub brand: Option<String>,
    /// Of what this supplier brings.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
    /// With this light on.
    #[param(value_type = Option<LightCode>, nullable = false)]
    pub light: Option<String>,
    /// Those whose cost moved so much that another price is proposed.
    #[param(value_type = Option<bool>, nullable = false)]
    pub proposed: Option<bool>,
    /// Those whose cost moved by 10 % or more, or by what their category is told of at once, if that is less.
    #[param(value_type = Option<bool>, nullable = false)]
    pub notable: Option<bool>,
    /// As they were then: every product, whatever else narrows them.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub at: Option<String>,
}

/// Prices that somebody asked for.
pub struct PricesAsked {
    wanted: Wanted,
    at: Option<At>,
}

impl List for Prices {
    type Item = PriceView;
    type Key = PricedKey;
    type Filter = PricesAsked;

    const NAME: &'static str = "prices";
    const TITLE: [&'static str; 2] = ["Precios", "Prices"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<PricesAsked>, Problem> {
        let mut errors = Errors::new();
        let list = read(&mut errors, "list", self.list, parse_list);
        let only = errors
            .take("light", parse_only(self.light.as_deref(), self.proposed == Some(true), self.notable == Some(true)));
        let at = self.at.and_then(|text| moment(&app.zone, &mut errors, "at", &text, 1));
        errors.finish()?;
        let now = reader.now();
        let day = local_day(at.unwrap_or(now), &app.zone);
        let [category, brand, supplier] = [&self.category, &self.brand, &self.supplier].map(Option::as_deref);
        let mut tx = reader.tx();
        let Some(filter) = filter_of(&mut tx, category, brand, supplier).await? else { return Ok(None) };
        let status = status_on(&mut tx, day).await?;
        let (list, only) = (list.unwrap_or(LIST_GENERAL), only.unwrap_or(Only::All));
        let rule = rule_at(&mut tx, list, at.unwrap_or(now), day).await?;
        let today = Today { status, now, stale_after: app.stale_after };
        Ok(Some(PricesAsked { wanted: Wanted { list, rule, filter, only, today }, at }))
    }

    async fn page(
        asked: &PricesAsked,
        reader: &mut Reader,
        after: Option<PricedKey>,
        limit: i64,
    ) -> Result<Page<PriceView>, Problem> {
        let Wanted { list, rule, today, .. } = asked.wanted;
        let mut tx = reader.tx();
        if let Some(at) = asked.at {
            let rows = queries::prices_at(&mut tx, (list, at), (rule, today.status), after.as_ref(), limit).await?;
            let key = |price: &queries::PastPrice| (price.name_folded.clone(), price.id);
            return Ok(Page::cut(rows, limit, key, |price| PriceView::past(price, list, today.status)));
        }
        let rows = queries::prices(&mut tx, &asked.wanted, after, limit).await?;
        let key = |product: &super::priced::Priced| (product.name_folded.clone(), product.id);
        Ok(Page::cut(rows, limit, key, |product| PriceView::of(&product, list, &today)))
    }

    fn columns(_: Option<&PricesAsked>) -> Columns<PriceView> {
        let lights = |price: &PriceView| price.lights.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        Columns::<PriceView>::new()
            .text("SKU", "SKU", |price| price.sku.clone())
            .text("Nombre", "Name", |price| price.name.clone())
            .text("Lista", "List", |price| price.list.clone())
            .money("Precio", "Price", |price| price.price.clone())
            .word("price.basis_", "Por qué", "Why", |price| price.basis)
            .cost("Costo de reposición", "Replacement cost", |price| price.cost.clone())
            .money("Recargo %", "Markup %", |price| price.markup.clone())
            .money("Margen %", "Margin %", |price| price.margin.clone())
            .instant("Desde", "Since", |price| price.changed_at.clone())
            .word("price.light_", "Semáforo", "Lights", lights)
            .money("Cambio del costo %", "Cost change %", |price| price.cost_change.as_ref()?.percent.clone())
            .word("price.severity_", "Gravedad", "Severity", |price| price.cost_change.as_ref()?.severity)
            .money("Recargo puesto %", "Usual markup %", |price| Some(price.usual.as_ref()?.markup.clone()))
            .money("Precio que sale", "Price it makes", |price| price.usual.as_ref()?.price.clone())
            .text("Id", "Id", |price| price.product)
    }
}

/// Prices by name, with cost, both percentages and lights; or as they were at an instant.
#[utoipa::path(get, path = "/api/v1/prices", tag = "prices", params(Prices),
    responses((status = 200, description = "A page of them", body = Page<PriceView>)))]
async fn list_prices(asked: Listing<Prices>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Which changes of prices.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PriceHistory {
    /// Of this product.
    #[param(value_type = Option<ProductName>, nullable = false)]
    pub product: Option<String>,
    /// On this list.
    #[param(value_type = Option<PriceListCode>, nullable = false)]
    pub list: Option<String>,
}

/// Changes that somebody asked for.
pub struct HistoryAsked {
    product: Option<uuid::Uuid>,
    list: Option<&'static str>,
}

impl List for PriceHistory {
    type Item = ChangeView;
    type Key = i64;
    type Filter = HistoryAsked;

    const NAME: &'static str = "price-history";
    const TITLE: [&'static str; 2] = ["Historia de precios", "Price history"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, reader: &mut Reader) -> Result<Option<HistoryAsked>, Problem> {
        let mut errors = Errors::new();
        let list = read(&mut errors, "list", self.list, parse_list);
        let product = read(&mut errors, "product", self.product, parse_product);
        errors.finish()?;
        let Some(product) = product else { return Ok(Some(HistoryAsked { product: None, list })) };
        let id = product_id(&mut reader.tx(), &product).await?;
        Ok(id.map(|id| HistoryAsked { product: Some(id), list }))
    }

    async fn page(
        asked: &HistoryAsked,
        reader: &mut Reader,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Page<ChangeView>, Problem> {
        let rows = queries::changes(&mut reader.tx(), asked.product, asked.list, before, limit).await?;
        Ok(Page::cut(rows, limit, |change| change.number, ChangeView::from))
    }

    fn columns(_: Option<&HistoryAsked>) -> Columns<ChangeView> {
        Columns::<ChangeView>::new()
            .instant("Cuándo", "When", |change| change.changed_at.clone())
            .text("SKU", "SKU", |change| change.sku.clone())
            .text("Nombre", "Name", |change| change.name.clone())
            .text("Lista", "List", |change| change.list.clone())
            .money("Antes", "Before", |change| change.before.clone())
            .money("Precio", "Price", |change| change.price.clone())
            .cost("Costo de reposición", "Replacement cost", |change| change.cost.clone())
            .word("price.source_", "Origen", "Source", |change| change.source.clone())
            .text("Motivo", "Reason", |change| change.reason.clone())
            .text("Quién", "Who", |change| change.changed_by.clone())
    }
}

/// A product by its name.
pub(super) fn parse_product(text: &str) -> Read<ProductRef> {
    ProductRef::parse(text).ok_or_else(|| {
        let es = "Escribí sku: y el SKU, o el id.";
        ("bad_product", Text::new(es, "Write sku: and the SKU, or the id."))
    })
}

/// How prices changed, newest first.
#[utoipa::path(get, path = "/api/v1/prices/history", tag = "prices", params(PriceHistory),
    responses((status = 200, description = "A page of changes", body = Page<ChangeView>)))]
async fn list_price_changes(asked: Listing<PriceHistory>) -> Result<Response, Problem> {
    asked.answer().await
}

/// What the shop is takes no filter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxStatuses {}

impl List for TaxStatuses {
    type Item = TaxStatusView;
    type Key = Day;
    type Filter = ();

    const NAME: &'static str = "tax-statuses";
    const TITLE: [&'static str; 2] = ["Condición impositiva", "Tax status"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn page(
        _: &(),
        reader: &mut Reader,
        before: Option<Day>,
        limit: i64,
    ) -> Result<Page<TaxStatusView>, Problem> {
        let rows = queries::statuses(&mut reader.tx(), before, limit).await?;
        Ok(Page::cut(rows, limit, |status: &DatedStatus| status.valid_from, TaxStatusView::from))
    }

    fn columns(_: Option<&()>) -> Columns<TaxStatusView> {
        Columns::<TaxStatusView>::new()
            .day("Desde", "From", |status| status.valid_from.clone())
            .word("price.status_", "Condición", "Status", |status| status.status.clone())
            .text("Quién lo dijo", "Set by", |status| status.set_by.clone())
            .instant("Cuándo", "When", |status| status.set_at.clone())
            .flag("Pasa los costos", "Costs follow", |status| status.costs_follow)
            .instant("Costos pasados", "Costs followed", |status| status.costs_followed_at.clone())
    }
}

/// What the shop is to the tax office, from which day on, newest first.
#[utoipa::path(get, path = "/api/v1/tax-statuses", tag = "prices",
    responses((status = 200, description = "A page of it", body = Page<TaxStatusView>)))]
async fn list_tax_statuses(asked: Listing<TaxStatuses>) -> Result<Response, Problem> {
    asked.answer().await
}
