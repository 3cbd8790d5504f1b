//! A company shows who it is, and loses what it no longer shows; people come to act for it, and go. As browsers do it, with a name
//! server and a web server of this machine.

use crate::browser::{Browser, PASSWORD, last_link};
use crate::showing::operator;
use crate::site::{Answer, TestSite};
use jiff::SignedDuration;
use jobfuture_db::Db;
use jobfuture_outbound::{Names, Outbound, Policy};
use jobfuture_site::SiteConfig;
use jobfuture_site::company::Rechecked;
use jobfuture_testkit::{NameServer, WebServer, write_answer};
use std::sync::{Arc, Mutex};

const RECORD: &str = "_jobfuture-challenge.hill.example";
const HILL: &[(&str, &str)] = &[("name", "Hill Books"), ("domain", "hill.example"), ("role", "keeper")];

/// What a web server answers: status, lines of the head, body.
type Page = (&'static str, &'static str, String);

/// The servers of a company, and a site that may ask them.
pub struct Town {
    pub dns: NameServer,
    pub web: WebServer,
    page: Arc<Mutex<Page>>,
    pub site: TestSite,
}

impl Town {
    pub fn new(db: Db) -> Self {
        let page: Arc<Mutex<Page>> = Arc::new(Mutex::new(("404 Not Found", "Content-Type: text/plain", String::new())));
        let shown = Arc::clone(&page);
        let web = WebServer::start(move |_, stream| {
            let (status, line, body) = shown.lock().unwrap().clone();
            write_answer(stream, status, &[line], body.as_bytes());
        });
        let dns = NameServer::start();
        dns.lead("hill.example", &["127.0.0.1"]);
        dns.say(RECORD, &[]);
        let policy = Policy::default().with_trial(web.at());
        let outbound = Outbound::new(Names::at(&[dns.at()]).unwrap(), policy, None).unwrap();
        let config = SiteConfig { outbound: Some(outbound), ..SiteConfig::default() };
        Self { dns, web, page, site: TestSite::on_db(config, db) }
    }

    fn serve(&self, status: &'static str, line: &'static str, body: &str) {
        *self.page.lock().unwrap() = (status, line, body.to_owned());
    }

    fn pass(&self, hours: i64) {
        self.site.clock.advance(SignedDuration::from_hours(hours));
    }

    /// Long enough for the next look.
    fn wait(&self) {
        self.site.clock.advance(SignedDuration::from_secs(11));
    }

    async fn recheck(&self) -> Rechecked {
        self.site.site.recheck_companies().await.unwrap()
    }

    async fn letters_to(&self, email: &str) -> Vec<String> {
        let letters = self.site.accounts.outbox(200).await.unwrap();
        letters.into_iter().filter(|letter| letter.recipient == email).map(|letter| letter.subject).collect()
    }
}

/// Somebody who is signed in.
pub async fn person<'s>(site: &'s TestSite, email: &str) -> Browser<'s> {
    let mut browser = Browser::new(site);
    browser.join(email).await;
    browser
}

/// The owner of a company that shows nothing yet, and the company's path.
pub async fn owner(site: &TestSite) -> (Browser<'_>, String) {
    let mut ada = person(site, "ada@hill.example").await;
    let path = ada.post("/companies/new", HILL).await.is(303).header("location").to_owned();
    (ada, path)
}

/// The text that is to be put somewhere.
async fn challenge(owner: &mut Browser<'_>, path: &str) -> String {
    owner.post(&format!("{path}/proofs/challenge"), &[]).await.is(303);
    let page = owner.get(&format!("{path}/proofs")).await;
    let rest = page.has(RECORD).text().split("jobfuture-challenge=").nth(1).expect("a challenge");
    format!("jobfuture-challenge={}", rest.split('<').next().unwrap())
}

/// Shows a work address by its letter.
async fn show_mail(town: &Town, who: &mut Browser<'_>, path: &str, email: &str) {
    who.post(&format!("{path}/proofs/mail"), &[("email", email)]).await.is(200).has("A letter is on its way");
    let link = last_link(&town.site, email).await;
    who.get(&link).await.is(200).has(email);
    who.post(&link, &[]).await.is(303);
}

/// The same with DNS: verified.
async fn verified<'s>(town: &'s Town) -> (Browser<'s>, String, String) {
    let (mut ada, path) = owner(&town.site).await;
    let text = challenge(&mut ada, &path).await;
    town.dns.say(RECORD, &[&text]);
    ada.post(&format!("{path}/proofs/dns"), &[]).await.is(303);
    show_mail(town, &mut ada, &path, "ada@hill.example").await;
    ada.get(&path).await.is(200).has("Verified since");
    (ada, path, text)
}

fn is_public(answer: &Answer) -> bool {
    answer.status == 200
}

jobfuture_testkit::both_engines! {
    async fn a_domain_by_dns_and_a_work_address_verify_a_company(db: Db) {
        let town = Town::new(db);
        let (mut ada, path) = owner(&town.site).await;
        let proofs = format!("{path}/proofs");
        ada.get(&path).await.is(200).has("Not verified").has("1 owner");
        ada.post(&format!("{proofs}/dns"), &[]).await.is(422).has("Ask for the text first");
        let text = challenge(&mut ada, &path).await;
        assert_eq!(challenge(&mut ada, &path).await, text, "it stays the same");

        let look = format!("{proofs}/dns");
        ada.post(&look, &[]).await.is(422).has("has no TXT record");
        ada.post(&look, &[]).await.is(422).has("a moment ago");
        town.wait();
        town.dns.say(RECORD, &["v=spf1 -all", "jobfuture-challenge=another"]);
        ada.post(&look, &[]).await.is(422).has("says something else");
        town.wait();
        town.dns.fail(true);
        ada.post(&look, &[]).await.is(422).has("DNS did not answer");
        town.dns.fail(false);
        town.wait();
        town.dns.say(RECORD, &["v=spf1 -all", &text]);
        ada.post(&look, &[]).await.is(303);
        ada.get(&proofs).await.is(200).has("Shown on 22 November 2026").has("Holds until 22 December 2026");
        ada.get(&path).await.has("Not verified");
        assert!(!is_public(&town.site.get("/company/hill.example").await));

        let mail = format!("{proofs}/mail");
        for (email, says) in [
            ("ada", "does not look like an e-mail address"),
            ("ada@gmail.com", "gmail.com gives addresses to everybody"),
            ("ada@other.example", "This address is at other.example"),
            ("ada@anthill.example", "This address is at anthill.example"),
        ] {
            ada.post(&mail, &[("email", email)]).await.is(422).has(says);
        }
        ada.post(&mail, &[("email", "Ada@mail.hill.example")]).await.is(200).has("A letter is on its way");
        ada.post(&mail, &[("email", "ada@hill.example")]).await.is(422).has("Wait two minutes");
        let link = last_link(&town.site, "ada@mail.hill.example").await;
        // Somebody else who has the letter, even another owner, can do nothing with it.
        let mut ben = person(&town.site, "ben@hill.example").await;
        ben.get(&link).await.is(404);
        town.site.get(&link).await.is(303);
        town.site.db.execute("insert into company_member (company, account, role, made_at)
            select c.id, a.id, 'owner', c.made_at from company c join account a on a.email = 'ben@hill.example'", &[]).await.unwrap();
        ben.get(&link).await.is(404).has("only whoever asked for the letter");
        ben.post(&link, &[]).await.is(404);
        ada.get(&path).await.has("Not verified");
        ada.get(&link).await.is(200).has("ada@mail.hill.example");
        ada.get(&path).await.has("Not verified");
        ada.post(&link, &[]).await.is(303);
        ada.post(&link, &[]).await.is(410).has("was used");
        ada.get(&path).await.is(200).has("Verified since 22 November 2026, until 22 December 2026");

        let page = town.site.get("/company/hill.example").await;
        page.is(200).has("Hill Books").has("shown by DNS on 22 November 2026").has("reads mail at hill.example");
        page.has_not("ada").has("Not enough yet");
        town.site.get("/company").await.is(200).has("href=\"/company/hill.example\"");
        ada.get(&format!("{path}/candidates")).await.is(200).has("Nobody at the moment");
    }

    async fn a_file_shows_the_domain_as_well(db: Db) {
        let town = Town::new(db);
        let (mut ada, path) = owner(&town.site).await;
        let text = challenge(&mut ada, &path).await;
        let look = format!("{path}/proofs/file");
        let plain = "Content-Type: text/plain; charset=utf-8";
        for (status, line, body, says) in [
            ("404 Not Found", plain, String::new(), "answered 404"),
            ("200 OK", "Content-Type: text/html", text.clone(), "is of the type text/html"),
            ("200 OK", plain, format!("{text}x"), "says something else"),
            ("200 OK", plain, "x".repeat(5000), "is longer than 4096 bytes"),
            ("302 Found", "Location: http://127.0.0.1/", text.clone(), "leads on to http://127.0.0.1/"),
        ] {
            town.serve(status, line, &body);
            ada.post(&look, &[]).await.is(422).has(says);
            town.wait();
        }
        town.serve("200 OK", plain, &format!("\u{feff}one of ours\r\n  {text}\r\n"));
        ada.post(&look, &[]).await.is(303);
        let head = town.web.heads().pop().unwrap();
        assert!(head.starts_with("GET /.well-known/jobfuture-challenge.txt "), "{head}");
        assert!(head.contains("host: hill.example"), "{head}");
        show_mail(&town, &mut ada, &path, "ada@hill.example").await;
        town.site.get("/company/hill.example").await.is(200).has("shown by a file of its web site");
    }

    async fn what_is_not_found_any_more_is_lost_after_three_days_and_can_come_back(db: Db) {
        let town = Town::new(db);
        let (mut ada, path, text) = verified(&town).await;
        let before = town.letters_to("ada@hill.example").await.len();
        assert_eq!(town.recheck().await, Rechecked::default(), "nothing is due");
        town.pass(24);
        assert_eq!(town.recheck().await.looked, 1);
        ada.get(&format!("{path}/proofs")).await.has("Last seen on 23 November 2026");
        town.dns.say(RECORD, &[]);
        town.pass(24);
        assert_eq!(town.recheck().await, Rechecked { looked: 1, ..Rechecked::default() });
        assert_eq!(town.recheck().await, Rechecked::default(), "once is enough");
        let told = town.letters_to("ada@hill.example").await;
        assert_eq!((told.len(), told[0].as_str()), (before + 1, "A proof of your company is not found any more"));
        ada.get(&format!("{path}/proofs")).await.has("Lost on 27 November 2026 if it is not found by then");
        // Pressing the button while it is mended loses nothing.
        for _ in 0..9 {
            town.wait();
            ada.post(&format!("{path}/proofs/dns"), &[]).await.is(422);
        }
        for _ in 0..5 {
            town.pass(12);
            assert_eq!(town.recheck().await.lost, 0);
            ada.get(&path).await.has("Verified since");
        }
        town.pass(12);
        // Two that run at the same time look once.
        let (one, other) = tokio::join!(town.recheck(), town.recheck());
        assert_eq!((one.looked + other.looked, one.lost + other.lost), (1, 1));
        ada.get(&path).await.has("No longer verified").has("is not verified");
        assert!(!is_public(&town.site.get("/company/hill.example").await));
        let told = town.letters_to("ada@hill.example").await;
        assert_eq!((told.len(), told[0].as_str()), (before + 2, "A proof of your company was lost"));
        town.pass(48);
        assert_eq!(town.recheck().await.looked, 0, "what is lost is not looked at");
        town.dns.say(RECORD, &[&text]);
        ada.post(&format!("{path}/proofs/dns"), &[]).await.is(303);
        ada.get(&path).await.has("Verified since 29 November 2026");
    }

    async fn what_is_found_again_in_time_is_not_lost(db: Db) {
        let town = Town::new(db);
        let (mut ada, path, text) = verified(&town).await;
        town.dns.say(RECORD, &[]);
        town.pass(24);
        town.recheck().await;
        town.pass(12);
        town.recheck().await;
        town.dns.say(RECORD, &[&text]);
        for _ in 0..10 {
            town.pass(24);
            assert_eq!(town.recheck().await.lost, 0);
        }
        ada.get(&path).await.has("Verified since 22 November 2026");
    }

    async fn a_work_address_runs_out_after_half_a_year_and_its_owner_is_told_before(db: Db) {
        let town = Town::new(db);
        let (mut ada, path, _) = verified(&town).await;
        for _ in 0..165 {
            town.pass(24);
            assert_eq!(town.recheck().await.told, 0);
        }
        town.pass(24);
        assert_eq!(town.recheck().await.told, 1);
        assert_eq!(town.recheck().await.told, 0);
        assert_eq!(town.letters_to("ada@hill.example").await[0], "A proof of your company runs out");
        ada.get(&format!("{path}/proofs")).await;
        for _ in 0..13 {
            town.pass(24);
            assert_eq!(town.recheck().await.unverified, 0);
        }
        assert!(is_public(&town.site.get("/company/hill.example").await));
        town.pass(24);
        assert!(!is_public(&town.site.get("/company/hill.example").await), "also before anybody looked");
        assert_eq!(town.recheck().await.unverified, 1);
        assert_eq!(town.recheck().await.unverified, 0);
    }

    async fn where_nobody_looks_a_domain_runs_out_after_thirty_days(db: Db) {
        let town = Town::new(db);
        verified(&town).await;
        let companies = town.site.site.companies();
        town.pass(29 * 24);
        assert_eq!(companies.recheck_due(None).await.unwrap().looked, 0);
        assert!(is_public(&town.site.get("/company/hill.example").await));
        town.pass(24);
        assert_eq!(companies.recheck_due(None).await.unwrap().unverified, 1);
        assert!(!is_public(&town.site.get("/company/hill.example").await));
    }

    async fn an_operator_reviews_and_suspends(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut ada, path) = owner(&town.site).await;
        let company = format!("/operator{path}");
        edna.get(&company).await.is(200).has("In no way yet");
        edna.post(&format!("{company}/verify"), &[("note", "Called them")]).await.is(303);
        edna.get(&company).await.has("Called them").has("Verified since");
        town.site.get("/company/hill.example").await.is(200).has("Reviewed by the operator").has_not("Called them");
        // Another name is another company, as far as a review goes.
        let page = [("name", "Hill Maps"), ("role", "keeper")];
        ada.post(&format!("{path}/page"), &page).await.is(303);
        ada.get(&path).await.has("Hill Maps").has("is not verified");
        edna.post(&format!("{company}/verify"), &[]).await.is(303);
        edna.post(&format!("{company}/suspend"), &[]).await.is(422).has("Say why");
        edna.post(&format!("{company}/suspend"), &[("note", "Asks for money")]).await.is(303);
        ada.get(&path).await.has("Suspended since").has("Asks for money");
        assert_eq!(town.letters_to("ada@hill.example").await[0], "Your company was suspended");
        assert!(!is_public(&town.site.get("/company/hill.example").await));
        // Whatever it shows meanwhile.
        let text = challenge(&mut ada, &path).await;
        town.dns.say(RECORD, &[&text]);
        ada.post(&format!("{path}/proofs/dns"), &[]).await.is(303);
        show_mail(&town, &mut ada, &path, "ada@hill.example").await;
        edna.post(&format!("{company}/verify"), &[]).await.is(303);
        assert!(!is_public(&town.site.get("/company/hill.example").await));
        edna.post(&format!("{company}/lift"), &[]).await.is(303);
        assert!(is_public(&town.site.get("/company/hill.example").await));
        // The review alone is taken back: the domain and the address go on showing it.
        edna.post(&format!("{company}/unverify"), &[]).await.is(303);
        assert!(is_public(&town.site.get("/company/hill.example").await));
        edna.post(&format!("/operator/companies/{}/verify", uuid::Uuid::nil()), &[]).await.is(404);
        edna.get("/operator/companies/x").await.is(404);
    }

    async fn a_company_whose_last_owner_is_gone_gets_another(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut ada, path) = owner(&town.site).await;
        let (company, invite) = (format!("/operator{path}"), format!("/operator{path}/owner"));
        edna.get(&company).await.is(200).has_not("Nobody answers for it");
        edna.post(&invite, &[("email", "bea@hill.example")]).await.is(422).has("It has an owner");
        ada.post("/account/delete", &[("email", "ada@hill.example")]).await.is(303);
        town.pass(7 * 24);
        assert_eq!(town.site.site.let_leave().await.unwrap(), 1);
        edna.get(&company).await.is(200).has("Nobody answers for it");
        edna.post(&invite, &[("email", "bea")]).await.is(422).has("does not look like").has("value=\"bea\"");
        edna.post(&invite, &[("email", "bea@hill.example")]).await.is(200).has("A letter is on its way");
        let link = last_link(&town.site, "bea@hill.example").await;
        let mut bea = person(&town.site, "bea@hill.example").await;
        bea.post(&link, &[]).await.is(303);
        bea.get(&path).await.is(200).has("You act for it as owner");
        edna.get(&company).await.has_not("Nobody answers for it");
        bea.post(&invite, &[("email", "eve@hill.example")]).await.is(404);
        edna.post(&format!("/operator/companies/{}/owner", uuid::Uuid::nil()), &[("email", "a@b.example")]).await.is(404);
    }

    async fn people_are_invited_change_roles_and_go_and_the_last_owner_stays(db: Db) {
        let town = Town::new(db);
        let (mut ada, path) = owner(&town.site).await;
        let people = format!("{path}/people");
        ada.post(&people, &[("email", "rita"), ("role", "recruiter")]).await.is(422).has("does not look like");
        ada.post(&people, &[("email", "rita@hill.example"), ("role", "boss")]).await.is(422).has("Choose one of the three");
        ada.post(&people, &[("email", "rita@hill.example"), ("role", "recruiter")]).await.is(200).has("A letter is on its way");
        ada.post(&people, &[("email", "Rita@hill.example"), ("role", "owner")]).await.is(422).has("was invited, and has not answered");
        ada.post(&people, &[("email", "ada@hill.example"), ("role", "owner")]).await.is(422).has("acts for the company already");
        let link = last_link(&town.site, "rita@hill.example").await;

        // A stranger is told how; another account can do nothing with it, whoever forwards it.
        town.site.get(&link).await.is(200).has("Hill Books invites you").has("/join").has_not("rita@");
        town.site.post(&link, &[]).await.is(303);
        let mut eve = person(&town.site, "eve@hill.example").await;
        eve.get(&link).await.is(200).has("another address").has_not("rita@");
        eve.post(&link, &[]).await.is(403).has("another address");
        eve.get(&path).await.is(404);
        let mut rita = person(&town.site, "rita@hill.example").await;
        rita.get(&link).await.is(200).has("Take it up");
        assert_eq!(rita.post(&link, &[]).await.is(303).header("location"), path);
        rita.post(&link, &[]).await.is(410).has("taken up already");
        rita.get(&path).await.is(200).has("You act for it as recruiter");
        rita.get(&people).await.is(403).has("owners may invite people");
        rita.get(&format!("{path}/proofs")).await.is(403);
        rita.get(&format!("{path}/page")).await.is(200);
        rita.get(&format!("{path}/candidates")).await.is(200);

        // Withdrawn, and run out.
        ada.post(&people, &[("email", "ivan@hill.example"), ("role", "interviewer")]).await.is(200);
        let withdrawn = last_link(&town.site, "ivan@hill.example").await;
        let page = ada.get(&people).await;
        let invitation = page.text().split(&format!("{path}/invitations/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        ada.post(&format!("{path}/invitations/{invitation}"), &[]).await.is(303);
        ada.post(&format!("{path}/invitations/{invitation}"), &[]).await.is(404);
        let mut ivan = person(&town.site, "ivan@hill.example").await;
        ivan.post(&withdrawn, &[]).await.is(410).has("taken it back");
        ada.post(&people, &[("email", "ivan@hill.example"), ("role", "interviewer")]).await.is(200);
        let late = last_link(&town.site, "ivan@hill.example").await;
        town.pass(14 * 24);
        for (browser, email) in [(&mut ada, "ada@hill.example"), (&mut rita, "rita@hill.example"), (&mut ivan, "ivan@hill.example")] {
            browser.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await.is(303);
        }
        ivan.get(&late).await.is(410).has("too old");
        ivan.post(&late, &[]).await.is(410);
        ivan.get("/invitations/nonsense").await.is(404);

        // The last owner stays one, and stays.
        let handle = |page: &Answer, email: &str| {
            let before = page.text().split(&format!("aria-label=\"Change the role of {email}\"")).next().unwrap().to_owned();
            before.rsplit(&format!("{people}/")).next().unwrap().split('"').next().unwrap().to_owned()
        };
        let page = ada.get(&people).await;
        let (own, ritas) = (handle(&page, "ada@hill.example"), handle(&page, "rita@hill.example"));
        for role in ["recruiter", "interviewer", "none"] {
            ada.post(&format!("{people}/{own}"), &[("role", role)]).await.is(422).has("last owner");
        }
        ada.post(&format!("{path}/leave"), &[]).await.is(422).has("last owner");
        ada.post(&format!("{people}/{ritas}"), &[("role", "owner")]).await.is(303);
        rita.get(&people).await.is(200);
        let demoted = rita.post(&format!("{people}/{own}"), &[("role", "interviewer")]).await;
        assert_eq!(demoted.is(303).header("location"), people);
        ada.get(&people).await.is(403);
        ada.get(&format!("{path}/candidates")).await.is(403).has("You act for this one as interviewer");
        rita.post(&format!("{path}/leave"), &[]).await.is(422);
        rita.post(&format!("{people}/{own}"), &[("role", "none")]).await.is(303);
        ada.get(&path).await.is(404);
        rita.post(&format!("{people}/{own}"), &[("role", "owner")]).await.is(404);
        rita.post(&format!("{people}/nobody"), &[("role", "owner")]).await.is(404);
    }

    async fn what_somebody_showed_goes_with_them(db: Db) {
        let town = Town::new(db);
        let (mut ada, path, _) = verified(&town).await;
        ada.post(&format!("{path}/people"), &[("email", "rita@hill.example"), ("role", "owner")]).await.is(200);
        let invitation = last_link(&town.site, "rita@hill.example").await;
        let mut rita = person(&town.site, "rita@hill.example").await;
        rita.post(&invitation, &[]).await.is(303);
        ada.post(&format!("{path}/leave"), &[]).await.is(303);
        rita.get(&path).await.has("is not verified");
        show_mail(&town, &mut rita, &path, "rita@hill.example").await;
        rita.get(&path).await.has("Verified since");
        // Also when the account goes: then nobody answers for the company.
        rita.post("/account/delete", &[("email", "rita@hill.example")]).await.is(303);
        town.pass(8 * 24);
        assert_eq!(town.site.site.let_leave().await.unwrap(), 1);
        assert!(!is_public(&town.site.get("/company/hill.example").await));
    }
}

#[tokio::test]
async fn what_is_everybodys_is_no_companys() {
    let site = TestSite::new();
    let mut ada = person(&site, "ada@hill.example").await;
    for (domain, says) in [
        ("gmail.com", "gives addresses of mail to everybody"),
        ("yahoo.co.uk", "gives addresses of mail to everybody"),
        ("co.uk", "a suffix under which anybody may have a name"),
        ("github.io", "a suffix under which anybody may have a name"),
        ("localhost", "Write the domain of its web site"),
        ("127.0.0.1", "Write the domain of its web site"),
    ] {
        let fields = [("name", "Hill Books"), ("domain", domain), ("role", "keeper")];
        ada.post("/companies/new", &fields).await.is(422).has(says);
    }
}

#[tokio::test]
async fn a_company_says_whom_it_looks_for_and_nothing_that_is_markup() {
    let site = TestSite::new();
    let (mut ada, path) = owner(&site).await;
    let mut edna = operator(&site).await;
    edna.post(&format!("/operator{path}/verify"), &[]).await.is(303);
    let edit = format!("{path}/page");
    ada.get(&edit).await.is(200).has("value=\"Hill Books\"");
    ada.post(&edit, &[("name", ""), ("role", "keeper")]).await.is(422).has("Write the company");
    ada.post(&edit, &[("name", "Hill Books")]).await.is(422).has("Choose at least one role");
    let elsewhere = [("name", "Hill Books"), ("web", "https://other.example/"), ("role", "keeper")];
    ada.post(&edit, &elsewhere).await.is(422).has("https address at hill.example");
    let fields = [
        ("name", "Hill Books"),
        ("about", "Old books.\r\n\r\n<script>alert(1)</script>"),
        ("web", "https://www.hill.example/jobs"),
        ("role", "keeper"),
        ("role", "astronaut"),
        ("level:keeper", "senior"),
        ("level:keeper", "emperor"),
        ("matters:keeper", "That numbers are right."),
        ("process:keeper", "A talk, an hour of pairing, an answer within a week."),
    ];
    ada.post(&edit, &fields).await.is(303);
    ada.get(&edit).await.has("That numbers are right.");
    let page = site.get("/company/hill.example").await;
    page.is(200).has("Old books.").has_not("<script>alert").has("Senior").has_not("emperor").has_not("astronaut");
    page.has("That numbers are right.").has("an answer within a week").has("https://www.hill.example/jobs");
    site.get("/company/nowhere.example").await.is(404);
    // An LEI is shown as stated.
    ada.post(&format!("{path}/proofs/lei"), &[("lei", "5493001KJTIIGC8Y1R13")]).await.is(422).has("check digits");
    ada.post(&format!("{path}/proofs/lei"), &[("lei", "5493001KJTIIGC8Y1R12")]).await.is(303);
    site.get("/company/hill.example").await.has("5493001KJTIIGC8Y1R12").has("whose it is was not looked up");
    ada.post(&format!("{path}/proofs/lei"), &[("lei", "")]).await.is(303);
    site.get("/company/hill.example").await.has_not("5493001KJTIIGC8Y1R12");
    // This server asks nobody, and says so.
    ada.get(&format!("{path}/proofs")).await.has("This server asks no others");
    ada.post(&format!("{path}/proofs/dns"), &[]).await.is(422).has("This server asks no others");
}

#[tokio::test]
async fn nobody_writes_letters_without_end_in_a_companys_name() {
    let site = TestSite::new();
    let (mut ada, path) = owner(&site).await;
    for number in 0..5 {
        let email = format!("person-{number}@example.org");
        ada.post(&format!("{path}/people"), &[("email", &email), ("role", "recruiter")]).await.is(200);
    }
    let more = [("email", "more@example.org"), ("role", "recruiter")];
    ada.post(&format!("{path}/people"), &more).await.is(422).has("5 people were invited within a day");
    site.clock.advance(SignedDuration::from_hours(25));
    ada.post(&format!("{path}/people"), &more).await.is(200);
}

#[tokio::test]
async fn a_company_that_is_not_verified_can_be_blocked_by_its_domain() {
    let site = TestSite::new();
    let (_, path) = owner(&site).await;
    let mut ben = person(&site, "ben@example.org").await;
    ben.get("/grants").await.is(200).has_not("Hill Books");
    ben.post("/blocks", &[("domain", "nowhere.example")]).await.is(422).has("No company of the domain nowhere.example");
    ben.post("/blocks", &[("domain", "gmail.com")]).await.is(422);
    ben.post("/blocks", &[("domain", "https://www.hill.example/jobs")]).await.is(303);
    ben.get("/grants").await.is(200).has("Lift the block of Hill Books");
    let id = path.split('/').nth(2).unwrap();
    ben.post(&format!("/blocks/{id}/lift"), &[]).await.is(303);
    ben.get("/grants").await.has_not("Hill Books");
}
