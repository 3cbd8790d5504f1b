//! The operator's page of jobs, and what is done by itself.

use crate::browser::{ADA, Browser, PASSWORD};
use crate::site::TestSite;
use jiff::SignedDuration;
use jobfuture_db::{Db, params};
use jobfuture_jobs::{Failure, Job, Rules, Worker};
use jobfuture_site::SiteConfig;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const JOBS: &str = "/operator/jobs";

/// Fails as often as it is begun.
#[derive(Serialize, Deserialize)]
struct BoardSync {
    secret: String,
}

impl Job for BoardSync {
    const KIND: &'static str = "board sync";

    fn rules() -> Rules {
        Rules { most_attempts: 2, ..Rules::default() }
    }
}

async fn operator(site: &TestSite) -> Browser<'_> {
    let link = site.site.first_operator().await.unwrap().expect("nobody runs it yet");
    let mut browser = Browser::new(site);
    browser.post(&link, &[("email", "op@example.org"), ("password", PASSWORD)]).await.is(303);
    browser
}

/// A job that has failed once, and a worker with which it would fail again.
async fn failed(site: &TestSite) -> (Uuid, Worker) {
    let queue = site.site.jobs().clone();
    queue.enqueue(&BoardSync { secret: "unmistakable-lantern".into() }).await.unwrap();
    let worker = Worker::new(queue.clone()).on(async |_: BoardSync| Err(Failure::again("the <board> did not answer")));
    assert_eq!(worker.run_due().await, Ok(1));
    (queue.failed(10).await.unwrap()[0].id, worker)
}

jobfuture_testkit::both_engines! {
    async fn what_fails_is_told_with_its_reason_and_can_be_run_or_forgotten(db: Db) {
        let site = TestSite::on_db(SiteConfig::default(), db);
        let mut op = operator(&site).await;
        op.get("/account").await.is(200).has("href=\"/operator/jobs\"");
        let page = op.get(JOBS).await;
        page.is(200).has("Nothing that waits or was given up has failed").has("Nothing waits and nothing runs");
        assert_eq!(page.header("cache-control"), "no-store");
        let (job, worker) = failed(&site).await;
        let page = op.get(JOBS).await;
        page.has("board sync").has("Begun once, tried again at 22 November 2026").has_not("unmistakable-lantern");
        page.has("board&#62; did not answer").has_not("<board>").has("<td data-level=\"Wait\">1</td>");
        let done = op.post(&format!("{JOBS}/{job}/retry"), &[]).await;
        assert_eq!(done.is(303).header("location"), JOBS);
        assert_eq!(worker.run_due().await, Ok(1), "its wait was cut short");
        // It counts from the beginning, so it may fail once more before it is given up.
        op.post(&format!("{JOBS}/{job}/retry"), &[]).await.is(303);
        for _ in 0..2 {
            worker.run_due().await.unwrap();
            site.clock.advance(SignedDuration::from_hours(1));
        }
        op.get(JOBS).await.has("Given up, begun 2 times").has("<td data-level=\"Given up\">1</td>");
        assert_eq!(op.post(&format!("{JOBS}/{job}/forget"), &[]).await.is(303).header("location"), JOBS);
        op.get(JOBS).await.has_not("board sync");
        // Gone already, or never there.
        op.post(&format!("{JOBS}/{job}/forget"), &[]).await.is(303);
        op.post(&format!("{JOBS}/nonsense/retry"), &[]).await.is(404);
        op.get(&format!("{JOBS}/{job}/retry")).await.is(303);
    }

    async fn nobody_else_finds_the_jobs(db: Db) {
        let site = TestSite::on_db(SiteConfig::default(), db);
        let (job, _) = failed(&site).await;
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        ada.get("/account").await.is(200).has_not(JOBS);
        let mut stranger = Browser::new(&site);
        for browser in [&mut ada, &mut stranger] {
            browser.get(JOBS).await.is(404).has("There is no page here").has_not("board sync");
            for act in ["retry", "forget"] {
                browser.get(&format!("{JOBS}/{job}/{act}")).await.is(404);
                browser.post(&format!("{JOBS}/{job}/{act}"), &[]).await.is(404);
            }
        }
        assert_eq!(site.site.jobs().failed(10).await.unwrap().len(), 1);
    }

    async fn accounts_leave_by_themselves_when_their_week_is_over(db: Db) {
        let site = TestSite::on_db(SiteConfig::default(), db.clone());
        let mut op = operator(&site).await;
        let worker = jobfuture_site::jobs::worker(&site.site);
        worker.run_due().await.unwrap();
        op.get(JOBS).await.has("account deletions").has("every hour").has("it went well").has("22 November 2026, 11:00 UTC");
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        ada.post("/account/delete", &[("email", ADA)]).await.is(303);
        let here = async || {
            let found: (i64,) = db.one("select count(*) from account where email = $1", params![ADA]).await.unwrap();
            found.0
        };
        site.clock.advance(SignedDuration::from_hours(24 * 7 - 1));
        worker.run_due().await.unwrap();
        assert_eq!(here().await, 1);
        site.clock.advance(SignedDuration::from_hours(1));
        worker.run_due().await.unwrap();
        assert_eq!(here().await, 0);
    }
}
