//! Starting a count: of which place, and of what there.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::bodies::CountBody;
use crate::catalogue::{category_choices, picks};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::{App, Asked, Caller, Chrome, Errors, Flash, Form, Problem, Reader};
use crate::stock::{Choice, ReasonBody, place_choices};

/// What is counted: the text of the form and a key of the words.
const SCOPES: [(&str, &str); 3] =
    [("place", "count.scope_place"), ("category", "count.scope_category"), ("list", "count.scope_list")];
/// Why people count, keys of the words; the first one is filled in.
const REASONS: [&str; 3] = ["count.reason_1", "count.reason_2", "count.reason_3"];

#[derive(Template)]
#[template(path = "count_new.html")]
pub(super) struct NewCountPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub places: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub reasons: Vec<String>,
}

impl NewCountPage<'_> {
    /// What may be counted: text, name, whether it is chosen.
    fn scopes(&self) -> Vec<(&'static str, &str, bool)> {
        let chosen = self.form.given("scope").unwrap_or_else(|| SCOPES[0].0.to_owned());
        SCOPES.iter().map(|(code, key)| (*code, self.chrome.t(key), *code == chosen)).collect()
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let labels = [
            ("location", self.chrome.t("count.place")),
            ("category", self.chrome.t("count.category")),
            ("products", self.chrome.t("count.list")),
            ("reason", self.chrome.t("count.reason")),
        ];
        self.form.named_messages(&self.chrome.lang, &labels)
    }
}

/// `GET /counts/new`.
pub async fn form(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let usual = if actor.location.is_some() { "" } else { "local" };
    let kept = ["scope", "category", "products"];
    let form = kept.iter().fold(Form::new(), |form, name| form.with(name, asked.value(name)));
    let form = form.with("location", asked.given("location").unwrap_or_else(|| usual.to_owned())).with("blind", "yes");
    page(&app, chrome, &actor, form, StatusCode::OK).await
}

async fn page(app: &App, chrome: Chrome, actor: &Actor, form: Form, status: StatusCode) -> Result<Response, Problem> {
    let chrome = chrome.titled("count.new");
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let own = reader.location();
    let page = NewCountPage {
        categories: category_choices(&mut reader).await?,
        places: place_choices(&mut reader, own).await?,
        reasons: REASONS.iter().map(|key| chrome.t(key).to_owned()).collect(),
        chrome: &chrome,
        form,
    };
    show_as(status, &chrome, &page)
}

/// `POST /counts`.
pub async fn begin(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let key = form.key("POST /counts")?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let done = match body(&mut reader, &form).await?.and_then(CountBody::parse) {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => Ok(go_saying(&app, &format!("/counts/{}/count", done.out.id), &Flash::says("count.began", ""))),
        Err(problem) => page(&app, chrome, &actor, form.refused(problem)?, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

/// The form as the JSON call's body, or what is wrong with its list.
async fn body(reader: &mut Reader, form: &Form) -> Result<Result<CountBody, Problem>, Problem> {
    let scope = form.value("scope");
    let products = match scope {
        "list" => match listed(reader, form.value("products")).await? {
            Ok(products) => Some(products),
            Err(problem) => return Ok(Err(problem)),
        },
        _ => None,
    };
    // Who chose one category and named none is asked for it.
    let category = (scope == "category").then(|| form.value("category").trim().to_owned());
    Ok(Ok(CountBody {
        location: form.given("location"),
        blind: Some(form.has("blind", "yes")),
        category,
        products,
        reason: ReasonBody::of(form).reason,
    }))
}

/// The products of a list, one code or name a line; all that are none, or several, are told together.
async fn listed(reader: &mut Reader, text: &str) -> Result<Result<Vec<String>, Problem>, Problem> {
    let mut errors = Errors::new();
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match picks(reader, line).await?.as_slice() {
            [only] => found.push(format!("sku:{}", only.standing.sku)),
            [] => errors.add(
                "products",
                "unknown_product",
                format!("«{line}» no es ningún producto."),
                format!("\"{line}\" is no product."),
            ),
            _ => errors.add(
                "products",
                "ambiguous_product",
                format!("«{line}» puede ser más de un producto: poné su código."),
                format!("\"{line}\" may be more than one product: give its code."),
            ),
        }
    }
    Ok(errors.finish().map(|()| found))
}
