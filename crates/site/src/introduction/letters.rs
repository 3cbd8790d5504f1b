//! Letters that something waits. They say neither what nor of whom, and nobody gets more than one in an hour.

use super::fault::Fault;
use super::row::Introduction;
use super::standing::Side;
use crate::account::{EmailAddress, Letter};
use crate::routes::{CompanyIntroductionUrl, CompanyKitUrl, IntroductionUrl};
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Tx, params};
use uuid::Uuid;

/// Between two letters to one person.
pub(super) const ONE_IN: SignedDuration = SignedDuration::from_mins(60);
/// Notices that are sent in one transaction.
const PORTION: i64 = 100;

/// Writes to one side that something waits for them there: at once, or later if they have just been written to.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    of: &Introduction,
    side: Side,
    base: Option<&str>,
    now: Timestamp,
) -> Result<(), Fault> {
    let id = of.id.to_string();
    let path = match side {
        Side::Candidate => IntroductionUrl { introduction: &id }.to_url(),
        Side::Company => CompanyIntroductionUrl { company: &of.company.to_string(), introduction: &id }.to_url(),
    };
    for (account, email) in people(tx, of, side)? {
        notice(tx, (account, &email), &path, Displaces::WhatWaits, base, now)?;
    }
    Ok(())
}

/// Writes to somebody of a company who was asked to a conversation that its kit waits for them: as [`tell`] does.
pub(crate) fn tell_asked(
    tx: &mut Tx<'_>,
    (account, email): (Uuid, &str),
    company: Uuid,
    introduction: Uuid,
    base: Option<&str>,
    now: Timestamp,
) -> Result<(), Fault> {
    let leaves: Option<(i64,)> =
        tx.optional("select 1 as found from account where id = $1 and leaves_at is not null", params![account])?;
    if leaves.is_some() {
        return Ok(());
    }
    let path = kit_path(company, introduction);
    // They find their kits in a list; what waits for them besides is told of by its letter alone.
    notice(tx, (account, email), &path, Displaces::Nothing, base, now)
}

fn kit_path(company: Uuid, introduction: Uuid) -> String {
    CompanyKitUrl { company: &company.to_string(), introduction: &introduction.to_string() }.to_url()
}

/// The candidate; for the company whoever began it, or took it up, if they still do such things there, and everybody who does otherwise.
fn people(tx: &mut Tx<'_>, of: &Introduction, side: Side) -> Result<Vec<(Uuid, String)>, Fault> {
    if side == Side::Candidate {
        let sql = "select id, email from account where id = $1 and leaves_at is null";
        return Ok(tx.all(sql, params![of.account])?);
    }
    let sql = "select a.id, a.email from company_member m join account a on a.id = m.account
               where m.company = $1 and m.role in ('owner', 'recruiter') and a.leaves_at is null order by a.id";
    let all: Vec<(Uuid, String)> = tx.all(sql, params![of.company])?;
    let its_own: Vec<_> = all.iter().filter(|(account, _)| Some(*account) == of.member).cloned().collect();
    Ok(if its_own.is_empty() { all } else { its_own })
}

/// What becomes of something that waits to be told already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Displaces {
    /// The letter leads to what came last.
    WhatWaits,
    /// The letter leads to what waited before.
    Nothing,
}

/// One letter, unless there was one within the hour: then what waits is remembered.
fn notice(
    tx: &mut Tx<'_>,
    (account, email): (Uuid, &str),
    path: &str,
    displaces: Displaces,
    base: Option<&str>,
    now: Timestamp,
) -> Result<(), Fault> {
    let before = now.checked_sub(ONE_IN).unwrap_or(now);
    let sql = "insert into introduction_notice (account, sent_at) values ($1, $2)
               on conflict (account) do update set sent_at = excluded.sent_at, waits = null
                 where introduction_notice.sent_at <= $3 returning account";
    let is_first: Option<(Uuid,)> = tx.optional(sql, params![account, now, before])?;
    if is_first.is_some() {
        return write(tx, email, path, base, now);
    }
    let sql = match displaces {
        Displaces::WhatWaits => "update introduction_notice set waits = $2 where account = $1",
        Displaces::Nothing => "update introduction_notice set waits = coalesce(waits, $2) where account = $1",
    };
    tx.execute(sql, params![account, path])?;
    Ok(())
}

fn write(tx: &mut Tx<'_>, email: &str, path: &str, base: Option<&str>, now: Timestamp) -> Result<(), Fault> {
    // Addresses that were let in long ago are read as they are.
    let Ok(to) = EmailAddress::parse(email) else { return Ok(()) };
    let place = match base {
        Some(base) => format!("{base}{path}"),
        None => format!("{path} of this site"),
    };
    let body = format!(
        "Something waits for you at JobFuture:\n{place}\n\nWhat it is, and until when it waits, is said there and not in this letter. There is at \
         most one such letter in an hour.\n"
    );
    Ok(Letter { to, subject: "Something waits for you".to_owned(), body }.write(tx, now)?)
}

/// Sends what had to wait for its hour, if it still waits for them. Gives how many letters.
pub(super) fn send_waiting(tx: &mut Tx<'_>, base: Option<&str>, now: Timestamp) -> Result<usize, Fault> {
    let before = now.checked_sub(ONE_IN).unwrap_or(now);
    let sql = format!(
        "select n.account, a.email, n.waits, n.sent_at from introduction_notice n join account a on a.id = n.account
         where n.waits is not null and n.sent_at <= $1 order by n.account limit {PORTION}"
    );
    let due: Vec<(Uuid, String, String, Timestamp)> = tx.all(&sql, params![before])?;
    let mut count = 0;
    for (account, email, path, told_at) in due {
        let waits = match is_for(tx, account, &path, now)? {
            true => Some(path),
            false => another_kit(tx, account, told_at, now)?,
        };
        match waits {
            Some(path) => {
                notice(tx, (account, &email), &path, Displaces::WhatWaits, base, now)?;
                count += 1;
            }
            None => {
                tx.execute("update introduction_notice set waits = null where account = $1", params![account])?;
            }
        }
    }
    Ok(count)
}

/// Whether what a path leads to is still there for somebody: they may have left the company meanwhile, or not be asked any more.
fn is_for(tx: &mut Tx<'_>, account: Uuid, path: &str, now: Timestamp) -> Result<bool, Fault> {
    let parts: Vec<&str> = path.split('/').collect();
    let id = |text: &str| Uuid::try_parse(text).unwrap_or_default();
    let found: Option<(i64,)> = match parts.as_slice() {
        ["", "companies", company, "introductions", introduction, "kit"] => {
            let sql = format!("select 1 as found {ASKED} and i.company = $3 and i.id = $4");
            tx.optional(&sql, params![account, now, id(company), id(introduction)])?
        }
        ["", "companies", company, ..] => {
            let sql = "select 1 as found from company_member
                       where account = $1 and company = $2 and role in ('owner', 'recruiter')";
            tx.optional(sql, params![account, id(company)])?
        }
        _ => return Ok(true),
    };
    Ok(found.is_some())
}

/// Open conversations to which `$1` is asked at the time `$2`, of companies for which they act.
const ASKED: &str = "from introduction_interviewer w join introduction i on i.id = w.introduction
    join company_member m on m.company = i.company and m.account = w.account
    where w.account = $1 and i.stage = 'open' and i.due_at > $2";

/// A kit to which somebody was asked since they were last told of something, if what they were to be told of is gone.
fn another_kit(tx: &mut Tx<'_>, account: Uuid, since: Timestamp, now: Timestamp) -> Result<Option<String>, Fault> {
    let sql = format!("select i.company, i.id {ASKED} and w.made_at > $3 order by w.made_at, i.id limit 1");
    let found: Option<(Uuid, Uuid)> = tx.optional(&sql, params![account, now, since])?;
    Ok(found.map(|(company, introduction)| kit_path(company, introduction)))
}
