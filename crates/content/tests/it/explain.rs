//! Questions about a candidate's own code: what is read, what is rendered, and what is wrong with them.

use crate::tree::{Case, Tree, check};
use jobfuture_content::{Answer, Asks, Deed, Form, Observed, TestsCount, Unanswered};
use std::collections::BTreeMap;

const PAGE: &str = "tasks/small/explain-back/Q1-page-statements.toml";
const TWICE: &str = "tasks/small/explain-back/Q2-bought-twice.toml";
const REQUESTS: &str = "tasks/watch/explain-back/Q1-requests.toml";

fn facts() -> BTreeMap<String, String> {
    BTreeMap::from([("some_thing".to_owned(), "<7>".to_owned()), ("all".to_owned(), "12".to_owned())])
}

#[test]
fn what_is_read() {
    let library = Tree::whole().read();
    let variant = library.tasks["small"].variant(0).unwrap();
    let [page, twice] = &variant.explain_back[..] else { panic!("two questions are there") };
    assert_eq!((page.id.as_str(), page.asks, page.form()), ("page-statements", Asks::Statements, Form::Number));
    let Observed::Request { sent, .. } = &page.observed else { panic!("a request is observed") };
    let size = variant.parameters["size"].to_string();
    assert_eq!((sent.request.as_str(), sent.person.as_str()), (&*format!("GET /things/?size={size}"), "ada"));
    assert_eq!(sent.status, [200, 201, 204]);
    assert!(matches!(&page.before[..], [Deed::Sql(sql)] if sql.contains(":some_thing")));
    assert_eq!(
        (twice.asks, twice.form(), &twice.options[..]),
        (Asks::Status, Form::Choice, &["200", "201", "409"].map(String::from)[..])
    );
    let Observed::Request { sent, .. } = &twice.observed else { panic!("a request is observed") };
    // Facts and what a step saves wait for the run; of a status nothing is demanded.
    assert_eq!((sent.request.as_str(), sent.status.len()), ("POST /things/{{ some_thing }}/buy/?after={{ sale }}", 0));
    let watch = library.tasks["watch"].variant(0).unwrap();
    assert!(matches!(&watch.explain_back[0].observed, Observed::Tests(tests) if tests.count == TestsCount::Requests));
}

#[test]
fn facts_are_put_into_the_page_as_text() {
    let variant = Tree::whole().read().tasks["small"].variant(0).unwrap();
    let size = variant.parameters["size"].to_string();
    let page = &variant.explain_back[0];
    assert_eq!(
        page.prompt(&facts()),
        format!("<p>How many statements does a page of {size} things take, <strong>&lt;7&gt;</strong> among 12?</p>\n")
    );
    assert_eq!(
        page.explanation(&facts(), "<4>"),
        "<p>It took &lt;4&gt;. See <a href=\"/guides/first/basics#when-sent\">the guide</a>.</p>\n"
    );
}

#[test]
fn what_was_seen_is_among_the_options() {
    let tree = Tree::whole();
    tree.replace(TWICE, "asks = \"status\"", "asks = \"value\"");
    tree.replace(TWICE, "{{ sale }}\"\nas", "{{ sale }}\"\nat = \"$.state\"\nas");
    let value = &tree.read().tasks["small"].variant(0).unwrap().explain_back[1];
    let twice = &Tree::whole().read().tasks["small"].variant(0).unwrap().explain_back[1];
    assert_eq!(twice.options_with("409", 1).unwrap(), ["200", "201", "409"]);
    assert_eq!(twice.options_with("404", 1).unwrap(), ["200", "201", "404", "409"]);
    let mut shown = value.options_with("sold", 1).unwrap();
    assert_eq!(shown, value.options_with("sold", 1).unwrap());
    assert!((0..20).any(|seed| value.options_with("sold", seed).unwrap() != shown));
    shown.sort();
    assert_eq!(shown, ["200", "201", "409", "sold"]);
    for unfit in ["", " ", "two\nlines", &"long".repeat(21)] {
        assert_eq!(value.options_with(unfit, 1), None, "{unfit:?}");
    }
}

#[test]
fn an_answer_of_another_form_is_none() {
    let typed = |text: &str| Answer::Typed(text.into());
    assert_eq!(Form::Number.check_answer(&typed("7"), 0), Ok(()));
    assert_eq!(Form::Number.check_answer(&typed("seven"), 0), Err(Unanswered::NotANumber("seven".into())));
    assert_eq!(Form::Choice.check_answer(&typed("7"), 3), Err(Unanswered::OtherForm));
    assert_eq!(Form::Choice.check_answer(&Answer::Options(vec![3]), 3), Err(Unanswered::NoSuchOption));
    assert_eq!(Form::Choice.check_answer(&Answer::Options(vec![0, 1]), 3), Err(Unanswered::SeveralChosen));
}

#[test]
fn faults_of_one_question() {
    check(&[
        Case {
            what: "unknown key",
            spoil: |t| t.replace(PAGE, "asks =", "points = 3\nasks ="),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:2: The TOML is not as the format asks: unknown field `points`, expected one of `id`, `asks`, `prompt`, `explanation`, `options`, `same_for_all`, `left_out`, `facts`, `step`, `observe`. See docs/content-format.md for this file.
"#,
        },
        Case {
            what: "unknown key of what is observed",
            spoil: |t| t.append(PAGE, "max_statements = 4\n"),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:19: The TOML is not as the format asks: unknown field `max_statements`, expected one of `request`, `as`, `body`, `status`, `at`, `sql`, `migrate`, `tests`, `grow`. See docs/content-format.md for this file.
"#,
        },
        Case {
            what: "what is asked for",
            spoil: |t| t.replace(PAGE, "\"statements\"", "\"rows\""),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:2: The TOML is not as the format asks: unknown variant `rows`, expected one of `statements`, `growth`, `status`, `value`, `number`. See docs/content-format.md for this file.
"#,
        },
        Case {
            what: "empty prompt",
            spoil: |t| t.replace(TWICE, "`{{ some_thing }}` is bought twice. Which status?", " "),
            says: r#"
tasks/small/explain-back/Q2-bought-twice.toml:4: The prompt is empty. Write it.
"#,
        },
        Case {
            what: "Markdown of the explanation",
            spoil: |t| t.replace(PAGE, "See [the guide]", "<b>See</b> [the guide]"),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:7: Raw HTML is refused: `<b>`. Write it in Markdown, or put it in `backticks` if it is meant as text.
"#,
        },
        Case {
            what: "unknown name in a prompt",
            spoil: |t| t.replace(PAGE, "{{ all }}", "{{ every }}"),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:4: `every` has no value where it stands. Use parameters and facts; `{{ answer }}` in the explanation; what a step saves in later steps.
"#,
        },
        Case {
            what: "the answer in the prompt",
            spoil: |t| t.replace(TWICE, "Which status?", "Is it {{ answer }}?"),
            says: r#"
tasks/small/explain-back/Q2-bought-twice.toml:4: `answer` has no value where it stands. Use parameters and facts; `{{ answer }}` in the explanation; what a step saves in later steps.
"#,
        },
        Case {
            what: "what a step saves, in the prompt",
            spoil: |t| t.replace(TWICE, "Which status?", "After sale {{ sale }}?"),
            says: r#"
tasks/small/explain-back/Q2-bought-twice.toml:4: `sale` has no value where it stands. Use parameters and facts; `{{ answer }}` in the explanation; what a step saves in later steps.
"#,
        },
        Case {
            what: "two options",
            spoil: |t| t.replace(TWICE, "[200, 201, 409]", "[200, 409]"),
            says: r#"
tasks/small/explain-back/Q2-bought-twice.toml:3: There are fewer than three different options. Add answers that other submissions give.
"#,
        },
        Case {
            what: "options of a number",
            spoil: |t| t.replace(PAGE, "\n[facts]", "options = [1, 2, 3]\n[facts]"),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:9: A number is typed, and options are given. Remove `options`, or ask for a status or a value.
"#,
        },
        Case {
            what: "not what is asked for",
            spoil: |t| {
                t.replace(PAGE, "request = \"GET /things/?size={{ size }}\"\nas = \"ada\"", "sql = \"select 1\"")
            },
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:16: What is observed is not what is asked for. statements: request or migrate; growth: the same, with grow; status: request; value: request with at, or sql; number: the same, or tests.
"#,
        },
        Case {
            what: "a step that does nothing",
            spoil: |t| t.replace(PAGE, "sql = \"update shop_thing set label = 'x' where id = :some_thing\"", ""),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:13: A step does nothing, or several things. Give it request, sql or migrate.
"#,
        },
        Case {
            what: "no request",
            spoil: |t| t.replace(PAGE, "GET /things/?", "/things/?"),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:17: `/things/?size=5` is not a method and a path. Write it as GET /path/.
"#,
        },
    ]);
}

#[test]
fn faults_of_the_questions_of_a_task() {
    check(&[
        Case {
            what: "one question",
            spoil: |t| t.remove(TWICE),
            says: r#"
tasks/small/explain-back:1: 1 questions are asked about the candidate's own code. Add some: an active task has 2 or more.
"#,
        },
        Case {
            what: "no folder",
            spoil: |t| t.remove("tasks/watch/explain-back"),
            says: r#"
tasks/watch/explain-back:1: 0 questions are asked about the candidate's own code. Add some: an active task has 2 or more.
"#,
        },
        Case {
            what: "another file",
            spoil: |t| t.write("tasks/small/explain-back/notes.md", "x"),
            says: r#"
tasks/small/explain-back/notes.md:1: A question is a .toml file. Rename or remove it.
"#,
        },
        Case {
            what: "id taken",
            spoil: |t| t.replace(TWICE, "id = \"bought-twice\"", "id = \"page-statements\""),
            says: r#"
tasks/small/explain-back/Q2-bought-twice.toml:1: The question `page-statements` stands in `Q2-bought-twice.toml`. Call the file Q1-page-statements.toml, with a number of its own.
tasks/small/explain-back/Q2-bought-twice.toml:1: The question id `page-statements` is taken. Give it an id of its own.
"#,
        },
        Case {
            what: "nobody of that name",
            spoil: |t| t.replace(TWICE, "as = \"ada\"\nsave", "as = \"gwen\"\nsave"),
            says: r#"
tasks/small/explain-back/Q2-bought-twice.toml:9: Nobody in the project is called `gwen`. Write one of ada.
"#,
        },
        Case {
            what: "no reason",
            spoil: |t| t.replace(PAGE, "\n[facts]", "same_for_all = \"\"\n\n[facts]"),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:9: No reason is given. Say why it is worth asking all the same.
"#,
        },
        Case {
            what: "the same for all, all of them",
            spoil: |t| {
                for file in [REQUESTS, "tasks/watch/explain-back/Q2-tests.toml"] {
                    t.replace(file, "asks =", "same_for_all = \"It is told.\"\nasks =");
                }
            },
            says: r#"
tasks/watch/explain-back:1: Every question has the same answer for all. Ask something that submissions answer differently.
"#,
        },
        Case {
            what: "left out of what is not there",
            spoil: |t| {
                t.append(PAGE, "\n[left_out]\n\"accepted/gone\" = \"it is gone\"\n\"accepted/slice\" = \"so it is\"\n")
            },
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:21: `accepted/gone` is neither the starter nor an accepted submission. Correct or remove it: others may be left out without a word.
"#,
        },
        Case {
            what: "another kind of task",
            spoil: |t| t.append(TWICE, "\n[[step]]\nmigrate = { app = \"shop\", to = \"latest\" }\n"),
            says: r#"
tasks/small/explain-back/Q2-bought-twice.toml:12: What is done or observed does not fit the task's kind. serve: request and sql; migrate: migrate and sql; tests: tests, and no steps.
"#,
        },
        Case {
            what: "a broken variant of the application",
            spoil: |t| t.replace(REQUESTS, "correct-original", "sells-twice"),
            says: r#"
tasks/watch/explain-back/Q1-requests.toml:7: `sells-twice` is not a correct variant of the application. Name a folder testmutants/correct-…: others are secret.
"#,
        },
        Case {
            what: "tests with a status",
            spoil: |t| {
                t.replace(
                    "tasks/watch/explain-back/Q2-tests.toml",
                    "count = \"tests\"",
                    "count = \"tests\", status = 200",
                )
            },
            says: r#"
tasks/watch/explain-back/Q2-tests.toml:1: Tests have neither method nor path nor status. Count requests, or remove method, ends and status.
"#,
        },
        Case {
            what: "a link that leads nowhere",
            spoil: |t| t.replace(PAGE, "question:first/when-sent", "question:first/when-gone"),
            says: r#"
tasks/small/explain-back/Q1-page-statements.toml:7: question:first/when-gone does not exist. Correct the link, or add what it leads to.
"#,
        },
    ]);
}
