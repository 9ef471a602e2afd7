drop table goods_receipt_lines;
drop table goods_receipts;
drop table purchase_order_notes;
drop table purchase_order_lines;
drop table purchase_orders;
drop table document_numbers;
