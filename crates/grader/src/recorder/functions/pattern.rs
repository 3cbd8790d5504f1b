//! `REGEXP`: Python's `re.search`, by an engine whose work is linear in the text.

use super::number::float_text;
use super::{give, null, raised, scalar};
use regex::{Regex, RegexBuilder};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};
use std::borrow::Cow;

/// Bytes that a compiled pattern may take, and bytes of text that one so large is matched against. A search cannot be
/// interrupted and takes pattern × text at worst; each of these pairs came to about 2 s with the worst patterns that
/// were found (`(a?c?){1900}[0-9]` against random letters). A usual pattern takes a few KiB, `\w{3,40}` almost 2 MiB.
const BOUNDS: [(usize, usize); 3] = [(256 << 10, 64 << 10), (512 << 10, 16 << 10), (2 << 20, 4 << 10)];

/// A compiled pattern, and the longest text that it is matched against, in bytes.
struct Bounded {
    regex: Regex,
    longest: usize,
}

pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    scalar(connection, "regexp", 2, |context| {
        let (pattern, value) = (context.get_raw(0), context.get_raw(1));
        if matches!(pattern, ValueRef::Null) || matches!(value, ValueRef::Null) {
            return null();
        }
        let ValueRef::Text(_) = pattern else { return Err(raised()) };
        let bounded = context.get_or_create_aux(0, compile)?;
        let text = subject(value)?;
        if text.len() > bounded.longest {
            return Err(raised());
        }
        give(i64::from(bounded.regex.is_match(&text)))
    })
}

/// `str()` of the value.
fn subject(value: ValueRef<'_>) -> Result<Cow<'_, str>, Error> {
    match value {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| raised()),
        ValueRef::Integer(number) => Ok(number.to_string().into()),
        ValueRef::Real(number) => Ok(float_text(number).into()),
        ValueRef::Blob(bytes) => Ok(bytes_text(bytes).into()),
        ValueRef::Null => Ok("None".into()),
    }
}

/// `str()` of bytes: `b'…'`.
fn bytes_text(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut text = format!("b{quote}");
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0x20..=0x7e if char::from(*byte) == quote => text.push_str("\\'"),
            0x20..=0x7e => text.push(char::from(*byte)),
            other => text.push_str(&format!("\\x{other:02x}")),
        }
    }
    text.push(quote);
    text
}

fn compile(pattern: ValueRef<'_>) -> Result<Bounded, Error> {
    let ValueRef::Text(bytes) = pattern else { return Err(raised()) };
    let pattern = translate(std::str::from_utf8(bytes).map_err(|_| raised())?);
    for (size, longest) in BOUNDS {
        match RegexBuilder::new(&pattern).size_limit(size).build() {
            Ok(regex) => return Ok(Bounded { regex, longest }),
            Err(regex::Error::CompiledTooBig(_)) => {}
            Err(_) => break,
        }
    }
    Err(raised())
}

/// Python's syntax where the engine's differs. Look-around and back-references have no linear-time equivalent: they
/// stay as they are, and the engine refuses them.
fn translate(pattern: &str) -> String {
    // With (?m) a `$` means the end of any line in both; without, Python's also matches before a last newline.
    let multi_line = inline_flags(pattern).contains('m');
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut letters = pattern.char_indices().peekable();
    let mut in_class = false;
    let mut class_start = 0;
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, 'Z')) => out.push_str("\\z"),
                // To the engine these are word boundaries, to Python plain letters.
                Some((_, plain @ ('<' | '>'))) => out.push(plain),
                Some((_, escaped)) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if letters.next_if(|(_, next)| *next == '^').is_some() {
                    out.push('^');
                }
                class_start = out.len();
            }
            // The first letter of a class is a letter, even `]`.
            ']' if in_class && out.len() > class_start => {
                in_class = false;
                out.push(']');
            }
            '[' | '&' | '~' | ']' if in_class => out.extend(['\\', letter]),
            _ if in_class => out.push(letter),
            '$' if !multi_line => out.push_str("(?:\\n?\\z)"),
            '{' => out.push_str(&repetition(&pattern[at..])),
            _ => out.push(letter),
        }
    }
    out
}

/// A brace that opens no repetition is a letter to Python; `{,n}` is `{0,n}`.
fn repetition(rest: &str) -> String {
    let Some(inner) = rest[1..].split_once('}').map(|(inner, _)| inner) else { return "\\{".to_owned() };
    let (low, high) = inner.split_once(',').unwrap_or((inner, inner));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(low) || !is_number(high) || inner.is_empty() {
        return "\\{".to_owned();
    }
    if low.is_empty() { "{0".to_owned() } else { "{".to_owned() }
}

/// The flags of a group like `(?im)` at the beginning; Django writes `(?i)` before a pattern of its own accord.
fn inline_flags(pattern: &str) -> String {
    let mut flags = String::new();
    let mut rest = pattern;
    while let Some((group, after)) = rest.strip_prefix("(?").and_then(|inner| inner.split_once(')')) {
        if !group.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            break;
        }
        flags.push_str(group);
        rest = after;
    }
    flags
}
