//! A company's vacancies come in from its own board and follow it; as browsers, and a board, do it.

use crate::browser::Browser;
use crate::pretend::Pretend;
use crate::showing::{company, operator};
use crate::site::{Answer, TestSite};
use crate::vacancies::{of, version, with};
use jiff::SignedDuration;
use jobfuture_db::Db;
use jobfuture_outbound::{Names, Outbound, Policy};
use jobfuture_site::board::Synced;
use jobfuture_site::{Practice, SiteConfig};
use jobfuture_testkit::{NameServer, WebServer, write_answer};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Longer than any board waits for its next turn while all goes well.
const TURN: SignedDuration = SignedDuration::from_hours(8);
const ADDRESS: &str = "https://boards.greenhouse.io/hill";
const TEXT: &str = "You look after the shop's back office: orders, stock and the people who pack. It is in Django, and has been for years.";

/// What the board's server does when it is asked.
#[derive(Clone)]
enum Says {
    Json(Value),
    Bytes(Vec<u8>),
    /// A status and a line of its head, and something that is no board.
    Status(&'static str, &'static str),
    /// The same as an answer, of another type.
    Html,
    Nothing,
}

/// A site that may reach one server of this machine, under the names of a board.
struct Town {
    site: TestSite,
    web: WebServer,
    says: Arc<Mutex<Says>>,
    _dns: NameServer,
}

impl Town {
    fn new(db: Db) -> Self {
        let says = Arc::new(Mutex::new(Says::Nothing));
        let spoken = Arc::clone(&says);
        let web = WebServer::start(move |head, stream| {
            let says = spoken.lock().unwrap().clone();
            const JSON: &str = "Content-Type: application/json";
            match says {
                Says::Json(_) | Says::Bytes(_) => {
                    let body = if let Says::Bytes(bytes) = says {
                        bytes
                    } else {
                        let Says::Json(value) = says else { unreachable!() };
                        value.to_string().into_bytes()
                    };
                    let tag = format!(
                        "\"{:x}\"",
                        body.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(*byte))
                    );
                    if head.to_lowercase().contains(&format!("if-none-match: {tag}")) {
                        write_answer(stream, "304 Not Modified", &[], b"");
                    } else {
                        write_answer(stream, "200 OK", &[JSON, &format!("ETag: {tag}")], &body);
                    }
                }
                Says::Status(status, line) => write_answer(stream, status, &[JSON, line], b"{}"),
                Says::Html => write_answer(stream, "200 OK", &["Content-Type: text/html"], b"<p>We have moved.</p>"),
                Says::Nothing => {}
            }
        });
        let dns = NameServer::start();
        for name in ["boards-api.greenhouse.io", "api.lever.co", "hill.example"] {
            dns.lead(name, &["127.0.0.1"]);
        }
        let policy = Policy::default().with_trial(web.at());
        let outbound = Outbound::new(Names::at(&[dns.at()]).unwrap(), policy, None).unwrap();
        let base_url = Some("https://jobs.example.org".to_owned());
        let config = SiteConfig { base_url, outbound: Some(outbound), ..SiteConfig::default() };
        let site = TestSite::on_real_content(config, db, Practice::On(Arc::new(Pretend)));
        Self { site, web, says, _dns: dns }
    }

    fn says(&self, says: Says) {
        *self.says.lock().unwrap() = says;
    }

    fn lists(&self, jobs: &[Value]) {
        self.says(Says::Json(json!({ "jobs": jobs, "meta": { "total": jobs.len() } })));
    }

    /// As long after as the next turn of every board.
    async fn next_turn(&self) -> Synced {
        self.site.clock.advance(TURN);
        self.site.site.sync_boards().await.unwrap()
    }

    async fn letters(&self) -> Vec<String> {
        let letters = self.site.accounts.outbox(50).await.unwrap();
        letters.into_iter().filter(|letter| letter.subject.contains("board")).map(|letter| letter.body).collect()
    }
}

fn fixture(file: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../boards/tests/fixtures").join(file);
    std::fs::read(path).unwrap()
}

fn job(id: u32, title: &str, text: &str, pay: [u32; 2]) -> Value {
    json!({
        "id": id, "title": title, "content": format!("<p>{text}</p>"),
        "absolute_url": format!("https://boards.greenhouse.io/hill/jobs/{id}"),
        "location": { "name": "Berlin, Germany" },
        "metadata": [
            { "id": 1, "name": "Employment Type", "value": "Full-time", "value_type": "single_select" },
            { "id": 2, "name": "Workplace Type", "value": "On-site", "value_type": "single_select" },
        ],
        "first_published": "2026-11-20T08:00:00Z", "updated_at": "2026-11-20T08:00:00Z",
        "application_deadline": "2026-12-31T12:00:00Z", "company_name": "Acme", "departments": [],
        "pay_input_ranges": [
            { "min_cents": pay[0] * 100, "max_cents": pay[1] * 100, "currency_type": "EUR", "title": "Annual Salary:", "blurb": "" },
        ],
    })
}

const PAY: [u32; 2] = [60_000, 75_000];

fn jobs(count: u32) -> Vec<Value> {
    (1..=count).map(|id| job(id, &format!("Django developer {id}"), TEXT, PAY)).collect()
}

/// Looks at the board; the path of the preview.
async fn look(carl: &mut Browser<'_>, boards: &str) -> String {
    carl.post(boards, &[("address", ADDRESS)]).await.is(303).header("location").to_owned()
}

/// Takes the first `count` postings; the paths of the drafts, in the board's order.
async fn take(carl: &mut Browser<'_>, boards: &str, count: usize) -> Vec<String> {
    let preview = look(carl, boards).await;
    let numbers: Vec<String> = (0..count).map(|nth| nth.to_string()).collect();
    let roles: Vec<String> = numbers.iter().map(|nth| format!("role:{nth}")).collect();
    let levels: Vec<String> = numbers.iter().map(|nth| format!("level:{nth}")).collect();
    let mut fields = vec![("process", "A call of half an hour, an afternoon with the team."), ("screening", "none")];
    for nth in 0..count {
        fields.extend([
            ("take", numbers[nth].as_str()),
            (roles[nth].as_str(), "django-developer"),
            (levels[nth].as_str(), "middle"),
        ]);
    }
    carl.post(&preview, &fields).await.is(303);
    let page = carl.get(&preview).await;
    let own = of(&boards.replace("/boards", "/candidates"));
    page.links().into_iter().filter(|url| url.starts_with(&format!("{own}/"))).collect()
}

/// Publishes a draft with what the board said, and what it did not.
async fn publish(carl: &mut Browser<'_>, own: &str, id: u32) -> String {
    let form = carl.get(own).await;
    let at = version(&form);
    let (title, apply) = (format!("Django developer {id}"), format!("https://boards.greenhouse.io/hill/jobs/{id}"));
    let fields = with(&[
        ("title", &title),
        ("remote", "onsite"),
        ("countries", "DE"),
        ("city", "Berlin"),
        ("zone_from", ""),
        ("zone_to", ""),
        ("description", TEXT),
        ("apply", &apply),
        ("do", "publish"),
        ("version", &at),
    ]);
    carl.post(own, &fields).await.is(303);
    format!("/vacancies/{}", own.rsplit('/').next().unwrap())
}

fn boards_of(company: &str) -> String {
    company.replace("/candidates", "/boards")
}

/// The page of the company's first board.
async fn board(carl: &mut Browser<'_>, boards: &str) -> String {
    let list = carl.get(boards).await;
    let others = [format!("{boards}/file"), format!("{boards}/previews")];
    let beginning = format!("{boards}/");
    let mut links = list.links().into_iter().filter(|url| url.starts_with(&beginning) && !others.contains(url));
    links.next().expect("a board")
}

fn drafts(list: &Answer, title: &str) -> usize {
    list.text().matches(&format!(">{title}</a></h3>")).count()
}

jobfuture_testkit::both_engines! {
    async fn a_board_is_looked_at_chosen_from_and_comes_only_once(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut carl, company) = company(&town.site, &mut edna).await;
        let (vacancies, boards) = (of(&company), boards_of(&company));
        carl.get(&vacancies).await.is(200).has(&boards);
        carl.get(&boards).await.is(200).has("Look at what is there");
        carl.post(&boards, &[("address", "greenhouse")]).await.is(422).has("This is no address").has("value=\"greenhouse\"");
        carl.post(&boards, &[("address", "https://boards.greenhouse.io/")]).await.is(422).has("board there");
        town.says(Says::Bytes(fixture("greenhouse.json")));
        let preview = look(&mut carl, &boards).await;
        let page = carl.get(&preview).await;
        page.is(200).has("Senior Django Developer").has("Senior: “Senior” in the title").has("EUR 65000 to 82000");
        page.has("No pay is stated").has("how the process runs").has("upside down").has_not("<script>alert").has_not("href=\"javascript:");
        assert!(town.web.heads()[0].starts_with("GET /v1/boards/hill/jobs?content=true"), "{:?}", town.web.heads());
        // Nothing is kept by looking, and nothing without a tick.
        carl.get(&boards).await.has_not("Where they come from");
        carl.get(&vacancies).await.has_not("Senior Django Developer");
        carl.post(&preview, &[("process", "A call.")]).await.is(422).has("Tick at least one");
        let chosen = [
            ("take", "0"), ("role:0", "backend-developer"), ("level:0", "nonsense"), ("take", "77"), ("take", "x"),
            ("process", "A call of half an hour."), ("zone_from", "0"), ("zone_to", "2"),
        ];
        carl.post(&preview, &chosen).await.is(303);
        carl.get(&preview).await.is(200).has("It is here already, and says the same");
        let list = carl.get(&vacancies).await;
        assert_eq!(drafts(&list, "Senior Django Developer"), 1, "{}", list.text());
        let own = list.links().into_iter().find(|url| url.starts_with(&format!("{vacancies}/")) && !url.ends_with("/new")).unwrap();
        // The draft says by itself what is missing.
        let form = carl.get(&own).await;
        form.is(200).has("Made of").has("Not published yet").has("Choose the level that is asked for").has("Say what part software has");
        form.has("<option value=\"backend-developer\" selected>").has("A call of half an hour.").has("value=\"65000\"");
        town.site.get("/vacancies").await.has("Nothing found");
        // The same again changes nothing.
        let again = look(&mut carl, &boards).await;
        carl.get(&again).await.is(200).has("It is here already, and says the same");
        carl.post(&again, &chosen).await.is(303);
        assert_eq!(drafts(&carl.get(&vacancies).await, "Senior Django Developer"), 1);
        assert_eq!(version(&carl.get(&own).await), version(&form));
        let board = board(&mut carl, &boards).await;
        carl.get(&board).await.is(200).has("Senior Django Developer").has("Look now");
        // Looked at a moment ago: the server is left alone.
        let asked = town.web.heads().len();
        assert!(!carl.post(&format!("{board}/look"), &[]).await.is(429).header("retry-after").is_empty());
        assert_eq!(town.web.heads().len(), asked);
        carl.post(&format!("{board}/remove"), &[]).await.is(303);
        carl.get(&board).await.is(404);
        carl.get(&own).await.is(200).has_not("Made of");
    }

    async fn files_of_every_form_are_offered(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut carl, company) = company(&town.site, &mut edna).await;
        let boards = boards_of(&company);
        let file = format!("{boards}/file");
        for name in [
            "ashby.json", "greenhouse.json", "lever.json", "page.html", "personio.xml", "postings.csv", "recruitee.json", "workable.json",
        ] {
            let preview = carl.upload(&file, &[("file", &fixture(name))]).await.is(303).header("location").to_owned();
            let page = carl.get(&preview).await;
            page.is(200).has("Keep “").has("What the board does not say");
            carl.post(&preview, &[("take", "0")]).await.is(303);
            carl.get(&preview).await.is(200).has("It is here already");
        }
        carl.get(&boards).await.is(200).has("Files: Lever").has("Files: CSV").has("Brought on");
        let csv = b"external_id,title\n7,Keeper of books\n";
        let preview = carl.upload(&file, &[("file", b""), ("text", csv)]).await.is(303).header("location").to_owned();
        carl.get(&preview).await.has("Keeper of books");
        // A file that was changed brings its draft on, and no second one.
        carl.post(&preview, &[("take", "0")]).await.is(303);
        let preview = carl.upload(&file, &[("text", b"external_id,title\n7,Keeper of old books\n")]).await.is(303).header("location").to_owned();
        carl.get(&preview).await.has("says something else since").has("Bring its text on");
        carl.post(&preview, &[("take", "0")]).await.is(303);
        let list = carl.get(&of(&company)).await;
        assert_eq!((drafts(&list, "Keeper of books"), drafts(&list, "Keeper of old books")), (0, 1));
        carl.upload(&file, &[("file", b"")]).await.is(422).has("Choose a file");
        let refused = carl.upload(&file, &[("text", b"external_id,title,town\n7,Keeper of maps,Linz\n")]).await;
        refused.is(422).has("the column “town” is not known").has("7,Keeper of maps,Linz");
        carl.upload(&file, &[("file", b"[]")]).await.is(422).has("cannot be told");
        carl.upload(&file, &[("file", b"[]"), ("form", b"Lever")]).await.is(303);
        carl.upload(&file, &[("file", b"{\"jobs\": 7}"), ("form", b"Greenhouse")]).await.is(422).has("The file was not taken").has("$.jobs");
        carl.upload(&file, &[("file", &vec![b'x'; (8 << 20) + 1])]).await.is(413).has("The file");
        carl.post(&file, &[("text", "x")]).await.is(400).has("multipart/form-data");
        carl.get(&file).await.is(303);
    }

    async fn what_the_board_changes_follows_and_what_is_gone_is_closed(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut carl, company) = company(&town.site, &mut edna).await;
        let boards = boards_of(&company);
        town.lists(&jobs(3));
        let own = take(&mut carl, &boards, 3).await;
        assert_eq!(own.len(), 3);
        let (first, second) = (publish(&mut carl, &own[0], 1).await, publish(&mut carl, &own[1], 2).await);
        assert_eq!(town.site.site.sync_boards().await.unwrap(), Synced::default(), "its turn has not come");
        // Read whole once, and told by its version from then on.
        let done = town.next_turn().await;
        assert_eq!((done.looked, done.changed, done.closed, done.faulty), (1, 0, 0, 0));
        town.next_turn().await;
        assert!(town.web.heads().last().unwrap().to_lowercase().contains("if-none-match"), "{:?}", town.web.heads());
        assert_eq!(town.site.site.sync_boards().await.unwrap().looked, 0);
        // As long as the board has it, nobody has to confirm it.
        for _ in 0..45 {
            town.next_turn().await;
            // Who looks in now and then stays signed in.
            carl.get(&boards).await.is(200);
        }
        assert_eq!(town.site.site.tend_vacancies().await.unwrap(), Default::default());
        town.site.get(&first).await.is(200);
        // Texts change: of an open vacancy and of a draft.
        let longer = format!("{TEXT} And a cat.");
        let changed = [job(1, "Django developer 1", &longer, PAY), jobs(2)[1].clone(), job(3, "Django developer three", TEXT, PAY)];
        town.lists(&changed);
        assert_eq!(town.next_turn().await.changed, 2);
        town.site.get(&first).await.is(200).has("And a cat.").has("EUR 60,000 to 75,000 a year");
        carl.get(&own[2]).await.has("value=\"Django developer three\"").has("<option value=\"middle\" selected>");
        // What could not be published so stays as it was, and somebody is told, once.
        town.lists(&[job(1, "Django developer 1", "Send us your current salary.", PAY), changed[1].clone(), changed[2].clone()]);
        assert_eq!(town.next_turn().await.changed, 0);
        town.next_turn().await;
        town.site.get(&first).await.is(200).has("And a cat.").has_not("current salary");
        let letters = town.letters().await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert!(letters[0].contains("stays as it was") && letters[0].contains("https://jobs.example.org/companies/"), "{letters:?}");
        let board = board(&mut carl, &boards).await;
        carl.get(&board).await.has("cannot be published so");
        carl.get(&own[0]).await.has("cannot be published so");
        // Gone: closed, as gone.
        town.lists(&changed[1..]);
        assert_eq!(town.next_turn().await.closed, 1);
        town.site.get(&first).await.is(410).has("own board no longer has it");
        town.site.get(&second).await.is(200);
        assert!(town.letters().await[0].contains("no longer has these"));
        carl.get(&board).await.has("Gone from the board on");
        // A draft whose posting is gone is still there for its company.
        town.lists(&changed[1..2]);
        assert_eq!(town.next_turn().await.closed, 0);
        carl.get(&own[2]).await.is(200).has("where it is no more");
    }

    async fn of_new_postings_its_people_hear_once_and_nothing_is_made_of_them(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut carl, company) = company(&town.site, &mut edna).await;
        let boards = boards_of(&company);
        town.lists(&jobs(3));
        let own = take(&mut carl, &boards, 2).await;
        town.next_turn().await;
        assert_eq!(town.letters().await, Vec::<String>::new(), "who left one out knows of it");
        town.lists(&jobs(5));
        town.next_turn().await;
        town.next_turn().await;
        let letters = town.letters().await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert!(letters[0].contains("There are 2 new postings on it."), "{letters:?}");
        let board = board(&mut carl, &boards).await;
        carl.get(&board).await.has("3 of them not taken");
        assert_eq!(own.len(), 2);
    }

    async fn a_persons_change_stays(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut carl, company) = company(&town.site, &mut edna).await;
        let boards = boards_of(&company);
        town.lists(&jobs(1));
        let own = take(&mut carl, &boards, 1).await.remove(0);
        let public = publish(&mut carl, &own, 1).await;
        let at = version(&carl.get(&own).await);
        let fields = with(&[
            ("title", "Django developer, by hand"), ("remote", "onsite"), ("countries", "DE"), ("city", "Berlin"), ("zone_from", ""),
            ("zone_to", ""), ("description", TEXT), ("apply", "https://boards.greenhouse.io/hill/jobs/1"), ("version", &at),
        ]);
        carl.post(&own, &fields).await.is(303);
        town.lists(&[job(1, "Django developer of the board", TEXT, [50_000, 75_000])]);
        assert_eq!(town.next_turn().await.changed, 1);
        town.site.get(&public).await.is(200).has("Django developer, by hand").has("EUR 50,000 to 75,000 a year");
        carl.get(&own).await.is(200).has("The board changed the title, which somebody here had changed too");
        assert!(town.letters().await.is_empty(), "nothing has to be done");
    }

    async fn what_is_in_doubt_closes_nothing_until_somebody_says_so(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut carl, company) = company(&town.site, &mut edna).await;
        let boards = boards_of(&company);
        town.lists(&jobs(4));
        let own = take(&mut carl, &boards, 4).await;
        let mut open = Vec::new();
        for (id, own) in (1..).zip(&own) {
            open.push(publish(&mut carl, own, id).await);
        }
        let board = board(&mut carl, &boards).await;
        for left in [&jobs(4)[..0], &jobs(4)[..1]] {
            town.lists(left);
            let done = town.next_turn().await;
            assert_eq!((done.closed, done.doubted), (0, 1));
            for public in &open {
                town.site.get(public).await.is(200);
            }
        }
        assert_eq!(town.letters().await.len(), 1, "the doubt is told once");
        carl.get(&boards).await.has("Say whether they are gone");
        carl.get(&board).await.has("3 postings are missing").has("They are gone: close them");
        // It was a mistake: all are there again.
        town.lists(&jobs(4));
        assert_eq!(town.next_turn().await.doubted, 0);
        carl.get(&board).await.has_not("They are gone");
        carl.post(&format!("{board}/close-missing"), &[]).await.is(404);
        // It is none.
        town.lists(&jobs(1));
        assert_eq!(town.next_turn().await.doubted, 1);
        carl.post(&format!("{board}/close-missing"), &[]).await.is(303);
        town.site.get(&open[0]).await.is(200);
        for public in &open[1..] {
            town.site.get(public).await.is(410);
        }
        carl.get(&board).await.has_not("They are gone");
    }

    async fn a_board_that_fails_is_told_of_and_changes_nothing(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut carl, company) = company(&town.site, &mut edna).await;
        let boards = boards_of(&company);
        for (says, why) in [
            (Says::Html, "is of the type text/html"),
            (Says::Json(json!({ "positions": [] })), "was expected at"),
            (Says::Status("404 Not Found", "X: y"), "answered 404"),
            (Says::Status("302 Found", "Location: http://169.254.169.254/"), "Redirects are not followed"),
            (Says::Bytes(b"{\"jobs\": [".to_vec()), "JSON was expected"),
            (Says::Nothing, "could not be read"),
        ] {
            town.says(says);
            carl.post(&boards, &[("address", ADDRESS)]).await.is(422).has(why).has(ADDRESS);
        }
        for address in ["https://127.0.0.2/jobs", "https://169.254.169.254/latest", "https://[::1]/", "http://hill.example/jobs"] {
            carl.post(&boards, &[("address", address)]).await.is(422).has("role=\"alert\"");
        }
        carl.get(&boards).await.has_not("Where they come from");
        // The same id twice: the first counts, the other is told of.
        town.lists(&[job(1, "Django developer 1", TEXT, PAY), job(1, "Somebody else", TEXT, PAY), job(2, "Django developer 2", TEXT, PAY)]);
        let preview = look(&mut carl, &boards).await;
        carl.get(&preview).await.has("same id and says something else").has_not("Keep “Somebody else”");
        let own = take(&mut carl, &boards, 2).await;
        let open = publish(&mut carl, &own[0], 1).await;
        // A form that has changed does not mend itself: somebody hears of it at once, and nothing else happens.
        town.says(Says::Json(json!({ "positions": [] })));
        let done = town.next_turn().await;
        assert_eq!((done.looked, done.faulty, done.closed, done.changed), (1, 1, 0, 0));
        assert_eq!(town.letters().await.len(), 1);
        let board = board(&mut carl, &boards).await;
        carl.get(&board).await.has("The last time it could not be read").has("was expected at");
        town.site.get(&open).await.is(200);
        // Later each time, and as late as the server asks.
        town.site.clock.advance(HOUR * 16);
        town.says(Says::Status("503 Service Unavailable", "Retry-After: 86400"));
        assert_eq!(town.site.site.sync_boards().await.unwrap().faulty, 1);
        town.site.clock.advance(HOUR * 23);
        assert_eq!(town.site.site.sync_boards().await.unwrap().looked, 0);
        carl.post(&format!("{board}/look"), &[]).await.is(429);
        // In the end it rests, and says so.
        town.says(Says::Nothing);
        for _ in 0..4 {
            town.site.clock.advance(HOUR * 60);
            assert_eq!(town.site.site.sync_boards().await.unwrap().faulty, 1);
        }
        assert_eq!(town.letters().await.len(), 2);
        town.site.clock.advance(HOUR * 60);
        assert_eq!(town.site.site.sync_boards().await.unwrap().looked, 0);
        carl.get(&boards).await.has("is not looked at any more");
        town.lists(&jobs(2));
        carl.post(&format!("{board}/look"), &[]).await.is(303);
        carl.get(&board).await.is(200).has_not("could not be read").has("Looked at again on");
        assert_eq!(town.next_turn().await.looked, 1);
    }

    async fn a_company_asks_others_only_so_often(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut carl, company) = company(&town.site, &mut edna).await;
        let boards = boards_of(&company);
        town.says(Says::Html);
        for _ in 0..30 {
            carl.post(&boards, &[("address", ADDRESS)]).await.is(422);
        }
        carl.post(&boards, &[("address", ADDRESS)]).await.is(429);
        assert_eq!(town.web.heads().len(), 30);
        town.site.clock.advance(HOUR * 2);
        carl.post(&boards, &[("address", ADDRESS)]).await.is(422);
    }

    async fn nobody_else_finds_a_companys_boards(db: Db) {
        let town = Town::new(db);
        let mut edna = operator(&town.site).await;
        let (mut carl, company) = company(&town.site, &mut edna).await;
        let boards = boards_of(&company);
        town.lists(&jobs(2));
        take(&mut carl, &boards, 1).await;
        let preview = look(&mut carl, &boards).await;
        let board = board(&mut carl, &boards).await;
        let mut otto = Browser::new(&town.site);
        otto.join("otto@other.example").await;
        let fields = [("name", "Other"), ("domain", "other.example"), ("role", "django-developer")];
        let other = format!("{}/boards", otto.post("/companies/new", &fields).await.is(303).header("location"));
        otto.get(&other).await.is(200).has_not("boards.greenhouse.io");
        let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        // Neither at the company's own address, nor at another company's with its ids.
        for path in [&boards, &preview, &board, &format!("{other}/{}", name(&board)), &format!("{other}/previews/{}", name(&preview))] {
            otto.get(path).await.is(404);
            let mut stranger = Browser::new(&town.site);
            stranger.get(path).await.is(303);
        }
        for (path, act) in [(&board, "look"), (&board, "close-missing"), (&board, "remove")] {
            otto.post(&format!("{path}/{act}"), &[]).await.is(404);
            otto.post(&format!("{other}/{}/{act}", name(path)), &[]).await.is(404);
        }
        otto.post(&boards, &[("address", ADDRESS)]).await.is(404);
        otto.post(&preview, &[("take", "1")]).await.is(404);
        otto.post(&format!("{other}/previews/{}", name(&preview)), &[("take", "1")]).await.is(404);
        otto.upload(&format!("{boards}/file"), &[("text", b"external_id,title\n7,x\n")]).await.is(404);
        carl.get(&board).await.is(200);
        carl.get(&preview).await.is(200).has("Keep “Django developer 2”");
        // A preview is over after a day.
        town.site.clock.advance(HOUR * 25);
        carl.get(&preview).await.is(404);
        carl.get(&format!("{board}x")).await.is(404);
    }
}
