//! A board is asked, page by page, through the guarded client.

use jobfuture_boards::{Board, Details, Expects, Fault, Read, Walk};
use jobfuture_outbound::{Answer, Ask, Error, Outbound, RetryAfter, Version};
use std::time::Duration;

/// Most bytes of one answer, as they arrive.
const MOST_ARRIVING: usize = 8 << 20;
/// How long one answer may take.
const ONE_ANSWER: Duration = Duration::from_secs(30);
/// Between two requests to one board.
const BREATH: Duration = Duration::from_millis(250);

/// What came of it.
#[derive(Debug)]
pub(super) enum Looked {
    /// The board's server says that nothing has changed since the version that was named.
    Unchanged,
    /// All that it holds.
    Read {
        /// The postings.
        read: Box<Read>,
        /// By which it can be told next time that nothing has changed; empty where several answers were needed.
        version: Version,
    },
}

/// Why a board was not read: a sentence for its company.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotRead {
    #[error("This site does not ask other servers. Upload a file instead.")]
    NoClient,
    #[error("{0}.")]
    Outbound(Error),
    #[error("What the board answered was not taken: {0}")]
    Fault(Fault),
    #[error("The board was not read to its end within {0} seconds.")]
    Long(u64),
}

impl NotRead {
    /// Whether it may be otherwise next time without anybody's doing.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Outbound(error) => error.is_passing(),
            Self::Long(_) => true,
            Self::NoClient | Self::Fault(_) => false,
        }
    }

    pub(super) fn retry_after(&self) -> Option<RetryAfter> {
        match self {
            Self::Outbound(error) => error.retry_after(),
            _ => None,
        }
    }
}

/// Reads a board to its end.
pub(super) async fn look(
    outbound: Option<&Outbound>,
    board: Board,
    known: &Version,
    within: Duration,
) -> Result<Looked, NotRead> {
    let outbound = outbound.ok_or(NotRead::NoClient)?;
    let walked = tokio::time::timeout(within, walk(outbound, board, known)).await;
    walked.unwrap_or(Err(NotRead::Long(within.as_secs())))
}

async fn walk(outbound: &Outbound, board: Board, known: &Version) -> Result<Looked, NotRead> {
    let is_known = known.etag.is_some() || known.last_modified.is_some();
    let (mut walk, mut version, mut asked) = (Walk::new(board, Details::Leave), Version::default(), 0);
    while let Some(request) = walk.next().cloned() {
        if asked > 0 {
            tokio::time::sleep(BREATH).await;
        }
        let ask = Ask {
            known: Some(known).filter(|_| is_known && asked == 0),
            most: MOST_ARRIVING,
            most_unpacked: jobfuture_boards::LARGEST,
            whole: ONE_ANSWER,
            ..Ask::new(&request.url, kinds(request.expects))
        };
        match outbound.get(&ask).await.map_err(NotRead::Outbound)? {
            Answer::Unchanged => return Ok(Looked::Unchanged),
            Answer::Arrived(arrived) => {
                walk = taken(walk, arrived.body).await?;
                version = arrived.version;
            }
        }
        asked += 1;
    }
    // That the first page is as it was says nothing of the others.
    let version = if asked == 1 { version } else { Version::default() };
    Ok(Looked::Read { read: Box::new(walk.finish()), version })
}

/// An answer of megabytes is read beside what is served.
async fn taken(mut walk: Walk, body: Vec<u8>) -> Result<Walk, NotRead> {
    let taken = tokio::task::spawn_blocking(move || walk.answer(&body).map(|()| walk)).await;
    match taken {
        Ok(walk) => walk.map_err(NotRead::Fault),
        // Only when the process ends: it is looked at again.
        Err(_) => Err(NotRead::Long(0)),
    }
}

fn kinds(expects: Expects) -> &'static [&'static str] {
    match expects {
        Expects::Json => &["application/json"],
        Expects::Xml => &["application/xml", "text/xml"],
        Expects::Html => &["text/html", "application/xhtml+xml", "application/ld+json", "application/json"],
    }
}
