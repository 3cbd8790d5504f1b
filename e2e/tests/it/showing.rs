//! Somebody takes a check, makes a signal of it and shows it to a company, which sees it; takes it back, and it is gone.

use crate::all_pages::faults;
use crate::checks::{join, moves_on};
use anyhow::{Context, Result, ensure};
use e2e::{Look, Page, demo_password, repository, walk};
use jobfuture_content::{AnswerKey, Block, Library};
use serde_json::{Value, json};

const ADA: &str = "ada@demo.example";
pub const CARL: &str = "carl@demo.example";
const EVE: &str = "eve@example.org";

pub async fn sign_in(page: &Page, email: &str) -> Result<()> {
    sign_in_with(page, email, &demo_password()?).await
}

/// Somebody who joined with the password of these walks.
pub async fn sign_in_again(page: &Page, email: &str) -> Result<()> {
    sign_in_with(page, email, "ferry orchard lantern").await
}

async fn sign_in_with(page: &Page, email: &str, password: &str) -> Result<()> {
    page.goto("/account").await?;
    if page.count("#sign-out").await? > 0 {
        page.js("document.querySelector('#sign-out').submit()", vec![]).await?;
        page.arrives("/").await?;
    }
    page.goto("/sign-in").await?;
    page.click("#email").await?;
    page.press(email).await?;
    page.click("#password").await?;
    page.press(password).await?;
    page.click("main form button[type=submit]").await?;
    page.arrives("/account").await
}

/// Sets a field of a form, and says so to whoever listens.
pub async fn set(page: &Page, css: &str, value: &str) -> Result<()> {
    let script = "const field = document.querySelector(arguments[0]);
        if (!field) throw new Error('no field ' + arguments[0] + ' at ' + location.pathname);
        if (field.type === 'checkbox' || field.type === 'radio') field.checked = true; else field.value = arguments[1];";
    page.js(script, vec![json!(css), json!(value)]).await.map(|_| ())
}

/// The value of the option that says so.
async fn option(page: &Page, css: &str, says: &str) -> Result<String> {
    let script = "return [...document.querySelectorAll(arguments[0] + ' option')]
        .find((option) => option.textContent.includes(arguments[1]))?.value";
    let found = page.js(script, vec![json!(css), json!(says)]).await?;
    found.as_str().map(str::to_owned).with_context(|| format!("no option {says} in {css}"))
}

pub async fn are_sound(page: &Page, paths: &[&str]) -> Result<()> {
    let mut all = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        page.goto(path).await?;
        let found = faults(page, Look::two_of_all(at)).await?;
        all.extend(found.into_iter().map(|fault| format!("{path}: {fault}")));
    }
    ensure!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
    page.look(Look::ALL[0]).await
}

pub async fn path_of(page: &Page, css: &str) -> Result<String> {
    let found = page.js("return document.querySelector(arguments[0])?.pathname", vec![json!(css)]).await?;
    found.as_str().map(str::to_owned).with_context(|| format!("no link {css}"))
}

/// Answers what is asked as somebody would who knows it: by the content's own keys, found by what stands on the page. What is not
/// found there, because it was not drawn, is answered somehow.
const ANSWER: &str = r#"
    const bank = arguments[0];
    const plain = (text) => text.replace(/\s+/g, " ").trim();
    const text = (html) => plain(new DOMParser().parseFromString(html, "text/html").body.textContent);
    const asked = plain(document.querySelector(".quick").textContent);
    // Of several that stand in what is asked, the one that says most of it is asked.
    const said = (one) => one.prompt.map(text).reduce((sum, part) => asked.includes(part) ? sum + part.length : -1e9, 0);
    const most = (all) => all.map((one) => [said(one), one]).sort((a, b) => b[0] - a[0]).find(([length]) => length > 0)?.[1];
    const options = [...document.querySelectorAll(".quick-form .option")];
    if (options.length > 0) {
        const page = new Map(options.map((option) => [plain(option.textContent), option.querySelector("input")]));
        const known = most(bank.filter((one) => one.options.length === page.size && one.options.every((o) => page.has(text(o.html)))));
        const right = known ? known.options.filter((o) => o.right).map((o) => page.get(text(o.html))) : [];
        for (const input of right.length > 0 ? right : [options[0].querySelector("input")]) input.checked = true;
    } else {
        const known = most(bank.filter((one) => one.key));
        document.querySelector(".quick-form :is(input, textarea)").value = known ? known.key : "2";
    }
"#;

/// Variants of a family that are looked through: nearly all that there are.
const VARIANTS: u64 = 60;

/// Every quick question with what is right, in every variant that so many draws find.
fn bank() -> Result<Value> {
    let library = Library::read(&repository().join("content")).map_err(|faults| anyhow::anyhow!("{faults}"))?;
    let mut bank: Vec<Value> = Vec::new();
    for question in library.questions.values() {
        for seed in 0..if question.is_family() { VARIANTS } else { 1 } {
            let variant = question.variant(seed).map_err(|fault| anyhow::anyhow!("{fault}"))?;
            let prompt: Vec<&String> = variant
                .prompt
                .iter()
                .filter_map(|block| if let Block::Html(html) = block { Some(html) } else { None })
                .collect();
            let key = match &variant.key {
                AnswerKey::Number(key) | AnswerKey::Printed(key) => Some(key.clone()),
                AnswerKey::Text(keys) => keys.first().cloned(),
                AnswerKey::Options(_) => None,
            };
            let options = variant.options.iter().map(|option| json!({ "html": option.html, "right": option.right }));
            let entry = json!({ "prompt": prompt, "key": key, "options": options.collect::<Vec<_>>() });
            if !bank.contains(&entry) {
                bank.push(entry);
            }
        }
    }
    Ok(Value::from(bank))
}

/// Takes the check's questions, and ends it at the first task.
async fn take_the_questions(page: &Page, bank: &Value) -> Result<()> {
    page.goto("/checks/django-developer/begin").await?;
    moves_on(page, async || page.click(".consent-form button").await).await?;
    let attempt = page.place().await?;
    for _ in 0..20 {
        if page.count(".quick-form").await? == 0 {
            break;
        }
        page.js(ANSWER, vec![bank.clone()]).await?;
        moves_on(page, async || page.click(".quick-form button[type=submit]").await).await?;
    }
    page.goto(&format!("{attempt}/stop")).await?;
    moves_on(page, async || page.click("main form button").await).await?;
    moves_on(page, async || page.click("a[href$='/signal']").await).await
}

/// Takes the check until it settles a level, which so few answers may not, and makes a signal of it. Gives the signal's path.
pub async fn make_a_signal(page: &Page) -> Result<String> {
    let bank = bank()?;
    for _ in 0..6 {
        take_the_questions(page, &bank).await?;
        if page.count("button[name=make]").await? > 0 {
            break;
        }
    }
    let found = faults(page, &Look::ALL).await?;
    ensure!(found.is_empty(), "the form of a signal: {}", found.join("\n"));
    page.look(Look::ALL[0]).await?;
    let says = page.text("main").await?;
    ensure!(says.contains("Word for word") && says.contains("or above"), "{says}");
    moves_on(page, async || page.click("button[name=make]").await).await?;
    page.place().await
}

#[test]
fn pages_of_what_one_shows_are_sound() {
    walk("pages of what one shows", async |page| {
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
            "/account/delete",
            "/verify",
            "/companies",
        ];
        are_sound(page, &own).await
    });
}

#[test]
fn a_signal_is_made_shown_seen_and_taken_back() {
    walk("a signal is made shown seen and taken back", async |page| {
        join(page, EVE).await?;
        let signal = make_a_signal(page).await?;
        ensure!(signal.starts_with("/signals/"), "{signal}");
        page.goto("/grants/new").await?;
        let company = option(page, "#company", "Hill Street Books").await?;
        set(page, "#company", &company).await?;
        set(page, "input[value^='signal:']", "").await?;
        set(page, "#purpose", "A vacancy of the demonstration").await?;
        moves_on(page, async || page.click("main form button[type=submit]").await).await?;
        let grant = page.place().await?;
        are_sound(page, &[grant.as_str()]).await?;

        sign_in(page, CARL).await?;
        page.goto("/companies").await?;
        let list = format!("{}/candidates", path_of(page, ".cards a").await?);
        are_sound(page, &[list.as_str()]).await?;
        let script =
            "return [...document.querySelectorAll('.cards .card')].find((c) => c.textContent.includes(arguments[0]))
            ?.querySelector('a').pathname";
        let candidate = page.js(script, vec![json!("A vacancy of the demonstration")]).await?;
        let candidate = candidate.as_str().context("somebody new is in the list")?.to_owned();
        are_sound(page, &[candidate.as_str()]).await?;
        let seen = page.text("main").await?;
        ensure!(seen.contains("or above") && seen.contains("Unaided"), "{seen}");
        ensure!(!seen.contains("eve@") && !seen.contains("%"), "{seen}");

        sign_in_again(page, EVE).await?;
        page.goto("/views").await?;
        ensure!(page.text("main").await?.contains("Hill Street Books"), "the look stands in the log");
        page.goto(&grant).await?;
        page.click("form[action$='/revoke'] button").await?;
        page.until("document.body.textContent.includes('Revoked on')").await?;

        sign_in(page, CARL).await?;
        page.goto(&candidate).await?;
        ensure!(page.text("main h1").await? == "There is no page here", "it is gone");
        page.goto(&list).await?;
        ensure!(!page.text("main").await?.contains("A vacancy of the demonstration"), "also from the list");
        Ok(())
    });
}
