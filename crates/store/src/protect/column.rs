//! Which columns are protected, and their values while the program holds them.

use gondola_vault::{Place, Vault};
use uuid::Uuid;

/// The name of a protected column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnName {
    /// Its table, whose rows have an `id`.
    pub table: &'static str,
    /// Its name.
    pub column: &'static str,
    /// The column its values are sealed for: another one only where a statement moves a sealed value.
    pub sealed_for: &'static str,
}

impl ColumnName {
    /// Where the value of a row belongs.
    pub fn place<'a>(&'a self, row: &'a Uuid) -> Place<'a> {
        Place { table: self.table, column: self.sealed_for, row: row.as_bytes() }
    }
}

impl std::fmt::Display for ColumnName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.table, self.column)
    }
}

/// A protected column and how its values become bytes and come back.
pub struct Column<T> {
    /// Its name.
    pub name: ColumnName,
    /// A value as bytes.
    pub write: fn(&T) -> Vec<u8>,
    /// The value behind bytes; none when they are not one.
    pub read: fn(&[u8]) -> Option<T>,
}

impl<T> Column<T> {
    /// A column whose values belong to it alone.
    pub const fn new(
        table: &'static str,
        column: &'static str,
        write: fn(&T) -> Vec<u8>,
        read: fn(&[u8]) -> Option<T>,
    ) -> Self {
        Self { name: ColumnName { table, column, sealed_for: column }, write, read }
    }

    /// A value as it is stored in a row.
    pub(super) fn seal(&self, vault: &Vault, row: &Uuid, value: &T) -> Vec<u8> {
        vault.seal(self.name.place(row), &zeroize::Zeroizing::new((self.write)(value)))
    }
}

/// A value of a protected column: as it lies in the database, opened, or new and not stored yet.
#[derive(Clone)]
pub struct Protected<T> {
    envelope: Option<Vec<u8>>,
    value: Option<T>,
}

impl<T> Protected<T> {
    /// A value as it lies in the database.
    pub fn sealed(envelope: Vec<u8>) -> Self {
        Self { envelope: Some(envelope), value: None }
    }

    /// A value that is not stored yet.
    pub fn new(value: T) -> Self {
        Self { envelope: None, value: Some(value) }
    }

    /// The value, unless it is still sealed.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The value, unless it is still sealed.
    pub fn into_value(self) -> Option<T> {
        self.value
    }

    /// The value as it lies in the database, if it does.
    pub fn envelope(&self) -> Option<&[u8]> {
        self.envelope.as_deref()
    }

    pub(super) fn is_sealed(&self) -> bool {
        self.value.is_none()
    }

    pub(super) fn opened(&mut self, value: T) {
        self.value = Some(value);
    }
}

/// Two that nobody opened are equal when they are the same sealed value.
impl<T: PartialEq> PartialEq for Protected<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Some(value), Some(other)) => value == other,
            _ => self.envelope.is_some() && self.envelope == other.envelope,
        }
    }
}

impl<T> std::fmt::Debug for Protected<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Protected(***)")
    }
}
