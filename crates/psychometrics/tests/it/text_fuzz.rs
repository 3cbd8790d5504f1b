//! Readers meet anything: they must answer, with a result that holds or with a fault, and never panic.

use proptest::prelude::*;
use psychometrics::ItemColumn;
use psychometrics::fit::Model;
use psychometrics::text::{ReadOptions, read_factors, read_priors, read_responses};

const GOOD: &str = "id,a,b,c,n,g\n1,0,1,3,2,x\n2,NA,0,1,1.5,y\r\n3,\"1\",,2,0,x\n4,,,,7,\n";
const PRIORS: &str = "item,ln_a_mean,ln_a_sd,b_mean,b_sd,b2_mean,b2_sd,g,g_free\n*,0.2,0.3,,,,,,\nc,,,-1,1,1,1,,\n";

fn options(choice: u8) -> ReadOptions {
    let some = |bit: u8, name: &str| (choice & bit != 0).then(|| name.to_owned());
    let known = (choice & 16 != 0).then(items);
    ReadOptions {
        weights: some(1, "n"),
        groups: some(2, "g"),
        id: some(4, "id"),
        ignore: some(8, "c").into_iter().collect(),
        known,
        ..ReadOptions::default()
    }
}

fn items() -> Vec<ItemColumn> {
    let item = |name: &str| ItemColumn { name: name.into(), labels: vec!["0".into(), "1".into()] };
    ["a", "b", "c"].map(item).to_vec()
}

/// A good file with some bytes replaced, taken out or put in.
fn mutated(good: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let change = (
        any::<prop::sample::Index>(),
        0..3,
        prop_oneof![any::<u8>(), prop::sample::select(b",;\t\n\r\"0159.-eNA*".to_vec())],
    );
    prop::collection::vec(change, 0..12).prop_map(|changes| {
        let mut bytes = good.as_bytes().to_vec();
        for (place, kind, byte) in changes {
            let at = place.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match kind {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 if !bytes.is_empty() => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

fn check_responses(bytes: &[u8], choice: u8) -> Result<(), TestCaseError> {
    let Ok(read) = read_responses(bytes, &options(choice)) else { return Ok(()) };
    let responses = &read.responses;
    prop_assert!(responses.people().is_finite() && responses.people() >= 0.0);
    prop_assert!(read.ids.is_empty() || read.ids.len() == responses.len());
    for person in responses.iter() {
        prop_assert!(person.weight > 0.0 && person.group < responses.groups().len());
        for answer in person.answers {
            prop_assert!(usize::from(answer.category) < responses.items()[answer.item as usize].labels.len());
        }
    }
    Ok(())
}

fn check_priors(bytes: &[u8]) -> Result<(), TestCaseError> {
    for model in [Model::ThreePl, Model::Graded] {
        for prior in read_priors(bytes, &items(), model).unwrap_or_default() {
            let normals = prior.difficulties.iter().chain(&prior.ln_slope);
            prop_assert!(
                normals.clone().all(|normal| normal.mean.is_finite() && normal.sd > 0.0 && normal.sd.is_finite())
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), choice in 0..32_u8) {
        check_responses(&bytes, choice)?;
        check_priors(&bytes)?;
        drop(read_factors(bytes.as_slice(), &items()));
    }

    #[test]
    fn spoilt_answers_are_answered(bytes in mutated(GOOD), choice in 0..32_u8) {
        check_responses(&bytes, choice)?;
    }

    #[test]
    fn spoilt_priors_and_factors_are_answered(priors in mutated(PRIORS), factors in mutated("item,factor\na,x\nb,y\nc,x\n")) {
        check_priors(&priors)?;
        drop(read_factors(factors.as_slice(), &items()));
    }
}
