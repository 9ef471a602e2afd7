-- Who gave the yes that something waited for beyond the right to do it (AUD-6); empty where nobody's was needed. Entries of
-- before have none, and their hashes stay what they are.
alter table audit_trail add column approver text not null default '';
drop trigger audit_trail_keep_history_update;
create trigger audit_trail_keep_history_update before update on audit_trail
when old.position is not null or new.position is null
    or new.sequence is not old.sequence
    or new.event is not old.event
    or new.family is not old.family
    or new.at is not old.at
    or new.actor is not old.actor
    or new.actor_name is not old.actor_name
    or new.face is not old.face
    or new.resource is not old.resource
    or new.status is not old.status
    or new.records is not old.records
    or new.client_ip is not old.client_ip
    or new.agent is not old.agent
    or new.request_id is not old.request_id
    or new.class is not old.class
    or new.sensitivity is not old.sensitivity
    or new.reason is not old.reason
    or new.approver is not old.approver
    or new.before_digest is not old.before_digest
    or new.after_digest is not old.after_digest
begin select raise(abort, 'the audit trail is never edited'); end;

-- Who takes the rows of a repricing that break a guard, which may be applied later and by the clock.
alter table repricings add column guarded_by text;

-- Reads of protected data stand in the trail too (AUD-5). The detectors look at them where they are logged one by one.
drop index audit_trail_watched;
create index audit_trail_watched on audit_trail (family, at) where family <> 'modify' and event <> 'protected.read';
