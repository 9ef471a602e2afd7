//! Every statement of the reservations feature. A pending reservation whose time is over reads as
//! expired whether or not the worker has marked it.

gondola_store::sql! {
    /// A new promise.
    INSERT_RESERVATION = "insert into reservations (id, product_id, location_id, quantity, state, reason, document, expires_at, movement_id,
            actor, actor_name, created_at, updated_at, version)
        values ($1, $2, $3, $4, 'pending', $5, $6, $7, null, $8, $9, $10, $10, 1)";
    /// A reservation about to end, locked.
    LOCK_RESERVATION = sqlite "select product_id, location_id, quantity, state, reason, document, expires_at from reservations where id = $1"
        postgres "select product_id, location_id, quantity, state, reason, document, expires_at from reservations where id = $1 for update";
    /// Ends a pending reservation.
    END_RESERVATION = "update reservations set state = $2, movement_id = $3, closing_reason = $4, updated_at = $5, version = version + 1
        where id = $1 and state = 'pending'";
    /// Marks the pending ones whose time is over.
    EXPIRE_RESERVATIONS = "update reservations set state = 'expired', updated_at = $1, version = version + 1
        where state = 'pending' and expires_at <= $1";
    /// One reservation as people see it at an instant.
    FIND_RESERVATION = "select r.id, p.sku, p.name, p.unit, l.code as location, r.location_id, r.quantity,
            case when r.state = 'pending' and r.expires_at <= $2 then 'expired' else r.state end as state,
            r.reason, r.closing_reason, r.document, r.expires_at, r.movement_id, r.actor_name, r.created_at, r.updated_at, r.version
        from reservations r join products p on p.id = r.product_id join locations l on l.id = r.location_id
        where r.id = $1";
    /// How many reservations hold at an instant.
    COUNT_KEPT = "select count(*) from reservations where state = 'pending' and expires_at > $1 and (cast($2 as uuid) is null or location_id = $2)";
    /// Reservations that hold at an instant, the first to end on top.
    ENDING_RESERVATIONS = "select r.id, p.sku, p.name, p.unit, l.code as location, r.location_id, r.quantity, r.state,
            r.reason, r.closing_reason, r.document, r.expires_at, r.movement_id, r.actor_name, r.created_at, r.updated_at, r.version
        from reservations r join products p on p.id = r.product_id join locations l on l.id = r.location_id
        where r.state = 'pending' and r.expires_at > $1 and (cast($2 as uuid) is null or r.location_id = $2)
            and (r.expires_at, r.id) > ($3, $4)
        order by r.expires_at, r.id limit $5";
    /// Reservations as people see them at an instant, newest first.
    LIST_RESERVATIONS = "select r.id, p.sku, p.name, p.unit, l.code as location, r.location_id, r.quantity,
            case when r.state = 'pending' and r.expires_at <= $1 then 'expired' else r.state end as state,
            r.reason, r.closing_reason, r.document, r.expires_at, r.movement_id, r.actor_name, r.created_at, r.updated_at, r.version
        from reservations r join products p on p.id = r.product_id join locations l on l.id = r.location_id
        where (cast($2 as uuid) is null or r.product_id = $2) and (cast($3 as text) is null or p.sku = $3)
            and (cast($4 as text) is null or l.code = $4) and (cast($5 as uuid) is null or r.location_id = $5)
            and (cast($6 as text) is null or case when r.state = 'pending' and r.expires_at <= $1 then 'expired' else r.state end = $6)
            and (r.created_at, r.id) < ($7, $8)
        order by r.created_at desc, r.id desc limit $9";
}
