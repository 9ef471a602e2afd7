//! What the database holds about people and what must stay secret, read off the live schema: every such column is
//! protected, or stands on a list with the reason why not (ENC-15). A column that is neither fails the build.

use gondola_store::protect::ColumnName;
use gondola_store::schema::Schema;

use crate::PROTECTED;

/// What a column may tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Something about a person.
    Personal,
    /// Something that opens a door, or that the shop keeps to itself.
    Secret,
}

impl Tag {
    /// The name in the inventory.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Secret => "secret",
        }
    }
}

/// Why a column is kept as it is, in Spanish and in English.
pub type Reason = [&'static str; 2];

/// How a column is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Field by field, each access in the log.
    Protected,
    /// As it is, for this reason.
    Exempt(Reason),
    /// As it is, for no reason: a fault.
    Unprotected,
}

impl Kept {
    /// The name in the inventory.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Exempt(_) => "exempt",
            Self::Unprotected => "unprotected",
        }
    }
}

/// A column of the inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// What it may tell.
    pub tag: Tag,
    /// How it is kept.
    pub kept: Kept,
}

/// Parts of names that say what a column may tell.
const TAGS: [(Tag, &[&str]); 2] = [
    (
        Tag::Personal,
        &[
            "email",
            "phone",
            "address",
            "tax_id",
            "bank",
            "username",
            "client_ip",
            "agent",
            "actor_name",
            "changed_by",
            "closed_by",
            "counted_by",
            "taught_by",
            "contact_name",
            "sent_by",
            "birth",
            "document_number",
        ],
    ),
    (
        Tag::Secret,
        &[
            "secret",
            "password",
            "token",
            "api_key",
            "totp",
            "wrapped",
            "private_key",
            "webhook",
            "code_hash",
            "id_hash",
            "previous_hash",
            "acquisition_cost",
            "replacement_cost",
            "last_cost",
            "unit_cost",
            "average_cost",
            "suggested_price",
            "answer",
            "content",
            "cells",
            "raw_text",
        ],
    ),
];

/// Columns whose names say nothing of what they hold.
const TAGGED: [(&str, &str, Tag); 9] = [
    ("users", "name", Tag::Personal),
    ("settings", "value", Tag::Secret),
    ("import_errors", "value", Tag::Secret),
    ("import_changes", "before", Tag::Secret),
    ("purchase_order_lines", "expected_cost", Tag::Secret),
    ("goods_receipts", "reversed_by", Tag::Personal),
    ("invoice_files", "original", Tag::Secret),
    ("invoice_files", "words", Tag::Secret),
    ("invoice_pages", "picture", Tag::Secret),
];

const WHO_DID_IT: Reason = [
    "quién lo hizo es para lo que está el registro; los nombres los ve quien puede leerlo",
    "who did it is what the record is for; names are shown to whoever may read the record",
];
const WHO_ASKED: Reason = [
    "de dónde vino un pedido es para lo que está el registro; lo leen solo el dueño y el contador",
    "where a request came from is what the record is for; read by the owner and the auditor alone",
];
const ONE_WAY: Reason = [
    "una huella con una clave del llavero, o Argon2id: de ahí no se vuelve",
    "a digest under a key of the ring, or Argon2id: what it was made from cannot be had back",
];
const NO_VALUE: Reason =
    ["un número que no dice nada sin el secreto de al lado", "a number that says nothing without the secret beside it"];
const SEALED_WHOLE: Reason = [
    "sellado entero, y se abre solo para quien mandó el mismo pedido",
    "sealed as a whole, and opened only for whoever sent the same request before",
];
const SIZE: Reason = ["cuánto trae el envase, como está impreso", "how much is in the pack, as printed on it"];
const LEDGER: Reason = [
    "con esto calcula el libro; lo cuidan los permisos y un disco cifrado",
    "what the ledger calculates with; rights and an encrypted disk protect it",
];
const NO_GOOD: Reason = [
    "una palabra que no se pudo tomar por lo que debía ser",
    "a word that could not be taken for what it should have been",
];

/// Columns that are kept as they are, and why.
const EXEMPT: &[(&str, &str, Reason)] = &[
    (
        "users",
        "username",
        [
            "con eso entra la gente: se busca cada vez y lo ve el dueño",
            "what people log in with: it is looked for every time and shown to the owner",
        ],
    ),
    ("users", "name", WHO_DID_IT),
    ("users", "email_index", ONE_WAY),
    ("suppliers", "tax_id_index", ONE_WAY),
    ("supplier_lessons", "taught_by", WHO_DID_IT),
    ("supplier_entries", "actor_name", WHO_DID_IT),
    ("inflation_rates", "actor_name", WHO_DID_IT),
    ("markups", "actor_name", WHO_DID_IT),
    ("sale_list_rules", "actor_name", WHO_DID_IT),
    ("sale_list_rules", "removed_by", WHO_DID_IT),
    ("supplier_lists", "actor_name", WHO_DID_IT),
    ("users", "password_hash", ONE_WAY),
    ("users", "totp_step", NO_VALUE),
    ("sessions", "id_hash", ONE_WAY),
    ("sessions", "client_ip", WHO_ASKED),
    ("sessions", "agent", WHO_ASKED),
    ("recovery_codes", "code_hash", ONE_WAY),
    ("setup_tokens", "token_hash", ONE_WAY),
    ("api_keys", "secret_hash", ONE_WAY),
    ("api_keys", "previous_hash", ONE_WAY),
    (
        "settings",
        "value",
        [
            "lo que el negocio anota de sí mismo, nada secreto; los secretos están en archivos",
            "facts the shop keeps about itself, none of them a secret; secrets are in files",
        ],
    ),
    ("idempotency_keys", "answer", SEALED_WHOLE),
    ("products", "replacement_cost", LEDGER),
    ("product_suppliers", "last_cost", LEDGER),
    ("lots", "unit_cost", LEDGER),
    ("purchase_order_lines", "expected_cost", LEDGER),
    ("goods_receipt_lines", "unit_cost", LEDGER),
    ("goods_receipt_lines", "last_cost_before", LEDGER),
    ("stock_heads", "average_cost", LEDGER),
    ("movements", "unit_cost", LEDGER),
    ("valuations", "unit_cost", LEDGER),
    ("products", "content_quantity", SIZE),
    ("products", "content_unit", SIZE),
    ("prices", "changed_by", WHO_DID_IT),
    ("prices", "cost", LEDGER),
    ("price_changes", "cost", LEDGER),
    ("price_changes", "changed_by", WHO_DID_IT),
    ("price_changes", "actor_name", WHO_DID_IT),
    ("repricing_rows", "old_cost", LEDGER),
    ("repricing_rows", "new_cost", LEDGER),
    ("movements", "actor_name", WHO_DID_IT),
    ("reservations", "actor_name", WHO_DID_IT),
    ("transfers", "actor_name", WHO_DID_IT),
    ("transfers", "closed_by", WHO_DID_IT),
    ("counts", "actor_name", WHO_DID_IT),
    ("counts", "closed_by", WHO_DID_IT),
    ("count_lines", "counted_by", WHO_DID_IT),
    ("notebook_notes", "actor_name", WHO_DID_IT),
    ("assistant_messages", "actor_name", WHO_DID_IT),
    ("assistant_messages", "token_digest", ONE_WAY),
    ("purchase_orders", "actor_name", WHO_DID_IT),
    ("purchase_orders", "closed_by", WHO_DID_IT),
    ("goods_receipts", "actor_name", WHO_DID_IT),
    ("invoices", "actor_name", WHO_DID_IT),
    (
        "invoices",
        "document_number",
        ["el número de un papel, no el de una persona", "the number of a paper, not that of a person"],
    ),
    ("invoice_lines", "unit_cost", LEDGER),
    ("invoice_lines", "last_cost_before", LEDGER),
    ("invoice_lines", "replacement_cost_before", LEDGER),
    ("invoice_lines", "replacement_cost", LEDGER),
    ("supplier_list_lines", "unit_cost", LEDGER),
    ("supplier_list_lines", "unit_cost_before", LEDGER),
    ("supplier_list_lines", "case_unit_cost", LEDGER),
    ("supplier_list_lines", "replacement_cost_before", LEDGER),
    ("goods_receipts", "reversed_by", WHO_DID_IT),
    ("imports", "actor_name", WHO_DID_IT),
    ("import_files", "sent_by", WHO_DID_IT),
    ("import_errors", "value", NO_GOOD),
    ("audit_trail", "actor_name", WHO_DID_IT),
    ("audit_trail", "client_ip", WHO_ASKED),
    ("audit_trail", "agent", WHO_ASKED),
    (
        "encryption_keys",
        "wrapped",
        ["selladas con lo que sale del secreto", "sealed with what the master secret stretches to"],
    ),
    ("encrypted_data_access_log", "client_ip", WHO_ASKED),
];

/// Every column that may tell something, in the order of the schema.
pub fn inventory(schema: &Schema) -> Vec<Entry> {
    let columns = schema.tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    columns
        .filter_map(|(table, column)| {
            let (table, column) = (table.name.as_str(), column.name.as_str());
            let tag = tag(table, column)?;
            Some(Entry { table: table.to_owned(), column: column.to_owned(), tag, kept: kept(table, column) })
        })
        .collect()
}

fn tag(table: &str, column: &str) -> Option<Tag> {
    let by_name = TAGS.into_iter().find(|(_, parts)| parts.iter().any(|part| column.contains(part)));
    let named = || TAGGED.into_iter().find(|(known, name, _)| (*known, *name) == (table, column));
    by_name.map(|(tag, _)| tag).or_else(|| named().map(|(_, _, tag)| tag))
}

fn kept(table: &str, column: &str) -> Kept {
    if PROTECTED.iter().any(|ColumnName { table: of, column: name, .. }| (*of, *name) == (table, column)) {
        return Kept::Protected;
    }
    let exempt = EXEMPT.iter().find(|(of, name, _)| (*of, *name) == (table, column));
    exempt.map_or(Kept::Unprotected, |(_, _, reason)| Kept::Exempt(*reason))
}

/// Columns on the lists that the schema does not have.
pub fn stale(schema: &Schema) -> Vec<String> {
    let listed = EXEMPT.iter().map(|(table, column, _)| (*table, *column));
    let listed = listed.chain(TAGGED.iter().map(|(table, column, _)| (*table, *column)));
    let listed = listed.chain(PROTECTED.iter().map(|name| (name.table, name.column)));
    let there = |(table, column): &(&str, &str)| {
        schema.table(table).is_some_and(|table| table.columns.iter().any(|known| known.name == *column))
    };
    listed.filter(|name| !there(name)).map(|(table, column)| format!("{table}.{column}")).collect()
}
