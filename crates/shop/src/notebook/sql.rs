//! Every statement of the notebook.

/// Entries as people see them, with what the shop has of the product.
macro_rules! entries {
    () => {
        "select e.id, e.action, p.sku, p.name, p.unit as product_unit, e.about, e.quantity, e.unit, s.code as supplier, s.name as supplier_name,
            e.priority, e.state, e.reason, e.closing_reason, e.first_noted_at, e.noted_at, e.version, h.on_hand
        from notebook_entries e
        left join products p on p.id = e.product_id
        left join suppliers s on s.id = e.supplier_id
        left join stock_heads h on h.product_id = e.product_id"
    };
}

gondola_store::sql! {
    /// A product that is noted, by id or by SKU, with its main supplier. Locked, so that two who note it at once make one line.
    FIND_NOTED_PRODUCT = sqlite "select p.id, p.sku, p.name, p.unit, p.active,
            (select s.supplier_id from product_suppliers s where s.product_id = p.id and s.main) as supplier_id
        from products p where p.id = $1 or p.sku = $2"
        postgres "select p.id, p.sku, p.name, p.unit, p.active,
            (select s.supplier_id from product_suppliers s where s.product_id = p.id and s.main) as supplier_id
        from products p where p.id = $1 or p.sku = $2 for no key update of p";
    /// The supplier of a code that is in use.
    FIND_SUPPLIER = "select id from suppliers where code = $1 and active";
    /// The pending line of the same thing that was noted last, if that is not too long ago. Locked.
    FIND_SAME = sqlite "select id, action, quantity, unit, priority from notebook_entries
        where state = 'pending' and action in ('restock', 'purchase') and noted_at >= $3
            and (product_id = $1 or (cast($1 as uuid) is null and product_id is null and about_folded = $2))
        order by noted_at desc, id desc limit 1"
        postgres "select id, action, quantity, unit, priority from notebook_entries
        where state = 'pending' and action in ('restock', 'purchase') and noted_at >= $3
            and (product_id = $1 or (cast($1 as uuid) is null and product_id is null and about_folded = $2))
        order by noted_at desc, id desc limit 1 for update";
    /// A new line.
    INSERT_ENTRY = "insert into notebook_entries (id, action, product_id, about, about_folded, quantity, unit, supplier_id, priority, state, reason, closing_reason,
            first_noted_at, noted_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', $10, null, $11, $11, 1)";
    /// A line that was noted again.
    MERGE_ENTRY = "update notebook_entries set action = $2, quantity = $3, unit = $4, supplier_id = coalesce($5, supplier_id), priority = $6,
            reason = coalesce($7, reason), noted_at = $8, version = version + 1
        where id = $1 and state = 'pending'";
    /// Who noted it, the last one last.
    INSERT_NOTE = "insert into notebook_notes (entry_id, line, sentence, quantity, unit, actor, actor_name, noted_at)
        select $1, coalesce(max(n.line), 0) + 1, $2, $3, $4, $5, $6, $7 from notebook_notes n where n.entry_id = $1";
    /// A line about to change, locked.
    LOCK_ENTRY = sqlite "select e.id, e.state, e.version, e.quantity, e.unit, e.priority, e.supplier_id, p.unit as product_unit
        from notebook_entries e left join products p on p.id = e.product_id where e.id = $1"
        postgres "select e.id, e.state, e.version, e.quantity, e.unit, e.priority, e.supplier_id, p.unit as product_unit
        from notebook_entries e left join products p on p.id = e.product_id where e.id = $1 for update of e";
    /// Lines about to change together, as a JSON list of ids, locked in the order of ids.
    LOCK_ENTRIES = sqlite "select e.id, e.state, e.action, e.product_id, e.about, e.quantity, e.unit, e.supplier_id, e.priority
        from json_each($1) j join notebook_entries e on e.id = unhex(j.value) order by e.id"
        postgres "select e.id, e.state, e.action, e.product_id, e.about, e.quantity, e.unit, e.supplier_id, e.priority
        from notebook_entries e where e.id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by e.id for update";
    /// Changes a pending line.
    CHANGE_ENTRY = "update notebook_entries set quantity = $2, unit = $3, supplier_id = $4, priority = $5, version = version + 1
        where id = $1 and state = 'pending'";
    /// Turns a line from one state to another.
    TURN_ENTRY = "update notebook_entries set state = $3, closing_reason = $4, version = version + 1 where id = $1 and state = $2";
    /// Turns these lines from one state to another.
    TURN_ENTRIES = sqlite "update notebook_entries set state = $3, version = version + 1
        where state = $2 and id in (select unhex(value) from json_each($1))"
        postgres "update notebook_entries set state = $3, version = version + 1
        where state = $2 and id = any(array(select j::uuid from json_array_elements_text($1::json) j))";
    /// Lines of these products, as a JSON list of ids, that ask for goods and that nobody ordered; locked in the order of ids.
    LOCK_PENDING = sqlite "select e.id, e.state, e.action, e.product_id, e.about, e.quantity, e.unit, e.supplier_id, e.priority
        from json_each($1) j join notebook_entries e on e.product_id = unhex(j.value)
        where e.state = 'pending' and e.action in ('restock', 'purchase') order by e.id"
        postgres "select e.id, e.state, e.action, e.product_id, e.about, e.quantity, e.unit, e.supplier_id, e.priority
        from notebook_entries e where e.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j))
            and e.state = 'pending' and e.action in ('restock', 'purchase') order by e.id for update";
    /// What these lines ask for came with a delivery that nobody had ordered.
    ANSWER_ENTRIES = sqlite "update notebook_entries set state = 'received', receipt_id = $2, version = version + 1
        where state = 'pending' and id in (select unhex(value) from json_each($1))"
        postgres "update notebook_entries set state = 'received', receipt_id = $2, version = version + 1
        where state = 'pending' and id = any(array(select j::uuid from json_array_elements_text($1::json) j))";
    /// The delivery that answered them was taken back.
    REOPEN_ENTRIES = "update notebook_entries set state = 'pending', receipt_id = null, version = version + 1
        where receipt_id = $1 and state = 'received'";
    /// One line.
    FIND_ENTRY = (entries!(), " where e.id = $1");
    /// Lines, the one noted last on top.
    LIST_ENTRIES = (entries!(), " where (cast($1 as text) is null or e.state = $1) and (cast($2 as text) is null or s.code = $2)
            and (cast($3 as text) is null or e.action = $3) and (e.noted_at, e.id) < ($4, $5)
        order by e.noted_at desc, e.id desc limit $6");
    /// Who noted these lines, as a JSON list of ids.
    NOTES_OF = sqlite "select n.entry_id, n.sentence, n.quantity, n.unit, n.actor_name, n.noted_at
        from json_each($1) j join notebook_notes n on n.entry_id = unhex(j.value) order by n.entry_id, n.line"
        postgres "select n.entry_id, n.sentence, n.quantity, n.unit, n.actor_name, n.noted_at
        from notebook_notes n where n.entry_id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by n.entry_id, n.line";
    /// The suppliers to choose from.
    SUPPLIERS = "select code, name from suppliers where active order by name, code limit $1";
}
