//! Every statement of imports. Lists of rows travel as one JSON text, so that one statement keeps what
//! became of a thousand.

gondola_store::sql! {
    /// Opens an import.
    OPEN_IMPORT = "insert into imports (id, kind, state, file_name, file_hash, header, mapping, dry_run, atomic, rows_total, rows_good, rows_bad,
            rows_created, rows_changed, remarks, actor, actor_name, created_at, touched_at, file_id, decimals, location)
        values ($1, $2, 'running', $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0, '[]', $10, $11, $12, $12, $13, $14, $15)";
    /// Begins a refused import again, for a request that is repeated.
    REOPEN_IMPORT = "update imports set state = 'running', rows_good = 0, rows_bad = 0, rows_created = 0, rows_changed = 0, remarks = '[]', finished_at = null, touched_at = $2
        where id = $1 and state = 'refused'";
    /// Forgets the errors of an import that begins again.
    DELETE_ERRORS = "delete from import_errors where import_id = $1";
    /// Forgets the bad rows of an import that begins again.
    DELETE_ROWS = "delete from import_rows where import_id = $1";
    /// Adds up what became of some rows; no row when the import does not run any more.
    ADD_PROGRESS = "update imports set rows_good = rows_good + $2, rows_bad = rows_bad + $3, rows_created = rows_created + $4, rows_changed = rows_changed + $5,
            touched_at = $6 where id = $1 and state = 'running'";
    /// Ends a run.
    CLOSE_IMPORT = "update imports set state = $2, remarks = $3, finished_at = $4 where id = $1 and state = 'running'";
    /// Keeps rows that were refused, as they stood, sealed.
    INSERT_ROWS = sqlite "insert into import_rows (import_id, line, id, cells)
        select $1, r.value ->> 'line', unhex(r.value ->> 'id', '-'), unhex(r.value ->> 'cells') from json_each($2) as r"
        postgres "insert into import_rows (import_id, line, id, cells)
        select $1, r.line, r.id, decode(r.cells, 'hex') from json_to_recordset($2::json) as r (line bigint, id uuid, cells text)";
    /// Keeps what is wrong with them.
    INSERT_ERRORS = sqlite "insert into import_errors (import_id, line, entry, field, code, detail_es, detail_en, value)
        select $1, r.value ->> 'line', r.value ->> 'entry', r.value ->> 'field', r.value ->> 'code', r.value ->> 'detail_es',
            r.value ->> 'detail_en', r.value ->> 'value' from json_each($2) as r"
        postgres "insert into import_errors (import_id, line, entry, field, code, detail_es, detail_en, value)
        select $1, r.line, r.entry, r.field, r.code, r.detail_es, r.detail_en, r.value
        from json_to_recordset($2::json) as r (line bigint, entry bigint, field text, code text, detail_es text, detail_en text, value text)";
    /// Keeps what changed, to be able to undo it.
    INSERT_CHANGES = sqlite "insert into import_changes (import_id, line, target_kind, target_id, label, id, before, version_after)
        select $1, r.value ->> 'line', r.value ->> 'target_kind', unhex(r.value ->> 'target_id', '-'), r.value ->> 'label',
            unhex(r.value ->> 'id', '-'), unhex(r.value ->> 'before'), r.value ->> 'version_after' from json_each($2) as r"
        postgres "insert into import_changes (import_id, line, target_kind, target_id, label, id, before, version_after)
        select $1, r.line, r.target_kind, r.target_id, r.label, r.id, decode(r.before, 'hex'), r.version_after
        from json_to_recordset($2::json) as r (line bigint, target_kind text, target_id uuid, label text, id uuid, before text, version_after bigint)";
    /// One import; of one actor alone when one is given.
    FIND_IMPORT = "select id, kind, state, file_name, header, mapping, dry_run, atomic, rows_total, rows_good, rows_bad, rows_created, rows_changed,
            remarks, actor_name, created_at, finished_at, undone_at, file_id, decimals, location from imports
        where id = $1 and (cast($2 as text) is null or actor = $2)";
    /// Imports, newest first; of one actor alone when one is given.
    LIST_IMPORTS = "select id, kind, state, file_name, header, mapping, dry_run, atomic, rows_total, rows_good, rows_bad, rows_created, rows_changed,
            remarks, actor_name, created_at, finished_at, undone_at, file_id, decimals, location from imports
        where (cast($6 as text) is null or actor = $6) and (cast($1 as text) is null or kind = $1) and (cast($5 as boolean) is null or dry_run = $5) and (created_at, id) < ($2, $3)
        order by created_at desc, id desc limit $4";
    /// Keeps a file that somebody is about to import, sealed.
    INSERT_FILE = "insert into import_files (id, kind, file_name, location, content, sent_by, sent_at) values ($1, $2, $3, $4, $5, $6, $7)";
    /// A kept file; of one sender alone when one is given.
    FIND_FILE = "select id, kind, file_name, location, content from import_files
        where id = $1 and (cast($2 as text) is null or sent_by = $2)";
    /// Whether a file is still kept.
    COUNT_FILE = "select count(*) as files from import_files where id = $1";
    /// Forgets files that were sent before a moment.
    FORGET_FILES = "delete from import_files where sent_at < $1";
    /// What is wrong, by line.
    LIST_ERRORS = "select line, entry, field, code, detail_es, detail_en, value from import_errors
        where import_id = $1 and (line, entry) > ($2, $3) order by line, entry limit $4";
    /// Refused rows as they stood, by line.
    LIST_ROWS = "select line, id, cells from import_rows where import_id = $1 and line > $2 order by line limit $3";
    /// What is still to undo, one product after another.
    LIST_CHANGES = "select line, target_kind, target_id, id, before, version_after from import_changes
        where import_id = $1 and target_id > $2 and undo is null order by target_id, line limit $3";
    /// Notes how the undo of some changes went. The plus keeps SQLite from reading the whole import for each of them.
    MARK_CHANGES = sqlite "update import_changes set undo = r.value ->> 'undo' from json_each($2) as r
        where +import_changes.import_id = $1 and import_changes.target_id = unhex(r.value ->> 'target_id', '-') and import_changes.line = r.value ->> 'line'"
        postgres "update import_changes set undo = r.undo from json_to_recordset($2::json) as r (target_id uuid, line bigint, undo text)
        where import_changes.import_id = $1 and import_changes.target_id = r.target_id and import_changes.line = r.line";
    /// What an undo left as it is, by line.
    LIST_KEPT = "select line, label, undo from import_changes where import_id = $1 and undo is not null and undo <> 'done' order by line limit $2";
    /// How many changes an undo took back.
    COUNT_UNDONE = "select count(*) as undone from import_changes where import_id = $1 and undo = 'done'";
    /// Begins to undo, or goes on with an undo that was interrupted.
    BEGIN_UNDO = "update imports set state = 'undoing', touched_at = $2 where id = $1 and state in ('running', 'applied', 'interrupted', 'undoing')";
    /// Says that an undo is at work.
    TOUCH_UNDO = "update imports set touched_at = $2 where id = $1 and state = 'undoing'";
    /// Ends what nobody has worked at since a moment.
    INTERRUPT_IMPORTS = "update imports set state = 'interrupted', finished_at = $2 where state in ('running', 'undoing') and touched_at < $1";
    /// Ends an undo.
    END_UNDO = "update imports set state = 'undone', undone_at = $2 where id = $1 and state = 'undoing'";
    /// What somebody said the columns of files with these titles are.
    FIND_MAPPING = "select mapping from import_mappings where kind = $1 and header = $2";
    /// Remembers it.
    PUT_MAPPING = "insert into import_mappings (kind, header, mapping, updated_at) values ($1, $2, $3, $4)
        on conflict (kind, header) do update set mapping = excluded.mapping, updated_at = excluded.updated_at";
    /// The last movement of products.
    FIND_POSITIONS = sqlite "select product_id, last_sequence from stock_heads
        where product_id in (select unhex(value, '-') from json_each($1))"
        postgres "select product_id, last_sequence from stock_heads
        where product_id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))";
    /// The products of movements.
    FIND_MOVED = sqlite "select id, product_id from movements where id in (select unhex(value, '-') from json_each($1))"
        postgres "select id, product_id from movements
        where id = any(array(select value::uuid from json_array_elements_text($1::json) as ids (value)))";
    /// Suppliers by code.
    FIND_SUPPLIERS = sqlite "select id, code, name, active, version from suppliers where code in (select value from json_each($1))"
        postgres "select id, code, name, active, version from suppliers
        where code = any(array(select value from json_array_elements_text($1::json) as codes (value)))";
    /// Adds suppliers.
    INSERT_SUPPLIERS = sqlite "insert into suppliers (id, code, name, active, created_at, updated_at, version)
        select unhex(r.value ->> 'id', '-'), r.value ->> 'code', r.value ->> 'name', r.value ->> 'active', $2, $2, r.value ->> 'version'
        from json_each($1) as r where true on conflict do nothing"
        postgres "insert into suppliers (id, code, name, active, created_at, updated_at, version)
        select r.id, r.code, r.name, r.active, $2, $2, r.version
        from json_to_recordset($1::json) as r (id uuid, code text, name text, active boolean, version bigint) on conflict do nothing";
    /// Changes suppliers whose version is one below the given one.
    UPDATE_SUPPLIERS = sqlite "update suppliers set name = r.value ->> 'name', active = r.value ->> 'active', version = r.value ->> 'version', updated_at = $2
        from json_each($1) as r where suppliers.id = unhex(r.value ->> 'id', '-') and suppliers.version = (r.value ->> 'version') - 1"
        postgres "update suppliers set name = r.name, active = r.active, version = r.version, updated_at = $2
        from json_to_recordset($1::json) as r (id uuid, name text, active boolean, version bigint)
        where suppliers.id = r.id and suppliers.version = r.version - 1";
    /// Brings a supplier back to what it was.
    RESTORE_SUPPLIER = "update suppliers set name = coalesce($3, name), active = $4, updated_at = $5, version = version + 1
        where id = $1 and version = $2";
}
