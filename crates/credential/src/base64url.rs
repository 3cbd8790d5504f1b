//! Bytes as the formats write them: base64url without padding (RFC 4648, section 5; RFC 7515, section 2).

use crate::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Only the one way of writing the bytes is accepted: no padding, and no bits left over. So a changed letter is never the
/// same token.
pub(crate) fn decode(text: &str, what: &'static str) -> Result<Vec<u8>, Error> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::Damaged { what, why: "it is not base64url" })
}

/// SHA-256 of a text, as the formats write it.
pub(crate) fn sha256(text: &str) -> String {
    use sha2::Digest;
    encode(sha2::Sha256::digest(text.as_bytes()))
}
