//! Looking for a company's challenge under its domain: in DNS, or in a file.

use super::Method;
use crate::company::CompanyDomain;
use jobfuture_outbound::{Answer, Ask, Outbound};
use std::time::Duration;

/// The name below a domain at which its TXT record is looked for. One of its own, so that nothing else has to be there.
pub(crate) const CHALLENGE_LABEL: &str = "_jobfuture-challenge";
/// Where its file is looked for (RFC 8615).
pub(crate) const CHALLENGE_FILE: &str = "/.well-known/jobfuture-challenge.txt";
/// More than any such file has.
const LONGEST_FILE: usize = 4096;
/// How long the file's server may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The challenge, as it should be.
    Found,
    /// Not that; a sentence that says what instead, with the mend.
    NotFound(String),
}

/// What is to stand there.
pub(crate) fn challenge_text(challenge: &str) -> String {
    format!("jobfuture-challenge={challenge}")
}

/// Looks once.
pub(super) async fn look(outbound: &Outbound, domain: &CompanyDomain, method: Method, challenge: &str) -> Finding {
    let wanted = challenge_text(challenge);
    match method {
        Method::Dns => in_dns(outbound, domain, &wanted).await,
        Method::File => in_file(outbound, domain, &wanted).await,
        Method::Mail | Method::Lei | Method::Review => {
            Finding::NotFound("This is nothing that can be looked at.".to_owned())
        }
    }
}

async fn in_dns(outbound: &Outbound, domain: &CompanyDomain, wanted: &str) -> Finding {
    let name = format!("{CHALLENGE_LABEL}.{domain}");
    let texts = match outbound.names().texts(&name).await {
        Ok(texts) => texts,
        Err(error) => return Finding::NotFound(format!("{error}.")),
    };
    match texts.len() {
        _ if texts.iter().any(|text| text.trim() == wanted) => Finding::Found,
        0 => Finding::NotFound(format!("{name} has no TXT record. A new one can take some hours until it is seen.")),
        _ => Finding::NotFound(format!("{name} has a TXT record, and it says something else. Copy the text whole.")),
    }
}

async fn in_file(outbound: &Outbound, domain: &CompanyDomain, wanted: &str) -> Finding {
    let url = format!("https://{domain}{CHALLENGE_FILE}");
    let ask =
        Ask { most: LONGEST_FILE, most_unpacked: LONGEST_FILE, whole: PATIENCE, ..Ask::new(&url, &["text/plain"]) };
    match outbound.get(&ask).await {
        Ok(Answer::Arrived(arrived)) if has_line(&arrived.body, wanted) => Finding::Found,
        Ok(_) => Finding::NotFound(format!("{url} is there, and says something else. Copy the line whole.")),
        Err(error) => Finding::NotFound(format!("{error}.")),
    }
}

fn has_line(body: &[u8], wanted: &str) -> bool {
    String::from_utf8_lossy(body).trim_start_matches('\u{feff}').lines().any(|line| line.trim() == wanted)
}
