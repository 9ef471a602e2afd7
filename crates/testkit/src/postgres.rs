//! A real PostgreSQL for tests: where it is, and an own empty database for each test.
//!
//! One private cluster serves a whole test run: `cargo xtask test` starts it and names it in
//! `GONDOLA_TEST_POSTGRES`. A test binary started by itself (`cargo test -p …`) starts its own at
//! the first question and loses it when the process ends. How a cluster is started and stopped is
//! in [`cluster`]; what a database holds (schema, shop, products) is not decided here.

pub mod cluster;
mod databases;
mod sql;

use std::sync::OnceLock;

use crate::skip::{skip, variable};

pub use cluster::{Cluster, Durability};
pub use databases::{
    PROGRAM, as_program, database_from_template, fresh_database, make_program_role, template_database,
};

/// Names the server to test against; `off` tests SQLite alone.
pub const POSTGRES_VARIABLE: &str = "GONDOLA_TEST_POSTGRES";

/// The administrative address of the PostgreSQL under test, or nothing where there is none; then the
/// calling test is told as SKIPPED on standard error.
///
/// # Panics
/// With `CI=true` a missing or broken PostgreSQL is a failed test: both engines must be proven there.
/// A server that is installed but does not start is a failure everywhere.
pub fn postgres_url() -> Option<&'static str> {
    static ADDRESS: OnceLock<Result<String, String>> = OnceLock::new();
    match ADDRESS.get_or_init(find_or_start) {
        Ok(url) => Some(url),
        Err(reason) => {
            skip("on PostgreSQL", reason);
            None
        }
    }
}

fn find_or_start() -> Result<String, String> {
    match variable(POSTGRES_VARIABLE).as_deref() {
        Some("off") => return Err(format!("{POSTGRES_VARIABLE}=off")),
        Some(url) => return Ok(url.to_owned()),
        None => {}
    }
    cluster::find_binaries().map_err(|missing| format!("{missing:#}"))?;
    // The cluster lives as long as this process: its keeper notices when the process is gone.
    static OWN: OnceLock<Cluster> = OnceLock::new();
    let own = OWN.get_or_init(|| match Cluster::start(Durability::Fast) {
        Ok(cluster) => cluster,
        Err(broken) => panic!("PostgreSQL is installed and does not start: {broken:#}"),
    });
    Ok(own.url())
}
