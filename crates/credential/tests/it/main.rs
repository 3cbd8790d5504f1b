//! Credentials as they go from the instance to the candidate, to a company, and through the hands of those who forge them.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod attacks;
mod badges;
mod browser;
mod bytes;
mod forge;
mod keys;
mod kit;
mod lists;
mod outside;
mod shown;
mod wallets;
