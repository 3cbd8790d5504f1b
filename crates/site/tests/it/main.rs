//! The site as a browser meets it: through its service, on a small content tree.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails should say where")]

mod account_pages;
mod accounts;
mod answers;
mod authenticator;
mod boards;
mod browser;
mod calibrate;
mod check_cost;
mod check_crash;
mod check_input;
mod check_measure;
mod check_sealed;
mod check_walls;
mod checks;
mod companies;
mod company_walls;
mod compiled;
mod dead_ends;
mod errors;
mod introductions;
mod items;
mod jobs;
mod kits;
mod leaving;
mod oidc;
mod oidc_faults;
mod pages;
mod passkeys;
mod pool;
mod pretend;
mod proofs;
mod provider;
mod questions;
mod readers;
mod regrade;
mod runs;
mod showing;
mod signing;
mod site;
mod structured;
mod talk;
mod talk_interviews;
mod vacancies;
mod worlds;
