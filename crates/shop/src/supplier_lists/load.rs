//! A list comes in: its cells are kept sealed, its columns are guessed or known from the supplier's last list, and its lines
//! are worked out. Where the columns are not enough it waits without lines for a person to say them.

use gondola_store::protect::{Protected, conceal};
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::compare::{Ground, work_out};
use super::fields;
use super::grid::{CELLS, ReadList};
use super::lines::lines;
use super::queries::{Headings, PriceList, remembered, stored};
use super::refusal::ListRefusal;
use super::rows::{LISTS, put_lines};
use super::sql;
use crate::kernel::time::Day;
use crate::prices::status_on;
use crate::purchasing;
use crate::suppliers;

/// Takes a list that was read.
#[derive(Debug, Clone)]
pub struct LoadList {
    /// Code of the supplier.
    pub supplier: String,
    /// What the file holds.
    pub read: ReadList,
    /// The digest of the file.
    pub digest: Vec<u8>,
    /// Its name, for people.
    pub file_name: String,
    /// What the list is called; by the file's name when nobody says.
    pub name: Option<String>,
    /// Its first day; today when nobody says.
    pub valid_from: Option<Day>,
    /// Its last day, where it has one.
    pub valid_to: Option<Day>,
}

impl Command for LoadList {
    const NAME: &'static str = "price_lists.load";
    type Out = PriceList;
    type Refusal = ListRefusal;

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<PriceList, Fail<ListRefusal>> {
        let supplier = suppliers::by_code(tx, &self.supplier).await?.filter(|supplier| supplier.active);
        let supplier = supplier.ok_or(Fail::Refused(ListRefusal::UnknownSupplier))?;
        let today = cx.day_of(cx.now);
        if self.valid_to.is_some_and(|last| last < self.valid_from.unwrap_or(today)) {
            return Err(Fail::Refused(ListRefusal::EndsBefore));
        }
        self.refuse_the_same(tx, supplier.id).await?;
        let previous: Option<Uuid> = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_LAST))
            .bind(supplier.id).fetch_optional(c).await?);
        let mapping = self
            .read
            .mapping(&fields::with_pack_column(remembered(tx, supplier.id).await?, &supplier.paper.pack_column));
        let grid = &self.read.grid;
        let mut found = match fields::check(&mapping, grid.titles.len()) {
            Ok(()) => lines(grid, &mapping),
            Err(_) => Vec::new(),
        };
        let ground = Ground { supplier: &supplier, status: status_on(tx, today).await?, previous };
        work_out(tx, &ground, &mut found).await?;
        let headings = Headings { titles: grid.titles.clone(), fields: mapping };
        let id = self.write(tx, cx, (supplier.id, previous), &headings).await?;
        put_lines(tx, id, &found).await?;
        Ok(stored(tx, id).await?)
    }
}

impl LoadList {
    async fn refuse_the_same(&self, tx: &mut Tx<'_>, supplier: Uuid) -> Result<(), Fail<ListRefusal>> {
        let same: Option<i64> = both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_SAME_FILE))
            .bind(&self.digest).bind(supplier).fetch_optional(c).await?);
        same.map_or(Ok(()), |number| Err(Fail::Refused(ListRefusal::SameFile { number })))
    }

    async fn write(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        (supplier, previous): (Uuid, Option<Uuid>),
        headings: &Headings,
    ) -> Result<Uuid, StoreError> {
        let (id, number) = (cx.new_id(), purchasing::next_number(tx, LISTS).await?);
        cx.concerns(id.to_string());
        let columns = serde_json::to_string(headings).expect("headings are plain values");
        let from = self.valid_from.unwrap_or_else(|| cx.day_of(cx.now));
        let named = [self.name.as_deref(), Some(self.file_name.as_str())].into_iter().flatten();
        let name = named.map(str::trim).find(|name| !name.is_empty()).unwrap_or("Lista");
        let inserted = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_LIST))
            .bind(id).bind(number).bind(supplier).bind(name).bind(from).bind(self.valid_to).bind(&self.file_name)
            .bind(&self.digest).bind(&columns).bind(previous).bind(cx.actor.reference()).bind(&cx.actor.name)
            .bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_LIST, 1, inserted)?;
        let cells = Protected::new(self.read.grid.clone());
        let sealed = conceal(tx, cx, &CELLS, [(id, Some(&cells))]).await?.pop().flatten();
        let kept = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_CELLS)).bind(id).bind(sealed)
            .execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_CELLS, 1, kept)?;
        Ok(id)
    }
}
