//! What somebody means by a scan or by some letters. A whole code means one product, with the pack it
//! stands for and the weight on a scale's label; letters may mean several.

use gondola_ledger::Qty;

use super::super::{by_code, queries, search};
use crate::kernel::{Problem, Reader};
use crate::stock::{self, Standing};

/// Products offered at once.
const FOUND_MAX: i64 = 12;

/// A product that was meant.
pub struct Picked {
    /// How it stands.
    pub standing: Standing,
    /// The pack that the code stands for.
    pub pack: Option<String>,
    /// What the label of the scale says.
    pub quantity: Option<Qty>,
}

/// What `typed` may mean: one product when it is a whole code, and otherwise those in use whose names
/// hold its letters.
///
/// # Errors
/// 503 or 500.
pub async fn picks(reader: &mut Reader, typed: &str) -> Result<Vec<Picked>, Problem> {
    if let Some(hit) = by_code(&mut reader.tx(), typed).await?
        && let Some(product) = queries::products(&mut reader.tx(), &[hit.product]).await?.pop()
        && let Some(standing) = stock::standing(reader, product.sku.as_str()).await?
    {
        let pack = product.presentations.iter().find(|pack| Some(pack.id) == hit.presentation);
        let (pack, quantity) = (pack.map(|pack| pack.name.clone()), hit.quantity(product.unit));
        return Ok(vec![Picked { standing, pack, quantity }]);
    }
    let ids: Vec<_> = search(&mut reader.tx(), typed, FOUND_MAX).await?.into_iter().map(|(id, _)| id).collect();
    let mut found = Vec::with_capacity(ids.len());
    for product in queries::products(&mut reader.tx(), &ids).await?.iter().filter(|product| product.active) {
        let standing = stock::standing(reader, product.sku.as_str()).await?;
        found.extend(standing.map(|standing| Picked { standing, pack: None, quantity: None }));
    }
    Ok(found)
}
