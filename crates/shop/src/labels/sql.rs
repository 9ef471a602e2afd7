//! Every statement about labels and what was printed of them.

/// Products in use with a price, and what their label says.
macro_rules! labelled {
    () => {
        "from products as p
        join categories as c on c.id = p.category_id
        join prices as price on price.product_id = p.id and price.list = 'GENERAL'
        left join price_labels as l on l.product_id = p.id
        where p.active "
    };
}

gondola_store::sql! {
    /// A page of labels that are due, in the order of the aisles: to print, or printed and to place.
    LIST_DUE = ("select p.id, p.sku, p.name, p.name_folded, c.code as category, c.position, price.amount, price.changed_at,
            l.amount as says, l.print_id ", labelled!(), "
            and case when $1 then l.amount = price.amount and l.placed_at is null
                else l.amount is null or l.amount <> price.amount end
            and (c.position, p.name_folded, p.id) > ($2, $3, $4)
        order by c.position, p.name_folded, p.id limit $5");
    /// How many labels have been due since before an instant: not printed, or not placed.
    COUNT_LATE = ("select count(*) ", labelled!(), "
            and (l.amount is null or l.amount <> price.amount or l.placed_at is null) and price.changed_at < $1");
    /// Some of the labels to print, in the order of the aisles; of these products where $1 names any.
    TO_PRINT = sqlite ("select p.id as product_id, price.amount, price.changed_at as priced_at ", labelled!(), "
            and case when $1 is null then l.amount is null or l.amount <> price.amount
                else p.id in (select unhex(value, '-') from json_each($1)) end
        order by c.position, p.name_folded, p.id limit $2")
        postgres ("select p.id as product_id, price.amount, price.changed_at as priced_at ", labelled!(), "
            and case when cast($1 as text) is null then l.amount is null or l.amount <> price.amount
                else p.id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value))) end
        order by c.position, p.name_folded, p.id limit $2");
    /// A print.
    INSERT_PRINT = "insert into label_prints (id, printed_at, printed_by, labels) values ($1, $2, $3, $4)";
    /// What a print has on it.
    INSERT_ROWS = sqlite "insert into label_print_rows (print_id, position, product_id, amount, priced_at)
        select unhex(r.value ->> 'print_id', '-'), r.value ->> 'position', unhex(r.value ->> 'product_id', '-'),
            r.value ->> 'amount', r.value ->> 'priced_at' from json_each($1) as r"
        postgres "insert into label_print_rows (print_id, position, product_id, amount, priced_at)
        select r.print_id, r.position, r.product_id, r.amount, r.priced_at
        from json_to_recordset($1::json) as r (print_id uuid, position bigint, product_id uuid, amount bigint, priced_at bigint)";
    /// What the labels of a print say from now on; none of them stands on the shelf yet.
    PUT_LABELS = "insert into price_labels (product_id, amount, print_id)
        select product_id, amount, print_id from label_print_rows where print_id = $1
        on conflict (product_id) do update set amount = excluded.amount, print_id = excluded.print_id,
            placed_at = null, placed_by = null";
    /// Says that the labels of a print stand on the shelf.
    PLACE_LABELS = "update price_labels set placed_at = $2, placed_by = $3 where print_id = $1 and placed_at is null";
    /// One print, with how many of its labels are still the newest and not placed.
    FIND_PRINT = "select p.id, p.printed_at, p.printed_by, p.labels,
            (select count(*) from price_labels as l where l.print_id = p.id and l.placed_at is null) as waiting
        from label_prints as p where p.id = $1";
    /// A page of prints, newest first.
    LIST_PRINTS = "select p.id, p.printed_at, p.printed_by, p.labels,
            (select count(*) from price_labels as l where l.print_id = p.id and l.placed_at is null) as waiting
        from label_prints as p where (p.printed_at, p.id) < ($1, $2) order by p.printed_at desc, p.id desc limit $3";
    /// What a print has on it, with what a label says besides.
    PRINTED = "select r.amount, r.priced_at, p.name, p.short_name, p.unit, p.content_quantity, p.content_unit, p.vat_bp, p.internal_taxes,
            (select min(b.code) from barcodes as b where b.product_id = p.id and b.presentation_id is null) as barcode
        from label_print_rows as r join products as p on p.id = r.product_id where r.print_id = $1 order by r.position";
}
