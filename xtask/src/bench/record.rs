//! `docs/benchmarks.md`: words on how it is measured, and a section for each table, replaced when it is measured again.

use anyhow::{Context, Result};
use std::path::Path;

/// The document before anything was measured.
const EMPTY: &str = include_str!("benchmarks.md");

/// Puts a section into the document; everything around it stays.
pub fn write(file: &Path, name: &str, section: &str) -> Result<()> {
    let old = std::fs::read_to_string(file).unwrap_or_else(|_| EMPTY.to_owned());
    let new = replaced(&old, name, section).with_context(|| {
        let [from, to] = marks(name);
        format!("{} has no {from} followed by {to}: put them where the table belongs", file.display())
    })?;
    std::fs::write(file, new).with_context(|| format!("{} cannot be written", file.display()))
}

fn marks(name: &str) -> [String; 2] {
    [format!("<!-- measured: {name} -->"), format!("<!-- end: {name} -->")]
}

fn replaced(text: &str, name: &str, section: &str) -> Option<String> {
    let [from, to] = marks(name);
    let (before, rest) = text.split_once(&from)?;
    let (_, after) = rest.split_once(&to)?;
    Some(format!("{before}{from}\n{}\n{to}{after}", section.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_rest_stays() {
        let once = replaced(EMPTY, "grade", "| a |\n").unwrap();
        let twice = replaced(&once, "grade", "| b |").unwrap();
        assert!(twice.contains("<!-- measured: grade -->\n| b |\n<!-- end: grade -->") && !twice.contains("| a |"));
        assert_eq!(twice.len(), once.len());
        assert!(replaced(&twice, "pages", "").is_some());
        assert!(replaced("", "pages", "").is_none());
    }
}
