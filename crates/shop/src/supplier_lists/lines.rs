//! The rows of a list as lines: what the cells say once it is known what the columns are. A row that is no article, like the
//! heading of a group, is left out; one whose price is no number stays, with what is wrong with it.

use gondola_ledger::UnitCost;
use gondola_papers::fiscal::VatTreatment;
use gondola_sheets::NumberError;
use uuid::Uuid;

use super::fields::{ListField, Mapping};
use super::grid::{Grid, GridRow};
use crate::catalogue::Barcode;
use crate::invoices::{MatchedBy, WrittenLine, vat_from_code};
use crate::kernel::text::{clean_line, fold};

/// Characters of a code, a unit, a brand or a category that are kept.
const WORD_MAX: usize = 80;
/// Characters of a name that are kept.
const TEXT_MAX: usize = 200;
/// Digits that make a code a barcode where no column says so: eight may be a code of the house.
const BARCODE_MIN: usize = 12;
/// Units of a case at most.
const PACK_MAX: u32 = 10_000;

/// How sure it is which product a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// A barcode, a code, a wording or a person says it.
    Certain,
    /// Its words are so much alike that nobody has to look.
    Automatic,
    /// Its words are alike: a person looks.
    Person,
    /// No product is like it.
    None,
}

impl Certainty {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Certain, Self::Automatic, Self::Person, Self::None];

    /// The name in API and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Automatic => "automatic",
            Self::Person => "person",
            Self::None => "none",
        }
    }

    /// Whether the product is known without asking anybody.
    pub const fn is_known(self) -> bool {
        matches!(self, Self::Certain | Self::Automatic)
    }
}

/// What a line's price is beside that of the supplier's last list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    New,
    /// It costs more.
    Dearer,
    /// It costs less.
    Cheaper,
    /// It costs the same.
    Same,
    /// One of them has no price.
    Unknown,
}

impl Change {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::New, Self::Dearer, Self::Cheaper, Self::Same, Self::Unknown];

    /// The name in API and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Dearer => "dearer",
            Self::Cheaper => "cheaper",
            Self::Same => "same",
            Self::Unknown => "unknown",
        }
    }
}

/// A line of a list, and what it is to the shop.
#[derive(Debug, Clone)]
pub struct ListLine {
    /// Its line in the file.
    pub line: i64,
    /// What it says.
    pub written: WrittenLine,
    /// Its brand; empty when the list has no such column.
    pub brand: String,
    /// Its category, likewise.
    pub category: String,
    /// How sure it is which product it is.
    pub certainty: Certainty,
    /// How much alike the words are, of a thousand.
    pub score: Option<u16>,
    /// What one unit costs the shop.
    pub unit_cost: Option<UnitCost>,
    /// The price of a closed case beside that of one.
    pub case_price: Option<UnitCost>,
    /// What one unit costs the shop when a closed case is bought.
    pub case_unit_cost: Option<UnitCost>,
    /// Why it has no cost; empty where it has one.
    pub problem: &'static str,
    /// Its price beside that of the last list.
    pub change: Change,
    /// The price of the last list.
    pub price_before: Option<i64>,
    /// The unit cost of the last list.
    pub unit_cost_before: Option<i64>,
    /// Whether it is to be applied.
    pub is_chosen: bool,
}

impl ListLine {
    /// What tells it from the others in the lists of its supplier.
    pub fn key(&self) -> String {
        let WrittenLine { code, barcode, about, .. } = &self.written;
        if !barcode.is_empty() {
            format!("b {barcode}")
        } else if !code.is_empty() {
            format!("c {}", fold(code))
        } else {
            format!("t {}", fold(about))
        }
    }

    /// The product it is, as far as nobody has to be asked.
    pub fn known_product(&self) -> Option<Uuid> {
        self.written.product.filter(|_| self.certainty.is_known())
    }
}

/// The lines of a list.
pub fn lines(grid: &Grid, mapping: &Mapping) -> Vec<ListLine> {
    grid.rows.iter().filter_map(|row| Cells { grid, row, mapping }.line()).collect()
}

struct Cells<'g> {
    grid: &'g Grid,
    row: &'g GridRow,
    mapping: &'g Mapping,
}

impl Cells<'_> {
    fn column(&self, field: ListField) -> Option<usize> {
        self.mapping.iter().position(|fed| *fed == Some(field))
    }

    fn word(&self, field: ListField, max: usize) -> String {
        let cell = self.column(field).and_then(|column| self.grid.cell(self.row, column)).unwrap_or_default();
        let cut: String = cell.chars().take(max).collect();
        // What no line of text may hold, a file may: those letters are left out.
        let is_letter = |letter: &char| letter.is_whitespace() || clean_line(&letter.to_string(), 8).is_ok();
        let visible = || cut.chars().filter(is_letter).collect::<String>();
        clean_line(&cut, max).or_else(|_| clean_line(&visible(), max)).unwrap_or_default()
    }

    /// The code of a workbook's column of numbers is that number without the decimals it was never written with.
    fn code(&self, field: ListField) -> String {
        let is_number = self.column(field).is_some_and(|column| self.row.numbers.contains(&column));
        let word = self.word(field, WORD_MAX);
        if is_number { word.strip_suffix(".0").map(str::to_owned).unwrap_or(word) } else { word }
    }

    fn line(&self) -> Option<ListLine> {
        let (barcode, code) = self.codes();
        let named = self.word(ListField::Text, TEXT_MAX);
        let about = if named.is_empty() { if code.is_empty() { barcode.clone() } else { code.clone() } } else { named };
        let (unit, price) = self.price();
        let filled = (0..self.grid.titles.len()).filter(|column| self.grid.cell(self.row, *column).is_some()).count();
        let is_group = filled == 1 && price == Err("no_price");
        if about.is_empty() || is_group {
            return None;
        }
        let discount = self.discount();
        let vat = self.vat();
        let problem = [price.err(), discount.err(), vat.err()].into_iter().flatten().next().unwrap_or_default();
        let written = WrittenLine {
            code,
            barcode,
            about,
            quantity: gondola_ledger::Qty::whole(1),
            unit,
            units_per_case: self.units_per_case(),
            price: price.ok(),
            discount_bp: discount.unwrap_or_default(),
            vat: vat.ok().flatten(),
            subtotal: None,
            is_goods: true,
            product: None,
            matched_by: None::<MatchedBy>,
            lot_code: String::new(),
            expires_on: None,
            confidence_permille: 1_000,
        };
        Some(ListLine {
            line: i64::from(self.row.line),
            written,
            brand: self.word(ListField::Brand, WORD_MAX),
            category: self.word(ListField::Category, WORD_MAX),
            certainty: Certainty::None,
            score: None,
            unit_cost: None,
            case_price: self.case_price(),
            case_unit_cost: None,
            problem,
            change: Change::New,
            price_before: None,
            unit_cost_before: None,
            is_chosen: false,
        })
    }

    /// Barcode and code. What stands in the column of barcodes and is none is a code, where there is no other; and a code that
    /// is as long as a barcode and has its check digit is one, where there is no column of them.
    fn codes(&self) -> (String, String) {
        let (printed, code) = (self.code(ListField::Barcode), self.code(ListField::Code));
        let as_barcode = |text: &str| Barcode::parse(text).map(|barcode| barcode.as_str().to_owned());
        match as_barcode(&printed) {
            Ok(barcode) => (barcode, code),
            Err(_) if self.column(ListField::Barcode).is_none() && code.len() >= BARCODE_MIN => {
                (as_barcode(&code).unwrap_or_default(), code)
            }
            Err(_) if code.is_empty() => (String::new(), printed),
            Err(_) => (String::new(), code),
        }
    }

    /// The price and what it is for: that of one unit before that of a case, and those before one that does not say.
    fn price(&self) -> (String, Result<UnitCost, &'static str>) {
        let mut printed = self.word(ListField::Unit, WORD_MAX);
        let mut price = Err("no_price");
        for field in ListField::PRICES {
            let Some(column) = self.column(field) else { continue };
            price = match self.grid.number(self.row, column) {
                Err(NumberError::Empty) => continue,
                Err(_) => Err("bad_price"),
                Ok(number) => cost(&number),
            };
            match field {
                ListField::UnitPrice => "unidad".clone_into(&mut printed),
                ListField::CasePrice => "bulto".clone_into(&mut printed),
                _ => {}
            }
            break;
        }
        (printed, price)
    }

    /// The price of a closed case, where the list has one beside that of a unit: MAX prints both.
    fn case_price(&self) -> Option<UnitCost> {
        let price = |field| cost(&self.grid.number(self.row, self.column(field)?).ok()?).ok();
        price(ListField::CasePrice).filter(|_| price(ListField::UnitPrice).is_some())
    }

    fn discount(&self) -> Result<i64, &'static str> {
        let Some(column) = self.column(ListField::Discount) else { return Ok(0) };
        let Some(cell) = self.grid.cell(self.row, column) else { return Ok(0) };
        let plain = cell.trim_end_matches('%').trim().replace(',', ".");
        let basis_points = UnitCost::parse(&plain).map_err(|_| "bad_discount")?.raw();
        // Ten-thousandths of a per cent, of which a discount has whole hundredths.
        let is_share = (0..=1_000_000).contains(&basis_points) && basis_points % 100 == 0;
        if is_share { Ok(basis_points / 100) } else { Err("bad_discount") }
    }

    fn vat(&self) -> Result<Option<VatTreatment>, &'static str> {
        let Some(column) = self.column(ListField::Vat) else { return Ok(None) };
        let Some(cell) = self.grid.cell(self.row, column) else { return Ok(None) };
        let folded = fold(cell);
        if folded.starts_with("exent") {
            return Ok(Some(VatTreatment::Exempt));
        }
        if folded.starts_with("no grav") {
            return Ok(Some(VatTreatment::NotTaxed));
        }
        let plain = cell.trim_end_matches('%').trim().replace(',', ".");
        let rate = UnitCost::parse(&plain).map_err(|_| "bad_vat")?.raw();
        // A workbook's cell in per cent holds the share: 0.21.
        let rate = if (1..10_000).contains(&rate) { rate * 100 } else { rate };
        let text = UnitCost::new(rate).to_string();
        let text = text.trim_end_matches('0').trim_end_matches('.');
        vat_from_code(if text.is_empty() { "0" } else { text }).map(Some).ok_or("bad_vat")
    }

    fn units_per_case(&self) -> Option<u32> {
        let cell = self.grid.cell(self.row, self.column(ListField::UnitsPerCase)?)?;
        let plain = cell.strip_suffix(".0").or_else(|| cell.strip_suffix(",00")).unwrap_or(cell);
        let digits: String =
            plain.trim_start_matches(['x', 'X']).trim().chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|units| (1..=PACK_MAX).contains(units))
    }
}

/// A price of at most four decimals, rounded where a workbook says more; one of nothing is none.
fn cost(number: &str) -> Result<UnitCost, &'static str> {
    let cost = rounded(number).and_then(|number| UnitCost::parse(&number).ok()).ok_or("bad_price")?;
    match cost {
        cost if cost.is_zero() => Err("no_price"),
        cost if cost.is_positive() => Ok(cost),
        _ => Err("bad_price"),
    }
}

/// A decimal with more than four places, rounded half up to four; workbooks hold `8765.43209999`.
fn rounded(number: &str) -> Option<String> {
    let Some((whole, decimals)) = number.split_once('.') else { return Some(number.to_owned()) };
    let Some(next) = decimals.as_bytes().get(4) else { return Some(number.to_owned()) };
    let raw: i64 = format!("{whole}{}", &decimals[..4]).parse().ok()?;
    let up = i64::from(*next >= b'5');
    let raw = raw.checked_add(if whole.starts_with('-') { -up } else { up })?;
    Some(UnitCost::new(raw).to_string())
}

#[cfg(test)]
mod tests {
    use gondola_sheets::{Limits, read};

    use super::super::fields::{Remembered, mapping};
    use super::super::grid::ReadList;
    use super::*;

    fn of(file: &str) -> Vec<ListLine> {
        let table = read(file.as_bytes(), &Limits::IMPORT).unwrap();
        let grid = ReadList::of(file.as_bytes()).unwrap().grid;
        lines(&grid, &mapping(&table, &Remembered::new()))
    }

    fn price(line: &ListLine) -> String {
        line.written.price.map_or_else(|| line.problem.to_owned(), |price| price.to_string())
    }

    #[test]
    fn rows_become_lines_and_headings_of_groups_are_left_out() {
        let found = of(
            "Código;Descripción;Precio\nVINOS;;\n;VINOS;\nV1;MALBEC 750;8.765,4321\nV2;CHENIN;1.234\nV3;ROSADO;\nV4;BLANCO;consultar\n",
        );
        let told: Vec<(String, String)> = found.iter().map(|line| (line.written.code.clone(), price(line))).collect();
        let expected = [("V1", "8765.4321"), ("V2", "1234.0000"), ("V3", "no_price"), ("V4", "bad_price")];
        assert_eq!(told, expected.map(|(code, price)| (code.to_owned(), price.to_owned())));
    }

    #[test]
    fn the_price_of_one_unit_comes_before_that_of_a_case() {
        let found = of("Artículo;Descripción;Precio bulto;Precio unidad\n1;A;1200;100\n2;B;1200;\n");
        let told: Vec<(&str, String)> = found.iter().map(|line| (line.written.unit.as_str(), price(line))).collect();
        assert_eq!(told, [("unidad", "100.0000".to_owned()), ("bulto", "1200.0000".to_owned())]);
    }

    #[test]
    fn vat_and_discounts_are_read_as_suppliers_print_them() {
        let found = of(
            "Código;Detalle;IVA;Dto;Precio\n1;A;21%;10;5\n2;B;10,5;7,5%;5\n3;C;0.21;;5\n4;D;Exento;;5\n5;E;33;;5\n6;F;21;120;5\n",
        );
        let vat = |line: &ListLine| line.written.vat.map(crate::invoices::vat_code).unwrap_or_default();
        let told: Vec<(String, i64, &str)> = found.iter().map(|l| (vat(l), l.written.discount_bp, l.problem)).collect();
        let expected = [
            ("21", 1_000, ""),
            ("10.5", 750, ""),
            ("21", 0, ""),
            ("exempt", 0, ""),
            ("", 0, "bad_vat"),
            ("21", 0, "bad_discount"),
        ];
        assert_eq!(told, expected.map(|(vat, discount, problem)| (vat.to_owned(), discount, problem)));
    }

    #[test]
    fn a_barcode_keeps_one_form_and_what_is_none_is_a_code() {
        let found = of("EAN;Producto;Precio\n7790742034007;LECHE;5\n7790742034008;OTRA;5\n");
        assert_eq!((found[0].written.barcode.as_str(), found[0].key().as_str()), ("7790742034007", "b 7790742034007"));
        assert_eq!((found[1].written.barcode.as_str(), found[1].written.code.as_str()), ("", "7790742034008"));
    }

    #[test]
    fn more_than_four_decimals_are_rounded() {
        for (text, expected) in [("1.23455", "1.2346"), ("1.23454", "1.2345"), ("-0.00005", "-0.0001"), ("7", "7")] {
            assert_eq!(rounded(text).unwrap(), expected, "{text}");
        }
    }
}
