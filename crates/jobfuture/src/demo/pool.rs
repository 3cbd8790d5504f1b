//! Candidates of the demonstration who open something to the pool, so that a company that searches it finds somebody.

use super::{fill, fill_all, person};
use anyhow::Result;
use jobfuture_disclosure::{Audience, Disclosure, Fact, Field, NewGrant, Vocabulary};
use jobfuture_site::{Accounts, Owner};

/// One of them: what tells them from another.
struct Opening {
    email: &'static str,
    name: &'static str,
    headline: &'static str,
    role: &'static str,
    level: &'static str,
    competencies: &'static [&'static str],
    country: &'static str,
    zone: (&'static str, &'static str),
    remote: &'static str,
    pay: &'static str,
    languages: &'static [(&'static str, &'static str)],
    hours: &'static str,
}

const OPENINGS: &[Opening] = &[
    Opening {
        email: "dev@demo.example",
        name: "Dev (demonstration)",
        headline: "Django developer, keeps queries few (demonstration)",
        role: "django-developer",
        level: "middle",
        competencies: &["django-models", "django-querysets", "django-testing"],
        country: "Germany",
        zone: ("0", "2"),
        remote: "remote",
        pay: "58000",
        languages: &[("English", "fluent"), ("German", "first")],
        hours: "full-time",
    },
    Opening {
        email: "edna@demo.example",
        name: "Edna (demonstration)",
        headline: "Django developer who writes forms that people finish (demonstration)",
        role: "django-developer",
        level: "junior",
        competencies: &["django-models", "django-forms-serializers"],
        country: "France",
        zone: ("0", "2"),
        remote: "hybrid",
        pay: "44000",
        languages: &[("English", "working"), ("French", "first")],
        hours: "full-time",
    },
    Opening {
        email: "finn@demo.example",
        name: "Finn (demonstration)",
        headline: "Backend developer, rights and accounts (demonstration)",
        role: "django-developer",
        level: "senior",
        competencies: &["django-authentication", "django-permissions", "django-testing"],
        country: "Ireland",
        zone: ("-1", "1"),
        remote: "remote",
        pay: "76000",
        languages: &[("English", "first")],
        hours: "part-time",
    },
];

/// Makes them, as far as the content has their roles and competencies.
pub(super) async fn open(
    accounts: &Accounts,
    disclosure: &Disclosure,
    words: &Vocabulary,
    password: &str,
) -> Result<()> {
    let has = |known: &[(String, String)], wanted: &str| known.iter().any(|(id, _)| id == wanted);
    for opening in OPENINGS {
        let is_known = has(&words.roles, opening.role) && has(&words.levels, opening.level);
        if !is_known || !opening.competencies.iter().all(|one| has(&words.competencies, one)) {
            continue;
        }
        let owner = person(accounts, opening.email, opening.name, password).await?;
        write(disclosure, owner, opening, words).await?;
        let opened = Field::ALL.into_iter().filter(|field| field.is_searched() || *field == Field::Headline);
        let grant = NewGrant {
            audience: Audience::Pool { role: opening.role.to_owned() },
            facts: opened.map(Fact::Field).collect(),
            purpose: "A demonstration of the pool".to_owned(),
            days: 90,
        };
        disclosure.make_grant(owner.key(), grant).await?;
    }
    Ok(())
}

async fn write(disclosure: &Disclosure, owner: Owner, opening: &Opening, words: &Vocabulary) -> Result<()> {
    let pay = [("least", opening.pay), ("currency", "EUR"), ("per", "year")];
    let one: [(Field, &[(&str, &str)]); 6] = [
        (Field::Headline, &[("headline", opening.headline)]),
        (Field::Place, &[("country", opening.country)]),
        (Field::Zone, &[("from", opening.zone.0), ("to", opening.zone.1)]),
        (Field::Remote, &[("way", opening.remote)]),
        (Field::Pay, &pay),
        (Field::Availability, &[("hours", opening.hours)]),
    ];
    for (field, pairs) in one {
        fill(disclosure, owner, field, pairs).await?;
    }
    fill_all(disclosure, owner, Field::Roles, &[&[("role", opening.role)]], words).await?;
    fill_all(disclosure, owner, Field::Seniority, &[&[("level", opening.level)]], words).await?;
    let competencies: Vec<_> = opening.competencies.iter().map(|one| [("competency", *one)]).collect();
    let competencies: Vec<&[(&str, &str)]> = competencies.iter().map(|one| one.as_slice()).collect();
    fill_all(disclosure, owner, Field::Competencies, &competencies, words).await?;
    let spoken = opening.languages.iter();
    let languages: Vec<_> = spoken.map(|(language, how)| [("language", *language), ("fluency", *how)]).collect();
    let languages: Vec<&[(&str, &str)]> = languages.iter().map(|one| one.as_slice()).collect();
    fill_all(disclosure, owner, Field::Languages, &languages, words).await
}
