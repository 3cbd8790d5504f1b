//! The product, as `jobfuture demo` starts it.

use crate::outside::Outside;
use crate::{children, folders};
use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// With a new virtual environment on a busy machine.
const LONGEST_START: Duration = Duration::from_secs(180);

/// A product that answers, and in which code can be run.
pub struct Product {
    /// `http://localhost:PORT`: by name, because browsers keep passkeys for names only.
    pub base: String,
    port: u16,
    log: PathBuf,
    /// What it asks of others.
    pub outside: Outside,
    _process: Child,
}

impl Product {
    /// Starts it and waits until code can be run.
    ///
    /// # Errors
    /// With the end of what it said, if it ends or does not come up.
    pub fn start() -> Result<Self> {
        let data = folders::folder("e2e-data")?;
        let files = ["", "-wal", "-shm"].map(|end| [format!("jobfuture.db{end}"), format!("keys.db{end}")]);
        for name in files.iter().flatten() {
            match std::fs::remove_file(data.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        let port = children::free_port()?;
        let base = format!("http://localhost:{port}");
        let outside = Outside::start();
        let mut command = Command::new(binary()?);
        command
            .current_dir(folders::repository())
            .args(["demo", "--listen", &format!("127.0.0.1:{port}"), "--base-url", &base])
            // Each browser gives itself an address, so that walks do not use up each other's runs.
            .args(["--trusted-proxy", "127.0.0.1"])
            // Domains of companies lead to this machine.
            .args(["--dns", &outside.names_at().to_string(), "--outbound-trial", &outside.web_at().to_string()])
            // Here it runs nobody's code but ours.
            .arg("--allow-reduced-isolation")
            .arg("--data")
            .arg(&data);
        let log = folders::target()?.join("e2e-product.log");
        let process = children::start(command, &log)?;
        let mut product = Self { base, port, log, outside, _process: process };
        product.wait()?;
        Ok(product)
    }

    fn wait(&mut self) -> Result<()> {
        let log = self.log.clone();
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        let began = Instant::now();
        while began.elapsed() < LONGEST_START {
            if let Some(status) = self._process.try_wait()? {
                bail!("the product ended ({status}). It said:\n{}", said());
            }
            match self.get("/readyz") {
                Ok(answer) if answer.contains("practice: on") => return Ok(()),
                Ok(answer) if answer.contains("practice: off") => bail!("no code can be run:\n{}", said()),
                _ => std::thread::sleep(Duration::from_millis(100)),
            }
        }
        bail!("the product does not answer. It said:\n{}", said())
    }

    /// The path of the link that makes the first operator, as it was printed at the start. It works once.
    ///
    /// # Errors
    /// If none was printed.
    pub fn operators_link(&self) -> Result<String> {
        let said = std::fs::read_to_string(&self.log)?;
        let link = said
            .split_whitespace()
            .filter_map(|word| word.strip_prefix(&self.base))
            .find(|path| path.starts_with("/operator/"));
        link.map(str::to_owned).context("no operator's link was printed")
    }

    /// The path, with this beginning, of the link in the newest letter to an address. The demonstration prints letters.
    ///
    /// # Errors
    /// If none was printed within some seconds.
    pub fn letters_link(&self, email: &str, beginning: &str) -> Result<String> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(20) {
            let said = std::fs::read_to_string(&self.log)?;
            let letter = said.rsplit_once(&format!("A letter for {email}:")).map(|(_, letter)| letter);
            let words = letter.into_iter().flat_map(str::split_whitespace);
            let mut paths = words.filter_map(|word| word.strip_prefix(&self.base));
            if let Some(path) = paths.find(|path| path.starts_with(beginning)) {
                return Ok(path.to_owned());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("no letter to {email} was printed")
    }

    /// The password of the demonstration's people, from the data folder.
    ///
    /// # Errors
    /// If none was made.
    pub fn demo_password(&self) -> Result<String> {
        let text = std::fs::read_to_string(folders::folder("e2e-data")?.join("demo-sign-in.txt"))?;
        text.lines().nth(1).map(str::to_owned).context("no password was made")
    }

    /// What it answers to a plain GET: head and body.
    ///
    /// # Errors
    /// If it cannot be reached or takes more than two seconds.
    pub fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

fn binary() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("JOBFUTURE_BINARY") {
        return Ok(named.into());
    }
    let built = folders::target()?.join("debug/jobfuture");
    built.exists().then_some(built).context("build the product first: cargo build --package jobfuture")
}
