//! Every statement of the transfers feature.

gondola_store::sql! {
    /// A transfer that has just left.
    INSERT_TRANSFER = "insert into transfers (id, from_location_id, to_location_id, state, reason, document, actor, actor_name, sent_at,
            closed_at, closed_by, closing_reason, version)
        values ($1, $2, $3, 'sent', $4, $5, $6, $7, $8, null, null, null, 1)";
    /// Its lines, as a JSON list.
    INSERT_LINES = sqlite "insert into transfer_lines (transfer_id, line, product_id, quantity_sent, quantity_received, sent_movement_id)
        select unhex(value ->> 'transfer_id'), value ->> 'line', unhex(value ->> 'product_id'), value ->> 'quantity_sent', null, unhex(value ->> 'sent_movement_id')
        from json_each($1)"
        postgres "insert into transfer_lines (transfer_id, line, product_id, quantity_sent, quantity_received, sent_movement_id)
        select transfer_id, line, product_id, quantity_sent, null, sent_movement_id
        from json_to_recordset($1::json) as r(transfer_id uuid, line bigint, product_id uuid, quantity_sent bigint, sent_movement_id uuid)";
    /// The state of a transfer about to close, locked.
    LOCK_TRANSFER = sqlite "select from_location_id, to_location_id, state, document from transfers where id = $1"
        postgres "select from_location_id, to_location_id, state, document from transfers where id = $1 for update";
    /// Closes a transfer that is on the road.
    CLOSE_TRANSFER = "update transfers set state = $2, closed_at = $3, closed_by = $4, closing_reason = $5, version = version + 1
        where id = $1 and state = 'sent'";
    /// What was found of each line, as a JSON list.
    PUT_RECEIVED = sqlite "update transfer_lines set quantity_received = v.value ->> 'quantity_received'
        from json_each($1) v
        where transfer_lines.transfer_id = unhex(v.value ->> 'transfer_id') and transfer_lines.line = v.value ->> 'line'"
        postgres "update transfer_lines set quantity_received = v.quantity_received
        from json_to_recordset($1::json) as v(transfer_id uuid, line bigint, quantity_received bigint)
        where transfer_lines.transfer_id = v.transfer_id and transfer_lines.line = v.line";
    /// One transfer.
    FIND_TRANSFER = "select t.id, t.from_location_id, f.code as from_code, t.to_location_id, g.code as to_code, t.state, t.reason, t.document, t.actor_name, t.sent_at,
            t.closed_at, t.closed_by, t.closing_reason, t.version,
            (select cast(count(l.line) as bigint) from transfer_lines l where l.transfer_id = t.id) as lines,
            (select cast(count(l.line) as bigint) from transfer_lines l where l.transfer_id = t.id and l.quantity_received <> l.quantity_sent) as differences
        from transfers t join locations f on f.id = t.from_location_id join locations g on g.id = t.to_location_id where t.id = $1";
    /// Transfers, newest first.
    LIST_TRANSFERS = "select t.id, t.from_location_id, f.code as from_code, t.to_location_id, g.code as to_code, t.state, t.reason, t.document, t.actor_name, t.sent_at,
            t.closed_at, t.closed_by, t.closing_reason, t.version,
            (select cast(count(l.line) as bigint) from transfer_lines l where l.transfer_id = t.id) as lines,
            (select cast(count(l.line) as bigint) from transfer_lines l where l.transfer_id = t.id and l.quantity_received <> l.quantity_sent) as differences
        from transfers t join locations f on f.id = t.from_location_id join locations g on g.id = t.to_location_id
        where (cast($1 as text) is null or f.code = $1) and (cast($2 as text) is null or g.code = $2)
            and (cast($3 as uuid) is null or t.from_location_id = $3 or t.to_location_id = $3)
            and (cast($4 as text) is null or t.state = $4) and (cast($8 as bigint) = 0 or t.state <> 'sent')
            and (t.sent_at, t.id) < ($5, $6)
        order by t.sent_at desc, t.id desc limit $7";
    /// The lines of a transfer.
    TRANSFER_LINES = "select l.line, l.product_id, p.sku, p.name, p.unit, l.quantity_sent, l.quantity_received, l.sent_movement_id
        from transfer_lines l join products p on p.id = l.product_id where l.transfer_id = $1 order by l.line";
    /// The lots that each line put on the road, in the order they were picked.
    TRANSFER_LOTS = "select l.line, o.id as lot_id, o.code, o.expires_on, d.delta as quantity
        from transfer_lines l
        join movements m on m.id = l.sent_movement_id
        join movement_lines d on d.sequence = m.sequence and d.location_id = m.to_location_id
        join lots o on o.id = d.lot_id
        where l.transfer_id = $1 order by l.line, d.line";
    /// How many transfers are on the road.
    COUNT_ON_THE_ROAD = "select count(*) from transfers where state = 'sent'
        and (cast($1 as uuid) is null or from_location_id = $1 or to_location_id = $1)";
    /// Products whose shelf is below its target and that the storeroom can give, by name. What is on
    /// the road counts as there; what is past its day or promised stays in the storeroom.
    RESTOCK = "select p.id, p.sku, p.name, p.name_folded, p.unit, x.target, x.on_shelf, x.on_the_way, x.free
        from (
            select t.product_id, t.quantity as target,
                coalesce((select cast(sum(b.quantity) as bigint) from balances b where b.product_id = t.product_id and b.location_id = $2), 0) as on_shelf,
                coalesce(w.quantity, 0) as on_the_way,
                coalesce((select cast(sum(b.quantity) as bigint) from balances b join lots o on o.id = b.lot_id
                    where b.product_id = t.product_id and b.location_id = $1 and (o.expires_on is null or o.expires_on >= $3)), 0)
                - coalesce((select cast(sum(r.quantity) as bigint) from reservations r
                    where r.product_id = t.product_id and r.location_id = $1 and r.state = 'pending' and r.expires_at > $4), 0) as free
            from shelf_targets t
            left join (select l.product_id, cast(sum(l.quantity_sent) as bigint) as quantity
                from transfers s join transfer_lines l on l.transfer_id = s.id
                where s.state = 'sent' and s.to_location_id = $2 group by l.product_id) w on w.product_id = t.product_id
            where t.location_id = $2
        ) x
        join products p on p.id = x.product_id
        where p.active and x.target > x.on_shelf + x.on_the_way and x.free > 0
            and (p.name_folded, p.id) > ($5, $6)
        order by p.name_folded, p.id limit $7";
    /// The lots of these products at a place that are not past their day.
    GOOD_LOTS = sqlite "select b.product_id, b.lot_id, o.code, o.expires_on, o.received_at, b.quantity
        from json_each($1) j join balances b on b.product_id = unhex(j.value) join lots o on o.id = b.lot_id
        where b.location_id = $2 and b.quantity > 0 and (o.expires_on is null or o.expires_on >= $3)"
        postgres "select b.product_id, b.lot_id, o.code, o.expires_on, o.received_at, b.quantity
        from balances b join lots o on o.id = b.lot_id
        where b.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j))
            and b.location_id = $2 and b.quantity > 0 and (o.expires_on is null or o.expires_on >= $3)";
}
