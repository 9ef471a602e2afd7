//! A person confirms what an invoice says. It is checked by its figures, by what is known of the supplier and by what came
//! before; then every line is told as goods in the product's own unit at its unit cost, and what the person taught by
//! correcting it is learned: the supplier's CUIT, codes, wordings, packs, and how their papers read.

use std::collections::HashMap;

use gondola_ledger::Day as LedgerDay;
use gondola_papers::check::{Context as Checked, Finding, Severity as Weight, check};
use gondola_papers::extract::{Layout, Paper};
use gondola_papers::fiscal::{DocumentKind, VatCondition as PaperCondition};
use gondola_pricing::light::Severity;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::protect::Opener;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use gondola_vault::Vault;
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::beside::with_lines;
use super::cost::{Goods, Received, Terms, received};
use super::queries::{Invoice, StoredLine, stored};
use super::reading::{Words, index_of, layout_of, words_of};
use super::refusal::{InvoiceRefusal, Wrong};
use super::rows::{Locked, lock};
use super::sql;
use super::state::InvoiceState;
use super::sureness::{as_it_stands, open_doubts};
use super::written::{Head, MatchedBy, Seller, WrittenLine, as_paper, typed};
use crate::catalogue::{ALIAS_MAX, AddAlias, AliasSource};
use crate::kernel::Text;
use crate::kernel::bulk::{hex, id_list, json};
use crate::kernel::numbers::show_short_cost;
use crate::kernel::time::Day;
use crate::prices::status_on;
use crate::stock::ProductRef;
use crate::suppliers::{self, ContactEdit, SupplierEdit, SupplierRecord, VatCondition};

/// Confirms an invoice.
pub struct ConfirmInvoice {
    /// Which one.
    pub id: Uuid,
    /// Whether whoever confirms takes what is only doubtful.
    pub accepts_warnings: bool,
}

impl Command for ConfirmInvoice {
    const NAME: &'static str = "invoices.confirm";
    type Out = Invoice;
    type Refusal = InvoiceRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Invoice, Fail<InvoiceRefusal>> {
        let locked = lock(tx, self.id).await?;
        let state = locked.state()?.confirm()?;
        let invoice = stored(tx, self.id).await?;
        cx.changes(&invoice);
        let words = words_of(tx, &Opener::Command(cx), self.id).await?;
        let now = Now { today: cx.day_of(cx.now), vault: cx.vault() };
        let case = Case::of(tx, now, &invoice, words.as_ref()).await?;
        let errors: Vec<Wrong> = case.wrong.iter().filter(|one| one.is_error()).cloned().collect();
        if !errors.is_empty() {
            return Err(Fail::Refused(InvoiceRefusal::Wrong(errors)));
        }
        if !case.wrong.is_empty() && !self.accepts_warnings {
            return Err(Fail::Refused(InvoiceRefusal::Doubtful(case.wrong)));
        }
        if let Some(supplier) = &case.supplier {
            learn(tx, cx, (&invoice, supplier), &case, words.as_ref()).await?;
        }
        self.write(tx, cx, (&locked, state), &case).await?;
        Ok(stored(tx, self.id).await?)
    }
}

impl ConfirmInvoice {
    async fn write(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        (locked, state): (&Locked, InvoiceState),
        case: &Case,
    ) -> Result<(), StoreError> {
        let rows: Vec<ReceivedOut> =
            case.goods.iter().map(|(line, received)| ReceivedOut::of(*line, received)).collect();
        let many = rows.len() as u64;
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_RECEIVED)).bind(self.id).bind(json(&rows))
            .execute(c).await?.rows_affected());
        expect_rows(sql::PUT_RECEIVED, many, put)?;
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_CONFIRMED))
            .bind(locked.id).bind(state.code()).bind(&cx.actor.name).bind(cx.now)
            .execute(c).await?.rows_affected());
        expect_rows(sql::PUT_CONFIRMED, 1, put)
    }
}

#[derive(Serialize)]
struct ReceivedOut {
    line: usize,
    received: i64,
    unit_cost: Option<i64>,
}

impl ReceivedOut {
    fn of(line: usize, received: &Received) -> Self {
        Self { line, received: received.quantity.raw(), unit_cost: received.unit_cost.map(|cost| cost.raw()) }
    }
}

/// What an invoice is looked at with: the shop's day, and what finds a CUIT.
#[derive(Clone, Copy)]
pub(super) struct Now<'a> {
    pub today: Day,
    pub vault: &'a Vault,
}

/// An invoice with all that is known about it: what is wrong with it, and what its lines come to.
pub(super) struct Case {
    pub supplier: Option<SupplierRecord>,
    pub seller: Seller,
    /// The paper that it makes, each value as sure as it is.
    pub paper: Paper,
    /// What has to be corrected or accepted, in the order it stands there.
    pub wrong: Vec<Wrong>,
    /// What each line of goods comes to, by its number.
    pub goods: Vec<(usize, Received)>,
}

/// What a paper would say of a seller of that condition.
fn on_paper(condition: VatCondition) -> Option<PaperCondition> {
    match condition {
        VatCondition::RegisteredVat => Some(PaperCondition::Registered),
        VatCondition::Monotributo => Some(PaperCondition::Monotributo),
        VatCondition::Exempt => Some(PaperCondition::Exempt),
        VatCondition::Unknown => None,
    }
}

/// Whether a document of that kind brings goods.
pub(super) fn brings_goods(kind: Option<DocumentKind>) -> bool {
    matches!(
        kind,
        Some(DocumentKind::Invoice | DocumentKind::Ticket | DocumentKind::Informal | DocumentKind::DeliveryNote)
    )
}

#[derive(FromRow)]
struct GoodsRow {
    id: Uuid,
    vat_bp: i64,
    internal_taxes: bool,
    pack_num: i64,
    pack_den: i64,
}

impl GoodsRow {
    const fn goods(&self) -> Goods {
        Goods { pack: (self.pack_num, self.pack_den), vat_bp: self.vat_bp, internal_taxes: self.internal_taxes }
    }
}

impl Case {
    /// Looks into an invoice.
    pub async fn of(
        tx: &mut Tx<'_>,
        now: Now<'_>,
        invoice: &Invoice,
        words: Option<&Words>,
    ) -> Result<Self, StoreError> {
        let (head, lines) = (invoice.head(), invoice.written());
        let supplier = match invoice.row.supplier_id {
            Some(id) => suppliers::find(tx, id).await?,
            None => None,
        };
        let layout = layout_of(tx, invoice.row.supplier_id).await?;
        let read = words.map(|words| words.paper(layout.as_ref()));
        let seller = read.as_ref().map(|paper| Seller::of(&paper.header)).unwrap_or_default();
        let mut paper = as_it_stands(&head, &lines, seller, read.as_ref().filter(|_| !invoice.row.seen));
        paper.doubts = read.as_ref().map(|read| open_doubts(read, &head, invoice.row.seen)).unwrap_or_default();
        // What a paper does not say of its seller, the shop may know.
        let known = supplier.as_ref().and_then(|supplier| on_paper(supplier.vat_condition));
        let condition = &mut paper.header.seller.condition;
        *condition = condition.take().or(known.map(typed));
        let unmatched =
            if brings_goods(head.kind) { lines.iter().filter(|line| line.awaits_product()).count() } else { 0 };
        let context = Checked { today: LedgerDay(now.today), supplier: None, unmatched_lines: unmatched };
        let mut wrong: Vec<Wrong> = missing(&head, supplier.is_some());
        wrong.extend(
            check(&paper, &context)
                .iter()
                .filter(|finding| counts(finding, head.kind, invoice.row.seen))
                .map(|finding| told(finding, invoice.row.seen)),
        );
        let mut case = Self { supplier, seller, paper, wrong, goods: Vec::new() };
        case.check_seller(tx, now).await?;
        case.check_twin(tx, invoice).await?;
        if brings_goods(head.kind) {
            case.weigh(tx, now, &head, &lines).await?;
            case.doubt_costs(&invoice.lines);
        }
        Ok(case)
    }

    /// What every line of goods comes to, as the shop was on the day of the paper.
    async fn weigh(
        &mut self,
        tx: &mut Tx<'_>,
        now: Now<'_>,
        head: &Head,
        lines: &[WrittenLine],
    ) -> Result<(), StoreError> {
        let Some(supplier) = &self.supplier else { return Ok(()) };
        let status = status_on(tx, head.issued_on.unwrap_or(now.today)).await?;
        let (goods, wrong) = come_to(tx, supplier, status, head, lines).await?;
        self.goods = goods;
        self.wrong.extend(wrong);
        Ok(())
    }

    /// A cost that is far from the last one is mostly another product, or a case taken for a unit.
    fn doubt_costs(&mut self, lines: &[StoredLine]) {
        for (line, received) in &self.goods {
            let (stored, cost) = (lines.get(line - 1), received.unit_cost);
            let moved = stored.zip(cost).and_then(|(stored, cost)| stored.moved_to(cost));
            let Some(moved) = moved.filter(|moved| moved.severity() == Some(Severity::Critical)) else { continue };
            let (old, new) = (show_short_cost(moved.old), show_short_cost(moved.new));
            let text = Text::new(
                format!(
                    "Salía {old} y ahora da {new}. Fijate si es ese producto y si el precio es por unidad o por bulto."
                ),
                format!(
                    "It was {old} and comes to {new}. Check that it is that product, and whether the price is of a unit or a case."
                ),
            );
            self.wrong.push(Wrong::warning(format!("lines[{}].price", line - 1), ("cost_jump", text)));
        }
    }

    /// Whether the paper is from whom it is said to be.
    async fn check_seller(&mut self, tx: &mut Tx<'_>, now: Now<'_>) -> Result<(), StoreError> {
        let (Some(supplier), Some(tax_id)) = (&self.supplier, self.seller.tax_id) else { return Ok(()) };
        let known: Option<Vec<u8>> = both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_TAX_ID_INDEX))
            .bind(supplier.id).fetch_optional(c).await?);
        if known.is_some_and(|known| known != index_of(now.vault, tax_id)) {
            let text = Text::new(
                format!("El CUIT {tax_id} de la factura no es el de {}.", supplier.name),
                format!("CUIT {tax_id} on the invoice is not that of {}.", supplier.name),
            );
            self.wrong.push(Wrong::error("supplier", ("other_supplier", text)));
        }
        Ok(())
    }

    /// Whether the same paper is confirmed or in the books already.
    async fn check_twin(&mut self, tx: &mut Tx<'_>, invoice: &Invoice) -> Result<(), StoreError> {
        let row = &invoice.row;
        if row.document_number.is_none() || row.supplier_id.is_none() {
            return Ok(());
        }
        let twin: Option<i64> = both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_TWIN))
            .bind(row.supplier_id).bind(&row.kind).bind(row.letter.as_deref().unwrap_or_default())
            .bind(row.point_of_sale).bind(row.document_number).bind(row.id).fetch_optional(c).await?);
        if let Some(number) = twin {
            let text = Text::new(
                format!("Ese comprobante ya está cargado: es la factura {number}."),
                format!("That document is here already: it is invoice {number}."),
            );
            self.wrong.push(Wrong::error("number", ("duplicate_invoice", text)));
        }
        Ok(())
    }
}

/// What every line of goods comes to for a shop of that status, by its number; and what keeps it from coming to anything.
pub(super) async fn come_to(
    tx: &mut Tx<'_>,
    supplier: &SupplierRecord,
    status: TaxStatus,
    head: &Head,
    lines: &[WrittenLine],
) -> Result<(Vec<(usize, Received)>, Vec<Wrong>), StoreError> {
    let ids = id_list(lines.iter().filter_map(|line| line.product.as_ref()));
    let rows: Vec<GoodsRow> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_GOODS))
        .bind(ids).bind(supplier.id).fetch_all(c).await?);
    let known: HashMap<Uuid, &GoodsRow> = rows.iter().map(|row| (row.id, row)).collect();
    let goods_of = |line: &WrittenLine| Some(known.get(&line.product?)?.goods());
    let terms = with_lines(Terms::of(head, &supplier.paper, status), lines, goods_of);
    let (mut goods, mut wrong) = (Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.is_goods) {
        let Some(of_product) = goods_of(line) else { continue };
        match received(line, of_product, &terms) {
            Ok(received) => goods.push((at + 1, received)),
            Err((field, problem)) => wrong.push(Wrong::error(format!("lines[{at}].{field}"), problem)),
        }
    }
    Ok((goods, wrong))
}

/// What a document must say of itself.
fn missing(head: &Head, has_supplier: bool) -> Vec<Wrong> {
    let required = || ("required", Text::new("Falta este dato.", "This value is missing."));
    let is_fiscal = !matches!(head.kind, Some(DocumentKind::Informal | DocumentKind::PriceList));
    let has_total = head.total.is_some() || head.kind == Some(DocumentKind::DeliveryNote);
    let fields = [
        ("supplier", has_supplier),
        ("kind", head.kind.is_some()),
        ("number", head.number.is_some() || !is_fiscal),
        ("issued_on", head.issued_on.is_some()),
        ("total", has_total),
    ];
    fields.into_iter().filter(|(_, is_there)| !is_there).map(|(field, _)| Wrong::error(field, required())).collect()
}

/// Whether a finding counts. Notes and receipts may have no lines, for only their total counts; what a person saw is as sure
/// as its figures.
fn counts(finding: &Finding, kind: Option<DocumentKind>, is_seen: bool) -> bool {
    match finding {
        Finding::NoLines => brings_goods(kind),
        Finding::LowConfidence(_) => !is_seen,
        _ => true,
    }
}

/// A finding as it is told. Numbers that the paper has and nobody could believe are for the person who saw it to accept.
fn told(finding: &Finding, is_seen: bool) -> Wrong {
    let mut told = Wrong::of(finding);
    if is_seen && matches!(finding, Finding::BadTaxId(_) | Finding::BadCae(_)) {
        told.severity = Weight::Warning;
    }
    told
}

/// Keeps what a person taught.
async fn learn(
    tx: &mut Tx<'_>,
    cx: &Context,
    (invoice, supplier): (&Invoice, &SupplierRecord),
    case: &Case,
    words: Option<&Words>,
) -> Result<(), Fail<InvoiceRefusal>> {
    learn_tax_id(tx, cx, supplier, case).await?;
    let lines = invoice.written();
    learn_codes(tx, supplier.id, &lines).await?;
    for line in lines.iter().filter(|line| line.matched_by == Some(MatchedBy::Person)) {
        learn_wording(tx, cx, supplier, line).await?;
    }
    // What nobody corrected teaches nothing that is not known.
    let Some(words) = words.filter(|_| invoice.row.seen) else { return Ok(()) };
    let corrected = as_paper(&invoice.head(), &lines, case.seller);
    if let Some(layout) = Layout::learn(&words.pages, &corrected) {
        let text = serde_json::to_string(&layout).expect("a layout is plain values");
        let put = both!(&mut *tx, c, text_of => sqlx::query(text_of(sql::PUT_LAYOUT)).bind(supplier.id).bind(text.as_str())
            .bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::PUT_LAYOUT, 1, put)?;
    }
    Ok(())
}

/// The CUIT of a supplier that has none yet.
async fn learn_tax_id(
    tx: &mut Tx<'_>,
    cx: &Context,
    supplier: &SupplierRecord,
    case: &Case,
) -> Result<(), Fail<InvoiceRefusal>> {
    let Some(tax_id) = case.seller.tax_id else { return Ok(()) };
    let known: Option<Vec<u8>> = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_TAX_ID_INDEX))
        .bind(supplier.id).fetch_optional(c).await?);
    let index = index_of(cx.vault(), tax_id);
    let of_another: Option<Uuid> = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_SUPPLIER_BY_TAX_ID))
        .bind(&index).fetch_optional(c).await?);
    if known.is_some() || of_another.is_some() {
        return Ok(());
    }
    let contact = ContactEdit { tax_id: Some(Some(format!("{:011}", tax_id.raw()))), ..ContactEdit::default() };
    let edit = SupplierEdit { contact, ..SupplierEdit::default() };
    let learned = suppliers::edit_within(tx, cx, &supplier.code, &edit).await;
    learned.map(drop).map_err(|fail| fail.map(|_| InvoiceRefusal::Stale))
}

#[derive(Serialize)]
struct CodeOut<'l> {
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    code: &'l str,
    pack: Option<u32>,
}

/// Codes and packs of the supplier, the last line of a product last.
pub(crate) async fn learn_codes(tx: &mut Tx<'_>, supplier: Uuid, lines: &[WrittenLine]) -> Result<(), StoreError> {
    let mut rows: HashMap<Uuid, CodeOut<'_>> = HashMap::new();
    for line in lines.iter().filter(|line| line.is_goods) {
        let Some(product_id) = line.product else { continue };
        let pack = line.units_per_case.filter(|units| *units > 1);
        rows.insert(product_id, CodeOut { product_id, code: &line.code, pack });
    }
    let rows: Vec<CodeOut<'_>> = rows.into_values().collect();
    if rows.is_empty() {
        return Ok(());
    }
    let many = rows.len() as u64;
    let put = both!(tx, c, text => sqlx::query(text(sql::PUT_CODES)).bind(json(&rows)).bind(supplier)
        .execute(c).await?.rows_affected());
    expect_rows(sql::PUT_CODES, many, put)
}

/// What the supplier calls a product, unless that is known or the product has names enough.
pub(crate) async fn learn_wording<R>(
    tx: &mut Tx<'_>,
    cx: &Context,
    supplier: &SupplierRecord,
    line: &WrittenLine,
) -> Result<(), Fail<R>> {
    let Some(product) = line.product else { return Ok(()) };
    let text: String = line.about.chars().take(ALIAS_MAX).collect();
    if text.trim().is_empty() {
        return Ok(());
    }
    let alias = AddAlias {
        product: ProductRef::Id(product),
        text: text.trim().to_owned(),
        source: AliasSource::List,
        confidence_permille: i64::from(MatchedBy::Alias.permille()),
        supplier: Some(supplier.code.clone()),
    };
    match alias.run(tx, cx).await {
        Ok(_) | Err(Fail::Refused(_)) => Ok(()),
        Err(Fail::Forbidden(permission)) => Err(Fail::Forbidden(permission)),
        Err(Fail::KeyReused) => Err(Fail::KeyReused),
        Err(Fail::Failed(error)) => Err(Fail::Failed(error)),
    }
}
