//! Bytes as text, in the encoding that they say they are in.

use crate::fault::Fault;
use encoding_rs::Encoding;
use std::borrow::Cow;

/// Where a declaration of the encoding is looked for, in bytes (the HTML standard looks as far).
const DECLARED_WITHIN: usize = 1024;

/// Text of bytes. A byte order mark decides; then UTF-8 where it fits; then what XML or HTML declares of itself.
///
/// # Errors
/// They are no text in any of these.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode(encoding, &bytes[mark..]);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(wrong) => match declared(&bytes[..bytes.len().min(DECLARED_WITHIN)]) {
            // Declared as UTF-8, and is not.
            Some(encoding) if encoding != encoding_rs::UTF_8 => decode(encoding, bytes),
            _ => Err(Fault::NotText { at: wrong.valid_up_to() }),
        },
    }
}

fn decode<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, Fault> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| Fault::NotIn { encoding: encoding.name() })
}

/// `<?xml … encoding="…"?>` or `<meta charset="…">`, wherever it stands at the beginning.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let behind = |word: &str| head.split_once(word).map(|(_, rest)| rest.trim_start().trim_start_matches(['"', '\'']));
    let rest = if head.trim_start().starts_with("<?xml") { behind("encoding=") } else { behind("charset=") }?;
    let label = rest.split(['"', '\'', ' ', ';', '>', '/', '?']).next()?;
    Encoding::for_label(label.as_bytes())
}
