alter table suppliers drop column paper_vat_bp;
