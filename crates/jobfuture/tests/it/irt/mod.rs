//! `jobfuture irt …` with real files.

mod angoff;
mod bad_input;
mod certify;
mod dif;
mod fit;
mod score;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

/// A folder of files, in which commands are run: messages then name files as they are given.
struct Desk(tempfile::TempDir);

/// What a command did.
struct Done {
    code: i32,
    answer: String,
    notes: String,
}

impl Desk {
    /// With the public sets.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["lsat6_patterns.csv", "lsat7_patterns.csv", "science.csv"] {
            let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../psychometrics/tests/data").join(name);
            std::fs::copy(data, folder.path().join(name)).unwrap();
        }
        Self(folder)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.0.path().join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    /// Runs `jobfuture irt`, the arguments being words of one line.
    fn irt(&self, arguments: &str) -> Done {
        self.irt_with(arguments, "")
    }

    /// With something on standard input.
    fn irt_with(&self, arguments: &str, input: &str) -> Done {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jobfuture"));
        command.arg("irt").args(arguments.split_whitespace()).current_dir(self.0.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that has refused its options reads nothing more.
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Done { code: output.status.code().unwrap(), answer: text(output.stdout), notes: text(output.stderr) }
    }

    /// The JSON that a command prints, which ends with `code`.
    fn json(&self, arguments: &str, code: i32) -> Value {
        let done = self.irt(&format!("{arguments} --json"));
        assert_eq!(done.code, code, "{arguments}: {}{}", done.answer, done.notes);
        serde_json::from_str(&done.answer).unwrap()
    }
}

fn numbers(values: &Value, name: &str) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| first(&value[name])).collect()
}

/// A number, or the first of a list.
fn first(value: &Value) -> f64 {
    value.as_f64().or_else(|| value[0].as_f64()).unwrap()
}

fn near(found: &[f64], wanted: &[f64], by: f64) {
    let all =
        found.len() == wanted.len() && found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() <= by);
    assert!(all, "{found:?} is not within {by} of {wanted:?}");
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}
