//! Saying something to the shop: the sentence is kept with what it was read as, and carried out when nothing about it has to
//! be confirmed or asked.

use gondola_language::parse::Place;
use gondola_store::{At, Command, Context, Fail, Permission, Tx};
use gondola_vault::{Digest, Vault};
use serde::{Deserialize, Serialize};

use super::carry::{carry, judge, name_corrections};
use super::place::code_of;
use super::plan::{Plan, Status};
use super::queries::{Message, insert};
use super::refusal::AssistantRefused;

/// So long a plan waits for its confirmation.
pub const PLAN_LASTS_US: At = 120 * 1_000_000;
/// Characters of a token.
pub const TOKEN_LEN: usize = 43;

/// What the digest of a token is made for.
pub(super) fn digest(vault: &Vault, token: &str) -> Digest {
    vault.digest("assistant plan", token.as_bytes())
}

/// A sentence that was read.
#[derive(Debug, Clone)]
pub struct Say {
    /// The sentence as typed.
    pub sentence: String,
    /// Where it was written.
    pub place: Place,
    /// How it was read.
    pub status: Status,
    /// What it was read as.
    pub plan: Plan,
}

/// A message, and the token that confirms its plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Said {
    /// The message.
    pub message: Message,
    /// The token, for the one time it is shown.
    pub token: Option<String>,
}

impl Command for Say {
    const NAME: &'static str = "assistant.say";
    type Out = Said;
    type Refusal = AssistantRefused;

    fn permission(&self) -> Permission {
        Permission::WriteNotebook
    }

    fn also_needs(&self) -> Vec<Permission> {
        match self.status {
            Status::Done | Status::Confirm => self.plan.needs(),
            Status::Ask | Status::Nothing | Status::Unknown => Vec::new(),
        }
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Said, Fail<AssistantRefused>> {
        let id = cx.new_id();
        cx.concerns(id.to_string());
        let (mut plan, mut status) = (self.plan.clone(), self.status);
        if matches!(status, Status::Done | Status::Confirm) {
            name_corrections(tx, cx, &mut plan).await?;
            if let (Some(why), Status::Done) = (judge(tx, cx, &plan, &self.sentence).await?, status) {
                status = Status::Confirm;
                plan.why = Some(why.code().to_owned());
            }
        }
        if status == Status::Done {
            carry(tx, cx, &mut plan, &self.sentence).await?;
        }
        let token = (status == Status::Confirm).then(|| gondola_vault::token(""));
        let message = Message {
            id,
            place: code_of(self.place).to_owned(),
            sentence: self.sentence.clone(),
            status,
            expires_at: token.as_ref().map(|_| cx.now + PLAN_LASTS_US),
            actor: cx.actor.reference(),
            actor_name: cx.actor.name.clone(),
            said_at: cx.now,
            done_at: plan.has_written().then_some(cx.now),
            undone_at: None,
            plan,
        };
        insert(tx, &message, token.as_deref().map(|token| digest(cx.vault(), token))).await?;
        Ok(Said { message, token })
    }
}
