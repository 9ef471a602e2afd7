//! The texts of the feature's pages and files.

use crate::kernel::words::Word;

/// Spanish first, English second.
pub const WORDS: &[Word] = &[
    ("label.title", "Etiquetas", "Labels"),
    (
        "label.lead",
        "Lo que cambió de precio y todavía no está en la góndola, en el orden de los pasillos.",
        "What changed its price and is not on the shelf yet, in the order of the aisles.",
    ),
    ("label.due", "Qué falta", "What is due"),
    ("label.to_print", "Por imprimir", "To print"),
    ("label.to_place", "Por colocar", "To place"),
    ("label.late_title", "Hay etiquetas atrasadas más de un día: {}", "Labels late by more than a day: {}"),
    (
        "label.late_text",
        "El precio de la góndola tiene que ser el de la caja.",
        "The price on the shelf has to be the one of the till.",
    ),
    ("label.late", "Atrasada", "Late"),
    ("label.none_title", "Está todo al día", "All is up to date"),
    ("label.none_text", "Cada etiqueta dice el precio de hoy.", "Each label says today's price."),
    ("label.says", "La etiqueta dice", "The label says"),
    ("label.print", "Imprimir todas (hasta 500 por vez)", "Print all (up to 500 at a time)"),
    ("label.print_ticked", "Imprimir las tildadas", "Print those ticked"),
    ("label.tick", "Elegir", "Choose"),
    ("label.tick_name", "Elegir {}", "Choose {}"),
    ("label.none_ticked", "Tildá primero las que quieras imprimir.", "First tick those that you want to print."),
    ("label.printed", "Etiquetas listas: {}", "Labels ready: {}"),
    ("label.prints", "Lo impreso", "What was printed"),
    ("label.how_many", "Cuántas", "How many"),
    ("label.waiting", "Sin colocar", "Not placed"),
    ("label.a4", "PDF en A4", "PDF on A4"),
    ("label.roll", "PDF en rollo", "PDF on the roll"),
    ("label.place", "Ya están colocadas", "They are on the shelf"),
    ("label.placed", "Quedaron colocadas", "They are placed"),
];
