//! What a reader writes is kept in their browser and nowhere else.

use crate::{FILE, SECTION, TASK};
use anyhow::{Result, ensure};
use e2e::{Page, walk};

const MINE: &str = "# my own line";

/// Everything that the page asked the server for since it was loaded, but its own parts.
async fn requests(page: &Page) -> Result<Vec<String>> {
    let script = "return performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)
        .filter((path) => !path.startsWith('/assets/'))";
    let asked = page.js(script, vec![]).await?;
    Ok(asked.as_array().into_iter().flatten().filter_map(|path| path.as_str().map(str::to_owned)).collect())
}

async fn keeps(page: &Page) -> Result<u64> {
    Ok(page.js("return localStorage.length", vec![]).await?.as_u64().unwrap_or_default())
}

#[test]
fn work_outlives_a_reload_and_nothing_is_sent_but_runs() {
    walk("work outlives a reload", async |page| {
        page.goto(TASK).await?;
        let editor = page.open_file(FILE).await?;
        editor.type_at_end(MINE).await?;
        page.until("localStorage.length > 0").await?;
        ensure!(requests(page).await?.is_empty(), "{:?}", requests(page).await?);

        page.reload().await?;
        let editor = page.open_file(FILE).await?;
        ensure!(editor.value().await?.ends_with(MINE));
        ensure!(page.text(".kept-note").await?.contains("kept in this browser only"));
        ensure!(requests(page).await?.is_empty(), "{:?}", requests(page).await?);

        page.run("#verdict", async || page.click("jf-run [type=submit]").await).await?;
        ensure!(requests(page).await? == ["/tasks/book-list/runs"], "{:?}", requests(page).await?);
        ensure!(page.cookies().await?.is_empty(), "{:?}", page.cookies().await?);
        ensure!(page.js("return document.cookie", vec![]).await? == "");
        Ok(())
    });
}

#[test]
fn work_can_be_reset_and_the_reset_undone() {
    walk("reset", async |page| {
        page.goto(TASK).await?;
        let editor = page.open_file(FILE).await?;
        let given = editor.value().await?;
        editor.type_at_end(MINE).await?;
        page.click(".editor-pane:not([hidden]) [data-back]").await?;
        ensure!(editor.value().await? == given);
        page.click(".kept-note button").await?;
        ensure!(editor.value().await?.ends_with(MINE), "undone");
        page.click("[data-jf-reset]").await?;
        ensure!(editor.value().await? == given);
        page.until("localStorage.length === 0").await?;
        page.reload().await?;
        ensure!(page.open_file(FILE).await?.value().await? == given);
        Ok(())
    });
}

#[test]
fn a_browser_forgets_when_it_is_told_to() {
    walk("forget", async |page| {
        page.goto(TASK).await?;
        page.open_file(FILE).await?.type_at_end(MINE).await?;
        page.until("localStorage.length === 1").await?;
        page.goto(SECTION).await?;
        page.click(".question [data-mark=read]").await?;
        page.click(".try > summary").await?;
        page.editor(".try jf-editor").await?.type_at_end(MINE).await?;
        page.until("localStorage.length === 3").await?;

        page.goto("/about/practice").await?;
        let said = page.text("jf-kept").await?;
        ensure!(said.contains("1 task variant, 1 changed snippet and 1 marked question"), "{said}");
        page.click("jf-kept button").await?;
        ensure!(keeps(page).await? == 0);
        ensure!(page.text("jf-kept").await?.contains("keeps nothing of yours"));
        page.click("jf-kept button").await?;
        ensure!(keeps(page).await? == 3, "brought back");
        page.click("jf-kept button").await?;
        page.goto(TASK).await?;
        ensure!(!page.open_file(FILE).await?.value().await?.contains(MINE));
        Ok(())
    });
}
