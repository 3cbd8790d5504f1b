//! `jobfuture irt angoff`: from ratings to cuts and priors.

use super::{csv_cell as cell, input, print_json};
use crate::cli::irt::{Angoff as Options, LevelAnchor};
use crate::told::{self, say};
use anyhow::{Context, Result};
use psychometrics::angoff::{Anchor, Anchored, Angoff, AngoffOptions, Contradictions, Panel, angoff};
use psychometrics::text::read_ratings;
use serde_json::json;
use std::process::ExitCode;

/// Works out cuts and priors.
pub fn run(options: &Options) -> Result<ExitCode> {
    let panel = input::read(&options.ratings, |file| read_ratings(file, &options.levels))?;
    let contradictions = if options.keep_contradictions { Contradictions::Keep } else { Contradictions::Refuse };
    let exercise = AngoffOptions { contradictions, ..AngoffOptions::new(anchors(options, &panel)?) };
    let found = angoff(&panel, &exercise).with_context(|| input::name(&options.ratings))?;
    if let Some(path) = &options.write_priors {
        write(path, &priors(&found))?;
    }
    if let Some(path) = &options.write_bands {
        write(path, &bands(&found))?;
    }
    if options.json {
        print_json(&json_of(&found))?;
    } else {
        print(&found);
    }
    Ok(ExitCode::SUCCESS)
}

fn anchors(options: &Options, panel: &Panel) -> Result<Vec<Anchor>> {
    let level = |name: &str| {
        let known = panel.levels.join(", ");
        let index = panel.levels.iter().position(|level| level == name);
        index.with_context(|| format!("nobody rated a level {name}; the levels are {known}"))
    };
    let mut anchors = Vec::new();
    for LevelAnchor { level: name, value, sd } in &options.anchors {
        anchors.push(Anchor { what: Anchored::Cut(level(name)?), theta: *value, sd: *sd });
    }
    for LevelAnchor { level: name, value, sd } in &options.shares {
        anyhow::ensure!(*value > 0.0 && *value < 1.0, "--share {name}: a share lies between 0 and 1; it is {value}");
        anchors.push(Anchor::share_at_or_above(level(name)?, *value, *sd));
    }
    if let Some((theta, sd)) = options.difficulty {
        anchors.push(Anchor { what: Anchored::MeanDifficulty, theta, sd });
    }
    anyhow::ensure!(
        !anchors.is_empty(),
        "nothing ties the ratings to people: give --anchor, --share or --difficulty, for instance --share middle=0.4:0.3"
    );
    Ok(anchors)
}

fn write(path: &std::path::Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

fn priors(found: &Angoff) -> String {
    let slope = found.item_slope;
    let row = |item: &psychometrics::angoff::RatedItem| {
        let b = item.difficulty;
        format!("{},{},{},{},{}\n", cell(&item.name), slope.mean, slope.sd, b.mean, b.sd)
    };
    let rows: String = found.items.iter().map(row).collect();
    format!("item,ln_a_mean,ln_a_sd,b_mean,b_sd\n{rows}")
}

fn bands(found: &Angoff) -> String {
    let lowest = found.cuts.first().map_or_else(String::new, |cut| format!("below {}", cut.level));
    let row = |cut: &psychometrics::angoff::Cut| format!("{},{},{}\n", cell(&cut.level), cut.theta, cut.sd);
    let rows: String = found.cuts.iter().map(row).collect();
    format!("band,at,se\n{},,\n{rows}", cell(&lowest))
}

fn json_of(found: &Angoff) -> serde_json::Value {
    let cut = |cut: &psychometrics::angoff::Cut| json!({"level": cut.level, "at": cut.theta, "se": cut.sd});
    let item = |item: &psychometrics::angoff::RatedItem| json!({"name": item.name, "b_mean": item.difficulty.mean, "b_sd": item.difficulty.sd, "ratings": item.ratings});
    let rater = |rater: &psychometrics::angoff::RaterEffect| json!({"name": rater.name, "generosity": rater.generosity, "at_levels": rater.at_levels});
    let spread = &found.spread;
    json!({
        "cuts": found.cuts.iter().map(cut).collect::<Vec<_>>(),
        "items": found.items.iter().map(item).collect::<Vec<_>>(),
        "ln_a": {"mean": found.item_slope.mean, "sd": found.item_slope.sd},
        "raters": found.raters.iter().map(rater).collect::<Vec<_>>(),
        "spread": {
            "items": spread.items, "raters": spread.raters, "raters_by_level": spread.raters_by_level,
            "raters_by_item": spread.raters_by_item, "rest": spread.rest,
        },
        "drawn_in": found.drawn_in,
    })
}

fn print(found: &Angoff) {
    let table = |head: &[&str], rows: Vec<Vec<String>>| {
        let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
        say!("{}", told::table(&head, &rows));
    };
    let three = |value: f64| format!("{value:.3}");
    let cuts = found.cuts.iter().map(|cut| vec![cut.level.clone(), three(cut.theta), three(cut.sd)]);
    table(&["level", "begins at", "se"], cuts.collect());
    let item = |item: &psychometrics::angoff::RatedItem| {
        vec![item.name.clone(), three(item.difficulty.mean), three(item.difficulty.sd), item.ratings.to_string()]
    };
    table(&["item", "b", "sd", "ratings"], found.items.iter().map(item).collect());
    let rater = |rater: &psychometrics::angoff::RaterEffect| {
        [vec![rater.name.clone(), three(rater.generosity)], rater.at_levels.iter().map(|at| three(*at)).collect()]
            .concat()
    };
    let levels: Vec<String> = found.cuts.iter().map(|cut| format!("at {}", cut.level)).collect();
    let head = [vec!["rater".to_owned(), "generosity".to_owned()], levels].concat();
    say!("{}", told::table(&head, &found.raters.iter().map(rater).collect::<Vec<_>>()));
    let spread = &found.spread;
    say!(
        "spread in logits: items {:.3}, raters {:.3}, raters by level {:.3}, raters by item {:.3}, rest {:.3}",
        spread.items,
        spread.raters,
        spread.raters_by_level,
        spread.raters_by_item,
        spread.rest
    );
    if found.drawn_in > 0 {
        say!("{} ratings next to 0 or 1 were drawn in: nobody is sure beyond that", found.drawn_in);
    }
}
