//! The texts of the feature's pages.

use crate::kernel::words::Word;

/// Spanish first, English second.
pub const WORDS: &[Word] = &[
    ("scorecard.title", "Calificación de proveedores", "Supplier scorecards"),
    (
        "scorecard.lead",
        "Cómo cumplió cada proveedor, según lo que pasó de verdad.",
        "How well each supplier did, from what really happened.",
    ),
    ("scorecard.of", "Calificación de {}", "Scorecard of {}"),
    ("scorecard.from", "Desde", "From"),
    ("scorecard.to", "Hasta", "To"),
    ("scorecard.show", "Ver", "Show"),
    ("scorecard.none_title", "Todavía no hay qué medir en estos días", "Nothing to measure in these days yet"),
    (
        "scorecard.none_text",
        "La calificación sale de los pedidos enviados, las entregas y las facturas. Mandá un pedido y recibilo desde acá.",
        "Scores come from orders that were sent, deliveries and invoices. Send an order and receive it here.",
    ),
    ("scorecard.points", "Puntaje", "Points"),
    ("scorecard.measured", "con el {} % medido", "{} % measured"),
    ("scorecard.otif", "Completo y a tiempo", "In full and in time"),
    (
        "scorecard.otif_what",
        "Pedidos que llegaron enteros hasta el día prometido, o hasta los días que suele tardar.",
        "Orders that came whole by the day that was promised, or within the days it usually takes.",
    ),
    ("scorecard.defects", "Sin roturas", "Unbroken"),
    ("scorecard.defects_what", "De lo que llegó, cuánto llegó sano.", "How much of what came, came in good order."),
    ("scorecard.cost", "Al costo esperado", "At the expected cost"),
    (
        "scorecard.cost_what",
        "Renglones facturados sin reclamo por el precio.",
        "Lines billed without a claim about the price.",
    ),
    ("scorecard.lead_time", "Entregas a tiempo", "Deliveries in time"),
    ("scorecard.lead_time_what", "Entregas hasta el día en que se esperaban.", "Deliveries by the day they were due."),
    ("scorecard.in_time", "a tiempo: {}", "in time: {}"),
    ("scorecard.compliance", "Cumplimiento", "Compliance"),
    (
        "scorecard.compliance_what",
        "De lo que se pidió, cuánto llegó. Cada renglón pesa lo mismo.",
        "How much of what was ordered came. Each line counts the same.",
    ),
    ("scorecard.response", "Reclamos resueltos", "Claims answered"),
    (
        "scorecard.response_what",
        "Reclamos que arregló, de los que arregló o esperan hace más de 15 días.",
        "Claims that it made good, of those that it did or that wait for more than 15 days.",
    ),
    ("scorecard.lead_days", "Días de demora", "Lead days"),
    ("scorecard.days", "{} días", "{} days"),
    ("scorecard.band_good", "bien", "good"),
    ("scorecard.band_warn", "regular", "fair"),
    ("scorecard.band_bad", "a revisar", "to be reviewed"),
    ("scorecard.deliveries", "Entregas", "Deliveries"),
    ("scorecard.very_late", "{} más de tres días tarde", "{} more than three days late"),
    ("scorecard.drift", "Suba sobre el resto", "Rise beyond the rest"),
    ("scorecard.drift_points", "{} puntos", "{} points"),
    ("scorecard.criterion", "Qué se mide", "What is measured"),
    ("scorecard.share", "Salió bien", "Went well"),
    ("scorecard.counts", "Veces", "Times"),
    ("scorecard.weight", "Pesa", "Weight"),
    (
        "scorecard.formula",
        "El puntaje es el promedio de lo que se midió, según cuánto pesa cada cosa; lo que no se midió no suma ni resta. La suba sobre el resto compara el primero y el último costo de lo que se compró más de una vez en estos días, con lo mismo de todos los proveedores.",
        "The points are the mean of what was measured, by weight; what was not measured counts neither way. The rise beyond the rest compares the first and the last cost of what was bought more than once in these days with the same of all suppliers.",
    ),
];
