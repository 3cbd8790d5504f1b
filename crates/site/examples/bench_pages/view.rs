//! The site's own templates, filled from rows.

use super::Result;
use super::tables::{BlockRow, GuideRow, LinkRow, QuestionRow, SectionRow, SectionRows};
use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt;

const LEVELS: [(&str, &str); 3] = [("junior", "Junior"), ("middle", "Middle"), ("senior", "Senior")];
const PARTS: [(&str, &str); 5] = [
    ("Why it is asked", "why"),
    ("A strong answer", "strong"),
    ("A weak answer", "weak"),
    ("Follow-up", "follow-up"),
    ("Sources", "sources"),
];

/// HTML that is printed as it stands.
#[derive(Default)]
struct Html(String);

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

/// The page, whole.
pub fn page(rows: &SectionRows, assets: &str) -> Result<String> {
    let section = &rows.sections[rows.at];
    let questions = rows.questions.iter().map(|question| view(rows, question)).collect::<Result<_>>()?;
    let intro = blocks(rows, |block| block.question_id.is_none())?;
    let previous = rows.at.checked_sub(1).map(|at| &rows.sections[at]);
    let next = rows.sections.get(rows.at + 1);
    let main = Html(
        SectionPage {
            guide: Named::of(&rows.guide),
            section: SectionView::of(section),
            intro,
            questions,
            previous: previous.map(SectionView::of),
            next: next.map(SectionView::of),
        }
        .render()?,
    );
    let page = Page {
        title: format!("{} · {}", section.title, rows.guide.title),
        description: &section.summary,
        main,
        next: &rows.links,
        canonical: Some(format!("/guides/{}/{}", rows.guide.slug, section.slug)),
        editor: false,
    };
    Ok(Shell { page, site: Assets(assets) }.render()?)
}

/// A guide under the names that the template asks for.
struct Named<'a> {
    id: &'a str,
    title: &'a str,
}

impl<'a> Named<'a> {
    fn of(guide: &'a GuideRow) -> Self {
        Self { id: &guide.slug, title: &guide.title }
    }
}

struct SectionView<'a> {
    id: &'a str,
    title: &'a str,
    summary: &'a str,
}

impl<'a> SectionView<'a> {
    fn of(row: &'a SectionRow) -> Self {
        Self { id: &row.slug, title: &row.title, summary: &row.summary }
    }
}

#[derive(Template)]
#[template(path = "guide/section.html")]
struct SectionPage<'a> {
    guide: Named<'a>,
    section: SectionView<'a>,
    intro: Html,
    questions: Vec<QuestionView<'a>>,
    previous: Option<SectionView<'a>>,
    next: Option<SectionView<'a>>,
}

impl SectionPage<'_> {
    fn guide_url(&self) -> String {
        format!("/guides/{}", self.guide.id)
    }

    fn section_url(&self, section: &SectionView<'_>) -> String {
        format!("/guides/{}/{}", self.guide.id, section.id)
    }

    fn levels(&self) -> Vec<(&'static str, &'static str)> {
        let here = |level: &(&str, &str)| self.questions.iter().any(|view| view.level_id == level.0);
        let levels: Vec<_> = LEVELS.into_iter().filter(here).collect();
        if levels.len() > 1 { levels } else { Vec::new() }
    }

    fn level_name(&self, level: &(&'static str, &'static str)) -> &'static str {
        level.1
    }

    fn level_id(&self, level: &(&'static str, &'static str)) -> &'static str {
        level.0
    }
}

struct QuestionView<'a> {
    question: Named<'a>,
    competency: Option<&'a str>,
    level_id: &'static str,
    level_name: &'static str,
    parts: Vec<(&'static str, &'static str, Html)>,
}

impl QuestionView<'_> {
    fn level_name(&self) -> &'static str {
        self.level_name
    }

    fn level_id(&self) -> &'static str {
        self.level_id
    }
}

fn view<'a>(rows: &'a SectionRows, question: &'a QuestionRow) -> Result<QuestionView<'a>> {
    let (level_id, level_name) = LEVELS.into_iter().find(|(id, _)| *id == question.level).ok_or("an unknown level")?;
    let part = |(heading, class): (&'static str, &'static str)| {
        let html = blocks(rows, |block| block.question_id == Some(question.id) && block.part == class)?;
        Ok((heading, class, html))
    };
    Ok(QuestionView {
        question: Named { id: &question.slug, title: &question.title },
        competency: Some(&question.competency),
        level_id,
        level_name,
        parts: PARTS.into_iter().map(part).collect::<Result<_>>()?,
    })
}

fn blocks(rows: &SectionRows, wanted: impl Fn(&BlockRow) -> bool) -> Result<Html> {
    let mut html = String::new();
    for block in rows.blocks.iter().filter(|block| wanted(block)) {
        match ProofCard::of(&rows.guide.slug, block) {
            Some(card) => card.render_into(&mut html)?,
            None => html.push_str(&block.html),
        }
    }
    Ok(Html(html))
}

struct ProofView<'a> {
    id: &'a str,
    code: &'a str,
    output: Option<&'a str>,
    statements: Option<i64>,
}

struct Record<'a> {
    versions: &'a str,
    proved_on: jiff::civil::Date,
    passed: bool,
}

impl Record<'_> {
    fn day(&self) -> String {
        self.proved_on.strftime("%-d %B %Y").to_string()
    }
}

#[derive(Template)]
#[template(path = "guide/proof.html")]
struct ProofCard<'a> {
    guide: &'a str,
    proof: ProofView<'a>,
    code: &'a str,
    highlighted: Html,
    record: Option<Record<'a>>,
    off: Option<&'a str>,
    result: Option<Html>,
}

impl<'a> ProofCard<'a> {
    fn of(guide: &'a str, block: &'a BlockRow) -> Option<Self> {
        let (id, code) = (block.proof.as_deref()?, block.code.as_deref()?);
        let day = |time: Timestamp| time.to_zoned(TimeZone::UTC).date();
        let record = block.versions.as_deref().zip(block.proved_at).zip(block.passed);
        Some(Self {
            guide,
            proof: ProofView { id, code, output: block.output.as_deref(), statements: block.statements },
            code,
            highlighted: Html(block.highlighted.clone()?),
            record: record.map(|((versions, at), passed)| Record { versions, proved_on: day(at), passed }),
            off: None,
            result: None,
        })
    }

    fn run_url(&self) -> String {
        format!("/guides/{}/proofs/{}/run", self.guide, self.proof.id)
    }

    fn url(&self) -> String {
        format!("/guides/{}/proofs/{}", self.guide, self.proof.id)
    }

    fn is_alone(&self) -> bool {
        false
    }

    fn rows(&self) -> usize {
        self.code.lines().count().clamp(3, 40) + 1
    }
}

struct Page<'a> {
    title: String,
    description: &'a str,
    main: Html,
    next: &'a [LinkRow],
    canonical: Option<String>,
    editor: bool,
}

/// Folder of the assets.
struct Assets<'a>(&'a str);

impl Assets<'_> {
    fn asset(&self, name: &str) -> String {
        format!("{}/{name}", self.0)
    }

    fn script(&self, name: &str) -> Option<String> {
        Some(self.asset(name))
    }
}

#[derive(Template)]
#[template(path = "page/shell.html")]
struct Shell<'a> {
    page: Page<'a>,
    site: Assets<'a>,
}

impl Shell<'_> {
    fn canonical(&self) -> Option<String> {
        None
    }

    fn nav(&self) -> [(&'static str, &'static str, bool); 3] {
        [("/guides", "Guides", true), ("/tasks", "Tasks", false), ("/about/practice", "How practice works", false)]
    }

    fn footer(&self) -> [(&'static str, &'static str); 3] {
        [
            ("/about/practice", "What practice stores and limits"),
            ("/about/accessibility", "Accessibility"),
            ("/about/licences", "Licences"),
        ]
    }
}
