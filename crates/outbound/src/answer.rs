//! What came back.

use crate::Version;
use http::{HeaderMap, HeaderName, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use std::time::Duration;

/// What came back, when it was something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 304: nothing has changed since the version that was named.
    Unchanged,
    /// 200, of a kind that was asked for, within the limits.
    Arrived(Arrived),
}

/// What arrived, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Its bytes.
    pub body: Vec<u8>,
    /// Its media type, in lower case and without parameters.
    pub kind: String,
    /// To ask with next time.
    pub version: Version,
}

/// When a server wants to be asked again (RFC 9110, 10.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// After so long; a day at most, whatever it says.
    In(Duration),
    /// At this time.
    At(Timestamp),
}

/// The longest wait that is believed.
const LONGEST_WAIT: u64 = 24 * 3600;
/// The longest header that is kept: these are sent back as they came.
const LONGEST_HEADER: usize = 1000;

pub(crate) fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty() && text.len() <= LONGEST_HEADER).then(|| text.to_owned())
}

/// The media type without its parameters.
pub(crate) fn kind(headers: &HeaderMap) -> String {
    let whole = text(headers, header::CONTENT_TYPE).unwrap_or_default();
    whole.split(';').next().unwrap_or_default().trim().to_lowercase()
}

pub(crate) fn version(headers: &HeaderMap) -> Version {
    Version { etag: text(headers, header::ETAG), last_modified: text(headers, header::LAST_MODIFIED) }
}

pub(crate) fn retry_after(headers: &HeaderMap) -> Option<RetryAfter> {
    let text = text(headers, header::RETRY_AFTER)?;
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(RetryAfter::In(Duration::from_secs(seconds.min(LONGEST_WAIT))));
    }
    let at = rfc2822::parse(&text).ok()?;
    Some(RetryAfter::At(at.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_or_as_a_date() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(of("120"), Some(RetryAfter::In(Duration::from_secs(120))));
        assert_eq!(of("99999999999"), Some(RetryAfter::In(Duration::from_secs(LONGEST_WAIT))));
        let at = "2026-11-29T10:00:00Z".parse().unwrap();
        assert_eq!(of("Sun, 29 Nov 2026 10:00:00 GMT"), Some(RetryAfter::At(at)));
        assert_eq!((of("soon"), of("-5"), of("")), (None, None, None));
    }

    #[test]
    fn a_kind_is_told_without_its_parameters() {
        let mut headers = HeaderMap::new();
        assert_eq!(kind(&headers), "");
        headers.insert(header::CONTENT_TYPE, "Text/Plain; charset=utf-8".parse().unwrap());
        assert_eq!(kind(&headers), "text/plain");
    }
}
