//! How an item fares, in words that tell nobody's answer.

use crate::check::{ItemTally, Source};

/// Shares are told to so many per cent. Finer ones, looked at before and after an answer, would tell what it was.
const STEP: f64 = 5.0;

/// What is told once there are enough answers.
pub(super) struct Fares {
    pub score: String,
    pub fit: &'static str,
    pub drift: &'static str,
    pub time: String,
}

impl Fares {
    pub(super) fn new(tally: &ItemTally, source: Source) -> Self {
        let drift = match (tally.drifts(), source) {
            (false, _) => "none seen",
            (true, Source::Answers) => "drifts",
            // What never was as taken looks the same.
            (true, Source::Authors) => "drifts, or never was as its authors took it",
        };
        let score = 100.0 * tally.score / tally.answered as f64;
        let score = format!("about {:.0} %", (score / STEP).round() * STEP);
        Self { score, fit: fit(tally), drift, time: time(tally) }
    }
}

/// How answers compare to what was expected of these people, in words. Only what chance does not explain is named.
fn fit(tally: &ItemTally) -> &'static str {
    let answers = tally.answered as f64;
    let (mean, square) = (tally.residual / answers, tally.residual_squared / answers);
    // The mean of standardised residuals has a standard error of 1/√n, their mean square one of about √(2/n).
    let is_off = mean.abs() > (3.0 / answers.sqrt()).max(0.15);
    match square > (1.0 + 3.0 * (2.0 / answers).sqrt()).max(1.3) {
        _ if is_off && mean > 0.0 => "easier than taken",
        _ if is_off => "harder than taken",
        true => "noisy",
        false => "as expected",
    }
}

/// The geometric mean of working times, which a few long absences hardly move.
fn time(tally: &ItemTally) -> String {
    let seconds = (tally.ln_seconds / tally.answered as f64).exp();
    if seconds < 90.0 {
        format!("{:.0} s", (seconds / 5.0).round() * 5.0)
    } else {
        format!("{:.0} min", seconds / 60.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(residual: f64, residual_squared: f64) -> ItemTally {
        ItemTally {
            item: "x@1".to_owned(),
            known: 0,
            answered: 100,
            score: 60.0,
            residual,
            residual_squared,
            ln_seconds: 100.0 * 60.0_f64.ln(),
            drift_most: 0.0,
        }
    }

    #[test]
    fn only_what_chance_does_not_explain_is_named() {
        assert_eq!(fit(&tally(20.0, 100.0)), "as expected");
        assert_eq!(fit(&tally(40.0, 110.0)), "easier than taken");
        assert_eq!(fit(&tally(-40.0, 110.0)), "harder than taken");
        assert_eq!(fit(&tally(0.0, 180.0)), "noisy");
        assert_eq!(time(&tally(0.0, 0.0)), "60 s");
    }

    #[test]
    fn shares_are_coarse() {
        let fares = Fares::new(&tally(0.0, 100.0), Source::Authors);
        assert_eq!(fares.score, "about 60 %");
        let mut more = tally(0.0, 100.0);
        (more.answered, more.score) = (101, 61.0);
        assert_eq!(Fares::new(&more, Source::Authors).score, "about 60 %");
    }
}
