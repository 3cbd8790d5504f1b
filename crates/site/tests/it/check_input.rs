//! What a check is sent and cannot take: each gets a clear word, nothing is lost, and nothing counts twice.

use crate::browser::{ADA, Browser};
use crate::checks::{Person, UNAIDED, begin, fields, hand_in, id_of, question_of, real};
use crate::site::TestSite;
use jiff::SignedDuration;
use jobfuture_db::Db;
use jobfuture_site::check::{Attempt, EndedBy, ItemKind, Outcome, Step};
use psychometrics::Random;

async fn attempt(site: &TestSite, browser: &Browser<'_>, path: &str) -> Attempt {
    site.checks().attempt(browser.owner().await, id_of(path)).await.unwrap().unwrap()
}

/// What a form sends for the question that is open.
fn open_answer(site: &TestSite, attempt: &Attempt, is_right: bool) -> (String, Vec<(&'static str, String)>) {
    let Some(Step::Question(item)) = attempt.step() else { panic!("a question is open") };
    (format!("/attempts/{}/items/{}", attempt.id(), item.place), fields(&question_of(site, item), item.seed, is_right))
}

fn borrowed<'f>(fields: &'f [(&'static str, String)]) -> Vec<(&'static str, &'f str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

jobfuture_testkit::both_engines! {
    async fn a_second_answer_does_not_count_and_says_so(db: Db) {
        let site = real(db);
        let mut laptop = Browser::new(&site);
        laptop.join(ADA).await;
        let path = begin(&mut laptop, UNAIDED).await;
        // The same person on another device.
        let mut phone = Browser::new(&site);
        phone.cookies = laptop.cookies.clone();
        let before = attempt(&site, &laptop, &path).await;
        let (url, right) = open_answer(&site, &before, true);
        let (_, wrong) = open_answer(&site, &before, false);
        assert_eq!(laptop.post(&url, &borrowed(&right)).await.is(303).header("location"), path);
        let late = phone.post(&url, &borrowed(&wrong)).await;
        late.is(303);
        phone.get(late.header("location")).await.is(200).has("The first answer stands");
        let after = attempt(&site, &laptop, &path).await;
        assert_eq!(after.answered(ItemKind::Question), 1);
        assert_eq!(after.item(1).unwrap().category, Some(1), "the first answer stands");
        assert_eq!(after.items.len(), 2, "one question was asked for one answer");
    }

    /// Eight tabs at the very same moment, question after question: one answer counts, one next question is asked.
    async fn answers_of_one_moment_count_once(db: Db) {
        let site = std::sync::Arc::new(real(db));
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        for place in 1..=5_u32 {
            let open = attempt(&site, &ada, &path).await;
            let tabs = (0..8).map(|tab| {
                let (url, given) = open_answer(&site, &open, tab % 2 == 0);
                let (site, cookies) = (std::sync::Arc::clone(&site), ada.cookies.clone());
                tokio::spawn(async move {
                    let mut browser = Browser { site: &site, cookies };
                    let answer = browser.post(&url, &borrowed(&given)).await;
                    answer.is(303).header("location").contains("said=earlier")
                })
            });
            let mut late = 0;
            for tab in tabs.collect::<Vec<_>>() {
                late += usize::from(tab.await.unwrap());
            }
            assert_eq!(late, 7, "place {place}");
            let after = attempt(&site, &ada, &path).await;
            assert_eq!((after.answered(ItemKind::Question), after.items.len()), (place as usize, place as usize + 1));
        }
        site.checks().counted().await;
        let tallies = site.checks().tallies("django-developer").await.unwrap();
        assert_eq!(tallies.iter().map(|item| item.answered).sum::<i64>(), 5, "each was counted once");
    }

    async fn what_was_not_asked_cannot_be_answered(db: Db) {
        let site = real(db);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        for place in ["2", "0", "99", "-1", "4294967296", "one", "%00"] {
            ada.post(&format!("{path}/items/{place}"), &[("answer", "1"), ("option", "1")]).await.is(404);
            ada.post(&format!("{path}/items/{place}/hand-in"), &[("file:a.py", "x")]).await.is(404);
        }
        // A question takes no work, and the end shows nothing before it is the end.
        ada.post(&format!("{path}/items/1/hand-in"), &[("file:a.py", "x")]).await.is(404);
        ada.get(&format!("{path}/items/1")).await.is(303);
        let attempt = attempt(&site, &ada, &path).await;
        assert_eq!((attempt.items.len(), attempt.item(1).unwrap().outcome), (1, Outcome::Open));
    }

    async fn an_answer_that_is_none_is_asked_for_again_and_kept_in_the_field(db: Db) {
        let site = real(db);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        ada.post(&format!("{path}/items/1"), &[]).await.is(422).has("role=\"alert\"").has("Question 1");
        ada.post(&format!("{path}/items/1"), &[("option", "77"), ("answer", "")]).await.is(422).has("role=\"alert\"");
        let long = "x".repeat(9_000);
        ada.post(&format!("{path}/items/1"), &[("option", &long), ("answer", &long)]).await.is(422).has("role=\"alert\"");
        let huge = "x".repeat(3 << 20);
        ada.post(&format!("{path}/items/1"), &[("answer", &huge)]).await.is(413);
        assert_eq!(attempt(&site, &ada, &path).await.answered(ItemKind::Question), 0);
        ada.post("/checks/django-developer/begin", &[("condition", "whatever"), ("pace", "1")]).await.is(422).has("Choose how you take it");
    }

    async fn time_passes_only_while_somebody_works(db: Db) {
        let site = real(db);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        let minutes = async |ada: &Browser<'_>| attempt(&site, ada, &path).await.spent(site.checks().now()) / 60;
        site.clock.advance(SignedDuration::from_mins(4));
        ada.get(&path).await.has("4 minutes of 180 minutes");
        // A laptop that is closed for days.
        site.clock.advance(SignedDuration::from_hours(50));
        ada.get(&path).await.is(200);
        assert_eq!(minutes(&ada).await, 14);
        ada.post(&format!("{path}/pause"), &[]).await.is(303);
        ada.get(&path).await.has("Paused").has("Go on");
        site.clock.advance(SignedDuration::from_hours(5));
        assert_eq!(minutes(&ada).await, 14);
        ada.post(&format!("{path}/resume"), &[]).await.is(303);
        // A server whose clock is set back takes nothing away, and gives nothing.
        site.clock.advance(SignedDuration::from_hours(-3));
        ada.get(&path).await.is(200).has("14 minutes of");
        assert_eq!(minutes(&ada).await, 14);
    }

    async fn who_needs_more_time_has_it_and_loses_nothing_by_it(db: Db) {
        let site = real(db);
        for (name, pace, minutes) in [("ada", "150", 270_i64), ("ben", "200", 360)] {
            let mut browser = Browser::new(&site);
            browser.join(&format!("{name}@example.org")).await;
            let fields = [("condition", "unaided"), ("pace", pace), ("understood", "yes")];
            let path = begin(&mut browser, &fields).await;
            browser.get(&path).await.is(200).has(&format!("of {minutes} minutes"));
            let mut person = Person { site: &site, random: Random::new(3), chance: 0.6 };
            assert!(person.go_on(&mut browser, &path).await);
            // At work, with a page now and then, past the usual time and up to one's own.
            let mut spent = 0;
            while spent + 10 < minutes {
                site.clock.advance(SignedDuration::from_mins(9));
                spent += 9;
                browser.get(&path).await.is(200).has("Question 2");
            }
            site.clock.advance(SignedDuration::from_mins(10));
            assert!(person.go_on(&mut browser, &path).await);
            let done = attempt(&site, &browser, &path).await;
            assert!(matches!(done.step(), Some(Step::Ended(EndedBy::Time))), "{done:?}");
            browser.get(&path).await.is(200).has("Where you stand");
        }
    }

    async fn what_one_has_met_before_is_put_aside_a_few_times(db: Db) {
        let site = real(db);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        for place in 1..=3 {
            let aside = ada.post(&format!("{path}/items/{place}/known"), &[]).await;
            ada.get(aside.is(303).header("location")).await.is(200).has("counts for nothing");
        }
        ada.get(&path).await.has_not("I have met this question before");
        ada.post(&format!("{path}/items/4/known"), &[]).await.is(303);
        let attempt = attempt(&site, &ada, &path).await;
        assert_eq!((attempt.known(ItemKind::Question), attempt.items.len()), (3, 4));
        assert_eq!(attempt.item(4).unwrap().outcome, Outcome::Open);
    }

    async fn work_is_kept_before_it_is_run_and_runs_come_to_an_end(db: Db) {
        let site = real(db);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        let mut person = Person { site: &site, random: Random::new(5), chance: 0.5 };
        while !matches!(attempt(&site, &ada, &path).await.step(), Some(Step::Task(_))) {
            assert!(person.go_on(&mut ada, &path).await);
        }
        let open = attempt(&site, &ada, &path).await;
        let Some(Step::Task(item)) = open.step() else { panic!("a task is open") };
        let (uuid, _) = item.item.split_once('@').unwrap();
        let task = site.library.tasks.values().find(|task| task.manifest.uuid.to_string() == uuid).unwrap();
        let name = format!("file:{}", task.editable.open_first);
        let url = format!("{path}/items/{}", item.place);
        ada.post(&format!("{url}/draft"), &[(&name, "draft_of_mine = 1")]).await.is(204);
        ada.get(&path).await.is(200).has("draft_of_mine");
        ada.post(&format!("{url}/runs"), &[("file:../../etc/passwd", "x")]).await.is(422).has("cannot be used");
        ada.post(&format!("{url}/runs"), &[("file:library/settings.py", "x = 1")]).await.is(422).has("not yours to change");
        for _ in 0..15 {
            ada.post(&format!("{url}/runs"), &[(&name, "fail = 1")]).await.is(200).has("behaviours");
            site.clock.advance(SignedDuration::from_secs(61));
        }
        ada.post(&format!("{url}/runs"), &[(&name, "later_work = 1")]).await.is(422).has("as often as it may be");
        ada.get(&path).await.is(200).has("later_work").has("Run 15 of 15 times");
        let place = item.place;
        let done = hand_in(&mut ada, &site, &path, item, "shown = 3").await;
        done.is(303);
        let handed = attempt(&site, &ada, &path).await;
        assert_eq!(handed.item(place).unwrap().category, Some(3));
        // Handing in twice, and saving behind it, change nothing.
        let again = hand_in(&mut ada, &site, &path, open.item(place).unwrap(), "shown = 0").await;
        assert!(again.is(303).header("location").contains("said=earlier"));
        ada.post(&format!("{url}/draft"), &[(&name, "too late")]).await.is(409);
        assert_eq!(attempt(&site, &ada, &path).await.item(place).unwrap().category, Some(3));
    }

    async fn a_check_that_is_ended_early_is_read_and_the_next_one_asks_other_things(db: Db) {
        let site = real(db);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        ada.get(&format!("{path}/stop")).await.is(200).has("You have answered nothing yet");
        let mut person = Person { site: &site, random: Random::new(11), chance: 0.9 };
        for _ in 0..4 {
            person.go_on(&mut ada, &path).await;
        }
        ada.post(&format!("{path}/stop"), &[]).await.is(303);
        ada.get(&path).await.is(200).has("You ended it early").has("equally likely readings");
        site.clock.advance(SignedDuration::from_hours(24 * 10));
        let second = begin(&mut ada, UNAIDED).await;
        assert_ne!(second, path);
        while person.go_on(&mut ada, &second).await {}
        let (first, second_attempt) = (attempt(&site, &ada, &path).await, attempt(&site, &ada, &second).await);
        assert!(first.items.iter().all(|item| second_attempt.items.iter().all(|other| other.item != item.item)));
        assert_eq!(second_attempt.earlier(), Some(first.id()));
        ada.get(&second).await.is(200).has("22 November 2026");
        // Under another condition nothing is taken over from it.
        let tools = begin(&mut ada, &[("condition", "own-tools"), ("pace", "200")]).await;
        assert_eq!(attempt(&site, &ada, &tools).await.earlier(), None);
        // Deleting the first one leaves the second without its past, and still readable.
        ada.post(&format!("{path}/delete"), &[]).await.is(303);
        let alone = attempt(&site, &ada, &second).await;
        assert_eq!(alone.earlier(), None);
        assert_eq!(alone.prior().unwrap(), psychometrics::score::Posterior::normal(0.0, 1.0).unwrap());
        ada.get(&second).await.is(200).has("equally likely readings").has_not("since 22 November");
    }
}
