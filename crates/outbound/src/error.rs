//! Why nothing came of it.

use crate::RetryAfter;
use std::net::IpAddr;

/// Why nothing came of it, as a sentence for whoever named the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is no address, or one that is not asked.
    #[error("{url} is not an address that is asked: {why}")]
    BadUrl {
        /// As it was given.
        url: String,
        /// What is wrong with it, and the mend.
        why: &'static str,
    },
    /// The name leads nowhere.
    #[error("{host} has no address in DNS. Look whether it is spelled rightly")]
    NoSuchName {
        /// Whose.
        host: String,
    },
    /// Nobody who could be asked knew.
    #[error("DNS did not answer for {host}: {why}")]
    Dns {
        /// For what.
        host: String,
        /// What the resolver says.
        why: String,
    },
    /// The name leads to a place that is not for everybody.
    #[error("{host} leads to {address}, {kind}. Only addresses that everybody can reach are asked")]
    NotPublic {
        /// What was named.
        host: String,
        /// Where it leads.
        address: IpAddr,
        /// What kind of address that is.
        kind: &'static str,
    },
    /// No connection, or none that is safe.
    #[error("{host} could not be reached: {why}")]
    Unreachable {
        /// What was named.
        host: String,
        /// What the system or TLS says.
        why: String,
    },
    /// Too slow.
    #[error("{host} did not answer within {seconds} seconds")]
    Slow {
        /// What was named.
        host: String,
        /// How long it was waited.
        seconds: u64,
    },
    /// It sends elsewhere, and that is not followed.
    #[error("{url} leads on to {to}. Redirects are not followed: name the address at its end")]
    Redirect {
        /// What was asked.
        url: String,
        /// Where it would have led, shortened.
        to: String,
    },
    /// It answered with another status than 200 or 304.
    #[error("{url} answered {code}")]
    Status {
        /// What was asked.
        url: String,
        /// The status.
        code: u16,
        /// When it wants to be asked again, if it says so.
        retry_after: Option<RetryAfter>,
    },
    /// It is longer than it may be.
    #[error("{url} is longer than {limit} bytes, which is the most that is taken")]
    TooLarge {
        /// What was asked.
        url: String,
        /// The limit, in bytes.
        limit: usize,
    },
    /// It is longer than it may be once it is unpacked.
    #[error("{url} unpacks to more than {limit} bytes, which is the most that is taken")]
    TooLargeUnpacked {
        /// What was asked.
        url: String,
        /// The limit, in bytes.
        limit: usize,
    },
    /// It is something else than was asked for.
    #[error("{url} is of the type {found}, and {wanted} is wanted. Set the server's Content-Type")]
    WrongKind {
        /// What was asked.
        url: String,
        /// Its type; “none” if it says none.
        found: String,
        /// The types that are taken.
        wanted: String,
    },
    /// It broke off, or is not what it says.
    #[error("what {url} sent could not be read: {why}")]
    Broken {
        /// What was asked.
        url: String,
        /// What is wrong.
        why: String,
    },
}

impl Error {
    /// Whether it may be otherwise the next time without anybody having changed anything.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Dns { .. } | Self::Unreachable { .. } | Self::Slow { .. } | Self::Broken { .. } => true,
            Self::Status { code, .. } => matches!(code, 408 | 425 | 429 | 500..=599),
            Self::BadUrl { .. }
            | Self::NoSuchName { .. }
            | Self::NotPublic { .. }
            | Self::Redirect { .. }
            | Self::TooLarge { .. }
            | Self::TooLargeUnpacked { .. }
            | Self::WrongKind { .. } => false,
        }
    }

    /// When the server wants to be asked again, if it said so.
    pub fn retry_after(&self) -> Option<RetryAfter> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
