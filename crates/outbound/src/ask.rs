//! What is asked for.

use std::time::Duration;

/// A request, and within which limits its answer is taken.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// A whole address.
    pub url: &'a str,
    /// Media types that are taken, in lower case and without parameters, such as `text/plain`.
    pub kinds: &'a [&'a str],
    /// What is here already: an answer that says the same is not sent again.
    pub known: Option<&'a Version>,
    /// Most bytes that arrive.
    pub most: usize,
    /// Most bytes that they are unpacked to.
    pub most_unpacked: usize,
    /// How long all of it may take.
    pub whole: Duration,
}

/// By which a server tells one version of what it sends from another (RFC 9110, 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    /// `ETag`, as it was sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as it was sent.
    pub last_modified: Option<String>,
}

impl<'a> Ask<'a> {
    /// For something of a usual size: a megabyte on the way, eight unpacked, within 20 seconds.
    pub fn new(url: &'a str, kinds: &'a [&'a str]) -> Self {
        Self { url, kinds, known: None, most: 1 << 20, most_unpacked: 8 << 20, whole: Duration::from_secs(20) }
    }
}
