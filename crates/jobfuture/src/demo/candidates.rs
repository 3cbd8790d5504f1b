//! Candidates of the demonstration who opened something to the pool, each something else.

use super::{person, said, signal_of};
use anyhow::{Context, Result};
use jobfuture_content::Library;
use jobfuture_credential::Condition;
use jobfuture_disclosure::{Audience, Disclosure, Entry, Fact, Field, FieldValue, NewGrant, Seen, Vocabulary};
use jobfuture_site::introduction::NewRequest;
use jobfuture_site::{Accounts, Owner, Site};
use std::collections::BTreeSet;

/// One candidate: who, what they say of themselves, and what a signal of theirs shows.
struct Candidate {
    name: &'static str,
    headline: &'static str,
    seniority: &'static str,
    competencies: &'static [&'static str],
    /// Country, and offsets from UTC.
    place: (&'static str, &'static str, &'static str),
    remote: &'static [&'static str],
    /// Least pay for a year in euros; nothing for who does not say.
    pay: Option<&'static str>,
    languages: &'static [(&'static str, &'static str)],
    /// At least this level, how it was taken, and the first so many of the competencies above.
    signal: Option<(&'static str, &'static str, Condition, usize)>,
}

const CANDIDATES: &[Candidate] = &[
    Candidate {
        name: "Dora",
        headline: "I make lists quick and keep them so (demonstration)",
        seniority: "senior",
        competencies: &["django-querysets", "django-related-objects", "django-performance", "django-testing"],
        place: ("Portugal", "-1", "2"),
        remote: &["remote"],
        pay: Some("72000"),
        languages: &[("English", "fluent"), ("Portuguese", "first")],
        signal: Some(("senior", "Senior", Condition::Unaided {}, 4)),
    },
    Candidate {
        name: "Emil",
        headline: "Forms, permissions and the people who use them (demonstration)",
        seniority: "middle",
        competencies: &["django-forms-serializers", "django-permissions", "django-authentication"],
        place: ("Germany", "0", "2"),
        remote: &["hybrid", "remote"],
        pay: Some("60000"),
        languages: &[("German", "first"), ("English", "fluent")],
        signal: Some(("middle", "Middle", Condition::OwnTools {}, 3)),
    },
    Candidate {
        name: "Farah",
        headline: "First years with Django behind me, and curious (demonstration)",
        seniority: "junior",
        competencies: &["django-models", "django-views", "django-testing"],
        place: ("Netherlands", "0", "2"),
        remote: &["office", "hybrid"],
        pay: None,
        languages: &[("Dutch", "first"), ("English", "working")],
        signal: None,
    },
    Candidate {
        name: "Goran",
        headline: "Migrations without a night shift (demonstration)",
        seniority: "middle",
        competencies: &["django-models", "django-migrations", "django-deployment"],
        place: ("Croatia", "0", "3"),
        remote: &["remote"],
        pay: Some("55000"),
        languages: &[("Croatian", "first"), ("English", "fluent"), ("German", "basic")],
        signal: Some(("middle", "Middle", Condition::Practice {}, 2)),
    },
];

/// Makes them, with what they open to the pool of the check's role.
pub(super) async fn make(
    site: &Site,
    accounts: &Accounts,
    disclosure: &Disclosure,
    library: &Library,
    password: &str,
) -> Result<()> {
    let words = site.vocabulary();
    for one in CANDIDATES {
        let email = format!("{}@demo.example", one.name.to_lowercase());
        let owner = person(accounts, &email, &format!("{} (demonstration)", one.name), password).await?;
        let mut facts = fill(disclosure, &words, owner, one).await?;
        let Some(role) = library.checks.values().find_map(|check| check.role(library)) else { return Ok(()) };
        if let Some((id, name, condition, count)) = &one.signal
            && let Some(body) = signal_of(library, (id, name), condition.clone(), &one.competencies[..*count])?
        {
            facts.insert(Fact::Signal(disclosure.make_signal(owner.key(), None, &body, 12).await?));
        }
        let grant = NewGrant {
            audience: Audience::Pool { role: role.id.clone() },
            facts,
            purpose: "A demonstration of the pool".to_owned(),
            days: 90,
        };
        disclosure.make_grant(owner.key(), grant).await?;
    }
    Ok(())
}

/// Writes a profile. Gives what of it is opened, which is all.
async fn fill(disclosure: &Disclosure, words: &Vocabulary, owner: Owner, one: &Candidate) -> Result<BTreeSet<Fact>> {
    let (country, from, to) = one.place;
    let known = |id: &&&str| words.competencies.iter().any(|(known, _)| known == **id);
    let mut fields = vec![
        (Field::Headline, vec![entry(&[("headline", one.headline)])]),
        (Field::Seniority, vec![entry(&[("level", one.seniority)])]),
        (Field::Competencies, one.competencies.iter().filter(known).map(|id| entry(&[("competency", *id)])).collect()),
        (Field::Place, vec![entry(&[("country", country)])]),
        (Field::Zone, vec![entry(&[("from", from), ("to", to)])]),
        (Field::Remote, one.remote.iter().map(|way| entry(&[("way", *way)])).collect()),
        (
            Field::Languages,
            one.languages
                .iter()
                .map(|(language, fluency)| entry(&[("language", *language), ("fluency", *fluency)]))
                .collect(),
        ),
    ];
    if let Some(pay) = one.pay {
        fields.push((Field::Pay, vec![entry(&[("least", pay), ("currency", "EUR"), ("per", "year")])]));
    }
    let mut facts = BTreeSet::new();
    for (field, entries) in fields {
        let value = FieldValue::check(field, &entries, words);
        let value = value.map_err(|faults| anyhow::anyhow!("the demonstration's {field}: {faults:?}"))?;
        if value.is_some() {
            disclosure.set_field(owner.key(), field, value.as_ref()).await.context("a profile's field")?;
            facts.insert(Fact::Field(field));
        }
    }
    Ok(facts)
}

fn entry(pairs: &[(&str, &str)]) -> Entry {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

/// A company asks the one of them who likes forms, so that something waits for somebody.
pub(super) async fn ask(site: &Site, disclosure: &Disclosure, recruiter: Owner) -> Result<()> {
    let viewer = disclosure.companies_of(recruiter.key()).await?.into_iter().next();
    let viewer = viewer.context("a company of the demonstration")?;
    let likes_forms = |seen: &Seen| {
        let headline = seen.field(Field::Headline).and_then(|value| value.entries().first()?.get("headline"));
        headline.is_some_and(|headline| headline.starts_with("Forms"))
    };
    let seen = disclosure.list(&viewer).await?;
    let vacancies = site.vacancies().all_of(&viewer).await.map_err(said)?;
    let interfaces = vacancies.iter().find(|one| one.draft.title.contains("interfaces"));
    let (Some(found), Some(vacancy)) = (seen.iter().find(|seen| likes_forms(seen)), interfaces) else { return Ok(()) };
    let new = NewRequest {
        vacancy: vacancy.id,
        why: "Our partners send orders through forms and an interface whose rules about who may do what have grown for years. You \
              write that you like both."
            .to_owned(),
        next: vacancy.draft.process.clone(),
    };
    let asked = site.introductions().begin_request(&viewer, recruiter, found.name(), new).await;
    asked.map(drop).map_err(|fault| anyhow::anyhow!("the demonstration's request: {fault:?}"))
}
