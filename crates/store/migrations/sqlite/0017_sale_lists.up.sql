-- What a sale list asks for over GENERAL, from a day on: the rule that began last holds. A rule that somebody set is never
-- edited, it is removed, so that the price of any day can be told. Two engines, one schema: keep this file and its twin for
-- PostgreSQL in step.
create table sale_list_rules (
    id blob not null primary key,
    list text not null,
    adjustment_bp integer not null check (adjustment_bp between -9000 and 10000),
    rounding_step integer check (rounding_step > 0),
    margin_min_bp integer check (margin_min_bp between 0 and 9000),
    valid_from integer not null,
    valid_to integer check (valid_to >= valid_from),
    actor text not null,
    actor_name text not null,
    set_at integer not null,
    removed_by text,
    removed_at integer check (removed_at >= set_at)
) strict;
create index sale_list_rules_by_list on sale_list_rules (list, set_at);
