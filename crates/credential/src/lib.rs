//! Credentials that a candidate shows: SD-JWT VC, status lists and Open Badges 3.0, as pure functions over bytes and keys.
//!
//! Nothing here does I/O, reads a clock, or draws randomness of its own: the time is passed in seconds since 1970, and the
//! generator by the caller. `docs/credentials.md` is for those who operate it and those who check a credential.
//!
//! - An instance holds [`IssuerKeys`], publishes [`IssuerKeys::metadata`] at [`metadata_url`], and makes credentials of a
//!   [`Signal`] with [`Grant::issue`].
//! - A candidate holds a [`HolderKey`] and shows some [`Fact`]s of a [`Held`] credential to one company: [`Held::present`].
//! - Whoever is shown one asks a [`Verifier`].
mod badge;
mod base64url;
mod disclosure;
mod error;
mod issue;
mod issuer;
mod json;
mod jws;
mod key;
mod present;
mod process;
mod signal;
mod status_list;
mod verify;
mod wallet;
mod words;
pub use badge::*;
pub use error::Error;
pub use issue::*;
pub use issuer::*;
pub use key::*;
pub use present::*;
pub use signal::*;
pub use status_list::*;
pub use verify::*;
pub use wallet::*;
pub use words::*;
