//! What lies sealed about a supplier: its CUIT, whom one talks to and how they are reached (ENC). A CUIT is found by a
//! blind index, so that no two suppliers have the same one and an invoice finds whose it is.

use gondola_store::protect::{Column, Opener, Protected, conceal};
use gondola_store::{Context, StoreError, Tx, both};
use gondola_vault::Vault;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::sql;
use super::supplier::ContactEdit;

/// A supplier's CUIT, eleven digits.
pub const TAX_ID: Column<String> = Column::new("suppliers", "tax_id", |text| text.clone().into_bytes(), read);
/// Whom one talks to.
pub const CONTACT_NAME: Column<String> =
    Column::new("suppliers", "contact_name", |text| text.clone().into_bytes(), read);
/// Where their mail goes.
pub const EMAIL: Column<String> = Column::new("suppliers", "email", |text| text.clone().into_bytes(), read);
/// What they are called on.
pub const PHONE: Column<String> = Column::new("suppliers", "phone", |text| text.clone().into_bytes(), read);
/// Where they are.
pub const ADDRESS: Column<String> = Column::new("suppliers", "address", |text| text.clone().into_bytes(), read);

fn read(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// The digest that a CUIT of eleven digits is found by.
pub fn tax_id_index(vault: &Vault, tax_id: &str) -> Vec<u8> {
    vault.blind_index("suppliers", "tax_id", tax_id).to_vec()
}

/// What lies sealed about a supplier, opened.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// CUIT, eleven digits.
    pub tax_id: Option<String>,
    /// Whom one talks to.
    pub contact_name: Option<String>,
    /// Their e-mail.
    pub email: Option<String>,
    /// Their telephone.
    pub phone: Option<String>,
    /// Where they are.
    pub address: Option<String>,
}

/// What lies sealed about a supplier, in the order of [`Contact`]'s fields.
#[derive(Default)]
pub struct Sealed([Option<Protected<String>>; 5]);

/// In the order of [`Contact`]'s fields.
const COLUMNS: [Column<String>; 5] = [TAX_ID, CONTACT_NAME, EMAIL, PHONE, ADDRESS];

/// Where the telephone is among them.
const PHONE_AT: usize = 3;

/// The sealed columns of a row.
#[derive(sqlx::FromRow)]
struct ContactRow {
    tax_id: Option<Vec<u8>>,
    contact_name: Option<Vec<u8>>,
    email: Option<Vec<u8>>,
    phone: Option<Vec<u8>>,
    address: Option<Vec<u8>>,
}

impl Sealed {
    /// As it lies there.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn of(tx: &mut Tx<'_>, supplier: Uuid) -> Result<Self, StoreError> {
        let found: Option<ContactRow> =
            both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_CONTACT)).bind(supplier).fetch_optional(c).await?);
        let Some(row) = found else { return Ok(Self::default()) };
        let sealed = [row.tax_id, row.contact_name, row.email, row.phone, row.address];
        Ok(Self(sealed.map(|envelope| envelope.map(Protected::sealed))))
    }

    /// As the edit leaves it: what it does not name stays sealed as it is.
    pub(super) fn with(mut self, edit: &ContactEdit) -> Self {
        let edits = [&edit.tax_id, &edit.contact_name, &edit.email, &edit.phone, &edit.address];
        for (value, edit) in self.0.iter_mut().zip(edits) {
            if let Some(edit) = edit {
                *value = edit.clone().map(Protected::new);
            }
        }
        self
    }

    /// Opened, once it is written down that somebody looked.
    ///
    /// # Errors
    /// [`StoreError`] when it does not open or the access cannot be written down.
    pub async fn open(mut self, tx: &mut Tx<'_>, opener: &Opener<'_>, supplier: Uuid) -> Result<Contact, StoreError> {
        for (column, value) in COLUMNS.iter().zip(&mut self.0) {
            opener.open(tx, column, value.as_mut().map(|value| (supplier, value))).await?;
        }
        let [tax_id, contact_name, email, phone, address] = self.0.map(|value| value.and_then(Protected::into_value));
        Ok(Contact { tax_id, contact_name, email, phone, address })
    }

    /// Whether there is a telephone, which is told without opening it.
    pub fn has_phone(&self) -> bool {
        self.0[PHONE_AT].is_some()
    }

    /// The telephone alone, opened once it is written down that somebody looked.
    ///
    /// # Errors
    /// [`StoreError`] when it does not open or the access cannot be written down.
    pub async fn open_phone(
        mut self,
        tx: &mut Tx<'_>,
        opener: &Opener<'_>,
        supplier: Uuid,
    ) -> Result<Option<String>, StoreError> {
        let phone = self.0[PHONE_AT].take();
        let Some(mut phone) = phone else { return Ok(None) };
        opener.open(tx, &PHONE, [(supplier, &mut phone)]).await?;
        Ok(phone.into_value())
    }

    /// Written into the supplier's row in the place of what was there; how many rows changed.
    ///
    /// # Errors
    /// The database's failure.
    pub(super) async fn write(&self, tx: &mut Tx<'_>, cx: &Context, supplier: Uuid) -> Result<u64, StoreError> {
        let mut stored = Vec::with_capacity(COLUMNS.len());
        for (column, value) in COLUMNS.iter().zip(&self.0) {
            stored.push(conceal(tx, cx, column, [(supplier, value.as_ref())]).await?.pop().flatten());
        }
        Ok(both!(&mut *tx, c, text => {
            let mut query = sqlx::query(text(sql::SET_CONTACT)).bind(supplier);
            for value in stored {
                query = query.bind(value);
            }
            query.execute(c).await?.rows_affected()
        }))
    }
}
