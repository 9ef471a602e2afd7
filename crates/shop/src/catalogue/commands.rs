//! Creating and changing products. Each command reads what it needs, applies the edit, lets the
//! rules look at the result and writes it whole.

use gondola_store::protect::Opener;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::barcode::Barcode;
use super::finding::LAST_LETTER;
use super::many::{self, Change};
use super::product::{Product, ProductBarcode, ProductEdit};
use super::protected::open_costs;
use super::refusals::{CatalogueRefusal, CodeKind, TakenCode};
use super::rules::BARCODES_MAX;
use super::views::ProductView;
use super::write::{self, Changed, Part};
use super::{queries, rules, sql, taken};
use crate::kernel::Problem;
use crate::kernel::problem::FieldProblem;
use crate::kernel::text::fold;
use crate::prices::Source;
use crate::stock::{self, Opening, ProductRef};

/// Possible duplicates that are told at most.
const SIMILAR_MAX: usize = 5;
/// Letters of a name within which a product without a brand is compared.
const SIMILAR_PREFIX_LETTERS: usize = 3;

/// Creates a product, with its opening stock if it has one.
pub struct CreateProduct {
    /// Its fields; name, category and unit are there.
    pub edit: ProductEdit,
    /// Stock that is already there.
    pub opening: Option<Opening>,
}

/// A product just created.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreatedProduct {
    /// The product, costs included.
    pub product: ProductView,
    /// Products that may be the same.
    pub similar: Vec<SimilarProduct>,
}

/// A product that may be the same as a new one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SimilarProduct {
    /// Its id.
    pub id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
}

impl Command for CreateProduct {
    const NAME: &'static str = "catalogue.create_product";
    type Out = CreatedProduct;
    type Refusal = CatalogueRefusal;

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    fn also_needs(&self) -> Vec<Permission> {
        let prices = self.edit.touches_prices().then_some(Permission::EditPrices);
        let opening = self.opening.is_some().then_some(Permission::Receive);
        prices.into_iter().chain(opening).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<CreatedProduct, Fail<CatalogueRefusal>> {
        let outcome = many::create_all(tx, cx, std::slice::from_ref(&self.edit)).await?.pop();
        let mut product = outcome.expect("one edit has one outcome").map_err(Fail::Refused)?;
        let similar = similar(tx, &product).await?;
        if let Some(opening) = &self.opening {
            stock::post_opening(tx, cx, product.id, opening)
                .await
                .map_err(|fail| fail.map(|refusal| CatalogueRefusal::Opening(Box::new(refusal))))?;
        }
        product.price_changed_at = product.sale_price.map(|_| cx.now);
        Ok(CreatedProduct { product: ProductView::of(&product), similar })
    }
}

/// Changes what an edit names; the rest stays as it is.
pub struct ChangeProduct(pub Change);

impl Command for ChangeProduct {
    const NAME: &'static str = "catalogue.change_product";
    type Out = ProductView;
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.0.product.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    fn also_needs(&self) -> Vec<Permission> {
        rights_for(&self.0.edit)
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<ProductView, Fail<CatalogueRefusal>> {
        let outcome = many::change_all(tx, cx, std::slice::from_ref(&self.0)).await?.pop();
        let product = outcome.expect("one change has one outcome").map_err(Fail::Refused)?;
        Ok(ProductView::of(&product))
    }
}

/// Changes many products, each line for itself.
pub struct ChangeProducts {
    /// The changes; a line that could not be read has its problems instead.
    pub lines: Vec<Result<Change, Vec<FieldProblem>>>,
}

/// What became of one line.
#[derive(Debug, Serialize, Deserialize)]
pub enum LineOutcome {
    /// It was changed.
    Changed {
        /// The product.
        id: Uuid,
        /// Its version now.
        version: i64,
    },
    /// It was refused, and nothing of it was changed.
    Refused(LineRefusal),
}

/// Why a line was refused, in both languages.
#[derive(Debug, Serialize, Deserialize)]
pub struct LineRefusal {
    /// Stable code.
    pub code: String,
    /// What happened, in Spanish and in English.
    pub detail: (String, String),
    /// The fields it is about: path, code, Spanish, English.
    pub fields: Vec<(String, String, String, String)>,
}

impl Command for ChangeProducts {
    const NAME: &'static str = "catalogue.change_products";
    type Out = Vec<LineOutcome>;
    type Refusal = std::convert::Infallible;

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    fn also_needs(&self) -> Vec<Permission> {
        self.lines.iter().flatten().flat_map(|change| rights_for(&change.edit)).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Vec<LineOutcome>, Fail<Self::Refusal>> {
        let readable: Vec<Change> = self.lines.iter().flatten().cloned().collect();
        let mut changed = many::change_all(tx, cx, &readable).await?.into_iter();
        let outcome = |line: &Result<Change, Vec<FieldProblem>>| match line {
            Err(problems) => LineOutcome::Refused(Problem::invalid(problems.clone()).into()),
            Ok(_) => match changed.next().expect("one change has one outcome") {
                Ok(product) => LineOutcome::Changed { id: product.id, version: product.version },
                Err(refusal) => LineOutcome::Refused(Problem::from(refusal).within("changes.").into()),
            },
        };
        Ok(self.lines.iter().map(outcome).collect())
    }
}

impl From<Problem> for LineRefusal {
    fn from(problem: Problem) -> Self {
        let field = |field: FieldProblem| (field.field, field.code.to_owned(), field.detail.es, field.detail.en);
        Self {
            code: problem.code.to_owned(),
            detail: (problem.detail.es, problem.detail.en),
            fields: problem.fields.into_iter().map(field).collect(),
        }
    }
}

/// Takes a product out of use. Refused while it has stock; nothing is ever deleted.
pub struct DeactivateProduct {
    /// Which product.
    pub product: ProductRef,
    /// The version it was read at, where it matters.
    pub version: Option<i64>,
}

impl Command for DeactivateProduct {
    const NAME: &'static str = "catalogue.deactivate_product";
    type Out = ProductView;
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.product.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<ProductView, Fail<CatalogueRefusal>> {
        let ids = queries::ids_of(tx, std::slice::from_ref(&self.product)).await?;
        let stocked = queries::stocked(tx, &ids.into_iter().flatten().collect::<Vec<_>>()).await?;
        let mut product = read(tx, cx, &self.product, self.version).await?;
        if stocked.contains(&product.id) {
            return Err(Fail::Refused(CatalogueRefusal::HasStock));
        }
        if product.active {
            product.active = false;
            store(tx, cx, &mut product, Vec::new()).await?;
        }
        Ok(ProductView::of(&product))
    }
}

/// Takes a product into use again.
pub struct ActivateProduct {
    /// Which product.
    pub product: ProductRef,
    /// The version it was read at, where it matters.
    pub version: Option<i64>,
}

impl Command for ActivateProduct {
    const NAME: &'static str = "catalogue.activate_product";
    type Out = ProductView;
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.product.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<ProductView, Fail<CatalogueRefusal>> {
        let mut product = read(tx, cx, &self.product, self.version).await?;
        if !product.active {
            product.active = true;
            store(tx, cx, &mut product, Vec::new()).await?;
        }
        Ok(ProductView::of(&product))
    }
}

/// Adds a barcode to a product.
pub struct AddBarcode {
    /// Which product.
    pub product: ProductRef,
    /// The code.
    pub code: Barcode,
    /// The name of the presentation it stands on; none means the unit itself.
    pub presentation: Option<String>,
}

impl Command for AddBarcode {
    const NAME: &'static str = "catalogue.add_barcode";
    type Out = ProductView;
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.product.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<ProductView, Fail<CatalogueRefusal>> {
        let mut product = read(tx, cx, &self.product, None).await?;
        let barcode = ProductBarcode { code: self.code.to_string(), presentation: self.presentation_id(&product)? };
        if product.barcodes.contains(&barcode) {
            return Ok(ProductView::of(&product));
        }
        if product.barcodes.len() >= BARCODES_MAX {
            return Err(Fail::Refused(CatalogueRefusal::TooMany { max: BARCODES_MAX }));
        }
        let own = product.barcodes.iter().any(|other| other.code == barcode.code);
        product.barcodes.push(barcode);
        let mut taken: Vec<TakenCode> =
            taken::barcodes(tx, &[&product]).await?.into_iter().map(|(_, taken)| taken).collect();
        if own {
            taken.push(TakenCode { kind: CodeKind::Barcode, code: self.code.to_string() });
        }
        if !taken.is_empty() {
            return Err(Fail::Refused(CatalogueRefusal::Taken(taken)));
        }
        store(tx, cx, &mut product, vec![Part::Codes]).await?;
        Ok(ProductView::of(&product))
    }
}

impl AddBarcode {
    fn presentation_id(&self, product: &Product) -> Result<Option<Uuid>, Fail<CatalogueRefusal>> {
        let Some(name) = &self.presentation else { return Ok(None) };
        let wanted = fold(name);
        let found = product.presentations.iter().find(|presentation| fold(&presentation.name) == wanted);
        match found {
            Some(presentation) => Ok(Some(presentation.id)),
            None => Err(Fail::Refused(CatalogueRefusal::field(
                "presentation",
                "unknown_presentation",
                "El producto no tiene una presentación con ese nombre.",
                "The product has no presentation of that name.",
            ))),
        }
    }
}

/// A product that is about to be changed, at the version that is expected of it.
pub(super) async fn read(
    tx: &mut Tx<'_>,
    cx: &Context,
    reference: &ProductRef,
    version: Option<i64>,
) -> Result<Product, Fail<CatalogueRefusal>> {
    let mut product = queries::product(tx, reference).await?.ok_or(Fail::Refused(CatalogueRefusal::NotFound))?;
    if version.is_some_and(|version| version != product.version) {
        return Err(Fail::Refused(CatalogueRefusal::Stale));
    }
    open_costs(tx, &Opener::Command(cx), std::slice::from_mut(&mut product)).await?;
    cx.changes(&ProductView::of(&product));
    Ok(product)
}

/// Stores one changed product with the parts that changed.
pub(super) async fn store(
    tx: &mut Tx<'_>,
    cx: &Context,
    product: &mut Product,
    parts: Vec<Part>,
) -> Result<(), StoreError> {
    product.version += 1;
    product.updated_at = cx.now;
    let changed = Changed { product: product.clone(), parts };
    write::update(tx, cx, Source::Hand, std::slice::from_ref(&changed)).await
}

/// The further rights that an edit of an existing product takes.
pub(super) fn rights_for(edit: &ProductEdit) -> Vec<Permission> {
    let prices = edit.touches_prices().then_some(Permission::EditPrices);
    let cost = edit.touches_cost().then_some(Permission::ReadCost);
    prices.into_iter().chain(cost).collect()
}

/// Products of the same brand and size whose name is as good as the same.
async fn similar(tx: &mut Tx<'_>, product: &Product) -> Result<Vec<SimilarProduct>, StoreError> {
    let (name, brand) = (fold(&product.name), fold(&product.brand));
    let quantity = product.content.map_or(0, |content| content.quantity.raw());
    let unit = product.content.map_or("", |content| content.unit.code());
    let rows: Vec<SimilarRow> = if brand.is_empty() {
        let begins: String = name.chars().take(SIMILAR_PREFIX_LETTERS).collect();
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_SIMILAR_NAMES))
            .bind(&begins).bind(quantity).bind(unit).bind(product.id).bind(LAST_LETTER).fetch_all(c).await?)
    } else {
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_SIMILAR))
            .bind(&brand).bind(quantity).bind(unit).bind(product.id).fetch_all(c).await?)
    };
    let alike = rows.into_iter().filter(|row| rules::names_are_alike(&product.name, &row.name));
    Ok(alike.take(SIMILAR_MAX).map(|row| SimilarProduct { id: row.id, sku: row.sku, name: row.name }).collect())
}

#[derive(sqlx::FromRow)]
struct SimilarRow {
    id: Uuid,
    sku: String,
    name: String,
}
