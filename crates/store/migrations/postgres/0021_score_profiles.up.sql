-- What a supplier mainly brings, which decides what weighs how much in its score.
alter table suppliers add column score_profile text not null default 'generic'
    check (score_profile in ('generic', 'fresh', 'drinks', 'cleaning', 'hygiene', 'household'));
