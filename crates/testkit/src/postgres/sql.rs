//! The statements by which the test kit makes and removes databases; `{name}` stands for an
//! identifier that this crate composed itself, because PostgreSQL takes no parameter there.

/// An empty database. `template0` has nothing that a local administrator may have added.
pub const CREATE_EMPTY: &str = r#"create database "{name}" template template0"#;
/// A copy of a prepared database, file by file: cheaper than running the migrations again.
pub const CREATE_COPY: &str = r#"create database "{name}" template "{template}" strategy file_copy"#;
/// Removes a database and whoever is still connected to it.
pub const DROP: &str = r#"drop database if exists "{name}" with (force)"#;
/// Makes a prepared database visible under its final name in one step.
pub const RENAME: &str = r#"alter database "{name}" rename to "{final}""#;

/// Whether a database of that name exists.
pub const EXISTS: &str = "select exists (select 1 from pg_database where datname = $1)";
/// Names of the databases that tests made.
pub const LIST_TEST_DATABASES: &str = r"select datname from pg_database where datname like 'test\_%' order by datname";
/// One preparer of a template at a time, over all test processes; released with the connection.
pub const LOCK: &str = "select pg_advisory_lock($1)";
/// As [`LOCK`], without waiting.
pub const TRY_LOCK: &str = "select pg_try_advisory_lock($1)";

/// Whether a role of that name exists.
pub const ROLE_EXISTS: &str = "select exists (select 1 from pg_roles where rolname = $1)";
/// A role that logs in and may do nothing yet.
pub const CREATE_ROLE: &str = r#"create role "{name}" login password '{password}'"#;
