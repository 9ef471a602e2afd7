//! What the shop knows of the codes on a list: which product each one names, and what to say when
//! they disagree. Loaded once for a thousand lines.

use std::collections::{HashMap, HashSet};

use gondola_store::protect::Opener;
use gondola_store::{StoreError, Tx, both};
use uuid::Uuid;

use super::intake::IntakeLine;
use super::product::Product;
use super::protected::open_costs;
use super::{queries, sql};
use crate::kernel::Errors;
use crate::kernel::bulk::json;
use crate::kernel::text::fold;

/// The products that some lines may mean, by every code the lines name.
pub(super) struct Known {
    products: HashMap<Uuid, Product>,
    by_sku: HashMap<String, Uuid>,
    /// The product, and the presentation when the code stands on one.
    by_barcode: HashMap<String, (Uuid, Option<Uuid>)>,
    by_internal_code: HashMap<String, Uuid>,
    by_plu: HashMap<String, Uuid>,
    /// By folded name and brand; only for lines that name no code at all.
    by_name: HashMap<(String, String), Uuid>,
    undone: HashSet<Uuid>,
}

#[derive(sqlx::FromRow)]
struct CodeRow {
    kind: String,
    code: String,
    product_id: Uuid,
    presentation_id: Option<Uuid>,
}

#[derive(sqlx::FromRow)]
struct NameRow {
    id: Uuid,
    name_folded: String,
    brand_folded: String,
}

impl Known {
    pub async fn load(tx: &mut Tx<'_>, lines: &[IntakeLine]) -> Result<Self, StoreError> {
        let mut known = Self {
            products: HashMap::new(),
            by_sku: HashMap::new(),
            by_barcode: HashMap::new(),
            by_internal_code: HashMap::new(),
            by_plu: HashMap::new(),
            by_name: HashMap::new(),
            undone: HashSet::new(),
        };
        known.load_codes(tx, lines).await?;
        known.load_names(tx, lines).await?;
        let ids: HashSet<Uuid> = known.ids().collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let products = queries::products(tx, &ids).await?;
        known.products = products.into_iter().map(|product| (product.id, product)).collect();
        known.load_undone(tx).await?;
        Ok(known)
    }

    /// Opens what the products cost to buy: a list that says what they cost or what they sell for is held against it.
    pub async fn open_costs(&mut self, tx: &mut Tx<'_>, opener: &Opener<'_>) -> Result<(), StoreError> {
        let mut products: Vec<Product> = std::mem::take(&mut self.products).into_values().collect();
        open_costs(tx, opener, &mut products).await?;
        self.products = products.into_iter().map(|product| (product.id, product)).collect();
        Ok(())
    }

    fn ids(&self) -> impl Iterator<Item = Uuid> + '_ {
        let codes = [&self.by_sku, &self.by_internal_code, &self.by_plu];
        let barcodes = self.by_barcode.values().map(|(id, _)| *id);
        codes.into_iter().flat_map(|map| map.values().copied()).chain(barcodes).chain(self.by_name.values().copied())
    }

    async fn load_codes(&mut self, tx: &mut Tx<'_>, lines: &[IntakeLine]) -> Result<(), StoreError> {
        let skus: Vec<&str> = lines.iter().filter_map(|line| line.edit.sku.as_ref()).map(|sku| sku.as_str()).collect();
        let barcodes: Vec<&str> = lines.iter().flat_map(|line| &line.barcodes).map(|code| code.as_str()).collect();
        let internal = lines.iter().filter_map(|line| line.edit.internal_code.as_ref()?.as_deref());
        let plus = lines.iter().filter_map(|line| line.edit.scale_plu.as_ref()?.as_deref());
        let (internal, plus): (Vec<&str>, Vec<&str>) = (internal.collect(), plus.collect());
        for row in find_codes(tx, &skus, &barcodes, &internal, &plus).await? {
            match row.kind.as_str() {
                "sku" => drop(self.by_sku.insert(row.code, row.product_id)),
                "barcode" => drop(self.by_barcode.insert(row.code, (row.product_id, row.presentation_id))),
                "internal_code" => drop(self.by_internal_code.insert(row.code, row.product_id)),
                _ => drop(self.by_plu.insert(row.code, row.product_id)),
            }
        }
        Ok(())
    }

    async fn load_names(&mut self, tx: &mut Tx<'_>, lines: &[IntakeLine]) -> Result<(), StoreError> {
        let names: Vec<String> = lines
            .iter()
            .filter(|line| names_no_code(line))
            .filter_map(|line| line.edit.name.as_deref())
            .map(fold)
            .collect();
        if names.is_empty() {
            return Ok(());
        }
        let rows: Vec<NameRow> =
            both!(tx, c, text => sqlx::query_as(text(sql::FIND_BY_NAMES)).bind(json(&names)).fetch_all(c).await?);
        self.by_name.extend(rows.into_iter().map(|row| ((row.name_folded, row.brand_folded), row.id)));
        Ok(())
    }

    /// Inactive products that an import created and its undo put away: a list may bring them back.
    async fn load_undone(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let inactive: Vec<Uuid> =
            self.products.values().filter(|product| !product.active).map(|product| product.id).collect();
        if inactive.is_empty() {
            return Ok(());
        }
        let rows: Vec<(Uuid,)> =
            both!(tx, c, text => sqlx::query_as(text(sql::FIND_PUT_AWAY)).bind(json(&inactive)).fetch_all(c).await?);
        self.undone.extend(rows.into_iter().map(|(id,)| id));
        Ok(())
    }

    /// Whether an undone import created this product.
    pub fn was_undone(&self, product: Uuid) -> bool {
        self.undone.contains(&product)
    }

    /// The product that a line names: by its SKU, else its barcodes, else its other codes. What the
    /// codes of one line disagree about is noted.
    pub fn find(&self, line: &IntakeLine, errors: &mut Errors) -> Option<&Product> {
        let by_sku = line.edit.sku.as_ref().map(|sku| self.by_sku.get(sku.as_str()).copied());
        let by_barcode = line.barcodes.iter().find_map(|code| self.by_barcode.get(code.as_str())).map(|(id, _)| *id);
        let internal = line.edit.internal_code.as_ref().and_then(Option::as_deref);
        let plu = line.edit.scale_plu.as_ref().and_then(Option::as_deref);
        let found = match by_sku {
            Some(found) => found,
            None if !line.barcodes.is_empty() => by_barcode,
            None => internal
                .and_then(|code| self.by_internal_code.get(code))
                .or_else(|| plu.and_then(|code| self.by_plu.get(code)))
                .copied(),
        };
        for code in &line.barcodes {
            self.check_barcode(code.as_str(), found, errors);
        }
        if names_no_code(line) {
            self.check_name(line, errors);
        }
        found.and_then(|id| self.products.get(&id))
    }

    /// A barcode that stands on a pack, or on another product than the line's.
    fn check_barcode(&self, code: &str, found: Option<Uuid>, errors: &mut Errors) {
        let Some((owner, presentation)) = self.by_barcode.get(code) else { return };
        let Some(product) = self.products.get(owner) else { return };
        let (sku, name) = (&product.sku, &product.name);
        if let Some(pack) = presentation {
            let pack = product.presentations.iter().find(|other| other.id == *pack).map_or("", |pack| &pack.name);
            errors.add(
                "barcodes",
                "barcode_of_presentation",
                format!("Ese código es de «{pack}» de {name} ({sku}). Poné el código de la unidad, o el SKU."),
                format!("That code is of \"{pack}\" of {name} ({sku}). Give the code of the unit, or the SKU."),
            );
        } else if found != Some(*owner) {
            errors.add(
                "barcodes",
                "barcode_taken",
                format!("Ese código ya es de {name} ({sku}). Si es ese producto, poné su SKU en la fila."),
                format!("That code belongs to {name} ({sku}). If it is that product, put its SKU in the row."),
            );
        }
    }

    /// A line without any code cannot say whether it is the product of the same name.
    fn check_name(&self, line: &IntakeLine, errors: &mut Errors) {
        let name = fold(line.edit.name.as_deref().unwrap_or_default());
        let brand = fold(line.edit.brand.as_deref().unwrap_or_default());
        let Some(product) = self.by_name.get(&(name, brand)).and_then(|id| self.products.get(id)) else { return };
        let sku = &product.sku;
        errors.add(
            "sku",
            "same_name",
            format!("Ya hay un producto con ese nombre: {sku}. Si es el mismo, poné ese código en la fila."),
            format!("There is a product of that name: {sku}. If it is the same, put that code in the row."),
        );
    }

    /// Notes that a list that creates nothing names a product the shop does not have.
    pub fn refuse_unknown(&self, line: &IntakeLine, errors: &mut Errors) {
        let sku = line.edit.sku.as_ref().map(|sku| sku.as_str());
        let (field, code) = match (sku, line.barcodes.first()) {
            (Some(sku), _) => ("sku", sku),
            (None, Some(barcode)) => ("barcodes", barcode.as_str()),
            (None, None) => {
                errors.required::<()>("sku", None);
                return;
            }
        };
        errors.add(
            field,
            "unknown_product",
            format!("No hay ningún producto con el código {code}. Cargalo primero en el catálogo."),
            format!("There is no product with the code {code}. Add it to the catalogue first."),
        );
    }
}

/// The products behind SKUs and barcodes.
#[derive(Debug, Default)]
pub struct ByCodes {
    /// By SKU.
    pub skus: HashMap<String, Uuid>,
    /// By barcode: the product, and the presentation when the code stands on one.
    pub barcodes: HashMap<String, (Uuid, Option<Uuid>)>,
}

/// Finds the products behind SKUs and barcodes.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find_by_codes(tx: &mut Tx<'_>, skus: &[&str], barcodes: &[&str]) -> Result<ByCodes, StoreError> {
    let mut found = ByCodes::default();
    for row in find_codes(tx, skus, barcodes, &[], &[]).await? {
        if row.kind == "sku" {
            found.skus.insert(row.code, row.product_id);
        } else {
            found.barcodes.insert(row.code, (row.product_id, row.presentation_id));
        }
    }
    Ok(found)
}

async fn find_codes(
    tx: &mut Tx<'_>,
    skus: &[&str],
    barcodes: &[&str],
    internal: &[&str],
    plus: &[&str],
) -> Result<Vec<CodeRow>, StoreError> {
    let rows = both!(tx, c, text => sqlx::query_as(text(sql::FIND_BY_CODES))
        .bind(json(skus)).bind(json(barcodes)).bind(json(internal)).bind(json(plus)).fetch_all(c).await?);
    Ok(rows)
}

/// Whether a line names its product by nothing but words.
fn names_no_code(line: &IntakeLine) -> bool {
    let edit = &line.edit;
    edit.sku.is_none() && line.barcodes.is_empty() && edit.internal_code.is_none() && edit.scale_plu.is_none()
}
