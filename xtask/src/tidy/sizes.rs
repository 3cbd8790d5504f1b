//! How long files and functions are, against the bars that ARCHITECTURE.md sets. Medians are shown to be noticed; only
//! what is far too long is a fault.

use super::File;
use super::functions::functions;

const LONGEST_FILE: usize = 600;
const LONGEST_FUNCTION: usize = 80;
/// A longer file gives its reason on its first line, after these words.
const REASON: &str = "long because";

/// Prints the table of sizes, and gives what is too long.
pub fn check(files: &[File]) -> Vec<String> {
    let code: Vec<&File> = files.iter().filter(|file| is_code(&file.path)).collect();
    let mut faults = Vec::new();
    let mut function_lines = Vec::new();
    for file in &code {
        let lines = file.text.lines().count();
        let reason = file.text.lines().next().is_some_and(|first| first.contains(REASON));
        if lines > LONGEST_FILE && !reason {
            faults.push(format!("{}: {lines} lines: divide it, or say “{REASON} …” on its first line", file.path));
        }
        for function in if file.path.ends_with(".rs") { functions(&file.text) } else { Vec::new() } {
            function_lines.push(function.lines);
            if function.lines > LONGEST_FUNCTION {
                let place = format!("{}:{}", file.path, function.line);
                faults.push(format!("{place}: function {} has {} lines: divide it", function.name, function.lines));
            }
        }
    }
    let lines_of = |ending: &str| {
        let files = code.iter().filter(|file| file.path.ends_with(ending));
        files.map(|file| file.text.lines().count()).collect::<Vec<_>>()
    };
    println!("{:<20} {:>6} {:>7} {:>7} {:>8}", "lines", "number", "median", "p90", "longest");
    print_row("Rust files", lines_of(".rs"), 100, Some(300));
    print_row("Rust functions", function_lines, 8, Some(30));
    print_row("templates", lines_of(".html"), 40, None);
    print_row("browser modules", lines_of(".mjs"), 100, Some(300));
    print_row("harness (Python)", lines_of(".py"), 100, Some(300));
    faults
}

/// Our own code: neither the content of the guides, nor what a bundler wrote.
fn is_code(path: &str) -> bool {
    let ours = ["crates/", "e2e/", "xtask/"].iter().any(|folder| path.starts_with(folder));
    ours && [".rs", ".html", ".mjs", ".css", ".py"].iter().any(|ending| path.ends_with(ending))
        && !path.contains("/content/")
}

fn print_row(name: &str, mut lines: Vec<usize>, median_bar: usize, p90_bar: Option<usize>) {
    lines.sort_unstable();
    let (median, p90) = (percentile(&lines, 50), percentile(&lines, 90));
    let over = median > median_bar || p90_bar.is_some_and(|bar| p90 > bar);
    let bars = p90_bar.map_or_else(|| format!("{median_bar}"), |p90| format!("{median_bar} and {p90}"));
    let note = if over { format!("over its bar of {bars}") } else { String::new() };
    let longest = lines.last().copied().unwrap_or(0);
    println!("{name:<20} {:>6} {median:>7} {p90:>7} {longest:>8}  {note}", lines.len());
}

/// The nearest rank: at least `percent` of a hundred are not longer.
fn percentile(sorted: &[usize], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: String) -> File {
        File { path: path.into(), text }
    }

    #[test]
    fn a_long_file_needs_its_reason_on_the_first_line() {
        let long = "x\n".repeat(LONGEST_FILE + 1);
        assert_eq!(check(&[file("crates/a.rs", long.clone())]).len(), 1);
        assert!(check(&[file("crates/a.rs", format!("//! A table, long because it is one.\n{long}"))]).is_empty());
        assert!(check(&[file("docs/a.rs", long)]).is_empty());
    }

    #[test]
    fn a_long_function_is_a_fault() {
        let text = format!("fn long() {{\n{}}}\n", "    work();\n".repeat(LONGEST_FUNCTION));
        let faults = check(&[file("xtask/a.rs", text)]);
        assert_eq!(faults, ["xtask/a.rs:1: function long has 82 lines: divide it"]);
    }

    #[test]
    fn percentiles_are_ranks() {
        assert_eq!(percentile(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90), 9);
        assert_eq!(percentile(&[7], 50), 7);
        assert_eq!(percentile(&[], 50), 0);
    }
}
