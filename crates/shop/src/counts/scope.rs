//! What a count is of: everything a place holds or should hold, one category of it, or the products
//! of a list. What was found is in `lines.rs`.

use gondola_store::{Fail, Tx};
use serde::Serialize;
use uuid::Uuid;

use super::refusal::CountRefused;
use super::sql;
use crate::catalogue;
use crate::kernel::Text;
use crate::kernel::bulk::{hex, insert_all};
use crate::kernel::problem::FieldProblem;
use crate::stock::{Book, ProductRef};

/// Products on the list of a count at most.
pub const LISTED_MAX: usize = 500;

/// What a count is of.
#[derive(Debug, Clone, Default)]
pub enum CountScope {
    /// Whatever the place holds or should hold.
    #[default]
    Place,
    /// The products of the category with this code, and of those below it.
    Category(String),
    /// These products.
    Products(Vec<ProductRef>),
}

#[derive(Serialize)]
struct ListedOut {
    #[serde(serialize_with = "hex")]
    count_id: Uuid,
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
}

impl CountScope {
    /// The products of the list; none unless it is of one.
    pub(super) fn products(&self) -> &[ProductRef] {
        match self {
            Self::Products(products) => products,
            Self::Place | Self::Category(_) => &[],
        }
    }

    /// The category's id, if it is of one.
    pub(super) async fn category(&self, tx: &mut Tx<'_>) -> Result<Option<Uuid>, Fail<CountRefused>> {
        let Self::Category(code) = self else { return Ok(None) };
        let found = catalogue::family(tx, code).await?.map(|family| family.id);
        if found.is_none() {
            return Err(Fail::Refused(CountRefused::Scope(vec![no_such_category(code)])));
        }
        Ok(found)
    }

    /// Writes the list of the count, if it is of one; all products that are none are told together.
    pub(super) async fn write_list(
        &self,
        tx: &mut Tx<'_>,
        book: &Book<'_>,
        count_id: Uuid,
    ) -> Result<(), Fail<CountRefused>> {
        let (mut listed, mut bad) = (Vec::new(), Vec::new());
        for (at, product) in self.products().iter().enumerate() {
            match book.product(product) {
                Ok(id) => listed.push(id),
                Err(refusal) => bad.push(FieldProblem {
                    field: format!("products[{at}]"),
                    code: refusal.code(),
                    detail: refusal.text(),
                }),
            }
        }
        if !bad.is_empty() {
            return Err(Fail::Refused(CountRefused::Scope(bad)));
        }
        listed.sort_unstable();
        listed.dedup();
        let rows: Vec<_> = listed.into_iter().map(|product_id| ListedOut { count_id, product_id }).collect();
        Ok(insert_all(tx, sql::INSERT_LISTED, &rows).await?)
    }
}

fn no_such_category(code: &str) -> FieldProblem {
    FieldProblem {
        field: "category".to_owned(),
        code: "unknown_category",
        detail: Text::new(format!("No hay ningún rubro «{code}»."), format!("There is no category \"{code}\".")),
    }
}
