//! How long an interview is, and what its minutes are for.

/// Minutes below which nobody says anything of substance about a competency.
const LEAST: u32 = 4;
/// Minutes above which two questions about one competency become an examination.
const MOST: u32 = 15;

/// How long an interview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Length {
    /// Half an hour: there is no time for a task.
    Half,
    /// Three quarters.
    ThreeQuarters,
    /// An hour.
    #[default]
    Hour,
    /// An hour and a half.
    HourAndHalf,
}

impl Length {
    /// All of them, rising.
    pub const ALL: [Self; 4] = [Self::Half, Self::ThreeQuarters, Self::Hour, Self::HourAndHalf];

    /// In minutes.
    pub fn minutes(self) -> u32 {
        match self {
            Self::Half => 30,
            Self::ThreeQuarters => 45,
            Self::Hour => 60,
            Self::HourAndHalf => 90,
        }
    }

    /// The one of so many minutes.
    pub fn parse(minutes: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.minutes().to_string() == minutes)
    }

    /// The one of so many minutes, of a row.
    pub fn of_minutes(minutes: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|one| i64::from(one.minutes()) == minutes)
    }

    /// Opening, the candidate's own questions, the end.
    fn around(self) -> (u32, u32, u32) {
        match self {
            Self::Half => (3, 5, 2),
            Self::ThreeQuarters => (5, 7, 3),
            Self::Hour => (5, 10, 5),
            Self::HourAndHalf => (5, 15, 5),
        }
    }

    /// For a task, if there is one.
    fn of_task(self) -> u32 {
        match self {
            Self::Half => 0,
            Self::ThreeQuarters => 15,
            Self::Hour => 20,
            Self::HourAndHalf => 35,
        }
    }
}

/// A part of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Who everybody is, and how the time is used.
    Opening,
    /// Questions about what is not known yet.
    Questions,
    /// Something done together.
    Task,
    /// What neither questions nor signals tell.
    Beyond,
    /// What the candidate wants to know.
    Theirs,
    /// How it goes on.
    End,
}

impl Part {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opening => "Opening",
            Self::Questions => "Questions",
            Self::Task => "A task, done together",
            Self::Beyond => "Their work, and how they work with others",
            Self::Theirs => "What the candidate wants to know",
            Self::End => "How it goes on",
        }
    }

    /// What happens in it.
    pub fn about(self) -> &'static str {
        match self {
            Self::Opening => {
                "Say who you are and how the time will be used. Say what the candidate has shown, and that it will not be asked again."
            }
            Self::Questions => {
                "The same questions for everybody who talks to you about this vacancy, in the same words, so that answers can be compared."
            }
            Self::Task => "Two people at one piece of code. Leave time to think in silence before anybody explains.",
            Self::Beyond => {
                "Something that they built and what they would do otherwise today; a decision that was made with others. No signal tells this."
            }
            Self::Theirs => "Their turn. Answer as you would want to be answered.",
            Self::End => {
                "Say when they will hear from you, and from whom. Then everybody scores, before anybody talks."
            }
        }
    }
}

/// Minutes, divided.
pub(super) struct Time {
    /// The parts, with minutes that sum to the length. None has no minutes.
    pub parts: Vec<(Part, u32)>,
    /// For each competency that is to be asked, in their order; none for those that have no place.
    pub each: Vec<u32>,
}

impl Time {
    /// For so many competencies, with a task or without.
    pub fn of(length: Length, thin: usize, has_task: bool) -> Self {
        let (opening, theirs, end) = length.around();
        let task = if has_task { length.of_task() } else { 0 };
        let free = length.minutes() - opening - theirs - end - task;
        let each = shares(free, thin);
        let questions: u32 = each.iter().sum();
        let parts = [
            (Part::Opening, opening),
            (Part::Questions, questions),
            (Part::Task, task),
            (Part::Beyond, free - questions),
            (Part::Theirs, theirs),
            (Part::End, end),
        ];
        Self { parts: parts.into_iter().filter(|(_, minutes)| *minutes > 0).collect(), each }
    }
}

/// So many minutes among so many competencies: the first of them get theirs, as many as there is time for.
fn shares(free: u32, thin: usize) -> Vec<u32> {
    let have = u32::try_from(thin).unwrap_or(u32::MAX).min(free / LEAST);
    let share = |at: u32| match have {
        _ if at >= have => 0,
        _ => (free / have + u32::from(at < free % have)).min(MOST),
    };
    (0..thin).map(|at| share(u32::try_from(at).unwrap_or(u32::MAX))).collect()
}
