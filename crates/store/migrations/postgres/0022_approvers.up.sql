-- Who gave the yes that something waited for beyond the right to do it (AUD-6); empty where nobody's was needed. Entries of
-- before have none, and their hashes stay what they are.
alter table audit_trail add column approver text not null default '';
create or replace function keep_audit_trail() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.position is null and new.position is not null
        and (new.sequence, new.event, new.family, new.at, new.actor, new.actor_name, new.face, new.resource, new.status, new.records, new.client_ip, new.agent, new.request_id, new.class, new.sensitivity, new.reason, new.approver, new.before_digest, new.after_digest)
        is not distinct from (old.sequence, old.event, old.family, old.at, old.actor, old.actor_name, old.face, old.resource, old.status, old.records, old.client_ip, old.agent, old.request_id, old.class, old.sensitivity, old.reason, old.approver, old.before_digest, old.after_digest) then
        return new;
    end if;
    raise exception 'the audit trail is never edited or deleted from';
end;
$$;

-- Who takes the rows of a repricing that break a guard, which may be applied later and by the clock.
alter table repricings add column guarded_by text;

-- Reads of protected data stand in the trail too (AUD-5). The detectors look at them where they are logged one by one.
drop index audit_trail_watched;
create index audit_trail_watched on audit_trail (family, at) where family <> 'modify' and event <> 'protected.read';
