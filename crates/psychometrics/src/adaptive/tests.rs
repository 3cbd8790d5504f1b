//! Sessions over random banks, blueprints and answers.

use super::*;
use crate::item::Item;
use crate::random::Random;
use crate::score::{Cut, Posterior, SoftItem, Uncertainty};
use proptest::prelude::*;

/// A bank with everything in it: topics, families, enemies, tasks, items being calibrated, quotas.
pub(crate) fn random_parts(seed: u64) -> ReleaseParts {
    let mut random = Random::new(seed);
    let topics = 1 + random.index(4);
    let count = 12 + random.index(60);
    let items = (0..count).map(|number| random_item(number, count, topics, &mut random)).collect();
    let small = |random: &mut Random| {
        let min = random.index(3) as u16;
        Count::new(min, min + random.index(4) as u16)
    };
    let quotas = (1..=topics).map(|k| TopicQuota {
        topic: format!("topic {k}"),
        questions: small(&mut random),
        tasks: Count::new(0, random.index(3) as u16),
    });
    let topics = quotas.collect();
    let questions = Count::new(random.index(5) as u16, 5 + random.index(6) as u16);
    let tasks = Count::new(random.index(2) as u16, 1 + random.index(2) as u16);
    let rule = |random: &mut Random, value: f64| (random.index(2) == 0).then_some(value);
    ReleaseParts {
        items,
        blueprint: Blueprint { questions, tasks, topics },
        stopping: Stopping {
            band_at_least: rule(&mut random, 0.7),
            change_at_most: rule(&mut random, 0.1),
            sd_at_most: rule(&mut random, 0.5),
            minutes_at_most: rule(&mut random, 40.0),
        },
        spread: Spread { exposure_at_most: 0.3, randomness: random.uniform(), random_until: 6, seeding: 0.125 },
        cuts: vec![Cut::new(-0.5, 0.1).unwrap(), Cut::new(0.7, 0.0).unwrap()],
    }
}

fn random_item(number: usize, count: usize, topics: usize, random: &mut Random) -> BankItem {
    let kind = if random.index(4) == 0 { Kind::Task } else { Kind::Question };
    let a = random.log_normal(0.2, 0.3);
    let b = random.normal();
    let item = match kind {
        Kind::Question => Item::two_pl(a, -a * b),
        Kind::Task => Item::graded(a, vec![a * (0.7 - b), -a * b, a * (-0.7 - b)]),
    };
    let topic = 1 + random.index(topics);
    let how_many = if random.index(6) == 0 { random.index(3) } else { 0 };
    let others: Vec<usize> = (0..how_many).map(|_| random.index(count)).filter(|other| *other != number).collect();
    BankItem {
        id: format!("i{number}"),
        model: SoftItem::new(item.unwrap(), Uncertainty::spread(0.2, 0.4), 0.02).unwrap().into(),
        family: format!("{kind:?} {topic} {}", random.index(12)),
        topic: format!("topic {topic}"),
        kind,
        minutes: if kind == Kind::Task { 8.0 } else { 1.0 },
        seeding: random.index(5) == 0,
        enemies: others.iter().map(|other| format!("i{other}")).collect(),
    }
}

fn prior() -> Posterior {
    Posterior::normal(0.0, 1.0).unwrap()
}

/// Goes through a session with answers by chance; `look` sees the state before each step.
fn session(release: &Release, seed: u64, excluded: &[u32], mut look: impl FnMut(&State)) -> (State, Stop) {
    let mut random = Random::of(seed, 1);
    let mut state = release.begin(&prior(), seed, excluded).unwrap();
    loop {
        look(&state);
        match release.next(&state) {
            Next::Stop(stop) => return (state, stop),
            Next::Ask(item) => {
                let category = random.index(release.items()[item].model.categories()) as u8;
                release.answer(&mut state, item, category, 20 + random.index(100) as u32).unwrap();
            }
        }
    }
}

/// Every rule that is hard.
fn check_session(release: &Release, state: &State, stop: Stop, excluded: &[u32]) -> Result<(), TestCaseError> {
    let items: Vec<&BankItem> = state.answers().iter().map(|a| &release.items()[a.item as usize]).collect();
    for (place, item) in items.iter().enumerate() {
        prop_assert!(!excluded.contains(&state.answers()[place].item), "an excluded item was asked");
        for before in &items[..place] {
            prop_assert_ne!(&before.family, &item.family, "two of a family");
            prop_assert!(!before.enemies.contains(&item.id) && !item.enemies.contains(&before.id), "enemies");
            prop_assert!(before.kind == Kind::Question || item.kind == Kind::Task, "a question after a task");
        }
    }
    let blueprint = &release.parts().blueprint;
    for kind in Kind::ALL {
        let asked = items.iter().filter(|item| item.kind == kind).count();
        prop_assert!(asked <= usize::from(blueprint.of(kind).max));
        prop_assert!(stop == Stop::OutOfTime || asked >= usize::from(blueprint.of(kind).min), "{:?} too few", kind);
        for quota in &blueprint.topics {
            let here = items.iter().filter(|item| item.kind == kind && item.topic == quota.topic).count();
            prop_assert!(here <= usize::from(quota.of(kind).max));
            prop_assert!(stop == Stop::OutOfTime || here >= usize::from(quota.of(kind).min), "{:?} uncovered", kind);
        }
    }
    prop_assert!(stop == Stop::OutOfTime || state.covers(release));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn no_session_breaks_a_quota_a_family_or_an_enmity(seed in any::<u64>()) {
        // A bank that cannot fill its quotas is refused; the others must fill them in every session.
        if let Ok(release) = Release::new(random_parts(seed)) {
            for person in 0..12 {
                let (state, stop) = session(&release, seed ^ person, &[], |_| {});
                check_session(&release, &state, stop, &[])?;
                // Somebody comes again: what they saw is excluded, if the bank is large enough for that.
                let seen: Vec<u32> = state.answers().iter().map(|answer| answer.item).collect();
                if release.begin(&prior(), 1, &seen).is_ok() {
                    let (again, stop) = session(&release, seed ^ person, &seen, |_| {});
                    check_session(&release, &again, stop, &seen)?;
                }
            }
        }
    }

    #[test]
    fn a_session_that_is_stored_and_resumed_goes_on_as_if_it_had_not_been(seed in any::<u64>()) {
        if let Ok(release) = Release::new(random_parts(seed)) {
            let (end, _) = session(&release, seed, &[], |state| {
                let resumed = release.from_bytes(&release.to_bytes(state)).unwrap();
                assert_eq!(&resumed, state);
                assert_eq!(release.next(&resumed), release.next(state));
            });
            prop_assert_eq!(release.audit(&end), Ok(()));
            let (again, _) = session(&release, seed, &[], |_| {});
            prop_assert_eq!(release.to_bytes(&again), release.to_bytes(&end));
        }
    }
}

#[test]
fn most_random_banks_are_good_enough_to_test_something() {
    let good = (0..200).filter(|seed| Release::new(random_parts(*seed)).is_ok()).count();
    assert!(good >= 100, "{good} of 200");
}

fn small_release() -> Release {
    let parts = (0..).map(random_parts).find(|parts| Release::new(parts.clone()).is_ok()).unwrap();
    Release::new(parts).unwrap()
}

#[test]
fn the_posterior_is_that_of_scoring() {
    let release = small_release();
    let (state, _) = session(&release, 5, &[], |_| {});
    let posterior = release.posterior(&state).unwrap();
    assert!((posterior.mean() - state.belief.mean).abs() < 1e-12);
    assert!((posterior.sd() - state.belief.sd).abs() < 1e-9);
    for (cut, found) in release.parts().cuts.iter().zip(state.at_or_above(&release)) {
        let wanted = posterior.probability_at_or_above(cut);
        assert!((found - wanted).abs() < 2e-3, "{found} {wanted}");
    }
}

#[test]
fn stored_bytes_of_another_form_release_or_content_are_refused() {
    let release = small_release();
    let (state, _) = session(&release, 5, &[], |_| {});
    let bytes = release.to_bytes(&state);
    assert_eq!(release.from_bytes(b"jfa\x02"), Err(StoredError::Form("they do not begin with its mark")));
    assert_eq!(release.from_bytes(&bytes[..bytes.len() - 1]), Err(StoredError::Form("they end too early")));
    let longer = [bytes.clone(), vec![0]].concat();
    assert_eq!(release.from_bytes(&longer), Err(StoredError::Form("they go on after the end")));
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(release.from_bytes(&changed), Err(StoredError::Posterior));
    let eligibility = vec![0.5; release.families().len()];
    let other = release.clone().with_eligibility(eligibility).unwrap();
    assert_eq!(other.from_bytes(&bytes), Err(StoredError::OtherRelease));
}

#[test]
fn an_audit_sees_an_answer_to_an_item_that_was_not_asked() {
    let release = small_release();
    let mut state = release.begin(&prior(), 3, &[]).unwrap();
    let Next::Ask(asked) = release.next(&state) else { panic!("nothing is asked") };
    let other = (0..release.items().len()).find(|item| *item != asked).unwrap();
    release.answer(&mut state, other, 0, 10).unwrap();
    assert_eq!(release.audit(&state), Err(StoredError::OtherChoice(1)));
    assert!(matches!(release.answer(&mut state, other, 0, 10), Err(SessionError::Blocked(_))));
    assert_eq!(release.answer(&mut state, 9_999, 0, 10), Err(SessionError::NoSuchItem(9_999)));
    assert!(matches!(release.answer(&mut state, asked, 9, 10), Err(SessionError::NoSuchCategory { .. })));
}

#[test]
fn a_state_in_a_log_reveals_nothing() {
    let release = small_release();
    let (state, _) = session(&release, 5, &[], |_| {});
    assert_eq!(format!("{state:?}"), format!("State({} answered, …)", state.answers().len()));
}

#[test]
fn a_bank_that_cannot_be_released_says_what_is_wrong() {
    let good = small_release().parts().clone();
    let message = |change: &dyn Fn(&mut ReleaseParts)| {
        let mut parts = good.clone();
        change(&mut parts);
        Release::new(parts).unwrap_err().to_string()
    };
    let cases: Vec<(&str, String)> = vec![
        ("a release needs items", message(&|p| p.items.clear())),
        ("two items have this id", message(&|p| p.items[1].id = p.items[0].id.clone())),
        ("give a time above 0", message(&|p| p.items[0].minutes = 0.0)),
        ("the blueprint has no topic elsewhere", message(&|p| p.items[0].topic = "elsewhere".to_owned())),
        ("its enemy ghost is not in the bank", message(&|p| p.items[0].enemies = vec!["ghost".to_owned()])),
        ("it names itself", message(&|p| p.items[0].enemies = vec![p.items[0].id.clone()])),
        ("cuts between bands rise", message(&|p| p.cuts.reverse())),
        (
            "it has neither questions nor tasks",
            message(&|p| (p.blueprint.questions, p.blueprint.tasks) = (Count::NONE, Count::NONE)),
        ),
        ("cannot both be", message(&|p| p.blueprint.topics[0].questions = Count::new(3, 2))),
        ("the topics need", message(&|p| p.blueprint.topics[0].questions = Count::new(90, 90))),
        (
            "are needed, and the bank is certain to have",
            message(&|p| {
                p.blueprint.questions = Count::new(0, 500);
                p.blueprint.topics[0].questions = Count::new(90, 90);
            }),
        ),
        ("the randomness is 2", message(&|p| p.spread.randomness = 2.0)),
        ("the probability of a band that ends a check is 1", message(&|p| p.stopping.band_at_least = Some(1.0))),
    ];
    for (wanted, found) in cases {
        assert!(found.contains(wanted), "{wanted}: {found}");
    }
}

#[test]
fn too_much_that_is_excluded_is_said_at_the_beginning() {
    let release = small_release();
    let all: Vec<u32> = (0..release.items().len() as u32).collect();
    let needs = release.parts().blueprint.topics.iter().any(|quota| quota.questions.min > 0);
    let error = release.begin(&prior(), 1, &all).map(|_| ());
    assert!(!needs || matches!(error, Err(SessionError::NotEnough { left: 0, .. })), "{error:?}");
    assert_eq!(release.begin(&prior(), 1, &[9_999]).map(|_| ()), Err(SessionError::NoSuchItem(9_999)));
}

/// Lists are made for a normal posterior of one of four widths. What is lost by that, against weighing every item with the
/// posterior itself, is next to nothing, from the first answer on.
#[test]
fn presorted_lists_choose_what_weighing_every_item_would_choose() {
    let mut parts = small_release().parts().clone();
    parts.items = crate::certify::Sketch { topics: 1, ..crate::certify::Sketch::calibrated(300) }.bank().unwrap();
    parts.blueprint = Blueprint::questions_only("topic 1", Count::new(20, 20));
    (parts.stopping, parts.spread) = (Stopping::BY_COUNT, Spread { randomness: 0.0, ..Spread::default() });
    let release = Release::new(parts).unwrap();
    let weighed = |state: &State, item: usize| -> f64 {
        release.information[item].iter().enumerate().map(|(q, i)| state.belief.weight(q) * f64::from(*i)).sum()
    };
    let (mut least, mut sum, mut steps) = (1.0_f64, 0.0, 0.0);
    for seed in 0..40 {
        session(&release, seed, &[], |state| {
            if let Next::Ask(item) = release.next(state) {
                let free = (0..300).filter(|item| !state.is_blocked(*item));
                let best = free.map(|item| weighed(state, item)).fold(0.0, f64::max);
                let part = weighed(state, item) / best;
                (least, sum, steps) = (least.min(part), sum + part, steps + 1.0);
            }
        });
    }
    assert!(sum / steps > 0.99 && least > 0.8, "{} {least}", sum / steps);
}
