//! Kits of interviews: what is asked of whom, who reads it, and sheets that nobody reads before each is locked; as browsers do it.

mod letters;
mod unverified;

use crate::browser::{ADA, Browser};
use crate::checks::real;
use crate::showing::{company, operator};
use crate::site::TestSite;
use crate::vacancies::{of, publish};
use jiff::SignedDuration;
use jobfuture_db::{Db, params};
use jobfuture_disclosure::{
    Audience, Condition, Entry, Evidence, Fact, Field, FieldValue, NewGrant, OwnerKey, Signal, SignalBody,
};
use jobfuture_site::EmailAddress;
use uuid::Uuid;

const ASKED: &[(&str, &str)] = &[("must", "django-models"), ("must", "django-testing"), ("nice", "django-security")];

/// A verified company with a vacancy that asks for models, testing and security, and whom it talks to.
struct Talk<'s> {
    site: &'s TestSite,
    carl: Browser<'s>,
    company: Uuid,
    vacancy: Uuid,
}

async fn account(site: &TestSite, email: &str) -> Uuid {
    site.accounts.by_email(&EmailAddress::parse(email).unwrap()).await.unwrap().unwrap().0.uuid()
}

fn named(id: &str, name: &str) -> serde_json::Value {
    serde_json::json!({ "id": id, "name": name })
}

/// A signal that names models, at a level.
fn signal(level: &str) -> SignalBody {
    let says = serde_json::json!({
        "role": named("django-developer", "Django developer"),
        "at_least": named(level, level),
        "condition": Condition::Unaided {},
        "competencies": [named("django-models", "Models")],
        "behaviours": [named("address-rows-b1", "No address is lost")],
        "taken_on": "2026-11-20",
        "versions": [{ "of": "django-developer", "version": 1 }],
    });
    let says: Signal = serde_json::from_value(says).unwrap();
    SignalBody { says, evidence: Vec::<Evidence>::new() }
}

impl<'s> Talk<'s> {
    async fn at(site: &'s TestSite) -> Self {
        let mut edna = operator(site).await;
        let (mut carl, list) = company(site, &mut edna).await;
        let (own, _) = publish(&mut carl, &of(&list), ASKED).await;
        let id = |text: &str| Uuid::try_parse(text).unwrap();
        Self { site, carl, company: id(list.split('/').nth(2).unwrap()), vacancy: id(own.rsplit('/').next().unwrap()) }
    }

    /// A conversation with somebody, in which both have said yes.
    async fn with(&self, email: &str, number: u128) -> Uuid {
        let id = Uuid::from_u128(0x7a1c_0000 + number);
        let (db, now) = (&self.site.db, self.site.clock.now());
        let (terms,): (String,) =
            db.one("select terms from vacancy where id = $1", params![self.vacancy]).await.unwrap();
        let due = now.checked_add(SignedDuration::from_hours(24 * 14)).unwrap();
        let sql = "insert into introduction (id, account, company, vacancy, terms, begun_by, stage, turn, due_at, questions, made_at,
                     changed_at, opened_at, version, slot)
                   values ($1, $2, $3, $4, $5, 'company', 'open', 'company', $6, 0, $7, $7, $7, 2, $8)";
        let account = account(self.site, email).await;
        let slot = format!("{} {account}", self.company);
        db.execute(sql, params![id, account, self.company, self.vacancy, terms, due, now, slot]).await.unwrap();
        id
    }

    fn kit(&self, talk: Uuid) -> String {
        format!("/companies/{}/introductions/{talk}/kit", self.company)
    }

    /// Somebody who acts for the company.
    async fn colleague(&self, email: &str, name: &str, role: &str) -> Browser<'s> {
        let mut browser = Browser::new(self.site);
        browser.join(email).await;
        let id = account(self.site, email).await;
        let db = &self.site.db;
        db.execute("update account set name = $2 where id = $1", params![id, name]).await.unwrap();
        let sql = "insert into company_member (company, account, role, made_at) values ($1, $2, $3, $4)";
        db.execute(sql, params![self.company, id, role, self.site.clock.now()]).await.unwrap();
        browser
    }

    /// Asks exactly these people to a conversation.
    async fn ask(&mut self, talk: Uuid, emails: &[&str]) -> crate::site::Answer {
        let page = self.carl.get(&self.kit(talk)).await;
        let handles: Vec<String> = emails.iter().map(|email| handle(page.text(), email)).collect();
        let fields: Vec<_> = handles.iter().map(|handle| ("person", handle.as_str())).collect();
        self.carl.post(&format!("{}/people", self.kit(talk)), &fields).await
    }
}

/// By which the form names whoever has this address.
pub fn handle(page: &str, email: &str) -> String {
    let at = page.find(&format!("({email})")).expect("they are in the form");
    let value = page[..at].rfind("value=\"").unwrap() + 7;
    page[value..value + 32].to_owned()
}

/// What a candidate shows to the company: claimed testing, and a signal of this level.
async fn shows(talk: &Talk<'_>, email: &str, level: &str) -> (OwnerKey, Uuid) {
    let key = OwnerKey::proven(account(talk.site, email).await);
    let disclosure = &talk.site.disclosure;
    let entry: Entry = [("competency".to_owned(), "django-testing".to_owned())].into();
    let value = FieldValue::check(Field::Competencies, &[entry], &talk.site.site.vocabulary()).unwrap();
    disclosure.set_field(key, Field::Competencies, value.as_ref()).await.unwrap();
    let signal = disclosure.make_signal(key, None, &signal(level), 6).await.unwrap();
    let facts = [Fact::Field(Field::Competencies), Fact::Signal(signal)].into();
    let audience = Audience::Company(talk.company);
    let new = NewGrant { audience, facts, purpose: "The talk".to_owned(), days: 30 };
    (key, disclosure.make_grant(key, new).await.unwrap())
}

async fn joined<'s>(site: &'s TestSite, email: &str) -> Browser<'s> {
    let mut browser = Browser::new(site);
    browser.join(email).await;
    browser
}

/// Headings and titles of what is asked, in order.
fn asked(page: &str) -> Vec<String> {
    let part = page.split("id=\"ask\"").nth(1).unwrap().split("id=\"task\"").next().unwrap();
    let titles = part.match_indices("<h4>").map(|(at, _)| part[at + 4..].split('<').next().unwrap().to_owned());
    titles.collect()
}

fn section<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    page.split(&format!("id=\"{from}\"")).nth(1).unwrap().split(&format!("id=\"{to}\"")).next().unwrap()
}

const SHEET: &[(&str, &str)] = &[
    ("grade:django-testing", "2"),
    ("note:django-testing", "Named the mutant that lives."),
    ("would", "yes"),
    ("reason", "Clear, and kind in disagreement."),
];

fn locking(reason: &'static str) -> Vec<(&'static str, &'static str)> {
    let kept = SHEET.iter().filter(|(name, _)| *name != "reason").copied();
    kept.chain([("reason", reason), ("do", "lock"), ("sure", "yes")]).collect()
}

jobfuture_testkit::both_engines! {
    async fn what_is_shown_is_not_asked_and_what_is_not_known_is(db: Db) {
        let site = real(db);
        let mut talk = Talk::at(&site).await;
        let mut ada = joined(&site, ADA).await;
        let mut ben = joined(&site, "ben@example.org").await;
        let (with_ada, with_ben) = (talk.with(ADA, 1).await, talk.with("ben@example.org", 2).await);
        let (key, grant) = shows(&talk, ADA, "middle").await;
        shows(&talk, "ben@example.org", "junior").await;

        let kit = talk.kit(with_ada);
        let page = talk.carl.get(&kit).await;
        page.is(200).has("An interview kit").has("60 minutes").has("Already shown: do not ask again");
        assert_eq!(page.header("cache-control"), "no-store");
        let text = page.text();
        let shown = section(text, "shown", "ask");
        assert!(shown.contains("Models") && shown.contains("at middle or above") && shown.contains("20 November 2026"), "{shown}");
        assert!(shown.contains("Unaided, as the candidate declares") && shown.contains("No address is lost"), "{shown}");
        let here = section(text, "ask", "task");
        assert!(!here.contains("id=\"ask-django-models\""), "{here}");
        assert!(here.contains("no signal shows it") && here.contains("Nothing that you see mentions it"), "{here}");
        assert!(here.contains("A strong answer") && here.contains("A weak answer") && here.contains("Follow-up"));
        page.has("What must not be asked").has("not seen").has("?variant=");
        // The look is in the candidate's log, as what it was.
        ada.get("/views").await.is(200).has("Acme").has("to prepare an interview");
        // For another length the parts are others; nonsense is the length that was settled.
        let half = talk.carl.get(&format!("{kit}?minutes=30")).await;
        half.is(200).has("id=\"time\">30 minutes").has("There is no time for a task in 30 minutes");
        talk.carl.get(&format!("{kit}?minutes=7")).await.is(200).has("id=\"time\">60 minutes");

        // Another candidate of the vacancy is asked the same, and besides what they have not shown at the level.
        let other = talk.carl.get(&talk.kit(with_ben)).await;
        other.is(200).has("at junior or above").has("The vacancy asks for a higher level");
        let (of_ada, of_ben) = (asked(page.text()), asked(other.text()));
        assert!(of_ada.len() >= 3 && of_ben.len() > of_ada.len(), "{of_ada:?} {of_ben:?}");
        assert!(of_ada.iter().all(|title| of_ben.contains(title)), "{of_ada:?} {of_ben:?}");

        // What is taken back is not shown from the next look on: then all is asked.
        site.disclosure.revoke_grant(key, grant).await.unwrap();
        let page = talk.carl.get(&kit).await;
        page.is(200).has("Nothing is shown to you at the moment").has("id=\"ask-django-models\"").has_not("at middle or above");

        // The candidate reads the plan without what answers are held against, unless the company keeps it.
        let plan = format!("/introductions/{with_ben}/kit");
        let page = ben.get(&plan).await;
        page.is(200).has("What you have shown is not asked again").has("How it is graded").has_not("A weak answer").has_not("?variant=");
        page.has_not("Your sheet");
        assert_eq!(asked(page.text()), of_ben);
        assert!(ben.get("/views").await.text().matches("to prepare an interview").count() == 1, "a preview is in no log");
        ada.get(&plan).await.is(404);
        let settled = talk.carl.post(&format!("{}/plan", talk.kit(with_ben)), &[("minutes", "90")]).await;
        assert_eq!(settled.is(303).header("location"), talk.kit(with_ben));
        ben.get(&plan).await.is(200).has("has chosen not to share its plan").has_not("How it is graded");
        talk.carl.get(&talk.kit(with_ben)).await.has("id=\"time\">90 minutes");
        talk.carl.post(&format!("{}/plan", talk.kit(with_ben)), &[("minutes", "7")]).await.is(422).has("30, 45, 60 or 90");
        talk.carl.post(&format!("{}/plan", talk.kit(with_ben)), &[("minutes", "45"), ("share", "yes")]).await.is(303);
        ben.get(&plan).await.is(200).has("id=\"time\">45 minutes");
        // What only takes a form leads to the page with the form.
        for left in ["plan", "people"] {
            assert_eq!(talk.carl.get(&format!("{kit}/{left}")).await.is(303).header("location"), kit);
        }
    }

    async fn who_was_not_asked_finds_nothing_and_who_was_finds_this_one_alone(db: Db) {
        let site = real(db);
        let mut talk = Talk::at(&site).await;
        joined(&site, ADA).await;
        joined(&site, "ben@example.org").await;
        let (with_ada, with_ben) = (talk.with(ADA, 1).await, talk.with("ben@example.org", 2).await);
        shows(&talk, ADA, "middle").await;
        let mut ida = talk.colleague("ida@acme.example", "Ida", "interviewer").await;
        let mut rita = talk.colleague("rita@acme.example", "Rita", "recruiter").await;
        let company = talk.company;
        let addresses = |id: Uuid| {
            let kit = format!("/companies/{company}/introductions/{id}/kit");
            [format!("{kit}/score"), kit]
        };
        let nobody = Uuid::from_u128(9);
        for (address, elsewhere) in addresses(with_ada).into_iter().zip(addresses(nobody)) {
            let (mine, none) = (ida.get(&address).await, ida.get(&elsewhere).await);
            assert_eq!((mine.is(404).text(), 404), (none.is(404).text(), 404), "{address}");
            ida.post(&address, &locking("x")).await;
        }
        ida.get(&format!("/companies/{}/interviews", talk.company)).await.is(200).has("You are asked to none");
        rita.get(&talk.kit(with_ada)).await.is(200).has("(rita@acme.example)");
        talk.ask(with_ada, &["ida@acme.example"]).await.is(303);
        ida.get(&talk.kit(with_ada)).await.is(200).has("at middle or above").has_not("Who talks to the candidate");
        ida.get(&talk.kit(with_ben)).await.is(404);
        ida.get(&format!("/companies/{}/interviews", talk.company)).await.has("Django developer for a book shop");
        // She sees candidates nowhere else, and arranges nothing.
        ida.get(&format!("/companies/{}/candidates", talk.company)).await.is(403);
        ida.post(&format!("{}/people", talk.kit(with_ada)), &[]).await.is(403);
        ida.post(&format!("{}/plan", talk.kit(with_ada)), &[("minutes", "30")]).await.is(403);
        // Another company has no such conversation below its own address, nor below the other's.
        let mut dora = joined(&site, "dora@hill.example").await;
        let hill = [("name", "Hill"), ("domain", "hill.example"), ("role", "django-developer")];
        let own = dora.post("/companies/new", &hill).await.is(303).header("location").to_owned();
        for address in addresses(with_ada) {
            dora.get(&address).await.is(404);
            let below = address.replace(&format!("/companies/{}", talk.company), &own);
            dora.get(&below).await.is(404);
            dora.post(&below, &locking("x")).await;
        }
        let (sheets,): (i64,) = site.db.one("select count(*) from interview_sheet", &[]).await.unwrap();
        assert_eq!(sheets, 0, "nobody who was not asked has written anything");
        // Who is taken out finds nothing any more; and who lost the company.
        talk.ask(with_ada, &[]).await.is(303);
        ida.get(&talk.kit(with_ada)).await.is(404);
        talk.ask(with_ada, &["ida@acme.example"]).await.is(303);
        site.db.execute("delete from company_member where role = 'interviewer'", &[]).await.unwrap();
        ida.get(&talk.kit(with_ada)).await.is(404);
        // Before both have said yes, after its time, and at its end there is no kit.
        for change in ["stage = 'asked'", "stage = 'open', due_at = made_at", "stage = 'ended'"] {
            site.db.execute(&format!("update introduction set {change}"), &[]).await.unwrap();
            talk.carl.get(&talk.kit(with_ada)).await.is(404);
            talk.carl.post(&format!("{}/score", talk.kit(with_ada)), &locking("x")).await.is(404);
        }
    }

    async fn nobody_reads_anothers_sheet_before_each_is_locked(db: Db) {
        let site = real(db);
        let mut talk = Talk::at(&site).await;
        let mut ada = joined(&site, ADA).await;
        let with_ada = talk.with(ADA, 1).await;
        let mut ida = talk.colleague("ida@acme.example", "Ida", "interviewer").await;
        let mut ian = talk.colleague("ian@acme.example", "Ian", "interviewer").await;
        let mut una = talk.colleague("una@acme.example", "Una", "interviewer").await;
        let mut rita = talk.colleague("rita@acme.example", "Rita", "recruiter").await;
        talk.ask(with_ada, &["ida@acme.example", "ian@acme.example", "una@acme.example"]).await.is(303);
        let (kit, score) = (talk.kit(with_ada), format!("{}/score", talk.kit(with_ada)));
        ida.get(&score).await.is(200).has("Your sheet").has("Ian: not locked yet");
        rita.get(&score).await.is(200).has("You were not asked to score");
        rita.post(&score, &locking("I was not asked")).await.is(404);

        // A draft is its author's.
        let draft = [SHEET, &[("do", "keep")]].concat();
        ida.post(&score, &draft).await.is(303);
        ida.get(&score).await.has("Named the mutant that lives.").has("kind in disagreement");
        // What is wrong is said, and nothing that was typed is lost.
        let long = "x".repeat(1_001);
        let wrong = [("note:django-models", long.as_str()), ("note:django-testing", "Stays here."), ("do", "keep")];
        let page = ida.post(&score, &wrong).await;
        page.is(422).has("has 1001 characters").has(&long).has("Stays here.").has("id=\"note-django-models\"");
        ida.post(&score, &[("note:django-testing", "Stays, too."), ("do", "lock")]).await.is(422).has("Say why").has("Stays, too.")
            .has("Say whether you would work with them").has("nothing to add");
        ida.get(&score).await.has("kind in disagreement").has_not("Stays, too.");

        ida.post(&score, &locking("Ida's own words.")).await.is(303);
        ian.post(&score, &locking("Ian's own words.")).await.is(303);
        // Her own she reads; of the others only who has locked.
        ida.get(&score).await.is(200).has("Your sheet, locked").has("Ida&#39;s own words.").has_not("Ian&#39;s own words.").has("Ian: locked on");
        for reader in [&mut una, &mut rita, &mut talk.carl] {
            for address in [score.as_str(), kit.as_str()] {
                let page = reader.get(address).await;
                page.is(200).has_not("own words").has_not("Named the mutant");
            }
        }
        // What is locked stays, for its author too, and what they sent is shown to them.
        let again = ida.post(&score, &locking("Something else.")).await;
        again.is(422).has("Your sheet was locked already").has("Something else.").has("Ida&#39;s own words.");
        ida.get(&score).await.has_not("Something else.");
        // In the database it is noise.
        let (sealed,): (Vec<u8>,) = site.db.one("select sealed from interview_sheet order by made_at limit 1", &[]).await.unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"words"), "sheets are sealed");
        // Who has locked stays; who has not is taken out with their draft, and then all are open.
        una.post(&score, &draft).await.is(303);
        talk.ask(with_ada, &[]).await.is(303);
        una.get(&score).await.is(404);
        for reader in [&mut ida, &mut ian, &mut rita] {
            let page = reader.get(&score).await;
            page.is(200).has("Side by side").has("Ida&#39;s own words.").has("Ian&#39;s own words.").has_not("Una");
        }
        // Whoever could have read them does not score any more; an interviewer may, and all are closed until she has locked hers.
        let page = talk.ask(with_ada, &["rita@acme.example"]).await;
        page.is(422).has("would not be scored apart");
        talk.ask(with_ada, &["una@acme.example"]).await.is(303);
        una.get(&score).await.is(200).has_not("own words").has_not("Named the mutant");
        una.post(&score, &locking("Una's.")).await.is(303);
        una.get(&score).await.has("Ida&#39;s own words.");
        // One who has locked and left the company: theirs stands.
        site.db.execute("delete from company_member where account = $1", params![account(&site, "ian@acme.example").await]).await.unwrap();
        ian.get(&score).await.is(404);
        ida.get(&score).await.has("Ian&#39;s own words.");
        // The candidate reads none of it, wherever they ask.
        for address in [format!("/introductions/{with_ada}/kit"), score.clone(), kit.clone(), "/views".to_owned(), "/account".to_owned()] {
            ada.get(&address).await.has_not("own words").has_not("Named the mutant");
        }
    }

    async fn nothing_of_a_kit_outlives_its_conversation(db: Db) {
        let site = real(db);
        let mut talk = Talk::at(&site).await;
        let mut ada = joined(&site, ADA).await;
        let with_ada = talk.with(ADA, 1).await;
        let mut ida = talk.colleague("ida@acme.example", "Ida", "interviewer").await;
        let mut rita = talk.colleague("rita@acme.example", "Rita", "recruiter").await;
        talk.ask(with_ada, &["ida@acme.example"]).await.is(303);
        let (kit, score) = (talk.kit(with_ada), format!("{}/score", talk.kit(with_ada)));
        talk.carl.post(&format!("{kit}/plan"), &[("minutes", "45"), ("share", "yes")]).await.is(303);
        ida.post(&score, &locking("Ida's own words.")).await.is(303);
        rita.get(&score).await.is(200).has("Ida&#39;s own words.");
        let plan = format!("/introductions/{with_ada}");
        ada.get(&plan).await.is(200).has(&format!("{plan}/kit"));
        talk.carl.get(kit.strip_suffix("/kit").unwrap()).await.is(200).has(&kit);
        ada.post(&format!("{plan}/withdraw"), &[("version", "2")]).await.is(303);
        for table in ["interview_sheet", "interview_kit", "introduction_interviewer"] {
            let (rows,): (i64,) = site.db.one(&format!("select count(*) from {table}"), &[]).await.unwrap();
            assert_eq!(rows, 0, "{table}");
        }
        for reader in [&mut ida, &mut rita, &mut ada] {
            reader.get(&score).await.is(404);
            reader.get(&format!("{plan}/kit")).await.is(404);
        }
    }
}
