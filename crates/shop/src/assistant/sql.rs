//! Every statement of the assistant.

/// The columns of a message.
macro_rules! message {
    () => {
        "id, place, sentence, status, plan, expires_at, actor, actor_name, said_at, done_at, undone_at"
    };
}

gondola_store::sql! {
    /// What tells the catalogue, its categories and the places as they are from what they were.
    KNOWN_MARK = "select p.many, p.versions, p.changed_at, s.many, c.versions, l.versions, u.many, u.versions, u.changed_at from
        (select count(*) as many, coalesce(cast(sum(version) as bigint), 0) as versions, coalesce(max(updated_at), 0) as changed_at from products) p,
        (select count(*) as many from product_suppliers) s,
        (select coalesce(cast(sum(version) as bigint), 0) as versions from categories) c,
        (select coalesce(cast(sum(version) as bigint), 0) as versions from locations) l,
        (select count(*) as many, coalesce(cast(sum(version) as bigint), 0) as versions, coalesce(max(updated_at), 0) as changed_at from suppliers) u";
    /// Every product in use, with its category and main supplier.
    KNOWN_PRODUCTS = "select p.id, p.sku, p.name, p.brand, c.name as category, p.unit, p.content_quantity, p.content_unit, s.code as supplier
        from products p join categories c on c.id = p.category_id
        left join product_suppliers ps on ps.product_id = p.id and ps.main
        left join suppliers s on s.id = ps.supplier_id and s.active
        where p.active order by p.number";
    /// What people call products, but for names that hold in one supplier's papers only.
    KNOWN_ALIASES = "select a.product_id, a.text from aliases a join products p on p.id = a.product_id
        where p.active and a.supplier_id is null order by a.product_id, a.created_at, a.id";
    /// The places where goods are.
    KNOWN_LOCATIONS = "select code, name from locations where active and kind in ('stock', 'quarantine') order by position, code";
    /// Keeps a sentence with what it was read as.
    INSERT_MESSAGE = "insert into assistant_messages (id, place, sentence, status, plan, token_digest, expires_at, actor, actor_name, said_at, done_at, undone_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null)";
    /// One message.
    FIND_MESSAGE = ("select ", message!(), " from assistant_messages where id = $1");
    /// The message whose plan a token confirms.
    FIND_PLAN = ("select ", message!(), " from assistant_messages where token_digest = $1");
    /// A message about to change, locked.
    LOCK_MESSAGE = sqlite ("select ", message!(), " from assistant_messages where id = $1")
        postgres ("select ", message!(), " from assistant_messages where id = $1 for update");
    /// Writes down that a plan was carried out.
    SET_DONE = "update assistant_messages set plan = $2, done_at = $3 where id = $1 and done_at is null";
    /// Writes down that a message was undone.
    SET_UNDONE = "update assistant_messages set undone_at = $2 where id = $1 and done_at is not null and undone_at is null";
    /// The message of somebody that wrote something last.
    LATEST_DONE = "select id from assistant_messages where actor = $1 and done_at is not null order by done_at desc, id desc limit 1";
    /// What somebody wrote last.
    LATEST_MESSAGES = ("select ", message!(), " from assistant_messages where actor = $1 order by said_at desc, id desc limit $2");
}
