//! Quick questions: what each seed asks, which answers are right, and what is said of a question that is not as it should be.

use crate::tree::Tree;
use jobfuture_content::{Answer, AnswerKey, Block, QuickQuestion};
use std::sync::Arc;

const COUNT: &str = "questions/desk/count.md";
const PICK: &str = "questions/desk/pick.md";

const FRONT: &str = r#"+++
uuid = "01920000-0000-7000-8000-0000000000NN"
version = 1
status = "active"
form = "FORM"
project = "desk"
competency = "asking"
tells_apart = "middle"
difficulty = { mean = 0.0, sd = 0.8, source = "expert" }
seconds = 60
licence = "CC-BY-SA-4.0"
authors = ["JobFuture contributors"]
sources = ["Django documentation, QuerySets"]
next = [{ to = "section:first/basics", why = "Read on." }]
MORE
+++
"#;

fn with_questions() -> Tree {
    let tree = Tree::whole();
    let front =
        |number: &str, form: &str, more: &str| FRONT.replace("NN", number).replace("FORM", form).replace("MORE", more);
    let count = front("01", "statements", "answer = \"{{ rows + 1 }}\"\n[parameters.rows]\nint = [2, 9]");
    let code = "How many?\n\n```python proof=loop\nfor n in range({{ rows }}):\n    ask(n)\n```\n\n## Explanation\nOne each.\n";
    tree.write(COUNT, &(count + code));
    let options = "Which?\n\n## Options\n- [ ] `one`\n\n  No.\n- [x] *two*\n\n  Yes.\n- [ ] three\n\n  Nor this.\n\n## Explanation\nTwo.\n";
    tree.write(PICK, &(front("02", "choice", "") + options));
    tree
}

fn question(tree: &Tree, id: &str) -> Arc<QuickQuestion> {
    tree.read().questions[id].clone()
}

fn typed(text: &str) -> Answer {
    Answer::Typed(text.to_owned())
}

#[test]
fn a_tree_with_questions_has_no_fault() {
    assert_eq!(with_questions().faults(), "");
}

#[test]
fn the_answer_of_a_question_about_code_is_the_claim_of_its_proof() {
    let question = question(&with_questions(), "count");
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..20 {
        let variant = question.variant(seed).unwrap();
        let rows = variant.parameters["rows"].as_u64().unwrap() as u32;
        let Some(Block::Proof(proof)) = variant.prompt.get(1) else { panic!("{:?}", variant.prompt) };
        assert_eq!(proof.statements, Some(rows + 1));
        assert!(proof.code.contains(&format!("range({rows})")));
        assert!(variant.key.accepts(&typed(&format!(" {}.0 ", rows + 1))));
        assert!(!variant.key.accepts(&typed(&rows.to_string())));
        assert!(!variant.key.accepts(&Answer::Options(vec![0])));
        seen.insert(rows);
    }
    assert!(seen.len() > 3, "the seed decides the numbers: {seen:?}");
}

#[test]
fn options_stand_in_an_order_of_the_seed_and_keep_their_places() {
    let question = question(&with_questions(), "pick");
    let orders: std::collections::BTreeSet<Vec<usize>> = (0..40)
        .map(|seed| question.variant(seed).unwrap().options.iter().map(|option| option.place).collect())
        .collect();
    assert_eq!(orders.len(), 6, "every order of three comes up in forty seeds");
    let variant = question.variant(7).unwrap();
    assert_eq!(variant.key, AnswerKey::Options(vec![1]));
    assert!(variant.key.accepts(&Answer::Options(vec![1, 1])) && !variant.key.accepts(&Answer::Options(vec![0, 1])));
    let right = variant.options.iter().find(|option| option.right).unwrap();
    assert_eq!((right.html.as_str(), right.why_html.trim()), ("<em>two</em>", "<p>Yes.</p>"));
    let again = question.variant(7).unwrap();
    let places = |variant: &jobfuture_content::QuestionVariant| -> Vec<usize> {
        variant.options.iter().map(|option| option.place).collect()
    };
    assert_eq!(places(&again), places(&variant), "the same seed asks the same");
}

#[test]
fn typed_answers_are_read_kindly() {
    let text = AnswerKey::Text(vec!["select_related(\"author\")".into(), "select_related".into()]);
    assert!(text.accepts(&typed(" `select_related('author')` ")) && text.accepts(&typed("SELECT_RELATED")));
    assert!(!text.accepts(&typed("prefetch_related")));
    let printed = AnswerKey::Printed("one\ntwo\n".into());
    assert!(printed.accepts(&typed("one  \r\ntwo")) && !printed.accepts(&typed("one two")));
    let number = AnswerKey::Number("1200".into());
    assert!(number.accepts(&typed("1 200")) && number.accepts(&typed("1_200")) && !number.accepts(&typed("nan")));
}

#[test]
fn every_fault_names_file_and_mend() {
    type Spoiled = (&'static str, fn(&Tree), &'static str);
    let cases: [Spoiled; 12] = [
        ("two right", |t| t.replace(PICK, "- [ ] three", "- [x] three"), "2 options are right"),
        ("none right", |t| t.replace(PICK, "- [x]", "- [ ]"), "No option is right"),
        ("no reason", |t| t.replace(PICK, "  Nor this.\n", ""), "An option"),
        ("unmarked", |t| t.replace(PICK, "- [ ] three", "- three"), "An option is not marked"),
        ("parts", |t| t.replace(PICK, "## Explanation", "## Why"), "Write these headings, in this order: ## Options"),
        ("given away", |t| t.replace(COUNT, "proof=loop", "proof=loop statements=3"), "gives its answer away"),
        ("no number", |t| t.replace(COUNT, "{{ rows + 1 }}", "many"), "The answer `many` is not a number"),
        ("template", |t| t.replace(COUNT, "{{ rows + 1 }}", "{{ row + 1 }}"), "The template does not render"),
        ("competency", |t| t.replace(PICK, "\"asking\"", "\"gone\""), "The competency `gone` does not exist"),
        ("uuid", |t| t.replace(PICK, "000002", "000001"), "The uuid is that of `count` too"),
        ("source", |t| t.replace(PICK, "Django documentation, QuerySets", " "), "The question names no source"),
        ("next", |t| t.replace(PICK, "first/basics", "first/gone"), "section:first/gone does not exist"),
    ];
    for (what, spoil, says) in cases {
        let tree = with_questions();
        spoil(&tree);
        let found = tree.faults();
        assert!(found.contains(says) && found.starts_with("questions/desk/"), "{what}: {found}");
    }
}

#[test]
fn what_is_no_answer_is_told_from_a_wrong_one() {
    let tree = with_questions();
    let (count, pick) = (question(&tree, "count"), question(&tree, "pick"));
    let says = |question: &QuickQuestion, answer: &Answer| question.check_answer(answer, 3).unwrap_err().to_string();
    assert_eq!(count.check_answer(&typed(" 1 200 "), 0), Ok(()));
    assert!(says(&count, &typed("a few")).starts_with("“a few” is not a number"));
    assert!(says(&count, &typed(" \r\n")).starts_with("The answer is empty"));
    assert!(says(&count, &typed(&"1".repeat(9_000))).starts_with("This is longer"));
    assert!(says(&count, &Answer::Options(vec![1])).contains("another kind of question"));
    assert_eq!(pick.check_answer(&Answer::Options(vec![2]), 3), Ok(()));
    for (chosen, wanted) in [(vec![], "Nothing is chosen"), (vec![0, 1], "Several options"), (vec![3], "has not")] {
        assert!(says(&pick, &Answer::Options(chosen)).contains(wanted));
    }
}

#[test]
fn a_question_is_called_by_its_title_or_its_id_in_words() {
    let tree = with_questions();
    tree.replace(PICK, "status =", "title = \"One of three\"\nstatus =");
    assert_eq!(question(&tree, "pick").title(), "One of three");
    assert_eq!(question(&tree, "count").title(), "Count");
}

#[test]
fn links_lead_to_questions_that_are_shown() {
    let tree = with_questions();
    tree.replace(COUNT, "One each.", "One each. And [the other](quick:pick), or [all](page:questions).");
    tree.replace(PICK, "section:first/basics", "quick:count");
    assert_eq!(tree.faults(), "");
    let variant = question(&tree, "count").variant(1).unwrap();
    let [Block::Html(html)] = &variant.explanation[..] else { panic!("{:?}", variant.explanation) };
    assert!(html.contains("<a href=\"/questions/pick\">the other</a>, or <a href=\"/questions\">all</a>"), "{html}");

    tree.replace(PICK, "\"active\"", "\"draft\"");
    assert!(tree.faults().contains("quick:pick is a draft and is not shown. Lead to an active question"));
    tree.replace(COUNT, "quick:pick", "quick:gone");
    assert!(tree.faults().contains("quick:gone does not exist"));
    tree.replace(COUNT, "quick:gone", "quick:Gone");
    assert!(tree.faults().contains("`quick:Gone` is not page:NAME"));
}

/// Every active question is listed at `/questions`, to which the home page leads: what it leads to is reached.
#[test]
fn what_an_active_question_leads_to_is_reached() {
    let tree = with_questions();
    tree.replace("guides/first/01-basics.md", ", { to = \"task:watch\", why = \"Watch it.\" }", "");
    assert!(tree.faults().contains("leads to task:watch"));
    tree.replace(PICK, "section:first/basics", "task:watch");
    assert_eq!(tree.faults(), "");
    tree.replace(PICK, "\"active\"", "\"draft\"");
    assert!(tree.faults().contains("leads to task:watch"), "a draft is not listed");
}

#[test]
fn texts_of_questions_can_be_followed_by_everybody() {
    let tree = with_questions();
    tree.replace(COUNT, "One each.", "#### Deep\n\n![](https://example.org/a.png)");
    let found = tree.faults();
    assert!(found.contains("\"Deep\" jumps from heading level 2 to 4") && found.contains("has no alt text"), "{found}");
}
