//! Code as HTML spans with a handful of classes.
//!
//! syntect's parser names every token with a stack of scopes. Emitting those would put several classes on every
//! comma; a small table of prefixes folds them into the classes of [`CLASSES`]. No style is written: the colours
//! are the site's, and its content security policy forbids inline ones.

use crate::markdown::escape;
use std::sync::LazyLock;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// Every class that highlighted code carries, each on a `<span>`; whatever else there is stands bare.
///
/// - `hl-keyword`: words of the language, also `True`, `None`, `and`, `select`; names of HTML tags
/// - `hl-string`: strings and what is escaped in them
/// - `hl-comment`: comments
/// - `hl-number`: numbers
/// - `hl-name`: the name in a definition of a class, function or table; decorators
/// - `hl-call`: a function that is called or built in; HTML attributes
/// - `hl-added`, `hl-removed`: lines of a diff
pub const CLASSES: [&str; 8] =
    ["hl-keyword", "hl-string", "hl-comment", "hl-number", "hl-name", "hl-call", "hl-added", "hl-removed"];

/// First match wins, looked for from the innermost scope outwards. `None` ends the search: the token stands bare.
const TABLE: [(&str, Option<&str>); 23] = [
    ("comment", Some("hl-comment")),
    ("markup.inserted", Some("hl-added")),
    ("markup.deleted", Some("hl-removed")),
    // Inside an f-string the code is code again.
    ("meta.interpolation", None),
    ("meta.template.expression", None),
    ("constant.numeric", Some("hl-number")),
    ("constant.character", Some("hl-string")),
    ("constant.other.placeholder", Some("hl-string")),
    ("constant.language", Some("hl-keyword")),
    ("storage.type.string", Some("hl-string")),
    // In SQL these quote names of tables and columns, not text.
    ("string.quoted.double.sql", None),
    ("string", Some("hl-string")),
    ("keyword.operator.logical", Some("hl-keyword")),
    ("keyword.operator.word", Some("hl-keyword")),
    ("keyword.operator", None),
    ("keyword", Some("hl-keyword")),
    ("storage", Some("hl-keyword")),
    ("entity.name.tag", Some("hl-keyword")),
    ("entity.other.attribute-name", Some("hl-call")),
    ("entity.name", Some("hl-name")),
    ("variable.annotation", Some("hl-name")),
    ("variable.function", Some("hl-call")),
    ("support.function", Some("hl-call")),
];

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

static SCOPES: LazyLock<Vec<(Scope, Option<&'static str>)>> =
    LazyLock::new(|| TABLE.iter().filter_map(|(prefix, class)| Some((Scope::new(prefix).ok()?, *class))).collect());

/// Python as HTML: escaped text with spans of [`CLASSES`], no surrounding element.
pub fn highlight_python(code: &str) -> String {
    highlight_as("python", code)
}

/// SQL as HTML: escaped text with spans of [`CLASSES`], no surrounding element.
pub fn highlight_sql(code: &str) -> String {
    highlight_as("sql", code)
}

/// Code in a language named as on a Markdown fence (`python`, `sql`, `html`, `json`, `bash`, `diff` …) as HTML.
/// In a language that is not known it is escaped and stands bare.
pub fn highlight_as(language: &str, code: &str) -> String {
    match syntax(language).and_then(|syntax| spans(syntax, code)) {
        Some(html) => html,
        None => escape(code),
    }
}

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let token = match language {
        "" | "text" | "output" | "console" => return None,
        "django" | "jinja" => "html",
        "sh" | "shell" => "bash",
        other => other,
    };
    SYNTAXES.find_syntax_by_token(token)
}

/// `None` when the grammar fails on this text; the caller then shows it bare.
fn spans(syntax: &SyntaxReference, code: &str) -> Option<String> {
    let mut out = String::with_capacity(code.len() * 2);
    let mut parser = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    let mut run = Run::default();
    for line in code.split_inclusive('\n') {
        // The grammars need a line end, which the last line of a snippet may lack.
        let ended = if line.ends_with('\n') { line.to_owned() } else { format!("{line}\n") };
        let mut from = 0;
        for (at, change) in parser.parse_line(&ended, &SYNTAXES).ok()? {
            let at = at.min(line.len());
            run.push(&mut out, class(&scopes), line.get(from..at)?);
            from = at;
            scopes.apply(&change).ok()?;
        }
        run.push(&mut out, class(&scopes), line.get(from..)?);
    }
    run.end(&mut out);
    Some(out)
}

fn class(scopes: &ScopeStack) -> Option<&'static str> {
    scopes
        .scopes
        .iter()
        .rev()
        .find_map(|scope| SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class))?
}

/// Joins neighbours of one class into one span.
#[derive(Default)]
struct Run {
    class: Option<&'static str>,
    text: String,
}

impl Run {
    fn push(&mut self, out: &mut String, class: Option<&'static str>, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.class != class {
            self.end(out);
            self.class = class;
        }
        self.text.push_str(text);
    }

    /// White space at the end of a span is put behind it, so that a comment's span does not hold its line end.
    fn end(&mut self, out: &mut String) {
        let text = std::mem::take(&mut self.text);
        let bare = text.trim_end();
        match self.class {
            Some(class) if !bare.is_empty() => {
                out.push_str(&format!("<span class=\"{class}\">{}</span>", escape(bare)));
                out.push_str(&text[bare.len()..]);
            }
            _ => out.push_str(&escape(&text)),
        }
    }
}
