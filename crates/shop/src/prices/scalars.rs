//! The kinds of value that prices take; each says in one pattern what its reader accepts.

use super::paper::Readers;
use super::placing::LISTS;
use super::tax::STATUSES;
use super::views::LIGHTS;
use crate::kernel::scalars::{one_of, scalars};

scalars! {
    /// A price list.
    PriceListCode = one_of(LISTS);
    /// Who reads a list on paper.
    ReadersCode = one_of(Readers::ALL.map(|(code, _)| code));
    /// A light of a price.
    LightCode = one_of(LIGHTS.map(|(code, _)| code));
    /// What a shop is to the tax office.
    TaxStatusCode = one_of(STATUSES.map(|(code, _)| code));
}
