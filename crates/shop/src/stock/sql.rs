//! Every statement of the stock feature. Lists of ids and whole sets of rows travel as one JSON
//! parameter, so that a batch costs as many statements as a single movement.

/// Movements as lists show them, by what they are asked for. The balance after each is looked up and not joined: to
/// PostgreSQL a join by three columns that depend on each other promises one row, which it then seeks everywhere.
/// Parameters: product, kind, place, lot, user, from, until, document.
macro_rules! listed_movements {
    () => {
        "select m.sequence, m.id, m.kind, m.product_id, m.quantity, m.entered_quantity, m.entered_unit, m.from_location_id, m.to_location_id, m.unit_cost,
            m.reason, m.waste_reason, m.document, m.flags, m.channel, m.reverses_id, r.id as reversed_by, m.actor_name,
            m.occurred_at, m.recorded_at, p.sku, p.name, p.unit,
            (select v.quantity_after from valuations v
                where v.product_id = m.product_id and v.occurred_at = m.occurred_at and v.sequence = m.sequence) as quantity_after
        from movements m
        join products p on p.id = m.product_id
        left join movements r on r.reverses_id = m.id
        where (cast($1 as uuid) is null or m.product_id = $1) and (cast($2 as text) is null or m.kind = $2)
            and (cast($3 as uuid) is null or exists (select 1 from movement_lines l where l.sequence = m.sequence and l.location_id = $3))
            and (cast($4 as text) is null or exists (select 1 from movement_lines l join lots t on t.id = l.lot_id where l.sequence = m.sequence and t.code = $4))
            and (cast($5 as text) is null or m.actor_name = $5)
            and m.occurred_at >= $6 and m.occurred_at < $7
            and (cast($8 as text) is null or m.document = $8)"
    };
}

/// A page of them: what is older than an instant and a sequence.
macro_rules! newest_first {
    () => {
        " and (m.occurred_at, m.sequence) < ($9, $10)
        order by m.occurred_at desc, m.sequence desc limit $11"
    };
}

/// Rules about negative stock with the names people know.
macro_rules! policies {
    () => {
        "select r.id, p.sku, l.code as location, r.channel, r.overdraw from negative_policies r
        left join products p on p.id = r.product_id left join locations l on l.id = r.location_id"
    };
}

/// Movements with what those who follow the ledger are told.
macro_rules! recent {
    () => {
        "select m.sequence, m.product_id, m.from_location_id, m.to_location_id, p.sku, m.kind, h.on_hand, h.level, p.unit
        from movements m join products p on p.id = m.product_id join stock_heads h on h.product_id = m.product_id"
    };
}

/// Products with how they stand.
macro_rules! standings {
    () => {
        "select p.id, p.sku, p.name, p.name_folded, c.code as category, p.unit, p.active, h.level, h.severity, h.cover_tenths, h.last_occurred_at, h.average_cost
        from products p join stock_heads h on h.product_id = p.id join categories c on c.id = p.category_id"
    };
}

/// Which of them: three words, category (with those below it), level, low or worse, status, a place that has some, supplier.
/// What is available is judged at the reader's own place ($10) and at an instant ($11).
macro_rules! wanted_standings {
    () => {
        "p.search_text like $1 escape '\\' and p.search_text like $2 escape '\\' and p.search_text like $3 escape '\\'
            and (cast($4 as text) is null or p.category_id in (with recursive below (id) as (select id from categories where code = $4
                union select k.id from categories k join below on k.parent_id = below.id) select id from below))
            and (cast($5 as text) is null or h.level = $5)
            and ($6 = 0 or h.severity < 4)
            and case when $7 = 'inactive' then not p.active else p.active end
            and ($7 not in ('available', 'unavailable') or ($7 = 'available') = (0 < (select coalesce(sum(b.quantity), 0) from balances b join locations l on l.id = b.location_id
                    where b.product_id = p.id and l.kind = 'stock' and (cast($10 as uuid) is null or l.id = $10))
                - (select coalesce(sum(r.quantity), 0) from reservations r join locations l on l.id = r.location_id
                    where r.product_id = p.id and r.state = 'pending' and r.expires_at > $11 and l.kind = 'stock' and (cast($10 as uuid) is null or l.id = $10))))
            and (cast($8 as uuid) is null or exists (select 1 from balances b where b.product_id = p.id and b.location_id = $8 and b.quantity <> 0))
            and (cast($9 as text) is null or exists (select 1 from product_suppliers x join suppliers s on s.id = x.supplier_id where x.product_id = p.id and s.code = $9))"
    };
}

/// A page of them, worst first, then the ones that last least; what does not sell comes last.
macro_rules! worst_first {
    () => {
        " and (h.severity, coalesce(h.cover_tenths, 9223372036854775807), h.product_id) > ($12, $13, $14)
        order by h.severity, coalesce(h.cover_tenths, 9223372036854775807), h.product_id limit $15"
    };
}

gondola_store::sql! {
    /// Locks the heads of products, given by ids and by SKUs, in the order of their ids. A statement of its own: what is read in the statement that waits for a
    /// lock is as old as the beginning of the wait.
    LOCK_HEADS = only postgres "select h.product_id from stock_heads h
        where h.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j
            union select p.id from json_array_elements_text($2::json) s join products p on p.sku = s))
        order by h.product_id for update";
    /// What posting needs to know about each product, given by ids and by SKUs.
    LOAD_HEADS = sqlite "select p.id, p.sku, p.unit, p.active, p.perishable, p.shelf_life_days, p.min_stock, p.max_stock, p.reorder_point,
            s.factor_permille, h.on_hand, h.avco_value, h.average_cost, h.fifo_layers, h.last_sequence, h.last_occurred_at,
            h.demand_quantity, h.demand_days, h.version
        from (select unhex(value) as id from json_each($1)
            union select w.id from json_each($3) j join products w on w.sku = j.value) wanted
        join products p on p.id = wanted.id
        join stock_heads h on h.product_id = p.id
        left join category_seasons s on s.category_id = p.category_id and s.month = $2
        order by p.id"
        postgres "select p.id, p.sku, p.unit, p.active, p.perishable, p.shelf_life_days, p.min_stock, p.max_stock, p.reorder_point,
            s.factor_permille, h.on_hand, h.avco_value, h.average_cost, h.fifo_layers, h.last_sequence, h.last_occurred_at,
            h.demand_quantity, h.demand_days, h.version
        from stock_heads h
        join products p on p.id = h.product_id
        left join category_seasons s on s.category_id = p.category_id and s.month = $2
        where h.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j
            union select w.id from json_array_elements_text($3::json) j join products w on w.sku = j))
        order by h.product_id";
    /// What every real location holds of these products, with the lots.
    LOAD_BALANCES = sqlite "select b.product_id, b.location_id, b.lot_id, b.quantity, b.version, l.code, l.expires_on, l.received_at
        from json_each($1) j join balances b on b.product_id = unhex(j.value) join lots l on l.id = b.lot_id"
        postgres "select b.product_id, b.location_id, b.lot_id, b.quantity, b.version, l.code, l.expires_on, l.received_at
        from balances b join lots l on l.id = b.lot_id
        where b.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j))";
    /// What is promised of these products and not expired.
    LOAD_RESERVED = sqlite "select r.product_id, r.location_id, cast(sum(r.quantity) as bigint) as quantity
        from json_each($1) j join reservations r on r.product_id = unhex(j.value)
        where r.state = 'pending' and r.expires_at > $2 group by r.product_id, r.location_id"
        postgres "select r.product_id, r.location_id, cast(sum(r.quantity) as bigint) as quantity from reservations r
        where r.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j))
            and r.state = 'pending' and r.expires_at > $2 group by r.product_id, r.location_id";
    /// Every place.
    LOAD_LOCATIONS = "select id, code, name, kind, active from locations order by position, code";
    /// The written rules about negative stock that may decide about these products.
    LOAD_POLICIES = sqlite "select product_id, location_id, channel, overdraw from negative_policies
        where product_id is null or product_id in (select unhex(value) from json_each($1)) order by id"
        postgres "select product_id, location_id, channel, overdraw from negative_policies
        where product_id is null or product_id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by id";
    /// Writes a rule; there is one for each product, place and channel.
    PUT_POLICY = sqlite "insert into negative_policies (id, product_id, location_id, channel, overdraw) values ($1, $2, $3, $4, $5)
        on conflict (coalesce(product_id, x'00'), coalesce(location_id, x'00'), coalesce(channel, '')) do update set overdraw = excluded.overdraw
        returning id"
        postgres "insert into negative_policies (id, product_id, location_id, channel, overdraw) values ($1, $2, $3, $4, $5)
        on conflict (coalesce(product_id, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(location_id, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(channel, '')) do update set overdraw = excluded.overdraw
        returning id";
    /// A rule with the names people know.
    FIND_POLICY = (policies!(), " where r.id = $1");
    /// The rule for a product, a place and a channel, or for any.
    FIND_POLICY_FOR = (policies!(), " where r.product_id is not distinct from $1 and r.location_id is not distinct from $2 and r.channel is not distinct from $3");
    /// The rules that somebody of a place may see, all for who may see every place.
    POLICIES_PAGE = (policies!(), " where r.id > $1 and (cast($2 as uuid) is null or r.location_id is null or r.location_id = $2) order by r.id limit $3");
    /// Takes a rule away; somebody of a place only its own.
    DELETE_POLICY = "delete from negative_policies where id = $1 and (cast($2 as uuid) is null or location_id = $2)";
    /// Lots of products by code; the empty code is the unnamed lots.
    FIND_LOTS = sqlite "select l.product_id, l.id, l.code, l.expires_on, l.received_at
        from json_each($1) j join lots l on l.product_id = unhex(j.value ->> 'product_id') and l.code = j.value ->> 'code' order by l.id"
        postgres "select l.product_id, l.id, l.code, l.expires_on, l.received_at
        from json_to_recordset($1::json) as j(product_id uuid, code text) join lots l on l.product_id = j.product_id and l.code = j.code order by l.id";
    /// How much the units of products are that are not their base unit.
    LOAD_PACKS = sqlite "select k.product_id, k.name, k.factor_num, k.factor_den
        from json_each($1) j join presentations k on k.product_id = unhex(j.value) order by k.product_id, k.name"
        postgres "select k.product_id, k.name, k.factor_num, k.factor_den from presentations k
        where k.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by k.product_id, k.name";
    /// What changed at real places of products, each after its own moment, in order.
    LATER_LINES = sqlite "select l.product_id, l.location_id, l.occurred_at, l.delta
        from json_each($1) j join movement_lines l on l.product_id = unhex(j.value ->> 'product_id') and l.occurred_at > j.value ->> 'after'
        where l.real_stock order by l.product_id, l.occurred_at, l.sequence, l.line"
        postgres "select l.product_id, l.location_id, l.occurred_at, l.delta
        from json_to_recordset($1::json) as j(product_id uuid, after bigint)
        join movement_lines l on l.product_id = j.product_id and l.occurred_at > j.after
        where l.real_stock order by l.product_id, l.occurred_at, l.sequence, l.line";
    /// New lots, as a JSON list.
    INSERT_LOTS = sqlite "insert into lots (id, product_id, code, expires_on, unit_cost, received_at)
        select unhex(value ->> 'id'), unhex(value ->> 'product_id'), value ->> 'code', value ->> 'expires_on', value ->> 'unit_cost', value ->> 'received_at'
        from json_each($1)"
        postgres "insert into lots (id, product_id, code, expires_on, unit_cost, received_at)
        select id, product_id, code, expires_on, unit_cost, received_at
        from json_to_recordset($1::json) as r(id uuid, product_id uuid, code text, expires_on integer, unit_cost bigint, received_at bigint)";
    /// Movements, as a JSON list; the database gives each its sequence, in their order. On PostgreSQL others draw at the
    /// same time, so sequences need not be neighbours.
    INSERT_MOVEMENTS = sqlite "insert into movements (id, kind, product_id, quantity, entered_quantity, entered_unit, from_location_id, to_location_id,
            unit_cost, reason, waste_reason, document, flags, channel, source_kind, source_id, reverses_id, actor, actor_name, occurred_at, recorded_at)
        select unhex(value ->> 'id'), value ->> 'kind', unhex(value ->> 'product_id'), value ->> 'quantity', value ->> 'entered_quantity',
            value ->> 'entered_unit', unhex(value ->> 'from_location_id'), unhex(value ->> 'to_location_id'), value ->> 'unit_cost', value ->> 'reason',
            value ->> 'waste_reason', value ->> 'document', value ->> 'flags', value ->> 'channel', value ->> 'source_kind', unhex(value ->> 'source_id'),
            unhex(value ->> 'reverses_id'), value ->> 'actor', value ->> 'actor_name', value ->> 'occurred_at', value ->> 'recorded_at'
        from json_each($1) returning id, sequence"
        postgres "insert into movements (id, kind, product_id, quantity, entered_quantity, entered_unit, from_location_id, to_location_id,
            unit_cost, reason, waste_reason, document, flags, channel, source_kind, source_id, reverses_id, actor, actor_name, occurred_at, recorded_at)
        select id, kind, product_id, quantity, entered_quantity, entered_unit, from_location_id, to_location_id,
            unit_cost, reason, waste_reason, document, flags, channel, source_kind, source_id, reverses_id, actor, actor_name, occurred_at, recorded_at
        from json_to_recordset($1::json) as r(id uuid, kind text, product_id uuid, quantity bigint, entered_quantity bigint, entered_unit text,
            from_location_id uuid, to_location_id uuid, unit_cost bigint, reason text, waste_reason text, document text, flags text, channel text,
            source_kind text, source_id uuid, reverses_id uuid, actor text, actor_name text, occurred_at bigint, recorded_at bigint)
        returning id, sequence";
    /// Their lines, as a JSON list.
    INSERT_LINES = sqlite "insert into movement_lines (sequence, line, product_id, location_id, lot_id, delta, real_stock, occurred_at)
        select value ->> 'sequence', value ->> 'line', unhex(value ->> 'product_id'), unhex(value ->> 'location_id'), unhex(value ->> 'lot_id'),
            value ->> 'delta', value ->> 'real_stock', value ->> 'occurred_at'
        from json_each($1)"
        postgres "insert into movement_lines (sequence, line, product_id, location_id, lot_id, delta, real_stock, occurred_at)
        select sequence, line, product_id, location_id, lot_id, delta, real_stock, occurred_at
        from json_to_recordset($1::json) as r(sequence bigint, line bigint, product_id uuid, location_id uuid, lot_id uuid, delta bigint, real_stock boolean, occurred_at bigint)";
    /// The balances that changed; a row whose version is not the one we read stays, and the count tells.
    PUT_BALANCES = sqlite "insert into balances (product_id, location_id, lot_id, quantity, version)
        select unhex(value ->> 'product_id'), unhex(value ->> 'location_id'), unhex(value ->> 'lot_id'), value ->> 'quantity', value ->> 'version'
        from json_each($1) where true
        on conflict (product_id, location_id, lot_id) do update set quantity = excluded.quantity, version = excluded.version
        where balances.version = excluded.version - 1"
        postgres "insert into balances (product_id, location_id, lot_id, quantity, version)
        select product_id, location_id, lot_id, quantity, version
        from json_to_recordset($1::json) as r(product_id uuid, location_id uuid, lot_id uuid, quantity bigint, version bigint)
        order by product_id, location_id, lot_id
        on conflict (product_id, location_id, lot_id) do update set quantity = excluded.quantity, version = excluded.version
        where balances.version = excluded.version - 1";
    /// The heads that changed; as with balances, the version must be the one we read.
    PUT_HEADS = sqlite "update stock_heads set on_hand = v.value ->> 'on_hand', avco_value = v.value ->> 'avco_value', average_cost = v.value ->> 'average_cost',
            fifo_layers = v.value ->> 'fifo_layers', last_sequence = v.value ->> 'last_sequence', last_occurred_at = v.value ->> 'last_occurred_at',
            level = v.value ->> 'level', severity = v.value ->> 'severity', cover_tenths = v.value ->> 'cover_tenths', version = stock_heads.version + 1
        from json_each($1) v
        where stock_heads.product_id = unhex(v.value ->> 'product_id') and stock_heads.version = v.value ->> 'version'"
        postgres "update stock_heads set on_hand = v.on_hand, avco_value = v.avco_value, average_cost = v.average_cost,
            fifo_layers = v.fifo_layers, last_sequence = v.last_sequence, last_occurred_at = v.last_occurred_at,
            level = v.level, severity = v.severity, cover_tenths = v.cover_tenths, version = stock_heads.version + 1
        from json_to_recordset($1::json) as v(product_id uuid, on_hand bigint, avco_value bigint, average_cost bigint, fifo_layers text, last_sequence bigint,
            last_occurred_at bigint, level text, severity bigint, cover_tenths bigint, version bigint)
        where stock_heads.product_id = v.product_id and stock_heads.version = v.version";
    /// Valuation rows, as a JSON list.
    INSERT_VALUATIONS = sqlite "insert into valuations (product_id, occurred_at, sequence, delta, unit_cost, fixed_value, fixed_fifo_value, moved_value, moved_fifo_value, quantity_after, value_after, cost_after)
        select unhex(value ->> 'product_id'), value ->> 'occurred_at', value ->> 'sequence', value ->> 'delta', value ->> 'unit_cost', value ->> 'fixed_value', value ->> 'fixed_fifo_value', value ->> 'moved_value', value ->> 'moved_fifo_value', value ->> 'quantity_after', value ->> 'value_after', value ->> 'cost_after'
        from json_each($1)"
        postgres "insert into valuations (product_id, occurred_at, sequence, delta, unit_cost, fixed_value, fixed_fifo_value, moved_value, moved_fifo_value, quantity_after, value_after, cost_after)
        select product_id, occurred_at, sequence, delta, unit_cost, fixed_value, fixed_fifo_value, moved_value, moved_fifo_value, quantity_after, value_after, cost_after
        from json_to_recordset($1::json) as r(product_id uuid, occurred_at bigint, sequence bigint, delta bigint, unit_cost bigint, fixed_value bigint, fixed_fifo_value bigint, moved_value bigint, moved_fifo_value bigint, quantity_after bigint, value_after bigint, cost_after bigint)";
    /// Forgets the valuations of products, each from its own moment on; they are written again at once.
    DELETE_VALUATIONS = sqlite "delete from valuations where (product_id, occurred_at, sequence) in (
            select v.product_id, v.occurred_at, v.sequence from json_each($1) j
            join valuations v on v.product_id = unhex(j.value ->> 'product_id') and v.occurred_at >= j.value ->> 'since')"
        postgres "delete from valuations v using json_to_recordset($1::json) as j(product_id uuid, since bigint)
        where v.product_id = j.product_id and v.occurred_at >= j.since";
    /// What changed at a place after a moment, and the lowest sum on the way.
    LATER_AT_PLACE = "select cast(coalesce(sum(delta), 0) as bigint) as total, cast(coalesce(min(run), 0) as bigint) as lowest from (
            select delta, sum(delta) over (order by occurred_at, sequence, line rows unbounded preceding) as run
            from movement_lines where product_id = $1 and location_id = $2 and occurred_at > $3) later";
    /// The lot of goods nobody told apart has the product's own id.
    OPEN_PLAIN_LOTS = sqlite "insert into lots (id, product_id, code, expires_on, unit_cost, received_at)
        select unhex(j.value), unhex(j.value), '', null, null, $2 from json_each($1) j"
        postgres "insert into lots (id, product_id, code, expires_on, unit_cost, received_at)
        select j::uuid, j::uuid, '', null, null, $2 from json_array_elements_text($1::json) j";
    /// New products' heads: nothing there, nothing worth.
    OPEN_HEADS = sqlite "insert into stock_heads (product_id, on_hand, avco_value, average_cost, fifo_layers, last_sequence, last_occurred_at,
            demand_quantity, demand_days, level, severity, cover_tenths, version)
        select unhex(j.value), 0, 0, null, $2, 0, null, 0, 0, 'out_of_stock', 1, null, 0 from json_each($1) j"
        postgres "insert into stock_heads (product_id, on_hand, avco_value, average_cost, fifo_layers, last_sequence, last_occurred_at,
            demand_quantity, demand_days, level, severity, cover_tenths, version)
        select j::uuid, 0, 0, null, $2, 0, null, 0, 0, 'out_of_stock', 1, null, 0 from json_array_elements_text($1::json) j";
    /// Movements to look at or to undo.
    FIND_MOVEMENTS = sqlite "select m.sequence, m.id, m.kind, m.product_id, m.quantity, m.entered_quantity, m.entered_unit, m.from_location_id, m.to_location_id, m.unit_cost,
            m.reason, m.waste_reason, m.document, m.flags, m.channel, m.reverses_id, r.id as reversed_by, m.actor_name,
            m.occurred_at, m.recorded_at
        from json_each($1) j join movements m on m.id = unhex(j.value) left join movements r on r.reverses_id = m.id order by m.sequence"
        postgres "select m.sequence, m.id, m.kind, m.product_id, m.quantity, m.entered_quantity, m.entered_unit, m.from_location_id, m.to_location_id, m.unit_cost,
            m.reason, m.waste_reason, m.document, m.flags, m.channel, m.reverses_id, r.id as reversed_by, m.actor_name,
            m.occurred_at, m.recorded_at
        from movements m left join movements r on r.reverses_id = m.id
        where m.id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by m.sequence";
    /// A movement by its id or number, if it touched a place.
    FIND_MOVEMENT_CALLED = "select m.id, m.kind, p.sku, p.name, m.entered_unit from movements m join products p on p.id = m.product_id
        where (m.id = $1 or m.sequence = $2)
            and (cast($3 as uuid) is null or m.from_location_id = $3 or m.to_location_id = $3)";
    /// How much the latest movements of a product and kind were of.
    LATEST_QUANTITIES = "select quantity from movements where product_id = $1 and kind = $2 and reverses_id is null
        order by occurred_at desc, sequence desc limit $3";
    /// The kind of document that a movement belongs to.
    SOURCE_OF = "select source_kind from movements where id = $1";
    /// Their lines.
    FIND_LINES = sqlite "select l.sequence, l.location_id, l.lot_id, l.delta, t.code, t.expires_on, t.received_at
        from json_each($1) j join movement_lines l on l.sequence = j.value join lots t on t.id = l.lot_id order by l.sequence, l.line"
        postgres "select l.sequence, l.location_id, l.lot_id, l.delta, t.code, t.expires_on, t.received_at
        from movement_lines l join lots t on t.id = l.lot_id
        where l.sequence = any(array(select j::bigint from json_array_elements_text($1::json) j)) order by l.sequence, l.line";
    /// What they moved in value.
    FIND_MOVED_VALUES = sqlite "select v.sequence, v.moved_value, v.moved_fifo_value
        from json_each($1) j join movements m on m.sequence = j.value
        join valuations v on v.product_id = m.product_id and v.occurred_at = m.occurred_at and v.sequence = m.sequence order by v.sequence"
        postgres "select v.sequence, v.moved_value, v.moved_fifo_value from movements m
        join valuations v on v.product_id = m.product_id and v.occurred_at = m.occurred_at and v.sequence = m.sequence
        where m.sequence = any(array(select j::bigint from json_array_elements_text($1::json) j)) order by v.sequence";
    /// A product's movements, newest first, with the running balance.
    KARDEX = (listed_movements!(), " and m.product_id = $1", newest_first!());
    /// The movements of a document, newest first.
    OF_DOCUMENT = (listed_movements!(), " and m.document = $8", newest_first!());
    /// Everybody's movements, newest first.
    JOURNAL = (listed_movements!(), newest_first!());
    /// What these movements changed at real places.
    LINES_OF = sqlite "select l.sequence, l.location_id, l.delta, t.code, t.expires_on
        from json_each($1) j join movement_lines l on l.sequence = j.value join lots t on t.id = l.lot_id
        where l.real_stock order by l.sequence, l.line"
        postgres "select l.sequence, l.location_id, l.delta, t.code, t.expires_on
        from movement_lines l join lots t on t.id = l.lot_id
        where l.sequence = any(array(select j::bigint from json_array_elements_text($1::json) j)) and l.real_stock order by l.sequence, l.line";
    /// Products with how they stand, by name.
    INVENTORY = (standings!(), " where ", wanted_standings!(), " and (p.name_folded, p.id) > ($12, $13)
        order by p.name_folded, p.id limit $14");
    /// All products in use by name. What is asked for most needs no filter, and without one there is less to plan.
    INVENTORY_ALL = (standings!(), " where p.active and (p.name_folded, p.id) > ($1, $2) order by p.name_folded, p.id limit $3");
    /// All products in use that are low or worse, worst first, then the ones that last least.
    INVENTORY_ALL_SHORT = (standings!(), " where h.severity < 4 and p.active
            and (h.severity, coalesce(h.cover_tenths, 9223372036854775807), h.product_id) > ($1, $2, $3)
        order by h.severity, coalesce(h.cover_tenths, 9223372036854775807), h.product_id limit $4");
    /// Products that are low or worse, worst first, then the ones that last least.
    INVENTORY_SHORT = (standings!(), " where h.severity < 4 and ", wanted_standings!(), worst_first!());
    /// Products of one level, the ones that last least first.
    INVENTORY_OF_LEVEL = (standings!(), " where h.level = $5 and ", wanted_standings!(), worst_first!());
    /// How many active products stand at each level.
    LEVEL_COUNTS = "select h.level, cast(count(*) as bigint) as products from stock_heads h join products p on p.id = h.product_id where p.active group by h.level order by h.level";
    /// What the whole stock is worth now.
    STOCK_VALUE = "select cast(coalesce(sum(avco_value), 0) as bigint) from stock_heads";
    /// The packs a product comes in.
    PACKS = "select name from presentations where product_id = $1 order by position, name";
    /// One product with how it stands, by SKU.
    INVENTORY_ONE = (standings!(), " where p.sku = $1");
    /// How many active products a category and those below it have, and how many of them are low or worse.
    CATEGORY_COUNTS = "with recursive family (top, id) as (select id, id from categories
            union select f.top, k.id from categories k join family f on k.parent_id = f.id)
        select c.code, c.name, cast(count(*) as bigint) as products, cast(sum(case when h.severity < 4 then 1 else 0 end) as bigint) as short
        from family f join categories c on c.id = f.top join products p on p.category_id = f.id join stock_heads h on h.product_id = p.id
        where p.active group by c.code, c.name, c.position order by c.position, c.code";
    /// What places hold of these products, over all lots.
    HELD = sqlite "select b.product_id, b.location_id, cast(sum(b.quantity) as bigint) as quantity
        from json_each($1) j join balances b on b.product_id = unhex(j.value) group by b.product_id, b.location_id"
        postgres "select b.product_id, b.location_id, cast(sum(b.quantity) as bigint) as quantity
        from balances b where b.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j)) group by b.product_id, b.location_id";
    /// Stock and value of products at an instant, by name: of one that did not move since, what its head says.
    AS_OF = "select p.id, p.sku, p.name, p.name_folded, p.unit, case when p.updated_at <= $1 then p.replacement_cost end as replacement_cost,
            case when coalesce(h.last_occurred_at, $1) <= $1 then h.on_hand
                else (select x.quantity_after from valuations x where x.product_id = p.id and x.occurred_at <= $1 order by x.occurred_at desc, x.sequence desc limit 1) end as quantity,
            case when coalesce(h.last_occurred_at, $1) <= $1 then h.avco_value
                else (select x.value_after from valuations x where x.product_id = p.id and x.occurred_at <= $1 order by x.occurred_at desc, x.sequence desc limit 1) end as value
        from products p join stock_heads h on h.product_id = p.id
        where (cast($2 as text) is null or p.sku = $2) and (p.name_folded, p.id) > ($3, $4)
        order by p.name_folded, p.id limit $5";
    /// The value of everything at an instant, and how many products had stock.
    AS_OF_TOTAL = "select cast(coalesce(sum(value), 0) as bigint) as value, cast(count(nullif(quantity, 0)) as bigint) as products from (
            select case when coalesce(h.last_occurred_at, $1) <= $1 then h.avco_value
                    else (select x.value_after from valuations x where x.product_id = h.product_id and x.occurred_at <= $1 order by x.occurred_at desc, x.sequence desc limit 1) end as value,
                case when coalesce(h.last_occurred_at, $1) <= $1 then h.on_hand
                    else (select x.quantity_after from valuations x where x.product_id = h.product_id and x.occurred_at <= $1 order by x.occurred_at desc, x.sequence desc limit 1) end as quantity
            from stock_heads h) worth";
    /// What places held of these products at an instant: the balances of one that did not move since, of another what its
    /// lines add up to, along the index of each product and place, whose rows alone tell. Who never had any has no balance.
    HELD_AT = sqlite "select b.product_id, b.location_id, cast(case when coalesce(h.last_occurred_at, $2) <= $2 then sum(b.quantity)
                else (select coalesce(sum(x.delta), 0) from movement_lines x
                    where x.product_id = b.product_id and x.location_id = b.location_id and x.occurred_at <= $2) end as bigint) as quantity
        from json_each($1) j cross join stock_heads h on h.product_id = unhex(j.value) cross join balances b on b.product_id = h.product_id
        group by b.product_id, b.location_id, h.last_occurred_at"
        postgres "select b.product_id, b.location_id, cast(case when coalesce(h.last_occurred_at, $2) <= $2 then sum(b.quantity)
                else (select coalesce(sum(x.delta), 0) from movement_lines x
                    where x.product_id = b.product_id and x.location_id = b.location_id and x.occurred_at <= $2) end as bigint) as quantity
        from json_array_elements_text($1::json) j join stock_heads h on h.product_id = j::uuid join balances b on b.product_id = h.product_id
        group by b.product_id, b.location_id, h.last_occurred_at";
    /// What moved in value of these products up to an instant, in order, to fold worth from.
    EVENTS_UNTIL = sqlite "select v.product_id, v.occurred_at, v.sequence, v.delta, v.unit_cost, v.fixed_value, v.fixed_fifo_value, v.moved_value, v.moved_fifo_value, v.quantity_after, v.value_after, v.cost_after
        from json_each($1) j join valuations v on v.product_id = unhex(j.value) and v.occurred_at <= $2 order by v.product_id, v.occurred_at, v.sequence"
        postgres "select v.product_id, v.occurred_at, v.sequence, v.delta, v.unit_cost, v.fixed_value, v.fixed_fifo_value, v.moved_value, v.moved_fifo_value, v.quantity_after, v.value_after, v.cost_after
        from valuations v where v.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j)) and v.occurred_at <= $2
        order by v.product_id, v.occurred_at, v.sequence";
    /// What moved in value of everything up to an instant, in order.
    ALL_EVENTS_UNTIL = "select product_id, occurred_at, sequence, delta, unit_cost, fixed_value, fixed_fifo_value, moved_value, moved_fifo_value, quantity_after, value_after, cost_after
        from valuations where occurred_at <= $1 order by product_id, occurred_at, sequence";
    /// Lots with stock, first expiring first.
    LOTS = "select b.product_id, p.sku, p.name, p.unit, b.location_id, b.lot_id, t.code, t.expires_on, t.received_at, b.quantity,
            coalesce(t.expires_on, 2147483647) as expiry
        from balances b join lots t on t.id = b.lot_id join products p on p.id = b.product_id
        where b.quantity <> 0 and (cast($1 as text) is null or p.sku = $1) and (cast($2 as uuid) is null or b.location_id = $2)
            and coalesce(t.expires_on, 2147483647) <= $3
            and (coalesce(t.expires_on, 2147483647), b.lot_id, b.location_id) > ($4, $5, $6)
        order by coalesce(t.expires_on, 2147483647), b.lot_id, b.location_id limit $7";
    /// Movements after a position, for those who follow the ledger live.
    RECENT = (recent!(), " where m.sequence > $1 order by m.sequence limit $2");
    /// Those of these positions that are there. On SQLite, where one writes at a time, none comes late.
    RECENT_AMONG = only postgres (recent!(), " where m.sequence = any(array(select j::bigint from json_array_elements_text($1::json) j)) order by m.sequence");
    /// The newest position.
    NEWEST = "select coalesce(max(sequence), 0) from movements where $1 = 0";
    /// Movements whose lines do not add up to zero, lot by lot, or that have none.
    VERIFY_LINES = "select m.sequence, cast(coalesce(sum(l.delta), 0) as bigint) as total, cast(count(l.line) as bigint) as lines
        from movements m left join movement_lines l on l.sequence = m.sequence
        group by m.sequence, l.lot_id having coalesce(sum(l.delta), 0) <> 0 or count(l.line) = 0 order by m.sequence, l.lot_id limit $1";
    /// Movements whose lines do not carry their quantity from the one place to the other, of their product, at their instant.
    VERIFY_MOVEMENTS = "select m.sequence, m.quantity as stored, cast(coalesce(sum(case when l.delta > 0 and l.location_id = m.to_location_id then l.delta
                when l.location_id = m.from_location_id then 0 else -m.quantity end), 0) as bigint) as summed
        from movements m left join movement_lines l on l.sequence = m.sequence and l.product_id = m.product_id and l.occurred_at = m.occurred_at
        group by m.sequence, m.quantity
        having m.quantity <> coalesce(sum(case when l.delta > 0 and l.location_id = m.to_location_id then l.delta
                when l.location_id = m.from_location_id then 0 else -m.quantity end), 0)
            or m.quantity <> coalesce(-sum(case when l.delta < 0 then l.delta else 0 end), 0)
        order by m.sequence limit $1";
    /// Balances that are not the sum of their lines.
    VERIFY_BALANCES = "select p.sku, c.code as place, cast(sum(x.stored) as bigint) as stored, cast(sum(x.summed) as bigint) as summed
        from (select product_id, location_id, lot_id, quantity as stored, cast(0 as bigint) as summed from balances
            union all select product_id, location_id, lot_id, cast(0 as bigint) as stored, delta as summed from movement_lines where real_stock) x
        join products p on p.id = x.product_id join locations c on c.id = x.location_id
        group by p.sku, c.code, x.lot_id having sum(x.stored) <> sum(x.summed) order by p.sku, c.code limit $1";
    /// Heads whose stock is not the sum of their balances.
    VERIFY_HEADS = "select p.sku, h.on_hand as stored, cast(coalesce((select sum(b.quantity) from balances b where b.product_id = h.product_id), 0) as bigint) as summed
        from stock_heads h join products p on p.id = h.product_id
        where h.on_hand <> coalesce((select sum(b.quantity) from balances b where b.product_id = h.product_id), 0) order by p.sku limit $1";
    /// Heads whose last movement is not the last one.
    VERIFY_LAST = "select p.sku, h.last_sequence, h.last_occurred_at, cast(coalesce(max(m.sequence), 0) as bigint) as newest, max(m.occurred_at) as latest
        from stock_heads h join products p on p.id = h.product_id left join movements m on m.product_id = h.product_id
        group by p.sku, h.last_sequence, h.last_occurred_at
        having h.last_sequence <> coalesce(max(m.sequence), 0) or coalesce(h.last_occurred_at, -1) <> coalesce(max(m.occurred_at), -1)
        order by p.sku limit $1";
    /// Movements whose valuation is missing or has another quantity than the lines.
    VERIFY_VALUATIONS = "select m.sequence, cast(coalesce(v.delta, 0) as bigint) as stored, cast(coalesce(sum(l.delta), 0) as bigint) as summed
        from movements m
        left join valuations v on v.product_id = m.product_id and v.occurred_at = m.occurred_at and v.sequence = m.sequence
        left join movement_lines l on l.sequence = m.sequence and l.real_stock
        group by m.sequence, v.sequence, v.delta having v.sequence is null or v.delta <> coalesce(sum(l.delta), 0) order by m.sequence limit $1";
    /// How much there is to verify.
    VERIFY_COUNTS = "select (select count(*) from movements) as movements, (select count(*) from movement_lines) as lines, (select count(*) from stock_heads) as heads";
    /// Heads with what they say they are worth and how they stand, a page at a time.
    HEADS_PAGE = "select h.product_id, p.sku, h.on_hand, h.avco_value, h.average_cost, h.fifo_layers, h.last_occurred_at, h.demand_quantity, h.demand_days,
            h.level, h.severity, h.cover_tenths, p.min_stock, p.max_stock, p.reorder_point, p.category_id
        from stock_heads h join products p on p.id = h.product_id where h.product_id > $1 order by h.product_id limit $2";
    /// What categories make of the minimum in months for which somebody said so.
    ALL_SEASONS = "select category_id, month, factor_permille from category_seasons order by category_id, month";
    /// Products to refresh, a page at a time.
    PRODUCTS_PAGE = "select product_id from stock_heads where product_id > $1 order by product_id limit $2";
    /// What customers took of these products since an instant, reversals subtracted.
    DEMAND = sqlite "select m.product_id, cast(sum(case when m.reverses_id is null then m.quantity else -m.quantity end) as bigint) as quantity
        from json_each($1) j join movements m on m.product_id = unhex(j.value)
        where m.occurred_at >= $2 and m.occurred_at < $3 and m.kind in ('sale', 'issue') group by m.product_id"
        postgres "select m.product_id, cast(sum(case when m.reverses_id is null then m.quantity else -m.quantity end) as bigint) as quantity from movements m
        where m.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j))
            and m.occurred_at >= $2 and m.occurred_at < $3 and m.kind in ('sale', 'issue') group by m.product_id";
    /// What there was of these products at the beginning of a window and after each movement in it.
    WINDOW = sqlite "select v.product_id, v.occurred_at, v.quantity_after
        from json_each($1) j join valuations v on v.product_id = unhex(j.value)
        where v.occurred_at >= $2 and v.occurred_at < $3 order by v.product_id, v.occurred_at, v.sequence"
        postgres "select v.product_id, v.occurred_at, v.quantity_after from valuations v
        where v.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j))
            and v.occurred_at >= $2 and v.occurred_at < $3 order by v.product_id, v.occurred_at, v.sequence";
    /// What there was of these products just before an instant.
    WINDOW_START = sqlite "select h.product_id, (select v.quantity_after from valuations v where v.product_id = h.product_id and v.occurred_at < $2
            order by v.occurred_at desc, v.sequence desc limit 1) as quantity
        from json_each($1) j join stock_heads h on h.product_id = unhex(j.value)"
        postgres "select h.product_id, (select v.quantity_after from valuations v where v.product_id = h.product_id and v.occurred_at < $2
            order by v.occurred_at desc, v.sequence desc limit 1) as quantity
        from stock_heads h where h.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j))";
    /// How these products stand, by what sells of them.
    PUT_STANDING = sqlite "update stock_heads set demand_quantity = v.value ->> 'demand_quantity', demand_days = v.value ->> 'demand_days',
            level = v.value ->> 'level', severity = v.value ->> 'severity', cover_tenths = v.value ->> 'cover_tenths', version = stock_heads.version + 1
        from json_each($1) v where stock_heads.product_id = unhex(v.value ->> 'product_id') and stock_heads.version = v.value ->> 'version'"
        postgres "update stock_heads set demand_quantity = v.demand_quantity, demand_days = v.demand_days,
            level = v.level, severity = v.severity, cover_tenths = v.cover_tenths, version = stock_heads.version + 1
        from json_to_recordset($1::json) as v(product_id uuid, demand_quantity bigint, demand_days bigint, level text, severity bigint, cover_tenths bigint, version bigint)
        where stock_heads.product_id = v.product_id and stock_heads.version = v.version";
}
