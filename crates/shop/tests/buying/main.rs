//! From a faltante to the price on the shelf: suppliers, orders, papers, prices, sentences.

mod assistant;
mod claims;
#[path = "../common/mod.rs"]
mod common;
mod day;
mod deliveries;
mod inflation;
mod invoice_checks;
mod invoice_files;
mod invoices;
mod labels;
mod markups;
mod notebook;
mod payables;
mod prices;
mod purchasing;
mod purchasing_pages;
mod repricing_volume;
mod repricings;
mod sale_lists;
mod scorecards;
mod second_invoice;
mod shipped_profiles;
mod stale_prices;
mod supplier_lists;
mod suppliers;
mod sureness;
mod tax_status;
mod three_way;
