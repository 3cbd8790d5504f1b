//! The machine, explored whole.

use super::*;
use jobfuture_codes::Code;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Times do not matter for where one can get, only whether there is time: all moves are made at once or too late.
fn shape(standing: &Standing) -> String {
    let turn = standing.turn().map_or("nobody", Side::id);
    let ending = standing.ending().map(|ending| {
        let (how, by, code) = ending.columns();
        format!(" {how} by {} {}", by.id(), code.unwrap_or_default())
    });
    format!(
        "{} begun by {}, {} questions, turn of {turn}{}",
        standing.stage().id(),
        standing.begun_by.id(),
        standing.questions(),
        ending.unwrap_or_default()
    )
}

fn moves(now: Timestamp) -> Vec<Move> {
    let mut all = vec![Move::Accept, Move::Ask, Move::Answer, Move::Withdraw, Move::Write, Move::Lapse];
    all.push(Move::Agree(now + SignedDuration::from_hours(72)));
    all.extend(Declined::ALL.iter().map(|reason| Move::Decline(*reason)));
    all.extend(Outcome::ALL.iter().map(|outcome| Move::Close(*outcome)));
    all
}

/// Which side makes which move, and what comes of it.
type Step = (Option<Side>, Move, Standing);

/// Every state that can be reached, with its steps.
fn explored() -> BTreeMap<String, (Standing, Vec<Step>)> {
    let begin = Timestamp::from_second(1_800_000_000).unwrap();
    let mut waiting: VecDeque<Standing> = Side::ALL.iter().map(|side| Standing::begun(*side, begin)).collect();
    let mut all = BTreeMap::new();
    while let Some(standing) = waiting.pop_front() {
        if all.contains_key(&shape(&standing)) {
            continue;
        }
        let mut steps = Vec::new();
        let early = standing.due().map_or(begin, |due| due - SignedDuration::from_hours(1));
        let late = standing.due().unwrap_or(begin);
        for (side, now) in [(Some(Side::Candidate), early), (Some(Side::Company), early), (None, late)] {
            for what in moves(now) {
                if let Ok(next) = standing.after(side, what, now) {
                    steps.push((side, what, next));
                    waiting.push_back(next);
                }
            }
        }
        all.insert(shape(&standing), (standing, steps));
    }
    all
}

#[test]
fn every_state_has_an_owner_a_clock_and_a_way_out_for_each_side() {
    let all = explored();
    let living = all.values().filter(|(standing, _)| standing.stage() != Stage::Ended);
    for (standing, steps) in living {
        let name = shape(standing);
        assert!(standing.turn().is_some() && standing.due().is_some(), "{name}");
        let ends = |side: Option<Side>| steps.iter().any(|(by, _, next)| *by == side && next.stage() == Stage::Ended);
        assert!(ends(Some(Side::Candidate)), "the candidate can leave: {name}");
        assert!(ends(Some(Side::Company)), "the company can leave: {name}");
        assert!(ends(None), "it ends by itself: {name}");
        let turn = standing.turn();
        assert!(
            steps.iter().any(|(by, _, next)| *by == turn && next.stage() != Stage::Ended),
            "who has the turn can bring it on: {name}"
        );
    }
    for (standing, steps) in all.values().filter(|(standing, _)| standing.stage() == Stage::Ended) {
        assert!(steps.is_empty() && standing.turn().is_none() && standing.due().is_none(), "{}", shape(standing));
    }
}

#[test]
fn all_states_and_transitions_are_counted() {
    let all = explored();
    let states: BTreeMap<&str, usize> = all.values().fold(BTreeMap::new(), |mut counts, (standing, _)| {
        *counts.entry(standing.stage().id()).or_default() += 1;
        counts
    });
    let transitions: usize = all.values().map(|(_, steps)| steps.len()).sum();
    let endings: BTreeSet<_> =
        all.values().filter_map(|(standing, _)| standing.ending()).map(|e| format!("{e:?}")).collect();
    // Whoever changes the machine sees here how far that reaches.
    assert_eq!(states, BTreeMap::from([("asked", 8), ("ended", 55), ("inquired", 6), ("open", 4)]));
    assert_eq!((endings.len(), transitions), (36, 254));
}

#[test]
fn who_is_late_finds_it_over_even_before_the_clock_was_looked_at() {
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    for (standing, _) in explored().values().filter(|(standing, _)| standing.due().is_some()) {
        let due = standing.due().unwrap();
        for &side in Side::ALL {
            for what in moves(due) {
                assert!(standing.after(Some(side), what, due).is_err(), "{}: {what:?}", shape(standing));
            }
        }
        assert_eq!(standing.after(None, Move::Lapse, due - SignedDuration::from_secs(1)), Err(Refusal::NotDue));
    }
    assert!(Standing::begun(Side::Company, now).may(Side::Candidate, Move::Accept, now));
}

#[test]
fn who_writes_twice_takes_no_time_from_the_other_and_gives_none() {
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let later = now + SignedDuration::from_hours(24);
    let open = Standing::begun(Side::Candidate, now).after(Some(Side::Company), Move::Accept, now).unwrap();
    let wrote = open.after(Some(Side::Company), Move::Write, now).unwrap();
    assert_eq!(wrote.turn(), Some(Side::Candidate));
    assert_eq!(wrote.after(Some(Side::Company), Move::Write, later), Ok(wrote));
    let met = wrote.after(Some(Side::Candidate), Move::Agree(later), now).unwrap();
    assert_eq!((met.turn(), met.due()), (Some(Side::Company), Some(later + PATIENCE)));
}

#[test]
fn a_word_before_an_interview_lets_nothing_end_before_it() {
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let in_two_months = now + SignedDuration::from_hours(24 * 60);
    let tomorrow = now + SignedDuration::from_hours(24);
    let open = Standing::begun(Side::Candidate, now).after(Some(Side::Company), Move::Accept, now).unwrap();
    let agreed = open.after(Some(Side::Candidate), Move::Agree(in_two_months), now).unwrap();
    for step in [Move::Write, Move::Agree(tomorrow)] {
        let then = agreed.after(Some(Side::Company), step, now).unwrap();
        assert!(then.due() >= Some(in_two_months + PATIENCE), "{step:?}");
        assert_eq!(then.turn(), Some(if step == Move::Write { Side::Candidate } else { Side::Company }));
    }
}

#[test]
fn an_ending_is_read_as_it_was_written() {
    for ending in explored().values().filter_map(|(standing, _)| standing.ending()) {
        let (how, side, code) = ending.columns();
        assert_eq!(Ending::parse(how, side.id(), code), Some(ending));
    }
}
