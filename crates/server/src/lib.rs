//! The process around the product: settings, command line, listeners with their layers, health,
//! metrics and logs. Composition only: what a shop does is in `gondola-shop`.

pub mod health;
pub mod http;
pub mod metrics;
