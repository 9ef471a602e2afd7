//! What every feature may use: who acts, how problems are told, how requests are read, lists paged
//! and pages framed. Nothing here knows a feature.

pub mod app;
pub mod body;
pub mod docs;
pub mod endpoint;
pub mod lang;
pub mod numbers;
pub mod paging;
pub mod problem;
pub mod reader;
pub mod time;
pub mod validate;

pub use app::{App, AppParts, Profile};
pub use body::{Body, Caller, IfMatch, Params, RequestKey};
pub use endpoint::{Access, Endpoint, Face, Faces, LimitGroup, OpClass};
pub use lang::{Lang, Text};
pub use paging::{Page, PageParams};
pub use problem::{FieldError, Problem};
pub use reader::Reader;
pub use validate::Errors;
