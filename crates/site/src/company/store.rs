//! Companies and their people in the database.

use super::CompanyDomain;
use super::words::{checked_name, line};
use crate::account::Owner;
use crate::error::SiteError;
use jiff::Timestamp;
use jobfuture_db::{Clock, Db, params, record};
use jobfuture_disclosure::tell_pool;
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// Companies that one person may ask for.
const MOST_ASKED: i64 = 3;

/// Companies of this instance. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Companies {
    pub(super) db: Db,
    pub(super) clock: Clock,
    /// Told when a letter has been written.
    pub(super) mail: Arc<Notify>,
    /// The site's own address, for letters that nobody asked for.
    pub(super) base: Option<String>,
}

/// What a company is made of, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCompany {
    name: String,
    domain: CompanyDomain,
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
        /// When an operator suspended it.
        pub suspended_at: Option<Timestamp>,
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
        let (name, about) = (checked_name(name)?, line(about));
        if about.chars().count() > 400 || about.chars().any(char::is_control) {
            return Err("Say in at most 400 characters what the company does.".to_owned());
        }
        let domain = CompanyDomain::parse(domain).map_err(|bad| bad.to_string())?;
        let roles: Vec<String> = known.iter().filter(|role| roles.contains(role)).cloned().collect();
        if roles.is_empty() {
            return Err("Choose at least one role that you look for.".to_owned());
        }
        Ok(Self { name, domain, about, roles })
    }
}

impl Companies {
    /// On this database. `mail` is told when a letter has been written; `base` is the site's address, if it has one.
    pub fn new(db: Db, clock: Clock, mail: Arc<Notify>, base: Option<String>) -> Self {
        Self { db, clock, mail, base }
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
                tx.execute(sql, params![id, new.name, new.domain.as_str(), new.about, now])?;
                let sql = "insert into company_member (company, account, role, made_at) values ($1, $2, 'owner', $3)";
                tx.execute(sql, params![id, account, now])?;
                // A company sees nothing of its own people.
                tell_pool(tx, account, now)?;
                for role in &new.roles {
                    tx.execute("insert into company_focus (company, role) values ($1, $2)", params![id, role])?;
                }
                Ok(true)
            })
            .await;
        match made {
            Ok(true) => Ok(id),
            Ok(false) => Err(SiteError::Refused(format!(
                "{MOST_ASKED} companies that you asked for are not verified yet. Have one of them verified first."
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
        let sql = "select c.id, c.name, c.domain, c.about, c.made_at, c.verified_until, c.suspended_at,
                     (select min(a.email) from company_member m join account a on a.id = m.account
                      where m.company = c.id and m.role = 'owner') as asked_by,
                     (select min(f.role) from company_focus f where f.company = c.id) as first_role,
                     (select count(*) from company_focus f where f.company = c.id) as roles
                   from company c order by case when c.verified_at is null then 0 else 1 end, c.made_at desc, c.id";
        Ok(self.db.all(sql, &[]).await?)
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

    /// The same, to compare addresses with.
    pub(super) async fn company_domain(&self, company: Uuid) -> Result<Option<CompanyDomain>, SiteError> {
        Ok(self.domain(company).await?.map(CompanyDomain::from_row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
