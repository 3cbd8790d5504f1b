//! Verdicts: how long one takes, how many a core gives, beside the same job in a process that starts from nothing.

use super::machine::{has, said};
use super::numbers::Samples;
use super::speaker::{Speaker, number, text};
use super::table::{Table, bar, number as shown, times};
use super::{Options, build_example, scratch};
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const TASK: &str = "book-list";
/// Instances kept ready, as `jobfuture serve` keeps them.
const POOL: &str = "4";
/// Submissions under way at once on the pinned core: with one, the core would idle while an instance is waited for.
const SUBMITTERS: usize = 2;

/// How much is measured.
struct Size {
    rounds: usize,
    verdicts_a_round: usize,
    burst_seconds: f64,
}

/// All that was measured.
#[derive(Default)]
struct Found {
    verdict: Samples,
    phases: BTreeMap<String, Samples>,
    per_second: Samples,
    burst_seconds: f64,
    cold: Samples,
    bubblewrap: Samples,
}

/// Measures and describes.
pub fn run(workspace: &Workspace, options: &Options) -> Result<String> {
    let size = Size {
        rounds: options.rounds.unwrap_or(if options.quick { 2 } else { 30 }),
        verdicts_a_round: if options.quick { 3 } else { 10 },
        burst_seconds: if options.quick { 0.5 } else { 1.0 },
    };
    let program = build_example(workspace, "jobfuture-grader", "bench_grade")?;
    let bench = Bench::start(workspace, &program)?;
    bench.measure(&size)
}

struct Bench {
    /// On all cores, as it is served.
    free: Speaker,
    /// It and all that it starts on one core.
    pinned: Speaker,
    unrehearsed: Speaker,
    /// For the cold processes.
    script: PathBuf,
    input: PathBuf,
    isolation: String,
    /// Of Python and the packages, on which more depends than on us.
    versions: String,
    submission: String,
}

impl Bench {
    fn start(workspace: &Workspace, program: &Path) -> Result<Self> {
        let scratch = scratch(workspace)?;
        let (content, data) = (workspace.root.join("content"), scratch.join("data"));
        let speaker = |mut command: Command, more: &[&str]| {
            command.arg(&content).arg(&data).args([TASK, POOL]).args(more);
            Speaker::start(&mut command)
        };
        let (free, first) = speaker(Command::new(program), &[])?;
        let mut taskset = Command::new("taskset");
        taskset.args(["--cpu-list", "0"]).arg(program);
        let (pinned, _) = speaker(taskset, &[]).context("pinning to one core (Debian: apt-get install util-linux)")?;
        let (unrehearsed, _) = speaker(Command::new(program), &["unrehearsed"])?;
        Ok(Self {
            free,
            pinned,
            unrehearsed,
            script: workspace.root.join("xtask/src/bench/cold.py"),
            input: scratch.join("cold.json"),
            isolation: text(&first, "ready")?.to_owned(),
            versions: text(&first, "versions")?.to_owned(),
            submission: text(&first, "submission")?.to_owned(),
        })
    }

    fn measure(mut self, size: &Size) -> Result<String> {
        let mut found = Found { burst_seconds: size.burst_seconds, ..Found::default() };
        // Once without counting: files come into memory, processors wake up.
        self.round(0, size, &mut Found::default())?;
        for round in 1..=size.rounds {
            self.round(round, size, &mut found)?;
            println!("round {round} of {}: a verdict in {} ms", size.rounds, shown(found.verdict.median()));
        }
        let memory = [self.free.ask("memory")?, self.unrehearsed.ask("memory")?];
        self.describe(&found, &memory)
    }

    /// Every row once, one after the other.
    fn round(&mut self, round: usize, size: &Size, found: &mut Found) -> Result<()> {
        let seeds = (round * size.verdicts_a_round..).take(size.verdicts_a_round);
        for seed in seeds {
            let answer = self.free.ask(&format!("one {seed}"))?;
            found.verdict.add(number(&answer, "ms")?);
            let phases = answer["phases"].as_object().into_iter().flatten();
            for (phase, ms) in phases.filter_map(|(phase, ms)| Some((phase, ms.as_f64()?))) {
                found.phases.entry(phase.clone()).or_default().add(ms);
            }
        }
        let task = self.free.ask(&format!("cold {round}"))?;
        std::fs::write(&self.input, task.to_string()).context("writing what the cold process is given")?;
        let python = PathBuf::from(text(&task, "python")?);
        found.cold.add(self.cold(Command::new(&python))?);
        let burst = self.pinned.ask(&format!("burst {} {SUBMITTERS}", size.burst_seconds))?;
        found.per_second.add(number(&burst, "verdicts")? / number(&burst, "seconds")?);
        if has("bwrap") {
            found.bubblewrap.add(self.cold(self.bubblewrap(&python, &task)?)?);
        }
        Ok(())
    }

    /// Milliseconds of one cold process, from its start to its end.
    fn cold(&self, mut command: Command) -> Result<f64> {
        command.args(["-I", "-B"]).arg(&self.script).arg(&self.input);
        command.env_clear().env("LC_ALL", "C.UTF-8").env("TZ", "UTC").stdin(Stdio::null()).stderr(Stdio::inherit());
        let began = Instant::now();
        let output = command.output().context("starting the cold process")?;
        let took = began.elapsed().as_secs_f64() * 1_000.0;
        let verdict: Value = serde_json::from_slice(&output.stdout).context("the verdict of the cold process")?;
        ensure!(verdict["passed"] == true, "the cold process failed the accepted submission: {verdict}");
        Ok(took)
    }

    /// The interpreter with all that it needs to be seen with, and nothing else.
    fn bubblewrap(&self, python: &Path, task: &Value) -> Result<Command> {
        let prefix = said(&python.to_string_lossy(), &["-I", "-c", "import sys; print(sys.base_prefix)"]);
        let environment = python.ancestors().nth(2).context("the interpreter stands in no environment")?;
        let mut command = Command::new("bwrap");
        command.args(["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]);
        command.args(["--ro-bind", "/usr", "/usr", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]);
        for name in ["/bin", "/lib", "/lib64"] {
            match std::fs::read_link(name) {
                Ok(target) => command.arg("--symlink").arg(target).arg(name),
                Err(_) => command.args(["--ro-bind-try", name, name]),
            };
        }
        command.args(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]);
        let project = text(task, "project")?;
        for path in [Path::new(&prefix), environment, Path::new(project), &self.script, &self.input] {
            command.arg("--ro-bind").args([path, path]);
        }
        command.arg("--").arg(python);
        Ok(command)
    }

    fn describe(&self, found: &Found, memory: &[Value; 2]) -> Result<String> {
        let phase = |name: &str| found.phases.get(name).map_or(f64::NAN, Samples::median);
        let phases = ["wait", "world", "load", "behaviours"].map(|name| format!("{name} {}", shown(phase(name))));
        Ok(format!(
            "Task `{TASK}`, `{}`, {}. {}; {}; pool of {POOL}.\n\n{}\nMedian milliseconds by phase of a verdict: {}.\n\n{}\n{}",
            self.submission,
            self.isolation,
            self.versions,
            said("bwrap", &["--version"]),
            rows(found),
            phases.join(", "),
            memory_table(memory)?,
            bars(found),
        ))
    }
}

fn rows(found: &Found) -> Table {
    let verdict = found.verdict.median();
    let mut table = Table::new(&["", "p50 ms", "p99 ms", "a second", "against a verdict", "measured"]);
    let mut latency = |name: &str, samples: &Samples| {
        let p50 = samples.median();
        let cells = [shown(p50), shown(samples.percentile(99)), shown(1_000.0 / p50), times(p50 / verdict)];
        let measured = samples.len().to_string();
        table.row([vec![name.to_owned()], cells.to_vec(), vec![measured]].concat());
    };
    latency("Verdict, full confinement, warm pool, one at a time", &found.verdict);
    latency("Cold Python process, bare", &found.cold);
    let missing = found.bubblewrap.len() == 0;
    let name = "Cold Python process in bubblewrap";
    latency(&format!("{name}{}", if missing { " (bwrap is missing)" } else { "" }), &found.bubblewrap);
    let burst = "Verdicts on one core, as many as it gives".to_owned();
    let per_second = shown(found.per_second.median());
    let dash = || "–".to_owned();
    table.row(vec![
        burst,
        dash(),
        dash(),
        per_second,
        dash(),
        format!("{} × {} s", found.per_second.len(), found.burst_seconds),
    ]);
    table
}

fn memory_table([rehearsed, unrehearsed]: &[Value; 2]) -> Result<Table> {
    let mut table = Table::new(&["An instance that waits", "proportional share MiB", "of its own MiB"]);
    let rows =
        [("with the pages that a run writes to copied ahead", rehearsed), ("without any rehearsal", unrehearsed)];
    for (name, answer) in rows {
        let mib = |field: &str| anyhow::Ok(shown(number(answer, field)? / 1024.0));
        table.row(vec![name.to_owned(), mib("pss_kib")?, mib("private_kib")?]);
    }
    Ok(table)
}

/// What was promised.
fn bars(found: &Found) -> String {
    let (p50, p99) = (found.verdict.median(), found.verdict.percentile(99));
    let per_second = found.per_second.median();
    let cold = found.cold.median() / p50;
    let bubblewrap = found.bubblewrap.median() / p50;
    [
        bar("p50 at most 25 ms", p50 <= 25.0, &format!("{} ms", shown(p50))),
        bar("p99 at most 60 ms", p99 <= 60.0, &format!("{} ms", shown(p99))),
        bar("at least 30 verdicts a second on one core", per_second >= 30.0, &shown(per_second)),
        bar("at least 20 times quicker than a cold process", cold >= 20.0, &times(cold)),
        bar("the same beside bubblewrap", bubblewrap >= 20.0, &times(bubblewrap)),
    ]
    .concat()
}
