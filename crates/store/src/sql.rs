//! The store's own statements.

crate::sql! {
    /// The stored answer for an owner's key.
    FIND_ANSWER = "select request_hash, answer from idempotency_keys where owner = $1 and key = $2";
    /// Claims a key; changes no row when another request holds it.
    CLAIM_KEY = "insert into idempotency_keys (owner, key, request_hash, answer, created_at)
        values ($1, $2, $3, $4, $5) on conflict do nothing";
    /// Stores the answer of a claimed key.
    STORE_ANSWER = "update idempotency_keys set answer = $3 where owner = $1 and key = $2";
    /// Forgets keys older than an instant.
    FORGET_OLD_KEYS = "delete from idempotency_keys where created_at < $1";
    /// The health probe's write, undone by its caller.
    PROBE_WRITE = "insert into settings (key, value, version, updated_at) values ($1, '', 1, $2)
        on conflict (key) do update set updated_at = excluded.updated_at";
    /// Whether a table exists.
    FIND_TABLE = sqlite "select name from sqlite_schema where type = 'table' and name = $1"
        postgres "select tablename::text from pg_tables where schemaname = current_schema() and tablename = $1";
    /// Reads a setting.
    FIND_SETTING = "select value from settings where key = $1";
    /// Writes a setting.
    PUT_SETTING = "insert into settings (key, value, version, updated_at) values ($1, $2, 1, $3)
        on conflict (key) do update set value = excluded.value, version = settings.version + 1, updated_at = excluded.updated_at";
}
