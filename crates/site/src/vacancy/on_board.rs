//! What a company's own board does to vacancies that were made of it: for [`crate::board`], within its transactions. Nothing here
//! publishes anything.

use super::draft::{Draft, Terms};
use super::store::{MOST, Published, json};
use super::terms::{ClosedFor, State};
use crate::error::SiteError;
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use jobfuture_db::{Tx, params};
use uuid::Uuid;

/// Within which seeing a vacancy again is no news: its form is not made stale each time that its board is looked at.
const SEEN_ANEW_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Begins a draft with this id. Says whether the company may have one more.
///
/// # Errors
/// The database's.
pub(crate) fn draft_from_board(
    tx: &mut Tx<'_>,
    company: Uuid,
    id: Uuid,
    draft: &Draft,
    now: Timestamp,
) -> Result<bool, SiteError> {
    let sql = "select count(*) from vacancy where company = $1 and state <> 'closed'";
    let (count,): (i64,) = tx.one(sql, params![company])?;
    if count >= MOST {
        return Ok(false);
    }
    let (title, text) = (draft.title.trim().to_owned(), json(draft)?);
    let sql = "insert into vacancy (id, company, state, title, draft, made_at, changed_at)
               values ($1, $2, 'draft', $3, $4, $5, $5)";
    tx.execute(sql, params![id, company, title, text, now])?;
    Ok(true)
}

/// Where a vacancy stands, and its text.
///
/// # Errors
/// The database's.
pub(crate) fn text_of(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<(State, Draft)>, SiteError> {
    let found: Option<(String, String)> = tx.optional("select state, draft from vacancy where id = $1", params![id])?;
    let Some((state, draft)) = found else { return Ok(None) };
    let unreadable = |what: &str| SiteError::internal("a vacancy's row", &what);
    let state = State::parse(&state).ok_or_else(|| unreadable("its state is none"))?;
    let draft = serde_json::from_str(&draft).map_err(|error| unreadable(&error.to_string()))?;
    Ok(Some((state, draft)))
}

/// Gives a draft the text that its board makes of it.
///
/// # Errors
/// The database's.
pub(crate) fn bring_draft_on(tx: &mut Tx<'_>, id: Uuid, draft: &Draft, now: Timestamp) -> Result<(), SiteError> {
    let sql = "update vacancy set title = $2, draft = $3, changed_at = $4 where id = $1 and state = 'draft'";
    tx.execute(sql, params![id, draft.title.trim(), json(draft)?, now])?;
    Ok(())
}

/// The same of an open vacancy, with the terms that [`Draft::check`] made of it.
///
/// # Errors
/// The database's.
pub(crate) fn bring_open_on(
    tx: &mut Tx<'_>,
    id: Uuid,
    draft: &Draft,
    terms: &Terms,
    now: Timestamp,
) -> Result<(), SiteError> {
    let Published { terms, role, level, closes_at } = Published::of(terms)?;
    let sql = "update vacancy set title = $2, draft = $3, terms = $4, role = $5, level = $6, closes_at = $7,
                 changed_at = $8, confirmed_at = $8 where id = $1 and state = 'open'";
    tx.execute(sql, params![id, draft.title.trim(), json(draft)?, terms, role, level, closes_at, now])?;
    Ok(())
}

/// Proof of life: the open vacancies of all postings that a board has at this time, if nobody said so for a day.
///
/// # Errors
/// The database's.
pub(crate) fn seen_on_board(tx: &mut Tx<'_>, board: Uuid, now: Timestamp) -> Result<(), SiteError> {
    let before = now.checked_sub(SEEN_ANEW_AFTER).map_err(|error| SiteError::internal("a time", &error))?;
    let sql = "update vacancy set confirmed_at = $2, changed_at = $2 where state = 'open' and confirmed_at <= $3
               and id in (select vacancy from board_posting where board = $1 and seen_at = $2 and vacancy is not null)";
    tx.execute(sql, params![board, now, before])?;
    Ok(())
}

/// Closes an open vacancy, because its board no longer has it. Says whether it was open.
///
/// # Errors
/// The database's.
pub(crate) fn gone_from_board(tx: &mut Tx<'_>, id: Uuid, now: Timestamp) -> Result<bool, SiteError> {
    let sql = "update vacancy set state = 'closed', closed_at = $2, changed_at = $2, closed_for = $3
               where id = $1 and state = 'open'";
    Ok(tx.execute(sql, params![id, now, ClosedFor::Gone.id()])? > 0)
}
