//! What can be said on the command line.

pub mod irt;

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Practical interview guides, skill checks judged by what code does, and hiring by consent.
#[derive(Parser)]
#[command(name = "jobfuture", version)]
pub struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// Log as JSON, one object a line
    #[arg(long, global = true, env = "JOBFUTURE_JSON_LOG")]
    pub json_log: bool,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Set up everything that is needed, and serve it on this machine to look at
    Demo(Serve),
    /// Serve the site
    Serve(Serve),
    /// Say what this machine can do, what it lacks, and the mend
    Doctor(Machine),
    /// Grade code
    #[command(subcommand)]
    Grade(Grade),
    /// Check and prove guides and tasks
    #[command(subcommand)]
    Content(Content),
    /// Measure levels: calibrate items, score answers, simulate, certify, look for unfair items
    #[command(subcommand)]
    Irt(irt::Irt),
    /// Measure the items of skill checks by answers that were lent, and release what keeps its bars
    ///
    /// Exit code: 0 released, or with --dry-run could be; 1 too few answers, or a bar was missed; 2 could not be tried.
    Calibrate(Calibrate),
    /// Judge again what was handed in for versions of tasks that were superseded
    ///
    /// Exit code: 0 all of it, 1 some of it could not be judged, 2 broke off.
    Regrade(Regrade),
    /// Check credentials, and change the keys that sign them
    #[command(subcommand)]
    Credential(Credential),
}

/// `jobfuture credential …`
#[derive(Subcommand)]
pub enum Credential {
    /// Check a wallet file or a proof, without asking anybody
    ///
    /// Exit code: 0 good, 1 refused, 2 could not be read.
    Verify(VerifyCredential),
    /// Sign with a new key from now on; what the one before signed stays good until that is retired
    RotateKey(Machine),
    /// Publish the key before no longer: everything that it signed is refused from then on
    RetireKey(Machine),
}

/// `jobfuture credential verify`
#[derive(Args)]
pub struct VerifyCredential {
    /// A wallet file, or a proof that was made for you
    pub file: PathBuf,
    /// The issuer that you trust, such as https://jobs.example.org
    #[arg(long, requires = "metadata")]
    pub issuer: Option<String>,
    /// What you fetched yourself from the issuer's /.well-known/jwt-vc-issuer; without it the keys in the file are used,
    /// which proves no more than that the file is whole
    #[arg(long, requires = "issuer")]
    pub metadata: Option<PathBuf>,
    /// For whom a proof was made, such as https://acme.example
    #[arg(long, requires = "nonce")]
    pub audience: Option<String>,
    /// The text that you drew for it
    #[arg(long, requires = "audience")]
    pub nonce: Option<String>,
    /// What you fetched yourself from the address of the status list that it names; takes the place of a file's own copy
    #[arg(long)]
    pub status_list: Option<PathBuf>,
    /// Print what it says as JSON
    #[arg(long)]
    pub json: bool,
}

/// Where things are, and with what code is run.
#[derive(Args, Clone)]
pub struct Machine {
    /// Folder of guides, tasks and projects
    #[arg(long, env = "JOBFUTURE_CONTENT", default_value = "content")]
    pub content: PathBuf,
    /// Data folder: database, Python toolchains
    #[arg(long, env = "JOBFUTURE_DATA")]
    pub data: Option<PathBuf>,
    /// Python interpreter, 3.10 or newer; default: python3 of the PATH, or a newer one beside it if that is older than 3.12
    #[arg(long, env = "JOBFUTURE_PYTHON")]
    pub python: Option<PathBuf>,
    /// Database: sqlite:PATH or postgres://…; default: SQLite in the data folder
    #[arg(long, env = "JOBFUTURE_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Database of the keys that seal profiles and signals, sqlite:PATH or postgres://…; keep it out of the backups of the
    /// other, so that deleting an account shreds what they hold; default: keys.db in the data folder
    #[arg(long, env = "JOBFUTURE_KEYS_URL", hide_env_values = true)]
    pub keys_url: Option<String>,
    /// Run strangers' code even where isolation is reduced (tier C of `jobfuture doctor`)
    #[arg(long, env = "JOBFUTURE_ALLOW_REDUCED_ISOLATION")]
    pub allow_reduced_isolation: bool,
}

/// Serving.
#[derive(Args, Clone)]
pub struct Serve {
    /// Where things are
    #[command(flatten)]
    pub machine: Machine,
    /// Address to listen on
    #[arg(long, env = "JOBFUTURE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address under which the world reaches the site, such as https://jobs.example.org
    #[arg(long, env = "JOBFUTURE_BASE_URL")]
    pub base_url: Option<String>,
    /// Mail server, such as smtps://USER:PASSWORD@mail.example.org or smtp://127.0.0.1:25; without one letters wait in the
    /// operator's outbox
    #[arg(long, env = "JOBFUTURE_SMTP", hide_env_values = true, requires = "mail_from", requires = "base_url")]
    pub smtp: Option<String>,
    /// Sender of letters, such as "JobFuture <jobs@example.org>"
    #[arg(long, env = "JOBFUTURE_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// By whom else people may sign in
    #[command(flatten)]
    pub oidc: Oidc,
    /// What this server asks of others
    #[command(flatten)]
    pub outbound: Outbound,
    /// Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8; may be given several times
    #[arg(long = "trusted-proxy", env = "JOBFUTURE_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<String>,
}

/// What this server asks of others: DNS and files of domains that companies name.
#[derive(Args, Clone, Default)]
pub struct Outbound {
    /// Name server to ask, such as 192.0.2.53 or [2001:db8::53]:5353; may be given several times; default: those of the system
    #[arg(long = "dns", env = "JOBFUTURE_DNS", value_delimiter = ',', value_parser = name_server)]
    pub dns: Vec<SocketAddr>,
    /// Ask no other server: companies are verified by the operator alone
    #[arg(long, env = "JOBFUTURE_NO_OUTBOUND", conflicts_with_all = ["dns", "outbound_trial"])]
    pub no_outbound: bool,
    /// To try things out on one machine: names that lead to this address are reached at exactly it, by plain http, and every
    /// other private address stays out of reach; may be given several times
    #[arg(long, env = "JOBFUTURE_OUTBOUND_TRIAL", value_delimiter = ',')]
    pub outbound_trial: Vec<SocketAddr>,
}

/// An address, with the usual port if it names none.
fn name_server(text: &str) -> Result<SocketAddr, String> {
    let usual = |address: std::net::IpAddr| SocketAddr::new(address, 53);
    text.parse().or_else(|_| text.parse().map(usual)).map_err(|_| {
        format!("{text} is no address of a name server: write 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353")
    })
}

/// Sign-in by a provider of OpenID Connect.
#[derive(Args, Clone, Default)]
pub struct Oidc {
    /// Provider of OpenID Connect by which people may sign in too, such as https://login.example.org
    #[arg(long, env = "JOBFUTURE_OIDC_ISSUER")]
    pub oidc_issuer: Option<String>,
    /// As what this site is registered there
    #[arg(long, env = "JOBFUTURE_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,
    /// The secret that belongs to the client id; better given by the variable, or as a file
    #[arg(long, env = "JOBFUTURE_OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub oidc_client_secret: Option<String>,
    /// File that holds the secret and nothing else
    #[arg(long, env = "JOBFUTURE_OIDC_CLIENT_SECRET_FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// What the provider is called on the button; default: its host
    #[arg(long, env = "JOBFUTURE_OIDC_NAME")]
    pub oidc_name: Option<String>,
}

/// `jobfuture grade …`
#[derive(Subcommand)]
pub enum Grade {
    /// Grade the files of a folder, laid over a task's starter
    ///
    /// Exit code: 0 every behaviour shown, 1 not, 2 could not be graded.
    Try(Try),
}

/// `jobfuture grade try`
#[derive(Args, Clone)]
pub struct Try {
    /// Where things are
    #[command(flatten)]
    pub machine: Machine,
    /// Task id, such as book-list
    pub task: String,
    /// Folder with the files that were changed, by their paths in the project
    pub folder: PathBuf,
    /// Draws the variant's parameters and the rows
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Print the verdict as JSON
    #[arg(long)]
    pub json: bool,
}

/// `jobfuture content …`
#[derive(Subcommand)]
pub enum Content {
    /// Read all content and name every fault with file, line and mend
    Check(Check),
    /// Run every proof: what guides claim, and that tasks tell right from wrong
    Prove(Prove),
}

/// `jobfuture content check`
#[derive(Args, Clone)]
pub struct Check {
    /// Folder of guides, tasks and projects
    #[arg(long, env = "JOBFUTURE_CONTENT", default_value = "content")]
    pub content: PathBuf,
}

/// `jobfuture content prove`
#[derive(Args, Clone)]
pub struct Prove {
    /// Where things are
    #[command(flatten)]
    pub machine: Machine,
    /// Only this task or guide
    pub only: Option<String>,
    /// Every submission with every seed, also where one verdict takes long
    #[arg(long)]
    pub thorough: bool,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

/// `jobfuture calibrate`
#[derive(Args, Clone)]
pub struct Calibrate {
    /// Where things are
    #[command(flatten)]
    pub machine: Machine,
    /// Only this check
    #[arg(long)]
    pub check: Option<String>,
    /// Fewest people who lent their answers; an item takes 30 answers of them
    #[arg(long, default_value_t = 200)]
    pub min_answers: u32,
    /// People who are simulated to certify the new release; of much fewer, chance alone misses bars
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub people: u32,
    /// Say what would be, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print what came of it as JSON
    #[arg(long)]
    pub json: bool,
}

/// `jobfuture regrade`
#[derive(Args, Clone)]
pub struct Regrade {
    /// Where things are
    #[command(flatten)]
    pub machine: Machine,
    /// Only this task, by its id
    #[arg(long)]
    pub task: Option<String>,
    /// Address under which the world reaches the site, for the letters
    #[arg(long, env = "JOBFUTURE_BASE_URL")]
    pub base_url: Option<String>,
    /// Say how much there is, and run and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
