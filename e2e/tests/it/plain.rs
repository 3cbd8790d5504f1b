//! Without scripts the same pages are plain forms.

use crate::{SECTION, TASK};
use anyhow::{Result, ensure};
use e2e::{Page, walk};
use serde_json::json;
use thirtyfour::Key;

async fn without_scripts(page: &Page) -> Result<()> {
    page.cdp("Emulation.setScriptExecutionDisabled", json!({"value": true})).await?;
    Ok(())
}

#[test]
fn a_task_is_a_plain_form_and_the_result_keeps_the_text() {
    walk("a task without scripts", async |page| {
        without_scripts(page).await?;
        page.goto(TASK).await?;
        ensure!(page.count(".editor-host").await? == 0, "scripts run after all");
        page.click("[id='file:catalog/api.py'] > summary").await?;
        let field = page.find("[id='text:catalog/api.py']").await?;
        field.send_keys(Key::Control + Key::End).await?;
        field.send_keys("\nprint('sent as a form')").await?;
        page.click("jf-run [type=submit]").await?;

        page.arrives("/tasks/book-list/runs#verdict").await?;
        ensure!(page.text("#verdict .own-output").await?.contains("sent as a form"));
        let script = "return document.getElementById('text:catalog/api.py').value";
        let kept = page.js(script, vec![]).await?;
        ensure!(kept.as_str().is_some_and(|text| text.ends_with("print('sent as a form')")), "{kept}");
        ensure!(page.count("input[name=variant][value='7']").await? == 1, "the next run is of the same variant");
        ensure!(page.count(".behaviour.is-failed .evidence").await? > 0);
        Ok(())
    });
}

#[test]
fn a_snippet_is_a_plain_form_on_a_page_of_its_own() {
    walk("a snippet without scripts", async |page| {
        without_scripts(page).await?;
        page.goto(SECTION).await?;
        page.click(".try > summary").await?;
        let field = page.find(".try textarea").await?;
        field.send_keys(Key::Control + Key::End).await?;
        field.send_keys("\nprint('sent as a form')").await?;
        page.click(".try [type=submit]").await?;
        page.arrives("/guides/django/proofs/").await?;
        ensure!(page.text(".run-result .output").await?.contains("sent as a form"));
        let kept = page.js("return document.querySelector('textarea').value", vec![]).await?;
        ensure!(kept.as_str().is_some_and(|text| text.ends_with("print('sent as a form')")), "{kept}");
        Ok(())
    });
}

#[test]
fn the_guide_is_searched_without_scripts() {
    walk("search without scripts", async |page| {
        without_scripts(page).await?;
        page.goto("/guides/django").await?;
        page.find("#q").await?.send_keys("prefetch_related").await?;
        page.click("search button").await?;
        page.arrives("/guides/django/search?q=prefetch_related").await?;
        ensure!(page.count(".hits .hit").await? > 1);
        page.click(".hit a[href*='#']").await?;
        page.until("document.querySelector('.question:target')").await
    });
}
