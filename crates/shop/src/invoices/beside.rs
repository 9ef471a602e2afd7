//! What stands on an invoice beside its goods and is still a part of what they cost: freight, over all of them, and internal
//! taxes, over those products that carry them. Each is spread by what the lines come to without VAT. Pure.

use gondola_ledger::Money;
use gondola_papers::fiscal::VatTreatment;
use gondola_pricing::unit_cost::{Charge, TaxStatus};

use super::cost::{Goods, Terms, VatOn};
use super::written::WrittenLine;
use crate::kernel::text::fold;

/// What the line of a carriage is called, as its first word or words.
const FREIGHT: [&str; 8] =
    ["flete", "fletes", "envio", "acarreo", "transporte", "gastos de envio", "cargo por envio", "cargo por entrega"];
/// VAT of a freight that does not say its own, in thousandths.
const FREIGHT_VAT_PERMILLE: i128 = 210;

/// Whether a line that is no goods is their carriage.
pub(super) fn is_freight(line: &WrittenLine) -> bool {
    let text = fold(&line.about);
    let begins = |name: &str| text.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    !line.is_goods && FREIGHT.into_iter().any(begins)
}

/// An amount with the VAT that is in it or on it, in thousandths.
#[derive(Debug, Clone, Copy)]
struct Printed {
    centavos: i128,
    vat_permille: i128,
}

impl Printed {
    fn of(line: &WrittenLine, vat_permille: i128) -> Option<Self> {
        let computed = || line.quantity?.times_cost(line.price?)?.raw().checked_mul(10_000 - line.discount_bp);
        let centavos = match line.subtotal {
            Some(subtotal) => i128::from(subtotal.raw()),
            None => i128::from(computed()?) / 10_000,
        };
        let vat_permille = match line.vat {
            Some(VatTreatment::Rate(rate)) => i128::from(rate.permille()),
            Some(VatTreatment::Exempt | VatTreatment::NotTaxed) => 0,
            None => vat_permille,
        };
        // Some suppliers print every quantity negative, and its amount with it.
        Some(Self { centavos: centavos.abs(), vat_permille })
    }

    /// Without VAT.
    fn net(self, vat: VatOn) -> i128 {
        match vat {
            VatOn::Inside => rounded(self.centavos * 1_000, 1_000 + self.vat_permille),
            VatOn::Apart | VatOn::Gone => self.centavos,
        }
    }

    /// As that buyer bears it: with VAT where it is no credit.
    fn borne(self, vat: VatOn, buyer: TaxStatus) -> i128 {
        match (vat, buyer) {
            (_, TaxStatus::RegisteredVat) => self.net(vat),
            (VatOn::Apart, TaxStatus::Monotributo) => rounded(self.centavos * (1_000 + self.vat_permille), 1_000),
            (VatOn::Inside | VatOn::Gone, TaxStatus::Monotributo) => self.centavos,
        }
    }
}

/// Of what is not negative, half up.
const fn rounded(dividend: i128, divisor: i128) -> i128 {
    (dividend * 2 + divisor) / (divisor * 2)
}

fn share(amount: i128, net: i128) -> Charge {
    let money = |centavos: i128| i64::try_from(centavos).ok().filter(|raw| *raw > 0).map(Money::new);
    money(amount).zip(money(net)).map_or(Charge::None, |(amount, net)| Charge::Share { amount, net })
}

/// The terms of a paper with the freight of its lines, and with its internal taxes on the products that carry them, if it
/// has any. A line without an amount takes no part.
pub(super) fn with_lines<'a>(
    terms: Terms<'a>,
    lines: &[WrittenLine],
    goods_of: impl Fn(&WrittenLine) -> Option<Goods>,
) -> Terms<'a> {
    let (mut net, mut taxed, mut freight) = (0, 0, 0);
    for line in lines {
        if is_freight(line) {
            let printed = Printed::of(line, FREIGHT_VAT_PERMILLE);
            freight += printed.map_or(0, |printed| printed.borne(terms.vat, terms.buyer));
        }
        let Some(goods) = Some(line).filter(|line| line.is_goods).and_then(&goods_of) else { continue };
        let printed = Printed::of(line, i128::from(goods.vat_bp / 10));
        let amount = printed.map_or(0, |printed| printed.net(terms.vat));
        net += amount;
        taxed += if goods.internal_taxes { amount } else { 0 };
    }
    let mut terms = terms;
    terms.charges.freight = share(freight, net);
    if let Charge::Share { amount, .. } = terms.charges.internal_taxes
        && taxed > 0
    {
        terms.charges.internal_taxes = share(amount.raw().into(), taxed);
        terms.only_taxed = true;
    }
    terms
}

#[cfg(test)]
mod tests {
    use gondola_ledger::{Qty, UnitCost};
    use gondola_papers::fiscal::{DocumentKind, Letter, VatRate};

    use super::super::cost::received;
    use super::super::written::{Amount, AmountKind, Head};
    use super::*;
    use crate::suppliers::{PackRule, PaperKind, PaperProfile, PricePer};

    fn profile() -> PaperProfile {
        PaperProfile {
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
            is_goods: !about.starts_with("Flete") && !about.starts_with("Pallet"),
            product: None,
            matched_by: None,
            lot_code: String::new(),
            expires_on: None,
            confidence_permille: 1_000,
        }
    }

    fn head(letter: Letter, amounts: &[(AmountKind, &str)]) -> Head {
        let amount = |(kind, text): &(AmountKind, &str)| Amount {
            kind: *kind,
            rate: None,
            province: String::new(),
            amount: Money::parse(text).unwrap(),
        };
        let amounts = amounts.iter().map(amount).collect();
        Head { kind: Some(DocumentKind::Invoice), letter: Some(letter), amounts, ..Head::default() }
    }

    /// What one unit of each line of goods costs. Names with a `*` carry internal taxes.
    fn costs(head: &Head, lines: &[WrittenLine], buyer: TaxStatus) -> Vec<String> {
        let profile = profile();
        let goods =
            |line: &WrittenLine| Goods { pack: (1, 1), vat_bp: 2_100, internal_taxes: line.about.contains('*') };
        let terms = with_lines(Terms::of(head, &profile, buyer), lines, |line| Some(goods(line)));
        let of = |line: &WrittenLine| received(line, goods(line), &terms).unwrap().unit_cost.unwrap().to_string();
        lines.iter().filter(|line| line.is_goods).map(of).collect()
    }

    /// 1,000 of freight on 10,000 of goods is a tenth of each, with VAT for whom it is a cost.
    #[test]
    fn freight_is_spread_by_what_lines_come_to() {
        let lines =
            [line("Arroz", 8, "1000"), line("Fideos", 4, "500"), line("Flete", 1, "1000"), line("Pallet", 1, "9000")];
        let head = head(Letter::A, &[(AmountKind::Net, "20000")]);
        assert_eq!(costs(&head, &lines, TaxStatus::RegisteredVat), ["1100.0000", "550.0000"]);
        assert_eq!(costs(&head, &lines, TaxStatus::Monotributo), ["1331.0000", "665.5000"]);
        let head = Head { letter: Some(Letter::B), ..head };
        assert_eq!(
            costs(&head, &lines, TaxStatus::RegisteredVat),
            ["1100.0000", "550.0000"],
            "prices of a B are final"
        );
    }

    /// The freight of all lines together is what the paper says, to the centavo.
    #[test]
    fn all_of_the_freight_is_spread() {
        let lines = [line("A", 3, "333.33"), line("B", 7, "1234.56"), line("Flete y seguro", 1, "777.77")];
        let spread: f64 = costs(&head(Letter::A, &[]), &lines, TaxStatus::RegisteredVat)
            .iter()
            .zip([3.0, 7.0])
            .map(|(cost, quantity)| cost.parse::<f64>().unwrap() * quantity)
            .sum();
        let goods = 3.0 * 333.33 + 7.0 * 1234.56;
        assert!((spread - goods - 777.77).abs() < 0.005, "{spread}");
    }

    /// Internal taxes of 1,200 on a cola of 6,000 and none on rice; where no product carries them, all do.
    #[test]
    fn internal_taxes_are_of_the_products_that_carry_them() {
        let head = head(Letter::A, &[(AmountKind::Net, "10000"), (AmountKind::Excise, "1200")]);
        let lines = [line("Cola *", 6, "1000"), line("Arroz", 4, "1000")];
        assert_eq!(costs(&head, &lines, TaxStatus::RegisteredVat), ["1200.0000", "1000.0000"]);
        assert_eq!(costs(&head, &lines, TaxStatus::Monotributo), ["1410.0000", "1210.0000"]);
        let lines = [line("Cola", 6, "1000"), line("Arroz", 4, "1000")];
        assert_eq!(costs(&head, &lines, TaxStatus::RegisteredVat), ["1120.0000", "1120.0000"]);
    }

    #[test]
    fn a_carriage_is_told_by_its_name() {
        let other = |about: &str| WrittenLine { is_goods: false, ..line(about, 1, "1") };
        for name in ["FLETE", "Flete a domicilio", "Envío", "Gastos de envío", "Transporte."] {
            assert!(is_freight(&other(name)), "{name}");
        }
        for name in ["Fletera", "Envases", "Pallet", "Seguro"] {
            assert!(!is_freight(&other(name)), "{name}");
        }
        assert!(!is_freight(&WrittenLine { is_goods: true, ..other("Flete") }), "it is said to be goods");
    }
}
