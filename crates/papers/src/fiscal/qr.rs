//! The QR of a fiscal document (RG 4892/2020): a link to the authority with the document's data as JSON in base64. Read
//! from suppliers' papers, it is certain where printed text is not. Whether the data is true only the authority knows.

use gondola_ledger::{Day, Money};
use serde_json::{Map, Value};

use super::base64;
use super::cae::Cae;
use super::document::{DocumentNumber, DocumentType};
use super::tax_id::{TaxId, TaxIdError};
use crate::extract::date;

/// Where the link leads.
const ADDRESS: &str = "https://www.afip.gob.ar/fe/qr/?p=";
/// Longest link looked at: a true one has about 400 signs.
const LINK_BYTES_MAX: usize = 4_096;
/// Parts of one in an exchange rate.
const MILLION: u64 = 1_000_000;
/// The document type of a buyer who is identified by CUIT.
const BUYER_BY_TAX_ID: u8 = 80;

/// What a fiscal QR says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrData {
    /// Version of the format.
    pub version: u8,
    /// Day of issue.
    pub date: Day,
    /// Who issued the document.
    pub issuer: TaxId,
    /// The authority's code of the document type.
    pub code: u16,
    /// Point of sale and number.
    pub number: DocumentNumber,
    /// The total, in the document's currency.
    pub total: Money,
    /// Three letters: `PES`, `DOL`.
    pub currency: String,
    /// Pesos for one of the currency, in millionths.
    pub rate_millionths: u64,
    /// Who received it, when that is said.
    pub receiver: Option<Receiver>,
    /// Which sort of code it was authorised under.
    pub authorisation: Authorisation,
    /// The code.
    pub cae: Cae,
}

/// How the buyer is identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receiver {
    /// 80 CUIT, 86 CUIL, 96 DNI, 99 final consumer.
    pub document_type: u8,
    /// The number in that document.
    pub number: u64,
}

/// The sort of an authorisation code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorisation {
    /// For one document.
    Cae,
    /// Asked for in advance, for a fortnight.
    Caea,
}

/// Why a code is no fiscal QR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QrError {
    /// The link does not lead to the authority: some other QR, such as one for paying.
    OtherLink,
    /// What follows the link is not base64.
    NotBase64,
    /// What the base64 holds is not a JSON object.
    NotJson,
    /// A key is missing or its value makes no sense.
    Field(&'static str),
    /// The issuer's CUIT is none.
    Issuer(TaxIdError),
}

impl QrData {
    /// Whether its total is in pesos.
    pub fn is_in_pesos(&self) -> bool {
        self.currency == "PES"
    }

    /// Reads the text of a QR. Both hosts of the authority are taken, both alphabets of base64, and missing padding.
    ///
    /// # Errors
    /// When it is some other link, damaged, or its data makes no sense.
    pub fn parse(text: &str) -> Result<Self, QrError> {
        let coded = payload(text.trim()).ok_or(QrError::OtherLink)?;
        let plain = base64::decode(&coded).ok_or(QrError::NotBase64)?;
        match serde_json::from_slice(&plain) {
            Ok(Value::Object(object)) => Self::from_object(&object),
            _ => Err(QrError::NotJson),
        }
    }

    /// The JSON with its keys in the order of the law and without spaces.
    pub fn json(&self) -> String {
        let receiver = self.receiver.map_or(String::new(), |receiver| {
            format!("\"tipoDocRec\":{},\"nroDocRec\":{},", receiver.document_type, receiver.number)
        });
        format!(
            "{{\"ver\":{},\"fecha\":\"{}\",\"cuit\":{},\"ptoVta\":{},\"tipoCmp\":{},\"nroCmp\":{},\"importe\":{},\
             \"moneda\":{},\"ctz\":{},{receiver}\"tipoCodAut\":\"{}\",\"codAut\":{}}}",
            self.version,
            self.date,
            self.issuer.raw(),
            self.number.point_of_sale(),
            self.code,
            self.number.number(),
            shortest(&self.total.to_string()),
            Value::from(self.currency.as_str()),
            shortest(&format!("{}.{:06}", self.rate_millionths / MILLION, self.rate_millionths % MILLION)),
            match self.authorisation {
                Authorisation::Cae => "E",
                Authorisation::Caea => "A",
            },
            self.cae.raw(),
        )
    }

    /// The text to print as a QR.
    pub fn link(&self) -> String {
        format!("{ADDRESS}{}", base64::encode(self.json().as_bytes()))
    }

    /// Kind and letter, where the code is one that this shop knows.
    pub fn document(&self) -> Option<DocumentType> {
        DocumentType::from_code(self.code)
    }

    /// The buyer's CUIT, when the buyer is identified by one and it is right.
    pub fn receiver_tax_id(&self) -> Option<TaxId> {
        let receiver = self.receiver.filter(|receiver| receiver.document_type == BUYER_BY_TAX_ID)?;
        TaxId::new(receiver.number).ok()
    }

    fn from_object(object: &Map<String, Value>) -> Result<Self, QrError> {
        let whole = |key| object.get(key).and_then(whole).ok_or(QrError::Field(key));
        let number = DocumentNumber::new(small(whole("ptoVta")?, "ptoVta")?, small(whole("nroCmp")?, "nroCmp")?);
        let text = |key| object.get(key).and_then(Value::as_str).ok_or(QrError::Field(key));
        Ok(Self {
            version: small(whole("ver")?, "ver")?,
            date: date::iso(text("fecha")?).ok_or(QrError::Field("fecha"))?,
            issuer: TaxId::new(whole("cuit")?).map_err(QrError::Issuer)?,
            code: small(whole("tipoCmp")?, "tipoCmp")?,
            number: number.ok_or(QrError::Field("nroCmp"))?,
            total: object.get("importe").and_then(amount).ok_or(QrError::Field("importe"))?,
            currency: currency(text("moneda")?).ok_or(QrError::Field("moneda"))?,
            rate_millionths: object.get("ctz").and_then(millionths).ok_or(QrError::Field("ctz"))?,
            receiver: receiver(object),
            authorisation: match text("tipoCodAut")? {
                "E" => Authorisation::Cae,
                "A" => Authorisation::Caea,
                _ => return Err(QrError::Field("tipoCodAut")),
            },
            cae: Cae::new(whole("codAut")?).map_err(|_| QrError::Field("codAut"))?,
        })
    }
}

/// What follows `p=` in a link to the authority, without its percent signs.
fn payload(link: &str) -> Option<String> {
    if link.len() > LINK_BYTES_MAX {
        return None;
    }
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    let is_host = ["afip.gob.ar", "arca.gob.ar"].contains(&host.strip_prefix("www.").unwrap_or(host));
    let (page, query) = path.split_once('?')?;
    if !is_host || page.trim_end_matches('/') != "fe/qr" {
        return None;
    }
    let coded = query.split('&').find_map(|part| part.strip_prefix("p="))?;
    let plain = [("%2B", "+"), ("%2b", "+"), ("%2F", "/"), ("%2f", "/"), ("%3D", "="), ("%3d", "=")];
    Some(plain.iter().fold(coded.to_owned(), |coded, (from, to)| coded.replace(from, to)))
}

/// A whole number; some programs write it between quotes.
fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn small<T: TryFrom<u64>>(number: u64, key: &'static str) -> Result<T, QrError> {
    T::try_from(number).map_err(|_| QrError::Field(key))
}

fn amount(value: &Value) -> Option<Money> {
    Money::parse(shortest(&decimal(value)?)).ok().filter(|amount| !amount.is_negative())
}

fn millionths(value: &Value) -> Option<u64> {
    let text = decimal(value)?;
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part: String = part.chars().chain("000000".chars()).take(6).collect();
    whole.parse::<u64>().ok()?.checked_mul(MILLION)?.checked_add(part.parse().ok()?)
}

/// A number as it is written, or as a text between quotes.
fn decimal(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// `12100.00` as `12100`.
fn shortest(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

fn currency(text: &str) -> Option<String> {
    (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| text.to_owned())
}

fn receiver(object: &Map<String, Value>) -> Option<Receiver> {
    let document_type = u8::try_from(object.get("tipoDocRec").and_then(whole)?).ok()?;
    Some(Receiver { document_type, number: object.get("nroDocRec").and_then(whole)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the law.
    const JSON: &str = "{\"ver\":1,\"fecha\":\"2020-10-13\",\"cuit\":30000000007,\"ptoVta\":10,\"tipoCmp\":1,\"nroCmp\":94,\
        \"importe\":12100,\"moneda\":\"DOL\",\"ctz\":65,\"tipoDocRec\":80,\"nroDocRec\":20000000001,\"tipoCodAut\":\"E\",\
        \"codAut\":70417054367476}";

    fn link(json: &str) -> String {
        format!("{ADDRESS}{}", base64::encode(json.as_bytes()))
    }

    /// M10, M24: the vector of RG 4892/2020.
    #[test]
    fn the_vector_of_the_law_goes_both_ways() {
        let data = QrData::parse(&link(JSON)).unwrap();
        assert_eq!((data.date.to_string().as_str(), data.issuer.to_string().as_str()), ("2020-10-13", "30-00000000-7"));
        assert_eq!((data.number.to_string().as_str(), data.total), ("00010-00000094", Money::new(1_210_000)));
        assert_eq!(data.document(), DocumentType::from_code(1));
        assert_eq!((data.currency.as_str(), data.rate_millionths), ("DOL", 65_000_000));
        assert_eq!(data.receiver_tax_id().map(TaxId::raw), Some(20_000_000_001));
        assert_eq!((data.authorisation, data.cae.raw()), (Authorisation::Cae, 70_417_054_367_476));
        assert_eq!(data.json(), JSON);
        assert_eq!(data.link(), link(JSON));
    }

    /// M10.
    #[test]
    fn other_hosts_alphabets_and_missing_padding_are_taken() {
        let data = QrData::parse(&link(JSON)).unwrap();
        let (_, coded) = link(JSON).split_once("p=").map(|(left, right)| (left.to_owned(), right.to_owned())).unwrap();
        let bare = coded.trim_end_matches('=');
        let safe = bare.replace('+', "-").replace('/', "_");
        let percent = coded.replace('=', "%3D");
        for text in [
            format!("https://www.arca.gob.ar/fe/qr/?p={coded}"),
            format!("http://afip.gob.ar/fe/qr?p={bare}"),
            format!("  https://www.afip.gob.ar/fe/qr/?x=1&p={safe}\n"),
            format!("https://www.afip.gob.ar/fe/qr/?p={percent}"),
        ] {
            assert_eq!(QrData::parse(&text).as_ref(), Ok(&data), "{text}");
        }
    }

    /// M10.
    #[test]
    fn centavos_and_quoted_numbers_are_read() {
        let json =
            JSON.replace("12100,", "1234.5,").replace("30000000007", "\"30000000007\"").replace("\"E\"", "\"A\"");
        let data = QrData::parse(&link(&json)).unwrap();
        assert_eq!((data.total, data.authorisation), (Money::new(123_450), Authorisation::Caea));
        assert!(data.json().contains("\"importe\":1234.5,"));
    }

    /// M10, M24: a QR of a payment is no document.
    #[test]
    fn other_links_and_damage_are_refused_by_name() {
        for text in
            ["", "00020101021143", "https://www.mercadopago.com.ar/?p=e30", "https://afip.gob.ar.evil.com/fe/qr/?p=e30"]
        {
            assert_eq!(QrData::parse(text), Err(QrError::OtherLink), "{text}");
        }
        assert_eq!(QrData::parse(&"h".repeat(100_000)), Err(QrError::OtherLink));
        assert_eq!(QrData::parse(&format!("{ADDRESS}!!!")), Err(QrError::NotBase64));
        assert_eq!(QrData::parse(&link("[1]")), Err(QrError::NotJson));
        assert_eq!(QrData::parse(&link("{}")), Err(QrError::Field("ptoVta")));
        let wrong =
            [("\"importe\":12100", "\"importe\":1e300"), ("2020-10-13", "2020-13-13"), ("\"DOL\"", "\"DO\\u0000\"")];
        for ((from, to), key) in wrong.into_iter().zip(["importe", "fecha", "moneda"]) {
            assert_eq!(QrData::parse(&link(&JSON.replace(from, to))), Err(QrError::Field(key)));
        }
        let other = QrData::parse(&link(&JSON.replace("30000000007", "30000000008")));
        assert_eq!(other, Err(QrError::Issuer(TaxIdError::WrongDigit { right: 7 })));
    }
}
