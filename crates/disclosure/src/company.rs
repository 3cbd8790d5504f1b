//! Companies, as far as the door needs them.

use crate::{AsCompany, Disclosure, Error, MemberRole, OwnerKey};
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_db::{params, record};
use uuid::Uuid;

record! {
    struct MemberRow { id: Uuid, name: String, verified_until: Option<Timestamp>, role: String }
}

record! {
    /// A company that something can be granted to.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct KnownCompany {
        /// Which.
        pub id: Uuid,
        /// What it is called.
        pub name: String,
        /// Its web site's domain.
        pub domain: String,
    }
}

impl Disclosure {
    /// The companies that a person acts for, by name.
    ///
    /// # Errors
    /// The database's; [`Error::Row`] if a row holds a role that there is not.
    pub async fn companies_of(&self, member: OwnerKey) -> Result<Vec<AsCompany>, Error> {
        let sql = "select company.id, company.name, company.verified_until, company_member.role
                   from company_member join company on company.id = company_member.company
                   where company_member.account = $1 order by company.name, company.id";
        let rows: Vec<MemberRow> = self.db().all(sql, params![member.uuid()]).await?;
        let now = self.now();
        let key = |row: MemberRow| {
            let role = MemberRole::parse(&row.role).ok_or(Error::Row("the role of somebody who acts for a company"))?;
            let is_verified = row.verified_until.is_some_and(|until| until > now);
            Ok(AsCompany { member: member.uuid(), company: row.id, name: row.name, is_verified, role })
        };
        rows.into_iter().map(key).collect()
    }

    /// The company of a domain, verified or not.
    ///
    /// # Errors
    /// The database's.
    pub async fn company_at(&self, domain: &str) -> Result<Option<Uuid>, Error> {
        let found: Option<(Uuid,)> =
            self.db().optional("select id from company where domain = $1", params![domain]).await?;
        Ok(found.map(|(id,)| id))
    }

    /// Companies that are verified now, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn verified_companies(&self) -> Result<Vec<KnownCompany>, Error> {
        let sql = "select id, name, domain from company where verified_at is not null and verified_until > $1
                   order by name, id";
        Ok(self.db().all(sql, params![self.now()]).await?)
    }
}
