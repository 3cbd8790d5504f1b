//! A candidate shows something of themselves, and takes it back; as browsers do it.

use crate::browser::{ADA, Browser, PASSWORD};
use crate::checks::{Person, UNAIDED, begin, real};
use crate::site::{Answer, TestSite};
use jobfuture_credential::{WalletFile, read_metadata};
use jobfuture_db::Db;
use psychometrics::Random;

const ACME: &[(&str, &str)] = &[("name", "Acme"), ("domain", "acme.example"), ("role", "django-developer")];

/// Somebody who runs the instance.
pub async fn operator<'s>(site: &'s TestSite) -> Browser<'s> {
    let link = site.site.first_operator().await.unwrap().unwrap();
    let mut edna = Browser::new(site);
    let fields = [("email", "edna@example.org"), ("name", "Edna"), ("password", PASSWORD)];
    edna.post(&link, &fields).await.is(303);
    edna
}

/// A member of a company that the operator has verified, and the company's path.
pub async fn company<'s>(site: &'s TestSite, edna: &mut Browser<'_>) -> (Browser<'s>, String) {
    let mut carl = Browser::new(site);
    carl.join("carl@acme.example").await;
    let made = carl.post("/companies/new", ACME).await;
    let path = format!("{}/candidates", made.is(303).header("location"));
    carl.get(&path).await.is(200).has("is not verified");
    edna.get("/operator/companies").await.is(200).has("Acme").has("carl@acme.example");
    let id = path.split('/').nth(2).unwrap();
    edna.post(&format!("/operator/companies/{id}/verify"), &[]).await.is(303);
    carl.get(&path).await.is(200).has("Nobody at the moment");
    (carl, path)
}

fn first_link(answer: &Answer, beginning: &str) -> String {
    answer
        .links()
        .into_iter()
        .find(|url| url.starts_with(beginning))
        .unwrap_or_else(|| panic!("no {beginning} in:\n{}", answer.text()))
}

/// Takes a check to its end and makes a signal of it; its path.
pub async fn signal(site: &TestSite, ada: &mut Browser<'_>) -> String {
    let path = begin(ada, UNAIDED).await;
    let mut person = Person { site, random: Random::new(5), chance: 0.93 };
    ada.get(&format!("{path}/signal")).await.is(200).has("This check is not over yet");
    while person.go_on(ada, &path).await {}
    ada.get(&path).await.is(200).has("make a signal of it");
    let form = ada.get(&format!("{path}/signal")).await;
    form.is(200).has("What people ask here").has("Word for word").has("or above").has_not("%").has_not("θ");
    // To look at a choice makes nothing.
    ada.post(&format!("{path}/signal"), &[("level", "junior"), ("months", "6")])
        .await
        .is(200)
        .has("at Junior or above");
    ada.get("/signals").await.is(200).has("You have made none yet");
    ada.post(&format!("{path}/signal"), &[("make", "yes")]).await.is(422).has("Choose the level");
    ada.post(&format!("{path}/signal"), &[("level", "principal"), ("make", "yes")]).await.is(422);
    let made = ada.post(&format!("{path}/signal"), &[("level", "junior"), ("months", "6"), ("make", "yes")]).await;
    made.is(303).header("location").to_owned()
}

jobfuture_testkit::both_engines! {
    async fn a_signal_is_made_granted_seen_proved_and_taken_back(db: Db) {
        let site = real(db);
        let mut edna = operator(&site).await;
        let (mut carl, company) = company(&site, &mut edna).await;
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        let signal = signal(&site, &mut ada).await;
        ada.get(&signal).await.is(200).has("Nobody.").has("Django developer: at Junior or above").has("Unaided");
        ada.post("/profile/fields/headline", &[("0.headline", "Django and databases")]).await.is(303);
        ada.post("/profile/fields/name", &[("0.name", "Ada Lovelace")]).await.is(303);
        carl.get(&company).await.has("Nobody at the moment");

        let id = company.split('/').nth(2).unwrap();
        let fact = format!("signal:{}", signal.strip_prefix("/signals/").unwrap());
        let fields = [("to", "company"), ("company", id), ("fact", "field:headline"), ("fact", &fact), ("days", "30")];
        ada.post("/grants/new", &fields).await.is(422).has("Say in a few words what it is for");
        let fields = [&fields[..], &[("purpose", "Your vacancy")]].concat();
        let grant = ada.post("/grants/new", &fields).await.is(303).header("location").to_owned();
        ada.get(&grant).await.is(200).has("Acme").has("Django and databases").has_not("Lovelace");
        ada.get("/profile").await.has("Granted to: Acme");

        let list = carl.get(&company).await;
        list.is(200).has("Django and databases").has("Your vacancy").has_not("Lovelace").has_not(ADA);
        let candidate = first_link(&list, &format!("{company}/"));
        let page = carl.get(&candidate).await;
        page.is(200).has("Django developer: at Junior or above").has("Get it with a proof").has_not("Lovelace");
        ada.get("/views").await.is(200).has("Acme").has("Headline").has("on your page, new");
        ada.get("/views").await.has_not(", new");
        // It has a proof, that the company checks with what this site publishes.
        carl.post(&format!("{candidate}/signals/0/proof"), &[("nonce", "short")]).await.is(400);
        let proof = carl.post(&format!("{candidate}/signals/0/proof"), &[("nonce", "a nonce of ours")]).await;
        let keys = read_metadata(site.get("/.well-known/jwt-vc-issuer").await.is(200).text(), "http://127.0.0.1:8080").unwrap();
        let list = site.get("/credentials/status/1").await;
        let check = |list: &str| {
            let verifier = jobfuture_credential::Verifier {
                issuer: "http://127.0.0.1:8080",
                keys: &keys,
                now: site.clock.now().as_second(),
            };
            let binding =
                jobfuture_credential::Binding::Required { audience: "https://acme.example", nonce: "a nonce of ours" };
            verifier.credential(proof.text(), binding, jobfuture_credential::Revocation::List(list))
        };
        let verified = check(list.is(200).text()).unwrap();
        assert_eq!(verified.signal.at_least.unwrap().name.as_str(), "Junior");
        ada.get("/views").await.has("and took a proof");
        let wallet = ada.get(&format!("{grant}{}/wallet", signal)).await;
        WalletFile::read(wallet.is(200).text()).unwrap();

        // Narrowed, revoked: with the next request.
        ada.post(&format!("{grant}/narrow"), &[("fact", &fact)]).await.is(303);
        carl.get(&candidate).await.is(200).has_not("Django and databases").has("at Junior or above");
        ada.post(&format!("{grant}/revoke"), &[]).await.is(303);
        carl.get(&candidate).await.is(404);
        carl.get(&company).await.is(200).has("Nobody at the moment");
        assert!(check(site.get("/credentials/status/1").await.text()).is_err(), "it is withdrawn");
        ada.get(&grant).await.is(200).has("Revoked on");
        ada.post(&format!("{signal}/withdraw"), &[]).await.is(303);
        ada.get(&signal).await.has("Nobody is shown it");
    }

    async fn a_link_is_for_whoever_has_it_and_so_many_times(db: Db) {
        let site = TestSite::on_db(crate::site::issuing(), db);
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        ada.post("/profile/fields/headline", &[("0.headline", "Django and databases")]).await.is(303);
        let fields = [("to", "link"), ("opens", "2"), ("fact", "field:headline"), ("purpose", "A friend"), ("days", "7")];
        let grant = ada.post("/grants/new", &fields).await.is(303).header("location").to_owned();
        let page = ada.get(&grant).await;
        let link = page.text().split("jobs.example.org").nth(1);
        let link = link.or_else(|| page.text().split("127.0.0.1:8080").nth(1)).unwrap().split('<').next().unwrap().to_owned();
        // Whoever asks for headers alone has not looked, and uses up nothing.
        site.ask(http::Request::head(&link).body(axum::body::Body::empty()).unwrap()).await.is(405);
        for _ in 0..2 {
            let shown = site.get(&link).await;
            shown.is(200).has("Django and databases").has("A friend").has_not(ADA);
            assert_eq!(shown.header("x-robots-tag"), "noindex, nofollow");
            assert_eq!(shown.header("cache-control"), "no-store");
        }
        let (over, never) = (site.get(&link).await, site.get(&format!("/shared/{}", "A".repeat(43))).await);
        assert_eq!(over.is(404).text(), never.is(404).text());
        ada.get(&grant).await.has("Opened 2 of 2 times");
        ada.get("/views").await.has("Somebody with a link of yours");
    }
}

#[tokio::test]
async fn who_only_interviews_is_told_who_sees_candidates() {
    let site = TestSite::new();
    let mut carl = Browser::new(&site);
    carl.join("carl@acme.example").await;
    let path = carl.post("/companies/new", ACME_OF_TESTS).await.is(303).header("location").to_owned();
    let candidates = format!("/companies/{}/candidates", path.split('/').nth(2).unwrap());
    carl.get(&candidates).await.is(200);
    site.db.execute("update company_member set role = 'interviewer'", &[]).await.unwrap();
    let refused = carl.get(&candidates).await;
    refused
        .is(403)
        .has("At a company owners and recruiters may see candidates")
        .has("interviewer")
        .has("Where to go next");
    carl.get(&format!("{candidates}/{}", "0".repeat(32))).await.is(403);
    site.db.execute("update company_member set role = 'janitor'", &[]).await.unwrap();
    carl.get(&candidates).await.is(500);
}

#[tokio::test]
async fn a_field_is_filled_in_mended_and_emptied() {
    let site = TestSite::new();
    let mut ada = Browser::new(&site);
    ada.join(ADA).await;
    ada.get("/profile").await.is(200).has("Nobody sees this.");
    let wrong = ada.post("/profile/fields/pay", &[("0.least", "a lot"), ("0.currency", "EUR")]).await;
    wrong.is(422).has("Write a whole number between").has("value=\"a lot\"").has("aria-invalid=\"true\"");
    ada.get("/profile").await.has_not("a lot");
    ada.post("/profile/fields/pay", &[("0.least", "60000"), ("0.currency", "eur"), ("0.per", "year")]).await.is(303);
    ada.get("/profile").await.has("At least 60,000 EUR a year");
    let job = [
        ("0.title", "Developer"),
        ("0.organisation", "Hill Books"),
        ("0.about", "<script>alert(1)</script>"),
        ("more", "yes"),
    ];
    let more = ada.post("/profile/fields/experience", &job).await;
    assert_eq!(more.is(303).header("location"), "/profile/fields/experience#last");
    ada.get("/profile/fields/experience").await.has("Entry 2");
    ada.get("/profile").await.has("Hill Books").has_not("<script>alert");
    ada.post("/profile/fields/pay", &[("0.least", "")]).await.is(303);
    ada.get("/profile").await.has_not("60,000");
    for path in ["/profile/fields/score", "/profile/fields/organisations", "/grants/x", "/signals/x"] {
        ada.get(path).await.is(404);
    }
}

#[tokio::test]
async fn a_resume_is_looked_at_before_it_is_kept() {
    let site = TestSite::new();
    let mut ada = Browser::new(&site);
    ada.join(ADA).await;
    let text = r#"{"basics":{"name":"Ada","label":"Django"},"work":[{"position":"Developer","name":"Hill Books","startDate":"Spring"}]}"#;
    ada.post("/profile/import", &[("resume", text)]).await.is(200).has("Hill Books").has("Spring");
    ada.get("/profile").await.has_not("Hill Books");
    ada.post("/profile/import", &[("resume", "{")]).await.is(422).has("line");
    let keep = [("resume", text), ("keep", "yes"), ("field", "experience"), ("field", "headline")];
    ada.post("/profile/import", &keep).await.is(303);
    ada.get("/profile").await.has("Hill Books").has("Django");
    let out = ada.get("/profile/resume.json").await;
    out.is(200).has("Hill Books").has_not("\"Ada\"");
}

#[tokio::test]
async fn what_is_anothers_is_not_there() {
    let site = TestSite::new();
    let (mut ada, mut ben) = (Browser::new(&site), Browser::new(&site));
    ada.join(ADA).await;
    ben.join("ben@example.org").await;
    ada.post("/profile/fields/headline", &[("0.headline", "Django")]).await.is(303);
    let fields = [("to", "link"), ("opens", "2"), ("fact", "field:headline"), ("purpose", "A friend"), ("days", "7")];
    let grant = ada.post("/grants/new", &fields).await.is(303).header("location").to_owned();
    ben.get(&grant).await.is(404);
    ben.post(&format!("{grant}/revoke"), &[]).await.is(404);
    ben.post(&format!("{grant}/narrow"), &[("fact", "field:headline")]).await.is(404);
    ada.get(&grant).await.is(200).has("Revoke it all");
    // The company of somebody else is not there either, and nobody verifies their own.
    let made = ada.post("/companies/new", ACME_OF_TESTS).await;
    let path = made.is(303).header("location").to_owned();
    ben.get(&path).await.is(404);
    let id = path.split('/').nth(2).unwrap();
    ada.post(&format!("/operator/companies/{id}/verify"), &[]).await.is(404);
    ada.get("/operator/companies").await.is(404);
    ben.post("/companies/new", ACME_OF_TESTS).await.is(422).has("here already");
}

const ACME_OF_TESTS: &[(&str, &str)] = &[("name", "Acme"), ("domain", "acme.example"), ("role", "keeper")];
