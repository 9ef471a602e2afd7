//! The arithmetic of a paper, in whole centavos: lines, VAT per rate, perceptions, total. Every amount is rounded once, half
//! up, and the parts of a total add up to it.

use gondola_ledger::number::div_half_up;
use gondola_ledger::{Money, Qty, UnitCost};

use super::truth::{Letter, Line, Rate, Taxed, Totals};

/// Hundredths of a per cent in the whole.
const WHOLE: i64 = 10_000;
/// Least VAT perception that a document carries.
const VAT_PERCEPTION_MIN: Money = Money::new(300_000);

/// What a document adds to the price of its goods, in tenths of a per cent of the net amount.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surcharges {
    /// Impuestos internos.
    pub excise: i64,
    /// Percepción de IVA on what pays 21 %; half of it on what pays 10.5 %.
    pub vat_perception: i64,
    /// Percepción de ingresos brutos and its province.
    pub gross_income: Option<(&'static str, i64)>,
}

/// Quantity × price − discount; the sign of what is printed negative is left off, as the paper does.
pub fn subtotal(quantity: Qty, price: UnitCost, discount: i64) -> Money {
    // Thousandths × ten-thousandths of a peso × hundredths of a per cent, down to centavos.
    let exact = i128::from(quantity.raw().abs()) * i128::from(price.raw()) * i128::from(WHOLE - discount);
    money(div_half_up(exact, 1_000 * 100 * i128::from(WHOLE)))
}

/// The sums of the lines under a letter.
pub fn totals(lines: &[Line], letter: Letter, extra: Surcharges) -> Totals {
    let sum = |rate: Rate| {
        let of_rate = lines.iter().filter(|line| line.rate == rate).filter_map(|line| line.subtotal);
        Money::checked_sum(of_rate).expect("the lines of a paper sum far below 64 bits")
    };
    let everything = [Rate::Full, Rate::Reduced, Rate::Exempt, Rate::NotTaxed].map(sum);
    let total = Money::checked_sum(everything).expect("the lines of a paper sum far below 64 bits");
    if matches!(letter, Letter::C | Letter::X | Letter::R) {
        return Totals { total, ..Totals::default() };
    }
    let groups = [Rate::Full, Rate::Reduced].map(|rate| (rate, sum(rate)));
    let groups = groups.into_iter().filter(|(_, amount)| !amount.is_zero());
    let outside = Totals { exempt: sum(Rate::Exempt), not_taxed: sum(Rate::NotTaxed), ..Totals::default() };
    if letter == Letter::B {
        return Totals { taxed: groups.map(|(rate, gross)| out_of(rate, gross)).collect(), total, ..outside };
    }
    with_taxes(Totals { taxed: groups.map(|(rate, net)| on_top(rate, net)).collect(), ..outside }, extra)
}

/// VAT and perceptions come on top of what the lines say.
fn with_taxes(mut totals: Totals, extra: Surcharges) -> Totals {
    let net = Money::checked_sum(totals.taxed.iter().map(|group| group.net)).expect("nets are small");
    totals.excise = share(net, extra.excise);
    let half_for_reduced = |group: &Taxed| match group.rate {
        Rate::Reduced => div_half_up(i128::from(group.net.raw() * extra.vat_perception), 2_000),
        _ => div_half_up(i128::from(group.net.raw() * extra.vat_perception), 1_000),
    };
    let perceived = money(totals.taxed.iter().map(half_for_reduced).sum());
    totals.vat_perception = if perceived < VAT_PERCEPTION_MIN { Money::ZERO } else { perceived };
    totals.gross_income = extra.gross_income.map(|(province, tenths)| (province, share(net, tenths)));
    totals.total = sum_of_parts(&totals);
    totals
}

/// Net + VAT + exempt + not taxed + internal + perceptions.
pub fn sum_of_parts(totals: &Totals) -> Money {
    let taxed = totals.taxed.iter().flat_map(|group| [group.net, group.vat]);
    let gross_income = totals.gross_income.map(|(_, amount)| amount);
    let rest = [totals.exempt, totals.not_taxed, totals.excise, totals.vat_perception];
    Money::checked_sum(taxed.chain(rest).chain(gross_income)).expect("the parts of a paper are small")
}

fn on_top(rate: Rate, net: Money) -> Taxed {
    Taxed { rate, net, vat: share(net, rate.permille()) }
}

/// The VAT that a final amount contains; what is left after the net, so nothing is lost.
fn out_of(rate: Rate, gross: Money) -> Taxed {
    let net = money(div_half_up(i128::from(gross.raw()) * 1_000, i128::from(1_000 + rate.permille())));
    Taxed { rate, net, vat: gross.checked_sub(net).expect("a net amount is below its gross") }
}

fn share(amount: Money, permille: i64) -> Money {
    money(div_half_up(i128::from(amount.raw()) * i128::from(permille), 1_000))
}

fn money(centavos: i128) -> Money {
    Money::new(i64::try_from(centavos).expect("an amount of a paper is far below 64 bits"))
}
