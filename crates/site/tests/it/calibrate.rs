//! Calibration by answers that were lent: on the real content, by people whose levels and items are known to be other than
//! the authors took them.

use crate::checks::real;
use crate::site::TestSite;
use jobfuture_codes::Code;
use jobfuture_content::Library;
use jobfuture_content::check::Count;
use jobfuture_db::{Db, params};
use jobfuture_site::check::{
    BankParts, CalibrationOutcome, CalibrationPlan, Condition, ItemKind, Loaded, Moved, Source,
};
use psychometrics::Random;
use psychometrics::adaptive::Next;
use psychometrics::score::Posterior;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

const CHECK: &str = "django-developer";
const PLAN: CalibrationPlan =
    CalibrationPlan { condition: Condition::Unaided, people_at_least: 200, simulated: 20_000, is_dry: false };

async fn current(site: &TestSite) -> Arc<Loaded> {
    site.checks().current(&site.library.checks[CHECK]).await.unwrap()
}

/// The content of this repository with a check so long that it keeps every bar, also where people and items are other than it
/// believes.
fn long_check() -> Arc<Library> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let mut library = Library::read(&root).unwrap();
    let check = Arc::get_mut(library.checks.get_mut(CHECK).unwrap()).expect("nobody else has it yet");
    let manifest = &mut check.manifest;
    (manifest.minutes, manifest.stopping.band_at_least, manifest.stopping.change_at_most) = (1000, 0.999, 0.01);
    manifest.questions = Count { min: 36, max: 40 };
    for area in &mut manifest.areas {
        area.questions = Count { min: 4, max: 14 };
    }
    Arc::new(library)
}

/// A bank as it might truly be: every difficulty off by as much as its authors say that it may be.
fn truth(parts: &BankParts, random: &mut Random) -> BankParts {
    let mut truth = parts.clone();
    for item in &mut truth.items {
        item.difficulty += item.difficulty_sd * random.normal();
        (item.difficulty_sd, item.ln_slope_sd) = (0.0, 0.0);
    }
    truth
}

/// Lets people take the check as the release asks it, answer as the bank truly is, and lend their answers.
async fn lend(db: &Db, release: &Loaded, truth: &BankParts, people: u64, condition: Condition) {
    let truth = Loaded::new(Uuid::nil(), truth.clone()).unwrap();
    let asked = release.release(Condition::Unaided);
    let prior = Posterior::normal(0.0, 1.0).unwrap();
    let mut rows = Vec::new();
    for person in 0..people {
        let mut random = Random::of(11, person);
        let node = random.weighted(prior.weights());
        let mut state = asked.begin(&prior, person, &[]).unwrap();
        while let Next::Ask(item) = asked.next(&state) {
            let chances: Vec<f64> =
                truth.table(Condition::Unaided, item).unwrap().rows().iter().map(|row| row[node]).collect();
            let category = random.weighted(&chances) as u8;
            asked.answer(&mut state, item, category, 60).unwrap();
            rows.push((Uuid::from_u128(u128::from(person) + 1), release.parts.items[item].id.clone(), category));
        }
    }
    let stored = db.transaction(move |tx| {
        for (person, item, category) in &rows {
            let sql = "insert into lent_answer (check_id, person, month, condition, item, category)
                 values ($1, $2, '2026-11', $3, $4, $5)";
            tx.execute(sql, params![CHECK, person, condition.id(), item, i64::from(*category)])?;
        }
        Ok::<_, jobfuture_db::Error>(())
    });
    stored.await.unwrap();
}

/// How far difficulties are from the truth: root of the mean square before, and after.
fn errors<'m>(moved: impl Iterator<Item = &'m Moved>, truth: &BankParts) -> (f64, f64) {
    let truths: HashMap<&str, f64> = truth.items.iter().map(|item| (item.id.as_str(), item.difficulty)).collect();
    let (mut before, mut after, mut count) = (0.0, 0.0, 0.0);
    for one in moved {
        let truth = truths[one.item.as_str()];
        before += (one.difficulty_before - truth).powi(2);
        after += (one.difficulty - truth).powi(2);
        count += 1.0;
    }
    assert!(count > 0.0);
    ((before / count).sqrt(), (after / count).sqrt())
}

async fn releases(db: &Db) -> i64 {
    let (count,): (i64,) = db.one("select count(*) from bank_release", &[]).await.unwrap();
    count
}

/// Fits and simulates for half a minute, so on one engine only; what it reads and writes is read and written on both below.
#[test]
fn lent_answers_move_numbers_towards_the_truth_and_the_release_is_certified() {
    jobfuture_testkit::on_sqlite(measure_and_release);
}

async fn measure_and_release(db: Db) {
    let site = TestSite::on_library(long_check(), db.clone());
    let check = &site.library.checks[CHECK];
    let before = current(&site).await;
    let truth = truth(&before.parts, &mut Random::new(5));
    lend(&db, &before, &truth, 600, Condition::Unaided).await;
    let done = site.checks().calibrate(check, PLAN).await.unwrap();
    assert_eq!(done.outcome, CalibrationOutcome::Released);
    for kind in [ItemKind::Question, ItemKind::Task] {
        let (authors, answers) = errors(done.moved.iter().filter(|one| one.kind == kind), &truth);
        assert!(answers < 0.8 * authors, "{kind:?}: off by {authors:.3} before and by {answers:.3} after");
    }
    let (mean, sd) = done.population.unwrap();
    assert!(mean.abs() < 0.25 && (sd - 1.0).abs() < 0.25, "a population of {mean:.3} ± {sd:.3}");

    let after = current(&site).await;
    assert_ne!(after.id, before.id);
    let measured = after.parts.items.iter().filter(|item| item.source == Source::Answers).count();
    assert_eq!((measured, measured + done.kept), (done.moved.len(), after.parts.items.len()));
    assert!(!after.parts.eligibility.is_empty());
    let sql = "select certificate from bank_release where digest = $1";
    let (certificate,): (String,) = db.one(sql, params![after.parts.digest()]).await.unwrap();
    let certificate: serde_json::Value = serde_json::from_str(&certificate).unwrap();
    assert_eq!(certificate["passed"], true);
    // The next start makes no other release of the same content, and the same answers change nothing.
    site.checks().prepare().await.unwrap();
    assert_eq!(current(&site).await.id, after.id);
    let again = site.checks().calibrate(check, CalibrationPlan { is_dry: true, ..PLAN }).await.unwrap();
    assert_eq!(again.outcome, CalibrationOutcome::Tried);
    let numbers = |moved: &[Moved]| moved.iter().map(|one| one.difficulty.to_bits()).collect::<Vec<_>>();
    assert_eq!(numbers(&again.moved), numbers(&done.moved));
    assert_eq!(current(&site).await.id, after.id);
    assert_eq!(releases(&db).await, 2);
}

jobfuture_testkit::both_engines! {
    async fn too_few_answers_change_nothing(db: Db) {
        let site = real(db.clone());
        let check = &site.library.checks[CHECK];
        let before = current(&site).await;
        lend(&db, &before, &before.parts, 199, Condition::Unaided).await;
        let done = site.checks().calibrate(check, PLAN).await.unwrap();
        assert_eq!((done.people, done.people_needed), (199, 200));
        assert_eq!(done.outcome, CalibrationOutcome::TooFewPeople);
        assert!(done.moved.is_empty() && done.certificate.is_none());
        assert_eq!(releases(&db).await, 1);
        // So many people are enough, but no other condition's.
        let aided = CalibrationPlan { condition: Condition::OwnTools, people_at_least: 1, ..PLAN };
        let done = site.checks().calibrate(check, aided).await.unwrap();
        assert_eq!((done.people, done.outcome), (0, CalibrationOutcome::TooFewPeople));
        let few = CalibrationPlan { people_at_least: 1, ..PLAN };
        db.execute("delete from lent_answer where person > $1", params![Uuid::from_u128(5)]).await.unwrap();
        let done = site.checks().calibrate(check, few).await.unwrap();
        assert_eq!((done.people, done.outcome), (5, CalibrationOutcome::TooFewAnswers));
    }

    async fn a_release_that_misses_a_bar_is_not_used(db: Db) {
        let site = real(db.clone());
        let check = &site.library.checks[CHECK];
        let before = current(&site).await;
        lend(&db, &before, &before.parts, 300, Condition::Unaided).await;
        // A few people who are simulated cannot show what is asked to a hundredth.
        let done = site.checks().calibrate(check, CalibrationPlan { simulated: 40, ..PLAN }).await.unwrap();
        let CalibrationOutcome::Missed(bars) = done.outcome else { panic!("{:?}", done.outcome) };
        assert!(bars.iter().all(|bar| !bar.what.is_empty() && !bar.population.is_empty()));
        assert_eq!(current(&site).await.id, before.id);
        assert_eq!(releases(&db).await, 1);
    }
}
