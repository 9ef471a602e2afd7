//! The kinds of string that only the catalogue takes; each says in one pattern what its reader in
//! `fields.rs` accepts. How kinds are declared, and those that others take too, is in the kernel.

use crate::kernel::scalars::{letters, line, scalars, text};

scalars! {
    /// A name.
    Name = line(2, 200, "Leche sachet");
    /// A word or a few: a brand, a variant, what a supplier calls a product. May be empty.
    Words = line(0, 80, "La Serenísima");
    /// A few words that must be there.
    Label = line(1, 80, "pack x6");
    /// A name for short lists.
    ShortLine = line(2, 60, "Freezer");
    /// A name for labels and tickets.
    ShortName = line(0, 40, "Leche LS 1L");
    /// The address of a picture.
    ImageAddress = line(0, 500, "leche-ls.jpg");
    /// The shop's own number for a product.
    InternalCode = text("^[A-Za-z0-9_-]{1,30}$", 30, "A-17");
    /// The scale's number for a product.
    ScalePlu = text("^[0-9]{1,5}$", 5, "123");
    /// An EAN-13, EAN-8, UPC-A or ITF-14 with the right check digit; spaces and dashes are ignored.
    BarcodeText = text("^[0-9][0-9 -]{6,24}[0-9]$", 26, "7790742034007");
    /// What prices are rounded to, from 0.01 to 10000.
    RoundingStep = text("^(0*[1-9][0-9]{0,3}(\\.[0-9]{1,2})?|0*10000(\\.00?)?|0+\\.(0[1-9]|[1-9][0-9]?))$", 32, "50.00");
    /// An exact factor: `6`, `0.5` or `1/9`.
    FactorText = text(r"^([1-9][0-9]{0,5}(/[1-9][0-9]{0,5})?|[1-9][0-9]{0,5}\.[0-9]{1,6}|[1-9][0-9]{0,2}\.[0-9]{1,9}|0\.[0-9]{0,8}[1-9])$", 13, "6");
    /// A VAT rate that exists, in percent.
    VatRate = text("^(0|2\\.5|5|10\\.5|21|27|0\\.00|2\\.50|5\\.00|10\\.50|21\\.00|27\\.00)$", 5, "21.00");
    /// What a month makes of the minimum stock: 0.1 to 10, of at most 3 decimal places.
    SeasonFactor = text("^([1-9](\\.[0-9]{1,3})?|0\\.[1-9][0-9]{0,2}|10(\\.0{1,3})?)$", 6, "1.3");
    /// What a product is called besides.
    AliasText = line(2, 120, "coca de dos");
    /// How sure something is, from 0 to 1.
    Confidence = text("^(0(\\.[0-9]{1,3})?|1(\\.0{1,3})?)$", 5, "0.95");
    /// What is searched for: some letters.
    SearchText = text(letters(1), 100, "lec");
    /// Letters that a list is narrowed to.
    Letters = text(letters(0), 100, "lec");
}
