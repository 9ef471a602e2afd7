-- Other steps for prices below limits, the lowest limit first: a JSON list of [limit, step] in centavos.
alter table categories add column rounding_bands text not null default '[]';
