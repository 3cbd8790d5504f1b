//! What people do for a company, and which of it a role may. The table is [`Act::roles`]; nothing else decides.

use strum::{EnumString, IntoStaticStr, VariantArray};

/// As what somebody acts for a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum MemberRole {
    /// Answers for it: proofs, people, and everything else.
    Owner,
    /// Looks for people in its name.
    Recruiter,
    /// Talks to candidates when it comes to that; sees nobody before.
    Interviewer,
}

impl MemberRole {
    /// For a page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Recruiter => "Recruiter",
            Self::Interviewer => "Interviewer",
        }
    }

    /// What somebody of this role is there for, as a sentence.
    pub fn does(self) -> &'static str {
        match self {
            Self::Owner => "Answers for the company: its proofs, its people, and all that the others do.",
            Self::Recruiter => {
                "Writes the company's page and its vacancies, and sees candidates who granted it something."
            }
            Self::Interviewer => {
                "Talks to candidates when it comes to that. Sees the company, and no candidate before."
            }
        }
    }
}

/// Something that is done for a company. Each page of a company asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// To see how the company stands here, and who acts for it.
    Home,
    /// To invite people, change their roles and remove them.
    People,
    /// To prove who the company is.
    Proofs,
    /// To write what everybody reads of it: name, about, whom it looks for and how.
    CompanyPage,
    /// To write, publish and close vacancies.
    Vacancies,
    /// To see candidates who granted the company something, and take proofs of their signals.
    Candidates,
    /// To ask candidates for an introduction, to answer applications, and to write to those who said yes.
    Introductions,
    /// To prepare and score the interviews to which one was asked.
    Interviews,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Home,
        Self::People,
        Self::Proofs,
        Self::CompanyPage,
        Self::Vacancies,
        Self::Candidates,
        Self::Introductions,
        Self::Interviews,
    ];

    /// Who may.
    pub fn roles(self) -> &'static [MemberRole] {
        use MemberRole::{Interviewer, Owner, Recruiter};
        match self {
            Self::Home => &[Owner, Recruiter, Interviewer],
            Self::People => &[Owner],
            Self::Proofs => &[Owner],
            Self::CompanyPage => &[Owner, Recruiter],
            Self::Vacancies => &[Owner, Recruiter],
            Self::Candidates => &[Owner, Recruiter],
            Self::Introductions => &[Owner, Recruiter],
            Self::Interviews => &[Owner, Recruiter, Interviewer],
        }
    }

    /// What it is, to be put behind “may” or “to”.
    pub fn what(self) -> &'static str {
        match self {
            Self::Home => "see how the company stands here",
            Self::People => "invite people and change their roles",
            Self::Proofs => "prove who the company is",
            Self::CompanyPage => "write the company's page",
            Self::Vacancies => "write vacancies",
            Self::Candidates => "see candidates",
            Self::Introductions => "write to candidates",
            Self::Interviews => "prepare and score interviews",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobfuture_codes::Code;
    use std::fmt::Write as _;

    #[test]
    fn each_role_may_what_it_is_there_for() {
        let mut table = String::new();
        for act in Act::ALL {
            let who: Vec<_> = act.roles().iter().map(|role| role.id()).collect();
            let _ = writeln!(table, "{}: {}", act.what(), who.join(", "));
        }
        let expected = "\
see how the company stands here: owner, recruiter, interviewer
invite people and change their roles: owner
prove who the company is: owner
write the company's page: owner, recruiter
write vacancies: owner, recruiter
see candidates: owner, recruiter
write to candidates: owner, recruiter
prepare and score interviews: owner, recruiter, interviewer
";
        assert_eq!(table, expected);
        assert!(Act::ALL.iter().all(|act| act.roles().contains(&MemberRole::Owner)), "an owner may everything");
    }

    #[test]
    fn a_role_is_read_as_it_was_written_and_nothing_else_is_one() {
        assert!(MemberRole::ALL.iter().all(|role| MemberRole::parse(role.id()) == Some(*role)));
        for text in ["", "Owner", "admin", "owner "] {
            assert_eq!(MemberRole::parse(text), None, "{text}");
        }
    }
}
