//! `jobfuture irt score`.

use super::{input, print_json};
use crate::cli::irt::{Method as Asked, Score as Options};
use crate::told::{self, say};
use anyhow::{Context, Result, bail, ensure};
use psychometrics::Responses;
use psychometrics::fit::NormalPrior;
use psychometrics::score::{
    BandReading, Bands, Cut, DOTS, Method, OwnFactors, Posterior, SoftItem, Uncertainty, Words, score_all,
};
use psychometrics::text::{Bank, NoGroup, ReadResponses, read_bands};
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;

/// All of it.
#[derive(Serialize)]
struct Report {
    method: &'static str,
    soft: bool,
    people: Vec<Person>,
    notes: Vec<String>,
}

/// One row.
#[derive(Serialize)]
struct Person {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Answers given.
    answers: usize,
    /// Null where there is none: maximum likelihood with everything right or wrong.
    theta: Option<f64>,
    se: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bands: Vec<BandShare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

/// One band of one person.
#[derive(Serialize)]
struct BandShare {
    band: String,
    probability: f64,
    at_or_above: f64,
    dots: usize,
}

/// Scores, and prints what was found.
pub fn run(options: &Options) -> Result<ExitCode> {
    ensure!(options.method == Asked::Eap || !options.soft, "--soft goes with the method eap; leave one of them out");
    let bank = input::bank(&options.bank, Bank::read)?;
    let read = input::responses(&options.answers, options.id.as_deref(), NoGroup::Refuse, Some(bank.columns()))?;
    let bands = options.bands.as_deref().map(bands).transpose()?;
    let priors = priors(&bank, &read.responses, &options.bank)?;
    let posteriors = posteriors(&bank, &read.responses, &priors, options.soft)?;
    let estimates: Vec<(f64, f64)> = match options.method {
        Asked::Eap => posteriors.iter().map(|posterior| (posterior.mean(), posterior.sd())).collect(),
        other => searched(&bank, &read.responses, &priors, other)?,
    };
    let report = report(options, &read, &posteriors, &estimates, bands.as_ref());
    if options.json {
        print_json(&report)?;
    } else {
        print(&report, bands.as_ref());
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads bands with their cuts.
pub fn bands(path: &Path) -> Result<Bands> {
    let read = input::read(path, read_bands)?;
    let cuts: Result<Vec<Cut>, _> =
        read.iter().filter_map(|band| band.from).map(|from| Cut::new(from.at, from.se)).collect();
    Bands::new(read.into_iter().map(|band| band.name).collect(), cuts?).with_context(|| input::name(path))
}

/// For each group of the answers the distribution that the bank knows it by.
fn priors(bank: &Bank, responses: &Responses, path: &Path) -> Result<Vec<NormalPrior>> {
    let prior = |group: &psychometrics::fit::FittedGroup| NormalPrior { mean: group.mean, sd: group.variance.sqrt() };
    // Without a column of groups everybody is of the reference group.
    if let ([only], [first, ..]) = (responses.groups(), bank.groups.as_slice())
        && only == "all"
    {
        return Ok(vec![prior(first)]);
    }
    let known = || bank.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", ");
    let of = |name: &String| {
        let group = bank.groups.iter().find(|group| group.name == *name);
        group.map(prior).with_context(|| format!("{} knows no group {name}; it has {}", input::name(path), known()))
    };
    responses.groups().iter().map(of).collect()
}

fn posteriors(bank: &Bank, responses: &Responses, priors: &[NormalPrior], soft: bool) -> Result<Vec<Posterior>> {
    let mut items = Vec::with_capacity(bank.items.len());
    for entry in &bank.items {
        let item = entry.fitted.item.clone();
        let uncertainty =
            if soft { Uncertainty::calibrated(&item, &entry.fitted.errors)? } else { Uncertainty::none() };
        let soft = SoftItem::new(item, uncertainty, 0.0).with_context(|| format!("item {}", entry.fitted.name))?;
        items.push(soft);
    }
    let tables = OwnFactors::new(&items);
    let before: Result<Vec<Posterior>, _> =
        priors.iter().map(|prior| Posterior::normal(prior.mean, prior.sd)).collect();
    let before = before?;
    let mut posteriors = Vec::with_capacity(responses.len());
    for (row, person) in responses.iter().enumerate() {
        let mut posterior = before[person.group].clone();
        let seen = tables.likelihood(person.answers).and_then(|likelihood| posterior.observe(&likelihood));
        seen.with_context(|| format!("person {} (counted from 1)", row + 1))?;
        posteriors.push(posterior);
    }
    Ok(posteriors)
}

fn searched(bank: &Bank, responses: &Responses, priors: &[NormalPrior], method: Asked) -> Result<Vec<(f64, f64)>> {
    let method = match method {
        Asked::Eap => Method::Eap,
        Asked::Map => Method::Map,
        Asked::Wle => Method::Wle,
        Asked::Ml => Method::Ml,
    };
    let items: Vec<psychometrics::Item> = bank.items.iter().map(|entry| entry.fitted.item.clone()).collect();
    if items.iter().any(|item| item.specific().is_some()) {
        bail!("items with factors of their own are scored by --method eap only");
    }
    let estimates = score_all(&items, responses, method, priors)?;
    Ok(estimates.iter().map(|estimate| (estimate.theta(), estimate.se())).collect())
}

fn report(
    options: &Options,
    read: &ReadResponses,
    posteriors: &[Posterior],
    estimates: &[(f64, f64)],
    bands: Option<&Bands>,
) -> Report {
    let finite = |value: f64| value.is_finite().then_some(value);
    let person = |(row, (posterior, (theta, se))): (usize, (&Posterior, &(f64, f64)))| {
        let reading = bands.map(|bands| (bands, bands.read(posterior)));
        Person {
            id: read.ids.get(row).cloned(),
            answers: read.responses.person(row).answers.len(),
            theta: finite(*theta),
            se: finite(*se),
            bands: reading.as_ref().map_or_else(Vec::new, |(bands, reading)| shares(bands, reading)),
            words: reading.as_ref().map(|(bands, reading)| words(bands, reading)),
        }
    };
    let method = match options.method {
        Asked::Eap => "eap",
        Asked::Map => "map",
        Asked::Wle => "wle",
        Asked::Ml => "ml",
    };
    let people = posteriors.iter().zip(estimates).enumerate().map(person).collect();
    Report { method, soft: options.soft, people, notes: read.notes.sentences() }
}

fn shares(bands: &Bands, reading: &BandReading) -> Vec<BandShare> {
    let share = |(place, name): (usize, &String)| BandShare {
        band: name.clone(),
        probability: reading.probabilities()[place],
        at_or_above: if place == 0 { 1.0 } else { reading.at_or_above()[place - 1] },
        dots: reading.dots()[place],
    };
    bands.names().iter().enumerate().map(share).collect()
}

/// What a person would be told.
fn words(bands: &Bands, reading: &BandReading) -> String {
    let name = |band: usize| bands.names()[band].as_str();
    let above = |band: usize| if band == 0 { String::new() } else { " or above".to_owned() };
    match reading.words() {
        Words::Clearly { band } => format!("clearly {}{}", name(band), above(band)),
        Words::Likely { band } => format!("likely {}{}", name(band), above(band)),
        Words::OnTheLine { between: (low, high) } => format!("on the line between {} and {}", name(low), name(high)),
        Words::Open { from, to } => format!("open, from {} to {}", name(from), name(to)),
    }
}

fn print(report: &Report, bands: Option<&Bands>) {
    let names = bands.map_or_else(Vec::new, |bands| bands.names().to_vec());
    let head = ["person", "answers", "level", "se"].map(str::to_owned).to_vec();
    let told = if names.is_empty() { Vec::new() } else { vec!["told".to_owned()] };
    let head = [head, names, told].concat();
    let number = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.3}"));
    let row = |(place, person): (usize, &Person)| {
        let name = person.id.clone().unwrap_or_else(|| (place + 1).to_string());
        let cells = vec![name, person.answers.to_string(), number(person.theta), number(person.se)];
        let dots = person.bands.iter().map(|band| format!("{} of {DOTS}", band.dots)).collect();
        [cells, dots, person.words.iter().cloned().collect()].concat()
    };
    let rows: Vec<Vec<String>> = report.people.iter().enumerate().map(row).collect();
    say!("{}", told::table(&head, &rows).trim_end());
}
