//! Letters that something waits. They say neither what nor of whom, and nobody gets more than one in an hour.

use super::fault::Fault;
use super::row::Introduction;
use super::standing::Side;
use crate::account::{EmailAddress, Letter};
use crate::routes::{CompanyIntroductionUrl, IntroductionUrl};
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
        notice(tx, account, &email, &path, base, now)?;
    }
    Ok(())
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

/// One letter, unless there was one within the hour: then what waits is remembered.
fn notice(
    tx: &mut Tx<'_>,
    account: Uuid,
    email: &str,
    path: &str,
    base: Option<&str>,
    now: Timestamp,
) -> Result<(), Fault> {
    let before = now.checked_sub(ONE_IN).unwrap_or(now);
    let sql = "insert into introduction_notice (account, sent_at) values ($1, $2)
               on conflict (account) do update set sent_at = excluded.sent_at, waits = null
                 where introduction_notice.sent_at <= $3 returning account";
    let is_first: Option<(Uuid,)> = tx.optional(sql, params![account, now, before])?;
    if is_first.is_none() {
        tx.execute("update introduction_notice set waits = $2 where account = $1", params![account, path])?;
        return Ok(());
    }
    write(tx, email, path, base, now)
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

/// Sends what had to wait for its hour. Gives how many letters.
pub(super) fn send_waiting(tx: &mut Tx<'_>, base: Option<&str>, now: Timestamp) -> Result<usize, Fault> {
    let before = now.checked_sub(ONE_IN).unwrap_or(now);
    let sql = format!(
        "select n.account, a.email, n.waits from introduction_notice n join account a on a.id = n.account
         where n.waits is not null and n.sent_at <= $1 order by n.account limit {PORTION}"
    );
    let due: Vec<(Uuid, String, String)> = tx.all(&sql, params![before])?;
    for (account, email, path) in &due {
        notice(tx, *account, email, path, base, now)?;
    }
    Ok(due.len())
}
