//! A code editor of a page, used as a person does.

use crate::page::Page;
use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::prelude::*;

impl Page {
    /// The code editor in the first element that fits, once it is one.
    pub async fn editor(&self, css: &str) -> Result<Editor<'_>> {
        Editor::find(self, css).await
    }

    /// The editor of one of a task's files, chosen in the tree.
    pub async fn open_file(&self, path: &str) -> Result<Editor<'_>> {
        self.click(&format!("[data-jf-open='{path}']")).await?;
        self.editor(&format!("jf-editor[data-path='{path}']")).await
    }
}

/// An editor that stands in for the text field of a `jf-editor`.
pub struct Editor<'p> {
    page: &'p Page,
    /// Its text field, which the form sends.
    field: String,
    content: WebElement,
}

impl<'p> Editor<'p> {
    pub(crate) async fn find(page: &'p Page, css: &str) -> Result<Self> {
        let content = format!("document.querySelector({})?.querySelector('.editor-host')", json!(css));
        page.find(css).await?.scroll_into_view().await?;
        page.until(&format!("{content}?.shadowRoot.querySelector('.cm-content')")).await?;
        let script = format!("return {content}.shadowRoot.querySelector('.cm-content')");
        let content = page.driver().execute(script, vec![]).await?.element()?;
        Ok(Self { page, field: format!("{css} textarea"), content })
    }

    /// Puts the cursor into it by a click.
    pub async fn click(&self) -> Result<()> {
        self.content.click().await.context("clicking the editor")
    }

    /// Types; the focus must be in it.
    pub async fn press(&self, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
        Ok(self.content.send_keys(keys).await?)
    }

    /// Types lines below the last one.
    pub async fn type_at_end(&self, lines: &str) -> Result<()> {
        self.click().await?;
        self.press(Key::Control + Key::End).await?;
        self.press(format!("\n{lines}")).await
    }

    /// Selects all and pastes over it.
    pub async fn paste_over(&self, text: &str) -> Result<()> {
        self.click().await?;
        self.press(Key::Control + "a").await?;
        let script = r#"
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", arguments[1]);
            arguments[0].dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        "#;
        self.page.js(script, vec![self.content.to_json()?, json!(text)]).await?;
        Ok(())
    }

    /// What the form would send.
    pub async fn value(&self) -> Result<String> {
        let value = self.page.js("return document.querySelector(arguments[0]).value", vec![json!(self.field)]).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Whether the cursor is in it.
    pub async fn is_focused(&self) -> Result<bool> {
        let script = "return arguments[0].getRootNode().activeElement === arguments[0]";
        Ok(self.page.js(script, vec![self.content.to_json()?]).await? == true)
    }
}
