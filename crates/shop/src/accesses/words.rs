//! The texts of the log of accesses.

use crate::kernel::words::Word;

/// Spanish first, English second.
pub const WORDS: &[Word] = &[
    ("access.title", "Quién leyó qué", "Who read what"),
    (
        "access.lead",
        "Los datos protegidos se guardan cifrados. Acá queda quién los abrió, cuándo y para qué.",
        "Protected data is kept encrypted. Here is who opened it, when and what for.",
    ),
    ("access.operations", "Operaciones", "Operations"),
    ("access.operation_encrypt", "Guardado", "Stored"),
    ("access.operation_decrypt", "Leído", "Read"),
    ("access.operation_rotate", "Con otra clave", "With another key"),
    ("access.operation_export", "Exportado", "Exported"),
    ("access.operation_denied", "No se pudo abrir", "Did not open"),
    ("access.column", "Dato", "Data"),
    ("access.column_products.acquisition_cost", "Costo de compra", "Purchase cost"),
    ("access.column_users.totp_secret", "Secreto del segundo paso", "Secret of the second step"),
    (
        "access.column_users.totp_pending",
        "Secreto del segundo paso, por confirmar",
        "Secret of the second step, to confirm",
    ),
    ("access.column_import_files.content", "Lista por importar", "List to import"),
    ("access.column_import_rows.cells", "Fila rechazada de una lista", "Refused row of a list"),
    ("access.column_import_changes.before", "Lo que había antes de una lista", "What there was before a list"),
    ("access.record", "Registro", "Record"),
    ("access.record_hint", "El id, o sku: y el SKU de un producto", "The id, or sku: and a product's SKU"),
    ("access.what", "Qué", "What"),
    ("access.records", "{} registros", "{} records"),
    ("access.error_bad_tag", "alterado o movido", "altered or moved"),
    ("access.error_unknown_key", "falta la clave", "the key is missing"),
    ("access.error_unknown_format", "no es un dato nuestro", "not a value of ours"),
    ("access.none_title", "Nadie leyó nada con esos filtros", "Nobody read anything with these filters"),
    (
        "access.none_text",
        "Cuando alguien vea un costo o entre con su segundo paso, queda anotado acá.",
        "When somebody sees a cost or logs in with a second step, it is noted here.",
    ),
    ("audited.catalogue.get_product", "Vio un producto", "Saw a product"),
    ("audited.catalogue.show_product", "Vio un producto", "Saw a product"),
    ("audited.catalogue.edit_product", "Abrió un producto para cambiarlo", "Opened a product to change it"),
    ("audited.catalogue.list_products", "Vio la lista de productos", "Saw the list of products"),
    ("audited.catalogue.find_by_code", "Buscó un producto por su código", "Found a product by its code"),
    ("audited.imports.look", "Miró una lista antes de cargarla", "Looked at a list before loading it"),
    ("audited.people.prove_second_factor", "Entró con su segundo paso", "Logged in with a second step"),
    ("audited.people.learn_second_factor", "Activó su segundo paso", "Turned the second step on"),
    ("audited.protect.reseal", "Cambio de clave de cifrado", "Change of the encryption key"),
];
