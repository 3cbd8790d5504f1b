//! The statements of a run, folded so that repeats stand out.

use crate::page::Html;
use askama::Template;
use jobfuture_content::highlight_sql;
use jobfuture_grader::verdict::Statement;

/// Statements by request, each shape once.
#[derive(Debug, Template)]
#[template(path = "practice/statements.html")]
pub struct StatementList {
    requests: Vec<Request>,
}

/// The statements of one request.
#[derive(Debug)]
struct Request {
    during: String,
    /// Statements that count.
    counted: usize,
    /// In order of first appearance.
    shapes: Vec<Shape>,
}

/// Statements that differ in nothing but their values.
#[derive(Debug)]
struct Shape {
    sql: Html,
    times: usize,
    rows: u64,
    micros: u64,
    counted: bool,
}

/// Beyond this many shapes the rest is shown without colours: they cost time, and nobody reads them.
const COLOURED: usize = 60;

impl StatementList {
    /// Folds statements that are in order.
    pub fn new(statements: &[Statement]) -> Self {
        let mut requests: Vec<Request> = Vec::new();
        for run in statements.chunk_by(|a, b| a.during == b.during) {
            requests.push(Request::new(run));
        }
        Self { requests }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// How many count.
    pub fn counted(&self) -> usize {
        self.requests.iter().map(|request| request.counted).sum()
    }

    /// How often the shape that came most often in one request came, if more than twice.
    pub fn most_repeated(&self) -> Option<usize> {
        let shapes = self.requests.iter().flat_map(|request| &request.shapes);
        shapes.filter(|shape| shape.counted).map(|shape| shape.times).max().filter(|times| *times > 2)
    }
}

impl Request {
    fn new(statements: &[Statement]) -> Self {
        let mut order: Vec<(&Statement, Shape)> = Vec::new();
        for statement in statements {
            match order.iter_mut().find(|(first, _)| first.sql == statement.sql) {
                Some((_, shape)) => shape.add(statement),
                None => {
                    let shape = Shape::new(statement, order.len() < COLOURED);
                    order.push((statement, shape));
                }
            }
        }
        Self {
            during: statements.first().map(|first| first.during.clone()).unwrap_or_default(),
            counted: statements.iter().filter(|statement| statement.counted).count(),
            shapes: order.into_iter().map(|(_, shape)| shape).collect(),
        }
    }
}

impl Shape {
    fn new(statement: &Statement, coloured: bool) -> Self {
        let sql = if coloured { highlight_sql(&statement.sql) } else { escape(&statement.sql) };
        Self {
            sql: Html::from_content(sql),
            times: 1,
            rows: statement.rows,
            micros: statement.micros,
            counted: statement.counted,
        }
    }

    fn add(&mut self, statement: &Statement) {
        self.times += 1;
        self.rows += statement.rows;
        self.micros += statement.micros;
    }

    /// `0.4 ms`
    fn time(&self) -> String {
        format!("{}.{} ms", self.micros / 1000, self.micros % 1000 / 100)
    }
}

fn escape(text: &str) -> String {
    jobfuture_content::highlight_as("text", text)
}

/// Its template is HTML.
impl askama::filters::HtmlSafe for StatementList {}
