//! Finds the functions of a Rust file and their lengths. Not a parser: comments and literals are blanked out, and then
//! braces are counted, which is exact enough to measure and needs no dependency.

/// A function with a body.
pub struct Function {
    pub name: String,
    /// Its line, from 1.
    pub line: usize,
    /// From `fn` to the closing brace.
    pub lines: usize,
}

/// Every function with a body, in order; one within another counts for both.
pub fn functions(source: &str) -> Vec<Function> {
    let code = blank(source);
    let mut found = Vec::new();
    let mut line = 1;
    for at in 0..code.len() {
        if code[at] == '\n' {
            line += 1;
        }
        if let Some(name) = name_at(&code, at)
            && let Some(end) = body_end(&code, at)
        {
            let lines = 1 + code[at..end].iter().filter(|c| **c == '\n').count();
            found.push(Function { name, line, lines });
        }
    }
    found
}

/// The name, if the word `fn` stands at `at` and a name follows (it does not in the type `fn(u8)`).
fn name_at(code: &[char], at: usize) -> Option<String> {
    let begins = at == 0 || !is_word(code[at - 1]);
    if !begins || code.get(at..at + 3)? != ['f', 'n', ' '] {
        return None;
    }
    let name: String = code[at + 3..].iter().take_while(|c| is_word(**c)).collect();
    (!name.is_empty()).then_some(name)
}

/// Where the body's closing brace is; none if the declaration ends with a semicolon.
fn body_end(code: &[char], from: usize) -> Option<usize> {
    let mut round = 0_i32;
    let mut braces = 0_i32;
    for (offset, c) in code[from..].iter().enumerate() {
        match c {
            '(' | '[' if braces == 0 => round += 1,
            ')' | ']' if braces == 0 => round -= 1,
            ';' if braces == 0 && round == 0 => return None,
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => continue,
        }
        if *c == '}' && braces <= 0 && round == 0 {
            return Some(from + offset);
        }
    }
    None
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The source with everything in comments, strings and characters made blank, line by line as it was.
fn blank(source: &str) -> Vec<char> {
    let mut code: Vec<char> = source.chars().collect();
    let mut at = 0;
    while at < code.len() {
        let end = literal_end(&code, at);
        for c in &mut code[at..end] {
            if *c != '\n' {
                *c = ' ';
            }
        }
        at = end.max(at + 1);
    }
    code
}

/// Where the comment or literal that begins at `at` ends; `at` itself if none begins there.
fn literal_end(code: &[char], at: usize) -> usize {
    let rest = &code[at..];
    let word_before = at > 0 && is_word(code[at - 1]) && !matches!(code[at - 1], 'b' | 'c');
    let length = match rest {
        ['/', '/', ..] => rest.iter().position(|c| *c == '\n'),
        ['/', '*', ..] => block_comment(rest),
        ['"', ..] => escaped(rest, '"'),
        ['\'', '\\', ..] => escaped(rest, '\''),
        ['\'', _, '\'', ..] => Some(3),
        ['r', '"' | '#', ..] if !word_before => raw_string(rest),
        _ => return at,
    };
    at + length.unwrap_or(rest.len())
}

/// Block comments stand within one another.
fn block_comment(rest: &[char]) -> Option<usize> {
    let mut depth = 0;
    let mut at = 0;
    while at + 1 < rest.len() {
        match (rest[at], rest[at + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn escaped(rest: &[char], quote: char) -> Option<usize> {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// `r"…"` and `r#"…"#`; the raw name `r#type` is none.
fn raw_string(rest: &[char]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return Some(1);
    }
    let begin = hashes + 2;
    let closes =
        |at: usize| rest[at] == '"' && rest[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
    (begin..rest.len()).find(|at| closes(*at)).map(|at| at + 1 + hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(String, usize, usize)> {
        functions(source).into_iter().map(|function| (function.name, function.line, function.lines)).collect()
    }

    #[test]
    fn functions_are_measured_from_their_word_to_their_brace() {
        let source = "/// fn no() {}\nfn one() { 1 }\n\nimpl X {\n    pub const fn two<'a>(\n        &'a self,\n    ) -> [u8; 2] {\n        [0; 2]\n    }\n}\n";
        assert_eq!(found(source), [("one".into(), 2, 1), ("two".into(), 5, 5)]);
    }

    #[test]
    fn literals_and_comments_hide_their_braces() {
        let source =
            "fn a() {\n    let x = (\"}\", '}', '\\'', r#\"\"}\"#, b\"}\\\"\");\n    /* } /* } */ } */\n}\nfn b() {}\n";
        assert_eq!(found(source), [("a".into(), 1, 4), ("b".into(), 5, 1)]);
    }

    #[test]
    fn what_has_no_body_is_no_function() {
        assert!(found("trait X { fn a(&self) -> [u8; 4]; }\ntype F = fn(u8) -> u8;\nlet r#fn = 1;\n").is_empty());
    }

    #[test]
    fn one_within_another_counts_for_both() {
        assert_eq!(found("fn a() {\n    fn b() {\n    }\n}\n"), [("a".into(), 1, 4), ("b".into(), 2, 2)]);
    }
}
