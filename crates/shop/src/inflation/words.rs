//! What the page of inflation says, Spanish first and English second.

use crate::kernel::words::Word;

/// The texts of the feature's page.
pub const WORDS: &[Word] = &[
    ("inflation.title", "Inflación", "Inflation"),
    (
        "inflation.lead",
        "Cuánto subieron los precios cada mes, y lo que pierde la mercadería quieta.",
        "How much prices rose each month, and what idle stock loses.",
    ),
    ("inflation.daily_of", "Por día ({})", "A day ({})"),
    ("inflation.stock", "Mercadería al costo", "Stock at cost"),
    ("inflation.loss", "Pierde por día quieta", "It loses a day by standing still"),
    ("inflation.sum", "Acumulada", "Accumulated"),
    ("inflation.from", "Desde", "From"),
    ("inflation.to", "Hasta", "To"),
    ("inflation.sum_button", "Calcular", "Add up"),
    (
        "inflation.missing",
        "Faltan meses: sin ellos no se acumula",
        "Months are missing: nothing is added up without them",
    ),
    ("inflation.hundred", "Lo que costaba $ 100 cuesta", "What cost $ 100 costs"),
    (
        "inflation.formula",
        "Acumulada = producto de (1 + inflación de cada mes) − 1. Por día = (1 + mensual)^(1/30,44) − 1. Lo que pierde la mercadería = su valor al costo × la tasa por día.",
        "Accumulated = product of (1 + each month's rate) − 1. A day = (1 + monthly)^(1/30.44) − 1. What stock loses = its value at cost × the daily rate.",
    ),
    ("inflation.own", "Inflación propia", "Own inflation"),
    ("inflation.own_rate", "Subió", "Rose"),
    ("inflation.own_goods", "Artículos comparados", "Goods compared"),
    ("inflation.own_spent", "Compra del mes anterior", "Bought the month before"),
    ("inflation.own_by_category", "Por rubro, {}", "By category, {}"),
    ("inflation.category", "Rubro", "Category"),
    (
        "inflation.own_formula",
        "Propia = Σ (costo del mes × cantidad comprada el mes anterior) ÷ Σ (costo del mes anterior × esa cantidad) − 1, con los mismos artículos del mismo proveedor comprados en los dos meses. El costo de un mes es el último que se recibió.",
        "Own = Σ (cost of the month × quantity bought the month before) ÷ Σ (cost of the month before × that quantity) − 1, over the same goods from the same supplier bought in both months. The cost of a month is the last one received.",
    ),
    ("inflation.own_none_title", "Todavía no hay con qué comparar", "Nothing to compare yet"),
    (
        "inflation.own_none_text",
        "Sale de lo que se recibe con su costo: hace falta el mismo artículo del mismo proveedor en dos meses seguidos.",
        "It comes from what is received with its cost: the same goods from the same supplier in two months in a row.",
    ),
    ("inflation.add", "Anotar un mes", "Record a month"),
    ("inflation.month", "Mes", "Month"),
    (
        "inflation.month_hint",
        "Si ya está, este dato lo corrige y el anterior queda a la vista.",
        "If it is there, this corrects it and the old one stays to be seen.",
    ),
    ("inflation.rate", "Inflación del mes, %", "Rate of the month, %"),
    (
        "inflation.rate_hint",
        "La mensual, de 0 a 50: 2,8. La anual no.",
        "The monthly one, 0 to 50: 2.8. Not the yearly one.",
    ),
    ("inflation.source", "Fuente", "Source"),
    ("inflation.source_hint", "De dónde sale: INDEC, IPC nacional.", "Where it comes from: INDEC, national CPI."),
    ("inflation.submit", "Anotar", "Record"),
    ("inflation.recorded", "Anotada la inflación de {}", "Rate of {} recorded"),
    (
        "inflation.recorded_suspect",
        "Anotada la inflación de {}. Es más de 30 %: fijate que sea la mensual y no la anual.",
        "Rate of {} recorded. It is above 30 %: look that it is the monthly one and not the yearly one.",
    ),
    ("inflation.none_title", "Todavía no hay ningún mes", "No month yet"),
    (
        "inflation.none_text",
        "Anotá la inflación de cada mes y acá vas a ver cuánto se acumula.",
        "Record the rate of each month and see here what it adds up to.",
    ),
    ("inflation.series", "Mes por mes", "Month by month"),
    ("inflation.monthly", "Mensual", "Monthly"),
    ("inflation.daily", "Por día", "A day"),
    ("inflation.who", "Quién lo anotó", "Who recorded it"),
    ("inflation.corrected", "corregida", "corrected"),
    ("inflation.suspect", "¿es la anual?", "is it the yearly one?"),
];
