//! Companies, first edition: somebody asks for one, an operator verifies it, and its people see what was granted to them.

mod ask;
mod candidates;
mod credentials;
mod for_company;
mod operator;
mod store;

pub(crate) use ask::{ask, companies, company_form};
pub(crate) use candidates::{candidate, candidates, form_was_left as company_form_was_left, proof};
pub(crate) use credentials::{issuer_metadata, status_list};
pub(crate) use for_company::ForCompany;
pub(crate) use operator::{form_was_left as operator_form_was_left, list, unverify, verify};
pub use store::{Companies, CompanyEntry, NewCompany};
