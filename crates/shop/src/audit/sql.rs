//! Reading the audit trail, newest first, and keeping what the detectors found in it. Entries are the store's to write.

gondola_store::sql! {
    /// Entries, newest first: of a family, an event, somebody by name or reference, about something, between two instants;
    /// for who sees one place only, their own.
    ENTRIES = "select sequence, event, family, at, actor, actor_name, face, resource, status, records, client_ip, agent,
            request_id, class, sensitivity, reason, approver, before_digest, after_digest, position, prev_hash, row_hash
        from audit_trail
        where (cast($1 as text) is null or family = $1) and (cast($2 as text) is null or event = $2)
            and (cast($3 as text) is null or actor_name = $3 or actor = $3) and (cast($4 as text) is null or resource = $4)
            and at >= $5 and at < $6 and (at, sequence) < ($7, $8) and (cast($9 as text) is null or actor = $9)
        order by at desc, sequence desc limit $10";

    /// What a detector looks at: entries of a family other than changes and reads of protected data since an instant, of one event or all, by whose
    /// reference begins so; the newest ones when there are too many.
    WATCHED = "select sequence, event, family, at, actor, actor_name, face, resource, status, records, client_ip, agent,
            request_id, class, sensitivity, reason, approver, before_digest, after_digest, position, prev_hash, row_hash
        from audit_trail
        where family <> 'modify' and event <> 'protected.read' and family = $1 and at >= $2 and (cast($3 as text) is null or event = $3)
            and actor like $4
        order by at desc, sequence desc limit $5";
    /// Who was seen at which address since an instant, once an hour.
    SIGHTINGS = "select max(at) as at, actor, max(actor_name) as actor_name, client_ip
        from audit_trail
        where at >= $1 and client_ip <> '' and (actor like 'user:%' or actor like 'key:%')
        group by actor, client_ip, at / 3600000000
        order by max(at) desc, actor, client_ip limit $2";

    /// What people and programs opened of protected data, or could not, since an instant, the newest first. Lists that
    /// went out stand in the trail.
    OPENED = "select accessed_at as at, actor_type || ':' || actor_id as actor, operation, table_name, column_name,
            record_count, client_ip
        from encrypted_data_access_log
        where accessed_at >= $1 and operation in ('DECRYPT', 'DENIED') and actor_type in ('user', 'key')
        order by accessed_at desc, id desc limit $2";
    /// Keeps two that look at once apart until the end of the transaction.
    LOCK_DETECTIONS = only postgres "select pg_advisory_xact_lock(7310579, 2)";
    /// The case that a new one goes on: about the same, and not over when this one began.
    FIND_GOING_ON = "select id, severity from detections
        where detector = $1 and subject = $2 and about = $3 and last_at >= $4 and first_at <= $5
        order by last_at desc, id limit 1";
    /// A case that was not known.
    KEEP_DETECTION = "insert into detections (id, detector, severity, subject, subject_name, about, first_at, last_at, count,
            found_at, seen_at, seen_by, note)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, null)";
    /// A case that went on. Once it is worse than what somebody saw, nobody has seen it.
    EXTEND_DETECTION = "update detections set last_at = case when last_at < $2 then $2 else last_at end,
            count = case when count < $3 then $3 else count end, severity = $4,
            seen_at = case when severity = $4 then seen_at end, seen_by = case when severity = $4 then seen_by end,
            note = case when severity = $4 then note end
        where id = $1";
    /// Marks a case as seen, once.
    MARK_SEEN = "update detections set seen_at = $2, seen_by = $3, note = $4 where id = $1 and seen_at is null";
    /// One case.
    FIND_DETECTION = "select id, detector, severity, subject, subject_name, about, first_at, last_at, count, found_at, seen_at,
            seen_by, note
        from detections where id = $1";
    /// Cases, the last found first: of a detector, a severity, seen or not, found between two instants.
    DETECTIONS = "select id, detector, severity, subject, subject_name, about, first_at, last_at, count, found_at, seen_at,
            seen_by, note
        from detections
        where (cast($1 as text) is null or detector = $1) and (cast($2 as text) is null or severity = $2)
            and (cast($3 as text) is null or case when seen_at is null then 'no' else 'yes' end = $3)
            and found_at >= $4 and found_at < $5 and (found_at, id) < ($6, $7)
        order by found_at desc, id desc limit $8";
    /// All of a period, of one actor or everybody.
    REPORT_TOTALS = "select count(*) as entries, cast(coalesce(sum(case when status >= 400 then 1 else 0 end), 0) as bigint) as failures,
            count(distinct actor) as actors,
            cast(coalesce(sum(case when family = 'read' and status < 400 then records else 0 end), 0) as bigint) as rows_read
        from audit_trail where at > $1 and at <= $2 and (cast($3 as text) is null or actor = $3)";
    /// A period by family.
    REPORT_FAMILIES = "select family, count(*) as entries,
            cast(sum(case when status >= 400 then 1 else 0 end) as bigint) as failures
        from audit_trail where at > $1 and at <= $2 and (cast($3 as text) is null or actor = $3)
        group by family order by family";
    /// What failed most.
    REPORT_FAILURES = "select event, status, reason, count(*) as entries, cast(sum(records) as bigint) as times
        from audit_trail where at > $1 and at <= $2 and (cast($3 as text) is null or actor = $3) and status >= 400
        group by event, status, reason order by sum(records) desc, event, status, reason limit $4";
    /// Who did most.
    REPORT_ACTORS = "select actor, max(actor_name) as \"user\", count(*) as entries,
            cast(sum(case when status >= 400 then 1 else 0 end) as bigint) as failures
        from audit_trail where at > $1 and at <= $2 and (cast($3 as text) is null or actor = $3)
        group by actor order by count(*) desc, actor limit $4";
    /// What happened most.
    REPORT_EVENTS = "select event, count(*) as entries
        from audit_trail where at > $1 and at <= $2 and (cast($3 as text) is null or actor = $3)
        group by event order by count(*) desc, event limit $4";
    /// What was found in a period.
    REPORT_DETECTIONS = "select detector, severity, count(*) as found,
            cast(sum(case when seen_at is null then 1 else 0 end) as bigint) as unseen
        from detections where found_at > $1 and found_at <= $2 group by detector, severity order by detector, severity";
    /// How many cases nobody has seen.
    COUNT_UNSEEN = "select count(*) from detections where seen_at is null";
}
