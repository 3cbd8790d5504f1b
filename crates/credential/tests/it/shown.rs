//! What is issued is what is shown, and no more.

use crate::kit::*;
use jobfuture_credential::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn a_company_sees_what_was_chosen_and_nothing_else() {
    let seen = verify(&presented()).unwrap();
    let expected = ShownSignal {
        at_least: Some(signal().at_least),
        competencies: Some(vec![named("django-querysets", "QuerySets")]),
        ..ShownSignal::default()
    };
    assert_eq!(seen.signal, expected);
    assert_eq!((seen.issued_at, seen.expires_at), (NOW - 86_400, NOW + YEAR));
    assert_eq!(seen.standing, Standing::Valid { as_of: NOW - 60 });
    assert_eq!((seen.status, seen.holder.kid()), (place(), ada().public().kid()));
    for word in ["Models", "django-models", "Django developer", "unaided"] {
        assert!(!decoded(&presented()).contains(word), "{word} was left out");
    }
}

/// Everything that a reader can decode of it.
fn decoded(text: &str) -> String {
    use base64::Engine;
    let parts = text.split(['~', '.']).filter_map(|part| base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(part).ok());
    parts.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[test]
fn two_credentials_of_one_signal_have_nothing_in_common_that_was_drawn() {
    let (holder, status, signal) = (ada(), place(), signal());
    let grant = Grant {
        issuer: ISSUER,
        holder: holder.public(),
        issued_at: NOW,
        expires_at: NOW + YEAR,
        status: &status,
        signal: &signal,
        decoys: Decoys::Padded,
    };
    let mut random = random(2);
    let parts =
        |text: String| text.split('~').filter(|part| !part.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>();
    let one = parts(grant.issue(&instance(), &mut random).unwrap());
    let other = parts(grant.issue(&instance(), &mut random).unwrap());
    assert!(one.is_disjoint(&other));
}

#[test]
fn decoys_hide_how_many_there_are() {
    let few = Signal { competencies: signal().competencies[..1].to_vec(), ..signal() };
    let elements = |signal: &Signal, decoys| decoded(&issued(signal, decoys)).matches("\"...\"").count();
    assert_eq!(elements(&few, Decoys::Padded), elements(&signal(), Decoys::Padded));
    assert_ne!(elements(&few, Decoys::None), elements(&signal(), Decoys::None));
}

#[test]
fn a_generator_that_repeats_itself_is_noticed() {
    struct Stuck;
    impl rand_core::RngCore for Stuck {
        fn next_u32(&mut self) -> u32 {
            4
        }
        fn next_u64(&mut self) -> u64 {
            4
        }
        fn fill_bytes(&mut self, bytes: &mut [u8]) {
            bytes.fill(4);
        }
    }
    impl rand_core::CryptoRng for Stuck {}
    let (holder, status, signal) = (ada(), place(), signal());
    let grant = Grant {
        issuer: ISSUER,
        holder: holder.public(),
        issued_at: NOW,
        expires_at: NOW + YEAR,
        status: &status,
        signal: &signal,
        decoys: Decoys::None,
    };
    assert!(matches!(grant.issue(&instance(), &mut Stuck), Err(Error::Issue(_))));
    let late = Grant { expires_at: NOW, ..grant };
    assert!(matches!(late.issue(&instance(), &mut random(1)), Err(Error::Issue(_))));
}

#[test]
fn what_is_not_in_it_cannot_be_shown() {
    let held = Held::read(&issued(&signal(), Decoys::None)).unwrap();
    for fact in [Fact::Competency(Id::new("sorcery").unwrap()), Fact::Behaviour(Id::new("django-models").unwrap())] {
        assert!(matches!(held.select(&[fact]), Err(Error::NoSuchFact(_))));
    }
    let parts = Held::read(&held.select(&[Fact::Role]).unwrap()).unwrap();
    assert_eq!(parts.facts(), [Fact::Role]);
    assert!(matches!(parts.select(&[Fact::AtLeast]), Err(Error::NoSuchFact(_))));
}

fn ids(prefix: &'static str, most: usize) -> impl Strategy<Value = Vec<Named>> {
    prop::collection::btree_map("[a-z0-9-]{1,12}", "[A-Za-zÄ-ž0-9(,;] ?[a-z\"\\\\é]{1,30}", 0..most)
        .prop_map(move |map| map.into_iter().map(|(id, name)| named(&format!("{prefix}-{id}"), name.trim())).collect())
}

fn conditions() -> impl Strategy<Value = Condition> {
    prop_oneof![
        Just(Condition::Practice {}),
        Just(Condition::Unaided {}),
        Just(Condition::OwnTools {}),
        Just(Condition::ProvidedAssistant {}),
        "[A-Z][a-z]{1,20}".prop_map(|name| Condition::Witnessed {
            company: Label::new(name).unwrap(),
            on: Date::new("2026-11-28").unwrap(),
        }),
    ]
}

fn signals() -> impl Strategy<Value = Signal> {
    (ids("c", 20), ids("b", 20), conditions(), "[a-z]{1,20}", 0_u32..9).prop_map(
        |(competencies, behaviours, condition, level, version)| Signal {
            competencies,
            behaviours,
            condition,
            at_least: Level { id: LevelWord::new(level.clone()).unwrap(), name: LevelWord::new(level).unwrap() },
            versions: vec![Version { of: Id::new("bank").unwrap(), version }],
            ..signal()
        },
    )
}

fn sorted(mut list: Vec<Named>) -> Vec<Named> {
    list.sort_by(|one, other| one.id.cmp(&other.id));
    list
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_signal_comes_back_whole_and_any_choice_shows_just_that(
        signal in signals(), chosen in prop::collection::vec(any::<bool>(), 45), padded in any::<bool>(),
    ) {
        let decoys = if padded { Decoys::Padded } else { Decoys::None };
        let held = Held::read(&issued(&signal, decoys)).unwrap();
        let all = held.facts();
        prop_assert_eq!(all.len(), 5 + signal.competencies.len() + signal.behaviours.len());
        let whole = verify(&held.present(&all, &ada(), request()).unwrap()).unwrap().signal;
        prop_assert_eq!(sorted(whole.competencies.clone().unwrap_or_default()), sorted(signal.competencies.clone()));
        prop_assert_eq!(sorted(whole.behaviours.clone().unwrap_or_default()), sorted(signal.behaviours.clone()));
        prop_assert_eq!(whole.condition, Some(signal.condition.clone()));

        let some: Vec<Fact> = all.into_iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(fact, _)| fact).collect();
        let seen = verify(&held.present(&some, &ada(), request()).unwrap()).unwrap().signal;
        prop_assert_eq!(seen.role.is_some(), some.contains(&Fact::Role));
        prop_assert_eq!(seen.at_least.is_some(), some.contains(&Fact::AtLeast));
        prop_assert_eq!(seen.versions.is_some(), some.contains(&Fact::Versions));
        for competency in &signal.competencies {
            let shown = seen.competencies.iter().flatten().any(|one| one == competency);
            prop_assert_eq!(shown, some.contains(&Fact::Competency(competency.id.clone())));
        }
    }
}
