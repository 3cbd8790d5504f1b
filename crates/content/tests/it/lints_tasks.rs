//! Faults of the lint in tasks: for each a tree that has it and nothing else, and every word of what is said.

use crate::tree::{Case, check};

const TASK: &str = "tasks/small/task.toml";
const WATCH: &str = "tasks/watch/task.toml";
const PROMPT: &str = "tasks/small/prompt.md";
const EXPECTED: &str = "tasks/small/expected.toml";
const PAGE: &str = "tasks/small/behaviours/B1-page.toml";
const BUY: &str = "tasks/small/behaviours/B2-buy.toml";

#[test]
fn tasks() {
    check(&[
        Case {
            what: "uuid taken",
            spoil: |t| t.replace(WATCH, "000002", "000001"),
            says: r#"
tasks/watch/task.toml:1: The uuid is that of the task `small`. Make a new one.
"#,
        },
        Case {
            what: "project",
            spoil: |t| t.replace(TASK, "\"desk\"", "\"gone\""),
            says: r#"
tasks/small/task.toml:6: The project `gone` does not exist. Name a folder of projects/.
"#,
        },
        Case {
            what: "design.md",
            spoil: |t| t.remove("tasks/small/design.md"),
            says: r#"
tasks/small/design.md:1: The task has no design.md. Say there, for authors, why the task is as it is.
"#,
        },
        Case {
            what: "parameter and fact",
            spoil: |t| t.replace(TASK, "some_thing =", "label = \"select 1\"\nsome_thing ="),
            says: r#"
tasks/small/variant.toml:4: `label` is a parameter and a fact. Rename one of them: in a behaviour, braces could mean either.
"#,
        },
        Case {
            what: "snapshot",
            spoil: |t| t.append(TASK, "\n[snapshot]\nfixture = \"\"\n"),
            says: r#"
tasks/small/task.toml:18: Only a task of kind "migrate" has a snapshot of its own. Remove [snapshot], or change the kind.
"#,
        },
        Case {
            what: "test mutants of another kind",
            spoil: |t| t.write("tasks/small/testmutants/x/shop/views.py", ""),
            says: r#"
tasks/small/task.toml:7: Only a task of kind "tests" has testmutants. Remove the folder, or change the kind.
"#,
        },
        Case {
            what: "glob that matches nothing",
            spoil: |t| t.replace("tasks/small/editable.toml", "\"shop/queries/*.py\"", "\"shop/querys.py\""),
            says: r#"
tasks/small/editable.toml:1: `shop/querys.py` matches no file of the starter, the project or a submission. Correct it, or remove it; a glob for new files must lie in a folder that is there.
"#,
        },
        Case {
            what: "glob in a folder that is not there",
            spoil: |t| t.replace("tasks/small/editable.toml", "shop/queries/*.py", "shop/querys/*.py"),
            says: r#"
tasks/small/editable.toml:1: `shop/querys/*.py` matches no file of the starter, the project or a submission. Correct it, or remove it; a glob for new files must lie in a folder that is there.
"#,
        },
        Case {
            what: "glob for new files",
            spoil: |t| t.replace("tasks/small/editable.toml", "shop/queries/*.py", "shop/new_*.py"),
            says: "",
        },
        Case {
            what: "open_first",
            spoil: |t| {
                t.replace(
                    "tasks/small/editable.toml",
                    "open_first = \"shop/views.py\"",
                    "open_first = \"shop/urls.py\"",
                )
            },
            says: r#"
tasks/small/editable.toml:2: `shop/urls.py` is opened first and is not editable. Name a file that a glob of `editable` matches.
"#,
        },
        Case {
            what: "submission beyond what is editable",
            spoil: |t| t.write("tasks/small/submissions/hostile/exit/shop/urls.py", ""),
            says: r#"
tasks/small/submissions/hostile/exit/shop/urls.py:1: `shop/urls.py` is not a file that a candidate may change. Move the change into an editable file, or widen editable.toml.
"#,
        },
        Case {
            what: "no hint",
            spoil: |t| t.write("tasks/small/hints.md", "Look.\n"),
            says: r#"
tasks/small/hints.md:1: The task has no hint. Write one under a ## heading.
"#,
        },
    ]);
}

#[test]
fn templates() {
    check(&[
        Case {
            what: "undefined in the prompt",
            spoil: |t| t.replace(PROMPT, "Once.", "{{ sise }} times."),
            says: r#"
tasks/small/prompt.md:7: The template does not render: undefined value: `sise` is undefined. Use the parameters of variant.toml only; write {% raw %}…{% endraw %} around braces that are meant as text.
"#,
        },
        Case {
            what: "fact in the prompt",
            spoil: |t| t.replace(PROMPT, "Once.", "{{ some_thing }} times."),
            says: r#"
tasks/small/prompt.md:7: The template does not render: undefined value: `some_thing` is undefined. Use the parameters of variant.toml only; write {% raw %}…{% endraw %} around braces that are meant as text.
"#,
        },
        Case {
            what: "syntax in world.sql",
            spoil: |t| t.append("tasks/small/world.sql", "{% if size %}\n"),
            says: r#"
tasks/small/world.sql:2: The template does not render: syntax error: unexpected end of input, expected end of block. Use the parameters of variant.toml only; write {% raw %}…{% endraw %} around braces that are meant as text.
"#,
        },
        Case {
            what: "undefined in the starter",
            spoil: |t| t.append("tasks/small/starter/shop/views.py.jinja", "X = {{ x }}\n"),
            says: r#"
tasks/small/starter/shop/views.py.jinja:2: The template does not render: undefined value: `x` is undefined. Use the parameters of variant.toml only; write {% raw %}…{% endraw %} around braces that are meant as text.
"#,
        },
        Case {
            what: "undefined in a submission",
            spoil: |t| t.append("tasks/small/submissions/mutants/late/shop/views.py.jinja", "X = {{ x }}\n"),
            says: r#"
tasks/small/submissions/mutants/late/shop/views.py.jinja:2: The template does not render: undefined value: `x` is undefined. Use the parameters of variant.toml only; write {% raw %}…{% endraw %} around braces that are meant as text.
"#,
        },
        Case {
            what: "some seeds only",
            spoil: |t| {
                t.append(
                    "tasks/small/submissions/mutants/late/shop/views.py.jinja",
                    "{% if size == 5 %}{{ x }}{% endif %}\n",
                )
            },
            says: r#"
tasks/small/submissions/mutants/late/shop/views.py.jinja:2: The template does not render: undefined value: `x` is undefined. Use the parameters of variant.toml only; write {% raw %}…{% endraw %} around braces that are meant as text.
"#,
        },
        Case {
            what: "template and plain file",
            spoil: |t| t.write("tasks/small/starter/shop/views.py", ""),
            says: r#"
tasks/small/starter/shop/views.py.jinja:1: `shop/views.py` stands twice: as itself and as a template. Remove one of them.
"#,
        },
        Case {
            what: "template that is not text",
            spoil: |t| t.write_bytes("tasks/small/starter/shop/queries/x.py.jinja", b"\xff"),
            says: r#"
tasks/small/starter/shop/queries/x.py.jinja:1: The template is not UTF-8. Save it as UTF-8.
"#,
        },
        Case {
            what: "unknown name in a behaviour",
            spoil: |t| t.replace(BUY, "{{ some_thing }}", "{{ sum_thing }}"),
            says: r#"
tasks/small/behaviours/B2-buy.toml:7: `sum_thing` is no parameter, no fact, and nothing that this behaviour saves. Declare it in variant.toml or under [facts] in task.toml, or save it in a step.
"#,
        },
        Case {
            what: "behaviour that is not TOML",
            spoil: |t| t.replace(PAGE, "count = {{ size }}", "count = {{ some_thing }}"),
            says: r#"
tasks/small/behaviours/B1-page.toml:12: The TOML is not as the format asks: missing key for inline table element, expected key. Mend the TOML; a fact in braces must stand inside quotation marks.
"#,
        },
    ]);
}

#[test]
fn behaviours() {
    check(&[
        Case {
            what: "unasked",
            spoil: |t| t.replace(BUY, "\"R2\"", "\"R3\""),
            says: r#"
tasks/small/behaviours/B2-buy.toml:3: The requirement R3 is not in the prompt. Cite one that is there, or ask for it in prompt.md: nothing unasked is checked.
tasks/small/prompt.md:6: No behaviour checks R2. Add a behaviour with requirement = "R2", or drop the requirement.
"#,
        },
        Case {
            what: "unchecked",
            spoil: |t| t.append(PROMPT, "\n### R3: A thing can be sold\nOnce.\n"),
            says: r#"
tasks/small/prompt.md:9: No behaviour checks R3. Add a behaviour with requirement = "R3", or drop the requirement.
"#,
        },
        Case {
            what: "requirement twice",
            spoil: |t| t.append(PROMPT, "\n### R2: A thing can be sold\nOnce.\n"),
            says: r#"
tasks/small/prompt.md:6: The requirement R2 stands twice. Number it anew.
"#,
        },
        Case {
            what: "no title",
            spoil: |t| t.replace(BUY, "title = \"A thing is bought once\"\n", ""),
            says: r#"
tasks/small/behaviours/B2-buy.toml:1: The behaviour has no `title`. Every behaviour has id, kind, requirement and title.
"#,
        },
        Case {
            what: "file name",
            spoil: |t| t.replace(BUY, "id = \"buy\"", "id = \"bought\""),
            says: r#"
tasks/small/behaviours/B2-buy.toml:1: The behaviour `bought` stands in `B2-buy.toml`. Call the file B1-bought.toml, with a number of its own.
tasks/small/expected.toml:1: No mutant fails `bought` and nothing else. Add one that does, or drop the behaviour: without such a mutant nothing shows that it is needed.
tasks/small/expected.toml:2: The behaviour `buy` does not exist. Name the id of a file in behaviours/.
tasks/small/expected.toml:13: The behaviour `buy` does not exist. Name the id of a file in behaviours/.
tasks/small/expected.toml:20: The behaviour `buy` does not exist. Name the id of a file in behaviours/.
tasks/small/expected.toml:23: The behaviour `buy` does not exist. Name the id of a file in behaviours/.
"#,
        },
        Case {
            what: "kind",
            spoil: |t| t.replace(BUY, "database_effect", "database-effect"),
            says: r#"
tasks/small/behaviours/B2-buy.toml:2: `database-effect` is not a kind of behaviour. Write one of http, database_effect, index_used, migration, query_growth, permission_matrix, tests_kill_mutants.
"#,
        },
        Case {
            what: "kind of another task",
            spoil: |t| t.replace(BUY, "database_effect", "tests_kill_mutants"),
            says: r#"
tasks/small/behaviours/B2-buy.toml:2: `tests_kill_mutants` does not fit the task's kind. Tasks of kind "tests" have behaviours of kind "tests_kill_mutants", and only they.
"#,
        },
        Case {
            what: "id twice",
            spoil: |t| {
                let text = std::fs::read_to_string(t.root().join(BUY)).unwrap();
                t.write("tasks/small/behaviours/B3-buy.toml", &text)
            },
            says: r#"
tasks/small/behaviours/B3-buy.toml:1: The behaviour id `buy` is taken. Give it an id of its own.
"#,
        },
        Case {
            what: "saved too late",
            spoil: |t| t.replace(BUY, "{{ some_thing }}", "{{ sale }}"),
            says: r#"
tasks/small/behaviours/B2-buy.toml:7: `sale` is used before a step saves it. Save it in an earlier step.
"#,
        },
        Case {
            what: "variant that is not there",
            spoil: |t| t.replace("tasks/watch/behaviours/B1-sees.toml", "\"sells-twice\"", "\"sells-twice\", \"gone\""),
            says: r#"
tasks/watch/behaviours/B1-sees.toml:6: The variant `gone` does not exist. Name a folder of testmutants/.
"#,
        },
        Case {
            what: "variant in the wrong list",
            spoil: |t| {
                t.replace(
                    "tasks/watch/behaviours/B1-sees.toml",
                    "[\"correct-original\"]",
                    "[\"correct-original\", \"sells-twice\"]",
                )
            },
            says: r#"
tasks/watch/behaviours/B1-sees.toml:5: `sells-twice` stands in the wrong list. Put correct-… under `live` and the broken ones under `kill`.
"#,
        },
        Case {
            what: "variant that nothing names",
            spoil: |t| t.write("tasks/watch/testmutants/sells-never/shop/views.py", ""),
            says: r#"
tasks/watch/testmutants/sells-never:1: No behaviour runs the tests against this variant. Name it under `live` or `kill`.
"#,
        },
    ]);
}

#[test]
fn expected() {
    check(&[
        Case {
            what: "unknown behaviour",
            spoil: |t| {
                t.replace(
                    EXPECTED,
                    "[submissions.\"mutants/late\"]\nfails = [\"page\"]",
                    "[submissions.\"mutants/late\"]\nfails = [\"pages\"]",
                )
            },
            says: r#"
tasks/small/expected.toml:17: The behaviour `pages` does not exist. Name the id of a file in behaviours/.
"#,
        },
        Case {
            what: "unknown submission",
            spoil: |t| t.append(EXPECTED, "\n[submissions.\"mutants/gone\"]\nfails = [\"page\"]\n"),
            says: r#"
tasks/small/expected.toml:34: The submission `mutants/gone` does not exist. Add it under submissions/, or remove the expectation.
"#,
        },
        Case {
            what: "submission without an expectation",
            spoil: |t| t.write("tasks/small/submissions/mutants/new/shop/views.py", ""),
            says: r#"
tasks/small/submissions/mutants/new:1: Nothing is expected of this submission. Add [submissions."mutants/new"] to expected.toml.
"#,
        },
        Case {
            what: "starter passes",
            spoil: |t| t.replace(EXPECTED, "fails = [\"page\", \"buy\"]", "fails = []"),
            says: r#"
tasks/small/expected.toml:1: The starter is expected to pass. Name what it fails: a starter that passes asks for nothing.
"#,
        },
        Case {
            what: "accepted fails",
            spoil: |t| {
                t.replace(
                    EXPECTED,
                    "[submissions.\"accepted/pager\"]\nfails = []",
                    "[submissions.\"accepted/pager\"]\nfails = [\"page\"]",
                )
            },
            says: r#"
tasks/small/expected.toml:7: What is expected of `accepted/pager` does not fit its folder. Write fails = []: an accepted submission passes.
"#,
        },
        Case {
            what: "slow is not stopped",
            spoil: |t| t.replace(EXPECTED, "stopped = \"cpu\"", "fails = [\"page\"]"),
            says: r#"
tasks/small/expected.toml:28: What is expected of `slow/loop` does not fit its folder. Write what stops it, for example stopped = "cpu".
"#,
        },
        Case {
            what: "unknown stop",
            spoil: |t| t.replace(EXPECTED, "\"cpu\"", "\"time\""),
            says: r#"
tasks/small/expected.toml:29: `time` is nothing that stops a run. Write one of cpu, wall, memory, statements, rows, exit.
"#,
        },
        Case {
            what: "one accepted",
            spoil: |t| {
                t.remove("tasks/small/submissions/accepted/pager");
                t.replace(EXPECTED, "[submissions.\"accepted/pager\"]\nfails = []\n", "")
            },
            says: r#"
tasks/small/expected.toml:1: submissions/accepted holds 1, and a task needs 2. Add one in another style, so that the checks are not fitted to one.
"#,
        },
        Case {
            what: "five mutants",
            spoil: |t| {
                t.remove("tasks/small/submissions/mutants/late");
                t.replace(EXPECTED, "[submissions.\"mutants/late\"]\nfails = [\"page\"]\n", "")
            },
            says: r#"
tasks/small/expected.toml:1: submissions/mutants holds 5, and a task needs 6. Add wrong submissions that a person would write.
"#,
        },
        Case {
            what: "no mutant needs it",
            spoil: |t| {
                for name in ["no-buy", "twice"] {
                    t.replace(
                        EXPECTED,
                        &format!("[submissions.\"mutants/{name}\"]\nfails = [\"buy\"]"),
                        &format!("[submissions.\"mutants/{name}\"]\nfails = [\"buy\", \"page\"]"),
                    )
                }
            },
            says: r#"
tasks/small/expected.toml:1: No mutant fails `buy` and nothing else. Add one that does, or drop the behaviour: without such a mutant nothing shows that it is needed.
"#,
        },
    ]);
}
