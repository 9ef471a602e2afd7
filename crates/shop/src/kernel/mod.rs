//! What every feature may use: who acts, how problems are told, how requests are read, lists paged
//! and pages framed. Nothing here knows a feature.

pub mod app;
pub mod ask;
pub mod body;
pub mod bulk;
pub mod chrome;
pub mod client;
pub mod columns;
pub mod cookie;
pub mod docs;
pub mod docs_page;
pub mod doors;
pub mod endpoint;
pub mod export;
pub mod flash;
pub mod form;
#[cfg(test)]
pub(crate) mod html;
pub mod lang;
pub mod list;
pub mod numbers;
pub mod page;
pub mod paging;
pub mod path;
pub mod problem;
pub mod problem_page;
pub mod reader;
pub mod scalars;
pub mod tally;
pub mod text;
pub mod time;
pub mod validate;
pub mod words;

pub use app::{App, AppParts, Profile};
pub use ask::{Asked, Chips, Link, Pages};
pub use body::{Body, Caller, IfMatch, Params, RequestKey};
pub use chrome::{Chrome, Place};
pub use client::{Client, ClientIp, RequestId};
pub use columns::Columns;
pub use doors::Doors;
pub use endpoint::{Access, Endpoint, Face, Faces, LimitGroup, OpClass};
pub use export::{Export, Exported, FileFormat, Turns};
pub use flash::Flash;
pub use form::Form;
pub use lang::{Lang, Text};
pub use list::{List, Listing};
pub use paging::{Page, PageParams};
pub use problem::{FieldError, Problem};
pub use reader::Reader;
pub use tally::Tally;
pub use validate::Errors;
