//! One conversation with one process: its files go in, its statements are answered by the recorder, its answers come out.
//!
//! Everything that is said here about the candidate's code was seen on this side of the stream.

use crate::GradeError;
use crate::recorder::{INTEGER_TOO_LARGE, LimitHit, Recorder, Refusal, Value, WindowTotals, cut};
use crate::runtime::INSTANCE_MEMORY;
use crate::verdict::{Stop, StopKind};
use jobfuture_content::{FileSet, Limits};
use jobfuture_sandbox::{Channel, ChannelEnd, Frame, MAX_FRAME};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::cell::Cell;
use std::time::{Duration, Instant};

/// Frames of one run that are not asked for, statements among them, are bounded by the recorder; printed text is cut here.
const OUTPUT_LIMIT: usize = 256 << 10;
/// Bytes of a request's name that records and messages carry: in a run of tests the candidate chooses it.
pub(crate) const SHOWN_LABEL: usize = 200;

/// What the process is to do.
pub(crate) enum Mode<'a> {
    /// Answer requests.
    Serve,
    /// Run migrations when asked.
    Migrate,
    /// Run this code.
    Snippet(&'a str),
    /// Run its own tests, to the first that fails. It is told the same for every variant of the application, so that
    /// nothing but their behaviour tells them apart.
    Tests {
        /// Files that variants replace, which it must not import.
        hidden: &'a [String],
    },
    /// Make a snapshot: trusted files only.
    Prepare { migrate: &'a std::collections::BTreeMap<String, String>, fixture: &'a str, people: &'a [String] },
}

/// A request as it is sent in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether Django checks CSRF tokens, as it would for a browser.
    pub enforce_csrf: bool,
}

impl Request {
    /// `GET /api/books/`
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// What came back, and what it took.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub window: WindowTotals,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A frame of the process that is a request of its own, in a run of tests.
pub(crate) enum Asked {
    /// A test begins: put the database back.
    Begin,
    /// The test client sends a request to the application.
    Client(Request),
}

/// How an [`Asked`] is answered: the frame's head and body.
pub(crate) type Answerer<'a> = dyn FnMut(&mut Recorder, Asked) -> Result<(serde_json::Value, Vec<u8>), Stop> + 'a;

/// The stream of one process and what was heard on it.
pub(crate) struct Run<'a> {
    channel: &'a mut Channel,
    /// What the candidate's code printed, and its tracebacks.
    pub output: String,
    began: Instant,
    limits: Limits,
    /// `GET /api/books/`, or `while it was loaded`.
    pub during: String,
    /// Whether the process went without a word. Its own code may have ended it, or somebody its template.
    lost: Cell<bool>,
}

#[derive(Deserialize)]
struct Query {
    s: String,
    p: serde_json::Value,
    m: bool,
}

/// What a statement gave.
#[derive(Serialize)]
struct Answered<'a> {
    c: Vec<(&'a str, Option<&'a str>)>,
    r: &'a [Vec<Value>],
    n: i64,
    l: i64,
    t: bool,
}

#[derive(Deserialize)]
struct Ended {
    why: String,
    output: String,
    error: String,
}

#[derive(Deserialize)]
struct Head {
    turn: u64,
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(default)]
    output: String,
}

#[derive(Deserialize)]
struct ClientHead {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    csrf: bool,
}

impl<'a> Run<'a> {
    /// Sends the files. The process loads them while the caller goes on; see [`Run::ready`].
    pub(crate) fn begin(
        channel: &'a mut Channel,
        limits: Limits,
        files: &FileSet,
        mode: &Mode<'_>,
    ) -> Result<Self, GradeError> {
        let began = Instant::now();
        channel.set_deadline(began + Duration::from_secs(u64::from(limits.wall_seconds)));
        let mut head = match mode {
            Mode::Serve => json!({ "mode": "serve" }),
            Mode::Migrate => json!({ "mode": "migrate" }),
            Mode::Snippet(code) => json!({ "mode": "snippet", "code": code }),
            Mode::Tests { hidden } => json!({ "mode": "tests", "hidden": hidden }),
            Mode::Prepare { migrate, fixture, people } => {
                json!({ "mode": "prepare", "migrate": migrate, "fixture": fixture, "people": people })
            }
        };
        head["files"] = files.iter().map(|(path, bytes)| json!([path, bytes.len()])).collect();
        head["limits"] = json!({
            "cpu_seconds": limits.cpu_seconds,
            // The kernel's limit stands at the most that any task may have; the harness lowers it by this much.
            "memory_less": INSTANCE_MEMORY.saturating_sub(u64::from(limits.memory_mb) << 20),
            "output_bytes": u64::from(limits.output_kb) << 10,
        });
        let body = files.values().flatten().copied().collect();
        let frame = Frame { kind: b'F', head: head.to_string().into_bytes(), body };
        channel
            .send(&frame)
            .map_err(|end| GradeError::Unavailable(format!("a fresh process took no files ({end})")))?;
        let during = "while it was loaded".to_owned();
        Ok(Self { channel, output: String::new(), began, limits, during, lost: Cell::new(false) })
    }

    /// Whether the process ended without a word, so that another one should be asked.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.get()
    }

    /// Waits until the files are loaded.
    pub(crate) fn ready(&mut self, recorder: &mut Recorder) -> Result<(), Stop> {
        self.during = "while it was loaded".into();
        let frame = self.next(recorder, b'r', None)?;
        self.hear(&frame)
    }

    /// Sends a request and waits for its response; statements in between belong to it.
    pub(crate) fn request(&mut self, recorder: &mut Recorder, request: &Request) -> Result<Response, Stop> {
        self.during = cut(&request.label(), SHOWN_LABEL);
        recorder.begin_window(&self.during);
        let turn = rand::random();
        let head = json!({
            "turn": turn, "method": request.method, "path": request.path, "headers": request.headers,
            "csrf": request.enforce_csrf,
        });
        self.send(b'R', &head, request.body.clone())?;
        let frame = self.next(recorder, b'H', None)?;
        let window = recorder.end_window();
        let head: Head = self.parse(&frame)?;
        self.answers(turn, head.turn)?;
        self.keep(&head.output);
        Ok(Response { status: head.status, headers: head.headers, body: frame.body, window })
    }

    /// Migrates an app to a target (`latest` for all), and answers the error if it failed.
    pub(crate) fn migrate(
        &mut self,
        recorder: &mut Recorder,
        app: &str,
        to: &str,
    ) -> Result<(Option<String>, WindowTotals), Stop> {
        #[derive(Deserialize)]
        struct Migrated {
            turn: u64,
            error: Option<String>,
            output: String,
        }
        self.during = format!("migrate {app} {to}");
        recorder.begin_window(&self.during);
        let turn = rand::random();
        self.send(b'G', &json!({ "turn": turn, "app": app, "to": to }), vec![])?;
        let frame = self.next(recorder, b'g', None)?;
        let window = recorder.end_window();
        let migrated: Migrated = self.parse(&frame)?;
        self.answers(turn, migrated.turn)?;
        self.keep(&migrated.output);
        Ok((migrated.error, window))
    }

    /// Waits for the end of a run that needs nothing more from us, and answers its last frame's head.
    pub(crate) fn finish<T: for<'de> Deserialize<'de>>(
        &mut self,
        recorder: &mut Recorder,
        kind: u8,
        answerer: Option<&mut Answerer<'_>>,
    ) -> Result<T, Stop> {
        let frame = self.next(recorder, kind, answerer)?;
        self.hear(&frame)?;
        self.parse(&frame)
    }

    fn send(&mut self, kind: u8, head: &impl Serialize, body: Vec<u8>) -> Result<(), Stop> {
        let head = serde_json::to_vec(head);
        let head = head.map_err(|error| self.stop(StopKind::Exit, &format!("an answer cannot be said: {error}")))?;
        let frame = Frame { kind, head, body };
        self.channel.send(&frame).map_err(|end| self.stop_of(&end))
    }

    /// Answers statements until a frame of the wanted kind arrives.
    fn next(
        &mut self,
        recorder: &mut Recorder,
        wanted: u8,
        mut answerer: Option<&mut Answerer<'_>>,
    ) -> Result<Frame, Stop> {
        loop {
            let frame = self.channel.receive().map_err(|end| self.stop_of(&end))?;
            match frame.kind {
                kind if kind == wanted => return Ok(frame),
                b'Q' => self.answer_query(recorder, &frame)?,
                b'x' => return Err(self.ended(&frame, wanted == b'r')),
                b'B' | b'C' if answerer.is_some() => {
                    let asked = self.asked(frame)?;
                    let kind = if matches!(asked, Asked::Begin) { b'b' } else { b'c' };
                    let answer = answerer.as_mut().map(|answerer| answerer(recorder, asked));
                    let (head, body) = answer.unwrap_or_else(|| Ok(Default::default()))?;
                    self.send(kind, &head, body)?;
                }
                _ => return Err(self.stop(StopKind::Exit, "the process said what it was not asked")),
            }
        }
    }

    /// An answer names the question's number, which is drawn anew each time: what was sent before the question came, so
    /// that its statements would be another question's, is no answer to it.
    fn answers(&self, asked: u64, answered: u64) -> Result<(), Stop> {
        if asked == answered {
            Ok(())
        } else {
            Err(self.stop(StopKind::Exit, "the process said what it was not asked"))
        }
    }

    fn asked(&self, frame: Frame) -> Result<Asked, Stop> {
        if frame.kind == b'B' {
            return Ok(Asked::Begin);
        }
        let head: ClientHead = self.parse(&frame)?;
        let (method, path, headers) = (head.method, head.path, head.headers);
        Ok(Asked::Client(Request { method, path, headers, body: frame.body, enforce_csrf: head.csrf }))
    }

    fn answer_query(&mut self, recorder: &mut Recorder, frame: &Frame) -> Result<(), Stop> {
        let query: Query = self.parse(frame)?;
        let executed = if query.m {
            parameters::<Vec<Vec<Value>>>(query.p).map(|sets| recorder.execute_many(&query.s, &sets))
        } else {
            parameters::<Vec<Value>>(query.p).map(|set| recorder.execute(&query.s, &set))
        };
        let head = match executed {
            Ok(Ok(answer)) => {
                let columns = answer.columns.iter().map(|column| (column.name.as_str(), column.decltype.as_deref()));
                let (n, l, t) = (answer.rowcount, answer.lastrowid, answer.in_transaction);
                let head = Answered { c: columns.collect(), r: &answer.rows, n, l, t };
                return self.send(b'A', &head, vec![]);
            }
            Ok(Err(Refusal::Sql(error))) => {
                json!({ "e": [error.class.name(), error.message], "t": recorder.in_transaction() })
            }
            Ok(Err(Refusal::Limit(hit))) => return Err(self.stop_of_limit(hit)),
            Err(problem) => json!({ "e": problem, "t": recorder.in_transaction() }),
        };
        self.send(b'A', &head, vec![])
    }

    fn parse<T: for<'de> Deserialize<'de>>(&self, frame: &Frame) -> Result<T, Stop> {
        serde_json::from_slice(&frame.head)
            .map_err(|_| self.stop(StopKind::Exit, "the process answered with something that is no answer"))
    }

    fn hear(&mut self, frame: &Frame) -> Result<(), Stop> {
        #[derive(Deserialize)]
        struct Printed {
            #[serde(default)]
            output: String,
        }
        let printed: Printed = self.parse(frame)?;
        self.keep(&printed.output);
        Ok(())
    }

    fn keep(&mut self, text: &str) {
        let left = OUTPUT_LIMIT.saturating_sub(self.output.len());
        self.output.extend(text.chars().scan(0, |taken, letter| {
            *taken += letter.len_utf8();
            (*taken <= left).then_some(letter)
        }));
    }

    /// The process says itself why it ends. It is believed as far as it harms only itself.
    fn ended(&mut self, frame: &Frame, loading: bool) -> Stop {
        let Ok(ended) = self.parse::<Ended>(frame) else {
            return self.stop(StopKind::Exit, "the process ended");
        };
        self.keep(&ended.output);
        match ended.why.as_str() {
            "cpu" => {
                self.stop(StopKind::Cpu, &format!("stopped after {} s of processor time", self.limits.cpu_seconds))
            }
            "memory" => self.stop(StopKind::Memory, "stopped because it asked for too much memory"),
            _ if loading => {
                let error: String = ended.error.chars().filter(|letter| letter.is_alphanumeric()).take(60).collect();
                Stop {
                    kind: StopKind::Import,
                    says: format!("Your code could not be loaded: {error}. The traceback is below."),
                }
            }
            "size" => {
                self.stop(StopKind::Exit, &format!("stopped because the answer has more than {} MiB", MAX_FRAME >> 20))
            }
            _ if ended.error == "SystemExit" => self.stop(StopKind::Exit, "your code ended the process (SystemExit)"),
            _ => self.stop(StopKind::Exit, "an exception ended the process"),
        }
    }

    fn stop_of(&self, end: &ChannelEnd) -> Stop {
        let used = self.began.elapsed();
        match end {
            ChannelEnd::Late => {
                self.stop(StopKind::Wall, &format!("stopped after {} s on the clock", self.limits.wall_seconds))
            }
            // A process that catches or ignores the signal of its soft limit is killed by the hard one.
            ChannelEnd::Closed if used >= Duration::from_secs(u64::from(self.limits.cpu_seconds)) => {
                self.stop(StopKind::Cpu, &format!("stopped after {} s of processor time", self.limits.cpu_seconds))
            }
            ChannelEnd::Closed => {
                self.lost.set(true);
                self.stop(StopKind::Exit, "the process ended without an answer")
            }
            ChannelEnd::Garbage(_) => self.stop(StopKind::Exit, "the process said what it was not asked"),
            ChannelEnd::Io(_) => self.stop(StopKind::Exit, "the process could not be reached any more"),
        }
    }

    fn stop_of_limit(&self, hit: LimitHit) -> Stop {
        self.stop(hit.kind(), &format!("stopped after {hit}"))
    }

    fn stop(&self, kind: StopKind, what: &str) -> Stop {
        let mut says: String = what.to_owned();
        if let Some(first) = says.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        let during = &self.during;
        let place = if during.starts_with("while") { during.clone() } else { format!("in {during}") };
        Stop { kind, says: format!("{says} {place}.") }
    }
}

/// Parameters, or the class and text of the exception that Python would have raised.
fn parameters<T: for<'de> Deserialize<'de>>(json: serde_json::Value) -> Result<T, [String; 2]> {
    serde_json::from_value(json).map_err(|error| {
        let text = error.to_string();
        let class = if text.contains(INTEGER_TOO_LARGE) { "OverflowError" } else { "InterfaceError" };
        let text = if class == "OverflowError" { INTEGER_TOO_LARGE.to_owned() } else { text };
        [class.to_owned(), text]
    })
}
