//! Steps and answers in words, for whoever reads them on a screen or at the console.

use gondola_language::parse::SaidUnit;
use gondola_ledger::Qty;

use super::plan::{Asked, Offer, Step};
use super::say::Said;
use super::views::see;
use super::words::{asks, commands, tells};
use crate::kernel::Lang;
use crate::kernel::words::word;
use crate::purchasing::amount_of;

/// The product's name, else what was typed for it.
pub(super) fn name(step: &Step) -> &str {
    step.product.as_ref().map_or(step.text.as_str(), |(_, name)| name)
}

/// What it does: `Comprar`.
pub(super) fn action(lang: Lang, step: &Step) -> String {
    word(lang, &format!("assistant.action_{}", step.action)).to_owned()
}

/// How much: `4 cajones`, `1,250 kg`.
pub(super) fn amount(step: &Step) -> Option<String> {
    let said = SaidUnit::from_code(&step.unit).map(SaidUnit::in_spanish);
    let unit = said.unwrap_or(&step.unit);
    Some(amount_of(Qty::new(step.quantity?), unit))
}

/// What, how much and of what: `Comprar · 4 cajones · Quilmes 1 L`.
pub(super) fn line(lang: Lang, step: &Step) -> String {
    let parts = [Some(action(lang, step)), amount(step), Some(name(step).to_owned())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// An answer as lines of text, for a console: what became of it, what was understood, what is asked with the sentences that
/// answer it.
pub(super) fn in_lines(said: &Said, lang: Lang) -> String {
    let message = &said.message;
    let mut lines = vec![tells(message).in_lang(lang).to_owned()];
    lines.extend(commands(message).iter().map(|command| format!("  {command}")));
    lines.extend(message.plan.steps.iter().map(|step| format!("  {}", with_details(lang, step))));
    for asked in &message.plan.questions {
        lines.push(asks(asked).in_lang(lang).to_owned());
        lines.extend(sentences(asked).map(|sentence| format!("  {sentence}")));
    }
    let offers: Vec<&str> = message.plan.offers.iter().filter_map(offered).collect();
    if !offers.is_empty() {
        lines.push(word(lang, "assistant.offer").to_owned());
        lines.extend(offers.into_iter().map(|sentence| format!("  {sentence}")));
    }
    lines.extend(see(message, "/products"));
    lines.join("\n")
}

fn with_details(lang: Lang, step: &Step) -> String {
    let urgent = (step.priority == "high").then(|| word(lang, "notebook.priority_high").to_owned());
    let details = [Some(line(lang, step)), urgent, step.supplier.clone(), route(step), step.reason.clone()];
    details.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// From where to where.
pub(super) fn route(step: &Step) -> Option<String> {
    match (&step.from, &step.to) {
        (Some(from), Some(to)) => Some(format!("{from} → {to}")),
        (Some(from), None) => Some(format!("{from} →")),
        (None, Some(to)) => Some(format!("→ {to}")),
        (None, None) => None,
    }
}

fn sentences(asked: &Asked) -> impl Iterator<Item = &str> {
    asked.candidates.iter().filter_map(|candidate| candidate.sentence.as_deref())
}

fn offered(offer: &Offer) -> Option<&str> {
    offer.sentence.as_deref()
}
