//! Every statement about rates of inflation.

/// A rate, and whether it is what the shop goes by: no later row is about the same month.
macro_rules! rate {
    () => {
        "select r.number, r.id, r.month, r.rate_bp, r.source, r.actor_name, r.recorded_at,
            not exists (select 1 from inflation_rates as n where n.month = r.month and n.number > r.number) as is_current
        from inflation_rates as r "
    };
}

gondola_store::sql! {
    /// Records a rate.
    INSERT_RATE = "insert into inflation_rates (id, month, rate_bp, source, actor, actor_name, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    /// One rate.
    FIND_RATE = (rate!(), "where r.id = $1");
    /// The rate that the shop goes by in a month.
    FIND_CURRENT = (rate!(), "where r.month = $1 order by r.number desc limit 1");
    /// A page of rates between two months, newest month first and the one it goes by on top; only those where `$5` is set.
    LIST_RATES = (rate!(), "where (r.month, r.number) < ($1, $2) and r.month >= $3 and r.month <= $4
            and (not $5 or not exists (select 1 from inflation_rates as n where n.month = r.month and n.number > r.number))
        order by r.month desc, r.number desc limit $6");
    /// What the shop goes by between two months, oldest first.
    SERIES = "select r.month, r.rate_bp from inflation_rates as r
        where r.month >= $1 and r.month <= $2
            and not exists (select 1 from inflation_rates as n where n.month = r.month and n.number > r.number)
        order by r.month";
    /// What was received from suppliers between two instants and at what cost, in the order it came: of a place, or of all.
    PURCHASES = "select g.received_at, l.product_id, g.supplier_id, k.code as category, k.name as category_name, l.unit_cost, l.moved_quantity
        from goods_receipts as g
        join goods_receipt_lines as l on l.receipt_id = g.id
        join products as p on p.id = l.product_id
        join categories as k on k.id = p.category_id
        where g.received_at >= $1 and g.received_at < $2 and (cast($3 as uuid) is null or g.location_id = $3)
            and g.reversed_at is null and g.supplier_id is not null and l.unit_cost > 0 and l.moved_quantity > 0
        order by g.received_at, g.number, l.line";
    /// The first and the last month that have a rate.
    SPAN = "select min(month), max(month) from inflation_rates";
}
