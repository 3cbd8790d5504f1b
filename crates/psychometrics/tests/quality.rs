//! Fit of the model and of the items, against published figures.
use psychometrics::fit::*;
use psychometrics::*;

/// A file of patterns with the number of people in the last column.
fn patterns(text: &str) -> Responses {
    let rows: Vec<Vec<u32>> =
        text.lines().skip(1).map(|line| line.split(',').map(|cell| cell.trim().parse().unwrap()).collect()).collect();
    let mut responses = Responses::numbered(&vec![2; rows[0].len() - 1]).unwrap();
    for row in rows {
        let (count, cells) = row.split_last().unwrap();
        let answers: Vec<Answer> = cells
            .iter()
            .enumerate()
            .map(|(item, &category)| Answer { item: item as u32, category: category as u8 })
            .collect();
        if *count > 0 {
            responses.push(&answers, f64::from(*count), 0).unwrap();
        }
    }
    responses
}

fn fit_of(model: Model, items: &[(f64, f64)], variance: f64, parameters: usize) -> Fit {
    let item = |(place, &(a, d)): (usize, &(f64, f64))| FittedItem {
        name: format!("i{}", place + 1),
        item: Item::two_pl(a, d).unwrap(),
        errors: ItemErrors::default(),
        answers: 1000.0,
    };
    Fit {
        model,
        log_likelihood: 0.0,
        log_prior: 0.0,
        convergence: Convergence::Converged,
        iterations: 1,
        people: 1000.0,
        parameters,
        items: items.iter().enumerate().map(item).collect(),
        groups: vec![FittedGroup {
            name: "all".into(),
            mean: 0.0,
            variance,
            mean_error: None,
            variance_error: None,
            people: 1000.0,
        }],
        factor_sds: vec![],
        family_sd: None,
    }
}

#[test]
fn lsat() {
    let lsat6 = patterns(include_str!("data/lsat6_patterns.csv"));
    let lsat7 = patterns(include_str!("data/lsat7_patterns.csv"));
    let fit6 = fit_of(
        Model::TwoPl,
        &[(0.826, 2.773), (0.723, 0.990), (0.891, 0.249), (0.688, 1.285), (0.657, 2.053)],
        1.0,
        10,
    );
    println!("{:?}", m2(&fit6, &lsat6));
    println!("{:?}", item_fit(&fit6, &lsat6));
    let rasch6 =
        fit_of(Model::Rasch, &[(1., 2.7305), (1., 0.9986), (1., 0.2399), (1., 1.3064), (1., 2.0994)], 0.5701, 6);
    println!("{:?}", m2(&rasch6, &lsat6));
    let fit7 = fit_of(
        Model::TwoPl,
        &[(0.988, 1.8561), (1.081, 0.808), (1.706, 1.8043), (0.7651, 0.486), (0.7358, 1.8545)],
        1.0,
        10,
    );
    println!("{:?}", m2(&fit7, &lsat7));
    println!("{:?}", item_fit(&fit7, &lsat7));
    println!("{:?} {:?}", fit7.marginal_reliability(), fit7.empirical_reliability(&lsat7));
}
