//! The process around the product: settings, command line, listeners with their layers, health,
//! metrics and logs. Composition only: what a shop does is in `gondola-shop`.

pub mod anchors;
pub mod backup;
pub mod cli;
pub mod config;
pub mod doctor;
pub mod health;
pub mod http;
pub mod integrity;
pub mod keys;
pub mod metrics;
mod noted;
pub mod serve;
pub mod start;
pub mod telemetry;
pub mod tls;
pub mod trail;
pub mod worker;
