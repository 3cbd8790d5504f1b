//! HTML that may be put into a page as it is.

use crate::error::SiteError;
use askama::Template;
use std::fmt;

/// HTML that came from a template, or from `jobfuture_content`, which lets no raw HTML through. Templates print
/// it as it stands; every other text is escaped. No template says `|safe`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// HTML that `jobfuture_content` made.
    pub fn from_content(html: impl Into<String>) -> Self {
        Self(html.into())
    }

    /// Appends.
    pub fn push(&mut self, more: &Self) {
        self.0.push_str(&more.0);
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::FastWritable for Html {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

impl askama::filters::HtmlSafe for Html {}

/// Renders a template.
pub fn render(template: &impl Template) -> Result<Html, SiteError> {
    template.render().map(Html).map_err(|error| SiteError::internal("a template", &error))
}
