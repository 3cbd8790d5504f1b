//! What a check keeps of its owner is sealed with the key of their account: answers, verdicts, files, what was right, what is
//! believed. The columns of rows keep their names; a text for one of them opens in no other, and in no other row.

use super::attempt::{AttemptRow, Broken, ExplainRow, ItemRow};
use jobfuture_disclosure::{Error, Sealer};
use uuid::Uuid;

impl From<Error> for Broken {
    fn from(_: Error) -> Self {
        Self::Row("something that its owner's key does not open".to_owned())
    }
}

/// What a sealed text is, beside the row that it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Prior,
    Answer,
    Verdict,
    Category,
    Files,
    LastRun,
    RegradeVerdict,
    RegradeCategory,
    /// A question about the person's own code, by its place.
    Question(i64),
    /// The answer to it.
    Explained(i64),
    /// Whether that was right.
    IsRight(i64),
}

impl What {
    pub fn place(self, row: Uuid) -> String {
        let (name, at) = match self {
            Self::Prior => ("prior", 0),
            Self::Answer => ("answer", 0),
            Self::Verdict => ("verdict", 0),
            Self::Category => ("category", 0),
            Self::Files => ("files", 0),
            Self::LastRun => ("last run", 0),
            Self::RegradeVerdict => ("regrade's verdict", 0),
            Self::RegradeCategory => ("regrade's category", 0),
            Self::Question(at) => ("question", at),
            Self::Explained(at) => ("explained", at),
            Self::IsRight(at) => ("is right", at),
        };
        format!("check {name} {at} {row}")
    }
}

/// Seals a text for a row.
pub(super) fn seal(sealer: &Sealer, what: What, row: Uuid, text: &str) -> Result<String, Broken> {
    Ok(sealer.seal(&what.place(row), text)?)
}

/// Opens one, if there is one.
pub(super) fn open(sealer: &Sealer, what: What, row: Uuid, text: Option<String>) -> Result<Option<String>, Broken> {
    Ok(text.map(|text| sealer.open(&what.place(row), text)).transpose()?)
}

fn number(text: Option<String>) -> Result<Option<i64>, Broken> {
    let parsed = text.map(|text| text.parse().map_err(|_| Broken::Row("no number".to_owned())));
    parsed.transpose()
}

pub(super) fn open_attempt(sealer: &Sealer, mut row: AttemptRow) -> Result<AttemptRow, Broken> {
    row.prior = sealer.open_bytes(&What::Prior.place(row.id), &row.prior)?;
    Ok(row)
}

pub(super) fn open_item(sealer: &Sealer, mut row: ItemRow) -> Result<ItemRow, Broken> {
    let id = row.id;
    row.answer = open(sealer, What::Answer, id, row.answer)?;
    row.verdict = open(sealer, What::Verdict, id, row.verdict)?;
    row.regraded_verdict = open(sealer, What::RegradeVerdict, id, row.regraded_verdict)?;
    if let Some(category) = number(open(sealer, What::Category, id, row.sealed_category.take())?)? {
        row.category = Some(category);
    }
    if let Some(category) = number(open(sealer, What::RegradeCategory, id, row.sealed_regraded.take())?)? {
        row.regraded = Some(category);
    }
    Ok(row)
}

pub(super) fn open_explain(sealer: &Sealer, mut row: ExplainRow) -> Result<ExplainRow, Broken> {
    let (id, at) = (row.attempt_item, row.place);
    row.question = sealer.open(&What::Question(at).place(id), row.question)?;
    row.answer = open(sealer, What::Explained(at), id, row.answer)?;
    if let Some(text) = open(sealer, What::IsRight(at), id, row.sealed_is_right.take())? {
        row.is_right = Some(text == "yes");
    }
    Ok(row)
}
