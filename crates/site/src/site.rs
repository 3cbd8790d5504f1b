//! The site as a whole: what it is made of, how it is put together, how it is published.

use crate::account::{Accounts, Purpose, SessionCookie, Throttle};
use crate::assets::{self, Assets};
use crate::board::{Boards, Synced};
use crate::check::Checks;
use crate::company::{Companies, Rechecked};
use crate::compiled::{CompiledPages, SiteService};
use crate::config::SiteConfig;
use crate::error::{self, SiteError};
use crate::guide::Searchable;
use crate::introduction::Introductions;
use crate::kit::Kits;
use crate::pool::CandidatePool;
use crate::practice::{Practice, Queue};
use crate::profile::words_of;
use crate::proofs::ProofLedger;
use crate::task::Variants;
use crate::vacancy::{Tended, Vacancies};
use crate::{compress, operator, page, routes, security};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use jobfuture_content::Library;
use jobfuture_disclosure::{Disclosure, Issuer, Vocabulary};
use jobfuture_jobs::Queue as Jobs;
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

/// What a site is made of.
#[derive(Debug)]
pub struct SiteParts {
    /// Guides, projects and tasks.
    pub library: Arc<Library>,
    /// Who runs code, or why nobody does.
    pub practice: Practice,
    /// Results of proofs. What is recorded later is shown after the next [`Site::publish`].
    pub proofs: ProofLedger,
    /// Who has an account.
    pub accounts: Accounts,
    /// What people keep and show, behind the one door.
    pub disclosure: Disclosure,
    /// Settings.
    pub config: SiteConfig,
}

/// The web product. Cheap to clone; all clones are one site.
#[derive(Debug, Clone)]
pub struct Site(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    library: Arc<Library>,
    practice: Practice,
    proofs: ProofLedger,
    accounts: Accounts,
    disclosure: Disclosure,
    companies: Companies,
    vacancies: Vacancies,
    introductions: Introductions,
    kits: Kits,
    boards: Boards,
    pool: CandidatePool,
    reports: Throttle,
    checks: Checks,
    config: SiteConfig,
    assets: Assets,
    queue: Queue,
    variants: Variants,
    searchable: HashMap<String, Vec<Searchable>>,
    compiled: Arc<CompiledPages>,
}

/// What publishing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishReport {
    /// Pages and assets that are served ready-made.
    pub pages: usize,
    /// Their size as written, in bytes.
    pub bytes: usize,
    /// Their size as most browsers take them, in bytes.
    pub compressed: usize,
}

impl Site {
    /// Puts a site together. It serves at once; [`Site::publish`] makes it quick.
    pub fn new(parts: SiteParts) -> Self {
        let SiteParts { library, practice, proofs, accounts, disclosure, config } = parts;
        let assets = Assets::new(config.assets_dir.clone());
        let queue = Queue::new(config.practice.clone());
        let variants = Variants::default();
        let searchable = library.guides.iter().map(|(id, guide)| (id.clone(), Searchable::all(guide))).collect();
        let compiled = Arc::default();
        let checks = accounts.checks(disclosure.keys().clone(), Arc::clone(&library));
        let companies = accounts.companies(config.base_url.clone());
        let vacancies = accounts.vacancies();
        let introductions = accounts.introductions(disclosure.keys().clone(), config.base_url.clone());
        let kits = accounts.kits(disclosure.keys().clone(), config.base_url.clone());
        let boards = accounts.boards();
        let levels = words_of(&library).levels.into_iter().map(|(id, _)| id);
        let pool = accounts.pool(disclosure.clone(), levels.collect());
        Self(Arc::new(Inner {
            library,
            practice,
            proofs,
            accounts,
            disclosure,
            companies,
            vacancies,
            introductions,
            kits,
            boards,
            pool,
            reports: Throttle::default(),
            checks,
            config,
            assets,
            queue,
            variants,
            searchable,
            compiled,
        }))
    }

    /// All of the site as one service: ready-made pages first, then the router.
    pub fn service(&self) -> SiteService {
        SiteService::new(Arc::clone(&self.0.compiled), self.inner_router())
    }

    /// The same as a router, for whoever wants to nest or test it. A little slower than [`Site::service`].
    pub fn router(&self) -> Router {
        Router::new().fallback_service(self.service())
    }

    /// Renders, compresses and keeps every public page. Returns when all is done; the pages are served ready-made
    /// after the first moments, and by brotli's best, which takes about 40 ms of a core a page, at the end. To be
    /// called again when proofs were recorded.
    ///
    /// # Errors
    /// A public page that does not render, by its path. What was published before stays.
    pub async fn publish(&self) -> Result<PublishReport, PublishError> {
        let paths = self.public_paths();
        self.0.compiled.publish(self.inner_router(), paths).await
    }

    /// The path of a page that makes the first operator, once; nothing when somebody runs this instance already. A new link
    /// takes the place of an earlier one.
    ///
    /// # Errors
    /// The database's, or no randomness.
    pub async fn first_operator(&self) -> Result<Option<String>, SiteError> {
        if self.accounts().has_operator().await? {
            return Ok(None);
        }
        let link = self.accounts().make_link(Purpose::Operator, None, None).await?;
        Ok(Some(routes::FirstOperatorUrl { token: link.secret() }.to_url()))
    }

    /// Paths of all pages and files that are the same for everybody.
    fn public_paths(&self) -> Vec<String> {
        let mut paths = operator::ready_made_pages(self.library());
        paths.extend(["/favicon.svg".to_owned(), "/robots.txt".to_owned()]);
        if self.config().base_url.is_some() {
            paths.push("/sitemap.xml".to_owned());
        }
        if self.config().assets_dir.is_none() {
            paths.extend(self.assets().urls());
        }
        paths
    }

    fn inner_router(&self) -> Router {
        routes::router()
            .layer(self.csrf().with_rejection_response(|_| SiteError::CrossSite.into_response()))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(axum::middleware::from_fn(page::with_reader))
            .layer(from_fn_with_state(self.clone(), error::render_errors))
            .layer(axum::middleware::from_fn(compress::answers))
            .layer(from_fn_with_state(self.clone(), security::headers))
            .with_state(self.clone())
    }

    /// Forms are taken from this site's own pages. A proxy may have changed `Host`, so the address that the operator
    /// names is one of them.
    fn csrf(&self) -> CsrfLayer {
        let Some(base) = &self.config().base_url else { return CsrfLayer::new() };
        CsrfLayer::new().add_trusted_origin(base).unwrap_or_else(|error| {
            tracing::warn!(%error, "the base URL is no origin; forms are checked by Host alone");
            CsrfLayer::new()
        })
    }

    /// Skill checks, of whoever has the key.
    pub fn checks(&self) -> &Checks {
        &self.0.checks
    }

    /// The content.
    pub(crate) fn library(&self) -> &Library {
        &self.0.library
    }

    /// Who runs code.
    pub(crate) fn practice(&self) -> &Practice {
        &self.0.practice
    }

    /// Whose turn it is.
    pub(crate) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    /// Variants that were rendered lately.
    pub(crate) fn variants(&self) -> &Variants {
        &self.0.variants
    }

    /// What a guide's search looks through.
    pub(crate) fn searchable(&self, guide: &str) -> &[Searchable] {
        self.0.searchable.get(guide).map_or(&[], Vec::as_slice)
    }

    /// Results of proofs.
    pub(crate) fn proofs(&self) -> &ProofLedger {
        &self.0.proofs
    }

    /// Who has an account.
    pub(crate) fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// Work that is done by itself. [`crate::jobs::worker`] does it.
    pub fn jobs(&self) -> &Jobs {
        self.accounts().jobs()
    }

    /// What people keep and show, behind the one door.
    pub(crate) fn disclosure(&self) -> &Disclosure {
        &self.0.disclosure
    }

    /// Companies.
    pub fn companies(&self) -> &Companies {
        &self.0.companies
    }

    /// What companies look for.
    pub fn vacancies(&self) -> &Vacancies {
        &self.0.vacancies
    }

    /// Conversations between candidates and companies.
    pub fn introductions(&self) -> &Introductions {
        &self.0.introductions
    }

    /// Kits of interviews.
    pub fn kits(&self) -> &Kits {
        &self.0.kits
    }

    /// Companies' own job boards, from which vacancies come in.
    pub fn boards(&self) -> &Boards {
        &self.0.boards
    }

    /// Candidates who opened something to companies, as companies search them.
    pub fn pool(&self) -> &CandidatePool {
        &self.0.pool
    }

    /// Writes to people of companies whose saved searches of candidates have somebody new, and tidies up behind the pool. Meant to be
    /// called every now and then by any number of processes. Gives how many letters were written.
    ///
    /// # Errors
    /// The databases'.
    pub async fn tend_pool(&self) -> Result<usize, SiteError> {
        self.pool().sweep().await?;
        self.pool().write_letters(self.config().base_url.as_deref()).await
    }

    /// Looks at the boards whose turn it is, and brings what was made of them on. Meant to be called every now and then by any
    /// number of processes: what one is looking at, another passes by.
    ///
    /// # Errors
    /// The database's. What is wrong with a board is told to its company.
    pub async fn sync_boards(&self) -> Result<Synced, SiteError> {
        self.boards().sync_due(self).await
    }

    /// What the content calls roles, levels and competencies.
    pub fn vocabulary(&self) -> Vocabulary {
        words_of(self.library())
    }

    /// Closes vacancies that are over, asks for confirmations, and writes to people whose saved searches have something new.
    /// Meant to be called every now and then by any number of processes.
    ///
    /// # Errors
    /// The database's.
    pub async fn tend_vacancies(&self) -> Result<Tended, SiteError> {
        let address = self.config().base_url.as_deref();
        let tended = self.vacancies().tend(address).await?;
        self.vacancies().reconcile().await?;
        let written = self.vacancies().write_notices(&self.vocabulary(), address).await?;
        Ok(Tended { notices: written, ..tended })
    }

    /// How often an address may report vacancies.
    pub(crate) fn report_throttle(&self) -> &Throttle {
        &self.0.reports
    }

    /// Looks again at what companies have shown of themselves, and works out which are verified ([`Companies::recheck_due`]). To be
    /// called about once an hour; safe to run twice.
    ///
    /// # Errors
    /// The database's.
    pub async fn recheck_companies(&self) -> Result<Rechecked, SiteError> {
        self.companies().recheck_due(self.config().outbound.as_ref()).await
    }

    /// Who issues credentials; nobody where the site has no address of its own.
    pub(crate) fn issuer(&self) -> Option<Issuer> {
        let address = self.config().issuer.clone().or_else(|| self.config().base_url.clone())?;
        // Others look for the keys at the root of the host, and take none over an open line.
        let has_no_path = address.splitn(4, '/').nth(3).is_none_or(str::is_empty);
        let can_issue = has_no_path && jobfuture_credential::metadata_url(&address).is_ok();
        can_issue.then_some(Issuer { address, name: "JobFuture".to_owned() })
    }

    /// How this site's cookies look.
    pub(crate) fn cookies(&self) -> SessionCookie {
        SessionCookie::new(self.config().base_url.as_ref().is_some_and(|url| url.starts_with("https://")))
    }

    /// Settings.
    pub(crate) fn config(&self) -> &SiteConfig {
        &self.0.config
    }

    /// Stylesheets and scripts.
    pub(crate) fn assets(&self) -> &Assets {
        &self.0.assets
    }

    /// How many pages are served ready-made.
    pub(crate) fn published(&self) -> usize {
        self.0.compiled.len()
    }

    /// The address of an asset.
    pub(crate) fn asset(&self, name: &str) -> String {
        self.assets().url(name)
    }

    /// The address of a script, if there is one of this name.
    pub(crate) fn script(&self, name: &str) -> Option<String> {
        assets::FILES.iter().any(|asset| asset.name == name).then(|| self.asset(name))
    }
}

/// A public page that could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// It answered something else than 200.
    #[error("the public page {path} answered {status}")]
    Page {
        /// Its path.
        path: String,
        /// What it answered.
        status: http::StatusCode,
    },
    /// Its body broke off, or could not be compressed.
    #[error("the public page {path} could not be made ready: {why}")]
    Body {
        /// Its path.
        path: String,
        /// Why.
        why: String,
    },
    /// The task that compresses ended early.
    #[error("publishing was interrupted: {0}")]
    Interrupted(String),
}

/// A panic in a handler is an error page like any other.
fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    SiteError::internal("a handler", &text).into_response()
}
