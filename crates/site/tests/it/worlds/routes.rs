//! Every address that the router has, and what is asked there by whom.

use super::cast::{ACME, Cast, OTHER, THIRD, VACANCY, browser};
use super::moves::PEOPLE;
use super::talk::OFFER;
use jobfuture_site::routes::PATTERNS;
use std::fmt;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Acts for Acme, which may have been granted something.
    Carl,
    /// Acts for a company that was granted nothing.
    Otto,
    /// Interviews for Acme, and was asked to its conversation.
    Ian,
    /// Is not signed in; with a link's address, its bearer.
    Stranger,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Question {
    who: Who,
    path: String,
    form: Option<Vec<(&'static str, String)>>,
    seed: u64,
}

impl Question {
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {}", self.who, if self.form.is_some() { "POST" } else { "GET" }, self.path)
    }
}

/// An answer, whole: status, every header in its order, body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn text(&self) -> String {
        format!("{} {:?}\n{}", self.status, self.headers, String::from_utf8_lossy(&self.body))
    }
}

pub struct Viewers;

impl Viewers {
    pub async fn ask(cast: &Cast, question: &Question) -> Seen {
        cast.site.randomness.begin_anew(question.seed);
        let talk = cast.talk();
        let path = talk.as_ref().map_or(question.path.as_str().into(), |talk| talk.own(&question.path));
        let cookie = match question.who {
            Who::Carl => Some(cast.carl.as_str()),
            Who::Otto => Some(cast.otto.as_str()),
            Who::Ian => Some(cast.ian.as_str()),
            Who::Stranger => None,
        };
        let mut browser = browser(cast, cookie);
        let answer = match &question.form {
            None => browser.get(&path).await,
            Some(fields) => {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
                browser.post(&path, &fields).await
            }
        };
        let of_all = |text: &str| talk.as_ref().map_or_else(|| text.to_owned(), |talk| talk.of_all(text));
        let headers = answer.headers.iter().map(|(name, value)| (name.to_string(), of_all(&format!("{value:?}"))));
        // What is no text names nobody's offer.
        let body =
            std::str::from_utf8(&answer.body).map_or_else(|_| answer.body.to_vec(), |text| of_all(text).into_bytes());
        Seen { status: answer.status.as_u16(), headers: headers.collect(), body }
    }
}

/// A conversation that there is not.
const NO_TALK: &str = "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a117";
/// The public page of the company with which the hidden conversations are held.
pub const FIGURES: &str = "/company/other.example";

/// Forms of a conversation that say nothing, so that nothing is done: what is shown then is the whole page again, with the mend.
const SAYS_NOTHING: &[(&str, &str)] = &[
    ("version", "0"),
    ("text", " "),
    ("question", " "),
    ("answer", " "),
    ("zone", "Nowhere"),
    ("do", "lock"),
    ("minutes", "7"),
    ("outcome", "none"),
    ("reason", "none"),
];
/// What is done there at once, or takes out whoever is not named.
const DOES_SOMETHING: &[&str] = &["/call-off", "/kit/people"];
/// Of those forms one in so many is sent in a pair.
const FORMS_ONE_IN: usize = 3;

/// Of what is unlikely to tell anything, one in so many is asked in a pair, another one each time.
const ONE_IN: usize = 7;

/// Whether somebody is likely to learn something there: who acts for a company, at its own addresses, and a bearer at a link's.
fn is_likely(who: Who, path: &str) -> bool {
    match who {
        Who::Carl => path.contains(&ACME.to_string()) && !path.ends_with("/signals/1/proof") && !path.contains(NO_TALK),
        Who::Ian => is_for_ian(path),
        Who::Stranger => path.starts_with("/shared/") || path.starts_with("/credentials/") || path == FIGURES,
        Who::Otto => false,
    }
}

/// An interviewer has the kit, the sheets, and a list of those conversations to which they were asked.
fn is_for_ian(path: &str) -> bool {
    let ends = ["/kit", "/kit/score", "/interviews"];
    path.contains(&ACME.to_string()) && !path.contains(NO_TALK) && ends.iter().any(|end| path.ends_with(end))
}

/// Patterns that are about candidates, or that a company, a bearer or a stranger might learn something at: asked in every pair.
fn is_near(pattern: &str) -> bool {
    ["{company}", "{candidate}", "{token}", "{signal}", "{grant}"].iter().any(|name| pattern.contains(name))
        || [
            "/companies",
            "/companies/new",
            "/company",
            "/company/{domain}",
            "/credentials/status/1",
            "/.well-known/jwt-vc-issuer",
            "/verify",
            "/",
            "/grants",
            "/views",
            "/signals",
            "/profile",
            "/operator/companies",
            "/sitemap.xml",
        ]
        .contains(&pattern)
}

/// What a viewer keeps of their own there: it is compared as well, and holds nothing of anybody else.
const OF_ONES_OWN: &[&str] =
    &["/account", "/profile", "/signals", "/grants", "/views", "/attempts", "/blocks", "/sign-out"];

/// All that is asked in a pair: what is likely to tell something always, and the rest in turn, so that each comes up again and again.
pub async fn all(cast: &Cast, pair: usize) -> Vec<Question> {
    let (mut questions, mut asked) = (Vec::new(), 0);
    let far: Vec<&&str> = PATTERNS.iter().filter(|pattern| !is_near(pattern)).collect();
    let few = (0..4).map(|at| far[(pair * 4 + at) % far.len()]);
    let patterns = PATTERNS.iter().filter(|pattern| is_near(pattern)).chain(few);
    for pattern in patterns {
        for path in filled(cast, pattern, pair) {
            for who in [Who::Carl, Who::Otto, Who::Stranger, Who::Ian] {
                if who == Who::Ian && !is_for_ian(&path) {
                    continue;
                }
                asked += 1;
                if !is_likely(who, &path) && !(asked + pair).is_multiple_of(ONE_IN) {
                    continue;
                }
                let seed = 500_000_000 + (pair * 1_000 + questions.len()) as u64;
                questions.push(Question { who, path: path.clone(), form: None, seed });
                let changes_nothing_shared =
                    pattern.ends_with("/proof") || pattern.contains("/operator/") || pattern.contains("{grant}");
                if changes_nothing_shared {
                    let form =
                        Some(vec![("nonce", "a nonce of ours".to_owned()), ("fact", "field:headline".to_owned())]);
                    questions.push(Question { who, path: path.clone(), form, seed: seed + 400_000_000 });
                }
                let is_of_talk = pattern.contains("/introductions/{introduction}")
                    && !DOES_SOMETHING.iter().any(|end| pattern.ends_with(end));
                if is_likely(who, &path) && is_of_talk && (asked + pair).is_multiple_of(FORMS_ONE_IN) {
                    let form = SAYS_NOTHING.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
                    questions.push(Question { who, path: path.clone(), form: Some(form), seed: seed + 400_000_000 });
                }
            }
        }
    }
    questions
}

/// A pattern's addresses in this world, with everything that somebody could know or guess.
fn filled(cast: &Cast, pattern: &str, pair: usize) -> Vec<String> {
    let people: Vec<_> = (0..PEOPLE).map(|number| cast.person(number)).collect();
    // Without a variant these lead to one that is drawn, for everybody, at each request.
    let drawn = matches!(pattern, "/questions/{question}" | "/tasks/{task}" | "/tasks/{task}/files/{*path}")
        || pattern.contains("/questions/{question}/proofs");
    let mut paths = vec![if drawn { format!("{pattern}?variant=7") } else { pattern.to_owned() }];
    // Searches by what is granted in histories, by what never is, in order of what is wished for; and people side by side.
    if pattern.ends_with("/pool") {
        // Everybody in each pair, and the others in turn.
        let queries = ["?pay=44000&currency=EUR", "?country=Land+3", "?level=middle&nice=django-querysets", "?page=2"];
        paths = ["", queries[pair % queries.len()]].iter().map(|query| format!("{pattern}{query}")).collect();
    }
    if pattern.ends_with("/compare") {
        let [one, two, three] = [0, 1, 2].map(|number| people[number].name.as_str());
        let nobody = "0".repeat(32);
        let chosen: [&[&str]; 4] = [&[one, two], &[one, three], &[three, &nobody], &[one, two, three]];
        let names = chosen[pair % chosen.len()].iter().map(|name| format!("with={name}"));
        paths = vec![format!("{pattern}?{}", names.collect::<Vec<_>>().join("&"))];
    }
    let mut put = |name: &str, values: Vec<String>| {
        if paths.iter().any(|path| path.contains(name)) {
            paths = paths.iter().flat_map(|path| values.iter().map(move |value| path.replace(name, value))).collect();
        }
    };
    put("{company}", vec![ACME.to_string(), OTHER.to_string(), THIRD.to_string()]);
    put("{candidate}", people.iter().map(|one| one.name.clone()).chain(["0".repeat(32)]).collect());
    put("{nth}", vec!["0".to_owned(), "1".to_owned()]);
    let links = people.iter().flat_map(|one| &one.links).map(|token| token.secret().to_owned());
    put("{token}", links.chain(["A".repeat(43)]).collect());
    let some =
        |ids: Vec<uuid::Uuid>| ids.into_iter().map(|id| id.to_string()).take(2).chain(["x".to_owned()]).collect();
    // What there is not is asked for in turn.
    let real = |there: Option<String>, none: &str, is_asked: bool| {
        let none = (is_asked || there.is_none()).then(|| none.to_owned());
        there.into_iter().chain(none).collect::<Vec<_>>()
    };
    let talk = cast.talk();
    put("{introduction}", real(talk.as_ref().map(|talk| talk.id.to_string()), NO_TALK, pair.is_multiple_of(4)));
    let no_offer = "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a118";
    put("{offer}", real(talk.map(|_| OFFER.to_owned()), no_offer, pair % 4 == 1));
    put("{domain}", vec!["acme.example".to_owned(), "other.example".to_owned()]);
    put("{vacancy}", real(Some(VACANCY.to_string()), "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a112", pair % 4 == 2));
    put("{signal}", some(people.iter().flat_map(|one| one.signals.clone()).collect()));
    put("{grant}", some(people.iter().flat_map(|one| one.grants.clone()).collect()));
    for (name, value) in [
        ("{guide}", "django"),
        ("{section}", "querysets"),
        ("{question}", "count-in-a-loop"),
        ("{proof}", "x"),
        ("{task}", "till"),
        ("{role}", "keeper"),
        ("{asker}", "employers"),
        ("{check}", "x"),
        ("{attempt}", "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a111"),
        ("{place}", "1"),
        ("{*path}", "manage.py"),
        ("{field}", "headline"),
        ("{session}", "x"),
        ("{passkey}", "x"),
        ("{identity}", "x"),
        ("{item}", "x"),
        ("{job}", "x"),
        ("{board}", "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a115"),
        ("{preview}", "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a116"),
        ("{search}", "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a113"),
        ("{report}", "3f0c2e61-58a5-4d0e-9b43-0d5a51f7a114"),
        ("{version}", "x"),
        ("{*name}", "x"),
        ("{name}", "x"),
        ("{person}", "x"),
        ("{invitation}", "x"),
    ] {
        put(name, vec![value.to_owned()]);
    }
    paths
}

/// Fails if a page of Acme's conversation is not there for whoever acts for it, so that comparing it would compare nothing.
pub fn assert_the_talk_is_there() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let cast = Cast::begin().await;
        for (pair, agrees) in [(0, true), (1, false)] {
            cast.new_people(pair).await;
            cast.fill_and_introduce(pair, agrees).await;
            let base = cast.talk().unwrap().theirs();
            let mut there =
                vec!["", "/close", "/offer", "/kit", "/kit/score"].into_iter().map(str::to_owned).collect::<Vec<_>>();
            there.push(format!("/offers/{OFFER}/call-off"));
            if agrees {
                there.push(format!("/offers/{OFFER}/interview.ics"));
            }
            let asked = all(&cast, pair).await;
            for end in there {
                let path = format!("{base}{end}");
                let is_it = |question: &&Question| {
                    question.path == path && question.who == Who::Carl && question.form.is_none()
                };
                let question = asked.iter().find(is_it).unwrap_or_else(|| panic!("{path} is not asked"));
                let seen = Viewers::ask(&cast, question).await;
                assert_eq!(seen.status, 200, "{path}: {}", seen.text());
            }
            for question in asked.iter().filter(|question| question.who == Who::Ian && question.form.is_none()) {
                assert_eq!(Viewers::ask(&cast, question).await.status, 200, "{question}");
            }
        }
    });
}

/// Fails on an address with a parameter that nobody fills in here.
pub fn assert_all_are_known() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let cast = Cast::begin().await;
        cast.new_people(0).await;
        for pattern in PATTERNS.iter() {
            for path in filled(&cast, pattern, 0) {
                assert!(!path.contains('{'), "{pattern} has a parameter that this test does not know");
            }
        }
        let near = PATTERNS.iter().filter(|pattern| is_near(pattern)).count();
        assert!(near > 20, "{near}");
        assert!(OF_ONES_OWN.iter().all(|path| PATTERNS.contains(path)));
    });
}
