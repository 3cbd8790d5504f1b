//! What a check has to cover, how long it may be, and when it may end.

/// Most topics that a blueprint may name: sets of topics are kept in 64 bits.
pub const MAX_TOPICS: usize = 64;

/// What sort of work an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A quick question: a minute or two.
    Question,
    /// A practical task, scored as one observation with ordered categories.
    Task,
}

impl Kind {
    /// Both, in the order in which a check asks them.
    pub const ALL: [Self; 2] = [Self::Question, Self::Task];

    /// 0 for questions, 1 for tasks.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// In the plural, for messages.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Question => "questions",
            Self::Task => "tasks",
        }
    }
}

/// A least and a greatest number, both allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// At least.
    pub min: u16,
    /// At most.
    pub max: u16,
}

impl Count {
    /// From `min` to `max`.
    #[must_use]
    pub const fn new(min: u16, max: u16) -> Self {
        Self { min, max }
    }

    /// As many as it likes.
    pub const ANY: Self = Self::new(0, u16::MAX);
    /// None at all.
    pub const NONE: Self = Self::new(0, 0);
}

/// What a check covers of one topic. Hard: no check breaks it, except one that runs out of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicQuota {
    /// As the items name it.
    pub topic: String,
    /// Quick questions.
    pub questions: Count,
    /// Practical tasks.
    pub tasks: Count,
}

impl TopicQuota {
    /// The quota of one kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> Count {
        match kind {
            Kind::Question => self.questions,
            Kind::Task => self.tasks,
        }
    }
}

/// The route of a check: first questions, then tasks placed at what the questions have shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blueprint {
    /// How many questions, all topics together.
    pub questions: Count,
    /// How many tasks, all topics together.
    pub tasks: Count,
    /// Every topic that items name.
    pub topics: Vec<TopicQuota>,
}

impl Blueprint {
    /// One topic, questions only, so many of them.
    #[must_use]
    pub fn questions_only(topic: &str, questions: Count) -> Self {
        let quota = TopicQuota { topic: topic.to_owned(), questions: Count::ANY, tasks: Count::NONE };
        Self { questions, tasks: Count::NONE, topics: vec![quota] }
    }

    /// The numbers of one kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> Count {
        match kind {
            Kind::Question => self.questions,
            Kind::Task => self.tasks,
        }
    }
}

/// When a check may end before its greatest numbers are reached. Each rule holds by itself, and none before the least
/// numbers of the blueprint, except the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stopping {
    /// The probability of one band is at least this.
    pub band_at_least: Option<f64>,
    /// The probability that the next five answers would change the band is at most this.
    pub change_at_most: Option<f64>,
    /// The standard deviation of the level is at most this.
    pub sd_at_most: Option<f64>,
    /// No item is asked that is expected to end later than this, in minutes.
    pub minutes_at_most: Option<f64>,
}

impl Stopping {
    /// By the greatest numbers of the blueprint only.
    pub const BY_COUNT: Self =
        Self { band_at_least: None, change_at_most: None, sd_at_most: None, minutes_at_most: None };
}

/// How choices are spread over the bank.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The share of people who may see a family at most, in (0, 1]. Kept in expectation, by eligibility that is learned
    /// (`certify::learn_exposure`); 1 asks for none.
    pub exposure_at_most: f64,
    /// How much chance decides about the first item: 0 not at all, 1 down to nothing of an item's information.
    pub randomness: f64,
    /// After so many items chance no longer decides (it shrinks evenly until then).
    pub random_until: u16,
    /// The share of picks that go to items which are being calibrated.
    pub seeding: f64,
}

impl Default for Spread {
    /// Exposure .25, randomness .5 that ends after 12 items, one pick in eight for items being calibrated.
    fn default() -> Self {
        Self { exposure_at_most: 0.25, randomness: 0.5, random_until: 12, seeding: 0.125 }
    }
}
