//! How many units a line of an invoice is, and what one of them cost: the pack from the paper, the supplier's profile or the
//! catalogue, then the arithmetic of the crate `pricing`. Pure; what cannot be told is asked, never guessed.

use gondola_ledger::{Qty, UnitCost};
use gondola_papers::fiscal::{DocumentKind, Letter, VatTreatment};
use gondola_pricing::Rate;
use gondola_pricing::pack::{LineText, PackRule as NameRule};
use gondola_pricing::unit_cost::{
    Charge, Charges, CostRefusal, DocumentPrice, PricedPer, TaxStatus, VatShown, received_units,
};

use super::written::{AmountKind, Head, WrittenLine};
use crate::kernel::Text;
use crate::kernel::fields::FieldError;
use crate::suppliers::{PackRule, PaperProfile, PricePer, SupplierRecord};

/// What is known of a paper besides its lines.
#[derive(Debug, Clone)]
pub struct Terms<'a> {
    /// How the supplier's papers read.
    pub profile: &'a PaperProfile,
    /// What the shop is to the tax office.
    pub buyer: TaxStatus,
    /// Whether VAT is in its prices, and whether the shop may take it off.
    pub vat: VatOn,
    /// What the supplier always takes off, in basis points, where the paper does not say so itself.
    pub discount_bp: i64,
    /// What comes on top of every net price.
    pub charges: Charges,
    /// Whether the internal taxes are those of the products that carry them, and no other's.
    pub only_taxed: bool,
    /// Whether its lines have prices: those of a delivery note do not.
    pub is_priced: bool,
}

/// What the prices of a paper say of VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VatOn {
    /// It is stated apart.
    Apart,
    /// It is inside.
    Inside,
    /// It is inside and gone: letters B and C give no credit to anybody.
    Gone,
}

/// What is known of the product that a line is.
#[derive(Debug, Clone, Copy)]
pub struct Goods {
    /// Units of a case of this supplier's, as the catalogue knows them: a fraction.
    pub pack: (i64, i64),
    /// VAT of the product, in basis points.
    pub vat_bp: i64,
    /// Whether it carries internal taxes.
    pub internal_taxes: bool,
}

/// A line as it comes into stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// How much, in the product's own unit.
    pub quantity: Qty,
    /// What one of that unit cost; nothing on a paper without prices.
    pub unit_cost: Option<UnitCost>,
}

impl<'a> Terms<'a> {
    /// The terms of a paper.
    pub fn of(head: &Head, profile: &'a PaperProfile, buyer: TaxStatus) -> Self {
        let vat = match head.letter {
            Some(Letter::A | Letter::M) => VatOn::Apart,
            Some(Letter::B | Letter::C | Letter::E) => VatOn::Gone,
            _ if profile.price_includes_vat => VatOn::Inside,
            _ => VatOn::Apart,
        };
        let net = head.sum(AmountKind::Net).filter(|net| net.is_positive());
        let share = |kind| {
            let amount = head.sum(kind).filter(|amount| amount.is_positive());
            net.zip(amount).map_or(Charge::None, |(net, amount)| Charge::Share { amount, net })
        };
        let charges = Charges {
            internal_taxes: share(AmountKind::Excise),
            freight: Charge::None,
            vat_perception: share(AmountKind::VatPerception),
        };
        let is_priced = head.kind != Some(DocumentKind::DeliveryNote);
        Self { profile, buyer, vat, discount_bp: 0, charges, only_taxed: false, is_priced }
    }

    /// The terms of a supplier's price list: what they always take off, and the perception that their invoices bring.
    pub fn of_list(supplier: &'a SupplierRecord, buyer: TaxStatus) -> Self {
        let vat = if supplier.paper.price_includes_vat { VatOn::Inside } else { VatOn::Apart };
        let vat_perception = match supplier.vat_perception_bp {
            0 => Charge::None,
            rate => Charge::OfNet(millionths(rate.saturating_mul(100))),
        };
        let charges = Charges { vat_perception, ..Charges::NONE };
        let (profile, discount_bp) = (&supplier.paper, supplier.discount_bp);
        Self { profile, buyer, vat, discount_bp, charges, only_taxed: false, is_priced: true }
    }
}

/// How much of what came with a line, and for how much.
///
/// # Errors
/// The field of the line that has to be said or corrected, and what would be accepted.
pub fn received(line: &WrittenLine, goods: Goods, terms: &Terms<'_>) -> Result<Received, (&'static str, FieldError)> {
    let quantity = line.quantity.ok_or(("quantity", missing()))?;
    let price = match line.price {
        None if terms.is_priced => return Err(("price", missing())),
        price => price,
    };
    let quantity = printed(quantity, terms.profile)?;
    let per_case = is_case(&line.unit).unwrap_or(terms.profile.price_per == PricePer::Case);
    let (per, received) = if per_case {
        let units = units_per_case(line, goods, terms.profile).ok_or(("units_per_case", no_pack()))?;
        (PricedPer::Case(units), received_units(quantity, units).ok_or(("quantity", too_much()))?)
    } else {
        (PricedPer::Unit, quantity)
    };
    let vat = match (terms.vat, line.vat) {
        (VatOn::Gone, _) | (_, Some(VatTreatment::Exempt | VatTreatment::NotTaxed)) => Rate::ZERO,
        (_, Some(VatTreatment::Rate(rate))) => millionths(rate.permille() * 1_000),
        (_, None) => millionths(terms.profile.vat_bp.unwrap_or(goods.vat_bp) * 100),
    };
    let Some(price) = price else { return Ok(Received { quantity: received, unit_cost: None }) };
    let mut charges = terms.charges;
    if terms.only_taxed && !goods.internal_taxes {
        charges.internal_taxes = Charge::None;
    }
    let printed = DocumentPrice {
        price,
        per,
        discounts: [line.discount_bp, terms.discount_bp].into_iter().filter_map(discount).collect(),
        vat,
        vat_shown: if terms.vat == VatOn::Apart { VatShown::Apart } else { VatShown::Included },
        charges,
    };
    let unit_cost = printed.unit_cost(terms.buyer).map_err(cost_problem)?;
    Ok(Received { quantity: received, unit_cost: Some(unit_cost) })
}

fn discount(basis_points: i64) -> Option<Rate> {
    (basis_points != 0).then(|| millionths(basis_points.saturating_mul(100)))
}

/// A rate of so many millionths; what does not fit is refused as no share.
fn millionths(rate: i64) -> Rate {
    Rate::new(i32::try_from(rate).unwrap_or(i32::MAX))
}

/// The quantity without the sign that some suppliers print.
fn printed(quantity: Qty, profile: &PaperProfile) -> Result<Qty, (&'static str, FieldError)> {
    match quantity {
        quantity if quantity.is_zero() => Err(("quantity", zero())),
        quantity if quantity.is_negative() && !profile.negative_quantities => Err(("quantity", negative())),
        quantity => Ok(quantity.abs()),
    }
}

/// Whether a printed unit is a case; `None` when it does not say.
fn is_case(unit: &str) -> Option<bool> {
    let unit = crate::kernel::text::fold(unit);
    let starts = |words: &[&str]| words.iter().any(|word| unit.starts_with(word));
    match unit.as_str() {
        "" => None,
        "cj" | "cja" | "pq" | "pk" | "fdo" => Some(true),
        "u" | "un" | "uni" | "unid" | "kg" | "kgs" | "l" | "lt" | "lts" => Some(false),
        _ if starts(&["bul", "caj", "pack", "paq", "fard", "cajon"]) => Some(true),
        _ if starts(&["unid", "kilo", "litr", "bot", "lata"]) => Some(false),
        _ => None,
    }
}

/// Units of a case: the line's column, else its name by the supplier's rule, else what the catalogue knows.
fn units_per_case(line: &WrittenLine, goods: Goods, profile: &PaperProfile) -> Option<u32> {
    let rule = match profile.pack_rule {
        PackRule::None | PackRule::Column => None,
        PackRule::FirstNumber => Some(NameRule::UnitsInName),
        PackRule::AllButLast => Some(NameRule::BoxesInName),
    };
    let named = || rule?.units_per_case(LineText { name: &line.about, column: None });
    let known = || match goods.pack {
        (units, 1) if units > 1 => u32::try_from(units).ok(),
        _ => None,
    };
    line.units_per_case.filter(|units| *units > 0).or_else(named).or_else(known)
}

fn missing() -> FieldError {
    ("required", Text::new("Falta este dato.", "This value is missing."))
}

fn zero() -> FieldError {
    ("not_positive", Text::new("La cantidad tiene que ser mayor que cero.", "The quantity has to be above zero."))
}

fn negative() -> FieldError {
    let es = "Este proveedor no imprime cantidades negativas: si es una devolución, marcá que no es mercadería.";
    let en = "This supplier prints no negative quantities: if it is a return, say that it is no goods.";
    ("negative", Text::new(es, en))
}

fn no_pack() -> FieldError {
    let es = "El precio es por bulto: decí cuántas unidades trae.";
    ("pack_needed", Text::new(es, "The price is for a case: say how many units are in it."))
}

fn too_much() -> FieldError {
    ("too_large", Text::new("Es más de lo que entra en el stock.", "It is more than fits in stock."))
}

fn cost_problem(refusal: CostRefusal) -> (&'static str, FieldError) {
    match refusal {
        CostRefusal::NotAShare { .. } | CostRefusal::TooManyDiscounts => (
            "discount",
            ("out_of_range", Text::new("El descuento va de 0 a 100 %.", "The discount is from 0 to 100 %.")),
        ),
        CostRefusal::EmptyCase => ("units_per_case", no_pack()),
        CostRefusal::Negative | CostRefusal::TooLarge | CostRefusal::Expired { .. } => {
            let text = Text::new("Con ese precio no sale un costo.", "No cost comes of that price.");
            ("price", ("bad_cost", text))
        }
    }
}

#[cfg(test)]
mod tests {
    use gondola_ledger::Money;
    use gondola_papers::fiscal::VatRate;

    use super::super::written::Amount;
    use super::*;
    use crate::suppliers::PaperKind;

    fn profile(price_per: PricePer, pack_rule: PackRule) -> PaperProfile {
        PaperProfile {
            kind: PaperKind::Invoice,
            price_per,
            price_includes_vat: false,
            pack_rule,
            pack_column: String::new(),
            negative_quantities: pack_rule == PackRule::AllButLast,
            price_places: 2,
            vat_bp: None,
        }
    }

    fn line(about: &str, quantity: i64, price: &str) -> WrittenLine {
        WrittenLine {
            code: String::new(),
            barcode: String::new(),
            about: about.to_owned(),
            quantity: Some(Qty::new(quantity * 1_000)),
            unit: String::new(),
            units_per_case: None,
            price: UnitCost::parse(price).ok(),
            discount_bp: 0,
            vat: Some(VatTreatment::Rate(VatRate::TwentyOne)),
            subtotal: None,
            is_goods: true,
            product: None,
            matched_by: None,
            lot_code: String::new(),
            expires_on: None,
            confidence_permille: 1_000,
        }
    }

    fn head(letter: Letter) -> Head {
        Head { kind: Some(DocumentKind::Invoice), letter: Some(letter), ..Head::default() }
    }

    const GOODS: Goods = Goods { pack: (1, 1), vat_bp: 2_100, internal_taxes: false };

    fn of(line: &WrittenLine, profile: &PaperProfile, buyer: TaxStatus) -> (String, String) {
        let head = head(Letter::A);
        let got = received(line, GOODS, &Terms::of(&head, profile, buyer)).unwrap();
        (got.quantity.format(gondola_ledger::Unit::Un), got.unit_cost.unwrap().to_string())
    }

    /// The worked examples of `suppliers-and-purchasing.md`, with the supplier's own profile.
    #[test]
    fn the_examples_of_the_domain_come_out_to_four_decimals() {
        use TaxStatus::{Monotributo, RegisteredVat};
        let case = profile(PricePer::Case, PackRule::Column);
        let packed = |units| WrittenLine { units_per_case: Some(units), ..line("X", 1, "24000") };
        assert_eq!(of(&packed(12), &case, Monotributo), ("12".into(), "2420.0000".into()));
        let galletera = WrittenLine { units_per_case: Some(24), ..line("GALLETA", 1, "18000") };
        assert_eq!(of(&galletera, &case, Monotributo), ("24".into(), "907.5000".into()));
        let fargo = WrittenLine { discount_bp: 1_000, ..line("FIDEO 20X500", 1, "30000") };
        let named = profile(PricePer::Case, PackRule::FirstNumber);
        assert_eq!(of(&fargo, &named, Monotributo), ("20".into(), "1633.5000".into()));
        let terrabusi = line("OREO 3X12X118", -2, "64800");
        let boxes = profile(PricePer::Case, PackRule::AllButLast);
        assert_eq!(of(&terrabusi, &boxes, Monotributo), ("72".into(), "2178.0000".into()));
        let aceitumar = line("ACEITE", 1, "4321.9876");
        let unit = profile(PricePer::Unit, PackRule::None);
        assert_eq!(of(&aceitumar, &unit, Monotributo), ("1".into(), "5229.6050".into()));
        assert_eq!(of(&galletera, &case, RegisteredVat), ("24".into(), "750.0000".into()));
    }

    /// Fruit carries 10.5 %, which a greengrocer's note does not say: 1,000 cost a monotributista 1,105; what it says goes before.
    #[test]
    fn a_paper_that_says_no_vat_has_its_suppliers() {
        let greengrocer = PaperProfile { vat_bp: Some(1_050), ..profile(PricePer::Unit, PackRule::None) };
        let silent = WrittenLine { vat: None, ..line("TOMATE", 1, "1000") };
        assert_eq!(of(&silent, &greengrocer, TaxStatus::Monotributo).1, "1105.0000");
        let said = WrittenLine { vat: Some(VatTreatment::Exempt), ..silent.clone() };
        assert_eq!(of(&said, &greengrocer, TaxStatus::Monotributo).1, "1000.0000");
        let nobody = profile(PricePer::Unit, PackRule::None);
        assert_eq!(of(&silent, &nobody, TaxStatus::Monotributo).1, "1210.0000", "as the product has it");
    }

    #[test]
    fn a_perception_of_vat_is_cost_for_a_monotributista_only() {
        let case = profile(PricePer::Case, PackRule::Column);
        let galletera = WrittenLine { units_per_case: Some(24), ..line("GALLETA", 1, "18000") };
        let amount = |kind, text: &str| Amount {
            kind,
            rate: None,
            province: String::new(),
            amount: Money::parse(text).unwrap(),
        };
        let amounts = vec![
            amount(AmountKind::Net, "18000"),
            amount(AmountKind::VatPerception, "540"),
            amount(AmountKind::GrossIncome, "450"),
        ];
        let head = Head { amounts, ..head(Letter::A) };
        let cost = |buyer| {
            received(&galletera, GOODS, &Terms::of(&head, &case, buyer)).unwrap().unit_cost.unwrap().to_string()
        };
        assert_eq!(cost(TaxStatus::Monotributo), "930.0000");
        assert_eq!(cost(TaxStatus::RegisteredVat), "750.0000");
    }

    /// 333.33 on 29,000 is 1.1494137931… %: four decimals of a cost need more of it than a percentage keeps.
    #[test]
    fn a_perception_is_shared_exactly() {
        let unit = profile(PricePer::Unit, PackRule::None);
        let amount = |kind, text: &str| Amount {
            kind,
            rate: None,
            province: String::new(),
            amount: Money::parse(text).unwrap(),
        };
        let amounts = vec![amount(AmountKind::Net, "29000"), amount(AmountKind::VatPerception, "333.33")];
        let head = Head { amounts, ..head(Letter::A) };
        let terms = Terms::of(&head, &unit, TaxStatus::Monotributo);
        let got = received(&line("X", 1, "100000"), GOODS, &terms).unwrap();
        assert_eq!(got.unit_cost.unwrap().to_string(), "122149.4138");
    }

    #[test]
    fn the_vat_of_letters_b_and_c_gives_no_credit() {
        let unit = profile(PricePer::Unit, PackRule::None);
        for letter in [Letter::B, Letter::C] {
            let head = head(letter);
            for buyer in [TaxStatus::Monotributo, TaxStatus::RegisteredVat] {
                let got = received(&line("X", 1, "121"), GOODS, &Terms::of(&head, &unit, buyer)).unwrap();
                assert_eq!(got.unit_cost.unwrap().to_string(), "121.0000");
            }
        }
    }

    #[test]
    fn a_case_without_a_pack_asks_and_a_printed_unit_decides() {
        let case = profile(PricePer::Case, PackRule::None);
        let head = head(Letter::A);
        let terms = Terms::of(&head, &case, TaxStatus::Monotributo);
        assert_eq!(received(&line("X", 1, "1"), GOODS, &terms).unwrap_err().0, "units_per_case");
        let known = Goods { pack: (6, 1), ..GOODS };
        assert_eq!(received(&line("X", 2, "6"), known, &terms).unwrap().quantity, Qty::new(12_000));
        let loose = WrittenLine { unit: "Unid.".to_owned(), ..line("X", 2, "1") };
        assert_eq!(received(&loose, known, &terms).unwrap().quantity, Qty::new(2_000));
    }

    #[test]
    fn a_return_within_an_invoice_is_no_receipt() {
        let unit = profile(PricePer::Unit, PackRule::None);
        let head = head(Letter::A);
        let terms = Terms::of(&head, &unit, TaxStatus::Monotributo);
        for quantity in [0, -1] {
            assert_eq!(received(&line("X", quantity, "1"), GOODS, &terms).unwrap_err().0, "quantity");
        }
    }
}
