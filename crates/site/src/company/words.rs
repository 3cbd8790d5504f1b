//! What a company says of itself and of whom it looks for.

use super::{Companies, CompanyDomain};
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_db::{Error, params, record};
use url::Url;
use uuid::Uuid;

/// The longest name of a company, in characters.
pub(crate) const LONGEST_NAME: usize = 100;
/// The longest text about it.
pub(crate) const LONGEST_ABOUT: usize = 2000;
/// The longest text about what matters in a role, and about how its process runs.
pub(crate) const LONGEST_FOCUS: usize = 1200;
/// The longest address.
const LONGEST_WEB: usize = 300;

record! {
    /// A company, as its people write it and everybody reads it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct CompanyWords {
        /// Which.
        pub id: Uuid,
        /// What it is called.
        pub name: String,
        /// Its domain.
        pub domain: String,
        /// In its own words; lines are kept.
        pub about: String,
        /// An https address at its domain; empty when it names none.
        pub web: String,
        /// Since when it is verified, and until when.
        pub verified_at: Option<Timestamp>,
        /// See there.
        pub verified_until: Option<Timestamp>,
        /// When an operator suspended it, and why.
        pub suspended_at: Option<Timestamp>,
        /// See there.
        pub suspended_why: Option<String>,
    }
}

const COLUMNS: &str = "id, name, domain, about, web, verified_at, verified_until, suspended_at, suspended_why";

/// Whom a company looks for, in one role.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Focus {
    /// Id of a role of the content.
    pub role: String,
    /// Ids of levels: `junior`, `middle`, `senior`.
    pub levels: Vec<String>,
    /// Ids of competencies.
    pub competencies: Vec<String>,
    /// What matters there, in its own words.
    pub matters: String,
    /// How the process runs.
    pub process: String,
}

record! {
    struct FocusRow { role: String, levels: String, competencies: String, matters: String, process: String }
}

/// What was written, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWords {
    name: String,
    about: String,
    web: String,
    focus: Vec<Focus>,
}

/// A text of one line.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of several lines: no space at their ends, at most one line between two paragraphs.
fn lines(text: &str) -> String {
    let mut out = String::new();
    for paragraph in text.replace('\r', "").split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let kept: Vec<String> = paragraph.lines().map(line).filter(|line| !line.is_empty()).collect();
        out.push_str(if out.is_empty() { "" } else { "\n\n" });
        out.push_str(&kept.join("\n"));
    }
    out
}

fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(|sign| sign.is_control() && sign != '\n')
}

/// A name, checked.
pub(super) fn checked_name(name: &str) -> Result<String, String> {
    let name = line(name);
    if name.is_empty() || !fits(&name, LONGEST_NAME) {
        return Err(format!("Write the company's name, in at most {LONGEST_NAME} characters."));
    }
    Ok(name)
}

impl NewWords {
    /// Checks what was typed. `focus` holds only roles, levels and competencies that there are.
    ///
    /// # Errors
    /// What is wrong, as a sentence with the mend.
    pub fn check(
        domain: &CompanyDomain,
        name: &str,
        about: &str,
        web: &str,
        focus: Vec<Focus>,
    ) -> Result<Self, String> {
        let (name, about) = (checked_name(name)?, lines(about));
        if !fits(&about, LONGEST_ABOUT) {
            return Err(format!("Say in at most {LONGEST_ABOUT} characters what the company does."));
        }
        let web = checked_web(domain, web)?;
        if focus.is_empty() {
            return Err("Choose at least one role that you look for.".to_owned());
        }
        let mut checked = Vec::new();
        for one in focus {
            let (matters, process) = (lines(&one.matters), lines(&one.process));
            if !fits(&matters, LONGEST_FOCUS) || !fits(&process, LONGEST_FOCUS) {
                let says = "Say in at most {} characters each what matters in a role, and how the process runs.";
                return Err(says.replace("{}", &LONGEST_FOCUS.to_string()));
            }
            checked.push(Focus { matters, process, ..one });
        }
        Ok(Self { name, about, web, focus: checked })
    }
}

/// An address of the company's own web site, so that its page leads to nobody else's.
fn checked_web(domain: &CompanyDomain, text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let says =
        format!("Write an https address at {domain} or below it, such as https://{domain}/jobs, or leave it empty.");
    let url = Url::parse(text).map_err(|_| says.clone())?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    let is_own = url.host_str().is_some_and(|host| domain.holds(host));
    if url.scheme() == "https" && is_plain && is_own && url.as_str().len() <= LONGEST_WEB {
        Ok(url.into())
    } else {
        Err(says)
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

impl Companies {
    /// What a company says of itself.
    ///
    /// # Errors
    /// The database's.
    pub async fn words(&self, company: Uuid) -> Result<Option<CompanyWords>, SiteError> {
        Ok(self.db.optional(&format!("select {COLUMNS} from company where id = $1"), params![company]).await?)
    }

    /// The same by its domain, if it is verified now: for everybody.
    ///
    /// # Errors
    /// The database's.
    pub async fn public_words(&self, domain: &str) -> Result<Option<CompanyWords>, SiteError> {
        let sql = format!(
            "select {COLUMNS} from company where domain = $1 and verified_at is not null and verified_until > $2
               and suspended_at is null"
        );
        Ok(self.db.optional(&sql, params![domain, self.clock.now()]).await?)
    }

    /// All that are verified now, by name: for everybody.
    ///
    /// # Errors
    /// The database's.
    pub async fn public_list(&self) -> Result<Vec<CompanyWords>, SiteError> {
        let sql = format!(
            "select {COLUMNS} from company where verified_at is not null and verified_until > $1 and suspended_at is null
             order by name, domain"
        );
        Ok(self.db.all(&sql, params![self.clock.now()]).await?)
    }

    /// Whom a company looks for, by role.
    ///
    /// # Errors
    /// The database's.
    pub async fn focus(&self, company: Uuid) -> Result<Vec<Focus>, SiteError> {
        let sql =
            "select role, levels, competencies, matters, process from company_focus where company = $1 order by role";
        let rows: Vec<FocusRow> = self.db.all(sql, params![company]).await?;
        let focus = |row: FocusRow| Focus {
            role: row.role,
            levels: words(&row.levels),
            competencies: words(&row.competencies),
            matters: row.matters,
            process: row.process,
        };
        Ok(rows.into_iter().map(focus).collect())
    }

    /// Writes what a company says of itself. Another name ends an operator's review, which was of the one before. Says whether it
    /// did.
    ///
    /// # Errors
    /// The database's.
    pub async fn rewrite(&self, company: Uuid, new: NewWords) -> Result<bool, SiteError> {
        let now = self.clock.now();
        let ended = self
            .db
            .transaction(move |tx| {
                let (before,): (String,) = tx.one("select name from company where id = $1", params![company])?;
                let sql = "update company set name = $2, about = $3, web = $4 where id = $1";
                tx.execute(sql, params![company, new.name, new.about, new.web])?;
                tx.execute("delete from company_focus where company = $1", params![company])?;
                for focus in &new.focus {
                    let sql = "insert into company_focus (company, role, levels, competencies, matters, process)
                               values ($1, $2, $3, $4, $5, $6)";
                    let (levels, competencies) = (focus.levels.join(" "), focus.competencies.join(" "));
                    tx.execute(sql, params![company, focus.role, levels, competencies, focus.matters, focus.process])?;
                }
                if before == new.name {
                    return Ok::<_, Error>(false);
                }
                let sql = "delete from company_proof where company = $1 and method = 'review'";
                let ended = tx.execute(sql, params![company])? > 0;
                super::proof::settle(tx, company, now)?;
                Ok(ended)
            })
            .await?;
        Ok(ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hill() -> CompanyDomain {
        CompanyDomain::parse("hill.example").unwrap()
    }

    fn focus() -> Vec<Focus> {
        vec![Focus { role: "keeper".to_owned(), ..Focus::default() }]
    }

    #[test]
    fn what_a_company_says_is_kept_in_tidy_lines() {
        let about = " We  sell books. \r\nOld ones.\r\n\r\n\r\n\r\nAnd maps.\n ";
        let new = NewWords::check(&hill(), " Hill   Books ", about, "", focus()).unwrap();
        assert_eq!((new.name.as_str(), new.about.as_str()), ("Hill Books", "We sell books.\nOld ones.\n\nAnd maps."));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let check = |name: &str, about: &str, web: &str| NewWords::check(&hill(), name, about, web, focus()).err();
        assert!(check("", "", "").unwrap().contains("name"));
        assert!(check(&"x".repeat(101), "", "").unwrap().contains("100"));
        assert!(check("Hill", &"x".repeat(2001), "").unwrap().contains("2000"));
        assert!(check("Hill", "a\u{7}b", "").is_some());
        for web in [
            "http://hill.example",
            "https://other.example/",
            "https://anthill.example",
            "javascript:alert(1)",
            "hill.example",
            "https://ada@hill.example/",
            "https://hill.example:8443/",
        ] {
            assert!(check("Hill", "", web).unwrap().contains("https address at hill.example"), "{web}");
        }
        for web in ["https://hill.example", "https://jobs.hill.example/x?y=1"] {
            assert_eq!(check("Hill", "", web), None, "{web}");
        }
        assert!(NewWords::check(&hill(), "Hill", "", "", vec![]).is_err());
        let long = vec![Focus { process: "x".repeat(1201), ..focus().remove(0) }];
        assert!(NewWords::check(&hill(), "Hill", "", "", long).unwrap_err().contains("1200"));
    }
}
