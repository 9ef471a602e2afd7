//! Moving goods to another place: put together line by line, then either carried over at once, or sent
//! on the road for somebody else to count at the other end.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::MovementKind;
use gondola_store::{Actor, Key, Permission};
use uuid::Uuid;

use super::super::bodies::{TransferBody, TransferLineBody};
use super::super::commands::TRANSFER_LINES_MAX;
use super::rows::how_many;
use crate::catalogue::{GoodsDraft, GoodsFields, GoodsLine, GoodsStep, goods_lines};
use crate::kernel::numbers::typed;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Link, Problem, Reader};
use crate::stock::{
    Choice, LineOutcome, MovementBody, Places, PostBatch, ReasonBody, TypedLine, line_messages, place_choices,
};

/// The reasons people usually give, keys of the words; the first one is filled in.
const REASONS: [&str; 3] = ["what.transfer_reason_1", "what.transfer_reason_2", "what.transfer_reason_3"];
/// What the form says besides products and quantities.
const FIELDS: GoodsFields =
    GoodsFields { whole: &["from", "to", "how", "reason", "reason_choice", "document", "next"], line: &[] };
/// Fields that are the whole move's, though every line carries them.
const SHARED: [&str; 4] = ["from", "to", "reason", "document"];

#[derive(Template)]
#[template(path = "transfer_new.html")]
pub(super) struct SendPage<'a> {
    pub chrome: &'a Chrome,
    pub draft: GoodsDraft,
    pub lines: Vec<GoodsLine>,
    /// Places that who looks may take from, and all places.
    pub places: Vec<Choice>,
    pub all_places: Vec<Choice>,
    pub reasons: Vec<String>,
}

impl SendPage<'_> {
    fn form(&self) -> &Form {
        &self.draft.form
    }

    /// Every problem but the search's, which stands at its field.
    fn messages(&self) -> Vec<(String, String)> {
        let chrome = self.chrome;
        let names: Vec<&str> = self.lines.iter().map(|line| line.product.name.as_str()).collect();
        let labels = [
            ("from", chrome.t("record.from")),
            ("to", chrome.t("record.to")),
            ("reason", chrome.t("record.reason")),
            ("document", chrome.t("stock.document")),
        ];
        let mut messages = line_messages(self.form(), chrome.lang, &names, &labels);
        messages.retain(|(field, _)| field != "q");
        messages
    }

    /// Whether what is seldom said shows at once.
    fn more_is_open(&self) -> bool {
        let said =
            |name: &&str| !self.form().value(name).is_empty() || self.form().problem(name, &self.chrome.lang).is_some();
        ["reason", "document"].iter().any(said)
    }
}

/// `GET /transfers/new`.
pub async fn new(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let usual = |name, code: &str| asked.given(name).unwrap_or_else(|| code.to_owned());
    let (from, to) = if actor.location.is_some() { ("", "") } else { ("deposito", "local") };
    let form = Form::new().with("from", usual("from", from)).with("to", usual("to", to));
    let draft = GoodsDraft { form, ..GoodsDraft::default() };
    page(&app, chrome, &actor, draft, StatusCode::OK).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    draft: GoodsDraft,
    status: StatusCode,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("transfer.new_title");
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let own = reader.location();
    let page = SendPage {
        lines: goods_lines(&chrome, &mut reader, &draft).await?,
        places: place_choices(&mut reader, own).await?,
        all_places: place_choices(&mut reader, None).await?,
        reasons: REASONS.iter().map(|key| chrome.t(key).to_owned()).collect(),
        chrome: &chrome,
        draft,
    };
    show_as(status, &chrome, &page)
}

/// `POST /transfers`.
pub async fn send(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let step = GoodsStep::of(&form);
    if step != GoodsStep::Send {
        let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
        let draft = GoodsDraft::stepped(&chrome, &mut reader, (&form, FIELDS), step).await?;
        return page(&app, chrome, &actor, draft, StatusCode::OK).await;
    }
    let key = form.key("POST /transfers")?;
    let form = if form.has("blank", "leave") { GoodsDraft::without_blank_lines(&form, FIELDS) } else { form };
    let lines = TypedLine::all(&form, "quantity");
    let done = match lines.len() {
        1..=TRANSFER_LINES_MAX if form.has("how", "road") => put_on_the_road(&app, &actor, key, &form, lines).await,
        1..=TRANSFER_LINES_MAX => carry(&app, &chrome, &actor, key, &form, lines).await,
        _ => Err(nothing_to_move()),
    };
    match done {
        Ok((next, flash)) => Ok(go_saying(&app, &next, &flash)),
        Err(problem) => {
            let draft = GoodsDraft { form: form.refused(problem)?, ..GoodsDraft::default() };
            page(&app, chrome, &actor, draft, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Where a move that worked leads, and what the next page says.
type Moved = (String, Flash);

/// Sends it on its way; who receives it counts.
async fn put_on_the_road(
    app: &App,
    actor: &Actor,
    key: Option<Key>,
    form: &Form,
    lines: Vec<TypedLine>,
) -> Result<Moved, Problem> {
    let line = |line: TypedLine| TransferLineBody {
        product: Some(line.reference()),
        quantity: Some(typed(&line.quantity)).filter(|text| !text.is_empty()),
        unit: Some(line.unit).filter(|unit| !unit.is_empty()),
        lot: None,
    };
    let body = TransferBody {
        from: form.given("from"),
        to: form.given("to"),
        lines: Some(lines.into_iter().map(line).collect()),
        reason: ReasonBody::of(form).reason,
        document: form.given("document"),
    };
    let sent = app.db.execute(actor, key, body.parse()?).await?.out;
    Ok((format!("/transfers/{}", sent.transfer.id), Flash::says("transfer.sent", "")))
}

/// Moves it at once: one movement per line, all or none.
async fn carry(
    app: &App,
    chrome: &Chrome,
    actor: &Actor,
    key: Option<Key>,
    form: &Form,
    lines: Vec<TypedLine>,
) -> Result<Moved, Problem> {
    let movement = |line: TypedLine| MovementBody {
        kind: Some(MovementKind::Transfer.code().to_owned()),
        product: Some(line.reference()),
        quantity: Some(typed(&line.quantity)).filter(|text| !text.is_empty()),
        unit: Some(line.unit).filter(|unit| !unit.is_empty()),
        from: form.given("from"),
        to: form.given("to"),
        lot: None,
        unit_cost: None,
        reason: ReasonBody::of(form).reason,
        document: form.given("document"),
        occurred_at: None,
    };
    let now = app.db.now();
    let lines = lines.into_iter().map(|line| movement(line).parse(now, "")).collect();
    let done = app.db.execute(actor, key, PostBatch { lines, atomic: true }).await;
    let posted = done.map_err(|fail| about_the_whole(fail.into()))?.out;
    let flash = moved(app, chrome, actor, form, &posted).await?;
    let next = match form.value("next") {
        "restock" => Link::to("/transfers/restock"),
        _ => Link::to("/transfers/new"),
    };
    Ok((next.with("from", form.value("from")).with("to", form.value("to")).href(), flash))
}

/// What the next page says of goods that were carried over; one movement can be undone at once.
async fn moved(
    app: &App,
    chrome: &Chrome,
    actor: &Actor,
    form: &Form,
    posted: &[LineOutcome],
) -> Result<Flash, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let places = Places::load(&mut reader.tx()).await?;
    let name = |code| places.by_code(code).map(|place| place.name.as_str()).unwrap_or_default();
    let (from, to) = (name(form.value("from")), name(form.value("to")));
    let count = how_many(chrome, i64::try_from(posted.len()).unwrap_or(i64::MAX));
    let flash = Flash::says("transfer.moved", &format!("{count} · {from} → {to}"));
    Ok(match posted {
        [LineOutcome::Posted(id)] if chrome.may(Permission::Adjust) => flash.undone_at(undo_of(*id)),
        _ => flash,
    })
}

fn undo_of(movement: Uuid) -> String {
    format!("/stock/movements/{movement}/reverse")
}

/// What is wrong with the move as a whole is told once, and not with each of its lines.
fn about_the_whole(mut problem: Problem) -> Problem {
    let mut told: Vec<FieldProblem> = Vec::with_capacity(problem.fields.len());
    for mut field in problem.fields {
        if let Some(name) = SHARED.into_iter().find(|name| field.field.ends_with(&format!("].{name}"))) {
            name.clone_into(&mut field.field);
        }
        if !told.iter().any(|other| other.field == field.field && other.code == field.code) {
            told.push(field);
        }
    }
    problem.fields = told;
    problem
}

fn nothing_to_move() -> Problem {
    Problem::invalid_field(
        "q",
        "no_lines",
        "Agregá al menos un producto. Entran hasta 500.",
        "Add at least one product. It takes up to 500.",
    )
}
