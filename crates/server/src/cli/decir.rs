//! `gondola decir`: tells the shop something in plain Spanish, as people do on its page. What a sentence means is the shop's
//! `assistant`; here it is said and the answer told.

use clap::Args;
use gondola_shop::assistant::console::{Order, Told, tell};
use gondola_shop::kernel::Text;
use uuid::Uuid;

use super::console::Console;
use super::{Exit, Global};
use crate::start::{self, Purpose, StartError};

/// Tell the shop something in plain Spanish: what is missing, what came, what broke
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola decir \"falta pan Fargo\"\n  \
                        gondola decir --place backstore \"dejé 3 cajones de Quilmes litro\"\n  \
                        gondola decir --confirm TOKEN\n  gondola decir --undo ID\n\n\
                        What is clear is written (exit 0). What is not clear, or waits for a confirmation, writes nothing\n\
                        (exit 1). What is refused exits 2.")]
pub struct Decir {
    /// The sentence, or a command that begins with a slash (/ayuda tells them)
    #[arg(required_unless_present_any = ["confirm", "undo"], conflicts_with_all = ["confirm", "undo"])]
    sentence: Option<String>,
    /// Where it is said: notebook, in the shop, or backstore, in the storeroom
    #[arg(long, value_name = "PLACE", default_value = "notebook", conflicts_with_all = ["confirm", "undo"])]
    place: String,
    /// Carry out the plan that waits for this token
    #[arg(long, value_name = "TOKEN", conflicts_with = "undo")]
    confirm: Option<String>,
    /// Undo the message of this id, if it wrote last
    #[arg(long, value_name = "ID")]
    undo: Option<Uuid>,
}

impl Decir {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let db = start::open(&settings, global.data_dir()).await?;
        let app = start::app(&settings, db, Purpose::Shop);
        let told = tell(&app, self.order(), console.lang).await;
        app.db.close().await;
        match told {
            Ok(told) => answer(&told, console),
            Err(problem) => Ok(console.problem(&problem)),
        }
    }

    fn order(self) -> Order {
        match (self.confirm, self.undo) {
            (Some(token), _) => Order::Confirm(token),
            (None, Some(id)) => Order::Undo(id),
            (None, None) => Order::Say { text: self.sentence.unwrap_or_default(), place: Some(self.place) },
        }
    }
}

fn answer(told: &Told, console: &Console) -> Result<Exit, StartError> {
    let item = &told.item;
    let next = match &item.token {
        Some(token) => format!("  gondola decir --confirm {token}"),
        None if item.undone_at.is_none() && item.done_at.is_some() => {
            let text = Text::new("Se deshace con:", "It is undone with:");
            format!("{} gondola decir --undo {}", text.in_lang(console.lang), item.id)
        }
        None => String::new(),
    };
    console.answer(&serde_json::to_value(item)?, &format!("{}\n{next}", told.words));
    Ok(if matches!(item.status.as_str(), "done" | "nothing") { Exit::Done } else { Exit::Attention })
}
