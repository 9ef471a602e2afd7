//! The pages of purchasing: the orders with a line to order the next thing, one order from its draft to its end, receiving it,
//! and what came. The same commands and words as over the API; here are only texts in and out.

mod add;
mod deliveries;
mod list;
mod receipt;
mod receive;
mod rows;
mod show;
mod steps;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::Permission;

use crate::kernel::{Access, Endpoint, LimitGroup};

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::{General, LedgerWrites};
    let read = Access::Needs(Permission::ReadPurchases);
    let contacts = Access::Needs(Permission::ReadSuppliers);
    let edit = Access::Needs(Permission::EditPurchases);
    let receives = Access::Needs(Permission::Receive);
    let adjust = Access::Needs(Permission::Adjust);
    vec![
        Endpoint::page(Method::GET, "/purchase-orders", get(list::list), read, General),
        Endpoint::page(Method::POST, "/purchase-orders", post(add::add), edit, LedgerWrites),
        Endpoint::page(Method::POST, "/purchase-orders/from-notebook", post(add::from_notebook), edit, LedgerWrites),
        Endpoint::page(Method::GET, "/purchase-orders/{id}", get(show::show), read, General),
        Endpoint::page(Method::GET, "/purchase-orders/{id}/whatsapp", get(show::whatsapp), contacts, General),
        Endpoint::page(Method::POST, "/purchase-orders/{id}/lines/{line}", post(steps::line), edit, LedgerWrites),
        Endpoint::page(Method::POST, "/purchase-orders/{id}/send", post(steps::send), edit, LedgerWrites),
        Endpoint::page(Method::GET, "/purchase-orders/{id}/receive", get(receive::form), receives, General),
        Endpoint::page(Method::POST, "/purchase-orders/{id}/receive", post(receive::receive), receives, LedgerWrites),
        Endpoint::page(Method::POST, "/purchase-orders/{id}/close", post(steps::close), edit, LedgerWrites),
        Endpoint::page(Method::POST, "/purchase-orders/{id}/cancel", post(steps::cancel), edit, LedgerWrites),
        Endpoint::page(Method::GET, "/goods-receipts", get(deliveries::list), read, General),
        Endpoint::page(Method::POST, "/goods-receipts", post(deliveries::unload), receives, LedgerWrites),
        Endpoint::page(Method::GET, "/goods-receipts/new", get(deliveries::new), receives, General),
        Endpoint::page(Method::GET, "/goods-receipts/{id}", get(receipt::show), read, General),
        Endpoint::page(Method::POST, "/goods-receipts/{id}/reverse", post(receipt::reverse), adjust, LedgerWrites),
    ]
}
