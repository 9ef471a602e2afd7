//! Every statement of purchasing.

/// Orders without their lines.
macro_rules! orders {
    () => {
        "select o.id, o.number, s.code as supplier, s.name as supplier_name, o.supplier_id, s.minimum_order, s.visit_days, s.delivery_days,
            s.cut_off_minutes, s.lead_days, o.state, o.notes, o.promised_on, o.sent_text,
            o.actor_name, o.created_at, o.sent_at, o.received_at, o.closed_at, o.closed_by, o.closing_reason, o.version,
            (select cast(count(l.line) as bigint) from purchase_order_lines l where l.order_id = o.id) as lines,
            (select cast(count(l.line) as bigint) from purchase_order_lines l where l.order_id = o.id
                and (l.base_received = 0 or l.base_received < coalesce(l.base_quantity, 0))) as missing
        from purchase_orders o join suppliers s on s.id = o.supplier_id"
    };
}

/// Receipts without their lines.
macro_rules! receipts {
    () => {
        "select g.id, g.number, g.order_id, o.number as order_number, s.code as supplier, s.name as supplier_name, g.supplier_id, g.location_id,
            k.code as location, g.document, g.reason, g.actor_name, g.received_at, g.reversed_at, g.reversed_by, g.reversing_reason,
            (select cast(count(l.line) as bigint) from goods_receipt_lines l where l.receipt_id = g.id) as lines
        from goods_receipts g join locations k on k.id = g.location_id
        left join purchase_orders o on o.id = g.order_id left join suppliers s on s.id = g.supplier_id"
    };
}

gondola_store::sql! {
    /// The next number of a kind of document.
    NEXT_NUMBER = "insert into document_numbers (name, last) values ($1, 1)
        on conflict (name) do update set last = document_numbers.last + 1 returning last";
    /// The suppliers in use with these codes, as a JSON list.
    FIND_SUPPLIERS = sqlite "select s.id, s.code from json_each($1) j join suppliers s on s.code = j.value where s.active order by s.id"
        postgres "select s.id, s.code from suppliers s
        where s.active and s.code = any(array(select json_array_elements_text($1::json))) order by s.id";
    /// Locks suppliers, as a JSON list of ids, so that each has one draft.
    LOCK_SUPPLIERS = only postgres "select id from suppliers
        where id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by id for no key update";
    /// What a line needs to know of these products, as JSON lists of ids and of SKUs.
    FIND_GOODS = sqlite "select p.id, p.sku, p.name, p.unit, p.perishable, p.shelf_life_days from products p
        where p.id in (select unhex(value) from json_each($1)) or p.sku in (select value from json_each($2)) order by p.id"
        postgres "select p.id, p.sku, p.name, p.unit, p.perishable, p.shelf_life_days from products p
        where p.id = any(array(select j::uuid from json_array_elements_text($1::json) j))
            or p.sku = any(array(select json_array_elements_text($2::json))) order by p.id";
    /// The draft of a supplier, locked.
    FIND_DRAFT = sqlite "select id from purchase_orders where supplier_id = $1 and state = 'draft'"
        postgres "select id from purchase_orders where supplier_id = $1 and state = 'draft' for update";
    /// A new draft.
    INSERT_ORDER = "insert into purchase_orders (id, number, supplier_id, state, notes, promised_on, sent_text, actor, actor_name, created_at,
            sent_at, received_at, closed_at, closed_by, closing_reason, version)
        values ($1, $2, $3, 'draft', '', null, null, $4, $5, $6, null, null, null, null, null, 1)";
    /// An order about to change, locked.
    LOCK_ORDER = sqlite "select id, number, supplier_id, state, version from purchase_orders where id = $1"
        postgres "select id, number, supplier_id, state, version from purchase_orders where id = $1 for update";
    /// Notes that an order changed.
    TOUCH_ORDER = "update purchase_orders set version = version + 1 where id = $1 and state = 'draft'";
    /// An order that was sent.
    SEND_ORDER = "update purchase_orders set state = $2, sent_text = $3, sent_at = $4, promised_on = $5, notes = $6, version = version + 1
        where id = $1 and state = 'draft'";
    /// Where an order stands after goods came or were taken back.
    PUT_STATE = "update purchase_orders set state = $2, received_at = coalesce($3, received_at), version = version + 1 where id = $1";
    /// An order that ended.
    END_ORDER = "update purchase_orders set state = $2, closed_at = $3, closed_by = $4, closing_reason = $5, version = version + 1
        where id = $1 and state not in ('closed', 'cancelled')";
    /// What one unit of products costs by the newest list of a supplier that is applied and holds on a day, as a JSON list of ids.
    LISTED_COSTS = sqlite "select n.product_id, n.unit_cost from json_each($3) j join supplier_list_lines n on n.product_id = unhex(j.value)
        where n.unit_cost is not null and n.certainty in ('certain', 'automatic') and n.list_id = (select l.id from supplier_lists l
            where l.supplier_id = $1 and l.state = 'applied' and l.valid_from <= $2 and (l.valid_to is null or l.valid_to >= $2)
            order by l.valid_from desc, l.number desc limit 1)
        order by n.line"
        postgres "select n.product_id, n.unit_cost from supplier_list_lines n
        where n.product_id = any(array(select j::uuid from json_array_elements_text($3::json) j))
            and n.unit_cost is not null and n.certainty in ('certain', 'automatic') and n.list_id = (select l.id from supplier_lists l
            where l.supplier_id = $1 and l.state = 'applied' and l.valid_from <= $2 and (l.valid_to is null or l.valid_to >= $2)
            order by l.valid_from desc, l.number desc limit 1)
        order by n.line";
    /// Writes these lines, new ones and changed ones, as a JSON list.
    PUT_LINES = sqlite "insert into purchase_order_lines (order_id, line, product_id, about, about_folded, quantity, unit, base_quantity, base_received,
            expected_cost, urgent)
        select unhex(value ->> 'order_id'), value ->> 'line', unhex(value ->> 'product_id'), value ->> 'about', value ->> 'about_folded', value ->> 'quantity',
            value ->> 'unit', value ->> 'base_quantity', value ->> 'base_received', value ->> 'expected_cost', value ->> 'urgent' from json_each($1) where true
        on conflict (order_id, line) do update set product_id = excluded.product_id, quantity = excluded.quantity, unit = excluded.unit,
            base_quantity = excluded.base_quantity, base_received = excluded.base_received, expected_cost = excluded.expected_cost, urgent = excluded.urgent"
        postgres "insert into purchase_order_lines (order_id, line, product_id, about, about_folded, quantity, unit, base_quantity, base_received,
            expected_cost, urgent)
        select order_id, line, product_id, about, about_folded, quantity, unit, base_quantity, base_received, expected_cost, urgent
        from json_to_recordset($1::json) as r(order_id uuid, line bigint, product_id uuid, about text, about_folded text, quantity bigint, unit text,
            base_quantity bigint, base_received bigint, expected_cost bigint, urgent boolean)
        on conflict (order_id, line) do update set product_id = excluded.product_id, quantity = excluded.quantity, unit = excluded.unit,
            base_quantity = excluded.base_quantity, base_received = excluded.base_received, expected_cost = excluded.expected_cost, urgent = excluded.urgent";
    /// Takes a line out.
    DELETE_LINE = "delete from purchase_order_lines where order_id = $1 and line = $2";
    /// Ties lines of the notebook to lines of orders, as a JSON list.
    PUT_NOTES = sqlite "insert into purchase_order_notes (entry_id, order_id, line)
        select unhex(value ->> 'entry_id'), unhex(value ->> 'order_id'), value ->> 'line' from json_each($1) where true
        on conflict (entry_id) do update set order_id = excluded.order_id, line = excluded.line"
        postgres "insert into purchase_order_notes (entry_id, order_id, line)
        select entry_id, order_id, line from json_to_recordset($1::json) as r(entry_id uuid, order_id uuid, line bigint)
        on conflict (entry_id) do update set order_id = excluded.order_id, line = excluded.line";
    /// The lines of the notebook that an order's lines came from.
    NOTES_OF = "select entry_id, line from purchase_order_notes where order_id = $1 order by line, entry_id";
    /// Lines of the notebook that may be ordered: pending, goods, and somebody is known to sell them. The first noted first.
    PENDING_NOTES = "select id from notebook_entries where state = 'pending' and action in ('restock', 'purchase') and supplier_id is not null
        order by first_noted_at, id limit $1";
    /// One order.
    FIND_ORDER = (orders!(), " where o.id = $1");
    /// Orders, newest first.
    LIST_ORDERS = (orders!(), " where (cast($1 as text) is null or o.state = $1) and (cast($2 as text) is null or s.code = $2)
            and (o.created_at, o.id) < ($3, $4)
        order by o.created_at desc, o.id desc limit $5");
    /// The lines of these orders, as a JSON list of ids, with what the supplier calls each product.
    LINES_OF = sqlite "select l.order_id, l.line, l.product_id, p.sku, p.name, p.unit as product_unit, l.about, l.about_folded,
            (select a.text from aliases a where a.product_id = l.product_id and a.supplier_id = o.supplier_id order by a.created_at desc, a.id limit 1) as wording,
            l.quantity, l.unit, l.base_quantity, l.base_received, l.expected_cost, v.last_cost, l.urgent
        from json_each($1) j join purchase_orders o on o.id = unhex(j.value) join purchase_order_lines l on l.order_id = o.id
        left join products p on p.id = l.product_id
        left join product_suppliers v on v.product_id = l.product_id and v.supplier_id = o.supplier_id order by l.order_id, l.line"
        postgres "select l.order_id, l.line, l.product_id, p.sku, p.name, p.unit as product_unit, l.about, l.about_folded,
            (select a.text from aliases a where a.product_id = l.product_id and a.supplier_id = o.supplier_id order by a.created_at desc, a.id limit 1) as wording,
            l.quantity, l.unit, l.base_quantity, l.base_received, l.expected_cost, v.last_cost, l.urgent
        from purchase_orders o join purchase_order_lines l on l.order_id = o.id left join products p on p.id = l.product_id
        left join product_suppliers v on v.product_id = l.product_id and v.supplier_id = o.supplier_id
        where o.id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by l.order_id, l.line";
    /// Goods that came.
    INSERT_RECEIPT = "insert into goods_receipts (id, number, order_id, supplier_id, location_id, document, reason, actor, actor_name, received_at,
            reversed_at, reversed_by, reversing_reason)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, null)";
    /// Its lines, as a JSON list.
    INSERT_RECEIPT_LINES = sqlite "insert into goods_receipt_lines (receipt_id, line, order_line, product_id, quantity, unit, base_quantity, moved_quantity, damaged,
            lot_code, expires_on, unit_cost, last_cost_before, movement_id)
        select unhex(value ->> 'receipt_id'), value ->> 'line', value ->> 'order_line', unhex(value ->> 'product_id'), value ->> 'quantity', value ->> 'unit',
            value ->> 'base_quantity', value ->> 'moved_quantity', value ->> 'damaged', value ->> 'lot_code', value ->> 'expires_on', value ->> 'unit_cost',
            value ->> 'last_cost_before', unhex(value ->> 'movement_id') from json_each($1)"
        postgres "insert into goods_receipt_lines (receipt_id, line, order_line, product_id, quantity, unit, base_quantity, moved_quantity, damaged,
            lot_code, expires_on, unit_cost, last_cost_before, movement_id)
        select receipt_id, line, order_line, product_id, quantity, unit, base_quantity, moved_quantity, damaged, lot_code, expires_on, unit_cost,
            last_cost_before, movement_id
        from json_to_recordset($1::json) as r(receipt_id uuid, line bigint, order_line bigint, product_id uuid, quantity bigint, unit text, base_quantity bigint,
            moved_quantity bigint, damaged bigint, lot_code text, expires_on integer, unit_cost bigint, last_cost_before bigint, movement_id uuid)";
    /// What these products cost last from a supplier, as a JSON list of ids.
    LAST_COSTS = sqlite "select s.product_id, s.last_cost from json_each($1) j join product_suppliers s on s.product_id = unhex(j.value)
        where s.supplier_id = $2 and s.last_cost is not null order by s.product_id"
        postgres "select s.product_id, s.last_cost from product_suppliers s
        where s.product_id = any(array(select j::uuid from json_array_elements_text($1::json) j)) and s.supplier_id = $2 and s.last_cost is not null
        order by s.product_id";
    /// What the products of a receipt cost now from its supplier: the last line of each counts.
    PUT_LAST_COSTS = "insert into product_suppliers (product_id, supplier_id, supplier_sku, pack_num, pack_den, last_cost, lead_days, main)
        select l.product_id, $2, '', 1, 1, m.unit_cost, null, false
        from goods_receipt_lines l join movements m on m.id = l.movement_id
        where l.receipt_id = $1 and l.line = (select max(x.line) from goods_receipt_lines x
            where x.receipt_id = $1 and x.product_id = l.product_id and x.unit_cost is not null and x.movement_id is not null)
        on conflict (product_id, supplier_id) do update set last_cost = excluded.last_cost";
    /// What they cost before, where nobody told another cost since.
    RESTORE_LAST_COSTS = "update product_suppliers set last_cost = l.last_cost_before
        from goods_receipt_lines l join movements m on m.id = l.movement_id
        where l.receipt_id = $1 and product_suppliers.product_id = l.product_id and product_suppliers.supplier_id = $2
            and product_suppliers.last_cost = m.unit_cost and l.line = (select max(x.line) from goods_receipt_lines x
            where x.receipt_id = $1 and x.product_id = l.product_id and x.unit_cost is not null and x.movement_id is not null)";
    /// A receipt about to be undone, locked.
    LOCK_RECEIPT = sqlite "select order_id, supplier_id, location_id, reversed_at from goods_receipts where id = $1"
        postgres "select order_id, supplier_id, location_id, reversed_at from goods_receipts where id = $1 for update";
    /// The number of the invoice that a receipt is in.
    INVOICE_OF_RECEIPT = "select number from invoices where receipt_id = $1 order by number limit 1";
    /// A receipt that was undone.
    REVERSE_RECEIPT = "update goods_receipts set reversed_at = $2, reversed_by = $3, reversing_reason = $4 where id = $1 and reversed_at is null";
    /// One receipt.
    FIND_RECEIPT = (receipts!(), " where g.id = $1");
    /// The receipts of an order, the first one first.
    RECEIPTS_OF = (receipts!(), " where g.order_id = $1 and (cast($2 as uuid) is null or g.location_id = $2) order by g.received_at, g.id");
    /// Receipts, newest first.
    LIST_RECEIPTS = (receipts!(), " where (cast($1 as text) is null or s.code = $1) and (cast($2 as uuid) is null or g.order_id = $2)
            and (cast($3 as uuid) is null or g.location_id = $3) and (g.received_at, g.id) < ($4, $5)
        order by g.received_at desc, g.id desc limit $6");
    /// The lines of a receipt.
    RECEIPT_LINES = "select l.line, l.order_line, l.product_id, p.sku, p.name, p.unit as product_unit, l.quantity, l.unit, l.base_quantity, l.moved_quantity,
            l.damaged, l.lot_code, l.expires_on, l.unit_cost, l.movement_id
        from goods_receipt_lines l join products p on p.id = l.product_id where l.receipt_id = $1 order by l.line";
    /// Products to order: low or worse with not enough on its way, or noted, by name; with what is there, on its way and noted.
    SUGGESTIONS = "select id, sku, name, name_folded, unit, supplier, supplier_name, max_stock, on_hand, level, pack_num, pack_den,
            last_cost, on_order, entry_id
        from (select p.id, p.sku, p.name, p.name_folded, p.unit, s.code as supplier, s.name as supplier_name, p.max_stock, h.on_hand, h.level, h.severity,
            v.pack_num, v.pack_den, v.last_cost,
            coalesce((select cast(sum(coalesce(l.base_quantity, 0) - l.base_received) as bigint) from purchase_order_lines l
                join purchase_orders o on o.id = l.order_id
                where l.product_id = p.id and o.state in ('draft', 'sent', 'partial') and l.base_received < coalesce(l.base_quantity, 0)), 0) as on_order,
            (select e.id from notebook_entries e where e.product_id = p.id and e.state = 'pending' and e.action in ('restock', 'purchase')
                order by e.noted_at desc, e.id limit 1) as entry_id
        from products p
        join stock_heads h on h.product_id = p.id
        join product_suppliers v on v.product_id = p.id and v.main
        join suppliers s on s.id = v.supplier_id
        where p.active and (cast($1 as text) is null or s.code = $1)
            and (p.name_folded, p.id) > ($2, $3)) as x
        where entry_id is not null or (severity < 4 and (on_order = 0 or on_hand + on_order < max_stock))
        order by name_folded, id limit $4";
}
