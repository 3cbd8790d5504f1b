//! How the command line speaks.

use std::fmt::Arguments;
use std::io::{ErrorKind, IsTerminal, Write};
use tracing_subscriber::EnvFilter;

/// Starts the log, on stderr. Quiet unless something is wrong; `RUST_LOG` changes that.
pub fn start_log(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,jobfuture=info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { log.json().init() } else { log.with_target(false).compact().init() }
}

fn coloured(code: u8, text: &str) -> String {
    let plain = std::env::var_os("NO_COLOR").is_some() || !std::io::stdout().is_terminal();
    if plain { text.to_owned() } else { format!("\x1b[{code}m{text}\x1b[0m") }
}

/// For what went wrong.
pub fn red(text: &str) -> String {
    coloured(31, text)
}

/// For what went well.
pub fn green(text: &str) -> String {
    coloured(32, text)
}

/// For what matters less.
pub fn dim(text: &str) -> String {
    coloured(2, text)
}

/// A mark that does not rest on colour.
pub fn mark(good: bool) -> String {
    if good { green("✓") } else { red("✗") }
}

/// Every line of a text, moved to the right.
pub fn indented(text: &str, by: usize) -> String {
    let space = " ".repeat(by);
    text.lines().map(|line| format!("{space}{line}")).collect::<Vec<_>>().join("\n")
}

/// A plain table: the first column to the left, the others to the right, two spaces between.
pub fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = std::iter::once(head).chain(rows.iter().map(Vec::as_slice)).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![dim(&line(head))];
    lines.extend(rows.iter().map(|row| line(row)));
    lines.push(String::new());
    lines.join("\n")
}

/// Prints a line. Whoever has read enough may close the pipe; any other fault of the output ends the program.
pub fn line(text: Arguments<'_>) {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("{} standard output cannot be written: {error}", red("error:"));
            std::process::exit(2);
        }
        _ => {}
    }
}

/// As `println!`, but for [`line`].
macro_rules! say {
    ($($part:tt)*) => {
        $crate::told::line(format_args!($($part)*))
    };
}
pub(crate) use say;
