//! Reading the audit trail, newest first. Nothing here writes: entries are the store's to write.

gondola_store::sql! {
    /// Entries, newest first: of a family, an event, somebody by name or reference, about something, between two instants;
    /// for who sees one place only, their own.
    ENTRIES = "select sequence, event, family, at, actor, actor_name, face, resource, status, records, client_ip, agent,
            request_id, class, sensitivity, reason, before_digest, after_digest, position, prev_hash, row_hash
        from audit_trail
        where (cast($1 as text) is null or family = $1) and (cast($2 as text) is null or event = $2)
            and (cast($3 as text) is null or actor_name = $3 or actor = $3) and (cast($4 as text) is null or resource = $4)
            and at >= $5 and at < $6 and (at, sequence) < ($7, $8) and (cast($9 as text) is null or actor = $9)
        order by at desc, sequence desc limit $10";
}
