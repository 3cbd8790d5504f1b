//! A whole check through the site's own interface, on the real content, with a judge that pretends.

use crate::browser::{ADA, Browser};
use crate::pretend::Pretend;
use crate::site::{Answer, TestSite};
use jobfuture_content::{Answer as Given, AnswerKey, Form, QuickQuestion};
use jobfuture_db::Db;
use jobfuture_site::Practice;
use jobfuture_site::check::{AttemptId, AttemptItem, Checks, EndedBy, ItemKind, Reading, Step};
use psychometrics::Random;
use std::sync::Arc;

const BEGIN: &str = "/checks/django-developer/begin";
pub const UNAIDED: &[(&str, &str)] = &[("condition", "unaided"), ("pace", "100")];

/// A site on the real content, on a database.
pub fn real(db: Db) -> TestSite {
    TestSite::on_real_content(crate::site::issuing(), db, Practice::On(Arc::new(Pretend)))
}

/// Begins a check; gives its path.
pub async fn begin(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> String {
    browser.get(BEGIN).await.is(200).has("Before you begin");
    let begun = browser.post(BEGIN, fields).await;
    begun.is(303);
    begun.header("location").to_owned()
}

pub fn id_of(path: &str) -> AttemptId {
    AttemptId::parse(path.strip_prefix("/attempts/").unwrap()).unwrap()
}

/// A person who answers with this chance.
pub struct Person<'s> {
    pub site: &'s TestSite,
    pub random: Random,
    pub chance: f64,
}

impl Person<'_> {
    /// Answers or hands in what is open; says whether there was something.
    pub async fn go_on(&mut self, browser: &mut Browser<'_>, path: &str) -> bool {
        let owner = browser.owner().await;
        let attempt = self.site.checks().attempt(owner, id_of(path)).await.unwrap().unwrap();
        let sent = match attempt.step().unwrap() {
            Step::Question(item) => {
                let fields = self.answer(item);
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                browser.post(&format!("{path}/items/{}", item.place), &fields).await
            }
            Step::Task(item) => {
                let works = self.random.uniform() < self.chance;
                hand_in(browser, self.site, path, item, if works { "x = 1" } else { "fail = 1" }).await
            }
            // The first is right, as a person would write it; the second is not.
            Step::Explain(item) => {
                let fields = [("answer-1", " 22.0 "), ("answer-2", "200")];
                browser.post(&format!("{path}/items/{}/explain", item.place), &fields).await
            }
            Step::Ended(_) => return false,
        };
        assert_eq!(sent.is(303).header("location"), path);
        true
    }

    /// The fields of an answer that is right with the person's chance.
    fn answer(&mut self, item: &AttemptItem) -> Vec<(&'static str, String)> {
        let question = question_of(self.site, item);
        let is_right = self.random.uniform() < self.chance;
        fields(&question, item.seed, is_right)
    }
}

pub fn question_of(site: &TestSite, item: &AttemptItem) -> Arc<QuickQuestion> {
    let (uuid, _) = item.item.split_once('@').unwrap();
    let mut questions = site.library.questions.values();
    Arc::clone(questions.find(|question| question.manifest.uuid.to_string() == uuid).unwrap())
}

/// What a form would send for a right or a wrong answer.
pub fn fields(question: &QuickQuestion, seed: u64, is_right: bool) -> Vec<(&'static str, String)> {
    let variant = question.variant(seed).unwrap();
    if matches!(question.manifest.form, Form::Choice | Form::Choices) {
        let wanted = variant.options.iter().enumerate().filter(|(_, option)| option.right == is_right);
        let numbers: Vec<String> = wanted.map(|(at, _)| (at + 1).to_string()).collect();
        let most = if question.manifest.form == Form::Choice { 1 } else { numbers.len() };
        return numbers.into_iter().take(most).map(|number| ("option", number)).collect();
    }
    let right = match &variant.key {
        AnswerKey::Number(key) | AnswerKey::Printed(key) => key.clone(),
        AnswerKey::Text(keys) => keys[0].clone(),
        AnswerKey::Options(_) => unreachable!("options are chosen"),
    };
    let wrong = if matches!(variant.key, AnswerKey::Number(_)) { "987654" } else { "no such thing" };
    let text = if is_right { right } else { wrong.to_owned() };
    assert_eq!(variant.key.accepts(&Given::Typed(text.clone())), is_right);
    vec![("answer", text)]
}

/// Hands in one file of a task.
pub async fn hand_in(browser: &mut Browser<'_>, site: &TestSite, path: &str, item: &AttemptItem, code: &str) -> Answer {
    let (uuid, _) = item.item.split_once('@').unwrap();
    let task = site.library.tasks.values().find(|task| task.manifest.uuid.to_string() == uuid).unwrap();
    let name = format!("file:{}", task.editable.open_first);
    browser.post(&format!("{path}/items/{}/hand-in", item.place), &[(&name, code)]).await
}

fn checks(site: &TestSite) -> &Checks {
    site.checks()
}

jobfuture_testkit::both_engines! {
    async fn a_whole_check_from_consent_to_result(db: Db) {
        let site = real(db);
        let mut ada = Browser::new(&site);
        ada.get(BEGIN).await.is(303);
        ada.join(ADA).await;
        let path = begin(&mut ada, UNAIDED).await;
        ada.get(&path).await.is(200).has("Question 1").has("of 180 minutes").has_not("Right");
        // Coming back to the consent page leads to what is under way, and so does agreeing twice.
        assert_eq!(ada.get(BEGIN).await.is(303).header("location"), path);
        assert_eq!(ada.post(BEGIN, UNAIDED).await.is(303).header("location"), path);

        let mut person = Person { site: &site, random: Random::new(7), chance: 0.7 };
        while person.go_on(&mut ada, &path).await {
            let page = ada.get(&path).await;
            assert_eq!(page.is(200).header("cache-control"), "no-store");
        }
        let owner = ada.owner().await;
        let attempt = checks(&site).attempt(owner, id_of(&path)).await.unwrap().unwrap();
        assert!((8..=12).contains(&attempt.answered(ItemKind::Question)), "{attempt:?}");
        assert!((2..=3).contains(&attempt.answered(ItemKind::Task)), "{attempt:?}");
        assert!(matches!(attempt.step(), Some(Step::Ended(EndedBy::Full | EndedBy::Settled))));
        let page = ada.get(&path).await;
        page.has("Where you stand").has("equally likely readings").has("<title>What your check showed").has("What each task showed");
        let levels = ["Junior", "Middle", "Senior"];
        let title = page.text().split("<title>").nth(1).unwrap().split('<').next().unwrap();
        assert!(levels.iter().all(|level| !title.contains(level)), "{title}");
        for item in &attempt.items {
            ada.get(&format!("{path}/items/{}", item.place)).await.is(200).has("Back to your check");
            let right: Vec<Option<bool>> = item.explain.iter().map(|one| one.is_right).collect();
            assert!(right.is_empty() || right == [Some(true), Some(false)], "{right:?}");
        }
        page.has("1 of 2 questions about your own code right");

        // The same answers give the library the same posterior, bit for bit.
        let release = attempt.release.release(attempt.condition);
        let prior = attempt.prior().unwrap();
        let state = attempt.state().unwrap();
        release.audit(&state).unwrap();
        let mut again = release.begin(&prior, state.seed(), state.excluded()).unwrap();
        for answer in state.answers() {
            release.answer(&mut again, answer.item as usize, answer.category, answer.seconds).unwrap();
        }
        assert_eq!(release.to_bytes(&again), release.to_bytes(&state));
        assert_eq!(Reading::posterior(&attempt).unwrap().to_bytes(), release.posterior(&again).unwrap().to_bytes());

        // Told no level, if one does not want to be.
        ada.post(&format!("{path}/quiet"), &[("quiet", "yes")]).await.is(303);
        ada.get(&path).await.has("You chose to be told no level").has_not("equally likely").has("What each task showed");
        ada.get("/attempts").await.is(200).has("Django skill check").has_not("You are ");
        // Gone for good, when asked for.
        ada.get(&format!("{path}/delete")).await.is(200).has("for good");
        ada.post(&format!("{path}/delete"), &[]).await.is(303);
        ada.get(&path).await.is(404);
        ada.get("/attempts").await.is(200).has("You have taken none yet");
    }
}
