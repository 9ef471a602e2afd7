//! What sentences ask for: the forty of the domain (M6), a corpus of our own, and laws that hold for any text.

mod case;
mod forms;
mod laws;
mod rules;
mod tables;
