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
    /// Reads a setting.
    FIND_SETTING = "select value from settings where key = $1";
    /// Writes a setting.
    PUT_SETTING = "insert into settings (key, value, version, updated_at) values ($1, $2, 1, $3)
        on conflict (key) do update set value = excluded.value, version = settings.version + 1, updated_at = excluded.updated_at";
    /// Which version of the engine this is.
    ENGINE_VERSION = sqlite "select sqlite_version()" postgres "select current_setting('server_version')";
    /// The clock of the database's machine, which tells nothing but how far ours is from it.
    NOW_THERE = sqlite "select cast(unixepoch('subsec') * 1000 as integer) * 1000"
        postgres "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";
    /// Whether PostgreSQL has a table.
    FIND_RELATION = only postgres "select to_regclass($1) is not null";
    /// Lets a role of PostgreSQL do what the program does, and no more.
    GRANT = only postgres "select grant_to_program($1)";
    /// Whether whoever is connected may rewrite what is kept for ever.
    MAY_REWRITE = only postgres "select has_table_privilege('audit_trail', 'update')";
    /// The latest instant at which something was kept.
    LAST_REMEMBERED = "select coalesce(max(at), 0) from (select max(updated_at) as at from settings
        union all select max(created_at) as at from idempotency_keys) as kept";
}

/// Whether a file of SQLite has a table.
pub const FIND_TABLE: &str = "select name from sqlite_schema where type = 'table' and name = $1";
/// Everything that is committed, as one new file of SQLite.
pub const WRITE_SNAPSHOT: &str = "vacuum into $1";
/// What is wrong with a file of SQLite: a line each, or the word ok.
pub const CHECK_INTEGRITY: &str = "pragma integrity_check(100)";
/// The rows on SQLite that point to nothing: the table and the one pointed to.
pub const CHECK_REFERENCES: &str = "select \"table\", \"parent\" from pragma_foreign_key_check() limit 100";
/// A snapshot on PostgreSQL. What lists are asked for is in the values: a plan made without them walks ten thousand
/// products for a page of fifty, in 40 ms instead of the 3 that planning and reading take.
pub const BEGIN_READING: &str = "begin transaction isolation level repeatable read, read only;
    set local plan_cache_mode = force_custom_plan";
