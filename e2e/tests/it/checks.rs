//! A whole skill check by keyboard alone, from joining to deleting it, with every kind of its pages looked at.

use crate::all_pages::faults;
use crate::keyboard::tab_to;
use anyhow::{Result, ensure};
use e2e::{Look, Page, letters_link, walk};
use std::path::PathBuf;
use thirtyfour::Key;

/// More steps than any check has.
const LONGEST: usize = 40;

/// What is wrong with the page as it is, in all looks; and its picture, if somebody wants pictures.
async fn is_sound(page: &Page, name: &str) -> Result<()> {
    let found = faults(page, &Look::ALL).await?;
    ensure!(found.is_empty(), "{name}: {}", found.join("\n"));
    if let Some(folder) = std::env::var_os("JOBFUTURE_PICTURES").map(PathBuf::from) {
        for look in Look::ALL {
            page.look(look).await?;
            let scheme = if look.dark { "dark" } else { "light" };
            page.picture(&folder.join(format!("check-{name}-{}-{scheme}.png", look.width))).await?;
        }
    }
    page.look(Look::ALL[0]).await
}

async fn enter(page: &Page) -> Result<()> {
    page.press(Key::Enter + "").await
}

/// To an element by Tab, and Enter on it.
async fn press_on(page: &Page, css: &str) -> Result<()> {
    tab_to(page, &format!("document.activeElement.matches({css:?})")).await?;
    enter(page).await
}

/// Waits until another page than before is there.
pub async fn moves_on(page: &Page, act: impl AsyncFnOnce() -> Result<()>) -> Result<()> {
    page.js("window.beforeIt = true", vec![]).await?;
    act().await?;
    page.until("document.readyState === 'complete' && window.beforeIt === undefined").await
}

pub async fn join(page: &Page, email: &str) -> Result<()> {
    page.goto("/join").await?;
    page.click("#email").await?;
    page.press(email).await?;
    moves_on(page, async || enter(page).await).await?;
    page.goto(&letters_link(email, "/join/")?).await?;
    page.click("input[name=name]").await?;
    page.press("Ada").await?;
    page.click("input[name=password]").await?;
    page.press("ferry orchard lantern").await?;
    moves_on(page, async || enter(page).await).await?;
    page.arrives("/account").await
}

async fn answer(page: &Page) -> Result<()> {
    let is_chosen = page.count(".quick-form .option input").await? > 0;
    if is_chosen {
        tab_to(page, "document.activeElement.matches('.quick-form .option input')").await?;
        page.press(" ").await?;
    } else {
        tab_to(page, "document.activeElement.matches('.quick-form :is(textarea, input)')").await?;
        page.press("2").await?;
    }
    moves_on(page, async || press_on(page, ".quick-form button[type=submit]").await).await
}

#[test]
fn a_whole_check_by_keyboard() {
    walk("a whole check", async |page| {
        join(page, "ada@example.org").await?;
        page.goto("/checks/django-developer").await?;
        moves_on(page, async || press_on(page, "main .button").await).await?;
        page.arrives("/checks/django-developer/begin").await?;
        is_sound(page, "consent").await?;
        moves_on(page, async || press_on(page, ".consent-form button").await).await?;
        page.arrives("/attempts/").await?;

        let (mut seen_question, mut seen_task, mut seen_explain) = (false, false, false);
        for _ in 0..LONGEST {
            if page.count("#standing").await? > 0 {
                break;
            }
            if page.count(".workbench").await? > 0 {
                page.find("jf-workbench .pane-bar").await?;
                if !seen_task {
                    is_sound(page, "task").await?;
                    let named = r#"
                        const host = document.querySelector(".editor-host");
                        return (host.shadowRoot ?? host).querySelector("[role=textbox]").getAttribute("aria-label");
                    "#;
                    let label = page.js(named, vec![]).await?;
                    ensure!(label.as_str().is_some_and(|label| label.contains('.')), "the editor is named: {label}");
                    page.run("#verdict", async || press_on(page, "jf-run button:not([formaction])").await).await?;
                    is_sound(page, "task-run").await?;
                }
                seen_task = true;
                moves_on(page, async || press_on(page, "button[formaction]").await).await?;
            } else if page.count(".explain-form").await? > 0 {
                if !seen_explain {
                    is_sound(page, "explain").await?;
                }
                seen_explain = true;
                moves_on(page, async || press_on(page, ".explain-form button").await).await?;
            } else {
                if !seen_question {
                    is_sound(page, "question").await?;
                    moves_on(page, async || press_on(page, ".check-ways button").await).await?;
                    is_sound(page, "paused").await?;
                    moves_on(page, async || press_on(page, "form.actions button").await).await?;
                }
                seen_question = true;
                answer(page).await?;
            }
        }
        ensure!(seen_question && seen_task && seen_explain, "{seen_question} {seen_task} {seen_explain}");
        ensure!(page.text("#standing .statement").await?.starts_with("You are"), "a statement");
        let dots = page.text("#standing svg title").await?;
        ensure!(dots.contains("equally likely readings"), "the dots are named: {dots}");
        ensure!(page.count("#standing svg circle").await? == 20);
        is_sound(page, "result").await?;
        let result = page.place().await?;
        page.goto(&format!("{result}/signal")).await?;
        is_sound(page, "signal").await?;
        page.goto(&result).await?;
        moves_on(page, async || press_on(page, ".task-shown a").await).await?;
        is_sound(page, "handed-in").await?;
        moves_on(page, async || press_on(page, ".breadcrumbs li:nth-child(2) a").await).await?;
        moves_on(page, async || press_on(page, ".answered-list a").await).await?;
        is_sound(page, "answered").await?;
        page.goto("/attempts").await?;
        is_sound(page, "history").await?;
        moves_on(page, async || press_on(page, ".cards a").await).await?;
        moves_on(page, async || press_on(page, "a[href$='/delete']").await).await?;
        is_sound(page, "delete").await?;
        moves_on(page, async || press_on(page, "form.actions button").await).await?;
        ensure!(page.text("main").await?.contains("You have taken none yet"));
        Ok(())
    });
}
