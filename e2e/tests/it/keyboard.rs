//! By keyboard alone.

use crate::{FILE, TASK};
use anyhow::{Result, bail, ensure};
use e2e::{Page, walk};
use serde_json::Value;
use thirtyfour::Key;

/// More stops than any page has before what is looked for.
const FAR: usize = 120;

/// Where the focus is: what is written there, whether it is on the screen, and whether it is marked.
const STOP: &str = r#"
    const element = document.activeElement;
    const marks = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const marked = element.matches(".option > input") ? element.parentElement
        : element.matches("input[type=radio]") ? element.nextElementSibling : element;
    const box = element.getBoundingClientRect();
    return {
        name: element.tagName.toLowerCase() + (element.className ? `.${element.className}` : ""),
        text: element.textContent.trim().slice(0, 60),
        seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        marked: marks(getComputedStyle(marked)),
        at: element === document.body ? null : `${element.tagName} ${element.id} ${element.getAttribute("href") ?? ""}`,
    };
"#;

/// Presses Tab until an expression is true, and sees to it that each stop can be seen and is marked.
pub async fn tab_to(page: &Page, expression: &str) -> Result<()> {
    for _ in 0..FAR {
        page.press(Key::Tab + "").await?;
        let stop = page.js(STOP, vec![]).await?;
        ensure!(stop["at"] != Value::Null, "the focus left the page before {expression}");
        ensure!(stop["seen"] == true, "the focus is out of sight: {stop}");
        ensure!(stop["marked"] == true, "the focus is not marked: {stop}");
        if page.js(&format!("return Boolean({expression})"), vec![]).await? == true {
            return Ok(());
        }
    }
    bail!("{FAR} stops on, this is still not so: {expression}")
}

#[test]
fn the_first_stop_skips_to_the_content() {
    walk("skip link", async |page| {
        for path in ["/", "/guides/django", TASK] {
            page.goto(path).await?;
            page.press(Key::Tab + "").await?;
            let stop = page.js(STOP, vec![]).await?;
            ensure!(stop["text"] == "Skip to the content" && stop["seen"] == true && stop["marked"] == true, "{stop}");
            page.press(Key::Enter + "").await?;
            page.until("document.activeElement.id === 'main'").await?;
            page.press(Key::Tab + "").await?;
            ensure!(page.js("return document.activeElement.closest('main') !== null", vec![]).await? == true);
        }
        Ok(())
    });
}

#[test]
fn from_home_to_a_verdict_by_keyboard() {
    walk("by keyboard", async |page| {
        page.goto("/").await?;
        tab_to(page, "document.activeElement.matches('.hero .button[href^=\"/tasks/\"]')").await?;
        page.press(Key::Enter + "").await?;
        page.find("jf-workbench .pane-bar").await?;

        // A read-only file and back.
        tab_to(page, "document.activeElement.matches('[data-jf-view]')").await?;
        page.press(Key::Enter + "").await?;
        page.find(".file-view").await?;
        tab_to(page, "document.activeElement.matches('[data-jf-open]')").await?;
        page.press(Key::Enter + "").await?;
        page.until("document.activeElement.matches('.editor-host')").await?;

        // Tab leaves the editor, and Shift-Tab returns to it.
        page.press(Key::Tab + "").await?;
        page.until("document.activeElement.matches('.editor-hint input')").await?;
        page.press(Key::Shift + Key::Tab).await?;
        page.until("document.activeElement.matches('.editor-host')").await?;
        page.press(Key::Control + Key::End).await?;
        page.press("\nprint('typed')").await?;
        page.run("#verdict", async || page.press(Key::Control + Key::Enter).await).await?;
        page.until("document.activeElement.matches('.editor-host')").await?;
        ensure!(page.text("#verdict .own-output").await?.contains("typed"));

        // The announced sentence ends in a link to the verdict, and the verdict can be walked.
        tab_to(page, "document.activeElement.matches('[data-jf-status] a')").await?;
        page.press(Key::Enter + "").await?;
        tab_to(page, "document.activeElement.matches('.behaviour-requirement a')").await?;
        tab_to(page, "document.activeElement.matches('.statements-fold > summary')").await?;
        page.press(Key::Enter + "").await?;
        ensure!(page.js("return document.activeElement.parentElement.open", vec![]).await? == true);
        Ok(())
    });
}

#[test]
fn a_reader_may_have_tab_indent_and_still_get_out() {
    walk("tab indents", async |page| {
        page.goto(TASK).await?;
        let editor = page.open_file(FILE).await?;
        page.click(".editor-pane:not([hidden]) .editor-hint input").await?;
        editor.click().await?;
        editor.press(Key::Control + Key::End).await?;
        editor.press(Key::Tab + "").await?;
        ensure!(editor.value().await?.ends_with("\n    "), "Tab indents");
        ensure!(editor.is_focused().await?);
        editor.press(Key::Escape + Key::Tab).await?;
        ensure!(!editor.is_focused().await?, "Escape, then Tab leaves");
        Ok(())
    });
}
