//! Every statement of the catalogue. Lists of rows travel as one JSON text, so that one statement
//! serves one row or ten thousand; that is where the engines' texts differ.

/// The category $5 and those below it.
macro_rules! category_and_below {
    () => {
        "with recursive below (id) as (select id from categories where id = $5
            union select k.id from categories k join below on k.parent_id = below.id) select id from below"
    };
}

/// Which products of a page's leading index: active, of a category or one below it, of a brand, of a supplier.
macro_rules! wanted {
    () => {
        concat!(
            "and (cast($4 as boolean) is null or p.active = $4)
            and (cast($5 as uuid) is null or p.category_id in (", category_and_below!(), "))
            and (cast($6 as text) is null or p.brand_folded = $6)
            and (cast($7 as uuid) is null or exists (select 1 from product_suppliers as ps where ps.product_id = p.id and ps.supplier_id = $7))"
        )
    };
}

/// In use, another one, and of a size; of any while nobody said which.
macro_rules! of_a_size {
    () => {
        "and p.id <> $4 and p.active and ($2 = 0 or p.content_quantity is null or (p.content_quantity = $2 and p.content_unit = $3))
            order by p.name_folded, p.id limit 500"
    };
}

/// And whose name begins so.
macro_rules! begins {
    () => {
        " and (cast($8 as text) is null or substr(p.name_folded, 1, length($8)) = $8)"
    };
}

gondola_store::sql! {
    /// Every location.
    ALL_LOCATIONS = "select id, code, name, kind, active, version from locations order by position, code";
    /// Adds a location after the others, unless its code is taken.
    INSERT_LOCATION = "insert into locations (id, code, name, kind, position)
        values ($1, $2, $3, $4, (select coalesce(max(position), 0) + 1 from locations)) on conflict do nothing";
    /// Gives a location read at a version another name.
    RENAME_LOCATION = "update locations set name = $3, version = version + 1 where id = $1 and version = $2";
    /// Adds a category after the others, unless its code is taken.
    INSERT_CATEGORY = "insert into categories (id, code, name, parent_id, margin_min_bp, margin_max_bp, vat_bp, cost_alert_bp, rounding_step, expires,
            rounding_bands, position)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, (select coalesce(max(position), 0) + 1 from categories)) on conflict do nothing";
    /// Changes a category read at a version.
    UPDATE_CATEGORY = "update categories set name = $3, parent_id = $4, margin_min_bp = $5, margin_max_bp = $6, vat_bp = $7, cost_alert_bp = $8,
        rounding_step = $9, expires = $10, active = $11, rounding_bands = $12, version = version + 1 where id = $1 and version = $2";
    /// Forgets the factors of the months that are named.
    DELETE_SEASONS = sqlite "delete from category_seasons where category_id = $1
        and month in (select value ->> 'month' from json_each($2))"
        postgres "delete from category_seasons where category_id = $1
        and month in (select r.month from json_to_recordset($2::json) as r (month bigint))";
    /// The products of a category.
    PRODUCTS_OF_CATEGORY = "select id from products where category_id = $1 order by id";
    /// Sets the factors that are not null.
    INSERT_SEASONS = sqlite "insert into category_seasons (category_id, month, factor_permille)
        select $1, r.value ->> 'month', r.value ->> 'factor_permille' from json_each($2) as r
        where r.value ->> 'factor_permille' is not null"
        postgres "insert into category_seasons (category_id, month, factor_permille)
        select $1, r.month, r.factor_permille from json_to_recordset($2::json) as r (month bigint, factor_permille bigint)
        where r.factor_permille is not null";
    /// A category's id, and how many are right below it.
    FIND_CATEGORY = "select c.id, (select count(*) from categories as k where k.parent_id = c.id) as below from categories as c where c.code = $1";
    /// A supplier's id.
    FIND_SUPPLIER_ID = "select id from suppliers where code = $1";
    /// Every supplier, as the catalogue knows them.
    ALL_SUPPLIERS = "select id, code, name from suppliers where active order by code";
    /// Products by id, without their parts.
    FIND_PRODUCTS = sqlite "select p.id, p.sku, p.name, p.short_name, p.description, p.category_id, c.code as category_code, c.margin_min_bp,
        p.brand, p.variant, p.unit, p.content_quantity, p.content_unit,
        p.sold_by_weight, p.weight_g, p.width_mm, p.height_mm, p.depth_mm, p.internal_code, p.scale_plu,
        p.vat_bp, p.internal_taxes, p.min_stock, p.max_stock, p.reorder_point, p.target_days, p.perishable,
        p.shelf_life_days, p.alert_days, p.acquisition_cost, p.replacement_cost, p.alcohol, p.tobacco,
        p.returnable, p.image, p.notes, p.active, p.created_at, p.updated_at, p.version, retail.amount as
        sale_price, retail.changed_at as price_changed_at, wholesale.amount as wholesale_price, h.last_sequence
        from products as p
        join categories as c on c.id = p.category_id
        join stock_heads as h on h.product_id = p.id
        left join prices as retail on retail.product_id = p.id and retail.list = 'GENERAL'
        left join prices as wholesale on wholesale.product_id = p.id and wholesale.list = 'MAYORISTA'
        where p.id in (select unhex(value, '-') from json_each($1))"
        postgres "select p.id, p.sku, p.name, p.short_name, p.description, p.category_id, c.code as category_code, c.margin_min_bp,
        p.brand, p.variant, p.unit, p.content_quantity, p.content_unit,
        p.sold_by_weight, p.weight_g, p.width_mm, p.height_mm, p.depth_mm, p.internal_code, p.scale_plu,
        p.vat_bp, p.internal_taxes, p.min_stock, p.max_stock, p.reorder_point, p.target_days, p.perishable,
        p.shelf_life_days, p.alert_days, p.acquisition_cost, p.replacement_cost, p.alcohol, p.tobacco,
        p.returnable, p.image, p.notes, p.active, p.created_at, p.updated_at, p.version, retail.amount as
        sale_price, retail.changed_at as price_changed_at, wholesale.amount as wholesale_price, h.last_sequence
        from products as p
        join categories as c on c.id = p.category_id
        join stock_heads as h on h.product_id = p.id
        left join prices as retail on retail.product_id = p.id and retail.list = 'GENERAL'
        left join prices as wholesale on wholesale.product_id = p.id and wholesale.list = 'MAYORISTA'
        where p.id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))";
    /// Ids of SKUs.
    FIND_IDS_BY_SKU = sqlite "select id, sku from products where sku in (select value from json_each($1))"
        postgres "select id, sku from products
        where sku = any(array(select value from json_array_elements_text($1::json) as skus (value)))";
    /// Products by any of their codes: SKUs, barcodes, internal codes, PLUs.
    FIND_BY_CODES = sqlite "select 'sku' as kind, sku as code, id as product_id, null as presentation_id from products
        where sku in (select value from json_each($1))
        union all select 'barcode', code, product_id, presentation_id from barcodes where code in (select value from json_each($2))
        union all select 'internal_code', internal_code, id, null from products where internal_code in (select value from json_each($3))
        union all select 'scale_plu', scale_plu, id, null from products where scale_plu in (select value from json_each($4))"
        postgres "select 'sku' as kind, sku as code, id as product_id, null::uuid as presentation_id from products
        where sku = any(array(select value from json_array_elements_text($1::json) as a (value)))
        union all select 'barcode', code, product_id, presentation_id from barcodes
        where code = any(array(select value from json_array_elements_text($2::json) as a (value)))
        union all select 'internal_code', internal_code, id, null from products
        where internal_code = any(array(select value from json_array_elements_text($3::json) as a (value)))
        union all select 'scale_plu', scale_plu, id, null from products
        where scale_plu = any(array(select value from json_array_elements_text($4::json) as a (value)))";
    /// Products in use by their folded names.
    FIND_BY_NAMES = sqlite "select id, name_folded, brand_folded from products
        where active and name_folded in (select value from json_each($1)) order by id"
        postgres "select id, name_folded, brand_folded from products
        where active and name_folded = any(array(select value from json_array_elements_text($1::json) as a (value))) order by id";
    /// Which of these products an import created whose undo put them away.
    FIND_PUT_AWAY = sqlite "select distinct target_id from import_changes
        where target_id in (select unhex(value, '-') from json_each($1)) and before is null and undo = 'done'"
        postgres "select distinct target_id from import_changes
        where target_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value))) and before is null and undo = 'done'";
    /// Adds products; those whose SKU or other code is taken are left out.
    INSERT_PRODUCTS = sqlite "insert into products (id, sku, name, short_name, description, category_id, brand, variant, unit, content_quantity, content_unit,
        sold_by_weight, weight_g, width_mm, height_mm, depth_mm, internal_code, scale_plu, vat_bp,
        internal_taxes, min_stock, max_stock, reorder_point, target_days, perishable, shelf_life_days,
        alert_days, acquisition_cost, replacement_cost, alcohol, tobacco, returnable, image, notes, active,
        name_folded, brand_folded, search_text, created_at, updated_at, version)
        select unhex(r.value ->> 'id', '-'), r.value ->> 'sku', r.value ->> 'name', r.value ->> 'short_name', r.value ->>
        'description', unhex(r.value ->> 'category_id', '-'), r.value ->> 'brand', r.value ->> 'variant',
        r.value ->> 'unit', r.value ->> 'content_quantity', r.value ->> 'content_unit', r.value ->>
        'sold_by_weight', r.value ->> 'weight_g', r.value ->> 'width_mm', r.value ->> 'height_mm', r.value ->>
        'depth_mm', r.value ->> 'internal_code', r.value ->> 'scale_plu', r.value ->> 'vat_bp', r.value ->>
        'internal_taxes', r.value ->> 'min_stock', r.value ->> 'max_stock', r.value ->> 'reorder_point', r.value
        ->> 'target_days', r.value ->> 'perishable', r.value ->> 'shelf_life_days', r.value ->> 'alert_days',
        unhex(r.value ->> 'acquisition_cost'), r.value ->> 'replacement_cost', r.value ->> 'alcohol', r.value ->>
        'tobacco', r.value ->> 'returnable', r.value ->> 'image', r.value ->> 'notes', r.value ->> 'active',
        r.value ->> 'name_folded', r.value ->> 'brand_folded', r.value ->> 'search_text', r.value ->>
        'created_at', r.value ->> 'updated_at', r.value ->> 'version'
        from json_each($1) as r where true on conflict do nothing returning id"
        postgres "insert into products (id, sku, name, short_name, description, category_id, brand, variant, unit, content_quantity, content_unit,
        sold_by_weight, weight_g, width_mm, height_mm, depth_mm, internal_code, scale_plu, vat_bp,
        internal_taxes, min_stock, max_stock, reorder_point, target_days, perishable, shelf_life_days,
        alert_days, acquisition_cost, replacement_cost, alcohol, tobacco, returnable, image, notes, active,
        name_folded, brand_folded, search_text, created_at, updated_at, version)
        select r.id, r.sku, r.name, r.short_name, r.description, r.category_id, r.brand, r.variant, r.unit, r.content_quantity,
        r.content_unit, r.sold_by_weight, r.weight_g, r.width_mm, r.height_mm, r.depth_mm, r.internal_code,
        r.scale_plu, r.vat_bp, r.internal_taxes, r.min_stock, r.max_stock, r.reorder_point, r.target_days,
        r.perishable, r.shelf_life_days, r.alert_days, decode(r.acquisition_cost, 'hex'), r.replacement_cost, r.alcohol,
        r.tobacco, r.returnable, r.image, r.notes, r.active, r.name_folded, r.brand_folded, r.search_text,
        r.created_at, r.updated_at, r.version
        from json_to_recordset($1::json) as r (id uuid, sku text, name text, short_name text, description text, category_id uuid, brand text, variant text,
            unit text, content_quantity bigint, content_unit text, sold_by_weight boolean, weight_g bigint,
            width_mm bigint, height_mm bigint, depth_mm bigint, internal_code text, scale_plu text, vat_bp
            bigint, internal_taxes boolean, min_stock bigint, max_stock bigint, reorder_point bigint,
            target_days bigint, perishable boolean, shelf_life_days bigint, alert_days bigint, acquisition_cost
            text, replacement_cost bigint, alcohol boolean, tobacco boolean, returnable boolean, image text,
            notes text, active boolean, name_folded text, brand_folded text, search_text text, created_at
            bigint, updated_at bigint, version bigint)
        on conflict do nothing returning id";
    /// Changes products whose version is one below the given one.
    UPDATE_PRODUCTS = sqlite "update products set sku = r.value ->> 'sku', name = r.value ->> 'name', short_name = r.value ->> 'short_name', description = r.value
        ->> 'description', category_id = unhex(r.value ->> 'category_id', '-'), brand = r.value ->> 'brand',
        variant = r.value ->> 'variant', unit = r.value ->> 'unit', content_quantity = r.value ->>
        'content_quantity', content_unit = r.value ->> 'content_unit', sold_by_weight = r.value ->>
        'sold_by_weight', weight_g = r.value ->> 'weight_g', width_mm = r.value ->> 'width_mm', height_mm =
        r.value ->> 'height_mm', depth_mm = r.value ->> 'depth_mm', internal_code = r.value ->> 'internal_code',
        scale_plu = r.value ->> 'scale_plu', vat_bp = r.value ->> 'vat_bp', internal_taxes = r.value ->>
        'internal_taxes', min_stock = r.value ->> 'min_stock', max_stock = r.value ->> 'max_stock',
        reorder_point = r.value ->> 'reorder_point', target_days = r.value ->> 'target_days', perishable =
        r.value ->> 'perishable', shelf_life_days = r.value ->> 'shelf_life_days', alert_days = r.value ->>
        'alert_days', acquisition_cost = unhex(r.value ->> 'acquisition_cost'), replacement_cost = r.value ->>
        'replacement_cost', alcohol = r.value ->> 'alcohol', tobacco = r.value ->> 'tobacco', returnable =
        r.value ->> 'returnable', image = r.value ->> 'image', notes = r.value ->> 'notes', active = r.value ->>
        'active', name_folded = r.value ->> 'name_folded', brand_folded = r.value ->> 'brand_folded',
        search_text = r.value ->> 'search_text', updated_at = r.value ->> 'updated_at', version = r.value ->>
        'version'
        from json_each($1) as r
        where products.id = unhex(r.value ->> 'id', '-') and products.version = (r.value ->> 'version') - 1"
        postgres "update products as p set sku = r.sku, name = r.name, short_name = r.short_name, description = r.description, category_id = r.category_id,
        brand = r.brand, variant = r.variant, unit = r.unit, content_quantity = r.content_quantity, content_unit
        = r.content_unit, sold_by_weight = r.sold_by_weight, weight_g = r.weight_g, width_mm = r.width_mm,
        height_mm = r.height_mm, depth_mm = r.depth_mm, internal_code = r.internal_code, scale_plu =
        r.scale_plu, vat_bp = r.vat_bp, internal_taxes = r.internal_taxes, min_stock = r.min_stock, max_stock =
        r.max_stock, reorder_point = r.reorder_point, target_days = r.target_days, perishable = r.perishable,
        shelf_life_days = r.shelf_life_days, alert_days = r.alert_days, acquisition_cost = decode(r.acquisition_cost, 'hex'),
        replacement_cost = r.replacement_cost, alcohol = r.alcohol, tobacco = r.tobacco, returnable =
        r.returnable, image = r.image, notes = r.notes, active = r.active, name_folded = r.name_folded,
        brand_folded = r.brand_folded, search_text = r.search_text, updated_at = r.updated_at, version =
        r.version
        from json_to_recordset($1::json) as r (id uuid, sku text, name text, short_name text, description text, category_id uuid, brand text, variant text,
            unit text, content_quantity bigint, content_unit text, sold_by_weight boolean, weight_g bigint,
            width_mm bigint, height_mm bigint, depth_mm bigint, internal_code text, scale_plu text, vat_bp
            bigint, internal_taxes boolean, min_stock bigint, max_stock bigint, reorder_point bigint,
            target_days bigint, perishable boolean, shelf_life_days bigint, alert_days bigint, acquisition_cost
            text, replacement_cost bigint, alcohol boolean, tobacco boolean, returnable boolean, image text,
            notes text, active boolean, name_folded text, brand_folded text, search_text text, created_at
            bigint, updated_at bigint, version bigint)
        where p.id = r.id and p.version = r.version - 1";
    /// Removes the barcodes of products.
    DELETE_BARCODES = sqlite "delete from barcodes
        where product_id in (select unhex(value, '-') from json_each($1))"
        postgres "delete from barcodes
        where product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))";
    /// Removes the shelf targets of products.
    DELETE_SHELF_TARGETS = sqlite "delete from shelf_targets
        where product_id in (select unhex(value, '-') from json_each($1))"
        postgres "delete from shelf_targets
        where product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))";
    /// Removes the suppliers of products.
    DELETE_PRODUCT_SUPPLIERS = sqlite "delete from product_suppliers
        where product_id in (select unhex(value, '-') from json_each($1))"
        postgres "delete from product_suppliers
        where product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))";
    /// Adds barcodes; answers those that nobody had.
    INSERT_BARCODES = sqlite "insert into barcodes (code, product_id, presentation_id, created_at)
        select r.value ->> 'code', unhex(r.value ->> 'product_id', '-'), unhex(r.value ->> 'presentation_id', '-'), $2
        from json_each($1) as r where true on conflict do nothing returning code"
        postgres "insert into barcodes (code, product_id, presentation_id, created_at)
        select r.code, r.product_id, r.presentation_id, $2
        from json_to_recordset($1::json) as r (code text, product_id uuid, presentation_id uuid)
        on conflict do nothing returning code";
    /// Removes the presentations of products that are not among the kept ones.
    DELETE_PRESENTATIONS = sqlite "delete from presentations where product_id in (select unhex(value, '-') from json_each($1))
        and id not in (select unhex(value, '-') from json_each($2))"
        postgres "delete from presentations where product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))
        and id <> all(array(select value::uuid from json_array_elements_text($2::json) as kept (value)))";
    /// Adds or changes presentations.
    PUT_PRESENTATIONS = sqlite "insert into presentations (id, product_id, name, factor_num, factor_den, price, position)
        select unhex(r.value ->> 'id', '-'), unhex(r.value ->> 'product_id', '-'), r.value ->> 'name', r.value ->> 'factor_num',
        r.value ->> 'factor_den', r.value ->> 'price', r.value ->> 'position' from json_each($1) as r where true
        on conflict (id) do update set factor_num = excluded.factor_num, factor_den = excluded.factor_den,
        price = excluded.price, position = excluded.position"
        postgres "insert into presentations (id, product_id, name, factor_num, factor_den, price, position)
        select r.id, r.product_id, r.name, r.factor_num, r.factor_den, r.price, r.position
        from json_to_recordset($1::json) as r (id uuid, product_id uuid, name text, factor_num bigint, factor_den bigint,
            price bigint, position bigint)
        on conflict (id) do update set factor_num = excluded.factor_num, factor_den = excluded.factor_den,
        price = excluded.price, position = excluded.position";
    /// Adds shelf targets.
    INSERT_SHELF_TARGETS = sqlite "insert into shelf_targets (product_id, location_id, quantity)
        select unhex(r.value ->> 'product_id', '-'), unhex(r.value ->> 'location_id', '-'), r.value ->> 'quantity'
        from json_each($1) as r"
        postgres "insert into shelf_targets (product_id, location_id, quantity)
        select r.product_id, r.location_id, r.quantity
        from json_to_recordset($1::json) as r (product_id uuid, location_id uuid, quantity bigint)";
    /// Adds suppliers of products.
    INSERT_PRODUCT_SUPPLIERS = sqlite "insert into product_suppliers (product_id, supplier_id, supplier_sku, pack_num, pack_den, last_cost, lead_days, main)
        select unhex(r.value ->> 'product_id', '-'), unhex(r.value ->> 'supplier_id', '-'), r.value ->> 'supplier_sku',
        r.value ->> 'pack_num', r.value ->> 'pack_den', r.value ->> 'last_cost', r.value ->> 'lead_days', r.value ->> 'main'
        from json_each($1) as r"
        postgres "insert into product_suppliers (product_id, supplier_id, supplier_sku, pack_num, pack_den, last_cost, lead_days, main)
        select r.product_id, r.supplier_id, r.supplier_sku, r.pack_num, r.pack_den, r.last_cost, r.lead_days, r.main
        from json_to_recordset($1::json) as r (product_id uuid, supplier_id uuid, supplier_sku text, pack_num bigint,
            pack_den bigint, last_cost bigint, lead_days bigint, main boolean)";
    /// Products of a brand and a size, to compare names with.
    FIND_SIMILAR = ("select p.id, p.sku, p.name from products as p where p.brand_folded = $1 ", of_a_size!());
    /// Products of a size whose name begins so, for a name without a brand.
    FIND_SIMILAR_NAMES = ("select p.id, p.sku, p.name from products as p where p.name_folded >= $1 and p.name_folded < $1 || $5 ", of_a_size!());
    /// A page of all products, by name.
    PAGE_BY_NAME = ("select p.id, p.name_folded as key from products as p where (p.name_folded, p.id) > ($1, $2) ", wanted!(), begins!(), "
        order by p.name_folded, p.id limit $3");
    /// A page of the products of a category that has none below it, by name.
    PAGE_BY_CATEGORY = ("select p.id, p.name_folded as key from products as p where p.category_id = $5 and (p.name_folded, p.id) > ($1, $2) ", wanted!(), begins!(), "
        order by p.name_folded, p.id limit $3");
    /// A page of one brand's products, by name.
    PAGE_BY_BRAND = ("select p.id, p.name_folded as key from products as p where p.brand_folded = $6 and (p.name_folded, p.id) > ($1, $2) ", wanted!(), begins!(), "
        order by p.name_folded, p.id limit $3");
    /// A page of one supplier's products, by name.
    PAGE_BY_SUPPLIER = ("select p.id, p.name_folded as key from product_suppliers as lead
        join products as p on p.id = lead.product_id where lead.supplier_id = $7 and (p.name_folded, p.id) > ($1, $2) ", wanted!(), begins!(), "
        order by p.name_folded, p.id limit $3");
    /// A page of what changed since, oldest change first: sorted, because an index on it would cost every change (ADR 0033).
    PAGE_BY_UPDATE = ("select p.id, p.updated_at as key from products as p where (p.updated_at, p.id) > ($1, $2) ", wanted!(), begins!(), "
        order by p.updated_at, p.id limit $3");
    /// A page of the products that hold every word ($8), found by their letters ($9), by name.
    PAGE_BY_TEXT = sqlite ("select p.id, p.name_folded as key from product_search
        cross join products as p on p.number = product_search.rowid where product_search match $9 and (p.name_folded, p.id) > ($1, $2) ", wanted!(), "
        and not exists (select 1 from json_each($8) as word where instr(p.search_text, word.value) = 0)
        order by p.name_folded, p.id limit $3")
        postgres ("select p.id, p.name_folded as key from product_search as s
        join products as p on p.id = s.product_id where fragments(s.search_text) @> fragments($9) and (p.name_folded, p.id) > ($1, $2) ", wanted!(), "
        and p.search_text like all (array(select '%' || value || '%' from json_array_elements_text($8::json) as words (value)))
        order by p.name_folded, p.id limit $3");
    /// What a code stands for: a barcode, a SKU, an internal code, a PLU, or the PLU of a scale's label, in that order.
    FIND_BY_CODE = "select found.product_id, found.presentation_id, found.kind from (
        select product_id, presentation_id, cast(1 as bigint) as kind from barcodes where code = $1
        union all select id, cast(null as uuid), cast(2 as bigint) from products where sku = $2
        union all select id, cast(null as uuid), cast(3 as bigint) from products where internal_code = $3
        union all select id, cast(null as uuid), cast(4 as bigint) from products where scale_plu = $4
        union all select id, cast(null as uuid), cast(5 as bigint) from products where scale_plu = $5
        ) as found order by found.kind limit 1";
    /// Ids of products that hold every word, best first: the name begins so, a word of the name begins so, it is in the name, it is elsewhere.
    SEARCH_BY_TEXT = sqlite "select p.id, cast(case when substr(p.name_folded, 1, length($3)) = $3 then 1 when instr(' ' || p.name_folded, ' ' || $3) > 0 then 2
            when instr(p.name_folded, $4) > 0 then 3 else 4 end as bigint) as rank
        from product_search cross join products as p on p.number = product_search.rowid
        where product_search match $1
        and not exists (select 1 from json_each($2) as word where instr(p.search_text, word.value) = 0)
        order by p.active desc, rank, p.name_folded, p.id limit $5"
        postgres "select p.id, cast(case when substr(p.name_folded, 1, length($3)) = $3 then 1 when strpos(' ' || p.name_folded, ' ' || $3) > 0 then 2
            when strpos(p.name_folded, $4) > 0 then 3 else 4 end as bigint) as rank
        from product_search as s join products as p on p.id = s.product_id
        where fragments(s.search_text) @> fragments($1)
        and p.search_text like all (array(select '%' || value || '%' from json_array_elements_text($2::json) as words (value)))
        order by p.active desc, rank, p.name_folded, p.id limit $5";
    /// Ids of products whose name begins so, for what is too short to search by.
    SEARCH_BY_BEGINNING = "select p.id, cast(1 as bigint) as rank from products as p
        where p.name_folded >= $1 and p.name_folded < $1 || $2
        order by p.name_folded, p.id limit $3";
    /// Products by id, as search shows them.
    FIND_SUMMARIES = sqlite "select p.id, p.sku, p.name, p.short_name, p.brand, c.code as category_code, p.unit, p.active, price.amount as sale_price from products as p
        join categories as c on c.id = p.category_id
        left join prices as price on price.product_id = p.id and price.list = 'GENERAL'
        where p.id in (select unhex(value, '-') from json_each($1))"
        postgres "select p.id, p.sku, p.name, p.short_name, p.brand, c.code as category_code, p.unit, p.active, price.amount as sale_price from products as p
        join categories as c on c.id = p.category_id
        left join prices as price on price.product_id = p.id and price.list = 'GENERAL'
        where p.id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))";
    /// The parts of products in their order, each as a list of its fields.
    FIND_PARTS = sqlite "select product_id, 'barcode' as part, 0 as place, code as label, json_array(code, nullif(hex(presentation_id), '')) as fields
        from barcodes where product_id in (select unhex(value, '-') from json_each($1))
        union all select product_id, 'presentation', position, name, json_array(nullif(hex(id), ''), name, factor_num, factor_den, price)
        from presentations where product_id in (select unhex(value, '-') from json_each($1))
        union all select s.product_id, 'shelf_target', l.position, l.code, json_array(nullif(hex(l.id), ''), l.code, s.quantity)
        from shelf_targets as s join locations as l on l.id = s.location_id where s.product_id in (select unhex(value, '-') from json_each($1))
        union all select ps.product_id, 'supplier', case when ps.main then 0 else 1 end, s.code, json_array(nullif(hex(s.id), ''), s.code, s.name,
            ps.supplier_sku, ps.pack_num, ps.pack_den, ps.last_cost, ps.lead_days, case when ps.main then 1 else 0 end)
        from product_suppliers as ps join suppliers as s on s.id = ps.supplier_id where ps.product_id in (select unhex(value, '-') from json_each($1))
        union all select product_id, 'alias', 0, folded, json_array(folded)
        from aliases where product_id in (select unhex(value, '-') from json_each($1))
        order by product_id, part, place, label"
        postgres "select product_id, 'barcode' as part, 0 as place, code collate \"C\" as label, json_build_array(code, presentation_id)::text as fields
        from barcodes where product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))
        union all select product_id, 'presentation', position, name, json_build_array(id, name, factor_num, factor_den, price)::text
        from presentations where product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))
        union all select s.product_id, 'shelf_target', l.position, l.code, json_build_array(l.id, l.code, s.quantity)::text
        from shelf_targets as s join locations as l on l.id = s.location_id where s.product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))
        union all select ps.product_id, 'supplier', case when ps.main then 0 else 1 end, s.code, json_build_array(s.id, s.code, s.name,
            ps.supplier_sku, ps.pack_num, ps.pack_den, ps.last_cost, ps.lead_days, case when ps.main then 1 else 0 end)::text
        from product_suppliers as ps join suppliers as s on s.id = ps.supplier_id where ps.product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))
        union all select product_id, 'alias', 0, folded, json_build_array(folded)::text
        from aliases where product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))
        order by product_id, part, place, label";
    /// Every category with its parent's code and the months whose factor somebody set.
    ALL_CATEGORIES = sqlite "select c.id, c.code, c.name, parent.code as parent_code, c.margin_min_bp, c.margin_max_bp, c.vat_bp,
        c.cost_alert_bp, c.rounding_step, c.rounding_bands, c.expires, c.active, c.version, (select json_group_array(json_array(month, factor_permille)) from category_seasons where category_id = c.id) as seasons
        from categories as c left join categories as parent on parent.id = c.parent_id order by c.position, c.code"
        postgres "select c.id, c.code, c.name, parent.code as parent_code, c.margin_min_bp, c.margin_max_bp, c.vat_bp,
        c.cost_alert_bp, c.rounding_step, c.rounding_bands, c.expires, c.active, c.version, coalesce((select json_agg(json_build_array(month, factor_permille))::text from category_seasons where category_id = c.id), '[]') as seasons
        from categories as c left join categories as parent on parent.id = c.parent_id order by c.position, c.code";
    /// Draws the next numbers of a category's codes; answers the last of them.
    ISSUE_CODES = "update categories set codes_issued = codes_issued + $2 where id = $1 returning codes_issued";
    /// Which codes of the given products another product has.
    FIND_TAKEN_CODES = sqlite "select r.value ->> 'id' as product_id, 'sku' as field from json_each($1) as r
        join products as p on p.sku = r.value ->> 'sku' where p.id <> unhex(r.value ->> 'id', '-')
        union all select r.value ->> 'id' as product_id, 'internal_code' as field from json_each($1) as r
        join products as p on p.internal_code = r.value ->> 'internal_code' where p.id <> unhex(r.value ->> 'id', '-')
        union all select r.value ->> 'id' as product_id, 'scale_plu' as field from json_each($1) as r
        join products as p on p.scale_plu = r.value ->> 'scale_plu' where p.id <> unhex(r.value ->> 'id', '-')"
        postgres "select r.id::text as product_id, 'sku' as field from json_to_recordset($1::json) as r (id uuid, sku text)
        join products as p on p.sku = r.sku where p.id <> r.id
        union all select r.id::text as product_id, 'internal_code' as field from json_to_recordset($1::json) as r (id uuid, internal_code text)
        join products as p on p.internal_code = r.internal_code where p.id <> r.id
        union all select r.id::text as product_id, 'scale_plu' as field from json_to_recordset($1::json) as r (id uuid, scale_plu text)
        join products as p on p.scale_plu = r.scale_plu where p.id <> r.id";
    /// Which of the given barcodes another product has.
    FIND_TAKEN_BARCODES = sqlite "select r.value ->> 'product_id' as product_id, b.code from json_each($1) as r
        join barcodes as b on b.code = r.value ->> 'code' where b.product_id <> unhex(r.value ->> 'product_id', '-')"
        postgres "select r.product_id::text as product_id, b.code from json_to_recordset($1::json) as r (product_id uuid, code text)
        join barcodes as b on b.code = r.code where b.product_id <> r.product_id";
    /// How many of these products have moved.
    COUNT_MOVED = sqlite "select count(*) from stock_heads where product_id in (select unhex(value) from json_each($1)) and last_sequence > 0"
        postgres "select count(*) from stock_heads
        where product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value))) and last_sequence > 0";
    /// Which of these products have some somewhere.
    FIND_STOCKED = sqlite "select distinct b.product_id from balances as b
        where b.product_id in (select unhex(value, '-') from json_each($1)) and b.quantity <> 0"
        postgres "select distinct b.product_id from balances as b
        where b.product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value))) and b.quantity <> 0";
    /// What a product is called besides, oldest first.
    FIND_ALIASES = "select a.id, a.text, a.source, a.confidence_permille, s.code as supplier_code, a.created_at
        from aliases as a left join suppliers as s on s.id = a.supplier_id where a.product_id = $1 order by a.created_at, a.id";
    /// Adds an alias unless the product has it.
    INSERT_ALIAS = "insert into aliases (id, product_id, text, folded, source, confidence_permille, supplier_id, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    /// Removes an alias of a product.
    DELETE_ALIAS = "delete from aliases where id = $1 and product_id = $2";
}
