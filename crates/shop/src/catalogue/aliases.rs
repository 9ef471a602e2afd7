//! What a product is called besides its name: staff slang, a supplier's wording, a misread label. A
//! correction by hand becomes an alias, so that the same case is automatic next time.

use gondola_store::{At, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::commands::{read, store};
use super::refusals::CatalogueRefusal;
use super::rules::ALIASES_MAX;
use super::{queries, sql};
use crate::kernel::text::fold;
use crate::stock::ProductRef;

/// Characters of an alias at most.
pub const ALIAS_MAX: usize = 120;
/// Full confidence, in thousandths.
pub const CONFIDENCE_FULL: i64 = 1_000;

/// Where an alias comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AliasSource {
    /// Somebody wrote it.
    Manual,
    /// A photo was read so.
    Ocr,
    /// The notebook of missing goods.
    Notebook,
    /// A supplier's list.
    List,
}

impl AliasSource {
    /// All sources.
    pub const ALL: [Self; 4] = [Self::Manual, Self::Ocr, Self::Notebook, Self::List];

    /// As stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Ocr => "ocr",
            Self::Notebook => "notebook",
            Self::List => "list",
        }
    }

    /// The source of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.code() == code)
    }
}

/// An alias of a product.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Alias {
    /// Its id.
    pub id: Uuid,
    /// The text as it was written.
    pub text: String,
    /// The code of where it comes from.
    pub source: String,
    /// How sure it is, in thousandths.
    pub confidence_permille: i64,
    /// The code of the supplier in whose papers it holds; none means everywhere.
    pub supplier: Option<String>,
    /// When it was added.
    pub created_at: At,
}

/// The aliases of a product, oldest first; nothing when there is no such product.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn aliases(tx: &mut Tx<'_>, product: &ProductRef) -> Result<Option<Vec<Alias>>, StoreError> {
    let Some(product) = queries::product(tx, product).await? else { return Ok(None) };
    let rows: Vec<AliasRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_ALIASES)).bind(product.id).fetch_all(c).await?);
    Ok(Some(rows.into_iter().map(Alias::from).collect()))
}

/// Gives a product another name to be found by.
pub struct AddAlias {
    /// Which product.
    pub product: ProductRef,
    /// The text.
    pub text: String,
    /// Where it comes from.
    pub source: AliasSource,
    /// How sure it is, in thousandths.
    pub confidence_permille: i64,
    /// The code of the supplier in whose papers it holds.
    pub supplier: Option<String>,
}

impl Command for AddAlias {
    const NAME: &'static str = "catalogue.add_alias";
    type Out = Alias;
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.product.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Alias, Fail<CatalogueRefusal>> {
        let mut product = read(tx, cx, &self.product, None).await?;
        if product.aliases.len() >= ALIASES_MAX {
            return Err(Fail::Refused(CatalogueRefusal::TooMany { max: ALIASES_MAX }));
        }
        let supplier = match &self.supplier {
            None => None,
            Some(code) => Some(self.supplier_id(tx, code).await?),
        };
        let (id, folded) = (cx.new_id(), fold(&self.text));
        let (source, confidence) = (self.source.code(), self.confidence_permille);
        let added = both!(tx, c, text => sqlx::query(text(sql::INSERT_ALIAS))
            .bind(id).bind(product.id).bind(&self.text).bind(&folded).bind(source).bind(confidence).bind(supplier)
            .bind(cx.now).execute(c).await?.rows_affected());
        if added == 0 {
            return Err(Fail::Refused(CatalogueRefusal::AliasExists));
        }
        product.aliases.push(folded);
        store(tx, cx, &mut product, Vec::new()).await?;
        let (text, source, supplier) = (self.text.clone(), source.to_owned(), self.supplier.clone());
        Ok(Alias { id, text, source, confidence_permille: confidence, supplier, created_at: cx.now })
    }
}

impl AddAlias {
    async fn supplier_id(&self, tx: &mut Tx<'_>, code: &str) -> Result<Uuid, Fail<CatalogueRefusal>> {
        let found = queries::supplier_id(tx, code).await?;
        found.ok_or_else(|| {
            Fail::Refused(CatalogueRefusal::field(
                "supplier",
                "unknown_supplier",
                "No hay un proveedor con ese código.",
                "There is no supplier with that code.",
            ))
        })
    }
}

/// Takes a name away from a product again.
pub struct RemoveAlias {
    /// Which product.
    pub product: ProductRef,
    /// The id of the alias.
    pub alias: Uuid,
}

impl Command for RemoveAlias {
    const NAME: &'static str = "catalogue.remove_alias";
    type Out = ();
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.product.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<CatalogueRefusal>> {
        let id = read(tx, cx, &self.product, None).await?.id;
        let removed = both!(tx, c, text => sqlx::query(text(sql::DELETE_ALIAS))
            .bind(self.alias).bind(id).execute(c).await?.rows_affected());
        if removed == 0 {
            return Err(Fail::Refused(CatalogueRefusal::NotFound));
        }
        expect_rows(sql::DELETE_ALIAS, 1, removed)?;
        // Read again, so that it is found by what is left.
        let left = queries::product(tx, &ProductRef::Id(id)).await?;
        let mut product = left.ok_or(Fail::Refused(CatalogueRefusal::NotFound))?;
        Ok(store(tx, cx, &mut product, Vec::new()).await?)
    }
}

#[derive(sqlx::FromRow)]
struct AliasRow {
    id: Uuid,
    text: String,
    source: String,
    confidence_permille: i64,
    supplier_code: Option<String>,
    created_at: i64,
}

impl From<AliasRow> for Alias {
    fn from(row: AliasRow) -> Self {
        let AliasRow { id, text, source, confidence_permille, supplier_code, created_at } = row;
        Self { id, text, source, confidence_permille, supplier: supplier_code, created_at }
    }
}
