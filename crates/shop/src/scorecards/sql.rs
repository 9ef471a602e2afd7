//! Every statement about how good suppliers are. Each is about one of them where `$3` says which.

gondola_store::sql! {
    /// Orders that were sent between two instants: when they were promised, when the last goods came, how many lines they
    /// have, how many of them fell short, and how much came of what was asked for, each line counting a thousand.
    SENT_ORDERS = "select o.supplier_id, o.promised_on, o.sent_at, s.lead_days,
            (select max(g.received_at) from goods_receipts g where g.order_id = o.id and g.reversed_at is null) as last_received_at,
            cast(count(l.line) as bigint) as lines,
            cast(sum(case when l.base_received = 0 or l.base_received < coalesce(l.base_quantity, 0) then 1 else 0 end) as bigint) as short,
            cast(sum(case when l.base_received >= coalesce(l.base_quantity, 1) then 1000
                else l.base_received * 1000 / coalesce(l.base_quantity, 1) end) as bigint) as came_permille
        from purchase_orders o join suppliers s on s.id = o.supplier_id join purchase_order_lines l on l.order_id = o.id
        where o.state in ('sent', 'partial', 'received', 'closed') and o.sent_at >= $1 and o.sent_at < $2
            and (cast($3 as uuid) is null or o.supplier_id = $3)
        group by o.id, o.supplier_id, o.promised_on, o.sent_at, s.lead_days order by o.id";
    /// Deliveries of ordered goods between two instants, at one place or at all, with when they were promised.
    ORDERED_DELIVERIES = "select o.supplier_id, o.promised_on, o.sent_at, s.lead_days, g.received_at
        from goods_receipts g join purchase_orders o on o.id = g.order_id join suppliers s on s.id = o.supplier_id
        where g.reversed_at is null and o.sent_at is not null and g.received_at >= $1 and g.received_at < $2
            and (cast($3 as uuid) is null or o.supplier_id = $3) and (cast($4 as uuid) is null or g.location_id = $4)
        order by g.received_at, g.id";
    /// How much of what came between two instants came in good order, each line counting a thousand.
    UNBROKEN = "select g.supplier_id, cast(sum(l.quantity * 1000 / (l.quantity + l.damaged)) as bigint) as good,
            cast(count(l.line) * 1000 as bigint) as of_all
        from goods_receipts g join goods_receipt_lines l on l.receipt_id = g.id
        where g.reversed_at is null and g.supplier_id is not null and l.quantity + l.damaged > 0
            and g.received_at >= $1 and g.received_at < $2
            and (cast($3 as uuid) is null or g.supplier_id = $3) and (cast($4 as uuid) is null or g.location_id = $4)
        group by g.supplier_id order by g.supplier_id";
    /// Lines of goods that were billed between two instants, and those of them whose cost the shop does not claim.
    BILLED_AS_EXPECTED = "select i.supplier_id,
            cast(sum(case when exists (select 1 from supplier_claims c
                where c.invoice_id = i.id and c.line = l.line and c.kind = 'cost' and c.state <> 'dropped') then 0 else 1 end) as bigint) as good,
            cast(count(l.line) as bigint) as of_all
        from invoices i join invoice_lines l on l.invoice_id = i.id
        where i.state = 'applied' and i.kind not in ('credit_note', 'debit_note', 'price_list') and l.is_goods and l.product_id is not null
            and i.applied_at >= $1 and i.applied_at < $2 and (cast($3 as uuid) is null or i.supplier_id = $3)
        group by i.supplier_id order by i.supplier_id";
    /// Claims made between two instants that the supplier made good, of those that it did or that are open since before `$4`.
    ANSWERED_CLAIMS = "select c.supplier_id, cast(sum(case when c.state = 'settled' then 1 else 0 end) as bigint) as good,
            cast(count(c.id) as bigint) as of_all
        from supplier_claims c
        where c.created_at >= $1 and c.created_at < $2 and (c.state = 'settled' or (c.state = 'open' and c.created_at < $4))
            and (cast($3 as uuid) is null or c.supplier_id = $3)
        group by c.supplier_id order by c.supplier_id";
    /// Suppliers, by name, with what they mainly bring.
    JUDGED = "select s.id, s.code, s.name, s.score_profile from suppliers s where cast($1 as uuid) is null or s.id = $1 order by s.name, s.id";
}
