use super::*;
use crate::math::logistic;
use crate::random::Random;
use proptest::prelude::*;

/// Answers until a signal, or `most`, to an item of slope 1.2 that is `easy` logits below the people who answer it, each
/// known to 0.35, when it has moved by `shift`.
fn run_length(plan: CusumPlan, easy: f64, shift: f64, most: u64, seed: u64) -> (u64, Drift) {
    let mut random = Random::of(11, seed);
    let item = Item::two_pl(1.2, easy).unwrap();
    let posteriors: Vec<Posterior> =
        (0..21).map(|k| Posterior::normal(-1.0 + 0.1 * f64::from(k), 0.35).unwrap()).collect();
    // What each answer adds is worked out once: a million answers would otherwise take their time.
    let evidence: Vec<[Evidence; 2]> = posteriors
        .iter()
        .map(|posterior| [0, 1].map(|category| plan.evidence(&item, posterior, category).unwrap()))
        .collect();
    let mut cusum = Cusum::new(plan).unwrap();
    loop {
        // An adaptive test asks near a person's level.
        let place = ((random.normal() * 5.0 + 10.0).round().max(0.0) as usize).min(20);
        let level = -1.0 + 0.1 * place as f64 + 0.35 * random.normal();
        let right = random.uniform() < logistic(1.2 * level + easy + shift);
        let drift = cusum.take(&evidence[place][usize::from(right)]);
        if drift != Drift::InControl || cusum.answers() >= most {
            return (cusum.answers(), drift);
        }
    }
}

fn mean_length(easy: f64, shift: f64, most: u64, runs: u64) -> f64 {
    let length = |seed| run_length(CusumPlan::default(), easy, shift, most, seed).0 as f64;
    (0..runs).map(length).sum::<f64>() / runs as f64
}

#[test]
fn a_change_of_one_logit_is_seen_after_some_sixty_answers() {
    let lengths = [mean_length(0.0, 1.0, 5000, 200), mean_length(0.0, -1.0, 5000, 200)];
    assert!(lengths.iter().all(|length| (50.0..70.0).contains(length)), "{lengths:?}");
    let of_an_easy_item = mean_length(2.2, -1.0, 5000, 200);
    assert!((70.0..95.0).contains(&of_an_easy_item), "{of_an_easy_item}");
}

#[test]
fn an_item_as_calibrated_is_left_alone_for_thousands_of_answers() {
    let length = mean_length(0.0, 0.0, 1_000_000, 24);
    assert!((3000.0..8500.0).contains(&length), "{length}");
    // The guarantee, where it is tight enough to be tried.
    let plan = CusumPlan { threshold: 3.0, ..CusumPlan::default() };
    let mean = (0..100).map(|seed| run_length(plan, 2.2, 0.0, 100_000, seed).0 as f64).sum::<f64>() / 100.0;
    assert!(mean > 3.0_f64.exp() / 2.0, "{mean}");
}

/// An item leaks after 300 answers: the signal names its side, about when, and after a while by how much.
#[test]
fn a_leak_is_told_with_its_time_and_size() {
    let item = Item::graded(1.2, vec![1.0, 0.0, -1.0]).unwrap();
    let posterior = Posterior::normal(0.0, 0.3).unwrap();
    let (mut within, mut sum) = (0, 0.0);
    for seed in 0..20 {
        let mut random = Random::of(5, seed);
        let mut cusum = Cusum::new(CusumPlan::default()).unwrap();
        let mut drift = Drift::InControl;
        let evidence: Vec<Evidence> =
            (0..4).map(|category| cusum.plan().evidence(&item, &posterior, category).unwrap()).collect();
        for answer in 0..700 {
            let linear = 1.2 * 0.3 * random.normal() + if answer < 300 { 0.0 } else { 1.0 };
            let mut chances = [0.0; 4];
            item.probabilities_at(linear, &mut chances);
            drift = cusum.take(&evidence[random.weighted(&chances)]);
        }
        let Drift::Easier(shift) = drift else { panic!("{seed}: {drift:?}") };
        within += u32::from((250..350).contains(&shift.since));
        sum += shift.logits / 20.0;
        assert!(shift.error < 0.2, "{shift:?}");
    }
    assert!(within >= 16, "{within}");
    assert!((sum - 1.0).abs() < 0.15, "{sum}");
}

#[test]
fn what_cannot_be_taken_leaves_the_sums_alone() {
    let item = Item::two_pl(1.0, 0.0).unwrap();
    let posterior = Posterior::normal(0.0, 0.5).unwrap();
    let mut cusum = Cusum::new(CusumPlan::default()).unwrap();
    let before = cusum.clone();
    assert_eq!(cusum.observe(&item, &posterior, 2), Err(DriftError::Category { category: 2, categories: 2 }));
    let certain = Item::two_pl(1.0, 700.0).unwrap();
    assert_eq!(cusum.observe(&certain, &posterior, 1), Err(DriftError::Certain));
    assert_eq!(cusum, before);
    for (shift, threshold) in [(0.0, 6.0), (f64::NAN, 6.0), (1.0, -1.0), (1.0, f64::INFINITY)] {
        assert_eq!(Cusum::new(CusumPlan { shift, threshold }), Err(DriftError::Plan));
    }
}

#[test]
fn a_residual_is_as_large_as_expected() {
    let item = Item::two_pl(1.2, 0.4).unwrap();
    let sharp = Posterior::normal(0.0, 0.01).unwrap();
    let residual = Residual::new(&item, &sharp, 1).unwrap();
    let p = logistic(0.4);
    assert!((residual.difference - (1.0 - p)).abs() < 1e-9 && (residual.variance - p * (1.0 - p)).abs() < 1e-9);
    assert!((residual.sensitivity - p * (1.0 - p)).abs() < 1e-6);
    assert!((residual.standardised() - ((1.0 - p) / p).sqrt()).abs() < 1e-9);
    // The less is known of the person, the less a shift moves the answer.
    let vague = Posterior::normal(0.0, 1.0).unwrap();
    assert!(Residual::new(&item, &vague, 1).unwrap().sensitivity < residual.sensitivity);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn stored_sums_go_on_as_if_never_stored(answers in prop::collection::vec((0..2_usize, -2.0..2.0_f64), 0..80)) {
        let item = Item::two_pl(1.5, 0.3).unwrap();
        let plan = CusumPlan { shift: 0.7, threshold: 3.0 };
        let (mut whole, mut stored) = (Cusum::new(plan).unwrap(), Cusum::new(plan).unwrap());
        for (category, mean) in answers {
            let posterior = Posterior::normal(mean, 0.4).unwrap();
            let drift = whole.observe(&item, &posterior, category).unwrap();
            stored = Cusum::from_bytes(&stored.to_bytes()).unwrap();
            prop_assert_eq!(stored.observe(&item, &posterior, category).unwrap(), drift);
            prop_assert_eq!(stored.to_bytes(), whole.to_bytes());
            let (easier, harder) = whole.sums();
            prop_assert!(easier >= 0.0 && harder >= 0.0);
        }
    }

    #[test]
    fn other_bytes_are_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..120), marked in any::<bool>()) {
        if marked && bytes.len() >= 4 {
            bytes[..4].copy_from_slice(&MARK);
            bytes.resize(LENGTH, 255);
        }
        if let Ok(cusum) = Cusum::from_bytes(&bytes) {
            prop_assert_eq!(cusum.to_bytes(), bytes);
        }
    }
}

#[test]
#[ignore = "long: the figures of the module's table"]
fn table() {
    for easy in [0.0, 2.2] {
        println!("in control {}", mean_length(easy, 0.0, 10_000_000, 1000));
        println!("easier {}, harder {}", mean_length(easy, 1.0, 100_000, 4000), mean_length(easy, -1.0, 100_000, 4000));
    }
}
