//! How messages look on the page: everything written out in the reader's language. Templates print these and decide nothing.

use super::super::plan::{Asked, Offer, Status, Step};
use super::super::queries::Message;
use super::super::say::Said;
use super::super::told::{action, amount, line, name, route};
use super::super::views::see;
use super::super::words::{asks, commands, tells};
use crate::kernel::Chrome;
use crate::stock::product_href;

/// What became of the sentence that was just written.
#[derive(Debug, Clone)]
pub(super) struct AnswerView {
    pub sentence: String,
    pub place: String,
    /// How its message is meant.
    pub kind: &'static str,
    pub detail: String,
    /// How commands are written, when that was asked.
    pub commands: &'static [&'static str],
    pub steps: Vec<StepRow>,
    pub questions: Vec<QuestionRow>,
    pub token: Option<String>,
    /// The idempotency key of its confirmation.
    pub key: String,
    pub see: Option<String>,
}

/// One thing that was understood.
#[derive(Debug, Clone)]
pub(super) struct StepRow {
    pub name: String,
    pub href: Option<String>,
    pub action: String,
    pub amount: Option<String>,
    pub details: String,
}

/// Something that is asked or offered, with the sentences that answer it.
#[derive(Debug, Clone)]
pub(super) struct QuestionRow {
    pub text: String,
    pub choices: Vec<Choice>,
}

/// A sentence to choose.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub name: String,
    pub sentence: String,
    pub key: String,
}

/// What one wrote before.
#[derive(Debug, Clone)]
pub(super) struct LastRow {
    pub sentence: String,
    pub wrote: Vec<String>,
    pub kind: &'static str,
    pub outcome: String,
    pub when: String,
    pub undo: Option<String>,
}

impl AnswerView {
    pub fn of(chrome: &Chrome, said: &Said) -> Self {
        let message = &said.message;
        let asked = message.plan.questions.iter().enumerate().map(|(at, one)| question(chrome, at, one));
        let offered = message.plan.offers.iter().enumerate().filter_map(|(at, one)| offer(chrome, at, one));
        Self {
            sentence: message.sentence.clone(),
            place: message.place.clone(),
            kind: match message.stands() {
                Status::Done => "good",
                Status::Confirm => "warn",
                Status::Ask | Status::Nothing => "info",
                Status::Unknown => "bad",
            },
            detail: tells(message).in_lang(chrome.lang).to_owned(),
            commands: commands(message),
            steps: message.plan.steps.iter().map(|one| step(chrome, one)).collect(),
            questions: asked.chain(offered).collect(),
            token: said.token.clone().filter(|_| message.done_at.is_none()),
            key: format!("{}-confirm", message.id),
            see: see(message, "/products"),
        }
    }
}

impl LastRow {
    /// `is_last` says whether it is what one wrote last.
    pub fn of(chrome: &Chrome, message: &Message, is_last: IsLast) -> Self {
        let outcome = match message.stands() {
            _ if message.undone_at.is_some() => "undone",
            _ if message.plan.wish.is_some() => "told",
            status => status.code(),
        };
        let is_undoable = is_last == IsLast::Yes && message.undone_at.is_none();
        Self {
            sentence: message.sentence.clone(),
            wrote: message
                .plan
                .steps
                .iter()
                .filter(|one| one.written.is_some())
                .map(|one| line(chrome.lang, one))
                .collect(),
            kind: match (outcome, message.stands()) {
                ("undone", _) => "",
                ("told", _) => "info",
                (_, Status::Done) => "good",
                (_, Status::Confirm) => "warn",
                _ => "info",
            },
            outcome: chrome.t(&format!("assistant.outcome_{outcome}")).to_owned(),
            when: chrome.instant(&message.said_at),
            undo: is_undoable.then(|| format!("/decir/{}/undo", message.id)),
        }
    }
}

/// Whether a message is the one that wrote something last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IsLast {
    Yes,
    No,
}

fn step(chrome: &Chrome, step: &Step) -> StepRow {
    let urgent = (step.priority == "high").then(|| chrome.t("notebook.priority_high").to_owned());
    let details = [urgent, step.supplier.clone(), route(step), step.reason.clone()];
    StepRow {
        name: name(step).to_owned(),
        href: step.product.as_ref().map(|(sku, _)| product_href(sku)),
        action: action(chrome.lang, step),
        amount: amount(step),
        details: details.into_iter().flatten().collect::<Vec<_>>().join(" · "),
    }
}

fn question(chrome: &Chrome, at: usize, asked: &Asked) -> QuestionRow {
    let choices = asked.candidates.iter().enumerate().filter_map(|(which, candidate)| {
        let sentence = candidate.sentence.clone()?;
        Some(Choice { name: candidate.name.clone(), sentence, key: format!("{}-{at}-{which}", chrome.form_key) })
    });
    QuestionRow { text: asks(asked).in_lang(chrome.lang).to_owned(), choices: choices.collect() }
}

fn offer(chrome: &Chrome, at: usize, offer: &Offer) -> Option<QuestionRow> {
    let sentence = offer.sentence.clone()?;
    let choice =
        Choice { name: line(chrome.lang, &offer.step), sentence, key: format!("{}-offer-{at}", chrome.form_key) };
    Some(QuestionRow { text: chrome.t("assistant.offer").to_owned(), choices: vec![choice] })
}
