-- The assistant: every sentence that somebody wrote to the shop, what it was read as and what became of it. Two engines, one
-- schema: keep this file and its twin for PostgreSQL in step.

create table assistant_messages (
    id blob not null primary key,
    place text not null check (place in ('notebook', 'backstore')),
    sentence text not null,
    status text not null check (status in ('done', 'confirm', 'ask', 'nothing', 'unknown')),
    plan text not null,
    token_digest blob unique,
    expires_at integer,
    actor text not null,
    actor_name text not null,
    said_at integer not null,
    done_at integer,
    undone_at integer,
    check ((token_digest is null) = (expires_at is null)),
    check (undone_at is null or done_at is not null)
) strict;
create index assistant_messages_by_actor on assistant_messages (actor, said_at, id);
