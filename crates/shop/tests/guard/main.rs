//! Who may do what, what is sealed, and what is written down of it.

mod audit;
mod audit_report;
#[path = "../common/mod.rs"]
mod common;
mod denials;
mod detections;
mod detectors;
mod doors;
mod forbidden;
mod foreign_places;
mod foreign_sites;
mod keys;
mod narrowed;
mod policies;
mod program_role;
mod protect;
mod protect_lists;
mod second_factor;
mod standing;
mod tampering;
mod users;
