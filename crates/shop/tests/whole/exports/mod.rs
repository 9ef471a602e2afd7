//! Lists as files: the same as the JSON list, for everybody who may have it, in a form that a
//! spreadsheet opens and an import takes back.

mod files;
mod lists;
mod pages;
mod reimport;
mod rights;
mod texts;
mod whole;
