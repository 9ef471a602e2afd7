drop table supplier_claims;
drop table supplier_layouts;
drop table invoice_pages;
drop table invoice_files;
drop table invoice_lines;
drop table invoice_amounts;
drop table invoices;
