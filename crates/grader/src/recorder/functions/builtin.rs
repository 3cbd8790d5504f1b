//! SQLite's own `instr`, `replace`, `trim`, `ltrim`, `rtrim` and `unhex`, in linear time. SQLite's take as long as the
//! one argument times the other, in one step that nothing can interrupt: with texts of a megabyte, minutes.

use super::number::float_text;
use super::{Output, give, null, raised, scalar, too_long};
use rusqlite::functions::Context;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error};
use std::borrow::Cow;
use std::collections::HashSet;

pub(super) fn register(connection: &Connection, limit: usize) -> rusqlite::Result<()> {
    scalar(connection, "instr", 2, instr)?;
    scalar(connection, "replace", 3, move |context| replace(context, limit))?;
    scalar(connection, "trim", 2, |context| trim(context, true, true))?;
    scalar(connection, "ltrim", 2, |context| trim(context, true, false))?;
    scalar(connection, "rtrim", 2, |context| trim(context, false, true))?;
    // The form with letters to skip has no use in Django.
    scalar(connection, "unhex", 2, |_| Err(raised()))
}

/// A value as text, and `None` for `NULL`.
fn text(value: ValueRef<'_>) -> Result<Option<Cow<'_, str>>, Error> {
    Ok(Some(match value {
        ValueRef::Null => return Ok(None),
        ValueRef::Integer(number) => number.to_string().into(),
        ValueRef::Real(number) => float_text(number).into(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes),
    }))
}

fn instr(context: &Context<'_>) -> Output {
    let (hay, needle) = (context.get_raw(0), context.get_raw(1));
    if let (ValueRef::Blob(hay), ValueRef::Blob(needle)) = (hay, needle) {
        return give(find_bytes(hay, needle));
    }
    let (Some(hay), Some(needle)) = (text(hay)?, text(needle)?) else { return null() };
    give(hay.find(&*needle).map_or(0, |at| hay[..at].chars().count() as i64 + 1))
}

/// Position of one row of bytes in another, from 1; 0 if it is not there. Each byte becomes the letter of that
/// number, so that the linear search for texts can be used.
fn find_bytes(hay: &[u8], needle: &[u8]) -> i64 {
    let letters = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect::<String>();
    let hay = letters(hay);
    hay.find(&letters(needle)).map_or(0, |at| hay[..at].chars().count() as i64 + 1)
}

fn replace(context: &Context<'_>, limit: usize) -> Output {
    let (Some(whole), Some(old)) = (text(context.get_raw(0))?, text(context.get_raw(1))?) else { return null() };
    if old.is_empty() {
        return Ok(ToSqlOutput::Owned(context.get_raw(0).try_into()?));
    }
    let Some(new) = text(context.get_raw(2))? else { return null() };
    let grows = whole.matches(&*old).count().saturating_mul(new.len().saturating_sub(old.len()));
    if whole.len().saturating_add(grows) > limit {
        return Err(too_long());
    }
    give(whole.replace(&*old, &new))
}

fn trim(context: &Context<'_>, left: bool, right: bool) -> Output {
    let (Some(whole), Some(set)) = (text(context.get_raw(0))?, text(context.get_raw(1))?) else { return null() };
    let set: HashSet<char> = set.chars().collect();
    let mut rest: &str = &whole;
    if left {
        rest = rest.trim_start_matches(|letter| set.contains(&letter));
    }
    if right {
        rest = rest.trim_end_matches(|letter| set.contains(&letter));
    }
    give(rest.to_owned())
}
