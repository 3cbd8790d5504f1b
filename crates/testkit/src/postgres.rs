//! A real PostgreSQL, for as long as the tests run.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Keeps the server until its own input ends, which happens when the test process ends, in whatever way: the kernel
/// closes the pipe. A static is never dropped, and a killed process cleans up nothing, so the shell does both.
const KEEPER: &str = r#"
"$1/postgres" -D "$2/data" >"$2/log" 2>&1 </dev/null &
read -r _
kill -QUIT $! 2>/dev/null
wait
rm -rf "$2"
"#;

/// What tests need of durability is nothing: the server is thrown away.
const SETTINGS: &str = "
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 32MB
";

/// A PostgreSQL server of its own, in a temporary folder, reached by a unix socket there (so no port can be taken).
#[derive(Debug)]
pub struct PostgresServer {
    folder: PathBuf,
    keeper: Child,
    databases: AtomicUsize,
}

impl PostgresServer {
    /// The server of this test binary, started when it is first asked for.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<PostgresServer> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Starts a server. As root it runs as another user, because PostgreSQL refuses to run as root.
    ///
    /// # Panics
    /// If PostgreSQL's server is not installed (`apt-get install postgresql`), or does not start within a minute.
    pub fn start() -> Self {
        let binaries = binaries();
        let owner = owner();
        let folder = folder(owner);
        let data = folder.join("data");
        let made = as_owner(&mut Command::new(binaries.join("initdb")), owner, &folder)
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
            .arg(&data)
            .output()
            .expect("initdb can be run");
        assert!(made.status.success(), "initdb failed:\n{}", String::from_utf8_lossy(&made.stderr));
        let socket = format!("unix_socket_directories = '{}'\n", folder.display());
        let old = fs::read_to_string(data.join("postgresql.conf")).expect("the configuration that initdb wrote");
        fs::write(data.join("postgresql.conf"), old + SETTINGS + &socket).expect("a configuration");
        let keeper = as_owner(&mut Command::new("sh"), owner, &folder)
            .args(["-c", KEEPER, "sh"])
            .args([&binaries, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C in the terminal goes to the tests; the keeper hears of it by its input.
            .process_group(0)
            .spawn()
            .expect("a shell");
        let server = Self { folder, keeper, databases: AtomicUsize::new(0) };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&self) {
        let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let started = Instant::now();
        while !log().contains("ready to accept connections") {
            assert!(started.elapsed() < Duration::from_secs(60), "PostgreSQL did not start:\n{}", log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The address of a database of this server.
    pub fn url(&self, database: &str) -> String {
        let host = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{host}/{database}")
    }

    /// Makes a fresh, empty database and gives its address.
    ///
    /// # Panics
    /// If the server is gone.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.run("postgres", &format!("create database {name}"));
        self.url(&name)
    }

    /// Runs statements in a database, beside what is tested.
    ///
    /// # Panics
    /// If they fail.
    pub fn run(&self, database: &str, sql: &str) {
        // On a thread of its own, because the caller may be within a runtime.
        std::thread::scope(|scope| scope.spawn(|| in_runtime(&self.url(database), sql)).join())
            .expect("statements that run");
    }

    /// Ends the server at once, as a crash would.
    ///
    /// # Panics
    /// If it does not end.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().expect("a keeper that ends");
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.end();
    }
}

fn in_runtime(url: &str, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("a connection");
        tokio::spawn(connection);
        client.batch_execute(sql).await.expect("statements that run");
    });
}

/// Where `initdb` and `postgres` are: Debian keeps them out of the path.
fn binaries() -> PathBuf {
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut found: Vec<PathBuf> = debian.filter(|folder| has_server(folder)).collect();
    found.sort_by_key(|folder| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = || std::env::split_paths(&path).find(|folder| has_server(folder));
    found.pop().or_else(in_path).expect("PostgreSQL's server is needed: apt-get install postgresql")
}

fn has_server(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("postgres").is_file()
}

/// The user and group that must own the server if we are root: `postgres`, or else `nobody`.
fn owner() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").expect("a /proc file system").uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("a list of users");
    let user = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2);
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    };
    Some(user("postgres").or_else(|| user("nobody")).expect("a user “postgres” or “nobody”"))
}

/// A folder with a short name (a socket's path has at most 107 bytes) that the owner can reach.
fn folder(owner: Option<(u32, u32)>) -> PathBuf {
    let place = if owner.is_some() { PathBuf::from("/tmp") } else { std::env::temp_dir() };
    let folder: TempDir = tempfile::Builder::new().prefix("jf-pg-").tempdir_in(place).expect("a temporary folder");
    if let Some((user, group)) = owner {
        chown(folder.path(), Some(user), Some(group)).expect("a folder that can be given away");
    }
    folder.keep()
}

fn as_owner<'c>(command: &'c mut Command, owner: Option<(u32, u32)>, folder: &Path) -> &'c mut Command {
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command.current_dir(folder).env("LC_ALL", "C")
}
