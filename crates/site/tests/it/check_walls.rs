//! Whose check it is: for everybody but its owner there is no such address, on any route that the router has.

use crate::browser::{ADA, Browser};
use crate::checks::{Person, UNAIDED, begin, id_of, real};
use crate::showing::{company, operator};
use crate::site::Answer;
use jobfuture_db::Db;
use jobfuture_site::routes;
use psychometrics::Random;

/// An attempt that is nobody's.
const NOBODYS: &str = "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a111";

/// Every address of an attempt that the router matches, for the attempt of this id.
fn addresses(id: &str) -> Vec<String> {
    let of_attempts = routes::PATTERNS.iter().filter(|pattern| pattern.contains("{attempt}"));
    let filled = of_attempts.map(|pattern| {
        let pattern = pattern.replace("{attempt}", id).replace("{place}", "1").replace("{*path}", "manage.py");
        assert!(!pattern.contains('{'), "{pattern} has a parameter that this test does not know");
        pattern
    });
    filled.collect()
}

fn seen(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let headers = answer.headers.iter().map(|(name, value)| (name.to_string(), format!("{value:?}")));
    (answer.status.as_u16(), headers.collect(), answer.text().to_owned())
}

jobfuture_testkit::both_engines! {
    async fn nobody_but_its_owner_finds_an_attempt(db: Db) {
        let site = real(db);
        let (mut ada, mut ben, mut stranger) = (Browser::new(&site), Browser::new(&site), Browser::new(&site));
        ada.join(ADA).await;
        ben.join("ben@example.org").await;
        let mut edna = operator(&site).await;
        let (mut carl, _) = company(&site, &mut edna).await;
        let path = begin(&mut ada, UNAIDED).await;
        let id = path.strip_prefix("/attempts/").unwrap().to_owned();
        let mut person = Person { site: &site, random: Random::new(3), chance: 0.6 };
        // As it goes on, and when it is over.
        for stage in ["under way", "over"] {
            let before = ada.get(&path).await.text().to_owned();
            let (own, none) = (addresses(&id), addresses(NOBODYS));
            assert!(own.len() > 12, "{own:?}");
            for (address, elsewhere) in own.iter().zip(&none) {
                for browser in [&mut stranger, &mut ben, &mut edna, &mut carl] {
                    let (mine, nobodys) = (browser.get(address).await, browser.get(elsewhere).await);
                    mine.is(404);
                    assert_eq!(mine.header("cache-control"), "no-store");
                    assert_eq!(seen(&mine), seen(&nobodys), "{stage}: GET {address}");
                    let fields = [("quiet", "yes"), ("answer", "1"), ("option", "1"), ("file:a.py", "x")];
                    let (mine, nobodys) = (browser.post(address, &fields).await, browser.post(elsewhere, &fields).await);
                    assert!([404, 405].contains(&mine.status.as_u16()), "{stage}: POST {address}: {}", mine.status);
                    assert_eq!(seen(&mine), seen(&nobodys), "{stage}: POST {address}");
                }
            }
            assert_eq!(ada.get(&path).await.text(), before, "nothing of it changed while it was {stage}");
            while stage == "under way" && person.go_on(&mut ada, &path).await {}
        }
        let owner = ben.owner().await;
        assert!(site.checks().attempt(owner, id_of(&path)).await.unwrap().is_none());
        assert!(site.checks().attempts(owner).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_is_for_one_person_asks_a_stranger_to_sign_in_and_is_kept_by_no_browser() {
    let site = crate::site::TestSite::new();
    for address in ["/attempts", "/account"] {
        let answer = site.get(address).await;
        answer.is(303);
        assert!(answer.header("location").starts_with("/sign-in?back="), "{address}");
        assert_eq!(answer.header("cache-control"), "no-store", "{address}");
    }
}
