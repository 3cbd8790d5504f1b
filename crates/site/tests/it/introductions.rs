//! A company asks a candidate, a candidate applies, and both say yes or no; as browsers do it.

mod again;
mod ends;
mod figures;
mod races;
mod rules;

use crate::browser::{ADA, Browser};
use crate::pretend::Pretend;
use crate::showing::{company, operator};
use crate::site::{Answer, TestSite};
use crate::vacancies::{of, publish, version};
use jiff::SignedDuration;
use jobfuture_db::{Db, params};
use jobfuture_disclosure::{Audience, Entry, Fact, Field, FieldValue, NewGrant, OwnerKey, PreviewFor, Vocabulary};
use jobfuture_site::{Practice, SiteConfig};
use std::sync::Arc;
use uuid::Uuid;

pub const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Words of a company to a candidate that stand nowhere else.
pub const WHY: &str = "Your headline speaks of databases, and ours needs somebody who reads plans.";
pub const NEXT: &str = "A call of half an hour with Edna, then an afternoon with the team.";
/// Words of a candidate that stand nowhere else.
pub const LETTER: &str = "I have kept the books of a shop with Django for years, unmistakably lantern.";
const QUESTION: &str = "Does the zebra team work from Lisbon as well?";

/// A site with a verified company that has an open vacancy, and Ada, who shows it her headline.
pub struct Play<'s> {
    pub site: &'s TestSite,
    pub carl: Browser<'s>,
    /// `/companies/{company}`
    pub home: String,
    pub company: Uuid,
    /// Its own path, and the public one.
    pub vacancy: (String, String),
    pub ada: Browser<'s>,
    /// Her page at the company.
    pub candidate: String,
}

pub fn site_on(db: Db) -> TestSite {
    let config = SiteConfig { base_url: Some("https://jobs.example.org".to_owned()), ..SiteConfig::default() };
    TestSite::on_real_content(config, db, Practice::On(Arc::new(Pretend)))
}

fn headline(text: &str) -> FieldValue {
    let entry: Entry = [("headline".to_owned(), text.to_owned())].into_iter().collect();
    FieldValue::check(Field::Headline, &[entry], &Vocabulary::default()).unwrap().unwrap()
}

impl<'s> Play<'s> {
    pub async fn begin(site: &'s TestSite) -> Self {
        let mut edna = operator(site).await;
        let (mut carl, list) = company(site, &mut edna).await;
        let vacancy = publish(&mut carl, &of(&list), &[]).await;
        let home = list.replace("/candidates", "");
        let company = Uuid::try_parse(home.rsplit('/').next().unwrap()).unwrap();
        let mut ada = Browser::new(site);
        ada.join(ADA).await;
        ada.post("/profile/fields/headline", &[("0.headline", "Django and databases")]).await.is(303);
        ada.post("/profile/fields/name", &[("0.name", "Ada Lovelace")]).await.is(303);
        let reach = [("0.kind", "email"), ("0.value", "ada@lovelace.example")];
        ada.post("/profile/fields/contact", &reach).await.is(303);
        let id = company.to_string();
        let show = [
            ("to", "company"),
            ("company", id.as_str()),
            ("fact", "field:headline"),
            ("purpose", "To be found"),
            ("days", "300"),
        ];
        ada.post("/grants/new", &show).await.is(303);
        let page = carl.get(&list).await;
        let candidate = page.links().into_iter().find(|url| url.starts_with(&format!("{list}/"))).expect("a candidate");
        Self { site, carl, home, company, vacancy, ada, candidate }
    }

    pub fn vacancy_id(&self) -> String {
        self.vacancy.1.rsplit('/').next().unwrap().to_owned()
    }

    /// Sends Ada a request; gives its path for the company and for her.
    pub async fn request(&mut self, why: &str) -> (String, String) {
        let id = self.vacancy_id();
        let fields = [("vacancy", id.as_str()), ("why", why), ("next", NEXT)];
        let sent = self.carl.post(&format!("{}/ask", self.candidate), &fields).await;
        let theirs = sent.is(303).header("location").to_owned();
        let hers = format!("/introductions/{}", theirs.rsplit('/').next().unwrap());
        (theirs, hers)
    }

    /// Ada applies, showing her headline now and her name when they say yes; its path for the company and for her.
    pub async fn application(&mut self) -> (String, String) {
        let fields = [("letter", LETTER), ("fact", "field:headline"), ("later", "field:name"), ("do", "send")];
        let sent = self.ada.post(&format!("{}/apply", self.vacancy.1), &fields).await;
        let hers = sent.is(303).header("location").to_owned();
        let theirs = format!("{}{hers}", self.home);
        (theirs, hers)
    }

    /// Somebody more who shows the company something: their key, and their page there.
    pub async fn somebody(&self, number: u128) -> (OwnerKey, String) {
        let id = Uuid::from_u128(0xabc0_0000 + number);
        let sql = "insert into account (id, email, name, created_at) values ($1, $2, 'Ben', $3)";
        let email = format!("ben-{number}@example.org");
        self.site.db.execute(sql, params![id, email, self.site.clock.now()]).await.unwrap();
        let key = OwnerKey::proven(id);
        let disclosure = &self.site.disclosure;
        disclosure.set_field(key, Field::Headline, Some(&headline("Queues"))).await.unwrap();
        let facts = [Fact::Field(Field::Headline)].into();
        let audience = Audience::Company(self.company);
        disclosure.make_grant(key, NewGrant { audience, facts, purpose: "Work".to_owned(), days: 300 }).await.unwrap();
        let seen = disclosure.preview(key, PreviewFor::Company(self.company)).await.unwrap().unwrap();
        (key, format!("{}/candidates/{}", self.home, seen.name()))
    }

    /// Sends a form of a page with the version that the page has.
    pub async fn by_carl(&mut self, path: &str, what: &str, fields: &[(&str, &str)]) -> Answer {
        let version = version_of(&self.carl.get(&form_of(path, what)).await);
        self.carl.post(&format!("{path}/{what}"), &[fields, &[("version", &version)]].concat()).await
    }

    pub async fn by_ada(&mut self, path: &str, what: &str, fields: &[(&str, &str)]) -> Answer {
        let version = version_of(&self.ada.get(&form_of(path, what)).await);
        self.ada.post(&format!("{path}/{what}"), &[fields, &[("version", &version)]].concat()).await
    }
}

/// The page on which an act has its form.
fn form_of(path: &str, what: &str) -> String {
    match what {
        "decline" | "withdraw" => format!("{path}/{what}"),
        "look" => format!("{path}/accept"),
        _ => path.to_owned(),
    }
}

/// What the forms of a page were made of; one that nothing can be done on has none.
pub fn version_of(page: &Answer) -> String {
    if page.text().contains("name=\"version\"") { version(page) } else { "0".to_owned() }
}

pub async fn letters_to(site: &TestSite, email: &str) -> Vec<(String, String)> {
    let letters = site.accounts.outbox(500).await.unwrap();
    let own = letters.into_iter().filter(|letter| letter.recipient == email && letter.subject.contains("waits"));
    own.map(|letter| (letter.subject, letter.body)).collect()
}

jobfuture_testkit::both_engines! {
    async fn a_request_goes_from_its_first_word_to_its_end(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let (candidate, ask) = (play.candidate.clone(), format!("{}/ask", play.candidate));
        play.carl.get(&candidate).await.is(200).has("Ask for an introduction");
        play.carl.get(&ask).await.is(200).has("EUR 60,000 to 75,000 a year").has("A call of half an hour, an afternoon").has("0 of 20 requests");
        let id = play.vacancy_id();
        let short = play.carl.post(&ask, &[("vacancy", &id), ("why", "Hello <b>"), ("next", NEXT)]).await;
        short.is(422).has("Write at least 20").has("Hello &#60;b&#62;").has(NEXT);
        let (theirs, hers) = play.request(WHY).await;
        play.carl.get(&candidate).await.has("Go on in your conversation");
        play.carl.get(&theirs).await.is(200).has("It is the turn of the candidate, until 6 December 2026").has(WHY).has_not("Lovelace");
        play.carl.get(&format!("{}/introductions", play.home)).await.is(200).has("Waits for their yes").has("1 of 20");

        // The candidate finds it, pay first, and asks.
        play.ada.get("/you").await.is(200).has("Acme: Django developer for a book shop").has("Waits for your yes, question or no, until 6 December 2026");
        play.ada.get("/introductions").await.is(200).has("Asks you");
        let page = play.ada.get(&hers).await;
        page.is(200).has("Acme asks you").has("EUR 60,000 to 75,000 a year").has(WHY).has(NEXT).has("Ada at Acme");
        assert!(page.text().find("EUR 60,000").unwrap() < page.text().find(WHY).unwrap(), "pay first");
        page.has("Not enough yet");
        play.by_ada(&hers, "ask", &[("question", " ")]).await.is(422).has("Your question");
        play.by_ada(&hers, "ask", &[("question", QUESTION)]).await.is(303);
        play.carl.get(&play.home.clone()).await.is(200).has("A question waits for your answer");
        play.carl.get(&theirs).await.has(QUESTION).has("Your answer");
        play.by_carl(&theirs, "answer", &[("answer", "Yes, two of them do.")]).await.is(303);
        play.ada.get(&hers).await.has("Yes, two of them do.");

        // She says yes, after a last look.
        let form = play.ada.get(&format!("{hers}/accept")).await;
        form.is(200).has("value=\"field:name\" checked").has("value=\"field:contact\" checked").has("value=\"field:headline\">");
        let look = play.by_ada(&hers, "look", &[("fact", "field:name")]).await;
        look.is(200).has("Ada Lovelace").has("Django and databases").has_not("ada@lovelace.example");
        play.carl.get(&theirs).await.has_not("Lovelace");
        play.by_ada(&hers, "accept", &[("fact", "field:name")]).await.is(303);
        play.carl.get(&theirs).await.is(200).has("Both have said yes").has("Ada Lovelace").has_not("ada@lovelace.example");
        play.carl.get(&candidate).await.has("Ada Lovelace");
        play.ada.get("/grants").await.has("Introduction: Django developer for a book shop");

        // She leaves. Nothing of hers is left for them, and everything for her.
        play.ada.get(&format!("{hers}/withdraw")).await.is(200).has("Leave this conversation");
        play.by_ada(&hers, "withdraw", &[]).await.is(303);
        let over = play.carl.get(&theirs).await;
        over.is(200).has("The candidate ended it on 22 November 2026").has("Django developer for a book shop");
        over.has_not(QUESTION).has_not("Lovelace").has_not(WHY).has_not("/candidates/");
        play.carl.get(&candidate).await.is(200).has_not("Lovelace").has("Ask for an introduction");
        play.ada.get(&hers).await.is(200).has(QUESTION).has(WHY).has("You ended it").has_not("What they see of you now");
        play.ada.get("/you").await.is(200).has_not("Acme: Django developer");
        let again = play.carl.post(&ask, &[("vacancy", &id), ("why", "Would you think of it once more, after the winter?"), ("next", NEXT)]).await;
        again.is(422).has("is not asked by it again for 90 days").has("once more, after the winter");
    }

    async fn an_application_shows_what_was_looked_at_and_unmasks_at_the_yes(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let apply = format!("{}/apply", play.vacancy.1);
        site.get(&play.vacancy.1).await.is(200).has("Apply here").has(&apply);
        assert!(site.get(&apply).await.is(303).header("location").starts_with("/sign-in"));
        play.ada.get(&apply).await.is(200).has("EUR 60,000").has("0 of 8 applications").has("name=\"later\" value=\"field:name\" checked");
        let nothing = play.ada.post(&apply, &[("letter", LETTER), ("do", "look")]).await;
        nothing.is(422).has("Choose at least one thing").has(LETTER);
        let fields = [("letter", LETTER), ("fact", "field:headline"), ("later", "field:name"), ("later", "field:contact")];
        let look = play.ada.post(&apply, &[&fields[..], &[("do", "look")]].concat()).await;
        look.is(200).has(LETTER).has("Application: Django developer for a book shop");
        let (now, then) = look.text().split_once("All that they see once they have said yes").unwrap();
        assert!(!now.contains("Ada Lovelace") && then.contains("Ada Lovelace") && then.contains("ada@lovelace.example"));
        play.ada.get("/introductions").await.has_not("Your application.");
        play.ada.post(&apply, &[&fields[..], &[("do", "change")]].concat()).await.is(200).has(LETTER).has("value=\"field:contact\" checked");
        let hers = play.ada.post(&apply, &[&fields[..], &[("do", "send")]].concat()).await.is(303).header("location").to_owned();
        let theirs = format!("{}{hers}", play.home);
        let twice = play.ada.post(&apply, &[&fields[..], &[("do", "send")]].concat()).await;
        twice.is(409).has("have a conversation already").has(LETTER);

        let page = play.carl.get(&theirs).await;
        page.is(200).has(LETTER).has("Django and databases").has("It is your turn, until 6 December 2026").has_not("Lovelace");
        play.by_carl(&theirs, "ask", &[("question", "From when could you begin?")]).await.is(303);
        play.by_ada(&hers, "answer", &[("answer", "From January on.")]).await.is(303);
        play.by_carl(&theirs, "accept", &[]).await.is(303);
        play.carl.get(&theirs).await.has("Ada Lovelace").has("ada@lovelace.example").has("Both have said yes");
        let (grants,): (i64,) = site.db.one("select count(*) from introduction_grant", &[]).await.unwrap();
        let (promised,): (i64,) = site.db.one("select count(*) from introduction_unmask", &[]).await.unwrap();
        assert_eq!((grants, promised), (2, 0));

        // A grant that she revokes takes the name with it; the conversation goes on.
        let list = play.ada.get("/grants").await;
        let urls: Vec<String> = list.links().into_iter().filter(|url| url.starts_with("/grants/") && !url.ends_with("new")).collect();
        for url in urls {
            let grant = play.ada.get(&url).await;
            if grant.text().contains("In force") {
                play.ada.post(&format!("{url}/revoke"), &[]).await.is(303);
            }
        }
        play.carl.get(&theirs).await.is(200).has("shows your company nothing of their profile now").has("Candidate ").has_not("Lovelace");
        play.ada.get(&hers).await.is(200).has("sees nothing of your profile").has("Both have said yes");
    }

    async fn a_no_has_one_reason_and_leaves_nothing(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let (theirs, hers) = play.application().await;
        play.carl.get(&format!("{theirs}/decline")).await.is(200).has("The level does not fit");
        play.by_carl(&theirs, "decline", &[("words", "Thank you")]).await.is(422).has("Choose one reason").has("Thank you");
        let no = [("reason", "level"), ("words", "Thank you, and come back when you have led a team.")];
        let form = play.carl.get(&format!("{theirs}/decline")).await;
        let made_of = version(&form);
        play.carl.post(&format!("{theirs}/decline"), &[&no[..], &[("version", &made_of)]].concat()).await.is(303);
        play.carl.get(&theirs).await.is(200).has("Your company said no on 22 November 2026: the level does not fit").has_not(LETTER).has_not("come back when");
        play.carl.get(&format!("{}/introductions", play.home)).await.is(200).has("Your company said no").has_not("Candidate ");
        play.ada.get(&hers).await.has("Acme said no").has("come back when you have led a team").has(LETTER);
        play.ada.get("/grants").await.has("Revoked on");
        // Every form that is left is answered by the page.
        for what in ["accept", "ask", "answer", "decline", "withdraw", "look"] {
            assert_eq!(play.ada.get(&format!("{hers}/{what}")).await.is(303).header("location").trim_end_matches("/accept"), hers, "{what}");
        }
        for what in ["accept", "ask", "answer", "decline", "withdraw"] {
            assert_eq!(play.carl.get(&format!("{theirs}/{what}")).await.is(303).header("location"), theirs, "{what}");
        }
        // What was typed into a form that came too late is kept.
        let late = play.carl.post(&format!("{theirs}/ask"), &[("question", "Where are you?"), ("version", &made_of)]).await;
        late.is(409).has("Where are you?").has("Your company said no");
    }
}
