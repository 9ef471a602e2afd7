//! Every statement about prices, how they came about, and what the shop is to the tax office.

/// What a price is judged by, of products in use: `$1` is the list. A category without a markup has that of the one above it.
macro_rules! priced {
    () => {
        "select p.id, p.sku, p.name, p.name_folded, p.brand, p.unit, c.code as category, p.vat_bp, p.replacement_cost, p.version,
            c.margin_min_bp, c.margin_max_bp, c.cost_alert_bp, c.rounding_step, c.rounding_bands, price.amount as price, price.cost as built_on, price.changed_at,
            general.amount as general_amount, general.cost as general_cost, general.changed_at as general_changed_at,
            wholesale.amount as wholesale_price, h.level, h.demand_quantity, h.demand_days,
            of_product.markup_bp as product_markup_bp, of_brand.markup_bp as brand_markup_bp, of_category.markup_bp as category_markup_bp
        from products as p
        join categories as c on c.id = p.category_id
        join stock_heads as h on h.product_id = p.id
        left join markups as of_product on of_product.product_id = p.id
        left join markups as of_brand on of_brand.brand_folded = p.brand_folded and p.brand_folded <> ''
        left join (with recursive inherited (id, markup_bp) as (
                select k.id, m.markup_bp from categories as k left join markups as m on m.category_id = k.id where k.parent_id is null
                union all select k.id, coalesce(m.markup_bp, inherited.markup_bp) from inherited
                    join categories as k on k.parent_id = inherited.id left join markups as m on m.category_id = k.id)
            select id, markup_bp from inherited) as of_category on of_category.id = p.category_id
        left join prices as price on price.product_id = p.id and price.list = $1
        left join prices as general on general.product_id = p.id and general.list = 'GENERAL'
        left join prices as wholesale on wholesale.product_id = p.id and wholesale.list = 'MAYORISTA'
        where p.active "
    };
}

/// What one change of a price says.
macro_rules! change {
    () => {
        "select h.number, h.product_id, p.sku, p.name, h.list, h.before, h.amount, h.cost, p.vat_bp, h.source, h.reason,
            h.repricing_id, h.changed_at, h.actor_name
        from price_changes as h join products as p on p.id = h.product_id "
    };
}

/// A cost to a shop of another status, by the VAT of its product in basis points, half up: VAT is taken off where `$1` is set
/// and put upon it else.
macro_rules! told_anew {
    ($cost:literal, $vat:literal) => {
        concat!(
            "case when $1 then (",
            $cost,
            " * 10000 + (10000 + ",
            $vat,
            ") / 2) / (10000 + ",
            $vat,
            ") else (",
            $cost,
            " * (10000 + ",
            $vat,
            ") + 5000) / 10000 end"
        )
    };
}

/// Whether a supplier `s` bills a VAT that a registered shop may take off.
macro_rules! bills_credit {
    () => {
        "s.vat_condition in ('registered_vat', 'unknown')"
    };
}

/// Whether the one who mainly brings a product does.
macro_rules! has_credit {
    ($product:literal) => {
        concat!(
            "not exists (select 1 from product_suppliers as v join suppliers as s on s.id = v.supplier_id
            where v.product_id = ",
            $product,
            " and v.main and not (",
            bills_credit!(),
            "))"
        )
    };
}

gondola_store::sql! {
    /// A page of products with what their prices are judged by: of a category or one below it, of a brand, of a supplier.
    LIST_PRICED = (priced!(), "and (p.name_folded, p.id) > ($2, $3)
            and (cast($4 as uuid) is null or p.category_id in (with recursive below (id) as (select id from categories where id = $4
                union select k.id from categories as k join below on k.parent_id = below.id) select id from below))
            and (cast($5 as text) is null or p.brand_folded = $5)
            and (cast($6 as uuid) is null or exists (select 1 from product_suppliers as ps where ps.product_id = p.id and ps.supplier_id = $6))
            and (cast($7 as uuid) is null or exists (select 1 from invoice_lines as n where n.product_id = p.id and n.invoice_id = $7))
            and (cast($8 as uuid) is null or exists (select 1 from supplier_list_lines as n where n.product_id = p.id and n.list_id = $8))
        order by p.name_folded, p.id limit $9");
    /// These products with what their prices are judged by.
    FIND_PRICED = sqlite (priced!(), "and p.id in (select unhex(value, '-') from json_each($2)) order by p.name_folded, p.id")
        postgres (priced!(), "and p.id = any(array(select value::uuid from json_array_elements_text($2::json) as ids (value)))
        order by p.name_folded, p.id");
    /// Prices of a list as they were at an instant, by name; where `$6` is set, a rule makes those that nobody set.
    LIST_PRICES_AT = "select p.id, p.sku, p.name, p.name_folded, p.vat_bp, c.margin_min_bp, c.rounding_step, c.rounding_bands, own.amount, own.cost, own.changed_at,
            general.amount as general_amount, general.cost as general_cost, general.changed_at as general_changed_at
        from products as p
        join categories as c on c.id = p.category_id
        left join price_changes as own on own.number =
            (select max(number) from price_changes where product_id = p.id and list = $1 and changed_at <= $2)
        left join price_changes as general on general.number =
            (select max(number) from price_changes where product_id = p.id and list = 'GENERAL' and changed_at <= $2)
        where (own.amount is not null or ($6 and general.amount is not null)) and (p.name_folded, p.id) > ($3, $4)
        order by p.name_folded, p.id limit $5";
    /// The rule of a list that held at the instant `$2`, of the day `$3`.
    FIND_LIST_RULE = "select adjustment_bp, rounding_step, margin_min_bp from sale_list_rules
        where list = $1 and set_at <= $2 and (removed_at is null or removed_at > $2)
            and valid_from <= $3 and (valid_to is null or valid_to >= $3)
        order by valid_from desc, set_at desc, id desc limit 1";
    /// How many prices of a list stand on a cost that moved since by so many hundredths of a percent of it, or by what the
    /// product's category is told of, if that is less.
    COUNT_NOTABLE = "select count(*) from products as p
        join categories as c on c.id = p.category_id
        join prices as price on price.product_id = p.id and price.list = $1
        where p.active and price.cost > 0 and p.replacement_cost > 0 and p.replacement_cost <> price.cost
            and abs(p.replacement_cost - price.cost) * 10000 >= price.cost * case when c.cost_alert_bp < $2 then c.cost_alert_bp else $2 end";
    /// How many products in use cost more than is kept of their price, and how many prices are as old as `$3`. `$2` says
    /// whether the shop is registered for VAT.
    COUNT_WARNINGS = "select count(case when p.replacement_cost * (10000 + case when $2 then p.vat_bp else 0 end) > price.amount * 1000000 then 1 end) as losing,
            count(case when price.changed_at <= $3 then 1 end) as stale
        from products as p join prices as price on price.product_id = p.id and price.list = $1 where p.active";
    /// What is in use and has a price on a list, of a category or one below it, as it stands in the shop and then by name; where
    /// `$3` is set, a rule makes the prices that nobody set.
    LIST_ON_PAPER = "select c.name as category, p.sku, p.internal_code, p.scale_plu, p.name, p.unit, p.vat_bp, c.margin_min_bp, c.rounding_step,
            c.rounding_bands, price.amount, general.amount as general_amount, general.cost as general_cost
        from products as p
        join categories as c on c.id = p.category_id
        left join prices as price on price.product_id = p.id and price.list = $1
        left join prices as general on general.product_id = p.id and general.list = 'GENERAL'
        where p.active and (price.amount is not null or ($3 and general.amount is not null)) and (cast($2 as uuid) is null or p.category_id in (with recursive below (id) as (select id from categories where id = $2
                union select k.id from categories as k join below on k.parent_id = below.id) select id from below))
        order by c.position, c.code, p.name_folded, p.id";
    /// A page of changes, newest first: of a product, of a list.
    LIST_CHANGES = (change!(), "where h.number < $1 and (cast($2 as uuid) is null or h.product_id = $2)
            and (cast($3 as text) is null or h.list = $3)
        order by h.number desc limit $4");
    /// Keeps how prices change; where `$8` is not set, one that stays the same is no change.
    INSERT_CHANGES = sqlite "insert into price_changes (product_id, list, amount, before, cost, source, reason, repricing_id,
            changed_at, changed_by, actor_name)
        select unhex(r.value ->> 'product_id', '-'), r.value ->> 'list', r.value ->> 'amount', p.amount, r.value ->> 'cost',
            $2, $3, $4, $5, $6, $7
        from json_each($1) as r
        left join prices as p on p.product_id = unhex(r.value ->> 'product_id', '-') and p.list = r.value ->> 'list'
        where $8 or p.amount is distinct from (r.value ->> 'amount')"
        postgres "insert into price_changes (product_id, list, amount, before, cost, source, reason, repricing_id,
            changed_at, changed_by, actor_name)
        select r.product_id, r.list, r.amount, p.amount, r.cost, $2, $3, $4, $5, $6, $7
        from json_to_recordset($1::json) as r (product_id uuid, list text, amount bigint, cost bigint)
        left join prices as p on p.product_id = r.product_id and p.list = r.list
        where $8 or p.amount is distinct from r.amount";
    /// Sets prices; where `$4` is not set, an equal one keeps its date and its cost.
    PUT_PRICES = sqlite "insert into prices (product_id, list, amount, cost, changed_at, changed_by)
        select unhex(r.value ->> 'product_id', '-'), r.value ->> 'list', r.value ->> 'amount', r.value ->> 'cost', $2, $3
        from json_each($1) as r where r.value ->> 'amount' is not null
        on conflict (product_id, list) do update set amount = excluded.amount, cost = excluded.cost,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by where $4 or prices.amount <> excluded.amount"
        postgres "insert into prices (product_id, list, amount, cost, changed_at, changed_by)
        select r.product_id, r.list, r.amount, r.cost, $2, $3
        from json_to_recordset($1::json) as r (product_id uuid, list text, amount bigint, cost bigint) where r.amount is not null
        on conflict (product_id, list) do update set amount = excluded.amount, cost = excluded.cost,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by where $4 or prices.amount <> excluded.amount";
    /// Removes prices that have no amount any more.
    DELETE_PRICES = sqlite "delete from prices where (product_id, list) in
        (select unhex(value ->> 'product_id', '-'), value ->> 'list' from json_each($1) where value ->> 'amount' is null)"
        postgres "delete from prices where (product_id, list) in
        (select r.product_id, r.list from json_to_recordset($1::json) as r (product_id uuid, list text, amount bigint)
            where r.amount is null)";
    /// Counts a product up whose price was changed, if it is still as it was read.
    COUNT_UP = sqlite "update products set version = version + 1, updated_at = $2 from json_each($1) as r
        where products.id = unhex(r.value ->> 'product_id', '-') and products.version = r.value ->> 'version'"
        postgres "update products set version = products.version + 1, updated_at = $2
        from json_to_recordset($1::json) as r (product_id uuid, version bigint)
        where products.id = r.product_id and products.version = r.version";
    /// The product of an id or of a SKU.
    FIND_PRODUCT = "select id from products where id = $1 or sku = $2";
    /// A category's id.
    FIND_CATEGORY = "select id from categories where code = $1";
    /// The categories in use, by code and name, as they stand in the shop.
    CATEGORY_CHOICES = "select code, name from categories where active order by position, code";
    /// A supplier's id.
    FIND_SUPPLIER = "select id from suppliers where code = $1";
    /// What the shop is to the tax office on a day.
    FIND_TAX_STATUS = "select status from tax_statuses where valid_from <= $1 order by valid_from desc limit 1";
    /// What the shop is to the tax office from which day on, newest first.
    LIST_TAX_STATUSES = "select valid_from, status, set_by, set_at, costs_follow, costs_followed_at from tax_statuses
        where valid_from < $1 order by valid_from desc limit $2";
    /// Says what the shop is from a day on.
    PUT_TAX_STATUS = "insert into tax_statuses (id, valid_from, status, set_by, set_at, costs_follow, costs_followed_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (valid_from) do update set status = excluded.status, set_by = excluded.set_by, set_at = excluded.set_at,
            costs_follow = excluded.costs_follow, costs_followed_at = excluded.costs_followed_at";
    /// The days of statuses that have begun and whose costs did not follow yet.
    DUE_STATUSES = "select valid_from from tax_statuses where costs_follow and costs_followed_at is null and valid_from <= $1
        order by valid_from";
    /// Marks that costs followed a status.
    MARK_FOLLOWED = "update tax_statuses set costs_followed_at = $2 where valid_from = $1 and costs_follow and costs_followed_at is null";
    /// What it takes to buy products again, to a shop of another status: without VAT where `$1` is set, else with it.
    FOLLOW_REPLACEMENT = ("update products set replacement_cost = ", told_anew!("replacement_cost", "vat_bp"), ",
            updated_at = $2, version = version + 1
        where replacement_cost > 0 and vat_bp > 0 and ", has_credit!("products.id"));
    /// The same for what prices were built on.
    FOLLOW_BUILT_ON = ("update prices set cost = ", told_anew!("prices.cost", "p.vat_bp"), " from products as p
        where p.id = prices.product_id and prices.cost > 0 and p.vat_bp > 0 and ", has_credit!("p.id"));
    /// The same for what was paid last, which says what is expected of the next order.
    FOLLOW_LAST_COSTS = ("update product_suppliers set last_cost = ", told_anew!("last_cost", "p.vat_bp"), " from products as p, suppliers as s
        where p.id = product_suppliers.product_id and s.id = product_suppliers.supplier_id and last_cost > 0 and p.vat_bp > 0
            and ", bills_credit!());
    /// The same for what suppliers ask for by their lists.
    FOLLOW_LISTS = ("update supplier_list_lines set unit_cost = ", told_anew!("unit_cost", "p.vat_bp"), ",
            unit_cost_before = ", told_anew!("unit_cost_before", "p.vat_bp"), ",
            replacement_cost_before = ", told_anew!("replacement_cost_before", "p.vat_bp"), "
        from products as p, supplier_lists as l, suppliers as s
        where p.id = supplier_list_lines.product_id and l.id = supplier_list_lines.list_id and s.id = l.supplier_id and p.vat_bp > 0
            and ", bills_credit!());
    /// The same for what is agreed of orders that still bring something.
    FOLLOW_ORDERS = ("update purchase_order_lines set expected_cost = ", told_anew!("expected_cost", "p.vat_bp"), "
        from products as p, purchase_orders as o, suppliers as s
        where p.id = purchase_order_lines.product_id and o.id = purchase_order_lines.order_id and s.id = o.supplier_id
            and o.state in ('draft', 'sent', 'partial') and expected_cost > 0 and p.vat_bp > 0 and ", bills_credit!());
}
