//! A company publishes a vacancy; somebody finds it, reads it and reports it; it is closed.

use crate::all_pages::faults;
use crate::checks::{join, moves_on};
use crate::showing::{CARL, are_sound, set, sign_in};
use anyhow::{Context, Result, ensure};
use e2e::{Look, Page, letters_link, outside, walk};
use serde_json::json;

/// What is typed, field by field.
const TYPED: &[(&str, &str)] = &[
    ("#title", "Django developer of the walk"),
    ("#role", "django-developer"),
    ("#level", "senior"),
    ("#employment", "full-time"),
    ("#opening", "now"),
    ("#headcount", "1"),
    ("#pay_min", "70000"),
    ("#pay_max", "82,500"),
    ("#pay_currency", "EUR"),
    ("#pay_period", "year"),
    ("#remote", "remote"),
    ("#countries", "DE, FR"),
    ("#zone_from", "0"),
    ("#zone_to", "2"),
    ("input[name=must][value=django-models]", ""),
    (
        "#description",
        "You look after what the walk of the browser touches, and mend it where it hurts.\n\n- Django\n- PostgreSQL, and patience",
    ),
    ("#process", "A call, an afternoon together, an answer."),
    ("#screening", "none"),
    ("#apply", "jobs@hillstreet.example"),
];

/// The demonstration's company that Carl acts for.
pub async fn vacancies_of_carl(page: &Page) -> Result<String> {
    sign_in(page, CARL).await?;
    page.goto("/companies").await?;
    let link = page.js("return document.querySelector('main .cards a').pathname", vec![]).await?;
    let link = link.as_str().context("a company that Carl acts for")?;
    let id = link.split('/').nth(2).context("its id")?;
    Ok(format!("/companies/{id}/vacancies"))
}

#[test]
fn a_vacancy_is_published_found_reported_and_closed() {
    walk("a vacancy is published found reported and closed", async |page| {
        let vacancies = vacancies_of_carl(page).await?;
        page.goto(&format!("{vacancies}/new")).await?;
        moves_on(page, async || page.click("button[value=publish]").await).await?;
        let wrong = page.text("#wrong").await?;
        ensure!(wrong.contains("Write what the place is called"), "{wrong}");
        let found = faults(page, &Look::ALL).await?;
        ensure!(found.is_empty(), "the form with faults: {}", found.join("\n"));
        page.look(Look::ALL[0]).await?;
        for (css, value) in TYPED {
            set(page, css, value).await?;
        }
        // The day is taken from what the form allows.
        page.js("const day = document.querySelector('#closes_on'); day.value = day.max", vec![]).await?;
        moves_on(page, async || page.click("button[value=publish]").await).await?;
        let own = page.place().await?;
        let id = own.rsplit('/').next().context("its id")?.to_owned();
        let public = format!("/vacancies/{id}");

        // As everybody reads it.
        page.goto("/vacancies").await?;
        set(page, "#q", "the walk of the brwoser").await?;
        moves_on(page, async || page.click(".vacancy-words button").await).await?;
        let list = page.text("main").await?;
        ensure!(list.contains("Nothing has what you typed") && list.contains("Django developer of the walk"), "{list}");
        let report = format!("{public}/report");
        let pages = [
            "/vacancies",
            "/vacancies?level=senior&q=walk",
            &public,
            &report,
            "/about/vacancies",
            "/roles/django-developer",
            &vacancies,
            &own,
        ];
        are_sound(page, &pages).await?;
        page.goto(&public).await?;
        ensure!(page.text("main").await?.contains("EUR 70,000 to 82,500 a year"), "it states its pay");
        page.goto(&report).await?;
        set(page, "input[value=terms]", "").await?;
        moves_on(page, async || page.click("main form button").await).await?;
        ensure!(page.text("h1").await? == "Thank you", "it was sent");

        // Somebody wants to hear of others like it.
        page.goto("/vacancies?level=senior").await?;
        moves_on(page, async || page.click("form[action='/searches'] button").await).await?;
        are_sound(page, &["/searches"]).await?;

        let close = format!("{own}/close");
        are_sound(page, &[close.as_str()]).await?;
        page.goto(&close).await?;
        set(page, "input[value=withdrawn]", "").await?;
        moves_on(page, async || page.click("main form button").await).await?;
        are_sound(page, &[public.as_str(), own.as_str()]).await?;
        page.goto(&public).await?;
        ensure!(page.text("main").await?.contains("Withdrawn"), "it says why it is closed");
        let status = page.js_later(
            "const done = arguments[arguments.length - 1]; fetch(arguments[0]).then((answer) => done(answer.status))",
            vec![json!(public)],
        );
        ensure!(status.await? == json!(410), "it is gone for machines");
        Ok(())
    });
}

const ANN: &str = "ann@example.org";
const DOMAIN: &str = "walk.example";

/// Asks for a company, and shows that it controls its domain and that somebody reads mail there. Gives its path.
async fn verified_company(page: &Page) -> Result<String> {
    page.goto("/companies/new").await?;
    for (css, value) in
        [("#name", "Walk Works (test)"), ("#domain", DOMAIN), ("input[name=role][value=django-developer]", "")]
    {
        set(page, css, value).await?;
    }
    moves_on(page, async || page.click("main form button[type=submit]").await).await?;
    let company = page.place().await?.split('/').take(3).collect::<Vec<_>>().join("/");
    let proofs = format!("{company}/proofs");
    let press = async |action: &str| {
        let css = format!("form[action='{proofs}/{action}'] button");
        moves_on(page, async || page.click(&css).await).await
    };
    page.goto(&proofs).await?;
    press("challenge").await?;
    let text = page.text("pre[aria-label='The text']").await?;
    let name = page.text("pre[aria-label='The name of the record']").await?;
    press("dns").await?;
    are_sound(page, &[proofs.as_str()]).await?;
    outside().say(name.trim(), text.trim());
    outside().serve(DOMAIN, text.trim());
    page.goto(&proofs).await?;
    press("dns").await?;
    press("file").await?;
    let email = format!("ann@{DOMAIN}");
    page.goto(&proofs).await?;
    set(page, "#email", &email).await?;
    press("mail").await?;
    page.goto(&letters_link(&email, &format!("{proofs}/mail/"))?).await?;
    moves_on(page, async || page.click("main form button").await).await?;
    page.goto(&company).await?;
    let home = page.text("main").await?;
    ensure!(home.contains("Verified"), "{home}");
    Ok(company)
}

#[test]
fn somebody_joins_verifies_a_company_and_publishes() {
    walk("somebody joins verifies a company and publishes", async |page| {
        join(page, ANN).await?;
        let company = verified_company(page).await?;
        let public = format!("/company/{DOMAIN}");
        let own =
            [company.clone(), format!("{company}/proofs"), format!("{company}/people"), format!("{company}/page")];
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        are_sound(page, &own).await?;
        page.goto(&format!("{company}/vacancies/new")).await?;
        for (css, value) in TYPED {
            set(page, css, value).await?;
        }
        set(page, "#title", "Django developer at the end of a walk").await?;
        page.js("const day = document.querySelector('#closes_on'); day.value = day.max", vec![]).await?;
        moves_on(page, async || page.click("button[value=publish]").await).await?;
        are_sound(page, &[public.as_str(), "/company", "/companies"]).await?;

        // From a search to the company's own page.
        page.goto("/vacancies?q=end+of+a+walk").await?;
        moves_on(page, async || page.click(".vacancy-list a").await).await?;
        moves_on(page, async || page.click(".vacancy .eyebrow a").await).await?;
        let seen = page.text("main").await?;
        ensure!(page.place().await? == public, "the company's page");
        ensure!(
            seen.contains("Controls walk.example") && seen.contains("Django developer at the end of a walk"),
            "{seen}"
        );
        ensure!(!seen.contains("ann@"), "nobody's address: {seen}");
        Ok(())
    });
}
