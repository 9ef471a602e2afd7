//! The kinds of value that invoices take; each says in one pattern what its reader in `bodies.rs` accepts.

use gondola_papers::fiscal::{Letter, VatRate};

use super::claims::ClaimState;
use super::state::InvoiceState;
use super::written::{AmountKind, KINDS, rate_text};
use crate::kernel::scalars::{line, one_of, scalars, text};

scalars! {
    /// Where an invoice stands.
    InvoiceStateCode = one_of(InvoiceState::ALL.map(InvoiceState::code));
    /// What a document is.
    DocumentKindCode = one_of(KINDS.map(|(code, _)| code));
    /// The letter of a document.
    DocumentLetter = one_of(Letter::ALL.map(Letter::text));
    /// Point of sale and number.
    DocumentNumberText = text("^[0-9]{1,5}-[0-9]{1,8}$", 14, "00003-00001234");
    /// The code a document was authorised under.
    CaeText = text("^[0-9]{14}$", 14, "71234567890123");
    /// What one sum of an invoice is.
    AmountKindCode = one_of(AmountKind::ALL.map(AmountKind::code));
    /// A rate of VAT, in per cent.
    VatRateCode = one_of(VatRate::ALL.map(rate_text).iter().map(String::as_str));
    /// What a line says of VAT: a rate, or that it carries none.
    VatCode = one_of(VatRate::ALL.map(rate_text).iter().map(String::as_str).chain(["exempt", "not_taxed"]));
    /// An amount in pesos, of at most 2 decimal places.
    InvoiceAmount = text(r"^-?[0-9]{1,11}(\.[0-9]{1,2})?$", 15, "121000.00");
    /// A quantity as it is printed, with its sign, of at most 3 decimal places.
    PrintedQuantity = text(r"^-?[0-9]{1,6}(\.[0-9]{1,3})?$", 11, "12");
    /// What a line of an invoice says.
    InvoiceLineText = line(1, super::bodies::ABOUT_MAX, "FIDEO 20X500");
    /// A code or a unit on an invoice; may be empty.
    InvoiceWord = line(0, super::bodies::WORD_MAX, "1001");
    /// Where a claim stands.
    ClaimStateCode = one_of(ClaimState::ALL.map(ClaimState::code));
}
