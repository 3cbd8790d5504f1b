//! People who have taken checks, in a database of their own, for the commands that come after a check.

use crate::{content, run_apart};
use jobfuture_content::{Answer, FileSet, Library};
use jobfuture_db::{Clock, Db};
use jobfuture_disclosure::Disclosure;
use jobfuture_grader::verdict::{BehaviourVerdict, Verdict};
use jobfuture_site::check::{
    Attempt, AttemptId, AttemptItem, Beginning, Checks, Condition, HandedIn, ItemKind, Loaded, Pace, Step,
};
use jobfuture_site::{Accounts, EmailAddress, NewAccount, Owner};
use psychometrics::Random;
use psychometrics::score::Posterior;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub const CHECK: &str = "django-developer";

/// A database, its keys, and content that a test may change.
pub struct Place {
    folder: tempfile::TempDir,
}

/// The same, opened as the server opens it.
pub struct Opened {
    pub db: Db,
    pub accounts: Accounts,
    pub checks: Checks,
    pub library: Arc<Library>,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&content(), &folder.path().join("content"));
        Self { folder }
    }

    /// A file of the content.
    pub fn file(&self, path: &str) -> PathBuf {
        self.folder.path().join("content").join(path)
    }

    /// Puts other words into a file of the content.
    pub fn change(&self, path: &str, words: &[(&str, &str)]) {
        let file = self.file(path);
        let mut text = std::fs::read_to_string(&file).unwrap();
        for (from, to) in words {
            assert!(text.contains(from), "{path} has no {from:?}");
            text = text.replace(from, to);
        }
        std::fs::write(file, text).unwrap();
    }

    fn url(&self, name: &str) -> String {
        format!("sqlite:{}", self.folder.path().join(name).display())
    }

    /// Runs a command on it: exit code, standard output, standard error.
    pub fn run(&self, command: &str, data: &Path, more: &[&str]) -> (i32, String, String) {
        let (db, keys, content) = (self.url("jobfuture.db"), self.url("keys.db"), self.file(""));
        let (content, data) = (content.to_str().unwrap(), data.to_str().unwrap());
        let place = ["--database-url", &db, "--keys-url", &keys, "--content", content, "--data", data];
        run_apart(&[&[command], &place[..], more].concat())
    }

    /// A data folder in which nothing is prepared.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub async fn open(&self) -> Opened {
        let library = Arc::new(Library::read(&self.file("")).unwrap());
        let db = Db::open(&self.url("jobfuture.db")).await.unwrap();
        let keys = Db::open(&self.url("keys.db")).await.unwrap();
        let accounts = Accounts::new(db.clone(), Clock::system()).unwrap();
        let disclosure = Disclosure::open(db.clone(), keys, Clock::system()).await.unwrap();
        let checks = Checks::new(db.clone(), disclosure.keys().clone(), Clock::system(), Arc::clone(&library));
        checks.prepare().await.unwrap();
        Opened { db, accounts, checks, library }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Runs something that waits.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

impl Opened {
    /// An account, and the key to it as a session gives it.
    pub async fn person(&self, email: &str) -> Owner {
        let email = EmailAddress::parse(email).unwrap();
        let new = NewAccount { email, name: "Somebody".to_owned(), password: None, is_operator: false };
        let account = self.accounts.create(new).await.unwrap().unwrap();
        let token = self.accounts.sign_in(account, "A browser", "a test").await.unwrap();
        self.accounts.session(&token).await.unwrap().unwrap().owner()
    }

    pub async fn release(&self) -> Arc<Loaded> {
        self.checks.current(&self.library.checks[CHECK]).await.unwrap()
    }

    /// Begins a check whose answers are lent.
    pub async fn begin(&self, owner: Owner) -> AttemptId {
        let how = Beginning { condition: Condition::Unaided, pace: Pace::ALL[0], lends_answers: true, quiet: false };
        self.checks.begin(owner, &self.library.checks[CHECK], how).await.unwrap().unwrap()
    }

    pub async fn attempt(&self, owner: Owner, id: AttemptId) -> Attempt {
        self.checks.attempt(owner, id).await.unwrap().unwrap()
    }

    /// Takes a whole check as somebody of a level that is drawn; what they hand in shows as much as they can.
    pub async fn take(&self, owner: Owner, mut random: Random) {
        let node = random.weighted(Posterior::normal(0.0, 1.0).unwrap().weights());
        let id = self.begin(owner).await;
        loop {
            let attempt = self.attempt(owner, id).await;
            let (item, is_task) = match attempt.step().unwrap() {
                Step::Question(item) => (item, false),
                Step::Task(item) => (item, true),
                Step::Explain(_) => panic!("nothing was asked about any code"),
                Step::Ended(_) => return,
            };
            let number = attempt.release.number(&item.item).unwrap();
            let table = attempt.release.table(Condition::Unaided, number).unwrap();
            let chances: Vec<f64> = table.rows().iter().map(|row| row[node]).collect();
            let category = random.weighted(&chances);
            if is_task {
                let work = HandedIn {
                    files: FileSet::from([("work.py".to_owned(), b"x = 1\n".to_vec())]),
                    verdict: self.verdict(item, category),
                    explain: Vec::new(),
                };
                self.checks.hand_in(owner, &attempt, item.place, work).await.unwrap();
            } else {
                let answer = Answer::Typed("as it came to mind".to_owned());
                self.checks.answer(owner, &attempt, item.place, answer, category == 1).await.unwrap();
            }
        }
    }

    /// A verdict that so many behaviours of a task were shown.
    pub fn verdict(&self, item: &AttemptItem, shown: usize) -> Verdict {
        assert_eq!(item.kind, ItemKind::Task);
        let (uuid, _) = item.item.split_once('@').unwrap();
        let task = self.library.tasks.values().find(|task| task.manifest.uuid.to_string() == uuid).unwrap();
        let behaviours = task.behaviours.iter().enumerate().map(|(at, (file, _))| BehaviourVerdict {
            id: file.clone(),
            kind: "http".to_owned(),
            requirement: "R1".to_owned(),
            title: "What was asked for".to_owned(),
            passed: at < shown,
            evidence: Vec::new(),
        });
        let behaviours: Vec<_> = behaviours.collect();
        Verdict {
            task: task.id.clone(),
            version: task.manifest.version,
            seed: item.seed,
            passed: shown == behaviours.len(),
            behaviours,
            statements: Vec::new(),
            stopped: None,
            output: String::new(),
            timings_ms: Default::default(),
            used: Default::default(),
        }
    }
}
