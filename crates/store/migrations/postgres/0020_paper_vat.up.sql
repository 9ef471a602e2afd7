-- The VAT of what a supplier brings where a paper does not say it, in hundredths of a per cent; as each product has it if null.
alter table suppliers add column paper_vat_bp bigint;
