//! `/account/export`: everything that is kept of a person, as one archive of plain files.

use crate::account::RecentSession;
use crate::account::Session;
use crate::check::{Attempt, AttemptItem, ItemKind, Reading};
use crate::error::SiteError;
use crate::site::Site;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_disclosure::{Audience, Fact, Field};
use serde_json::{Value, json};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// More events and looks than anybody has.
const MOST: i64 = 100_000;

const ABOUT: &str = "\
Everything that JobFuture keeps of you.

account.json    address, name, browsers that are signed in, passkeys, linked sign-ins, and what happened to the account
profile.json    your profile, field by field
resume.json     the same as a JSON Resume, as far as that has places for it
signals.json    signals that you made of checks, with code that you attached
grants.json     to whom you showed what, what for, and until when; companies that you block
views.json      who looked at what, and when
searches.json   searches of vacancies, and for companies of candidates, that you want to hear of
introductions.json  companies that asked you and that you applied to: terms, how each stands or ended, and all that was written
companies.json  companies that you act for, as what, and work addresses that you showed for them
checks/         each check that you took: what was asked, your answers, verdicts, what it comes to, and your files
credentials/    credentials of grants that are in force

Passwords are kept as hashes that cannot be read back, and are left out. Times are in UTC.
";

/// An archive as it grows.
struct Archive(ZipWriter<Cursor<Vec<u8>>>);

impl Archive {
    fn add(&mut self, name: &str, text: &[u8]) -> Result<(), SiteError> {
        let failed = |error: &dyn std::fmt::Display| SiteError::internal("an archive", error);
        self.0.start_file(name, SimpleFileOptions::default()).map_err(|error| failed(&error))?;
        self.0.write_all(text).map_err(|error| failed(&error))
    }

    fn json(&mut self, name: &str, value: &Value) -> Result<(), SiteError> {
        let text = serde_json::to_vec_pretty(value).map_err(|error| SiteError::internal("an archive", &error))?;
        self.add(name, &text)
    }
}

/// `GET /account/export`
pub(crate) async fn export(
    State(site): State<Site>,
    RecentSession(session): RecentSession,
) -> Result<Response, SiteError> {
    let mut archive = Archive(ZipWriter::new(Cursor::new(Vec::new())));
    archive.add("README.txt", ABOUT.as_bytes())?;
    archive.json("account.json", &account(&site, &session).await?)?;
    archive.json("profile.json", &profile(&site, &session).await?)?;
    archive.add("resume.json", crate::profile::written(&site, &session).await?.as_bytes())?;
    archive.json("signals.json", &signals(&site, &session).await?)?;
    archive.json("grants.json", &grants(&site, &session).await?)?;
    archive.json("views.json", &views(&site, &session).await?)?;
    archive.json("searches.json", &searches(&site, &session).await?)?;
    archive.json("introductions.json", &introductions(&site, &session).await?)?;
    archive.json("companies.json", &companies(&site, &session).await?)?;
    for attempt in site.checks().attempts(session.owner()).await? {
        check(&site, &session, &attempt, &mut archive).await?;
    }
    credentials(&site, &session, &mut archive).await?;
    let bytes = archive.0.finish().map_err(|error| SiteError::internal("an archive", &error))?.into_inner();
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"jobfuture-export.zip\"")),
    ];
    Ok((headers, bytes).into_response())
}

async fn account(site: &Site, session: &Session) -> Result<Value, SiteError> {
    let (accounts, owner) = (site.accounts(), session.owner());
    let sessions = accounts.sessions(owner).await?;
    let (passkeys, identities) = (accounts.passkeys(owner).await?, accounts.identities(owner).await?);
    let events = accounts.events(owner, MOST).await?;
    let browser = |entry: &crate::account::SessionEntry| json!({ "browser": entry.browser, "since": time(entry.created_at), "used": time(entry.seen_at) });
    Ok(json!({
        "address": session.email(),
        "name": session.name(),
        "browsers": sessions.iter().map(browser).collect::<Vec<_>>(),
        "passkeys": passkeys.iter().map(|one| json!({ "name": one.name, "added": time(one.made_at) })).collect::<Vec<_>>(),
        "sign_ins": identities.iter().map(|one| json!({ "label": one.label, "linked": time(one.made_at) })).collect::<Vec<_>>(),
        "events": events.iter().map(|one| json!({ "at": time(one.at), "what": one.what, "detail": one.detail })).collect::<Vec<_>>(),
    }))
}

async fn searches(site: &Site, session: &Session) -> Result<Value, SiteError> {
    let all = site.vacancies().saved(session.owner().key()).await?;
    let one = |search: &crate::vacancy::SavedSearch| json!({ "query": search.query, "since": time(search.made_at), "told_until": time(search.told_until) });
    let of_pool = site.pool().saved(session.owner().key()).await?;
    let pool = |search: &crate::pool::PoolSearch| json!({ "company": search.company, "query": search.query, "since": time(search.made_at) });
    Ok(
        json!({ "vacancies": all.iter().map(one).collect::<Vec<_>>(), "candidates": of_pool.iter().map(pool).collect::<Vec<_>>() }),
    )
}

async fn profile(site: &Site, session: &Session) -> Result<Value, SiteError> {
    let me = session.owner().key();
    let profile = site.disclosure().profile(me).await?;
    let filled = Field::ALL.into_iter().filter_map(|field| Some((field, profile.own(me, field)?)));
    Ok(filled
        .map(|(field, value)| (field.id().to_owned(), json!(value.entries())))
        .collect::<serde_json::Map<_, _>>()
        .into())
}

async fn signals(site: &Site, session: &Session) -> Result<Value, SiteError> {
    let all = site.disclosure().signals(session.owner().key()).await?;
    let one = |signal: &jobfuture_disclosure::OwnSignal| {
        json!({
            "id": signal.id,
            "of_check": signal.attempt,
            "made": time(signal.made_at),
            "expires": time(signal.expires_at),
            "withdrawn": signal.withdrawn_at.map(time),
            "says": signal.body,
        })
    };
    Ok(all.iter().map(one).collect())
}

async fn grants(site: &Site, session: &Session) -> Result<Value, SiteError> {
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    let one = |entry: &jobfuture_disclosure::GrantEntry| {
        let to = match &entry.audience {
            Audience::Company(_) => json!({ "company": entry.company_name }),
            Audience::Pool { role } => json!({ "pool": role }),
            Audience::Link { opens_at_most } => {
                json!({ "link": { "opened": entry.opened, "opens_at_most": opens_at_most } })
            }
        };
        let facts = entry.facts.iter().map(|fact| match fact {
            Fact::Field(field) => field.id().to_owned(),
            Fact::Signal(id) => format!("signal {id}"),
        });
        json!({
            "to": to,
            "shows": facts.collect::<Vec<_>>(),
            "purpose": entry.purpose,
            "made": time(entry.made_at),
            "expires": time(entry.expires_at),
            "revoked": entry.revoked_at.map(time),
        })
    };
    let all = disclosure.grants(me).await?;
    let blocked = disclosure.blocked(me).await?;
    Ok(json!({
        "grants": all.iter().map(one).collect::<Vec<_>>(),
        "blocked": blocked.iter().map(|one| one.name.clone()).collect::<Vec<_>>(),
    }))
}

async fn introductions(site: &Site, session: &Session) -> Result<Value, SiteError> {
    let me = session.owner().key();
    let mut all = Vec::new();
    for one in site.introductions().of(me).await? {
        let lines = site.introductions().lines(me, &one).await?;
        let line = |line: &crate::introduction::Line| {
            json!({
                "at": time(line.made_at),
                "by": line.by.map(crate::introduction::Side::id),
                "who": line.member,
                "did": line.deed.id(),
                "text": line.text,
                "next": line.next,
            })
        };
        let ending = one.standing.ending().map(crate::introduction::Ending::columns);
        all.push(json!({
            "company": one.company_name,
            "domain": one.domain,
            "vacancy": one.terms,
            "begun_by": one.standing.begun_by.id(),
            "begun": time(one.made_at),
            "stage": one.standing.stage().id(),
            "opened": one.opened_at.map(time),
            "ended": one.ended_at.map(time),
            "how": ending.map(|(how, by, code)| json!({ "ending": how, "by": by.id(), "reason": code })),
            "lines": lines.iter().map(line).collect::<Vec<_>>(),
        }));
    }
    Ok(Value::Array(all))
}

async fn companies(site: &Site, session: &Session) -> Result<Value, SiteError> {
    let mut companies = Vec::new();
    for company in site.disclosure().companies_of(session.owner().key()).await? {
        let addresses = site.companies().addresses_of(session.owner(), company.company()).await?;
        let addresses: Vec<Value> = addresses
            .into_iter()
            .map(|(address, shown)| json!({ "address": address, "shown": shown.map(time) }))
            .collect();
        companies.push(json!({ "name": company.name(), "role": company.role().id(), "work_addresses": addresses }));
    }
    Ok(Value::Array(companies))
}

async fn views(site: &Site, session: &Session) -> Result<Value, SiteError> {
    let all = site.disclosure().views(session.owner().key(), MOST).await?;
    let one = |view: &jobfuture_disclosure::ViewEntry| {
        json!({
            "company": view.company,
            "link_of_grant": view.grant,
            "through": view.through,
            "fields": view.fields.iter().map(|field| field.id()).collect::<Vec<_>>(),
            "signals": view.signals,
            "first": time(view.first_at),
            "last": time(view.last_at),
            "times": view.times,
        })
    };
    Ok(all.iter().map(one).collect())
}

/// A check with everything that was asked and answered in it, and the files of its tasks.
async fn check(site: &Site, session: &Session, attempt: &Attempt, archive: &mut Archive) -> Result<(), SiteError> {
    let folder = format!("checks/{}", attempt.id());
    let levels: Vec<_> = attempt.release.levels().collect();
    let comes_to = match attempt.ended_at().is_some() && attempt.has_answers() {
        true => Some(crate::check::statement(&Reading::of(attempt, None)?, &levels)),
        false => None,
    };
    let value = json!({
        "check": attempt.check(),
        "condition": attempt.condition.id(),
        "begun": time(attempt.begun_at()),
        "ended": attempt.ended_at().map(time),
        "lends_answers": attempt.lends_answers(),
        "comes_to": comes_to,
        "asked": attempt.items.iter().map(item).collect::<Vec<_>>(),
    });
    archive.json(&format!("{folder}/check.json"), &value)?;
    for item in attempt.items.iter().filter(|item| item.kind == ItemKind::Task) {
        let work = site.checks().work(session.owner(), attempt.id(), item.place).await?;
        for (path, bytes) in work.map(|work| work.files).unwrap_or_default() {
            archive.add(&format!("{folder}/{}/{path}", item.place), &bytes)?;
        }
    }
    Ok(())
}

fn item(item: &AttemptItem) -> Value {
    let explain = item
        .explain
        .iter()
        .map(|one| json!({ "question": one.question.prompt_html, "answer": one.answer, "right": one.is_right }));
    json!({
        "place": item.place,
        "item": item.item,
        "variant": item.seed,
        "answer": item.answer,
        "right_or_shown": item.category,
        "seconds": item.seconds,
        "verdict": item.verdict,
        "about_your_code": explain.collect::<Vec<_>>(),
    })
}

async fn credentials(site: &Site, session: &Session, archive: &mut Archive) -> Result<(), SiteError> {
    let Some(issuer) = site.issuer() else { return Ok(()) };
    let (disclosure, me) = (site.disclosure(), session.owner().key());
    for entry in disclosure.grants(me).await?.iter().filter(|entry| entry.is_live(disclosure.now())) {
        for fact in &entry.facts {
            let Fact::Signal(signal) = fact else { continue };
            let file = disclosure.wallet_file(me, entry.id, *signal, &issuer).await?;
            if let Some(text) = file {
                archive.add(&format!("credentials/{}-{signal}.txt", entry.id), text.as_bytes())?;
            }
        }
    }
    Ok(())
}

fn time(at: Timestamp) -> String {
    at.to_string()
}
