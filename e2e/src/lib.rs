//! The kit of the walks: the product and a driver are started once for all tests, and each walk gets a browser of its
//! own with an empty profile.
//!
//! ```no_run
//! e2e::walk("the home page has a heading", async |page| {
//!     page.goto("/").await?;
//!     anyhow::ensure!(page.count("h1").await? == 1);
//!     Ok(())
//! });
//! ```
//!
//! A walk fails as well when a page broke the content security policy or wrote an error or a warning to the console.
//! It then leaves a picture in `e2e-failures` of the target folder.
//!
//! The product is the binary that `JOBFUTURE_BINARY` names, or the one that `cargo build --package jobfuture` made. Its
//! data folder is `e2e-data` of the target folder, so that the virtual environment is made once; its database is new
//! at each start.

mod axe;
mod children;
mod crawl;
mod editor;
mod folders;
mod outside;
mod page;
mod product;
mod submission;
mod walk;

pub use crawl::{Crawled, crawl};
pub use editor::Editor;
pub use folders::repository;
pub use outside::Outside;
pub use page::{Look, Page};
pub use submission::accepted;
pub use walk::{demo_password, letters_link, operators_link, outside, public_pages, walk};
