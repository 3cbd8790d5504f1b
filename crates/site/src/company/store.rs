//! Companies and their people in the database.

use crate::account::Owner;
use crate::error::SiteError;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::{Clock, Db, params, record};
use uuid::Uuid;

/// How long a verification lasts before it is looked at again.
const VERIFIED_FOR: SignedDuration = SignedDuration::from_hours(24 * 365);
/// Companies that one person may ask for.
const MOST_ASKED: i64 = 3;

/// Companies of this instance. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Companies {
    db: Db,
    clock: Clock,
}

/// What a company is made of, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCompany {
    name: String,
    domain: String,
    about: String,
    roles: Vec<String>,
}

record! {
    /// A company in the operator's list.
    #[derive(Debug, Clone)]
    pub struct CompanyEntry {
        /// Which.
        pub id: Uuid,
        /// What it is called.
        pub name: String,
        /// Of its web site.
        pub domain: String,
        /// In its own words.
        pub about: String,
        /// When somebody asked for it.
        pub made_at: Timestamp,
        /// Until when it is verified.
        pub verified_until: Option<Timestamp>,
        /// The address of whoever asked for it.
        pub asked_by: Option<String>,
        /// The first of the roles that it looks for, and how many there are.
        pub first_role: Option<String>,
        /// See there.
        pub roles: i64,
    }
}

impl NewCompany {
    /// Checks what was typed. `known` are the roles of the content.
    ///
    /// # Errors
    /// What is wrong, as a sentence with the mend.
    pub fn check(name: &str, domain: &str, about: &str, roles: &[String], known: &[String]) -> Result<Self, String> {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (name, about) = (line(name), line(about));
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err("Write the company's name, in at most 100 characters.".to_owned());
        }
        if about.chars().count() > 400 || about.chars().any(char::is_control) {
            return Err("Say in at most 400 characters what the company does.".to_owned());
        }
        let domain = checked_domain(domain)?;
        let roles: Vec<String> = known.iter().filter(|role| roles.contains(role)).cloned().collect();
        if roles.is_empty() {
            return Err("Choose at least one role that you look for.".to_owned());
        }
        Ok(Self { name, domain, about, roles })
    }
}

/// A domain as people type it, with or without what stands around it in an address.
fn checked_domain(text: &str) -> Result<String, String> {
    let wrong = "Write the domain of its web site, as in example.com.";
    let text = text.trim().to_lowercase();
    let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let host = bare.split(['/', '?', '#']).next().unwrap_or_default().trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = host.split('.').collect();
    let is_one = labels.len() >= 2
        && host.len() <= 253
        && labels.iter().all(|label| is_label(label))
        && labels.last().is_some_and(|last| last.bytes().any(|byte| byte.is_ascii_alphabetic()));
    if is_one { Ok(host.to_owned()) } else { Err(wrong.to_owned()) }
}

impl Companies {
    /// On this database.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Makes a company that is not verified, with whoever asks as its owner.
    ///
    /// # Errors
    /// [`SiteError::Refused`] if the domain has one, or the person asked for enough of them; the database's.
    pub async fn ask(&self, owner: Owner, new: NewCompany) -> Result<Uuid, SiteError> {
        let random = crate::account::Token::random().map_err(|error| SiteError::internal("randomness", &error))?;
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&random.hash()[..16]);
        let (id, now) = (uuid::Builder::from_random_bytes(bytes).into_uuid(), self.clock.now());
        let account = owner.uuid();
        let made = self
            .db
            .transaction(move |tx| {
                let (count,): (i64,) = tx.one(
                    "select count(*) from company_member m join company c on c.id = m.company
                     where m.account = $1 and c.verified_at is null",
                    params![account],
                )?;
                if count >= MOST_ASKED {
                    return Ok::<_, jobfuture_db::Error>(false);
                }
                let sql = "insert into company (id, name, domain, about, made_at) values ($1, $2, $3, $4, $5)";
                tx.execute(sql, params![id, new.name, new.domain, new.about, now])?;
                let sql = "insert into company_member (company, account, role, made_at) values ($1, $2, 'owner', $3)";
                tx.execute(sql, params![id, account, now])?;
                for role in &new.roles {
                    tx.execute("insert into company_focus (company, role) values ($1, $2)", params![id, role])?;
                }
                Ok(true)
            })
            .await;
        match made {
            Ok(true) => Ok(id),
            Ok(false) => Err(SiteError::Refused(format!(
                "{MOST_ASKED} companies that you asked for wait to be verified. Wait for the operator, or write to them."
            ))),
            Err(jobfuture_db::Error::Unique { .. }) => Err(SiteError::Refused(
                "A company of this domain is here already. If it is yours, write to the operator of this site."
                    .to_owned(),
            )),
            Err(error) => Err(error.into()),
        }
    }

    /// Every company, those that wait first. For the operator.
    ///
    /// # Errors
    /// The database's.
    pub async fn all(&self) -> Result<Vec<CompanyEntry>, SiteError> {
        let sql = "select c.id, c.name, c.domain, c.about, c.made_at, c.verified_until,
                     (select min(a.email) from company_member m join account a on a.id = m.account
                      where m.company = c.id and m.role = 'owner') as asked_by,
                     (select min(f.role) from company_focus f where f.company = c.id) as first_role,
                     (select count(*) from company_focus f where f.company = c.id) as roles
                   from company c order by case when c.verified_at is null then 0 else 1 end, c.made_at desc, c.id";
        Ok(self.db.all(sql, &[]).await?)
    }

    /// An operator has found that the company is who it says. Says whether it was there.
    ///
    /// # Errors
    /// The database's.
    pub async fn verify(&self, company: Uuid) -> Result<bool, SiteError> {
        let now = self.clock.now();
        let until = now.checked_add(VERIFIED_FOR).map_err(|error| SiteError::internal("a time", &error))?;
        let sql = "update company set verified_at = $2, verified_until = $3 where id = $1";
        Ok(self.db.execute(sql, params![company, now, until]).await? > 0)
    }

    /// Takes the verification back: from the next request on it sees nobody. Says whether it was there.
    ///
    /// # Errors
    /// The database's.
    pub async fn unverify(&self, company: Uuid) -> Result<bool, SiteError> {
        let sql = "update company set verified_at = null, verified_until = null where id = $1";
        Ok(self.db.execute(sql, params![company]).await? > 0)
    }

    /// A company's domain.
    ///
    /// # Errors
    /// The database's.
    pub async fn domain(&self, company: Uuid) -> Result<Option<String>, SiteError> {
        let found: Option<(String,)> =
            self.db.optional("select domain from company where id = $1", params![company]).await?;
        Ok(found.map(|(domain,)| domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_read_as_people_type_them() {
        for text in ["example.com", "https://www.Example.com/jobs?x=1", " example.com. "] {
            assert_eq!(checked_domain(text).as_deref(), Ok("example.com"), "{text}");
        }
        for text in ["", "example", "1.2.3.4", "-a.com", "a..com", "exa mple.com", "user@example.com", "a.com:80"] {
            assert!(checked_domain(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_company_looks_for_roles_that_are_there() {
        let known = ["django-developer".to_owned()];
        let check = |roles: &[&str]| {
            let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
            NewCompany::check(" Hill  Books ", "hill.example", "", &roles, &known)
        };
        assert_eq!(
            check(&["django-developer", "astronaut"]).map(|new| (new.name, new.roles.len())),
            Ok(("Hill Books".into(), 1))
        );
        assert!(check(&["astronaut"]).is_err());
    }
}
