//! Who asks.

use crate::{Act, MemberRole};
use uuid::Uuid;

/// The key to one person's own rows: whoever holds it is that person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerKey(Uuid);

impl OwnerKey {
    /// For whoever has established who is asking. `cargo xtask tidy` sees to it that only sessions do.
    pub fn proven(account: Uuid) -> Self {
        Self(account)
    }

    /// As it stands in rows.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

/// Somebody who acts for a company. Made by [`crate::Disclosure::companies_of`] from a membership, and by nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsCompany {
    /// Who it is, for what they were asked to themselves.
    pub(crate) member: Uuid,
    pub(crate) company: Uuid,
    pub(crate) name: String,
    pub(crate) is_verified: bool,
    pub(crate) role: MemberRole,
}

impl AsCompany {
    /// Which company.
    pub fn company(&self) -> Uuid {
        self.company
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is verified today. One that is not sees nobody.
    pub fn is_verified(&self) -> bool {
        self.is_verified
    }

    /// As what the person acts for it.
    pub fn role(&self) -> MemberRole {
        self.role
    }

    /// Whether somebody of this role does such a thing for the company.
    pub fn may(&self, act: Act) -> bool {
        act.roles().contains(&self.role)
    }
}

/// For whom a preview is made. Not a viewer: only a candidate can look at themselves so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreviewFor {
    /// A company, verified or not.
    Company(Uuid),
    /// Any verified company that looks for a role and was granted nothing by name.
    Pool {
        /// Its id in the content.
        role: String,
    },
    /// Whoever has the link of a grant.
    Link(Uuid),
    /// Anybody else.
    Stranger,
}

/// Who stands at the door.
#[derive(Debug, Clone)]
pub(crate) enum Viewer {
    Company {
        id: Uuid,
    },
    /// Somebody of a company who talks to the candidate of one conversation.
    Interview {
        company: Uuid,
        introduction: Uuid,
        member: Uuid,
    },
    /// For previews of the pool: no company in particular.
    AnyInPool {
        role: String,
    },
    /// For the index that companies search: no company at all. What it sees is never shown.
    Pool,
    /// By the hash of a link's token.
    Bearer(Vec<u8>),
    /// For previews of a link.
    BearerOf(Uuid),
}
