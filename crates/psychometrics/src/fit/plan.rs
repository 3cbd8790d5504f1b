//! What is to be fitted, and how.

/// Which model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Right or wrong, one slope fixed at 1, the population's variance estimated. The first category is wrong.
    Rasch,
    /// Right or wrong, a slope for each item.
    TwoPl,
    /// Right or wrong with guessing.
    ThreePl,
    /// Graded response model.
    Graded,
    /// Partial credit: all slopes 1, the population's variance estimated.
    PartialCredit,
    /// Generalised partial credit: a slope for each item.
    GeneralisedPartialCredit,
    /// A general level and a factor of its own for each topic: each item has both slopes (2PL, or graded where an item has
    /// more than two categories). Needs `Plan::factors`.
    Bifactor,
    /// As bifactor, but an item's slope on its own factor is its general slope times the factor's standard deviation: a
    /// person-by-task effect. Needs `Plan::factors`.
    Testlet,
}

impl Model {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Rasch,
        Self::TwoPl,
        Self::ThreePl,
        Self::Graded,
        Self::PartialCredit,
        Self::GeneralisedPartialCredit,
        Self::Bifactor,
        Self::Testlet,
    ];

    /// What it is called in files and on the command line: `rasch`, `2pl`, `3pl`, `grm`, `pcm`, `gpcm`, `bifactor`,
    /// `testlet`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rasch => "rasch",
            Self::TwoPl => "2pl",
            Self::ThreePl => "3pl",
            Self::Graded => "grm",
            Self::PartialCredit => "pcm",
            Self::GeneralisedPartialCredit => "gpcm",
            Self::Bifactor => "bifactor",
            Self::Testlet => "testlet",
        }
    }

    /// The model of a name; see [`Model::name`].
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.name() == name)
    }
}

/// How to fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Which model.
    pub model: Model,
    /// For each item the factor that it belongs to, counted from 0 (bifactor, testlet); empty otherwise.
    pub factors: Vec<Option<usize>>,
    /// For each item what is believed of it before any answer; empty means nothing, which is maximum likelihood.
    pub priors: Vec<ItemPrior>,
    /// For each item the family it is a seeded variant of; empty means none. Difficulties of a family are drawn towards
    /// their family's mean by a random effect whose spread is estimated.
    pub families: Vec<Option<usize>>,
    /// How far any parameter may still be from where the iterations lead, judged by the last change and by how fast changes
    /// shrink. It has converged when that is less. Data so small that they are computed in f64 anyway are taken a hundred
    /// times nearer. (Elsewhere it is the custom to look at the last change alone, which can be far smaller than what is
    /// left.)
    pub tolerance: f64,
    /// Iterations of EM at most.
    pub max_iterations: usize,
    /// Whether steps are extrapolated (SQUAREM, Varadhan and Roland 2008).
    pub accelerate: bool,
    /// Standard errors, if wanted.
    pub standard_errors: StandardErrors,
    /// Threads; results do not depend on it.
    pub threads: usize,
}

impl Plan {
    /// The usual plan of a model: maximum likelihood, tolerance 10⁻⁴, 500 iterations, accelerated, standard errors by
    /// Louis's identity, one thread.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self {
            model,
            factors: Vec::new(),
            priors: Vec::new(),
            families: Vec::new(),
            tolerance: 1e-4,
            max_iterations: 500,
            accelerate: true,
            standard_errors: StandardErrors::Observed,
            threads: 1,
        }
    }
}

/// Which standard errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandardErrors {
    /// None.
    None,
    /// From the observed information of the marginal likelihood (T. A. Louis 1982).
    Observed,
}

/// What is believed of an item before any answer. Fields that are nothing leave the parameter to the answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemPrior {
    /// ln a.
    pub ln_slope: Option<NormalPrior>,
    /// Difficulties b: one for a right-or-wrong item, one for each threshold or step otherwise; empty for none.
    pub difficulties: Vec<NormalPrior>,
    /// The lower asymptote (3PL).
    pub guessing: Option<GuessingPrior>,
}

/// A normal distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalPrior {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, positive.
    pub sd: f64,
}

/// What is believed of the chance of guessing right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GuessingPrior {
    /// Known: not estimated.
    Fixed(f64),
    /// The logit is normal.
    Logit(NormalPrior),
    /// Estimated freely. Often not determined by the answers; the fit then says so.
    Free,
}
