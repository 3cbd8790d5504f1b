//! Letters to a company's owners about its proofs.

use super::{Method, Proof};
use crate::account::{EmailAddress, Letter};
use crate::page::day;
use crate::routes::CompanyProofsUrl;
use jiff::Timestamp;
use jobfuture_db::{Error, Tx, params};
use uuid::Uuid;

/// The addresses of a company's owners, and what it is called.
fn owners(tx: &mut Tx<'_>, company: Uuid) -> Result<Vec<(String, String)>, Error> {
    let sql = "select account.email, company.name from company_member
               join account on account.id = company_member.account join company on company.id = company_member.company
               where company_member.company = $1 and company_member.role = 'owner' order by account.email";
    tx.all(sql, params![company])
}

fn write(
    tx: &mut Tx<'_>,
    company: Uuid,
    subject: &str,
    body: impl Fn(&str) -> String,
    now: Timestamp,
) -> Result<(), Error> {
    for (email, name) in owners(tx, company)? {
        let Ok(to) = EmailAddress::parse(&email) else { continue };
        Letter { to, subject: subject.to_owned(), body: body(&name) }.write(tx, now)?;
    }
    Ok(())
}

fn place(company: Uuid, base: Option<&str>) -> String {
    let path = CompanyProofsUrl { company: &company.to_string() }.to_url();
    match base {
        Some(base) => format!("How it stands, and how to mend it:\n{base}{path}\n"),
        None => format!("How it stands, and how to mend it: {path} of this site.\n"),
    }
}

/// A proof is not found any more: it will be lost, or is.
pub(super) fn about(
    tx: &mut Tx<'_>,
    company: Uuid,
    proof: &Proof,
    is_lost: bool,
    base: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let what = proof.method.name();
    let why = proof.failure.clone().unwrap_or_default();
    let place = place(company, base);
    let (subject, says) = if is_lost {
        let says = "It was looked for again for three days, and counts no longer. If your company is not verified in another way, \
                    it sees no candidate and its pages are not public until it is.";
        ("A proof of your company was lost", says.to_owned())
    } else {
        let until = proof.lost_on().map(|at| format!(" on {}", day(at))).unwrap_or_default();
        (
            "A proof of your company is not found any more",
            format!("It is looked for again twice a day, and lost{until} if it is not there by then."),
        )
    };
    write(tx, company, subject, |name| format!("Of {name}: {what}.\n\n{why}\n\n{says}\n\n{place}"), now)
}

/// A proof runs out soon.
pub(super) fn runs_out(
    tx: &mut Tx<'_>,
    company: Uuid,
    method: Method,
    at: Timestamp,
    base: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let (what, until, place) = (method.name(), day(at), place(company, base));
    let mend = match method {
        Method::Mail => "Have another letter sent to it, and open the link in that.",
        Method::Review => "Write to the operator of this site, or show your domain and a work address.",
        Method::Lei => "State it again once it is renewed.",
        Method::Dns | Method::File => "Have it looked at again: nobody could for a while.",
    };
    let body = |name: &str| format!("Of {name}: {what}.\n\nIt holds until {until}. {mend}\n\n{place}");
    write(tx, company, "A proof of your company runs out", body, now)
}

/// An operator has suspended the company.
pub(super) fn suspended(tx: &mut Tx<'_>, company: Uuid, why: &str, now: Timestamp) -> Result<(), Error> {
    let body = |name: &str| {
        format!(
            "An operator of this site has suspended {name}. It sees no candidate, and its pages are not public.\n\n\
             Their reason: {why}\n\nIf that is wrong, answer the operator.\n"
        )
    };
    write(tx, company, "Your company was suspended", body, now)
}
