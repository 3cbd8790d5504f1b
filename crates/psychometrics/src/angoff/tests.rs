use super::*;
use crate::math::logistic;
use crate::random::Random;

struct Truth {
    slope: f64,
    difficulties: Vec<f64>,
    cuts: Vec<f64>,
    panel: Panel,
}

/// A panel drawn from the model: 40 items, three levels, and raters who differ in strictness, in their picture of levels
/// and of items, and by chance.
fn drawn(raters: usize, seed: u64) -> Truth {
    let mut random = Random::new(seed);
    let slope = 1.2 * exp_normal(&mut random, 0.2);
    let difficulties: Vec<f64> = (0..40).map(|_| 0.3 + 0.9 * random.normal()).collect();
    let cuts = vec![-1.0, 0.1, 1.2];
    let mut ratings = Vec::new();
    for rater in 0..raters {
        let strict = 0.4 * random.normal();
        let at: Vec<f64> = (0..3).map(|_| 0.25 * random.normal()).collect();
        for (item, b) in difficulties.iter().enumerate() {
            let view = 0.4 * random.normal();
            for (level, cut) in cuts.iter().enumerate() {
                let logit = slope * (cut - b) + strict + at[level] + view + 0.2 * random.normal();
                ratings.push(Rating { rater, item, level, p: logistic(logit) });
            }
        }
    }
    let named = |what: &str, count: usize| (1..=count).map(|k| format!("{what} {k}")).collect();
    let levels = ["junior", "middle", "senior"].map(str::to_owned).to_vec();
    let panel = Panel { raters: named("rater", raters), items: named("item", 40), levels, ratings };
    Truth { slope, difficulties, cuts, panel }
}

fn exp_normal(random: &mut Random, sd: f64) -> f64 {
    random.log_normal(0.0, sd)
}

fn options(anchor: Anchor) -> AngoffOptions {
    AngoffOptions {
        shared_error: 0.0,
        slope_spread: 0.0,
        nearest: 1e-6,
        contradictions: Contradictions::Keep,
        ..AngoffOptions::new(vec![anchor])
    }
}

/// Cuts and difficulties hold the truth as often as they say: within 1.96 standard deviations in about 95 %, five raters.
#[test]
fn five_raters_state_cuts_and_difficulties_with_their_spread() {
    let (mut cuts_held, mut cuts, mut items_held, mut items) = (0, 0, 0, 0);
    for seed in 0..40 {
        let truth = drawn(5, seed);
        // What is told of the middle cut is off by as much as it says.
        let told = truth.cuts[1] + 0.1 * Random::of(seed, 7).normal();
        let anchor = Anchor { what: Anchored::Cut(1), theta: told, sd: 0.1 };
        let found = angoff(&truth.panel, &options(anchor)).unwrap();
        for (cut, wanted) in found.cuts.iter().zip(&truth.cuts) {
            cuts += 1;
            cuts_held += u32::from((cut.theta - wanted).abs() < 1.96 * cut.sd);
        }
        for (item, wanted) in found.items.iter().zip(&truth.difficulties) {
            items += 1;
            items_held += u32::from((item.difficulty.mean - wanted).abs() < 1.96 * item.difficulty.sd);
        }
        assert!((found.slope.mean - ln(1.2)).abs() < 1e-9 && (found.slope.sd - 0.2).abs() < 1e-3);
        assert!(truth.slope > 0.0);
    }
    let share = |held: u32, of: u32| f64::from(held) / f64::from(of);
    println!("cuts {} items {}", share(cuts_held, cuts), share(items_held, items));
    assert!((0.92..0.995).contains(&share(cuts_held, cuts)), "cuts: {}", share(cuts_held, cuts));
    assert!((0.92..0.985).contains(&share(items_held, items)), "items: {}", share(items_held, items));
}
