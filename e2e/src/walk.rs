//! Starts what all walks share, and gives each a page.

use crate::outside::Outside;
use crate::page::Page;
use crate::product::Product;
use crate::{axe, children, folders};
use anyhow::{Context, Result, bail};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::time::Duration;
use tokio::runtime::Runtime;

/// What all walks share.
pub struct World {
    runtime: Runtime,
    /// The product.
    pub product: Product,
    /// The driver's address.
    pub driver: String,
    /// axe-core's source.
    pub axe: String,
    _driver: Child,
}

static WORLD: OnceLock<Result<World, String>> = OnceLock::new();

impl World {
    fn start() -> Result<Self> {
        let axe = axe::source()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let port = children::free_port()?;
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}"));
        let process = children::start(command, &folders::target()?.join("e2e-driver.log"))
            .context("chromedriver (Debian's package chromium-driver)")?;
        let product = Product::start()?;
        Ok(Self { runtime, product, driver: format!("http://127.0.0.1:{port}"), axe, _driver: process })
    }

    fn get() -> &'static Self {
        match WORLD.get_or_init(|| Self::start().map_err(|error| format!("{error:#}"))) {
            Ok(world) => world,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Walks through the product in a browser of its own, and sees to it that no page complained.
///
/// # Panics
/// If the walk fails, as a test does.
pub fn walk(name: &str, body: impl AsyncFnOnce(&Page) -> Result<()>) {
    let world = World::get();
    let page = world.runtime.block_on(Page::open(world)).unwrap_or_else(|error| panic!("no browser: {error:#}"));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        world.runtime.block_on(async {
            body(&page).await?;
            match page.complaints().await? {
                none if none.is_empty() => Ok(()),
                some => bail!("the page complained:\n{}", some.join("\n")),
            }
        })
    }));
    let failed = !matches!(outcome, Ok(Ok(())));
    let told = world.runtime.block_on(async {
        let told = if failed { page.last_seen(name).await } else { String::new() };
        page.close().await;
        told
    });
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => panic!("{error:#}\n{told}"),
        Err(panic) => {
            eprintln!("{told}");
            resume_unwind(panic)
        }
    }
}

/// Paths of the pages that are the same for everybody, from the product's own map.
///
/// # Errors
/// If the map cannot be read or is empty.
pub fn public_pages() -> Result<Vec<String>> {
    let product = &World::get().product;
    let began = std::time::Instant::now();
    let map = loop {
        match product.get("/sitemap.xml") {
            Ok(map) => break map,
            Err(error) if began.elapsed() > Duration::from_secs(20) => return Err(error),
            Err(_) => {}
        }
    };
    let places = map.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next());
    let paths: Vec<String> = places.map(|url| url.strip_prefix(&product.base).unwrap_or(url).to_owned()).collect();
    anyhow::ensure!(paths.len() > 10, "the sitemap holds only {} pages: {map}", paths.len());
    Ok(paths)
}

/// The password of the demonstration's people.
///
/// # Errors
/// If the product has made none.
pub fn demo_password() -> Result<String> {
    World::get().product.demo_password()
}

/// The path of the link that makes the first operator of the product under test. It works once, so one walk has it.
///
/// # Errors
/// If the product printed none.
pub fn operators_link() -> Result<String> {
    World::get().product.operators_link()
}

/// The path, with this beginning, of the link in the newest letter to an address.
///
/// # Errors
/// If no such letter was printed.
pub fn letters_link(email: &str, beginning: &str) -> Result<String> {
    World::get().product.letters_link(email, beginning)
}

/// What the product asks of others, to be told what to say.
pub fn outside() -> &'static Outside {
    &World::get().product.outside
}
