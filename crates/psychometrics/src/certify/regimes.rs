//! The populations that a release is tried on: the one it believes in, and some that are wrong on purpose.

use super::generator::{Assistance, Generator, Group, Hurry, Shape};
use crate::adaptive::{Kind, Release};

/// What a regime may show at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tolerance {
    /// All bars of the release.
    Full,
    /// Statements must be right, and people of different groups must be treated alike.
    Groups,
    /// What the release assumes is not so. Statements are then off; this is how far they may be: least and greatest
    /// coverage, greatest calibration error.
    Wrong(f64, f64, f64),
}

/// A population, and why it is tried.
pub(crate) struct Trial {
    pub id: &'static str,
    pub title: &'static str,
    pub what: String,
    pub generator: Generator,
    pub tolerance: Tolerance,
}

fn trial(id: &'static str, title: &'static str, what: &str, generator: Generator, tolerance: Tolerance) -> Trial {
    Trial { id, title, what: what.to_owned(), generator, tolerance }
}

/// All trials that mean something for this release.
pub(crate) fn trials(release: &Release) -> Vec<Trial> {
    let mut trials = as_believed();
    trials.extend(shapes());
    trials.extend(behaviour());
    let is_uncertain = release.items().iter().any(|item| !item.model.is_certain());
    if is_uncertain {
        trials.push(trial(
            "item-error",
            "Items further off than stated",
            "Difficulties and slopes are half as far again from their estimates as the release says.",
            Generator { item_error: 1.5, ..Generator::default() },
            Tolerance::Wrong(0.90, 0.96, 0.03),
        ));
    }
    if release.items().iter().any(|item| item.kind == Kind::Task) && release.parts().blueprint.tasks.max > 0 {
        trials.extend(tasks());
    }
    trials
}

fn as_believed() -> Vec<Trial> {
    let half = |name: &str, mean: f64| Group {
        name: name.to_owned(),
        mean,
        // So that the two together have variance 1.
        sd: 0.75_f64.sqrt(),
        ..Group::reference()
    };
    let timed = |name: &str, pace: f64, extra_time: f64| Group {
        name: name.to_owned(),
        pace,
        extra_time,
        ..Group::reference()
    };
    vec![
        trial(
            "as-believed",
            "As the release believes",
            "Levels are normal, items differ from their estimates by as much as the release says, answers are people's own \
             as often as it says.",
            Generator::default(),
            Tolerance::Full,
        ),
        trial(
            "groups",
            "Two groups of different means",
            "Half of the people have a mean level of −0.5, half of +0.5. At the same level the check must err alike for both.",
            Generator { groups: vec![half("lower mean", -0.5), half("higher mean", 0.5)], ..Generator::default() },
            Tolerance::Groups,
        ),
        trial(
            "pace",
            "Slower people, with and without extra time",
            "One in five takes half as long again. One half of those is given half as much time again, the other is not.",
            Generator {
                groups: vec![
                    Group { share: 0.8, ..timed("usual pace", 1.0, 1.0) },
                    Group { share: 0.1, ..timed("slower, extra time", 1.5, 1.5) },
                    Group { share: 0.1, ..timed("slower, no extra time", 1.5, 1.0) },
                ],
                ..Generator::default()
            },
            Tolerance::Groups,
        ),
    ]
}

fn shapes() -> Vec<Trial> {
    vec![
        trial(
            "skewed",
            "Levels are skewed",
            "Many people somewhat below the mean, few far above it (a gamma distribution of skewness 1). The release takes \
             levels to be normal.",
            Generator::of_shape(Shape::Skewed),
            Tolerance::Wrong(0.92, 0.97, 0.02),
        ),
        trial(
            "bimodal",
            "Levels have two humps",
            "Two kinds of people, around −0.9 and +0.9, and few between.",
            Generator::of_shape(Shape::Bimodal),
            Tolerance::Wrong(0.92, 0.98, 0.04),
        ),
        trial(
            "heavy-tailed",
            "Levels have heavy tails",
            "More people far from the middle than in a normal distribution (Laplace).",
            Generator::of_shape(Shape::HeavyTailed),
            Tolerance::Wrong(0.92, 0.97, 0.03),
        ),
    ]
}

fn behaviour() -> Vec<Trial> {
    vec![
        trial(
            "assistance",
            "Some answers are not people's own",
            "One person in ten has three of ten answers from elsewhere, which the release does not expect of them.",
            Generator { assistance: Assistance::Some { people: 0.1, answers: 0.3 }, ..Generator::default() },
            Tolerance::Wrong(0.88, 0.97, 0.05),
        ),
        trial(
            "hurry",
            "Some people lose patience",
            "One person in ten answers by chance from the ninth answer on.",
            Generator { hurry: Some(Hurry { people: 0.1, after: 8 }), ..Generator::default() },
            Tolerance::Wrong(0.88, 0.97, 0.05),
        ),
    ]
}

fn tasks() -> Vec<Trial> {
    vec![
        trial(
            "unequal-slopes",
            "Unequal slopes inside a task",
            "The behaviours of a task depend on the level to different degrees (standard deviation .3 of ln slope). The \
             release takes them to be equal.",
            Generator { unequal_slopes: 0.3, ..Generator::default() },
            Tolerance::Wrong(0.93, 0.97, 0.02),
        ),
        trial(
            "task-effect",
            "Tasks that suit some people more",
            "Person and task meet in an effect of standard deviation .8 on the logit scale, beyond what the release says.",
            Generator { task_effect: 0.8, ..Generator::default() },
            Tolerance::Wrong(0.92, 0.97, 0.02),
        ),
    ]
}
