//! Calibration and adaptive choice, beside what others make of the same answers.

use super::machine::{has, said};
use super::numbers::Samples;
use super::table::{Table, bar, number as shown, times};
use super::{Options, build_example, scratch};
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Pinned, so that a row means the same next year.
const REQUIREMENTS: &str = include_str!("irt/requirements.txt");

/// A set of simulated answers.
struct Case {
    /// As `fit_speed` calls it.
    name: &'static str,
    title: &'static str,
    model: &'static str,
    /// Whether the others can fit it in sensible time.
    rivals: bool,
    quick: bool,
    /// CPU seconds at most.
    seconds: Option<f64>,
    /// Times cheaper than R's mirt at least.
    cheaper: Option<f64>,
}

const CASES: [Case; 5] = [
    Case {
        name: "small",
        title: "2PL, 2,000 × 50",
        model: "2pl",
        rivals: true,
        quick: true,
        seconds: None,
        cheaper: None,
    },
    Case {
        name: "small-graded",
        title: "GRM, 2,000 × 50",
        model: "grm",
        rivals: true,
        quick: true,
        seconds: None,
        cheaper: None,
    },
    Case {
        name: "two",
        title: "2PL, 10,000 × 200",
        model: "2pl",
        rivals: true,
        quick: false,
        seconds: Some(0.5),
        cheaper: Some(30.0),
    },
    Case {
        name: "graded",
        title: "GRM, 10,000 × 200",
        model: "grm",
        rivals: true,
        quick: false,
        seconds: Some(0.6),
        cheaper: Some(90.0),
    },
    Case {
        name: "sparse",
        title: "2PL, 100,000 × 500, 60 % missing",
        model: "2pl",
        rivals: false,
        quick: false,
        seconds: Some(4.0),
        cheaper: Some(130.0),
    },
];

/// The libraries of the Python environment that fit, and what their rows are called.
const LIBRARIES: [(&str, &str); 3] =
    [("girth", "girth 0.8.0"), ("mirt", "Python mirt 1.2.0, EM"), ("mirt-squarem", "Python mirt 1.2.0, SQUAREM")];

/// One fit of one case.
struct Fitted {
    who: String,
    cpu: f64,
    log_likelihood: Option<f64>,
    rmse: Option<(f64, f64)>,
}

/// Everything that was measured of a case.
struct Measured {
    case: &'static Case,
    ours: Fitted,
    peak_mb: f64,
    others: Vec<Fitted>,
    /// CPU seconds of R's mirt; nothing where it is not installed.
    reference: Option<f64>,
}

/// Measures and describes.
pub fn run(workspace: &Workspace, options: &Options) -> Result<String> {
    let bench = Bench::start(workspace, options)?;
    let cases = CASES.iter().filter(|case| case.quick || !options.quick);
    let measured: Result<Vec<Measured>> = cases.map(|case| bench.case(case)).collect();
    let measured = measured?;
    let adaptive = Adaptive::measure(&bench, options.quick)?;
    Ok(describe(&bench, &measured, &adaptive))
}

struct Bench {
    fit_speed: PathBuf,
    adaptive_speed: PathBuf,
    topics_speed: PathBuf,
    python: PathBuf,
    scripts: PathBuf,
    scratch: PathBuf,
    /// Version of R's mirt, where it is.
    reference: Option<String>,
    rounds: usize,
}

impl Bench {
    fn start(workspace: &Workspace, options: &Options) -> Result<Self> {
        let scripts = workspace.root.join("xtask/src/bench/irt");
        let example = |name: &str| build_example(workspace, "psychometrics", name);
        let scratch = scratch(workspace)?.join("irt");
        let found = Self {
            fit_speed: example("fit_speed")?,
            adaptive_speed: example("adaptive_speed")?,
            topics_speed: example("topics_speed")?,
            python: environment(&scratch, &scripts)?,
            reference: reference(),
            scripts,
            scratch,
            rounds: options.rounds.unwrap_or(if options.quick { 1 } else { 3 }),
        };
        Ok(found)
    }

    /// Ours in every round, the others in the first: some of them take a minute, and CPU seconds vary little.
    fn case(&self, case: &'static Case) -> Result<Measured> {
        println!("{}", case.title);
        let (answers, truth) = (self.scratch.join("answers.csv"), self.scratch.join("truth.json"));
        let mut make = Command::new(&self.fit_speed);
        make.arg(case.name).arg("--write").arg(&answers).arg("--truth").arg(&truth);
        ensure!(make.status().context("fit_speed")?.success(), "{} could not be simulated", case.title);
        let truth: Value = serde_json::from_slice(&std::fs::read(&truth)?).context("what was simulated with")?;
        let (mut cpu, mut last) = (Samples::default(), Value::Null);
        let (mut others, mut reference) = (Vec::new(), None);
        for round in 0..self.rounds {
            last = one_line(Command::new(&self.fit_speed).arg(case.name))?;
            cpu.add(number(&last, "cpu_s")?);
            if round == 0 && case.rivals {
                for (library, who) in LIBRARIES {
                    let mut command = self.rivals();
                    let found = one_line(command.args(["fit", library, case.model]).arg(&answers))?;
                    others.push(fitted(who, &found, &truth)?);
                }
                if let Some(version) = &self.reference {
                    let mut command = Command::new("Rscript");
                    let found = one_line(command.arg(self.scripts.join("mirt.R")).arg(case.model).arg(&answers))?;
                    let row = fitted(&format!("R mirt {version}"), &found, &truth)?;
                    reference = Some(row.cpu);
                    others.push(row);
                }
            }
        }
        let ours = Fitted {
            who: "ours".into(),
            cpu: cpu.median(),
            log_likelihood: last["log_likelihood"].as_f64(),
            rmse: Some((number(&last, "rmse_a")?, number(&last, "rmse_b")?)),
        };
        Ok(Measured { case, ours, peak_mb: number(&last, "peak_mb")?, others, reference })
    }

    fn rivals(&self) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(self.scripts.join("rivals.py")).env("OMP_NUM_THREADS", "1").env("RAYON_NUM_THREADS", "1");
        command
    }
}

/// The environment's interpreter; made when the requirements change.
fn environment(folder: &Path, scripts: &Path) -> Result<PathBuf> {
    let environment = folder.join("venv");
    let (complete, python) = (environment.join("complete"), environment.join("bin/python"));
    if std::fs::read_to_string(&complete).ok().as_deref() != Some(REQUIREMENTS) {
        println!("installing girth, mirt and catsim");
        std::fs::create_dir_all(folder)?;
        let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment).status()?;
        ensure!(made.success(), "the virtual environment could not be made");
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        let installed = Command::new(&python).args(pip).arg(scripts.join("requirements.txt")).status()?;
        ensure!(installed.success(), "girth, mirt and catsim could not be installed");
        std::fs::write(&complete, REQUIREMENTS)?;
    }
    Ok(python)
}

/// The version of R's mirt, if it is here.
fn reference() -> Option<String> {
    if !has("Rscript") {
        return None;
    }
    let asked = ["-e", "suppressMessages(library(mirt)); cat('mirt', format(packageVersion('mirt')), '\\n')"];
    Some(said("Rscript", &asked).strip_prefix("mirt ")?.trim().to_owned())
}

/// The one line of JSON that a program prints, after whatever else it says.
fn one_line(command: &mut Command) -> Result<Value> {
    lines(command)?.pop().with_context(|| format!("{command:?} said nothing"))
}

/// All lines of JSON that a program prints.
fn lines(command: &mut Command) -> Result<Vec<Value>> {
    let output =
        command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?} ended with {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object).collect())
}

fn number(value: &Value, field: &str) -> Result<f64> {
    value[field].as_f64().with_context(|| format!("no number {field} in {value}"))
}

fn fitted(who: &str, found: &Value, truth: &Value) -> Result<Fitted> {
    let rmse = rmse(&found["a"], &truth["a"]).zip(rmse(&found["b"], &truth["b"]));
    println!("  {who}: {} CPU s", shown(number(found, "cpu_s")?));
    Ok(Fitted { who: who.into(), cpu: number(found, "cpu_s")?, log_likelihood: found["log_likelihood"].as_f64(), rmse })
}

/// Root of the mean squared difference of two lists of numbers, or of lists of them.
fn rmse(found: &Value, truth: &Value) -> Option<f64> {
    let (found, truth) = (flat(found), flat(truth));
    let squares = found.iter().zip(&truth).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    (found.len() == truth.len() && !truth.is_empty()).then(|| (squares / truth.len() as f64).sqrt())
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(flat).collect(),
        other => other.as_f64().into_iter().collect(),
    }
}

/// Adaptive choice: ours by several rules, others by one.
struct Adaptive {
    step: Value,
    ours: Vec<Value>,
    topics: Value,
    /// Who, CPU seconds a person, items, root mean squared error.
    others: Vec<(&'static str, f64, f64, f64)>,
}

impl Adaptive {
    fn measure(bench: &Bench, quick: bool) -> Result<Self> {
        println!("adaptive choice");
        let people = if quick { "20000" } else { "1000000" };
        let mut ours = lines(Command::new(&bench.adaptive_speed).arg(people))?;
        ensure!(ours.len() >= 2, "adaptive_speed said too little");
        let step = ours.remove(0);
        let topics = one_line(&mut Command::new(&bench.topics_speed))?;
        let rivals = [
            ("Python mirt 1.2.0, its Rust path", "mirt", 10_000),
            ("Python mirt 1.2.0, one session each", "mirt-python", 300),
            ("catsim 0.21.0", "catsim", 300),
        ];
        let mut others = Vec::new();
        for (who, library, people) in rivals {
            let people = if quick { people / 10 } else { people };
            let found = one_line(bench.rivals().args(["cat", library, &people.to_string()]))?;
            let each = number(&found, "cpu_s")? / f64::from(people);
            others.push((who, each, number(&found, "length")?, number(&found, "rmse")?));
        }
        Ok(Self { step, ours, topics, others })
    }

    fn of(&self, what: &str) -> Option<&Value> {
        self.ours.iter().find(|found| found["what"].as_str().is_some_and(|text| text == what))
    }
}

const BY_ERROR: &str = "stop at SE .30, most information";
const SPREAD: &str = "stop at SE .30, spread over the bank";

fn describe(bench: &Bench, measured: &[Measured], adaptive: &Adaptive) -> String {
    let reference = match &bench.reference {
        Some(version) => format!("R mirt {version} with its defaults."),
        None => "R's mirt is not here, so no row and no ratio is made of it.".to_owned(),
    };
    format!(
        "{reference}\n\n{}\n{}\n{}{}",
        calibration(measured),
        choice(adaptive),
        calibration_bars(measured),
        adaptive_bars(adaptive)
    )
}

fn calibration(measured: &[Measured]) -> Table {
    let mut table = Table::new(&["Calibration", "CPU s", "against ours", "log-likelihood", "RMSE a", "RMSE b"]);
    for Measured { case, ours, others, .. } in measured {
        for fitted in std::iter::once(ours).chain(others) {
            let digits =
                |value: Option<f64>, places: usize| value.map_or_else(|| "–".into(), |v| format!("{v:.places$}"));
            let (a, b) = fitted.rmse.unzip();
            table.row(vec![
                format!("{}: {}", case.title, fitted.who),
                if fitted.cpu < 1.0 { format!("{:.3}", fitted.cpu) } else { shown(fitted.cpu) },
                times(fitted.cpu / ours.cpu),
                digits(fitted.log_likelihood, 2),
                digits(a, 4),
                digits(b, 4),
            ]);
        }
    }
    table
}

fn choice(adaptive: &Adaptive) -> Table {
    let head = ["A check of 500 questions, stop at SE .30 or 40", "CPU µs a person", "against ours", "items", "RMSE"];
    let mut table = Table::new(&head);
    let each = |found: &Value| {
        found["cpu_seconds"].as_f64().unwrap_or(f64::NAN) / found["people"].as_f64().unwrap_or(f64::NAN)
    };
    let ours = adaptive.of(BY_ERROR).map_or(f64::NAN, each);
    for (who, what) in [("ours, most information", BY_ERROR), ("ours, exposure and chance", SPREAD)] {
        let Some(found) = adaptive.of(what) else { continue };
        let (cpu, length) = (each(found), found["length"].as_f64().unwrap_or(f64::NAN));
        table.row(vec![who.into(), shown(cpu * 1e6), times(cpu / ours), shown(length), "–".into()]);
    }
    for (who, cpu, length, rmse) in &adaptive.others {
        let cells = [shown(cpu * 1e6), times(cpu / ours), shown(*length), format!("{rmse:.3}")];
        table.row([vec![(*who).to_owned()], cells.to_vec()].concat());
    }
    table
}

fn calibration_bars(measured: &[Measured]) -> String {
    let mut text = String::new();
    for Measured { case, ours, peak_mb, reference, .. } in measured {
        if let Some(seconds) = case.seconds {
            let what = format!("{}: at most {seconds} CPU s", case.title);
            text += &bar(&what, ours.cpu <= seconds, &format!("{} s", shown(ours.cpu)));
        }
        if case.name == "sparse" {
            let what = format!("{}: at most 300 MB", case.title);
            text += &bar(&what, *peak_mb <= 300.0, &format!("{} MB, simulated answers included", shown(*peak_mb)));
        }
        let Some(cheaper) = case.cheaper else { continue };
        let what = format!("{}: at least {cheaper:.0} times cheaper than R's mirt", case.title);
        text += &match reference {
            Some(cpu) => bar(&what, cpu / ours.cpu >= cheaper, &times(cpu / ours.cpu)),
            None => untried(&what, if case.rivals { "R's mirt is not here" } else { "R's mirt takes half an hour" }),
        };
    }
    text
}

fn adaptive_bars(adaptive: &Adaptive) -> String {
    let field = |found: Option<&Value>, name: &str| found.and_then(|found| found[name].as_f64()).unwrap_or(f64::NAN);
    let step = field(Some(&adaptive.step), "microseconds");
    let topics = field(Some(&adaptive.topics), "general_ms");
    let million = adaptive.of(SPREAD);
    let seconds = field(million, "cpu_seconds") * 1e6 / field(million, "people");
    let levels = adaptive.of("four levels at P .80, most information");
    let exposure = adaptive.of("stop at SE .30 or 40, exposure .25");
    let (length, exact, within) = (field(levels, "length"), field(levels, "exact"), field(levels, "within_one"));
    let (largest, overlap, items) =
        (field(exposure, "largest_exposure"), field(exposure, "overlap"), field(exposure, "length"));
    [
        bar(
            "one step with quotas and exposure, 10,000 items: at most 5 µs",
            step <= 5.0,
            &format!("{} µs", shown(step)),
        ),
        bar("a million people on 500 items: at most 10 s of CPU", seconds <= 10.0, &format!("{} s", shown(seconds))),
        bar("general level with 8 topics after an answer: at most 0.1 ms", topics <= 0.1, &format!("{topics:.4} ms")),
        bar(
            "four levels, calibrated bank: at most 14 items, 82 % exact, 99.5 % within one",
            length <= 14.0 && exact >= 0.82 && within >= 0.995,
            &format!("{length:.1} items, {:.1} %, {:.2} %", exact * 100.0, within * 100.0),
        ),
        bar(
            "exposure, 300 items: at most .25, overlap .22, 17.5 items",
            largest <= 0.25 && overlap <= 0.22 && items <= 17.5,
            &format!("{largest:.3}, {overlap:.3}, {items:.1} items"),
        ),
    ]
    .concat()
}

/// A bar that could not be tried here.
fn untried(what: &str, why: &str) -> String {
    format!("- {what}: **not tried**, {why}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_are_over_all_numbers_however_they_are_nested() {
        assert_eq!(rmse(&json!([1.0, 2.0]), &json!([1.0, 4.0])), Some(f64::sqrt(2.0)));
        assert_eq!(rmse(&json!([[1.0], [2.0]]), &json!([[1.0], [2.0]])), Some(0.0));
        assert_eq!(rmse(&json!([1.0]), &json!([1.0, 2.0])), None);
    }
}
