//! The texts of the feature's page.

use crate::kernel::words::Word;

/// Spanish first, English second.
pub const WORDS: &[Word] = &[
    ("sale_list.title", "Listas de venta", "Sale lists"),
    (
        "sale_list.lead",
        "GENERAL es la de la góndola y la caja. Las otras salen de ella con una regla; un precio puesto a mano en una lista vale más que la regla.",
        "GENERAL is that of shelf and till. The others are made of it by a rule; a price set by hand on a list goes before the rule.",
    ),
    ("sale_list.wholesale_lead", "Para quien compra por mayor.", "For those who buy wholesale."),
    ("sale_list.special_lead", "Para clientes con un arreglo aparte.", "For customers with an agreement of their own."),
    ("sale_list.own_count", "Precios puestos a mano: {}.", "Prices set by hand: {}."),
    ("sale_list.none_title", "Sin regla", "No rule"),
    (
        "sale_list.none_text",
        "Mientras tanto solo tienen precio en esta lista los productos a los que se lo pusiste.",
        "Until then only products that you priced have a price on this list.",
    ),
    ("sale_list.list", "Lista", "List"),
    ("sale_list.adjustment", "Sobre GENERAL, %", "Over GENERAL, %"),
    (
        "sale_list.adjustment_hint",
        "Con menos es más barato: -10. De -90 a 100.",
        "Less is cheaper: -10. From -90 to 100.",
    ),
    ("sale_list.step", "Redondeo", "Rounding"),
    (
        "sale_list.step_hint",
        "A cuántos pesos, como 10. Vacío: el del rubro.",
        "To how many pesos, as 10. Empty: the category's.",
    ),
    ("sale_list.minimum", "Margen mínimo, %", "Smallest margin, %"),
    (
        "sale_list.minimum_hint",
        "La lista no baja de ahí. Vacío: el mínimo del rubro.",
        "The list does not go below it. Empty: the category's minimum.",
    ),
    ("sale_list.of_category", "el del rubro", "the category's"),
    ("sale_list.from", "Desde", "From"),
    ("sale_list.to", "Hasta", "To"),
    ("sale_list.when", "Cuándo vale", "When it holds"),
    ("sale_list.holds", "Vale hoy", "Holds today"),
    ("sale_list.add", "Poner una regla", "Set a rule"),
    ("sale_list.look", "Ver cómo queda", "See what it makes"),
    ("sale_list.set", "Poner la regla", "Set the rule"),
    ("sale_list.remove", "Sacar", "Remove"),
    ("sale_list.remove_name", "Sacar la regla de {}", "Remove the rule of {}"),
    ("sale_list.prices", "Ver los precios", "See the prices"),
    ("sale_list.paper", "Imprimir la lista", "Print the list"),
    ("sale_list.preview", "Cómo quedaría {} hoy", "What {} would be today"),
    ("sale_list.by_rule", "Como dice la regla", "As the rule says"),
    ("sale_list.at_minimum", "Al margen mínimo", "At the smallest margin"),
    ("sale_list.as_general", "Igual que GENERAL", "The same as GENERAL"),
    ("sale_list.own", "Puestos a mano", "Set by hand"),
    ("sale_list.most", "Los que más cambian", "Those that differ most"),
    ("sale_list.losing", "Por debajo del costo de reposición: {}", "Below what they cost to buy again: {}"),
    (
        "sale_list.losing_text",
        "Su precio de GENERAL se hizo con un costo que ya subió. Cambialo primero, o poneles un precio a mano.",
        "Their price on GENERAL was built on a cost that has risen since. Change it first, or set a price by hand.",
    ),
    ("sale_list.was_set", "Regla puesta: {}", "Rule set: {}"),
    ("sale_list.was_removed", "Regla sacada: {}", "Rule removed: {}"),
];
