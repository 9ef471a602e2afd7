//! Every statement about invoices.

/// Invoices without their sums and lines.
macro_rules! invoices {
    () => {
        "select i.id, i.number, i.state, i.file_name, i.file_kind, i.pages, i.seen, s.code as supplier, s.name as supplier_name, i.supplier_id,
            i.order_id, o.number as order_number, i.kind, i.letter, i.point_of_sale, i.document_number, i.cae, i.cae_due_on, i.issued_on, i.due_on,
            i.total, i.confidence_permille, i.note, i.actor_name, i.created_at, i.read_at, i.confirmed_by, i.confirmed_at, i.receipt_id,
            i.own_receipt, i.entry_id, i.applied_by, i.applied_at, i.reversed_by, i.reversed_at, i.reversing_reason, i.version,
            (select cast(count(l.line) as bigint) from invoice_lines l where l.invoice_id = i.id) as lines,
            (select cast(count(l.line) as bigint) from invoice_lines l where l.invoice_id = i.id and l.is_goods
                and (l.product_id is null or l.matched_by = 'likeness')) as unmatched
        from invoices i left join suppliers s on s.id = i.supplier_id left join purchase_orders o on o.id = i.order_id"
    };
}

/// Lines with the names of their products, and what one cost last from the supplier before this invoice.
macro_rules! lines {
    () => {
        "select l.line, l.code, l.barcode, l.about, l.quantity, l.unit, l.units_per_case, l.price, l.discount_bp, l.vat, l.subtotal, l.is_goods,
            l.product_id, p.sku, p.name, p.unit as product_unit, l.matched_by, l.lot_code, l.expires_on, l.received, l.unit_cost,
            l.confidence_permille, l.replacement_cost as cost_today,
            case when i.state <> 'applied' then v.last_cost else coalesce(l.last_cost_before, (select g.last_cost_before
                from goods_receipt_lines g where i.own_receipt and g.receipt_id = i.receipt_id and g.product_id = l.product_id
                order by g.line limit 1)) end as last_cost
        from invoice_lines l join invoices i on i.id = l.invoice_id left join products p on p.id = l.product_id
        left join product_suppliers v on v.product_id = l.product_id and v.supplier_id = i.supplier_id"
    };
}

/// Claims with the names of whom they are about.
macro_rules! claims {
    () => {
        "select c.id, c.number, s.code as supplier, s.name as supplier_name, c.invoice_id, i.number as invoice_number, c.line, p.sku, p.unit as product_unit,
            c.about, c.kind, c.expected, c.found, c.amount, c.state, c.created_at, c.ended_by, c.ended_at, c.ending, c.credit_note_id
        from supplier_claims c join suppliers s on s.id = c.supplier_id join invoices i on i.id = c.invoice_id
        left join products p on p.id = c.product_id"
    };
}

gondola_store::sql! {
    /// A new invoice: one whose file waits to be read, or one that somebody types.
    INSERT_INVOICE = "insert into invoices (id, number, state, file_name, file_kind, file_digest, seen, supplier_id, actor, actor_name, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// The number of an invoice with the same file that nobody put away.
    FIND_SAME_FILE = "select number from invoices where file_digest = $1 and state <> 'rejected' order by number limit 1";
    /// Its file, sealed.
    INSERT_FILE = "insert into invoice_files (id, original, words) values ($1, $2, null)";
    /// The words that were read from it, sealed.
    PUT_WORDS = "update invoice_files set words = $2 where id = $1";
    /// A file, sealed.
    FIND_FILE = "select original from invoice_files where id = $1";
    /// The words of a file, sealed.
    FIND_WORDS = "select words from invoice_files where id = $1 and words is not null";
    /// A page as a picture, sealed.
    INSERT_PAGE = "insert into invoice_pages (id, invoice_id, page, picture) values ($1, $2, $3, $4)";
    /// Forgets the pages of an invoice that is read again.
    DELETE_PAGES = "delete from invoice_pages where invoice_id = $1";
    /// One page.
    FIND_PAGE = "select id, picture from invoice_pages where invoice_id = $1 and page = $2";
    /// An invoice about to change, locked.
    LOCK_INVOICE = sqlite "select id, state, supplier_id, receipt_id, own_receipt, entry_id, version from invoices where id = $1"
        postgres "select id, state, supplier_id, receipt_id, own_receipt, entry_id, version from invoices where id = $1 for update";
    /// What a reading found, or what kept it from finding anything.
    PUT_READING = "update invoices set state = $2, pages = $3, seller_index = $4, supplier_id = coalesce(supplier_id, $5), confidence_permille = $6,
            note = $7, read_at = $8, seen = $9, version = version + 1 where id = $1";
    /// What the head of an invoice says.
    PUT_HEAD = "update invoices set kind = $2, letter = $3, point_of_sale = $4, document_number = $5, cae = $6, cae_due_on = $7, issued_on = $8,
            due_on = $9, total = $10 where id = $1";
    /// What a person makes of an invoice.
    PUT_CHANGE = "update invoices set state = $2, supplier_id = $3, order_id = $4, seen = $5, confidence_permille = $6, note = '',
            version = $7 where id = $1";
    /// Where an invoice stands from now on, and why.
    PUT_STATE = "update invoices set state = $2, note = $3, version = version + 1 where id = $1";
    /// An invoice that a person confirmed.
    PUT_CONFIRMED = "update invoices set state = $2, confirmed_by = $3, confirmed_at = $4, version = version + 1 where id = $1";
    /// An invoice that is in the books.
    PUT_APPLIED = "update invoices set state = $2, receipt_id = $3, own_receipt = $4, entry_id = $5, applied_by = $6, applied_at = $7,
            reversed_by = null, reversed_at = null, reversing_reason = null, version = version + 1 where id = $1";
    /// An invoice that is out of the books again.
    PUT_REVERSED = "update invoices set state = $2, receipt_id = null, own_receipt = $3, entry_id = null, reversed_by = $4, reversed_at = $5,
            reversing_reason = $6, version = version + 1 where id = $1";
    /// Forgets what an invoice says in sums.
    DELETE_AMOUNTS = "delete from invoice_amounts where invoice_id = $1";
    /// Its sums, as a JSON list.
    INSERT_AMOUNTS = sqlite "insert into invoice_amounts (invoice_id, position, kind, rate_permille, province, amount)
        select unhex(value ->> 'invoice_id'), value ->> 'position', value ->> 'kind', value ->> 'rate_permille', value ->> 'province', value ->> 'amount'
        from json_each($1)"
        postgres "insert into invoice_amounts (invoice_id, position, kind, rate_permille, province, amount)
        select invoice_id, position, kind, rate_permille, province, amount from json_to_recordset($1::json)
            as r(invoice_id uuid, position bigint, kind text, rate_permille bigint, province text, amount bigint)";
    /// Its sums.
    FIND_AMOUNTS = "select kind, rate_permille, province, amount from invoice_amounts where invoice_id = $1 order by position";
    /// Forgets the lines of an invoice.
    DELETE_LINES = "delete from invoice_lines where invoice_id = $1";
    /// Its lines, as a JSON list.
    INSERT_LINES = sqlite "insert into invoice_lines (invoice_id, line, code, barcode, about, quantity, unit, units_per_case, price, discount_bp, vat,
            subtotal, is_goods, product_id, matched_by, lot_code, expires_on, received, unit_cost, confidence_permille)
        select unhex(value ->> 'invoice_id'), value ->> 'line', value ->> 'code', value ->> 'barcode', value ->> 'about', value ->> 'quantity',
            value ->> 'unit', value ->> 'units_per_case', value ->> 'price', value ->> 'discount_bp', value ->> 'vat', value ->> 'subtotal',
            value ->> 'is_goods', unhex(value ->> 'product_id'), value ->> 'matched_by', value ->> 'lot_code', value ->> 'expires_on',
            value ->> 'received', value ->> 'unit_cost', value ->> 'confidence_permille' from json_each($1)"
        postgres "insert into invoice_lines (invoice_id, line, code, barcode, about, quantity, unit, units_per_case, price, discount_bp, vat,
            subtotal, is_goods, product_id, matched_by, lot_code, expires_on, received, unit_cost, confidence_permille)
        select invoice_id, line, code, barcode, about, quantity, unit, units_per_case, price, discount_bp, vat, subtotal, is_goods, product_id,
            matched_by, lot_code, expires_on, received, unit_cost, confidence_permille
        from json_to_recordset($1::json) as r(invoice_id uuid, line bigint, code text, barcode text, about text, quantity bigint, unit text,
            units_per_case bigint, price bigint, discount_bp bigint, vat text, subtotal bigint, is_goods boolean, product_id uuid, matched_by text,
            lot_code text, expires_on integer, received bigint, unit_cost bigint, confidence_permille bigint)";
    /// Its lines.
    FIND_LINES = (lines!(), " where l.invoice_id = $1 order by l.line");
    /// One invoice.
    FIND_INVOICE = (invoices!(), " where i.id = $1");
    /// Invoices, newest first.
    LIST_INVOICES = (invoices!(), " where (cast($1 as text) is null or i.state = $1) and (cast($2 as text) is null or s.code = $2)
            and (i.created_at, i.id) < ($3, $4)
        order by i.created_at desc, i.id desc limit $5");
    /// How many invoices wait for somebody to check them.
    COUNT_TO_CHECK = "select count(*) from invoices where state = 'extracted'";
    /// Invoices whose files wait to be read, the first one first.
    PENDING_INVOICES = "select id from invoices where state = 'pending' order by created_at, id limit $1";
    /// Another invoice of the same paper that is confirmed or in the books.
    FIND_TWIN = "select number from invoices where supplier_id = $1 and kind = $2 and coalesce(letter, '') = $3 and point_of_sale = $4
            and document_number = $5 and id <> $6 and state in ('validated', 'applied') order by number limit 1";
    /// The products with these barcodes, as a JSON list.
    MATCH_BARCODES = sqlite "select b.code as key, b.product_id from json_each($1) j join barcodes b on b.code = j.value
        join products p on p.id = b.product_id where p.active order by b.code"
        postgres "select b.code as key, b.product_id from barcodes b join products p on p.id = b.product_id
        where p.active and b.code = any(array(select json_array_elements_text($1::json))) order by b.code";
    /// The products that a supplier has these codes for, as a JSON list; of two with the same code neither is one.
    MATCH_CODES = sqlite "select v.supplier_sku as key, max(v.product_id) as product_id from product_suppliers v join products p on p.id = v.product_id
        where v.supplier_id = $2 and p.active and v.supplier_sku in (select value from json_each($1))
        group by v.supplier_sku having count(*) = 1 order by v.supplier_sku"
        postgres "select v.supplier_sku as key, (array_agg(v.product_id))[1] as product_id from product_suppliers v join products p on p.id = v.product_id
        where v.supplier_id = $2 and p.active and v.supplier_sku = any(array(select json_array_elements_text($1::json)))
        group by v.supplier_sku having count(*) = 1 order by v.supplier_sku";
    /// The products that are called so, by the supplier or by everybody, as a JSON list of folded texts.
    MATCH_NAMES = sqlite "select a.folded as key, a.product_id, a.supplier_id is not null as own from json_each($1) j join aliases a on a.folded = j.value
            join products p on p.id = a.product_id where p.active and (a.supplier_id = $2 or a.supplier_id is null)
        union all select p.name_folded as key, p.id as product_id, false as own from json_each($1) j join products p on p.name_folded = j.value where p.active
        order by key, own desc, product_id"
        postgres "select a.folded as key, a.product_id, a.supplier_id is not null as own from aliases a join products p on p.id = a.product_id
            where p.active and (a.supplier_id = $2 or a.supplier_id is null) and a.folded = any(array(select json_array_elements_text($1::json)))
        union all select p.name_folded as key, p.id as product_id, false as own from products p
            where p.active and p.name_folded = any(array(select json_array_elements_text($1::json)))
        order by key, own desc, product_id";
    /// What a supplier brings, to choose from.
    PRODUCTS_OF = "select p.sku, p.name from product_suppliers v join products p on p.id = v.product_id
        where v.supplier_id = $1 and p.active order by p.name_folded, p.id limit $2";
    /// What a supplier brings, with what tells products alike: names, brands, contents, packs.
    ARTICLES_OF = "select p.id, p.name, p.brand, p.content_quantity, p.content_unit, p.unit, c.code as category, v.pack_num, v.pack_den
        from product_suppliers v join products p on p.id = v.product_id join categories c on c.id = p.category_id
        where v.supplier_id = $1 and p.active order by p.id limit $2";
    /// The same for products by their ids, as a JSON list.
    ARTICLES = sqlite "select p.id, p.name, p.brand, p.content_quantity, p.content_unit, p.unit, c.code as category, 1 as pack_num, 1 as pack_den
        from json_each($1) j join products p on p.id = unhex(j.value) join categories c on c.id = p.category_id order by p.id"
        postgres "select p.id, p.name, p.brand, p.content_quantity, p.content_unit, p.unit, c.code as category, 1::bigint as pack_num, 1::bigint as pack_den
        from products p join categories c on c.id = p.category_id
        where p.id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by p.id";
    /// What a line needs to know of these products and of the supplier's packs, as a JSON list of ids.
    FIND_GOODS = sqlite "select p.id, p.vat_bp, p.internal_taxes, coalesce(v.pack_num, 1) as pack_num, coalesce(v.pack_den, 1) as pack_den
        from json_each($1) j join products p on p.id = unhex(j.value)
        left join product_suppliers v on v.product_id = p.id and v.supplier_id = $2 order by p.id"
        postgres "select p.id, p.vat_bp, p.internal_taxes, coalesce(v.pack_num, 1) as pack_num, coalesce(v.pack_den, 1) as pack_den
        from products p left join product_suppliers v on v.product_id = p.id and v.supplier_id = $2
        where p.id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by p.id";
    /// What the supplier calls products by, as a JSON list: codes, and how many units a case of theirs has.
    PUT_CODES = sqlite "insert into product_suppliers (product_id, supplier_id, supplier_sku, pack_num, pack_den, last_cost, lead_days, main)
        select unhex(value ->> 'product_id'), $2, value ->> 'code', coalesce(value ->> 'pack', 1), 1, null, null, false from json_each($1) where true
        on conflict (product_id, supplier_id) do update set
            supplier_sku = case when excluded.supplier_sku = '' then product_suppliers.supplier_sku else excluded.supplier_sku end,
            pack_num = case when excluded.pack_num = 1 then product_suppliers.pack_num else excluded.pack_num end,
            pack_den = case when excluded.pack_num = 1 then product_suppliers.pack_den else 1 end"
        postgres "insert into product_suppliers (product_id, supplier_id, supplier_sku, pack_num, pack_den, last_cost, lead_days, main)
        select product_id, $2, code, coalesce(pack, 1), 1, null, null, false
        from json_to_recordset($1::json) as r(product_id uuid, code text, pack bigint)
        on conflict (product_id, supplier_id) do update set
            supplier_sku = case when excluded.supplier_sku = '' then product_suppliers.supplier_sku else excluded.supplier_sku end,
            pack_num = case when excluded.pack_num = 1 then product_suppliers.pack_num else excluded.pack_num end,
            pack_den = case when excluded.pack_num = 1 then product_suppliers.pack_den else 1 end";
    /// How a supplier's papers read.
    FIND_LAYOUT = "select layout from supplier_layouts where supplier_id = $1";
    /// Keeps how they read.
    PUT_LAYOUT = "insert into supplier_layouts (supplier_id, layout, learned_at) values ($1, $2, $3)
        on conflict (supplier_id) do update set layout = excluded.layout, learned_at = excluded.learned_at";
    /// The supplier with a CUIT, by its digest.
    FIND_SUPPLIER_BY_TAX_ID = "select id from suppliers where tax_id_index = $1 and active";
    /// The digest of a supplier's CUIT.
    FIND_TAX_ID_INDEX = "select tax_id_index from suppliers where id = $1 and tax_id_index is not null";
    /// What lines came to, as a JSON list: how much came into stock and what one cost.
    PUT_RECEIVED = sqlite "update invoice_lines set received = r.value ->> 'received', unit_cost = r.value ->> 'unit_cost'
        from json_each($2) as r where invoice_id = $1 and line = r.value ->> 'line'"
        postgres "update invoice_lines set received = r.received, unit_cost = r.unit_cost
        from json_to_recordset($2::json) as r(line bigint, received bigint, unit_cost bigint) where invoice_id = $1 and invoice_lines.line = r.line";
    /// Notes what lines, as a JSON list, say of buying again where that is not what they cost.
    PUT_COSTS_TODAY = sqlite "update invoice_lines set replacement_cost = r.value ->> 'unit_cost'
        from json_each($2) as r where invoice_id = $1 and line = r.value ->> 'line'"
        postgres "update invoice_lines set replacement_cost = r.unit_cost
        from json_to_recordset($2::json) as r(line bigint, unit_cost bigint) where invoice_id = $1 and invoice_lines.line = r.line";
    /// Forgets that.
    DROP_COSTS_TODAY = "update invoice_lines set replacement_cost = null where invoice_id = $1";
    /// Notes what products cost last from the supplier before an invoice whose goods had come already.
    KEEP_LAST_COSTS = "update invoice_lines set last_cost_before = v.last_cost from product_suppliers v
        where invoice_id = $1 and v.product_id = invoice_lines.product_id and v.supplier_id = $2 and unit_cost is not null";
    /// What they cost from now on: the last line of each counts.
    PUT_LAST_COSTS = "insert into product_suppliers (product_id, supplier_id, supplier_sku, pack_num, pack_den, last_cost, lead_days, main)
        select l.product_id, $2, '', 1, 1, coalesce(l.replacement_cost, l.unit_cost), null, false from invoice_lines l
        where l.invoice_id = $1 and l.is_goods and l.line = (select max(x.line) from invoice_lines x
            where x.invoice_id = $1 and x.product_id = l.product_id and x.unit_cost is not null and x.is_goods)
        on conflict (product_id, supplier_id) do update set last_cost = excluded.last_cost";
    /// What they cost before, where nobody told another cost since.
    RESTORE_LAST_COSTS = "update product_suppliers set last_cost = l.last_cost_before from invoice_lines l
        where l.invoice_id = $1 and product_suppliers.product_id = l.product_id and product_suppliers.supplier_id = $2
            and product_suppliers.last_cost = coalesce(l.replacement_cost, l.unit_cost) and l.is_goods and l.line = (select max(x.line) from invoice_lines x
            where x.invoice_id = $1 and x.product_id = l.product_id and x.unit_cost is not null and x.is_goods)";
    /// Notes what it takes to buy products again, before an invoice says so.
    KEEP_REPLACEMENT_COSTS = "update invoice_lines set replacement_cost_before = p.replacement_cost from products p
        where invoice_id = $1 and p.id = invoice_lines.product_id and unit_cost is not null and is_goods";
    /// What it takes from now on, for products that no other supplier mainly brings: the last line of each counts.
    PUT_REPLACEMENT_COSTS = "update products set replacement_cost = coalesce(l.replacement_cost, l.unit_cost), updated_at = $3, version = products.version + 1 from invoice_lines l
        where l.invoice_id = $1 and products.id = l.product_id and l.is_goods and l.line = (select max(x.line) from invoice_lines x
                where x.invoice_id = $1 and x.product_id = l.product_id and x.unit_cost is not null and x.is_goods)
            and not exists (select 1 from product_suppliers v where v.product_id = products.id and v.main and v.supplier_id <> $2)";
    /// What it took before, where nobody said otherwise since.
    RESTORE_REPLACEMENT_COSTS = "update products set replacement_cost = l.replacement_cost_before, updated_at = $3, version = products.version + 1
        from invoice_lines l
        where l.invoice_id = $1 and products.id = l.product_id and products.replacement_cost = coalesce(l.replacement_cost, l.unit_cost) and l.is_goods
            and l.line = (select max(x.line) from invoice_lines x
                where x.invoice_id = $1 and x.product_id = l.product_id and x.unit_cost is not null and x.is_goods)
            and not exists (select 1 from product_suppliers v where v.product_id = products.id and v.main and v.supplier_id <> $2)";
    /// A receipt of goods that an invoice may be about, if it was not undone and no other invoice is about it. The delivery note
    /// that brought them bills nothing.
    FIND_FREE_RECEIPT = "select g.supplier_id, g.order_id from goods_receipts g where g.id = $1 and g.reversed_at is null
        and not exists (select 1 from invoices i where i.receipt_id = g.id and i.kind <> 'delivery_note')";
    /// A claim.
    INSERT_CLAIM = "insert into supplier_claims (id, number, supplier_id, invoice_id, line, product_id, about, kind, expected, found, amount, state, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12)";
    /// Drops the open claims of an invoice that is taken out of the books.
    DROP_CLAIMS = "update supplier_claims set state = 'dropped', ended_by = $2, ended_at = $3, ending = $4 where invoice_id = $1 and state = 'open'";
    /// Ends an open claim.
    END_CLAIM = "update supplier_claims set state = $2, ended_by = $3, ended_at = $4, ending = $5 where id = $1 and state = 'open'";
    /// Ends an open claim against a supplier by their credit note.
    SETTLE_BY_NOTE = "update supplier_claims set state = 'settled', credit_note_id = $2, ended_by = $3, ended_at = $4, ending = $5
        where id = $1 and state = 'open' and supplier_id = $6";
    /// What a credit note settled is open again when it is taken back, unless its invoice went out of the books meanwhile.
    REOPEN_CLAIMS = "update supplier_claims set state = 'open', credit_note_id = null, ended_by = null, ended_at = null, ending = null
        where credit_note_id = $1 and exists (select 1 from invoices i where i.id = supplier_claims.invoice_id and i.state = 'applied')";
    /// The rest of them end without it.
    DROP_SETTLED = "update supplier_claims set state = 'dropped', credit_note_id = null, ended_by = $2, ended_at = $3, ending = $4
        where credit_note_id = $1";
    /// One claim.
    FIND_CLAIM = (claims!(), " where c.id = $1");
    /// The claims of an invoice.
    CLAIMS_OF = (claims!(), " where c.invoice_id = $1 order by c.number");
    /// Claims, newest first.
    LIST_CLAIMS = (claims!(), " where (cast($1 as text) is null or c.state = $1) and (cast($2 as text) is null or s.code = $2)
            and (c.created_at, c.id) < ($3, $4)
        order by c.created_at desc, c.id desc limit $5");
}
