//! What grants open to companies, for the index that they search. It is never shown: whoever finds somebody by it looks again, at the
//! one door ([`Disclosure::see_these`]).

use crate::door::{GrantInForce, Rows, next_accounts, seen_of, select};
use crate::keyring::listed;
use crate::keys::Viewer;
use crate::{Disclosure, Error, Field, FieldValue, SealingKey, Seen, Signal};
use jiff::Timestamp;
use jobfuture_db::{Snapshot, Tx, params};
use std::collections::HashMap;
use uuid::Uuid;

/// To whom a grant opens something that can be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenedTo {
    /// One company.
    Company(Uuid),
    /// Verified companies that look for this role.
    Pool {
        /// Its id in the content.
        role: String,
    },
}

/// What one grant opens of one candidate, as far as it is searched: what says who somebody is, and what is read and not searched, is not
/// in it. Made of a [`Seen`] of that grant alone, and to be kept in an index only. Nobody has looked yet, so no log has it.
///
/// ```compile_fail
/// fn shown(opened: &jobfuture_disclosure::Opened) -> &jobfuture_disclosure::Seen {
///     &opened.seen
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    grant: Uuid,
    to: OpenedTo,
    made_at: Timestamp,
    until: Timestamp,
    seen: Seen,
}

impl Opened {
    /// Which grant.
    pub fn grant(&self) -> Uuid {
        self.grant
    }

    /// To whom.
    pub fn to(&self) -> &OpenedTo {
        &self.to
    }

    /// When its candidate made it.
    pub fn made_at(&self) -> Timestamp {
        self.made_at
    }

    /// When it ends by itself, or one of its signals does, or the conversation that it was made for, whichever is first.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// What it opens of what is searched, for an index.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &FieldValue)> {
        self.seen.fields().filter(|(field, _)| field.is_searched())
    }

    /// What the signals that it opens say.
    pub fn signals(&self) -> impl Iterator<Item = &Signal> {
        self.seen.signals().iter().map(|signal| signal.says())
    }
}

/// Says nothing of the person.
impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opened(…)")
    }
}

/// All that one candidate opens to companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedBy {
    /// Who. For nobody's eyes.
    pub account: Uuid,
    /// Their grants in force; none of somebody who is leaving, or is not there.
    pub grants: Vec<Opened>,
    /// Companies that see nothing of them: those that they block, and those for which they act.
    pub hidden_from: Vec<Uuid>,
}

/// Writes down, in the transaction that does it, that what this account opens to companies may have changed, so that every process
/// reads it anew.
///
/// # Errors
/// The database's.
pub fn tell_pool(tx: &mut Tx<'_>, account: Uuid, now: Timestamp) -> Result<(), jobfuture_db::Error> {
    // A time never goes back: the clocks of two processes may differ a little.
    let sql = "insert into pool_changed (account, changed_at, nth) values ($1, $2, 1)
               on conflict (account) do update set nth = pool_changed.nth + 1,
                 changed_at = case when excluded.changed_at > pool_changed.changed_at
                   then excluded.changed_at else pool_changed.changed_at end";
    tx.execute(sql, params![account, now]).map(|_| ())
}

/// What was read of several candidates at one moment.
struct Read {
    accounts: Vec<Uuid>,
    rows: Vec<Rows>,
    hidden: Vec<(Uuid, Uuid)>,
}

impl Disclosure {
    /// What these candidates open to companies now, in their order; also those who open nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn opened(&self, accounts: &[Uuid]) -> Result<Vec<OpenedBy>, Error> {
        let (now, left_out, accounts) = (self.now(), self.left_out(), accounts.to_vec());
        let read = self.db().read(move |snapshot| read(snapshot, accounts.clone(), now, left_out)).await?;
        self.open_all(read).await
    }

    /// The same of the next so many candidates who open something, by account, behind one of them: to read all of them.
    ///
    /// # Errors
    /// The database's.
    pub async fn opened_after(&self, after: Uuid, most: usize) -> Result<Vec<OpenedBy>, Error> {
        let (now, left_out, most) = (self.now(), self.left_out(), i64::try_from(most).unwrap_or(i64::MAX));
        let read = self
            .db()
            .read(move |snapshot| {
                let accounts = next_accounts(snapshot, &Viewer::Pool, (after, most), now, left_out)?;
                read(snapshot, accounts, now, left_out)
            })
            .await?;
        self.open_all(read).await
    }

    async fn open_all(&self, read: Read) -> Result<Vec<OpenedBy>, Error> {
        let having: Vec<Uuid> = read.rows.iter().map(|rows| rows.account).collect();
        let keys = self.keys().existing_of(&having).await?;
        let mut rows: HashMap<Uuid, Rows> = read.rows.into_iter().map(|rows| (rows.account, rows)).collect();
        let mut hidden: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        read.hidden.into_iter().for_each(|(account, company)| hidden.entry(account).or_default().push(company));
        let by = |account: Uuid| {
            let grants = match (rows.remove(&account), keys.get(&account)) {
                (Some(rows), Some(key)) => rows.grants.iter().filter_map(|row| opened(&rows, row, key)).collect(),
                _ => Vec::new(),
            };
            OpenedBy { account, grants, hidden_from: hidden.remove(&account).unwrap_or_default() }
        };
        Ok(read.accounts.into_iter().map(by).collect())
    }
}

fn read(
    snapshot: &mut Snapshot<'_>,
    accounts: Vec<Uuid>,
    now: Timestamp,
    left_out: Option<&str>,
) -> Result<Read, Error> {
    if accounts.is_empty() {
        return Ok(Read { accounts, rows: Vec::new(), hidden: Vec::new() });
    }
    let rows = select(snapshot, &Viewer::Pool, Some(&accounts), now, left_out)?;
    let (places, values) = listed(&accounts, 1);
    let sql = format!(
        "select account, company from company_block where account in ({places})
         union select account, company from company_member where account in ({places})"
    );
    let hidden = snapshot.all(&sql, &values)?;
    Ok(Read { accounts, rows, hidden })
}

/// What one grant opens; nothing if it cannot be opened, as nobody would see it then.
fn opened(rows: &Rows, grant: &GrantInForce, key: &SealingKey) -> Option<Opened> {
    let to = match (grant.company, &grant.role) {
        (Some(company), _) => OpenedTo::Company(company),
        (None, Some(role)) => OpenedTo::Pool { role: role.clone() },
        (None, None) => return None,
    };
    let rows = rows.of_grant(grant);
    let until = rows.first_end()?;
    // No viewer, no name.
    let seen = seen_of(&rows, key, [0; 16]).ok()?;
    Some(Opened { grant: grant.id, to, made_at: grant.made_at, until, seen })
}
