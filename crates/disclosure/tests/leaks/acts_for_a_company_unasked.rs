//! Who acts for a company is said by a membership.
use jobfuture_disclosure::{AsCompany, MemberRole};

fn forge(company: uuid::Uuid) -> AsCompany {
    AsCompany { company, name: String::new(), is_verified: true, role: MemberRole::Owner }
}

fn main() {}
