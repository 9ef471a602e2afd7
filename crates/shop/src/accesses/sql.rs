//! Reading the log of accesses, newest first.

macro_rules! shown {
    () => {
        "select l.id, l.accessed_at, l.actor_type, l.actor_id, l.face, l.operation, l.table_name, l.column_name, l.record_ids,
            l.record_count, l.purpose, l.outcome, l.error_code, l.key_id, l.request_id, l.client_ip, l.position"
    };
}

macro_rules! narrowed {
    ($lines:literal) => {
        concat!(
            " and (cast($1 as text) is null or l.table_name || '.' || l.column_name = $1)
            and (cast($2 as text) is null or l.actor_type || ':' || l.actor_id = $2)
            and (cast($3 as text) is null or l.operation = $3)
            and ",
            $lines
        )
    };
}

gondola_store::sql! {
    /// Accesses, newest first: to a column (`table.column`), by somebody (`user:ID`), of a kind, between two instants.
    ACCESSES = (shown!(), " from encrypted_data_access_log l where true", narrowed!(
        "l.accessed_at >= $4 and l.accessed_at < $5 and (l.accessed_at, l.id) < ($6, $7)
        order by l.accessed_at desc, l.id desc limit $8"));
    /// The same of one record, found by the records, whose index has them in this order.
    ACCESSES_OF_RECORD = (shown!(), " from encrypted_data_access_records r
        join encrypted_data_access_log l on l.id = r.access_id
        where r.record_id = $9", narrowed!(
        "r.accessed_at >= $4 and r.accessed_at < $5 and (r.accessed_at, r.access_id) < ($6, $7)
        order by r.accessed_at desc, r.access_id desc limit $8"));
    /// The people and keys of that name.
    FIND_ACTORS = "select 'user:' as kind, id from users where name = $1 or username = $1
        union all select 'key:', id from api_keys where name = $1";
    /// What people and keys are called.
    LIST_NAMES = sqlite "select id, name from users where id in (select unhex(value, '-') from json_each($1))
            union all select id, name from api_keys where id in (select unhex(value, '-') from json_each($1))"
        postgres "select id, name from users where id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))
            union all select id, name from api_keys where id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))";
}
