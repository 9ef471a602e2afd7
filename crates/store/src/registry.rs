//! The statement registry. Every statement has a name, one text for both engines or one each, and
//! stands in a feature's list; tests prepare every one on both engines and fail when one is never
//! executed.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::db::Engine;

/// A statement: a name and its text on each engine.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// Module and constant, for spans, metrics and tests.
    pub name: &'static str,
    /// The text for SQLite; empty when only PostgreSQL needs the statement.
    pub sqlite: &'static str,
    /// The text for PostgreSQL; empty when only SQLite needs the statement.
    pub postgres: &'static str,
}

static RECORDING: AtomicBool = AtomicBool::new(false);
static EXECUTIONS: AtomicU64 = AtomicU64::new(0);
static EXECUTED: Mutex<BTreeSet<(&'static str, &'static str)>> = Mutex::new(BTreeSet::new());

impl Sql {
    /// The text for `engine`; remembers the use when a test asked for it.
    pub fn text(&self, engine: Engine) -> &'static str {
        if RECORDING.load(Ordering::Relaxed) {
            let mut executed = EXECUTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            executed.insert((engine.name(), self.name));
            EXECUTIONS.fetch_add(1, Ordering::Relaxed);
        }
        self.on(engine)
    }

    /// The text for `engine`, to look at.
    pub fn on(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

/// From now on remember which statements are executed. For tests.
pub fn record_statements() {
    RECORDING.store(true, Ordering::Relaxed);
}

/// The (engine, statement) pairs executed since [`record_statements`].
pub fn executed_statements() -> BTreeSet<(&'static str, &'static str)> {
    EXECUTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
}

/// How many statements were executed since [`record_statements`].
pub fn executions() -> u64 {
    EXECUTIONS.load(Ordering::Relaxed)
}

/// Declares a module's statements and its list `ALL`.
///
/// ```
/// gondola_store::sql! {
///     /// One text for both engines.
///     FIND = "select sku from products where id = $1";
///     /// A text for each.
///     NOW_BUSY = sqlite "select 1" postgres "select 1 for update";
///     /// What only PostgreSQL has to do.
///     LOCK = only postgres "select id from products for update";
///     /// What only SQLite can do.
///     LAST = only_sqlite "select max(rowid) from products";
///     /// One text of parts, some of which other statements have too.
///     FIND_NAMED = ("select sku from products", " where name = $1");
///     /// And a text of parts for each.
///     FIND_FREE = sqlite ("select sku", " from products") postgres ("select sku", " from products for update");
/// }
/// assert_eq!((ALL.len(), LOCK.sqlite, FIND_NAMED.postgres), (6, "", "select sku from products where name = $1"));
/// ```
#[macro_export]
macro_rules! sql {
    (@one $name:ident $sqlite:expr, $postgres:expr) => {
        $crate::Sql { name: concat!(module_path!(), "::", stringify!($name)), sqlite: $sqlite, postgres: $postgres }
    };
    (@text $name:ident ($($part:tt)+)) => { $crate::sql!(@one $name concat!($($part)+), concat!($($part)+)) };
    (@text $name:ident $text:literal) => { $crate::sql!(@one $name $text, $text) };
    (@text $name:ident sqlite $sqlite:literal postgres $postgres:literal) => {
        $crate::sql!(@one $name $sqlite, $postgres)
    };
    (@text $name:ident sqlite ($($sqlite:tt)+) postgres ($($postgres:tt)+)) => {
        $crate::sql!(@one $name concat!($($sqlite)+), concat!($($postgres)+))
    };
    (@text $name:ident only_sqlite $sqlite:literal) => { $crate::sql!(@one $name $sqlite, "") };
    (@text $name:ident only postgres $postgres:literal) => { $crate::sql!(@one $name "", $postgres) };
    (@text $name:ident only postgres ($($postgres:tt)+)) => { $crate::sql!(@one $name "", concat!($($postgres)+)) };
    ($($(#[$doc:meta])* $name:ident = $($kind:ident)? $($text:literal)? $(($($part:tt)+))? $(postgres $postgres:tt)?;)+) => {
        $($(#[$doc])* pub const $name: $crate::Sql =
            $crate::sql!(@text $name $($kind)? $($text)? $(($($part)+))? $(postgres $postgres)?);)+
        /// Every statement of this module, for the registry test.
        pub const ALL: &[$crate::Sql] = &[$($name),+];
    };
}
