//! Processes that end with the tests, however these end.

use anyhow::{Context, Result};
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};

type Order = (Command, Sender<std::io::Result<Child>>);

/// Starts a command that is told to end when this process does. What it says goes to a file.
///
/// # Errors
/// If it cannot be started.
pub fn start(mut command: Command, log: &Path) -> Result<Child> {
    let name = command.get_program().to_string_lossy().into_owned();
    let file = File::create(log).with_context(|| format!("making {}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    // SAFETY: between fork and exec only prctl is called, which takes no lock and allocates nothing.
    unsafe {
        command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM) {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        });
    }
    let (answer, child) = channel();
    let keeper = KEEPER.get_or_init(|| Mutex::new(keeper())).lock().unwrap_or_else(PoisonError::into_inner);
    keeper.send((command, answer)).ok().context("the thread that starts processes has gone")?;
    child.recv()?.with_context(|| format!("{name} did not start"))
}

static KEEPER: OnceLock<Mutex<Sender<Order>>> = OnceLock::new();

/// The signal comes when the thread that started the child ends, and a test's thread ends with its test. So one thread
/// that lives as long as the process starts them all.
fn keeper() -> Sender<Order> {
    let (sender, orders) = channel::<Order>();
    std::thread::spawn(move || {
        while let Ok((mut command, answer)) = orders.recv() {
            // Whoever asked waits for the answer.
            let _ = answer.send(command.spawn());
        }
    });
    sender
}

/// A port of this machine that was free a moment ago.
///
/// # Errors
/// If there is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
