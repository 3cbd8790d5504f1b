//! A company publishes a vacancy, people find it, and it ends; as browsers do it.

use crate::browser::{ADA, Browser, PASSWORD};
use crate::pretend::Pretend;
use crate::showing::{company, operator};
use crate::site::{Answer, TestSite};
use jiff::SignedDuration;
use jobfuture_db::Db;
use jobfuture_site::{Practice, SiteConfig};
use std::sync::Arc;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A vacancy that can be published on the day of the tests.
const WHOLE: &[(&str, &str)] = &[
    ("title", "Django developer for a book shop"),
    ("role", "django-developer"),
    ("level", "middle"),
    ("must", "django-models"),
    ("nice", "django-testing"),
    ("remote", "remote"),
    ("countries", "DE, FR"),
    ("zone_from", "0"),
    ("zone_to", "2"),
    ("employment", "full-time"),
    ("pay_min", "60000"),
    ("pay_max", "75000"),
    ("pay_currency", "EUR"),
    ("pay_period", "year"),
    ("opening", "now"),
    ("headcount", "1"),
    ("screening", "none"),
    ("closes_on", "2026-12-31"),
    ("process", "A call of half an hour, an afternoon with the team, an offer within a week."),
    ("apply", "https://acme.example/jobs"),
    (
        "description",
        "You look after the shop's back office: orders, stock and the people who pack.\n\n- Django 5.2 and PostgreSQL\n- </script><script>alert(1)</script>",
    ),
];

/// The same with some fields changed.
pub fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = WHOLE.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.copied().chain(changes.iter().copied()).collect()
}

fn public_site(db: Db) -> TestSite {
    let config = SiteConfig { base_url: Some("https://jobs.example.org".to_owned()), ..SiteConfig::default() };
    TestSite::on_real_content(config, db, Practice::On(Arc::new(Pretend)))
}

/// The path of a company's vacancies, of that of its candidates.
pub fn of(company: &str) -> String {
    company.replace("/candidates", "/vacancies")
}

/// Publishes one; its own path and the public one.
pub async fn publish(carl: &mut Browser<'_>, vacancies: &str, changes: &[(&str, &str)]) -> (String, String) {
    let fields = [&with(changes)[..], &[("do", "publish")]].concat();
    let own = carl.post(&format!("{vacancies}/new"), &fields).await.is(303).header("location").to_owned();
    let public = format!("/vacancies/{}", own.rsplit('/').next().unwrap());
    (own, public)
}

pub fn version(form: &Answer) -> String {
    let text = form.text();
    let rest = &text[text.find("name=\"version\" value=\"").expect("a form with its version") + 22..];
    rest[..rest.find('"').unwrap()].to_owned()
}

fn posting(page: &Answer) -> serde_json::Value {
    let text = page.text();
    let start = text.find("application/ld+json\">").expect("structured data") + 21;
    serde_json::from_str(&text[start..start + text[start..].find("</script>").unwrap()]).expect("valid JSON")
}

jobfuture_testkit::both_engines! {
    async fn a_vacancy_is_drafted_published_found_changed_closed_and_posted_again(db: Db) {
        let site = public_site(db);
        let mut edna = operator(&site).await;
        let (mut carl, company) = company(&site, &mut edna).await;
        let vacancies = of(&company);
        carl.get(&vacancies).await.is(200).has("Write a vacancy");

        // A draft may be anything, and nothing that was typed is lost.
        let draft = carl.post(&format!("{vacancies}/new"), &[("title", "Some <b>title</b>"), ("pay_min", "lots"), ("do", "keep")]).await;
        let own = draft.is(303).header("location").to_owned();
        let public = format!("/vacancies/{}", own.rsplit('/').next().unwrap());
        let form = carl.get(&own).await;
        form.is(200).has("value=\"Some &#60;b&#62;title&#60;/b&#62;\"").has("value=\"lots\"");
        site.get(&public).await.is(404);
        let version_of_draft = version(&form);
        let refused = carl.post(&own, &[("title", "Some title"), ("pay_min", "lots"), ("do", "publish"), ("version", &version_of_draft)]).await;
        refused.is(422).has("things are missing or wrong").has("Choose the currency").has("value=\"lots\"").has("aria-invalid");
        site.get("/vacancies").await.is(200).has("Nothing found");

        // Published.
        site.clock.advance(SignedDuration::from_secs(60));
        let version_now = version(&carl.get(&own).await);
        let fields = [&with(&[])[..], &[("do", "publish"), ("version", &version_now)]].concat();
        carl.post(&own, &fields).await.is(303);
        carl.get(&own).await.is(200).has("Open").has("Publish the changes");
        let page = site.get(&public).await;
        page.is(200).has("EUR 60,000 to 75,000 a year").has("Acme").has("Remote, Germany, France, UTC+0 to UTC+2").has_not("<script>alert");
        let data = posting(&page);
        assert_eq!(data["@type"], "JobPosting");
        assert_eq!(data["baseSalary"]["value"]["minValue"], 60000);
        assert_eq!(data["jobLocationType"], "TELECOMMUTE");
        assert_eq!(data["validThrough"], "2027-01-01T00:00:00Z");
        assert_eq!(data["hiringOrganization"]["sameAs"], "https://acme.example");
        site.get("/vacancies").await.is(200).has("One vacancy").has("Django developer for a book shop");
        site.get("/vacancies?q=djagno+shpo").await.has("Nothing has what you typed").has("One vacancy");
        site.get("/vacancies?pay=80000&currency=EUR").await.has("Nothing found");
        site.get("/vacancies?pay=70000&currency=EUR&zone=1&country=FR&level=middle").await.has("One vacancy");
        site.get("/vacancies?q=%22%28+AND+title%3A*&sort=nonsense&page=99999999999").await.is(200);
        site.get("/vacancies/feed.atom?level=middle").await.is(200).has("<title>Django developer for a book shop at Acme</title>");
        site.get("/vacancies/all.xml").await.is(200).has("<pay currency=\"EUR\" period=\"year\" min=\"60000\" max=\"75000\"/>").has("&#60;li&#62;Django 5.2");
        site.get("/vacancies/sitemap.xml").await.is(200).has(&public).has("<lastmod>2026-11-22</lastmod>");
        site.get("/robots.txt").await.has("Sitemap: https://jobs.example.org/vacancies/sitemap.xml");
        let role = site.get("/roles/django-developer").await;
        role.is(200).has("Who is looking for it now").has("Not enough yet").has(">Acme</a> (1)");

        // Changed, but not to what cannot be published, and not over somebody else's change.
        let form = carl.get(&own).await;
        let at = version(&form);
        let wrong = [&with(&[("pay_min", "90000")])[..], &[("version", &at)]].concat();
        carl.post(&own, &wrong).await.is(422).has("the wrong way round").has("value=\"90000\"");
        site.clock.advance(SignedDuration::from_secs(60));
        let right = [&with(&[("pay_max", "80000")])[..], &[("version", &at)]].concat();
        carl.post(&own, &right).await.is(303);
        site.get(&public).await.has("EUR 60,000 to 80,000 a year");
        carl.post(&own, &right).await.is(422).has("Somebody changed this vacancy while you did").has("value=\"80000\"");

        // Closed.
        carl.post(&format!("{own}/close"), &[]).await.is(422).has("Choose why");
        carl.post(&format!("{own}/close"), &[("why", "rules")]).await.is(422);
        carl.post(&format!("{own}/close"), &[("why", "filled")]).await.is(303);
        let gone = site.get(&public).await;
        gone.is(410).has("was closed on").has("Filled").has_not("application/ld+json");
        site.get("/vacancies").await.has("Nothing found");
        site.get("/roles/django-developer").await.has("No verified company has published");
        carl.post(&own, &right).await.is(422).has("Your text stands below").has("value=\"80000\"");

        // Posted again, by the button or by hand: the first date stays.
        site.clock.advance(DAY * 3);
        let again = carl.post(&format!("{own}/again"), &[]).await.is(303).header("location").to_owned();
        let at = version(&carl.get(&again).await);
        let fields = [&with(&[("title", "Another title")])[..], &[("do", "publish"), ("version", &at)]].concat();
        carl.post(&again, &fields).await.is(303);
        let public = format!("/vacancies/{}", again.rsplit('/').next().unwrap());
        site.get(&public).await.is(200).has("first on 22 November 2026");
        let (_, by_hand) = publish(&mut carl, &vacancies, &[("title", "django developer for a BOOK shop")]).await;
        let page = site.get(&by_hand).await;
        page.is(200).has("first on 22 November 2026");
        assert_eq!(posting(&page)["datePosted"].as_str().map(|day| &day[..10]), Some("2026-11-22"));
    }

    async fn only_verified_companies_publish_and_what_they_published_goes_with_the_proof(db: Db) {
        let site = public_site(db);
        let mut edna = operator(&site).await;
        let (mut carl, company) = company(&site, &mut edna).await;
        let vacancies = of(&company);
        let (_, public) = publish(&mut carl, &vacancies, &[]).await;
        let id = company.split('/').nth(2).unwrap();
        edna.post(&format!("/operator/companies/{id}/unverify"), &[]).await.is(303);
        site.get(&public).await.is(404);
        site.site.vacancies().catch_up().await.unwrap();
        site.get("/vacancies").await.has("Nothing found");
        site.get("/vacancies/feed.atom").await.has_not("book shop");
        let fields = [&with(&[])[..], &[("do", "publish")]].concat();
        let refused = carl.post(&format!("{vacancies}/new"), &fields).await;
        refused.is(422).has("Only verified companies publish").has("book shop");
        edna.post(&format!("/operator/companies/{id}/verify"), &[]).await.is(303);
        site.site.vacancies().catch_up().await.unwrap();
        site.get(&public).await.is(200);
        site.get("/vacancies").await.has("One vacancy");
    }

    async fn a_company_that_loses_its_proof_has_two_weeks_to_get_it_back(db: Db) {
        let site = public_site(db);
        let mut edna = operator(&site).await;
        let (mut carl, company) = company(&site, &mut edna).await;
        let (own, public) = publish(&mut carl, &of(&company), &[("closes_on", "2027-01-20")]).await;
        let id = company.split('/').nth(2).unwrap();
        // Long after it was published: what counts is when the proof was lost.
        site.clock.advance(DAY * 20);
        edna = Browser::new(&site);
        edna.post("/sign-in", &[("email", "edna@example.org"), ("password", PASSWORD)]).await.is(303);
        carl = Browser::new(&site);
        carl.post("/sign-in", &[("email", "carl@acme.example"), ("password", PASSWORD)]).await.is(303);
        carl.post(&format!("{own}/confirm"), &[]).await.is(303);
        edna.post(&format!("/operator/companies/{id}/unverify"), &[]).await.is(303);
        site.get(&public).await.is(404);
        site.clock.advance(DAY * 13);
        assert_eq!(site.site.tend_vacancies().await.unwrap().closed, 0);
        site.clock.advance(DAY * 2);
        assert_eq!(site.site.tend_vacancies().await.unwrap().closed, 1);
        site.get(&public).await.is(410).has("not verified any more");
    }

    async fn what_nobody_confirms_closes_itself(db: Db) {
        let site = public_site(db);
        let mut edna = operator(&site).await;
        let (mut carl, company) = company(&site, &mut edna).await;
        let vacancies = of(&company);
        let (silent, silent_public) = publish(&mut carl, &vacancies, &[("closes_on", "2027-01-20")]).await;
        let (alive, alive_public) = publish(&mut carl, &vacancies, &[("title", "Another place"), ("closes_on", "2027-01-20")]).await;
        let (_, dated) = publish(&mut carl, &vacancies, &[("title", "A third"), ("closes_on", "2026-12-01")]).await;
        site.clock.advance(DAY * 9);
        assert_eq!(site.site.tend_vacancies().await.unwrap().closed, 0);
        site.clock.advance(DAY);
        assert_eq!(site.site.tend_vacancies().await.unwrap().closed, 1);
        site.get(&dated).await.is(410).has("Its closing date came");
        site.clock.advance(DAY * 4);
        let tended = site.site.tend_vacancies().await.unwrap();
        assert_eq!((tended.closed, tended.reminded), (0, 2));
        let letters = site.accounts.outbox(10).await.unwrap();
        let letter = letters.iter().find(|letter| letter.body.contains(&silent)).expect("a letter that links to it");
        assert_eq!(letter.recipient, "carl@acme.example");
        assert!(letter.body.contains("https://jobs.example.org/companies/"), "{}", letter.body);
        assert_eq!(site.site.tend_vacancies().await.unwrap().reminded, 0, "one letter is enough");
        carl.get(&vacancies).await.has("Confirm that it is still open");
        carl.post(&format!("{alive}/confirm"), &[]).await.is(303);
        site.clock.advance(DAY * 7);
        assert_eq!(site.site.tend_vacancies().await.unwrap().closed, 1);
        site.get(&silent_public).await.is(410).has("did not confirm it any more");
        site.get(&alive_public).await.is(200);
        carl.post(&format!("{silent}/confirm"), &[]).await.is(404);
    }

    async fn a_report_reaches_the_operator_and_nobody_learns_who_sent_it(db: Db) {
        let site = public_site(db);
        let mut edna = operator(&site).await;
        let (mut carl, company) = company(&site, &mut edna).await;
        let (own, public) = publish(&mut carl, &of(&company), &[]).await;
        let report = format!("{public}/report");
        site.get(&report).await.is(200).has("It is not kept who sent this");
        site.post(&report, &[]).await.is(422).has("Choose what is wrong");
        site.post(&report, &[("why", "other")]).await.is(422).has("Say in a sentence");
        site.post(&report, &[("why", "money"), ("says", "They want <b>200</b> euros")]).await.is(200).has("Thank you");
        site.post(&report, &[("why", "fake")]).await.is(200);
        site.get("/operator/reports").await.is(404);
        carl.get("/operator/reports").await.is(404);
        let queue = edna.get("/operator/reports").await;
        queue.is(200).has("It asks for money").has("They want &#60;b&#62;200").has_not("203.0.113");
        let links: Vec<String> = queue.text().split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        let dismiss = links.iter().find(|url| url.ends_with("/dismiss")).unwrap();
        carl.post(dismiss, &[]).await.is(404);
        edna.post(dismiss, &[]).await.is(303);
        let close = links.iter().rfind(|url| url.ends_with("/close")).unwrap();
        edna.post(close, &[]).await.is(303);
        site.get(&public).await.is(410).has("broke the rules");
        edna.get("/operator/reports").await.has("None waits");
        carl.get(&own).await.is(200).has("It broke the rules of this site");
        for _ in 0..40 {
            site.post(&format!("{}/report", publish(&mut carl, &of(&company), &[]).await.1), &[("why", "fake")]).await;
        }
        let (_, one_more) = publish(&mut carl, &of(&company), &[]).await;
        let flood = site.post(&format!("{one_more}/report"), &[("why", "fake")]).await;
        assert!(!flood.is(429).header("retry-after").is_empty());
    }

    async fn a_saved_search_writes_once_about_what_is_new(db: Db) {
        let site = public_site(db);
        let mut edna = operator(&site).await;
        let (mut carl, company) = company(&site, &mut edna).await;
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        site.post("/searches", &[("query", "level=middle")]).await.is(303);
        ada.post("/searches", &[("query", "level=middle&q=shop")]).await.is(303);
        ada.post("/searches", &[("query", "q=shop&level=middle")]).await.is(303);
        ada.get("/searches").await.is(200).has("“shop”, Middle");
        site.clock.advance(SignedDuration::from_hours(2));
        let (_, public) = publish(&mut carl, &of(&company), &[]).await;
        assert_eq!(site.site.tend_vacancies().await.unwrap().notices, 0, "at most one a day");
        site.clock.advance(DAY);
        assert_eq!(site.site.tend_vacancies().await.unwrap().notices, 1);
        let letters = site.accounts.outbox(5).await.unwrap();
        assert!(letters[0].recipient == ADA && letters[0].body.contains(&public), "{letters:?}");
        site.clock.advance(DAY * 2);
        assert_eq!(site.site.tend_vacancies().await.unwrap().notices, 0, "nothing is new");
        let list = ada.get("/searches").await;
        let delete = list.text().split("action=\"").find(|rest| rest.starts_with("/searches/")).unwrap().split('"').next().unwrap().to_owned();
        carl.post(&delete, &[]).await.is(404);
        ada.post(&delete, &[]).await.is(303);
        ada.get("/searches").await.has("You have saved none yet");
    }

    async fn pay_of_a_level_is_said_from_five_vacancies_on(db: Db) {
        let site = public_site(db);
        let mut edna = operator(&site).await;
        let (mut carl, company) = company(&site, &mut edna).await;
        for (place, pay) in ["50000", "55000", "60000", "65000"].iter().enumerate() {
            let title = format!("Place {place}");
            publish(&mut carl, &of(&company), &[("title", title.as_str()), ("pay_min", pay), ("pay_max", "80000")]).await;
        }
        site.get("/roles/django-developer").await.has("Not enough yet").has("4 of 4");
        publish(&mut carl, &of(&company), &[("title", "The fifth"), ("pay_min", "70000"), ("pay_max", "90000")]).await;
        site.get("/roles/django-developer").await.has("EUR 60,000 to 80,000 a year").has("<td data-level=\"Vacancies\">5</td>");
    }

    async fn two_processes_show_the_same(db: Db) {
        let here = public_site(db.clone());
        let there = public_site(db);
        let mut edna = operator(&here).await;
        let (mut carl, company) = company(&here, &mut edna).await;
        there.site.vacancies().catch_up().await.unwrap();
        let (own, _) = publish(&mut carl, &of(&company), &[]).await;
        there.get("/vacancies").await.has("Nothing found");
        there.site.vacancies().catch_up().await.unwrap();
        there.get("/vacancies").await.has("One vacancy");
        carl.post(&format!("{own}/close"), &[("why", "withdrawn")]).await.is(303);
        there.site.vacancies().catch_up().await.unwrap();
        there.get("/vacancies").await.has("Nothing found");
    }
}
