//! `kill -9` of the server in the middle of fifty checks: every answer that was acknowledged is there, every check goes on.

use crate::checks::{fields, question_of, real};
use crate::site::{TestSite, encoded};
use jobfuture_content::Answer;
use jobfuture_db::Db;
use jobfuture_site::check::{Attempt, AttemptId, Outcome, Step};
use jobfuture_site::{Owner, Token};
use psychometrics::Random;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ADDRESS: &str = "JOBFUTURE_TEST_SERVE_UNTIL_KILLED";
const PEOPLE: usize = 50;

/// What the killed process is: this test, run again with a database.
#[test]
fn serves_until_killed_when_it_is_the_child() {
    let Ok(url) = std::env::var(ADDRESS) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let site = real(Db::open(&url).await.unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        std::io::stdout().lock().write_all(format!("listening {port}\n").as_bytes()).unwrap();
        let service = axum::ServiceExt::<axum::extract::Request>::into_make_service_with_connect_info::<SocketAddr>(
            site.site.service(),
        );
        axum::serve(listener, service).await.unwrap();
    });
}

/// A server that can be killed.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(url: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "check_crash::serves_until_killed_when_it_is_the_child", "--nocapture"])
            .env(ADDRESS, url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("listening ")?.parse().ok());
        Self { child, port: port.expect("the server says where it listens") }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Sends a form; the status and where it leads, or nothing if there was no whole answer.
async fn send(port: u16, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Option<(u16, String)> {
    let body = encoded(fields);
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncookie: session={cookie}\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, _) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_default();
    Some((status, location.to_owned()))
}

struct Candidate {
    cookie: String,
    owner: Owner,
    random: Random,
    path: Option<String>,
    /// Place and answer of everything that was acknowledged.
    acknowledged: Vec<(u32, Option<Answer>)>,
    is_done: bool,
}

impl Candidate {
    async fn join(site: &TestSite, number: usize) -> Self {
        let new = jobfuture_site::NewAccount {
            email: jobfuture_site::EmailAddress::parse(&format!("person{number}@example.org")).unwrap(),
            name: "Somebody".to_owned(),
            password: None,
            is_operator: false,
        };
        let account = site.accounts.create(new).await.unwrap().unwrap();
        let token: Token = site.accounts.sign_in(account, "A browser", "a test").await.unwrap();
        let owner = site.accounts.session(&token).await.unwrap().unwrap().owner();
        let random = Random::of(9, number as u64);
        Self { cookie: token.secret().to_owned(), owner, random, path: None, acknowledged: Vec::new(), is_done: false }
    }

    async fn attempt(&self, site: &TestSite) -> Option<Attempt> {
        let id = AttemptId::parse(self.path.as_ref()?.strip_prefix("/attempts/")?)?;
        site.checks().attempt(self.owner, id).await.unwrap()
    }

    /// One act; nothing was acknowledged if the server was killed meanwhile.
    async fn act(&mut self, site: &TestSite, port: u16) -> Option<()> {
        let Some(attempt) = self.attempt(site).await else {
            let fields = [("condition", "unaided"), ("pace", "100")];
            let (status, path) = send(port, &self.cookie, "/checks/django-developer/begin", &fields).await?;
            assert_eq!(status, 303);
            self.path = Some(path);
            return Some(());
        };
        let path = format!("/attempts/{}", attempt.id());
        match attempt.step().expect("it waits for something") {
            Step::Question(item) => {
                let question = question_of(site, item);
                let fields = fields(&question, item.seed, self.random.uniform() < 0.6);
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let given = fields.iter().find(|(name, _)| *name == "answer");
                let given = given.map(|(_, text)| Answer::Typed((*text).to_owned()));
                let (status, to) = send(port, &self.cookie, &format!("{path}/items/{}", item.place), &fields).await?;
                assert_eq!((status, to.as_str()), (303, path.as_str()));
                self.acknowledged.push((item.place, given));
            }
            Step::Task(item) => {
                let (uuid, _) = item.item.split_once('@').unwrap();
                let task = site.library.tasks.values().find(|task| task.manifest.uuid.to_string() == uuid).unwrap();
                let name = format!("file:{}", task.editable.open_first);
                let url = format!("{path}/items/{}/hand-in", item.place);
                let (status, _) = send(port, &self.cookie, &url, &[(&name, "shown = 2")]).await?;
                // An address is allowed only so many runs a minute, and all of these come from one.
                if status == 303 {
                    self.acknowledged.push((item.place, None));
                } else {
                    assert_eq!(status, 429);
                    send(port, &self.cookie, &format!("{path}/stop"), &[]).await?;
                }
            }
            Step::Explain(item) => {
                send(port, &self.cookie, &format!("{path}/items/{}/explain", item.place), &[]).await?;
            }
            Step::Ended(_) => self.is_done = true,
        }
        Some(())
    }
}

/// Ten at a time go on until they are done, or nobody answers any more.
async fn work(site: &Arc<TestSite>, people: Vec<Candidate>, port: u16) -> Vec<Candidate> {
    let mut crowd = tokio::task::JoinSet::new();
    let mut people = people.into_iter();
    for _ in 0..10 {
        let (site, mine) = (Arc::clone(site), people.by_ref().take(PEOPLE / 10).collect::<Vec<_>>());
        crowd.spawn(async move {
            let mut mine = mine;
            for person in &mut mine {
                while !person.is_done && person.act(&site, port).await.is_some() {}
            }
            mine
        });
    }
    crowd.join_all().await.into_iter().flatten().collect()
}

fn killed_at_random(url: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let site = Arc::new(real(Db::open(url).await.unwrap()));
        site.checks().prepare().await.unwrap();
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(Candidate::join(&site, number).await);
        }
        let mut random = Random::new(1);
        let mut kills = 0;
        while people.iter().any(|person| !person.is_done) {
            let server = Server::start(url);
            let port = server.port;
            // Killed while requests are under way. The last server is left alone, so that the test comes to an end.
            let is_last = kills == 5;
            let life = Duration::from_millis(if is_last { 120_000 } else { 250 + random.index(900) as u64 });
            let (done, waits) = std::sync::mpsc::channel::<()>();
            let killer = std::thread::spawn(move || {
                let _ = waits.recv_timeout(life);
                server.kill();
            });
            people = work(&site, people, port).await;
            kills += 1;
            drop(done);
            killer.join().unwrap();
        }
        assert!(kills >= 3, "the server was killed {kills} times");
        for person in &people {
            let attempt = person.attempt(&site).await.unwrap();
            attempt.state().unwrap();
            for (place, given) in &person.acknowledged {
                let item = attempt.item(*place).unwrap();
                assert_eq!(item.outcome, Outcome::Answered);
                assert!(given.is_none() || item.answer == *given, "place {place}");
            }
            let places: Vec<u32> = attempt.items.iter().map(|item| item.place).collect();
            assert_eq!(places, (1..=attempt.items.len() as u32).collect::<Vec<_>>(), "nothing was asked twice");
        }
    });
}

#[test]
fn killed_servers_lose_no_acknowledged_answer_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    killed_at_random(&format!("sqlite:{}", folder.path().join("crash.db").display()));
}

#[test]
fn killed_servers_lose_no_acknowledged_answer_on_postgres() {
    killed_at_random(&jobfuture_testkit::PostgresServer::shared().database());
}
