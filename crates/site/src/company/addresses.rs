//! Addresses of companies: for everybody, for their people, for operators.

use crate::company;
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    COMPANY_PAGES:
    COMPANIES => get(company::companies),
    COMPANY_NEW => get(company::company_form).post(company::ask),
    CompanyHomeUrl::PATTERN => get(company::home),
    CompanyLeaveUrl::PATTERN => post(company::leave).get(company::leaving_form_was_left),
    CompanyProofsUrl::PATTERN => get(company::proofs),
    CompanyChallengeUrl::PATTERN => post(company::draw).get(company::proof_form_was_left),
    CompanyDnsUrl::PATTERN => post(company::look_at_dns).get(company::proof_form_was_left),
    CompanyFileUrl::PATTERN => post(company::look_at_file).get(company::proof_form_was_left),
    CompanyMailUrl::PATTERN => post(company::ask_by_mail).get(company::proof_form_was_left),
    CompanyMailLinkUrl::PATTERN => get(company::open_mail_link).post(company::confirm_mail),
    CompanyLeiUrl::PATTERN => post(company::state_lei).get(company::proof_form_was_left),
    CompanyPeopleUrl::PATTERN => get(company::people).post(company::invite),
    CompanyPersonUrl::PATTERN => post(company::change).get(company::people_form_was_left),
    CompanyInvitationUrl::PATTERN => post(company::withdraw).get(company::people_form_was_left),
    CompanyEditUrl::PATTERN => get(company::edit).post(company::rewrite),
    InvitationUrl::PATTERN => get(company::invitation).post(company::accept),
    COMPANY_LIST => get(company::public_list),
    CompanyUrl::PATTERN => get(company::public_page),
    CompanyCandidatesUrl::PATTERN => get(company::candidates),
    CandidateUrl::PATTERN => get(company::candidate),
    CandidateProofUrl::PATTERN => post(company::proof).get(company::company_form_was_left),
    "/.well-known/jwt-vc-issuer" => get(company::issuer_metadata),
    "/credentials/status/1" => get(company::status_list),
    OPERATOR_COMPANIES => get(company::list),
    OperatorCompanyUrl::PATTERN => get(company::one),
    CompanyOwnerUrl::PATTERN => post(company::invite_owner).get(company::operator_form_was_left),
    CompanySuspendUrl::PATTERN => post(company::suspend).get(company::operator_form_was_left),
    CompanyLiftUrl::PATTERN => post(company::lift).get(company::operator_form_was_left),
    CompanyVerifyUrl::PATTERN => post(company::verify).get(company::operator_form_was_left),
    CompanyUnverifyUrl::PATTERN => post(company::unverify).get(company::operator_form_was_left),
}

/// For companies, and one's own.
pub const COMPANIES: &str = "/companies";
/// To ask for one.
pub const COMPANY_NEW: &str = "/companies/new";
/// Companies that are verified.
pub const COMPANY_LIST: &str = "/company";
/// Which companies are verified, for operators.
pub const OPERATOR_COMPANIES: &str = "/operator/companies";

urls! {
    /// How a company stands here, for its people.
    CompanyHomeUrl { company } = "/companies/{company}";
    /// Acts for it no longer.
    CompanyLeaveUrl { company } = "/companies/{company}/leave";
    /// How it shows who it is.
    CompanyProofsUrl { company } = "/companies/{company}/proofs";
    /// Draws what is to be found under its domain.
    CompanyChallengeUrl { company } = "/companies/{company}/proofs/challenge";
    /// Looks for it in DNS.
    CompanyDnsUrl { company } = "/companies/{company}/proofs/dns";
    /// Looks for it in a file.
    CompanyFileUrl { company } = "/companies/{company}/proofs/file";
    /// Sends a letter to a work address.
    CompanyMailUrl { company } = "/companies/{company}/proofs/mail";
    /// The link in it.
    CompanyMailLinkUrl { company, token } = "/companies/{company}/proofs/mail/{token}";
    /// States an LEI.
    CompanyLeiUrl { company } = "/companies/{company}/proofs/lei";
    /// Who acts for it.
    CompanyPeopleUrl { company } = "/companies/{company}/people";
    /// One of them.
    CompanyPersonUrl { company, person } = "/companies/{company}/people/{person}";
    /// Takes an invitation back.
    CompanyInvitationUrl { company, invitation } = "/companies/{company}/invitations/{invitation}";
    /// What it says of itself.
    CompanyEditUrl { company } = "/companies/{company}/page";
    /// The link of an invitation.
    InvitationUrl { token } = "/invitations/{token}";
    /// A verified company, for everybody.
    CompanyUrl { domain } = "/company/{domain}";
    /// Who granted something to a company.
    CompanyCandidatesUrl { company } = "/companies/{company}/candidates";
    /// One of them.
    CandidateUrl { company, candidate } = "/companies/{company}/candidates/{candidate}";
    /// A proof of one of their signals.
    CandidateProofUrl { company, candidate, nth } = "/companies/{company}/candidates/{candidate}/signals/{nth}/proof";
    /// A company, for operators.
    OperatorCompanyUrl { company } = "/operator/companies/{company}";
    /// Invites an owner, where there is none any more.
    CompanyOwnerUrl { company } = "/operator/companies/{company}/owner";
    /// Suspends it.
    CompanySuspendUrl { company } = "/operator/companies/{company}/suspend";
    /// Lifts that.
    CompanyLiftUrl { company } = "/operator/companies/{company}/lift";
    /// Verifies a company.
    CompanyVerifyUrl { company } = "/operator/companies/{company}/verify";
    /// Takes it back.
    CompanyUnverifyUrl { company } = "/operator/companies/{company}/unverify";
}
