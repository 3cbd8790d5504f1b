//! What is written of a conversation: the one function through which every row of one changes.

use super::fault::Fault;
use super::letters;
use super::row::{COLUMNS, Deed, Introduction, Row, Words, seal};
use super::standing::{Ending, Side, Stage, Standing};
use crate::kit;
use crate::vacancy::random_id;
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::{Tx, params};
use jobfuture_disclosure::{Sealer, end_grant, tell_pool};
use uuid::Uuid;

/// What somebody did, to be written with what it makes of a conversation.
pub(super) struct Done<'a> {
    /// Nobody for the clock.
    pub side: Option<Side>,
    /// Who of the company.
    pub member: Option<Uuid>,
    pub deed: Deed,
    /// Their words, and what seals them.
    pub words: Option<(&'a Sealer, &'a Words)>,
    pub now: Timestamp,
}

/// One by its id, as it stands in its row.
pub(super) fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Introduction, Fault> {
    let row: Option<Row> = tx.optional(&format!("{COLUMNS} where i.id = $1"), params![id])?;
    Ok(row.ok_or(Fault::Missing)?.written()?)
}

/// Company and candidate, while theirs is alive.
pub(super) fn slot(company: Uuid, account: Uuid) -> String {
    format!("{company} {account}")
}

/// Adds a line. Gives its number.
pub(super) fn add_line(tx: &mut Tx<'_>, id: Uuid, done: &Done<'_>) -> Result<i64, Fault> {
    let (last,): (i64,) =
        tx.one("select coalesce(max(nth), 0) from introduction_line where introduction = $1", params![id])?;
    let nth = last + 1;
    let sealed = done.words.map(|(sealer, words)| seal(sealer, id, nth, words)).transpose()?;
    tx.execute(
        "insert into introduction_line (introduction, nth, by_side, member, act, sealed, made_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![id, nth, done.side.map(Side::id), done.member, done.deed.id(), sealed, done.now],
    )?;
    Ok(nth)
}

/// Writes down where a conversation stands from now on, with a line of what was done. Its grants last until its turn ends, for which the
/// door looks by itself; at an end they are revoked, what was promised is forgotten, and the two may begin another one. Gives it as it is
/// now.
pub(super) fn write(
    tx: &mut Tx<'_>,
    before: &Introduction,
    after: Standing,
    done: &Done<'_>,
) -> Result<(Introduction, i64), Fault> {
    let (id, now) = (before.id, done.now);
    let (how, by, code) = after
        .ending()
        .map(Ending::columns)
        .map_or((None, None, None), |(how, by, code)| (Some(how), Some(by.id()), code));
    let opened_at = before.opened_at.or((after.stage() == Stage::Open).then_some(now));
    let ended_at = after.ending().map(|_| now);
    let slot = if ended_at.is_some() { id.to_string() } else { slot(before.company, before.account) };
    // Whoever acts for a company takes it up, unless somebody has.
    let member = before.member.or(done.member);
    // The time that was left is left when nothing else changed.
    let is_same_turn = after.due() == before.standing.due() && after.turn() == before.standing.turn();
    tx.execute(
        "update introduction set stage = $2, turn = $3, due_at = $4, questions = $5, changed_at = $6, opened_at = $7, ended_at = $8,
           ending = $9, ended_by = $10, reason = $11, version = version + 1, slot = $12, member = $13,
           reminded_at = case when $14 then reminded_at end
         where id = $1",
        params![
            id,
            after.stage().id(),
            after.turn().map(Side::id),
            after.due(),
            i64::from(after.questions()),
            now,
            opened_at,
            ended_at,
            how,
            by,
            code,
            slot,
            member,
            is_same_turn
        ],
    )?;
    turn(tx, before, Some(&before.standing), &after, done)?;
    let nth = add_line(tx, id, done)?;
    if ended_at.is_some() {
        end(tx, before, now)?;
    } else if after.due() != before.standing.due() {
        // Its grants last as long as its turn, and the index knows until when.
        tell_pool(tx, before.account, now)?;
    }
    Ok((find(tx, id)?, nth))
}

/// What the ending of one takes along.
fn end(tx: &mut Tx<'_>, ended: &Introduction, now: Timestamp) -> Result<(), Fault> {
    let sql = "select grant_id from introduction_grant where introduction = $1";
    let grants: Vec<(Uuid,)> = tx.all(sql, params![ended.id])?;
    for (grant,) in grants {
        end_grant(tx, ended.account, grant, now)?;
    }
    tx.execute("delete from introduction_unmask where introduction = $1", params![ended.id])?;
    let sql = "update interview_offer set ended_at = $2 where introduction = $1 and ended_at is null";
    tx.execute(sql, params![ended.id, now])?;
    kit::forget(tx, ended.id)?;
    Ok(())
}

/// Keeps the count of a company's turns: what it answered, and what it let lapse.
pub(super) fn turn(
    tx: &mut Tx<'_>,
    of: &Introduction,
    before: Option<&Standing>,
    after: &Standing,
    done: &Done<'_>,
) -> Result<(), Fault> {
    let is_companys = |standing: &Standing| standing.turn() == Some(Side::Company);
    let stays =
        |before: &Standing| (before.stage(), before.turn(), before.due()) == (after.stage(), after.turn(), after.due());
    let is_same = before.is_some_and(stays);
    if is_same {
        return Ok(());
    }
    if before.is_some_and(is_companys) {
        let how = match (done.side, after.ending()) {
            (None, Some(Ending::Lapsed(_))) => "lapsed",
            (Some(Side::Company), _) => "acted",
            _ => "moot",
        };
        let sql = "update introduction_turn set ended_at = $2, how = $3 where introduction = $1 and ended_at is null";
        tx.execute(sql, params![of.id, done.now, how])?;
    }
    if is_companys(after) {
        tx.execute(
            "insert into introduction_turn (id, introduction, company, stage, began_at) values ($1, $2, $3, $4, $5)",
            params![random_id()?, of.id, of.company, after.stage().id(), done.now],
        )?;
    }
    Ok(())
}

/// Ends all that goes on between a candidate and a company, or all companies, because they want nothing more of it: they blocked it, or
/// their account goes. Gives how many.
///
/// # Errors
/// The database's.
pub(crate) fn leave_all(
    tx: &mut Tx<'_>,
    account: Uuid,
    company: Option<Uuid>,
    base: Option<&str>,
    now: Timestamp,
) -> Result<usize, Fault> {
    let sql = format!("{COLUMNS} where i.account = $1 and i.ended_at is null order by i.id");
    let rows: Vec<Row> = tx.all(&sql, params![account])?;
    let mut count = 0;
    for row in rows {
        if company.is_some_and(|company| company != row.company) {
            continue;
        }
        let before = row.written()?;
        let done = Done { side: Some(Side::Candidate), member: None, deed: Deed::Withdrew, words: None, now };
        let (after, _) = write(tx, &before, before.standing.left()?, &done)?;
        letters::tell(tx, &after, Side::Company, base, now)?;
        count += 1;
    }
    Ok(count)
}
