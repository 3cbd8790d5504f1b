//! Letters on their way out: by SMTP where a server is configured, else onto the console and into the outbox.

use crate::cli::Serve;
use anyhow::{Context, Result};
use jobfuture_site::Accounts;
use jobfuture_site::account::OutboxEntry;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// Letters that are sent in one go: with the longest wait for each they take less than the time for which they are ours.
const BATCH: i64 = 20;
/// How often it is looked whether a letter is to be tried again.
const LOOK: Duration = Duration::from_secs(60);

/// Where letters go.
pub enum PostOffice {
    /// To a mail server.
    Server {
        /// The server.
        server: Box<AsyncSmtpTransport<Tokio1Executor>>,
        /// Who they are from.
        from: Box<Mailbox>,
    },
    /// To whoever reads the console.
    Console,
}

impl PostOffice {
    /// As the options say.
    ///
    /// # Errors
    /// An address of a server or of a sender that cannot be read.
    pub fn new(options: &Serve) -> Result<Self> {
        let Some(url) = &options.smtp else { return Ok(Self::Console) };
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .context("--smtp is no address of a mail server: write smtps://USER:PASSWORD@HOST or smtp://HOST:PORT")?
            .timeout(Some(Duration::from_secs(30)))
            .build();
        let from = options.mail_from.as_deref().unwrap_or_default().parse();
        let from = from.context("--mail-from is no sender: write \"JobFuture <jobs@example.org>\"")?;
        Ok(Self::Server { server: Box::new(server), from: Box::new(from) })
    }

    /// Delivers for as long as the process lives. `speaks` when somebody looks at the console.
    pub async fn deliver(self, accounts: Accounts, speaks: bool) {
        let mut told = None;
        loop {
            match &self {
                Self::Server { server, from } => send_due(server, from, &accounts).await,
                Self::Console => tell_new(&accounts, &mut told, speaks).await,
            }
            let _ = tokio::time::timeout(LOOK, accounts.mail_waits().notified()).await;
        }
    }
}

async fn send_due(server: &AsyncSmtpTransport<Tokio1Executor>, from: &Mailbox, accounts: &Accounts) {
    // The fault is in the log already.
    let Ok(letters) = accounts.take_letters(BATCH).await else { return };
    for letter in letters {
        let failure = match message(&letter, from) {
            Ok(message) => server.send(message).await.err().map(|error| error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        if failure.is_some() {
            // Neither the recipient nor the server's words, which may repeat the recipient.
            tracing::warn!(letter = %letter.id, attempts = letter.attempts + 1, "a letter could not be sent; the outbox says why");
        }
        if accounts.letter_was_sent(&letter, failure.as_deref()).await.is_err() {
            return;
        }
    }
}

fn message(letter: &OutboxEntry, from: &Mailbox) -> Result<Message> {
    let to = letter.recipient.parse().context("the recipient's address")?;
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&letter.subject)
        // The same for every try, so that a letter that arrived twice is seen as one.
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.clone())
        .context("the letter")
}

/// Prints what was written since the last look. What was written before this start stays in the outbox.
async fn tell_new(accounts: &Accounts, told: &mut Option<uuid::Uuid>, speaks: bool) {
    let Ok(letters) = accounts.outbox(BATCH).await else { return };
    // Ids are in the order of time.
    let newest = letters.iter().map(|letter| letter.id).max().unwrap_or_default();
    let before = told.replace(newest);
    let Some(before) = before else { return };
    for letter in letters.iter().rev().filter(|letter| letter.id > before) {
        if speaks {
            println!("\n  No mail server is configured. A letter for {}: {}\n", letter.recipient, letter.subject);
            println!("{}", crate::told::indented(&letter.body, 4));
        } else {
            tracing::info!(letter = %letter.id, "no mail server is configured: a letter waits on the operator's outbox page");
        }
    }
}
