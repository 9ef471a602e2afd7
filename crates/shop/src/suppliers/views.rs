//! A supplier as the API answers it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::contact::Contact;
use super::queries::{Lesson, Supplier};
use super::supplier::{PackRule, PaperKind, PricePer, ScoreProfile, SupplierRecord, VatCondition};
use crate::kernel::time::format_instant;
use gondola_ledger::Money;

/// A supplier as lists have it: nothing of what lies sealed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierSummary)]
pub struct SummaryView {
    /// Its id.
    pub id: Uuid,
    /// The shop's code for it.
    #[schema(example = "Q")]
    pub code: String,
    /// Trade name.
    pub name: String,
    /// Legal name, when another.
    pub legal_name: String,
    /// What it is to the tax office.
    pub vat_condition: VatCondition,
    /// Whether the shop buys from it.
    pub active: bool,
    /// Days its rep comes by.
    pub visit_days: Vec<&'static str>,
    /// Days its truck comes.
    pub delivery_days: Vec<&'static str>,
    /// Until when to order for the next delivery.
    #[schema(required, example = "19:00")]
    pub cut_off: Option<String>,
    /// Days between order and delivery.
    #[schema(required)]
    pub lead_days: Option<i64>,
    /// The least it delivers for.
    #[schema(example = "150000.00")]
    pub minimum_order: String,
    /// Days to pay.
    pub payment_days: i64,
    /// What it takes off, in percent.
    #[schema(example = "0.00")]
    pub discount: String,
    /// The VAT perception it usually adds, in percent.
    #[schema(example = "3.00")]
    pub vat_perception: String,
    /// The gross income perception it usually adds, in percent.
    #[schema(example = "2.50")]
    pub gross_income_perception: String,
    /// Anything else.
    pub notes: String,
    /// Whether what nobody else brings is bought here.
    pub is_default: bool,
    /// What it mainly brings, which decides how it is scored.
    pub score_profile: ScoreProfile,
    /// How its papers say quantities and prices.
    pub paper: PaperView,
    /// What people call it besides its name.
    pub names: Vec<String>,
    /// Its own brands.
    pub own_brands: Vec<String>,
    /// Brands it distributes.
    pub distributed_brands: Vec<String>,
    /// What it is the specialist in.
    pub specialities: Vec<String>,
    /// What it never brings.
    pub excluded: Vec<String>,
    /// When it was added.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// For `If-Match`.
    pub version: i64,
}

/// How the papers of a supplier say quantities and prices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPaper)]
pub struct PaperView {
    /// What they are.
    pub kind: PaperKind,
    /// What a price is for.
    pub price_per: PricePer,
    /// Whether prices have VAT inside.
    pub price_includes_vat: bool,
    /// Where the units of a case are.
    pub pack_rule: PackRule,
    /// The heading of the column that says them.
    pub pack_column: String,
    /// Whether quantities are printed with a minus.
    pub negative_quantities: bool,
    /// Decimal places of prices.
    pub price_places: i64,
    /// The VAT in percent of what they bring where a paper does not say it; null: as each product has it.
    #[schema(required, example = "10.50")]
    pub vat: Option<String>,
}

/// A supplier, whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Supplier)]
pub struct SupplierView {
    /// What lists have of it too.
    #[serde(flatten)]
    pub summary: SummaryView,
    /// CUIT.
    #[schema(required, example = "30-71533519-7")]
    pub tax_id: Option<String>,
    /// Whom one talks to.
    #[schema(required)]
    pub contact_name: Option<String>,
    /// Their e-mail.
    #[schema(required)]
    pub email: Option<String>,
    /// Their telephone.
    #[schema(required)]
    pub phone: Option<String>,
    /// Where they are.
    #[schema(required)]
    pub address: Option<String>,
}

/// Something that people taught.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierLesson)]
pub struct LessonView {
    /// Its id.
    pub id: Uuid,
    /// The text as it was written.
    #[schema(example = "la de litro")]
    pub text: String,
    /// The code of the supplier it means.
    #[schema(example = "Q")]
    pub supplier: String,
    /// Who taught it.
    pub taught_by: String,
    /// When.
    #[schema(format = DateTime)]
    pub taught_at: String,
}

impl From<Lesson> for LessonView {
    fn from(lesson: Lesson) -> Self {
        let Lesson { id, text, supplier, taught_by, taught_at, .. } = lesson;
        Self { id, text, supplier, taught_by, taught_at: format_instant(taught_at) }
    }
}

/// Basis points as percent with two places.
pub(super) fn percent(bp: i64) -> String {
    Money::new(bp).to_string()
}

/// Minutes since midnight as a time.
pub fn time_of_day(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Eleven digits as people write a CUIT.
pub(super) fn dashed(digits: &str) -> String {
    match (digits.get(..2), digits.get(2..10), digits.get(10..)) {
        (Some(kind), Some(number), Some(check)) if digits.len() == 11 => format!("{kind}-{number}-{check}"),
        _ => digits.to_owned(),
    }
}

impl From<SupplierRecord> for SummaryView {
    fn from(supplier: SupplierRecord) -> Self {
        let (minimum_order, paper, words) = (supplier.minimum().to_string(), supplier.paper, supplier.words);
        Self {
            id: supplier.id,
            code: supplier.code,
            name: supplier.name,
            legal_name: supplier.legal_name,
            vat_condition: supplier.vat_condition,
            active: supplier.active,
            visit_days: supplier.visit_days.codes(),
            delivery_days: supplier.delivery_days.codes(),
            cut_off: supplier.cut_off_minutes.map(time_of_day),
            lead_days: supplier.lead_days,
            minimum_order,
            payment_days: supplier.payment_days,
            discount: percent(supplier.discount_bp),
            vat_perception: percent(supplier.vat_perception_bp),
            gross_income_perception: percent(supplier.gross_income_perception_bp),
            notes: supplier.notes,
            is_default: supplier.is_default,
            score_profile: supplier.score_profile,
            paper: PaperView {
                kind: paper.kind,
                price_per: paper.price_per,
                price_includes_vat: paper.price_includes_vat,
                pack_rule: paper.pack_rule,
                pack_column: paper.pack_column,
                negative_quantities: paper.negative_quantities,
                price_places: paper.price_places,
                vat: paper.vat_bp.map(percent),
            },
            names: words.names,
            own_brands: words.own_brands,
            distributed_brands: words.distributed_brands,
            specialities: words.specialities,
            excluded: words.excluded,
            created_at: format_instant(supplier.created_at),
            updated_at: format_instant(supplier.updated_at),
            version: supplier.version,
        }
    }
}

impl From<Supplier> for SupplierView {
    fn from(supplier: Supplier) -> Self {
        let Contact { tax_id, contact_name, email, phone, address } = supplier.contact;
        let tax_id = tax_id.as_deref().map(dashed);
        Self { summary: supplier.record.into(), tax_id, contact_name, email, phone, address }
    }
}
