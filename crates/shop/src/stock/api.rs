//! The JSON calls of contract section 4 that move stock: bodies in, receipts out. Texts become
//! ledger values here, all field errors at once; nothing is decided here.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::{MovementKind, Qty, Unit, UnitCost};
use gondola_store::{Done, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::commands::{BATCH_LINES_MAX, BatchRefused, LineOutcome, LineRefusal, PostBatch, PostMovement};
use super::movement::{DOCUMENT_MAX, LOT_CODE_MAX, LotRef, Movement, ProductRef, REASON_MAX, REASON_MIN, UNIT_MAX};
use super::receipt::Receipt;
use super::scalars::{DocumentName, LotCode, MovedQuantity, Reason, UnitName};
use super::undo::ReverseMovement;
use crate::kernel::answer::replayable;
use crate::kernel::body::{BatchBody, given};
use crate::kernel::fields::parse_date;
use crate::kernel::lang::Text;
use crate::kernel::numbers::number_text;
use crate::kernel::problem::{FieldError, FieldProblem};
use crate::kernel::scalars::{Cost, Day, LocationCode, ProductName};
use crate::kernel::text::clean_line;
use crate::kernel::time::{AT_MIN, CLOCK_SKEW_MAX, parse_instant};
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, Form, Lang, LimitGroup, OpClass, Problem, RequestKey,
};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write = |routes, access| Endpoint::api(routes, access, OpClass::Write, LimitGroup::LedgerWrites);
    vec![
        write(utoipa_axum::routes!(post_movement), Access::NeedsOneOf(MOVES)),
        write(utoipa_axum::routes!(post_batch), Access::NeedsOneOf(MOVES)),
        write(utoipa_axum::routes!(reverse_movement), Access::Needs(Permission::Adjust)),
    ]
}

/// The rights that move stock in some way; the command asks for the one its kind needs.
pub const MOVES: &[Permission] = &[
    Permission::Receive,
    Permission::MoveStock,
    Permission::TakeOut,
    Permission::Sell,
    Permission::Waste,
    Permission::Adjust,
];

/// A movement to post.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(example = json!({
    "kind": "receipt", "product": "sku:QUE-CREMOSO", "quantity": "2.500", "to": "deposito", "unit_cost": "1234.5678",
    "lot": {"code": "L123", "expires_on": "2026-12-31"}, "reason": "Entrega de la semana", "document": "R 0001-00001234",
}))]
#[serde(deny_unknown_fields)]
pub struct MovementBody {
    /// What happens. Counts post their own kind.
    #[schema(value_type = MovementKindCode, required)]
    pub kind: Option<String>,
    /// `sku:SKU` or the product's id.
    #[schema(value_type = ProductName, required)]
    pub product: Option<String>,
    /// How much, more than zero, as a decimal string with at most 3 places.
    #[schema(value_type = MovedQuantity, required)]
    pub quantity: Option<String>,
    /// A unit or a presentation of the product; its own unit when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = UnitName)]
    pub unit: Option<String>,
    /// Code of the place it leaves: issue, waste, own_use, sale, supplier_return, transfer.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LocationCode)]
    pub from: Option<String>,
    /// Code of the place it reaches: receipt, opening, customer_return, transfer.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LocationCode)]
    pub to: Option<String>,
    /// The lot; first expiring when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LotBody)]
    pub lot: Option<LotBody>,
    /// What one `unit` cost, with at most 4 places; only for what comes in.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Cost)]
    pub unit_cost: Option<String>,
    /// Why, 3 to 200 characters.
    #[schema(value_type = Reason, required)]
    pub reason: Option<String>,
    /// Whose paper it goes with.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DocumentName)]
    pub document: Option<String>,
    /// When it happened; now when absent. Not in the future.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, format = DateTime, example = "2026-11-23T10:00:00-03:00")]
    pub occurred_at: Option<String>,
}

/// The kinds people post.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum MovementKindCode {
    /// From a supplier.
    Receipt,
    /// To somebody, with a destination.
    Issue,
    /// Spoiled, broken, stolen.
    Waste,
    /// Used by the shop.
    OwnUse,
    /// Sold.
    Sale,
    /// Brought back by a customer.
    CustomerReturn,
    /// Sent back to the supplier.
    SupplierReturn,
    /// Between two places.
    Transfer,
    /// Corrected with a reason.
    Adjustment,
    /// There when the books were opened.
    Opening,
}

/// A lot.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotBody {
    /// Its code.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LotCode)]
    pub code: Option<String>,
    /// Its last good day, of the years 2000 to 2099.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Day, example = "2026-12-31")]
    pub expires_on: Option<String>,
}

impl MovementBody {
    /// The movement, or every field's problem under `prefix`.
    ///
    /// # Errors
    /// One entry per bad field.
    pub fn parse(self, now: i64, prefix: &str) -> Result<Movement, Vec<FieldProblem>> {
        let mut errors = Errors::new();
        errors.within(prefix.to_owned());
        let kind = errors.required("kind", self.kind).and_then(|code| parse_kind(&mut errors, &code));
        let product = errors.required("product", self.product).and_then(|text| parse_product(&mut errors, &text));
        let quantity =
            errors.required("quantity", self.quantity).and_then(|text| parse_quantity(&mut errors, "quantity", &text));
        let reason = errors.required("reason", self.reason).and_then(|text| parse_reason(&mut errors, &text));
        let unit = self.unit.and_then(|text| line(&mut errors, "unit", &text, UNIT_MAX));
        let from = self.from.and_then(|text| line(&mut errors, "from", &text, 40));
        let to = self.to.and_then(|text| line(&mut errors, "to", &text, 40));
        let document = self.document.and_then(|text| line(&mut errors, "document", &text, DOCUMENT_MAX));
        let lot = self.lot.and_then(|lot| parse_lot(&mut errors, &lot));
        let unit_cost = self.unit_cost.and_then(|text| {
            errors.take("unit_cost", UnitCost::parse(&text).map_err(|error| (error.code(), number_text(error, None))))
        });
        let occurred_at = self.occurred_at.and_then(|text| parse_occurred_at(&mut errors, &text, now));
        match (kind, product, quantity, reason) {
            (Some(kind), Some(product), Some(quantity), Some(reason)) if errors.is_empty() => {
                Ok(Movement { kind, product, quantity, unit, from, to, lot, unit_cost, reason, document, occurred_at })
            }
            _ => Err(errors.into_inner()),
        }
    }
}

fn parse_kind(errors: &mut Errors, code: &str) -> Option<MovementKind> {
    let kind = MovementKind::from_code(code).filter(|kind| *kind != MovementKind::Count);
    if kind.is_none() {
        let known: Vec<_> =
            MovementKind::ALL.into_iter().filter(|kind| *kind != MovementKind::Count).map(MovementKind::code).collect();
        let known = known.join(", ");
        errors.add("kind", "unknown_kind", format!("Los tipos son: {known}."), format!("The kinds are: {known}."));
    }
    kind
}

/// Reads `sku:SKU` or an id.
pub fn parse_product(errors: &mut Errors, text: &str) -> Option<ProductRef> {
    let product = ProductRef::parse(text);
    if product.is_none() {
        errors.add(
            "product",
            "bad_reference",
            "Indicá el producto como sku:CODIGO o con su id.",
            "Name the product as sku:CODE or by its id.",
        );
    }
    product
}

/// Reads a positive quantity with up to 3 places; whether it must be whole is the product's matter.
pub fn parse_quantity(errors: &mut Errors, field: &str, text: &str) -> Option<Qty> {
    let quantity =
        errors.take(field, Qty::parse(text, Unit::Kg).map_err(|error| (error.code(), number_text(error, None))));
    if quantity.is_some_and(|quantity| !quantity.is_positive()) {
        errors.add(
            field,
            "quantity_not_positive",
            "La cantidad tiene que ser mayor que cero.",
            "The quantity must be more than zero.",
        );
        return None;
    }
    quantity
}

/// Reads a reason of 3 to 200 characters.
pub fn parse_reason(errors: &mut Errors, text: &str) -> Option<String> {
    let reason = line(errors, "reason", text, REASON_MAX)?;
    if reason.chars().count() < REASON_MIN {
        errors.add(
            "reason",
            "text_too_short",
            "Contá por qué, en al menos 3 letras.",
            "Say why, in at least 3 characters.",
        );
        return None;
    }
    Some(reason)
}

/// Reads one line of text that is not empty.
pub fn line(errors: &mut Errors, field: &str, text: &str, max: usize) -> Option<String> {
    let line = errors.take(field, clean_line(text, max).map_err(|error| (error.code(), error.message())))?;
    if line.is_empty() {
        errors.add(field, "empty", "No puede estar vacío.", "It cannot be empty.");
        return None;
    }
    Some(line)
}

/// Reads a lot by code, date or both.
pub fn parse_lot(errors: &mut Errors, lot: &LotBody) -> Option<LotRef> {
    let code = match lot.code.as_deref().map(str::trim) {
        None | Some("") => String::new(),
        Some(code) => line(errors, "lot.code", code, LOT_CODE_MAX)?,
    };
    let expires_on = match &lot.expires_on {
        None => None,
        Some(text) => Some(errors.take("lot.expires_on", parse_date(text))?),
    };
    Some(LotRef { code, expires_on })
}

fn parse_occurred_at(errors: &mut Errors, text: &str, now: i64) -> Option<i64> {
    let latest = now + i64::try_from(CLOCK_SKEW_MAX.as_micros()).expect("five minutes fit");
    match parse_instant(text) {
        None => errors.add(
            "occurred_at",
            "bad_instant",
            "La fecha y hora va como 2026-11-23T10:00:00-03:00.",
            "Date and time are written as 2026-11-23T10:00:00-03:00.",
        ),
        Some(at) if at > latest => errors.add(
            "occurred_at",
            "in_the_future",
            "Todavía no pasó: la fecha está en el futuro.",
            "It has not happened yet: the date is in the future.",
        ),
        Some(at) if at < AT_MIN => {
            errors.add(
                "occurred_at",
                "too_old",
                "La fecha es anterior al año 2000.",
                "The date is before the year 2000.",
            );
        }
        Some(at) => return Some(at.min(now)),
    }
    None
}

/// Posts one movement.
#[utoipa::path(post, path = "/api/v1/movements", tag = "stock", request_body = MovementBody,
    responses((status = 201, description = "Posted", body = Receipt)))]
async fn post_movement(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<MovementBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /movements");
    let movement = body.value.parse(app.db.now(), "").map_err(Problem::invalid)?;
    Ok(created(app.db.execute(&actor, key, PostMovement(movement)).await?))
}

/// Many movements at once.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"mode": "atomic", "lines": [
    {"kind": "waste", "product": "sku:QUE-CREMOSO", "quantity": "0.350", "from": "local", "reason": "vencido"},
]}))]
#[serde(deny_unknown_fields)]
pub struct BatchMovements {
    /// `atomic`: all or nothing; `each`: every line for itself.
    #[schema(value_type = BatchMode, required)]
    pub mode: Option<String>,
    /// The movements, 1 to 10,000.
    #[schema(value_type = Vec<MovementBody>, required, min_items = 1, max_items = 10000)]
    pub lines: Option<Vec<MovementBody>>,
}

/// How a batch treats bad lines.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum BatchMode {
    /// All or nothing.
    Atomic,
    /// Every line for itself.
    Each,
}

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResults {
    /// One entry per line.
    pub results: Vec<BatchResult>,
}

/// What became of one line.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResult {
    /// The line, from 0.
    pub index: usize,
    /// The movement, when it was posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<Uuid>,
    /// Why not, when it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<FieldError>,
}

/// Posts up to 10,000 movements.
#[utoipa::path(post, path = "/api/v1/movements/batch", tag = "stock", request_body = BatchMovements,
    responses((status = 201, description = "All posted", body = BatchResults),
        (status = 200, description = "Mode each: one result per line", body = BatchResults)))]
async fn post_batch(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    key: RequestKey,
    body: BatchBody<BatchMovements>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /movements/batch");
    let mut errors = Errors::new();
    let mode = errors.required("mode", body.value.mode);
    if mode.as_deref().is_some_and(|mode| mode != "atomic" && mode != "each") {
        errors.add("mode", "unknown_mode", "El modo es atomic o each.", "The mode is atomic or each.");
    }
    let lines = errors.required("lines", body.value.lines).unwrap_or_default();
    if errors.is_empty() && !(1..=BATCH_LINES_MAX).contains(&lines.len()) {
        errors.add("lines", "out_of_range", "Van de 1 a 10.000 renglones.", "It takes 1 to 10,000 lines.");
    }
    errors.finish()?;
    let atomic = mode.as_deref() == Some("atomic");
    let now = app.db.now();
    let lines = lines.into_iter().map(|line| line.parse(now, "")).collect();
    let done = app.db.execute(&actor, key, PostBatch { lines, atomic }).await?;
    let results = done.out.into_iter().enumerate().map(|(index, outcome)| result(index, outcome, lang)).collect();
    let status = if atomic { StatusCode::CREATED } else { StatusCode::OK };
    Ok(replayable(status, done.replayed, &BatchResults { results }))
}

fn result(index: usize, outcome: LineOutcome, lang: Lang) -> BatchResult {
    match outcome {
        LineOutcome::Posted(id) => BatchResult { index, id: Some(id), error: None },
        LineOutcome::Refused { field, code, es, en } => {
            let detail = lang.pick(&es, &en).to_owned();
            BatchResult { index, id: None, error: Some(FieldError { field, code, detail }) }
        }
    }
}

impl From<BatchRefused> for Problem {
    /// Every bad line, each under its own path. It is the policy's conflict only if every line is.
    fn from(refused: BatchRefused) -> Self {
        let mut fields = Vec::new();
        let mut all_conflict = true;
        for (index, line) in refused.0 {
            match line {
                LineRefusal::Unreadable(problems) => {
                    all_conflict = false;
                    fields.extend(
                        problems.into_iter().map(|problem| FieldProblem {
                            field: format!("lines[{index}].{}", problem.field),
                            ..problem
                        }),
                    );
                }
                LineRefusal::Stock(refusal) => {
                    for part in refusal.parts() {
                        let field = part.field().map_or(String::new(), |field| format!(".{field}"));
                        let (code, detail) = (part.code(), part.text());
                        fields.push(FieldProblem { field: format!("lines[{index}]{field}"), code, detail });
                    }
                    all_conflict &= Problem::from(refusal).status == StatusCode::CONFLICT;
                }
            }
        }
        let detail = Text::new(
            format!("Hay {} problema(s) en los renglones. No se asentó ninguno.", fields.len()),
            format!("There are {} problem(s) in the lines. None was posted.", fields.len()),
        );
        let status = if all_conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        Self { status, code: "batch_refused", detail, fields, retry_after: None }
    }
}

/// Why something is undone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    /// Why, 3 to 200 characters.
    #[schema(value_type = Reason, required)]
    pub reason: Option<String>,
}

impl ReasonBody {
    /// What a form says: the reason in people's own words, or the usual one they chose.
    pub fn of(form: &Form) -> Self {
        Self { reason: form.given("reason").or_else(|| form.given("reason_choice")) }
    }

    /// The reason.
    ///
    /// # Errors
    /// 422 when it is missing, too short or too long.
    pub fn parse(self) -> Result<String, Problem> {
        let mut errors = Errors::new();
        let reason = errors.required("reason", self.reason).and_then(|text| parse_reason(&mut errors, &text));
        errors.finish()?;
        Ok(reason.unwrap_or_default())
    }
}

/// Undoes a movement with its mirror.
#[utoipa::path(post, path = "/api/v1/movements/{id}/reverse", tag = "stock", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 201, description = "The reversing movement", body = Receipt)))]
async fn reverse_movement(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let key = body.key(&key, &format!("POST /movements/{id}/reverse"));
    let reason = body.value.parse()?;
    Ok(created(app.db.execute(&actor, key, ReverseMovement { id, reason }).await?))
}

/// 201 with the answer, marked when it is a stored one.
pub fn created<T: Serialize>(done: Done<T>) -> Response {
    replayable(StatusCode::CREATED, done.replayed, &done.out)
}
