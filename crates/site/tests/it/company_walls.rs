//! Whose company it is: the people of one can neither read nor change anything of another, on any route that the router has; and
//! within a company a role may what it is there for.

use crate::browser::{Browser, last_link};
use crate::companies::{Town, owner, person};
use crate::site::Answer;
use jobfuture_db::{Db, params};
use jobfuture_site::routes;
use uuid::Uuid;

const ROLES: [&str; 3] = ["owner", "recruiter", "interviewer"];

/// Every address of a company that the router matches.
fn patterns() -> Vec<&'static str> {
    let of_companies = routes::PATTERNS.iter().filter(|pattern| pattern.starts_with("/companies/{company}"));
    of_companies.copied().collect()
}

/// Who may, by [`jobfuture_disclosure::Act`]: an address that is not here fails the test.
fn may(pattern: &str, role: &str) -> bool {
    let below = pattern.strip_prefix("/companies/{company}").unwrap();
    let first = below.split('/').nth(1).unwrap_or_default();
    match first {
        "" | "leave" => true,
        "proofs" | "people" | "invitations" => role == "owner",
        "interviews" => true,
        // Interviewers find those to which they were asked.
        "introductions" if pattern.ends_with("/kit") || pattern.ends_with("/kit/score") => true,
        "introductions" => role != "interviewer",
        "page" | "candidates" | "pool" | "compare" | "vacancies" | "boards" => role != "interviewer",
        other => panic!("{other}: say here who may see {pattern}"),
    }
}

/// An address of this company, with everything else that somebody of another one could have learned.
fn filled(pattern: &str, company: &str, known: &[(String, String)]) -> String {
    let mut path = pattern.replace("{company}", company);
    for (name, value) in known {
        path = path.replace(name, value);
    }
    for name in ["{candidate}", "{token}", "{person}", "{invitation}"] {
        let nobody = match name {
            "{candidate}" => "0".repeat(32),
            "{token}" => "A".repeat(43),
            _ => Uuid::from_u128(7).to_string(),
        };
        path = path.replace(name, &nobody);
    }
    // Whatever comes later.
    let cut = path.find('{').map(|at| (at, path[at..].find('}').unwrap() + at));
    match cut {
        Some((from, to)) => format!("{}x{}", &path[..from], &path[to + 1..]),
        None => path,
    }
}

const FORM: &[(&str, &str)] = &[
    ("name", "Taken over"),
    ("about", "Ours now"),
    ("role", "keeper"),
    ("email", "eve@example.org"),
    ("lei", "5493001KJTIIGC8Y1R12"),
    ("nonce", "a nonce of ours"),
];

fn seen(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.text().to_owned())
}

/// All that there is of companies, and letters.
async fn everything(town: &Town) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "select name, about, web, domain, coalesce(challenge, '') from company order by domain",
        "select role, '', '', '', '' from company_member order by role",
        "select method, detail, coalesce(failure, ''), '', '' from company_proof order by method, detail",
        "select email, role, '', '', '' from company_invitation where withdrawn_at is null and accepted_at is null order by email",
        "select begun_by, stage, coalesce(ending, ''), '', '' from introduction order by begun_by, stage",
        "select role, levels, competencies, matters, process from company_focus order by role, matters",
        "select recipient, subject, body, '', '' from outbox order by recipient, subject, body",
    ] {
        let rows: Vec<(String, String, String, String, String)> = town.site.db.all(sql, &[]).await.unwrap();
        all.extend(rows.into_iter().map(|row| format!("{row:?}")));
    }
    all
}

/// Another company of whom everything is known that addresses can say.
async fn other_company<'s>(town: &'s Town) -> (Browser<'s>, String, Vec<(String, String)>) {
    let mut carl = person(&town.site, "carl@acme.example").await;
    let fields = [("name", "Acme"), ("domain", "acme.example"), ("role", "keeper")];
    let path = carl.post("/companies/new", &fields).await.is(303).header("location").to_owned();
    carl.post(&format!("{path}/proofs/challenge"), &[]).await.is(303);
    carl.post(&format!("{path}/proofs/mail"), &[("email", "carl@acme.example")]).await.is(200);
    let link = last_link(&town.site, "carl@acme.example").await;
    carl.post(&format!("{path}/people"), &[("email", "dora@acme.example"), ("role", "owner")]).await.is(200);
    let page = carl.get(&format!("{path}/people")).await;
    let after = |mark: &str| page.text().split(mark).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let known = vec![
        ("{token}".to_owned(), link.rsplit('/').next().unwrap().to_owned()),
        ("{person}".to_owned(), after(&format!("{path}/people/"))),
        ("{invitation}".to_owned(), after(&format!("{path}/invitations/"))),
    ];
    (carl, path, known)
}

jobfuture_testkit::both_engines! {
    async fn the_people_of_one_company_find_nothing_of_another(db: Db) {
        let town = Town::new(db);
        let (mut ada, own) = owner(&town.site).await;
        let (mut carl, theirs, known) = other_company(&town).await;
        let company = theirs.split('/').nth(2).unwrap();
        let nobodys = Uuid::from_u128(9).to_string();
        assert!(patterns().len() > 12, "{:?}", patterns());
        let before = everything(&town).await;
        for role in ROLES {
            let id = Uuid::try_parse(own.split('/').nth(2).unwrap()).unwrap();
            town.site.db.execute("update company_member set role = $2 where company = $1", params![id, role]).await.unwrap();
            for pattern in patterns() {
                let (address, elsewhere) = (filled(pattern, company, &known), filled(pattern, &nobodys, &known));
                let (mine, none) = (ada.get(&address).await, ada.get(&elsewhere).await);
                assert!([404, 405].contains(&mine.status.as_u16()), "{role} GET {address}: {}", mine.status);
                assert_eq!(seen(&mine), seen(&none), "{role} GET {address}");
                let (mine, none) = (ada.post(&address, FORM).await, ada.post(&elsewhere, FORM).await);
                assert!([404, 405].contains(&mine.status.as_u16()), "{role} POST {address}: {}", mine.status);
                assert_eq!(seen(&mine), seen(&none), "{role} POST {address}");
                // With the names of the other company's things below one's own address.
                let mixed = filled(pattern, id.to_string().as_str(), &known);
                if mixed != filled(pattern, id.to_string().as_str(), &[]) {
                    let answer = ada.post(&mixed, &[("role", "none")]).await;
                    assert!([403, 404].contains(&answer.status.as_u16()), "{role} POST {mixed}: {}", answer.status);
                }
            }
        }
        town.site.db.execute("update company_member set role = 'owner'", &[]).await.unwrap();
        assert_eq!(everything(&town).await, before, "nothing of it changed, and nobody was written to");
        let list = ada.get("/companies").await;
        list.is(200).has("Hill Books").has_not("Acme");
        carl.get(&theirs).await.is(200).has("Acme");
    }

    async fn a_role_may_what_it_is_there_for_and_nothing_else(db: Db) {
        let town = Town::new(db);
        let (mut ada, path) = owner(&town.site).await;
        let id = Uuid::try_parse(path.split('/').nth(2).unwrap()).unwrap();
        for role in ROLES {
            town.site.db.execute("update company_member set role = $2 where company = $1", params![id, role]).await.unwrap();
            let before = everything(&town).await;
            for pattern in patterns() {
                let address = filled(pattern, &id.to_string(), &[]);
                let answer = ada.get(&address).await;
                if may(pattern, role) {
                    assert!([200, 303, 404, 405].contains(&answer.status.as_u16()), "{role} GET {address}: {}", answer.status);
                } else {
                    answer.is(403).has("Ask an owner of the company").has(role);
                    let sent = ada.post(&address, FORM).await;
                    assert!([403, 405].contains(&sent.status.as_u16()), "{role} POST {address}: {}", sent.status);
                }
            }
            let unchanged = everything(&town).await == before;
            assert!(unchanged, "{role}");
        }
    }

    async fn a_stranger_is_asked_to_sign_in_whatever_the_address(db: Db) {
        let town = Town::new(db);
        let (_, path) = owner(&town.site).await;
        let id = path.split('/').nth(2).unwrap();
        for pattern in patterns() {
            for company in [id, "x"] {
                let answer = town.site.get(&filled(pattern, company, &[])).await;
                if answer.status != 405 {
                    assert!(answer.is(303).header("location").starts_with("/sign-in"), "{pattern}");
                }
            }
        }
    }
}
