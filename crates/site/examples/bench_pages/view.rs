//! The site's own templates, filled from rows.

use super::Result;
use super::tables::{BlockRow, LinkRow, QuestionRow, SectionRow, SectionRows};
use super::text::Text;
use askama::{Template, Values};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt::{self, Write};

/// Bytes that a page is expected to have at most: it is written without moving it.
const MOST: usize = 64 * 1024;
const LEVELS: [(&str, &str); 3] = [("junior", "Junior"), ("middle", "Middle"), ("senior", "Senior")];
const PARTS: [(&str, &str); 5] = [
    ("Why it is asked", "why"),
    ("A strong answer", "strong"),
    ("A weak answer", "weak"),
    ("Follow-up", "follow-up"),
    ("Sources", "sources"),
];

/// What a part of the page writes by itself, into the page's one buffer.
trait Part {
    fn write(&self, page: &mut dyn Write, values: &dyn Values) -> askama::Result<()>;
}

/// A part among the HTML of a template: it is printed as it stands.
struct Html<T>(T);

impl<T: Part> askama::FastWritable for Html<T> {
    fn write_into(&self, page: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        self.0.write(page, values)
    }
}

impl<T: Part> fmt::Display for Html<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f, askama::NO_VALUES).map_err(|_| fmt::Error)
    }
}

impl<T: Part> askama::filters::HtmlSafe for Html<T> {}

/// HTML that was made when the guide was put into its tables.
impl Part for &str {
    fn write(&self, page: &mut dyn Write, _: &dyn Values) -> askama::Result<()> {
        Ok(page.write_str(self)?)
    }
}

/// The page, whole.
pub fn page(rows: &SectionRows, slug: &str, assets: &str) -> Result<String> {
    let sections: Vec<SectionRow<'_>> = rows.sections.records()?;
    let at = sections.iter().position(|section| section.slug == slug).ok_or("the section is not in its guide")?;
    let (questions, all): (Vec<QuestionRow<'_>>, Vec<BlockRow<'_>>) =
        (rows.questions.records()?, rows.blocks.records()?);
    let links: Vec<LinkRow<'_>> = rows.links.records()?;
    let guide = &rows.guide;
    let section = &sections[at];
    let blocks = Blocks { guide: &guide.slug, all: &all, question: None, part: "intro" };
    let main = SectionPage {
        guide: Named { id: &guide.slug, title: &guide.title },
        section: SectionView::of(section),
        intro: Html(blocks),
        questions: questions.iter().map(|question| view(blocks, question)).collect::<Result<_>>()?,
        quick: [],
        previous: at.checked_sub(1).map(|at| SectionView::of(&sections[at])),
        next: sections.get(at + 1).map(SectionView::of),
    };
    let page = Page {
        title: format!("{} · {}", section.title, guide.title),
        description: section.summary,
        main: Html(main),
        next: &links,
        canonical: Some(format!("/guides/{}/{}", guide.slug, section.slug)),
        editor: false,
    };
    let mut html = String::with_capacity(MOST);
    Shell { page, site: Assets(assets) }.render_into(&mut html)?;
    Ok(html)
}

/// A guide under the names that the template asks for.
struct Named<'a> {
    id: &'a str,
    title: &'a str,
}

struct SectionView<'a> {
    id: &'a str,
    title: &'a str,
    summary: &'a str,
}

impl<'a> SectionView<'a> {
    fn of(row: &SectionRow<'a>) -> Self {
        Self { id: row.slug, title: row.title, summary: row.summary }
    }
}

#[derive(Template)]
#[template(path = "guide/section.html")]
struct SectionPage<'a> {
    guide: Named<'a>,
    section: SectionView<'a>,
    intro: Html<Blocks<'a>>,
    questions: Vec<QuestionView<'a>>,
    /// None: see `main`.
    quick: [QuickLink<'a>; 0],
    previous: Option<SectionView<'a>>,
    next: Option<SectionView<'a>>,
}

/// A link to quick questions, as the site's template prints it.
struct QuickLink<'a> {
    name: &'a str,
    url: &'a str,
    count: usize,
}

impl Part for SectionPage<'_> {
    fn write(&self, page: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        self.render_into_with_values(page, values)
    }
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
    parts: [(&'static str, &'static str, Html<Blocks<'a>>); 5],
}

impl QuestionView<'_> {
    fn level_name(&self) -> &'static str {
        self.level_name
    }

    fn level_id(&self) -> &'static str {
        self.level_id
    }
}

fn view<'a>(blocks: Blocks<'a>, question: &QuestionRow<'a>) -> Result<QuestionView<'a>> {
    let (level_id, level_name) = LEVELS.into_iter().find(|(id, _)| *id == question.level).ok_or("an unknown level")?;
    let part = |(heading, part)| (heading, part, Html(Blocks { question: Some(question.id), part, ..blocks }));
    Ok(QuestionView {
        question: Named { id: question.slug, title: question.title },
        competency: Some(question.competency),
        level_id,
        level_name,
        parts: PARTS.map(part),
    })
}

/// The blocks of the introduction, or of a part of a question.
#[derive(Clone, Copy)]
struct Blocks<'a> {
    guide: &'a str,
    /// Of the whole section.
    all: &'a [BlockRow<'a>],
    question: Option<i64>,
    part: &'static str,
}

impl Part for Blocks<'_> {
    fn write(&self, page: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        for block in self.all.iter().filter(|block| block.question_id == self.question && block.part == self.part) {
            let Some(code) = block.code else {
                page.write_str(block.html)?;
                continue;
            };
            let escaped = Text(code).to_string();
            if let Some(card) = ProofCard::of(self.guide, block, code, &escaped) {
                card.render_into_with_values(page, values)?;
            }
        }
        Ok(())
    }
}

struct ProofView<'a> {
    id: &'a str,
    output: Option<Text<'a>>,
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
    lines: usize,
    /// Escaped once, and printed twice.
    code: &'a str,
    highlighted: Html<&'a str>,
    record: Option<Record<'a>>,
    off: Option<&'a str>,
    result: Option<Html<&'a str>>,
}

impl<'a> ProofCard<'a> {
    fn of(guide: &'a str, block: &BlockRow<'a>, code: &'a str, escaped: &'a str) -> Option<Self> {
        let id = block.proof?;
        let day = |time: Timestamp| time.to_zoned(TimeZone::UTC).date();
        let record = block.versions.zip(block.proved_at).zip(block.passed);
        Some(Self {
            guide,
            proof: ProofView { id, output: block.output.map(Text), statements: block.statements },
            lines: code.lines().count(),
            code: escaped,
            highlighted: Html(block.highlighted?),
            record: record.map(|((versions, at), passed)| Record { versions, proved_on: day(at), passed }),
            off: None,
            result: None,
        })
    }

    fn is_awaited(&self) -> bool {
        true
    }

    fn run_url(&self) -> String {
        format!("/guides/{}/proofs/{}/run", self.guide, self.proof.id)
    }

    fn url(&self) -> String {
        format!("/guides/{}/proofs/{}", self.guide, self.proof.id)
    }

    fn given(&self) -> Html<&'a str> {
        Html(self.code)
    }

    fn code(&self) -> Html<&'a str> {
        Html(self.code)
    }

    fn is_alone(&self) -> bool {
        false
    }

    fn rows(&self) -> usize {
        self.lines.clamp(3, 40) + 1
    }
}

struct Page<'a> {
    title: String,
    description: &'a str,
    main: Html<SectionPage<'a>>,
    next: &'a [LinkRow<'a>],
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

    fn nav(&self) -> [(&'static str, &'static str, bool); 6] {
        [
            ("/guides", "Guides", true),
            ("/questions", "Questions", false),
            ("/tasks", "Tasks", false),
            ("/roles", "Roles", false),
            ("/about/practice", "How practice works", false),
            ("/account", "Your account", false),
        ]
    }

    fn next_steps(&self) -> &[LinkRow<'_>] {
        self.page.next
    }

    fn footer(&self) -> [(&'static str, &'static str); 3] {
        [
            ("/about/practice", "What practice stores and limits"),
            ("/about/accessibility", "Accessibility"),
            ("/about/licences", "Licences"),
        ]
    }
}
