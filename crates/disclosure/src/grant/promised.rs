//! Grants that are made later, by an act that their candidate left to somebody else.

use super::check::check_facts;
use super::make::until;
use super::{Audience, Fact, NewGrant, ReadyGrant};
use crate::{Disclosure, Error, OwnerKey};
use jiff::Timestamp;
use jobfuture_db::Tx;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A grant to a company that its candidate promised for later, as it is stored until then. It is made of what is there at that time:
/// a field that was emptied meanwhile and a signal that was withdrawn are left out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PromisedGrant {
    id: Uuid,
    account: Uuid,
    company: Uuid,
    facts: Vec<String>,
    purpose: String,
    days: i64,
}

impl PromisedGrant {
    /// As it was written.
    ///
    /// # Errors
    /// [`Error::Row`] if it was not.
    pub fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|_| Error::Row("a grant that was promised"))
    }

    /// To be stored.
    ///
    /// # Errors
    /// [`Error::Row`], which does not come to pass.
    pub fn text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|_| Error::Row("a grant that was promised"))
    }

    /// What it is to open.
    pub fn facts(&self) -> BTreeSet<Fact> {
        self.facts.iter().filter_map(|text| Fact::parse(text)).collect()
    }

    /// Makes it, if it is of this person to this company and anything of it is there. Gives which it is.
    ///
    /// # Errors
    /// [`Error::Refused`] if the company cannot be granted anything now; the database's.
    pub fn keep(&self, tx: &mut Tx<'_>, account: Uuid, company: Uuid, now: Timestamp) -> Result<Option<Uuid>, Error> {
        if (self.account, self.company) != (account, company) {
            return Err(Error::Row("a grant that was promised by somebody else"));
        }
        let mut facts = BTreeSet::new();
        for fact in self.facts() {
            if check_facts(tx, account, &[fact].into(), now).is_ok() {
                facts.insert(fact);
            }
        }
        if facts.is_empty() {
            return Ok(None);
        }
        let until = until(now, self.days)?;
        let new =
            NewGrant { audience: Audience::Company(company), facts, purpose: self.purpose.clone(), days: self.days };
        let ready = ReadyGrant { id: self.id, account, purpose: self.purpose.clone(), until, new };
        ready.write(tx, now)?;
        Ok(Some(ready.id))
    }
}

impl Disclosure {
    /// A grant to a company that is to be made later, by something that its candidate leaves to others.
    ///
    /// # Errors
    /// As [`Self::ready_grant`].
    pub fn promised_grant(&self, me: OwnerKey, new: NewGrant) -> Result<PromisedGrant, Error> {
        let ReadyGrant { id, account, purpose, new, .. } = self.ready_grant(me, new)?;
        let Audience::Company(company) = new.audience else { return Err(Error::Row("a grant to nobody")) };
        let facts = new.facts.iter().map(ToString::to_string).collect();
        Ok(PromisedGrant { id, account, company, facts, purpose, days: new.days })
    }
}
