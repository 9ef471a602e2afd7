//! Repricings whose hour has come. The worker asks every minute; one that cannot be applied any more says why.

use gondola_store::{Actor, Command, Context, Db, Fail, Permission, StoreError, Tx, both};
use uuid::Uuid;

use super::commands::{ApplyRepricing, lock, write};
use super::queries::RepricingRow;
use super::refusal::RepricingRefusal;
use super::sql;

/// Repricings applied in one round at most.
const AT_ONCE: i64 = 10;

/// Notes that a repricing could not be applied at its hour.
struct FailRepricing {
    id: Uuid,
    note: String,
}

impl Command for FailRepricing {
    const NAME: &'static str = "repricings.fail";
    type Out = ();
    type Refusal = RepricingRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<RepricingRefusal>> {
        let row = lock(tx, cx, self.id, &["scheduled"]).await?;
        let note = Some(self.note.clone());
        Ok(write(tx, &RepricingRow { state: "failed".to_owned(), note, ..row }).await?)
    }
}

/// Applies what is due; answers how many repricings that was.
///
/// # Errors
/// [`StoreError`]; what was applied stays applied.
pub async fn apply_due(db: &Db, actor: &Actor) -> Result<usize, StoreError> {
    let due: Vec<Uuid> = {
        let mut rx = db.read().await?;
        both!(&mut rx.as_tx(), c, text => sqlx::query_scalar(text(sql::DUE_REPRICINGS)).bind(db.now()).bind(AT_ONCE)
            .fetch_all(c).await?)
    };
    let mut applied = 0;
    for id in due {
        match db.execute(actor, None, ApplyRepricing { id, guarded_reason: None }).await {
            Ok(_) => applied += 1,
            Err(Fail::Failed(error)) => return Err(error),
            Err(Fail::Refused(refusal)) => {
                let note = refusal.text().es;
                if let Err(Fail::Failed(error)) = db.execute(actor, None, FailRepricing { id, note }).await {
                    return Err(error);
                }
            }
            Err(Fail::Forbidden(_) | Fail::KeyReused) => {}
        }
    }
    Ok(applied)
}
