//! What a check keeps of its owner is sealed with the key of their account, so that a backup says nothing once it is gone; and
//! what was stored before there were keys is read as it was.

use crate::browser::{ADA, Browser};
use crate::checks::{Person, UNAIDED, begin, id_of, real};
use jobfuture_db::{Db, params};
use psychometrics::Random;

/// Every text and every number of a check that tells what somebody can do.
const TEXTS: [&str; 9] = [
    "select answer from attempt_item where answer is not null",
    "select verdict from attempt_item where verdict is not null",
    "select sealed_category from attempt_item where outcome = 'answered'",
    "select files from attempt_work",
    "select last_run from attempt_work where last_run is not null",
    "select question from attempt_explain",
    "select answer from attempt_explain where answer is not null",
    "select sealed_is_right from attempt_explain where sealed_is_right is not null",
    "select sealed_category from regrade",
];

jobfuture_testkit::both_engines! {
    async fn nothing_of_a_check_can_be_read_without_its_owners_key(db: Db) {
        let site = real(db.clone());
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        let mut person = Person { site: &site, random: Random::new(11), chance: 0.8 };
        while person.go_on(&mut ada, &path).await {}
        let mut found = 0;
        for sql in TEXTS {
            let texts: Vec<(Option<String>,)> = db.all(sql, &[]).await.unwrap();
            for (text,) in texts {
                assert!(text.as_deref().is_some_and(|text| text.starts_with("sealed:")), "{sql}: {text:?}");
                found += 1;
            }
        }
        assert!(found > 20, "{found}");
        let plain: Vec<(Option<i64>,)> = db.all("select category from attempt_item where category is not null", &[]).await.unwrap();
        assert!(plain.is_empty());
        let priors: Vec<(Vec<u8>,)> = db.all("select prior from attempt", &[]).await.unwrap();
        assert!(priors.iter().all(|(prior,)| prior.starts_with(b"sealed:")));
        // It is read by its owner, until the key is gone.
        ada.get(&path).await.is(200).has("What your check showed");
        site.disclosure.keys().shred(ada.owner().await.uuid()).await.unwrap();
        ada.get(&path).await.is(500);
    }

    async fn what_was_stored_before_there_were_keys_is_read_as_it_was(db: Db) {
        let site = real(db.clone());
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        let mut person = Person { site: &site, random: Random::new(12), chance: 0.8 };
        for _ in 0..3 {
            person.go_on(&mut ada, &path).await;
        }
        let owner = ada.owner().await;
        let before = site.checks().attempt(owner, id_of(&path)).await.unwrap().unwrap();
        for item in before.items.iter().filter(|item| item.category.is_some()) {
            let answer = serde_json::to_string(&item.answer).unwrap();
            let sql = "update attempt_item set answer = $1, category = $2, sealed_category = null where place = $3";
            let category = item.category.map(i64::from);
            db.execute(sql, params![answer, category, i64::from(item.place)]).await.unwrap();
        }
        let after = site.checks().attempt(owner, id_of(&path)).await.unwrap().unwrap();
        let told = |attempt: &jobfuture_site::check::Attempt| {
            attempt.items.iter().map(|item| (item.category, format!("{:?}", item.answer))).collect::<Vec<_>>()
        };
        assert_eq!(told(&before), told(&after));
        assert!(person.go_on(&mut ada, &path).await, "and it goes on");
    }
}
