//! Nobody is left standing: every page that can be reached leads on, and every link leads somewhere.

use crate::site::TestSite;
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn every_link_of_every_page_leads_somewhere() {
    let test = TestSite::new();
    let mut pages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut links = BTreeSet::from(["/".to_owned(), "/tasks/till?variant=7".to_owned(), "/nope".to_owned()]);
    while let Some(link) = links.pop_first() {
        let (path, _) = link.split_once('#').unwrap_or((&link, ""));
        if !path.starts_with('/') || pages.contains_key(path) {
            continue;
        }
        let mut page = test.get(path).await;
        if page.status == 303 {
            continue;
        }
        page.is(if path == "/nope" { 404 } else { 200 });
        let mut anchors = BTreeSet::new();
        if page.header("content-type").starts_with("text/html") {
            page.has("Where to go next").has("<main id=\"main\"").has("class=\"skip-link\"");
            assert_eq!(page.text().matches("<h1").count(), 1, "{path} has one heading");
            anchors = page.text().split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().into()).collect();
            let found = page.links().into_iter();
            links.extend(found.map(|url| if url.starts_with('#') { format!("{path}{url}") } else { url }));
        }
        page.body.clear();
        pages.insert(path.to_owned(), anchors);
    }
    assert!(pages.len() > 15, "{:?}", pages.keys());
}

#[tokio::test]
async fn every_link_to_a_place_on_a_page_finds_it() {
    let test = TestSite::new();
    for path in ["/guides/django", "/guides/django/querysets", "/tasks/till?variant=7", "/guides/django/search?q=the"] {
        for link in test.get(path).await.links() {
            let Some((page, place)) = link.split_once('#') else { continue };
            let page = if page.is_empty() { path } else { page };
            test.get(page).await.has(&format!(" id=\"{place}\""));
        }
    }
}

#[tokio::test]
async fn headings_do_not_jump_and_ids_are_unique() {
    let test = TestSite::new();
    let run = test.post("/tasks/till/runs", &[("variant", "7"), ("file:stock/api.py", "fail")]).await;
    let passed = test.post("/tasks/till/runs", &[("variant", "7"), ("file:stock/api.py", "x")]).await;
    let mut pages = vec![run, passed];
    for path in [
        "/",
        "/guides/django",
        "/guides/django/querysets",
        "/tasks",
        "/about/practice",
        "/roles/keeper",
        "/answers/candidates",
        "/companies/hire/keeper",
        "/join",
        "/sign-in",
        "/nope",
    ] {
        pages.push(test.get(path).await);
    }
    pages.push(test.post("/guides/django/proofs/lazy-count/run", &[("code", "1")]).await);
    for page in &pages {
        let levels = page.text().split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10));
        let levels: Vec<_> = levels.collect();
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?} in {}", page.text());
        let ids: Vec<_> = page.text().split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        for target in page.text().split(" for=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&target), "no field {target}");
        }
    }
}
