//! The texts of the page and file of markups, Spanish first and English second.

use crate::kernel::words::Word;

/// Spanish first, English second.
pub const WORDS: &[Word] = &[
    ("markup.title", "Recargos", "Markups"),
    (
        "markup.lead",
        "Cuánto se le suma al costo. Manda el del producto; si no tiene, el de la marca; si no, el del rubro; y si no hay ninguno, el medio de los márgenes del rubro.",
        "What is put upon the cost. A product's own holds; without one its brand's; without that its category's; and without any, the middle of the category's margins.",
    ),
    ("markup.none_title", "Ningún recargo puesto", "No markup is set"),
    (
        "markup.none_text",
        "Mientras tanto vale el medio de los márgenes de cada rubro. Ningún precio cambia hasta que apliques un cambio de precios.",
        "Until then the middle of each category's margins holds. No price changes until you apply a repricing.",
    ),
    ("markup.of", "De qué", "Of what"),
    ("markup.category", "Rubro", "Category"),
    ("markup.no_category", "Ninguno", "None"),
    ("markup.brand", "Marca", "Brand"),
    ("markup.product", "Producto", "Product"),
    ("markup.sku", "SKU del producto", "SKU of the product"),
    ("markup.markup", "Recargo", "Markup"),
    ("markup.margin", "Margen", "Margin"),
    ("markup.who", "Quién lo puso", "Who set it"),
    ("markup.add", "Poner un recargo", "Set a markup"),
    ("markup.one_of", "Completá uno solo: rubro, marca o producto.", "Fill in one: category, brand or product."),
    ("markup.percent", "Recargo, %", "Markup, %"),
    ("markup.percent_hint", "Sobre el costo, de 0 a 500: 35.", "On the cost, 0 to 500: 35."),
    ("markup.set", "Poner", "Set"),
    ("markup.clear", "Sacar", "Remove"),
    ("markup.clear_name", "Sacar el recargo de {}", "Remove the markup of {}"),
    ("markup.was_set", "Recargo puesto: {}", "Markup set: {}"),
    ("markup.was_cleared", "Sin recargo propio: {}", "No markup of its own: {}"),
];
