create table inflation_rates (
    number integer not null primary key autoincrement,
    id blob not null unique,
    month integer not null,
    rate_bp integer not null check (rate_bp between 0 and 5000),
    source text not null,
    actor text not null,
    actor_name text not null,
    recorded_at integer not null
) strict;
create index inflation_rates_by_month on inflation_rates (month, number);

create trigger inflation_rates_keep_history_update before update on inflation_rates
begin select raise(abort, 'rates of inflation are never edited; record the month again'); end;
create trigger inflation_rates_keep_history_delete before delete on inflation_rates
begin select raise(abort, 'rates of inflation are never deleted; record the month again'); end;
