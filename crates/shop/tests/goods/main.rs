//! The catalogue and its stock: products, movements, counts, transfers, reservations.

mod calendar;
#[path = "../common/mod.rs"]
mod common;
mod count_pages;
mod counts;
mod demo;
mod events;
mod import_pages;
mod kinds;
mod levels;
mod lists;
mod product_pages;
mod reservation_pages;
mod reservations;
mod search;
mod shared;
mod stock;
mod stock_pages;
mod transfer_pages;
mod transfers;
mod units;
mod upkeep;
