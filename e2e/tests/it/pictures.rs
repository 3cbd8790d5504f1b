//! Pictures of the pages, for whoever wants to see them: `JOBFUTURE_PICTURES=folder cargo test --package e2e pictures`.
//!
//! Each kind of page, light and dark, wide and narrow, whole; and the two pictures of the README.

use crate::{ACCEPTED, CHOICE, COUNT, FILE, SECTION, TASK};
use anyhow::Result;
use e2e::{Look, Page, accepted, public_pages, walk};
use std::path::{Path, PathBuf};

const KINDS: [(&str, &str); 18] = [
    ("home", "/"),
    ("guides", "/guides"),
    ("contents", "/guides/django"),
    ("section", SECTION),
    ("search", "/guides/django/search?q=prefetch"),
    ("proof", "/guides/django/proofs/naive-list"),
    ("questions", "/questions"),
    ("question-choice", CHOICE),
    ("question-count", COUNT),
    ("tasks", "/tasks"),
    ("task", TASK),
    ("file", "/tasks/book-list/files/catalog/models.py?variant=7"),
    ("practice", "/about/practice"),
    ("accessibility", "/about/accessibility"),
    ("licences", "/about/licences"),
    ("answers", "/answers/candidates"),
    ("hiring", "/companies/hire/django-developer"),
    ("nothing", "/nothing"),
];

/// Takes the page as it is in all four looks.
async fn take(page: &Page, folder: &Path, name: &str) -> Result<()> {
    for look in Look::ALL {
        page.look(look).await?;
        let scheme = if look.dark { "dark" } else { "light" };
        let width = if look.width > 600 { "wide" } else { "narrow" };
        page.picture(&folder.join(format!("{name}-{width}-{scheme}.png"))).await?;
    }
    page.look(Look::ALL[0]).await
}

/// A run whose verdict is bad, with what repeats in it unfolded.
async fn fail(page: &Page) -> Result<()> {
    page.goto(TASK).await?;
    page.open_file(FILE).await?;
    page.run("#verdict", async || page.click("jf-workbench [type=submit]").await).await?;
    page.click("#verdict .behaviour.is-failed .statements-fold > summary").await
}

/// Until the proofs that run after the start are done, pages say that they are not.
async fn proved(page: &Page) -> Result<()> {
    for path in public_pages()?.iter().filter(|path| path.starts_with("/guides/django/")).take(16) {
        page.goto(path).await?;
        let look_again =
            "fetch(location.pathname).then((answer) => answer.text()).then((text) => { window.later = text })";
        for _ in 0..60 {
            page.js(&format!("window.later = undefined; {look_again}"), vec![]).await?;
            page.until("window.later !== undefined").await?;
            if page.js("return window.later.includes('Not yet proved')", vec![]).await? == false {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
    }
    Ok(())
}

#[test]
fn pictures_of_every_kind_of_page() {
    let Some(folder) = std::env::var_os("JOBFUTURE_PICTURES").map(PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).expect("the folder of the pictures");
    walk("pictures", async |page| {
        proved(page).await?;
        for (name, path) in KINDS {
            page.goto(path).await?;
            take(page, &folder, name).await?;
        }
        page.goto(CHOICE).await?;
        page.click(".option").await?;
        page.click(".quick-form [type=submit]").await?;
        page.until("document.querySelector('.quick-verdict')").await?;
        take(page, &folder, "question-answered").await?;

        page.goto(SECTION).await?;
        page.click(".try > summary").await?;
        page.editor(".try jf-editor").await?;
        page.run(".run-result", async || page.click(".try [type=submit]").await).await?;
        take(page, &folder, "section-after-a-run").await?;

        fail(page).await?;
        take(page, &folder, "task-failed").await?;
        for (path, text) in accepted("book-list", ACCEPTED, 7)? {
            page.open_file(&path).await?.paste_over(&text).await?;
        }
        page.run("#verdict", async || page.click("jf-workbench [type=submit]").await).await?;
        take(page, &folder, "task-passed").await?;
        page.open_file(FILE).await?.type_at_end("def broken(:").await?;
        page.run("#verdict", async || page.click("jf-workbench [type=submit]").await).await?;
        take(page, &folder, "task-broken").await?;
        for_the_readme(page, &folder).await
    });
}

/// Both 1280 px wide, scrolled to what tells.
async fn for_the_readme(page: &Page, folder: &Path) -> Result<()> {
    page.js("localStorage.clear()", vec![]).await?;
    fail(page).await?;
    page.js("document.activeElement.blur()", vec![]).await?;
    page.view(&folder.join("verdict.png"), "#verdict", 1140).await?;
    page.goto(SECTION).await?;
    page.view(&folder.join("guide.png"), ".question", 1000).await
}
