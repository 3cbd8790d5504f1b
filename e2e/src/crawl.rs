//! Follows every link of the product, from within a page.

use crate::page::Page;
use anyhow::{Context, Result};
use serde_json::Value;

/// A page that a link leads to.
pub struct Crawled {
    /// Its path. Variants of a task are one.
    pub path: String,
    /// Where the first link to it stands.
    pub from: String,
    /// What the product answers.
    pub status: u64,
    /// Links that it offers as next steps.
    pub next_steps: u64,
    /// `#places` that links point at and that are not there.
    pub missing: Vec<String>,
}

const SCRIPT: &str = r##"
    const done = arguments[arguments.length - 1];
    const pages = new Map(), waiting = [], wanted = new Map();
    const meet = (href, from) => {
        const url = new URL(href, from);
        if (url.origin !== location.origin) return;
        if (url.searchParams.has("variant")) url.searchParams.set("variant", "7");
        const path = url.pathname + url.search;
        if (url.hash) {
            if (!wanted.has(path)) wanted.set(path, new Set());
            wanted.get(path).add(decodeURIComponent(url.hash.slice(1)));
        }
        if (pages.has(path)) return;
        pages.set(path, { path, from: new URL(from).pathname, ids: [] });
        waiting.push(path);
    };
    const visit = async (path) => {
        const page = pages.get(path);
        const answer = await fetch(path);
        page.status = answer.status;
        const here = new DOMParser().parseFromString(await answer.text(), "text/html");
        page.nextSteps = here.querySelectorAll(".next-steps li a[href]").length;
        page.ids = new Set([...here.querySelectorAll("[id]")].map((element) => element.id));
        here.querySelectorAll("a[href]").forEach((link) => meet(link.getAttribute("href"), answer.url));
    };
    const work = async () => { while (waiting.length) await visit(waiting.shift()); };
    meet("/", location.href);
    const all = async () => {
        await visit(waiting.shift());
        await Promise.all([1, 2, 3, 4].map(work));
        await work();
    };
    all().then(() => done([...pages.values()].map((page) => ({
        ...page, ids: undefined,
        missing: [...wanted.get(page.path) ?? []].filter((id) => !page.ids.has?.(id)),
    }))), (error) => done(String(error)));
"##;

/// Every page of the product that links lead to from home.
///
/// # Errors
/// If the browser cannot, or the answer cannot be read.
pub async fn crawl(page: &Page) -> Result<Vec<Crawled>> {
    page.goto("/").await?;
    let found = page.js_later(SCRIPT, vec![]).await?;
    let found = found.as_array().with_context(|| format!("the crawl failed: {found}"))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let read = |page: &Value| Crawled {
        path: text(&page["path"]),
        from: text(&page["from"]),
        status: page["status"].as_u64().unwrap_or_default(),
        next_steps: page["nextSteps"].as_u64().unwrap_or_default(),
        missing: page["missing"].as_array().map(|all| all.iter().map(text).collect()).unwrap_or_default(),
    };
    Ok(found.iter().map(read).collect())
}
