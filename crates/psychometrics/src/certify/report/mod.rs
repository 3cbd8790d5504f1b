//! A certificate as one page of HTML that needs nothing else: no script, no font, no other file.

mod figures;
mod number;
mod plot;

use super::certificate::{Bar, Certificate, Regime};
use number::{escape, grouped, percent, signed};

/// The page, complete, in UTF-8.
#[must_use]
pub fn report_html(certificate: &Certificate) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>Certificate of a bank release</title>\n<style>\n",
    );
    page.push_str(include_str!("style.css"));
    page.push_str("</style>\n</head>\n<body>\n<main>\n");
    page.push_str(&opening(certificate));
    if let Some(first) = certificate.regimes.first() {
        page.push_str("<h2 id=\"believed\">As the release believes</h2>");
        page.push_str(&format!("<p>{}</p>", escape(&first.what)));
        page.push_str(&bars(&first.bars));
        page.push_str(&figures::coverage(first));
        page.push_str(&figures::calibration(first));
        page.push_str(&figures::length(first));
        page.push_str(&figures::exposure(first, exposure_bar(first)));
        page.push_str(&figures::information(certificate, first));
    }
    let rest = certificate.regimes.iter().skip(1);
    page.push_str("<h2 id=\"people\">People who differ</h2>");
    rest.clone().filter(|regime| !regime.wrong_on_purpose).for_each(|regime| page.push_str(&section(regime)));
    page.push_str(
        "<h2 id=\"wrong\">Wrong on purpose</h2><p>Here something that the release assumes is not so. Its statements are then \
         somewhat off, and it is better to know by how much. What is allowed is wider than above and says how far off is \
         still borne.</p>",
    );
    rest.filter(|regime| regime.wrong_on_purpose).for_each(|regime| page.push_str(&section(regime)));
    page.push_str(&method(certificate));
    page.push_str("</main>\n</body>\n</html>\n");
    // A number and its sign stay on one line.
    page.replace(" %", "\u{a0}%")
}

fn opening(certificate: &Certificate) -> String {
    let all: Vec<&Bar> = certificate.regimes.iter().flat_map(|regime| &regime.bars).collect();
    let kept = all.iter().filter(|bar| bar.passed).count();
    let verdict = if certificate.passed {
        format!("<p class=\"verdict\">Passed: all {} bars are kept.</p>", all.len())
    } else {
        format!("<p class=\"verdict failed\">Not passed: {kept} of {} bars are kept.</p>", all.len())
    };
    let borders: Vec<String> = certificate
        .cuts
        .iter()
        .map(|(at, se)| if *se > 0.0 { format!("{} ± {se:.2}", signed(*at)) } else { signed(*at) })
        .collect();
    let people: u64 = certificate.regimes.iter().map(|regime| regime.statistics.people).sum();
    let facts = [
        ("Release", escape(&certificate.release)),
        ("Items", grouped(certificate.items as u64)),
        ("Families", grouped(certificate.families as u64)),
        ("Being calibrated", grouped(certificate.seeding as u64)),
        ("Borders of bands", if borders.is_empty() { "none".to_owned() } else { borders.join(", ") }),
        ("Simulated people", grouped(people)),
    ];
    let list: String =
        facts.iter().map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>")).collect();
    format!(
        "<h1>Certificate of a bank release</h1>{verdict}<p>Before anybody meets this release of the bank, simulated people \
         took its check. Their true levels are known, so what the check says of them can be compared with the truth. This page \
         says what was found, for whoever keeps the bank and for whoever is told a level by it. Levels are in standard \
         deviations of the reference population, 0 is its mean.</p><dl>{list}</dl>"
    )
}

fn section(regime: &Regime) -> String {
    let mut html = format!("<h3 id=\"{}\">{}</h3><p>{}</p>", regime.id, regime.title, escape(&regime.what));
    html.push_str(&bars(&regime.bars));
    let groups = &regime.statistics.groups;
    if groups.len() > 1 {
        let row = |group: &super::GroupStatistics| {
            vec![
                escape(&group.name),
                grouped(group.people),
                percent(group.exact, 1),
                format!("{}{:.3}", if group.bias < 0.0 { "−" } else { "" }, group.bias.abs()),
                format!("{:.1}", group.length),
                format!("{:.0}", group.minutes),
                percent(group.out_of_time, 1),
            ]
        };
        let rows: Vec<Vec<String>> = groups.iter().map(row).collect();
        let heads = ["Group", "People", "True band", "Mean error", "Answers", "Minutes", "Time was over"];
        html.push_str(&plot::table("Groups", &heads, &rows));
    }
    html
}

fn bars(bars: &[Bar]) -> String {
    let mut html = String::from(
        "<table class=\"bars\"><thead><tr><th scope=\"col\">What</th><th scope=\"col\">Found</th><th \
         scope=\"col\">Allowed</th><th scope=\"col\">Kept</th></tr></thead><tbody>",
    );
    for bar in bars {
        let (class, word) = if bar.passed { ("kept", "Kept") } else { ("missed", "Not kept") };
        html.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td class=\"{class}\">{word}</td></tr>",
            escape(&bar.what),
            found(bar),
            allowed(bar)
        ));
    }
    html + "</tbody></table>"
}

/// Shares are told as percentages, small distances and lengths as numbers.
fn told(bar: &Bar, value: f64) -> String {
    let bound = bar.greatest.or(bar.least).unwrap_or(bar.value);
    if bound > 1.0 {
        format!("{value:.1}")
    } else if bar.least.is_none() && bound <= 0.1 {
        format!("{value:.4}")
    } else {
        percent(value, 2)
    }
}

fn found(bar: &Bar) -> String {
    match bar.error {
        Some(error) => format!("{} ± {}", told(bar, bar.value), told(bar, 1.96 * error)),
        None => told(bar, bar.value),
    }
}

fn allowed(bar: &Bar) -> String {
    match (bar.least, bar.greatest) {
        (Some(least), Some(greatest)) => format!("{} to {}", told(bar, least), told(bar, greatest)),
        (Some(least), None) => format!("at least {}", told(bar, least)),
        (None, Some(greatest)) => format!("at most {}", told(bar, greatest)),
        (None, None) => "anything".to_owned(),
    }
}

fn exposure_bar(regime: &Regime) -> Option<f64> {
    regime.bars.iter().find(|bar| bar.what.contains("one family")).and_then(|bar| bar.greatest)
}

fn method(certificate: &Certificate) -> String {
    format!(
        "<h2 id=\"method\">How it was found</h2><p>psychometrics {}, seed {}. The code that chose, scored and ended is the code \
         that does so for a candidate; the same seed gives the same page on every machine. Figures after ± are 1.96 times the \
         standard error that simulating so many people leaves; a figure within it of its bound may fall on either side with \
         another seed. A simulation tells whether statements are true of people who answer as described here. Whether people \
         do is seen only in answers of people.</p>",
        escape(certificate.version),
        certificate.seed
    )
}
