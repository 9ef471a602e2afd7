//! The two price lists on paper: one for the staff, by category with the code to key in; one for the wall, by category
//! with a column for each size.

use crate::sheet::{Align, Language};
use crate::table::{Column, Opening, Table, TableRefusal};

/// One product of the staff's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaffItem<'a> {
    /// What is keyed in at the till.
    pub code: &'a str,
    /// What it is called.
    pub name: &'a str,
    /// What it costs, written: "$ 1.200" or "$ 8.650 por kg".
    pub price: &'a str,
}

/// The products of one category, for the staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaffCategory<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its products, in order.
    pub items: &'a [StaffItem<'a>],
}

/// One product of the customers' list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisplayItem<'a> {
    /// What it is called, without its size.
    pub name: &'a str,
    /// A price for each size of the category; empty where it is not sold in that size.
    pub prices: &'a [&'a str],
}

/// The products of one category, for customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisplayCategory<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its sizes or packs: "473 ml", "1 L", "por kg".
    pub sizes: &'a [&'a str],
    /// Its products, in order.
    pub items: &'a [DisplayItem<'a>],
}

/// The staff's list as PDF.
///
/// # Errors
/// Refused when a limit of [`Table`] is reached.
pub fn staff_list(opening: Opening<'_>, categories: &[StaffCategory<'_>]) -> Result<Vec<u8>, TableRefusal> {
    let [code, name, price] = match opening.head.language {
        Language::Spanish => ["CÓDIGO", "PRODUCTO", "PRECIO"],
        Language::English => ["CODE", "PRODUCT", "PRICE"],
    };
    let columns = [
        Column { title: code, align: Align::Left, letters: 20 },
        Column { title: name, align: Align::Left, letters: 55 },
        Column { title: price, align: Align::Right, letters: 20 },
    ];
    let mut table = Table::new(opening, &columns)?;
    for category in categories {
        table.section(category.name)?;
        for item in category.items {
            table.row(&[item.code, item.name, item.price])?;
        }
    }
    table.finish()
}

/// The customers' list as PDF: the name of the category stands over its products, its sizes over their prices.
///
/// # Errors
/// Refused when a product has not one price for each size, or when a limit of [`Table`] is reached.
pub fn display_list(opening: Opening<'_>, categories: &[DisplayCategory<'_>]) -> Result<Vec<u8>, TableRefusal> {
    let empty = [Column { title: "", align: Align::Left, letters: 1 }];
    let mut table = Table::new(opening, &empty)?;
    for category in categories {
        table.columns(&display_columns(category))?;
        table.section(category.name)?;
        for item in category.items {
            let cells: Vec<&str> = std::iter::once(item.name).chain(item.prices.iter().copied()).collect();
            table.row(&cells)?;
        }
    }
    table.finish()
}

fn display_columns<'a>(category: &DisplayCategory<'a>) -> Vec<Column<'a>> {
    let name = Column { title: "", align: Align::Left, letters: 30 };
    let sizes = category.sizes.iter().map(|title| Column { title, align: Align::Right, letters: 12 });
    std::iter::once(name).chain(sizes).collect()
}
