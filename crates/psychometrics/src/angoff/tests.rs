use super::*;
use crate::math::logistic;
use crate::random::Random;
use proptest::prelude::*;

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
    let slope = 1.2 * random.log_normal(0.0, 0.2);
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
    for seed in 0..24 {
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
    }
    let share = |held: u32, of: u32| f64::from(held) / f64::from(of);
    assert!((0.9..=1.0).contains(&share(cuts_held, cuts)), "cuts: {}", share(cuts_held, cuts));
    assert!((0.92..0.99).contains(&share(items_held, items)), "items: {}", share(items_held, items));
}

/// The panel's own variances come back, and who is generous is found.
#[test]
fn raters_and_their_spread_are_found() {
    let truth = drawn(12, 3);
    let anchor = Anchor { what: Anchored::MeanDifficulty, theta: 0.3, sd: 0.15 };
    let found = angoff(&truth.panel, &options(anchor)).unwrap();
    let spread = found.spread;
    for (found, wanted, within) in [
        (spread.items, 0.9 * truth.slope, 0.35),
        (spread.raters, 0.4, 0.25),
        (spread.raters_by_level, 0.25, 0.12),
        (spread.raters_by_item, 0.4, 0.05),
        (spread.rest, 0.2, 0.02),
    ] {
        assert!((found - wanted).abs() < within, "{found} {wanted}: {spread:?}");
    }
    let mut kinder = truth.panel.clone();
    for rating in kinder.ratings.iter_mut().filter(|rating| rating.rater == 0) {
        rating.p = logistic(crate::math::logit(rating.p) + 2.0);
    }
    let kinder = angoff(&kinder, &options(anchor)).unwrap();
    assert!(kinder.raters[0].generosity - found.raters[0].generosity > 1.2);
    assert!(kinder.cuts[0].sd > found.cuts[0].sd, "one rater apart makes everybody less sure");
}

/// Two cuts that are well known say how far a logit reaches: the slope's prior gives way.
#[test]
fn two_anchors_tell_the_slope() {
    let truth = drawn(8, 4);
    let anchors = [0, 2].map(|level| Anchor { what: Anchored::Cut(level), theta: truth.cuts[level], sd: 0.02 });
    let wide = NormalPrior { mean: 0.0, sd: 1.0 };
    let options = AngoffOptions { anchors: anchors.to_vec(), slope: wide, ..options(anchors[0]) };
    let found = angoff(&truth.panel, &options).unwrap();
    assert!((found.slope.mean - ln(truth.slope)).abs() < 2.5 * found.slope.sd, "{:?} {}", found.slope, truth.slope);
    assert!(found.slope.sd < 0.25, "{:?}", found.slope);
    assert!((found.cuts[1].theta - truth.cuts[1]).abs() < 2.5 * found.cuts[1].sd);
    assert!(found.cuts.windows(2).all(|pair| pair[0].theta < pair[1].theta));
}

#[test]
fn what_all_raters_get_wrong_and_slopes_go_into_the_difficulties() {
    let truth = drawn(5, 5);
    let anchor = Anchor::share_at_or_above(1, 0.5, 0.1);
    assert!(anchor.theta.abs() < 1e-12);
    let plain = angoff(&truth.panel, &options(anchor)).unwrap();
    let whole =
        angoff(&truth.panel, &AngoffOptions { shared_error: 0.5, slope_spread: 0.2, ..options(anchor) }).unwrap();
    for (plain, whole) in plain.items.iter().zip(&whole.items) {
        assert!(
            whole.difficulty.sd > plain.difficulty.sd.hypot(0.499) && whole.difficulty.mean == plain.difficulty.mean
        );
    }
    assert_eq!(plain.cuts, whole.cuts);
    let priors = whole.priors();
    assert_eq!((priors.len(), priors[3].difficulties[0]), (40, whole.items[3].difficulty));
    let slope = priors[0].ln_slope.unwrap();
    assert!((slope.sd - 0.2_f64.hypot(0.2)).abs() < 1e-3, "{slope:?}");
}

/// A third of the ratings missing, a single level, two raters, identical ratings: still an answer, with its spread.
#[test]
fn thin_panels_are_taken_and_are_less_sure() {
    let truth = drawn(6, 6);
    let anchor = Anchor { what: Anchored::Cut(0), theta: -1.0, sd: 0.1 };
    let full = angoff(&truth.panel, &options(anchor)).unwrap();
    let mut random = Random::new(1);
    let mut gaps = truth.panel.clone();
    gaps.ratings.retain(|_| random.uniform() < 0.67);
    let gaps = angoff(&gaps, &options(anchor)).unwrap();
    for (full, gaps) in full.items.iter().zip(&gaps.items) {
        let apart = (full.difficulty.mean - gaps.difficulty.mean).abs();
        assert!(apart < 3.0 * gaps.difficulty.sd && gaps.ratings < 18, "{apart}");
    }
    let mut one_level = truth.panel.clone();
    one_level.levels.truncate(1);
    one_level.ratings.retain(|rating| rating.level == 0);
    let one_level = angoff(&one_level, &options(anchor)).unwrap();
    assert_eq!((one_level.spread.raters_by_level, one_level.spread.raters_by_item), (0.0, 0.0));
    let mut two = truth.panel.clone();
    two.ratings.retain(|rating| rating.rater < 2);
    two.raters.truncate(2);
    assert!(angoff(&two, &options(anchor)).unwrap().cuts[2].sd > full.cuts[2].sd);
    let mut same = truth.panel.clone();
    same.ratings.iter_mut().for_each(|rating| rating.p = 0.5);
    let same = angoff(&same, &options(anchor)).unwrap();
    assert!(same.cuts.iter().all(|cut| (cut.theta + 1.0).abs() < 0.05 && cut.sd >= 0.09), "{:?}", same.cuts);
}

#[test]
fn faults_are_named() {
    let truth = drawn(3, 7);
    let anchor = Anchor { what: Anchored::Cut(0), theta: 0.0, sd: 0.1 };
    let usual = options(anchor);
    let fault = |change: &dyn Fn(&mut Panel), options: &AngoffOptions| {
        let mut panel = truth.panel.clone();
        change(&mut panel);
        angoff(&panel, options).unwrap_err().to_string()
    };
    let nothing = |_: &mut Panel| {};
    assert!(fault(&|panel| panel.ratings.retain(|rating| rating.rater == 0), &usual).contains("1 rater(s)"));
    assert!(fault(&|panel| panel.ratings.retain(|rating| rating.item == 0), &usual).contains("1 item(s)"));
    assert!(fault(&|panel| panel.ratings.retain(|rating| rating.item != 5), &usual).contains("nobody rated item 6"));
    assert!(fault(&|panel| panel.levels.clear(), &AngoffOptions::new(vec![])).contains("anchor"));
    assert!(fault(&|panel| panel.ratings[0].p = 1.2, &usual).contains("rater 1 gives item 1 1.2 at junior"));
    assert!(fault(&|panel| panel.ratings[0].p = f64::NAN, &usual).contains("probability"));
    assert!(fault(&|panel| panel.ratings[1] = panel.ratings[0], &usual).contains("item 1 at junior twice"));
    assert!(fault(&|panel| panel.ratings[4].rater = 9, &usual).contains("rating 5"));
    let far = Anchor { what: Anchored::Cut(3), ..anchor };
    assert!(fault(&nothing, &options(far)).contains("level that is not listed"));
    assert!(fault(&nothing, &options(Anchor { sd: 0.0, ..anchor })).contains("standard deviation"));
    let refuse = AngoffOptions { contradictions: Contradictions::Refuse, ..usual };
    let contradictory = |panel: &mut Panel| {
        panel.ratings.iter_mut().for_each(|rating| rating.p = 0.2 + 0.2 * rating.level as f64);
        (panel.ratings[3].p, panel.ratings[5].p) = (0.7, 0.6);
    };
    let said = fault(&contradictory, &refuse);
    assert!(said.contains("rater 1 gives item 2 0.7 at junior and less, 0.4, at middle"), "{said}");
}

#[test]
fn certainty_is_drawn_in() {
    let mut truth = drawn(3, 8);
    truth.panel.ratings[2].p = 1.0;
    truth.panel.ratings[3].p = 0.0;
    let anchor = Anchor { what: Anchored::Cut(0), theta: 0.0, sd: 0.1 };
    let found = angoff(&truth.panel, &AngoffOptions { nearest: 1e-4, ..options(anchor) }).unwrap();
    assert!(found.drawn_in >= 2 && found.items.iter().all(|item| item.difficulty.mean.is_finite()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is rated, the answer is finite or an error; the order of ratings does not matter.
    #[test]
    fn any_ratings_give_numbers_or_a_reason(p in prop::collection::vec(0.0..=1.0_f64, 36), sd in 0.001..2.0_f64) {
        let mut truth = drawn(3, 9).panel;
        truth.items.truncate(4);
        truth.ratings.retain(|rating| rating.item < 4);
        for (rating, p) in truth.ratings.iter_mut().zip(p) {
            rating.p = p;
        }
        let options = AngoffOptions { nearest: 0.02, ..options(Anchor { what: Anchored::Cut(1), theta: 0.5, sd }) };
        let found = angoff(&truth, &options).unwrap();
        for cut in &found.cuts {
            prop_assert!(cut.theta.is_finite() && cut.sd > 0.0 && cut.sd.is_finite());
        }
        prop_assert!(found.items.iter().all(|item| item.difficulty.mean.is_finite() && item.difficulty.sd > 0.0));
        truth.ratings.reverse();
        let again = angoff(&truth, &options).unwrap();
        prop_assert_eq!(found, again);
    }
}
