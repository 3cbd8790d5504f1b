//! The figures of a certificate.

use super::number::{percent, signed};
use super::plot::{Plot, round_step, table, ticks};
use crate::certify::certificate::{Certificate, Regime};

fn figure(heading: &str, words: &str, drawing: &str, numbers: &str) -> String {
    format!("<h3>{heading}</h3><p>{words}</p><figure>{drawing}</figure>{numbers}")
}

fn levels() -> Vec<(f64, String)> {
    ticks(-3.0, 3.0, 1.0, signed)
}

/// What the bank can tell, and what checks attain.
pub(super) fn information(certificate: &Certificate, regime: &Regime) -> String {
    let found = &regime.statistics;
    let attained: Vec<(f64, f64)> = found
        .coverage_by_told
        .iter()
        .zip(&found.sd_by_told)
        .filter(|(bin, _)| bin.people * 1000 >= found.people && bin.people > 0)
        .map(|(bin, sd)| ((bin.from + bin.to) / 2.0, 1.0 / (sd * sd)))
        .collect();
    let best = certificate.information.iter().map(|at| at.best);
    let largest = best.chain(attained.iter().map(|(_, value)| *value)).fold(1.0, f64::max);
    let step = round_step(largest);
    let top = (largest / step).ceil() * step;
    let mut plot = Plot::new((-3.0, 3.0), (0.0, top));
    let name = |value: f64| format!("{value:.0}");
    plot.axes(&levels(), &ticks(0.0, top, step, name), "level", "information");
    plot.line("first", certificate.information.iter().map(|at| (at.level, at.best)));
    attained.iter().for_each(|(level, value)| plot.point("second", *level, *value, 0.0));
    let rows: Vec<Vec<String>> = certificate
        .information
        .iter()
        .map(|at| {
            let near = attained.iter().find(|(level, _)| (level - at.level).abs() < 0.11);
            vec![signed(at.level), format!("{:.1}", at.best), near.map_or("–".to_owned(), |(_, v)| format!("{v:.1}"))]
        })
        .collect();
    let words = format!(
        "The line is the information of the {:.0} items that tell most at each level, as many as a check has on average. The \
         points are the precision (one through the stated variance) that checks attain there, with the spread of choices \
         over the bank, the blueprint, and what was known beforehand in it.",
        found.length
    );
    let description = format!(
        "At level 0 the best items together have information {:.1}.",
        certificate.information.iter().find(|at| at.level == 0.0).map_or(0.0, |at| at.best)
    );
    let drawing = plot.finish("information", "Information by level", &description);
    let heads = ["Level", "Best items", "Attained near there"];
    figure("What the bank can tell", &words, &drawing, &table("Information by level", &heads, &rows))
}

/// Coverage by level, told and true.
pub(super) fn coverage(regime: &Regime) -> String {
    let found = &regime.statistics;
    let (low, high) = (0.85, 1.0);
    let mut plot = Plot::new((-3.0, 3.0), (low, high));
    plot.zone(0.94, 0.96);
    plot.axes(&levels(), &ticks(low, high, 0.05, |y| percent(y, 0)), "level", "held by their interval");
    let (told, truth) = (&found.coverage_by_told, &found.coverage_by_true);
    let enough = |people: u64| people >= 50;
    let middle = |bin: &crate::certify::LevelShare| (bin.from + bin.to) / 2.0;
    plot.line("second", truth.iter().filter(|bin| enough(bin.people)).map(|bin| (middle(bin), bin.share.value)));
    for bin in told.iter().filter(|bin| enough(bin.people)) {
        plot.point("first", middle(bin), bin.share.value, 1.96 * bin.share.error);
    }
    let cell = |bin: &crate::certify::LevelShare| {
        if bin.people == 0 {
            return "–".to_owned();
        }
        format!("{} ± {}", percent(bin.share.value, 1), percent(1.96 * bin.share.error, 1))
    };
    let row = |(k, (told, truth)): (usize, (&_, &_))| {
        vec![range(told, k, found.coverage_by_told.len()), cell(told), cell(truth)]
    };
    let rows: Vec<Vec<String>> = told.iter().zip(truth).enumerate().map(row).collect();
    let words = "Of people who are told about the same level (points), 95 of 100 should truly be within the interval that they \
                 are told. The whiskers are what chance in the simulation leaves open (95 %), the shaded zone is 94 to 96 %. \
                 The dashed line counts by true level: there it falls off at the ends, because every method that uses what is \
                 known of the population draws rare levels a little towards the middle. Values below 85 % are drawn at the \
                 floor.";
    let description = format!("Over all people {} are held by their interval.", percent(found.coverage.value, 1));
    let drawing = plot.finish("coverage", "Coverage of stated 95 % intervals by level", &description);
    let heads = ["Level", "By told level", "By true level"];
    figure("Whether intervals hold", words, &drawing, &table("Coverage by level", &heads, &rows))
}

fn range(bin: &crate::certify::LevelShare, place: usize, count: usize) -> String {
    match place {
        0 => format!("below {}", signed(bin.to)),
        _ if place + 1 == count => format!("{} and above", signed(bin.from)),
        _ => format!("{} to {}", signed(bin.from), signed(bin.to)),
    }
}

/// Stated probabilities against what is so.
pub(super) fn calibration(regime: &Regime) -> String {
    let found = &regime.statistics;
    if found.calibration.is_empty() {
        return String::new();
    }
    let mut plot = Plot::new((0.0, 1.0), (0.0, 1.0));
    let tenths = ticks(0.0, 1.0, 0.2, |y| percent(y, 0));
    plot.axes(&tenths, &tenths, "stated probability of being at or above", "share who are");
    plot.line("second", [(0.0, 0.0), (1.0, 1.0)].into_iter());
    let enough = |bin: &&crate::certify::Calibration| bin.people >= 50;
    for bin in found.calibration.iter().filter(enough) {
        plot.point("first", bin.stated, bin.observed, 0.0);
    }
    let row = |bin: &crate::certify::Calibration| {
        let border = format!("Border {}", bin.cut + 1);
        vec![border, percent(bin.stated, 1), percent(bin.observed, 1), bin.people.to_string()]
    };
    let rows: Vec<Vec<String>> = found.calibration.iter().map(row).collect();
    let words = "A statement such as “at or above this border with 80 %” should be true of 80 of 100 people who get it. Each point \
                 is a border and a twentieth of the scale; on the dashed line a statement is exactly right.";
    let description = format!("The mean distance from the line is {:.4}.", found.calibration_error);
    let drawing = plot.finish("calibration", "Stated probabilities against the truth", &description);
    let heads = ["Border", "Stated", "Who are", "People"];
    figure("Whether probabilities are true", words, &drawing, &table("Stated probabilities", &heads, &rows))
}

/// How the bank is used.
pub(super) fn exposure(regime: &Regime, at_most: Option<f64>) -> String {
    let exposure = &regime.statistics.exposure;
    let mut rates = exposure.rates.clone();
    rates.sort_by(|a, b| b.total_cmp(a));
    let largest = exposure.largest.max(at_most.unwrap_or(0.0)).max(0.01);
    let step = round_step(largest);
    let top = (largest / step).ceil() * step;
    let count = rates.len() as f64;
    let mut plot = Plot::new((0.0, count), (0.0, top));
    let sides = [(0.0, "most seen".to_owned()), (count, "least".to_owned())];
    let digits = usize::from(step < 0.02);
    plot.axes(&sides, &ticks(0.0, top, step, |y| percent(y, digits)), "families of items, in order", "share of people");
    // At most as many bars as can be told apart.
    let bars = rates.len().min(300);
    for bar in 0..bars {
        let (from, to) = (bar * rates.len() / bars, (bar + 1) * rates.len() / bars);
        let mean = rates[from..to].iter().sum::<f64>() / (to - from) as f64;
        plot.bar(from as f64, to as f64, mean);
    }
    at_most.iter().for_each(|most| plot.limit(*most));
    let at = |part: f64| rates[((part * (count - 1.0)).round() as usize).min(rates.len() - 1)];
    let parts = [("Most seen", 0.0), ("A tenth of families more", 0.1), ("A quarter more", 0.25), ("Half more", 0.5)];
    let rows: Vec<Vec<String>> =
        parts.into_iter().map(|(name, part)| vec![name.to_owned(), percent(at(part), 2)]).collect();
    let words = format!(
        "The share of people who see each family of items. Two people have {} of a check in common, on average; {} of the \
         families are seen by nobody. The dotted line is the greatest share that is allowed.",
        percent(exposure.overlap, 1),
        percent(exposure.never, 1)
    );
    let description = format!("The most seen family is seen by {} of people.", percent(exposure.largest, 1));
    let drawing = plot.finish("exposure", "Exposure of families", &description);
    figure("How the bank is used", &words, &drawing, &table("Exposure", &["Family", "Share of people"], &rows))
}

/// How long checks are.
pub(super) fn length(regime: &Regime) -> String {
    let found = &regime.statistics;
    let first = found.lengths.iter().position(|share| *share > 0.0).unwrap_or(0);
    let last = found.lengths.len();
    let largest = found.lengths.iter().copied().fold(0.01, f64::max);
    let step = round_step(largest);
    let top = (largest / step).ceil() * step;
    let from = first.saturating_sub(1) as f64;
    let mut plot = Plot::new((from, last as f64 + 1.0), (0.0, top));
    let every = round_step((last - first).max(5) as f64 * 0.6).max(1.0).round();
    let start = (from / every).ceil() * every;
    let marks = ticks(start, start + ((last as f64 - start) / every).floor() * every, every, |x| format!("{x:.0}"));
    let digits = usize::from(step < 0.01);
    plot.axes(&marks, &ticks(0.0, top, step, |y| percent(y, digits)), "answers of a check", "share of people");
    for (answers, share) in found.lengths.iter().enumerate().skip(first) {
        plot.bar(answers as f64 - 0.5, answers as f64 + 0.5, *share);
    }
    let lengths = found.lengths.iter().enumerate().skip(first);
    let rows: Vec<Vec<String>> = lengths.map(|(n, share)| vec![n.to_string(), percent(*share, 2)]).collect();
    let reasons: Vec<String> = found
        .stops
        .iter()
        .filter(|stop| stop.share >= 0.0005)
        .map(|stop| format!("{} ({})", stop.reason, percent(stop.share, 1)))
        .collect();
    let words = format!(
        "On average {:.1} answers ({:.1} questions, {:.1} tasks) and {:.0} minutes. They ended because {}.",
        found.length,
        found.questions,
        found.tasks,
        found.minutes,
        reasons.join("; ")
    );
    let description = format!("From {first} to {} answers, {:.1} on average.", last.saturating_sub(1), found.length);
    let drawing = plot.finish("length", "Length of checks", &description);
    figure("How long checks are", &words, &drawing, &table("Lengths", &["Answers", "Share of people"], &rows))
}
