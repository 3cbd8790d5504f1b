//! The web product: public pages that are compiled once, and practice that runs code.
//!
//! `routes.rs` is where every address comes together. A folder holds one thing whole: its addresses, page structs, handlers and HTML.
//! [`Site`] is made from [`SiteParts`], serves through [`Site::service`] and gets quick after [`Site::publish`].

mod about;
pub mod account;
mod answer;
mod assets;
pub mod board;
pub mod check;
pub mod company;
mod compiled;
mod compress;
mod config;
mod encoding;
mod error;
mod grant;
mod guide;
mod home;
pub mod introduction;
pub mod jobs;
pub mod kit;
mod operator;
mod page;
pub mod pool;
mod practice;
mod profile;
mod proofs;
mod question;
mod role;
pub mod routes;
mod security;
mod signal;
mod site;
mod task;
pub mod vacancy;
mod verify;
mod you;

pub use account::{Accounts, BadOidc, EmailAddress, NewAccount, OidcConfig, OidcProvider, Owner, Session, Token};
pub use compiled::{SiteFuture, SiteService};
pub use config::{BadNetwork, PracticeLimits, SiteConfig, TrustedProxy};
pub use error::SiteError;
pub use practice::{Judge, Practice};
pub use proofs::{ProofLedger, ProofRecord};
pub use site::{PublishError, PublishReport, Site, SiteParts};
