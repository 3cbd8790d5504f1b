//! What must hold of a grant before it is made.

use super::{Audience, Fact, MOST_DAYS, MOST_LINK_DAYS, MOST_OPENS, NewGrant};
use crate::{Error, Field};
use jiff::Timestamp;
use jobfuture_db::{Tx, params, record};
use std::collections::BTreeSet;
use uuid::Uuid;

/// More live grants than anybody can keep in view.
const MOST_GRANTS: i64 = 200;
const LONGEST_PURPOSE: usize = 200;

pub(super) fn checked_purpose(text: &str) -> Result<String, Error> {
    let purpose = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if purpose.is_empty() {
        return Error::refused("Say in a few words what it is for. Whoever sees it reads that.");
    }
    if purpose.chars().count() > LONGEST_PURPOSE || purpose.chars().any(char::is_control) {
        return Error::refused(format!("Say what it is for in at most {LONGEST_PURPOSE} characters."));
    }
    Ok(purpose)
}

pub(super) fn check_length(new: &NewGrant) -> Result<(), Error> {
    let most = if matches!(new.audience, Audience::Link { .. }) { MOST_LINK_DAYS } else { MOST_DAYS };
    if !(1..=most).contains(&new.days) {
        return Error::refused(format!("It lasts between 1 and {most} days. Choose a number between them."));
    }
    match new.audience {
        Audience::Link { opens_at_most } if !(1..=MOST_OPENS).contains(&opens_at_most) => Error::refused(format!(
            "A link can be opened between 1 and {MOST_OPENS} times. Choose a number between them."
        )),
        _ => Ok(()),
    }
}

record! {
    struct CompanyState { verified_until: Option<Timestamp>, is_blocked: bool, is_own: bool }
}

pub(super) fn check_audience(tx: &mut Tx<'_>, account: Uuid, audience: &Audience, now: Timestamp) -> Result<(), Error> {
    let (live,): (i64,) = tx.one(
        "select count(*) from disclosure_grant where account = $1 and revoked_at is null and expires_at > $2",
        params![account, now],
    )?;
    if live >= MOST_GRANTS {
        return Error::refused(format!("You have {MOST_GRANTS} grants in force. Revoke one that is no longer needed."));
    }
    let company = match audience {
        Audience::Company(company) => company,
        Audience::Pool { role } if role.is_empty() => return Error::refused("Choose the role to be found for."),
        Audience::Pool { .. } | Audience::Link { .. } => return Ok(()),
    };
    let found: Option<CompanyState> = tx.optional(
        "select verified_until,
           exists (select 1 from company_block b where b.company = company.id and b.account = $2) as is_blocked,
           exists (select 1 from company_member m where m.company = company.id and m.account = $2) as is_own
         from company where id = $1",
        params![company, account],
    )?;
    match found {
        None => Error::refused("There is no such company. Choose one from the list."),
        Some(CompanyState { is_own: true, .. }) => {
            Error::refused("You act for this company yourself. Choose another one.")
        }
        Some(CompanyState { is_blocked: true, .. }) => {
            Error::refused("You blocked this company. Lift the block first, if you want it to see something.")
        }
        Some(CompanyState { verified_until, .. }) if verified_until.is_none_or(|until| until <= now) => {
            Error::refused("This company is not verified at the moment. Grants are made to verified companies only.")
        }
        Some(_) => Ok(()),
    }
}

/// Each must be there, so that nothing shows later by surprise. Somebody else's signal and one that is not there look the same.
pub(super) fn check_facts(tx: &mut Tx<'_>, account: Uuid, facts: &BTreeSet<Fact>, now: Timestamp) -> Result<(), Error> {
    let filled: Vec<(String,)> = tx.all("select field from profile_field where account = $1", params![account])?;
    for fact in facts {
        match fact {
            Fact::Field(Field::Organisations) => {}
            Fact::Field(field) if filled.iter().any(|(filled,)| filled == field.id()) => {}
            Fact::Field(field) => {
                return Error::refused(format!("“{}” is empty. Fill it in first, or leave it out.", field.label()));
            }
            Fact::Signal(signal) => {
                let sql = "select 1 as found from signal
                           where id = $1 and account = $2 and withdrawn_at is null and expires_at > $3";
                let found: Option<(i64,)> = tx.optional(sql, params![signal, account, now])?;
                if found.is_none() {
                    return Error::refused("One of the signals is not there any more, was withdrawn or has expired.");
                }
            }
        }
    }
    Ok(())
}
