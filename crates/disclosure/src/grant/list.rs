//! A person's own grants, as they read them.

use super::make::token_place;
use super::{Audience, Fact};
use crate::door::TALK_DUE_AT;
use crate::{Disclosure, Error, Field, OwnerKey, Token};
use jiff::Timestamp;
use jobfuture_db::{params, record};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A grant in its candidate's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantEntry {
    /// Which.
    pub id: Uuid,
    /// To whom.
    pub audience: Audience,
    /// What the company is called.
    pub company_name: Option<String>,
    /// What it opens.
    pub facts: BTreeSet<Fact>,
    /// What for.
    pub purpose: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When the conversation ends by itself that it was made for, and it with that. Whoever writes there puts it off.
    pub talk_due_at: Option<Timestamp>,
    /// When its candidate ended it.
    pub revoked_at: Option<Timestamp>,
    /// How often a link was opened.
    pub opened: i64,
    /// The link's secret.
    pub token: Option<Token>,
}

impl GrantEntry {
    /// Whether it opens anything now, as far as its own row says. A company that is not verified or that is blocked sees
    /// nothing all the same.
    pub fn is_live(&self, now: Timestamp) -> bool {
        let is_used_up = matches!(self.audience, Audience::Link { opens_at_most } if self.opened >= opens_at_most);
        self.revoked_at.is_none() && self.ends_at() > now && !is_used_up
    }

    /// When it ends if nobody does anything.
    pub fn ends_at(&self) -> Timestamp {
        self.talk_due_at.map_or(self.expires_at, |due| due.min(self.expires_at))
    }
}

record! {
    struct GrantRow {
        id: Uuid,
        audience: String,
        company: Option<Uuid>,
        company_name: Option<String>,
        role: Option<String>,
        opens_at_most: Option<i64>,
        opened: i64,
        sealed_token: Option<Vec<u8>>,
        purpose: String,
        made_at: Timestamp,
        expires_at: Timestamp,
        talk_due_at: Option<Timestamp>,
        revoked_at: Option<Timestamp>,
    }
}

impl Disclosure {
    /// A person's grants, newest first: those in force and those that have ended.
    ///
    /// # Errors
    /// The database's; a row that its key does not open.
    pub async fn grants(&self, me: OwnerKey) -> Result<Vec<GrantEntry>, Error> {
        let account = me.uuid();
        let (rows, fields, signals) = self
            .db()
            .read(move |snapshot| {
                let sql = format!(
                    "select g.id, g.audience, g.company, company.name as company_name, g.role, g.opens_at_most, g.opened,
                       g.sealed_token, g.purpose, g.made_at, g.expires_at, {TALK_DUE_AT}, g.revoked_at
                     from disclosure_grant g left join company on company.id = g.company
                     where g.account = $1 order by g.made_at desc, g.id"
                );
                let rows: Vec<GrantRow> = snapshot.all(&sql, params![account])?;
                let fields: Vec<(Uuid, String)> = snapshot.all(
                    "select grant_id, field from grant_field join disclosure_grant g on g.id = grant_id where g.account = $1",
                    params![account],
                )?;
                let signals: Vec<(Uuid, Uuid)> = snapshot.all(
                    "select grant_id, signal from grant_signal join disclosure_grant g on g.id = grant_id where g.account = $1",
                    params![account],
                )?;
                Ok::<_, Error>((rows, fields, signals))
            })
            .await?;
        let key = match rows.iter().any(|row| row.sealed_token.is_some()) {
            true => self.keys().existing(account).await?,
            false => None,
        };
        let entries = rows.into_iter().map(|row| {
            let of_fields = fields.iter().filter(|(grant, _)| *grant == row.id);
            let of_signals = signals.iter().filter(|(grant, _)| *grant == row.id);
            let facts = of_fields
                .filter_map(|(_, field)| Field::parse(field).map(Fact::Field))
                .chain(of_signals.map(|(_, signal)| Fact::Signal(*signal)));
            let token = match (&row.sealed_token, &key) {
                (Some(sealed), Some(key)) => {
                    let text = key.open(&token_place(row.id), sealed)?;
                    std::str::from_utf8(&text).ok().and_then(Token::parse)
                }
                _ => None,
            };
            Ok(GrantEntry {
                id: row.id,
                audience: audience(&row)?,
                company_name: row.company_name,
                facts: facts.collect(),
                purpose: row.purpose,
                made_at: row.made_at,
                expires_at: row.expires_at,
                talk_due_at: row.talk_due_at,
                revoked_at: row.revoked_at,
                opened: row.opened,
                token,
            })
        });
        entries.collect()
    }
}

fn audience(row: &GrantRow) -> Result<Audience, Error> {
    match (row.audience.as_str(), row.company, &row.role, row.opens_at_most) {
        ("company", Some(company), ..) => Ok(Audience::Company(company)),
        ("pool", _, Some(role), _) => Ok(Audience::Pool { role: role.clone() }),
        ("link", _, _, Some(opens_at_most)) => Ok(Audience::Link { opens_at_most }),
        _ => Err(Error::Row("a grant's audience")),
    }
}
