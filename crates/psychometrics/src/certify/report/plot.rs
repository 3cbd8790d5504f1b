//! Plots as SVG that a screen reader can tell about: a title, a description, and the numbers in a table.

use std::fmt::Write;

/// Size of the drawing, in its own units.
const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 340.0;
/// Room for the axes.
const LEFT: f64 = 72.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 66.0;

/// A drawing under way.
pub(super) struct Plot {
    x: (f64, f64),
    y: (f64, f64),
    body: String,
}

/// Writing to a string does not fail.
macro_rules! draw {
    ($to:expr, $($what:tt)*) => { let _ = write!($to, $($what)*); };
}

impl Plot {
    /// With these ranges.
    pub fn new(x: (f64, f64), y: (f64, f64)) -> Self {
        Self { x, y, body: String::new() }
    }

    fn at_x(&self, x: f64) -> f64 {
        LEFT + (x - self.x.0) / (self.x.1 - self.x.0) * (WIDTH - LEFT - RIGHT)
    }

    fn at_y(&self, y: f64) -> f64 {
        let part = ((y - self.y.0) / (self.y.1 - self.y.0)).clamp(0.0, 1.0);
        HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)
    }

    /// Lines and numbers of both axes, and what they are.
    pub fn axes(&mut self, x_ticks: &[(f64, String)], y_ticks: &[(f64, String)], x_name: &str, y_name: &str) {
        for (y, label) in y_ticks {
            let at = self.at_y(*y);
            draw!(self.body, r#"<line class="grid" x1="{LEFT}" x2="{}" y1="{at:.1}" y2="{at:.1}"/>"#, WIDTH - RIGHT);
            draw!(self.body, r#"<text x="{}" y="{:.1}" text-anchor="end">{label}</text>"#, LEFT - 8.0, at + 5.0);
        }
        let floor = HEIGHT - BOTTOM;
        draw!(self.body, r#"<line class="axis" x1="{LEFT}" x2="{}" y1="{floor}" y2="{floor}"/>"#, WIDTH - RIGHT);
        for (x, label) in x_ticks {
            let at = self.at_x(*x);
            draw!(self.body, r#"<text x="{at:.1}" y="{}" text-anchor="middle">{label}</text>"#, floor + 24.0);
        }
        let middle = (LEFT + WIDTH - RIGHT) / 2.0;
        draw!(self.body, r#"<text x="{middle}" y="{}" text-anchor="middle">{x_name}</text>"#, HEIGHT - 8.0);
        // Above the plot and not turned: so it is read on a narrow screen too, where letters are drawn larger.
        draw!(self.body, r#"<text x="0" y="20">{y_name}</text>"#);
    }

    /// The range that is asked for, as a shaded zone.
    pub fn zone(&mut self, from: f64, to: f64) {
        let (top, bottom) = (self.at_y(to), self.at_y(from));
        let (width, height) = (WIDTH - LEFT - RIGHT, bottom - top);
        draw!(self.body, r#"<rect class="zone" x="{LEFT}" y="{top:.1}" width="{width}" height="{height:.1}"/>"#);
    }

    /// A greatest value.
    pub fn limit(&mut self, y: f64) {
        let at = self.at_y(y);
        draw!(self.body, r#"<line class="limit" x1="{LEFT}" x2="{}" y1="{at:.1}" y2="{at:.1}"/>"#, WIDTH - RIGHT);
    }

    /// A line through points; `class` is `first` or `second`.
    pub fn line(&mut self, class: &str, points: impl Iterator<Item = (f64, f64)>) {
        let path: Vec<String> = points.map(|(x, y)| format!("{:.1},{:.1}", self.at_x(x), self.at_y(y))).collect();
        draw!(self.body, r#"<polyline class="{class}" points="{}"/>"#, path.join(" "));
    }

    /// A point, with a whisker of ± `error` when that can be seen.
    pub fn point(&mut self, class: &str, x: f64, y: f64, error: f64) {
        let at = self.at_x(x);
        let (low, high) = (self.at_y(y - error), self.at_y(y + error));
        if low - high > 1.0 {
            draw!(self.body, r#"<line class="whisker" x1="{at:.1}" x2="{at:.1}" y1="{low:.1}" y2="{high:.1}"/>"#);
        }
        draw!(self.body, r#"<circle class="{class}" cx="{at:.1}" cy="{:.1}" r="4.5"/>"#, self.at_y(y));
    }

    /// A bar from the floor.
    pub fn bar(&mut self, from: f64, to: f64, y: f64) {
        let (left, right, top) = (self.at_x(from), self.at_x(to), self.at_y(y));
        // Half a unit of air on both sides, as far as bars are wide enough for it.
        let gap = ((right - left) * 0.1).min(1.0);
        let (width, height) = ((right - left - 2.0 * gap).max(0.2), HEIGHT - BOTTOM - top);
        draw!(
            self.body,
            r#"<rect class="bar" x="{:.2}" y="{top:.1}" width="{width:.2}" height="{height:.1}"/>"#,
            left + gap
        );
    }

    /// The whole drawing. `id` is unique on the page.
    pub fn finish(self, id: &str, title: &str, description: &str) -> String {
        format!(
            r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}</title><desc id="{id}-d">{description}</desc>{}</svg>"#,
            self.body
        )
    }
}

/// A table of numbers to be opened below a drawing. The first cell of each row names it.
pub(super) fn table(caption: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut html = format!(
        "<details><summary>{caption}: the numbers</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table><thead><tr>"
    );
    heads.iter().for_each(|head| html.push_str(&format!("<th scope=\"col\">{head}</th>")));
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        html.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            html.push_str(&if place == 0 {
                format!("<th scope=\"row\">{cell}</th>")
            } else {
                format!("<td>{cell}</td>")
            });
        }
        html.push_str("</tr>");
    }
    html + "</tbody></table></div></details>"
}

/// Whole steps of an axis.
pub(super) fn ticks(from: f64, to: f64, step: f64, name: impl Fn(f64) -> String) -> Vec<(f64, String)> {
    let count = ((to - from) / step).round() as usize;
    (0..=count).map(|k| from + k as f64 * step).map(|at| (at, name(at))).collect()
}

/// A round step that divides a range of this size into about five.
pub(super) fn round_step(range: f64) -> f64 {
    let mut step = 1e-4;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(24) {
        if step * 5.0 >= range {
            break;
        }
        step *= factor;
    }
    step
}
