-- Whether what goods cost is told anew when a status begins, and when that was done.
alter table tax_statuses add column costs_follow integer not null default 0;
alter table tax_statuses add column costs_followed_at integer;

-- What a line says of buying again, where the shop's status changed between the paper's day and the day of the books.
alter table invoice_lines add column replacement_cost integer;
