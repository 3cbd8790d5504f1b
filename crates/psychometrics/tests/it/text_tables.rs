//! Factors and priors.

use psychometrics::ItemColumn;
use psychometrics::fit::{GuessingPrior, ItemPrior, Model, NormalPrior};
use psychometrics::text::{read_factors, read_priors};

fn items() -> Vec<ItemColumn> {
    let item = |(name, categories): (&str, usize)| ItemColumn {
        name: name.into(),
        labels: (0..categories).map(|k| k.to_string()).collect(),
    };
    [("a", 2), ("b", 2), ("c", 3), ("d", 2)].map(item).to_vec()
}

#[test]
fn factors_are_numbered_in_the_order_in_which_they_come() {
    let factors = read_factors("item,factor\nb,orm\na,http\nd,orm\nc,http\n".as_bytes(), &items()).unwrap();
    assert_eq!(
        (factors.names, factors.of),
        (vec!["orm".into(), "http".into()], vec![Some(1), Some(0), Some(1), Some(0)])
    );
}

#[test]
fn faults_of_factors_are_named() {
    let cases = [
        ("item,factor\nz,orm\n", "row 2, column item: there is no item called z"),
        ("item,factor\na,orm\na,http\n", "row 3: item a stands in row 2 already"),
        (
            "item,factor\na,orm\nb,http\nc,orm\n",
            "row 3, column factor: factor http has this item only, so its slope cannot be told from chance; leave the factor empty",
        ),
        ("item,topic\na,orm\n", "row 1: column topic is not known here; the columns are item, factor"),
        ("item\na\n", "there is no column called factor (needed here); the header names item"),
        ("item,factor\n,orm\n", "row 2, column item: the cell is empty; the name of an item belongs there"),
        ("item,factor\na,\n", "there is a header and no row below it"),
        ("item,factor\na\n", "row 2 and the header differ in their number of cells: 1 and 2"),
    ];
    for (text, wanted) in cases {
        assert_eq!(read_factors(text.as_bytes(), &items()).unwrap_err().to_string(), wanted, "{text:?}");
    }
}

#[test]
fn priors_are_read_for_one_item_and_for_all_others() {
    let text = "item,ln_a_mean,ln_a_sd,b_mean,b_sd,b2_mean,b2_sd\n*,0.18,0.3,,,,\nc,,,-1,0.5,1,0.5\n";
    let priors = read_priors(text.as_bytes(), &items(), Model::Graded).unwrap();
    let normal = |mean, sd| NormalPrior { mean, sd };
    let slope = ItemPrior { ln_slope: Some(normal(0.18, 0.3)), ..ItemPrior::default() };
    assert_eq!(priors[0], slope);
    assert_eq!(priors[3], slope);
    assert_eq!(
        priors[2],
        ItemPrior { difficulties: vec![normal(-1.0, 0.5), normal(1.0, 0.5)], ..ItemPrior::default() }
    );
    let guessing = read_priors(
        "item,g,g_logit_mean,g_logit_sd,g_free\na,0.25,,,\nb,,-1.1,0.5,\nd,,,,yes\n".as_bytes(),
        &items(),
        Model::ThreePl,
    );
    let guessing: Vec<_> = guessing.unwrap().into_iter().map(|prior| prior.guessing).collect();
    let wanted = [
        Some(GuessingPrior::Fixed(0.25)),
        Some(GuessingPrior::Logit(normal(-1.1, 0.5))),
        None,
        Some(GuessingPrior::Free),
    ];
    assert_eq!(guessing, wanted);
}

#[test]
fn priors_that_contradict_are_named() {
    let graded = Model::Graded;
    let cases = [
        ("item,b_mean,b_sd\na,1,\n", graded, "row 2, column b_sd: b_mean is given and this is not"),
        ("item,b_mean,b_sd\na,,1\n", graded, "row 2, column b_mean: b_sd is given and this is not"),
        ("item,b_mean,b_sd\na,0,0\n", graded, "row 2, column b_sd: “0” is not a standard deviation from 0.0001 to 100"),
        (
            "item,b_mean,b_sd\na,0,-1\n",
            graded,
            "row 2, column b_sd: “-1” is not a standard deviation from 0.0001 to 100",
        ),
        ("item,b_mean,b_sd\na,1e9,1\n", graded, "row 2, column b_mean: “1e9” is not a number from −100 to 100"),
        ("item,b_mean,b_sd\na,NaN,1\n", graded, "row 2, column b_mean: “NaN” is not a number from −100 to 100"),
        (
            "item,b_mean,b_sd\nc,0,1\n",
            graded,
            "row 2, column b_mean: 1 difficulties are given for item c, which has 3 categories and so 2; give all or none",
        ),
        (
            "item,b_mean,b_sd\n*,0,1\n",
            graded,
            "row 2, column b_mean: 1 difficulties are given for item c, which has 3 categories and so 2; give all or none",
        ),
        (
            "item,b_mean,b_sd,b2_mean,b2_sd\nc,1,1,0,1\n",
            graded,
            "row 2, column b2_mean: thresholds of a graded item rise, and 0 is not above b_mean",
        ),
        ("item,b2_mean,b2_sd\nc,1,1\n", graded, "row 2, column b2_mean: it is given and b_mean is not"),
        (
            "item,g\na,0.2\n",
            Model::TwoPl,
            "row 2, column g: only the model 3pl knows guessing; leave it out, or fit that model",
        ),
        ("item,g\na,1\n", Model::ThreePl, "row 2, column g: “1” is not a chance from 0 to below 1"),
        (
            "item,g,g_free\na,0.2,yes\n",
            Model::ThreePl,
            "row 2, column g: guessing is given in two ways; keep one of g, g_logit_mean with its sd, and g_free",
        ),
        (
            "item,ln_a_mean,ln_a_sd\na,0,1\n",
            Model::Rasch,
            "row 2, column ln_a_mean: slopes are 1 in this model; leave the prior of the slope empty",
        ),
        (
            "item,b\na,0\n",
            graded,
            "row 1: column b is not known here; the columns are item, ln_a_mean, ln_a_sd, b_mean, b_sd (b2_mean, b2_sd and so on), g, g_logit_mean, g_logit_sd, g_free",
        ),
        ("item,b_mean,b_sd\na,0,1\na,1,1\n", graded, "row 3: item a stands in row 2 already"),
    ];
    for (text, model, wanted) in cases {
        assert_eq!(read_priors(text.as_bytes(), &items(), model).unwrap_err().to_string(), wanted, "{text:?}");
    }
}
