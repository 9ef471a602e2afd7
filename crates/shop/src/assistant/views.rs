//! Messages as the API answers them, and what the assistant says about them in words.

use gondola_language::parse::SaidUnit;
use gondola_ledger::{Qty, Unit};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::plan::{Asked, Candidate, Offer, Step, Wish};
use super::queries::Message;
use super::say::Said;
use super::words::{asks, commands, tells};
use crate::kernel::Lang;
use crate::kernel::time::format_instant;

/// What became of a sentence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantMessage)]
pub struct MessageItem {
    /// Its id.
    pub id: Uuid,
    /// The sentence as typed.
    pub text: String,
    /// `notebook` or `backstore`.
    #[schema(example = "notebook")]
    pub place: String,
    /// `done`, `confirm`, `ask`, `nothing` or `unknown`.
    #[schema(example = "done")]
    pub status: String,
    /// What it comes to, in the language of `Accept-Language`.
    pub detail: String,
    /// What was written, or would be.
    pub entries: Vec<StepItem>,
    /// What is not clear.
    pub questions: Vec<QuestionItem>,
    /// What may be done on top, such as the loss behind an incident.
    pub offers: Vec<OfferItem>,
    /// How commands are written, when that was asked.
    pub commands: Vec<String>,
    /// The address in this API of what was asked for, such as stock.
    #[schema(required, example = "/api/v1/inventory?q=quilmes")]
    pub see: Option<String>,
    /// What confirms the plan, once.
    #[schema(required)]
    pub token: Option<String>,
    /// Until when, UTC.
    #[schema(required, format = DateTime)]
    pub expires_at: Option<String>,
    /// When it was written, UTC.
    #[schema(required, format = DateTime)]
    pub done_at: Option<String>,
    /// When it was undone, UTC.
    #[schema(required, format = DateTime)]
    pub undone_at: Option<String>,
}

/// One thing to note or to move.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantEntry)]
pub struct StepItem {
    /// `restock`, `purchase`, `remark`, `incident`, `inbound`, `outbound`, `transfer`, `waste`, `adjustment` or `count`.
    #[schema(example = "purchase")]
    pub action: String,
    /// The product; null for a brand or a free text.
    #[schema(required)]
    pub product: Option<NamedProduct>,
    /// The words for it, as typed.
    pub text: String,
    /// How much; null when nobody said.
    #[schema(required, example = "6")]
    pub quantity: Option<String>,
    /// `un`, `kg`, `crate`, `pack` …
    #[schema(example = "un")]
    pub unit: String,
    /// Code of who brings it.
    #[schema(required, example = "CO")]
    pub supplier: Option<String>,
    /// How sure that is, from 0 to 1.
    #[schema(required, example = "0.90")]
    pub confidence: Option<String>,
    /// `high`, `normal` or `low`.
    #[schema(example = "normal")]
    pub priority: String,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
    /// Code of the place that it leaves.
    #[schema(required)]
    pub from: Option<String>,
    /// Code of the place that it reaches.
    #[schema(required)]
    pub to: Option<String>,
    /// The id of the line of the notebook or the movement that was written.
    #[schema(required)]
    pub id: Option<Uuid>,
}

/// A product by its code and name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantProduct)]
pub struct NamedProduct {
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
}

/// What is not clear.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantQuestion)]
pub struct QuestionItem {
    /// `which`, `create`, `quantity`, `reason`, `action` or `supplier`.
    #[schema(example = "which")]
    pub about: String,
    /// The question, in the language of `Accept-Language`.
    pub question: String,
    /// What is written once it is answered.
    pub entry: StepItem,
    /// Products that it may be, three at most.
    pub candidates: Vec<CandidateItem>,
    /// Codes of suppliers that it may be, three at most.
    pub suppliers: Vec<String>,
}

/// A product that something may be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantCandidate)]
pub struct CandidateItem {
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The sentence that says so, to be sent as `text`.
    #[schema(required)]
    pub sentence: Option<String>,
}

/// What may be done on top.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantOffer)]
pub struct OfferItem {
    /// What it would do.
    pub entry: StepItem,
    /// The sentence that does it, to be sent as `text`.
    #[schema(required)]
    pub sentence: Option<String>,
}

pub(super) fn item(Said { message, token }: Said, lang: Lang) -> MessageItem {
    MessageItem {
        status: message.stands().code().to_owned(),
        detail: tells(&message).in_lang(lang).to_owned(),
        commands: commands(&message).iter().map(|&command| command.to_owned()).collect(),
        see: see(&message, "/api/v1/inventory"),
        // A plan that was carried out waits for nothing.
        token: token.filter(|_| message.done_at.is_none()),
        expires_at: message.expires_at.filter(|_| message.done_at.is_none()).map(format_instant),
        done_at: message.done_at.map(format_instant),
        undone_at: message.undone_at.map(format_instant),
        entries: message.plan.steps.into_iter().map(step).collect(),
        questions: message.plan.questions.into_iter().map(|asked| question(asked, lang)).collect(),
        offers: message.plan.offers.into_iter().map(offer).collect(),
        id: message.id,
        text: message.sentence,
        place: message.place,
    }
}

fn step(step: Step) -> StepItem {
    StepItem {
        quantity: amount(&step),
        id: step.written.as_ref().map(|written| written.id()),
        product: step.product.map(|(sku, name)| NamedProduct { sku, name }),
        action: step.action,
        text: step.text,
        unit: step.unit,
        supplier: step.supplier,
        confidence: step.confidence,
        priority: step.priority,
        reason: step.reason,
        from: step.from,
        to: step.to,
    }
}

fn question(asked: Asked, lang: Lang) -> QuestionItem {
    let candidate = |one: Candidate| CandidateItem { sku: one.sku, name: one.name, sentence: one.sentence };
    QuestionItem {
        question: asks(&asked).in_lang(lang).to_owned(),
        about: asked.about,
        entry: step(asked.step),
        candidates: asked.candidates.into_iter().map(candidate).collect(),
        suppliers: asked.suppliers,
    }
}

fn offer(offer: Offer) -> OfferItem {
    OfferItem { entry: step(offer.step), sentence: offer.sentence }
}

/// How much, whole where it is counted.
pub(super) fn amount(step: &Step) -> Option<String> {
    let quantity = step.quantity.map(Qty::new)?;
    let is_measure = SaidUnit::from_code(&step.unit).is_some_and(SaidUnit::is_measure);
    let places = if is_measure || !quantity.is_whole() { Unit::Kg } else { Unit::Un };
    Some(quantity.format(places))
}

/// Where the stock that was asked for stands, under a list's address.
pub(super) fn see(message: &Message, list: &str) -> Option<String> {
    match message.plan.wish.as_ref()? {
        Wish::Help => None,
        Wish::Stock(text) if text.is_empty() => Some(list.to_owned()),
        Wish::Stock(text) => {
            let query = serde_urlencoded::to_string([("q", text)]).expect("a pair of texts can be encoded");
            Some(format!("{list}?{query}"))
        }
    }
}
