//! What a supplier is, and what a change to it may say. What lies sealed about it is in `contact.rs`.

use gondola_ledger::Money;
use gondola_store::At;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares a closed list of words: what each is called in the API and in the database.
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $about:literal])+ $variant:ident = $code:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[doc = $about])+ $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in API and database.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The one with that name.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

words! {
    /// What a supplier is to the tax office.
    VatCondition {
        /// Registered for VAT: issues A and B.
        RegisteredVat = "registered_vat",
        /// Simplified regime: issues C.
        Monotributo = "monotributo",
        /// Exempt: issues C.
        Exempt = "exempt",
        /// Nobody said yet.
        Unknown = "unknown",
    }
}

words! {
    /// What the papers of a supplier are.
    PaperKind {
        /// Fiscal documents.
        Invoice = "invoice",
        /// A list of prices, good until a day.
        PriceList = "price_list",
        /// A paper without fiscal value.
        Informal = "informal",
    }
}

words! {
    /// What a supplier's price is for.
    PricePer {
        /// One unit.
        Unit = "unit",
        /// One case.
        Case = "case",
    }
}

words! {
    /// Where a paper says how many units a case has.
    PackRule {
        /// Nowhere: what the product says of this supplier.
        None = "none",
        /// In a column of its own.
        Column = "column",
        /// The first number of `20X500` in the name: 20 units.
        FirstNumber = "first_number",
        /// The numbers of `3X12X118` in the name but the last, which is the weight: 36 units.
        AllButLast = "all_but_last",
    }
}

words! {
    /// What a supplier mainly brings, which decides how it is scored.
    ScoreProfile {
        /// Anything.
        Generic = "generic",
        /// Fresh goods.
        Fresh = "fresh",
        /// Drinks.
        Drinks = "drinks",
        /// Cleaning goods.
        Cleaning = "cleaning",
        /// Hygiene.
        Hygiene = "hygiene",
        /// Household goods.
        Household = "household",
    }
}

impl From<ScoreProfile> for gondola_pricing::scorecard::Profile {
    fn from(profile: ScoreProfile) -> Self {
        match profile {
            ScoreProfile::Generic => Self::Generic,
            ScoreProfile::Fresh => Self::Fresh,
            ScoreProfile::Drinks => Self::Drinks,
            ScoreProfile::Cleaning => Self::Cleaning,
            ScoreProfile::Hygiene => Self::Hygiene,
            ScoreProfile::Household => Self::Household,
        }
    }
}

/// Days of the week, Monday first, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weekdays(i64);

impl Weekdays {
    /// The names in the API, Monday first.
    pub const CODES: [&'static str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// From the database's bits, those beyond Sunday left out.
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits & 0x7f)
    }

    /// As bits, Monday the lowest.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// The days at these places, 0 for Monday.
    pub fn of(days: impl IntoIterator<Item = usize>) -> Self {
        Self(days.into_iter().filter(|day| *day < 7).fold(0, |bits, day| bits | 1 << day))
    }

    /// Whether a day is among them, 0 for Monday.
    pub const fn has(self, day: usize) -> bool {
        day < 7 && self.0 >> day & 1 == 1
    }

    /// Their names in the API.
    pub fn codes(self) -> Vec<&'static str> {
        (0..7).filter(|day| self.has(*day)).map(|day| Self::CODES[day]).collect()
    }
}

/// How the papers of a supplier say quantities and prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperProfile {
    /// What they are.
    pub kind: PaperKind,
    /// What a price is for.
    pub price_per: PricePer,
    /// Whether prices have VAT inside.
    pub price_includes_vat: bool,
    /// Where the units of a case are.
    pub pack_rule: PackRule,
    /// The heading of the column that says them, for [`PackRule::Column`].
    pub pack_column: String,
    /// Whether quantities are printed with a minus.
    pub negative_quantities: bool,
    /// Decimal places of prices.
    pub price_places: i64,
    /// The VAT of what they bring where a paper does not say it, in hundredths of a per cent; as each product has it unless set.
    #[serde(default)]
    pub vat_bp: Option<i64>,
}

impl Default for PaperProfile {
    fn default() -> Self {
        Self {
            kind: PaperKind::Invoice,
            price_per: PricePer::Unit,
            price_includes_vat: false,
            pack_rule: PackRule::None,
            pack_column: String::new(),
            negative_quantities: false,
            price_places: 2,
            vat_bp: None,
        }
    }
}

/// Words that mean a supplier, or that rule it out, as people write them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SupplierWords {
    /// What people call it besides its name.
    pub names: Vec<String>,
    /// Its own brands.
    pub own_brands: Vec<String>,
    /// Brands it distributes.
    pub distributed_brands: Vec<String>,
    /// What it alone is the specialist in.
    pub specialities: Vec<String>,
    /// What it never brings.
    pub excluded: Vec<String>,
}

impl SupplierWords {
    /// Each list with its name in the database, in a fixed order.
    pub fn lists(&self) -> [(&'static str, &[String]); 5] {
        [
            ("name", &self.names),
            ("own_brand", &self.own_brands),
            ("distributed_brand", &self.distributed_brands),
            ("speciality", &self.specialities),
            ("excluded", &self.excluded),
        ]
    }

    /// The list with a name of the database.
    pub fn list_mut(&mut self, kind: &str) -> Option<&mut Vec<String>> {
        match kind {
            "name" => Some(&mut self.names),
            "own_brand" => Some(&mut self.own_brands),
            "distributed_brand" => Some(&mut self.distributed_brands),
            "speciality" => Some(&mut self.specialities),
            "excluded" => Some(&mut self.excluded),
            _ => None,
        }
    }
}

/// A supplier without what lies sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierRecord {
    /// Its id.
    pub id: Uuid,
    /// The shop's code for it.
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
    pub visit_days: Weekdays,
    /// Days its truck comes.
    pub delivery_days: Weekdays,
    /// Last minute of the day to order for the next delivery.
    pub cut_off_minutes: Option<i64>,
    /// Days between order and delivery.
    pub lead_days: Option<i64>,
    /// The least it delivers for, in centavos.
    pub minimum_order: i64,
    /// Days to pay.
    pub payment_days: i64,
    /// What it takes off, in basis points.
    pub discount_bp: i64,
    /// Anything else.
    pub notes: String,
    /// Whether what nobody else brings is bought here.
    pub is_default: bool,
    /// What it mainly brings.
    pub score_profile: ScoreProfile,
    /// How its papers say quantities and prices.
    pub paper: PaperProfile,
    /// The VAT perception it usually adds, in basis points.
    pub vat_perception_bp: i64,
    /// The gross income perception it usually adds, in basis points.
    pub gross_income_perception_bp: i64,
    /// Words that mean it.
    pub words: SupplierWords,
    /// When it was added.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
    /// Grows with every change.
    pub version: i64,
}

impl SupplierRecord {
    /// A supplier of which only code and name are known.
    pub fn new(id: Uuid, code: String, name: String, now: At) -> Self {
        Self {
            id,
            code,
            name,
            legal_name: String::new(),
            vat_condition: VatCondition::Unknown,
            active: true,
            visit_days: Weekdays::default(),
            delivery_days: Weekdays::default(),
            cut_off_minutes: None,
            lead_days: None,
            minimum_order: 0,
            payment_days: 0,
            discount_bp: 0,
            notes: String::new(),
            is_default: false,
            score_profile: ScoreProfile::Generic,
            paper: PaperProfile::default(),
            vat_perception_bp: 0,
            gross_income_perception_bp: 0,
            words: SupplierWords::default(),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// The least it delivers for.
    pub fn minimum(&self) -> Money {
        Money::new(self.minimum_order)
    }
}

/// What changes about a supplier; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct SupplierEdit {
    /// Trade name.
    pub name: Option<String>,
    /// Legal name.
    pub legal_name: Option<String>,
    /// What it is to the tax office.
    pub vat_condition: Option<VatCondition>,
    /// Whether the shop buys from it.
    pub active: Option<bool>,
    /// Days its rep comes by.
    pub visit_days: Option<Weekdays>,
    /// Days its truck comes.
    pub delivery_days: Option<Weekdays>,
    /// Last minute to order; `Some(None)` for no such hour.
    pub cut_off_minutes: Option<Option<i64>>,
    /// Days between order and delivery; `Some(None)` when nobody knows.
    pub lead_days: Option<Option<i64>>,
    /// The least it delivers for.
    pub minimum_order: Option<Money>,
    /// Days to pay.
    pub payment_days: Option<i64>,
    /// What it takes off.
    pub discount_bp: Option<i64>,
    /// Anything else.
    pub notes: Option<String>,
    /// Whether what nobody else brings is bought here; another supplier's mark is taken away.
    pub is_default: Option<bool>,
    /// What it mainly brings.
    pub score_profile: Option<ScoreProfile>,
    /// How its papers say quantities and prices.
    pub paper: PaperEdit,
    /// The VAT perception it usually adds.
    pub vat_perception_bp: Option<i64>,
    /// The gross income perception it usually adds.
    pub gross_income_perception_bp: Option<i64>,
    /// What people call it.
    pub names: Option<Vec<String>>,
    /// Its own brands.
    pub own_brands: Option<Vec<String>>,
    /// Brands it distributes.
    pub distributed_brands: Option<Vec<String>>,
    /// What it is the specialist in.
    pub specialities: Option<Vec<String>>,
    /// What it never brings.
    pub excluded: Option<Vec<String>>,
    /// What lies sealed.
    pub contact: ContactEdit,
}

/// What changes about a supplier's papers.
#[derive(Debug, Clone, Default)]
pub struct PaperEdit {
    /// What they are.
    pub kind: Option<PaperKind>,
    /// What a price is for.
    pub price_per: Option<PricePer>,
    /// Whether prices have VAT inside.
    pub price_includes_vat: Option<bool>,
    /// Where the units of a case are.
    pub pack_rule: Option<PackRule>,
    /// The heading of the column that says them.
    pub pack_column: Option<String>,
    /// Whether quantities are printed with a minus.
    pub negative_quantities: Option<bool>,
    /// Decimal places of prices.
    pub price_places: Option<i64>,
    /// The VAT that a paper does not say.
    pub vat_bp: Option<Option<i64>>,
}

/// What changes about what lies sealed: `Some(None)` forgets it.
#[derive(Debug, Clone, Default)]
pub struct ContactEdit {
    /// CUIT, eleven digits.
    pub tax_id: Option<Option<String>>,
    /// Whom one talks to.
    pub contact_name: Option<Option<String>>,
    /// Their e-mail.
    pub email: Option<Option<String>>,
    /// Their telephone, WhatsApp included.
    pub phone: Option<Option<String>>,
    /// Where they are.
    pub address: Option<Option<String>>,
}

impl SupplierEdit {
    /// The supplier as the edit leaves it, without what lies sealed.
    pub(super) fn apply(&self, stored: &SupplierRecord) -> SupplierRecord {
        let SupplierEdit { paper, .. } = self;
        let (old, words) = (&stored.paper, &stored.words);
        let or = |new: &Option<String>, old: &String| new.as_ref().unwrap_or(old).clone();
        let list = |new: &Option<Vec<String>>, old: &Vec<String>| new.as_ref().unwrap_or(old).clone();
        SupplierRecord {
            name: or(&self.name, &stored.name),
            legal_name: or(&self.legal_name, &stored.legal_name),
            vat_condition: self.vat_condition.unwrap_or(stored.vat_condition),
            active: self.active.unwrap_or(stored.active),
            visit_days: self.visit_days.unwrap_or(stored.visit_days),
            delivery_days: self.delivery_days.unwrap_or(stored.delivery_days),
            cut_off_minutes: self.cut_off_minutes.unwrap_or(stored.cut_off_minutes),
            lead_days: self.lead_days.unwrap_or(stored.lead_days),
            minimum_order: self.minimum_order.map_or(stored.minimum_order, Money::raw),
            payment_days: self.payment_days.unwrap_or(stored.payment_days),
            discount_bp: self.discount_bp.unwrap_or(stored.discount_bp),
            notes: or(&self.notes, &stored.notes),
            is_default: self.is_default.unwrap_or(stored.is_default),
            score_profile: self.score_profile.unwrap_or(stored.score_profile),
            paper: PaperProfile {
                kind: paper.kind.unwrap_or(old.kind),
                price_per: paper.price_per.unwrap_or(old.price_per),
                price_includes_vat: paper.price_includes_vat.unwrap_or(old.price_includes_vat),
                pack_rule: paper.pack_rule.unwrap_or(old.pack_rule),
                pack_column: or(&paper.pack_column, &old.pack_column),
                negative_quantities: paper.negative_quantities.unwrap_or(old.negative_quantities),
                price_places: paper.price_places.unwrap_or(old.price_places),
                vat_bp: paper.vat_bp.unwrap_or(old.vat_bp),
            },
            vat_perception_bp: self.vat_perception_bp.unwrap_or(stored.vat_perception_bp),
            gross_income_perception_bp: self.gross_income_perception_bp.unwrap_or(stored.gross_income_perception_bp),
            words: SupplierWords {
                names: list(&self.names, &words.names),
                own_brands: list(&self.own_brands, &words.own_brands),
                distributed_brands: list(&self.distributed_brands, &words.distributed_brands),
                specialities: list(&self.specialities, &words.specialities),
                excluded: list(&self.excluded, &words.excluded),
            },
            ..stored.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_week_are_bits_with_names() {
        let days = Weekdays::of([0, 2, 4]);
        assert_eq!((days.bits(), days.codes()), (0b1_0101, vec!["monday", "wednesday", "friday"]));
        assert_eq!(Weekdays::from_bits(-1).codes().len(), 7, "there are no more than seven");
        assert!(!days.has(9));
    }

    #[test]
    fn every_word_of_the_database_has_its_list() {
        let mut words = SupplierWords::default();
        for (kind, _) in SupplierWords::default().lists() {
            words.list_mut(kind).unwrap().push(kind.to_owned());
        }
        assert!(words.lists().iter().all(|(kind, list)| *list == [(*kind).to_owned()]));
        assert_eq!(words.list_mut("brand"), None);
    }
}
