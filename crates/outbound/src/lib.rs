//! What goes out to addresses that users name: well-known files, boards of vacancies. The one client for it, so that what it
//! refuses is refused everywhere.
//!
//! Whoever may name an address that a server fetches can make the server knock at doors that only it can reach: its own
//! machine, its neighbours, the services of a cloud (server-side request forgery, CWE-918). So [`Outbound`]
//!
//! - resolves a name once, looks at every address that came of it, refuses what is not public ([`not_public`]), and connects to
//!   the very address that it looked at: a name that leads elsewhere a moment later (DNS rebinding) leads nowhere here;
//! - takes https, and http only where its [`Policy`] says so, at the usual port, without a name and a password;
//! - follows no redirect: where it would have led is part of the error;
//! - stops after a time, and at a size, of what arrives and of what it is unpacked to;
//! - takes an answer of the kinds that were asked for, and nothing else.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use jobfuture_outbound::{Answer, Ask, Names, Outbound, Policy};
//!
//! let outbound = Outbound::new(Names::of_system()?, Policy::default(), Some("https://jobs.example.org"))?;
//! let ask = Ask::new("https://hill.example/jobs.json", &["application/json"]);
//! if let Answer::Arrived(arrived) = outbound.get(&ask).await? {
//!     println!("{} bytes", arrived.body.len());
//! }
//! # Ok(()) }
//! ```
//!
//! It knows no noun of the product, no database and no clock.

mod address;
mod answer;
mod ask;
mod body;
mod client;
mod connect;
mod error;
mod names;
mod policy;

pub use address::not_public;
pub use answer::{Answer, Arrived, RetryAfter};
pub use ask::{Ask, Version};
pub use client::{NoClient, Outbound};
pub use error::Error;
pub use names::{BadServer, Names};
pub use policy::Policy;
