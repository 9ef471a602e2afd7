//! Every statement of the counts feature. Sets of rows travel as one JSON parameter, so that a count
//! of 20,000 lines costs a handful of statements.

/// Products of the category that the count $1 is of, and of those below it; all when it is of none.
macro_rules! of_its_category {
    () => {
        "(k.category_id is null or p.category_id in (with recursive below (id) as (select category_id from counts where id = $1
                union select g.id from categories g join below on g.parent_id = below.id) select id from below))"
    };
}

gondola_store::sql! {
    /// A count that begins.
    INSERT_COUNT = "insert into counts (id, location_id, state, blind, category_id, listed, reason, actor, actor_name, opened_at, closed_at, closed_by, closing_reason, version)
        values ($1, $2, 'open', $3, $4, $5, $6, $7, $8, $9, null, null, null, 1)";
    /// The products of its list, as a JSON list.
    INSERT_LISTED = sqlite "insert into count_products (count_id, product_id)
        select unhex(value ->> 'count_id'), unhex(value ->> 'product_id') from json_each($1)"
        postgres "insert into count_products (count_id, product_id)
        select count_id, product_id from json_to_recordset($1::json) as r(count_id uuid, product_id uuid)";
    /// A count about to change, locked before any product.
    LOCK_COUNT = sqlite "select location_id, state from counts where id = $1"
        postgres "select location_id, state from counts where id = $1 for update";
    /// Closes an open count.
    CLOSE_COUNT = "update counts set state = $2, closed_at = $3, closed_by = $4, closing_reason = $5, version = version + 1
        where id = $1 and state = 'open'";
    /// What was counted of these products before.
    COUNTED_BEFORE = sqlite "select l.product_id, l.lot_id, l.whole, l.times from json_each($2) j
        join count_lines l on l.count_id = $1 and l.product_id = unhex(j.value)"
        postgres "select l.product_id, l.lot_id, l.whole, l.times from count_lines l
        where l.count_id = $1 and l.product_id = any(array(select j::uuid from json_array_elements_text($2::json) j))";
    /// What the ledger held at a position, over all lots or of one, as a JSON list of questions.
    BALANCES_AT = sqlite "select cast(j.value ->> 'line' as integer) as line,
            coalesce((select sum(l.delta) from movement_lines l
                where l.product_id = unhex(j.value ->> 'product_id') and l.location_id = $2 and l.sequence <= (j.value ->> 'position')
                    and ((j.value ->> 'lot_id') is null or l.lot_id = unhex(j.value ->> 'lot_id'))), 0) as quantity
        from json_each($1) j"
        postgres "select r.line,
            coalesce((select cast(sum(l.delta) as bigint) from movement_lines l
                where l.product_id = r.product_id and l.location_id = $2 and l.sequence <= r.position
                    and (r.lot_id is null or l.lot_id = r.lot_id)), 0) as quantity
        from json_to_recordset($1::json) as r(line bigint, product_id uuid, lot_id uuid, position bigint)";
    /// The newest position of the ledger.
    NEWEST_POSITION = "select coalesce(max(sequence), 0) from movements";
    /// Lines as counted, as a JSON list; a second count of a line replaces the first.
    PUT_LINES = sqlite "insert into count_lines (count_id, product_id, lot_id, whole, counted, expected, position, times, recount, counted_at, counted_by, movement_id)
        select unhex(value ->> 'count_id'), unhex(value ->> 'product_id'), unhex(value ->> 'lot_id'), value ->> 'whole', value ->> 'counted', value ->> 'expected',
            value ->> 'position', value ->> 'times', value ->> 'recount', value ->> 'counted_at', value ->> 'counted_by', null
        from json_each($1) where true
        on conflict (count_id, product_id, lot_id) do update set counted = excluded.counted, expected = excluded.expected, position = excluded.position,
            times = excluded.times, recount = excluded.recount, counted_at = excluded.counted_at, counted_by = excluded.counted_by"
        postgres "insert into count_lines (count_id, product_id, lot_id, whole, counted, expected, position, times, recount, counted_at, counted_by, movement_id)
        select count_id, product_id, lot_id, whole, counted, expected, position, times, recount, counted_at, counted_by, null
        from json_to_recordset($1::json) as r(count_id uuid, product_id uuid, lot_id uuid, whole boolean, counted bigint, expected bigint,
            position bigint, times bigint, recount boolean, counted_at bigint, counted_by text)
        on conflict (count_id, product_id, lot_id) do update set counted = excluded.counted, expected = excluded.expected, position = excluded.position,
            times = excluded.times, recount = excluded.recount, counted_at = excluded.counted_at, counted_by = excluded.counted_by";
    /// Lines that differ from what was expected or must be counted again.
    DIFFERENT_LINES = "select l.product_id, l.lot_id, l.whole, l.counted, l.expected, l.recount, p.sku
        from count_lines l join products p on p.id = l.product_id
        where l.count_id = $1 and (l.counted <> l.expected or l.recount) order by p.sku, l.lot_id";
    /// SKUs of the lines that somebody else corrected at the place after they were counted: their difference is of then.
    CORRECTED_SINCE = "select distinct p.sku from count_lines l join counts k on k.id = l.count_id join products p on p.id = l.product_id
        join movements m on m.product_id = l.product_id and m.sequence > l.position and m.kind in ('count', 'adjustment')
            and (m.from_location_id = k.location_id or m.to_location_id = k.location_id)
        where l.count_id = $1 and l.counted <> l.expected order by p.sku";
    /// Which movement corrected each line, as a JSON list.
    PUT_MOVEMENTS = sqlite "update count_lines set movement_id = unhex(v.value ->> 'movement_id') from json_each($1) v
        where count_lines.count_id = unhex(v.value ->> 'count_id') and count_lines.product_id = unhex(v.value ->> 'product_id')
            and count_lines.lot_id = unhex(v.value ->> 'lot_id')"
        postgres "update count_lines set movement_id = v.movement_id
        from json_to_recordset($1::json) as v(count_id uuid, product_id uuid, lot_id uuid, movement_id uuid)
        where count_lines.count_id = v.count_id and count_lines.product_id = v.product_id and count_lines.lot_id = v.lot_id";
    /// One count with its totals.
    FIND_COUNT = "select c.id, c.location_id, o.code as location, c.state, c.blind, g.code as category, g.name as category_name, c.listed, c.reason, c.actor_name, c.opened_at, c.closed_at, c.closed_by, c.closing_reason, c.version,
            (select cast(count(l.lot_id) as bigint) from count_lines l where l.count_id = c.id) as lines,
            (select cast(count(l.lot_id) as bigint) from count_lines l where l.count_id = c.id and l.recount) as to_recount,
            (select cast(count(l.lot_id) as bigint) from count_lines l where l.count_id = c.id and l.counted <> l.expected) as differences
        from counts c join locations o on o.id = c.location_id left join categories g on g.id = c.category_id where c.id = $1";
    /// How many counts are open.
    COUNT_OPEN = "select count(*) from counts where state = 'open' and (cast($1 as uuid) is null or location_id = $1)";
    /// Counts with their totals, newest first.
    LIST_COUNTS = "select c.id, c.location_id, o.code as location, c.state, c.blind, g.code as category, g.name as category_name, c.listed, c.reason, c.actor_name, c.opened_at, c.closed_at, c.closed_by, c.closing_reason, c.version,
            (select cast(count(l.lot_id) as bigint) from count_lines l where l.count_id = c.id) as lines,
            (select cast(count(l.lot_id) as bigint) from count_lines l where l.count_id = c.id and l.recount) as to_recount,
            (select cast(count(l.lot_id) as bigint) from count_lines l where l.count_id = c.id and l.counted <> l.expected) as differences
        from counts c join locations o on o.id = c.location_id left join categories g on g.id = c.category_id
        where (cast($1 as text) is null or o.code = $1) and (cast($2 as uuid) is null or c.location_id = $2)
            and (cast($3 as text) is null or c.state = $3) and (cast($7 as bigint) = 0 or c.state <> 'open')
            and (c.opened_at, c.id) < ($4, $5)
        order by c.opened_at desc, c.id desc limit $6";
    /// What was counted, by name.
    COUNTED_LINES = "select l.product_id, p.sku, p.name, p.name_folded, p.unit, l.lot_id, l.whole, t.code, t.expires_on, l.counted, l.expected, l.position,
            l.times, l.recount, l.counted_at, l.counted_by, l.movement_id, h.on_hand, h.avco_value, h.average_cost
        from count_lines l join products p on p.id = l.product_id join lots t on t.id = l.lot_id join stock_heads h on h.product_id = l.product_id
        where l.count_id = $1 and (cast($2 as bigint) = 0 or l.recount) and (cast($3 as bigint) = 0 or l.counted <> l.expected)
            and (p.name_folded, p.id, l.lot_id) > ($4, $5, $6)
        order by p.name_folded, p.id, l.lot_id limit $7";
    /// What there is to count at a place, by name, with what was counted already.
    SHEET = ("select p.id, p.sku, p.name, p.name_folded, p.unit, c.code as category, h.last_sequence as position,
            coalesce((select cast(sum(b.quantity) as bigint) from balances b where b.product_id = p.id and b.location_id = $2), 0) as expected,
            (select cast(count(l.lot_id) as bigint) from count_lines l where l.count_id = $1 and l.product_id = p.id) as counted,
            (select cast(count(l.lot_id) as bigint) from count_lines l where l.count_id = $1 and l.product_id = p.id and l.recount) as to_recount
        from counts k cross join products p join stock_heads h on h.product_id = p.id join categories c on c.id = p.category_id
        where k.id = $1 and p.active and (cast($3 as text) is null or p.category_id in (with recursive below (id) as (select id from categories where code = $3
                union select g.id from categories g join below on g.parent_id = below.id) select id from below))
            and ", of_its_category!(), "
            and ((k.listed and exists (select 1 from count_products x where x.count_id = k.id and x.product_id = p.id))
                or (not k.listed and (exists (select 1 from balances b where b.product_id = p.id and b.location_id = $2 and b.quantity <> 0)
                    or exists (select 1 from shelf_targets s where s.product_id = p.id and s.location_id = $2 and s.quantity > 0))))
            and (cast($7 as text) is null
                or ($7 = 'uncounted' and not exists (select 1 from count_lines l where l.count_id = k.id and l.product_id = p.id))
                or ($7 = 'recount' and exists (select 1 from count_lines l where l.count_id = k.id and l.product_id = p.id and l.recount)))
            and (p.name_folded, p.id) > ($4, $5)
        order by p.name_folded, p.id limit $6");
    /// How many products there are to count, and how many of them were counted.
    SHEET_PROGRESS = ("select cast(count(p.id) as bigint) as total,
            cast(coalesce(sum(case when exists (select 1 from count_lines l where l.count_id = k.id and l.product_id = p.id) then 1 else 0 end), 0) as bigint) as counted
        from counts k cross join products p join categories c on c.id = p.category_id
        where k.id = $1 and p.active
            and ", of_its_category!(), "
            and ((k.listed and exists (select 1 from count_products x where x.count_id = k.id and x.product_id = p.id))
                or (not k.listed and (exists (select 1 from balances b where b.product_id = p.id and b.location_id = $2 and b.quantity <> 0)
                    or exists (select 1 from shelf_targets s where s.product_id = p.id and s.location_id = $2 and s.quantity > 0))))");
    /// Where people left off: the product that was counted last.
    LAST_COUNTED = "select p.name_folded, p.id from count_lines l join products p on p.id = l.product_id
        where l.count_id = $1 order by l.counted_at desc, p.name_folded desc, p.id desc limit 1";
    /// What was written down of a product counted whole.
    ENTERED = "select l.counted, l.recount from count_lines l where l.count_id = $1 and l.product_id = $2 and l.whole order by l.lot_id";
    /// The differences of a count with what their products are worth.
    DIFFERENCES_WORTH = "select l.counted - l.expected as difference, h.on_hand, h.avco_value, h.average_cost
        from count_lines l join stock_heads h on h.product_id = l.product_id
        where l.count_id = $1 and l.counted <> l.expected order by l.product_id, l.lot_id";
    /// The lots of these products at a place.
    SHEET_LOTS = sqlite "select b.product_id, t.code, t.expires_on, b.quantity from json_each($1) j
        join balances b on b.product_id = unhex(j.value) join lots t on t.id = b.lot_id
        where b.location_id = $2 and b.quantity <> 0 order by b.product_id, t.expires_on, t.code, b.lot_id"
        postgres "select b.product_id, t.code, t.expires_on, b.quantity from balances b join lots t on t.id = b.lot_id
        where b.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j))
            and b.location_id = $2 and b.quantity <> 0 order by b.product_id, t.expires_on, t.code, b.lot_id";
}
