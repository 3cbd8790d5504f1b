//! The crate from outside: small content trees in temporary folders, read, linted and rendered.

#![allow(clippy::unwrap_used, reason = "a test that panics says where")]

mod answers;
mod explain;
mod lints_guides;
mod lints_tasks;
mod pages;
mod paths;
mod quick;
mod reads;
mod repository;
mod tree;
mod variants;
