//! Questions and answers about the product: how they are read, where they are offered, and every fault that they can have.

use crate::tree::{Case, Tree, check};
use jobfuture_codes::Code;
use jobfuture_content::{Asker, Library, Link, Place};
use std::path::Path;

const CANDIDATES: &str = "answers/candidates.md";

const ANSWERS: &str = r#"+++
title = "Questions candidates ask"
summary = "Before they begin."
licence = "CC-BY-SA-4.0"
authors = ["JobFuture contributors"]
next = [{ to = "page:tasks", why = "Try one." }]
+++
## Before you begin {#before}

### Do I need an account? {#need-an-account where=join,profile}
Not to [practise](task:small).

### Who sees `my` profile? {#who-sees-it where=profile}
**Nobody**, until you [grant it](page:grants).

See [above](answer:candidates/need-an-account).

## And then {#then}

### May I leave? {#leaving where=leaving}
[Yes](page:leaving).
"#;

fn with_answers() -> Tree {
    let tree = Tree::whole();
    tree.write(CANDIDATES, ANSWERS);
    tree
}

/// The answers, with this instead of that.
fn spoilt(tree: &Tree, from: &str, to: &str) {
    tree.write(CANDIDATES, ANSWERS);
    tree.replace(CANDIDATES, from, to);
}

#[test]
fn they_are_read_in_order_with_their_places() {
    let tree = with_answers();
    assert_eq!(tree.faults(), "");
    let library = tree.read();
    let answers = &library.answers[&Asker::Candidates];
    let ids: Vec<&str> = answers.questions().map(|asked| asked.id.as_str()).collect();
    assert_eq!(ids, ["need-an-account", "who-sees-it", "leaving"]);
    assert_eq!(answers.groups[1].title, "And then");
    let second = answers.questions().nth(1).unwrap();
    assert_eq!((second.title.as_str(), second.line), ("Who sees my profile?", 13));
    let see = "<a href=\"/answers/candidates#need-an-account\">above</a>";
    assert!(second.answer_html.contains("<strong>Nobody</strong>") && second.answer_html.contains(see));
    let offered = |place| library.asked_at(place).map(|(_, asked)| asked.id.clone()).collect::<Vec<_>>();
    assert_eq!(offered(Place::Profile), ["need-an-account", "who-sees-it"]);
    assert!(offered(Place::Verify).is_empty());
}

#[test]
fn links_lead_to_them_and_to_hiring() {
    let library = with_answers().read();
    let url = |text: &str| library.url(&Link::parse(text).unwrap());
    assert_eq!(url("answers:candidates").as_deref(), Some("/answers/candidates"));
    assert_eq!(url("answer:candidates/leaving").as_deref(), Some("/answers/candidates#leaving"));
    assert_eq!(url("page:verify").as_deref(), Some("/verify"));
    for missing in ["answers:employers", "answer:candidates/gone", "hiring:gone"] {
        assert_eq!(url(missing), None, "{missing}");
    }
    for bad in ["answers:operators", "answer:candidates", "answer:candidates/", "hiring:"] {
        assert!(Link::parse(bad).is_err(), "{bad}");
    }
    for &place in Place::ALL {
        assert_eq!(Place::parse(place.id()), Some(place));
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    check(&[
        Case {
            what: "a file that no page shows",
            spoil: |t| t.write("answers/operators.md", ANSWERS),
            says: "answers/operators.md:1: No page shows this file. Call it candidates.md or employers.md.",
        },
        Case {
            what: "no front matter",
            spoil: |t| t.write(CANDIDATES, "## Before {#before}\n"),
            says: "answers/candidates.md:1: The page of answers has no front matter. Begin it with a line +++, then TOML, then a line +++.",
        },
        Case {
            what: "unknown place",
            spoil: |t| spoilt(t, "where=join,profile", "where=join,cellar"),
            says: "answers/candidates.md:10: `cellar` is not a place at which questions are offered. Name one of role, vacancies, practice, join, check, check-consent, check-result, profile, signal, grant, views, leaving, companies, company-new, vacancy-form, candidates, verify, hiring.",
        },
        Case {
            what: "place named twice",
            spoil: |t| spoilt(t, "where=join,profile", "where=join,join"),
            says: "answers/candidates.md:10: The place `join` is named twice. Name it once.",
        },
        Case {
            what: "no place: no page offers it",
            spoil: |t| spoilt(t, " where=join,profile", ""),
            says: "answers/candidates.md:10: No page offers the question \"Do I need an account?\". End the heading with {#id where=PLACE}: the place at which it arises.",
        },
        Case {
            what: "no id",
            spoil: |t| spoilt(t, "#need-an-account where", "where"),
            says: "answers/candidates.md:10: The question \"Do I need an account?\" has no id. End the heading with {#id where=…}; an id is lower-case words joined by hyphens.",
        },
        Case {
            what: "another attribute",
            spoil: |t| spoilt(t, "where=leaving", "where=leaving level=junior"),
            says: "answers/candidates.md:20: `level` is not understood. A question's braces hold #id and where=PLACE,PLACE.",
        },
        Case {
            what: "no question",
            spoil: |t| spoilt(t, "May I leave?", "On leaving"),
            says: "answers/candidates.md:20: The question \"On leaving\" asks nothing. Write it as somebody would ask it, with a question mark.",
        },
        Case {
            what: "an answer that leads nowhere",
            spoil: |t| spoilt(t, "[Yes](page:leaving).", "Yes."),
            says: "answers/candidates.md:20: The answer to \"May I leave?\" leads nowhere. Link to where one goes on, such as page:checks or guide:django.",
        },
        Case {
            what: "no answer",
            spoil: |t| spoilt(t, "[Yes](page:leaving).\n", ""),
            says: "answers/candidates.md:20: \"May I leave?\" has no answer. Write it below.",
        },
        Case {
            what: "a long answer",
            spoil: |t| spoilt(t, "[Yes](page:leaving).", &format!("[Yes](page:leaving).{}", " And more.".repeat(75))),
            says: "answers/candidates.md:20: The answer to \"May I leave?\" has 151 words. Say it in 150, or make two questions of it.",
        },
        Case {
            what: "a question without a group",
            spoil: |t| spoilt(t, "## Before you begin {#before}\n", ""),
            says: "answers/candidates.md:9: The question \"Do I need an account?\" stands in no group. Write a group above it: ## Title {#id}.\nanswers/candidates.md:12: The question \"Who sees my profile?\" stands in no group. Write a group above it: ## Title {#id}.",
        },
        Case {
            what: "text before the first group, and before a question",
            spoil: |t| {
                spoilt(t, "## Before you begin {#before}\n", "Hello.\n\n## Before you begin {#before}\nHello.\n")
            },
            says: "answers/candidates.md:8: The page does not begin with a group. Begin with a group, ## Title {#id}; what is said of the whole page stands in `summary`.\nanswers/candidates.md:11: The group \"Before you begin\" has text before its first question. Move it into an answer.",
        },
        Case {
            what: "raw HTML, and a link to nowhere",
            spoil: |t| spoilt(t, "**Nobody**", "<b>Nobody</b> [x](javascript:alert)"),
            says: "answers/candidates.md:14: Raw HTML is refused: `</b>`. Write it in Markdown, or put it in `backticks` if it is meant as text.\nanswers/candidates.md:14: Raw HTML is refused: `<b>`. Write it in Markdown, or put it in `backticks` if it is meant as text.\nanswers/candidates.md:14: The link to `javascript:alert` leads nowhere that a page may lead. Use https://, #place, or a content link such as section:django/querysets.",
        },
    ]);
}

#[test]
fn what_is_read_and_still_wrong_is_named() {
    check(&[
        Case {
            what: "one id twice",
            spoil: |t| spoilt(t, "{#leaving where", "{#before where"),
            says: "answers/candidates.md:20: The id `before` is taken in line 8. Give it an id of its own.",
        },
        Case {
            what: "an empty group",
            spoil: |t| t.write(CANDIDATES, &format!("{ANSWERS}\n## Last {{#last}}\n")),
            says: "answers/candidates.md:23: The group \"Last\" has no question. Add one, ### Question? {#id where=…}, or remove the group.",
        },
        Case {
            what: "a dead link",
            spoil: |t| spoilt(t, "task:small", "task:gone"),
            says: "answers/candidates.md:11: task:gone does not exist. Correct the link, or add what it leads to.",
        },
        Case {
            what: "a link to a question that is gone",
            spoil: |t| spoilt(t, "candidates/need-an-account)", "candidates/gone)"),
            says: "answers/candidates.md:16: answer:candidates/gone does not exist. Correct the link, or add what it leads to.",
        },
        Case {
            what: "no next step",
            spoil: |t| spoilt(t, "next = [{ to = \"page:tasks\", why = \"Try one.\" }]\n", ""),
            says: "answers/candidates.md:1: The page has no next step. Add next = [{ to = \"…\", why = \"…\" }].",
        },
        Case {
            what: "a crowded place",
            spoil: |t| {
                let more = |nth: usize| {
                    format!("\n### Question {nth}? {{#question-{nth} where=profile}}\n[Yes](page:tasks).\n")
                };
                t.write(CANDIDATES, &(ANSWERS.to_owned() + &(0..3).map(more).collect::<String>()));
            },
            says: "answers/candidates.md:29: 5 questions are offered at `profile`, which has room for 4. Keep those that arise there most often.",
        },
    ]);
}

/// Somebody who has a question finds one where it arises.
#[test]
fn the_repository_answers_at_every_place() {
    let library = Library::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content")).unwrap();
    for &asker in Asker::ALL {
        let count = library.answers[&asker].questions().count();
        assert!(count >= 20, "{count} questions of {}", asker.id());
    }
    for &place in Place::ALL {
        let count = library.asked_at(place).count();
        assert!(count >= 2, "{count} questions at {}", place.id());
    }
}
