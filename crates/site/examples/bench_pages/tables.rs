//! A guide in tables, and the five queries that a section's page is made of.

use super::Result;
use jiff::Timestamp;
use jobfuture_content::{Block, Guide, Level, Library, Link, Section, highlight_python};
use jobfuture_db::{Db, Error, Rows, Snapshot, Tx, params, record};

const SCHEMA: &[&str] = &[
    "create table guide (id bigint primary key, slug text not null unique, title text not null, summary text not null)",
    "create table section (id bigint primary key, guide_id bigint not null references guide, position bigint not null,
       slug text not null, title text not null, summary text not null)",
    "create table competency (id text primary key, name text not null)",
    "create table question (id bigint primary key, section_id bigint not null references section,
       position bigint not null, slug text not null, title text not null, level text not null,
       competency_id text not null references competency)",
    "create table proof (id bigint primary key, slug text not null, key text not null unique, code text not null,
       highlighted text not null, output text, statements bigint)",
    "create table block (id bigint primary key, section_id bigint not null references section,
       question_id bigint references question, part text not null, html text not null, proof_id bigint references proof)",
    "create table link (id bigint primary key, section_id bigint not null references section, url text not null,
       title text not null, why text not null)",
    "create index section_of_guide on section (guide_id, position)",
    "create index question_of_section on question (section_id, position)",
    "create index block_of_section on block (section_id, id)",
    "create index link_of_section on link (section_id, id)",
];

record! {
    /// A guide.
    pub struct GuideRow { pub id: i64, pub slug: String, pub title: String }
}

record! {
    /// A section.
    pub struct SectionRow<'r> { pub id: i64, pub slug: &'r str, pub title: &'r str, pub summary: &'r str }
}

record! {
    /// A question with what it asks for.
    pub struct QuestionRow<'r> {
        pub id: i64,
        pub slug: &'r str,
        pub title: &'r str,
        pub level: &'r str,
        pub competency: &'r str,
    }
}

record! {
    /// A piece of a section's introduction or of a question: HTML, or a proof with its record.
    pub struct BlockRow<'r> {
        pub question_id: Option<i64>,
        pub part: &'r str,
        pub html: &'r str,
        pub proof: Option<&'r str>,
        pub code: Option<&'r str>,
        pub highlighted: Option<&'r str>,
        pub output: Option<&'r str>,
        pub statements: Option<i64>,
        pub versions: Option<&'r str>,
        pub proved_at: Option<Timestamp>,
        pub passed: Option<bool>,
    }
}

record! {
    /// A way on.
    pub struct LinkRow<'r> { pub url: &'r str, pub title: &'r str, pub why: &'r str }
}

/// All that a page is made of, as it came from the database.
pub struct SectionRows {
    pub guide: GuideRow,
    /// All of the guide's, for the neighbours.
    pub sections: Rows,
    pub questions: Rows,
    pub blocks: Rows,
    pub links: Rows,
}

/// The queries of one request. `None` if there is no such section.
pub fn section(read: &mut Snapshot<'_>, guide: &str, section: &str) -> std::result::Result<Option<SectionRows>, Error> {
    let guide: Option<GuideRow> = read.optional("select id, slug, title from guide where slug = $1", params![guide])?;
    let Some(guide) = guide else { return Ok(None) };
    let sections = "select id, slug, title, summary from section where guide_id = $1 order by position";
    let sections = read.rows(sections, params![guide.id])?;
    let found = sections.records::<SectionRow<'_>>()?.into_iter().find(|other| other.slug == section);
    let Some(id) = found.map(|section| section.id) else { return Ok(None) };
    let questions = "select q.id, q.slug, q.title, q.level, c.name as competency
        from question q join competency c on c.id = q.competency_id where q.section_id = $1 order by q.position";
    let blocks = "select b.question_id, b.part, b.html, p.slug as proof, p.code, p.highlighted, p.output,
        p.statements, r.versions, r.proved_at, r.passed
        from block b left join proof p on p.id = b.proof_id left join proof_run r on r.key = p.key
        where b.section_id = $1 order by b.id";
    let links = "select url, title, why from link where section_id = $1 order by id";
    Ok(Some(SectionRows {
        guide,
        sections,
        questions: read.rows(questions, params![id])?,
        blocks: read.rows(blocks, params![id])?,
        links: read.rows(links, params![id])?,
    }))
}

/// Writes all guides into empty tables.
pub async fn fill(db: &Db, library: &Library, versions: &str, proved_at: Timestamp) -> Result<()> {
    for statement in SCHEMA {
        db.execute(statement, params![]).await?;
    }
    let inserts = Inserts::of(library, versions, proved_at)?;
    db.long_transaction(move |tx| inserts.run(tx)).await?;
    Ok(())
}

/// Rows on their way into tables, as statements with their values.
#[derive(Default)]
struct Inserts {
    rows: Vec<(&'static str, Vec<Cell>)>,
    last: i64,
}

enum Cell {
    Text(String),
    Int(i64),
    MaybeText(Option<String>),
    MaybeInt(Option<i64>),
    Time(Timestamp),
    Bool(bool),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl jobfuture_db::ToValue for Cell {
    fn to_value(&self) -> jobfuture_db::Value<'_> {
        match self {
            Self::Text(text) => text.to_value(),
            Self::Int(number) => number.to_value(),
            Self::MaybeText(text) => text.to_value(),
            Self::MaybeInt(number) => number.to_value(),
            Self::Time(time) => time.to_value(),
            Self::Bool(yes) => yes.to_value(),
        }
    }
}

impl Inserts {
    fn of(library: &Library, versions: &str, proved_at: Timestamp) -> Result<Self> {
        let mut all = Self::default();
        for competency in &library.competencies {
            all.add(
                "insert into competency values ($1, $2)",
                vec![(&*competency.id).into(), (&*competency.name).into()],
            );
        }
        for guide in library.guides.values() {
            let id = all.next();
            let cells = vec![Cell::Int(id), (&*guide.id).into(), (&*guide.title).into(), (&*guide.summary).into()];
            all.add("insert into guide values ($1, $2, $3, $4)", cells);
            for (position, section) in guide.sections.iter().enumerate() {
                all.section(library, guide, id, section, position as i64)?;
            }
        }
        for proof in library.proofs() {
            let project = library.projects.get(&proof.project).ok_or("a proof without its project")?;
            let key = Cell::Text(proof.key(project));
            let cells = vec![key, (&*proof.guide).into(), (&*proof.id).into(), versions.into(), Cell::Time(proved_at)];
            let more = [Cell::Bool(true), Cell::Int(0)];
            all.add(
                "insert into proof_run (key, guide, proof, versions, proved_at, passed, millis)
                 values ($1, $2, $3, $4, $5, $6, $7) on conflict (key) do nothing",
                cells.into_iter().chain(more).collect(),
            );
        }
        Ok(all)
    }

    fn section(&mut self, library: &Library, guide: &Guide, guide_id: i64, section: &Section, at: i64) -> Result<()> {
        let id = self.next();
        let texts = [&section.id, &section.title, &section.summary].map(|text| text.as_str().into());
        let cells = [Cell::Int(id), Cell::Int(guide_id), Cell::Int(at)].into_iter().chain(texts).collect();
        self.add("insert into section values ($1, $2, $3, $4, $5, $6)", cells);
        self.blocks(library, id, None, "intro", &section.intro)?;
        for (position, question) in section.questions.iter().enumerate() {
            let question_id = self.next();
            let level = match question.level {
                Level::Junior => "junior",
                Level::Middle => "middle",
                Level::Senior => "senior",
            };
            let cells = [Cell::Int(question_id), Cell::Int(id), Cell::Int(position as i64)];
            let texts = [&*question.id, &*question.title, level, &*question.competency].map(Cell::from);
            let cells = cells.into_iter().chain(texts).collect();
            self.add("insert into question values ($1, $2, $3, $4, $5, $6, $7)", cells);
            let parts = [("why", &question.why), ("strong", &question.strong), ("weak", &question.weak)];
            let rest = [("follow-up", &question.follow_up), ("sources", &question.sources)];
            for (part, blocks) in parts.into_iter().chain(rest) {
                self.blocks(library, id, Some(question_id), part, blocks)?;
            }
        }
        self.links(library, guide, id, section);
        Ok(())
    }

    fn blocks(
        &mut self,
        library: &Library,
        section: i64,
        question: Option<i64>,
        part: &str,
        blocks: &[Block],
    ) -> Result<()> {
        for block in blocks {
            let (html, proof) = match block {
                Block::Html(html) => (html.as_str(), None),
                Block::Proof(proof) => {
                    let project = library.projects.get(&proof.project).ok_or("a proof without its project")?;
                    let id = self.next();
                    let texts = [&*proof.id, &proof.key(project), &*proof.code, &highlight_python(&proof.code)];
                    let claims =
                        [Cell::MaybeText(proof.output.clone()), Cell::MaybeInt(proof.statements.map(i64::from))];
                    let cells = [Cell::Int(id)].into_iter().chain(texts.map(Cell::from)).chain(claims).collect();
                    self.add("insert into proof values ($1, $2, $3, $4, $5, $6, $7)", cells);
                    ("", Some(id))
                }
            };
            let cells = [Cell::Int(self.next()), Cell::Int(section), Cell::MaybeInt(question)];
            let more = [part.into(), html.into(), Cell::MaybeInt(proof)];
            self.add("insert into block values ($1, $2, $3, $4, $5, $6)", cells.into_iter().chain(more).collect());
        }
        Ok(())
    }

    fn links(&mut self, library: &Library, guide: &Guide, section_id: i64, section: &Section) {
        let named = section
            .next
            .iter()
            .filter_map(|step| Some((library.url(&step.to)?, title(library, &step.to)?, step.why.clone())));
        let mut links: Vec<_> = named.collect();
        let contents = format!("/guides/{}", guide.id);
        if links.iter().all(|(url, _, _)| *url != contents) {
            links.push((contents, guide.title.clone(), "All sections and questions.".to_owned()));
        }
        for (url, title, why) in links {
            let cells = [Cell::Int(self.next()), Cell::Int(section_id)];
            let cells = cells.into_iter().chain([url, title, why].map(Cell::Text)).collect();
            self.add("insert into link values ($1, $2, $3, $4, $5)", cells);
        }
    }

    fn add(&mut self, sql: &'static str, cells: Vec<Cell>) {
        self.rows.push((sql, cells));
    }

    /// Ids rise in the order of insertion, which is the order of the page.
    fn next(&mut self) -> i64 {
        self.last += 1;
        self.last
    }

    fn run(&self, tx: &mut Tx<'_>) -> std::result::Result<(), Error> {
        for (sql, cells) in &self.rows {
            let values: Vec<_> = cells.iter().map(jobfuture_db::ToValue::to_value).collect();
            tx.execute(sql, &values)?;
        }
        Ok(())
    }
}

/// What a place is called, as the site calls it.
fn title(library: &Library, link: &Link) -> Option<String> {
    let guide = |id: &String| library.guides.get(id);
    Some(match link {
        Link::Page(name) => name[..1].to_uppercase() + &name[1..],
        Link::Guide(id) => guide(id)?.title.clone(),
        Link::Section(id, section) => guide(id)?.sections.iter().find(|other| other.id == *section)?.title.clone(),
        Link::Question(id, question) => {
            let mut questions = guide(id)?.sections.iter().flat_map(|section| &section.questions);
            questions.find(|other| other.id == *question)?.title.clone()
        }
        Link::Quick(question) => library.questions.get(question)?.title(),
        Link::Task(task) => library.tasks.get(task)?.manifest.title.clone(),
        Link::Role(role) => library.roles.get(role)?.title.clone(),
        Link::Check(check) => library.checks.get(check)?.manifest.title.clone(),
        Link::Hiring(role) => library.roles.get(role)?.title.clone(),
        Link::Answers(asker) => library.answers.get(asker)?.title.clone(),
        Link::Answer(asker, question) => {
            library.answers.get(asker)?.questions().find(|asked| asked.id == *question)?.title.clone()
        }
    })
}
