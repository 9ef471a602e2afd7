//! A file comes in: it is kept sealed as it came and waits to be read. The same file is not taken twice.

use gondola_store::protect::{Protected, conceal};
use gondola_store::{Command, Context, Fail, Permission, Tx, both, expect_rows};
use gondola_vault::sha256;

use super::queries::{Invoice, stored};
use super::reading::{ORIGINAL, kind_of};
use super::refusal::InvoiceRefusal;
use super::rows::INVOICES;
use super::sql;
use super::state::InvoiceState;
use crate::purchasing;
use crate::suppliers;

/// Bytes of an invoice's file at most (INP-1).
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;

/// Takes a file.
pub struct LoadInvoice {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its name, for people.
    pub file_name: String,
    /// Code of the supplier, where somebody knows.
    pub supplier: Option<String>,
}

impl Command for LoadInvoice {
    const NAME: &'static str = "invoices.load";
    type Out = Invoice;
    type Refusal = InvoiceRefusal;

    fn permission(&self) -> Permission {
        Permission::LoadInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Invoice, Fail<InvoiceRefusal>> {
        let supplier = match &self.supplier {
            None => None,
            Some(code) => {
                let found = suppliers::by_code(tx, code).await?.filter(|supplier| supplier.active);
                let unknown = || InvoiceRefusal::UnknownSupplier(code.clone());
                Some(found.ok_or_else(|| Fail::Refused(unknown()))?.id)
            }
        };
        let digest = sha256(&self.bytes).to_vec();
        let same: Option<i64> = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_SAME_FILE))
            .bind(&digest).fetch_optional(c).await?);
        if let Some(number) = same {
            return Err(Fail::Refused(InvoiceRefusal::SameFile { number }));
        }
        let (id, number) = (cx.new_id(), purchasing::next_number(tx, INVOICES).await?);
        cx.concerns(id.to_string());
        let inserted = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_INVOICE))
            .bind(id).bind(number).bind(InvoiceState::Pending.code()).bind(&self.file_name)
            .bind(Some(kind_of(&self.bytes))).bind(Some(digest)).bind(false).bind(supplier)
            .bind(cx.actor.reference()).bind(&cx.actor.name).bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_INVOICE, 1, inserted)?;
        let original = Protected::new(self.bytes.clone());
        let sealed = conceal(tx, cx, &ORIGINAL, [(id, Some(&original))]).await?.pop().flatten();
        let kept = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_FILE)).bind(id).bind(sealed)
            .execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_FILE, 1, kept)?;
        Ok(stored(tx, id).await?)
    }
}
