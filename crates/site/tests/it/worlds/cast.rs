//! Who is in a world: a site, two companies, and for each pair people of its own.

use super::moves::{Move, PEOPLE, To, UNSEEN};
use super::talk::Talk;
use crate::browser::Browser;
use crate::site::{TestSite, issuing};
use crate::vacancies;
use jiff::SignedDuration;
use jobfuture_content::Library;
use jobfuture_credential::{Condition, Date, Id, Label, Level, LevelWord, Named, Signal};
use jobfuture_db::{Db, params};
use jobfuture_disclosure::{
    Audience, Entry, Fact, Field, FieldValue, NewGrant, OwnerKey, PreviewFor, SignalBody, Token, Vocabulary, tell_pool,
};
use jobfuture_site::EmailAddress;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use uuid::Uuid;

pub const ACME: Uuid = Uuid::from_u128(0xacce);
/// Is granted things that Acme is not. Nobody looks as it.
pub const OTHER: Uuid = Uuid::from_u128(0x0bad);
/// Is granted nothing.
pub const THIRD: Uuid = Uuid::from_u128(0x3d);
/// Owns Acme's account, and writes to candidates.
pub const CARL: Uuid = Uuid::from_u128(0xca71);
const OTTO: Uuid = Uuid::from_u128(0x0770);
/// Interview for Acme, wherever it talks to somebody.
pub const IDA: Uuid = Uuid::from_u128(0x1da0);
pub const IAN: Uuid = Uuid::from_u128(0x1a40);
/// What Acme has to give, about which it talks.
pub const VACANCY: Uuid = Uuid::from_u128(0x0ffe_4000);
/// People who once talked to the other company, and never to Acme.
const BYSTANDERS: u128 = 0xb757_0000;
const ROLE: &str = "keeper";

/// What one person has, as far as later moves need it: made by moves that are played in both worlds, and the rest.
#[derive(Debug, Clone, Default)]
pub struct Person {
    pub key: Option<OwnerKey>,
    /// By which Acme knows them.
    pub name: String,
    pub signals: Vec<Uuid>,
    pub grants: Vec<Uuid>,
    pub links: Vec<Token>,
}

pub struct Cast {
    pub site: TestSite,
    /// Cookie of somebody who acts for Acme.
    pub carl: String,
    /// Of somebody who acts for a company that is granted nothing.
    pub otto: String,
    /// Of an interviewer of Acme's, who takes notes.
    pub ida: String,
    /// Of another, who is asked to the same conversations and learns nothing of those notes.
    pub ian: String,
    pub bystanders: Vec<Uuid>,
    pub people: Mutex<Vec<Person>>,
    /// The one in which Acme takes part.
    pub talk: Mutex<Option<Talk>>,
}

/// A database with the schema, made once and copied.
fn template() -> &'static Path {
    static TEMPLATE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = TEMPLATE.get_or_init(|| {
        let folder = memory();
        let url = format!("sqlite:{}", folder.path().join("template.db").display());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { drop(Db::open(&url).await.unwrap()) });
        })
        .join()
        .unwrap();
        folder
    });
    folder.path()
}

/// A folder that waits for no disk, where there is one.
fn memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

fn library() -> Arc<Library> {
    static LIBRARY: OnceLock<Arc<Library>> = OnceLock::new();
    let read = || Library::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content")).unwrap();
    Arc::clone(LIBRARY.get_or_init(|| Arc::new(read())))
}

impl Cast {
    pub async fn begin() -> Self {
        let folder = memory();
        let file = folder.path().join("world.db");
        // A write-ahead log may hold what the file does not yet.
        for end in ["", "-wal"] {
            let from = template().join(format!("template.db{end}"));
            if from.exists() {
                std::fs::copy(from, folder.path().join(format!("world.db{end}"))).unwrap();
            }
        }
        let db = Db::open(&format!("sqlite:{}", file.display())).await.unwrap();
        let site = TestSite::in_folder(issuing(), db, library(), folder);
        let now = site.clock.now();
        let until = now.checked_add(SignedDuration::from_hours(24 * 36_500)).unwrap();
        let mut cookies = Vec::new();
        for (company, member, name) in
            [(ACME, Some(CARL), "acme"), (OTHER, None, "other"), (THIRD, Some(OTTO), "third")]
        {
            let sql = "insert into company (id, name, domain, about, made_at, verified_at, verified_until)
                       values ($1, $2, $3, '', $4, $4, $5)";
            site.db.execute(sql, params![company, name, format!("{name}.example"), now, until]).await.unwrap();
            let focus = if company == ACME { ROLE } else { name };
            let sql = "insert into company_focus (company, role) values ($1, $2)";
            site.db.execute(sql, params![company, focus]).await.unwrap();
            let Some(account) = member else { continue };
            account_row(&site, account, &format!("member@{name}.example")).await;
            let sql = "insert into company_member (company, account, role, made_at) values ($1, $2, 'owner', $3)";
            site.db.execute(sql, params![company, account, now]).await.unwrap();
            cookies.push(session(&site, &format!("member@{name}.example")).await);
        }
        let (otto, carl) = (cookies.pop().unwrap(), cookies.pop().unwrap());
        let bystanders: Vec<Uuid> = (0..4).map(|number| Uuid::from_u128(BYSTANDERS + number)).collect();
        for (number, account) in bystanders.iter().enumerate() {
            account_row(&site, *account, &format!("bystander-{number}@example.org")).await;
        }
        let mut cast = Self {
            site,
            carl,
            otto,
            ida: String::new(),
            ian: String::new(),
            bystanders,
            people: Mutex::default(),
            talk: Mutex::default(),
        };
        cast.interviewers().await;
        cast.publish().await;
        // Carl hears of new candidates: of all, and by something that nobody ever shows him. Their ids are on his page, so that they
        // are not drawn.
        for (id, query) in [(1, ""), (2, "country=Land+3")] {
            let sql = "insert into pool_search (id, company, account, query, made_at, told_at)
                       values ($1, $2, $3, $4, $5, $5)";
            cast.site.db.execute(sql, params![Uuid::from_u128(id), ACME, CARL, query, now]).await.unwrap();
        }
        // The pool's order among equals is drawn here, before anything is different.
        cast.site.randomness.begin_anew(1);
        cast.site.site.pool().follow().await.unwrap();
        cast
    }

    /// Acme publishes a vacancy. The id of its draft is drawn by the system; here it is the same in both worlds.
    async fn publish(&self) {
        let changes =
            [("role", "keeper"), ("must", "django-querysets"), ("nice", "django-views"), ("closes_on", "2027-01-15")];
        let fields = vacancies::with(&changes);
        let list = format!("/companies/{ACME}/vacancies");
        let mut carl = browser(self, Some(&self.carl));
        carl.post(&format!("{list}/new"), &[&fields[..], &[("do", "keep")]].concat()).await.is(303);
        let sql = "update vacancy set id = $1 where company = $2";
        assert_eq!(self.site.db.execute(sql, params![VACANCY, ACME]).await.unwrap(), 1);
        let own = format!("{list}/{VACANCY}");
        let version = vacancies::version(&carl.get(&own).await);
        carl.post(&own, &[&fields[..], &[("do", "publish"), ("version", &version)]].concat()).await.is(303);
    }

    /// The people of a pair. All are known to Acme by a name, which a stranger to the pair could have kept from before.
    pub async fn new_people(&self, pair: usize) {
        self.begin_elsewhere_anew().await;
        *self.talk.lock().unwrap() = None;
        let mut people = Vec::new();
        for person in 0..PEOPLE {
            let id = Uuid::from_u128((pair * 10 + person + 0x1_0000) as u128);
            account_row(&self.site, id, &format!("person-{pair}-{person}@example.org")).await;
            self.site.randomness.begin_anew((pair * 1_000 + 900 + person) as u64);
            let key = OwnerKey::proven(id);
            let disclosure = &self.site.disclosure;
            disclosure.set_field(key, Field::Handle, Some(&value(Field::Handle, 0))).await.unwrap();
            let new = new_grant(Audience::Company(ACME), [Fact::Field(Field::Handle)], 1);
            let grant = disclosure.make_grant(key, new).await.unwrap();
            let seen = disclosure.preview(key, PreviewFor::Company(ACME)).await.unwrap().unwrap();
            disclosure.revoke_grant(key, grant).await.unwrap();
            disclosure.set_field(key, Field::Handle, None).await.unwrap();
            people.push(Person { key: Some(key), name: seen.name().to_string(), ..Person::default() });
        }
        *self.people.lock().unwrap() = people;
    }

    /// The person who is hidden from every viewer is not there at all.
    pub async fn without_the_unseen(&self) {
        let key = self.person(UNSEEN).key.unwrap();
        self.site.db.execute("delete from account where id = $1", params![key.uuid()]).await.unwrap();
    }

    pub fn person(&self, number: usize) -> Person {
        self.people.lock().unwrap()[number].clone()
    }

    pub fn talk(&self) -> Option<Talk> {
        self.talk.lock().unwrap().clone()
    }

    /// A cookie of one of the people.
    pub async fn session_of(&self, account: Uuid) -> String {
        let sql = "select email from account where id = $1";
        let (email,): (String,) = self.site.db.one(sql, params![account]).await.unwrap();
        session(&self.site, &email).await
    }

    fn keep(&self, number: usize, change: impl FnOnce(&mut Person)) {
        change(&mut self.people.lock().unwrap()[number]);
    }

    /// Plays a move. What the rules refuse is not played, in either world.
    pub async fn play(&self, seed: u64, step: &Move, is_hidden: bool) {
        self.site.randomness.begin_anew(seed);
        let disclosure = &self.site.disclosure;
        let key = |person: &usize| self.person(*person).key.unwrap();
        match step {
            Move::Fill { person, field, text } => {
                disclosure.set_field(key(person), *field, Some(&value(*field, *text))).await.unwrap();
            }
            Move::Empty { person, field } => disclosure.set_field(key(person), *field, None).await.unwrap(),
            Move::Employer { person, text } => self.change_employer(key(person), *text).await,
            Move::Signal { person, level } => {
                let id = disclosure.make_signal(key(person), None, &body(*level), 6).await.unwrap();
                if !is_hidden {
                    self.keep(*person, |one| one.signals.push(id));
                }
            }
            Move::Withdraw { person } => {
                for signal in self.person(*person).signals {
                    disclosure.withdraw_signal(key(person), signal).await.unwrap();
                }
            }
            Move::Grant { person, to, fields, signals, days } => {
                self.grant(*person, *to, fields, *signals, *days, is_hidden).await;
            }
            Move::Introduce { person, agrees } => self.introduce(*person, *agrees).await,
            Move::Line { by_candidate } => self.write_line(*by_candidate, &format!("Line {seed}.")).await,
            Move::CallOff => self.call_off().await,
            Move::Close { by_candidate } => self.close(*by_candidate).await,
            Move::Note { text, locks } => self.note(*text, *locks).await,
            Move::TalkElsewhere { person, closes } => self.talk_elsewhere(key(person).uuid(), *closes).await,
            Move::BeginCheck { person } => self.begin_check(key(person).uuid()).await,
            Move::GrantAndRevoke { person } => {
                let new = new_grant(Audience::Company(ACME), [Fact::Field(Field::Organisations)], 3);
                if let Ok(grant) = disclosure.make_grant(key(person), new).await {
                    disclosure.revoke_grant(key(person), grant).await.unwrap();
                }
            }
            Move::Narrow { person } => {
                for grant in self.person(*person).grants {
                    let keep = [Fact::Field(Field::Headline)].into();
                    let _ = disclosure.narrow_grant(key(person), grant, &keep).await;
                }
            }
            Move::Revoke { person } => {
                for grant in self.person(*person).grants {
                    disclosure.revoke_grant(key(person), grant).await.unwrap();
                }
            }
            Move::Block { person, acme } => {
                let company = if *acme { ACME } else { OTHER };
                disclosure.block(key(person), company).await.unwrap();
                self.site.site.introductions().leave(key(person), company).await.unwrap();
            }
            Move::Unblock { person } => disclosure.unblock(key(person), ACME).await.unwrap(),
            Move::Leave { person } => {
                let (id, now) = (key(person).uuid(), self.site.clock.now());
                let leave = self.site.db.transaction(move |tx| {
                    tx.execute("update account set leaves_at = $2 where id = $1", params![id, now])?;
                    tell_pool(tx, id, now)
                });
                leave.await.unwrap();
            }
            Move::Preview { person } => {
                disclosure.preview(key(person), PreviewFor::Company(ACME)).await.unwrap();
                disclosure.views(key(person), 9).await.unwrap();
            }
            Move::DayPasses => {
                self.site.clock.advance(SignedDuration::from_hours(24));
            }
        }
    }

    async fn change_employer(&self, key: OwnerKey, text: u8) {
        let profile = self.site.disclosure.profile(key).await.unwrap();
        let Some(own) = profile.own(key, Field::Experience) else { return };
        let mut entries = own.entries().to_vec();
        for entry in &mut entries {
            entry.insert("organisation".to_owned(), format!("Employer {text}"));
        }
        let value = FieldValue::check(Field::Experience, &entries, &Vocabulary::default()).unwrap();
        self.site.disclosure.set_field(key, Field::Experience, value.as_ref()).await.unwrap();
    }

    async fn grant(&self, person: usize, to: To, fields: &[Field], signals: bool, days: i64, is_hidden: bool) {
        let one = self.person(person);
        let (key, disclosure) = (one.key.unwrap(), &self.site.disclosure);
        let profile = disclosure.profile(key).await.unwrap();
        let filled = fields.iter().filter(|field| profile.own(key, **field).is_some()).map(|field| Fact::Field(*field));
        let mut facts: Vec<Fact> = filled.collect();
        let live = disclosure.signals(key).await.unwrap();
        let live = live.iter().filter(|signal| signal.is_live(disclosure.now()) && one.signals.contains(&signal.id));
        facts.extend(live.filter(|_| signals).map(|signal| Fact::Signal(signal.id)));
        let audience = match to {
            To::Acme => Audience::Company(ACME),
            To::Other => Audience::Company(OTHER),
            To::Pool => Audience::Pool { role: ROLE.to_owned() },
            To::OtherPool => Audience::Pool { role: "other".to_owned() },
            To::Link => Audience::Link { opens_at_most: 3 },
        };
        let Ok(grant) = disclosure.make_grant(key, new_grant(audience, facts, days)).await else { return };
        if is_hidden {
            return;
        }
        let token = disclosure.grants(key).await.unwrap().into_iter().find(|entry| entry.id == grant);
        self.keep(person, |one| {
            one.grants.push(grant);
            one.links.extend(token.and_then(|entry| entry.token));
        });
    }
}

impl Cast {
    /// All letters to Carl, once those of today are written, of the pool and of what goes on in conversations.
    pub async fn letters(&self) -> Vec<String> {
        self.site.site.tend_pool().await.unwrap();
        // Lines of which somebody is told have stood there for ten minutes.
        self.site.clock.advance(SignedDuration::from_mins(11));
        self.site.site.introductions().wind().await.unwrap();
        self.site.site.introductions().tell_of_lines().await.unwrap();
        let letters = self.site.accounts.outbox(1_000).await.unwrap();
        let to_carl = letters.into_iter().filter(|letter| letter.recipient == "member@acme.example");
        to_carl.map(|letter| format!("{}\n{}", letter.subject, letter.body)).collect()
    }
}

pub async fn account_row(site: &TestSite, id: Uuid, email: &str) {
    let sql = "insert into account (id, email, name, created_at) values ($1, $2, 'Somebody', $3)";
    site.db.execute(sql, params![id, email, site.clock.now()]).await.unwrap();
}

/// A cookie of whoever has this address.
pub async fn session(site: &TestSite, email: &str) -> String {
    let (account, _) = site.accounts.by_email(&EmailAddress::parse(email).unwrap()).await.unwrap().unwrap();
    let token = site.accounts.sign_in(account, "A browser", "test").await.unwrap();
    format!("session={}", token.secret())
}

fn new_grant(audience: Audience, facts: impl IntoIterator<Item = Fact>, days: i64) -> NewGrant {
    NewGrant { audience, facts: facts.into_iter().collect(), purpose: "To talk about work".to_owned(), days }
}

fn value(field: Field, text: u8) -> FieldValue {
    let pairs: Vec<(&str, String)> = match field {
        Field::Handle => vec![("handle", format!("fox-{text}"))],
        Field::Headline => vec![("headline", format!("Line {text}"))],
        Field::Summary => vec![("text", format!("A few words {text}"))],
        Field::Experience => vec![("title", format!("Job {text}")), ("organisation", "Hill Books".to_owned())],
        Field::Pay => vec![
            ("least", (u32::from(text) * 1_000 + 40_000).to_string()),
            ("currency", "EUR".into()),
            ("per", "year".into()),
        ],
        Field::Name => vec![("name", format!("Name {text}"))],
        Field::Contact => vec![("kind", "email".into()), ("value", format!("me-{text}@example.org"))],
        Field::Place => vec![("country", format!("Land {text}"))],
        other => panic!("{other:?} is not in any history"),
    };
    let entry: Entry = pairs.into_iter().map(|(key, text)| (key.to_owned(), text)).collect();
    FieldValue::check(field, &[entry], &Vocabulary::default()).unwrap().unwrap()
}

pub fn body(level: u8) -> SignalBody {
    let word = ["junior", "middle", "senior"][usize::from(level) % 3];
    let says = Signal {
        role: Named { id: Id::new(ROLE).unwrap(), name: Label::new("Keeper").unwrap() },
        at_least: Level { id: LevelWord::new(word).unwrap(), name: LevelWord::new(word).unwrap() },
        condition: Condition::Unaided {},
        competencies: vec![],
        behaviours: vec![],
        taken_on: Date::new("2026-11-20").unwrap(),
        versions: vec![],
    };
    SignalBody { says, evidence: vec![] }
}

/// A browser that is signed in as somebody, or as nobody.
pub fn browser<'s>(cast: &'s Cast, cookie: Option<&str>) -> Browser<'s> {
    let mut browser = Browser::new(&cast.site);
    browser
        .cookies
        .extend(cookie.and_then(|cookie| cookie.split_once('=')).map(|(name, value)| (name.into(), value.into())));
    browser
}
