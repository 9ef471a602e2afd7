//! `gondola ledger verify`: does the book add up? What is recomputed and compared is in the shop's
//! stock feature; here it is asked and told.

use clap::{Args, Subcommand};
use gondola_shop::stock::{Finding, Verification};

use super::console::Console;
use super::{Exit, Global};
use crate::backup::book_of;
use crate::start::{self, Purpose, StartError};

/// Check that every balance and value follows from the movements
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola ledger verify\n  gondola ledger verify --json")]
pub struct Ledger {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Recompute everything and compare; exit 0 when it adds up, 2 when it does not
    Verify,
}

impl Ledger {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let What::Verify = self.what;
        let settings = global.load()?.settings;
        let db = start::open_existing(&settings, global.data_dir()).await?;
        let app = start::app(&settings, db, Purpose::Shop);
        let outcome = book_of(&app).await;
        app.db.close().await;
        let report = outcome?;
        console.answer(&serde_json::to_value(&report)?, &words(&report, console));
        Ok(if report.ok { Exit::Done } else { Exit::Wrong })
    }
}

fn words(report: &Verification, console: &Console) -> String {
    let mut words = format!(
        "{}: {} · {}: {} · {}: {}\n",
        console.pick("Movimientos", "Movements"),
        report.movements,
        console.pick("renglones", "lines"),
        report.lines,
        console.pick("productos", "products"),
        report.products,
    );
    let verdict = if report.ok {
        console.pick("El libro cierra.", "The book adds up.")
    } else {
        console.pick(
            "El libro no cierra. No se corrigió nada. Hacé una copia (gondola backup) y buscá en el kardex de estos productos:",
            "The book does not add up. Nothing was corrected. Take a backup (gondola backup) and look at these products' kardex:",
        )
    };
    words.push_str(verdict);
    words.push('\n');
    for Finding { check, subject, stored, expected } in &report.findings {
        let (kept, due) = (console.pick("guardado", "stored"), console.pick("debe ser", "expected"));
        words.push_str(&format!("  {check}: {subject}: {kept} {stored}, {due} {expected}\n"));
    }
    words
}
