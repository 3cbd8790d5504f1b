//! What a page weighs when it is opened for the first time.

use crate::{FILE, SECTION, TASK};
use anyhow::{Context, Result, ensure};
use e2e::{Page, walk};

/// Bytes of bodies as they crossed the wire.
const LIMIT: u64 = 200_000;

/// All that was fetched: the bytes, and the paths.
async fn fetched(page: &Page) -> Result<(u64, Vec<String>)> {
    let script = "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .map((entry) => [entry.encodedBodySize, new URL(entry.name).pathname])";
    let entries = page.js(script, vec![]).await?;
    let entries = entries.as_array().context("entries")?;
    let bytes = entries.iter().filter_map(|entry| entry[0].as_u64()).sum();
    Ok((bytes, entries.iter().filter_map(|entry| entry[1].as_str().map(str::to_owned)).collect()))
}

#[test]
fn a_section_is_light_and_brings_no_editor() {
    walk("a section is light", async |page| {
        page.goto(SECTION).await?;
        let (bytes, paths) = fetched(page).await?;
        ensure!(paths.iter().any(|path| path.ends_with("/site.css")), "{paths:?}");
        ensure!(!paths.iter().any(|path| path.ends_with("/editor.js")), "{paths:?}");
        ensure!((5_000..LIMIT).contains(&bytes), "{bytes} bytes: {paths:?}");

        // The editor comes when somebody opens a snippet.
        page.click(".try > summary").await?;
        page.editor(".try jf-editor").await?;
        ensure!(fetched(page).await?.1.iter().any(|path| path.ends_with("/editor.js")));
        Ok(())
    });
}

#[test]
fn even_a_task_with_its_editor_is_light() {
    walk("a task is light", async |page| {
        page.goto(TASK).await?;
        page.open_file(FILE).await?;
        let (bytes, paths) = fetched(page).await?;
        ensure!(bytes < 2 * LIMIT, "{bytes} bytes: {paths:?}");
        Ok(())
    });
}
