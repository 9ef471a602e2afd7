//! One count: how far it came, what differs and what that is worth, and the two ways to end it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::bodies::CountPostBody;
use super::super::commands::CancelCount;
use super::super::progress::{DifferencesWorth, differences_worth, progress};
use super::super::queries::{self, Count, CountedLine, LineFilter};
use super::found;
use super::rows::{CountRow, CountedRow, ProgressRow, Sees, products};
use crate::kernel::numbers::show_money;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Flash, Form, Pages, Problem, Reader};
use crate::stock::{Places, ReasonBody};

/// Why people give a count up, keys of the words.
const CANCEL_REASONS: [&str; 3] = ["count.cancel_1", "count.cancel_2", "count.cancel_3"];

#[derive(Template)]
#[template(path = "count.html")]
pub(super) struct CountPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub row: CountRow,
    /// How far it came, while it is open.
    pub progress: Option<ProgressRow>,
    /// Which lines are shown.
    pub chips: Chips,
    pub lines: Vec<CountedRow>,
    pub pages: Pages,
    pub sees: Sees,
    /// What is missing and what is over, at cost.
    pub worth: Option<(String, String)>,
    pub cancel_reasons: Vec<String>,
    /// Whether large differences may be approved by who looks.
    pub may_accept: bool,
}

impl CountPage<'_> {
    /// Whether nothing is left to count: then the next thing to do is to end it.
    fn is_all_counted(&self) -> bool {
        self.row.recount.is_none() && self.progress.as_ref().is_some_and(|progress| progress.left.is_none())
    }

    /// Every problem; those about products name them and lead nowhere, for they may be on another page.
    fn messages(&self) -> Vec<(String, String)> {
        let labels = [("reason", self.chrome.t("count.reason"))];
        let told = |(field, message): (String, String)| match field.strip_prefix("sku:") {
            Some(sku) => (String::new(), format!("{sku}: {message}")),
            None => (field, message),
        };
        self.form.named_messages(&self.chrome.lang, &labels).into_iter().map(told).collect()
    }
}

/// `GET /counts/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, &id, &asked, Form::new(), StatusCode::OK).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    id: &str,
    asked: &Asked,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let count = found(&mut reader, id).await?;
    let places = Places::load(&mut reader.tx()).await?;
    let row = CountRow::of(&chrome, &count, &places);
    let mut chrome = chrome;
    chrome.title.clone_from(&row.what);
    let sees = Sees { expected: count.shows_expected_to(actor), cost: reader.sees_cost() };
    let pager = asked.pager();
    let shown = shown(asked, sees);
    let filter = LineFilter {
        only_recount: shown == "recount",
        only_different: shown == "different",
        after: pager.params().after::<(String, Uuid, Uuid)>()?,
    };
    let lines = queries::counted_lines(&mut reader, count.id, &filter, LIMIT_DEFAULT).await?;
    let key = |line: &CountedLine| (line.name_folded.clone(), line.product_id, line.lot_id);
    let list = Page::cut(lines, LIMIT_DEFAULT, key, |line| CountedRow::of(&chrome, &row.href, &line, sees));
    let here = asked.link(row.href.as_str(), &["only"]);
    let form = if form.value("reason").is_empty() { form.with("reason", count.reason.as_str()) } else { form };
    let page = CountPage {
        progress: match row.is_open {
            true => Some(ProgressRow::of(&chrome, progress(&mut reader, &count).await?)),
            false => None,
        },
        worth: worth(&mut reader, &count, sees).await?,
        chips: chips(&chrome, &here, &shown, &count, sees),
        lines: list.items,
        pages: pager.pages(&here, list.next),
        cancel_reasons: CANCEL_REASONS.iter().map(|key| chrome.t(key).to_owned()).collect(),
        may_accept: chrome.may(Permission::Adjust),
        chrome: &chrome,
        form,
        row,
        sees,
    };
    show_as(status, &chrome, &page)
}

/// Which lines are asked for; who may know what differs sees that first.
fn shown(asked: &Asked, sees: Sees) -> String {
    match asked.value("only") {
        "different" if !sees.expected => String::new(),
        "" if sees.expected => "different".to_owned(),
        other => other.to_owned(),
    }
}

fn chips(chrome: &Chrome, here: &crate::kernel::Link, shown: &str, count: &Count, sees: Sees) -> Chips {
    let different = sees.expected.then_some(("different", "count.lines_different"));
    let recount = (count.to_recount > 0).then_some(("recount", "count.lines_recount"));
    let all = [different, recount, Some(("all", "count.lines_all"))];
    let chip = |(code, key): (&str, &str)| {
        let current = code == shown || (code == "all" && shown.is_empty());
        (here.clone().with("only", code).href(), chrome.t(key).to_owned(), current)
    };
    all.into_iter().flatten().map(chip).collect()
}

async fn worth(reader: &mut Reader, count: &Count, sees: Sees) -> Result<Option<(String, String)>, Problem> {
    if !sees.expected || !sees.cost || count.differences == 0 {
        return Ok(None);
    }
    let DifferencesWorth { missing, found } = differences_worth(reader, count.id).await?;
    Ok(Some((show_money(missing), show_money(found))))
}

/// `POST /counts/{id}/post`.
pub async fn post(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let key = form.key(&format!("POST /counts/{id}/post"))?;
    let accept_differences = Some(form.has("accept", "yes"));
    let done = match (CountPostBody { reason: form.given("reason"), accept_differences }).parse(id) {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => {
            let corrected = i64::try_from(done.out.corrected).unwrap_or(i64::MAX);
            let flash = match corrected {
                0 => Flash::says("count.posted_same", ""),
                _ => Flash::says("count.posted", &products(&chrome, corrected)),
            };
            Ok(go_saying(&app, &format!("/counts/{id}"), &flash))
        }
        Err(problem) => again(&app, chrome, &actor, id, form.refused(problem)?).await,
    }
}

/// `POST /counts/{id}/cancel`.
pub async fn cancel(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let key = form.key(&format!("POST /counts/{id}/cancel"))?;
    let done = match ReasonBody::of(&form).parse() {
        Ok(reason) => app.db.execute(&actor, key, CancelCount { id, reason }).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(go_saying(&app, &format!("/counts/{id}"), &Flash::says("count.cancelled", ""))),
        Err(problem) => again(&app, chrome, &actor, id, form.refused(problem)?).await,
    }
}

/// The page of the count again, with what is wrong.
async fn again(app: &App, chrome: Chrome, actor: &Actor, id: Uuid, form: Form) -> Result<Response, Problem> {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    page(app, chrome, actor, &id.to_string(), &Asked::default(), form, status).await
}
