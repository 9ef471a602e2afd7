//! What a column of a supplier's list may be: the fields, how suppliers title them, and which column feeds which. What a
//! person said of a title is remembered for the supplier's next list.

use std::collections::BTreeMap;

use gondola_sheets::{Content, FieldSpec, Table, guess_columns, header_signature};
use serde::{Deserialize, Serialize};

/// What a column feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListField {
    /// The barcode.
    Barcode,
    /// The supplier's code.
    Code,
    /// What it is called.
    Text,
    /// Its brand.
    Brand,
    /// Its category.
    Category,
    /// What the price is for, as printed.
    Unit,
    /// Units of a case.
    UnitsPerCase,
    /// The price of one.
    UnitPrice,
    /// The price of a case.
    CasePrice,
    /// The price of what the supplier's papers say.
    Price,
    /// Discount in per cent.
    Discount,
    /// The VAT it carries.
    Vat,
}

impl ListField {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Barcode,
        Self::Code,
        Self::Text,
        Self::Brand,
        Self::Category,
        Self::Unit,
        Self::UnitsPerCase,
        Self::UnitPrice,
        Self::CasePrice,
        Self::Price,
        Self::Discount,
        Self::Vat,
    ];
    /// Those that hold a price, the plainest first.
    pub const PRICES: [Self; 3] = [Self::UnitPrice, Self::CasePrice, Self::Price];

    /// The name in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Barcode => "barcode",
            Self::Code => "code",
            Self::Text => "text",
            Self::Brand => "brand",
            Self::Category => "category",
            Self::Unit => "unit",
            Self::UnitsPerCase => "units_per_case",
            Self::UnitPrice => "unit_price",
            Self::CasePrice => "case_price",
            Self::Price => "price",
            Self::Discount => "discount",
            Self::Vat => "vat",
        }
    }

    /// The one with that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    /// How suppliers title it, the likeliest first.
    pub const fn titles(self) -> &'static [&'static str] {
        match self {
            Self::Barcode => &["código de barras", "cod barras", "ean", "ean13", "gtin", "barras"],
            Self::Code => &["código", "cod", "artículo", "código artículo", "cod art", "sku", "código interno"],
            Self::Text => &["descripción", "producto", "detalle", "nombre", "denominación", "artículo descripción"],
            Self::Brand => &["marca"],
            Self::Category => &["rubro", "categoría", "familia", "línea"],
            Self::Unit => &["unidad de medida", "unidad", "um"],
            Self::UnitsPerCase => &["unidades por bulto", "uxb", "u x b", "un x bulto", "unid x bulto", "cant x bulto"],
            Self::UnitPrice => &["precio unitario", "precio unidad", "precio x unidad", "unitario", "p unit"],
            Self::CasePrice => &["precio bulto", "precio por bulto", "precio x bulto", "precio caja", "bulto"],
            Self::Price => &["precio", "precio lista", "lista", "precio neto", "costo", "importe"],
            Self::Discount => &["descuento", "dto", "bonificación", "bonif", "desc %"],
            Self::Vat => &["iva", "alícuota", "alícuota iva", "% iva"],
        }
    }

    const fn content(self) -> Content {
        match self {
            Self::Barcode => Content::Barcode,
            _ => Content::Any,
        }
    }
}

/// What each column feeds, in the order of the columns.
pub type Mapping = Vec<Option<ListField>>;

/// What is remembered of a supplier's titles.
pub type Remembered = BTreeMap<String, Option<ListField>>;

/// What the columns of a table are: as somebody said of the same titles of that supplier, else as titles and cells suggest.
pub fn mapping(table: &Table, remembered: &Remembered) -> Mapping {
    let fields = ListField::ALL;
    let specs =
        fields.map(|field| FieldSpec { name: field.code(), synonyms: field.titles(), content: field.content() });
    let guessed = guess_columns(&table.header, &table.rows, &specs);
    let said: Vec<Option<&Option<ListField>>> = keys(&table.header).iter().map(|key| remembered.get(key)).collect();
    let taken = |field: ListField| said.iter().flatten().any(|said| **said == Some(field));
    let column = |(said, guess): (&Option<&Option<ListField>>, Option<usize>)| match said {
        Some(said) => **said,
        None => guess.map(|at| fields[at]).filter(|field| !taken(*field)),
    };
    said.iter().zip(guessed).map(column).collect()
}

/// What is remembered once somebody said what columns are.
pub fn remember(titles: &[String], mapping: &Mapping) -> Remembered {
    keys(titles).into_iter().zip(mapping.iter().copied()).collect()
}

/// With the heading that the supplier's papers have for the units of a case, unless somebody said otherwise of that title.
pub fn with_pack_column(mut remembered: Remembered, heading: &str) -> Remembered {
    if !heading.is_empty() {
        let title = header_signature(&[heading.to_owned()]);
        remembered.entry(title).or_insert(Some(ListField::UnitsPerCase));
    }
    remembered
}

/// What each title is remembered by: its words, and its place where another column has the same ones.
fn keys(titles: &[String]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let words = titles.iter().map(|title| header_signature(std::slice::from_ref(title)));
    words
        .map(|words| {
            let times = seen.entry(words.clone()).or_default();
            *times += 1;
            if *times == 1 { words } else { format!("{words}#{times}") }
        })
        .collect()
}

/// Why a mapping is no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// Two columns feed the same field.
    Twice(ListField),
    /// Nothing tells what a row is.
    NoName,
    /// No column has prices.
    NoPrice,
    /// It is not as long as the file is wide.
    OtherWidth {
        /// Columns of the file.
        columns: usize,
    },
}

/// Whether a list can be read by a mapping.
///
/// # Errors
/// [`Unusable`] says what is missing or too much.
pub fn check(mapping: &Mapping, columns: usize) -> Result<(), Unusable> {
    if mapping.len() != columns {
        return Err(Unusable::OtherWidth { columns });
    }
    let times = |field: ListField| mapping.iter().filter(|fed| **fed == Some(field)).count();
    if let Some(field) = ListField::ALL.into_iter().find(|field| times(*field) > 1) {
        return Err(Unusable::Twice(field));
    }
    let has = |fields: &[ListField]| fields.iter().any(|field| times(*field) == 1);
    if !has(&[ListField::Text, ListField::Barcode, ListField::Code]) {
        return Err(Unusable::NoName);
    }
    if has(&ListField::PRICES) { Ok(()) } else { Err(Unusable::NoPrice) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gondola_sheets::{Limits, read};

    fn codes(file: &str, remembered: &Remembered) -> Vec<&'static str> {
        let table = read(file.as_bytes(), &Limits::IMPORT).unwrap();
        mapping(&table, remembered).into_iter().map(|field| field.map_or("-", ListField::code)).collect()
    }

    #[test]
    fn headings_of_suppliers_are_understood() {
        let table = [
            ("Código;Descripción;Precio\nA1;VINO;10,5\n", "code text price"),
            (
                "EAN;Producto;Marca;UxB;Precio bulto\n7790742034007;LECHE;LS;12;100\n",
                "barcode text brand units_per_case case_price",
            ),
            ("COD. ART.;DETALLE;IVA;P. UNIT.;DTO\n1;X;21;3;0\n", "code text vat unit_price discount"),
            ("Artículo;Descripción;Precio bulto;Precio unidad\n12345;X;3;4\n", "code text case_price unit_price"),
        ];
        for (file, expected) in table {
            assert_eq!(codes(file, &Remembered::new()).join(" "), expected, "{file}");
        }
    }

    #[test]
    fn the_heading_of_packs_on_a_suppliers_papers_is_that_of_their_lists() {
        let file = "Producto;Cant. x caja master;Precio bulto\nX;12;3\n";
        let with = |heading: &str| codes(file, &with_pack_column(Remembered::new(), heading));
        assert_eq!(with(""), ["text", "-", "case_price"]);
        assert_eq!(with("cant x caja MASTER"), ["text", "units_per_case", "case_price"]);
    }

    #[test]
    fn what_was_said_of_a_title_counts_for_the_next_file_wherever_it_stands() {
        let titles = ["Ref", "Mercadería", "Final", "Precio"].map(str::to_owned);
        let said = vec![Some(ListField::Code), Some(ListField::Text), Some(ListField::Price), None];
        let remembered = remember(&titles, &said);
        let next = "Precio;Final;MERCADERIA;Ref;EAN\n1;2;X;A;\n";
        assert_eq!(codes(next, &remembered), ["-", "price", "text", "code", "barcode"]);
    }

    #[test]
    fn a_mapping_needs_a_name_and_a_price_once() {
        use ListField::{Code, Price, Text, UnitPrice};
        assert_eq!(check(&vec![Some(Code), None, Some(Price)], 3), Ok(()));
        assert_eq!(check(&vec![Some(Price)], 1), Err(Unusable::NoName));
        assert_eq!(check(&vec![Some(Text), None], 2), Err(Unusable::NoPrice));
        assert_eq!(check(&vec![Some(Text), Some(Text), Some(Price)], 3), Err(Unusable::Twice(Text)));
        assert_eq!(check(&vec![Some(Text), Some(UnitPrice)], 3), Err(Unusable::OtherWidth { columns: 3 }));
    }
}
