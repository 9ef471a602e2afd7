//! What the assistant says, Spanish first and English second: what became of a sentence, what is asked, and the texts of its
//! pages. What is refused has its words in `refusal.rs`.

use super::plan::{Asked, Status, Wish};
use super::queries::Message;
use crate::kernel::Text;
use crate::kernel::words::Word;

const EXAMPLES_ES: &str = "Escribí, por ejemplo: «Falta pan Fargo», «Pedir 6 Brahma lata», «Dejé 3 cajones de Quilmes litro», \
    «Se rompieron 2 botellas de Sprite» o /ayuda.";
const EXAMPLES_EN: &str = "Write it in Spanish, for example: «Falta pan Fargo», «Pedir 6 Brahma lata», \
    «Dejé 3 cajones de Quilmes litro», «Se rompieron 2 botellas de Sprite» or /ayuda.";
/// How each command is written.
const COMMANDS: [&str; 7] = [
    "/entrada \"producto\" cantidad \"origen\"",
    "/salida \"producto\" cantidad \"destino\"",
    "/merma \"producto\" cantidad \"motivo\"",
    "/stock \"texto\"",
    "/informe_stock",
    "/corregir id=… cantidad=… motivo=\"…\"",
    "/calibrar producto=\"…\" stock_real=… justificacion=\"…\"",
];

/// The commands, for whoever asked for help.
pub(super) fn commands(message: &Message) -> &'static [&'static str] {
    if message.plan.wish == Some(Wish::Help) { &COMMANDS } else { &[] }
}

/// What a sentence comes to.
pub(super) fn tells(message: &Message) -> Text {
    let plan = &message.plan;
    match (message.stands(), &plan.wish) {
        (_, Some(Wish::Help)) => Text::new(EXAMPLES_ES, EXAMPLES_EN),
        (_, Some(Wish::Stock(_))) => Text::new("Así está el stock.", "This is the stock."),
        (Status::Done, _) if message.undone_at.is_some() => Text::new("Se deshizo.", "It was undone."),
        (Status::Done, _) if !plan.has_written() => {
            Text::new("Ya estaba así: no hubo nada que mover.", "It was so already: nothing had to be moved.")
        }
        (Status::Done, _) => Text::new("Listo.", "Done."),
        (Status::Confirm, _) => confirms(plan.why.as_deref()),
        (Status::Ask, _) => Text::new(
            "Falta aclarar algo. Todavía no se anotó nada.",
            "Something is not clear. Nothing has been written yet.",
        ),
        (Status::Nothing, _) => nothing(plan.why.as_deref()),
        (Status::Unknown, _) => match &plan.example {
            Some(example) => {
                Text::new(format!("Se escribe así: {example}"), format!("It is written like this: {example}"))
            }
            None => Text::new(format!("No lo entendí. {EXAMPLES_ES}"), format!("Not understood. {EXAMPLES_EN}")),
        },
    }
}

fn confirms(why: Option<&str>) -> Text {
    let (es, en) = match why {
        Some("loss") => ("Se va a descontar del stock.", "It will be written off."),
        Some("correction") => ("Se va a corregir un movimiento.", "A movement will be corrected."),
        Some("calibration") => ("El stock va a quedar en lo que contaste.", "The stock will be what you counted."),
        Some("more_than_there_is") => ("Es más de lo que hay según el sistema.", "It is more than the books show."),
        Some("more_than_usual") => ("Es más de diez veces lo habitual.", "It is more than ten times the usual."),
        _ => ("Son más de 999.", "It is more than 999."),
    };
    Text::new(format!("{es} ¿Confirmás?"), format!("{en} Do you confirm?"))
}

fn nothing(why: Option<&str>) -> Text {
    match why {
        Some("denied") => Text::new("Entonces no hay nada que anotar.", "Then there is nothing to note."),
        Some("asked") => Text::new(
            "Es una pregunta. Para ver el stock escribí /stock \"producto\".",
            "It is a question. To see stock write /stock \"product\".",
        ),
        Some("on_account") => {
            Text::new("Lo fiado no va en el cuaderno.", "What is sold on account does not go in the notebook.")
        }
        _ => Text::new(format!("No dice de qué. {EXAMPLES_ES}"), format!("It does not say of what. {EXAMPLES_EN}")),
    }
}

/// A question in words.
pub(super) fn asks(asked: &Asked) -> Text {
    let text = asked.step.product.as_ref().map_or(asked.step.text.as_str(), |(_, name)| name.as_str());
    match asked.about.as_str() {
        "which" if !asked.suppliers.is_empty() && asked.candidates.is_empty() => {
            let (or, either) = (asked.suppliers.join(" o "), asked.suppliers.join(" or "));
            Text::new(
                format!("¿Cuál «{text}»? Puede ser de {or}: decí la marca o de qué tipo es."),
                format!("Which \"{text}\"? It may be from {either}: say the brand or what sort it is."),
            )
        }
        "which" => Text::new(format!("¿Cuál «{text}»?"), format!("Which \"{text}\"?")),
        "create" => Text::new(
            format!("No conozco «{text}». Escribilo con otro nombre, o agregalo al catálogo."),
            format!("\"{text}\" is not known. Write it by another name, or add it to the catalogue."),
        ),
        "quantity" => Text::new(
            format!("¿Cuánto de «{text}»? Escribí la cantidad con su unidad."),
            format!("How much of \"{text}\"? Write the quantity with its unit."),
        ),
        "reason" => Text::new(
            format!("¿Por qué se descuenta «{text}»? Por ejemplo: porque se venció, porque se rompió."),
            format!("Why is \"{text}\" written off? For example: porque se venció, porque se rompió."),
        ),
        "action" => Text::new(
            format!("¿Qué pasó con «{text}»? Por ejemplo: dejé, saqué, falta, se rompió."),
            format!("What about \"{text}\"? For example: dejé, saqué, falta, se rompió."),
        ),
        _ => Text::new(
            "No conozco a ese proveedor. Escribí su nombre o su código.",
            "That supplier is not known. Write their name or code.",
        ),
    }
}

/// The texts of the feature's pages.
pub const WORDS: &[Word] = &[
    ("assistant.title", "Decir", "Tell"),
    (
        "assistant.lead",
        "Escribilo como lo dirías: lo que falta, lo que llegó, lo que se rompió.",
        "Write it in Spanish as you would say it: what is missing, what came, what broke.",
    ),
    ("assistant.sentence", "Qué pasó", "What happened"),
    (
        "assistant.hint",
        "Falta pan Fargo · Dejé 3 cajones de Quilmes litro · Saqué 2 cajas de Alma Mora · /ayuda",
        "Falta pan Fargo · Dejé 3 cajones de Quilmes litro · Saqué 2 cajas de Alma Mora · /ayuda",
    ),
    ("assistant.place", "Dónde estás", "Where you are"),
    ("assistant.place_notebook", "En el local", "In the shop"),
    ("assistant.place_backstore", "En el depósito", "In the storeroom"),
    ("assistant.submit", "Decir", "Tell"),
    ("assistant.what", "Qué", "What"),
    ("assistant.action", "Qué se hace", "What is done"),
    ("assistant.details", "Detalle", "Details"),
    ("assistant.confirm", "Confirmar", "Confirm"),
    ("assistant.leave", "Dejarlo así", "Leave it"),
    ("assistant.offer", "Si querés, también:", "If you like, also:"),
    ("assistant.see_stock", "Ver el stock", "See the stock"),
    ("assistant.last", "Lo último que escribiste", "What you wrote last"),
    ("assistant.outcome", "Resultado", "Result"),
    ("assistant.outcome_done", "Hecho", "Done"),
    ("assistant.outcome_told", "Contestado", "Answered"),
    ("assistant.written", "Lo que escribiste", "What you wrote"),
    ("assistant.outcome_confirm", "Sin confirmar", "Not confirmed"),
    ("assistant.outcome_ask", "Falta aclarar", "To be cleared up"),
    ("assistant.outcome_nothing", "Nada que anotar", "Nothing to note"),
    ("assistant.outcome_unknown", "No se entendió", "Not understood"),
    ("assistant.outcome_undone", "Deshecho", "Undone"),
    ("assistant.none_title", "Todavía no escribiste nada", "You have written nothing yet"),
    (
        "assistant.none_text",
        "Acá queda cada frase con lo que se hizo, y lo último se puede deshacer.",
        "Each sentence stays here with what was done, and the last one can be undone.",
    ),
    ("assistant.undo", "Deshacer", "Undo"),
    ("assistant.done", "Listo: {}", "Done: {}"),
    ("assistant.undone", "Se deshizo: {}", "Undone: {}"),
    ("assistant.action_restock", "Reponer", "Restock"),
    ("assistant.action_purchase", "Comprar", "Buy"),
    ("assistant.action_remark", "Observación", "Remark"),
    ("assistant.action_incident", "Incidencia", "Incident"),
    ("assistant.action_inbound", "Entrada", "Goods in"),
    ("assistant.action_transfer", "Pasar al local", "Move to the shop"),
    ("assistant.action_outbound", "Venta", "Sale"),
    ("assistant.action_waste", "Merma", "Waste"),
    ("assistant.action_adjustment", "Corrección", "Correction"),
    ("assistant.action_count", "Recuento", "Count"),
];
