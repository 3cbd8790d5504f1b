//! A process that is spoken to in lines and answers in lines of JSON.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to end when it is spoken to no more.
const FAREWELL: Duration = Duration::from_secs(10);

/// The process. Dropping it ends it.
pub struct Speaker {
    child: Child,
    to: Option<ChildStdin>,
    from: Lines<BufReader<ChildStdout>>,
    name: String,
}

impl Speaker {
    /// Starts it, and waits for what it says first.
    pub fn start(command: &mut Command) -> Result<(Self, Value)> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} did not start"))?;
        let from = child.stdout.take().context("its standard output")?;
        let to = child.stdin.take();
        let mut speaker = Self { child, to, from: BufReader::new(from).lines(), name };
        let first = speaker.hear()?;
        Ok((speaker, first))
    }

    /// Asks, and waits for the answer.
    pub fn ask(&mut self, question: &str) -> Result<Value> {
        let to = self.to.as_mut().context("it is spoken to no more")?;
        writeln!(to, "{question}").and_then(|()| to.flush()).with_context(|| format!("asking {}", self.name))?;
        self.hear().with_context(|| format!("asked “{question}”"))
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn hear(&mut self) -> Result<Value> {
        match self.from.next() {
            Some(line) => serde_json::from_str(&line?).with_context(|| format!("{} did not answer in JSON", self.name)),
            None => bail!("{} ended without an answer; what it had to say stands above", self.name),
        }
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        // Nothing more comes: it ends by itself, and ends what it has started.
        self.to = None;
        let until = Instant::now() + FAREWELL;
        while Instant::now() < until {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // It does not; there is nobody to tell but the process table.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A number of an answer.
pub fn number(answer: &Value, name: &str) -> Result<f64> {
    answer[name].as_f64().with_context(|| format!("the answer has no {name}: {answer}"))
}

/// A text of an answer.
pub fn text<'a>(answer: &'a Value, name: &str) -> Result<&'a str> {
    answer[name].as_str().with_context(|| format!("the answer has no {name}: {answer}"))
}
