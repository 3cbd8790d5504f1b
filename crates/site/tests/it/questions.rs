//! Practising quick questions: the list, each form, right and wrong, and nothing told too early.

use crate::site::{Answer, TestSite};
use jobfuture_content::AnswerKey;
use jobfuture_site::{Practice, SiteConfig};
use std::collections::BTreeSet;

const LOOP: &str = "/questions/count-in-a-loop";
const CHOICE: &str = "/questions/who-asks?variant=7";
const CHOICES: &str = "/questions/all-that-ask?variant=7";
const PRINTS: &str = "/questions/price-of-a-slice?variant=7";
const TEXT: &str = "/questions/missing-page?variant=7";

/// The statements that the loop of this seed sends.
fn statements(test: &TestSite, seed: u64) -> String {
    match test.library.questions["count-in-a-loop"].variant(seed).unwrap().key {
        AnswerKey::Number(number) => number,
        other => panic!("{other:?}"),
    }
}

/// Numbers, from 1, of the right options on the page of seed 7, and of the others.
fn options(test: &TestSite, question: &str) -> (Vec<String>, Vec<String>) {
    let variant = test.library.questions[question].variant(7).unwrap();
    let number = |right: bool| {
        let options = variant.options.iter().enumerate().filter(|(_, option)| option.right == right);
        options.map(|(at, _)| (at + 1).to_string()).collect()
    };
    (number(true), number(false))
}

/// What stands between two texts, each time.
fn between<'t>(page: &'t Answer, from: &str, to: &str) -> Vec<&'t str> {
    page.text().split(from).skip(1).map(|rest| rest.split(to).next().unwrap()).collect()
}

#[tokio::test]
async fn the_list_has_every_active_question_by_competency_and_level() {
    let list = TestSite::new().get("/questions").await;
    list.is(200)
        .has("id=\"django-querysets\" data-levels=\"junior middle senior\"")
        .has("5 questions")
        .has("1 question<");
    list.has("All levels (6)").has("Junior (3)").has("Middle (2)").has("Senior (1)").has("nothing is kept");
    list.has("href=\"/questions/who-asks\">Which line asks the database</a>").has(">Count in a loop</a>");
    list.has("Count its statements, about a minute").has("Choose one, about 90 seconds");
    list.has_not("not-yet").has_not("long-gone").has("rel=\"icon\"").has_not("noindex");
    let places = ["count-in-a-loop", "price-of-a-slice", "who-asks", "all-that-ask", "till-sum", "missing-page"];
    let found = places.map(|id| list.text().find(&format!("/questions/{id}\"")).unwrap());
    assert!(found.is_sorted(), "from the easiest on: {found:?}");
}

#[tokio::test]
async fn home_sections_and_machines_lead_to_the_list() {
    let config = SiteConfig { base_url: Some("https://jobs.example.org".into()), ..SiteConfig::default() };
    let test = TestSite::with(config, Practice::Off { reason: "No Python.".into() });
    test.get("/").await.has("<h4><a href=\"/questions\">Quick questions</a></h4>").has("6 questions, of which");
    test.get("/guides/django/querysets").await.has("Quick questions on this").has("\"/questions#django-querysets\"");
    test.get("/sitemap.xml").await.has("/questions</loc>").has_not("/questions/");
    test.get("/robots.txt").await.has("Disallow: /questions/*/proofs/");
    test.get("/about/licences").await.has("6 quick questions");
}

#[tokio::test]
async fn a_question_is_asked_in_a_variant_that_can_be_shared() {
    let test = TestSite::new();
    let url = test.get(LOOP).await.is(303).header("location").to_owned();
    let page = test.get(&url).await;
    page.is(200).has("Number of statements").has("content=\"noindex\"").has("Draw another").has("about a minute");
    assert_eq!(page.text(), test.get(&url).await.text(), "the same variant again");
    page.has(&format!("action=\"{url}\"")).has("href=\"/questions#django-querysets\"");
    test.get(CHOICE).await.is(200).has_not("Draw another");
    for variant in ["soon", "-1", "", "1&variant=2", "99999999999999999999"] {
        test.get(&format!("{LOOP}?variant={variant}")).await.is(404).has("There is no such variant");
    }
}

#[tokio::test]
async fn the_question_tells_nothing_of_its_answer() {
    let test = TestSite::new();
    for seed in 1..40 {
        let page = test.get(&format!("{LOOP}?variant={seed}")).await;
        let key = statements(&test, seed);
        let main = between(&page, "<main", "</main>")[0].replace(&format!("variant={seed}"), "");
        let main = main.replace(&format!("<dd>{seed} "), "");
        assert!(!main.contains(&format!(">{key}<")) && !main.contains(&format!(" {key} ")), "{key} in {main}");
        page.has_not("<form class=\"run-form\"")
            .has_not("/proofs/")
            .has_not("to the database</dd>")
            .has_not("One for each");
    }
    test.get(PRINTS).await.has_not("milk").has_not("Salt").has_not("It prints").has("rows=\"5\"");
    test.get(TEXT).await.has_not("get_object_or_404");
    for path in [CHOICE, CHOICES] {
        let page = test.get(path).await;
        page.has_not("It only describes").has_not("checked").has_not("is-right");
        assert_eq!(between(&page, "name=\"option\" value=\"", "\""), ["1", "2", "3", "4"], "numbers of the page");
    }
}

/// The right option of the file is the first; on pages it is not always, and its number tells nothing.
#[tokio::test]
async fn the_order_of_a_seed_is_that_of_its_answer() {
    let test = TestSite::new();
    let mut right = BTreeSet::new();
    for seed in 1..30 {
        let path = format!("/questions/who-asks?variant={seed}");
        let asked = test.get(&path).await;
        let on_page: Vec<_> = between(&asked, "<code>", "</code>").into_iter().map(str::to_owned).collect();
        let judged = test.post(&path, &[("option", "2")]).await;
        let marks = between(&judged, "judged-mark\">", "<");
        let texts: Vec<_> =
            between(&judged, "judged-text\"><code>", "</code>").into_iter().map(str::to_owned).collect();
        assert_eq!(on_page, texts, "{path}");
        assert!(marks[1].ends_with("and you chose it"), "{marks:?}");
        right.insert(marks.iter().position(|mark| mark.starts_with("Right")).unwrap());
    }
    assert_eq!(right.len(), 4, "the right one stands everywhere: {right:?}");
}

#[tokio::test]
async fn one_option_is_right_or_not_and_each_says_why() {
    let test = TestSite::new();
    let (right, wrong) = options(&test, "who-asks");
    let page = test.post(CHOICE, &[("option", &right[0])]).await;
    page.is(200).has("<title>Right: Which line").has(">Right</h2>").has("You chose the one that is right.");
    page.has("Right, and you chose it").has("It only describes").has("Two descriptions become one").has("Sources");
    page.has("What needs rows asks for them.").has("“Making queries”").has_not("Answer it again").has("noindex");
    let page = test.post(CHOICE, &[("option", &wrong[0])]).await;
    page.is(200).has(">Not right</h2>").has("You chose another").has("Right, and you did not choose it");
    page.has("Not right, and you chose it").has("Answer it again");
    page.has("href=\"/questions/all-that-ask\">Next: All that ask</a>")
        .has("The next one on QuerySets, about 2 minutes.");
}

#[tokio::test]
async fn several_options_are_right_together_only() {
    let test = TestSite::new();
    let (right, wrong) = options(&test, "all-that-ask");
    let send = async |numbers: &[&String]| {
        let fields: Vec<_> = numbers.iter().map(|number| ("option", number.as_str())).collect();
        test.post(CHOICES, &fields).await
    };
    send(&[&right[1], &right[0]]).await.is(200).has(">Right</h2>").has("You chose all that are right, and no other.");
    send(&[&right[0]]).await.has(">Not right</h2>").has("You chose 1 of the 2 that are right.");
    send(&[&right[0], &wrong[0]]).await.has("You chose 1 of the 2 that are right, and 1 that is not.");
    send(&[&right[0], &wrong[0], &right[1], &wrong[1]]).await.has("You chose all that are right, and 2 that are not.");
}

#[tokio::test]
async fn what_code_does_is_run_once_it_was_answered() {
    let test = TestSite::new();
    let path = format!("{LOOP}?variant=7");
    let key = statements(&test, 7);
    let page = test.post(&path, &[("answer", &format!(" {key}.0"))]).await;
    page.is(200).has(">Right</h2>").has(&format!("{key} statements to the database")).has_not("Right is");
    page.has("action=\"/questions/count-in-a-loop/proofs/loop/run?variant=7#result-loop\"");
    page.has("action=\"/questions/count-in-a-loop/proofs/once/run?variant=7#result-once\"").has_not("Not yet proved");
    let another = page.links().into_iter().find(|link| link.starts_with(&format!("{LOOP}?variant="))).unwrap();
    assert_ne!(another, path);
    let seed = another.rsplit('=').next().unwrap().parse().unwrap();
    assert_ne!(statements(&test, seed), key, "other numbers");
    let page = test.post(&path, &[("answer", "1")]).await;
    page.has(">Not right</h2>").has("You answered").has("Right is").has(&format!("<samp>{key}</samp>"));

    let right = test.post(PRINTS, &[("answer", "Tea & <milk>\r\nSalt \r\n")]).await;
    right.has(">Right</h2>").has("<samp>Tea &#38; &#60;milk&#62;\nSalt</samp>").has("It prints").has_not("<milk>");
    let wrong = test.post(PRINTS, &[("answer", "<script>x</script>")]).await;
    wrong.has(">Not right</h2>").has_not("<script>x").has("Right is").has("href=\"/guides/django/querysets#slices\"");
}

#[tokio::test]
async fn words_and_numbers_are_read_kindly() {
    let test = TestSite::new();
    let page = test.post(TEXT, &[("answer", " `Get_Object_Or_404()` ")]).await;
    page.has(">Right</h2>")
        .has("Right too")
        .has("django.shortcuts.get_object_or_404")
        .has("This was the last of the list");
    test.post(TEXT, &[("answer", "get_or_404")]).await.has(">Not right</h2>").has("<samp>get_object_or_404</samp>");
    let sum = test.library.questions["till-sum"].variant(7).unwrap().parameters["price"].as_i64().unwrap() * 3;
    let page = test.post("/questions/till-sum?variant=7", &[("answer", &format!("{sum},0"))]).await;
    page.is(422).has("is not a number");
    let page = test.post("/questions/till-sum?variant=7", &[("answer", &sum.to_string())]).await;
    page.has(">Right</h2>").has("This was the last one on QuerySets. The next is on Views");
}

#[tokio::test]
async fn what_is_no_answer_is_said_and_kept() {
    let test = TestSite::new();
    let path = format!("{LOOP}?variant=7");
    let page = test.post(&path, &[("answer", "a few\"<")]).await;
    page.is(422).has("“a few&#34;&#60;” is not a number").has("value=\"a few&#34;&#60;\"").has("aria-invalid=\"true\"");
    page.has("aria-describedby=\"wrong help\"").has("role=\"alert\" id=\"wrong\"").has("<title>Not answered yet");
    page.has_not("It sends").has_not("/proofs/");
    test.post(&path, &[]).await.is(422).has("The answer is empty");
    test.post(PRINTS, &[("answer", " \r\n")]).await.is(422).has("The answer is empty").has_not("milk");
    test.post(PRINTS, &[("answer", &"x".repeat(9_000))]).await.is(422).has("longer than any answer");
    test.post(CHOICE, &[]).await.is(422).has("Nothing is chosen yet").has_not("Right, and");
    test.post(CHOICE, &[("answer", "len")]).await.is(422).has("Nothing is chosen yet");
    test.post(CHOICE, &[("option", "1"), ("option", "3")])
        .await
        .is(422)
        .has("Several options")
        .has("value=\"3\" checked");
    for number in ["0", "5", "-1", "one", "99999999999999999999999"] {
        test.post(CHOICE, &[("option", number)]).await.is(422).has("an option that this question has not");
        test.post(CHOICES, &[("option", "1"), ("option", number)]).await.is(422).has("value=\"1\" checked");
    }
    test.post(LOOP, &[("answer", "1")]).await.is(400).has("which variant");
    test.post(&format!("{LOOP}?variant=x"), &[("answer", "1")]).await.is(404).has("There is no such variant");
}

#[tokio::test]
async fn a_proof_of_a_question_is_run_on_its_own_address() {
    let test = TestSite::new();
    let run = "/questions/count-in-a-loop/proofs/once/run";
    let code = "from stock.models import Item\r\n\r\nprint(Item.objects.count() < 3)\r\n";
    let page = test.post(&format!("{run}?variant=7"), &[("code", code)]).await;
    page.is(200)
        .has("All that is claimed of it holds")
        .has("Back to the question")
        .has("href=\"/questions/count-in-a-loop?variant=7\"");
    let fragment = test.post_fragment(&format!("{run}?variant=7"), &[("code", "print(1)")]).await;
    fragment.is(200).has_not("<html").has("You changed the code");
    test.post(&format!("{run}?variant=7"), &[("code", " ")]).await.is(422).has("There is no code to run").has("<html");
    test.post(run, &[("code", "1")]).await.is(400).has("which variant");
    test.post(&format!("{run}?variant=x"), &[("code", "1")]).await.is(404).has("There is no such variant");
    let nope = "/questions/count-in-a-loop/proofs/nope";
    test.post(&format!("{nope}/run?variant=7"), &[("code", "1")]).await.is(404).has("There is no such proof");
    test.get(&format!("{nope}?variant=7")).await.is(404).has("href=\"/questions/count-in-a-loop\"");
    let alone = "/questions/count-in-a-loop/proofs/once?variant=7";
    assert_eq!(test.get(&format!("{run}?variant=7")).await.is(303).header("location"), alone);
    test.get(alone).await.is(200).has("noindex").has("1 statement to the database");
    test.get("/questions/count-in-a-loop/proofs/once").await.is(303);
    test.get(run).await.is(303);
}

#[tokio::test]
async fn runs_of_questions_count_with_all_others() {
    let limits = jobfuture_site::PracticeLimits { per_minute: 1, ..Default::default() };
    let config = SiteConfig { practice: limits, ..SiteConfig::default() };
    let test = TestSite::with(config, Practice::On(std::sync::Arc::new(crate::pretend::Pretend)));
    test.post("/guides/django/proofs/lazy-count/run", &[("code", "1")]).await.is(200);
    let run = "/questions/count-in-a-loop/proofs/once/run?variant=7";
    test.post(run, &[("code", "1")]).await.is(429).has("1 runs a minute");
    // Answers run nothing, so they are not counted.
    test.post(CHOICE, &[("option", "1")]).await.is(200);
}

#[tokio::test]
async fn drafts_and_what_is_retired_are_not_there() {
    let test = TestSite::new();
    for id in ["not-yet", "long-gone", "nope"] {
        let path = format!("/questions/{id}?variant=7");
        let page = test.get(&path).await;
        page.is(404).has("There is no such question");
        assert!(!page.links().contains(&format!("/questions/{id}")), "it leads to itself");
        test.post(&path, &[("answer", "1")]).await.is(404);
        test.post(&format!("/questions/{id}/proofs/x/run?variant=7"), &[("code", "1")]).await.is(404);
    }
}

#[tokio::test]
async fn pages_of_questions_are_sound_and_lead_on() {
    let test = TestSite::new();
    let mut pages = vec![test.get("/questions").await, test.post(CHOICE, &[]).await];
    for id in test.library.questions.keys().filter(|id| !["not-yet", "long-gone"].contains(&id.as_str())) {
        let path = format!("/questions/{id}?variant=7");
        pages.push(test.get(&path).await);
        pages.push(test.post(&path, &[("answer", "1"), ("option", "2")]).await);
    }
    let run = "/questions/count-in-a-loop/proofs/once/run?variant=7";
    pages.push(test.post(run, &[("code", "1")]).await);
    for page in &pages {
        page.has("Where to go next").has("aria-current=\"true\">Questions</a>");
        let levels: Vec<_> =
            page.text().split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)).collect();
        assert!(
            levels[0] == 1 && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
            "{levels:?} in {}",
            page.text()
        );
        let ids = between(page, " id=\"", "\"");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        for described in between(page, "aria-describedby=\"", "\"").into_iter().flat_map(str::split_whitespace) {
            assert!(ids.contains(&described), "no place {described}");
        }
        for link in page.links().iter().filter(|link| link.starts_with('/') && !link.starts_with("/assets/")) {
            let status = test.get(link.split('#').next().unwrap()).await.status;
            assert!(status == 200 || status == 303, "{link} answers {status}");
        }
    }
}
