//! Whose goods they are, by the tables of the domain (M3) and by laws that hold for any text.

mod case;
mod laws;
mod shops;
mod tables;
mod typos;
mod words;
