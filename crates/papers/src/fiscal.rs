//! What the tax authority (ARCA, formerly AFIP) prescribes on paper: who is who, what a document is, at which rates, under
//! which authorisation, and the QR that repeats all of it. Codes are those of its public services.
//!
//! Nothing here asks the authority anything; what a document costs is arithmetic of the crate `pricing`.

mod base64;
mod cae;
mod condition;
mod document;
mod qr;
mod rate;
mod tax_id;

pub use cae::{Cae, CaeError};
pub use condition::{VatCondition, may_issue};
pub use document::{DocumentKind, DocumentNumber, DocumentType, Letter};
pub use qr::{Authorisation, QrData, QrError, Receiver};
pub use rate::{VatRate, VatTreatment};
pub use tax_id::{TaxId, TaxIdError};
