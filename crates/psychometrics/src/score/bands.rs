//! From a posterior to what a person is told: bands, dots and words, never a number.
//!
//! The cuts between bands come from judges, who do not agree exactly; the spread of their mean goes into every statement:
//! P(at or above a cut) is taken over the level and over the cut. Twenty dots: R. A. Fernandes, L. Walls, S. Munson,
//! J. Hullman, M. Kay (2018), Uncertainty displays using quantile dotplots or CDFs improve transit decision-making.

use super::density::{Density, STEP};
use super::posterior::Posterior;
use crate::grid::{NODES, REACH, node};
use crate::math::{exp, normal_cdf};

/// Dots of a quantile dot plot.
pub const DOTS: usize = 20;
/// From this probability on "clearly".
pub const CLEARLY: f64 = 0.90;
/// From this probability on "likely".
pub const LIKELY: f64 = 0.75;
/// From this probability on "on the line".
pub const ON_THE_LINE: f64 = 0.40;

/// Where a band begins, and how well the judges know it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    value: f64,
    se: f64,
}

/// What are no bands.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BandsError {
    /// A cut outside the grid, or with a standard error that is none.
    #[error("a cut lies between −6 and 6 and has a standard error from 0 to 3; this one is {value} with {se}")]
    Cut {
        /// As given.
        value: f64,
        /// As given.
        se: f64,
    },
    /// Fewer than two bands, or not one more than cuts.
    #[error("{bands} bands and {cuts} cuts: there are at least two bands, and one cut between any two neighbours")]
    Number {
        /// How many bands.
        bands: usize,
        /// How many cuts.
        cuts: usize,
    },
    /// Cuts out of order.
    #[error("cuts rise from band to band; the one below {0} is not above the one before")]
    Order(String),
}

impl Cut {
    /// A cut at the level `value`, with the standard error `se` of the judges' mean.
    ///
    /// # Errors
    /// A value outside the grid, a standard error below 0 or above 3.
    pub fn new(value: f64, se: f64) -> Result<Self, BandsError> {
        if value.abs() <= REACH && (0.0..=3.0).contains(&se) {
            Ok(Self { value, se })
        } else {
            Err(BandsError::Cut { value, se })
        }
    }

    /// Its level.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Standard error of the judges' mean.
    #[must_use]
    pub fn se(&self) -> f64 {
        self.se
    }

    /// P(the cut is at or below) at each node: its product with a posterior's weights, summed, is P(at or above) in one
    /// pass, for stopping rules. Within 0.001 of [`Density::at_or_above`] where the cut's standard error is at least 0.1
    /// and the posterior's at least 0.2; an exact cut needs the latter.
    #[must_use]
    pub fn row(&self) -> [f64; NODES] {
        std::array::from_fn(|q| {
            let distance = node(q) - self.value;
            if self.se > 0.0 {
                normal_cdf(distance / self.se)
            } else {
                // A node on an exact cut is half on either side.
                0.5 * (1.0 + distance.partial_cmp(&0.0).map_or(0.0, |side| f64::from(side as i8)))
            }
        })
    }
}

impl Density {
    /// P(level ≥ cut), over what is uncertain of both.
    #[must_use]
    pub fn at_or_above(&self, cut: &Cut) -> f64 {
        if cut.se == 0.0 {
            return 1.0 - self.cumulative(cut.value);
        }
        // The mean of 1 − F over the cut's normal distribution, by a uniform rule that resolves both.
        let step = (cut.se / 4.0).min(2.0 * STEP);
        let reach = (5.0 * cut.se / step).ceil() as i32;
        let (mut sum, mut weights) = (0.0, 0.0);
        for k in -reach..=reach {
            let shift = f64::from(k) * step;
            let z = shift / cut.se;
            let weight = exp(-0.5 * z * z);
            sum += weight * (1.0 - self.cumulative(cut.value + shift));
            weights += weight;
        }
        (sum / weights).clamp(0.0, 1.0)
    }
}

/// Bands of a career path, the lowest first, and the cuts between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Bands {
    names: Vec<String>,
    cuts: Vec<Cut>,
}

impl Bands {
    /// Bands by name, the lowest first, and the cuts between neighbours: one fewer.
    ///
    /// # Errors
    /// Fewer than two bands, another number of cuts, or cuts that do not rise.
    pub fn new(names: Vec<String>, cuts: Vec<Cut>) -> Result<Self, BandsError> {
        if names.len() < 2 || names.len() != cuts.len() + 1 {
            return Err(BandsError::Number { bands: names.len(), cuts: cuts.len() });
        }
        if let Some(place) = cuts.windows(2).position(|pair| pair[1].value <= pair[0].value) {
            return Err(BandsError::Order(names[place + 2].clone()));
        }
        Ok(Self { names, cuts })
    }

    /// Names, the lowest first.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Cuts: the first is where the second band begins.
    #[must_use]
    pub fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// What a posterior says of the bands.
    #[must_use]
    pub fn read(&self, posterior: &Posterior) -> BandReading {
        let density = posterior.density();
        let mut at_or_above: Vec<f64> = self.cuts.iter().map(|cut| density.at_or_above(cut)).collect();
        // Of two close cuts with different standard errors the higher could come out likelier by a hair.
        for k in 1..at_or_above.len() {
            at_or_above[k] = at_or_above[k].min(at_or_above[k - 1]);
        }
        BandReading::new(at_or_above)
    }
}

/// What is to be told of a level.
///
/// No `Display`, no text: whoever tells it chooses what, to whom, with their consent.
#[derive(Clone, PartialEq)]
pub struct BandReading {
    probabilities: Vec<f64>,
    at_or_above: Vec<f64>,
    dots: Vec<usize>,
    words: Words,
}

/// What the probabilities come to in words. Bands are counted from 0, the lowest.
///
/// The statement is about the highest band whose cut is reached with a probability of at least .40 (whatever is less likely
/// is not spoken of), or about the lowest band when no cut is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// At this band or above, with probability ≥ .90; for the lowest band: in it.
    Clearly {
        /// Which.
        band: usize,
    },
    /// At this band or above, with probability ≥ .75; for the lowest band: in it.
    Likely {
        /// Which.
        band: usize,
    },
    /// On the line between two neighbours, which together hold a probability ≥ .75.
    OnTheLine {
        /// The lower and the higher.
        between: (usize, usize),
    },
    /// Not known yet: the readings lie in three bands or more, or evenly in all. The bands that remain, without the tenth
    /// of the probability at either end.
    Open {
        /// The lowest that remains.
        from: usize,
        /// The highest that remains.
        to: usize,
    },
}

impl BandReading {
    fn new(at_or_above: Vec<f64>) -> Self {
        let bands = at_or_above.len() + 1;
        let from = |band: usize| if band == 0 { 1.0 } else { at_or_above.get(band - 1).copied().unwrap_or(0.0) };
        let probabilities: Vec<f64> = (0..bands).map(|band| from(band) - from(band + 1)).collect();
        // How many of the twenty quantiles lie at or above the cut: the quantile at (i + ½)/20 does when F(cut) is at most
        // that, which is 20 P rounded, a half upwards.
        let dots_from = |band: usize| (DOTS as f64 * from(band) + 0.5).floor() as usize;
        let dots = (0..bands).map(|band| dots_from(band) - dots_from(band + 1)).collect();
        let words = words(&at_or_above, &probabilities);
        Self { probabilities, at_or_above, dots, words }
    }

    /// For each band the probability of being in it; they sum to one.
    #[must_use]
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// For each cut the probability of being at or above it: the first is that of the second band or above.
    #[must_use]
    pub fn at_or_above(&self) -> &[f64] {
        &self.at_or_above
    }

    /// For each band how many of twenty equally likely readings are in it; they sum to [`DOTS`].
    ///
    /// Readings of level and cut together: of the twenty quantiles of the distance to a cut, those that are not negative
    /// are at or above it.
    #[must_use]
    pub fn dots(&self) -> &[usize] {
        &self.dots
    }

    /// "In 17 of 20 equally likely readings you are at this band or above."
    #[must_use]
    pub fn dots_at_or_above(&self, band: usize) -> usize {
        self.dots.iter().skip(band).sum()
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        self.words
    }
}

fn words(at_or_above: &[f64], probabilities: &[f64]) -> Words {
    let reached = at_or_above.iter().rposition(|&p| p >= ON_THE_LINE).map_or(0, |cut| cut + 1);
    let certain = if reached == 0 { probabilities[0] } else { at_or_above[reached - 1] };
    if certain >= CLEARLY {
        return Words::Clearly { band: reached };
    }
    if certain >= LIKELY {
        return Words::Likely { band: reached };
    }
    let lower = reached.saturating_sub(1);
    if probabilities[lower] + probabilities[lower + 1] >= LIKELY {
        return Words::OnTheLine { between: (lower, lower + 1) };
    }
    let from = at_or_above.iter().take_while(|&&p| p >= CLEARLY).count();
    let to = at_or_above.iter().take_while(|&&p| p > 1.0 - CLEARLY).count();
    Words::Open { from, to }
}

/// Says nothing of the person.
impl std::fmt::Debug for BandReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BandReading(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bands() -> Bands {
        let names = ["Trainee", "Junior", "Middle", "Senior"].map(str::to_owned).to_vec();
        Bands::new(names, [-1.0, 0.0, 1.0].map(|value| Cut::new(value, 0.18).unwrap()).to_vec()).unwrap()
    }

    fn reading(mean: f64, sd: f64) -> BandReading {
        bands().read(&Posterior::normal(mean, sd).unwrap())
    }

    #[test]
    fn the_cut_s_own_spread_is_in_the_probability() {
        for (mean, sd) in [(0.3, 0.3), (-0.2, 0.12), (1.1, 0.6), (0.0, 1.0)] {
            let posterior = Posterior::normal(mean, sd).unwrap();
            for (value, se) in [(0.0, 0.0), (0.5, 0.01), (0.2, 0.18), (-0.7, 0.45), (0.9, 1.5)] {
                let cut = Cut::new(value, se).unwrap();
                let wanted = normal_cdf((mean - value) / (sd * sd + se * se).sqrt());
                let found = posterior.probability_at_or_above(&cut);
                assert!((found - wanted).abs() < 2e-4, "{mean} {sd} {value} {se}: {found} {wanted}");
                let quick: f64 = posterior.weights().iter().zip(cut.row()).map(|(weight, p)| weight * p).sum();
                if se >= 0.1 && sd >= 0.2 {
                    assert!((quick - wanted).abs() < 1e-3, "{mean} {sd} {value} {se}: {quick} {wanted}");
                }
            }
        }
    }

    #[test]
    fn words_follow_the_probabilities() {
        assert_eq!(reading(0.6, 0.2).words(), Words::Clearly { band: 2 });
        assert_eq!(reading(0.35, 0.3).words(), Words::Likely { band: 2 });
        assert_eq!(reading(0.05, 0.3).words(), Words::OnTheLine { between: (1, 2) });
        assert_eq!(reading(-0.05, 0.3).words(), Words::OnTheLine { between: (1, 2) });
        // P(Middle or above) is below .40: the statement is about Junior.
        assert_eq!(reading(-0.2, 0.3).words(), Words::Clearly { band: 1 });
        assert_eq!(reading(-2.0, 0.3).words(), Words::Clearly { band: 0 });
        assert_eq!(reading(-1.3, 0.3).words(), Words::Likely { band: 0 });
        assert_eq!(reading(-1.15, 0.3).words(), Words::OnTheLine { between: (0, 1) });
        assert_eq!(reading(3.0, 0.3).words(), Words::Clearly { band: 3 });
        assert_eq!(reading(0.0, 1.0).words(), Words::Open { from: 0, to: 3 });
        assert_eq!(reading(0.6, 0.8).words(), Words::Likely { band: 2 });
        assert_eq!(reading(0.2, 0.9).words(), Words::Open { from: 1, to: 3 });
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Cut::new(f64::NAN, 0.1).is_err() && Cut::new(0.0, -0.1).is_err() && Cut::new(0.0, f64::NAN).is_err());
        let cut = |value| Cut::new(value, 0.1).unwrap();
        let names = |n: usize| (0..n).map(|k| k.to_string()).collect::<Vec<_>>();
        assert!(Bands::new(names(1), vec![]).is_err());
        assert!(Bands::new(names(3), vec![cut(0.0)]).is_err());
        let fault = Bands::new(names(3), vec![cut(0.0), cut(0.0)]).unwrap_err();
        assert_eq!(fault.to_string(), "cuts rise from band to band; the one below 2 is not above the one before");
    }

    #[test]
    fn neither_reading_nor_density_reach_a_log() {
        let reading = reading(0.3, 0.3);
        assert_eq!(format!("{reading:?}"), "BandReading(…)");
        assert_eq!(format!("{:?}", Posterior::normal(0.3, 0.3).unwrap().density()), "Density(…)");
    }

    proptest! {
        #[test]
        fn dots_are_the_quantiles_and_probabilities_fall_from_cut_to_cut(mean in -3.0..3.0_f64, sd in 0.08..1.2_f64) {
            let posterior = Posterior::normal(mean, sd).unwrap();
            let cuts = [-1.0, 0.0, 1.0].map(|value| Cut::new(value, 0.0).unwrap());
            let exact = Bands::new(bands().names().to_vec(), cuts.to_vec()).unwrap();
            for reading in [exact.read(&posterior), bands().read(&posterior)] {
                prop_assert!((reading.probabilities().iter().sum::<f64>() - 1.0).abs() < 1e-12);
                prop_assert!(reading.probabilities().iter().all(|p| *p >= 0.0));
                prop_assert!(reading.at_or_above().windows(2).all(|pair| pair[0] >= pair[1]));
                prop_assert_eq!(reading.dots().iter().sum::<usize>(), DOTS);
                for (place, p) in reading.at_or_above().iter().enumerate() {
                    let share = reading.dots_at_or_above(place + 1) as f64 / DOTS as f64;
                    prop_assert!((share - p).abs() <= 0.025 + 1e-12);
                }
            }
            let reading = exact.read(&posterior);
            for (place, cut) in exact.cuts().iter().enumerate() {
                let above = posterior.dots().iter().filter(|dot| **dot >= cut.value()).count();
                prop_assert_eq!(reading.dots_at_or_above(place + 1), above);
            }
        }

        #[test]
        fn a_higher_cut_is_never_likelier(mean in -3.0..3.0_f64, sd in 0.05..1.2_f64, se in 0.0..1.0_f64) {
            let posterior = Posterior::normal(mean, sd).unwrap();
            let density = posterior.density();
            let mut before = 1.0;
            for k in -60..=60 {
                let p = density.at_or_above(&Cut::new(f64::from(k) / 10.0, se).unwrap());
                prop_assert!(p <= before + 1e-12);
                before = p;
            }
        }
    }
}
