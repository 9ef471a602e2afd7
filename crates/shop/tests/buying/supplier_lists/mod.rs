//! Price lists that suppliers give, on both engines, through the API and the pages: read, matched, costed, compared, applied and
//! taken back; and what is refused changes nothing (S15).

mod applying;
mod bad_files;
mod columns;
mod comparing;
pub mod given;
mod matching;
mod pages;
mod sample;
