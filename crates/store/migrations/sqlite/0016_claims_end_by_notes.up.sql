-- The credit note by which a supplier made a claim good.
alter table supplier_claims add column credit_note_id blob;
create index supplier_claims_by_note on supplier_claims (credit_note_id) where credit_note_id is not null;
