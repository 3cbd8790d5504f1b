//! How an attack is written down and made.

use crate::kit::{BOTH, Kit, Walls, answer, ask, kit_with};
use jobfuture_sandbox::{ChannelEnd, Template};

/// What must be seen of an attack that is held.
#[derive(Debug, Clone, Copy)]
pub enum Seen {
    /// One of these answers, whole.
    Says(&'static [&'static str]),
    /// The instance ends without an answer.
    Ends,
    /// Either: a bomb may or may not be survived by the one who lights it.
    EndsOrSays(&'static [&'static str]),
}

/// A name, Python, and what must be seen with full walls and with reduced ones.
pub struct Attack {
    pub name: &'static str,
    pub code: &'static str,
    pub full: Seen,
    /// `None` where it makes no sense: there is no folder to fill, or no process number to guess.
    pub reduced: Option<Seen>,
}

/// Refused by the list of system calls.
pub const REFUSED: Seen = Seen::Says(&["EPERM"]);

/// An attack that must look the same whatever the walls.
pub const fn attack(name: &'static str, code: &'static str, seen: Seen) -> Attack {
    Attack { name, code, full: seen, reduced: Some(seen) }
}

/// An attack on what only full walls have.
pub const fn on_full(name: &'static str, code: &'static str, seen: Seen) -> Attack {
    Attack { name, code, full: seen, reduced: None }
}

/// Makes each attack in an instance of its own, beside a good one that must stay well, with both kinds of walls.
pub fn all_are_held(attacks: &[Attack]) {
    for walls in BOTH {
        held_by(&kit_with(walls), walls, attacks);
    }
}

/// The same with a template of special make.
pub fn held_by(kit: &Kit, walls: Walls, attacks: &[Attack]) {
    let template = kit.start();
    let mut good = template.instance().unwrap();
    let mut faults = Vec::new();
    for attack in attacks {
        let Some(seen) = (if walls == Walls::Full { Some(attack.full) } else { attack.reduced }) else { continue };
        assert_eq!(ask(&mut good, "answer = 6 * 7"), "42", "before: {}", attack.name);
        if let Err(fault) = held(&template, attack, seen) {
            faults.push(format!("{walls:?}: {}: {fault}", attack.name));
        }
        assert_eq!(ask(&mut good, "answer = 6 * 7"), "42", "after: {}", attack.name);
        assert!(template.is_alive(), "after: {}", attack.name);
    }
    assert_eq!(ask(&mut template.instance().unwrap(), "answer = 6 * 7"), "42", "at the end");
    assert!(faults.is_empty(), "not held as they must be:\n{}", faults.join("\n"));
}

fn held(template: &Template, attack: &Attack, seen: Seen) -> Result<(), String> {
    let mut instance = template.instance().map_err(|error| error.to_string())?;
    match (answer(&mut instance, attack.code), seen) {
        (Ok(said), Seen::Says(wanted) | Seen::EndsOrSays(wanted)) if wanted.contains(&said.as_str()) => Ok(()),
        (Err(ChannelEnd::Closed), Seen::Ends | Seen::EndsOrSays(_)) => Ok(()),
        (said, wanted) => Err(format!("{said:?}, where {wanted:?} must be")),
    }
}
