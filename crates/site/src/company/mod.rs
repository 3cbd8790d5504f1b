//! Companies: somebody asks for one, it shows who it is, and its people see what was granted to them.

pub(crate) mod addresses;
mod ask;
mod candidates;
mod credentials;
mod domain;
mod edit;
mod for_company;
mod home;
mod invitation;
mod lei;
mod operator;
mod people;
mod people_page;
mod proof;
mod proofs;
mod public;
mod store;
mod words;

pub(crate) use ask::{ask, companies, company_form, page as company_page};
pub(crate) use candidates::{candidate, candidates, form_was_left as company_form_was_left, proof};
pub(crate) use credentials::{issuer_metadata, status_list};
pub use domain::{BadDomain, CompanyDomain, NoWorkAddress};
pub(crate) use edit::{edit, rewrite};
pub(crate) use for_company::ForCompany;
pub(crate) use home::{home, home_step, leave, leaving_form_was_left, who_may};
pub(crate) use invitation::{accept, invitation};
pub use lei::{BadLei, Lei};
pub(crate) use operator::{
    form_was_left as operator_form_was_left, invite_owner, lift, list, one, suspend, unverify, verify,
};
pub use people::{Changed, DeadInvitation, Invitation, InvitationEntry, Member, NoInvitation};
pub(crate) use people_page::{change, form_was_left as people_form_was_left, invite, people, withdraw};
pub use proof::{Counts, Finding, Method, NoLetter, Proof, Rechecked, verified_until};
pub(crate) use proofs::{
    ask_by_mail, confirm_mail, draw, form_was_left as proof_form_was_left, look_at_dns, look_at_file, open_mail_link,
    proofs, state_lei,
};
pub(crate) use public::{all as public_list, one as public_page};
pub use store::{Companies, CompanyEntry, NewCompany};
pub use words::{CompanyWords, Focus, NewWords};
