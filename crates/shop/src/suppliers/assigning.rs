//! Whose a product or a sentence is: what people taught of exactly this text, then what the catalogue remembers of the
//! product, then the rules of the crate `language` over the words that the shop keeps of its suppliers.

use std::sync::Arc;

use gondola_language::assign::{Assignment, Directory, Supplier as Known};
use gondola_store::{StoreError, Tx, both};
use serde::Serialize;
use utoipa::ToSchema;

use super::queries;
use super::sql;
use super::supplier::SupplierRecord;
use crate::kernel::text::fold;
use crate::kernel::{App, Lang};

/// Characters of a text to assign.
pub const TEXT_MAX: usize = 200;

/// Whose a text is, or whom to ask about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Assigned {
    /// The code of the supplier; null when a person has to say.
    #[schema(required, example = "Q")]
    pub supplier: Option<String>,
    /// How sure that is, from 0 to 1; null when a person has to say.
    #[schema(required, example = "0.90")]
    pub confidence: Option<String>,
    /// Why, or what is asked, in the language of `Accept-Language`.
    #[schema(example = "Cervecería y Maltería Quilmes distribuye Andes")]
    pub reason: String,
    /// The codes of who could have it, the likeliest first.
    pub candidates: Vec<String>,
}

impl Assigned {
    fn of(assignment: &Assignment<'_>, lang: Lang) -> Self {
        let candidates = match assignment {
            Assignment::To { supplier, .. } => vec![supplier.code.clone()],
            Assignment::Ask { candidates, .. } => candidates.iter().map(|one| one.code.clone()).collect(),
        };
        let reason = match lang {
            Lang::Es => assignment.in_spanish(),
            Lang::En => assignment.in_english(),
        };
        Self {
            supplier: assignment.code().map(str::to_owned),
            confidence: assignment.confidence().map(|sure| sure.to_string()),
            reason,
            candidates,
        }
    }

    /// How sure it is, in percent.
    pub(super) fn percent_sure(&self) -> String {
        let digits = self.confidence.as_deref().unwrap_or("0.00").replace('.', "");
        format!("{} %", digits.trim_start_matches('0'))
    }

    /// Who is offered first.
    pub(super) fn first_candidate(&self) -> &str {
        self.candidates.first().map(String::as_str).unwrap_or_default()
    }
}

/// The words of suppliers as the crate `language` looks them up, made anew when a supplier changed.
///
/// # Errors
/// The database's failure.
pub async fn directory(app: &App, tx: &mut Tx<'_>) -> Result<Arc<Directory>, StoreError> {
    let (suppliers, versions, changed_at): (i64, i64, i64) =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::SUPPLIERS_MARK)).fetch_one(c).await?);
    let mark = format!("{suppliers} {versions} {changed_at}");
    if let Some(kept) = app.kept.get::<Directory>(&mark) {
        return Ok(kept);
    }
    let known = queries::all(tx).await?.into_iter().map(known).collect();
    Ok(app.kept.put(mark, Directory::new(known)))
}

fn known(supplier: SupplierRecord) -> Known {
    let words = supplier.words;
    let legal = Some(supplier.legal_name).filter(|name| !name.is_empty());
    Known {
        code: supplier.code,
        names: std::iter::once(supplier.name).chain(words.names).chain(legal).collect(),
        own_brands: words.own_brands,
        distributed_brands: words.distributed_brands,
        specialities: words.specialities,
        excluded: words.excluded,
        is_default: supplier.is_default,
    }
}

/// Whose a text is.
///
/// # Errors
/// The database's failure.
pub async fn assign(app: &App, tx: &mut Tx<'_>, text: &str, lang: Lang) -> Result<Assigned, StoreError> {
    let memory = remembered(tx, text).await?;
    let directory = directory(app, tx).await?;
    Ok(Assigned::of(&directory.assign(text, memory.as_deref()), lang))
}

/// The code of the supplier that people taught for exactly this text, or that the product of this name has.
async fn remembered(tx: &mut Tx<'_>, text: &str) -> Result<Option<String>, StoreError> {
    let folded = fold(text);
    let taught: Option<String> =
        both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_LESSON)).bind(&folded).fetch_optional(c).await?);
    if taught.is_some() {
        return Ok(taught);
    }
    Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_REMEMBERED)).bind(&folded).fetch_optional(c).await?))
}
