//! The fiscal QR of a paper: its address with the data in base64, as RG 4892 lays it out, and the dark squares that show it.

use qrcodegen::{QrCode, QrCodeEcc};

use super::truth::{Kind, Truth};

/// Where the data goes.
const ADDRESS: &str = "https://www.afip.gob.ar/fe/qr/?p=";

/// The text of the QR; `None` for what has no CAE.
pub fn url(truth: &Truth) -> Option<String> {
    data(truth).map(|json| format!("{ADDRESS}{}", base64(json.as_bytes())))
}

/// The data as compact JSON, its keys in the order of the law.
pub fn data(truth: &Truth) -> Option<String> {
    let (cae, (point, number), code) = (truth.cae?, truth.number?, truth.code?);
    let totals = truth.totals.as_ref().filter(|_| matches!(truth.kind, Kind::Invoice | Kind::CreditNote))?;
    let buyer = truth.buyer.as_ref().and_then(|buyer| buyer.tax_id);
    let (document_type, document) = buyer.map_or((99, 0), |tax_id| (80, tax_id));
    Some(format!(
        r#"{{"ver":1,"fecha":"{}","cuit":{},"ptoVta":{point},"tipoCmp":{code},"nroCmp":{number},"importe":{},"moneda":"PES","ctz":1,"tipoDocRec":{document_type},"nroDocRec":{document},"tipoCodAut":"E","codAut":{cae}}}"#,
        truth.date,
        truth.supplier.tax_id?,
        number_of(totals.total.raw()),
    ))
}

/// As JSON writes a number: no decimals where there are none.
fn number_of(centavos: i64) -> String {
    match centavos % 100 {
        0 => format!("{}", centavos / 100),
        cents => format!("{}.{}", centavos / 100, format!("{cents:02}").trim_end_matches('0')),
    }
}

/// The dark runs of the code: column, row and length, in modules.
pub fn runs(text: &str) -> Vec<(i32, i32, i32)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).expect("a fiscal QR is far below the largest code");
    let mut runs: Vec<(i32, i32, i32)> = Vec::new();
    for row in 0..code.size() {
        for column in (0..code.size()).filter(|column| code.get_module(*column, row)) {
            match runs.last_mut() {
                Some((start, at, length)) if *at == row && *start + *length == column => *length += 1,
                _ => runs.push((column, row, 1)),
            }
        }
    }
    runs
}

/// The standard alphabet, padded.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sign = |six: u32| char::from(ALPHABET[(six & 63) as usize]);
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let whole = three.iter().fold(0_u32, |whole, byte| whole << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            text.push(if at <= three.len() { sign(whole >> (18 - 6 * at)) } else { '=' });
        }
    }
    text
}
