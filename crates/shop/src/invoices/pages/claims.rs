//! What suppliers owe the shop because of invoices, and how each claim ends.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::api::invoice_id;
use super::super::claims::{ClaimState, EndClaim};
use super::super::queries::{self, ClaimFilter, InvoiceKey};
use super::rows::ClaimLine;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Flash, Form, Link, Pages, Problem, Reader};
use crate::stock::ReasonBody;

#[derive(Template)]
#[template(path = "supplier_claims.html")]
pub(super) struct ClaimsPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub chips: Chips,
    pub rows: Vec<ClaimLine>,
    pub pages: Pages,
    pub files: Link,
}

impl ClaimsPage<'_> {
    /// Every problem under the name its field has on the page. Each claim has a form of its own, so that none leads to a field.
    fn messages(&self) -> Vec<(String, String)> {
        let named = self.form.named_messages(&self.chrome.lang, &[("reason", self.chrome.t("invoice.claim_how"))]);
        named.into_iter().map(|(_, message)| (String::new(), message)).collect()
    }
}

/// `GET /supplier-claims`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, (asked, Form::new(), StatusCode::OK)).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (asked, form, status): (Asked, Form, StatusCode),
) -> Result<Response, Problem> {
    let chrome = chrome.titled("invoice.claims");
    let pager = asked.pager();
    let after = pager.params().after::<InvoiceKey>()?;
    let state = ClaimState::from_code(asked.value("state")).map(ClaimState::code);
    let mut reader = Reader::open(app, actor, Permission::ReadCost).await?;
    let filter = ClaimFilter { state, supplier: None };
    let found = queries::claims(&mut reader, &filter, after, LIMIT_DEFAULT).await?;
    let list = Page::cut(found, LIMIT_DEFAULT, |row| (row.created_at, row.id), |row| ClaimLine::of(&chrome, &row));
    let here = asked.link("/supplier-claims", &["state"]);
    let named = |state: ClaimState| {
        (state.code().to_owned(), chrome.t(&format!("invoice.claim_state_{}", state.code())).to_owned())
    };
    let page = ClaimsPage {
        chips: here.chips("state", state.unwrap_or_default(), chrome.t("list.all"), ClaimState::ALL.map(named)),
        rows: list.items,
        pages: pager.pages(&here, list.next),
        files: asked.link("/api/v1/supplier-claims", &["state"]),
        form,
        chrome: &chrome,
    };
    show_as(status, &chrome, &page)
}

/// `POST /supplier-claims/{id}/{settle|drop}`.
pub async fn end(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path((id, step)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let state = match step.as_str() {
        "settle" => ClaimState::Settled,
        "drop" => ClaimState::Dropped,
        _ => return Err(Problem::not_found()),
    };
    let key = form.key(&format!("POST /supplier-claims/{id}/{step} (page)"))?;
    let done = match ReasonBody::of(&form).parse() {
        Ok(reason) => app.db.execute(&actor, key, EndClaim { id, state, reason }).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(go_saying(&app, "/supplier-claims?state=open", &Flash::says("invoice.claim_ended", ""))),
        Err(problem) => {
            let form = form.refused(problem)?;
            page(&app, chrome, &actor, (Asked(Form::new()), form, StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}
