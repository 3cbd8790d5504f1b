//! What a check states holds for simulated people, and the pages ask and score as the measuring crate does, bit for bit.

use crate::browser::Browser;
use crate::checks::{UNAIDED, begin, fields, hand_in, id_of, question_of, real};
use jobfuture_codes::Code;
use jobfuture_db::Db;
use jobfuture_site::check::{Condition, Reading, Step};
use psychometrics::adaptive::Next;
use psychometrics::certify::{Generator, Plan, simulate};
use psychometrics::{NODES, Random, node};

/// Grid nodes of five true levels: −2, −1, 0, 1, 2.
const LEVELS: [usize; 5] = [20, 25, 30, 35, 40];

jobfuture_testkit::both_engines! {
    async fn pages_and_library_agree_at_five_levels(db: Db) {
        let site = real(db);
        let check = site.library.checks.get("django-developer").unwrap();
        let release = site.checks().current(check).await.unwrap();
        let bank = release.release(Condition::Unaided);
        for (person, level) in LEVELS.into_iter().enumerate() {
            assert!((node(level) - (person as f64 - 2.0)).abs() < 1e-9);
            let mut browser = Browser::new(&site);
            browser.join(&format!("person{person}@example.org")).await;
            let path = begin(&mut browser, UNAIDED).await;
            let owner = browser.owner().await;
            let mut random = Random::new(person as u64);
            let first = site.checks().attempt(owner, id_of(&path)).await.unwrap().unwrap();
            let prior = first.prior().unwrap();
            let mut library = bank.begin(&prior, first.state().unwrap().seed(), &[]).unwrap();
            loop {
                let attempt = site.checks().attempt(owner, id_of(&path)).await.unwrap().unwrap();
                let (item, is_task) = match attempt.step().unwrap() {
                    Step::Question(item) => (item, false),
                    Step::Task(item) => (item, true),
                    Step::Explain(item) => {
                        browser.post(&format!("{path}/items/{}/explain", item.place), &[]).await.is(303);
                        continue;
                    }
                    Step::Ended(_) => break,
                };
                let number = release.number(&item.item).unwrap();
                assert_eq!(bank.next(&library), Next::Ask(number), "the library would ask the same");
                let table = release.table(Condition::Unaided, number).unwrap();
                let chances: Vec<f64> = table.rows().iter().map(|row| row[level]).collect();
                let category = random.weighted(&chances);
                let sent = if is_task {
                    hand_in(&mut browser, &site, &path, item, &format!("shown = {category}")).await
                } else {
                    let fields = fields(&question_of(&site, item), item.seed, category == 1);
                    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    browser.post(&format!("{path}/items/{}", item.place), &fields).await
                };
                sent.is(303);
                bank.answer(&mut library, number, category as u8, 0).unwrap();
            }
            assert!(matches!(bank.next(&library), Next::Stop(_)), "the library would end as well");
            let attempt = site.checks().attempt(owner, id_of(&path)).await.unwrap().unwrap();
            let by_pages = Reading::posterior(&attempt).unwrap().to_bytes();
            assert_eq!(by_pages, bank.posterior(&library).unwrap().to_bytes(), "level {}", node(level));
            assert_eq!(by_pages.len(), 4 + 8 * NODES);
        }
    }
}

/// The database has no part in it.
#[test]
fn stated_intervals_hold() {
    jobfuture_testkit::on_sqlite(|db| async move {
        let site = real(db);
        let check = site.library.checks.get("django-developer").unwrap();
        let release = site.checks().current(check).await.unwrap();
        for &condition in Condition::ALL {
            let plan = Plan::new(8_000, 5).unwrap();
            let found = simulate(release.release(condition), &Generator::default(), &plan).unwrap();
            let coverage = found.coverage.value;
            assert!((0.94..=0.96).contains(&coverage), "{condition:?}: {coverage} ± {}", found.coverage.error);
            assert!(found.calibration_error < 0.02, "{condition:?}: {}", found.calibration_error);
            assert!(found.uncovered < 0.01, "{condition:?}: {}", found.uncovered);
        }
        let typical = release.typical_minutes();
        assert!((60..=180).contains(&typical), "{typical} minutes");
    });
}
