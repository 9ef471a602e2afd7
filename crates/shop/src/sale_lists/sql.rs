//! Every statement about the rules of sale lists.

/// A rule as it is kept.
macro_rules! rules {
    () => {
        "select id, list, adjustment_bp, rounding_step, margin_min_bp, valid_from, valid_to, actor_name, set_at, removed_by, removed_at
        from sale_list_rules "
    };
}

gondola_store::sql! {
    /// Keeps a rule.
    INSERT_RULE = "insert into sale_list_rules (id, list, adjustment_bp, rounding_step, margin_min_bp, valid_from, valid_to, actor, actor_name, set_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// One rule.
    FIND_RULE = (rules!(), "where id = $1");
    /// A page of them, the newest first: of a list, of those that nobody removed where `$2` is set.
    LIST_RULES = (rules!(), "where (cast($1 as text) is null or list = $1) and (not $2 or removed_at is null) and (set_at, id) < ($3, $4)
        order by set_at desc, id desc limit $5");
    /// The rules of a list that nobody removed and that have not ended on the day `$2`, the first to hold first.
    STANDING_RULES = (rules!(), "where list = $1 and removed_at is null and (valid_to is null or valid_to >= $2)
        order by valid_from desc, set_at desc, id desc");
    /// Removes a rule that nobody removed.
    REMOVE_RULE = "update sale_list_rules set removed_by = $2, removed_at = $3 where id = $1 and removed_at is null";
    /// How many prices of a list somebody set, of products in use.
    COUNT_OWN = "select count(*) from prices as r join products as p on p.id = r.product_id where r.list = $1 and p.active";
}
