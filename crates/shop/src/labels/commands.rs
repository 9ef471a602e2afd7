//! Printing labels and placing them. A print is kept, so that paper that got stuck is printed again as it was.

use gondola_store::{At, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::queries::{Print, find};
use super::refusal::LabelRefused;
use super::sql;
use crate::kernel::bulk::{hex, id_list, insert_all};
use crate::prices::product_id;
use crate::stock::ProductRef;

/// Labels of one print at most.
pub(super) const LABELS_MAX: usize = 500;

/// Prints the labels of these products, or all that are to be printed, up to [`LABELS_MAX`].
pub struct PrintLabels {
    /// Of which products; all that are due when none is named.
    pub products: Vec<ProductRef>,
}

#[derive(FromRow)]
struct ToPrint {
    product_id: Uuid,
    amount: i64,
    priced_at: At,
}

impl Command for PrintLabels {
    const NAME: &'static str = "labels.print";
    type Out = Print;
    type Refusal = LabelRefused;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Print, Fail<LabelRefused>> {
        let ids = self.ids(tx).await?;
        let limit = i64::try_from(LABELS_MAX).expect("some hundreds");
        let rows: Vec<ToPrint> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::TO_PRINT))
            .bind(ids.as_ref().map(id_list)).bind(limit).fetch_all(c).await?);
        if let Some(missing) = ids.iter().flatten().position(|id| !rows.iter().any(|row| row.product_id == *id)) {
            return Err(Fail::Refused(LabelRefused::UnknownProduct { at: missing }));
        }
        if rows.is_empty() {
            return Err(Fail::Refused(LabelRefused::Nothing));
        }
        let print = cx.new_id();
        cx.concerns(print.to_string());
        let many = i64::try_from(rows.len()).expect("at most LABELS_MAX");
        let inserted = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_PRINT)).bind(print).bind(cx.now)
            .bind(&cx.actor.name).bind(many).execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_PRINT, 1, inserted)?;
        insert_all(tx, sql::INSERT_ROWS, &columns(print, &rows)).await?;
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_LABELS)).bind(print).execute(c).await?
            .rows_affected());
        expect_rows(sql::PUT_LABELS, rows.len() as u64, put)?;
        Ok(stored(tx, print).await?)
    }
}

impl PrintLabels {
    /// The ids of the products that are named, each once; none when none is.
    async fn ids(&self, tx: &mut Tx<'_>) -> Result<Option<Vec<Uuid>>, Fail<LabelRefused>> {
        if self.products.is_empty() {
            return Ok(None);
        }
        let mut ids = Vec::with_capacity(self.products.len());
        for (at, product) in self.products.iter().enumerate() {
            let id = product_id(tx, product).await?;
            ids.push(id.ok_or(Fail::Refused(LabelRefused::UnknownProduct { at }))?);
        }
        Ok(Some(ids))
    }
}

async fn stored(tx: &mut Tx<'_>, print: Uuid) -> Result<Print, StoreError> {
    find(tx, print).await?.ok_or_else(|| StoreError::corrupt("label_prints", "id", print, "it was just written"))
}

#[derive(Serialize)]
struct Columns {
    #[serde(serialize_with = "hex")]
    print_id: Uuid,
    position: usize,
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    amount: i64,
    priced_at: At,
}

fn columns(print_id: Uuid, rows: &[ToPrint]) -> Vec<Columns> {
    let column = |(position, row): (usize, &ToPrint)| Columns {
        print_id,
        position,
        product_id: row.product_id,
        amount: row.amount,
        priced_at: row.priced_at,
    };
    rows.iter().enumerate().map(column).collect()
}

/// Says that the labels of a print stand on the shelf.
pub struct PlaceLabels {
    /// Of which print.
    pub print: Uuid,
}

impl Command for PlaceLabels {
    const NAME: &'static str = "labels.place";
    type Out = Print;
    type Refusal = LabelRefused;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn subject(&self) -> String {
        self.print.to_string()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Print, Fail<LabelRefused>> {
        let before = find(tx, self.print).await?.ok_or(Fail::Refused(LabelRefused::NotFound))?;
        cx.changes(&before);
        let placed = both!(&mut *tx, c, text => sqlx::query(text(sql::PLACE_LABELS)).bind(self.print).bind(cx.now)
            .bind(&cx.actor.name).execute(c).await?.rows_affected());
        expect_rows(sql::PLACE_LABELS, before.waiting.unsigned_abs(), placed)?;
        Ok(stored(tx, self.print).await?)
    }
}
