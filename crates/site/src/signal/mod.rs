//! Signals: what a candidate makes of a skill check, word for word, and takes back when they like.

pub(crate) mod addresses;
mod make;
mod offer;
mod own;

pub(crate) use make::{MONTHS, form, make};
pub(crate) use own::{badge, confirm_withdrawal, download, signal, signals, withdraw};
