//! Each page has on it what it is for.

use crate::site::TestSite;
use jobfuture_site::{Practice, ProofRecord, SiteConfig};

#[tokio::test]
async fn the_home_page_counts_what_is_here() {
    let home = TestSite::new().get("/").await;
    home.is(200).has("2 sections,").has("3 questions,").has("1 proof you can run").has("The till that forgot");
    home.has_not("Not ready");
}

#[tokio::test]
async fn the_home_page_shows_both_sides_their_whole_way() {
    let home = TestSite::with_real_content().get("/").await;
    for heading in ["If you are preparing", "If you are hiring", "What is here now", "To read", "To do"] {
        home.has(&format!(">{heading}</h"));
    }
    for url in ["/guides", "/tasks", "/profile", "/vacancies", "/companies", "/about/vacancies", "/about/pool"] {
        home.has(&format!("<a href=\"{url}\">"));
    }
    home.has("<a href=\"/checks/django-developer\">Learn where you stand</a>");
}

#[tokio::test]
async fn a_guide_lists_sections_questions_and_levels() {
    let contents = TestSite::new().get("/guides/django").await;
    contents.is(200).has("href=\"/guides/django/querysets#lazy\"").has("2 questions, 1 proof");
    contents.has("data-levels=\"junior senior\"").has("Junior (1)").has("action=\"/guides/django/search\"");
}

#[tokio::test]
async fn a_section_has_the_five_parts_and_neighbours() {
    let section = TestSite::new().get("/guides/django/querysets").await;
    section.is(200).has("id=\"lazy\"").has("data-question=\"lazy\"");
    for part in ["Why it is asked", "A strong answer", "A weak answer", "Follow-up", "Sources"] {
        section.has(&format!("<h3>{part}</h3>"));
    }
    section.has("rel=\"next\" href=\"/guides/django/views\"").has_not("rel=\"prev\"");
    TestSite::new().get("/guides/django/views").await.has("rel=\"prev\" href=\"/guides/django/querysets\"");
}

#[tokio::test]
async fn a_proof_shows_its_claims_and_what_the_ledger_knows() {
    let test = TestSite::new();
    let page = "/guides/django/querysets";
    test.get(page).await.has("Not yet proved on this instance").has("1 statement to the database").has("<samp>True");
    let proof = test.library.proofs().next().unwrap();
    let key = proof.key(&test.library.projects["shop"]);
    let day = jiff::civil::date(2026, 11, 22);
    let record = ProofRecord { versions: "Django 5.2.19".into(), proved_on: day, passed: true };
    test.proofs.record(key.clone(), record.clone());
    test.get(page).await.has("Proved on Django 5.2.19, <time datetime=\"2026-11-22\">22 November 2026</time>");
    test.proofs.record(key, ProofRecord { passed: false, ..record });
    test.get(page).await.has("Did not hold when it was run on Django 5.2.19");
}

#[tokio::test]
async fn search_wants_all_words_and_marks_them() {
    let test = TestSite::new();
    let found = test.get("/guides/django/search?q=Memory+SLICE").await;
    found
        .is(200)
        .has("1 place holds all these words")
        .has("#slices")
        .has("<mark>slice</mark>")
        .has("<mark>memory</mark>");
    found.has("value=\"Memory SLICE\"");
    test.get("/guides/django/search?q=memory+unicorn").await.is(200).has("Nothing in this guide holds all");
    test.get("/guides/django/search").await.is(200).has("Type a word or two");
    test.get("/guides/django/search?q=%ff&q=x").await.is(200);
    let asked = test.get("/guides/django/search?q=%3Cscript%3Ealert(1)").await;
    asked.is(200).has_not("<script>alert").has("&#60;script");
}

#[tokio::test]
async fn a_task_is_given_in_a_variant_that_can_be_shared() {
    let test = TestSite::new();
    let anywhere = test.get("/tasks/till").await;
    let url = anywhere.is(303).header("location").to_owned();
    let task = test.get(&url).await;
    task.is(200).has("The till remembers").has("name=\"file:stock/api.py\"").has("SIZE = ");
    assert_eq!(task.text(), test.get(&url).await.text(), "the same variant again");
    task.has("Hint 1 of 2").has("name=\"new-path\"").has("<code>stock/tests/*.py</code>").has("content=\"noindex\"");
    test.get("/tasks/till?variant=soon").await.is(303);
    test.get("/tasks").await.is(200).has("20 at middle").has_not("Not ready");
}

#[tokio::test]
async fn every_file_of_a_project_can_be_read() {
    let test = TestSite::new();
    let task = test.get("/tasks/till?variant=7").await;
    let files: Vec<_> = task.links().into_iter().filter(|link| link.contains("/files/")).collect();
    assert_eq!(files.len(), 7, "{files:?}");
    for file in &files {
        test.get(file).await.is(200).has("read-only");
    }
    let models = test.get("/tasks/till/files/stock/models.py?variant=7").await;
    models.has("&lt;script&gt;alert").has_not("<script>alert").has("href=\"/tasks/till?variant=7\"");
    let fragment = test.get_with("/tasks/till/files/stock/models.py?variant=7", &[("jf-fragment", "1")]).await;
    fragment.is(200).has_not("<html").has("file-view");
    assert_eq!(fragment.header("vary"), "jf-fragment");
    test.get("/tasks/till/files/logo.bin?variant=7").await.has("This file is not text");
    test.get("/tasks/till/files/stock/api.py").await.is(303);
    for path in ["nope.py", "../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd"] {
        test.get(&format!("/tasks/till/files/{path}?variant=7")).await.is(404).has("Back to the task");
    }
}

#[tokio::test]
async fn without_a_grader_all_can_be_read_and_the_reason_is_said() {
    let practice = Practice::Off { reason: "Python 3.10 was not found.".to_owned() };
    let test = TestSite::with(SiteConfig::default(), practice);
    for path in ["/guides/django/querysets", "/tasks", "/tasks/till?variant=1", "/about/practice"] {
        test.get(path).await.is(200).has("Python 3.10 was not found.").has_not("type=\"submit\">Run");
    }
    let run = test.post("/tasks/till/runs", &[("variant", "1"), ("file:stock/api.py", "x = 1")]).await;
    run.is(503).has("Code cannot be run here at the moment").has("x = 1");
    test.get("/readyz").await.is(200).has("practice: off").has_not("Python");
}

#[tokio::test]
async fn machines_are_told_what_is_here() {
    let test = TestSite::new();
    test.get("/healthz").await.is(200).has("alive");
    test.get("/readyz").await.is(200).has("practice: on");
    test.get("/robots.txt").await.is(200).has_not("Sitemap:");
    test.get("/sitemap.xml").await.is(404);
    let config = SiteConfig { base_url: Some("https://jobs.example.org".into()), ..SiteConfig::default() };
    let known = TestSite::with(config, Practice::Off { reason: String::new() });
    known.get("/sitemap.xml").await.is(200).has("<loc>https://jobs.example.org/guides/django/views</loc>");
    known.get("/robots.txt").await.has("Sitemap: https://jobs.example.org/sitemap.xml");
    let page = known.get("/guides").await;
    page.has("<link rel=\"canonical\" href=\"https://jobs.example.org/guides\">");
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn a_role_shows_its_levels_side_by_side_and_what_prepares_for_each() {
    let test = TestSite::new();
    test.get("/roles").await.is(200).has("href=\"/roles/keeper\"").has("3 levels, compared in 1 competency<");
    let role = test.get("/roles/keeper").await;
    role.is(200)
        .has("Sells &#60;what&#62; is there.")
        .has("href=\"/tasks/till\"")
        .has("data-level=\"Senior\">Knows when not");
    role.has("<th scope=\"col\">Middle</th>").has("id=\"senior\"");
    test.get("/roles/nobody").await.is(404).has("There is no such role");
}
