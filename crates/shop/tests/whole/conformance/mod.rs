//! Both engines, held to the same promises: the same schema, the same migrations, the same content
//! after a copy, and the differences that remain pinned by name. What features do with them is
//! tested with the features.

mod copy;
mod engines;
mod migrations;
mod schema;
mod seed;
