//! What a database says about its own tables. Both engines answer the same columns, so that one
//! reader understands them. Left out are the migrations' own table and what each engine keeps for
//! its own way of searching: virtual tables with their shadows and what PostgreSQL has in their place, indexes other than
//! sorted ones.

crate::sql! {
    /// Every column: table, name, declared type, whether it must be filled, its place in the primary
    /// key (0 outside), whether the database numbers rows by it (on SQLite the one integer that is the key).
    LIST_COLUMNS =
        sqlite "select t.name, c.name, lower(c.type), c.\"notnull\" = 1, c.pk,
            c.pk = 1 and lower(c.type) = 'integer'
            and 1 = (select count(*) from pragma_table_info(t.name) k where k.pk > 0)
            from pragma_table_list t join pragma_table_info(t.name) c
            where t.schema = 'main' and t.type = 'table'
            and t.name <> '_sqlx_migrations' and substr(t.name, 1, 7) <> 'sqlite_'
            order by t.name, c.name"
        postgres "select t.relname::text, c.attname::text, format_type(c.atttypid, c.atttypmod), c.attnotnull,
            coalesce(array_position(k.indkey::smallint[], c.attnum) + 1, 0)::bigint, c.attidentity <> ''
            from pg_class t
            join pg_attribute c on c.attrelid = t.oid and c.attnum > 0 and not c.attisdropped
            left join pg_index k on k.indrelid = t.oid and k.indisprimary
            where t.relkind in ('r', 'p') and t.relnamespace = current_schema()::regnamespace
            and t.relname not in ('_sqlx_migrations', 'product_search')
            order by t.relname collate \"C\", c.attname collate \"C\"";
    /// Every column of every index but the primary keys': table, index, whether the index was given its
    /// name, whether it forbids repetition, whether it covers some rows only, the column; an expression
    /// has no column.
    LIST_INDEXES =
        sqlite "select t.name, i.name, i.origin = 'c', i.\"unique\" = 1, i.partial = 1, c.name
            from pragma_table_list t join pragma_index_list(t.name) i join pragma_index_info(i.name) c
            where t.schema = 'main' and t.type = 'table'
            and t.name <> '_sqlx_migrations' and i.origin <> 'pk'
            order by t.name, i.name, c.seqno"
        postgres "select t.relname::text, i.relname::text, u.oid is null, k.indisunique, k.indpred is not null, c.attname::text
            from pg_class t
            join pg_index k on k.indrelid = t.oid and not k.indisprimary
            join pg_class i on i.oid = k.indexrelid
            join pg_am m on m.oid = i.relam and m.amname = 'btree'
            cross join lateral unnest(k.indkey::smallint[]) with ordinality as p (attnum, position)
            left join pg_attribute c on c.attrelid = t.oid and c.attnum = p.attnum
            left join pg_constraint u on u.conindid = i.oid and u.contype = 'u'
            where t.relkind in ('r', 'p') and t.relnamespace = current_schema()::regnamespace
            and t.relname not in ('_sqlx_migrations', 'product_search')
            order by t.relname collate \"C\", i.relname collate \"C\", p.position";
    /// Every column of every foreign key: table, the key's name or number, the column, the table and
    /// column it points to.
    LIST_REFERENCES =
        sqlite "select t.name, cast(f.id as text), f.\"from\", f.\"table\", coalesce(f.\"to\", '')
            from pragma_table_list t join pragma_foreign_key_list(t.name) f
            where t.schema = 'main' and t.type = 'table' and t.name <> '_sqlx_migrations'
            order by t.name, f.id, f.seq"
        postgres "select t.relname::text, f.conname::text, c.attname::text, o.relname::text, d.attname::text
            from pg_constraint f
            join pg_class t on t.oid = f.conrelid
            join pg_class o on o.oid = f.confrelid
            cross join lateral unnest(f.conkey, f.confkey) with ordinality as p (here, there, position)
            join pg_attribute c on c.attrelid = t.oid and c.attnum = p.here
            join pg_attribute d on d.attrelid = o.oid and d.attnum = p.there
            where f.contype = 'f' and t.relnamespace = current_schema()::regnamespace
            and t.relname not in ('_sqlx_migrations', 'product_search')
            order by t.relname collate \"C\", f.conname collate \"C\", p.position";
    /// The triggers that are at work; one that is turned off is as good as gone.
    LIST_TRIGGERS = sqlite "select name from sqlite_schema where type = 'trigger' order by name"
        postgres "select g.tgname::text from pg_trigger g join pg_class t on t.oid = g.tgrelid
            where not g.tgisinternal and g.tgenabled not in ('D', 'R') and t.relnamespace = current_schema()::regnamespace
            order by 1";
}
