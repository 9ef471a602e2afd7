//! Categories, locations and units over HTTP. The lists of the first two are in `reference_lists.rs`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gondola_ledger::{LocationKind, Unit};
use gondola_pricing::price::{STEP_BANDS_MAX, StepBand};
use gondola_store::{Done, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::categories::{CATEGORY_NAME_MAX, CategoryEdit, ChangeCategory, CreateCategory, parse_category_code};
use super::fields::{given, line, must, named, parse_percent, parse_price, parse_season, parse_step, parse_vat, read};
use super::locations::{CreateLocation, LOCATION_NAME_MAX, RenameLocation, parse_code};
use super::reference_lists;
use super::reference_views::{CategoryView, LocationView};
use super::scalars::{RoundingStep, SeasonFactor, ShortLine, VatRate};
use super::views::UnitCode;
use crate::kernel::answer::marked;
use crate::kernel::path::Segment;
use crate::kernel::scalars::{CategoryCode, LocationCode, Percent, Price, Version};
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, IfMatch, Lang, LimitGroup, OpClass, Page, Problem, RequestKey,
};
use crate::prices::StepBands;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let read = |routes| Endpoint::api(routes, READ, OpClass::Read, LimitGroup::General);
    let write = |routes| Endpoint::api(routes, EDIT, OpClass::Write, LimitGroup::General);
    vec![
        reference_lists::categories_endpoint(),
        write(routes!(create_category)),
        write(routes!(change_category)),
        reference_lists::locations_endpoint(),
        write(routes!(create_location)),
        write(routes!(change_location)),
        read(routes!(list_units)),
    ]
}

const READ: Access = Access::Needs(Permission::ReadCatalogue);
const EDIT: Access = Access::Needs(Permission::EditCatalogue);

/// A new category. What is not named it takes from the category above, or from `GEN`.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCategory)]
#[serde(deny_unknown_fields)]
struct NewCategoryBody {
    /// Its code: the beginning of its products' codes.
    #[schema(value_type = CategoryCode, required)]
    code: Option<String>,
    /// Its name.
    #[schema(value_type = ShortLine, required)]
    name: Option<String>,
    /// The code of the category above.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = CategoryCode)]
    parent: Option<String>,
    /// Least margin on price, in percent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    margin_min: Option<String>,
    /// Most margin on price, in percent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    margin_max: Option<String>,
    /// VAT of its new products.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = VatRate)]
    vat_rate: Option<String>,
    /// A cost that moves this much is told at once, in percent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    cost_alert: Option<String>,
    /// Prices are rounded to this.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = RoundingStep)]
    rounding_step: Option<String>,
    /// And to these steps below limits, the lowest limit first; an empty list for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<RoundingBandBody>, max_items = 10)]
    rounding_bands: Option<Vec<RoundingBandBody>>,
    /// Whether its new products go off.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    perishable: Option<bool>,
}

impl NewCategoryBody {
    fn parse(self) -> Result<CreateCategory, Problem> {
        let mut errors = Errors::new();
        let code = must(&mut errors, "code", self.code, parse_category_code);
        let name = errors.required("name", self.name);
        let edit = CategoryBody {
            name,
            parent: self.parent.map(Some),
            margin_min: self.margin_min,
            margin_max: self.margin_max,
            vat_rate: self.vat_rate,
            cost_alert: self.cost_alert,
            rounding_step: self.rounding_step,
            rounding_bands: self.rounding_bands,
            perishable: self.perishable,
            ..CategoryBody::default()
        };
        let edit = edit.parse(&mut errors);
        errors.finish()?;
        Ok(CreateCategory { code: code.expect("nothing was wrong with it"), edit })
    }
}

/// Add a category.
#[utoipa::path(post, path = "/api/v1/categories", tag = "catalogue", request_body = NewCategoryBody,
    responses((status = 201, description = "Created", body = CategoryView)))]
async fn create_category(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<NewCategoryBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /api/v1/categories");
    let done = app.db.execute(&actor, key, body.value.parse()?).await?;
    let version = done.out.version;
    Ok(marked((StatusCode::CREATED, Json(done.out)).into_response(), version, done.replayed))
}

/// A change to a category: what is not named stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = CategoryChange)]
#[serde(deny_unknown_fields)]
struct CategoryBody {
    /// Its name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ShortLine)]
    name: Option<String>,
    /// The code of the category above; null for none.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<CategoryCode>)]
    parent: Option<Option<String>>,
    /// Least margin on price, in percent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    margin_min: Option<String>,
    /// Most margin on price, in percent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    margin_max: Option<String>,
    /// VAT of its new products.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = VatRate)]
    vat_rate: Option<String>,
    /// A cost that moves this much is told at once, in percent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    cost_alert: Option<String>,
    /// Prices are rounded to this.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = RoundingStep)]
    rounding_step: Option<String>,
    /// And to these steps below limits, the lowest limit first; an empty list for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<RoundingBandBody>, max_items = 10)]
    rounding_bands: Option<Vec<RoundingBandBody>>,
    /// Whether its new products go off.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    perishable: Option<bool>,
    /// Whether it takes products.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    active: Option<bool>,
    /// What months make of the minimum stock; the months that are not named stay.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<SeasonBody>, max_items = 12)]
    seasons: Option<Vec<SeasonBody>>,
}

/// What a month makes of the minimum stock.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SeasonChange)]
#[serde(deny_unknown_fields)]
struct SeasonBody {
    /// 1 to 12.
    #[schema(value_type = i64, required, minimum = 1, maximum = 12)]
    month: Option<i64>,
    /// The factor; null goes back to the season's own.
    #[schema(value_type = Option<SeasonFactor>)]
    factor: Option<String>,
}

impl CategoryBody {
    fn parse(self, errors: &mut Errors) -> CategoryEdit {
        CategoryEdit {
            name: read(errors, "name", self.name, |text| line(text, 2, CATEGORY_NAME_MAX)),
            parent: self.parent.map(|parent| parent.map(|code| code.trim().to_ascii_uppercase())),
            margin_min_bp: read(errors, "margin_min", self.margin_min, parse_percent),
            margin_max_bp: read(errors, "margin_max", self.margin_max, parse_percent),
            vat_bp: read(errors, "vat_rate", self.vat_rate, parse_vat),
            cost_alert_bp: read(errors, "cost_alert", self.cost_alert, parse_percent),
            rounding_step: read(errors, "rounding_step", self.rounding_step, parse_step),
            rounding_bands: self.rounding_bands.and_then(|bands| parse_bands(bands, errors)),
            expires: self.perishable,
            active: self.active,
            seasons: parse_seasons(self.seasons.unwrap_or_default(), errors),
        }
    }
}

/// Another step for prices below a limit.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RoundingBandChange)]
#[serde(deny_unknown_fields)]
struct RoundingBandBody {
    /// The first price that is rounded otherwise.
    #[schema(value_type = Price, required)]
    below: Option<String>,
    /// What prices below it are rounded to.
    #[schema(value_type = RoundingStep, required)]
    step: Option<String>,
}

fn parse_bands(bodies: Vec<RoundingBandBody>, errors: &mut Errors) -> Option<StepBands> {
    let mut bands = Vec::new();
    for (index, body) in bodies.into_iter().enumerate() {
        let below = must(errors, &format!("rounding_bands[{index}].below"), body.below, parse_price);
        let step = must(errors, &format!("rounding_bands[{index}].step"), body.step, parse_step);
        bands.extend(below.zip(step).map(|(below, step)| StepBand { below, step }));
    }
    let known = StepBands::new(bands);
    if known.is_none() {
        let es = format!("Van hasta {STEP_BANDS_MAX}, cada límite más alto que el anterior.");
        let en = format!("There are up to {STEP_BANDS_MAX}, each limit above the one before.");
        errors.add("rounding_bands", "not_rising", es, en);
    }
    known
}

fn parse_seasons(bodies: Vec<SeasonBody>, errors: &mut Errors) -> Vec<(u8, Option<i64>)> {
    let mut seasons: Vec<(u8, Option<i64>)> = Vec::new();
    for (index, body) in bodies.into_iter().enumerate() {
        let (month_field, factor_field) = (format!("seasons[{index}].month"), format!("seasons[{index}].factor"));
        let month = errors.required(&month_field, body.month).map(u8::try_from);
        let factor = read(errors, &factor_field, body.factor, parse_season);
        match month {
            Some(Ok(month @ 1..=12)) if seasons.iter().all(|(other, _)| *other != month) => {
                seasons.push((month, factor));
            }
            Some(Ok(1..=12)) => errors.add(&month_field, "repeated", "Está repetido.", "It is repeated."),
            Some(_) => errors.add(&month_field, "out_of_range", "Va de 1 a 12.", "It goes from 1 to 12."),
            None => {}
        }
    }
    seasons
}

/// Change a category.
#[utoipa::path(patch, path = "/api/v1/categories/{code}", tag = "catalogue", request_body = CategoryBody,
    params(("code" = CategoryCode, Path, description = "The category's code"), ("If-Match" = Version, Header, description = "The version that was read")),
    responses((status = 200, description = "The category as it is now", body = CategoryView)))]
async fn change_category(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(code): Segment,
    IfMatch(version): IfMatch,
    body: Body<CategoryBody>,
) -> Result<Response, Problem> {
    let mut errors = Errors::new();
    let edit = body.value.parse(&mut errors);
    errors.finish()?;
    let code = code.to_ascii_uppercase();
    let Done { out, .. } = app.db.execute(&actor, None, ChangeCategory { code, version, edit }).await?;
    let version = out.version;
    Ok(marked(Json(out).into_response(), version, false))
}

/// A new place where goods lie.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewLocation)]
#[serde(deny_unknown_fields)]
struct LocationBody {
    /// The code that people and programs use.
    #[schema(value_type = LocationCode, required)]
    code: Option<String>,
    /// Its name.
    #[schema(value_type = ShortLine, required)]
    name: Option<String>,
    /// `stock` when it is not said; the other kinds of place exist once.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = NewLocationKind)]
    kind: Option<String>,
}

/// The kinds of place that a shop may have several of.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
enum NewLocationKind {
    /// Shelves, storerooms, freezers.
    Stock,
    /// Goods that may not be sold.
    Quarantine,
}

/// Add a place where goods lie: a freezer, a branch.
#[utoipa::path(post, path = "/api/v1/locations", tag = "catalogue", request_body = LocationBody,
    responses((status = 201, description = "Created", body = LocationView)))]
async fn create_location(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<LocationBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /api/v1/locations");
    let mut errors = Errors::new();
    let code = must(&mut errors, "code", body.value.code, parse_code);
    let name = must(&mut errors, "name", body.value.name, |text| line(text, 2, LOCATION_NAME_MAX));
    let kind = read(&mut errors, "kind", body.value.kind, parse_kind).unwrap_or(LocationKind::Stock);
    errors.finish()?;
    let read = "nothing was wrong with it";
    let command = CreateLocation { code: code.expect(read), name: name.expect(read), kind };
    let done = app.db.execute(&actor, key, command).await?;
    Ok(marked((StatusCode::CREATED, Json(done.out)).into_response(), 1, done.replayed))
}

/// A change to a place.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LocationChange)]
#[serde(deny_unknown_fields)]
struct LocationChangeBody {
    /// Its name on screens; its code stays.
    #[schema(value_type = ShortLine, required)]
    name: Option<String>,
}

/// Rename a place.
#[utoipa::path(patch, path = "/api/v1/locations/{code}", tag = "catalogue", request_body = LocationChangeBody,
    params(("code" = LocationCode, Path, description = "The place's code"), ("If-Match" = Version, Header, description = "The version that was read")),
    responses((status = 200, description = "The place as it is now", body = LocationView)))]
async fn change_location(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(code): Segment,
    IfMatch(version): IfMatch,
    body: Body<LocationChangeBody>,
) -> Result<Response, Problem> {
    let mut errors = Errors::new();
    let name = must(&mut errors, "name", body.value.name, |text| line(text, 2, LOCATION_NAME_MAX));
    errors.finish()?;
    let command = RenameLocation { code, version, name: name.expect("nothing was wrong with it") };
    let Done { out, .. } = app.db.execute(&actor, None, command).await?;
    let version = out.version;
    Ok(marked(Json(out).into_response(), version, false))
}

fn parse_kind(text: &str) -> super::fields::Read<LocationKind> {
    match LocationKind::from_code(text) {
        Some(kind @ (LocationKind::Stock | LocationKind::Quarantine)) => Ok(kind),
        _ => {
            let text = crate::kernel::Text::new("Se acepta: stock, quarantine.", "Accepted: stock, quarantine.");
            Err(("unknown_kind", text))
        }
    }
}

/// A unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unit)]
struct UnitView {
    /// Its code.
    #[schema(value_type = UnitCode)]
    code: &'static str,
    /// Its name, in the language of `Accept-Language`.
    #[schema(example = "unidad")]
    name: &'static str,
    /// Decimal places of its quantities.
    places: u32,
}

/// The units that stock is kept in.
#[utoipa::path(get, path = "/api/v1/units", tag = "catalogue",
    responses((status = 200, description = "All of them", body = Page<UnitView>)))]
async fn list_units(lang: Lang) -> Json<Page<UnitView>> {
    let view = |unit: Unit| UnitView { code: unit.code(), name: unit_name(unit, lang), places: unit.places() };
    Json(Page { items: Unit::ALL.into_iter().map(view).collect(), next: None })
}

fn unit_name(unit: Unit, lang: Lang) -> &'static str {
    match unit {
        Unit::Un => lang.pick("unidad", "unit"),
        Unit::Kg => lang.pick("kilo", "kilogram"),
        Unit::G => lang.pick("gramo", "gram"),
        Unit::L => lang.pick("litro", "litre"),
        Unit::Ml => lang.pick("mililitro", "millilitre"),
        Unit::M => lang.pick("metro", "metre"),
    }
}
