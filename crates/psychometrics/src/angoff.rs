//! A modified Angoff exercise: raters say how likely somebody on the border of each level answers each item well, and out
//! come cut scores and difficulties, both with what is uncertain of them.
//!
//! # Model
//! logit p of rater r, item i, level l is γₗ + βᵢ + ρᵣ + δᵣₗ + ηᵣᵢ + e, where γ are the levels; β the items; ρ how strict
//! a rater is; δ how far their picture of a level is off the panel's; η how differently they see an item, at all its
//! levels alike; and e the rest. All but γ are random with variances found by restricted maximum likelihood (EM, H. D.
//! Patterson and R. Thompson 1971), which takes gaps in the table as they come. The borderline person of level l is at
//! θₗ = b̄ + γₗ/a and item i at bᵢ = b̄ − βᵢ/a, with b̄ the mean difficulty of items like these and a slope a that all share.
//!
//! # What ties it to people
//! Ratings know distances in logits only. Neither where people are (b̄) nor how far a logit reaches among them (a) can be
//! learned from them. Two things therefore come from outside and are stated:
//! - at least one [`Anchor`]: a cut or the mean difficulty lies at this level of the population, give or take so much
//!   (for instance: 40 % of the people who take this check are at or above Middle). With two or more anchors ratings and
//!   anchors together also say what a is;
//! - a prior of ln a ([`AngoffOptions::slope`]). With one anchor it is all that is known of a, and its spread goes into the
//!   cuts' and difficulties' own.
//!
//! No cut is fixed to be known exactly, not even the anchored one: its standard deviation is at least what both anchor and
//! panel leave open.
//!
//! # What is uncertain
//! Cuts have the judges' spread over the number of raters; few raters do not know their own spread, so it is widened as
//! Student's t with one degree of freedom fewer than raters is wider than the normal distribution (5 raters: by 1.42).
//! Difficulties have what raters differ in about an item, the slope's difference from item to item, and
//! [`AngoffOptions::shared_error`]: what all raters get wrong together, which no number of raters shows. Nothing is drawn
//! towards the mean for it, because raters do so themselves.
//!
//! Simulated with 40 items, three levels, raters who differ by 0.4 in all and 0.25 at a level, and a mean difficulty known
//! to 0.1, 95 % intervals of cuts hold the truth in 96 % (five raters) and 95 % (ten) of panels, those of difficulties in
//! 95 %. Two raters are taken but know next to nothing of their own spread: their cuts have a standard deviation of 1.6.
//!
//! Source of the exercise: W. H. Angoff (1971); the shape of the answer follows R. K. Hambleton and M. J. Pitoniak (2006).

mod check;
mod mixed;
mod scale;

use crate::fit::{ItemPrior, NormalPrior};
use crate::math::{Matrix, ln, normal_quantile};

/// Who rated what.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Names of raters, at least two.
    pub raters: Vec<String>,
    /// Names of items.
    pub items: Vec<String>,
    /// Names of levels, rising, each standing for the person who only just reaches it.
    pub levels: Vec<String>,
    /// Ratings; not every rater needs to have rated everything.
    pub ratings: Vec<Rating>,
}

/// One rating.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rating {
    /// Index of the rater.
    pub rater: usize,
    /// Index of the item.
    pub item: usize,
    /// Index of the level.
    pub level: usize,
    /// How likely a person on the border of that level answers well, in \[0, 1\].
    pub p: f64,
}

/// Something known of the population, in its standard deviations from its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// What is known.
    pub what: Anchored,
    /// Where it is.
    pub theta: f64,
    /// How well that is known: a standard deviation, at least 0.001.
    pub sd: f64,
}

/// What an anchor is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchored {
    /// The cut of the level of this index.
    Cut(usize),
    /// The mean difficulty of items like these.
    MeanDifficulty,
}

impl Anchor {
    /// This share of the population, in (0, 1), is at or above a level: its cut is where a normal distribution has that
    /// share above it. `sd` as in [`Anchor`].
    #[must_use]
    pub fn share_at_or_above(level: usize, share: f64, sd: f64) -> Self {
        Self { what: Anchored::Cut(level), theta: -normal_quantile(share), sd }
    }
}

/// How [`angoff`] goes about it.
#[derive(Clone, Debug, PartialEq)]
pub struct AngoffOptions {
    /// What ties the scale to the population; at least one.
    pub anchors: Vec<Anchor>,
    /// What is believed of ln a, the slope of items on average, in logits a standard deviation of the population.
    pub slope: NormalPrior,
    /// By how much ln a differs from item to item: a standard deviation.
    pub slope_spread: f64,
    /// What raters get wrong about an item together: a standard deviation of b. Assumed, and to be replaced by what the
    /// first thousand answers show.
    pub shared_error: f64,
    /// Ratings nearer to 0 or 1 than this are drawn in to it: nobody is sure beyond it. In (0, 0.5).
    pub nearest: f64,
    /// What becomes of ratings that contradict each other.
    pub contradictions: Contradictions,
}

impl AngoffOptions {
    /// The usual options with these anchors: a about 1.2 (ln a with standard deviation 0.2, and 0.2 from item to item),
    /// a shared error of 0.5, ratings drawn in to 0.02, contradictions refused.
    #[must_use]
    pub fn new(anchors: Vec<Anchor>) -> Self {
        Self {
            anchors,
            slope: NormalPrior { mean: ln(1.2), sd: 0.2 },
            slope_spread: 0.2,
            shared_error: 0.5,
            nearest: 0.02,
            contradictions: Contradictions::Refuse,
        }
    }
}

/// What becomes of a rater's saying that a higher level does worse on an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradictions {
    /// An error that names them all.
    Refuse,
    /// They are taken as they are.
    Keep,
}

/// A rater's saying that a higher level does worse on an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// Name of the rater.
    pub rater: String,
    /// Name of the item.
    pub item: String,
    /// Name and rating of the lower level.
    pub lower: (String, f64),
    /// Name and rating of the higher level.
    pub higher: (String, f64),
}

impl std::fmt::Display for Contradiction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rater, item, lower, higher } = self;
        write!(f, "{rater} gives {item} {} at {} and less, {}, at {}", lower.1, lower.0, higher.1, higher.0)
    }
}

/// What the exercise says.
#[derive(Clone, Debug, PartialEq)]
pub struct Angoff {
    /// Difficulties, in the order of items.
    pub items: Vec<RatedItem>,
    /// Cut scores, in the order of levels.
    pub cuts: Vec<Cut>,
    /// Covariance of the cuts; the square roots of its diagonal are their standard deviations.
    pub cut_covariance: Matrix,
    /// Raters, in their order.
    pub raters: Vec<RaterEffect>,
    /// How much raters differ, in logits.
    pub spread: Spread,
    /// What is believed of ln a now, of items on average.
    pub slope: NormalPrior,
    /// What is believed of ln a of a single item.
    pub item_slope: NormalPrior,
    /// How many ratings were drawn in from 0 or 1.
    pub drawn_in: usize,
}

impl Angoff {
    /// Priors for calibration, in the order of items (right-or-wrong items: one difficulty each).
    #[must_use]
    pub fn priors(&self) -> Vec<ItemPrior> {
        let prior = |item: &RatedItem| ItemPrior {
            ln_slope: Some(self.item_slope),
            difficulties: vec![item.difficulty],
            guessing: None,
        };
        self.items.iter().map(prior).collect()
    }
}

/// An item's difficulty.
#[derive(Clone, Debug, PartialEq)]
pub struct RatedItem {
    /// Name.
    pub name: String,
    /// What is believed of b.
    pub difficulty: NormalPrior,
    /// Ratings it has.
    pub ratings: usize,
}

/// A cut score: where the person stands who only just reaches a level.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// Name of the level.
    pub level: String,
    /// In standard deviations of the population.
    pub theta: f64,
    /// Standard deviation: judges' spread, anchors and slope together.
    pub sd: f64,
}

/// How one rater differs from the panel. Shrunk towards 0 by how little it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct RaterEffect {
    /// Name.
    pub name: String,
    /// Logits by which their ratings are higher than the panel's: positive for who expects more of everybody.
    pub generosity: f64,
    /// Further logits at each level.
    pub at_levels: Vec<f64>,
}

/// Standard deviations, in logits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Among items.
    pub items: f64,
    /// Among raters, over everything.
    pub raters: f64,
    /// Among raters' pictures of a level; 0 with a single level.
    pub raters_by_level: f64,
    /// Among raters' views of an item; 0 with a single level, where it cannot be told from the rest.
    pub raters_by_item: f64,
    /// What remains.
    pub rest: f64,
}

/// Ratings that give no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AngoffError {
    /// A single rater.
    #[error("{0} rater(s) gave ratings; it takes at least 2 to see how much raters differ, and 5 to see it well")]
    TooFewRaters(usize),
    /// Fewer than two items.
    #[error("{0} item(s) were rated; it takes at least 2")]
    TooFewItems(usize),
    /// No levels.
    #[error("there are no levels to rate")]
    NoLevels,
    /// An index that is not there.
    #[error("rating {0} (counted from 1) is of a rater, item or level that is not listed")]
    Unknown(usize),
    /// A rating that is no probability.
    #[error("{rater} gives {item} {p} at {level}: a rating is a probability from 0 to 1")]
    NotProbability {
        /// Name.
        rater: String,
        /// Name.
        item: String,
        /// Name.
        level: String,
        /// As given.
        p: f64,
    },
    /// The same rated twice by the same.
    #[error("{rater} rates {item} at {level} twice")]
    Twice {
        /// Name.
        rater: String,
        /// Name.
        item: String,
        /// Name.
        level: String,
    },
    /// Something nobody rated.
    #[error("nobody rated {0}")]
    Unrated(String),
    /// A higher level that does worse.
    #[error("a higher level cannot do worse on an item; ask again: {}", list(.0))]
    Contradictory(Vec<Contradiction>),
    /// No anchor.
    #[error("nothing ties the ratings to people: give an anchor, such as the share of people at or above a level")]
    NoAnchor,
    /// Anchors or options out of their range.
    #[error("{0}")]
    Options(&'static str),
    /// A mixed model that came to no end.
    #[error(
        "the variances of the ratings cannot be told apart: there are too few ratings for so many raters and items"
    )]
    Undetermined,
}

fn list(contradictions: &[Contradiction]) -> String {
    contradictions.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Cuts and difficulties from ratings. See the module for the model and what is assumed.
///
/// # Errors
/// See [`AngoffError`].
pub fn angoff(panel: &Panel, options: &AngoffOptions) -> Result<Angoff, AngoffError> {
    check::check(panel, options)?;
    let observations = check::observations(panel, options.nearest);
    let drawn_in =
        panel.ratings.iter().filter(|rating| rating.p < options.nearest || rating.p > 1.0 - options.nearest).count();
    let sizes = mixed::Sizes { raters: panel.raters.len(), items: panel.items.len(), levels: panel.levels.len() };
    let mixed = mixed::fit(&observations, sizes).ok_or(AngoffError::Undetermined)?;
    let scaled = scale::scale(&mixed, sizes, options).ok_or(AngoffError::Undetermined)?;
    let cut = |(level, name): (usize, &String)| Cut {
        level: name.clone(),
        theta: scaled.cuts[level],
        sd: scaled.cut_covariance[(level, level)].sqrt(),
    };
    let item = |(index, name): (usize, &String)| RatedItem {
        name: name.clone(),
        difficulty: scaled.difficulties[index],
        ratings: panel.ratings.iter().filter(|rating| rating.item == index).count(),
    };
    let rater = |(index, name): (usize, &String)| RaterEffect {
        name: name.clone(),
        generosity: mixed.rater(index),
        at_levels: (0..sizes.levels).map(|level| mixed.rater_at(index, level)).collect(),
    };
    Ok(Angoff {
        items: panel.items.iter().enumerate().map(item).collect(),
        cuts: panel.levels.iter().enumerate().map(cut).collect(),
        raters: panel.raters.iter().enumerate().map(rater).collect(),
        spread: mixed.spread(),
        item_slope: NormalPrior { mean: scaled.slope.mean, sd: scaled.slope.sd.hypot(options.slope_spread) },
        slope: scaled.slope,
        cut_covariance: scaled.cut_covariance,
        drawn_in,
    })
}

#[cfg(test)]
mod tests;
