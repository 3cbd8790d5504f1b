//! The load: `wrk` with one thread and 32 connections, on the same two cores as the server.

use super::server::on_two_cores;
use anyhow::{Context, Result, bail, ensure};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What wrk found in one go.
#[derive(Debug, Clone, PartialEq)]
pub struct Went {
    /// Requests that were answered.
    pub requests: f64,
    /// The same a second.
    pub per_second: f64,
    /// Milliseconds that half of them took at most.
    pub p50: f64,
    /// Milliseconds that all but one in a hundred took at most.
    pub p99: f64,
}

/// Asks for `url` for some seconds.
pub fn wrk(url: &str, headers: &[String], seconds: u32) -> Result<Went> {
    let mut command = on_two_cores("wrk");
    command.args(["--threads", "1", "--connections", "32", "--latency", "--duration"]).arg(format!("{seconds}s"));
    for header in headers {
        command.args(["--header", header]);
    }
    let output = command.arg(url).output().context("wrk (Debian: apt-get install wrk)")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "wrk failed: {said}{}", String::from_utf8_lossy(&output.stderr));
    understood(&said)
}

fn understood(said: &str) -> Result<Went> {
    if let Some(line) = said.lines().find(|line| line.contains("Non-2xx")) {
        bail!("the server did not answer well: {}", line.trim());
    }
    if let Some(line) = said.lines().find(|line| line.contains("Socket errors")) {
        println!("wrk: {}", line.trim());
    }
    let after = |start: &str| said.lines().find_map(|line| line.trim().strip_prefix(start)).map(str::trim);
    let missing = || format!("wrk said something unexpected: {said}");
    let requests = said.lines().find_map(|line| line.trim().split_once(" requests in ")).map(|(count, _)| count);
    Ok(Went {
        requests: requests.and_then(|count| count.parse().ok()).with_context(missing)?,
        per_second: after("Requests/sec:").and_then(|rate| rate.parse().ok()).with_context(missing)?,
        p50: after("50%").and_then(milliseconds).with_context(missing)?,
        p99: after("99%").and_then(milliseconds).with_context(missing)?,
    })
}

fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1_000.0), ("m", 60_000.0)];
    units.iter().find_map(|(unit, factor)| Some(text.strip_suffix(unit)?.parse::<f64>().ok()? * factor))
}

/// One answer.
pub struct Answer {
    /// `200`
    pub status: u16,
    head: String,
    /// As it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Asks once, as `wrk` would.
pub fn get(address: &str, path: &str, headers: &[String]) -> Result<Answer> {
    let mut stream = TcpStream::connect(address).with_context(|| format!("nobody answers at {address}"))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let more: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without an end of its head")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("an answer without a status")?;
    Ok(Answer { status, head, body: bytes.split_off(end + 4) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Running 1s test @ http://127.0.0.1:1/\n  1 threads and 32 connections\n  \
        Thread Stats   Avg      Stdev     Max   +/- Stdev\n    Latency   550.02us  637.40us  10.14ms   91.61%\n  \
        Latency Distribution\n     50%  380.00us\n     75%  572.00us\n     99%    3.19ms\n  \
        70961 requests in 1.10s, 3.12GB read\nRequests/sec:  64538.09\nTransfer/sec:      2.84GB\n";

    #[test]
    fn what_wrk_says_is_understood() {
        let went = Went { requests: 70_961.0, per_second: 64_538.09, p50: 0.38, p99: 3.19 };
        assert_eq!(understood(SAID).unwrap(), went);
        assert!(understood(&format!("{SAID}  Non-2xx or 3xx responses: 9")).is_err());
        assert!(understood("").is_err());
    }

    #[test]
    fn times_come_in_four_units() {
        assert_eq!(
            ["5.00us", "2.50ms", "1.00s", "2.00m"].map(milliseconds),
            [0.005, 2.5, 1_000.0, 120_000.0].map(Some)
        );
        assert_eq!(milliseconds("soon"), None);
    }
}
