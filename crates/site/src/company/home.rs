//! `/companies/{company}`: how a company stands here, for everybody who acts for it.

use super::ask::{for_companies, page};
use super::{Changed, CompanyWords, ForCompany};
use crate::error::{Missing, SiteError};
use crate::introduction::{Waits, company_waits};
use crate::page::{NextSteps, Step, day, listed, render, see};
use crate::routes::{
    self, CompanyCandidatesUrl, CompanyEditUrl, CompanyHomeUrl, CompanyInterviewsUrl, CompanyIntroductionsUrl,
    CompanyLeaveUrl, CompanyPeopleUrl, CompanyPoolUrl, CompanyProofsUrl, CompanyUrl, CompanyVacanciesUrl,
    OwnVacancyUrl,
};
use crate::site::Site;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use jobfuture_disclosure::{Act, AsCompany, MemberRole};

#[derive(Template)]
#[template(path = "company/home.html")]
struct Home {
    words: CompanyWords,
    state: String,
    /// What it lacks to be verified.
    missing: Option<String>,
    role: MemberRole,
    people: String,
    parts: Vec<Part>,
    waits: Vec<Waits>,
    public_url: Option<String>,
    leave_url: String,
    wrong: Option<String>,
}

/// What can be done for the company, and by whom.
struct Part {
    title: &'static str,
    about: &'static str,
    /// Nothing for whoever may not.
    url: Option<String>,
    who: String,
}

/// What a company's state is called.
pub(super) fn state(words: &CompanyWords, now: Timestamp) -> String {
    match (words.suspended_at, words.verified_at, words.verified_until.filter(|until| *until > now)) {
        (Some(at), ..) => format!("Suspended since {}", day(at)),
        (None, Some(since), Some(until)) => format!("Verified since {}, until {}", day(since), day(until)),
        (None, _, None) if words.verified_until.is_some() => "No longer verified".to_owned(),
        (None, ..) => "Not verified".to_owned(),
    }
}

/// `GET /companies/{company}`
pub(crate) async fn home(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    show(&site, &company, company.to(Act::Home)?, None).await
}

async fn show(
    site: &Site,
    company: &ForCompany,
    viewer: &AsCompany,
    wrong: Option<String>,
) -> Result<Response, SiteError> {
    let words = site.companies().words(viewer.company()).await?.ok_or(SiteError::NotFound(Missing::Page))?;
    let now = site.disclosure().now();
    let id = viewer.company().to_string();
    let head_count = site.companies().head_count(viewer.company()).await?;
    let people = head_count.iter().filter(|(_, count)| *count > 0).map(|(role, count)| {
        let plural = if *count == 1 { "" } else { "s" };
        format!("{count} {}{plural}", role.name().to_lowercase())
    });
    let parts = parts(viewer, &id);
    let missing = (!viewer.is_verified() && words.suspended_at.is_none()).then(|| {
        let how = "It is once it has shown the control of its domain and a work address there, or the operator of this site has \
                   reviewed it. Until then it sees nobody, nobody can grant it anything, and its page is not public.";
        format!("{} is not verified. {how}", words.name)
    });
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let public_url = viewer.is_verified().then(|| CompanyUrl { domain: &words.domain }.to_url());
    // All of it stands on the page; the first few are what most come for.
    let own = parts.iter().filter_map(|part| Some(Step::new(part.url.clone()?, part.title, part.about)));
    let mut steps = own.take(3).chain([for_companies(), Step::roles()]);
    let first = steps.next().unwrap_or_else(for_companies);
    let next = steps.fold(NextSteps::new(first), NextSteps::and);
    let main = render(&Home {
        state: state(&words, now),
        missing,
        role: viewer.role(),
        people: people.collect::<Vec<_>>().join(", "),
        parts,
        waits: waits(site, company, viewer).await?,
        public_url,
        leave_url: CompanyLeaveUrl { company: &id }.to_url(),
        words,
        wrong,
    })?;
    page("Your company", main, next).answer_private(site, status)
}

/// Who may do something for a company: `owners, recruiters and interviewers`.
pub(crate) fn who_may(act: Act) -> String {
    let roles = act.roles().iter().map(|role| format!("{}s", role.name().to_lowercase()));
    listed(&roles.collect::<Vec<_>>(), "and")
}

/// What can be done for a company: the daily work first, or what it lacks.
fn parts(viewer: &AsCompany, company: &str) -> Vec<Part> {
    let part = |act: Act, title, about, url: String| Part {
        title,
        about,
        url: viewer.may(act).then_some(url),
        who: who_may(act),
    };
    let mut parts = vec![
        part(
            Act::Introductions,
            "Introductions",
            "Candidates whom it asked, and who applied: whose turn it is, and until when.",
            CompanyIntroductionsUrl { company }.to_url(),
        ),
        part(
            Act::Candidates,
            "Search the pool",
            "Candidates who opened something to companies that look for their role.",
            CompanyPoolUrl { company }.to_url(),
        ),
        part(
            Act::Vacancies,
            "Vacancies",
            "What it looks for now: drafted, published, confirmed, closed.",
            CompanyVacanciesUrl { company }.to_url(),
        ),
        part(
            Act::Candidates,
            "Candidates",
            "Everybody who granted it something.",
            CompanyCandidatesUrl { company }.to_url(),
        ),
        part(
            Act::Interviews,
            "Interviews",
            "Conversations to which you were asked: what to ask, and your sheet.",
            CompanyInterviewsUrl { company }.to_url(),
        ),
        part(
            Act::CompanyPage,
            "What it says of itself",
            "Its page: what it does, whom it looks for, how it decides.",
            CompanyEditUrl { company }.to_url(),
        ),
        part(Act::Proofs, "Proofs", "How the company shows who it is.", CompanyProofsUrl { company }.to_url()),
        part(Act::People, "People", "Who acts for it, and as what.", CompanyPeopleUrl { company }.to_url()),
    ];
    if !viewer.is_verified() {
        // Until it has shown who it is there is little else to do.
        parts.sort_by_key(|part| part.title != "Proofs");
    }
    parts
}

/// Before a proof runs out it is said here.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 14);

/// What waits for the company, of what the person's role does.
async fn waits(site: &Site, company: &ForCompany, viewer: &AsCompany) -> Result<Vec<Waits>, SiteError> {
    let id = viewer.company().to_string();
    let mut waits = Vec::new();
    if viewer.may(Act::Introductions) {
        waits.extend(company_waits(site, viewer, company.session()).await?);
    }
    if viewer.may(Act::Vacancies) {
        let now = site.vacancies().now();
        let due = site.vacancies().all_of(viewer).await?.into_iter().filter(|one| one.is_due(now));
        waits.extend(due.map(|one| Waits {
            url: OwnVacancyUrl { company: &id, vacancy: &one.id.to_string() }.to_url(),
            title: one.terms.map_or(one.draft.title, |terms| terms.title),
            by_when: "Confirm that it is still open, or it closes itself.".to_owned(),
        }));
    }
    if viewer.may(Act::Proofs) {
        let now = site.disclosure().now();
        let soon = now.checked_add(SOON).unwrap_or(now);
        let proofs = site.companies().proofs(viewer.company()).await?.into_iter().filter(|proof| proof.holds(now));
        let ending = proofs.filter_map(|proof| Some((proof.method, proof.expires_at.filter(|at| *at <= soon)?)));
        waits.extend(ending.map(|(method, at)| Waits {
            url: CompanyProofsUrl { company: &id }.to_url(),
            title: format!("A proof runs out: {}", method.name()),
            by_when: format!("It holds until {}.", day(at)),
        }));
    }
    Ok(waits)
}

/// `POST /companies/{company}/leave`
pub(crate) async fn leave(State(site): State<Site>, company: ForCompany) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Home)?;
    let owner = company.session().owner();
    match site.companies().leave(owner, viewer.company()).await? {
        Changed::LastOwner => {
            let says = "You are the last owner, and somebody has to answer for the company. Make somebody else an owner first.";
            show(&site, &company, viewer, Some(says.to_owned())).await
        }
        Changed::Done | Changed::NoSuchPerson => {
            site.accounts().note(owner.account(), "left a company", "").await?;
            Ok(see(routes::COMPANIES))
        }
    }
}

/// `GET` of the address that only takes the form.
pub(crate) async fn leaving_form_was_left(company: ForCompany) -> Result<Response, SiteError> {
    let viewer = company.to(Act::Home)?;
    Ok(see(&CompanyHomeUrl { company: &viewer.company().to_string() }.to_url()))
}

/// The way back to it.
pub(crate) fn home_step(viewer: &AsCompany) -> Step {
    let url = CompanyHomeUrl { company: &viewer.company().to_string() }.to_url();
    Step::new(url, "Your company", "How it stands here, and what you can do for it.")
}
