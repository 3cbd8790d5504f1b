//! Taking everything along, and leaving: nothing is left but what the page lists.

use crate::browser::{ADA, Browser, PASSWORD};
use crate::site::TestSite;
use jiff::SignedDuration;
use jobfuture_db::Db;
use jobfuture_site::Practice;
use std::io::{Cursor, Read};

/// Words of hers that stand nowhere else.
const OWN_WORDS: &str = "Unmistakable lantern words";

/// Ada with something of everything.
async fn ada(site: &TestSite) -> Browser<'_> {
    let mut ada = Browser::new(site);
    ada.join(ADA).await;
    ada.post("/profile/fields/headline", &[("0.headline", OWN_WORDS)]).await.is(303);
    let fields = [("to", "link"), ("opens", "9"), ("fact", "field:headline"), ("purpose", "A friend"), ("days", "30")];
    let grant = ada.post("/grants/new", &fields).await.is(303).header("location").to_owned();
    let page = ada.get(&grant).await;
    let link = page.text().split("jobs.example.org").nth(1).or_else(|| page.text().split("127.0.0.1:8080").nth(1));
    let link = link.unwrap().split('<').next().unwrap().to_owned();
    site.get(&link).await.is(200);
    ada
}

/// Every text, blob and id of every table, as far as SQLite can tell.
async fn everything(site: &TestSite) -> Vec<(String, String)> {
    let tables: Vec<(String,)> = site
        .db
        .all("select name from sqlite_master where type = 'table' and name not like 'sqlite%'", &[])
        .await
        .unwrap();
    let mut found = Vec::new();
    for (table,) in tables {
        let columns: Vec<(String,)> =
            site.db.all("select name from pragma_table_info($1)", jobfuture_db::params![table]).await.unwrap();
        for (column,) in columns {
            let sql = format!("select hex({column}) from {table} where {column} is not null");
            let values: Vec<(String,)> = site.db.all(&sql, &[]).await.unwrap();
            found.extend(values.into_iter().map(|(value,)| (format!("{table}.{column}"), value)));
        }
    }
    found
}

fn hex(text: &[u8]) -> String {
    text.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_who_has_left() {
    let site = TestSite::with(crate::site::issuing(), Practice::Off { reason: String::new() });
    let mut ada = ada(&site).await;
    let me = ada.owner().await;
    let signal = site.disclosure.make_signal(me.key(), None, &crate::worlds::a_signal(), 6).await.unwrap();
    ada.get(&format!("/signals/{signal}/badge")).await.is(200);
    let account = hex(me.uuid().as_bytes());
    let of_hers = |all: &[(String, String)]| -> Vec<String> {
        let words = [account.clone(), hex(ADA.as_bytes()), hex(signal.as_bytes())];
        all.iter()
            .filter(|(_, value)| words.iter().any(|word| value.contains(word)))
            .map(|(at, _)| at.clone())
            .collect()
    };
    assert!(of_hers(&everything(&site).await).len() > 10, "the search finds her while she is there");
    ada.post("/account/delete", &[("email", ADA)]).await.is(303);
    site.clock.advance(SignedDuration::from_hours(24 * 7));
    assert_eq!(site.site.let_leave().await.unwrap(), 1);
    assert_eq!(of_hers(&everything(&site).await), Vec::<String>::new());
    // Her badge is listed as withdrawn, by a number that names nobody.
    let (places,): (i64,) = site.db.one("select count(*) from credential_revoked", &[]).await.unwrap();
    assert_eq!(places, 1);
    assert_eq!(site.site.let_leave().await.unwrap(), 0);
}

jobfuture_testkit::both_engines! {
    async fn who_is_leaving_is_seen_by_nobody_at_once(db: Db) {
        let site = TestSite::on_db(crate::site::issuing(), db);
        let mut ada = ada(&site).await;
        let page = ada.get("/grants").await;
        let grant = page.links().into_iter().find(|url| url.starts_with("/grants/") && !url.ends_with("new")).unwrap();
        let page = ada.get(&grant).await;
        let link = format!("/shared/{}", page.text().split("/shared/").nth(1).unwrap().split('<').next().unwrap());
        site.get(&link).await.is(200);
        ada.post("/account/delete", &[("email", ADA)]).await.is(303);
        site.get(&link).await.is(404);
        ada.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(303);
        ada.post("/account/keep", &[]).await.is(303);
        site.get(&link).await.is(200);
    }
}

#[tokio::test]
async fn everything_can_be_taken_along() {
    let site = TestSite::with(crate::site::issuing(), Practice::Off { reason: String::new() });
    let mut ada = ada(&site).await;
    let answer = ada.get("/account/export").await;
    assert_eq!(answer.is(200).header("content-type"), "application/zip");
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.body.to_vec())).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap_or_else(|_| panic!("{name} is there")).read_to_string(&mut text).unwrap();
        text
    };
    assert!(read("README.txt").contains("profile.json"));
    assert!(read("account.json").contains(ADA));
    assert!(read("profile.json").contains(OWN_WORDS));
    assert!(read("resume.json").contains(OWN_WORDS));
    assert!(read("grants.json").contains("A friend"));
    assert!(read("views.json").contains("headline"));
    assert!(!read("account.json").contains("argon2"));
    assert_eq!(read("signals.json"), "[]");
    assert_eq!(read("introductions.json"), "[]");
    // Only after proving lately who one is.
    site.clock.advance(SignedDuration::from_mins(11));
    assert_eq!(ada.get("/account/export").await.is(303).header("location"), "/account/prove?back=/account/export");
}
