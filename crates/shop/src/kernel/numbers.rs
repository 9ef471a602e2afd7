//! Numbers as people read them: refusals in words, and amounts and quantities in Argentine format.
//! Pages and exports format here and nowhere else.

use gondola_ledger::{Money, NumberError, Qty, Unit, UnitCost};

use super::lang::Text;

/// What is wrong with a number, in words; `unit` is the product's, when it is a quantity.
pub fn number_text(error: NumberError, unit: Option<Unit>) -> Text {
    match error {
        NumberError::Empty => Text::new("Falta el número.", "The number is missing."),
        NumberError::NotANumber => Text::new(
            "Tiene que ser un número con punto decimal, por ejemplo 12.5.",
            "It must be a plain decimal number, for example 12.5.",
        ),
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

/// `$ 1.234,56`; negatives `-$ 123,00`.
pub fn show_money(amount: Money) -> String {
    let (sign, digits) = split(&amount.to_string());
    format!("{sign}$ {digits}")
}

/// `$ 1.420,5000`.
pub fn show_cost(cost: UnitCost) -> String {
    let (sign, digits) = split(&cost.to_string());
    format!("{sign}$ {digits}")
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
    }
}
