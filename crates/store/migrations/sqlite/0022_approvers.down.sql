drop index audit_trail_watched;
create index audit_trail_watched on audit_trail (family, at) where family <> 'modify';
alter table repricings drop column guarded_by;
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
    or new.before_digest is not old.before_digest
    or new.after_digest is not old.after_digest
begin select raise(abort, 'the audit trail is never edited'); end;
alter table audit_trail drop column approver;
