//! Faults of reading.

use crate::tree::{Case, Tree, check};

const SECTION: &str = "guides/first/01-basics.md";
const TASK: &str = "tasks/small/task.toml";

#[test]
fn a_whole_tree_has_no_fault() {
    assert_eq!(Tree::whole().faults(), "");
}

#[test]
fn what_is_read() {
    let library = Tree::whole().read();
    let guide = &library.guides["first"];
    let question = &guide.sections[0].questions[0];
    assert_eq!((question.id.as_str(), question.title.as_str(), question.line), ("when-sent", "When is SQL sent?", 9));
    let proof = guide.proofs().next().unwrap();
    assert_eq!((proof.statements, proof.output.as_deref(), proof.line), (Some(1), Some("3\n"), 17));
    assert_eq!(proof.code, "from shop.models import Thing\n\nprint(len(Thing.objects.all()))\n");
    assert_eq!(question.strong.len(), 3);
    let task = &library.tasks["small"];
    let names: Vec<_> = task.parameters.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["size", "label"]);
    assert_eq!(task.next[0].to.to_string(), "guide:first");
    assert_eq!(library.proofs().count(), 1);
}

#[test]
fn all_faults_are_named_in_one_run() {
    let tree = Tree::whole();
    tree.remove("tasks/small/prompt.md");
    tree.replace(SECTION, "level=junior", "level=expert");
    tree.replace("competencies.toml", "name = \"Doing\"", "nam = \"Doing\"");
    let faults = tree.faults();
    let files: Vec<_> = faults.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(files, ["competencies.toml:8", "guides/first/01-basics.md:9", "tasks/small/prompt.md:1"]);
}

#[test]
fn behaviours_are_in_the_order_of_their_numbers() {
    let tree = Tree::whole();
    tree.write("tasks/small/behaviours/B10-late.toml", "id = \"late\"\n");
    let names: Vec<_> = tree.read().tasks["small"].behaviours.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, ["B1-page.toml", "B2-buy.toml", "B10-late.toml"]);
}

#[test]
fn litter_is_passed_over() {
    let tree = Tree::whole();
    tree.write("projects/desk/shop/__pycache__/views.pyc", "x");
    tree.write("guides/.DS_Store", "x");
    tree.write("tasks/small/starter/shop/views.py~", "x");
    assert_eq!(tree.faults(), "");
}

#[test]
fn faults_of_files_and_toml() {
    check(&[
        Case {
            what: "no content",
            spoil: |t| {
                for f in ["competencies.toml", "guides", "projects", "tasks"] {
                    t.remove(f)
                }
            },
            says: r#"
competencies.toml:1: The file is missing. Write it as docs/content-format.md says.
guides:1: The folder cannot be read: No such file or directory (os error 2). Make it, or let it be read.
projects:1: The folder cannot be read: No such file or directory (os error 2). Make it, or let it be read.
tasks:1: The folder cannot be read: No such file or directory (os error 2). Make it, or let it be read.
"#,
        },
        Case {
            what: "toml syntax",
            spoil: |t| t.replace(TASK, "version = 1", "version = = 1"),
            says: r#"
tasks/small/task.toml:2: The TOML is not as the format asks: extra `=`, expected nothing. See docs/content-format.md for this file.
"#,
        },
        Case {
            what: "toml key",
            spoil: |t| t.replace(TASK, "status = ", "state = "),
            says: r#"
tasks/small/task.toml:3: The TOML is not as the format asks: unknown field `state`, expected one of `uuid`, `version`, `supersedes`, `status`, `title`, `summary`, `project`, `kind`, `licence`, `authors`, `competencies`, `difficulty`, `minutes`, `next`, `limits`, `snapshot`, `facts`. See docs/content-format.md for this file.
"#,
        },
        Case {
            what: "toml in front matter",
            spoil: |t| t.replace(SECTION, "summary = \"What", "summary = 3\nx = \"What"),
            says: r#"
guides/first/01-basics.md:3: The TOML is not as the format asks: invalid type: integer `3`, expected a string. See docs/content-format.md for this file.
"#,
        },
        Case {
            what: "not utf-8",
            spoil: |t| t.write_bytes("tasks/small/hints.md", b"one\ntwo \xff"),
            says: r#"
tasks/small/hints.md:2: The text is not UTF-8. Save it as UTF-8.
"#,
        },
        Case {
            what: "id and folder",
            spoil: |t| t.replace("guides/first/guide.toml", "id = \"first\"", "id = \"other\""),
            says: r#"
guides/first/guide.toml:1: The id is `other` and the folder is called `first`. Give both the same name.
"#,
        },
        Case {
            what: "no id",
            spoil: |t| t.replace("competencies.toml", "id = \"asking\"", "id = \"Asking it\""),
            says: r#"
competencies.toml:2: `Asking it` is not an id. Use lower-case words joined by single hyphens.
"#,
        },
        Case {
            what: "folder name",
            spoil: |t| t.write("tasks/Big_Task/task.toml", ""),
            says: r#"
tasks/Big_Task:1: `Big_Task` is not an id. Use lower-case words joined by single hyphens.
"#,
        },
        Case {
            what: "stray file",
            spoil: |t| t.write("tasks/notes.md", ""),
            says: r#"
tasks/notes.md:1: A file stands where only folders do. Move it into the folder that it belongs to, or remove it.
"#,
        },
        Case {
            what: "stray entry of a task",
            spoil: |t| t.write("tasks/small/behaviors/B1.toml", ""),
            says: r#"
tasks/small/behaviors:1: Nothing in a task is called so. Rename or remove it; a task holds task.toml, prompt.md, variant.toml, world.sql, starter, editable.toml, behaviours, explain-back, submissions, expected.toml, testmutants, hints.md, explain.md, design.md.
"#,
        },
        Case {
            what: "bad link in next",
            spoil: |t| t.replace(TASK, "guide:first", "guides/first"),
            says: r#"
tasks/small/task.toml:13: `guides/first` is not page:NAME, guide:ID, section:GUIDE/SECTION, question:GUIDE/QUESTION, quick:ID, task:ID, role:ID, check:ID, hiring:ROLE, answers:ASKER or answer:ASKER/QUESTION. Write one of these, with ids in lower case.
"#,
        },
        Case {
            what: "module of settings",
            spoil: |t| t.remove("projects/desk/desk/settings.py"),
            says: r#"
projects/desk/project.toml:4: The module `desk.settings` is not in the project. Add desk/settings.py, or name the module that is there.
"#,
        },
        Case {
            what: "fixture without function",
            spoil: |t| t.replace("projects/desk/project.toml", ":load", ""),
            says: r#"
projects/desk/project.toml:5: `desk.fixture` names no function. Write module:function.
"#,
        },
        Case {
            what: "uuid version",
            spoil: |t| t.replace(TASK, "-7000-", "-4000-"),
            says: r#"
tasks/small/task.toml:1: The uuid is not of version 7. Make one with `uuidgen -7`, or any tool that makes version 7.
"#,
        },
        Case {
            what: "version and supersedes",
            spoil: |t| t.replace(TASK, "version = 1", "version = 1\nsupersedes = { version = 1, reason = \"x\" }"),
            says: r#"
tasks/small/task.toml:3: Version 1 cannot supersede version 1. Raise `version`, or name an earlier one.
"#,
        },
        Case {
            what: "source of difficulty",
            spoil: |t| t.replace(TASK, "\"expert\"", "\"guess\""),
            says: r#"
tasks/small/task.toml:11: `guess` is not a source of difficulty. Write expert, model or data.
"#,
        },
        Case {
            what: "parameter",
            spoil: |t| t.replace("tasks/small/variant.toml", "choose = ", "pick = "),
            says: r#"
tasks/small/variant.toml:4: `label` is not a parameter: unknown variant `pick`, expected `int` or `choose`. Write int = [low, high] or choose = ["…", …]: text and whole numbers.
"#,
        },
        Case {
            what: "empty range",
            spoil: |t| t.replace("tasks/small/variant.toml", "[3, 5]", "[5, 3]"),
            says: r#"
tasks/small/variant.toml:1: 5 is more than 3. Write the smaller number first.
"#,
        },
        Case {
            what: "glob",
            spoil: |t| t.replace("tasks/small/editable.toml", "queries/*.py", "queries/[*.py"),
            says: r#"
tasks/small/editable.toml:1: `shop/queries/[*.py` is not a glob: unclosed character class; missing ']'. Write a path in which *, ? and ** may stand.
"#,
        },
        Case {
            what: "kind of submission",
            spoil: |t| t.write("tasks/small/submissions/broken/x/shop/views.py", ""),
            says: r#"
tasks/small/submissions/broken:1: `broken` is not a kind of submission. Put it under one of accepted, mutants, slow, hostile.
"#,
        },
        Case {
            what: "name in expected.toml",
            spoil: |t| t.append("tasks/small/expected.toml", "[submissions.\"mutant/x\"]\nfails = []\n"),
            says: r#"
tasks/small/expected.toml:33: `mutant/x` is not the name of a submission. Write it as accepted/id, mutants/id, slow/id or hostile/id.
"#,
        },
        Case {
            what: "behaviour that is no toml file",
            spoil: |t| t.write("tasks/small/behaviours/B3.md", ""),
            says: r#"
tasks/small/behaviours/B3.md:1: A behaviour is a .toml file. Rename or remove it.
"#,
        },
    ]);
}

#[cfg(unix)]
#[test]
fn tricks_in_the_names_of_files() {
    check(&[
        Case {
            what: "backslash",
            spoil: |t| t.write("tasks/small/starter/shop\\views.py", ""),
            says: r#"
tasks/small/starter/shop\views.py:1: The name is refused: the path holds a backslash. Rename or move the file.
"#,
        },
        Case {
            what: "control character",
            spoil: |t| t.write("tasks/small/submissions/slow/loop/shop/a\u{7}.py", ""),
            says: r#"
tasks/small/submissions/slow/loop/shop/a�.py:1: The name is refused: the path holds a control character. Rename or move the file.
"#,
        },
        Case {
            what: "too deep",
            spoil: |t| t.write("projects/desk/a/b/c/d/e/f/g/h/i.py", ""),
            says: r#"
projects/desk/a/b/c/d/e/f/g/h/i.py:1: The name is refused: the path is more than 8 parts deep. Rename or move the file.
"#,
        },
        Case {
            what: "symbolic link",
            spoil: |t| std::os::unix::fs::symlink("/", t.root().join("projects/desk/all")).unwrap(),
            says: r#"
projects/desk/all:1: This is neither a file nor a folder. Put a copy in its place.
"#,
        },
    ]);
}

#[test]
fn faults_of_sections() {
    check(&[
        Case {
            what: "file name",
            spoil: |t| t.write("guides/first/intro.md", ""),
            says: r#"
guides/first/intro.md:1: `intro.md` is not the name of a section. Call a section NN-name.md, and keep other files elsewhere.
"#,
        },
        Case {
            what: "number taken",
            spoil: |t| t.write("guides/first/01-again.md", ""),
            says: r#"
guides/first/01-again.md:1: The section has no front matter. Begin it with a line +++, then TOML, then a line +++.
guides/first/01-basics.md:1: Another section has this number or this name: guides/first/01-again.md. Give each section a number and a name of its own.
"#,
        },
        Case {
            what: "no front matter",
            spoil: |t| t.replace(SECTION, "+++\n", ""),
            says: r#"
guides/first/01-basics.md:1: The section has no front matter. Begin it with a line +++, then TOML, then a line +++.
"#,
        },
        Case {
            what: "no competency",
            spoil: |t| t.replace(SECTION, "[\"asking\"]", "[]"),
            says: r#"
guides/first/01-basics.md:4: The section names no competency. Name at least one: the first is what its questions measure.
"#,
        },
        Case {
            what: "no introduction",
            spoil: |t| t.replace(SECTION, "An introduction that leads [on](task:small).\n", ""),
            says: r#"
guides/first/01-basics.md:1: The section has no introduction. Say in a paragraph what this part decides in practice.
"#,
        },
        Case {
            what: "no level",
            spoil: |t| t.replace(SECTION, " level=junior", ""),
            says: r#"
guides/first/01-basics.md:9: The question "When is SQL sent?" has no level. End the heading with {#id level=junior}, middle or senior.
"#,
        },
        Case {
            what: "no id",
            spoil: |t| {
                t.replace(SECTION, "#when-sent ", "");
                t.replace(SECTION, "question:first/when-sent", "guide:first");
                t.replace("tasks/small/prompt.md", "question:first/when-sent", "guide:first")
            },
            says: r#"
guides/first/01-basics.md:9: The question "When is SQL sent?" has no id. End the heading with {#id level=…}; an id is lower-case words joined by hyphens.
"#,
        },
        Case {
            what: "unknown attribute",
            spoil: |t| t.replace(SECTION, "level=junior", "level=junior lvl=2"),
            says: r#"
guides/first/01-basics.md:9: `lvl` is not understood. A question's braces hold #id, level=… and competency=….
"#,
        },
        Case {
            what: "part missing",
            spoil: |t| t.replace(SECTION, "### Follow-up\nAnd when not?\n\n", ""),
            says: r#"
guides/first/01-basics.md:31: "Sources" stands where "Follow-up" belongs. Write the five parts as ### headings, in this order: Why it is asked, A strong answer, A weak answer, Follow-up, Sources.
"#,
        },
        Case {
            what: "last part missing",
            spoil: |t| t.replace(SECTION, "### Sources\n", ""),
            says: r#"
guides/first/01-basics.md:9: The question "When is SQL sent?" lacks "Sources". Write the five parts as ### headings, in this order: Why it is asked, A strong answer, A weak answer, Follow-up, Sources.
"#,
        },
        Case {
            what: "part in excess",
            spoil: |t| t.append(SECTION, "\n### Remarks\nMore.\n"),
            says: r#"
guides/first/01-basics.md:37: "Remarks" is not a part of a question. Write the five parts as ### headings, in this order: Why it is asked, A strong answer, A weak answer, Follow-up, Sources.
"#,
        },
        Case {
            what: "part empty",
            spoil: |t| t.replace(SECTION, "To know.\n", ""),
            says: r#"
guides/first/01-basics.md:11: "Why it is asked" is empty. Write it: a reader finds every part in every question.
"#,
        },
        Case {
            what: "text before parts",
            spoil: |t| t.replace(SECTION, "### Why", "Well.\n\n### Why"),
            says: r#"
guides/first/01-basics.md:11: Text stands between a question and its first part. Move it into one of the parts, or into the section's introduction.
"#,
        },
        Case {
            what: "deep heading",
            spoil: |t| t.replace(SECTION, "To know.", "##### Deep\n"),
            says: r#"
guides/first/01-basics.md:12: A heading of level 5 has no place here. Use ## for a question, ### for its parts and #### inside a part.
"#,
        },
        Case {
            what: "raw html",
            spoil: |t| t.replace(SECTION, "To know.", "To <b>know</b>.\n\n<div onclick=\"x()\">\n</div>"),
            says: r#"
guides/first/01-basics.md:12: Raw HTML is refused: `</b>`. Write it in Markdown, or put it in `backticks` if it is meant as text.
guides/first/01-basics.md:12: Raw HTML is refused: `<b>`. Write it in Markdown, or put it in `backticks` if it is meant as text.
guides/first/01-basics.md:14: Raw HTML is refused: `<div onclick="x()">`. Write it in Markdown, or put it in `backticks` if it is meant as text.
guides/first/01-basics.md:15: Raw HTML is refused: `</div>`. Write it in Markdown, or put it in `backticks` if it is meant as text.
"#,
        },
        Case {
            what: "script link",
            spoil: |t| t.replace(SECTION, "To know.", "[To](javascript:alert(1)) [know](/tasks/small)."),
            says: r#"
guides/first/01-basics.md:12: The link to `/tasks/small` leads nowhere that a page may lead. Use https://, #place, or a content link such as section:django/querysets.
guides/first/01-basics.md:12: The link to `javascript:alert(1)` leads nowhere that a page may lead. Use https://, #place, or a content link such as section:django/querysets.
"#,
        },
        Case {
            what: "ill-formed link",
            spoil: |t| t.replace(SECTION, "(task:small)", "(task:Small)"),
            says: r#"
guides/first/01-basics.md:7: `task:Small` is not page:NAME, guide:ID, section:GUIDE/SECTION, question:GUIDE/QUESTION, quick:ID, task:ID, role:ID, check:ID, hiring:ROLE, answers:ASKER or answer:ASKER/QUESTION. Write one of these, with ids in lower case.
"#,
        },
        Case {
            what: "image address",
            spoil: |t| t.replace(SECTION, "To know.", "![A desk](desk.png)"),
            says: r#"
guides/first/01-basics.md:12: The image `desk.png` cannot be shown. Use an https:// address, or a path on this site that begins with /.
"#,
        },
        Case {
            what: "proof in a list",
            spoil: |t| t.replace(SECTION, "To know.", "- one\n\n  ```python proof=inner statements=1\n  pass\n  ```"),
            says: r#"
guides/first/01-basics.md:14: A proof stands where none can be run. Put the fence at the left margin of a guide's section, outside lists and quotations.
"#,
        },
        Case {
            what: "proof in another language",
            spoil: |t| t.replace(SECTION, "```python proof", "```sql proof"),
            says: r#"
guides/first/01-basics.md:17: A proof is not marked as Python. Begin the fence with ```python.
"#,
        },
        Case {
            what: "proof with an unknown word",
            spoil: |t| t.replace(SECTION, "statements=1", "statement=1"),
            says: r#"
guides/first/01-basics.md:17: `statement=1` is not understood. A proof's fence carries proof=ID, with an id in lower case, and statements=N.
"#,
        },
        Case {
            what: "long proof",
            spoil: |t| t.replace(SECTION, "from shop.models import Thing\n", &"x = 1\n".repeat(39)),
            says: r#"
guides/first/01-basics.md:17: The proof has 41 lines. Shorten it to 40 lines, or cut it in two.
"#,
        },
        Case {
            what: "output without a proof",
            spoil: |t| t.replace(SECTION, "```\n```output", "```\n\nIt prints:\n\n```output"),
            says: r#"
guides/first/01-basics.md:25: An output block follows no proof. Put it at once behind the fence of a proof, or call it `text`.
"#,
        },
    ]);
}
