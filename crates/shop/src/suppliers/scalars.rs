//! The kinds of value that suppliers take; each says in one pattern what its reader in `bodies.rs` accepts.

use super::bodies::{ADDRESS_MAX, NAME_MAX, WORD_MAX};
use super::supplier::{PackRule, PaperKind, PricePer, ScoreProfile, VatCondition, Weekdays};
use crate::kernel::scalars::{line, one_of, scalars, text};

scalars! {
    /// The name of a supplier.
    SupplierName = line(2, NAME_MAX, "Cervecería y Maltería Quilmes");
    /// A CUIT, with its dashes or without.
    TaxId = text("^[0-9]{2}-?[0-9]{8}-?[0-9]$", 13, "30-71533519-7");
    /// The legal name of a supplier, or nothing when it is the same.
    LegalName = line(0, ADDRESS_MAX, "Logismar S.R.L.");
    /// Where somebody is.
    PostalAddress = line(1, ADDRESS_MAX, "Av. Rivadavia 1234, Morón");
    /// A brand, or a word that means a supplier.
    SupplierWord = line(2, WORD_MAX, "Brahma");
    /// The heading of a column on a paper, or nothing.
    PaperHeading = line(0, WORD_MAX, "UxB");
    /// A rate of VAT in percent.
    PaperVat = text("^(0|2\\.5|5|10\\.5|21|27|0\\.00|2\\.50|5\\.00|10\\.50|21\\.00|27\\.00)$", 5, "10.50");
    /// A day of the week.
    Weekday = one_of(Weekdays::CODES);
    /// A time of the day.
    TimeOfDay = text("^([01][0-9]|2[0-3]):[0-5][0-9]$", 5, "19:00");
    /// What a supplier is to the tax office.
    SupplierVatCondition = one_of(VatCondition::ALL.iter().map(|one| one.code()));
    /// What a supplier's papers are.
    SupplierPaperKind = one_of(PaperKind::ALL.iter().map(|one| one.code()));
    /// What a supplier's price is for.
    SupplierPricePer = one_of(PricePer::ALL.iter().map(|one| one.code()));
    /// Where a paper says how many units a case has.
    SupplierPackRule = one_of(PackRule::ALL.iter().map(|one| one.code()));
    /// What a supplier mainly brings.
    SupplierScoreProfile = one_of(ScoreProfile::ALL.iter().map(|one| one.code()));
    /// A product or a sentence, as people write it.
    SupplierText = line(1, super::assigning::TEXT_MAX, "Cerveza Andes");
}
