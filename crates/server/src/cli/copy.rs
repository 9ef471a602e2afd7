//! `gondola copy`: moves a whole shop to another database, of the same engine or the other, and
//! proves that it arrived. The moving itself is in the store.

use clap::Args;
use gondola_shop::kernel::Text;
use gondola_store::{CopyError, CopyReport, Db};

use super::console::Console;
use super::{Exit, Global};
use crate::noted::{self, Deed};
use crate::start::{self, Missing, StartError};

/// Move a shop to another database (SQLite or PostgreSQL), verified; nothing stays when it fails
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gondola copy --from sqlite:gondola-data/gondola.db --to postgres://shop@127.0.0.1/shop\n  \
                        gondola copy --from postgres://shop@127.0.0.1/shop --to sqlite:shop.db --json\n\n\
                        A password is better kept in PGPASSWORD or ~/.pgpass than in a URL. Stop the shop first: what is\n\
                        written while it is copied stays behind. The encryption key is not in the database: take keys/ along."
)]
pub struct Copy {
    /// The shop: sqlite:FILE or postgres://…
    #[arg(long, value_name = "URL")]
    from: String,
    /// An empty database: sqlite:FILE (may not exist yet) or postgres://…
    #[arg(long, value_name = "URL")]
    to: String,
}

impl Copy {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let from = start::open_rows(&settings, self.from, Missing::Refuse).await?;
        let to = start::open_rows(&settings, self.to, Missing::Create).await?;
        let outcome = copy(&from, &to, console).await;
        let noted = if outcome.is_ok() { note(&from, &to).await } else { Ok(()) };
        from.close().await;
        to.close().await;
        noted?;
        match outcome {
            Ok(report) => {
                console.answer(&serde_json::to_value(&report)?, &words(&report, console));
                Ok(Exit::Done)
            }
            Err(error) => match refusal(&error) {
                Some((code, text)) => {
                    console.refusal(code, &text);
                    Ok(Exit::Attention)
                }
                None => Err(error.into()),
            },
        }
    }
}

/// Both shops tell that there are two of them now.
async fn note(from: &Db, to: &Db) -> anyhow::Result<()> {
    noted::deed(from, Deed::CopiedOut, to.engine().name()).await?;
    noted::deed(to, Deed::CopiedIn, from.engine().name()).await
}

async fn copy(from: &Db, to: &Db, console: &Console) -> Result<CopyReport, CopyError> {
    if to.migration_state().await?.is_empty() {
        to.migrate_up().await?;
    }
    let progress = console.progress();
    let report =
        gondola_store::copy(from, to, move |step| progress.tell(&step.table, step.rows_done, step.rows_total)).await;
    progress.end();
    report
}

/// The refusals that a person can do something about; the rest is a failure with its causes.
fn refusal(error: &CopyError) -> Option<(&'static str, Text)> {
    Some(match error {
        CopyError::OtherVersion { source_version, target_version } => (
            "other_version",
            Text::new(
                format!(
                    "El origen tiene la versión {source_version} y el destino la {target_version}: llevá los dos a esta versión con gondola migrate up."
                ),
                format!(
                    "The source has version {source_version} and the target {target_version}: bring both to this version with gondola migrate up."
                ),
            ),
        ),
        CopyError::OtherSchema(differences) => {
            let list = differences.join("; ");
            (
                "other_schema",
                Text::new(
                    format!("Las tablas no son las mismas: {list}. Copiá a una base de datos nueva."),
                    format!("The tables are not the same: {list}. Copy into a new database."),
                ),
            )
        }
        CopyError::NotEmpty { table, rows } => (
            "target_not_empty",
            Text::new(
                format!(
                    "El destino ya tiene datos ({table}: {rows}). Copiá a una base de datos vacía. No se cambió nada."
                ),
                format!(
                    "The target holds data already ({table}: {rows}). Copy into an empty database. Nothing was changed."
                ),
            ),
        ),
        CopyError::Unfit { table, column, detail } => (
            "value_does_not_fit",
            Text::new(
                format!(
                    "Hay un valor de {table}.{column} que el destino no puede guardar ({detail}). No quedó nada en el destino."
                ),
                format!("A value of {table}.{column} cannot be kept by the target ({detail}). Nothing was left there."),
            ),
        ),
        CopyError::Differs { table, source_rows, target_rows } => (
            "copy_differs",
            Text::new(
                format!(
                    "La tabla {table} no llegó igual ({source_rows} filas en el origen, {target_rows} en el destino). No quedó nada en el destino."
                ),
                format!(
                    "The table {table} did not arrive equal ({source_rows} rows in the source, {target_rows} in the target). Nothing was left there."
                ),
            ),
        ),
        CopyError::Migrate(_) | CopyError::Store(_) => return None,
    })
}

fn words(report: &CopyReport, console: &Console) -> String {
    let mut words: String = report
        .tables
        .iter()
        .map(|table| format!("  {:<20} {:>9}  {}\n", table.table, table.rows, &table.sha256[..16]))
        .collect();
    let (rows, tables, digest) = (report.rows, report.tables.len(), &report.sha256);
    let verdict = Text::new(
        format!("{rows} filas en {tables} tablas, iguales en los dos lados. SHA-256 {digest}\n"),
        format!("{rows} rows in {tables} tables, equal on both sides. SHA-256 {digest}\n"),
    );
    words.push_str(verdict.in_lang(console.lang));
    words
}
