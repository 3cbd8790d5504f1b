//! Tasks: difficulties alone, each as one graded observation of people whose levels everything else tells. How far a task's
//! behaviours lie apart, their slope, and how differently tasks suit people stay as the authors have them: there are too few
//! tasks, and too few answers to each, to measure them too.

use super::super::{BankEntry, BankParts, Condition, ENOUGH, ItemKind, Source};
use super::lent::Lent;
use jobfuture_codes::Code;
use psychometrics::score::{CategoryTable, Likelihood, Posterior};

/// Times that all tasks are gone through: each is measured by levels to which the others have added.
const ROUNDS: usize = 2;
/// How far from the authors' difficulty is looked, in their standard deviations.
const REACH: f64 = 4.0;
/// Steps of the first look, to either side.
const STEPS: i32 = 16;
/// Refinements, each to 0.62 of the interval.
const REFINEMENTS: usize = 18;
/// Least standard deviation that is claimed.
const LEAST_SD: f64 = 0.05;

/// Measures tasks with enough answers and gives their numbers.
pub(super) fn measure(
    authored: &BankParts,
    parts: &mut BankParts,
    lent: &Lent,
    population: (f64, f64),
    condition: Condition,
) -> Result<Vec<usize>, String> {
    let floor = parts.floor.get(condition.id()).copied().unwrap_or_default();
    let enough =
        |number: &usize| authored.items[*number].kind == ItemKind::Task && lent.counts[*number] >= ENOUGH as usize;
    let tasks: Vec<usize> = (0..authored.items.len()).filter(enough).collect();
    for _ in 0..ROUNDS {
        for task in &tasks {
            let seen = levels(parts, lent, *task, population, floor)?;
            let (difficulty, sd) = mode(&authored.items[*task], &seen, floor)?;
            let entry = &mut parts.items[*task];
            (entry.difficulty, entry.difficulty_sd, entry.source) = (difficulty, sd, Source::Answers);
        }
    }
    Ok(tasks)
}

/// What everybody else's item says of those who handed a task in, and how many behaviours they showed.
fn levels(
    parts: &BankParts,
    lent: &Lent,
    task: usize,
    (mean, sd): (f64, f64),
    floor: f64,
) -> Result<Vec<(Posterior, usize)>, String> {
    let tables: Result<Vec<CategoryTable>, String> =
        parts.items.iter().map(|item| Ok(item.model(floor)?.table())).collect();
    let tables = tables?;
    let prior = Posterior::normal(mean, sd).map_err(|fault| fault.to_string())?;
    let mut seen = Vec::new();
    for person in &lent.people {
        let Some((_, shown)) = person.iter().find(|(number, _)| *number == task) else { continue };
        let mut level = prior.clone();
        for (number, category) in person.iter().filter(|(number, _)| *number != task) {
            let rows = tables[*number].rows();
            let row = rows[usize::from(*category).min(rows.len() - 1)];
            let likelihood = Likelihood::new(row).map_err(|fault| fault.to_string())?;
            level.observe(&likelihood).map_err(|fault| fault.to_string())?;
        }
        seen.push((level, usize::from(*shown)));
    }
    Ok(seen)
}

/// The difficulty that is likeliest by belief and answers, and its standard deviation by the curvature there.
fn mode(authored: &BankEntry, seen: &[(Posterior, usize)], floor: f64) -> Result<(f64, f64), String> {
    let (middle, believed) = (authored.difficulty, authored.difficulty_sd.max(LEAST_SD));
    let step = REACH * believed / f64::from(STEPS);
    let mut best = (middle, f64::NEG_INFINITY);
    for nth in -STEPS..=STEPS {
        let at = middle + f64::from(nth) * step;
        let value = density(authored, at, seen, floor)?;
        if value > best.1 {
            best = (at, value);
        }
    }
    let (mut from, mut to) = (best.0 - step, best.0 + step);
    for _ in 0..REFINEMENTS {
        let (low, high) = (to - 0.618 * (to - from), from + 0.618 * (to - from));
        match density(authored, low, seen, floor)? > density(authored, high, seen, floor)? {
            true => to = high,
            false => from = low,
        }
    }
    let at = 0.5 * (from + to);
    let near = |shift: f64| density(authored, at + shift, seen, floor);
    let bend = (near(0.1)? - 2.0 * near(0.0)? + near(-0.1)?) / 0.01;
    let sd = if bend < 0.0 { (-1.0 / bend).sqrt() } else { believed };
    Ok((at, sd.clamp(LEAST_SD, believed)))
}

/// Logarithm of belief and answers at a difficulty, but for a constant.
fn density(authored: &BankEntry, difficulty: f64, seen: &[(Posterior, usize)], floor: f64) -> Result<f64, String> {
    let entry = BankEntry { difficulty, difficulty_sd: 0.0, ..authored.clone() };
    let table = entry.model(floor)?.table();
    let off = (difficulty - authored.difficulty) / authored.difficulty_sd.max(LEAST_SD);
    let highest = table.categories() - 1;
    let answers = seen.iter().map(|(level, shown)| {
        let chance = table.predict(level).nth((*shown).min(highest)).unwrap_or_default();
        chance.max(f64::MIN_POSITIVE).ln()
    });
    Ok(answers.sum::<f64>() - 0.5 * off * off)
}
