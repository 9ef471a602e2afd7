//! Confirming a plan that was shown: once, within two minutes, by who wrote the sentence.

use gondola_store::{Command, Context, Fail, Permission, Tx, both, expect_rows};
use uuid::Uuid;

use super::carry::carry;
use super::plan::Status;
use super::queries::{Message, as_json, lock};
use super::refusal::AssistantRefused;
use super::say::Said;
use super::sql;

/// Carries a plan out.
#[derive(Debug, Clone)]
pub struct ConfirmPlan {
    /// The message whose plan the token is for.
    pub id: Uuid,
    /// The rights that the plan needs.
    pub needs: Vec<Permission>,
}

impl ConfirmPlan {
    /// What confirms the plan of a message.
    pub fn of(message: &Message) -> Self {
        Self { id: message.id, needs: message.plan.needs() }
    }
}

impl Command for ConfirmPlan {
    const NAME: &'static str = "assistant.confirm";
    type Out = Said;
    type Refusal = AssistantRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::WriteNotebook
    }

    fn also_needs(&self) -> Vec<Permission> {
        self.needs.clone()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Said, Fail<AssistantRefused>> {
        let refuse = |refusal| Err(Fail::Refused(refusal));
        let found = lock(tx, self.id).await?;
        let Some(mut message) = found.filter(|message| message.actor == cx.actor.reference()) else {
            return refuse(AssistantRefused::UnknownPlan);
        };
        if message.done_at.is_some() {
            return refuse(AssistantRefused::AlreadyConfirmed);
        }
        if message.status != Status::Confirm || message.expires_at.is_none_or(|until| cx.now >= until) {
            return refuse(AssistantRefused::Expired);
        }
        cx.changes(&Said { message: message.clone(), token: None });
        carry(tx, cx, &mut message.plan, &message.sentence).await?;
        message.done_at = Some(cx.now);
        let plan = as_json(&message.plan);
        let done = both!(tx, c, text => sqlx::query(text(sql::SET_DONE))
            .bind(message.id).bind(plan).bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::SET_DONE, 1, done)?;
        Ok(Said { message, token: None })
    }
}
