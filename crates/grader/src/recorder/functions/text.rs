//! Padding, repeating, reversing and hashing text; and bits.

use super::number::{Number, multiply};
use super::{Output, give, null, raised, scalar, too_long};
use rusqlite::functions::Context;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};
use sha2::Digest;

pub(super) fn register(connection: &Connection, limit: usize) -> rusqlite::Result<()> {
    scalar(connection, "LPAD", 3, move |context| pad(context, limit, true))?;
    scalar(connection, "RPAD", 3, move |context| pad(context, limit, false))?;
    scalar(connection, "REPEAT", 2, move |context| match (context.get_raw(0), context.get_raw(1)) {
        (ValueRef::Null, _) | (_, ValueRef::Null) => null(),
        (text, count) => multiply(text, count, limit),
    })?;
    scalar(connection, "REVERSE", 1, reverse)?;
    scalar(connection, "MD5", 1, hash::<md5::Md5>)?;
    scalar(connection, "SHA1", 1, hash::<sha1::Sha1>)?;
    scalar(connection, "SHA224", 1, hash::<sha2::Sha224>)?;
    scalar(connection, "SHA256", 1, hash::<sha2::Sha256>)?;
    scalar(connection, "SHA384", 1, hash::<sha2::Sha384>)?;
    scalar(connection, "SHA512", 1, hash::<sha2::Sha512>)?;
    scalar(connection, "SIGN", 1, sign)?;
    scalar(connection, "BITXOR", 2, bitxor)
}

fn text(value: ValueRef<'_>) -> Result<&str, Error> {
    match value {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| raised()),
        _ => Err(raised()),
    }
}

/// `LPAD` and `RPAD`, of texts or of bytes. What is too long is cut; a negative length counts from the end, as
/// Python's slices do.
fn pad(context: &Context<'_>, limit: usize, left: bool) -> Output {
    let (body, length, fill) = (context.get_raw(0), context.get_raw(1), context.get_raw(2));
    if [body, length, fill].iter().any(|value| matches!(value, ValueRef::Null)) {
        return null();
    }
    let ValueRef::Integer(length) = length else { return Err(raised()) };
    if let ValueRef::Blob(body) = body {
        let fill = if let ValueRef::Blob(fill) = fill { Some(fill) } else { None };
        return give(padded(body, length, fill, left, limit)?);
    }
    let body: Vec<char> = text(body)?.chars().collect();
    let fill: Option<Vec<char>> = text(fill).ok().map(|fill| fill.chars().collect());
    give(padded(&body, length, fill.as_deref(), left, limit)?.into_iter().collect::<String>())
}

/// `fill` is `None` where its type is not the body's; Python only finds out when it uses it.
fn padded<T: Copy>(body: &[T], length: i64, fill: Option<&[T]>, left: bool, limit: usize) -> Result<Vec<T>, Error> {
    let fill = if left { fill } else { Some(fill.ok_or_else(raised)?) };
    let Ok(wanted) = usize::try_from(length) else {
        let from_end = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
        return Ok(body[..body.len().saturating_sub(from_end)].to_vec());
    };
    if wanted <= body.len() {
        return Ok(body[..wanted].to_vec());
    }
    let fill = fill.ok_or_else(raised)?;
    if wanted > limit && !fill.is_empty() {
        return Err(too_long());
    }
    let padding = fill.iter().cycle().take(wanted - body.len());
    let parts =
        if left { (padding.copied().collect(), body.to_vec()) } else { (body.to_vec(), padding.copied().collect()) };
    let (mut whole, rest): (Vec<T>, Vec<T>) = parts;
    whole.extend(rest);
    Ok(whole)
}

fn reverse(context: &Context<'_>) -> Output {
    match context.get_raw(0) {
        ValueRef::Null => null(),
        ValueRef::Blob(bytes) => give(bytes.iter().rev().copied().collect::<Vec<u8>>()),
        value => give(text(value)?.chars().rev().collect::<String>()),
    }
}

fn hash<D: Digest>(context: &Context<'_>) -> Output {
    match context.get_raw(0) {
        ValueRef::Null => null(),
        value => {
            use std::fmt::Write as _;
            let mut hex = String::new();
            for byte in D::digest(text(value)?) {
                // Writing to a string cannot fail.
                let _ = write!(hex, "{byte:02x}");
            }
            give(hex)
        }
    }
}

fn sign(context: &Context<'_>) -> Output {
    match (context.get_raw(0), Number::of(context.get_raw(0))) {
        (ValueRef::Null, _) => null(),
        (_, Some(Number::Int(number))) => give(number.signum()),
        (_, Some(Number::Float(number))) => give(i64::from(number > 0.0) - i64::from(number < 0.0)),
        _ => Err(raised()),
    }
}

fn bitxor(context: &Context<'_>) -> Output {
    match (context.get_raw(0), context.get_raw(1)) {
        (ValueRef::Null, _) | (_, ValueRef::Null) => null(),
        (ValueRef::Integer(left), ValueRef::Integer(right)) => give(left ^ right),
        _ => Err(raised()),
    }
}
