//! Text that a template prints, escaped quickly.

use std::fmt::{self, Write};

/// Text of some length, code for instance. Templates print any text escaped; this does it several times as fast, and with
/// the same result.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a>(pub &'a str);

impl Text<'_> {
    /// Asks the writer, which is behind `dyn`, once, and not at every quotation mark.
    fn escape_into(self, dest: &mut dyn Write) -> fmt::Result {
        let Some(mut at) = first(self.0.as_bytes()) else { return dest.write_str(self.0) };
        let mut escaped = String::with_capacity(self.0.len() + self.0.len() / 2 + 8);
        let mut rest = self.0;
        loop {
            escaped.push_str(&rest[..at]);
            escaped.push_str(escape(rest.as_bytes()[at]));
            rest = &rest[at + 1..];
            let Some(next) = first(rest.as_bytes()) else { break };
            at = next;
        }
        escaped.push_str(rest);
        dest.write_str(&escaped)
    }
}

/// Where the first letter stands that is to be escaped. Whole runs of letters are looked at together, which the compiler
/// does with a handful of vector instructions.
fn first(text: &[u8]) -> Option<usize> {
    let runs = text.chunks_exact(RUN);
    let clean = runs.take_while(|run| !run.iter().fold(false, |any, byte| any | is_special(*byte))).count() * RUN;
    text[clean..].iter().position(|byte| is_special(*byte)).map(|at| clean + at)
}

const RUN: usize = 16;

/// Not by `matches!`, of which the compiler makes a look-up that it cannot do for several letters at once.
fn is_special(byte: u8) -> bool {
    (byte == b'"') | (byte == b'&') | (byte == b'\'') | (byte == b'<') | (byte == b'>')
}

/// As askama writes it.
fn escape(special: u8) -> &'static str {
    match special {
        b'"' => "&#34;",
        b'&' => "&#38;",
        b'\'' => "&#39;",
        b'<' => "&#60;",
        _ => "&#62;",
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.escape_into(f)
    }
}

impl askama::FastWritable for Text<'_> {
    fn write_into(&self, dest: &mut dyn Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(self.escape_into(dest)?)
    }
}

/// What it prints is escaped.
impl askama::filters::HtmlSafe for Text<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_escaped_as_askama_does_it() {
        for text in [
            "",
            "plain",
            "'",
            "<p class=\"x\">&amp;</p>",
            "sixteen letters.'and more, é — “so” <",
            "&&&&&&&&&&&&&&&&&&",
        ] {
            let theirs = askama::filters::escape(text, askama::filters::Html).unwrap().to_string();
            assert_eq!(Text(text).to_string(), theirs);
        }
    }

    #[test]
    fn no_byte_is_forgotten() {
        for letter in (0..=255_u8).map(char::from) {
            for before in 0..2 * RUN {
                let text = format!("{}{letter}x", "-".repeat(before));
                let theirs = askama::filters::escape(&text, askama::filters::Html).unwrap().to_string();
                assert_eq!(Text(&text).to_string(), theirs);
            }
        }
    }
}
