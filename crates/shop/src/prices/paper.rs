//! The price lists that are printed: one for whoever works here, with the code to key in, and one for the wall, with a column
//! for each size. In Spanish, as the shop is.

use gondola_ledger::{Money, Unit};
use gondola_print::price_list::{DisplayCategory, DisplayItem, StaffCategory, StaffItem, display_list, staff_list};
use gondola_print::sheet::{Head, Language};
use gondola_print::table::{Density, Opening};
use sqlx::FromRow;

use super::placing::{LIST_SPECIAL, LIST_WHOLESALE};
use crate::kernel::Problem;
use crate::kernel::numbers::show_money;
use crate::kernel::time::{Day, show_day};

/// Sizes that stand beside each other on a wall; a category with more has a price in each line.
const SIZES_MAX: usize = 4;

/// Who reads a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Whoever works in the shop.
    Staff,
    /// Who buys.
    Customers,
}

impl Readers {
    /// All of them, by their name in the API.
    pub const ALL: [(&'static str, Self); 2] = [("staff", Self::Staff), ("customers", Self::Customers)];
}

/// A product that stands on a list, by category and then by name.
#[derive(Debug, Clone, FromRow)]
pub(super) struct OnPaper {
    pub category: String,
    pub sku: String,
    pub internal_code: Option<String>,
    pub scale_plu: Option<String>,
    pub name: String,
    pub unit: String,
    /// In centavos; filled in once it is known.
    #[sqlx(skip)]
    pub amount: i64,
}

impl OnPaper {
    /// What is keyed in at the till or the scale.
    fn code(&self) -> &str {
        [&self.internal_code, &self.scale_plu].into_iter().flatten().next().unwrap_or(&self.sku)
    }

    /// `kg` for what is sold by the kilo; none for what is sold by the piece.
    fn measure(&self) -> Option<&'static str> {
        Unit::from_code(&self.unit).filter(|unit| *unit != Unit::Un).map(Unit::code)
    }

    fn price(&self) -> String {
        let price = pesos(self.amount);
        self.measure().map_or_else(|| price.clone(), |unit| format!("{price} por {unit}"))
    }
}

/// A price as a list says it: without the centavos that are none.
fn pesos(centavos: i64) -> String {
    let price = show_money(Money::new(centavos));
    price.strip_suffix(",00").map_or_else(|| price.clone(), str::to_owned)
}

/// What a list is about.
pub(super) struct Paper<'a> {
    pub readers: Readers,
    pub list: &'a str,
    pub day: Day,
}

impl Paper<'_> {
    /// The list as PDF.
    ///
    /// # Errors
    /// 409 for more products than a list on paper takes.
    pub fn document(&self, products: &[OnPaper]) -> Result<Vec<u8>, Problem> {
        let (title, density) = match self.readers {
            Readers::Staff => ("Lista de precios del personal", Density::Desk),
            Readers::Customers => ("Lista de precios", Density::Wall),
        };
        let day = show_day(self.day);
        let kind = match self.list {
            LIST_WHOLESALE => "Mayorista. ",
            LIST_SPECIAL => "Lista especial. ",
            _ => "",
        };
        let opening = Opening {
            head: Head { title, language: Language::Spanish },
            subtitle: &format!("{kind}Precios al {day}."),
            foot: &format!("Precios al {day}"),
            density,
        };
        let made = match self.readers {
            Readers::Staff => for_staff(opening, products),
            Readers::Customers => for_customers(opening, products),
        };
        made.map_err(|refusal| {
            let es = "La lista es demasiado larga para el papel. Elegí un rubro.";
            let en = format!("The list is too long for paper: {refusal}. Choose a category.");
            Problem::new(axum::http::StatusCode::CONFLICT, "list_too_long", es, en)
        })
    }
}

type Made = Result<Vec<u8>, gondola_print::table::TableRefusal>;

fn by_category(products: &[OnPaper]) -> impl Iterator<Item = &[OnPaper]> {
    products.chunk_by(|one, next| one.category == next.category)
}

fn for_staff(opening: Opening<'_>, products: &[OnPaper]) -> Made {
    let prices: Vec<Vec<String>> =
        by_category(products).map(|group| group.iter().map(OnPaper::price).collect()).collect();
    let items: Vec<Vec<StaffItem<'_>>> = by_category(products)
        .zip(&prices)
        .map(|(group, prices)| {
            let both = group.iter().zip(prices);
            both.map(|(product, price)| StaffItem { code: product.code(), name: &product.name, price }).collect()
        })
        .collect();
    let categories: Vec<StaffCategory<'_>> = by_category(products)
        .zip(&items)
        .map(|(group, items)| StaffCategory { name: &group[0].category, items })
        .collect();
    staff_list(opening, &categories)
}

/// A category as it stands on a wall.
#[derive(Debug, PartialEq, Eq)]
struct Wall {
    name: String,
    sizes: Vec<String>,
    /// A name and a price for each size; an empty one where it is not sold so.
    rows: Vec<(String, Vec<String>)>,
}

impl Wall {
    fn of(products: &[OnPaper]) -> Self {
        let sized: Vec<(String, Size)> = products.iter().map(Size::of).collect();
        let mut sizes: Vec<&Size> = sized.iter().map(|(_, size)| size).collect();
        sizes.sort();
        sizes.dedup();
        let name = products.first().map(|product| product.category.clone()).unwrap_or_default();
        if sizes.len() > SIZES_MAX {
            let rows = products.iter().map(|product| (product.name.clone(), vec![product.price()])).collect();
            return Self { name, sizes: vec!["precio".to_owned()], rows };
        }
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        for ((stem, size), product) in sized.iter().zip(products) {
            let at = sizes.binary_search(&size).expect("each size was taken from these products");
            let price = pesos(product.amount);
            // Two products of one name and size are two lines.
            let fits = |(name, prices): &&mut (String, Vec<String>)| name == stem && prices[at].is_empty();
            if let Some((_, prices)) = rows.iter_mut().find(fits) {
                prices[at] = price;
            } else {
                let mut prices = vec![String::new(); sizes.len()];
                prices[at] = price;
                rows.push((stem.clone(), prices));
            }
        }
        Self { name, sizes: sizes.into_iter().map(Size::shown).collect(), rows }
    }
}

fn for_customers(opening: Opening<'_>, products: &[OnPaper]) -> Made {
    let walls: Vec<Wall> = by_category(products).map(Wall::of).collect();
    let sizes: Vec<Vec<&str>> = walls.iter().map(|wall| texts(&wall.sizes)).collect();
    let prices: Vec<Vec<Vec<&str>>> =
        walls.iter().map(|wall| wall.rows.iter().map(|(_, prices)| texts(prices)).collect()).collect();
    let items: Vec<Vec<DisplayItem<'_>>> = walls
        .iter()
        .zip(&prices)
        .map(|(wall, prices)| {
            let rows = wall.rows.iter().zip(prices);
            rows.map(|((name, _), prices)| DisplayItem { name, prices }).collect()
        })
        .collect();
    let categories: Vec<DisplayCategory<'_>> = walls
        .iter()
        .zip(&sizes)
        .zip(&items)
        .map(|((wall, sizes), items)| DisplayCategory { name: &wall.name, sizes, items })
        .collect();
    display_list(opening, &categories)
}

fn texts(owned: &[String]) -> Vec<&str> {
    owned.iter().map(String::as_str).collect()
}

/// How much of a product is sold at once; in this order they stand beside each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Size {
    /// By the piece, of which nothing more is said.
    Each,
    /// So many thousandths of a gram, millilitre or piece, as its name says it.
    Of(u64, String),
    /// By the kilo, the litre or the metre.
    By(&'static str),
}

impl Size {
    /// What a product is called without its size, and its size.
    fn of(product: &OnPaper) -> (String, Self) {
        if let Some(unit) = product.measure() {
            return (product.name.clone(), Self::By(unit));
        }
        match split(&product.name) {
            Some((stem, thousandths, said)) => (stem.to_owned(), Self::Of(thousandths, said)),
            None => (product.name.clone(), Self::Each),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Each => "c/u".to_owned(),
            Self::Of(_, said) => said.clone(),
            Self::By(unit) => format!("por {unit}"),
        }
    }
}

/// `Fideos x 500 g` as `Fideos`, 500,000 and `500 g`, `Salchichas x6` as `Salchichas`, 6,000 and `x 6`; nothing where the name
/// ends in no size.
fn split(name: &str) -> Option<(&str, u64, String)> {
    if let Some((stem, pieces)) = name.trim_end().rsplit_once(" x").filter(|(_, pieces)| is_count(pieces)) {
        return Some((stem.trim_end(), thousandths(pieces)?, format!("x {pieces}")));
    }
    let (before, last) = name.trim_end().rsplit_once(' ').unwrap_or(("", name.trim()));
    let digits = last.find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, ',' | '.')));
    let (stem, number, unit) = match digits {
        Some(0) => {
            let (stem, number) = before.trim_end().rsplit_once(' ')?;
            (stem, number, last)
        }
        Some(at) => (before, &last[..at], &last[at..]),
        None => return None,
    };
    let thousandths = thousandths(number)?;
    let (factor, unit) = match unit.trim_end_matches('.').to_lowercase().as_str() {
        "g" | "gr" | "grs" => (1, "g"),
        "kg" | "kgs" | "kilo" => (1_000, "kg"),
        "ml" | "cc" | "cm3" => (1, "ml"),
        "l" | "lt" | "lts" | "litro" | "litros" => (1_000, "L"),
        "un" | "u" | "uni" => (1, "un"),
        _ => return None,
    };
    let stem = stem.trim_end();
    let stem = stem.strip_suffix(" x").or_else(|| stem.strip_suffix(" X")).unwrap_or(stem).trim_end();
    let said = format!("{} {unit}", number.replace('.', ","));
    (!stem.is_empty()).then(|| Some((stem, thousandths.checked_mul(factor)?, said))).flatten()
}

fn is_count(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `2,25` as 2,250.
fn thousandths(number: &str) -> Option<u64> {
    let (whole, decimals) = number.split_once([',', '.']).unwrap_or((number, ""));
    if decimals.len() > 3 || whole.is_empty() || whole.len() > 6 || decimals.contains([',', '.']) {
        return None;
    }
    format!("{whole}{decimals:0<3}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(category: &str, name: &str, unit: &str, pesos: i64) -> OnPaper {
        OnPaper {
            category: category.to_owned(),
            sku: format!("SKU-{pesos}"),
            internal_code: None,
            scale_plu: (unit == "kg").then(|| "41".to_owned()),
            name: name.to_owned(),
            unit: unit.to_owned(),
            amount: pesos * 100,
        }
    }

    #[test]
    fn a_size_is_taken_from_the_end_of_a_name() {
        for (name, stem, size) in [
            ("Coca-Cola 2,25 L", "Coca-Cola", "2,25 L"),
            ("Fideos x 500 g", "Fideos", "500 g"),
            ("Andes lata 473ml", "Andes lata", "473 ml"),
            ("Aceite 1.5 lts.", "Aceite", "1,5 L"),
            ("Salchichas Fela x12", "Salchichas Fela", "x 12"),
        ] {
            let (found, _, said) = split(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((found, said.as_str()), (stem, size), "{name}");
        }
        for name in ["Yerba", "500 g", "Azúcar Ledesma", "Vino 2021", "7up", "Galletitas 3x100 g.", "Pan 1,2345 kg", ""]
        {
            assert_eq!(split(name).map(|(stem, ..)| stem), None, "{name}");
        }
    }

    #[test]
    fn a_category_of_few_sizes_has_a_column_for_each_and_others_a_price_in_each_line() {
        let drinks = [
            product("Gaseosas", "Coca-Cola 1,5 L", "un", 2_500),
            product("Gaseosas", "Coca-Cola 500 ml", "un", 1_200),
            product("Gaseosas", "Pepsi 1.5 lt", "un", 2_300),
            product("Gaseosas", "Pepsi 1.5 lt", "un", 2_200),
            product("Gaseosas", "Sifón", "un", 900),
        ];
        let wall = Wall::of(&drinks);
        assert_eq!(wall.sizes, ["c/u", "500 ml", "1,5 L"]);
        let told: Vec<String> =
            wall.rows.iter().map(|(name, prices)| format!("{name}: {}", prices.join(" | "))).collect();
        assert_eq!(told[0].replace('\u{a0}', " "), "Coca-Cola:  | $ 1.200 | $ 2.500");
        assert_eq!(told.len(), 4, "two products of one name and size are two lines: {told:?}");
        let many: Vec<OnPaper> =
            (1..=5).map(|size| product("Vinos", &format!("Malbec {size} L"), "un", size)).collect();
        assert_eq!((Wall::of(&many).sizes, Wall::of(&many).rows.len()), (vec!["precio".to_owned()], 5));
        let cheese = [product("Quesos", "Queso cremoso", "kg", 8_650)];
        assert_eq!(Wall::of(&cheese).sizes, ["por kg"]);
    }

    #[test]
    fn both_lists_are_made_with_something_and_with_nothing() {
        let products =
            [product("Gaseosas", "Coca-Cola 1,5 L", "un", 2_500), product("Quesos", "Queso cremoso", "kg", 8_650)];
        assert_eq!((products[0].code(), products[1].code()), ("SKU-2500", "41"));
        assert!(products[1].price().ends_with("por kg"));
        for readers in [Readers::Staff, Readers::Customers] {
            let paper = Paper { readers, list: LIST_WHOLESALE, day: 20_000 };
            for products in [&products[..], &[]] {
                let bytes = paper.document(products).expect("it is short enough");
                assert!(bytes.starts_with(b"%PDF-"), "{readers:?}");
            }
        }
    }
}
