//! `jobfuture demo` and `jobfuture serve`.

use crate::cli::Serve;
use crate::{demo, mail, oidc, outbound, place, proofs, told};
use anyhow::{Context, Result};
use jobfuture_content::Library;
use jobfuture_db::Clock;
use jobfuture_grader::Grader;
use jobfuture_site::{Accounts, Practice, Site, SiteConfig, SiteParts};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// Instances that wait for the next run.
const POOL: usize = 4;

/// Why it is served.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To look at: speaks to the person at the terminal.
    Demo,
    /// To be used: speaks to the log.
    Serve,
}

/// Serves until it is told to stop.
pub fn run(options: &Serve, purpose: Purpose) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    runtime.block_on(serve(options, purpose))?;
    // Work that nobody waits for any more, such as proofs, must not keep the process.
    runtime.shutdown_timeout(Duration::from_secs(2));
    Ok(ExitCode::SUCCESS)
}

/// How soon lists show what another process wrote.
const FOLLOW: Duration = Duration::from_secs(2);
/// The same for what companies find of candidates: what somebody takes back is not to be found within a second.
const FOLLOW_POOL: Duration = Duration::from_millis(300);
/// How often the pool is compared with the database as a whole.
const RECONCILE_POOL: Duration = Duration::from_secs(3600);

async fn serve(options: &Serve, purpose: Purpose) -> Result<()> {
    let say = Say { purpose, began: Instant::now() };
    // First of all, so that a port in use is told before anything is made.
    let listener = listen(options.listen).await?;
    say.line("reading the content");
    let library = place::library(&options.machine.content)?;
    let data = place::data_folder(&options.machine)?;
    say.line(&format!("opening the database in {}", data.display()));
    let db = place::database(&options.machine, &data).await?;
    let ledger = proofs::remembered(&db).await?;

    // Also before anything is served: a mail server that is named wrongly should be noticed now.
    let post_office = mail::PostOffice::new(options)?;
    let config = site_config(options)?;
    if let Some(provider) = config.oidc.clone() {
        say.line(&format!("sign-in by {}, which sends people back to {}", provider.name(), provider.comes_back_to()));
        tokio::spawn(provider.keep_known(Clock::system()));
    }
    let accounts = Accounts::new(db.clone(), Clock::system())?;
    let disclosure = place::disclosure(&options.machine, &data, db.clone()).await?;
    tokio::spawn(post_office.deliver(accounts.clone(), purpose == Purpose::Demo));
    let (practice, grader) = practice(options, &data, &library, say).await;
    let site = Site::new(SiteParts {
        library: library.clone(),
        practice,
        proofs: ledger.clone(),
        accounts: accounts.clone(),
        disclosure: disclosure.clone(),
        config,
    });
    let people = match purpose {
        Purpose::Demo => demo::people(&site, &accounts, &disclosure, &library, &data).await?,
        Purpose::Serve => None,
    };
    let publishing = tokio::spawn(publish(site.clone()));
    if let Some(grader) = grader.clone() {
        let (db, site, library) = (db.clone(), site.clone(), library.clone());
        tokio::spawn(async move {
            // Pages first, proofs after them.
            let _ = publishing.await;
            match proofs::prove_all(library, grader, db, site, ledger, Clock::system()).await {
                Ok(0) => {}
                Ok(count) => tracing::info!("{count} proofs of guides and questions were run on this machine"),
                Err(error) => tracing::warn!("the proofs of guides and questions could not all be run: {error:#}"),
            }
        });
    }
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let working = tokio::spawn(work(site.clone(), stopped));
    tokio::spawn(follow(site.clone()));
    tokio::spawn(follow_pool(site.clone()));
    say.ready(options.listen);
    if let Some(people) = people {
        println!("{}", told::indented(&people, 2));
    }
    if let Some(path) = site.first_operator().await.map_err(|_| anyhow::anyhow!("the database did not answer"))? {
        let base = options.base_url.clone().unwrap_or_else(|| format!("http://{}", options.listen));
        say.operator(&format!("{}{path}", base.trim_end_matches('/')));
    }
    let service =
        axum::ServiceExt::<axum::extract::Request>::into_make_service_with_connect_info::<SocketAddr>(site.service());
    let told = async move {
        told_to_stop().await;
        // Answers under way and jobs that run are finished at the same time.
        let _ = stop.send(true);
    };
    let served = axum::serve(listener, service).with_graceful_shutdown(told).await.context("serving");
    // Also when serving failed: with it went the one who tells the worker to stop.
    let _ = working.await;
    site.checks().counted().await;
    // The cause of a failure is in the log; what is lost is who was shown to whom for a third of a second.
    let _ = site.pool().write_shown().await;
    served
}

/// Sees to it that lists of vacancies show what other processes wrote.
async fn follow(site: Site) {
    let mut pause = FOLLOW;
    loop {
        // The cause of a failure is in the log already; it is tried again later each time, and no longer than a minute.
        pause = match site.vacancies().catch_up().await {
            Ok(()) => FOLLOW,
            Err(_) => (pause * 2).min(Duration::from_secs(60)),
        };
        tokio::time::sleep(pause).await;
    }
}

/// Sees to it that companies find what candidates opened, and no longer what they took back, by whichever process.
async fn follow_pool(site: Site) {
    let (mut pause, mut reconciled) = (FOLLOW_POOL, Instant::now());
    loop {
        let is_due = reconciled.elapsed() >= RECONCILE_POOL;
        let followed = if is_due { site.pool().reconcile().await } else { site.pool().follow().await };
        if is_due && followed.is_ok() {
            reconciled = Instant::now();
        }
        let written = site.pool().write_shown().await;
        pause = match followed.and(written) {
            Ok(()) => FOLLOW_POOL,
            Err(_) => (pause * 2).min(Duration::from_secs(60)),
        };
        tokio::time::sleep(pause).await;
    }
}

/// Does what is done by itself, until it is told to stop or nobody is left who could.
async fn work(site: Site, mut stopped: tokio::sync::watch::Receiver<bool>) {
    let stop = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    jobfuture_site::jobs::worker(&site).run(stop).await;
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            let other = SocketAddr::new(address.ip(), address.port().wrapping_add(1).max(1024));
            anyhow::anyhow!(
                "{address} is in use by another program: stop that one, or choose another address with --listen {other}"
            )
        }
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("{address} may not be used by this user: choose a port above 1023 with --listen")
        }
        _ => anyhow::anyhow!("{address} cannot be listened on: {error}"),
    })
}

fn site_config(options: &Serve) -> Result<SiteConfig> {
    let trusted_proxies = options.trusted_proxies.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let base_url = options.base_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
    let oidc = oidc::provider(&options.oidc, base_url.as_deref())?;
    // On one's own machine credentials name the address that is listened on; elsewhere only the operator can say how the world
    // reaches the site.
    let issuer = options.listen.ip().is_loopback().then(|| format!("http://{}", options.listen));
    Ok(SiteConfig {
        base_url,
        issuer: issuer.filter(|_| options.base_url.is_none()),
        trusted_proxies,
        sends_mail: options.smtp.is_some(),
        oidc,
        outbound: outbound::client(&options.outbound, options.base_url.as_deref())?,
        ..SiteConfig::default()
    })
}

/// Without a grader the site is read all the same; the reason stands where one would press Run.
async fn practice(options: &Serve, data: &Path, library: &Arc<Library>, say: Say) -> (Practice, Option<Arc<Grader>>) {
    let (machine, data, library) = (options.machine.clone(), data.to_owned(), library.clone());
    let tell = move |line: &str| say.line(line);
    let started = tokio::task::spawn_blocking(move || place::grader(&machine, &data, &library, POOL, &tell)).await;
    let reason = match started {
        Ok(Ok(grader)) => {
            let grader = Arc::new(grader);
            say.line(&format!("sandbox: {}", grader.readiness()));
            return (Practice::On(grader.clone()), Some(grader));
        }
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    say.problem(&reason);
    (Practice::Off { reason }, None)
}

async fn publish(site: Site) {
    match site.publish().await {
        Ok(report) => tracing::debug!(?report, "pages published"),
        Err(error) => tracing::error!(%error, "the pages could not be made ready; they are made at each request"),
    }
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

/// Where progress is told.
#[derive(Clone, Copy)]
struct Say {
    purpose: Purpose,
    began: Instant,
}

impl Say {
    fn line(self, line: &str) {
        match self.purpose {
            Purpose::Demo => {
                println!("{}", told::dim(&format!("{:5.1} s  {line}", self.began.elapsed().as_secs_f64())))
            }
            Purpose::Serve => tracing::info!("{line}"),
        }
    }

    fn problem(self, reason: &str) {
        match self.purpose {
            Purpose::Demo => println!(
                "\n{} Guides and tasks can be read, but no code can be run here:\n{}\n{}\n",
                told::red("!"),
                told::indented(reason, 2),
                told::dim("  `jobfuture doctor` says more.")
            ),
            Purpose::Serve => tracing::error!("no code can be run here: {reason}"),
        }
    }

    /// Nobody runs this instance yet. The link lets whoever opens it do so, once.
    fn operator(self, url: &str) {
        match self.purpose {
            Purpose::Demo => println!("  To run this instance, become its operator (works once):\n  {url}\n"),
            // On the console and not in the log, which may be kept where others read it.
            Purpose::Serve => {
                eprintln!("nobody runs this instance yet; this link makes its first operator, once: {url}")
            }
        }
    }

    fn ready(self, address: SocketAddr) {
        match self.purpose {
            Purpose::Demo => println!(
                "\n{} JobFuture is at {}\n  Press Ctrl-C to stop.\n",
                told::green("✓"),
                told::green(&format!("http://{address}/"))
            ),
            Purpose::Serve => tracing::info!("listening on http://{address}/"),
        }
    }
}
