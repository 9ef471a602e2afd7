//! Every statement about accounts with suppliers.

/// The columns of an entry with whose it is, and the balance after it.
macro_rules! entry {
    () => {
        "select e.sequence, e.id, e.kind, e.amount, e.document, e.issued_on, e.due_on, e.method, e.reason, e.reverses,
            r.id as reversed_by, e.source_kind, e.source_id, e.actor_name, e.recorded_at,
            cast((select sum(b.amount) from supplier_entries as b
                where b.supplier_id = e.supplier_id and b.sequence <= e.sequence) as bigint) as balance_after
        from supplier_entries as e left join supplier_entries as r on r.reverses = e.id "
    };
}

gondola_store::sql! {
    /// Locks a supplier whose account is about to grow.
    LOCK_SUPPLIER = sqlite "select id from suppliers where id = $1"
        postgres "select id from suppliers where id = $1 for update";
    /// Adds an entry.
    INSERT_ENTRY = "insert into supplier_entries (id, supplier_id, kind, amount, document, issued_on, due_on, method, reason,
            reverses, source_kind, source_id, actor, actor_name, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    /// One entry by id, of one supplier.
    FIND_ENTRY = (entry!(), "where e.id = $1 and e.supplier_id = $2");
    /// Whether an invoice or note of this number is in the account and was not reversed.
    HAS_DOCUMENT = "select count(*) from supplier_entries as e
        where e.supplier_id = $1 and e.document = $2 and e.kind = $3 and e.reverses is null
            and not exists (select 1 from supplier_entries as r where r.reverses = e.id)";
    /// A page of an account, newest first.
    LIST_ENTRIES = (entry!(), "where e.supplier_id = $1 and e.sequence < $2 order by e.sequence desc limit $3");
    /// What the shop owes a supplier.
    BALANCE = "select cast(coalesce(sum(amount), 0) as bigint) from supplier_entries where supplier_id = $1";
    /// What is owed to suppliers, entry by entry: those that were not reversed, and are no reversal.
    OWED = "select e.supplier_id, e.sequence, e.amount, coalesce(e.due_on, e.issued_on) as due_on
        from supplier_entries as e
        where (e.supplier_id = $1 or $1 is null) and e.amount > 0 and e.reverses is null
            and not exists (select 1 from supplier_entries as r where r.reverses = e.id)
        order by e.supplier_id, e.sequence";
    /// What was paid to suppliers or credited by them: without what was reversed.
    PAID = "select e.supplier_id, cast(sum(-e.amount) as bigint) as paid
        from supplier_entries as e
        where (e.supplier_id = $1 or $1 is null) and e.amount < 0 and e.reverses is null
            and not exists (select 1 from supplier_entries as r where r.reverses = e.id)
        group by e.supplier_id order by e.supplier_id";
    /// Whose accounts have entries, by code.
    ACCOUNTS = "select s.id, s.code, s.name, cast(sum(e.amount) as bigint) as balance
        from supplier_entries as e join suppliers as s on s.id = e.supplier_id
        group by s.id, s.code, s.name order by s.code";
}
