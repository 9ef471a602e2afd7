//! Every statement about repricings and their rows.

/// The columns of a repricing.
macro_rules! columns {
    () => {
        "id, rule, reason, state, apply_at, guarded_reason, guarded_by, note, built_by, built_at, applied_by, applied_at,
            rolled_back_by, rolled_back_at, version"
    };
}

gondola_store::sql! {
    /// An invoice.
    HAS_INVOICE = "select id from invoices where id = $1";
    /// A supplier's price list.
    HAS_LIST = "select id from supplier_lists where id = $1";
    /// One repricing.
    FIND_REPRICING = ("select ", columns!(), " from repricings where id = $1");
    /// One repricing that is about to change, locked.
    LOCK_REPRICING = sqlite ("select ", columns!(), " from repricings where id = $1")
        postgres ("select ", columns!(), " from repricings where id = $1 for update");
    /// A page of repricings, newest first.
    LIST_REPRICINGS = ("select ", columns!(), " from repricings where (built_at, id) < ($1, $2)
        and (cast($3 as text) is null or state = $3) order by built_at desc, id desc limit $4");
    /// Those whose hour has come.
    DUE_REPRICINGS = "select id from repricings where state = 'scheduled' and apply_at <= $1 order by apply_at, id limit $2";
    /// A new one.
    INSERT_REPRICING = "insert into repricings (id, rule, reason, state, built_by, built_at, version)
        values ($1, $2, $3, 'draft', $4, $5, 1)";
    /// What became of one, read at a version.
    SET_STATE = "update repricings set state = $3, apply_at = $4, guarded_reason = $5, note = $6, applied_by = $7, applied_at = $8,
            rolled_back_by = $9, rolled_back_at = $10, guarded_by = $11, version = version + 1
        where id = $1 and version = $2";
    /// How many rows it has, of which kinds, and what they put at stake.
    COUNT_ROWS = "select count(*) as rows_total, coalesce(sum(case when guard = 'clear' then 0 else 1 end), 0) as guarded,
            coalesce(sum(case when excluded then 1 else 0 end), 0) as excluded,
            coalesce(sum(case when outcome = 'applied' then 1 else 0 end), 0) as applied,
            coalesce(sum(case when outcome = 'restored' then 1 else 0 end), 0) as restored,
            coalesce(sum(case when outcome = 'skipped' then 1 else 0 end), 0) as skipped,
            cast(coalesce(sum(case when excluded then 0 else at_stake end), 0) as bigint) as at_stake
        from repricing_rows where repricing_id = $1";
    /// A page of rows in their order: those that are clear first, most pesos at stake on top.
    LIST_ROWS = "select w.product_id, p.sku, p.name, p.vat_bp, w.position, w.old_cost, w.new_cost, w.old_price, w.new_price, w.severity,
            w.at_stake, w.guard, w.excluded, w.edited, w.outcome
        from repricing_rows as w join products as p on p.id = w.product_id
        where w.repricing_id = $1 and (w.position, w.product_id) > ($2, $3)
            and (cast($4 as boolean) is null or (w.guard <> 'clear') = $4) and (cast($5 as text) is null or w.outcome = $5)
        order by w.position, w.product_id limit $6";
    /// The rows that would be applied: all but those left out, and those that wait for the owner only where $2 is set.
    ROWS_TO_APPLY = "select product_id, old_price, new_cost, new_price from repricing_rows
        where repricing_id = $1 and not excluded and ($2 or guard = 'clear') order by position, product_id";
    /// Marks them as applied.
    MARK_APPLIED = "update repricing_rows set outcome = 'applied'
        where repricing_id = $1 and not excluded and ($2 or guard = 'clear')";
    /// The rows that were applied, with what they wrote, what is in force, and what the product is now.
    ROWS_TO_RESTORE = "select w.product_id, w.old_price, w.old_cost, h.number as written,
            (select max(l.number) from price_changes as l where l.product_id = w.product_id and l.list = 'GENERAL') as in_force,
            wholesale.amount as wholesale_price, p.version
        from repricing_rows as w
        join price_changes as h on h.repricing_id = w.repricing_id and h.product_id = w.product_id and h.source <> 'undo'
        join products as p on p.id = w.product_id
        left join prices as wholesale on wholesale.product_id = w.product_id and wholesale.list = 'MAYORISTA'
        where w.repricing_id = $1 and w.outcome = 'applied' order by w.product_id";
    /// Says what became of rows.
    SET_OUTCOMES = sqlite "update repricing_rows set outcome = $3
        where repricing_id = $1 and product_id in (select unhex(value, '-') from json_each($2))"
        postgres "update repricing_rows set outcome = $3 where repricing_id = $1
        and product_id = any(array(select value::uuid from json_array_elements_text($2::json) as ids (value)))";
    /// Rows of a repricing that somebody edits.
    FIND_ROWS = sqlite "select product_id, new_price, excluded from repricing_rows
        where repricing_id = $1 and product_id in (select unhex(value, '-') from json_each($2)) order by product_id"
        postgres "select product_id, new_price, excluded from repricing_rows where repricing_id = $1
        and product_id = any(array(select value::uuid from json_array_elements_text($2::json) as ids (value))) order by product_id";
    /// Adds rows.
    INSERT_ROWS = sqlite "insert into repricing_rows (repricing_id, product_id, position, old_cost, new_cost, old_price, new_price,
            severity, at_stake, guard)
        select unhex(r.value ->> 'repricing_id', '-'), unhex(r.value ->> 'product_id', '-'), r.value ->> 'position',
            r.value ->> 'old_cost', r.value ->> 'new_cost', r.value ->> 'old_price', r.value ->> 'new_price',
            r.value ->> 'severity', r.value ->> 'at_stake', r.value ->> 'guard' from json_each($1) as r"
        postgres "insert into repricing_rows (repricing_id, product_id, position, old_cost, new_cost, old_price, new_price,
            severity, at_stake, guard)
        select r.repricing_id, r.product_id, r.position, r.old_cost, r.new_cost, r.old_price, r.new_price, r.severity,
            r.at_stake, r.guard
        from json_to_recordset($1::json) as r (repricing_id uuid, product_id uuid, position bigint, old_cost bigint,
            new_cost bigint, old_price bigint, new_price bigint, severity text, at_stake bigint, guard text)";
    /// Changes rows.
    UPDATE_ROWS = sqlite "update repricing_rows set new_price = r.value ->> 'new_price', at_stake = r.value ->> 'at_stake',
            guard = r.value ->> 'guard', excluded = r.value ->> 'excluded', edited = 1
        from json_each($1) as r
        where repricing_rows.repricing_id = unhex(r.value ->> 'repricing_id', '-')
            and repricing_rows.product_id = unhex(r.value ->> 'product_id', '-')"
        postgres "update repricing_rows set new_price = r.new_price, at_stake = r.at_stake, guard = r.guard,
            excluded = r.excluded, edited = true
        from json_to_recordset($1::json) as r (repricing_id uuid, product_id uuid, new_price bigint, at_stake bigint,
            guard text, excluded boolean)
        where repricing_rows.repricing_id = r.repricing_id and repricing_rows.product_id = r.product_id";
}
