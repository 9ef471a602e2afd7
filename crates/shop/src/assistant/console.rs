//! What is said at the machine's console, without a user. The command line calls these; they are the same steps that pages
//! and API take.

use gondola_store::Actor;
use uuid::Uuid;

use super::api;
use super::told::in_lines;
use super::views::{MessageItem, item};
use crate::kernel::{App, Lang, Problem};

/// What somebody asks for at the console.
#[derive(Debug, Clone)]
pub enum Order {
    /// A sentence, and where it is said; none is the notebook.
    Say {
        /// The sentence.
        text: String,
        /// `notebook` or `backstore`.
        place: Option<String>,
    },
    /// The plan that this token is for.
    Confirm(String),
    /// Undoing the message of this id.
    Undo(Uuid),
}

/// What became of an order: for scripts and for people.
#[derive(Debug)]
pub struct Told {
    /// As the API answers it.
    pub item: MessageItem,
    /// As lines of text.
    pub words: String,
}

/// Carries an order out, as the console.
///
/// # Errors
/// As the API refuses it.
pub async fn tell(app: &App, order: Order, lang: Lang) -> Result<Told, Problem> {
    let actor = Actor::system("console");
    let done = match order {
        Order::Say { text, place } => api::speak(app, &actor, None, api::parse(Some(text), place)?).await?,
        Order::Confirm(token) => api::confirm(app, &actor, None, &token).await?,
        Order::Undo(id) => api::undo(app, &actor, None, id).await?,
    };
    Ok(Told { words: in_lines(&done.out, lang), item: item(done.out, lang) })
}
