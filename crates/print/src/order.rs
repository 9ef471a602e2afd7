//! The purchase order that a supplier gets: who asks, who is asked, what is urgent and what is not. No prices: what was
//! agreed stands in the supplier's own papers.

use crate::font::{Line, Type};
use crate::length::Length;
use crate::sheet::{Align, Head, Language, Place};
use crate::table::{Column, Density, MARGIN, Opening, Table, TableRefusal};

/// Lines of the shop's or the supplier's address that are printed.
pub const ADDRESS_LINES_MAX: usize = 6;

const CAPTION: Type = Type::bold(75);
const NAME: Type = Type::bold(105);
const ADDRESS: Type = Type::regular(90);

/// How soon a line is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// It runs out before the next visit.
    Urgent,
    /// It can come with the next visit.
    Normal,
}

/// One product asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderLine<'a> {
    /// How soon.
    pub urgency: Urgency,
    /// The supplier's code, or the shop's.
    pub code: &'a str,
    /// What it is called.
    pub name: &'a str,
    /// How many, written.
    pub quantity: &'a str,
    /// Of what: "caja x 12", "kg".
    pub unit: &'a str,
}

/// A purchase order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<'a> {
    /// The language of the fixed words.
    pub language: Language,
    /// The order's number, written.
    pub number: &'a str,
    /// Its date, written.
    pub date: &'a str,
    /// Name, CUIT, address, telephone of the shop.
    pub shop: &'a [&'a str],
    /// The same of the supplier.
    pub supplier: &'a [&'a str],
    /// What is asked for, in any order of urgency.
    pub lines: &'a [OrderLine<'a>],
    /// For the supplier; empty for none.
    pub notes: &'a str,
}

struct Words {
    title: &'static str,
    from: &'static str,
    to: &'static str,
    columns: [&'static str; 4],
    urgent: &'static str,
    normal: &'static str,
    notes: &'static str,
}

const SPANISH: Words = Words {
    title: "Pedido",
    from: "DE",
    to: "PARA",
    columns: ["CÓDIGO", "PRODUCTO", "CANTIDAD", "UNIDAD"],
    urgent: "URGENTE",
    normal: "NORMAL",
    notes: "Notas",
};

const ENGLISH: Words = Words {
    title: "Order",
    from: "FROM",
    to: "TO",
    columns: ["CODE", "PRODUCT", "QUANTITY", "UNIT"],
    urgent: "URGENT",
    normal: "NORMAL",
    notes: "Notes",
};

/// The order as PDF.
///
/// # Errors
/// Refused when a limit of [`Table`] is reached.
pub fn order(order: &Order<'_>) -> Result<Vec<u8>, TableRefusal> {
    let words = match order.language {
        Language::Spanish => &SPANISH,
        Language::English => &ENGLISH,
    };
    let title = format!("{} {}", words.title, order.number);
    let foot = format!("{title} · {}", order.shop.first().unwrap_or(&""));
    let head = Head { title: &title, language: order.language };
    let opening = Opening { head, subtitle: order.date, foot: &foot, density: Density::Desk };
    let mut table = Table::new(opening, &columns(words))?;
    draw_parties(&mut table, words, order);
    for (urgency, title) in [(Urgency::Urgent, words.urgent), (Urgency::Normal, words.normal)] {
        let mut lines = order.lines.iter().filter(|line| line.urgency == urgency).peekable();
        if lines.peek().is_some() {
            table.section(title)?;
        }
        for line in lines {
            table.row(&[line.code, line.name, line.quantity, line.unit])?;
        }
    }
    if !order.notes.is_empty() {
        table.note(words.notes, order.notes)?;
    }
    table.finish()
}

fn columns(words: &Words) -> [Column<'static>; 4] {
    let [code, name, quantity, unit] = words.columns;
    [
        Column { title: code, align: Align::Left, letters: 16 },
        Column { title: name, align: Align::Left, letters: 50 },
        Column { title: quantity, align: Align::Right, letters: 12 },
        Column { title: unit, align: Align::Left, letters: 16 },
    ]
}

/// Shop at the left, supplier at the right.
fn draw_parties(table: &mut Table, words: &Words, order: &Order<'_>) {
    let width = (table.sheet.paper().width - MARGIN * 2) / 2;
    let top = table.y + Length::mm(5);
    let left = draw_party(table, (words.from, order.shop), Place { x: MARGIN, y: top });
    let right = draw_party(table, (words.to, order.supplier), Place { x: MARGIN + width, y: top });
    table.y = left.max(right) + Length::mm(2);
}

fn draw_party(table: &mut Table, (caption, lines): (&str, &[&str]), at: Place) -> Length {
    let width = (table.sheet.paper().width - MARGIN * 2) / 2 - Length::mm(5);
    table.sheet.grey_text(&Line::new(caption), CAPTION, Align::Left, at);
    let mut y = at.y;
    for (index, text) in lines.iter().take(ADDRESS_LINES_MAX).enumerate() {
        let style = if index == 0 { NAME } else { ADDRESS };
        y = y + style.size.leading() + Length::um(300);
        table.sheet.text(&Line::new(text).fitted(style, width), style, Align::Left, Place { x: at.x, y });
    }
    y
}
