drop index supplier_claims_by_note;
alter table supplier_claims drop column credit_note_id;
