drop index audit_trail_watched;
create index audit_trail_watched on audit_trail (family, at) where family <> 'modify';
alter table repricings drop column guarded_by;
create or replace function keep_audit_trail() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.position is null and new.position is not null
        and (new.sequence, new.event, new.family, new.at, new.actor, new.actor_name, new.face, new.resource, new.status, new.records, new.client_ip, new.agent, new.request_id, new.class, new.sensitivity, new.reason, new.before_digest, new.after_digest)
        is not distinct from (old.sequence, old.event, old.family, old.at, old.actor, old.actor_name, old.face, old.resource, old.status, old.records, old.client_ip, old.agent, old.request_id, old.class, old.sensitivity, old.reason, old.before_digest, old.after_digest) then
        return new;
    end if;
    raise exception 'the audit trail is never edited or deleted from';
end;
$$;
alter table audit_trail drop column approver;
