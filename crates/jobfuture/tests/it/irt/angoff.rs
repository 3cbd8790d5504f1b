//! `irt angoff`.

use super::{Desk, keys};

/// Six raters, ten items, three levels; rater 6 is more generous than the others.
fn ratings() -> String {
    let mut random = psychometrics::Random::new(3);
    let mut text = "rater,item,level,probability\n".to_owned();
    for rater in 1..=6 {
        for item in 1..=10 {
            let easy = random.normal() * 0.2 + if rater == 6 { 0.8 } else { 0.0 };
            for (level, cut) in [("junior", -1.0), ("middle", 0.0), ("senior", 1.0)] {
                let logit = 1.2 * (cut - (f64::from(item) - 5.5) * 0.3) + easy;
                text.push_str(&format!("r{rater},i{item},{level},{:.2}\n", 1.0 / (1.0 + f64::exp(-logit))));
            }
        }
    }
    text
}

const SHARES: &str = "--share middle=0.5:0.2 --share senior=0.16:0.2";

#[test]
fn ratings_give_cuts_and_priors_that_fit_and_score_can_read() {
    let desk = Desk::new();
    desk.write("ratings.csv", ratings());
    let found =
        desk.json(&format!("angoff --ratings ratings.csv {SHARES} --write-priors p.csv --write-bands b.csv"), 0);
    assert_eq!(keys(&found), ["cuts", "items", "ln_a", "raters", "spread", "drawn_in"]);
    let at: Vec<f64> = found["cuts"].as_array().unwrap().iter().map(|cut| cut["at"].as_f64().unwrap()).collect();
    assert!(at[0] < at[1] && at[1] < at[2] && at[1].abs() < 0.4, "{at:?}");
    let generous = found["raters"][5]["generosity"].as_f64().unwrap();
    assert!(generous > 0.3, "{generous}");
    let columns = psychometrics::Responses::numbered(&[2; 10]).unwrap().items().to_vec();
    let priors = desk.read("p.csv");
    let priors =
        psychometrics::text::read_priors(priors.as_bytes(), &columns, psychometrics::fit::Model::TwoPl).unwrap();
    assert!(priors[0].difficulties[0].mean < priors[9].difficulties[0].mean);
    let bands = psychometrics::text::read_bands(desk.read("b.csv").as_bytes()).unwrap();
    assert_eq!(
        bands.iter().map(|band| band.name.as_str()).collect::<Vec<_>>(),
        ["below junior", "junior", "middle", "senior"]
    );
    let told = desk.irt(&format!("angoff --ratings ratings.csv {SHARES}"));
    assert!(told.code == 0 && told.answer.starts_with("level   begins at     se\njunior"), "{}", told.answer);
}

#[test]
fn faults_of_ratings_are_named() {
    let desk = Desk::new();
    desk.write("ratings.csv", ratings());
    desk.write("beyond.csv", "rater,item,level,probability\nr1,i1,junior,1.2\n");
    desk.write("worse.csv", ratings().replace("r1,i1,senior,0.9", "r1,i1,senior,0.1"));
    let said = |arguments: &str| {
        let done = desk.irt(arguments);
        assert_eq!((done.code, done.answer.as_str()), (2, ""), "{arguments}");
        done.notes
    };
    let share = "--share middle=0.5:0.2";
    assert!(said("angoff --ratings ratings.csv").contains("give --anchor, --share or --difficulty"));
    assert!(
        said(&format!("angoff --ratings beyond.csv {share}"))
            .contains("beyond.csv: row 2, column probability: “1.2” is not a probability from 0 to 1")
    );
    assert!(
        said(&format!("angoff --ratings worse.csv {share}"))
            .contains("a higher level cannot do worse on an item; ask again: r1 gives i1")
    );
    assert!(
        said("angoff --ratings ratings.csv --share lead=0.5:0.2").contains("the levels are junior, middle, senior")
    );
    assert!(
        said(&format!("angoff --ratings ratings.csv {share} --levels junior,middle"))
            .contains("row 4, column level: senior is not among the levels junior, middle")
    );
}
