//! Somebody shows a signal to a company, which sees it; takes it back; and it is gone. As the people of the demonstration.

use crate::all_pages::faults;
use anyhow::{Context, Result, ensure};
use e2e::{Look, Page, demo_password, walk};
use serde_json::json;

const ADA: &str = "ada@demo.example";
const CARL: &str = "carl@demo.example";

async fn sign_in(page: &Page, email: &str) -> Result<()> {
    page.goto("/account").await?;
    if page.count("#sign-out").await? > 0 {
        page.js("document.querySelector('#sign-out').submit()", vec![]).await?;
        page.arrives("/").await?;
    }
    page.goto("/sign-in").await?;
    page.click("#email").await?;
    page.press(email).await?;
    page.click("#password").await?;
    page.press(demo_password()?).await?;
    page.click("main form button[type=submit]").await?;
    page.arrives("/account").await
}

/// Sets a field of a form, and says so to whoever listens.
async fn set(page: &Page, css: &str, value: &str) -> Result<()> {
    let script = "const field = document.querySelector(arguments[0]);
        if (field.type === 'checkbox' || field.type === 'radio') field.checked = true; else field.value = arguments[1];";
    page.js(script, vec![json!(css), json!(value)]).await.map(|_| ())
}

/// The value of the first option that is one.
async fn first_option(page: &Page, css: &str) -> Result<String> {
    let script = "return [...document.querySelectorAll(arguments[0] + ' option')].map((o) => o.value).find((v) => v)";
    let found = page.js(script, vec![json!(css)]).await?;
    found.as_str().map(str::to_owned).with_context(|| format!("no option in {css}"))
}

async fn are_sound(page: &Page, paths: &[&str]) -> Result<()> {
    let mut all = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        page.goto(path).await?;
        let found = faults(page, Look::two_of_all(at)).await?;
        all.extend(found.into_iter().map(|fault| format!("{path}: {fault}")));
    }
    ensure!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
    page.look(Look::ALL[0]).await
}

async fn path_of(page: &Page, css: &str) -> Result<String> {
    let found = page.js("return document.querySelector(arguments[0])?.pathname", vec![json!(css)]).await?;
    found.as_str().map(str::to_owned).with_context(|| format!("no link {css}"))
}

#[test]
fn what_is_shown_is_seen_and_taken_back() {
    walk("what is shown is seen and taken back", async |page| {
        sign_in(page, ADA).await?;
        page.goto("/signals").await?;
        let signal = path_of(page, ".cards a").await?;
        let own = [
            "/profile",
            "/profile/fields/experience",
            "/profile/fields/competencies",
            "/profile/import",
            "/profile/preview",
            "/signals",
            &signal,
            "/grants",
            "/grants/new",
            "/views",
            "/account",
            "/verify",
            "/companies",
        ];
        are_sound(page, &own).await?;

        page.goto("/grants/new").await?;
        let company = first_option(page, "#company").await?;
        set(page, "#company", &company).await?;
        set(page, "input[value^='signal:']", "").await?;
        set(page, "input[value='field:headline']", "").await?;
        set(page, "#purpose", "A vacancy of the demonstration").await?;
        page.click("main form button[type=submit]").await?;
        page.until("document.readyState === 'complete' && /^\\/grants\\/[0-9a-f-]{36}$/.test(location.pathname)")
            .await?;
        let grant = page.place().await?;
        are_sound(page, &[grant.as_str()]).await?;

        sign_in(page, CARL).await?;
        page.goto("/companies").await?;
        let list = path_of(page, ".cards a").await?;
        are_sound(page, &[list.as_str()]).await?;
        let script =
            "return [...document.querySelectorAll('.cards .card')].find((c) => c.textContent.includes('slow queries'))
            ?.querySelector('a').pathname";
        let candidate = page.js(script, vec![]).await?;
        let candidate = candidate.as_str().context("Ada is in the list")?.to_owned();
        are_sound(page, &[candidate.as_str()]).await?;
        let seen = page.text("main").await?;
        ensure!(seen.contains("at Middle or above") && seen.contains("slow queries"), "{seen}");
        ensure!(!seen.contains("Canal Works") && !seen.contains("60,000") && !seen.contains("Ada Example"), "{seen}");

        sign_in(page, ADA).await?;
        page.goto("/views").await?;
        ensure!(page.text("main").await?.contains("Hill Street Books"), "the look stands in her log");
        page.goto(&grant).await?;
        page.click("form[action$='/revoke'] button").await?;
        page.until("document.body.textContent.includes('Revoked on')").await?;

        sign_in(page, CARL).await?;
        page.goto(&candidate).await?;
        ensure!(page.text("main h1").await? == "There is no page here", "it is gone");
        page.goto(&list).await?;
        ensure!(!page.text("main").await?.contains("slow queries"), "also from the list");
        Ok(())
    });
}
