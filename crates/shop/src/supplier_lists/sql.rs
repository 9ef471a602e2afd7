//! Every statement about suppliers' price lists.

/// Lists with the names of whose they are.
macro_rules! lists {
    () => {
        "select l.id, l.number, s.code as supplier, s.name as supplier_name, l.supplier_id, l.name, l.state, l.valid_from, l.valid_to,
            l.file_name, l.columns, l.previous_id, b.number as previous_number, l.actor_name, l.created_at, l.applied_by, l.applied_at,
            l.reversed_by, l.reversed_at, l.reversing_reason, l.version
        from supplier_lists l join suppliers s on s.id = l.supplier_id left join supplier_lists b on b.id = l.previous_id"
    };
}

/// Lines with the names and present costs of their products.
macro_rules! lines {
    () => {
        "select l.line, l.row_key, l.code, l.barcode, l.about, l.brand, l.category, l.unit, l.units_per_case, l.price, l.discount_bp, l.vat,
            l.product_id, p.sku, p.name as product_name, p.replacement_cost, l.matched_by, l.certainty, l.score_permille, l.unit_cost,
            l.case_price, l.case_unit_cost, l.problem,
            l.change, l.price_before, l.unit_cost_before, l.chosen, l.outcome, l.replacement_cost_before
        from supplier_list_lines l left join products p on p.id = l.product_id"
    };
}

/// Whether a list says what its supplier asks on a day.
macro_rules! holds {
    ($list:literal, $day:literal) => {
        concat!(
            $list,
            ".state in ('draft', 'applied') and ",
            $list,
            ".valid_from <= ",
            $day,
            " and (",
            $list,
            ".valid_to is null or ",
            $list,
            ".valid_to >= ",
            $day,
            ")"
        )
    };
}

gondola_store::sql! {
    /// A new list.
    INSERT_LIST = "insert into supplier_lists (id, number, supplier_id, name, state, valid_from, valid_to, file_name, file_digest, columns,
            previous_id, actor, actor_name, created_at)
        values ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    /// The number of a list of a supplier with the same file that still counts.
    FIND_SAME_FILE = "select number from supplier_lists where file_digest = $1 and supplier_id = $2 and state in ('draft', 'applied')
        order by number limit 1";
    /// The last list of a supplier that counts.
    FIND_LAST = "select id from supplier_lists where supplier_id = $1 and state in ('draft', 'applied') order by number desc limit 1";
    /// Its cells, sealed.
    INSERT_CELLS = "insert into supplier_list_files (id, cells) values ($1, $2)";
    /// The cells of a list, sealed.
    FIND_CELLS = "select cells from supplier_list_files where id = $1";
    /// A list about to change, locked.
    LOCK_LIST = sqlite "select id, state, supplier_id, valid_from, valid_to, version from supplier_lists where id = $1"
        postgres "select id, state, supplier_id, valid_from, valid_to, version from supplier_lists where id = $1 for update";
    /// What a person says of a list.
    PUT_HEAD = "update supplier_lists set name = $2, valid_from = $3, valid_to = $4, columns = $5, version = version + 1 where id = $1";
    /// A list whose costs count from now on.
    PUT_APPLIED = "update supplier_lists set state = 'applied', applied_by = $2, applied_at = $3, version = version + 1 where id = $1";
    /// A list that was taken back.
    PUT_REVERSED = "update supplier_lists set state = 'reversed', reversed_by = $2, reversed_at = $3, reversing_reason = $4,
            version = version + 1 where id = $1";
    /// A list that nobody wants.
    PUT_DISCARDED = "update supplier_lists set state = 'discarded', version = version + 1 where id = $1";
    /// One list.
    FIND_LIST = (lists!(), " where l.id = $1");
    /// Lists, newest first.
    LIST_LISTS = (lists!(), " where (cast($1 as text) is null or l.state = $1) and (cast($2 as text) is null or s.code = $2)
            and (l.created_at, l.id) < ($3, $4)
        order by l.created_at desc, l.id desc limit $5");
    /// How many lines a list has, and of which kinds.
    COUNT_LINES = "select count(*) as lines_total,
            coalesce(sum(case when certainty in ('certain', 'automatic') then 1 else 0 end), 0) as known,
            coalesce(sum(case when certainty = 'person' then 1 else 0 end), 0) as to_a_person,
            coalesce(sum(case when certainty = 'none' then 1 else 0 end), 0) as unmatched,
            coalesce(sum(case when change = 'new' then 1 else 0 end), 0) as fresh,
            coalesce(sum(case when change = 'dearer' then 1 else 0 end), 0) as dearer,
            coalesce(sum(case when change = 'cheaper' then 1 else 0 end), 0) as cheaper,
            coalesce(sum(case when change = 'same' then 1 else 0 end), 0) as unchanged,
            coalesce(sum(case when chosen then 1 else 0 end), 0) as chosen,
            coalesce(sum(case when outcome = 'applied' then 1 else 0 end), 0) as applied,
            coalesce(sum(case when outcome = 'reversed' then 1 else 0 end), 0) as reversed,
            coalesce(sum(case when outcome = 'skipped' then 1 else 0 end), 0) as skipped
        from supplier_list_lines where list_id = $1";
    /// Forgets the lines of a list that is read again.
    DELETE_LINES = "delete from supplier_list_lines where list_id = $1";
    /// Its lines, as a JSON list.
    INSERT_LINES = sqlite "insert into supplier_list_lines (list_id, line, row_key, code, barcode, about, brand, category, unit, units_per_case,
            price, discount_bp, vat, product_id, matched_by, certainty, score_permille, unit_cost, problem, change, price_before,
            unit_cost_before, chosen, case_price, case_unit_cost)
        select unhex(value ->> 'list_id'), value ->> 'line', value ->> 'row_key', value ->> 'code', value ->> 'barcode', value ->> 'about',
            value ->> 'brand', value ->> 'category', value ->> 'unit', value ->> 'units_per_case', value ->> 'price', value ->> 'discount_bp',
            value ->> 'vat', unhex(value ->> 'product_id'), value ->> 'matched_by', value ->> 'certainty', value ->> 'score_permille',
            value ->> 'unit_cost', value ->> 'problem', value ->> 'change', value ->> 'price_before', value ->> 'unit_cost_before',
            value ->> 'chosen', value ->> 'case_price', value ->> 'case_unit_cost' from json_each($1)"
        postgres "insert into supplier_list_lines (list_id, line, row_key, code, barcode, about, brand, category, unit, units_per_case,
            price, discount_bp, vat, product_id, matched_by, certainty, score_permille, unit_cost, problem, change, price_before,
            unit_cost_before, chosen, case_price, case_unit_cost)
        select list_id, line, row_key, code, barcode, about, brand, category, unit, units_per_case, price, discount_bp, vat, product_id,
            matched_by, certainty, score_permille, unit_cost, problem, change, price_before, unit_cost_before, chosen,
            case_price, case_unit_cost
        from json_to_recordset($1::json) as r(list_id uuid, line bigint, row_key text, code text, barcode text, about text, brand text,
            category text, unit text, units_per_case bigint, price bigint, discount_bp bigint, vat text, product_id uuid, matched_by text,
            certainty text, score_permille bigint, unit_cost bigint, problem text, change text, price_before bigint, unit_cost_before bigint,
            chosen boolean, case_price bigint, case_unit_cost bigint)";
    /// What a person says of one line, and what follows.
    PUT_LINE = "update supplier_list_lines set units_per_case = $3, product_id = $4, matched_by = $5, certainty = $6, score_permille = $7,
            unit_cost = $8, problem = $9, change = $10, price_before = $11, unit_cost_before = $12, chosen = $13, case_unit_cost = $14
        where list_id = $1 and line = $2";
    /// One line.
    FIND_LINE = (lines!(), " where l.list_id = $1 and l.line = $2");
    /// Lines in their order: of one change, one certainty, ticked or not, of one outcome.
    LIST_LINES = (lines!(), " where l.list_id = $1 and l.line > $2 and (cast($3 as text) is null or l.change = $3)
            and (cast($4 as text) is null or l.certainty = $4) and (cast($5 as boolean) is null or l.chosen = $5)
            and (cast($6 as text) is null or l.outcome = $6)
        order by l.line limit $7");
    /// Lines of the last list that are in this one neither by what they say nor by their product.
    LIST_GONE = (lines!(), " where l.list_id = $1 and l.line > $2
            and not exists (select 1 from supplier_list_lines n where n.list_id = $3 and n.row_key = l.row_key)
            and not exists (select 1 from supplier_list_lines n where n.list_id = $3 and n.product_id = l.product_id
                and n.certainty in ('certain', 'automatic'))
        order by l.line limit $4");
    /// What a list said, for the next one.
    LINES_BEFORE = "select row_key, case when certainty in ('certain', 'automatic') then product_id end as product_id, price, unit_cost
        from supplier_list_lines where list_id = $1 order by line desc";
    /// Every product that is sold, with what tells products alike and the supplier's pack.
    ARTICLES = "select p.id, p.name, p.brand, p.content_quantity, p.content_unit, p.unit, c.code as category, c.name as category_name,
            coalesce(v.pack_num, 1) as pack_num, coalesce(v.pack_den, 1) as pack_den,
            (select min(b.code) from barcodes b where b.product_id = p.id) as barcode
        from products p join categories c on c.id = p.category_id
        left join product_suppliers v on v.product_id = p.id and v.supplier_id = $1
        where p.active order by p.id limit $2";
    /// What the cost of a line needs to know of these products, as a JSON list of ids, and whether another supplier mainly brings them.
    FIND_GOODS = sqlite "select p.id, p.vat_bp, coalesce(v.pack_num, 1) as pack_num, coalesce(v.pack_den, 1) as pack_den,
            exists (select 1 from product_suppliers m where m.product_id = p.id and m.main and m.supplier_id <> $2) as of_another
        from products p left join product_suppliers v on v.product_id = p.id and v.supplier_id = $2
        where p.id in (select unhex(value) from json_each($1)) order by p.id"
        postgres "select p.id, p.vat_bp, coalesce(v.pack_num, 1) as pack_num, coalesce(v.pack_den, 1) as pack_den,
            exists (select 1 from product_suppliers m where m.product_id = p.id and m.main and m.supplier_id <> $2) as of_another
        from products p left join product_suppliers v on v.product_id = p.id and v.supplier_id = $2
        where p.id = any(array(select j::uuid from json_array_elements_text($1::json) j)) order by p.id";
    /// What the columns of a supplier's lists are.
    FIND_COLUMNS = "select fields from supplier_list_columns where supplier_id = $1";
    /// Keeps what they are.
    PUT_COLUMNS = "insert into supplier_list_columns (supplier_id, fields, learned_at) values ($1, $2, $3)
        on conflict (supplier_id) do update set fields = excluded.fields, learned_at = excluded.learned_at";
    /// Products that several ticked lines say a cost for.
    REPEATED = "select p.sku from supplier_list_lines l join products p on p.id = l.product_id where l.list_id = $1 and l.chosen
        group by p.sku having count(*) > 1 order by p.sku limit $2";
    /// The ticked lines.
    CHOSEN = (lines!(), " where l.list_id = $1 and l.chosen order by l.line");
    /// Notes what it took to buy the products again before the list.
    KEEP_COSTS = "update supplier_list_lines set replacement_cost_before = p.replacement_cost, outcome = 'applied' from products p
        where list_id = $1 and chosen and p.id = supplier_list_lines.product_id";
    /// What it takes from now on.
    PUT_COSTS = "update products set replacement_cost = l.unit_cost, updated_at = $2, version = products.version + 1
        from supplier_list_lines l where l.list_id = $1 and l.chosen and products.id = l.product_id";
    /// Leaves out what was said otherwise since: by anybody, or by a list that was applied later.
    SKIP_CHANGED = "update supplier_list_lines set outcome = 'skipped' from products p
        where list_id = $1 and outcome = 'applied' and p.id = supplier_list_lines.product_id
            and (p.replacement_cost is null or p.replacement_cost <> supplier_list_lines.unit_cost
                or exists (select 1 from supplier_list_lines n join supplier_lists later on later.id = n.list_id
                    where n.product_id = p.id and n.outcome = 'applied' and n.list_id <> $1 and later.applied_at >= $2))";
    /// What it took before.
    RESTORE_COSTS = "update products set replacement_cost = l.replacement_cost_before, updated_at = $2, version = products.version + 1
        from supplier_list_lines l where l.list_id = $1 and l.outcome = 'applied' and products.id = l.product_id";
    /// Marks what was taken back.
    MARK_REVERSED = "update supplier_list_lines set outcome = 'reversed' where list_id = $1 and outcome = 'applied'";
    /// When a list was applied.
    APPLIED_AT = "select applied_at from supplier_lists where id = $1 and applied_at is not null";
    /// What the suppliers ask for a product by the list of each that holds on a day, the cheapest first.
    OFFERS = ("select s.code as supplier, s.name as supplier_name, l.id as list_id, l.name as list_name, l.valid_from, l.valid_to, n.line, n.about,
            n.unit_cost, n.case_unit_cost, coalesce(n.units_per_case, v.pack_num / v.pack_den) as case_units, s.minimum_order, p.content_quantity, p.content_unit, p.unit
        from supplier_list_lines n join supplier_lists l on l.id = n.list_id join suppliers s on s.id = l.supplier_id
        join products p on p.id = n.product_id
        left join product_suppliers v on v.product_id = p.id and v.supplier_id = l.supplier_id
        where n.product_id = $1 and n.certainty in ('certain', 'automatic') and n.unit_cost is not null and ", holds!("l", "$2"), "
            and not exists (select 1 from supplier_lists m where m.supplier_id = l.supplier_id and ", holds!("m", "$2"), "
                and (m.valid_from, m.number) > (l.valid_from, l.number))
        order by n.unit_cost, s.code, n.line");
}
