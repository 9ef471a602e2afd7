//! Every statement about markups that are set.

/// What a markup is set on, with the names people know: categories first, then brands, then products, each by name.
macro_rules! markups {
    () => {
        "select m.id, m.place, m.key, m.sku, m.category, m.brand, m.name, m.markup_bp, m.actor_name, m.set_at from (
            select r.id, cast(case when r.category_id is not null then 1 when r.brand_folded is not null then 2 else 3 end as bigint) as place,
                coalesce(c.code, r.brand_folded, p.name_folded) as key, p.sku, c.code as category, r.brand, coalesce(c.name, r.brand, p.name) as name,
                r.markup_bp, r.actor_name, r.set_at
            from markups as r left join products as p on p.id = r.product_id left join categories as c on c.id = r.category_id) as m "
    };
}

gondola_store::sql! {
    /// Sets a markup on a product, a category or a brand, in place of the one that it had.
    PUT_MARKUP = sqlite "insert into markups (id, product_id, category_id, brand_folded, brand, markup_bp, actor, actor_name, set_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (coalesce(product_id, x'00'), coalesce(category_id, x'00'), coalesce(brand_folded, '')) do update set
            markup_bp = excluded.markup_bp, actor = excluded.actor, actor_name = excluded.actor_name, set_at = excluded.set_at returning id"
        postgres "insert into markups (id, product_id, category_id, brand_folded, brand, markup_bp, actor, actor_name, set_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (coalesce(product_id, '00000000-0000-0000-0000-000000000000'::uuid),
            coalesce(category_id, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(brand_folded, '')) do update set
            markup_bp = excluded.markup_bp, actor = excluded.actor, actor_name = excluded.actor_name, set_at = excluded.set_at returning id";
    /// The markup of exactly that.
    FIND_SET_ON = "select r.id from markups as r where r.product_id is not distinct from $1 and r.category_id is not distinct from $2
            and r.brand_folded is not distinct from $3";
    /// One markup.
    FIND_MARKUP = (markups!(), "where m.id = $1");
    /// A page of them.
    LIST_MARKUPS = (markups!(), "where (m.place, m.key, m.id) > ($1, $2, $3) order by m.place, m.key, m.id limit $4");
    /// Takes one away.
    DELETE_MARKUP = "delete from markups where id = $1";
    /// A category.
    FIND_CATEGORY = "select id from categories where code = $1";
    /// How a brand is written.
    FIND_BRAND = "select brand from products where brand_folded = $1 order by active desc, id limit 1";
}
