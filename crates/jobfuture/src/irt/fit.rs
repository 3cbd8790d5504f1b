//! `jobfuture irt fit`.

use super::{fit_told, input, print_json, threads};
use crate::cli::irt::Fit as Options;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use psychometrics::Responses;
use psychometrics::fit::{Fit, FitProgress, Model, Plan, QualityError, StandardErrors, calibrate, item_fit, m2};
use psychometrics::text::{BankFile, Factors, FitIndices, ItemFitFile, NoGroup, read_factors, read_priors};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::Duration;

/// Items up to which M2 takes no noticeable time; the matrix that it inverts grows with the fourth power.
const M2_ITEMS: usize = 40;

/// Calibrates, and prints what was found.
pub fn run(options: &Options) -> Result<ExitCode> {
    let read = input::responses(&options.answers, None, NoGroup::Refuse, None)?;
    let responses = &read.responses;
    let (plan, factors) = plan(options, responses)?;
    let fit = calibrated(responses, &plan).with_context(|| input::name(&options.answers.responses))?;
    let mut file = BankFile::of_fit(&fit, responses.items(), &factors.names);
    file.notes = read.notes.sentences();
    file.reliability = fit.marginal_reliability().filter(|reliability| reliability.is_finite());
    file.fit = Some(indices(&fit, responses));
    if options.item_fit {
        add_item_fit(&mut file, &fit, responses)?;
    }
    if options.json {
        print_json(&file)?;
    } else {
        fit_told::print(&file);
    }
    Ok(if file.converged == Some(true) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn plan(options: &Options, responses: &Responses) -> Result<(Plan, Factors)> {
    let items = responses.items();
    let needs_factors = matches!(options.model, Model::Bifactor | Model::Testlet);
    let factors = match &options.factors {
        Some(path) if needs_factors => input::read(path, |file| read_factors(file, items))?,
        Some(_) => bail!("--factors belongs to the models bifactor and testlet; leave it out, or choose one of them"),
        None if needs_factors => {
            bail!("this model needs to know which factor each item belongs to: give --factors FILE")
        }
        None => Factors { names: Vec::new(), of: Vec::new() },
    };
    let priors = match &options.priors {
        Some(path) => input::read(path, |file| read_priors(file, items, options.model))?,
        None => Vec::new(),
    };
    let standard_errors = if options.no_errors { StandardErrors::None } else { StandardErrors::Observed };
    let plan = Plan {
        factors: factors.of.clone(),
        priors,
        tolerance: options.tolerance,
        max_iterations: options.max_iterations as usize,
        standard_errors,
        threads: threads(options.threads),
        ..Plan::new(options.model)
    };
    Ok((plan, factors))
}

/// With a line on stderr that says where it stands, if somebody is there to read it.
fn calibrated(responses: &Responses, plan: &Plan) -> Result<Fit> {
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{elapsed:>4} {spinner} {msg}").context("the progress line")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut tell = |progress: FitProgress| {
        let FitProgress { iteration, log_likelihood, largest_change } = progress;
        bar.set_message(format!(
            "iteration {iteration}, log-likelihood {log_likelihood:.3}, largest change {largest_change:.1e}"
        ));
        ControlFlow::Continue(())
    };
    let fit = calibrate(responses, plan, &mut tell);
    bar.finish_and_clear();
    Ok(fit?)
}

/// How well the model describes the answers, or why that is not said.
fn indices(fit: &Fit, responses: &Responses) -> FitIndices {
    let missing = |reason: String| FitIndices { reason: Some(reason), ..FitIndices::default() };
    if fit.items.len() > M2_ITEMS {
        return missing(format!("it is worked out for at most {M2_ITEMS} items"));
    }
    match m2(fit, responses) {
        Ok(found) => FitIndices {
            m2: Some(found.statistic),
            df: Some(found.df),
            p: Some(found.p),
            rmsea: Some(found.rmsea),
            reason: None,
        },
        Err(why) => missing(why.to_string()),
    }
}

fn add_item_fit(file: &mut BankFile, fit: &Fit, responses: &Responses) -> Result<(), QualityError> {
    for (item, found) in file.items.iter_mut().zip(item_fit(fit, responses)?.items) {
        item.s_x2 = Some(ItemFitFile { statistic: found.statistic, df: found.df, p: found.p, rmsea: found.rmsea });
    }
    Ok(())
}
