//! The texts of the interface, Spanish first and English second, under keys that templates name
//! with `chrome.t("people.title")`. Each feature keeps its own list; `crate::WORDS` joins them. A key
//! that no list has fails a test below, not a shopkeeper. Texts of refusals are not here: they stand
//! beside the rule that refuses.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lang::Lang;

/// A key with its text in Spanish and in English.
pub type Word = (&'static str, &'static str, &'static str);

/// What the frame around every page says, and what all features say alike.
pub const WORDS: &[Word] = &[
    ("chrome.skip", "Ir al contenido", "Skip to content"),
    ("chrome.nav", "Secciones", "Sections"),
    ("chrome.search", "Buscar", "Search"),
    ("chrome.more", "Más", "More"),
    ("chrome.logout", "Salir", "Log out"),
    ("chrome.close", "Cerrar", "Close"),
    ("chrome.request", "N.º de consulta", "Request"),
    (
        "chrome.demo",
        "Negocio de prueba: los datos son inventados y podés tocar todo.",
        "Demo shop: the data is made up and you can touch everything.",
    ),
    ("chrome.text_large", "Letra grande", "Large text"),
    ("chrome.theme_dark", "Modo oscuro", "Dark mode"),
    ("keys.title", "Atajos de teclado", "Keyboard shortcuts"),
    ("keys.search", "Buscar un producto", "Find a product"),
    ("keys.new_movement", "Registrar un movimiento", "Record a movement"),
    ("keys.transfer", "Pasar mercadería de un lugar a otro", "Move goods from one place to another"),
    ("keys.home", "Ir al inicio", "Go to the start page"),
    ("keys.products", "Ir a productos", "Go to products"),
    ("keys.escape", "Cerrar o salir del campo", "Close, or leave the field"),
    ("keys.help", "Ver esta ayuda", "Show this help"),
    ("keys.scanner", "Pasá el lector por un código y se abre ese producto", "Scan a barcode and that product opens"),
    ("form.optional", "(opcional)", "(optional)"),
    ("form.not_saved", "No se guardó nada. Revisá esto:", "Nothing was saved. Please check:"),
    ("form.one_less", "Uno menos", "One less"),
    ("form.one_more", "Uno más", "One more"),
    ("form.unit", "Unidad", "Unit"),
    ("level.negative", "Negativo", "Negative"),
    ("level.out_of_stock", "Agotado", "Out of stock"),
    ("level.critical", "Crítico", "Critical"),
    ("level.low", "Bajo", "Low"),
    ("level.normal", "Normal", "Normal"),
    ("level.overstock", "Sobrestock", "Overstock"),
    ("level.no_movement", "Sin movimiento", "No movement"),
    ("answer.yes", "Sí", "Yes"),
    ("answer.no", "No", "No"),
    ("list.download", "Descargar todo", "Download all"),
    ("list.download_csv", "Descargar la lista entera en CSV", "Download the whole list as CSV"),
    ("list.download_excel", "Descargar la lista entera en Excel", "Download the whole list for Excel"),
    ("page.pages", "Páginas", "Pages"),
    ("page.before", "Anterior", "Previous"),
    ("page.after", "Siguiente", "Next"),
    ("page.number", "Página {}", "Page {}"),
    ("flash.undo", "Anular", "Undo"),
    ("flash.undo_reason", "Anulado al momento", "Undone at once"),
    ("day.today", "Hoy", "Today"),
    ("day.yesterday", "Ayer", "Yesterday"),
    ("day.0", "lunes", "Monday"),
    ("day.1", "martes", "Tuesday"),
    ("day.2", "miércoles", "Wednesday"),
    ("day.3", "jueves", "Thursday"),
    ("day.4", "viernes", "Friday"),
    ("day.5", "sábado", "Saturday"),
    ("day.6", "domingo", "Sunday"),
    ("page.breadcrumb", "Dónde estás", "Where you are"),
    ("error.status", "Error", "Error"),
    ("error.what_to_do", "Qué podés hacer", "What you can do"),
    ("error.home", "Volver al inicio", "Back to the start page"),
    ("error.quote", "Si pedís ayuda, pasá este número:", "If you ask for help, quote this number:"),
    ("error.bad_request", "No pudimos entender el pedido", "We could not understand the request"),
    ("error.forbidden", "No tenés permiso para esto", "You may not do this"),
    ("error.not_found", "Acá no hay nada", "There is nothing here"),
    ("error.conflict", "Otra persona lo cambió, o no se puede ahora", "Somebody changed it, or it cannot be done now"),
    ("error.too_many", "Demasiados intentos seguidos", "Too many attempts in a row"),
    ("error.internal", "Falló algo nuestro", "Something of ours failed"),
    ("error.unavailable", "Ahora no podemos responder", "We cannot answer right now"),
    ("form.save", "Guardar", "Save"),
    ("form.cancel", "Cancelar", "Cancel"),
    ("list.all", "Todos", "All"),
    ("list.empty", "Todavía no hay nada acá.", "Nothing here yet."),
    ("login.title", "Entrar", "Log in"),
    (
        "login.demo",
        "Los usuarios y claves de prueba están en la consola donde arrancó Góndola.",
        "The demo users and passwords are in the console where Góndola was started.",
    ),
    ("login.username", "Usuario", "User name"),
    ("login.password", "Contraseña", "Password"),
    ("login.submit", "Entrar", "Log in"),
    (
        "login.forgot",
        "¿Olvidaste la contraseña? El dueño puede darte una nueva.",
        "Forgot your password? The owner can give you a new one.",
    ),
    (
        "login.kept",
        "Tu sesión se cerró. Entrá de nuevo: lo que escribiste no se perdió.",
        "Your session has ended. Log in again: what you typed is not lost.",
    ),
    (
        "login.ended",
        "Tu sesión se cerró y no se guardó nada. Entrá de nuevo y repetilo.",
        "Your session has ended and nothing was saved. Log in again and repeat it.",
    ),
    ("resume.title", "Lo que estabas guardando", "What you were saving"),
    (
        "resume.lead",
        "Se cerró la sesión antes de guardarlo. Esto es lo que habías escrito:",
        "The session ended before it was saved. This is what you had typed:",
    ),
    ("resume.send", "Guardarlo ahora", "Save it now"),
    ("resume.discard", "Descartarlo", "Discard it"),
    ("setup.title", "Primera vez", "First start"),
    (
        "setup.lead",
        "Vas a crear la cuenta de quien administra el negocio. Las demás se crean después, desde adentro.",
        "You are about to create the account that runs the shop. The others are made later, from inside.",
    ),
    ("setup.token", "Código de instalación", "Set-up code"),
    (
        "setup.token_hint",
        "Lo mostró la consola al arrancar Góndola por primera vez.",
        "The console showed it when Góndola started for the first time.",
    ),
    ("setup.name", "Tu nombre", "Your name"),
    ("setup.name_hint", "Como lo van a ver los demás: Marta Gómez.", "As others will see it: Marta Gómez."),
    ("setup.username", "Usuario", "User name"),
    (
        "setup.username_hint",
        "Con esto se entra. Letras minúsculas y números, sin espacios.",
        "This is what one logs in with. Lower-case letters and digits, no spaces.",
    ),
    ("setup.password", "Contraseña", "Password"),
    (
        "setup.password_hint",
        "12 letras o más. Una frase corta es fácil de recordar y difícil de adivinar.",
        "12 characters or more. A short phrase is easy to remember and hard to guess.",
    ),
    ("setup.password_again", "Repetí la contraseña", "Password again"),
    ("setup.submit", "Crear la cuenta y entrar", "Create the account and log in"),
];

static CATALOGUE: LazyLock<HashMap<&'static str, (&'static str, &'static str)>> = LazyLock::new(|| {
    crate::WORDS.iter().flat_map(|list| list.iter()).map(|(key, es, en)| (*key, (*es, *en))).collect()
});

/// The text of `key`. A key nobody wrote a text for shows itself, and fails the test below.
pub fn word(lang: Lang, key: &str) -> &str {
    CATALOGUE.get(key).map_or(key, |(es, en)| lang.pick(es, en))
}

/// The text of `key` with `{}` replaced by `value`.
pub fn word_with(lang: Lang, key: &str, value: &str) -> String {
    word(lang, key).replacen("{}", value, 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_key_stands_once_and_says_something_in_both_languages() {
        let mut seen = BTreeSet::new();
        for (key, es, en) in crate::WORDS.iter().flat_map(|list| list.iter()) {
            assert!(seen.insert(key), "{key} stands twice");
            assert!(!es.trim().is_empty() && !en.trim().is_empty(), "{key} says nothing");
            assert_eq!(es.matches("{}").count(), en.matches("{}").count(), "{key} takes a value in one language only");
        }
    }

    /// The text of a key is asked for as `t("…")`, `tv("…", value)` or `word(…, "…")`.
    #[test]
    fn every_key_that_templates_and_handlers_name_has_a_text() {
        let mut unknown = Vec::new();
        visit(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut |path, text| {
            for call in ["t(\"", "tv(\"", "says(\""] {
                for (at, _) in text.match_indices(call) {
                    let before = text[..at].chars().next_back().unwrap_or(' ');
                    let key = text[at + call.len()..].split('"').next().unwrap_or_default();
                    let names_a_word = before == '.' && key.contains('.') && !key.contains(['{', '<', ' ']);
                    if names_a_word && !CATALOGUE.contains_key(key) {
                        unknown.push(format!("{}: {key}", path.display()));
                    }
                }
            }
        });
        assert!(unknown.is_empty(), "no text for: {unknown:#?}");
    }

    fn visit(folder: &Path, look: &mut impl FnMut(&Path, &str)) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, look);
            } else if path.extension().is_some_and(|kind| kind == "html" || kind == "rs") && !path.ends_with("words.rs")
            {
                look(&path, &std::fs::read_to_string(&path).unwrap());
            }
        }
    }
}
