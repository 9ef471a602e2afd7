//! Writes the truth of a paper: its lines and header out of its plan. Every amount comes from `sums`; nothing is drawn here.

use gondola_ledger::number::div_half_up;
use gondola_ledger::{Day, Money, Qty, UnitCost};

use super::columns::Content;
use super::dice::Dice;
use super::goods::Good;
use super::plan::{Pack, Plan};
use super::qr;
use super::sums::{self, Surcharges};
use super::suppliers;
use super::tax_id::ean13;
use super::truth::{Condition, Kind, Letter, Line, Per, Rate, Truth};

/// Papers are dated from here, 2025-06-01, on.
const FIRST_DAY: Day = Day(20_240);
/// From 2025-12-01 on (RG 5762) the letter M is an A with a legend; codes and numbers stay those of M.
const LETTER_M_ENDS: Day = Day(20_423);
const UNDER_REVIEW: &str = "OPERACIÓN SUJETA A RETENCIÓN";
/// For so many days.
const DAYS: i64 = 500;
/// Most lines of a paper.
const LINES_MAX: i64 = 30;
/// Rows that a roll holds: tickets are short.
const TICKET_LINES_MAX: i64 = 12;

/// Everything the paper will say.
pub fn write(plan: &Plan, dice: &mut Dice) -> Truth {
    let most = if plan.kind == Kind::Ticket { TICKET_LINES_MAX } else { LINES_MAX };
    let wanted = usize::try_from(dice.between(1, most)).expect("a paper has few lines");
    let goods = dice.some_of(plan.supplier.goods, wanted);
    let lines: Vec<Line> = goods.iter().map(|good| line(plan, good, dice)).collect();
    let totals = match plan.kind {
        Kind::DeliveryNote | Kind::PriceList => None,
        _ => plan.letter.map(|letter| sums::totals(&lines, letter, surcharges(plan, dice))),
    };
    let date = later(FIRST_DAY, dice.between(0, DAYS));
    let authorised = plan.code.is_some() && !matches!(plan.kind, Kind::Ticket | Kind::DeliveryNote);
    let due = !matches!(plan.kind, Kind::Ticket | Kind::DeliveryNote | Kind::Informal | Kind::CreditNote);
    let reviewed = plan.letter == Some(Letter::M) && date >= LETTER_M_ENDS;
    let truth = Truth {
        supplier_code: plan.supplier.code,
        kind: plan.kind,
        letter: if reviewed { Some(Letter::A) } else { plan.letter },
        code: plan.code,
        legend: reviewed.then_some(UNDER_REVIEW),
        number: plan.code.map(|_| number(dice)),
        date,
        due: due.then(|| later(date, dice.one_of(&[7, 15, 30]))),
        cae: authorised.then(|| cae(date, dice)),
        cae_due: authorised.then(|| later(date, 10)),
        supplier: plan.supplier.party(),
        buyer: (plan.kind != Kind::PriceList).then(|| suppliers::shop(plan.buyer)),
        lines,
        totals,
        qr: None,
    };
    Truth { qr: qr::url(&truth), ..truth }
}

fn line(plan: &Plan, good: &Good, dice: &mut Dice) -> Line {
    let has = |content: Content| plan.columns.iter().any(|column| column.content == content);
    let per = good.per.unwrap_or(plan.profile.per);
    let rate = rate(plan, good);
    let unit_cost = unit_cost(plan, good, rate, dice);
    let price = match per {
        Per::Case if good.per.is_none() => UnitCost::new(unit_cost.raw() * i64::from(good.units)),
        _ => unit_cost,
    };
    let discount = if has(Content::Discount) { dice.one_of(&[0, 0, 500, 1_000, 1_250]) } else { 0 };
    let quantity = (plan.kind != Kind::PriceList).then(|| quantity(per, plan.profile.sign, dice));
    let priced = plan.kind != Kind::DeliveryNote;
    let (code, barcode) = codes(plan, good);
    Line {
        code: has(Content::Code).then_some(code),
        barcode: has(Content::Barcode).then_some(barcode),
        description: good.name.to_owned(),
        quantity,
        per,
        units_per_case: (plan.profile.pack == Pack::Name || has(Content::UnitsPerCase)).then_some(good.units),
        price: priced.then_some(price),
        unit_price: has(Content::UnitPrice).then_some(unit_cost),
        discount,
        rate,
        subtotal: quantity.filter(|_| priced).map(|quantity| sums::subtotal(quantity, price, discount)),
    }
}

/// The greengrocer's and the small producers' prices carry no VAT apart; milk is exempt to consumers only.
fn rate(plan: &Plan, good: &Good) -> Rate {
    match good.rate {
        Rate::Exempt if plan.letter != Some(Letter::B) => Rate::Full,
        rate => rate,
    }
}

/// What one unit costs on this paper: near its usual price, with the places that the paper prints, and with VAT inside
/// under the letter B.
fn unit_cost(plan: &Plan, good: &Good, rate: Rate, dice: &mut Dice) -> UnitCost {
    let drifted = good.centavos * dice.between(900, 1_250) / 1_000;
    let inside = if plan.letter == Some(Letter::B) { rate.permille() } else { 0 };
    let centavos = div_half_up(i128::from(drifted * (1_000 + inside)), 1_000);
    let centavos = i64::try_from(centavos).expect("a price of a paper is far below 64 bits");
    let finer = if plan.profile.places == 4 { dice.between(0, 99) } else { 0 };
    UnitCost::new(centavos * 100 + finer)
}

fn quantity(per: Per, sign: i64, dice: &mut Dice) -> Qty {
    match per {
        Per::Case => Qty::new(sign * 1_000 * dice.between(1, 12)),
        Per::Unit => Qty::new(sign * 1_000 * dice.between(1, 60)),
        Per::Kilogram if dice.one_in(3) => Qty::new(1_000 * dice.between(5, 40)),
        Per::Kilogram => Qty::new(50 * dice.between(30, 600)),
    }
}

/// A good has the same codes on every paper of its supplier.
fn codes(plan: &Plan, good: &Good) -> (String, String) {
    let spread =
        Dice::new(good.name.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))));
    let digits = plan.profile.code_digits;
    let least = 10_i64.pow(u32::try_from(digits).expect("a code is short") - 1);
    let code = spread.clone().between(least, least * 10 - 1).to_string();
    let barcode = ean13(779_000_000_000 + spread.clone().next() % 1_000_000_000);
    (code, barcode)
}

/// What suppliers that must perceive add, and what soft drinks pay.
fn surcharges(plan: &Plan, dice: &mut Dice) -> Surcharges {
    let drinks = plan.supplier.code == "CO";
    let big = !matches!(plan.supplier.code, "ACE" | "GA" | "");
    let perceives = plan.buyer == Condition::Registered && big && dice.one_in(2);
    let provinces = [("Buenos Aires", 25), ("Buenos Aires", 15), ("CABA", 20)];
    Surcharges {
        excise: if drinks { 80 } else { 0 },
        vat_perception: if perceives { 30 } else { 0 },
        gross_income: (big && dice.one_in(2)).then(|| dice.one_of(&provinces)),
    }
}

fn number(dice: &mut Dice) -> (u16, u32) {
    let point = u16::try_from(dice.between(1, 120)).expect("a point of sale is small");
    (point, u32::try_from(dice.between(1, 9_999_999)).expect("eight digits fit"))
}

/// ARCA's codes begin with 7 and the last digit of the year.
fn cae(date: Day, dice: &mut Dice) -> u64 {
    let year = date.to_string()[3..4].parse::<u64>().expect("a year ends in a digit");
    70_000_000_000_000 + year * 1_000_000_000_000 + dice.next() % 1_000_000_000_000
}

fn later(day: Day, days: i64) -> Day {
    i32::try_from(days).ok().and_then(|days| day.checked_add(days)).expect("papers are of this century")
}

/// The sum of what the lines say, which the foot must bear out.
pub fn sum_of_lines(lines: &[Line]) -> Money {
    Money::checked_sum(lines.iter().filter_map(|line| line.subtotal)).expect("the lines of a paper are small")
}
