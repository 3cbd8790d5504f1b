//! How a company behaves, as everybody reads it: nothing below the floor, not even how many, and above it what was so.

use super::{DAY, LETTER, Play, site_on};
use crate::browser::Browser;
use crate::site::{Answer, TestSite};
use crate::vacancies::version;
use jiff::SignedDuration;
use jobfuture_db::Db;

/// What a page tells of it.
fn told(page: &Answer) -> String {
    let part = page.is(200).text().split("behaves</h2>").nth(1).expect("the part with the figures");
    part.split("</section>").next().unwrap().to_owned()
}

/// Somebody who has just applied, and their application's path.
async fn applicant<'s>(site: &'s TestSite, vacancy: &str, email: &str) -> (Browser<'s>, String) {
    let mut browser = Browser::new(site);
    browser.join(email).await;
    browser.post("/profile/fields/headline", &[("0.headline", "Queues")]).await.is(303);
    let fields = [("letter", LETTER), ("fact", "field:headline"), ("do", "send")];
    let sent = browser.post(&format!("{vacancy}/apply"), &fields).await;
    let path = sent.is(303).header("location").to_owned();
    (browser, path)
}

jobfuture_testkit::both_engines! {
    async fn a_company_is_told_of_from_five_turns_on_and_rightly(db: Db) {
        const PAGE: &str = "/company/acme.example";
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let (vacancy, home) = (play.vacancy.1.clone(), play.home.clone());
        let apply = format!("{vacancy}/apply");
        let (none, none_to_ada) = (told(&site.get(PAGE).await), told(&play.ada.get(&apply).await));
        assert!(none.contains("Not enough yet") && !none.contains("<dd>"), "{none}");
        // One whom the company lets wait and who then goes is no turn of it.
        let (mut quick, path) = applicant(&site, &vacancy, "quick@example.org").await;
        quick.post(&format!("{path}/withdraw"), &[("version", "1")]).await.is(303);

        let mut last = String::new();
        for (at, (hours, outcome)) in [(3, "hired"), (100, "filled"), (5, "hired"), (72, "pay"), (30, "filled")].into_iter().enumerate() {
            let (_, path) = applicant(&site, &vacancy, &format!("person-{at}@example.org")).await;
            let theirs = format!("{home}{path}");
            site.clock.advance(SignedDuration::from_hours(hours));
            assert_eq!(told(&site.get(PAGE).await), none, "after {at} answers");
            assert_eq!(told(&play.ada.get(&apply).await), none_to_ada, "after {at} answers");
            play.by_carl(&theirs, "accept", &[]).await.is(303);
            last.clone_from(&theirs);
            if at < 4 {
                let form = play.carl.get(&format!("{theirs}/close")).await;
                let fields = [("outcome", outcome), ("version", &version(&form))];
                play.carl.post(&format!("{theirs}/close"), &fields).await.is(303);
            }
        }

        // Five answers, and four conversations that ended: only of the former anything is told.
        let five = told(&site.get(PAGE).await);
        assert!(five.contains("<dd>5 of 5 applications and questions</dd>"), "{five}");
        assert!(five.contains("<dd>30 hours</dd>"), "in the middle of 3, 5, 30, 72 and 100: {five}");
        assert!(five.contains("shown from five on") && !five.contains("They will work together"), "{five}");
        assert_eq!(told(&play.ada.get(&apply).await), five, "who is about to apply reads the same");
        let form = play.carl.get(&format!("{last}/close")).await;
        play.carl.post(&format!("{last}/close"), &[("outcome", "filled"), ("version", &version(&form))]).await.is(303);
        let all = told(&site.get(PAGE).await);
        assert!(all.contains("What came of 5 conversations:"), "{all}");
        for line in ["They will work together: 2", "The position was filled by somebody else: 2", "No agreement on pay: 1"] {
            assert!(all.contains(&format!("<li>{line}</li>")), "{line} in {all}");
        }

        // What it lets lapse counts as well, and what it does not decide about says nothing of how long it takes.
        play.application().await;
        site.clock.advance(DAY * 14);
        site.site.introductions().wind().await.unwrap();
        let six = told(&site.get(PAGE).await);
        assert!(six.contains("<dd>5 of 6 applications and questions</dd>") && six.contains("<dd>30 hours</dd>"), "{six}");
        // What is older than 180 days is told no more: then there are too few again.
        site.clock.advance(DAY * 181);
        assert_eq!(told(&site.get(PAGE).await), none);
    }
}
