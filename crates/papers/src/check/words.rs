//! What a finding says on the screen, in both languages: what is wrong and what to do next.

use gondola_ledger::{Day, Money};

use super::Finding;
use crate::fiscal::VatRate;

impl Finding {
    /// For the screen, in Spanish.
    pub fn spanish(&self) -> String {
        match self {
            Self::TotalOff { printed, computed } => format!(
                "El total dice {} y las partes suman {}. Revisá los importes del pie.",
                pesos(*printed),
                pesos(*computed)
            ),
            Self::VatOff { rate, printed, net } => format!(
                "El IVA {} de {} no puede ser {}. Revisá el neto y el IVA.",
                percent(*rate),
                pesos(*net),
                pesos(*printed)
            ),
            Self::LineNear { line, computed } => format!(
                "Renglón {line}: cantidad por precio da {}. La diferencia es chica; confirmala.",
                pesos(*computed)
            ),
            Self::LineOff { line, computed } => format!(
                "Renglón {line}: cantidad por precio da {}. Corregí cantidad, precio o subtotal.",
                pesos(*computed)
            ),
            Self::FutureDate(day) => format!("La fecha {} todavía no llegó. Corregila.", date(*day)),
            Self::OldDate(day) => format!("La fecha {} tiene más de diez años. Corregila.", date(*day)),
            Self::BadTaxId(text) => {
                format!("El CUIT {text} del papel no es válido. Fijate de quién es y elegí el proveedor.")
            }
            Self::BadCae(text) => format!("El CAE {text} no tiene 14 dígitos. Escribilo como está en el papel."),
            Self::NotInPesos(currency) => {
                format!("La factura está en otra moneda ({currency}). Escribí sus importes en pesos.")
            }
            Self::OtherSupplier { printed, chosen } => format!(
                "El papel es del CUIT {printed} y el proveedor elegido tiene {chosen}. Elegí el proveedor del papel."
            ),
            Self::VatOnC => "Un comprobante C no discrimina IVA. Revisá la letra.".to_owned(),
            Self::RegisteredGivesC => "Un responsable inscripto no emite C. Revisá la letra o la condición.".to_owned(),
            Self::MonotributoGivesA => "Un monotributista no emite A. Revisá la letra o la condición.".to_owned(),
            Self::LowConfidence(permille) => {
                format!("La lectura es poco segura ({} %). Revisá los datos marcados.", permille / 10)
            }
            Self::UnmatchedLines(count) => format!("Renglones sin producto: {count}. Elegí el producto de cada uno."),
            Self::NoLines => "No se leyó ningún renglón. Cargalos a mano o sacá otra foto.".to_owned(),
        }
    }

    /// For the screen, in English.
    pub fn english(&self) -> String {
        match self {
            Self::TotalOff { printed, computed } => format!(
                "The total says {} and the parts make {}. Check the amounts at the foot.",
                pesos(*printed),
                pesos(*computed)
            ),
            Self::VatOff { rate, printed, net } => format!(
                "The {} VAT on {} cannot be {}. Check the net and the VAT.",
                percent(*rate),
                pesos(*net),
                pesos(*printed)
            ),
            Self::LineNear { line, computed } => format!(
                "Line {line}: quantity times price makes {}. The difference is small; confirm it.",
                pesos(*computed)
            ),
            Self::LineOff { line, computed } => format!(
                "Line {line}: quantity times price makes {}. Correct quantity, price or subtotal.",
                pesos(*computed)
            ),
            Self::FutureDate(day) => format!("The date {} has not come yet. Correct it.", date(*day)),
            Self::OldDate(day) => format!("The date {} is over ten years old. Correct it.", date(*day)),
            Self::BadTaxId(text) => {
                format!("CUIT {text} on the paper is not valid. See who it is from and choose the supplier.")
            }
            Self::BadCae(text) => format!("The CAE {text} has not 14 digits. Type it as it is on the paper."),
            Self::NotInPesos(currency) => {
                format!("The invoice is in another currency ({currency}). Write its amounts in pesos.")
            }
            Self::OtherSupplier { printed, chosen } => format!(
                "The paper is from CUIT {printed} and the chosen supplier has {chosen}. Choose the paper's supplier."
            ),
            Self::VatOnC => "A document C states no VAT. Check the letter.".to_owned(),
            Self::RegisteredGivesC => {
                "A registered taxpayer issues no C. Check the letter or the condition.".to_owned()
            }
            Self::MonotributoGivesA => "A monotributo issues no A. Check the letter or the condition.".to_owned(),
            Self::LowConfidence(permille) => {
                format!("The reading is not sure enough ({} %). Check the marked values.", permille / 10)
            }
            Self::UnmatchedLines(count) => format!("Lines without a product: {count}. Choose the product of each."),
            Self::NoLines => "No line was read. Type them, or take another photo.".to_owned(),
        }
    }
}

/// `$ 1.234,56`, a minus before.
fn pesos(amount: Money) -> String {
    let plain = amount.abs().to_string();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut grouped = String::from(if amount.is_negative() { "-$ " } else { "$ " });
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{grouped},{part}")
}

fn percent(rate: VatRate) -> String {
    match (rate.permille() / 10, rate.permille() % 10) {
        (whole, 0) => format!("{whole} %"),
        (whole, tenth) => format!("{whole},{tenth} %"),
    }
}

/// `12/03/2026`.
fn date(day: Day) -> String {
    day.to_string().rsplit('-').collect::<Vec<_>>().join("/")
}
