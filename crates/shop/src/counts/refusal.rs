//! What counts refuse, in a shopkeeper's words, and where a count stands.

use axum::http::StatusCode;

use crate::kernel::problem::FieldProblem;
use crate::kernel::{Problem, Text};
use crate::stock::{BatchRefused, StockRefusal};

/// Lines told by name when a count is refused; the message says how many there are in all.
const NAMED_MAX: usize = 100;

/// Where a count stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountState {
    /// People are counting.
    Open,
    /// The ledger was corrected.
    Posted,
    /// Given up; nothing was corrected.
    Cancelled,
}

impl CountState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Open, Self::Posted, Self::Cancelled];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Posted => "posted",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Why a count did not begin, change or end. Nothing was changed.
#[derive(Debug)]
pub enum CountRefused {
    /// The place or a shelf says no.
    Stock(Box<StockRefusal>),
    /// Every line that cannot be taken.
    Lines(BatchRefused),
    /// What it would be of: every category or product that is none.
    Scope(Vec<FieldProblem>),
    /// No such count, or not yours to see.
    Unknown,
    /// It was posted or cancelled before.
    NotOpen(CountState),
    /// Nobody counted anything.
    NothingCounted,
    /// SKUs with a large difference that were counted only once.
    NeedsRecount(Vec<String>),
    /// SKUs that something else corrected there after they were counted.
    CorrectedSince(Vec<String>),
    /// SKUs with a large difference that somebody with the right to adjust must accept.
    NeedsApproval(Vec<String>),
}

impl From<StockRefusal> for CountRefused {
    fn from(refusal: StockRefusal) -> Self {
        Self::Stock(Box::new(refusal))
    }
}

impl From<CountRefused> for Problem {
    fn from(refusal: CountRefused) -> Self {
        let conflict = |code, es: &str, en: &str| Self::new(StatusCode::CONFLICT, code, es, en);
        match refusal {
            CountRefused::Stock(refusal) => (*refusal).into(),
            CountRefused::Lines(lines) => lines.into(),
            CountRefused::Scope(problems) => Self::invalid(problems),
            CountRefused::Unknown => Self::not_found(),
            CountRefused::NotOpen(CountState::Cancelled) => {
                conflict("count_not_open", "Ese conteo se canceló.", "That count was cancelled.")
            }
            CountRefused::NotOpen(_) => {
                conflict("count_not_open", "Ese conteo ya se asentó.", "That count was already posted.")
            }
            CountRefused::NothingCounted => conflict(
                "nothing_counted",
                "Todavía no hay nada contado. Cargá lo contado o cancelá el conteo.",
                "Nothing has been counted yet. Enter what was counted or cancel the count.",
            ),
            CountRefused::NeedsRecount(skus) => {
                let again = Text::new("Contalo otra vez.", "Count it again.");
                let total = Text::new(
                    format!("Hay que contar otra vez {} renglón(es) con mucha diferencia.", skus.len()),
                    format!("{} line(s) with a large difference must be counted again.", skus.len()),
                );
                named("needs_recount", total, &skus, &again)
            }
            CountRefused::CorrectedSince(skus) => {
                let again =
                    Text::new("Lo corrigieron después. Contalo otra vez.", "It was corrected since. Count it again.");
                let total = Text::new(
                    format!("Hay {} renglón(es) que otro conteo o ajuste corrigió después de contarlos.", skus.len()),
                    format!(
                        "{} line(s) were corrected by another count or adjustment after they were counted.",
                        skus.len()
                    ),
                );
                named("corrected_since", total, &skus, &again)
            }
            CountRefused::NeedsApproval(skus) => {
                let large = Text::new("La diferencia es grande.", "The difference is large.");
                let total = Text::new(
                    format!("Hay {} diferencia(s) grande(s): las aprueba quien puede ajustar.", skus.len()),
                    format!("{} large difference(s): whoever may adjust approves them.", skus.len()),
                );
                named("needs_approval", total, &skus, &large)
            }
        }
    }
}

/// A conflict about lines, the first ones by name.
fn named(code: &'static str, detail: Text, skus: &[String], each: &Text) -> Problem {
    let field = |sku: &String| FieldProblem { field: format!("sku:{sku}"), code, detail: each.clone() };
    let fields = skus.iter().take(NAMED_MAX).map(field).collect();
    Problem { status: StatusCode::CONFLICT, code, detail, fields, retry_after: None }
}
