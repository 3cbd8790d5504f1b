//! What a company's people are written about its board.

use crate::account::{EmailAddress, Letter};
use jiff::Timestamp;
use jobfuture_db::{Tx, params};
use uuid::Uuid;

/// What happened at one look that somebody should know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct News {
    /// Titles of vacancies that were closed.
    pub closed: Vec<String>,
    /// Titles of open vacancies that stayed as they were, and why.
    pub stayed: Vec<(String, String)>,
    /// Why nothing was closed, when that is new.
    pub doubt: Option<String>,
    /// How many more postings there are of which nobody took anything.
    pub untaken: i64,
}

impl News {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As the text of a letter.
    pub(super) fn body(&self, address: &str, url: &str) -> String {
        let mut parts = vec![format!("This is about your job board at {address}.")];
        if !self.closed.is_empty() {
            let titles: Vec<String> = self.closed.iter().map(|title| format!("- {title}")).collect();
            parts.push(format!("It no longer has these, so they were closed here:\n{}", titles.join("\n")));
        }
        for (title, says) in &self.stayed {
            parts.push(format!("“{title}” stays as it was. {says}"));
        }
        if let Some(doubt) = &self.doubt {
            parts.push(format!(
                "Vacancies are missing there, and none was closed, because that may be a mistake. {doubt}"
            ));
            parts.push("If it is so, close them on the board's page here. If it is not, mend the board.".to_owned());
        }
        match self.untaken {
            0 => {}
            1 => parts.push(
                "There is a new posting on it. Nothing was made of it: look at the board here, and choose whether to take it."
                    .to_owned(),
            ),
            count => parts.push(format!(
                "There are {count} new postings on it. Nothing was made of them: look at the board here, and choose which to take."
            )),
        }
        parts.push(format!("All of it, and what can be done:\n{url}\n"));
        parts.join("\n\n")
    }
}

/// To everybody of a company who may do something about it.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    company: Uuid,
    subject: &str,
    body: &str,
    now: Timestamp,
) -> Result<(), jobfuture_db::Error> {
    let sql = "select a.email from company_member m join account a on a.id = m.account
               where m.company = $1 and m.role in ('owner', 'recruiter') order by a.email";
    let people: Vec<(String,)> = tx.all(sql, params![company])?;
    for (email,) in people {
        // Addresses that were let in long ago are read as they are.
        let Ok(to) = EmailAddress::parse(&email) else { continue };
        Letter { to, subject: subject.to_owned(), body: body.to_owned() }.write(tx, now)?;
    }
    Ok(())
}
