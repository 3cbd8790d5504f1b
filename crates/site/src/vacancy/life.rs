//! Proof of life: who says that a vacancy is alive, and what happens when nobody does.

use super::store::{Vacancies, Vacancy};
use super::terms::{ClosedFor, State};
use crate::account::{EmailAddress, Letter};
use crate::error::SiteError;
use jiff::{SignedDuration, Timestamp};
use jobfuture_codes::Code;
use jobfuture_db::{Tx, params, record};
use uuid::Uuid;

/// After which a company is asked to confirm a vacancy.
pub const CONFIRM_AFTER: SignedDuration = SignedDuration::from_hours(14 * 24);
/// After which one that nobody confirmed closes itself.
pub const SILENT_AFTER: SignedDuration = SignedDuration::from_hours(21 * 24);
/// For which a company that lost its verification may get it back before its vacancies close.
pub const UNVERIFIED_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Vacancies that are closed, or reminded of, in one transaction.
const PORTION: i64 = 200;

/// What a round of [`Vacancies::tend`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tended {
    /// Vacancies that closed themselves.
    pub closed: usize,
    /// Letters that ask for a confirmation.
    pub reminded: usize,
    /// Letters about new vacancies.
    pub notices: usize,
}

record! {
    struct Due { id: Uuid, company: Uuid, title: String }
}

impl Vacancy {
    /// Whether it waits to be confirmed.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let since = self.confirmed_at.map(|confirmed| now.duration_since(confirmed));
        self.state == State::Open && since.is_some_and(|since| since >= CONFIRM_AFTER)
    }
}

impl Vacancies {
    /// Closes what is over and asks for confirmations. Meant to be called every now and then by any number of processes:
    /// what one has done, another finds done. `site` is the address that letters link to, if there is one.
    ///
    /// # Errors
    /// The database's.
    pub async fn tend(&self, site: Option<&str>) -> Result<Tended, SiteError> {
        let mut tended = Tended::default();
        loop {
            let (closed, reminded) = (self.close_some().await?, self.remind_some(site).await?);
            tended.closed += closed;
            tended.reminded += reminded;
            if closed + reminded == 0 {
                return Ok(tended);
            }
        }
    }

    async fn close_some(&self) -> Result<usize, SiteError> {
        let now = self.now();
        let before = |ago| now.checked_sub(ago).map_err(|error| SiteError::internal("a time", &error));
        let (silent, unverified) = (before(SILENT_AFTER)?, before(UNVERIFIED_FOR)?);
        let close = move |tx: &mut Tx<'_>, why: ClosedFor, which: &str, than: Timestamp| {
            let sql = format!(
                "update vacancy set state = 'closed', closed_at = $1, changed_at = $1, closed_for = $2
                 where id in (select v.id from vacancy v join company c on c.id = v.company
                              where v.state = 'open' and {which} <= $3 order by v.id limit {PORTION})"
            );
            tx.execute(&sql, params![now, why.id(), than])
        };
        let closed = self
            .db
            .transaction(move |tx| {
                let date = close(tx, ClosedFor::Date, "v.closes_at", now)?;
                let silence = close(tx, ClosedFor::Silence, "v.confirmed_at", silent)?;
                let unverified = close(tx, ClosedFor::Unverified, "c.verified_until", unverified)?;
                Ok::<_, jobfuture_db::Error>(date + silence + unverified)
            })
            .await?;
        Ok(usize::try_from(closed).unwrap_or(usize::MAX))
    }

    async fn remind_some(&self, site: Option<&str>) -> Result<usize, SiteError> {
        let now = self.now();
        let due = now.checked_sub(CONFIRM_AFTER).map_err(|error| SiteError::internal("a time", &error))?;
        let site = site.unwrap_or_default().to_owned();
        let reminded = self
            .db
            .transaction(move |tx| {
                let sql = format!(
                    "select id, company, title from vacancy where state = 'open' and confirmed_at <= $1
                       and (reminded_at is null or reminded_at < confirmed_at) order by id limit {PORTION}"
                );
                let due: Vec<Due> = tx.all(&sql, params![due])?;
                for one in &due {
                    tx.execute("update vacancy set reminded_at = $2 where id = $1", params![one.id, now])?;
                    write_letters(tx, one, &site, now)?;
                }
                Ok::<_, jobfuture_db::Error>(due.len())
            })
            .await?;
        Ok(reminded)
    }
}

/// To everybody of the company who may confirm it.
fn write_letters(tx: &mut Tx<'_>, due: &Due, site: &str, now: Timestamp) -> Result<(), jobfuture_db::Error> {
    let sql = "select a.email from company_member m join account a on a.id = m.account
               where m.company = $1 and m.role in ('owner', 'recruiter') order by a.email";
    let people: Vec<(String,)> = tx.all(sql, params![due.company])?;
    let url = crate::routes::OwnVacancyUrl { company: &due.company.to_string(), vacancy: &due.id.to_string() }.to_url();
    let body = format!(
        "Your vacancy “{}” was last confirmed two weeks ago.\n\nIf it is still open, say so here:\n{site}{url}\n\n\
         If nobody does within a week, it closes itself. It can be posted again afterwards.\n",
        due.title
    );
    for (email,) in people {
        // Addresses that were let in long ago are read as they are.
        let Ok(to) = EmailAddress::parse(&email) else { continue };
        Letter { to, subject: "Is your vacancy still open?".to_owned(), body: body.clone() }.write(tx, now)?;
    }
    Ok(())
}
