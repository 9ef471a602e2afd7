//! Carrying a plan out inside a command of the assistant: notes by the notebook's command, moves by one book for all of them.
//! Whatever is refused refuses the whole.

use gondola_language::parse::{Action, ConfirmFor, Levels, SaidUnit, against_levels};
use gondola_ledger::{Qty, Unit};
use gondola_store::{Command as _, Context, Fail, StoreError, Tx};

use super::plan::{Plan, Step, Written, kind_of};
use super::refusal::AssistantRefused;
use crate::notebook::{ABOUT_MAX, Action as Noting, Again, Note, Priority};
use crate::stock::{
    Book, Movement, ProductRef, REASON_MAX, REASON_MIN, Setting, channel_of, correct_movement, movement_called,
    permission_for,
};

type Refused = Fail<AssistantRefused>;

/// A step that moves stock, with its movement.
struct Move {
    at: usize,
    action: Action,
    movement: Movement,
}

/// Names the movements that a plan corrects: what they were of.
///
/// # Errors
/// [`AssistantRefused::UnknownMovement`], or the database's failure.
pub(super) async fn name_corrections(tx: &mut Tx<'_>, cx: &Context, plan: &mut Plan) -> Result<(), Refused> {
    for step in &mut plan.steps {
        let Some(named) = &step.corrects else { continue };
        let found = movement_called(tx, cx, named).await?;
        let found = found.ok_or_else(|| Fail::Refused(AssistantRefused::UnknownMovement(named.clone())))?;
        let right = permission_for(found.kind()?);
        if !cx.actor.may(right) {
            return Err(Fail::Forbidden(right));
        }
        step.corrects = Some(found.id.to_string());
        step.unit = found.entered_unit;
        step.product = Some((found.sku, found.name));
    }
    Ok(())
}

/// Why a plan is to be confirmed by what the shop knows of its goods. Refuses what means nothing there.
///
/// # Errors
/// [`AssistantRefused`], or the database's failure.
pub(super) async fn judge(
    tx: &mut Tx<'_>,
    cx: &Context,
    plan: &Plan,
    sentence: &str,
) -> Result<Option<ConfirmFor>, Refused> {
    let Some((mut book, moves)) = open(tx, cx, plan, sentence).await? else { return Ok(None) };
    let mut why = None;
    for Move { action, movement, .. } in &moves {
        if *action == Action::Count {
            book.amount(tx, &movement.product, movement.quantity, movement.unit.as_deref()).await.map_err(refused)?;
            continue;
        }
        let outlook = book.outlook(tx, movement).await.map_err(refused)?;
        let levels = Levels { on_hand: outlook.on_hand, usual: outlook.usual };
        why = why.or_else(|| against_levels(outlook.quantity, levels));
    }
    Ok(why)
}

/// Carries a plan out, and writes into it what each step wrote.
///
/// # Errors
/// [`AssistantRefused`], or the database's failure.
pub(super) async fn carry(tx: &mut Tx<'_>, cx: &Context, plan: &mut Plan, sentence: &str) -> Result<(), Refused> {
    for step in plan.steps.iter_mut().filter(|step| step.corrects.is_none()) {
        let action = step.act()?;
        if !action.moves_stock() {
            step.written = Some(note(tx, cx, step, action, sentence).await?);
        }
    }
    if let Some((book, moves)) = open(tx, cx, plan, sentence).await? {
        post(tx, book, &moves, plan).await?;
    }
    for step in &mut plan.steps {
        let Some(id) = step.corrects.as_deref().and_then(|id| id.parse().ok()) else { continue };
        let (quantity, reason) = (step.amount().unwrap_or(Qty::ZERO), step.reason.clone().unwrap_or_default());
        let posted = correct_movement(tx, cx, id, quantity, &reason).await.map_err(refused)?;
        step.written = Some(Written::Movement(posted.id));
    }
    Ok(())
}

async fn note(tx: &mut Tx<'_>, cx: &Context, step: &Step, action: Action, sentence: &str) -> Result<Written, Refused> {
    let corrupt = |found: &str| StoreError::corrupt("assistant_messages", "plan", "", found);
    let note = Note {
        action: Noting::from_code(action.code()).ok_or_else(|| corrupt(&step.action))?,
        product: step.product.as_ref().map(|(sku, _)| ProductRef::Sku(sku.clone())),
        text: step.product.is_none().then(|| cut(&step.text, ABOUT_MAX)),
        quantity: step.amount(),
        unit: step.quantity.map(|_| step.said_unit().map(|unit| unit.in_spanish().to_owned())).transpose()?,
        supplier: step.supplier.clone(),
        priority: Priority::from_code(&step.priority).ok_or_else(|| corrupt(&step.priority))?,
        reason: step.reason.clone(),
        sentence: Some(sentence.to_owned()),
        again: if step.adds { Again::Add } else { Again::Larger },
    };
    let noted = note.run(tx, cx).await.map_err(|fail| fail.map(AssistantRefused::from))?;
    Ok(Written::Line { id: noted.entry.id, version: noted.entry.version, was_there: noted.notes.len() > 1 })
}

/// The book that holds the goods of a plan, and its moves; nothing when it moves nothing.
async fn open<'c>(
    tx: &mut Tx<'_>,
    cx: &'c Context,
    plan: &Plan,
    sentence: &str,
) -> Result<Option<(Book<'c>, Vec<Move>)>, Refused> {
    let mut moves = Vec::new();
    for (at, step) in plan.steps.iter().enumerate().filter(|(_, step)| step.corrects.is_none()) {
        let action = step.act()?;
        if action.moves_stock() {
            moves.push(Move { at, action, movement: movement(step, action, sentence)? });
        }
    }
    if moves.is_empty() {
        return Ok(None);
    }
    let mut book = Book::open(tx, cx, channel_of(cx), moves.iter().map(|one| &one.movement.product)).await?;
    for one in &mut moves {
        let product = one.movement.product.clone();
        one.movement.unit = unit(tx, &mut book, &product, plan.steps[one.at].said_unit()?).await?;
    }
    Ok(Some((book, moves)))
}

fn movement(step: &Step, action: Action, sentence: &str) -> Result<Movement, StoreError> {
    let missing = |what: &str| StoreError::corrupt("assistant_messages", "plan", "", format!("no {what}"));
    let (sku, _) = step.product.as_ref().ok_or_else(|| missing("product"))?;
    Ok(Movement {
        kind: kind_of(action).unwrap_or(gondola_ledger::MovementKind::Count),
        product: ProductRef::Sku(sku.clone()),
        quantity: step.amount().ok_or_else(|| missing("quantity"))?,
        unit: None,
        from: step.from.clone(),
        to: step.to.clone(),
        lot: None,
        unit_cost: None,
        reason: reason(step, sentence),
        document: None,
        occurred_at: None,
    })
}

/// Why it moved: as somebody said, else the sentence itself.
fn reason(step: &Step, sentence: &str) -> String {
    let said = step.reason.as_deref().filter(|reason| reason.chars().count() >= REASON_MIN);
    cut(said.unwrap_or(sentence), REASON_MAX)
}

/// What a unit in a sentence is for a product: one of its packs, or what it is kept in. A bottle or a can of goods that are
/// counted is one of them; how many there are in a crate is never guessed.
async fn unit(
    tx: &mut Tx<'_>,
    book: &mut Book<'_>,
    product: &ProductRef,
    said: SaidUnit,
) -> Result<Option<String>, Refused> {
    let own = book.unit_of(product).map_err(|refusal| Fail::Refused(refusal.into()))?;
    let name = match said {
        SaidUnit::Un => Unit::Un.code(),
        SaidUnit::Kg => Unit::Kg.code(),
        SaidUnit::L => Unit::L.code(),
        other => other.in_spanish(),
    };
    let meant = book.unit_called(tx, product, name).await.map_err(refused)?;
    let is_one = own == Unit::Un && matches!(said, SaidUnit::Bottle | SaidUnit::Can);
    Ok(meant.or_else(|| (!is_one).then(|| name.to_owned())))
}

async fn post(tx: &mut Tx<'_>, mut book: Book<'_>, moves: &[Move], plan: &mut Plan) -> Result<(), Refused> {
    for Move { at, action, movement } in moves {
        let posted = if *action == Action::Count {
            let unit = movement.unit.as_deref();
            let (product, quantity) =
                book.amount(tx, &movement.product, movement.quantity, unit).await.map_err(refused)?;
            let setting = Setting {
                product,
                location: movement.to.clone().unwrap_or_default(),
                lot: None,
                quantity,
                unit_cost: None,
                expected: None,
                position: None,
                reason: movement.reason.clone(),
            };
            book.set(tx, &setting, None).await.map_err(refused)?
        } else {
            Some(book.post(tx, movement, None).await.map_err(refused)?)
        };
        plan.steps[*at].written = posted.map(|posted| Written::Movement(posted.id));
    }
    book.close(tx).await?;
    Ok(())
}

fn refused(fail: Fail<crate::stock::StockRefusal>) -> Refused {
    fail.map(AssistantRefused::from)
}

/// A text of so many characters at most; what is cut is told by an ellipsis.
fn cut(text: &str, max: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= max {
        return text;
    }
    text.chars().take(max - 1).chain(['…']).collect()
}
