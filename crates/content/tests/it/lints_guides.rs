//! Faults of the lint in guides, links and texts: for each a tree that has it and nothing else, and every word of what is said.

use crate::tree::{Case, Tree, check};

const COMPETENCIES: &str = "competencies.toml";
const GUIDE: &str = "guides/first/guide.toml";
const SECTION: &str = "guides/first/01-basics.md";
const TASK: &str = "tasks/small/task.toml";
const WATCH: &str = "tasks/watch/task.toml";
const PROMPT: &str = "tasks/small/prompt.md";

#[test]
fn links() {
    check(&[
        Case {
            what: "opening proof that is not there",
            spoil: |t| t.replace(GUIDE, "project =", "opening = \"gone\"\nproject ="),
            says: r#"
guides/first/guide.toml:4: The proof `gone` does not exist. Name a proof of this guide, or leave the line out.
"#,
        },
        Case {
            what: "dangling next step",
            spoil: |t| t.replace(TASK, "guide:first", "section:first/gone"),
            says: r#"
tasks/small/task.toml:13: section:first/gone does not exist. Correct the link, or add what it leads to.
"#,
        },
        Case {
            what: "dangling link in a section",
            spoil: |t| t.replace(SECTION, "[on](task:small)", "[on](task:gone)"),
            says: r#"
guides/first/01-basics.md:7: task:gone does not exist. Correct the link, or add what it leads to.
"#,
        },
        Case {
            what: "dangling link in a prompt",
            spoil: |t| t.replace(PROMPT, "first/when-sent", "first/gone"),
            says: r#"
tasks/small/prompt.md:1: question:first/gone does not exist. Correct the link, or add what it leads to.
"#,
        },
        Case {
            what: "page that the site has not",
            spoil: |t| t.replace(GUIDE, "section:first/basics", "page:gone"),
            says: r#"
guides/first/guide.toml:7: page:gone does not exist. Correct the link, or add what it leads to.
"#,
        },
        Case {
            what: "no next step",
            spoil: |t| t.replace(GUIDE, "next = [{ to = \"section:first/basics\", why = \"Begin here.\" }]\n", ""),
            says: r#"
guides/first/guide.toml:1: The page has no next step. Add next = [{ to = "…", why = "…" }].
"#,
        },
        Case {
            what: "no reason",
            spoil: |t| t.replace(TASK, "Read on.", ""),
            says: r#"
tasks/small/task.toml:13: The next step to guide:first gives no reason. Say why in one sentence.
"#,
        },
        Case {
            what: "leads to itself",
            spoil: |t| t.replace(GUIDE, "section:first/basics", "guide:first"),
            says: r#"
guides/first/guide.toml:7: The next step leads to the page itself. Name another page.
"#,
        },
        Case {
            what: "leads to a draft",
            spoil: |t| t.replace(WATCH, "\"active\"", "\"draft\""),
            says: r#"
guides/first/01-basics.md:5: task:watch is a draft and is not shown. Lead to an active task, or make this one active.
"#,
        },
        Case {
            what: "unreached task",
            spoil: |t| t.replace(SECTION, ", { to = \"task:watch\", why = \"Watch it.\" }", ""),
            says: r#"
tasks/watch/task.toml:1: Nothing that a reader comes to leads to task:watch. Name it as a next step of a section that it practises.
"#,
        },
        Case {
            what: "reached only from an unreached task",
            spoil: |t| {
                t.replace(
                    SECTION,
                    "{ to = \"task:small\", why = \"Do it.\" }, { to = \"task:watch\", why = \"Watch it.\" }",
                    "{ to = \"page:tasks\", why = \"Do it.\" }",
                );
                t.replace(SECTION, "[on](task:small)", "on");
                t.replace(TASK, "guide:first", "task:watch")
            },
            says: r#"
tasks/small/task.toml:1: Nothing that a reader comes to leads to task:small. Name it as a next step of a section that it practises.
tasks/watch/task.toml:1: Nothing that a reader comes to leads to task:watch. Name it as a next step of a section that it practises.
"#,
        },
    ]);
}

#[test]
fn competencies() {
    check(&[
        Case {
            what: "twice",
            spoil: |t| t.append(COMPETENCIES, "\n[[competency]]\nid = \"doing\"\nname = \"x\"\ncan = \"x\"\n"),
            says: r#"
competencies.toml:13: The competency `doing` stands twice. Rename or remove one of them.
"#,
        },
        Case {
            what: "requires nothing that is",
            spoil: |t| t.replace(COMPETENCIES, "[\"asking\"]", "[\"gone\"]"),
            says: r#"
competencies.toml:10: `doing` requires `gone`, which does not exist. Name a competency of this file, or add it.
"#,
        },
        Case {
            what: "circle",
            spoil: |t| t.replace(COMPETENCIES, "once.\"\n", "once.\"\nrequires = [\"doing\"]\n"),
            says: r#"
competencies.toml:2: These competencies require each other in a circle: asking, doing. Take one `requires` out of the circle.
"#,
        },
        Case {
            what: "measured by nothing",
            spoil: |t| t.append(COMPETENCIES, "\n[[competency]]\nid = \"idle\"\nname = \"x\"\ncan = \"x\"\n"),
            says: r#"
competencies.toml:13: No question and no task measures `idle`. Add a question or a task that does, or remove the competency.
"#,
        },
        Case {
            what: "unknown in a section",
            spoil: |t| t.replace(SECTION, "[\"asking\"]", "[\"asking\", \"gone\"]"),
            says: r#"
guides/first/01-basics.md:4: The competency `gone` does not exist. Name one of competencies.toml, or add it there.
"#,
        },
        Case {
            what: "unknown in a question",
            spoil: |t| t.replace(SECTION, "level=junior", "level=junior competency=gone"),
            says: r#"
guides/first/01-basics.md:9: The competency `gone` does not exist. Name one of competencies.toml, or add it there.
"#,
        },
        Case {
            what: "unknown in a task",
            spoil: |t| t.replace(TASK, "{ id = \"doing\"", "{ id = \"gone\""),
            says: r#"
tasks/small/task.toml:10: The competency `gone` does not exist. Name one of competencies.toml, or add it there.
"#,
        },
        Case {
            what: "weights",
            spoil: |t| t.replace(TASK, "weight = 0.4", "weight = 0.398"),
            says: r#"
tasks/small/task.toml:10: The weights of the competencies sum to 0.998. Make them positive, with a sum of 1.
"#,
        },
        Case {
            what: "negative weight",
            spoil: |t| {
                t.replace(TASK, "weight = 0.4", "weight = -0.4");
                t.replace(TASK, "weight = 0.6", "weight = 1.4")
            },
            says: r#"
tasks/small/task.toml:10: The weights of the competencies sum to 1.000. Make them positive, with a sum of 1.
"#,
        },
    ]);
}

#[test]
fn guides() {
    check(&[
        Case {
            what: "project",
            spoil: |t| t.replace(GUIDE, "\"desk\"", "\"gone\""),
            says: r#"
guides/first/guide.toml:4: The project `gone` does not exist. Name a folder of projects/.
"#,
        },
        Case {
            what: "requirements.lock",
            spoil: |t| t.remove("projects/desk/requirements.lock"),
            says: r#"
projects/desk/requirements.lock:1: The file is missing. Add it: the grader needs it to run the project.
"#,
        },
        Case {
            what: "same question id in another section",
            spoil: |t| {
                let text = std::fs::read_to_string(t.root().join(SECTION)).unwrap();
                t.write("guides/first/02-more.md", &text.replace("proof=when-sent", "proof=other"))
            },
            says: r#"
guides/first/02-more.md:9: The question id `when-sent` is taken at guides/first/01-basics.md:9. Give it an id of its own.
"#,
        },
        Case {
            what: "same proof id",
            spoil: |t| {
                let text = std::fs::read_to_string(t.root().join(SECTION)).unwrap();
                t.write("guides/first/02-more.md", &text.replace("{#when-sent", "{#other"))
            },
            says: r#"
guides/first/02-more.md:17: The proof id `when-sent` is taken at guides/first/01-basics.md:17. Give it an id of its own.
"#,
        },
        Case {
            what: "no source",
            spoil: |t| {
                t.replace(
                    SECTION,
                    "- Django documentation, [QuerySets](https://docs.djangoproject.com/en/5.2/ref/models/querysets/)",
                    "Experience.",
                )
            },
            says: r#"
guides/first/01-basics.md:9: The question "When is SQL sent?" names no source. List under Sources what it rests on, each as `- name, section`.
"#,
        },
        Case {
            what: "neither proof nor source",
            spoil: |t| {
                t.replace(
                    SECTION,
                    "- Django documentation, [QuerySets](https://docs.djangoproject.com/en/5.2/ref/models/querysets/)",
                    "Experience.",
                );
                t.replace(SECTION, " proof=when-sent statements=1", "");
                t.replace(SECTION, "```output", "```text")
            },
            says: r#"
guides/first/01-basics.md:9: The strong answer to "When is SQL sent?" has neither a proof nor a source. List under Sources what it rests on, each as `- name, section`.
"#,
        },
        Case {
            what: "proof without a claim",
            spoil: |t| {
                t.replace(SECTION, " statements=1", "");
                t.replace(SECTION, "```output\n3\n```", "")
            },
            says: r#"
guides/first/01-basics.md:17: The proof `when-sent` claims nothing. Add statements=N to its fence, an output block behind it, or an assert.
"#,
        },
        Case {
            what: "an assert is a claim",
            spoil: |t| {
                t.replace(SECTION, " statements=1", "");
                t.replace(SECTION, "```output\n3\n```", "");
                t.replace(SECTION, "print(len(Thing.objects.all()))", "assert Thing.objects.count() == 3")
            },
            says: "",
        },
        Case {
            what: "guide without sections",
            spoil: |t| {
                t.write("guides/empty/guide.toml", "id = \"empty\"\ntitle = \"E\"\nsummary = \"E.\"\nproject = \"desk\"\nlicence = \"CC-BY-SA-4.0\"\nauthors = [\"x\"]\nnext = [{ to = \"page:home\", why = \"Back.\" }]\n")
            },
            says: r#"
guides/empty/guide.toml:1: The guide has no section. Add one: 01-name.md.
"#,
        },
    ]);
}

#[test]
fn text() {
    check(&[
        Case {
            what: "alt text",
            spoil: |t| t.replace(SECTION, "To know.", "![](https://example.org/desk.png)"),
            says: r#"
guides/first/01-basics.md:12: The image `https://example.org/desk.png` has no alt text. Say in the square brackets what it shows.
"#,
        },
        Case {
            what: "link without words",
            spoil: |t| t.replace(SECTION, "To know.", "[](https://example.org/)"),
            says: r#"
guides/first/01-basics.md:12: The link to `https://example.org/` has no words. Say in the square brackets where it leads.
"#,
        },
        Case {
            what: "heading jump in a section",
            spoil: |t| t.replace(SECTION, "An introduction", "Words.\n\n#### Jump\nAn introduction"),
            says: r#"
guides/first/01-basics.md:9: "Jump" jumps from heading level 1 to 4. Begin it with ##.
"#,
        },
        Case {
            what: "heading jump in a prompt",
            spoil: |t| t.replace(PROMPT, "A desk", "#### Jump\nA desk"),
            says: r#"
tasks/small/prompt.md:1: "Jump" jumps from heading level 2 to 4. Begin it with ###.
"#,
        },
        Case {
            what: "heading jump in hints",
            spoil: |t| t.replace("tasks/small/hints.md", "At the view.", "#### Jump\nAt the view."),
            says: r#"
tasks/small/hints.md:2: "Jump" jumps from heading level 2 to 4. Begin it with ###.
"#,
        },
        Case {
            what: "raw html in a prompt",
            spoil: |t| t.replace(PROMPT, "Once.", "<br>Once."),
            says: r#"
tasks/small/prompt.md:7: Raw HTML is refused: `<br>`. Write it in Markdown, or put it in `backticks` if it is meant as text.
"#,
        },
        Case {
            what: "raw html in an explanation",
            spoil: |t| t.append("tasks/small/explain.md", "\n<!-- for authors -->\n"),
            says: r#"
tasks/small/explain.md:3: Raw HTML is refused: `<!-- for authors -->`. Write it in Markdown, or put it in `backticks` if it is meant as text.
"#,
        },
        Case {
            what: "alt text in an explanation",
            spoil: |t| t.append("tasks/small/explain.md", "\n![ ](/a.png)\n"),
            says: r#"
tasks/small/explain.md:3: The image `/a.png` has no alt text. Say in the square brackets what it shows.
"#,
        },
    ]);
}

const ROLE: &str = "roles/keeper/role.toml";

/// A role without a fault, to be spoiled.
fn with_role(t: &Tree) {
    let level = |level: &str| {
        format!(
            "[[level]]\nlevel = \"{level}\"\nsummary = \"S.\"\nwork = \"W.\"\nprepare = [{{ to = \"task:small\", why = \"Do it.\" }}]\n"
        )
    };
    let row = "[[row]]\ncompetency = \"asking\"\njunior = \"J.\"\nmiddle = \"M.\"\nsenior = \"S.\"\n";
    let head = "id = \"keeper\"\ntitle = \"Keeper\"\nsummary = \"Keeps.\"\nguide = \"first\"\nlicence = \"CC-BY-SA-4.0\"\n\
                authors = [\"A\"]\nnext = [{ to = \"guide:first\", why = \"Read.\" }]\n";
    t.write(ROLE, &format!("{head}{}{}{}{row}", level("junior"), level("middle"), level("senior")));
    t.write("roles/keeper/role.md", "A keeper keeps.\n");
}

#[test]
fn roles() {
    check(&[
        Case { what: "nothing", spoil: with_role, says: "" },
        Case {
            what: "unknown competency",
            spoil: |t| {
                with_role(t);
                t.replace(ROLE, "\"asking\"", "\"gone\"");
            },
            says: r#"
roles/keeper/role.toml:24: The competency `gone` does not exist. Name one of competencies.toml, or add it there.
"#,
        },
        Case {
            what: "a level too few",
            spoil: |t| {
                with_role(t);
                t.replace(ROLE, "\"senior\"", "\"middle\"");
            },
            says: r#"
roles/keeper/role.toml:8: The levels are not as they should be. Write one [[level]] for each of junior, middle and senior, in this order.
"#,
        },
        Case {
            what: "a step that leads nowhere",
            spoil: |t| {
                with_role(t);
                t.replace(ROLE, "task:small", "task:gone");
            },
            says: r#"
roles/keeper/role.toml:12: task:gone does not exist. Correct the link, or add what it leads to.
"#,
        },
        Case {
            what: "an empty cell",
            spoil: |t| {
                with_role(t);
                t.replace(ROLE, "\"M.\"", "\" \"");
            },
            says: r#"
roles/keeper/role.toml:24: A level of `asking` says nothing. Say what can be observed at each level.
"#,
        },
    ]);
}
