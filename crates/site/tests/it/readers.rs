//! Readers of every kind follow all that is linked for them: a stranger, candidates as they come along, people of companies, the
//! operator. Nobody is left standing, and no page is out of reach.

mod walk;

use crate::browser::{ADA, Browser, PASSWORD};
use crate::checks::{Person, UNAIDED, begin, id_of, real};
use crate::showing::{company, operator, signal};
use crate::site::{Answer, TestSite};
use crate::vacancies::{of, publish};
use jobfuture_content::Status;
use jobfuture_db::Db;
use jobfuture_site::check::Step;
use jobfuture_site::routes::PATTERNS;
use psychometrics::Random;
use std::collections::BTreeSet;
use walk::{Walk, pattern_of};

/// Addresses that no link of a page leads to, and who goes there.
const NOT_BY_LINKS: &[(&str, &str)] = &[
    ("/join/{token}", "a letter"),
    ("/reset/{token}", "a letter"),
    ("/sign-in/oidc/link/{token}", "a letter"),
    ("/operator/first/{token}", "the console, at the first start"),
    ("/companies/{company}/proofs/mail/{token}", "a letter"),
    ("/invitations/{token}", "a letter"),
    ("/shared/{token}", "whoever was given the link"),
    ("/.well-known/jwt-vc-issuer", "a program that checks credentials"),
    ("/credentials/status/1", "a program that checks credentials"),
    ("/account/passkeys", "the browser module of passkeys"),
    ("/account/passkeys/new", "a site at an address for which browsers keep passkeys"),
    ("/account/passkeys/begin", "the browser module of passkeys"),
    ("/account/passkeys/{passkey}", "who has a passkey, which this walk has not"),
    ("/account/passkeys/{passkey}/remove", "who has a passkey, which this walk has not"),
    ("/sign-in/passkey", "the browser module of passkeys"),
    ("/sign-in/passkey/begin", "the browser module of passkeys"),
    ("/account/prove/passkey", "the browser module of passkeys"),
    ("/account/prove/passkey/begin", "the browser module of passkeys"),
    ("/sign-in/oidc", "a site with a provider, which this walk has not"),
    ("/sign-in/oidc/callback", "the provider"),
    ("/sign-in/oidc/arrived", "whoever comes back from the provider"),
    ("/account/prove/oidc", "a site with a provider, which this walk has not"),
    ("/account/identities/new", "a site with a provider, which this walk has not"),
    ("/account/identities/set-out", "a site with a provider, which this walk has not"),
    ("/account/identities/confirm", "whoever comes back from the provider"),
    ("/account/identities/{identity}/unlink", "a site with a provider, which this walk has not"),
    ("/account/prove", "who signed in a while ago"),
    ("/account/keep", "who asked for their account to be deleted, after the walk"),
    ("/attempts/{attempt}/items/{place}/draft", "the browser module of the editor"),
    ("/favicon.svg", "browsers by themselves"),
    ("/operator/items/{item}/thaw", "the operator, when an item is frozen"),
    ("/operator/jobs/{job}/retry", "the operator, when a job has failed"),
    ("/operator/jobs/{job}/forget", "the operator, when a job has failed"),
    ("/companies/{company}/boards/previews/{preview}", "who has just brought a board or a file"),
    ("/companies/{company}/boards/{board}/look", "a site that asks other servers, which this one does not"),
    ("/companies/{company}/boards/{board}/close-missing", "who is asked whether vacancies are gone from a board"),
    ("/companies/{company}/introductions/{introduction}/offers/{offer}", "who was offered times by a candidate"),
    ("/vacancies/all.xml", "programs that collect vacancies"),
    ("/vacancies/sitemap.xml", "search engines"),
    ("/robots.txt", "search engines"),
    ("/sitemap.xml", "search engines"),
    ("/healthz", "the operator's monitoring"),
    ("/readyz", "the operator's monitoring"),
];

/// Takes somebody's check on until a task, or the questions about one's own code, are open.
async fn take_until(browser: &mut Browser<'_>, site: &TestSite, path: &str, wanted: fn(&Step<'_>) -> bool) {
    let mut person = Person { site, random: Random::new(11), chance: 0.7 };
    loop {
        let owner = browser.owner().await;
        let attempt = site.checks().attempt(owner, id_of(path)).await.unwrap().unwrap();
        if wanted(&attempt.step().unwrap()) {
            return;
        }
        assert!(person.go_on(browser, path).await, "the check was over before");
    }
}

/// A grant of these facts; its path.
async fn grant(browser: &mut Browser<'_>, to: &[(&str, &str)], facts: &[&str]) -> String {
    let facts = facts.iter().map(|fact| ("fact", *fact));
    let fields: Vec<_> = to.iter().copied().chain(facts).chain([("purpose", "A vacancy"), ("days", "30")]).collect();
    browser.post("/grants/new", &fields).await.is(303).header("location").to_owned()
}

/// Somebody who has shown something to a company, to the pool and by a link, and took one grant back.
async fn showing<'s>(site: &'s TestSite, company: &str) -> Browser<'s> {
    let mut ada = Browser::new(site);
    ada.join(ADA).await;
    let made = signal(site, &mut ada).await;
    let fact = format!("signal:{}", made.strip_prefix("/signals/").unwrap());
    ada.post("/profile/fields/headline", &[("0.headline", "Django and databases")]).await.is(303);
    ada.post("/profile/fields/competencies", &[("0.competency", "django-testing")]).await.is(303);
    let facts = ["field:headline", fact.as_str()];
    grant(&mut ada, &[("to", "company"), ("company", company)], &facts).await;
    grant(&mut ada, &[("to", "pool"), ("role", "django-developer")], &facts).await;
    grant(&mut ada, &[("to", "link"), ("opens", "2")], &facts).await;
    let taken_back = grant(&mut ada, &[("to", "pool"), ("role", "backend-developer")], &facts).await;
    ada.post(&format!("{taken_back}/revoke"), &[]).await.is(303);
    ada
}

/// People who are asked and who apply, each at another place of the way; and one whom the company may ask.
async fn meeting<'s>(site: &'s TestSite, carl: &mut Browser<'_>, list: &str, public: &str) -> Vec<Browser<'s>> {
    let mut people = Vec::new();
    for name in ["dora", "frey", "grace", "hedy", "iris"] {
        let mut browser = Browser::new(site);
        browser.join(&format!("{name}@example.org")).await;
        browser.post("/profile/fields/headline", &[("0.headline", name)]).await.is(303);
        people.push(browser);
    }
    let company = list.split('/').nth(2).unwrap();
    let mut pages = Vec::new();
    for at in [0, 3, 4] {
        let before: Vec<String> = carl.get(list).await.links();
        grant(&mut people[at], &[("to", "company"), ("company", company)], &["field:headline"]).await;
        let now = carl.get(list).await.links();
        pages.push(now.into_iter().find(|url| url.starts_with(&format!("{list}/")) && !before.contains(url)).unwrap());
    }
    let vacancy = public.rsplit('/').next().unwrap();
    let next = "A call of half an hour, then an afternoon with the team.";
    for (page, why) in [
        (&pages[0], "You are the first whom we ask of this."),
        (&pages[1], "And you are the second, for another reason."),
    ] {
        carl.post(&format!("{page}/ask"), &[("vacancy", vacancy), ("why", why), ("next", next)]).await.is(303);
    }
    // Of those who were asked one has a question, and of those who applied one was asked something.
    let asked = people[3].get("/introductions").await.links();
    let asked = asked.into_iter().find(|url| url.starts_with("/introductions/")).unwrap();
    people[3].post(&format!("{asked}/ask"), &[("question", "From when on?"), ("version", "1")]).await.is(303);
    let letter = "I have kept the books of a shop for years.";
    let fields = [("letter", letter), ("fact", "field:headline"), ("do", "send")];
    for at in [1, 2] {
        let hers = people[at].post(&format!("{public}/apply"), &fields).await.is(303).header("location").to_owned();
        if at == 1 {
            let theirs = format!("/companies/{company}{hers}");
            carl.post(&format!("{theirs}/ask"), &[("question", "From when on?"), ("version", "1")]).await.is(303);
        }
    }
    people.truncate(2);
    people
}

/// What a verified company has for everybody to see, and for its own people. Gives the path of its open vacancy.
async fn shown_to_strangers(carl: &mut Browser<'_>, list: &str) -> String {
    let (_, public) = publish(carl, &of(list), &[]).await;
    let (closed, _) = publish(carl, &of(list), &[("title", "Another place")]).await;
    carl.post(&format!("{closed}/close"), &[("why", "filled")]).await.is(303);
    carl.post(&format!("{}/new", of(list)), &[("title", "A draft"), ("do", "keep")]).await.is(303);
    let file = format!("{}/boards/file", list.replace("/candidates", ""));
    let brought = carl.upload(&file, &[("text", b"external_id,title\n7,Keeper of books\n")]).await;
    carl.post(brought.is(303).header("location"), &[("take", "0")]).await.is(303);

    let own = list.replace("/candidates", "");
    carl.post(&format!("{own}/pool/searches"), &[("query", "must=django-testing")]).await.is(303);
    carl.post(&format!("{own}/proofs/challenge"), &[]).await.is(303);
    let invited = [("email", "fay@acme.example"), ("role", "recruiter")];
    carl.post(&format!("{own}/people"), &invited).await.is(200);
    public
}

/// The two talk: an interview is agreed on, and times for another are offered.
async fn talking(site: &TestSite, ada: &mut Browser<'_>, carl: &mut Browser<'_>, list: &str) {
    let id = uuid::Uuid::from_u128(0x7a1c);
    crate::talk::open(site, id, None).await;
    let (mine, theirs) = (format!("/introductions/{id}"), list.replace("/candidates", &format!("/introductions/{id}")));
    let offer = format!("{theirs}/offer");
    for (about, day) in [("A first talk", "2027-01-12"), ("Pair on a pull request", "2027-01-19")] {
        let times = [(day, "10:00")];
        carl.post(&offer, &crate::talk_interviews::form("UTC", &times, &[("about", about)])).await.is(303);
        if about == "A first talk" {
            let answer = crate::talk_interviews::offer_on(&ada.get(&mine).await, &mine);
            ada.post(&answer, &[("do", "pick"), ("begins", "2027-01-12T10:00:00Z")]).await.is(303);
        }
    }
    ada.post(&format!("{mine}/lines"), &[("text", "See https://example.org/of-mine")]).await.is(303);
}

/// A company whose owner has left, for operators to find somebody who answers for it.
async fn left_alone(site: &TestSite) {
    let mut gus = Browser::new(site);
    gus.join("gus@left.example").await;
    let left = [("name", "Left Alone"), ("domain", "left.example"), ("role", "backend-developer")];
    gus.post("/companies/new", &left).await.is(303);
    gus.post("/account/delete", &[("email", "gus@left.example")]).await.is(303);
    site.clock.advance(jiff::SignedDuration::from_hours(24 * 7));
    assert_eq!(site.site.let_leave().await.unwrap(), 1);
}

fn assert_all_is_reached(reached: &BTreeSet<&str>) {
    let left: Vec<&&str> = PATTERNS
        .iter()
        .filter(|pattern| !reached.contains(*pattern) && NOT_BY_LINKS.iter().all(|(known, _)| known != *pattern))
        .collect();
    assert!(left.is_empty(), "no page leads to {left:?}");
    for (known, who) in NOT_BY_LINKS {
        assert!(PATTERNS.contains(known), "{known} ({who}) is no address any more");
        assert!(!reached.contains(known), "{known} ({who}) is linked now: strike it from the list");
    }
}

#[test]
fn every_reader_finds_a_way_on_from_every_page_and_to_every_page() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("walk.db").display())).await.unwrap();
        let site = real(db);
        let mut reached: BTreeSet<&str> = BTreeSet::new();

        left_alone(&site).await;

        // What there is for a stranger to see: a company that is verified, with a vacancy.
        let mut edna = operator(&site).await;
        let (mut carl, list) = company(&site, &mut edna).await;
        let public = shown_to_strangers(&mut carl, &list).await;

        let mut stranger = Browser::new(&site);
        let mut all = Walk::of("a stranger", &mut stranger, &["/"], None).await;
        // Only who has answered a question is led to its code.
        let with_code = site.library.questions.values().find(|question| {
            question.manifest.status == Status::Active && question.variant(7).unwrap().proofs().next().is_some()
        });
        let question = format!("/questions/{}?variant=7", with_code.unwrap().id);
        let told = stranger.post(&question, &[("answer", "1"), ("option", "1")]).await;
        all.look_at(&format!("{question}&answered"), &told);
        all.go_on(&mut stranger).await;
        all.assert_is_whole();
        reached.extend(all.patterns());

        let mut ada = showing(&site, list.split('/').nth(2).unwrap()).await;
        talking(&site, &mut ada, &mut carl, &list).await;
        ada.post("/searches", &[("query", "level=middle")]).await.is(303);
        stranger.post(&format!("{public}/report"), &[("why", "other"), ("says", "They pay less.")]).await.is(200);
        carl.get(&list).await.is(200).has("Django and databases");
        let mut met = meeting(&site, &mut carl, &list, &public).await;
        // One who waits to be verified, one who has only joined, and one in the middle of a check.
        let (mut dev, mut cleo, mut ben) = (Browser::new(&site), Browser::new(&site), Browser::new(&site));
        dev.join("dev@hill.example").await;
        let hill = [("name", "Hill"), ("domain", "hill.example"), ("role", "backend-developer")];
        let waits = dev.post("/companies/new", &hill).await.is(303).header("location").to_owned();
        edna.post(&format!("/operator{waits}/suspend"), &[("note", "Nobody knows them")]).await.is(303);
        cleo.join("cleo@example.org").await;
        Browser::new(&site).post("/sign-in", &[("email", "cleo@example.org"), ("password", PASSWORD)]).await.is(303);
        cleo.post("/blocks", &[("company", list.split('/').nth(2).unwrap())]).await.is(303);
        ben.join("ben@example.org").await;
        let check = begin(&mut ben, UNAIDED).await;
        let starts = ["/", "/account", check.as_str()];
        let mut walks = vec![Walk::of("a candidate with a question open", &mut ben, &starts, Some(&all)).await];
        ben.post(&format!("{check}/pause"), &[]).await.is(303);
        walks.push(Walk::of("a candidate who pauses", &mut ben, &starts[2..], Some(&all)).await);
        ben.post(&format!("{check}/resume"), &[]).await.is(303);
        take_until(&mut ben, &site, &check, |step| matches!(step, Step::Task(_))).await;
        walks.push(Walk::of("a candidate with a task open", &mut ben, &starts[2..], Some(&all)).await);
        take_until(&mut ben, &site, &check, |step| matches!(step, Step::Explain(_))).await;
        walks.push(Walk::of("a candidate who is asked about their code", &mut ben, &starts[2..], Some(&all)).await);
        for browser in &mut met {
            walks.push(Walk::of("a candidate in a conversation", browser, &["/account"], Some(&all)).await);
        }
        for (who, browser) in [
            ("a candidate who shows something", &mut ada),
            ("a candidate who has only joined", &mut cleo),
            ("somebody of a verified company", &mut carl),
            ("somebody of a company that waits", &mut dev),
            ("the operator", &mut edna),
        ] {
            walks.push(Walk::of(who, browser, &["/", "/account", "/companies"], Some(&all)).await);
        }
        for walk in &walks {
            walk.assert_is_whole();
            reached.extend(walk.patterns());
        }

        assert_all_is_reached(&reached);
    });
}

/// The walk itself sees what it should.
#[tokio::test]
async fn a_walk_notices_what_is_broken() {
    let site = TestSite::new();
    let mut stranger = Browser::new(&site);
    let whole = Walk::of("a stranger", &mut stranger, &["/"], None).await;
    assert_eq!(whole.faults(), Vec::<String>::new());
    let mut broken = Walk::of("a stranger", &mut stranger, &["/nope"], None).await;
    assert!(broken.faults().iter().any(|fault| fault.contains("/nope answers 404")), "{:?}", broken.faults());
    let page = |html: &str| Answer {
        status: http::StatusCode::OK,
        headers: [(http::header::CONTENT_TYPE, "text/html".parse().unwrap())].into_iter().collect(),
        body: html.to_owned().into(),
    };
    broken.look_at("/made-up", &page("<h1>x</h1><a href=\"#gone\">x</a>"));
    let faults = broken.faults().join("\n");
    assert!(faults.contains("/made-up has no next step"), "{faults}");
    assert!(faults.contains("/made-up#gone"), "{faults}");
    let itself = "<h1>x</h1><nav class=\"next-steps\"><a href=\"/tasks\">x</a><a href=\"/made-up\">x</a></nav>";
    broken.look_at("/made-up", &page(itself));
    assert!(broken.faults().join("\n").contains("/made-up has itself as a next step"), "{:?}", broken.faults());
    let companies = "<h1>x</h1><main id=\"main\"></main><nav class=\"next-steps\"><a href=\"/tasks\">x</a></nav>";
    broken.look_at("/companies/x/candidates", &page(companies));
    assert!(broken.faults().join("\n").contains("no next step that fits"), "{:?}", broken.faults());
    assert_eq!(pattern_of("/companies/hire/keeper"), Some("/companies/hire/{role}"));
    assert_eq!(pattern_of("/grants/new?signal=x"), Some("/grants/new"));
    assert_eq!(pattern_of("/tasks/till/files/a/b.py"), Some("/tasks/{task}/files/{*path}"));
    assert_eq!(pattern_of("/nope/nope"), None);
}
