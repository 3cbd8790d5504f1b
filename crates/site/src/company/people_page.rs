//! `/companies/{company}/people`: who acts for a company. For its owners.

use super::ask::{for_companies, page};
use super::home::home_step;
use super::{Changed, ForCompany, InvitationEntry, Member};
use crate::account::{Token, whole_url};
use crate::error::{Missing, SiteError};
use crate::page::{NextSteps, day, render, see};
use crate::practice::Form;
use crate::routes::{self, CompanyHomeUrl, CompanyInvitationUrl, CompanyPeopleUrl, CompanyPersonUrl, InvitationUrl};
use crate::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_disclosure::{Act, AsCompany, MemberRole};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "company/people.html")]
struct People {
    name: String,
    home_url: String,
    people_url: String,
    members: Vec<(Member, String)>,
    invited: Vec<(InvitationEntry, String)>,
    roles: &'static [MemberRole],
    email: String,
    told: Option<String>,
    wrong: Option<String>,
}

impl People {
    fn day(&self, time: &Timestamp) -> String {
        day(*time)
    }

    fn role(&self, id: &str) -> &'static str {
        MemberRole::parse(id).map_or("Unknown", MemberRole::name)
    }
}

/// Which member.
#[derive(Deserialize)]
pub(crate) struct Person {
    person: String,
}

/// Which invitation.
#[derive(Deserialize)]
pub(crate) struct Which {
    invitation: String,
}

fn people_url(viewer: &AsCompany) -> String {
    CompanyPeopleUrl { company: &viewer.company().to_string() }.to_url()
}

/// `GET /companies/{company}/people`
pub(crate) async fn people(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    show(&site, &company, None, None, String::new()).await
}

async fn show(
    site: &Site,
    company: &ForCompany,
    told: Option<String>,
    wrong: Option<String>,
    email: String,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::People)?;
    let id = viewer.company().to_string();
    let members = site.companies().members(company.session().owner(), viewer.company()).await?;
    let invited = site.companies().invitations(viewer.company()).await?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let member_url = |member: &Member| CompanyPersonUrl { company: &id, person: &member.handle }.to_url();
    let invitation_url =
        |one: &InvitationEntry| CompanyInvitationUrl { company: &id, invitation: &one.id.to_string() }.to_url();
    let main = render(&People {
        name: viewer.name().to_owned(),
        home_url: CompanyHomeUrl { company: &id }.to_url(),
        people_url: people_url(viewer),
        members: members.into_iter().map(|member| (member.clone(), member_url(&member))).collect(),
        invited: invited.into_iter().map(|one| (one.clone(), invitation_url(&one))).collect(),
        roles: MemberRole::ALL,
        email,
        told,
        wrong,
    })?;
    page("People", main, NextSteps::new(home_step(viewer)).and(for_companies())).answer_private(site, status)
}

/// `POST /companies/{company}/people`: invites somebody.
pub(crate) async fn invite(
    State(site): State<Site>,
    company: ForCompany,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::People)?;
    let (email, role) = (form.text("email")?.unwrap_or_default(), form.text("role")?.unwrap_or_default());
    let Some(role) = MemberRole::parse(&role) else {
        return show(&site, &company, None, Some("Choose one of the three roles.".to_owned()), email).await;
    };
    let link = |token: &Token| whole_url(&site, &headers, &InvitationUrl { token: token.secret() }.to_url());
    let owner = company.session().owner();
    match site.companies().invite(owner, viewer.company(), &email, role, link).await? {
        Ok(()) => {
            site.accounts().note(owner.account(), "invited somebody to a company", role.id()).await?;
            let place = if site.config().sends_mail {
                ""
            } else {
                " No mail server is configured here: it waits with the operator."
            };
            let told = format!("A letter is on its way.{place}");
            show(&site, &company, Some(told), None, String::new()).await
        }
        Err(why) => show(&site, &company, None, Some(why.to_string()), email).await,
    }
}

/// `POST /companies/{company}/people/{person}`: another role, or none.
pub(crate) async fn change(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Person>,
    form: Form,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::People)?;
    let wanted = form.text("role")?.unwrap_or_default();
    let changed = match (wanted.as_str(), MemberRole::parse(&wanted)) {
        ("none", _) => site.companies().remove_member(viewer.company(), &which.person).await?,
        (_, Some(role)) => site.companies().change_role(viewer.company(), &which.person, role).await?,
        (_, None) => {
            return show(&site, &company, None, Some("Choose one of the three roles.".to_owned()), String::new()).await;
        }
    };
    match changed {
        Changed::Done => {
            let owner = company.session().owner();
            site.accounts().note(owner.account(), "changed who acts for a company", &wanted).await?;
            // Whoever changed their own role may not see this page any more.
            let still = site.disclosure().companies_of(owner.key()).await?;
            let still = still.into_iter().find(|one| one.company() == viewer.company());
            Ok(see(&match still {
                Some(one) if one.may(Act::People) => people_url(&one),
                Some(one) => CompanyHomeUrl { company: &one.company().to_string() }.to_url(),
                None => routes::COMPANIES.to_owned(),
            }))
        }
        Changed::NoSuchPerson => Err(SiteError::NotFound(Missing::Page)),
        Changed::LastOwner => {
            let says = "This is the last owner, and somebody has to answer for the company. Make somebody else an owner first.";
            show(&site, &company, None, Some(says.to_owned()), String::new()).await
        }
    }
}

/// `POST /companies/{company}/invitations/{invitation}`: takes it back.
pub(crate) async fn withdraw(
    State(site): State<Site>,
    company: ForCompany,
    Path(which): Path<Which>,
) -> Result<Response, SiteError> {
    let viewer = company.to(Act::People)?;
    let none = SiteError::NotFound(Missing::Page);
    let Ok(invitation) = Uuid::try_parse(&which.invitation) else { return Err(none) };
    if !site.companies().withdraw_invitation(viewer.company(), invitation).await? {
        return Err(none);
    }
    site.accounts().note(company.session().owner().account(), "took an invitation to a company back", "").await?;
    Ok(see(&people_url(viewer)))
}

/// `GET` of an address that only takes a form.
pub(crate) async fn form_was_left(company: ForCompany) -> Result<Response, SiteError> {
    Ok(see(&people_url(company.to(Act::People)?)))
}
