//! Pages: a section of a guide, compiled and not, beside the same page in Django and a ready file in nginx.

use super::load::{Answer, get, wrk};
use super::machine::said;
use super::numbers::Samples;
use super::server::{Django, Server, remove_database};
use super::table::{Table, bar, number as shown, times};
use super::{Options, build_example, scratch};
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// One way to be served, and how it went.
struct Row {
    name: &'static str,
    server: Option<Server>,
    headers: Vec<String>,
    bytes: usize,
    per_second: Vec<f64>,
    p50: Samples,
    p99: Samples,
    cpu: Samples,
}

/// Of no importance which, but the same in all rounds.
const COMPILED: usize = 0;
const QUERIES: usize = 3;
const DJANGO: usize = 4;
const NGINX: usize = 5;

/// Measures and describes.
pub fn run(workspace: &Workspace, options: &Options) -> Result<String> {
    let rounds = options.rounds.unwrap_or(if options.quick { 2 } else { 7 });
    let seconds = if options.quick { 1 } else { 4 };
    let program = build_example(workspace, "jobfuture-site", "bench_pages")?;
    let (mut rows, page, versions) = set_up(workspace, &program)?;
    // Once without counting.
    rows.iter_mut().filter(|row| row.server.is_some()).try_for_each(|row| measure(row, &page, 1).map(drop))?;
    rows.iter_mut().for_each(Row::forget);
    for round in 1..=rounds {
        for row in rows.iter_mut().filter(|row| row.server.is_some()) {
            measure(row, &page, seconds)?;
        }
        println!("round {round} of {rounds}");
    }
    Ok(format!("Page `{page}`; {rounds} rounds of {seconds} s each. {versions}.\n\n{}\n{}", table(&rows), bars(&rows),))
}

fn set_up(workspace: &Workspace, program: &Path) -> Result<(Vec<Row>, String, String)> {
    let folder = scratch(workspace)?;
    let source = folder.join("pages.sqlite3");
    remove_database(&source)?;
    let serve = || Server::ours(program, &["published"]);
    let (published, page) = serve()?;
    let (queries, _) = Server::ours(program, &["queries", &source.display().to_string()])?;
    let accept_brotli = vec!["Accept-Encoding: br".to_owned()];
    let plain = good(&published, &page, &[])?;
    let brotli = good(&published, &page, &accept_brotli)?;
    ensure!(brotli.header("content-encoding") == Some("br"), "the page does not come by brotli");
    let tag = brotli.header("etag").context("the page has no ETag")?.to_owned();
    let html = String::from_utf8(plain.body.clone())?;
    let version = html.split_once("/assets/").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
    let django = Django::set_up(&folder, &workspace.root.join("xtask/src/bench/django"), &source)?;
    let gunicorn = Server::django(&django, &format!("/assets/{version}"), &folder.join("gunicorn.log"))?;
    let theirs = good(&gunicorn, &page, &[])?;
    same_page(&html, &String::from_utf8(theirs.body)?)?;
    let nginx = Server::nginx(&folder, &page, &plain.body, &brotli.body)?;
    let unchanged = [accept_brotli.clone(), vec![format!("If-None-Match: {tag}")]].concat();
    let rows = vec![
        Row::new("Compiled page, brotli", Some(published), accept_brotli.clone()),
        Row::new("Compiled page, not compressed", Some(serve()?.0), vec![]),
        Row::new("Compiled page, `If-None-Match`: 304", Some(serve()?.0), unchanged),
        Row::new("Made for each request: five queries to SQLite, templates", Some(queries), vec![]),
        Row::new("Django and gunicorn, 2 sync workers, SQLite", Some(gunicorn), vec![]),
        Row::new("nginx, ready brotli file", nginx, accept_brotli),
    ];
    Ok((rows, page, versions(&django)))
}

fn versions(django: &Django) -> String {
    let python = django.program("python").display().to_string();
    let script = "import django, gunicorn, platform, sqlite3; print('Django', django.__version__, 'on Python', \
        platform.python_version(), 'with SQLite', sqlite3.sqlite_version + ', gunicorn', gunicorn.__version__)";
    let wrk = said("wrk", &["-v"]);
    let wrk = wrk.split_once(" Copyright").map_or(wrk.as_str(), |(version, _)| version);
    format!("{}; {}; {wrk}", said(&python, &["-c", script]), said("nginx", &["-v"]))
}

fn good(server: &Server, page: &str, headers: &[String]) -> Result<Answer> {
    let answer = get(&server.address, page, headers)?;
    ensure!(answer.status == 200, "{page} answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    Ok(answer)
}

/// Both pages hold the same, but for white space and the way in which quotation marks are escaped.
fn same_page(ours: &str, theirs: &str) -> Result<()> {
    let plain = |html: &str| {
        let html = html.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'");
        let html = html.replace("&#60;", "&lt;").replace("&#62;", "&gt;").replace("&#38;", "&amp;");
        html.chars().filter(|letter| !letter.is_whitespace()).collect::<Vec<_>>()
    };
    let (ours, theirs) = (plain(ours), plain(theirs));
    let differs =
        ours.iter().zip(&theirs).position(|(one, other)| one != other).unwrap_or(ours.len().min(theirs.len()));
    let around = |page: &[char]| page.iter().skip(differs.saturating_sub(40)).take(120).collect::<String>();
    ensure!(ours == theirs, "Django's page is not ours.\nours:   {}\ntheirs: {}", around(&ours), around(&theirs));
    Ok(())
}

impl Row {
    fn new(name: &'static str, server: Option<Server>, headers: Vec<String>) -> Self {
        let (bytes, per_second, p50, p99, cpu) = Default::default();
        Self { name, server, headers, bytes, per_second, p50, p99, cpu }
    }

    fn forget(&mut self) {
        self.per_second.clear();
        (self.p50, self.p99, self.cpu) = Default::default();
    }

    fn median(&self) -> f64 {
        samples(self.per_second.iter().copied()).median()
    }

    /// How many times as many requests as another row, round by round.
    fn beside(&self, other: &Self) -> f64 {
        samples(self.per_second.iter().zip(&other.per_second).map(|(own, other)| own / other)).median()
    }
}

fn samples(values: impl Iterator<Item = f64>) -> Samples {
    let mut samples = Samples::default();
    values.for_each(|value| samples.add(value));
    samples
}

fn measure(row: &mut Row, page: &str, seconds: u32) -> Result<()> {
    let server = row.server.as_ref().context("it has no server")?;
    row.bytes = get(&server.address, page, &row.headers)?.body.len();
    let before = server.cpu_seconds()?;
    let went = wrk(&format!("http://{}{page}", server.address), &row.headers, seconds).context(row.name)?;
    row.cpu.add((server.cpu_seconds()? - before) / went.requests * 1e6);
    row.per_second.push(went.per_second);
    row.p50.add(went.p50);
    row.p99.add(went.p99);
    Ok(())
}

fn table(rows: &[Row]) -> Table {
    let head = ["", "requests a second", "beside Django", "p50 ms", "p99 ms", "server CPU µs a request", "bytes"];
    let mut table = Table::new(&head);
    for row in rows {
        let missing = if row.server.is_some() { "" } else { " (nginx or its brotli module is missing)" };
        table.row(vec![
            format!("{}{missing}", row.name),
            shown(row.median()),
            times(row.beside(&rows[DJANGO])),
            shown(row.p50.median()),
            shown(row.p99.median()),
            shown(row.cpu.median()),
            shown(row.bytes as f64),
        ]);
    }
    table
}

/// What was promised.
fn bars(rows: &[Row]) -> String {
    let compiled = rows[COMPILED].beside(&rows[DJANGO]);
    let queries = rows[QUERIES].beside(&rows[DJANGO]);
    let nginx = rows[COMPILED].beside(&rows[NGINX]);
    [
        bar("compiled: at least 100 times Django", compiled >= 100.0, &times(compiled)),
        bar("queries at each request: at least 40 times Django", queries >= 40.0, &times(queries)),
        bar("compiled: not behind nginx, but for 5 % of noise", nginx >= 0.95, &times(nginx)),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_may_differ_in_white_space_and_escapes_only() {
        assert!(same_page("<p>it&#39;s\n  &#34;so&#34;</p>", "<p>it&#x27;s &quot;so&quot;</p>\n").is_ok());
        let error = same_page("<p>so</p>", "<p>no</p>").unwrap_err().to_string();
        assert!(error.contains("ours:   <p>so</p>"));
    }

    #[test]
    fn ratios_are_those_of_the_rounds() {
        let row = |per_second: &[f64]| Row { per_second: per_second.to_vec(), ..Row::new("", None, vec![]) };
        assert_eq!(row(&[100.0, 10.0, 90.0]).beside(&row(&[10.0, 1.0, 3.0])), 10.0);
    }
}
