//! The operator's side of the skill check: how items fare, and freezing one.

use crate::browser::{ADA, Browser, PASSWORD};
use crate::checks::{UNAIDED, begin, id_of, real};
use crate::site::TestSite;
use jobfuture_db::{Db, params};
use jobfuture_site::check::{BankEntry, Loaded};
use std::sync::Arc;

const ITEMS: &str = "/operator/items";
const CHECK: &str = "django-developer";

/// A browser of somebody who runs the instance.
async fn operator(site: &TestSite) -> Browser<'_> {
    let link = site.site.first_operator().await.unwrap().expect("nobody runs it yet");
    let mut browser = Browser::new(site);
    browser.post(&link, &[("email", "op@example.org"), ("password", PASSWORD)]).await.is(303);
    browser
}

async fn current(site: &TestSite) -> Arc<Loaded> {
    site.checks().current(&site.library.checks[CHECK]).await.unwrap()
}

/// The sums of so many answers, half of them right, to a question that is as taken.
async fn answered(db: &Db, item: &BankEntry, answers: i64) {
    let sql = "insert into item_tally (check_id, item, known, answered, score, residual, residual_squared, ln_seconds,
                 drift_up, drift_down, drift_most) values ($1, $2, 1, $3, $4, 0, $5, $6, 0, 0, 2)";
    let (count, ln_seconds) = (answers as f64, answers as f64 * 40.0_f64.ln());
    db.execute(sql, params![CHECK, item.id, answers, count / 2.0, count, ln_seconds]).await.unwrap();
}

/// The row of an item in the page.
fn row<'p>(page: &'p str, item: &BankEntry) -> &'p str {
    let address = item.id.replace('@', "%40");
    page.split("<tr>").find(|row| row.contains(&address)).expect("the item's row")
}

jobfuture_testkit::both_engines! {
    async fn items_fare_from_thirty_answers_on(db: Db) {
        let site = real(db.clone());
        let mut op = operator(&site).await;
        let release = current(&site).await;
        let [few, enough] = [&release.parts.items[0], &release.parts.items[1]];
        answered(&db, few, 29).await;
        answered(&db, enough, 30).await;
        op.get("/account").await.is(200).has("href=\"/operator/items\"");
        let page = op.get(ITEMS).await;
        assert_eq!(page.is(200).header("cache-control"), "no-store");
        for area in &site.library.checks[CHECK].manifest.areas {
            page.has(&format!("<h3>{}</h3>", area.name));
        }
        assert_eq!(page.text().matches("/freeze\"").count(), release.parts.items.len());
        // 31 met one of them, though no attempt is left.
        page.has("Begun 31 times");
        let few = row(page.text(), few);
        for text in ["not enough yet", "<td data-level=\"Answers\">29</td>", "<td data-level=\"Met\">97 %</td>"] {
            assert!(few.contains(text), "no {text:?} in {few}");
        }
        for told in ["Score", "Fit", "Drift", "Time"] {
            assert!(!few.contains(&format!("\"{told}\"")), "{few}");
        }
        let enough = row(page.text(), enough);
        for text in ["about 50 %", "as expected", "none seen", "40 s", "numbers by authors", ">30</td>", ">1</td>"] {
            assert!(enough.contains(text), "no {text:?} in {enough}");
        }
    }

    async fn a_frozen_item_is_not_asked_in_checks_that_begin_afterwards(db: Db) {
        let site = real(db.clone());
        let mut op = operator(&site).await;
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let release = current(&site).await;
        let item = &release.parts.items[3];
        let freeze = format!("{ITEMS}/{}/freeze", item.id.replace('@', "%40"));
        op.post(&freeze, &[("reason", "  ")]).await.is(422).has("Say why");
        let done = op.post(&freeze, &[("reason", "It stood on a <forum>.")]).await;
        assert_eq!(done.is(303).header("location"), ITEMS);
        let page = op.get(ITEMS).await;
        page.has("<strong>Frozen</strong>: It stood on a ").has_not("<forum>");
        assert!(row(page.text(), item).contains("/thaw\""));
        let path = begin(&mut ada, UNAIDED).await;
        let (excluded,): (String,) =
            db.one("select excluded from attempt where id = $1", params![id_of(&path).uuid()]).await.unwrap();
        assert_eq!(excluded, "[3]");
        let owner = ada.owner().await;
        let attempt = site.checks().attempt(owner, id_of(&path)).await.unwrap().unwrap();
        assert!(attempt.state().unwrap().excluded().contains(&3));
        // The check that is under way goes on as it began, and thawing is for later ones.
        op.post(&freeze.replace("/freeze", "/thaw"), &[]).await.is(303);
        op.get(ITEMS).await.has_not("Frozen");
        op.post(&format!("{ITEMS}/nothing%401/freeze"), &[("reason", "none")]).await.is(404);
    }

    async fn nobody_else_finds_the_items(db: Db) {
        let site = real(db.clone());
        let release = current(&site).await;
        let item = format!("{ITEMS}/{}", release.parts.items[0].id.replace('@', "%40"));
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        ada.get("/account").await.is(200).has_not(ITEMS);
        let mut stranger = Browser::new(&site);
        for browser in [&mut ada, &mut stranger] {
            let elsewhere = browser.get("/operator/nowhere").await;
            let page = browser.get(ITEMS).await;
            page.is(404).has("There is no page here").has_not("Freeze");
            assert_eq!(page.text().replace(ITEMS, ""), elsewhere.text().replace("/operator/nowhere", ""));
            for (act, fields) in [("freeze", &[("reason", "none")][..]), ("thaw", &[])] {
                browser.get(&format!("{item}/{act}")).await.is(404);
                browser.post(&format!("{item}/{act}"), fields).await.is(404);
            }
        }
        assert!(site.checks().frozen().await.unwrap().is_empty());
    }

    async fn so_much_is_not_frozen_that_no_check_is_left(db: Db) {
        let site = real(db.clone());
        let mut op = operator(&site).await;
        let release = current(&site).await;
        let mut refused = false;
        for task in release.parts.items.iter().filter(|item| item.behaviours > 0) {
            let freeze = format!("{ITEMS}/{}/freeze", task.id.replace('@', "%40"));
            let answer = op.post(&freeze, &[("reason", "trying")]).await;
            if answer.status == 422 {
                answer.has("nobody could begin it");
                refused = true;
            }
        }
        assert!(refused);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        begin(&mut ada, UNAIDED).await;
    }
}
