//! What stands where on one label.

use super::{Label, Offer, WIDE};
use crate::font::{Line, Size, Type};
use crate::length::Length;
use crate::sheet::{Align, Area, Ink, Place, Sheet};

const NAME: Type = Type::bold(95);
const UNIT: Type = Type::regular(85);
const SMALL: Type = Type::regular(60);
const BADGE: Type = Type::bold(80);
const PRICE: Type = Type::bold(300);
const PRICE_MIN: Size = Size::tenths(120);
/// Below this size the lesser prices are no longer read.
const SMALL_MIN: Size = Size::tenths(45);
/// Lines of the price without taxes.
const NET_LINES_MAX: usize = 2;
/// Between the price and what stands under it.
const GAP: Length = Length::um(2_000);
/// Between the name and the price.
const NAME_GAP: Length = Length::um(600);

/// `None` when a price does not fit.
pub(super) fn draw(sheet: &mut Sheet, area: Area, label: &Label<'_>) -> Option<()> {
    let mut y = area.y + NAME.size.cap_height();
    for line in Line::new(label.name).wrapped(NAME, area.width, 2) {
        sheet.text(&line, NAME, Align::Left, Place { x: area.x, y });
        y = y + NAME.size.leading();
    }
    let top = area.y + NAME.size.leading() * 2 + NAME_GAP;
    let side = match label.offer {
        Some(offer) => draw_offer(sheet, Area { y: top, ..area }, offer)?,
        None => Length::ZERO,
    };
    let line = Line::new(label.price);
    let style = line.shrunk(PRICE, PRICE_MIN, area.width - side)?;
    let base = top + PRICE.size.cap_height();
    sheet.text(&line, style, Align::Left, Place { x: area.x, y: base });
    let facts = Area { y: base + GAP, height: area.y + area.height - base - GAP, ..area };
    if area.width >= WIDE { draw_beside(sheet, facts, label) } else { draw_under(sheet, facts, label) }
}

/// A black badge at the right edge with the base price under it; gives the width that it takes from the price.
fn draw_offer(sheet: &mut Sheet, area: Area, offer: Offer<'_>) -> Option<Length> {
    let width = Length::mm(19);
    let badge = Area { x: area.x + area.width - width, width, height: Length::um(3_500), ..area };
    let middle = badge.x + width / 2;
    sheet.fill(badge, Ink::Black);
    let y = badge.y + (badge.height + BADGE.size.cap_height()) / 2;
    let title = Line::new(offer.title).fitted(BADGE, width - Length::mm(1));
    sheet.white_text(&title, BADGE, Align::Centre, Place { x: middle, y });
    let mut y = badge.y + badge.height;
    for text in [offer.base_price, offer.until] {
        let line = Line::new(text);
        y = y + SMALL.size.leading();
        sheet.text(&line, line.shrunk(SMALL, SMALL_MIN, width)?, Align::Centre, Place { x: middle, y });
    }
    Some(width + Length::mm(2))
}

/// Texts at the left and bars at the right, the date at the foot.
fn draw_beside(sheet: &mut Sheet, area: Area, label: &Label<'_>) -> Option<()> {
    let width = Length::mm(34);
    let texts = Area { width: area.width - width - Length::mm(1), ..area };
    draw_prices(sheet, texts, label, texts.width)?;
    let date = Line::new(label.date).fitted(SMALL, texts.width);
    sheet.grey_text(&date, SMALL, Align::Left, Place { x: area.x, y: area.y + area.height });
    if let Some(barcode) = label.barcode {
        barcode.draw(sheet, Area { x: area.x + area.width - width, width, ..area });
    }
    Some(())
}

/// Texts over the bars, the date beside the unit price.
fn draw_under(sheet: &mut Sheet, area: Area, label: &Label<'_>) -> Option<()> {
    let date = Line::new(label.date).fitted(SMALL, area.width / 3);
    let beside_date = area.width - date.width(SMALL) - Length::mm(1);
    draw_prices(sheet, area, label, beside_date)?;
    let at = Place { x: area.x + area.width, y: area.y + UNIT.size.cap_height() };
    sheet.grey_text(&date, SMALL, Align::Right, at);
    if let Some(barcode) = label.barcode {
        let height = Length::mm(11);
        barcode.draw(sheet, Area { y: area.y + area.height - height, height, ..area });
    }
    Some(())
}

/// The unit price in its width, and smaller the price without taxes in the area's. `None` when one would be cut.
fn draw_prices(sheet: &mut Sheet, area: Area, label: &Label<'_>, unit_width: Length) -> Option<()> {
    let unit_price = Line::new(label.unit_price);
    let style = unit_price.shrunk(UNIT, SMALL_MIN, unit_width)?;
    let mut y = area.y + UNIT.size.cap_height();
    sheet.text(&unit_price, style, Align::Left, Place { x: area.x, y });
    let lines = Line::new(label.net_price).wrapped(SMALL, area.width, NET_LINES_MAX + 1);
    if lines.len() > NET_LINES_MAX {
        return None;
    }
    for line in lines {
        y = y + SMALL.size.leading() + Length::um(150);
        sheet.text(&line, SMALL, Align::Left, Place { x: area.x, y });
    }
    Some(())
}
