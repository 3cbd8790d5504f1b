//! What a fit found, as plain tables.

use crate::told::{self, say};
use psychometrics::text::{BankFile, ErrorsOfSlopes, FitIndices, ItemFile, Slopes};

/// Prints all of it.
pub fn print(file: &BankFile) {
    let figure = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.5}"));
    say!(
        "{}: {} people, {} items, log-likelihood {} with {} parameters",
        title(&file.model),
        people(file.persons),
        file.items.len(),
        figure(file.log_likelihood),
        file.parameters.unwrap_or_default(),
    );
    let converged = file.converged == Some(true);
    let iterations = file.iterations.unwrap_or_default();
    match &file.reason {
        None => say!("{} converged in {iterations} iterations", told::mark(converged)),
        Some(reason) => say!("{} not converged after {iterations} iterations: {reason}", told::mark(converged)),
    }
    say!("\n{}", items(file));
    print_population(file);
    if let Some(fit) = &file.fit {
        say!("{}", indices(fit));
    }
    if let Some(reliability) = file.reliability {
        say!("marginal reliability {reliability:.3}");
    }
}

fn title(model: &str) -> &'static str {
    match model {
        "rasch" => "Rasch model",
        "2pl" => "Two-parameter model",
        "3pl" => "Three-parameter model",
        "grm" => "Graded response model",
        "pcm" => "Partial credit model",
        "gpcm" => "Generalised partial credit model",
        "bifactor" => "Bifactor model",
        _ => "Testlet model",
    }
}

fn people(count: Option<f64>) -> String {
    let count = count.unwrap_or_default();
    if count.fract() == 0.0 { format!("{count:.0}") } else { format!("{count:.2}") }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{value:.3}"))
}

/// A row an item: slopes, intercepts, difficulties, each with its standard error.
fn items(file: &BankFile) -> String {
    let thresholds = file.items.iter().map(|item| item.d.len()).max().unwrap_or_default();
    let specific = file.items.iter().any(|item| matches!(item.a, Slopes::Two(_)));
    let guessing = file.items.iter().any(|item| item.g.is_some());
    let fits = file.items.iter().any(|item| item.s_x2.is_some());
    let mut head: Vec<String> = ["item", "a", "se"].map(str::to_owned).to_vec();
    if specific {
        head.extend(["factor", "a own", "se"].map(str::to_owned));
    }
    let numbered = |letter: &str, k: usize| if thresholds == 1 { letter.to_owned() } else { format!("{letter}{k}") };
    for letter in ["d", "b"] {
        for k in 1..=thresholds {
            head.extend([numbered(letter, k), "se".into()]);
        }
    }
    if guessing {
        head.extend(["g", "se"].map(str::to_owned));
    }
    if fits {
        head.extend(["S-X2", "df", "p"].map(str::to_owned));
    }
    let row = |item: &ItemFile| {
        let mut row = vec![item.name.clone()];
        row.extend(slopes(item, specific));
        for k in 0..thresholds {
            row.extend([number(item.d.get(k).copied()), number(item.se_d.get(k).copied().flatten())]);
        }
        for k in 0..thresholds {
            row.extend([number(item.b.get(k).copied().flatten()), number(item.se_b.get(k).copied().flatten())]);
        }
        if guessing {
            row.extend([number(item.g), number(item.se_g)]);
        }
        if let (true, Some(fit)) = (fits, &item.s_x2) {
            row.extend([number(fit.statistic), fit.df.to_string(), number(fit.p)]);
        }
        row
    };
    told::table(&head, &file.items.iter().map(row).collect::<Vec<_>>())
}

fn slopes(item: &ItemFile, with_own: bool) -> Vec<String> {
    let (general, own) = match item.a {
        Slopes::One(a) => (a, None),
        Slopes::Two([a, own]) => (a, Some(own)),
    };
    let (error, own_error) = match item.se_a {
        None => (None, None),
        Some(ErrorsOfSlopes::One(error)) => (Some(error), None),
        Some(ErrorsOfSlopes::Two([error, own])) => (error, own),
    };
    let mut cells = vec![number(Some(general)), number(error)];
    if with_own {
        cells.extend([item.factor.clone().unwrap_or_else(|| "–".into()), number(own), number(own_error)]);
    }
    cells
}

/// Where the population was estimated, or has parts.
fn print_population(file: &BankFile) {
    let standard = file.groups.len() == 1 && file.groups[0].se_variance.is_none() && file.groups[0].variance == 1.0;
    if !standard {
        let head = ["group", "people", "mean", "se", "variance", "se"].map(str::to_owned);
        let rows: Vec<Vec<String>> = file
            .groups
            .iter()
            .map(|group| {
                let numbers = [Some(group.mean), group.se_mean, Some(group.variance), group.se_variance].map(number);
                [vec![group.name.clone(), people(group.persons)], numbers.to_vec()].concat()
            })
            .collect();
        say!("{}", told::table(&head, &rows));
    }
    for (name, sd) in file.factors.iter().zip(&file.factor_sds) {
        say!("factor {name}: standard deviation {sd:.3}");
    }
    if let Some(sd) = file.family_sd {
        say!("families: standard deviation of difficulties {sd:.3}");
    }
}

fn indices(fit: &FitIndices) -> String {
    match (fit.m2, fit.df, fit.p, &fit.reason) {
        (Some(m2), Some(df), Some(p), _) => {
            format!("M2 {m2:.3} with {df} degrees of freedom, p {p:.3}, RMSEA {}", number(fit.rmsea))
        }
        (_, _, _, reason) => format!("no M2: {}", reason.as_deref().unwrap_or("it was not asked for")),
    }
}
