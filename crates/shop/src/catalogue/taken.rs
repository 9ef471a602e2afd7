//! Codes that no two products share: who has one already, in the shop or among the products being
//! written at once.

use std::collections::{HashMap, HashSet};

use gondola_store::{StoreError, Tx, both};
use serde::Serialize;
use uuid::Uuid;

use super::product::Product;
use super::refusals::{CodeKind, TakenCode};
use super::sql;
use crate::kernel::bulk::json;

/// Which of their SKUs, internal codes and PLUs other products have.
pub(super) async fn codes(tx: &mut Tx<'_>, products: &[&Product]) -> Result<Vec<(Uuid, TakenCode)>, StoreError> {
    #[derive(Serialize)]
    struct Codes<'a> {
        id: Uuid,
        sku: &'a str,
        internal_code: Option<&'a str>,
        scale_plu: Option<&'a str>,
    }
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let codes: Vec<Codes<'_>> = products
        .iter()
        .map(|product| Codes {
            id: product.id,
            sku: product.sku.as_str(),
            internal_code: product.internal_code.as_deref(),
            scale_plu: product.scale_plu.as_deref(),
        })
        .collect();
    let codes = json(&codes);
    let rows: Vec<(String, String)> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_TAKEN_CODES)).bind(&codes).fetch_all(c).await?);
    let by_id: HashMap<String, &Product> = products.iter().map(|product| (product.id.to_string(), *product)).collect();
    let taken = rows.into_iter().filter_map(|(id, field)| {
        let product = by_id.get(&id)?;
        let (kind, code) = match field.as_str() {
            "internal_code" => (CodeKind::InternalCode, product.internal_code.clone()?),
            "scale_plu" => (CodeKind::ScalePlu, product.scale_plu.clone()?),
            _ => (CodeKind::Sku, product.sku.to_string()),
        };
        Some((product.id, TakenCode { kind, code }))
    });
    Ok(taken.collect())
}

/// Which of their barcodes other products have.
pub(super) async fn barcodes(tx: &mut Tx<'_>, products: &[&Product]) -> Result<Vec<(Uuid, TakenCode)>, StoreError> {
    let rows = barcode_columns(products);
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let columns = json(&rows);
    let taken: Vec<(String, String)> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_TAKEN_BARCODES)).bind(&columns).fetch_all(c).await?);
    let taken = taken.into_iter().filter_map(|(product, code)| {
        Some((Uuid::try_parse(&product).ok()?, TakenCode { kind: CodeKind::Barcode, code }))
    });
    Ok(taken.collect())
}

/// The codes claimed so far by products that are written at once.
#[derive(Debug, Default)]
pub(super) struct Claims(HashSet<TakenCode>);

impl Claims {
    /// Claims codes; answers those that were claimed before, and then claims none.
    pub fn claim(&mut self, codes: Vec<TakenCode>) -> Vec<TakenCode> {
        let taken: Vec<TakenCode> = codes.iter().filter(|code| self.0.contains(code)).cloned().collect();
        if taken.is_empty() {
            self.0.extend(codes);
        }
        taken
    }
}

/// The SKU, internal code and PLU of a product.
pub(super) fn codes_of(product: &Product) -> Vec<TakenCode> {
    let mut codes = vec![TakenCode { kind: CodeKind::Sku, code: product.sku.to_string() }];
    let internal = product.internal_code.iter();
    codes.extend(internal.map(|code| TakenCode { kind: CodeKind::InternalCode, code: code.clone() }));
    codes.extend(product.scale_plu.iter().map(|code| TakenCode { kind: CodeKind::ScalePlu, code: code.clone() }));
    codes
}

/// The barcodes of a product.
pub(super) fn barcodes_of(product: &Product) -> Vec<TakenCode> {
    let codes = product.barcodes.iter();
    codes.map(|barcode| TakenCode { kind: CodeKind::Barcode, code: barcode.code.clone() }).collect()
}

#[derive(Serialize)]
pub(super) struct BarcodeColumns<'a> {
    code: &'a str,
    product_id: Uuid,
    presentation_id: Option<Uuid>,
}

/// The rows of their barcodes.
pub(super) fn barcode_columns<'a>(products: &[&'a Product]) -> Vec<BarcodeColumns<'a>> {
    let of = |product: &'a Product| {
        product.barcodes.iter().map(|barcode| BarcodeColumns {
            code: &barcode.code,
            product_id: product.id,
            presentation_id: barcode.presentation,
        })
    };
    products.iter().flat_map(|product| of(product)).collect()
}
