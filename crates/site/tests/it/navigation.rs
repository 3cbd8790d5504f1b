//! The main navigation: the same for everybody on pages that are made ready, and with what is one's own on one's own pages.

use crate::browser::{ADA, Browser};
use crate::site::{Answer, TestSite};
use jobfuture_db::{Db, params};

/// Address and title of each part, and whether it is marked.
fn parts(page: &Answer) -> Vec<(String, String, bool)> {
    let nav = page.text().split("aria-label=\"Main\"").nth(1).expect("the navigation").split("</nav>").next().unwrap();
    let links = nav.split("<a href=\"").skip(1).map(|link| {
        let (url, rest) = link.split_once('"').unwrap();
        let (attributes, title) = rest.split_once('>').unwrap();
        (url.to_owned(), title.split('<').next().unwrap().to_owned(), attributes.contains("aria-current=\"true\""))
    });
    links.collect()
}

fn titles(page: &Answer) -> Vec<String> {
    parts(page).into_iter().map(|(_, title, _)| title).collect()
}

/// Which part a page is marked as.
fn marked(page: &Answer) -> Vec<String> {
    parts(page).into_iter().filter(|(.., is_marked)| *is_marked).map(|(_, title, _)| title).collect()
}

const OF_ALL: [&str; 7] = ["Guides", "Questions", "Tasks", "Roles", "Skill check", "Vacancies", "Your account"];
const OF_ADA: [&str; 8] =
    ["Guides", "Questions", "Tasks", "Roles", "Skill check", "Vacancies", "For you", "Your account"];

jobfuture_testkit::both_engines! {
    async fn who_is_signed_in_finds_what_waits_for_them_and_their_company(db: Db) {
        let site = TestSite::on_db(crate::site::issuing(), db);
        for path in ["/", "/sign-in", "/join", "/companies", "/vacancies", "/no-such-page"] {
            assert_eq!(titles(&site.get(path).await), OF_ALL, "{path}");
        }
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        for path in ["/you", "/account", "/profile", "/grants", "/introductions", "/companies"] {
            assert_eq!(titles(ada.get(path).await.is(200)), OF_ADA, "{path}");
        }
        assert_eq!(marked(&ada.get("/you").await), ["For you"]);
        assert_eq!(marked(&ada.get("/account").await), ["Your account"]);
        let you = parts(&ada.get("/account").await).into_iter().find(|(_, title, _)| title == "For you").unwrap();
        ada.get(&you.0).await.is(200).has("What waits for you");

        // Who acts for a company finds it as well; who acts for several, all of them.
        let first = [("name", "Acme"), ("domain", "acme.example"), ("role", "keeper")];
        let home = ada.post("/companies/new", &first).await.is(303).header("location").to_owned();
        let page = ada.get(&home).await;
        let company = parts(page.is(200)).into_iter().find(|(_, title, _)| title == "Your company").unwrap();
        assert_eq!((company.0.as_str(), company.2), (home.as_str(), true));
        assert_eq!(titles(&ada.get("/you").await).len(), OF_ADA.len() + 1);
        for below in ["vacancies", "interviews", "proofs", "people"] {
            assert_eq!(marked(ada.get(&format!("{home}/{below}")).await.is(200)), ["Your company"], "{below}");
        }
        let second = [("name", "Hill"), ("domain", "hill.example"), ("role", "keeper")];
        ada.post("/companies/new", &second).await.is(303);
        let companies = parts(&ada.get("/you").await).into_iter().find(|(_, title, _)| title == "Your companies").unwrap();
        ada.get(&companies.0).await.is(200).has("Acme").has("Hill");

        // At the next request after she has left them, nothing of them is there; signed out, she is a stranger.
        let account = ada.owner().await.uuid();
        site.db.execute("delete from company_member where account = $1", params![account]).await.unwrap();
        assert_eq!(titles(&ada.get("/you").await), OF_ADA);
        ada.post("/sign-out", &[]).await.is(303);
        assert_eq!(titles(&ada.get("/sign-in").await), OF_ALL);
    }

    async fn what_is_made_ready_is_the_same_bytes_for_all_and_asks_no_database(db: Db) {
        let site = TestSite::on_db(crate::site::issuing(), db);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let before: Vec<Answer> = vec![site.get("/guides").await, site.get("/about/practice").await];
        site.site.publish().await.unwrap();
        let traffic = site.db.traffic();
        for (path, before) in ["/guides", "/about/practice"].into_iter().zip(before) {
            let (hers, anybodys) = (ada.get(path).await, site.get(path).await);
            assert_eq!(hers.is(200).body, anybodys.is(200).body, "{path}");
            assert_eq!(hers.body, before.body, "{path}: published by whoever asked, it is what a stranger reads");
            assert_eq!(titles(&hers), OF_ALL);
        }
        let asked = site.db.traffic() - traffic;
        assert_eq!(asked.statements, 0, "{asked:?}");
    }
}
