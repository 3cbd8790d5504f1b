//! Scoring somebody honestly: soft items, a practical task, and what is told at the end.
//!
//! `cargo run -p psychometrics --example score`

use psychometrics::score::{Bands, Cut, Posterior, SoftItem, TaskItem, Uncertainty, Words};
use psychometrics::{Curve, Item};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// A question of which only its author's judgement is known: difficulty ± 0.8, slope ± 30 %. One answer in twenty is
/// expected to be somebody else's.
fn question(difficulty: f64) -> Fallible<SoftItem> {
    let item = Item::from_difficulties(Curve::Dichotomous, 1.2, &[difficulty], 0.0)?;
    Ok(SoftItem::new(item, Uncertainty::spread(0.3, 0.8), 0.05)?)
}

fn main() -> Fallible<()> {
    // What is believed before any answer: somebody from the reference population.
    let mut posterior = Posterior::normal(0.0, 1.0)?;

    // Eight quick questions, six of them right. A table of likelihoods is made once for each item of a bank.
    let difficulties = [-1.0, -0.5, 0.0, 0.0, 0.5, 0.5, 1.0, 1.5];
    for (difficulty, category) in difficulties.into_iter().zip([1, 1, 1, 1, 1, 0, 1, 0]) {
        posterior.observe(&question(difficulty)?.likelihoods()[category])?;
    }

    // A task with four behaviours, of which one could not be checked. They hang together: the effect of this person on
    // this task, sd 0.8, is integrated out.
    let behaviours = [-0.5, 0.2, 0.6, 1.2].map(question).into_iter().collect::<Result<Vec<_>, _>>()?;
    let task = TaskItem::new(behaviours, 0.8)?.table();
    posterior.observe(&task.pattern(&[Some(1), Some(1), None, Some(0)])?)?;

    // Judges set the cuts; how far they disagreed is part of every statement.
    let names = ["Trainee", "Junior", "Middle", "Senior"].map(str::to_owned).to_vec();
    let cuts = [-1.0, 0.0, 1.0].map(|level| Cut::new(level, 0.18)).into_iter().collect::<Result<Vec<_>, _>>()?;
    let bands = Bands::new(names, cuts)?;

    let reading = bands.read(&posterior);
    for (name, dots) in bands.names().iter().zip(reading.dots()) {
        println!("{name:<8} {}", "●".repeat(*dots));
    }
    let name = |band: usize| &bands.names()[band];
    match reading.words() {
        Words::Clearly { band } => println!("Clearly {} or above.", name(band)),
        Words::Likely { band } => println!("Likely {} or above.", name(band)),
        Words::OnTheLine { between: (lower, higher) } => {
            println!("On the line between {} and {}.", name(lower), name(higher));
        }
        Words::Open { from, to } => println!("Not settled yet: {} to {}.", name(from), name(to)),
    }
    println!("In {} of 20 equally likely readings: {} or above.", reading.dots_at_or_above(2), name(2));

    // Sixty-one numbers, to be stored; the next session goes on from them bit for bit.
    assert_eq!(Posterior::from_bytes(&posterior.to_bytes())?, posterior);
    Ok(())
}
