//! Reading the file of an invoice: its words, its codes and its pages are taken from it outside any transaction, for that
//! takes seconds; what they say is written in one. A file waits in the state `pending` until some process has read it, so
//! that nothing is lost when one ends in between.

use gondola_papers::capture::{self, CaptureError, Kind, Limits, sniff};
use gondola_papers::extract::{Layout, Paper, extract};
use gondola_papers::fiscal::{DocumentKind, QrData, TaxId};
use gondola_papers::page::Page;
use gondola_papers::tools::Tools;
use gondola_store::protect::{Column, Opener, Protected, conceal};
use gondola_store::{Actor, Command, Context, Db, Fail, Permission, StoreError, Tx, both, expect_rows};
use gondola_vault::Vault;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::files::sealed_file;
use super::matching::find_products;
use super::queries::{Invoice, stored};
use super::refusal::InvoiceRefusal;
use super::rows::{lock, put_head, put_lines};
use super::sheet;
use super::sql;
use super::written::{Head, lines_of};
use crate::suppliers::{self, PaperKind, tax_id_index};

/// The file of an invoice as it came.
pub const ORIGINAL: Column<Vec<u8>> =
    Column::new("invoice_files", "original", |bytes| bytes.clone(), |bytes| Some(bytes.to_vec()));
/// The words that were read from it and the texts of its codes.
pub const WORDS: Column<Words> = Column::new(
    "invoice_files",
    "words",
    |words| serde_json::to_vec(words).expect("words are plain values"),
    |bytes| serde_json::from_slice(bytes).ok(),
);
/// A page of it as a picture.
pub const PICTURE: Column<Vec<u8>> =
    Column::new("invoice_pages", "picture", |bytes| bytes.clone(), |bytes| Some(bytes.to_vec()));

/// What was read from a file, before anybody asks what it means.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Words {
    /// Positioned words.
    pub pages: Vec<Page>,
    /// The texts of its QR codes.
    pub qr: Vec<String>,
}

impl Words {
    /// The fiscal data among the codes.
    fn qr_data(&self) -> Option<QrData> {
        self.qr.iter().find_map(|text| QrData::parse(text).ok())
    }

    /// What they mean, by what is known of the supplier's papers.
    pub fn paper(&self, layout: Option<&Layout>) -> Paper {
        extract(&self.pages, layout, self.qr_data().as_ref())
    }
}

/// A file that was read.
#[derive(Debug)]
pub struct Taken {
    words: Words,
    pictures: Vec<Vec<u8>>,
    /// Whether nothing could be read in the pictures; a person may still see something there.
    is_blank: bool,
}

/// The code of a picture without a word: a photo of something else, or one that nobody could read either.
const BLANK: &str = "paper_blank";

/// What kind of file an invoice is; none for what cannot be one.
pub(super) fn kind_of(bytes: &[u8]) -> &'static str {
    match sniff(bytes) {
        Some(Kind::Pdf) => "pdf",
        Some(Kind::Jpeg) => "jpeg",
        Some(Kind::Png) => "png",
        Some(Kind::WebP) => "webp",
        None if bytes.starts_with(b"PK") => "xlsx",
        None => "csv",
    }
}

/// Reads a file; it blocks for seconds.
///
/// # Errors
/// The code of why it cannot be read.
fn take(bytes: &[u8]) -> Result<Taken, &'static str> {
    if sniff(bytes).is_none() {
        let page = sheet::page(bytes).map_err(|error| error.code())?;
        return Ok(Taken { words: Words { pages: vec![page], qr: Vec::new() }, pictures: Vec::new(), is_blank: false });
    }
    let captured = capture::read(bytes, &Tools::default(), &Limits::default()).map_err(|error| {
        if matches!(error.code(), "paper_tool_missing" | "paper_reading_failed") {
            tracing::error!(error = %error, "read an invoice");
        }
        CaptureError::code(&error)
    })?;
    let is_blank = captured.is_blank();
    Ok(Taken { words: Words { pages: captured.pages, qr: captured.qr }, pictures: captured.pictures, is_blank })
}

/// Reads the file of an invoice that waits for it.
///
/// # Errors
/// What [`InvoiceRefusal`] says, and the database's failure.
pub async fn read_file(db: &Db, actor: &Actor, invoice: Uuid) -> Result<Invoice, Fail<InvoiceRefusal>> {
    let sealed = sealed_file(&mut db.read().await?.as_tx(), invoice).await?;
    let mut original = Protected::sealed(sealed.ok_or(Fail::Refused(InvoiceRefusal::NoFile))?);
    db.reveal(actor, TakeReading::NAME, &ORIGINAL, [(invoice, &mut original)]).await?;
    let bytes = original.into_value().unwrap_or_default();
    let taken = tokio::task::spawn_blocking(move || take(&bytes)).await;
    let taken = taken.map_err(|error| StoreError::corrupt("invoice_files", "original", invoice, error))?;
    Ok(db.execute(actor, None, TakeReading { invoice, taken }).await?.out)
}

/// Reads the files that wait, the first one first; how many were read.
///
/// # Errors
/// The database's failure.
pub async fn read_pending(db: &Db, actor: &Actor, most: i64) -> Result<usize, StoreError> {
    let waiting: Vec<Uuid> = {
        let mut rx = db.read().await?;
        both!(&mut rx.as_tx(), c, text =>
            sqlx::query_scalar(text(sql::PENDING_INVOICES)).bind(most).fetch_all(c).await?)
    };
    let mut read = 0;
    for invoice in waiting {
        match read_file(db, actor, invoice).await {
            Ok(_) => read += 1,
            Err(Fail::Failed(error)) => return Err(error),
            // Somebody put it away, or another process read it first.
            Err(_) => {}
        }
    }
    Ok(read)
}

/// Writes what was read of a file, or why nothing was.
struct TakeReading {
    invoice: Uuid,
    taken: Result<Taken, &'static str>,
}

impl Command for TakeReading {
    const NAME: &'static str = "invoices.read";
    type Out = Invoice;
    type Refusal = InvoiceRefusal;

    fn subject(&self) -> String {
        self.invoice.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::LoadInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Invoice, Fail<InvoiceRefusal>> {
        let locked = lock(tx, self.invoice).await?;
        let (pages, note) = match &self.taken {
            Ok(taken) => (taken.words.pages.len(), if taken.is_blank { BLANK } else { "" }),
            Err(code) => (0, *code),
        };
        let state = locked.state()?.read(note.is_empty())?;
        let (mut index, mut supplier, mut confidence) = (None, locked.supplier_id, 0);
        if let Ok(taken) = &self.taken {
            self.keep(tx, cx, taken).await?;
            let seen = taken.words.paper(None);
            index = seen.header.seller.tax_id.map(|field| index_of(cx.vault(), field.value));
            if supplier.is_none()
                && let Some(index) = &index
            {
                supplier = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_SUPPLIER_BY_TAX_ID))
                    .bind(index).fetch_optional(c).await?);
            }
            let layout = layout_of(tx, supplier).await?;
            let paper = if layout.is_some() { taken.words.paper(layout.as_ref()) } else { seen };
            let mut lines = lines_of(&paper);
            find_products(tx, supplier, &mut lines).await?;
            let head = head_of(tx, supplier, &paper).await?;
            put_head(tx, self.invoice, &head).await?;
            put_lines(tx, self.invoice, &lines).await?;
            confidence = i64::from(paper.confidence_permille);
        }
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_READING))
            .bind(self.invoice).bind(state.code()).bind(i64::try_from(pages).unwrap_or_default()).bind(index)
            .bind(supplier).bind(confidence).bind(note).bind(cx.now).bind(false).execute(c).await?.rows_affected());
        expect_rows(sql::PUT_READING, 1, put)?;
        Ok(stored(tx, self.invoice).await?)
    }
}

impl TakeReading {
    /// Seals the words and the pictures.
    async fn keep(&self, tx: &mut Tx<'_>, cx: &Context, taken: &Taken) -> Result<(), StoreError> {
        let words = Protected::new(taken.words.clone());
        let sealed = conceal(tx, cx, &WORDS, [(self.invoice, Some(&words))]).await?.pop().flatten();
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_WORDS))
            .bind(self.invoice).bind(sealed).execute(c).await?.rows_affected());
        expect_rows(sql::PUT_WORDS, 1, put)?;
        both!(&mut *tx, c, text => sqlx::query(text(sql::DELETE_PAGES)).bind(self.invoice).execute(c).await.map(drop)?);
        let pages: Vec<(Uuid, Protected<Vec<u8>>)> =
            taken.pictures.iter().map(|picture| (cx.new_id(), Protected::new(picture.clone()))).collect();
        let sealed = conceal(tx, cx, &PICTURE, pages.iter().map(|(id, picture)| (*id, Some(picture)))).await?;
        for (at, ((id, _), sealed)) in pages.iter().zip(sealed).enumerate() {
            let put = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_PAGE))
                .bind(*id).bind(self.invoice).bind(i64::try_from(at + 1).unwrap_or_default()).bind(&sealed)
                .execute(c).await?.rows_affected());
            expect_rows(sql::INSERT_PAGE, 1, put)?;
        }
        Ok(())
    }
}

/// The head of a paper that was read; what it does not say that it is, the supplier's papers are, but for invoices: those say it.
async fn head_of(tx: &mut Tx<'_>, supplier: Option<Uuid>, paper: &Paper) -> Result<Head, StoreError> {
    let mut head = Head::of(&paper.header);
    let Some(supplier) = supplier.filter(|_| head.kind.is_none()) else { return Ok(head) };
    head.kind = suppliers::find(tx, supplier).await?.and_then(|supplier| match supplier.paper.kind {
        PaperKind::Informal => Some(DocumentKind::Informal),
        PaperKind::PriceList => Some(DocumentKind::PriceList),
        PaperKind::Invoice => None,
    });
    Ok(head)
}

/// The digest that a CUIT is found by.
pub(super) fn index_of(vault: &Vault, tax_id: TaxId) -> Vec<u8> {
    tax_id_index(vault, &format!("{:011}", tax_id.raw()))
}

/// How a supplier's papers read, where that was learned.
pub(super) async fn layout_of(tx: &mut Tx<'_>, supplier: Option<Uuid>) -> Result<Option<Layout>, StoreError> {
    let Some(supplier) = supplier else { return Ok(None) };
    let kept: Option<String> =
        both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_LAYOUT)).bind(supplier).fetch_optional(c).await?);
    let read = |text: String| serde_json::from_str(&text).map_err(|_| (text, supplier));
    let layout = kept.map(read).transpose();
    layout.map_err(|(text, supplier)| StoreError::corrupt("supplier_layouts", "layout", supplier, text))
}

/// The words of an invoice's file, opened; none when it was typed or never read.
pub(super) async fn words_of(tx: &mut Tx<'_>, opener: &Opener<'_>, invoice: Uuid) -> Result<Option<Words>, StoreError> {
    let sealed: Option<Vec<u8>> =
        both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_WORDS)).bind(invoice).fetch_optional(c).await?);
    let Some(sealed) = sealed else { return Ok(None) };
    let mut words = Protected::sealed(sealed);
    opener.open(tx, &WORDS, [(invoice, &mut words)]).await?;
    Ok(words.into_value())
}
