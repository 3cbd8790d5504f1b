//! Every page, and every state of a page that matters: no violation of axe-core's rules in light and dark, wide and
//! narrow; nothing against the content security policy; no word in the console; no scrolling sideways.
//!
//! These walks are the longest. Tests start in the order of their names, and this file's name comes first.

use crate::{ACCEPTED, SECTION, TASK};
use anyhow::{Result, ensure};
use e2e::{Look, Page, accepted, public_pages, walk};
use serde_json::json;

/// As narrow as a page must work: 1280 px at a zoom of 400 %.
const NARROWEST: u32 = 320;

/// What is wrong with the page as it is now.
pub async fn faults(page: &Page, looks: &[Look]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for look in looks {
        page.look(*look).await?;
        let scheme = if look.dark { "dark" } else { "light" };
        faults.extend(page.axe().await?.into_iter().map(|fault| format!("{scheme}, {} px: {fault}", look.width)));
    }
    page.look(Look { dark: false, width: NARROWEST }).await?;
    let widest = r#"
        const wide = document.documentElement.scrollWidth;
        if (wide <= innerWidth) return null;
        const sticksOut = (element) => element.getBoundingClientRect().right > innerWidth + 1;
        const inner = [...document.querySelectorAll("main *, header *, footer *")].filter(sticksOut);
        return `${wide} px wide, because of ${inner.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(" and ")}`;
    "#;
    if let Some(fault) = page.js(widest, vec![]).await?.as_str() {
        faults.push(format!("{NARROWEST} px: scrolls sideways: {fault}"));
    }
    faults.extend(page.complaints().await?.into_iter().map(|complaint| format!("complains: {complaint}")));
    Ok(faults)
}

/// Each page is seen in light and in dark, wide and narrow. Pages of one kind share their template, so that not each
/// needs all four combinations.
async fn are_sound(page: &Page, paths: impl IntoIterator<Item = String>) -> Result<()> {
    let mut all = Vec::new();
    for (at, path) in paths.into_iter().enumerate() {
        page.goto(&path).await?;
        let found = faults(page, Look::two_of_all(at)).await?;
        all.extend(found.into_iter().map(|fault| format!("{path}: {fault}")));
    }
    ensure!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
    Ok(())
}

fn is_proof(path: &str) -> bool {
    path.contains("/proofs/")
}

#[test]
fn pages_to_read_are_sound() {
    walk("pages to read are sound", async |page| {
        are_sound(page, public_pages()?.into_iter().filter(|path| !is_proof(path))).await
    });
}

#[test]
fn pages_of_proofs_are_sound() {
    walk("pages of proofs are sound", async |page| {
        are_sound(page, public_pages()?.into_iter().filter(|p| is_proof(p))).await
    });
}

#[test]
fn pages_of_tasks_and_errors_are_sound() {
    walk("pages of tasks and errors are sound", async |page| {
        page.goto("/tasks").await?;
        let script = "return [...document.querySelectorAll('.task-card a')].map((a) => a.pathname)";
        let links = page.js(script, vec![]).await?;
        let tasks = links.as_array().into_iter().flatten().filter_map(|path| path.as_str());
        let tasks = tasks.map(|path| format!("{path}?variant=7"));
        let others = [
            "/tasks/book-list/files/catalog/models.py?variant=7",
            "/guides/django/search?q=prefetch",
            "/guides/django/search?q=nothinglikethis",
            "/guides/django/search",
            "/no/such/page",
            "/tasks/no-such-task",
            "/guides/django/no-such-section",
        ];
        are_sound(page, tasks.chain(others.map(str::to_owned))).await
    });
}

/// All that can be folded open is open.
pub async fn unfold(page: &Page) -> Result<()> {
    page.js("document.querySelectorAll('main details').forEach((fold) => { fold.open = true; })", vec![]).await?;
    Ok(())
}

#[test]
fn pages_after_a_run_are_sound() {
    walk("pages after a run are sound", async |page| {
        let mut all = Vec::new();
        page.goto(TASK).await?;
        page.run("#verdict", async || page.click("jf-run [type=submit]").await).await?;
        unfold(page).await?;
        all.extend(faults(page, &Look::ALL).await?);

        page.goto(TASK).await?;
        for (path, text) in accepted("book-list", ACCEPTED, 7)? {
            page.js(
                "document.querySelector(`jf-editor[data-path='${arguments[0]}']`).setText(arguments[1])",
                vec![json!(path), json!(text)],
            )
            .await?;
        }
        page.run("#verdict", async || page.click("jf-run [type=submit]").await).await?;
        unfold(page).await?;
        all.extend(faults(page, &Look::ALL).await?);

        page.goto(SECTION).await?;
        page.click(".try > summary").await?;
        page.run(".run-result", async || page.click(".try [type=submit]").await).await?;
        all.extend(faults(page, &Look::ALL).await?);
        ensure!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
        Ok(())
    });
}
