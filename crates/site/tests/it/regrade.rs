//! Judging again what was handed in for a version that the content has superseded, by a judge that pretends.

use crate::browser::{ADA, Browser};
use crate::checks::{Person, UNAIDED, begin, hand_in, id_of, real};
use crate::pretend::Pretend;
use crate::site::TestSite;
use jobfuture_content::{FileSet, Library, Supersedes, Task, Variant};
use jobfuture_db::{Db, params};
use jobfuture_grader::verdict::{SnippetRun, Verdict};
use jobfuture_grader::{ExplainBack, GradeError};
use jobfuture_site::Judge;
use jobfuture_site::check::{ItemKind, Outcome, Reading, RegradePlan, Step};
use psychometrics::Random;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A judge to whom everything that was handed in is right, once it is there.
#[derive(Default)]
struct Kind {
    is_there: AtomicBool,
}

impl Judge for Kind {
    fn grade(&self, task: &Task, variant: &Variant, _: FileSet, seed: u64) -> Result<Verdict, GradeError> {
        if !self.is_there.load(Ordering::Relaxed) {
            return Err(GradeError::Unavailable("Python went away.".to_owned()));
        }
        let right = FileSet::from([("right.py".to_owned(), b"x = 1".to_vec())]);
        Pretend.grade(task, variant, right, seed)
    }

    fn explain_back(&self, _: &Task, _: &Variant, _: FileSet, _: u64) -> Result<Vec<ExplainBack>, GradeError> {
        Ok(Vec::new())
    }

    fn run_snippet(&self, project: &str, code: &str) -> Result<SnippetRun, GradeError> {
        Pretend.run_snippet(project, code)
    }

    fn is_well(&self) -> bool {
        true
    }
}

/// The content of this repository, with a next version of every task that mends a fault.
fn mended() -> Arc<Library> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let mut library = Library::read(&root).unwrap();
    for task in library.tasks.values_mut() {
        let task = Arc::get_mut(task).expect("nobody else has it yet");
        let reason = "It asked for more than its text said.".to_owned();
        task.manifest.supersedes = Some(Supersedes { version: task.manifest.version, reason });
        task.manifest.version += 1;
    }
    Arc::new(library)
}

/// Everything that a statement of the database finds, as text, to see that it stays as it was.
async fn first_judged(db: &Db) -> Vec<(String, Option<i64>, Option<String>)> {
    db.all("select item, category, verdict from attempt_item order by id", &[]).await.unwrap()
}

/// Takes a check: questions right more often than not, tasks without what they ask for.
async fn take_failing_tasks(site: &TestSite, browser: &mut Browser<'_>, path: &str) {
    let owner = browser.owner().await;
    let mut person = Person { site, random: Random::new(7), chance: 0.7 };
    loop {
        let attempt = site.checks().attempt(owner, id_of(path)).await.unwrap().unwrap();
        match attempt.step().unwrap() {
            Step::Task(item) => {
                hand_in(browser, site, path, item, "fail = 1").await.is(303);
            }
            Step::Ended(_) => return,
            _ => {
                person.go_on(browser, path).await;
            }
        }
    }
}

jobfuture_testkit::both_engines! {
    async fn work_is_judged_again_by_the_version_that_mends_its_task(db: Db) {
        let before = real(db.clone());
        let mut ada = Browser::new(&before);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        take_failing_tasks(&before, &mut ada, &path).await;
        ada.get(&path).await.is(200).has("Not shown");
        let owner = ada.owner().await;
        let first = before.checks().attempt(owner, id_of(&path)).await.unwrap().unwrap();
        let tasks = first.answered(ItemKind::Task);
        assert!(tasks >= 2);
        let rows = first_judged(&db).await;

        let after = TestSite::on_library(mended(), db.clone());
        let checks = after.checks();
        let mut plan = RegradePlan { is_dry: true, base_url: Some("https://jobs.example.org".to_owned()), task: None };
        let judge = Arc::new(Kind::default());
        let waiting = checks.regrade(Some(judge.clone()), &plan).await.unwrap();
        assert_eq!(waiting.iter().map(|one| one.waiting).sum::<usize>(), tasks);
        assert!(waiting.iter().all(|one| one.judged == 0 && one.skipped.is_empty()));

        // What cannot be judged is named, and waits.
        plan.is_dry = false;
        let skipped = checks.regrade(Some(judge.clone()), &plan).await.unwrap();
        let skipped: Vec<_> = skipped.iter().flat_map(|one| &one.skipped).collect();
        assert_eq!(skipped.len(), tasks);
        assert!(skipped.iter().all(|(_, why)| why.contains("Python went away")), "{skipped:?}");

        judge.is_there.store(true, Ordering::Relaxed);
        let done = checks.regrade(Some(judge.clone()), &plan).await.unwrap();
        assert_eq!(done.iter().map(|one| one.judged).sum::<usize>(), tasks);
        assert_eq!(first_judged(&db).await, rows, "what was found first stays as it was");

        // The score rises, and the pages show the new verdict with the new version's task.
        let again = checks.attempt(owner, id_of(&path)).await.unwrap().unwrap();
        let mean = |attempt| Reading::posterior(attempt).unwrap().mean();
        assert!(mean(&again) > mean(&first) + 0.3, "{} and then {}", mean(&first), mean(&again));
        let mut ada = Browser { site: &after, cookies: ada.cookies.clone() };
        let page = ada.get(&path).await;
        page.is(200).has("Judged again by a newer version of the task: It asked for more than its text said.");
        page.has_not("Not shown");
        let handed_in = again.items.iter().filter(|item| item.kind == ItemKind::Task && item.outcome == Outcome::Answered);
        for item in handed_in {
            assert!(item.regrade.as_ref().unwrap().0.ends_with("@2"));
            ada.get(&format!("{path}/items/{}", item.place)).await.is(200).has("has been judged again by a newer version");
        }

        // One letter, which says neither a verdict nor a level.
        let letters = after.accounts.outbox(50).await.unwrap();
        let told: Vec<_> = letters.iter().filter(|letter| letter.subject.contains("judged again")).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].recipient == ADA && told[0].body.contains("https://jobs.example.org/attempts\n"));
        for word in ["Shown", "shown", "behaviour", "Junior", "Middle", "Senior", "Django", "passed"] {
            assert!(!told[0].body.contains(word), "{word:?} in {}", told[0].body);
        }

        // Once is enough.
        let idle = checks.regrade(Some(judge), &plan).await.unwrap();
        assert!(idle.iter().all(|one| one.waiting == 0));
        assert_eq!(after.accounts.outbox(50).await.unwrap().len(), letters.len());
    }

    async fn a_check_that_is_under_way_is_left_alone(db: Db) {
        let before = real(db.clone());
        let mut ada = Browser::new(&before);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        let mut person = Person { site: &before, random: Random::new(7), chance: 0.0 };
        let owner = ada.owner().await;
        loop {
            let attempt = before.checks().attempt(owner, id_of(&path)).await.unwrap().unwrap();
            if attempt.answered(ItemKind::Task) > 0 {
                break;
            }
            assert!(person.go_on(&mut ada, &path).await);
        }
        let after = TestSite::on_library(mended(), db.clone());
        let waiting = after.checks().regrade(None, &RegradePlan { is_dry: true, ..Default::default() }).await.unwrap();
        assert!(waiting.iter().all(|one| one.waiting == 0), "{waiting:?}");
        let attempt = before.checks().attempt(owner, id_of(&path)).await.unwrap().unwrap();
        before.checks().stop(owner, &attempt).await.unwrap();
        let waiting = after.checks().regrade(None, &RegradePlan { is_dry: true, ..Default::default() }).await.unwrap();
        assert_eq!(waiting.iter().map(|one| one.waiting).sum::<usize>(), 1);
        let none: Option<(i64,)> = db.optional("select 1 from regrade where category >= $1", params![0_i64]).await.unwrap();
        assert_eq!(none, None);
    }
}
