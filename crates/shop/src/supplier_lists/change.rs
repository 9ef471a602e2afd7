//! What a person says of a list before it is applied: its name and days, what its columns are, which product a line is, how
//! many units its case has, and whether it is to be applied. What they say of columns, codes and wordings is learned for the
//! supplier's next list.

use gondola_store::protect::Opener;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::compare::{Ground, work_out, work_out_again};
use super::fields::{self, Mapping};
use super::lines::{Certainty, ListLine, lines};
use super::queries::{self, Headings, PriceList, cells, stored};
use super::refusal::ListRefusal;
use super::rows::{Locked, lock, put_line, put_lines};
use super::sql;
use crate::catalogue;
use crate::invoices::{MatchedBy, learn_codes, learn_wording};
use crate::kernel::time::Day;
use crate::prices::status_on;
use crate::stock::ProductRef;
use crate::suppliers::{self, SupplierRecord};

/// What somebody says of a line: what is not named stays as it is.
#[derive(Debug, Clone, Default)]
pub struct LineEdit {
    /// The line in the file.
    pub line: i64,
    /// Which product it is; nothing for none of the shop's.
    pub product: Option<Option<ProductRef>>,
    /// Units of a case.
    pub units_per_case: Option<Option<u32>>,
    /// Whether it is to be applied.
    pub chosen: Option<bool>,
}

/// What somebody says of a list: what is not named stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ListEdit {
    /// What it is called.
    pub name: Option<String>,
    /// Its first day.
    pub valid_from: Option<Day>,
    /// Its last day.
    pub valid_to: Option<Option<Day>>,
    /// What its columns are.
    pub columns: Option<Mapping>,
    /// Some of its lines.
    pub lines: Vec<LineEdit>,
}

/// Corrects a list that was not applied.
#[derive(Debug, Clone)]
pub struct ChangeList {
    /// Which one.
    pub id: Uuid,
    /// The version that was read.
    pub version: i64,
    /// What changes.
    pub edit: ListEdit,
}

impl Command for ChangeList {
    const NAME: &'static str = "price_lists.change";
    type Out = PriceList;
    type Refusal = ListRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<PriceList, Fail<ListRefusal>> {
        let locked = lock(tx, (self.id, Some(self.version)), "draft").await?;
        let before = stored(tx, self.id).await?;
        cx.changes(&before);
        let supplier = supplier_of(tx, &locked).await?;
        let status = status_on(tx, cx.day_of(cx.now)).await?;
        let ground = Ground { supplier: &supplier, status, previous: before.row.previous_id };
        let mut headings = before.row.headings()?;
        if let Some(columns) = &self.edit.columns {
            self.read_again(tx, cx, (&mut headings, columns), &ground).await?;
        }
        for (at, edit) in self.edit.lines.iter().enumerate() {
            self.change_line(tx, cx, &ground, (at, edit)).await?;
        }
        self.put_head(tx, &before, &headings).await?;
        Ok(stored(tx, self.id).await?)
    }
}

impl ChangeList {
    async fn put_head(
        &self,
        tx: &mut Tx<'_>,
        before: &PriceList,
        headings: &Headings,
    ) -> Result<(), Fail<ListRefusal>> {
        let row = &before.row;
        let from = self.edit.valid_from.unwrap_or(row.valid_from);
        let to = self.edit.valid_to.unwrap_or(row.valid_to);
        if to.is_some_and(|to| to < from) {
            return Err(Fail::Refused(ListRefusal::EndsBefore));
        }
        let columns = serde_json::to_string(headings).expect("headings are plain values");
        let put = both!(tx, c, text => sqlx::query(text(sql::PUT_HEAD)).bind(self.id)
            .bind(self.edit.name.as_deref().unwrap_or(&row.name)).bind(from).bind(to).bind(&columns)
            .execute(c).await?.rows_affected());
        Ok(expect_rows(sql::PUT_HEAD, 1, put)?)
    }

    /// Reads the cells under other columns, and remembers them for the supplier's next list.
    async fn read_again(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        (headings, columns): (&mut Headings, &Mapping),
        ground: &Ground<'_>,
    ) -> Result<(), Fail<ListRefusal>> {
        let unusable = |unusable| Fail::Refused(ListRefusal::Columns(unusable));
        fields::check(columns, headings.titles.len()).map_err(unusable)?;
        let grid = cells(tx, &Opener::Command(cx), self.id).await?;
        let mut found = lines(&grid, columns);
        if found.is_empty() {
            return Err(Fail::Refused(ListRefusal::NoLines));
        }
        work_out(tx, ground, &mut found).await?;
        put_lines(tx, self.id, &found).await?;
        headings.fields.clone_from(columns);
        let fields = fields::remember(&headings.titles, columns);
        let fields = serde_json::to_string(&fields).expect("fields are plain values");
        let put = both!(tx, c, text => sqlx::query(text(sql::PUT_COLUMNS)).bind(ground.supplier.id).bind(&fields)
            .bind(cx.now).execute(c).await?.rows_affected());
        Ok(expect_rows(sql::PUT_COLUMNS, 1, put)?)
    }

    async fn change_line(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        ground: &Ground<'_>,
        (at, edit): (usize, &LineEdit),
    ) -> Result<(), Fail<ListRefusal>> {
        let found = queries::line(tx, self.id, edit.line).await?;
        let mut line = found.ok_or(Fail::Refused(ListRefusal::UnknownLine { at }))?.worked()?;
        if let Some(units) = edit.units_per_case {
            line.written.units_per_case = units;
        }
        if let Some(named) = &edit.product {
            say_product(tx, &mut line, (at, named.as_ref())).await?;
        }
        if edit.product.is_some() || edit.units_per_case.is_some() {
            work_out_again(tx, ground, &mut line).await?;
            line.is_chosen = is_ready(&line);
        }
        if let Some(chosen) = edit.chosen {
            if chosen && !is_ready(&line) {
                return Err(Fail::Refused(ListRefusal::NoCost { at }));
            }
            line.is_chosen = chosen;
        }
        let put = put_line(tx, self.id, &line).await?;
        expect_rows(sql::PUT_LINE, 1, put)?;
        if line.written.matched_by == Some(MatchedBy::Person) {
            learn_wording(tx, cx, ground.supplier, &line.written).await?;
            learn_codes(tx, ground.supplier.id, std::slice::from_ref(&line.written)).await?;
        }
        Ok(())
    }
}

/// Whether a line can be applied.
fn is_ready(line: &ListLine) -> bool {
    line.known_product().is_some() && line.unit_cost.is_some()
}

/// A person says which product a line is, or that it is none.
async fn say_product(
    tx: &mut Tx<'_>,
    line: &mut ListLine,
    (at, named): (usize, Option<&ProductRef>),
) -> Result<(), Fail<ListRefusal>> {
    line.score = None;
    let Some(named) = named else {
        (line.written.product, line.written.matched_by) = (None, None);
        line.certainty = Certainty::None;
        return Ok(());
    };
    let found = catalogue::product(tx, named).await?.filter(|product| product.active);
    let product = found.ok_or(Fail::Refused(ListRefusal::UnknownProduct { at }))?;
    (line.written.product, line.written.matched_by) = (Some(product.id), Some(MatchedBy::Person));
    line.certainty = Certainty::Certain;
    Ok(())
}

/// Whose list it is.
pub(super) async fn supplier_of(tx: &mut Tx<'_>, list: &Locked) -> Result<SupplierRecord, StoreError> {
    let found = suppliers::find(tx, list.supplier_id).await?;
    found.ok_or_else(|| StoreError::corrupt("supplier_lists", "supplier_id", list.id, list.supplier_id))
}

/// Puts a list away that was not applied.
#[derive(Debug, Clone)]
pub struct DiscardList {
    /// Which one.
    pub id: Uuid,
}

impl Command for DiscardList {
    const NAME: &'static str = "price_lists.discard";
    type Out = PriceList;
    type Refusal = ListRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<PriceList, Fail<ListRefusal>> {
        lock(tx, (self.id, None), "draft").await?;
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_DISCARDED)).bind(self.id)
            .execute(c).await?.rows_affected());
        expect_rows(sql::PUT_DISCARDED, 1, put)?;
        Ok(stored(tx, self.id).await?)
    }
}
