//! What it was measured on.

use std::process::Command;

/// Above this, other work takes part in what is measured.
const QUIET: f64 = 0.5;

/// The load averages of the last 1, 5 and 15 minutes, as the kernel says them.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// Says so when the machine has other things to do.
pub fn warn_if_busy(load: &str) {
    let last_minute: f64 = load.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(0.0);
    if last_minute > QUIET {
        println!(
            "the machine is busy (load {load}): measure again when it is quiet, ratios are all that this will show"
        );
    }
}

/// When and on what, in two lines.
pub fn description(load_before: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{}. {cores} cores of {}, {} of memory, {}.\nLoad average {load_before} before and {} after; {}.\n",
        said("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
        processor(),
        memory(),
        said("uname", &["-srm"]),
        load(),
        said("rustc", &["--version"]),
    )
}

/// The first line that a program says, or that it is not here.
pub fn said(program: &str, args: &[&str]) -> String {
    let Ok(output) = Command::new(program).args(args).output() else { return format!("no {program}") };
    // Some say their version on the other stream.
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&text).lines().next().unwrap_or_default().trim().to_owned()
}

/// Whether a program is in the path.
pub fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn processor() -> String {
    field("/proc/cpuinfo", "model name").unwrap_or_else(|| "an unnamed processor".into())
}

fn memory() -> String {
    let kib = field("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    kib.map_or_else(|| "an unknown amount".into(), |kib| format!("{:.0} GiB", kib / f64::from(1 << 20)))
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
