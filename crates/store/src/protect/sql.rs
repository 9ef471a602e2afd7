//! The statements of the key ring and of the log of accesses. Those of a rotation are composed: tables and columns come
//! out of the program, values never do.

use super::column::ColumnName;
use crate::db::Engine;

macro_rules! access {
    () => {
        "id, accessed_at, actor_type, actor_id, face, db_role, operation, table_name, column_name, record_ids, record_count,
            record_digest, purpose, outcome, error_code, key_id, request_id, client_ip, position, prev_hash, row_hash"
    };
}

crate::sql! {
    /// The keys of the ring that were not retired.
    LIST_KEYS = "select id, purpose, wrapped, created_at from encryption_keys where retired_at is null order by id";
    /// How many keys there ever were.
    COUNT_KEYS = "select count(*) from encryption_keys";
    /// Keeps two apart who change the ring, until the end of the transaction.
    LOCK_RING = only postgres "select pg_advisory_xact_lock(7310579, 3)";
    /// The number of the last key.
    LAST_KEY = "select coalesce(max(id), 0) from encryption_keys";
    /// How many keys are in use.
    COUNT_LIVE_KEYS = "select count(*) from encryption_keys where retired_at is null";
    /// Every key there ever was.
    LIST_ALL_KEYS = "select id, purpose, created_at, retired_at from encryption_keys order by id";
    /// Wraps a key with another secret.
    WRAP_KEY = "update encryption_keys set wrapped = $2 where id = $1 and retired_at is null";
    /// Retires a key; what was wrapped goes.
    RETIRE_KEY = "update encryption_keys set retired_at = $2, wrapped = $3 where id = $1 and retired_at is null";
    /// How many kept answers each key sealed.
    COUNT_ANSWERS = sqlite "select hex(substr(answer, 3, 4)) as key, count(*) as rows from idempotency_keys where length(answer) > 0 group by 1"
        postgres "select encode(substr(answer, 3, 4), 'hex') as key, count(*) as rows from idempotency_keys where length(answer) > 0 group by 1";
    /// Keeps a wrapped key.
    INSERT_KEY = "insert into encryption_keys (id, purpose, wrapped, created_at, retired_at) values ($1, $2, $3, $4, null)";
    /// Writes an access, and by which records it is found; on PostgreSQL without a number it takes the next one.
    INSERT_ACCESS = sqlite "insert into encrypted_data_access_log (id, accessed_at, actor_type, actor_id, face, db_role, operation,
            table_name, column_name, record_ids, record_count, record_digest, purpose, outcome, error_code, key_id, request_id,
            client_ip, position, prev_hash, row_hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21);
        insert into encrypted_data_access_records (record_id, accessed_at, access_id)
            select unhex(value, '-'), $2, $1 from json_each($22)"
        postgres "with access as (insert into encrypted_data_access_log (id, accessed_at, actor_type, actor_id, face, db_role, operation,
            table_name, column_name, record_ids, record_count, record_digest, purpose, outcome, error_code, key_id, request_id,
            client_ip, position, prev_hash, row_hash)
        values (coalesce(cast($1 as bigint), nextval(pg_get_serial_sequence('encrypted_data_access_log', 'id'))),
            $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        returning id)
        insert into encrypted_data_access_records (record_id, accessed_at, access_id)
            select value::uuid, $2, access.id from access, json_array_elements_text($22::json)";
    /// The same, unless the log does not end with the row before any more, whose hash is $20; then it changes no row.
    INSERT_NEXT_ACCESS = only_sqlite "insert into encrypted_data_access_log (id, accessed_at, actor_type, actor_id, face, db_role,
            operation, table_name, column_name, record_ids, record_count, record_digest, purpose, outcome, error_code, key_id,
            request_id, client_ip, position, prev_hash, row_hash)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21
            where $1 - 1 = (select max(id) from encrypted_data_access_log)
                and $20 = (select row_hash from encrypted_data_access_log where id = $1 - 1);
        insert into encrypted_data_access_records (record_id, accessed_at, access_id)
            select unhex(value, '-'), $2, $1 from json_each($22)
            where $21 = (select row_hash from encrypted_data_access_log where id = $1)";
    /// The same in one trip, as a transaction of its own; it tells the number of the row it wrote.
    INSERT_NEXT_ACCESS_ALONE = only_sqlite "begin immediate;
        insert into encrypted_data_access_log (id, accessed_at, actor_type, actor_id, face, db_role,
            operation, table_name, column_name, record_ids, record_count, record_digest, purpose, outcome, error_code, key_id,
            request_id, client_ip, position, prev_hash, row_hash)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21
            where $1 - 1 = (select max(id) from encrypted_data_access_log)
                and $20 = (select row_hash from encrypted_data_access_log where id = $1 - 1)
        returning id;
        insert into encrypted_data_access_records (record_id, accessed_at, access_id)
            select unhex(value, '-'), $2, $1 from json_each($22)
            where $21 = (select row_hash from encrypted_data_access_log where id = $1);
        commit";
    /// Where the log ends: the last number given, the last place in the chain and its hash.
    END = "select coalesce((select max(id) from encrypted_data_access_log), 0) as sequence,
            coalesce((select max(position) from encrypted_data_access_log), 0) as position,
            (select row_hash from encrypted_data_access_log where position is not null order by position desc limit 1) as row_hash";
    /// Keeps two sealers apart until the end of the transaction.
    LOCK_CHAIN = only postgres "select pg_advisory_xact_lock(7310579, 4)";
    /// Accesses that are not sealed yet, in their order.
    UNSEALED = ("select ", access!(), " from encrypted_data_access_log where position is null order by id limit $1");
    /// Whether an access waits for its seal.
    AWAITS_SEAL = "select exists(select 1 from encrypted_data_access_log where position is null)";
    /// Gives accesses their places and hashes, as a JSON list; PostgreSQL does as the sealer and answers to how many.
    SEAL = sqlite "update encrypted_data_access_log set position = v.position, prev_hash = v.prev_hash, row_hash = v.row_hash
        from (select value ->> 'sequence' as sequence, value ->> 'position' as position, unhex(value ->> 'prev_hash') as prev_hash,
            unhex(value ->> 'row_hash') as row_hash from json_each($1)) v
        where encrypted_data_access_log.id = v.sequence"
        postgres "select seal_access_log($1)";
    /// The chain after a place, in order.
    CHAIN = ("select ", access!(), " from encrypted_data_access_log where position > $1 order by position");
    /// How many accesses wait for their seal, and since when the oldest of them does.
    WAITING = "select count(*) as entries, min(accessed_at) as since from encrypted_data_access_log where position is null";
    /// Who the program is to the database.
    DB_ROLE = sqlite "select 'file'" postgres "select cast(current_user as text)";
}

/// How many values of a column each key sealed.
pub fn count(column: ColumnName, engine: Engine) -> String {
    let ColumnName { table, column, .. } = column;
    let key = match engine {
        Engine::Sqlite => format!("hex(substr({column}, 3, 4))"),
        Engine::Postgres => format!("encode(substr({column}, 3, 4), 'hex')"),
    };
    format!("select {key} as key, count(*) as rows from {table} where {column} is not null group by 1")
}

/// Rows of a column after one, in order: at most $2, and none after the first $3 bytes.
pub fn page(column: ColumnName) -> String {
    let ColumnName { table, column, .. } = column;
    format!(
        "select t.id, t.{column} from (select id, sum(size) over (order by id) - size as so_far
            from (select id, length({column}) as size from {table} where id > $1 and {column} is not null
                order by id limit $2) as sized) as summed
        join {table} as t on t.id = summed.id where summed.so_far < $3 order by t.id"
    )
}

/// Writes the whole file of SQLite anew, its log included.
pub const REWRITE_FILE: &str = "vacuum; pragma wal_checkpoint(truncate)";

/// Writes a table of PostgreSQL anew.
pub fn rewrite(table: &str) -> String {
    format!("vacuum (full) {table}")
}

/// Replaces values that are still what they were, given as a JSON list.
pub fn exchange(column: ColumnName, engine: Engine) -> String {
    let ColumnName { table, column, .. } = column;
    match engine {
        Engine::Sqlite => format!(
            "update {table} set {column} = unhex(j.value ->> 'after') from json_each($1) as j
            where {table}.id = unhex(j.value ->> 'id', '-') and {table}.{column} = unhex(j.value ->> 'before')"
        ),
        Engine::Postgres => format!(
            "update {table} set {column} = decode(j.after, 'hex')
            from json_to_recordset($1::json) as j (id uuid, before text, after text)
            where {table}.id = j.id and {table}.{column} = decode(j.before, 'hex')"
        ),
    }
}
