//! An order as the supplier reads it: one text to copy or to send by WhatsApp, what is urgent on top. Pure.

use gondola_ledger::{Qty, Unit};

use crate::kernel::numbers::show_amount;
use crate::kernel::time::{Day, show_day};

/// A line of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperLine {
    /// What it is called, in the supplier's words when they are known.
    pub name: String,
    /// How much of which unit; nothing while nobody said.
    pub quantity: Option<(Qty, String)>,
    /// Whether it is urgent.
    pub is_urgent: bool,
}

/// Who orders from whom, and when.
#[derive(Debug, Clone, Copy)]
pub struct Heading<'h> {
    /// The shop's name, when it has one.
    pub shop: Option<&'h str>,
    /// The supplier's.
    pub supplier: &'h str,
    /// The day.
    pub day: Day,
}

/// The whole text. A group that has no line is not there.
pub fn order_text(heading: Heading<'_>, lines: &[PaperLine]) -> String {
    let shop = heading.shop.map(|shop| format!(" {shop}")).unwrap_or_default();
    let mut text = format!("Pedido{shop} - {} - {}", heading.supplier, show_day(heading.day));
    for (title, is_urgent) in [("URGENTE", true), ("NORMAL", false)] {
        let group: Vec<String> = lines.iter().filter(|line| line.is_urgent == is_urgent).map(told).collect();
        if !group.is_empty() {
            text = format!("{text}\n{title}\n{}", group.join("\n"));
        }
    }
    text
}

/// Where a browser opens the text in WhatsApp, for somebody whose number is known.
pub fn whatsapp_link(phone: Option<&str>, text: &str) -> Option<String> {
    let digits: String = phone?.chars().filter(char::is_ascii_digit).collect();
    let query = serde_urlencoded::to_string([("text", text)]).expect("a text is a query");
    // The service takes no plus for a space.
    (!digits.is_empty()).then(|| format!("https://wa.me/{digits}?{}", query.replace('+', "%20")))
}

fn told(line: &PaperLine) -> String {
    let amount = line.quantity.as_ref().map_or("a confirmar".to_owned(), |(quantity, unit)| amount(*quantity, unit));
    format!("- {}: {amount}", line.name)
}

/// `4 cajones`, `1 cajón`, `2,500 kg`.
pub fn amount(quantity: Qty, unit: &str) -> String {
    let base = Unit::from_code(unit);
    let shown = show_amount(quantity, base.unwrap_or(if quantity.is_whole() { Unit::Un } else { Unit::Kg }));
    let one = Qty::whole(1).is_some_and(|one| quantity <= one);
    if base.is_some() || one { format!("{shown} {unit}") } else { format!("{shown} {}", several(unit)) }
}

/// More than one of a pack, in Spanish: its first word says what it is. What is no word stays as it was written.
fn several(unit: &str) -> String {
    let (word, rest) = unit.split_once(' ').map_or((unit, None), |(word, rest)| (word, Some(rest)));
    let plural = match word.chars().last() {
        _ if !word.chars().all(char::is_alphabetic) => word.to_owned(),
        None | Some('s') => word.to_owned(),
        _ if word.ends_with("ón") => format!("{}ones", word.trim_end_matches("ón")),
        Some('z') => format!("{}ces", word.trim_end_matches('z')),
        Some('d' | 'l' | 'n' | 'r') => format!("{word}es"),
        Some(_) => format!("{word}s"),
    };
    rest.map_or(plural.clone(), |rest| format!("{plural} {rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::parse_day;

    fn line(name: &str, quantity: &str, is_urgent: bool) -> PaperLine {
        let quantity =
            quantity.split_once(' ').map(|(number, unit)| (Qty::parse(number, Unit::Kg).unwrap(), unit.to_owned()));
        PaperLine { name: name.to_owned(), quantity, is_urgent }
    }

    fn heading(shop: Option<&str>) -> Heading<'_> {
        Heading { shop, supplier: "Quilmes", day: parse_day("2026-03-12").unwrap() }
    }

    /// The text of the domain, letter by letter.
    #[test]
    fn an_order_reads_as_the_domain_says() {
        let lines = [
            line("Pepsi 2,25 L", "2 pack", false),
            line("Brahma botella 1 L", "4 cajón", true),
            line("Andes lata 473 ml", "", false),
        ];
        assert_eq!(
            order_text(heading(Some("Don Pepe")), &lines),
            "Pedido Don Pepe - Quilmes - 12/03/2026\nURGENTE\n- Brahma botella 1 L: 4 cajones\nNORMAL\n- Pepsi 2,25 L: 2 packs\n- Andes lata 473 ml: a confirmar"
        );
        assert_eq!(
            order_text(heading(None), &lines[..1]),
            "Pedido - Quilmes - 12/03/2026\nNORMAL\n- Pepsi 2,25 L: 2 packs"
        );
        assert_eq!(order_text(heading(None), &[]), "Pedido - Quilmes - 12/03/2026");
    }

    #[test]
    fn packs_are_told_one_or_several() {
        for (quantity, unit, expected) in [
            ("1", "cajón", "1 cajón"),
            ("2", "cajón", "2 cajones"),
            ("0.5", "cajón", "0,500 cajón"),
            ("12", "un", "12 un"),
            ("2.5", "kg", "2,500 kg"),
            ("3", "unidad", "3 unidades"),
            ("2", "pack x6", "2 packs x6"),
            ("2", "bidón", "2 bidones"),
            ("1200", "bolsa", "1.200 bolsas"),
            ("2", "x6", "2 x6"),
            ("4", "paquetes", "4 paquetes"),
            ("2", "lápiz", "2 lápices"),
        ] {
            assert_eq!(amount(Qty::parse(quantity, Unit::Kg).unwrap(), unit), expected);
        }
    }

    #[test]
    fn whatsapp_opens_only_where_there_is_a_number() {
        assert_eq!(whatsapp_link(None, "hola"), None);
        assert_eq!(whatsapp_link(Some("sin número"), "hola"), None);
        assert_eq!(
            whatsapp_link(Some("+54 9 2255 123456"), "Pedido & más\n1+1").as_deref(),
            Some("https://wa.me/5492255123456?text=Pedido%20%26%20m%C3%A1s%0A1%2B1")
        );
    }
}
