//! Banks as JSON.

use proptest::prelude::*;
use psychometrics::fit::{Convergence, Fit, FittedGroup, FittedItem, ItemErrors, Model};
use psychometrics::math::Matrix;
use psychometrics::text::{Bank, BankFile, ReleaseOf};
use psychometrics::{Item, ItemColumn, Specific};

fn fitted(name: &str, item: Item, errors: ItemErrors) -> FittedItem {
    FittedItem { name: name.into(), item, errors, answers: 1000.0 }
}

fn fit(model: Model, items: Vec<FittedItem>) -> Fit {
    let group = |name: &str, mean, variance: f64, mean_error| FittedGroup {
        name: name.into(),
        mean,
        variance,
        mean_error,
        variance_error: mean_error,
        people: 500.5,
    };
    Fit {
        model,
        log_likelihood: -2_466.653_376_543_21,
        log_prior: 0.0,
        convergence: Convergence::Converged,
        iterations: 12,
        people: 1000.0,
        parameters: 10,
        items,
        groups: vec![group("all", 0.0, 1.0, None), group("new", 0.1 + 0.2, 1.0 / 3.0, Some(0.07))],
        factor_sds: vec![],
        family_sd: None,
    }
}

fn columns(fit: &Fit) -> Vec<ItemColumn> {
    let labels = |item: &Item| (1..=item.categories()).map(|label| label.to_string()).collect();
    fit.items.iter().map(|fitted| ItemColumn { name: fitted.name.clone(), labels: labels(&fitted.item) }).collect()
}

/// What is written is read again, to the bit.
fn check_round_trip(fit: &Fit, factors: &[&str]) -> serde_json::Value {
    let factors: Vec<String> = factors.iter().map(|name| (*name).to_owned()).collect();
    let text = serde_json::to_vec(&BankFile::of_fit(fit, &columns(fit), &factors)).unwrap();
    let bank = Bank::read(&text).unwrap();
    let found: Vec<&FittedItem> = bank.items.iter().map(|entry| &entry.fitted).collect();
    assert_eq!(found, fit.items.iter().collect::<Vec<_>>());
    assert_eq!((bank.model, &bank.groups, bank.columns()), (fit.model, &fit.groups, columns(fit)));
    serde_json::from_slice(&text).unwrap()
}

fn square(size: usize) -> Matrix {
    let mut matrix = Matrix::zeros(size, size);
    for row in 0..size {
        for column in 0..size {
            matrix.row_mut(row)[column] = if row == column { 0.04 } else { 0.01 / 3.0 };
        }
    }
    matrix
}

#[test]
fn a_fit_is_read_again_to_the_bit() {
    let errors = ItemErrors {
        slope: Some(0.2),
        specific: None,
        intercepts: vec![Some(0.2)],
        lower: None,
        covariance: Some(square(2)),
    };
    let unknown = ItemErrors { intercepts: vec![None], ..ItemErrors::default() };
    let items = vec![
        fitted("a", Item::two_pl(0.1 + 0.2, -1.0 / 3.0).unwrap(), errors),
        fitted("b", Item::two_pl(1e-17, 2.0).unwrap(), unknown.clone()),
        fitted("c", Item::two_pl(0.0, 2.0).unwrap(), unknown),
    ];
    let json = check_round_trip(&fit(Model::TwoPl, items), &[]);
    assert_eq!(json["items"][0]["a"].as_f64().unwrap(), 0.1 + 0.2);
    assert_eq!(json["items"][2]["b"][0], serde_json::Value::Null);
    assert_eq!(json["groups"][0]["se_mean"], serde_json::Value::Null);
}

#[test]
fn errors_of_difficulties_follow_from_the_covariance() {
    // b = −d/a = 0.5: its derivatives are −b/a = −0.25 and −1/a = −0.5.
    let errors = ItemErrors {
        slope: Some(0.2),
        specific: None,
        intercepts: vec![Some(0.2)],
        lower: None,
        covariance: Some(square(2)),
    };
    let json = check_round_trip(&fit(Model::TwoPl, vec![fitted("a", Item::two_pl(2.0, -1.0).unwrap(), errors)]), &[]);
    let variance = 0.0625 * 0.04 + 0.25 * 0.04 + 2.0 * 0.125 * 0.01 / 3.0;
    assert!((json["items"][0]["se_b"][0].as_f64().unwrap() - f64::sqrt(variance)).abs() < 1e-12);
}

#[test]
fn every_model_keeps_its_shape() {
    let none = |count| ItemErrors { intercepts: vec![None; count], ..ItemErrors::default() };
    let graded = Item::graded(1.5, vec![1.0, 0.0, -2.5]).unwrap();
    check_round_trip(&fit(Model::Graded, vec![fitted("a", graded.clone(), none(3))]), &[]);
    let credit = Item::partial_credit(1.5, vec![-1.0, 0.5]).unwrap();
    check_round_trip(&fit(Model::GeneralisedPartialCredit, vec![fitted("a", credit, none(2))]), &[]);
    let guessed = ItemErrors { lower: Some(0.1), ..none(1) };
    check_round_trip(&fit(Model::ThreePl, vec![fitted("a", Item::three_pl(1.0, 0.0, 0.2).unwrap(), guessed)]), &[]);
    let two = Item::two_pl(1.0, 0.5).unwrap().with_specific(Specific { factor: 1, slope: 0.7 });
    let items = vec![
        fitted("a", two, ItemErrors { slope: Some(0.1), specific: Some(0.2), ..none(1) }),
        fitted("b", graded.with_specific(Specific { factor: 0, slope: -0.1 }), none(3)),
        fitted("c", Item::two_pl(1.0, 0.5).unwrap(), none(1)),
    ];
    let json = check_round_trip(&fit(Model::Bifactor, items), &["http", "orm"]);
    assert_eq!(json["items"][0]["a"], serde_json::json!([1.0, 0.7]));
    assert_eq!((&json["items"][0]["factor"], &json["items"][2]["a"]), (&"orm".into(), &1.0.into()));
}

#[test]
fn a_bank_is_written_by_hand_in_a_few_words() {
    let text = r#"{"model": "2pl", "items": [{"name": "x", "a": 2, "b": [0.5]}, {"name": "y", "a": 1, "b": [1, 2], "curve": "graded", "labels": ["1", "2", "5"]}]}"#;
    let bank = Bank::read(text.as_bytes()).unwrap();
    assert_eq!(bank.items[0].fitted.item, Item::two_pl(2.0, -1.0).unwrap());
    assert_eq!(bank.items[1].fitted.item, Item::graded(1.0, vec![-1.0, -2.0]).unwrap());
    assert_eq!((bank.groups.len(), bank.groups[0].variance), (1, 1.0));
}

#[test]
fn faults_of_a_bank_are_named() {
    let item = |rest: &str| format!(r#"{{"model": "2pl", "items": [{{"name": "x", {rest}}}]}}"#);
    let cases = [
        ("".to_owned(), "EOF while parsing a value at line 1 column 0"),
        (r#"{"model": "2pl""#.into(), "EOF while parsing an object at line 1 column 15"),
        (r#"{"model": "4pl", "items": []}"#.into(), "there is no model 4pl; the models are rasch, 2pl, 3pl, grm, pcm, gpcm, bifactor, testlet"),
        (r#"{"model": "2pl", "items": []}"#.into(), "0 items are there; from 1 to 100000 are taken"),
        (item(r#""a": "1", "b": [0]"#), "a slope is a number, or a list of the general and the specific slope at line 1 column "),
        (item(r#""a": 1, "slope": 1"#), "unknown field `slope`, expected one of `name`, `curve`, `labels`, `a`, `b`, `d`, `g`, `factor`, `se_a`, `se_b`, `se_d`, `se_g`, `covariance`, `answers`, `s_x2`, `family`"),
        (item(r#""a": 1e999, "d": [0]"#), "number out of range at line 1 column "),
        (item(r#""a": 1, "d": []"#), "item x (number 1): an item has at least one intercept: two categories need one, each further category one more"),
        (item(r#""a": 0, "b": [1]"#), "item x (number 1): a slope of 0 has no difficulty: give intercepts"),
        (item(r#""a": 1, "b": [null]"#), "item x (number 1): a difficulty is null and there are no intercepts d"),
        (item(r#""a": 1e9, "d": [1]"#), "item x (number 1): 1e9 is beyond any parameter that an item has (10⁶)"),
        (item(r#""a": 1, "d": [1], "g": 1"#), "item x (number 1): the lower asymptote (guessing) is at least 0 and below 1; it is 1"),
        (item(r#""a": 1, "d": [1, 2], "curve": "graded""#), "item x (number 1): the intercepts of a graded item fall from category to category; number 2 does not (counted from 1)"),
        (item(r#""a": 1, "d": [1], "curve": "wavy""#), "item x (number 1): its curve is none of dichotomous, graded, partial_credit"),
        (item(r#""a": 1, "d": [1], "labels": ["no", "yes"]"#), "item x (number 1): its labels must be 2 rising whole numbers, one for each category"),
        (item(r#""a": [1, 1], "d": [1]"#), "item x (number 1): it has two slopes and no factor; name the factor of the second"),
        (item(r#""a": 1, "d": [1], "se_a": -1"#), "item x (number 1): a standard error is from 0 to 10⁶; one is -1"),
        (item(r#""a": 1, "d": [1], "se_a": 1, "se_d": [1], "covariance": [[1]]"#), "item x (number 1): its covariance must be a square of 2 rows, with finite entries and symmetric: one row for each standard error"),
        (r#"{"model": "2pl", "items": [{"name": "x", "a": 1, "b": [0]}, {"name": "x", "a": 1, "b": [0]}]}"#.into(), "item x (number 2): another item has this name"),
        (r#"{"model": "2pl", "items": [{"name": "x", "a": 1, "b": [0]}], "groups": [{"name": "all", "mean": 0, "variance": 0}]}"#.into(), "group all: its mean must be from −100 to 100 and its variance above 0 and at most 10⁴"),
    ];
    for (text, wanted) in cases {
        let said = Bank::read(text.as_bytes()).unwrap_err().to_string();
        assert!(said.starts_with(wanted), "{text}: {said}");
    }
}

const GOOD: &str = r#"{"model":"bifactor","converged":true,"items":[{"name":"a","labels":["1","2"],"a":[1.5,0.5],"b":[-0.5],"d":[0.75],"factor":"orm","se_a":[0.1,null],"se_d":[0.2],"covariance":[[0.01,0.0],[0.0,0.04]]},{"name":"b","a":1e0,"d":[1,-1]}],"groups":[{"name":"all","mean":0,"variance":1}],"factors":["orm"],"fit":{"m2":1.0,"df":2,"p":0.5}}"#;

const RELEASE: &str = r#"{"model":"2pl","items":[{"name":"a","a":1,"b":[0],"family":"f","topic":"t","minutes":2,"b_sd":0.5,"ln_a_sd":0.2},{"name":"b","a":1,"b":[0.5],"topic":"t","enemies":["a"],"assistance":0.1},{"name":"c","a":1,"b":[1],"topic":"u","kind":"task","seeding":false}],"blueprint":{"questions":{"min":1,"max":9},"tasks":{"min":1,"max":1},"topics":[{"topic":"t","questions":{"min":1}},{"topic":"u"}]},"stopping":{"band_at_least":0.8,"minutes_at_most":60},"spread":{"exposure_at_most":0.25,"random_until":12},"bands":[{"band":"x"},{"band":"y","at":0.5,"se":0.1}],"bars":{"length":12,"coverage":[0.94,0.96]}}"#;

/// A good file with some bytes replaced, taken out or put in.
fn mutated(good: &str, changes: Vec<(prop::sample::Index, i32, u8)>) -> Vec<u8> {
    let mut bytes = good.as_bytes().to_vec();
    for (place, kind, byte) in changes {
        let at = place.index(bytes.len());
        match kind {
            0 => bytes[at] = byte,
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, byte),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn spoilt_banks_are_answered(changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3, prop::sample::select(b"[]{},:\"0159.-en \xff".to_vec())), 0..8)) {
        let bytes = mutated(GOOD, changes);
        if let Ok(bank) = Bank::read(&bytes) {
            for entry in &bank.items {
                let item = &entry.fitted.item;
                prop_assert!(item.slope().is_finite() && item.intercepts().iter().all(|d| d.is_finite()));
                prop_assert_eq!(entry.labels.len(), item.categories());
                let mut p = vec![0.0; item.categories()];
                item.probabilities(0.5, &mut p);
                prop_assert!(p.iter().all(|p| p.is_finite()));
            }
        }
    }

    #[test]
    fn spoilt_releases_are_answered(changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3, prop::sample::select(b"[]{},:\"0159.-en \xff".to_vec())), 0..8)) {
        if let Ok(of) = ReleaseOf::read(&mutated(RELEASE, changes)) {
            prop_assert!(of.bands.len() == of.release.parts().cuts.len() + 1);
        }
    }

    #[test]
    fn any_bytes_are_no_bank(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Bank::read(&bytes).is_err());
    }
}

#[test]
fn the_untouched_bank_of_the_fuzzing_is_good() {
    assert_eq!(Bank::read(GOOD.as_bytes()).unwrap().items.len(), 2);
    let of = ReleaseOf::read(RELEASE.as_bytes()).unwrap();
    assert_eq!((of.bands, of.assumed.len(), of.bars.length), (vec!["x".into(), "y".into()], 0, Some(12.0)));
    assert!(Bank::read("[".repeat(100_000).as_bytes()).is_err());
}
