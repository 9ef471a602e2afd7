//! A supplier's paper read: fiscal identity, checks, codes, text and tables.
//!
//! Law of the crate: **what a paper says is a claim, and every claim carries how sure it is and where it stands.** Check
//! digits and arithmetic decide what is believed; nothing is invented to fill a gap. The reading of words is pure: the
//! same words give the same paper.
//!
//! | Question | Module |
//! | --- | --- |
//! | What does the tax authority prescribe? | [`fiscal`] |
//! | Which words stand where? | [`page`], had by [`capture`] with [`picture`] and [`tools`] |
//! | What do they mean? | [`extract`] |
//! | All of it in one call? | [`document`] |
//! | Does it add up, and may it be applied? | [`check`] |

pub mod capture;
pub mod check;
pub mod document;
pub mod extract;
pub mod fiscal;
pub mod page;
pub mod picture;
pub mod tools;
