//! Vacancies of the demonstration, published as a company would.

use super::said;
use anyhow::{Context, Result};
use jobfuture_disclosure::Disclosure;
use jobfuture_site::vacancy::{Draft, MOST_DAYS, TypedPay};
use jobfuture_site::{Owner, Site};

/// What tells one from another: whose it is, title, role, level, pay, where, musts.
struct Place {
    company: usize,
    title: &'static str,
    role: &'static str,
    level: &'static str,
    pay: (&'static str, &'static str),
    remote: &'static str,
    countries: &'static str,
    city: &'static str,
    must: &'static [&'static str],
    work: &'static str,
}

const PLACES: &[Place] = &[
    Place {
        company: 0,
        title: "Django developer, orders and stock",
        role: "django-developer",
        level: "middle",
        pay: ("58000", "70000"),
        remote: "remote",
        countries: "DE, FR, NL",
        city: "",
        must: &["django-models", "django-querysets", "django-testing"],
        work: "You keep the pages on which orders are packed quick while the stock grows.",
    },
    Place {
        company: 0,
        title: "Django developer, catalogue",
        role: "django-developer",
        level: "middle",
        pay: ("55000", "66000"),
        remote: "hybrid",
        countries: "DE",
        city: "Leipzig",
        must: &["django-querysets", "django-related-objects"],
        work: "You make a catalogue of two million titles answer within a second.",
    },
    Place {
        company: 0,
        title: "Junior Django developer",
        role: "django-developer",
        level: "junior",
        pay: ("42000", "50000"),
        remote: "hybrid",
        countries: "DE",
        city: "Leipzig",
        must: &["django-models", "django-forms-serializers"],
        work: "You begin with forms that customers meet, beside somebody who has kept them for years.",
    },
    Place {
        company: 1,
        title: "Django developer, interfaces",
        role: "django-developer",
        level: "middle",
        pay: ("60000", "74000"),
        remote: "remote",
        countries: "DE, AT, CH, PL",
        city: "",
        must: &["django-forms-serializers", "django-permissions", "django-testing"],
        work: "You look after the interfaces by which partners read prices and send orders.",
    },
    Place {
        company: 1,
        title: "Django developer, search",
        role: "django-developer",
        level: "middle",
        pay: ("62000", "72000"),
        remote: "remote",
        countries: "DE, ES, PT",
        city: "",
        must: &["django-querysets", "django-testing"],
        work: "You keep search right and quick, and write the tests that show it.",
    },
    Place {
        company: 1,
        title: "Django developer, accounts and rights",
        role: "django-developer",
        level: "middle",
        pay: ("57000", "69000"),
        remote: "onsite",
        countries: "AT",
        city: "Linz",
        must: &["django-authentication", "django-permissions"],
        work: "You decide with two others who may do what in a system that six hundred people use.",
    },
    Place {
        company: 1,
        title: "Backend developer, data flows",
        role: "backend-developer",
        level: "senior",
        pay: ("78000", "92000"),
        remote: "remote",
        countries: "DE, FR, ES, PL",
        city: "",
        must: &["django-models", "django-testing"],
        work: "You plan how data moves between three systems while all of them run.",
    },
];

/// Publishes those whose role and competencies the content has. `owners` act for a company each.
pub(super) async fn publish(site: &Site, disclosure: &Disclosure, owners: &[Owner]) -> Result<()> {
    let (words, today) = (site.vocabulary(), site.vacancies().now().to_zoned(jiff::tz::TimeZone::UTC).date());
    let last = today.checked_add(jiff::Span::new().days(MOST_DAYS))?;
    for place in PLACES {
        let owner = owners.get(place.company).context("a company of the demonstration")?;
        let viewer =
            disclosure.companies_of(owner.key()).await?.into_iter().next().context("a company of the demonstration")?;
        let draft = draft(place, &last.to_string());
        let Ok(terms) = draft.check(&words, today) else { continue };
        let id = site.vacancies().begin(&viewer, &draft).await.map_err(said)?;
        site.vacancies().publish(&viewer, id, &terms).await.map_err(said)?;
    }
    site.vacancies().catch_up().await.map_err(said)
}

fn draft(place: &Place, last: &str) -> Draft {
    let text = |text: &str| text.to_owned();
    let zones = if place.remote == "remote" { ("0", "2") } else { ("", "") };
    Draft {
        title: format!("{} (demonstration)", place.title),
        role: text(place.role),
        level: text(place.level),
        must: place.must.iter().map(|id| text(id)).collect(),
        nice: Vec::new(),
        remote: text(place.remote),
        countries: text(place.countries),
        city: text(place.city),
        zone_from: text(zones.0),
        zone_to: text(zones.1),
        employment: text("full-time"),
        pay: TypedPay { min: text(place.pay.0), max: text(place.pay.1), currency: text("EUR"), period: text("year") },
        opening: text("now"),
        headcount: text("1"),
        screening: text("none"),
        closes_on: text(last),
        description: format!(
            "{}\n\nThis vacancy belongs to the demonstration: nobody is looked for, and there is no such company. It is here so that \
             you see how a vacancy looks.",
            place.work
        ),
        process: text("A call of half an hour, an afternoon with the team on a small task, an answer within a week."),
        apply: text("jobs@demo.example"),
    }
}
