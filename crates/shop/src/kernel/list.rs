//! A list of the product, said once: what narrows it, who may read it, how a page is read and how its
//! rows are told. Programs page through it as JSON; people and programs take it whole as a file.

use std::future::Future;

use axum::Json;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use gondola_store::{Actor, Permission};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::app::App;
use super::body::{Caller, bad_parameter, parse_query};
use super::columns::Columns;
use super::export::{Exported, FileFormat};
use super::lang::Lang;
use super::paging::{Page, PageParams};
use super::problem::Problem;
use super::reader::Reader;

/// A list, as a query (and a path) ask for it: the fields of the implementing type are its filters.
pub trait List: DeserializeOwned + Send + Sync + 'static {
    /// A row, as JSON answers it.
    type Item: Serialize + Send + Sync + 'static;
    /// Where a page begins.
    type Key: Serialize + DeserializeOwned + Send;
    /// The filters as the database takes them.
    type Filter: Send + Sync;

    /// Its name on the command line.
    const NAME: &'static str;
    /// What it is called, in Spanish and in English; file and sheet are named so.
    const TITLE: [&'static str; 2];
    /// The right to read it. To take it along as a file needs [`Permission::Export`] besides.
    const NEEDS: Permission;

    /// Whether it is answered page by page; short lists come whole.
    const PAGED: bool = true;

    /// Looks the filters up; none when one of them names what does not exist, so that nothing matches.
    fn look_up(
        self,
        app: &App,
        reader: &mut Reader,
    ) -> impl Future<Output = Result<Option<Self::Filter>, Problem>> + Send;

    /// The page of at most `limit` rows that begins after a key.
    fn page(
        filter: &Self::Filter,
        reader: &mut Reader,
        after: Option<Self::Key>,
        limit: i64,
    ) -> impl Future<Output = Result<Page<Self::Item>, Problem>> + Send;

    /// How its rows are told in a file.
    fn columns(filter: Option<&Self::Filter>) -> Columns<Self::Item>;
}

/// A request for a list: a page of it, or the whole as a file.
pub struct Listing<L> {
    /// The product.
    pub app: App,
    /// Who asks.
    pub actor: Actor,
    /// In which language a file is told.
    pub lang: Lang,
    /// Which page.
    pub page: PageParams,
    /// What narrows it.
    pub list: L,
    /// The file that is wanted instead of a page.
    pub file: Option<FileFormat>,
}

impl<L: List> Listing<L> {
    /// The answer: a page as JSON, or the file.
    ///
    /// # Errors
    /// 422 about what was asked, 403 without the right.
    pub async fn answer(self) -> Result<Response, Problem> {
        match self.file {
            None => Ok(Json(self.read_page().await?).into_response()),
            Some(format) => {
                let file = Exported::write(&self.app, &self.actor, self.lang, self.list, format).await?;
                Ok(file.into_response())
            }
        }
    }

    async fn read_page(self) -> Result<Page<L::Item>, Problem> {
        let (limit, after) = (self.page.limit()?, self.page.after::<L::Key>()?);
        let mut reader = Reader::open(&self.app, &self.actor, L::NEEDS).await?;
        match self.list.look_up(&self.app, &mut reader).await? {
            Some(filter) => L::page(&filter, &mut reader, after, limit).await,
            None => Ok(Page { items: Vec::new(), next: None }),
        }
    }
}

impl<L: List> FromRequestParts<App> for Listing<L> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Ok(Caller(actor)) = Caller::from_request_parts(parts, app).await;
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Problem::not_found())?;
        let mut asked: Vec<(String, String)> = parse_query(parts.uri.query().unwrap_or_default())?;
        let file = FileFormat::take(&mut asked)?;
        let mut page = PageParams::default();
        if L::PAGED {
            page = PageParams { after: take(&mut asked, "after")?, limit: take(&mut asked, "limit")? };
            // A file has no pages, but what cannot be a number of rows or a token is a mistake there too.
            page.limit()?;
            page.after::<L::Key>()?;
        }
        asked.extend(path.iter().map(|(name, text)| (name.to_owned(), text.to_owned())));
        let list = parse_query(&serde_urlencoded::to_string(&asked).expect("pairs of texts are a query"))?;
        Ok(Self { app: app.clone(), actor, lang: Lang::from_headers(&parts.headers), page, list, file })
    }
}

/// Takes a parameter out of a query, where it may stand once.
pub(super) fn take(asked: &mut Vec<(String, String)>, name: &str) -> Result<Option<String>, Problem> {
    let mut found = asked.extract_if(.., |(known, _)| known == name);
    match (found.next(), found.next()) {
        (first, None) => Ok(first.map(|(_, text)| text)),
        (_, Some(_)) => Err(bad_parameter(name)),
    }
}
