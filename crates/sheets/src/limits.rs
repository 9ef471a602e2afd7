//! How much one file may ask of us. Every limit has a name, and every refusal names the limit.

/// The most a file may hold before [`crate::read`] refuses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file as it arrives (INP-1).
    pub file_bytes_max: usize,
    /// What the file may take once unpacked, in the archive and again as a table of cells.
    pub unpacked_bytes_max: u64,
    /// Parts inside a workbook; an ordinary one has a dozen.
    pub parts_max: usize,
    /// Rows that are not blank, header included.
    pub rows_max: usize,
    /// Columns of any row.
    pub columns_max: usize,
    /// Size of one cell in UTF-8.
    pub cell_bytes_max: usize,
}

impl Limits {
    /// The limits of an import: 64 MB as it arrives, a shop's whole catalogue many times over.
    pub const IMPORT: Self = Self {
        file_bytes_max: 64 * 1024 * 1024,
        unpacked_bytes_max: 256 * 1024 * 1024,
        parts_max: 2_000,
        rows_max: 200_000,
        columns_max: 256,
        cell_bytes_max: 64 * 1024,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::IMPORT
    }
}
