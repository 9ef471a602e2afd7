//! Numbers as people read them: refusals in words, and amounts and quantities in Argentine format.
//! Pages and exports format here and nowhere else.

use gondola_ledger::{Money, NumberError, Qty, Unit, UnitCost};

use super::lang::Text;

/// What is wrong with a number, in words; `unit` is the product's, when it is a quantity.
pub fn number_text(error: NumberError, unit: Option<Unit>) -> Text {
    match error {
        NumberError::Empty => Text::new("Falta el número.", "The number is missing."),
        NumberError::NotANumber => {
            Text::new("No es un número. Escribilo así: 12.5.", "It is not a number. Write it like this: 12.5.")
        }
        NumberError::TooManyPlaces { max } => {
            Text::new(format!("Admite hasta {max} decimales."), format!("It takes at most {max} decimal places."))
        }
        NumberError::TooLarge { max } => {
            Text::new(format!("El máximo es {max}."), format!("The largest accepted is {max}."))
        }
        NumberError::TooSmall { min } => {
            Text::new(format!("El mínimo es {min}."), format!("The smallest accepted is {min}."))
        }
        NumberError::Negative => Text::new("No puede ser negativo.", "It cannot be negative."),
        NumberError::NotWhole => {
            let unit = unit.map_or("un", Unit::code);
            Text::new(
                format!("Se lleva en {unit}: la cantidad tiene que ser entera."),
                format!("It is kept in {unit}: the quantity must be whole."),
            )
        }
    }
}

/// A percentage as people read it: `23,08 %`.
pub fn show_percent(percent: impl ToString) -> String {
    format!("{} %", percent.to_string().replace('.', ","))
}

/// `$ 1.234,56`; negatives `-$ 123,00`.
pub fn show_money(amount: Money) -> String {
    let (sign, digits) = split(&amount.to_string());
    format!("{sign}$ {digits}")
}

/// `2.004`: how many.
pub fn show_count(count: i64) -> String {
    let (sign, digits) = split(&count.to_string());
    format!("{sign}{digits}")
}

/// `$ 1.420,5000`.
pub fn show_cost(cost: UnitCost) -> String {
    let (sign, digits) = split(&cost.to_string());
    format!("{sign}$ {digits}")
}

/// `$ 1.420,50`: a cost with the places it needs, never fewer than two.
pub fn show_short_cost(cost: UnitCost) -> String {
    let text = show_cost(cost);
    text.strip_suffix("00").map_or(text.clone(), str::to_owned)
}

/// A number as people type it, decimal comma or point, in the form that the API takes. What is no
/// number stays as it is, to be refused with the words of the API.
pub fn typed(text: &str) -> String {
    let text = text.trim();
    match (text.contains(','), text.contains('.')) {
        (true, true) if has_thousands(text) => text.replace('.', "").replace(',', "."),
        (true, false) => text.replacen(',', ".", 1),
        _ => text.to_owned(),
    }
}

/// An amount of money as people type it: as [`typed`], but points alone with three digits behind each stand
/// between thousands, as everybody here writes them. `8.000` is eight thousand pesos and never eight; `0.500` is half a
/// peso, because no thousands begin with a zero.
pub fn typed_money(text: &str) -> String {
    let text = text.trim().trim_start_matches('$').trim_start();
    let in_thousands = text.contains('.') && !text.contains(',') && !text.starts_with('0') && has_thousands(text);
    if in_thousands { text.replace('.', "") } else { typed(text) }
}

/// Whether the points before the comma stand where points between thousands do.
fn has_thousands(text: &str) -> bool {
    let (whole, behind) = text.split_once(',').unwrap_or((text, ""));
    let mut groups = whole.split('.');
    let first = groups.next().unwrap_or_default();
    // A point behind the comma is the other way of writing: refused rather than read as another number.
    !behind.contains('.') && (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

/// `1.250,500`, to stand beside its unit.
pub fn show_amount(quantity: Qty, unit: Unit) -> String {
    let (sign, digits) = split(&quantity.format(unit));
    format!("{}{digits}", if sign.is_empty() { "" } else { "−" })
}

/// `1250,500`: an amount as it stands in a field to be typed over, where a point would mean decimals.
pub fn field_amount(quantity: Qty, unit: Unit) -> String {
    quantity.format(unit).replace('.', ",")
}

/// `1.250,500 kg`; whole for `un`.
pub fn show_quantity(quantity: Qty, unit: Unit) -> String {
    let (sign, digits) = split(&quantity.format(unit));
    format!("{sign}{digits} {}", unit.code())
}

/// Splits a plain decimal into its sign and its digits with dots and a comma.
fn split(plain: &str) -> (&'static str, String) {
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, places) = plain.split_once('.').map_or((plain, None), |(whole, places)| (whole, Some(places)));
    let mut text = String::with_capacity(plain.len() + plain.len() / 3);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push('.');
        }
        text.push(digit);
    }
    if let Some(places) = places {
        text.push(',');
        text.push_str(places);
    }
    (sign, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `argentina.md`, Formats.
    #[test]
    fn amounts_are_written_the_argentine_way() {
        assert_eq!(show_money(Money::new(123_456)), "$ 1.234,56");
        assert_eq!(show_money(Money::new(-12_300)), "-$ 123,00");
        assert_eq!(show_quantity(Qty::new(1_250_500), Unit::Kg), "1.250,500 kg");
        assert_eq!(show_quantity(Qty::new(-3_000), Unit::Un), "-3 un");
        assert_eq!(show_amount(Qty::new(-3_000), Unit::Un), "−3");
        assert_eq!(typed(&field_amount(Qty::new(1_250_500), Unit::Kg)), "1250.500");
        assert_eq!(field_amount(Qty::new(1_250_000), Unit::Un), "1250");
        assert_eq!(show_short_cost(UnitCost::new(14_205_000)), "$ 1.420,50");
        assert_eq!(show_short_cost(UnitCost::new(14_205_678)), "$ 1.420,5678");
    }

    /// People and day, Numbers: decimal comma and point accepted.
    #[test]
    fn a_typed_number_may_have_a_comma_or_a_point() {
        for (given, meant) in [(" 2,5 ", "2.5"), ("2.5", "2.5"), ("1.234,50", "1234.50"), ("12", "12"), ("", "")] {
            assert_eq!(typed(given), meant);
        }
        for (given, meant) in [
            ("8.000", "8000"),
            ("$ 1.234.567", "1234567"),
            ("12.5", "12.5"),
            ("1.850,50", "1850.50"),
            ("8,125", "8.125"),
            ("0.500", "0.500"),
        ] {
            assert_eq!(typed_money(given), meant);
        }
        for nonsense in ["1.23,5", "dos", "1,2,3", "1..2"] {
            assert!(Qty::parse(&typed(nonsense), Unit::Kg).is_err(), "{nonsense}");
        }
    }
}
