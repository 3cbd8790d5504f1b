//! Does what is stated hold? Simulated people with fixed seeds: coverage of 95 % intervals and calibration of probabilities,
//! beside the naive scoring that fails.

use super::*;
use crate::item::Item;
use crate::math::{exp, logistic};
use crate::random::Random;

/// Share of people whose level lies within the stated 95 % interval.
struct Coverage {
    people: u32,
    held: u32,
}

impl Coverage {
    fn new() -> Self {
        Self { people: 0, held: 0 }
    }

    fn add(&mut self, posterior: &Posterior, theta: f64) {
        let (from, to) = posterior.interval(0.95);
        self.people += 1;
        self.held += u32::from(from <= theta && theta <= to);
    }

    fn share(&self) -> f64 {
        f64::from(self.held) / f64::from(self.people)
    }

    fn holds(&self, what: &str) {
        println!("{what}: {:.4} of {}", self.share(), self.people);
        assert!((0.94..=0.96).contains(&self.share()), "{what}: {}", self.share());
    }

    fn fails(&self, what: &str, below: f64) {
        println!("{what}: {:.4} of {}", self.share(), self.people);
        assert!(self.share() < below, "{what}: {}", self.share());
    }
}

fn observe(answers: &[(&[Likelihood], usize)]) -> Posterior {
    let mut posterior = Posterior::normal(0.0, 1.0).unwrap();
    answers.iter().for_each(|(item, category)| posterior.observe(&item[*category]).unwrap());
    posterior
}

/// Difficulties spread like the people, the same ones for everybody.
fn spread(count: usize) -> Vec<f64> {
    (0..count).map(|k| crate::math::normal_quantile((k as f64 + 0.5) / count as f64)).collect()
}

fn likelihoods(difficulties: &[f64], slope: f64, uncertainty: &Uncertainty, assistance: f64) -> Vec<Vec<Likelihood>> {
    let soft = |b: &f64| {
        let item = Item::two_pl(slope, -slope * b).unwrap();
        SoftItem::new(item, uncertainty.clone(), assistance).unwrap().likelihoods()
    };
    difficulties.iter().map(soft).collect()
}

fn right(random: &mut Random, x: f64) -> usize {
    usize::from(random.uniform() < logistic(x))
}

const SLOPE: f64 = 1.2;

#[test]
fn author_error_is_covered_softly_and_not_naively() {
    let difficulties = spread(20);
    let naive_items = likelihoods(&difficulties, SLOPE, &Uncertainty::none(), 0.0);
    for (seed, b_sd, ln_a_sd) in [(1, 0.3, 0.2), (2, 0.5, 0.3), (3, 0.8, 0.3), (4, 1.2, 0.4)] {
        let soft_items = likelihoods(&difficulties, SLOPE, &Uncertainty::spread(ln_a_sd, b_sd), 0.0);
        let (mut soft, mut naive) = (Coverage::new(), Coverage::new());
        for person in 0..12_000 {
            let mut random = Random::of(seed, person);
            let theta = random.normal();
            let mut answer = |b: &f64| {
                let a = SLOPE * exp(ln_a_sd * random.normal());
                let b = b + b_sd * random.normal();
                right(&mut random, a * (theta - b))
            };
            let given: Vec<usize> = difficulties.iter().map(&mut answer).collect();
            let by = |items: &[Vec<Likelihood>]| {
                observe(&items.iter().map(Vec::as_slice).zip(given.iter().copied()).collect::<Vec<_>>())
            };
            soft.add(&by(&soft_items), theta);
            naive.add(&by(&naive_items), theta);
        }
        soft.holds(&format!("author error {b_sd}, soft"));
        if b_sd == 1.2 {
            naive.fails("author error 1.2, naive", 0.90);
        }
    }
}

#[test]
fn families_and_assistance_are_covered() {
    let difficulties = spread(20);
    let (family_sd, assistance) = (0.6, 0.15);
    let soft_items = likelihoods(&difficulties, SLOPE, &Uncertainty::spread(0.0, 0.3).in_family(family_sd), assistance);
    let naive_items = likelihoods(&difficulties, SLOPE, &Uncertainty::none(), 0.0);
    let (mut soft, mut naive) = (Coverage::new(), Coverage::new());
    for person in 0..12_000 {
        let mut random = Random::of(11, person);
        let theta = random.normal();
        let mut answer = |b: &f64| {
            let b = b + 0.3 * random.normal() + family_sd * random.normal();
            let own = right(&mut random, SLOPE * (theta - b));
            if random.uniform() < assistance { 1 } else { own }
        };
        let given: Vec<usize> = difficulties.iter().map(&mut answer).collect();
        let by = |items: &[Vec<Likelihood>]| {
            observe(&items.iter().map(Vec::as_slice).zip(given.iter().copied()).collect::<Vec<_>>())
        };
        soft.add(&by(&soft_items), theta);
        naive.add(&by(&naive_items), theta);
    }
    soft.holds("families .6 and assistance .15, soft");
    naive.fails("families .6 and assistance .15, naive", 0.90);
}

#[test]
fn effects_of_tasks_are_covered_by_pattern_and_by_sum() {
    let behaviours = |b: f64| -> Vec<SoftItem> {
        let at = [-0.75, -0.45, -0.15, 0.15, 0.45, 0.75];
        at.map(|shift| SoftItem::known(Item::two_pl(SLOPE, -SLOPE * (b + shift)).unwrap())).to_vec()
    };
    let at = [-1.0, -0.6, -0.2, 0.2, 0.6, 1.0];
    for (seed, effect, naive_below) in [(21, 0.5, 0.92), (22, 0.8, 0.86), (23, 1.2, 0.80)] {
        let table = |sd: f64| at.map(|b| TaskItem::new(behaviours(b), sd).unwrap().table());
        let (tasks, apart) = (table(effect), table(0.0));
        let items = at.map(behaviours);
        let graded: Vec<_> = tasks.iter().map(|task| task.graded().likelihoods()).collect();
        let (mut pattern, mut sum, mut naive) = (Coverage::new(), Coverage::new(), Coverage::new());
        for person in 0..8_000 {
            let mut random = Random::of(seed, person);
            let theta = random.normal();
            let mut posteriors = [(); 3].map(|()| Posterior::normal(0.0, 1.0).unwrap());
            for (place, task) in items.iter().enumerate() {
                let level = theta + effect * random.normal();
                let shown: Vec<Option<usize>> = task
                    .iter()
                    .map(|behaviour| Some(right(&mut random, SLOPE * level + behaviour.item().intercepts()[0])))
                    .collect();
                posteriors[0].observe(&tasks[place].pattern(&shown).unwrap()).unwrap();
                posteriors[1].observe(&graded[place][shown.iter().flatten().sum::<usize>()]).unwrap();
                posteriors[2].observe(&apart[place].pattern(&shown).unwrap()).unwrap();
            }
            let all = [&mut pattern, &mut sum, &mut naive];
            all.into_iter().zip(&posteriors).for_each(|(coverage, posterior)| coverage.add(posterior, theta));
        }
        pattern.holds(&format!("task effect {effect}, pattern"));
        sum.holds(&format!("task effect {effect}, sum"));
        naive.fails(&format!("task effect {effect}, naive"), naive_below);
    }
}

/// Mean distance of stated probability and frequency, over ten bins, weighted by their people.
struct Calibration {
    bins: [(f64, f64, f64); 10],
}

impl Calibration {
    fn new() -> Self {
        Self { bins: [(0.0, 0.0, 0.0); 10] }
    }

    fn add(&mut self, stated: f64, is_so: bool) {
        let bin = &mut self.bins[((stated * 10.0) as usize).min(9)];
        bin.0 += 1.0;
        bin.1 += stated;
        bin.2 += f64::from(u8::from(is_so));
    }

    fn error(&self) -> f64 {
        let people: f64 = self.bins.iter().map(|bin| bin.0).sum();
        self.bins.iter().map(|(_, stated, so)| (stated - so).abs()).sum::<f64>() / people
    }

    fn holds(&self, what: &str) {
        println!("{what}: calibration error {:.4}", self.error());
        assert!(self.error() <= 0.01, "{what}: {}", self.error());
    }
}

#[test]
fn probabilities_at_or_above_and_dots_come_true() {
    let difficulties = spread(14);
    let items = likelihoods(&difficulties, SLOPE, &Uncertainty::spread(0.3, 0.8), 0.0);
    let cuts = [-1.0, 0.0, 1.0].map(|value| Cut::new(value, 0.18).unwrap());
    let names = ["Trainee", "Junior", "Middle", "Senior"].map(str::to_owned).to_vec();
    let bands = Bands::new(names, cuts.to_vec()).unwrap();
    let (mut calibration, mut dots) = (Calibration::new(), Calibration::new());
    for person in 0..30_000 {
        let mut random = Random::of(31, person);
        let theta = random.normal();
        let mut posterior = Posterior::normal(0.0, 1.0).unwrap();
        for (item, b) in items.iter().zip(&difficulties) {
            let (a, b) = (SLOPE * exp(0.3 * random.normal()), b + 0.8 * random.normal());
            posterior.observe(&item[right(&mut random, a * (theta - b))]).unwrap();
        }
        let reading = bands.read(&posterior);
        for (place, cut) in cuts.iter().enumerate() {
            let is_above = theta >= cut.value() + cut.se() * random.normal();
            calibration.add(reading.at_or_above()[place], is_above);
            dots.add(reading.dots_at_or_above(place + 1) as f64 / DOTS as f64, is_above);
        }
    }
    calibration.holds("P(at or above)");
    dots.holds("dots at or above");
}

#[test]
fn retakes_are_covered_and_improvement_comes_true() {
    let difficulties = spread(12);
    let items = likelihoods(&difficulties, 1.5, &Uncertainty::none(), 0.0);
    let variance: f64 = 0.09;
    let (mut coverage, mut frozen, mut improved) = (Coverage::new(), Coverage::new(), Calibration::new());
    for person in 0..12_000 {
        let mut random = Random::of(41, person);
        let before = random.normal();
        let after = before + variance.sqrt() * random.normal();
        let mut session = |theta: f64| -> Vec<(&[Likelihood], usize)> {
            let given: Vec<usize> = difficulties.iter().map(|b| right(&mut random, 1.5 * (theta - b))).collect();
            items.iter().map(Vec::as_slice).zip(given).collect()
        };
        let (first, second) = (session(before), session(after));
        let old = observe(&first);
        let retake = Retake::new(old.clone(), variance).unwrap();
        let (mut now, mut unwidened) = (retake.prior().clone(), old);
        for (item, category) in second {
            now.observe(&item[category]).unwrap();
            unwidened.observe(&item[category]).unwrap();
        }
        coverage.add(&now, after);
        frozen.add(&unwidened, after);
        improved.add(retake.probability_improved(&now), after > before);
    }
    coverage.holds("retake, widened");
    frozen.fails("retake, not widened", 0.94);
    improved.holds("P(improved)");
}
