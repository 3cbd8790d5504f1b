//! A browser with one page open.

use crate::folders;
use crate::walk::World;
use anyhow::{Context, Result, bail};
use base64::Engine as _;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use thirtyfour::common::capabilities::chrome::ChromeCapabilities;
use thirtyfour::prelude::*;
use thirtyfour::{BrowserLogEntry, ChromiumLikeCapabilities, LoggingPrefsLogLevel};

/// How long anything may take until it is on the page. Runs wait for a processor like everything else.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs in each document before its own scripts.
const LISTEN: &str = r#"
    window.complaints = [];
    addEventListener("securitypolicyviolation", (e) => {
        complaints.push(`policy: ${e.effectiveDirective} ${e.blockedURI} ${e.sample} in ${e.sourceFile}:${e.lineNumber}`);
    });
    addEventListener("unhandledrejection", (e) => { complaints.push(`unhandled: ${e.reason}`); });
"#;

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The reader's colour scheme.
    pub dark: bool,
    /// CSS pixels.
    pub width: u32,
}

impl Look {
    /// Light and dark, wide and narrow.
    pub const ALL: [Self; 4] = [
        Self { dark: false, width: 1280 },
        Self { dark: true, width: 390 },
        Self { dark: true, width: 1280 },
        Self { dark: false, width: 390 },
    ];

    /// Two of them, in which both schemes and both widths occur; the other two for every second page.
    pub fn two_of_all(page: usize) -> &'static [Self] {
        if page.is_multiple_of(2) { &Self::ALL[..2] } else { &Self::ALL[2..] }
    }
}

/// A browser with one page open.
pub struct Page {
    driver: WebDriver,
    base: String,
    pub(crate) axe: &'static str,
    _profile: TempDir,
}

impl Page {
    /// Opens a browser with an empty profile, and an address of its own as far as the product knows.
    pub(crate) async fn open(world: &'static World) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let driver = WebDriver::new(&world.driver, capabilities(profile.path())?).await?;
        driver.set_script_timeout(Duration::from_secs(60)).await?;
        let page = Self { driver, base: world.product.base.clone(), axe: &world.axe, _profile: profile };
        static OPENED: AtomicUsize = AtomicUsize::new(1);
        let address = format!("198.51.100.{}", OPENED.fetch_add(1, Ordering::Relaxed) % 250);
        page.cdp("Network.enable", json!({})).await?;
        page.cdp("Network.setExtraHTTPHeaders", json!({"headers": {"X-Forwarded-For": address}})).await?;
        page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": LISTEN})).await?;
        page.look(Look::ALL[0]).await?;
        Ok(page)
    }

    pub(crate) async fn close(self) {
        // A browser that is gone already is closed.
        let _ = self.driver.quit().await;
    }

    /// Where it was, for whoever reads that it failed.
    pub(crate) async fn last_seen(&self, name: &str) -> String {
        let place = self.driver.current_url().await.map_or_else(|error| error.to_string(), |url| url.to_string());
        let file = folders::folder("e2e-failures").map(|folder| folder.join(format!("{}.png", name.replace(' ', "-"))));
        match file {
            Ok(file) if self.driver.screenshot(&file).await.is_ok() => format!("at {place}, see {}", file.display()),
            _ => format!("at {place}"),
        }
    }

    /// A command of the DevTools protocol.
    pub async fn cdp(&self, method: &str, params: Value) -> Result<Value> {
        self.driver.cdp().send_raw(method, params).await.with_context(|| method.to_owned())
    }

    /// Sets colour scheme and width. Nothing moves, so that nothing is looked at half way.
    pub async fn look(&self, look: Look) -> Result<()> {
        let height = if look.width > 600 { 900 } else { 844 };
        let size = json!({"width": look.width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", size).await?;
        let scheme = if look.dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.cdp("Emulation.setEmulatedMedia", json!({"features": features})).await?;
        Ok(())
    }

    /// Opens a path of the product.
    pub async fn goto(&self, path: &str) -> Result<()> {
        Ok(self.driver.goto(format!("{}{path}", self.base)).await?)
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.driver.refresh().await?)
    }

    /// The path and query that it is at.
    pub async fn place(&self) -> Result<String> {
        let url = self.driver.current_url().await?.to_string();
        Ok(url.strip_prefix(&self.base).map(str::to_owned).unwrap_or(url))
    }

    /// Waits until it is at a place that begins so: a click may take a moment to lead away.
    pub async fn arrives(&self, place: &str) -> Result<()> {
        let here = "(location.pathname + location.search + location.hash)";
        self.until(&format!("document.readyState === 'complete' && {here}.startsWith({})", json!(place))).await
    }

    /// What a script returns: `return document.title`.
    pub async fn js(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        let first = script.trim().lines().next().unwrap_or_default();
        let done = self.driver.execute(script, args).await.with_context(|| format!("the script `{first} …`"))?;
        Ok(done.json().clone())
    }

    /// What a script hands to its last argument, a function.
    pub async fn js_later(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        let done = self.driver.execute_async(script, args).await?;
        Ok(done.json().clone())
    }

    /// Waits until an expression is true: `document.title === "Home"`.
    pub async fn until(&self, expression: &str) -> Result<()> {
        let script = format!("return Boolean({expression})");
        let began = Instant::now();
        while self.js(&script, vec![]).await? != true {
            if began.elapsed() > PATIENCE {
                bail!("this did not come true: {expression}");
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Ok(())
    }

    /// The first element that fits, as soon as it is there.
    pub async fn find(&self, css: &str) -> Result<WebElement> {
        self.until(&format!("document.querySelector({})", json!(css))).await?;
        Ok(self.driver.find(By::Css(css)).await?)
    }

    /// How many elements fit.
    pub async fn count(&self, css: &str) -> Result<u64> {
        let count = self.js("return document.querySelectorAll(arguments[0]).length", vec![json!(css)]).await?;
        count.as_u64().context("a number")
    }

    /// The text of the first element that fits, as it is in the document (folded or not), without space around it.
    pub async fn text(&self, css: &str) -> Result<String> {
        self.until(&format!("document.querySelector({})", json!(css))).await?;
        let text = self.js("return document.querySelector(arguments[0]).textContent", vec![json!(css)]).await?;
        Ok(text.as_str().unwrap_or_default().trim().to_owned())
    }

    /// Clicks the first element that fits.
    pub async fn click(&self, css: &str) -> Result<()> {
        let element = self.find(css).await?;
        element.scroll_into_view().await?;
        element.click().await.with_context(|| format!("clicking {css}"))
    }

    /// Presses keys, wherever the focus is: `Key::Tab`, `"text"`, `Key::Control + "a"`.
    pub async fn press(&self, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
        let element = self.driver.active_element().await?;
        Ok(element.send_keys(keys).await?)
    }

    /// Does what starts a run, and waits for what comes of it in the element that fits.
    pub async fn run(&self, result: &str, start: impl AsyncFnOnce() -> Result<()>) -> Result<()> {
        let old = "document.querySelector(arguments[0]).firstElementChild?.setAttribute('data-old', '')";
        self.js(old, vec![json!(result)]).await?;
        start().await?;
        let place = format!("document.querySelector({})", json!(result));
        self.until(&format!(
            "{place}.firstElementChild && !{place}.firstElementChild.hasAttribute('data-old') && \
             {place}.getAttribute('aria-busy') !== 'true'"
        ))
        .await
    }

    /// Names of the cookies that it keeps.
    pub async fn cookies(&self) -> Result<Vec<String>> {
        Ok(self.driver.get_all_cookies().await?.into_iter().map(|cookie| cookie.name).collect())
    }

    /// What it would put on paper, as PDF.
    pub async fn print(&self) -> Result<Vec<u8>> {
        Ok(self.driver.print_page(thirtyfour::common::print::PrintParameters::default()).await?)
    }

    /// Saves a picture of the whole page.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        let size = self.js("scrollTo(0, 0); return document.documentElement.scrollHeight", vec![]).await?;
        let width = self.js("return innerWidth", vec![]).await?;
        let clip = json!({"x": 0, "y": 0, "width": width, "height": size, "scale": 1});
        let taken = self.cdp("Page.captureScreenshot", json!({"clip": clip, "captureBeyondViewport": true})).await?;
        let png = base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().unwrap_or_default())?;
        std::fs::write(file, png).with_context(|| file.display().to_string())
    }

    /// Saves a picture of what is seen in a window so high, with the first element that fits at its top.
    pub async fn view(&self, file: &Path, css: &str, height: u32) -> Result<()> {
        let size = json!({"width": Look::ALL[0].width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", size).await?;
        let script = "scrollTo(0, scrollY + document.querySelector(arguments[0]).getBoundingClientRect().top - 16)";
        self.js(script, vec![json!(css)]).await?;
        Ok(self.driver.screenshot(file).await?)
    }

    /// What was said against the policy or in the console since the last time. That something does not exist is no
    /// complaint: links are followed elsewhere.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let heard = self.js("return (window.complaints ?? []).splice(0)", vec![]).await?;
        let heard = heard.as_array().cloned().unwrap_or_default();
        let mut complaints: Vec<String> = heard.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let is_one = |entry: &BrowserLogEntry| {
            let loud = matches!(entry.level.as_str(), "SEVERE" | "WARNING");
            // What the browser's own pages say of themselves is not about ours.
            let is_ours = !entry.message.starts_with("chrome://");
            loud && is_ours && !entry.message.contains("the server responded with a status of 4")
        };
        let entries = self.driver.browser_log().await?;
        complaints.extend(entries.into_iter().filter(is_one).map(|entry| entry.message));
        Ok(complaints)
    }

    pub(crate) fn driver(&self) -> &WebDriver {
        &self.driver
    }
}

fn capabilities(profile: &Path) -> Result<ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    for flag in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--lang=en-GB",
    ] {
        wanted.add_arg(flag)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let named = |name: &str| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.exists());
    let browser = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(named);
    let browser = browser.context("no browser: install Chromium (Debian's package chromium)")?;
    wanted.set_binary(&browser.to_string_lossy())?;
    Ok(wanted)
}
