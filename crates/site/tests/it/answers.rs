//! Questions about the product, on their pages and where they arise; and hiring for a role.

use crate::browser::{ADA, Browser};
use crate::checks::{UNAIDED, begin, real};
use crate::showing::{company, operator};
use crate::site::TestSite;
use crate::vacancies::of;
use jobfuture_codes::Code;
use jobfuture_content::{Asker, Place};
use jobfuture_db::Db;

#[tokio::test]
async fn answers_stand_on_a_page_with_a_list_of_places() {
    let test = TestSite::new();
    let page = test.get("/answers/candidates").await;
    page.is(200).has("<h1>Questions candidates ask</h1>").has("href=\"#need-an-account\"");
    page.has("<h3 id=\"need-an-account\">Do I need an account?</h3>").has("<a href=\"/answers/employers#cost\">");
    page.has("href=\"/answers/employers\">Questions employers ask");
    test.get("/answers/employers").await.is(200).has("href=\"/companies/hire/keeper\">Hiring: Shop keeper</a>");
    test.get("/answers/operators").await.is(404).has("Where to go next");
    for path in ["/", "/tasks", "/nope"] {
        test.get(path).await.has("<a href=\"/answers/candidates\">").has("<a href=\"/answers/employers\">");
    }
}

#[tokio::test]
async fn questions_are_offered_where_they_arise_and_nowhere_else() {
    let test = TestSite::new();
    let asked = "<a href=\"/answers/candidates#need-an-account\">Do I need an account?</a>";
    for path in ["/about/practice", "/join"] {
        test.get(path).await.is(200).has("What people ask here").has(asked);
    }
    for path in ["/", "/tasks", "/sign-in", "/answers/candidates"] {
        test.get(path).await.is(200).has_not("What people ask here");
    }
    let (role, verify) = (test.get("/roles/keeper").await, test.get("/verify").await);
    // Of both readers, each with the page where the rest stands.
    role.has("/answers/candidates#who-sees-it").has("/answers/employers#cost");
    role.has("All: Questions candidates ask").has("All: Questions employers ask");
    verify.has("/answers/employers#cost").has_not("All: Questions candidates ask");
}

#[tokio::test]
async fn hiring_says_what_the_content_says() {
    let test = TestSite::new();
    let page = test.get("/companies/hire/keeper").await;
    page.is(200)
        .has("<h1>Hiring: Shop keeper</h1>")
        .has("Sells &#60;what&#62; is there.")
        .has("There is no skill check for this role yet");
    page.has("href=\"/companies/new\"").has("/answers/employers#cost");
    test.get("/roles/keeper").await.has("href=\"/companies/hire/keeper\"");
    test.get("/companies").await.has("href=\"/companies/hire/keeper\"");
    test.get("/companies/hire/astronaut").await.is(404).has("There is no such role").has("href=\"/companies\"");
}

#[tokio::test]
async fn hiring_for_a_role_with_a_check_tells_its_blueprint() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("hiring.db").display())).await.unwrap();
    let site = real(db);
    let page = site.get("/companies/hire/django-developer").await;
    let check = &site.library.checks["django-developer"].manifest;
    page.is(200).has("valid for 3, 6, 12 or 24").has(&check.title);
    page.has(&format!("{} to {} quick", check.questions.min, check.questions.max))
        .has("taken at 5 in a hundred there, and at 25 in a hundred");
    for area in &check.areas {
        page.has(&format!("<th scope=\"row\">{}</th>", area.name));
    }
    page.has(&check.cuts.basis.replace('\'', "&#39;"));
    site.get("/companies/hire/backend-developer").await.is(200).has("There is no skill check for this role yet");
}

#[tokio::test]
async fn every_place_of_the_content_shows_its_questions() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("places.db").display())).await.unwrap();
    let site = real(db);
    let mut edna = operator(&site).await;
    let (mut carl, list) = company(&site, &mut edna).await;
    let mut ada = Browser::new(&site);
    ada.join(ADA).await;
    let consent = ada.get("/checks/django-developer/begin").await;
    let attempt = begin(&mut ada, UNAIDED).await;
    let mut pages = vec![(Place::CheckConsent, consent)];
    // What one answer showed; the form for a signal is looked at in the walk of the readers.
    ada.post(&format!("{attempt}/stop"), &[]).await.is(303);
    for (place, path) in [
        (Place::Role, "/roles/django-developer"),
        (Place::Vacancies, "/vacancies"),
        (Place::Practice, "/about/practice"),
        (Place::Join, "/join"),
        (Place::Check, "/checks/django-developer"),
        (Place::CheckResult, attempt.as_str()),
        (Place::Profile, "/profile"),
        (Place::Grant, "/grants/new"),
        (Place::Views, "/views"),
        (Place::Leaving, "/account/delete"),
        (Place::Companies, "/companies"),
        (Place::CompanyNew, "/companies/new"),
        (Place::Verify, "/verify"),
        (Place::Hiring, "/companies/hire/django-developer"),
    ] {
        // Who is signed in is not shown the form to join.
        let page = if place == Place::Join { site.get(path).await } else { ada.get(path).await };
        pages.push((place, page));
    }
    pages.push((Place::Candidates, carl.get(&list).await));
    pages.push((Place::VacancyForm, carl.get(&format!("{}/new", of(&list))).await));
    for (place, page) in &pages {
        page.is(200);
        for (asker, asked) in site.library.asked_at(*place) {
            page.has(&format!("<li><a href=\"/answers/{}#{}\">", asker.id(), asked.id));
        }
    }
    let known: Vec<Place> = pages.iter().map(|(place, _)| *place).collect();
    let left: Vec<&Place> = Place::ALL.iter().filter(|place| !known.contains(place)).collect();
    assert_eq!(left, [&Place::Signal]);
    assert_eq!(Asker::ALL.len(), site.library.answers.len());
}
