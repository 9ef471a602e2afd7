//! Certificates: the shop's own authority, what it signs, and what a listener or a caller makes of the
//! files. Which components there are, where the files lie and who may come in is decided by the server.

mod authority;
mod facts;
mod peer;

pub use authority::{Authority, IssueError, Issued, KeyKind, Wanted};
pub use facts::{CertificateError, Facts, read_all, signed_by_one_of};
pub use peer::{
    Admission, Caller, HANDSHAKE_FAILURES, Material, MaterialError, PeerConfig, handshake_failure, names_of,
};
