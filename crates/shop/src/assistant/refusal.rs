//! What the assistant refuses, in a shopkeeper's words.

use axum::http::StatusCode;

use crate::kernel::Problem;
use crate::notebook::NotebookRefused;
use crate::stock::StockRefusal;

/// Why a sentence was not carried out, a plan not confirmed or a message not undone. Nothing changed.
#[derive(Debug)]
pub enum AssistantRefused {
    /// The stock's refusal.
    Stock(Box<StockRefusal>),
    /// The notebook's refusal.
    Notebook(Box<NotebookRefused>),
    /// No movement has this id or number.
    UnknownMovement(String),
    /// That is not how a token looks.
    NoToken,
    /// No plan waits for this token, or it is somebody else's.
    UnknownPlan,
    /// The plan waited too long.
    Expired,
    /// The plan was carried out before.
    AlreadyConfirmed,
    /// No such message, or it is somebody else's.
    UnknownMessage,
    /// The message wrote nothing.
    NothingWritten,
    /// It was undone before.
    AlreadyUndone,
    /// Something was written since.
    NotTheLast,
    /// The line of the notebook was noted before, by others too.
    LineWasThere,
    /// Somebody changed the line of the notebook since.
    LineChanged,
    /// A correction is corrected, not undone.
    IsCorrection,
}

impl From<StockRefusal> for AssistantRefused {
    fn from(refusal: StockRefusal) -> Self {
        Self::Stock(Box::new(refusal))
    }
}

impl From<NotebookRefused> for AssistantRefused {
    fn from(refusal: NotebookRefused) -> Self {
        Self::Notebook(Box::new(refusal))
    }
}

impl From<AssistantRefused> for Problem {
    fn from(refusal: AssistantRefused) -> Self {
        use AssistantRefused as R;
        let conflict = |code, es, en| Self::new(StatusCode::CONFLICT, code, es, en);
        match refusal {
            R::Stock(refusal) => about_the_sentence(Self::from(*refusal)),
            R::Notebook(refusal) => about_the_sentence(Self::from(*refusal)),
            R::UnknownMovement(named) => Self::invalid_field(
                "text",
                "unknown_movement",
                format!("No hay ningún movimiento «{named}». El número está en los movimientos del producto."),
                format!("There is no movement \"{named}\". Its number is among the product's movements."),
            ),
            R::NoToken => Self::invalid_field(
                "token",
                "bad_token",
                "Es el que vino con lo que hay que confirmar: 43 letras, números, guiones y guiones bajos.",
                "It is the one that came with what is to be confirmed: 43 letters, digits, dashes and underscores.",
            ),
            R::UnknownPlan => conflict(
                "unknown_plan",
                "No hay nada tuyo para confirmar con eso. Escribí la frase de nuevo.",
                "Nothing of yours waits for that. Write the sentence again.",
            ),
            R::Expired => conflict(
                "plan_expired",
                "Pasaron más de dos minutos: escribí la frase de nuevo.",
                "More than two minutes passed: write the sentence again.",
            ),
            R::AlreadyConfirmed => {
                conflict("plan_confirmed", "Eso ya se confirmó y está hecho.", "That was confirmed and is done.")
            }
            R::UnknownMessage => Self::not_found(),
            R::NothingWritten => conflict(
                "nothing_written",
                "Esa frase no anotó ni movió nada.",
                "That sentence wrote and moved nothing.",
            ),
            R::AlreadyUndone => conflict("already_undone", "Eso ya se deshizo.", "That was undone already."),
            R::NotTheLast => conflict(
                "not_the_last",
                "Sólo se deshace lo último que escribiste. Lo de antes se corrige en el cuaderno o en los movimientos.",
                "Only what you wrote last is undone. What came before is corrected in the notebook or the movements.",
            ),
            R::LineWasThere => conflict(
                "line_was_there",
                "Eso ya estaba anotado de antes: cambialo en el cuaderno.",
                "That was noted before: change it in the notebook.",
            ),
            R::LineChanged => conflict(
                "line_changed",
                "Alguien cambió ese renglón después: miralo en el cuaderno.",
                "Somebody changed that line since: look at it in the notebook.",
            ),
            R::IsCorrection => conflict(
                "is_correction",
                "Una corrección no se deshace: corregila de nuevo.",
                "A correction is not undone: correct it again.",
            ),
        }
    }
}

/// What is wrong with a sentence is wrong with its text: nothing else was sent.
fn about_the_sentence(mut problem: Problem) -> Problem {
    problem.fields.iter_mut().for_each(|field| "text".clone_into(&mut field.field));
    problem
}
