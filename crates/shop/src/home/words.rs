//! What the home page says, in both languages. Words that other pages share are in the kernel's.

use crate::kernel::words::Word;

/// The page's texts.
pub const WORDS: &[Word] = &[
    ("home.say", "Decilo: falta pan, dejé 3 cajones…", "Tell it in Spanish: falta pan, dejé 3 cajones…"),
    ("home.say_button", "Decir", "Tell"),
    ("home.title", "Inicio", "Home"),
    ("home.place", "Inicio", "Home"),
    ("home.lead", "{} productos activos", "{} active products"),
    ("home.value", "Stock al costo promedio: {}", "Stock at average cost: {}"),
    ("home.levels", "Cómo está la góndola", "How the shelf stands"),
    ("home.critical", "Rubros donde falta más de un quinto", "Categories short of more than a fifth"),
    ("home.critical_short", "{} bajos", "{} low"),
    ("home.quick", "Lo que más se hace", "What is done most"),
    ("home.waiting", "Lo que está en marcha", "What is under way"),
    ("home.on_the_road", "En camino", "On the road"),
    ("home.open_counts", "Conteos abiertos", "Open counts"),
    ("home.kept", "Reservas guardadas", "Kept for somebody"),
    ("home.costs_moved", "Costos que cambiaron mucho", "Costs that changed a lot"),
    ("home.expiring", "Por vencer", "Expiring"),
    ("home.urgent", "Lo que hay que mirar", "What needs care"),
    ("home.urgent_all", "Ver todo lo bajo", "See all that is low"),
    ("home.urgent_none_title", "La góndola está en orden", "The shelf is in order"),
    (
        "home.urgent_none_text",
        "Ningún producto está agotado, crítico ni bajo.",
        "No product is out of stock, critical or low.",
    ),
    ("home.today", "Movimientos de hoy", "Movements of today"),
    ("home.today_all", "Ver todos", "See all"),
    ("home.today_none_title", "Hoy todavía no se movió nada", "Nothing moved yet today"),
    (
        "home.today_none_text",
        "Cuando algo entre o salga lo vas a ver acá.",
        "Whatever comes in or goes out shows here.",
    ),
    ("home.note_negative", "contalos: no puede ser", "count them: it cannot be"),
    ("home.note_out_of_stock", "no queda ninguno", "none left"),
    ("home.note_critical", "para menos de 3 días", "for less than 3 days"),
    ("home.note_low", "en el mínimo o menos", "at the minimum or less"),
    ("home.note_normal", "sin novedad", "nothing to do"),
    ("home.note_overstock", "hay de más", "more than needed"),
    ("home.note_no_movement", "30 días sin moverse", "30 days without moving"),
    ("home.shelf", "De {} productos activos", "Of {} active products"),
];
