//! Histories: what people do, in which order; and which of it the viewers were granted nothing of.

use jobfuture_disclosure::Field;
use proptest::prelude::*;

/// Who may be granted something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The company that looks.
    Acme,
    /// Another one, that does not.
    Other,
    /// The pool of the role that Acme looks for.
    Pool,
    /// The pool of another role.
    OtherPool,
    /// The link that is opened.
    Link,
}

/// Something that somebody does.
#[derive(Debug, Clone)]
pub enum Move {
    Fill {
        person: usize,
        field: Field,
        text: u8,
    },
    Empty {
        person: usize,
        field: Field,
    },
    Signal {
        person: usize,
        level: u8,
    },
    Withdraw {
        person: usize,
    },
    Grant {
        person: usize,
        to: To,
        fields: Vec<Field>,
        signals: bool,
        days: i64,
    },
    Narrow {
        person: usize,
    },
    Revoke {
        person: usize,
    },
    Block {
        person: usize,
        acme: bool,
    },
    Unblock {
        person: usize,
    },
    Leave {
        person: usize,
    },
    Preview {
        person: usize,
    },
    DayPasses,
    /// Another employer in the experience that stands there, whose name is granted to nobody.
    Employer {
        person: usize,
        text: u8,
    },
    /// Acme and somebody have both said yes, and times for an interview are offered, or agreed on.
    Introduce {
        person: usize,
        agrees: bool,
    },
    /// One of the two writes in it.
    Line {
        by_candidate: bool,
    },
    /// Acme calls the interview off.
    CallOff,
    /// One of the two closes it.
    Close {
        by_candidate: bool,
    },
    /// An interviewer of Acme's notes something on a sheet of her own, or locks it.
    Note {
        text: u8,
        locks: bool,
    },
    /// A conversation with a company that does not look, which may be over.
    TalkElsewhere {
        person: usize,
        closes: bool,
    },
    /// Begins a check.
    BeginCheck {
        person: usize,
    },
    /// Grants and revokes before anybody looks.
    GrantAndRevoke {
        person: usize,
    },
}

/// A move, and whether it is played in one of the two worlds only.
#[derive(Debug, Clone)]
pub struct Step {
    pub step: Move,
    pub is_hidden: bool,
}

/// What happens in a pair of worlds.
#[derive(Debug, Clone)]
pub struct History {
    pub steps: Vec<Step>,
}

/// People of a pair. The last is there in one of the worlds only, as far as anybody was granted something.
pub const PEOPLE: usize = 3;
/// Whatever this one does is hidden from every viewer: they grant nothing to them.
pub const UNSEEN: usize = 2;

/// Fields that are granted in histories.
const GRANTED: [Field; 4] = [Field::Headline, Field::Experience, Field::Pay, Field::Handle];
/// Fields that nobody ever grants to a viewer.
const NEVER: [Field; 4] = [Field::Summary, Field::Name, Field::Contact, Field::Place];

fn shown() -> impl Strategy<Value = Move> {
    let person = 0..UNSEEN;
    let to = prop_oneof![4 => Just(To::Acme), 2 => Just(To::Pool), 2 => Just(To::Link)];
    let fields = proptest::sample::subsequence(GRANTED.to_vec(), 1..=GRANTED.len());
    prop_oneof![
        4 => (person.clone(), proptest::sample::select(GRANTED.to_vec()), 0_u8..9)
            .prop_map(|(person, field, text)| Move::Fill { person, field, text }),
        1 => (person.clone(), proptest::sample::select(GRANTED.to_vec())).prop_map(|(person, field)| Move::Empty { person, field }),
        2 => (person.clone(), 0_u8..3).prop_map(|(person, level)| Move::Signal { person, level }),
        1 => person.clone().prop_map(|person| Move::Withdraw { person }),
        6 => (person.clone(), to, fields, any::<bool>(), 1_i64..5)
            .prop_map(|(person, to, fields, signals, days)| Move::Grant { person, to, fields, signals, days }),
        1 => person.clone().prop_map(|person| Move::Narrow { person }),
        1 => person.clone().prop_map(|person| Move::Revoke { person }),
        1 => person.clone().prop_map(|person| Move::Block { person, acme: true }),
        1 => person.clone().prop_map(|person| Move::Unblock { person }),
        1 => person.prop_map(|person| Move::Leave { person }),
        1 => Just(Move::DayPasses),
        2 => any::<bool>().prop_map(|by_candidate| Move::Line { by_candidate }),
        1 => Just(Move::CallOff),
        1 => any::<bool>().prop_map(|by_candidate| Move::Close { by_candidate }),
        1 => (0_u8..9).prop_map(|text| Move::Note { text, locks: true }),
    ]
}

/// What no viewer was granted anything of: fields that nobody grants, signals that stay private, grants to others, conversations
/// with others, checks, previews, notes of an interviewer before all are locked, and everything that the unseen person does.
fn hidden() -> impl Strategy<Value = Move> {
    let person = 0..PEOPLE;
    let to = prop_oneof![Just(To::Other), Just(To::OtherPool)];
    let never = proptest::sample::select(NEVER.to_vec());
    prop_oneof![
        3 => (person.clone(), never.clone(), 0_u8..9).prop_map(|(person, field, text)| Move::Fill { person, field, text }),
        1 => (person.clone(), never).prop_map(|(person, field)| Move::Empty { person, field }),
        3 => (person.clone(), 0_u8..3).prop_map(|(person, level)| Move::Signal { person, level }),
        2 => (person.clone(), 0_u8..9).prop_map(|(person, text)| Move::Employer { person, text }),
        2 => (Just(UNSEEN), proptest::sample::select(GRANTED.to_vec()), 0_u8..9)
            .prop_map(|(person, field, text)| Move::Fill { person, field, text }),
        3 => (person.clone(), to, any::<bool>(), 1_i64..5).prop_map(|(person, to, signals, days)| {
            // What Acme sees may be shown to others as well.
            let fields = if signals { [NEVER, GRANTED].concat() } else { NEVER.to_vec() };
            Move::Grant { person, to, fields, signals, days }
        }),
        2 => person.clone().prop_map(|person| Move::GrantAndRevoke { person }),
        3 => (person.clone(), any::<bool>()).prop_map(|(person, closes)| Move::TalkElsewhere { person, closes }),
        1 => person.clone().prop_map(|person| Move::BeginCheck { person }),
        2 => (0_u8..9).prop_map(|text| Move::Note { text, locks: false }),
        1 => Just(Move::Revoke { person: UNSEEN }),
        1 => person.clone().prop_map(|person| Move::Block { person, acme: false }),
        1 => Just(Move::Block { person: UNSEEN, acme: true }),
        1 => Just(Move::Leave { person: UNSEEN }),
        1 => person.prop_map(|person| Move::Preview { person }),
    ]
}

/// Between seven and sixteen moves, about half of them hidden.
pub fn a_history() -> impl Strategy<Value = History> {
    let step = prop_oneof![
        shown().prop_map(|step| Step { step, is_hidden: false }),
        hidden().prop_map(|step| Step { step, is_hidden: true }),
    ];
    // Something is granted in each, and Acme talks to whoever did, so that there is something to compare.
    let first = (0..UNSEEN, 0_u8..9, any::<bool>()).prop_map(|(person, text, agrees)| {
        let fill = Move::Fill { person, field: Field::Headline, text };
        let grant = Move::Grant { person, to: To::Acme, fields: vec![Field::Headline], signals: true, days: 4 };
        [fill, grant, Move::Introduce { person, agrees }].map(|step| Step { step, is_hidden: false })
    });
    (first, proptest::collection::vec(step, 4..14)).prop_map(|(first, rest)| {
        let mut steps = first.to_vec();
        steps.extend(rest);
        History { steps }
    })
}
