//! A guide on paper.

use crate::SECTION;
use anyhow::{Result, ensure};
use e2e::{Look, Page, walk};
use serde_json::json;

async fn is_shown(page: &Page, css: &str) -> Result<bool> {
    let script = "const box = document.querySelector(arguments[0])?.getBoundingClientRect();
        return Boolean(box && box.width && box.height)";
    Ok(page.js(script, vec![json!(css)]).await? == true)
}

#[test]
fn a_section_is_printed_as_text_without_buttons() {
    walk("print", async |page| {
        page.look(Look { dark: true, width: 1280 }).await?;
        page.goto(SECTION).await?;
        page.cdp("Emulation.setEmulatedMedia", json!({"media": "print"})).await?;
        for kept in ["main h1", ".question .prose", ".proof pre"] {
            ensure!(is_shown(page, kept).await?, "{kept} is missing");
        }
        for gone in [".site-nav", ".site-footer", ".next-steps", ".try", ".marks", ".section-aside"] {
            ensure!(!is_shown(page, gone).await?, "{gone} is printed");
        }
        let ink = page.js("return getComputedStyle(document.querySelector('main h1')).color", vec![]).await?;
        ensure!(ink == "rgb(0, 0, 0)", "dark readers print black on white, too: {ink}");
        let sheets = page.print().await?;
        ensure!(sheets.starts_with(b"%PDF") && sheets.len() > 20_000, "{} bytes", sheets.len());
        Ok(())
    });
}
