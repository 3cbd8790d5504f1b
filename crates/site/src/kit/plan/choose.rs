//! Which questions and which task: chosen by the vacancy's seed, among what the content has.

use super::{Brief, Shown, Thin, Topic};
use jobfuture_content::{Guide, Level, Library, Question, Section, Status, Task};

/// Questions about one competency. The second is for when there is time.
const MOST_QUESTIONS: usize = 2;
/// Of what a task measures, so much is to be something of which little is known. Of the rest it would ask again.
const LEAST_THIN: f64 = 0.5;
/// Seeds of variants are short enough to be read aloud.
const VARIANTS: u64 = 999_999;

/// A question of a guide, with its place.
#[derive(Debug, Clone, Copy)]
pub struct PlannedQuestion<'a> {
    /// Of which guide.
    pub guide: &'a Guide,
    /// In which section.
    pub section: &'a Section,
    /// The question.
    pub question: &'a Question,
}

/// A task that is done together.
#[derive(Debug, Clone)]
pub struct PlannedTask<'a> {
    /// The task.
    pub task: &'a Task,
    /// The variant, the same for everybody who talks about this vacancy.
    pub variant: u64,
    /// What it asks of that of which little is known, by name.
    pub topics: Vec<&'a str>,
    /// Minutes that somebody at the level takes who works alone.
    pub alone: u32,
}

/// How far a question is from the level that is asked for; one from above is further than any from below.
fn distance(asked: Level, of: Level) -> u32 {
    let rank = |level: Level| match level {
        Level::Junior => 0_u32,
        Level::Middle => 1,
        Level::Senior => 2,
    };
    if of > asked { 10 + rank(of) - rank(asked) } else { rank(asked) - rank(of) }
}

/// Those about one competency: of the role's own guide first, of the level that is asked for first.
pub(super) fn questions<'a>(library: &'a Library, brief: &Brief, competency: &str) -> Vec<PlannedQuestion<'a>> {
    let own = library.roles.get(&brief.role).map(|role| role.guide.as_str());
    let mut found = Vec::new();
    for guide in library.guides.values() {
        for section in &guide.sections {
            let about = section.questions.iter().filter(|question| question.competency == competency);
            found.extend(about.map(|question| PlannedQuestion { guide, section, question }));
        }
    }
    found.sort_by_cached_key(|one| {
        let name = format!("question {} {}", one.guide.id, one.question.id);
        let is_elsewhere = own != Some(one.guide.id.as_str());
        (is_elsewhere, distance(brief.level, one.question.level), brief.seed.number(&name), name)
    });
    found.truncate(MOST_QUESTIONS);
    found
}

/// One that asks above all for something of which little is known. Among those the one that asks most of what the vacancy asks for,
/// so that it is another one for another candidate only where it has to be.
pub(super) fn task<'a>(
    library: &'a Library,
    brief: &Brief,
    shown: &Shown,
    topics: &[Topic<'a>],
    thin: &[Thin<'a>],
) -> Option<PlannedTask<'a>> {
    let weight = |task: &Task, counts: &dyn Fn(&str) -> bool| -> f64 {
        task.manifest.competencies.iter().filter(|of| counts(&of.id)).map(|of| of.weight).sum()
    };
    let is_thin = |id: &str| thin.iter().any(|one| one.topic.id == id);
    let is_asked = |id: &str| topics.iter().any(|topic| topic.id == id);
    let was_done = |task: &Task| shown.signals.iter().any(|signal| signal.asked.contains(&task.id));
    let mut fit: Vec<&Task> = library.tasks.values().map(AsRef::as_ref).collect();
    fit.retain(|task| task.manifest.status == Status::Active && weight(task, &is_thin) >= LEAST_THIN);
    fit.sort_by_cached_key(|task| {
        // In thousandths, because keys are to be compared exactly.
        let asked = (weight(task, &is_asked) * 1_000.0).round() as u64;
        (was_done(task), u64::MAX - asked, brief.seed.number(&format!("task {}", task.id)), task.id.clone())
    });
    let task = fit.into_iter().next()?;
    let minutes = &task.manifest.minutes;
    let of_task = |one: &&Thin<'a>| task.manifest.competencies.iter().any(|of| of.id == one.topic.id);
    Some(PlannedTask {
        task,
        variant: 1 + brief.seed.number(&format!("variant {}", task.id)) % VARIANTS,
        topics: thin.iter().filter(of_task).map(|one| one.topic.name).collect(),
        alone: match brief.level {
            Level::Junior => minutes.junior,
            Level::Middle => minutes.middle,
            Level::Senior => minutes.senior,
        },
    })
}
