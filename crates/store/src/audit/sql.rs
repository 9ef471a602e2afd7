//! The statements of the audit trail.

crate::sql! {
    /// Writes an entry; on PostgreSQL without a number it takes the next one.
    INSERT = sqlite "insert into audit_trail (sequence, event, family, at, actor, actor_name, face, resource, status, records,
            client_ip, agent, request_id, class, sensitivity, reason, approver, before_digest, after_digest, position, prev_hash, row_hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)"
        postgres "insert into audit_trail (sequence, event, family, at, actor, actor_name, face, resource, status, records,
            client_ip, agent, request_id, class, sensitivity, reason, approver, before_digest, after_digest, position, prev_hash, row_hash)
        values (coalesce(cast($1 as bigint), nextval(pg_get_serial_sequence('audit_trail', 'sequence'))),
            $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
    /// Where the trail ends: the last number given, the last place in the chain and its hash.
    END = "select coalesce((select max(sequence) from audit_trail), 0) as sequence,
            coalesce((select max(position) from audit_trail), 0) as position,
            (select row_hash from audit_trail where position is not null order by position desc limit 1) as row_hash";
    /// Keeps two sealers apart until the end of the transaction.
    LOCK_CHAIN = only postgres "select pg_advisory_xact_lock(7310579, 1)";
    /// Entries that are not sealed yet, in their order.
    UNSEALED = "select sequence, event, family, at, actor, actor_name, face, resource, status, records, client_ip, agent,
            request_id, class, sensitivity, reason, approver, before_digest, after_digest, position, prev_hash, row_hash
        from audit_trail where position is null order by sequence limit $1";
    /// Whether an entry waits for its seal.
    AWAITS_SEAL = "select exists(select 1 from audit_trail where position is null)";
    /// Gives entries their places and hashes, as a JSON list; PostgreSQL does as the sealer and answers to how many.
    SEAL = sqlite "update audit_trail set position = v.position, prev_hash = v.prev_hash, row_hash = v.row_hash
        from (select value ->> 'sequence' as sequence, value ->> 'position' as position, unhex(value ->> 'prev_hash') as prev_hash,
            unhex(value ->> 'row_hash') as row_hash from json_each($1)) v
        where audit_trail.sequence = v.sequence"
        postgres "select seal_audit_trail($1)";
    /// The chain after a place, in order.
    CHAIN = "select sequence, event, family, at, actor, actor_name, face, resource, status, records, client_ip, agent,
            request_id, class, sensitivity, reason, approver, before_digest, after_digest, position, prev_hash, row_hash
        from audit_trail where position > $1 order by position";
    /// Keeps an anchor, unless its place has one.
    KEEP_ANCHOR = "insert into trail_anchors (position, at, hash, public_key, signature) values ($1, $2, $3, $4, $5)
        on conflict do nothing";
    /// The last anchor.
    LAST_ANCHOR = "select position, at, hash, public_key, signature from trail_anchors order by position desc limit 1";
    /// The hash at a place.
    HASH_AT = "select row_hash from audit_trail where position = $1";
    /// How many entries wait for their seal, and since when the oldest of them does.
    WAITING = "select count(*) as entries, min(at) as since from audit_trail where position is null";
}
