//! The catalogue's protected column: what a product costs to buy (ENC).

use gondola_ledger::UnitCost;
use gondola_store::protect::{Column, Opener};
use gondola_store::{Permission, StoreError, Tx};

use super::product::Product;
use super::queries;
use crate::kernel::{Problem, Reader};
use crate::stock::ProductRef;

/// What a product costs to buy, as 64 bits, so that its length tells nothing.
pub const ACQUISITION_COST: Column<UnitCost> = Column::new(
    "products",
    "acquisition_cost",
    |cost| cost.raw().to_be_bytes().to_vec(),
    |bytes| Some(UnitCost::new(i64::from_be_bytes(bytes.try_into().ok()?))),
);

/// Opens what products cost to buy, for a command or for who may see cost; for others it stays sealed, which shows
/// as nothing.
///
/// # Errors
/// [`StoreError`] when one does not open or the access cannot be written down.
pub async fn open_costs(tx: &mut Tx<'_>, opener: &Opener<'_>, products: &mut [Product]) -> Result<(), StoreError> {
    if !opener.may(Permission::ReadCost) {
        return Ok(());
    }
    let costs = products.iter_mut().filter_map(|product| Some((product.id, product.acquisition_cost.as_mut()?)));
    opener.open(tx, &ACQUISITION_COST, costs).await
}

/// The product of that name, whole, with what it costs to buy for who may see it.
///
/// # Errors
/// 404, 503, or 500 when its cost does not open.
pub async fn open_product(reader: &mut Reader, reference: &ProductRef, purpose: &str) -> Result<Product, Problem> {
    let (mut tx, opener) = reader.opening(purpose);
    let mut product = queries::product(&mut tx, reference).await?.ok_or_else(Problem::not_found)?;
    open_costs(&mut tx, &opener, std::slice::from_mut(&mut product)).await?;
    Ok(product)
}
