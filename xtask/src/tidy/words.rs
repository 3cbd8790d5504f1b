//! Words that must not occur where they do.

use super::File;
use crate::workspace::Workspace;

/// A word, where it is forbidden, and why.
struct Rule {
    word: String,
    within: &'static str,
    why: &'static str,
}

/// The rules. The words are put together here, so that this file does not break them.
fn rules(workspace: &Workspace) -> Vec<Rule> {
    let machine = "a path of one machine: name it by what it is for, or find it when the program runs";
    let registry = "the host of a package registry: people use their own mirror";
    let anywhere = |word: String, why| Rule { word, within: "", why };
    let mut rules = vec![
        Rule {
            word: ["Djan", "go"].concat(),
            within: "crates/sandbox/",
            why: "the sandbox knows nothing of what runs in it: say it in the grader",
        },
        anywhere(["/ro", "ot/"].concat(), machine),
        anywhere(["/ho", "me/"].concat(), machine),
        anywhere(["pypi", ".org"].concat(), registry),
        anywhere(["pythonhosted", ".org"].concat(), registry),
        anywhere(["npmjs", ".org"].concat(), registry),
        anywhere(["static.crates", ".io"].concat(), registry),
        anywhere(["index.crates", ".io"].concat(), registry),
    ];
    let here = workspace.root.display().to_string();
    // A checkout at the top of the file system is named by a word that may occur anywhere.
    if here.matches('/').count() > 1 {
        rules.push(anywhere(here, machine));
    }
    rules
}

/// A call that is made in one place only, and why.
struct OnlyIn {
    call: String,
    /// The file; tests may call it as well.
    place: &'static str,
    why: &'static str,
}

fn calls() -> [OnlyIn; 2] {
    [
        OnlyIn {
            call: ["OwnerKey", "::proven("].concat(),
            place: "crates/site/src/account/mod.rs",
            why: "the key to a person's own rows is made of their session: ask for `Owner` and take its `key()`",
        },
        OnlyIn {
            call: ["Grant", "::from_rows("].concat(),
            place: "crates/disclosure/src/door.rs",
            why: "only the door makes a grant, of rows that it selected",
        },
    ]
}

/// Every occurrence.
pub fn check(workspace: &Workspace, files: &[File]) -> Vec<String> {
    let rules = rules(workspace);
    let words = files.iter().flat_map(|file| rules.iter().flat_map(|rule| occurrences(file, rule)));
    words.chain(files.iter().flat_map(elsewhere)).collect()
}

/// Calls that stand where they must not.
fn elsewhere(file: &File) -> Vec<String> {
    let is_test = file.path.contains("/tests/") || file.path.contains("/examples/");
    let wrong = |only: &OnlyIn| !is_test && file.path.ends_with(".rs") && file.path != only.place;
    let all = calls().into_iter().filter(wrong);
    all.flat_map(|only| {
        let lines = file.text.lines().enumerate().filter(|(_, line)| line.contains(&only.call));
        lines.map(|(at, _)| format!("{}:{}: “{}”: {}", file.path, at + 1, only.call, only.why)).collect::<Vec<_>>()
    })
    .collect()
}

fn occurrences(file: &File, rule: &Rule) -> Vec<String> {
    if !file.path.starts_with(rule.within) {
        return Vec::new();
    }
    let word = rule.word.to_lowercase();
    let lines = file.text.lines().enumerate().filter(|(_, line)| line.to_lowercase().contains(&word));
    lines.map(|(number, _)| format!("{}:{}: “{}”: {}", file.path, number + 1, rule.word, rule.why)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_only_where_it_is_forbidden() {
        let rule = Rule { word: "Snake".into(), within: "crates/sandbox/", why: "no animals" };
        let file = |path: &str| File { path: path.into(), text: "one\na SNAKE here\n".into() };
        assert_eq!(occurrences(&file("crates/sandbox/a.rs"), &rule), ["crates/sandbox/a.rs:2: “Snake”: no animals"]);
        assert!(occurrences(&file("crates/grader/a.rs"), &rule).is_empty());
    }

    #[test]
    fn keys_are_made_in_one_place() {
        let call = ["let me = OwnerKey", "::proven(id);"].concat();
        let file = |path: &str| File { path: path.into(), text: call.clone() };
        assert_eq!(elsewhere(&file("crates/site/src/company/store.rs")).len(), 1);
        assert!(elsewhere(&file("crates/site/src/account/mod.rs")).is_empty());
        assert!(elsewhere(&file("crates/site/tests/it/worlds/cast.rs")).is_empty());
    }
}
