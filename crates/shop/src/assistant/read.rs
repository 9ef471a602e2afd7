//! From a reading of the language to a plan that is kept: names beside codes, a sentence for each candidate. Pure.

use gondola_language::parse::{
    Action, Entry, Goods, Joining, Outcome, Parser, Place, Priority, Question, Reading, Request, SaidUnit, Unclear,
};

use super::plan::{Asked, Candidate, Offer, Plan, Status, Step, Wish};

/// Questions that get sentences for their candidates at most; the others name them only.
const ANSWERED_MAX: usize = 4;

/// Reads a sentence: how it stands and what is planned.
pub fn read(parser: &Parser, sentence: &str, place: Place) -> (Status, Plan) {
    let reading = parser.read(sentence, place);
    let status = status(&reading);
    let (why, example) = match reading.outcome {
        Outcome::Confirm(why) => (Some(why.code()), None),
        Outcome::Nothing(why) => (Some(why.code()), None),
        Outcome::TooLong => (Some("too_long"), None),
        Outcome::Malformed(example) => (Some("malformed"), Some(example.to_owned())),
        Outcome::Done | Outcome::Ask | Outcome::Unknown => (None, None),
    };
    let has_incident = has_incident(&reading);
    let asked = Asking { parser, sentence, place, has_incident };
    let mut steps: Vec<Step> = reading.entries.iter().map(|entry| step(parser, entry)).collect();
    let mut wish = None;
    match reading.request {
        Some(Request::Correct { id, quantity, reason }) => steps.push(correction(id, quantity.raw(), reason)),
        Some(Request::FindStock(text)) => wish = Some(Wish::Stock(text)),
        Some(Request::StockReport) => wish = Some(Wish::Stock(String::new())),
        Some(Request::Help) => wish = Some(Wish::Help),
        None => {}
    }
    let plan = Plan {
        why: why.map(str::to_owned),
        steps,
        questions: reading.questions.iter().enumerate().map(|(at, one)| asked.question(at, one)).collect(),
        offers: reading.offers.iter().map(|offer| offered(parser, offer)).collect(),
        wish,
        example,
    };
    (status, plan)
}

/// An incident stands by itself, also while it is not clear which product is to be written off for it.
fn status(reading: &Reading) -> Status {
    let has_incident = has_incident(reading);
    match reading.outcome {
        Outcome::Ask if reading.questions.iter().all(|question| has_incident && is_loss(question)) => Status::Done,
        Outcome::Done => Status::Done,
        Outcome::Confirm(_) => Status::Confirm,
        Outcome::Ask => Status::Ask,
        Outcome::Nothing(_) => Status::Nothing,
        Outcome::Unknown | Outcome::TooLong | Outcome::Malformed(_) => Status::Unknown,
    }
}

fn has_incident(reading: &Reading) -> bool {
    reading.entries.iter().any(|entry| entry.action == Action::Incident)
}

fn is_loss(question: &Question) -> bool {
    question.draft.action == Action::Waste
}

fn step(parser: &Parser, entry: &Entry) -> Step {
    let product = match &entry.goods {
        Goods::Product(sku) => parser.product(sku).map(|product| (product.sku.clone(), product.name.clone())),
        Goods::Brand | Goods::Text => None,
    };
    Step {
        action: entry.action.code().to_owned(),
        product,
        text: entry.text.clone(),
        quantity: entry.quantity.map(|quantity| quantity.raw()),
        unit: entry.unit.code().to_owned(),
        supplier: entry.supplier.as_ref().map(|choice| choice.code.clone()),
        confidence: entry.supplier.as_ref().map(|choice| choice.confidence.to_string()),
        priority: entry.priority.code().to_owned(),
        reason: entry.reason.clone(),
        from: entry.from.clone(),
        to: entry.to.clone(),
        adds: entry.joining == Joining::Adds,
        corrects: None,
        written: None,
    }
}

fn correction(id: String, quantity: i64, reason: String) -> Step {
    Step {
        action: Action::Adjustment.code().to_owned(),
        product: None,
        text: id.clone(),
        quantity: Some(quantity),
        unit: SaidUnit::Un.code().to_owned(),
        supplier: None,
        confidence: None,
        priority: Priority::Normal.code().to_owned(),
        reason: Some(reason),
        from: None,
        to: None,
        adds: false,
        corrects: Some(id),
        written: None,
    }
}

/// The loss behind an incident, as the command that writes it off.
fn offered(parser: &Parser, offer: &Entry) -> Offer {
    let step = step(parser, offer);
    let sentence = step.product.as_ref().and_then(|(_, name)| write_off(offer, name));
    Offer { step, sentence }
}

/// The command that writes a loss of a product off. Goods in packs are left to a person.
fn write_off(loss: &Entry, name: &str) -> Option<String> {
    let is_single = matches!(loss.unit, SaidUnit::Un | SaidUnit::Bottle | SaidUnit::Can | SaidUnit::Kg);
    let quantity = loss.quantity.filter(|_| is_single)?.format(measure(loss.unit)).replace('.', ",");
    let reason = loss.reason.as_ref()?;
    Some(format!("/merma \"{name}\" {quantity} \"{reason}\""))
}

fn measure(unit: SaidUnit) -> gondola_ledger::Unit {
    if unit.is_measure() { gondola_ledger::Unit::Kg } else { gondola_ledger::Unit::Un }
}

/// What a question needs to know about where it was asked.
struct Asking<'r> {
    parser: &'r Parser,
    sentence: &'r str,
    place: Place,
    /// Whether the sentence tells an incident, which stands by itself: only its loss is left to be written off.
    has_incident: bool,
}

impl Asking<'_> {
    fn question(&self, at: usize, question: &Question) -> Asked {
        let candidate = |sku: &String| {
            let product = self.parser.product(sku)?;
            let sentence = (at < ANSWERED_MAX).then(|| self.answered(question, &product.name, sku)).flatten();
            Some(Candidate { sku: product.sku.clone(), name: product.name.clone(), sentence })
        };
        Asked {
            about: question.about.code().to_owned(),
            step: step(self.parser, &question.draft),
            candidates: question.products.iter().filter_map(candidate).collect(),
            suppliers: question.suppliers.clone(),
        }
    }

    /// The sentence with a product's name in the place of what was not clear, if it is clear then.
    fn answered(&self, question: &Question, name: &str, sku: &str) -> Option<String> {
        if self.has_incident && is_loss(question) {
            return write_off(&question.draft, name);
        }
        let text = question.draft.text.as_str();
        if text.is_empty() || !self.sentence.contains(text) {
            return None;
        }
        let sentence = self.sentence.replacen(text, name, 1);
        let reading = self.parser.read(&sentence, self.place);
        let is_it = |entry: &Entry| entry.goods == Goods::Product(sku.to_owned());
        let is_named = reading.entries.iter().chain(reading.questions.iter().map(|asked| &asked.draft)).any(is_it);
        let asks_again = |asked: &Question| asked.about == Unclear::Which && is_it(&asked.draft);
        (is_named && !reading.questions.iter().any(asks_again)).then_some(sentence)
    }
}
