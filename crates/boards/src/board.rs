//! Which board a pasted address belongs to.

use serde::Serialize;
use std::fmt;
use url::Url;

/// Who speaks which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[allow(missing_docs, reason = "the boards are what they are called")]
pub enum Adapter {
    Greenhouse,
    Lever,
    Ashby,
    Workable,
    Recruitee,
    Personio,
    /// Any page with schema.org `JobPosting`, or that as JSON-LD.
    Page,
    /// A file with the columns [`crate::CSV_COLUMNS`].
    Csv,
}

impl fmt::Display for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greenhouse => "Greenhouse",
            Self::Lever => "Lever",
            Self::Ashby => "Ashby",
            Self::Workable => "Workable",
            Self::Recruitee => "Recruitee",
            Self::Personio => "Personio",
            Self::Page => "a page with schema.org JobPosting",
            Self::Csv => "CSV",
        })
    }
}

/// A company's board, or one page of its own. Displayed as its public address, of which [`Board::parse`] makes the same board
/// again; so this is what to store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Board {
    adapter: Adapter,
    /// The account in the address; of a page, its address.
    account: String,
    region: Region,
}

/// Some boards are kept in two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Region {
    /// The one that most use.
    First,
    /// Lever in the EU; Personio under `.com`.
    Second,
}

/// The longest account, in characters.
const LONGEST_ACCOUNT: usize = 100;
/// The longest address, in bytes.
const LONGEST_ADDRESS: usize = 2000;

/// Why a text is no address of a board.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// Nothing, or a text that is no address.
    #[error("This is no address. Paste the address of your job board, as https://jobs.lever.co/hill.")]
    NoAddress,
    /// Longer than any address that we would ask.
    #[error("The address has more than {LONGEST_ADDRESS} bytes. Paste the one of the board itself.")]
    TooLong,
    /// `ftp:`, `file:` and so on.
    #[error("The address begins with {0}:, and only https:// and http:// are asked.")]
    Scheme(String),
    /// A name or a password before the host.
    #[error("The address holds a name or a password (before the @). Paste one that everybody can open.")]
    Password,
    /// The board's own site, and no company's board in it.
    #[error("This is an address of {adapter}, but of no company's board there. Such a one looks like {example}.")]
    NoAccount {
        /// Whose.
        adapter: Adapter,
        /// How it looks.
        example: &'static str,
    },
}

impl Board {
    /// Of a pasted address: a board's page, one of its postings, or the address of its interface. Whatever is at none of the
    /// known boards is a page. Whether that may be asked (its host could be an inner one) is for the caller to guard.
    ///
    /// # Errors
    /// It is no address, or one of a board without a company in it; the sentence says how one looks.
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        let url = address(text.trim())?;
        let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
        let path: Vec<String> = url.path_segments().into_iter().flatten().map(decoded).collect();
        let path: Vec<&str> = path.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        match host.as_str() {
            "boards.greenhouse.io"
            | "job-boards.greenhouse.io"
            | "boards.eu.greenhouse.io"
            | "job-boards.eu.greenhouse.io"
            | "boards-api.greenhouse.io" => greenhouse(&url, &path),
            "jobs.lever.co" => lever(path.first(), Region::First),
            "jobs.eu.lever.co" => lever(path.first(), Region::Second),
            "api.lever.co" => lever(behind(&path, &["v0", "postings"]), Region::First),
            "api.eu.lever.co" => lever(behind(&path, &["v0", "postings"]), Region::Second),
            "jobs.ashbyhq.com" => ashby(path.first()),
            "api.ashbyhq.com" => ashby(behind(&path, &["posting-api", "job-board"])),
            _ => by_name(&url, &host, &path),
        }
    }

    fn new(
        adapter: Adapter,
        account: Option<&str>,
        region: Region,
        example: &'static str,
    ) -> Result<Self, AddressFault> {
        let fits = |account: &&str| {
            account.chars().count() <= LONGEST_ACCOUNT
                && !matches!(*account, "" | "." | "..")
                && !account.chars().any(|letter| letter.is_control() || "/\\?#%@:".contains(letter))
        };
        let account = account.filter(fits).ok_or(AddressFault::NoAccount { adapter, example })?;
        Ok(Self { adapter, account: account.to_owned(), region })
    }

    /// Who reads it.
    pub fn adapter(&self) -> Adapter {
        self.adapter
    }

    /// The company's name on the board; of a page, its address.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The page of one posting, where the board's answer does not give it.
    pub(crate) fn page_of(&self, external_id: &str) -> Option<String> {
        let is_plain = external_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (self.adapter == Adapter::Personio && is_plain).then(|| format!("{self}job/{external_id}"))
    }

    /// The address of the board's interface, with the account as part of its path.
    pub(crate) fn interface(&self) -> String {
        let second = self.region == Region::Second;
        let (base, account, rest) = match self.adapter {
            Adapter::Greenhouse => ("https://boards-api.greenhouse.io/v1/boards", true, "/jobs"),
            Adapter::Lever if second => ("https://api.eu.lever.co/v0/postings", true, ""),
            Adapter::Lever => ("https://api.lever.co/v0/postings", true, ""),
            Adapter::Ashby => ("https://api.ashbyhq.com/posting-api/job-board", true, ""),
            Adapter::Workable => ("https://apply.workable.com/api/v1/widget/accounts", true, ""),
            Adapter::Recruitee => return format!("{self}api/offers/"),
            Adapter::Personio => return format!("{self}xml"),
            Adapter::Page | Adapter::Csv => (self.account.as_str(), false, ""),
        };
        if account { format!("{}{rest}", with_segment(base, &self.account)) } else { base.to_owned() }
    }
}

/// The public address.
impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.region == Region::Second;
        let account = &self.account;
        match self.adapter {
            Adapter::Greenhouse => f.write_str(&with_segment("https://boards.greenhouse.io", account)),
            Adapter::Lever if second => f.write_str(&with_segment("https://jobs.eu.lever.co", account)),
            Adapter::Lever => f.write_str(&with_segment("https://jobs.lever.co", account)),
            Adapter::Ashby => f.write_str(&with_segment("https://jobs.ashbyhq.com", account)),
            Adapter::Workable => f.write_str(&with_segment("https://apply.workable.com", account)),
            Adapter::Recruitee => write!(f, "https://{account}.recruitee.com/"),
            Adapter::Personio if second => write!(f, "https://{account}.jobs.personio.com/"),
            Adapter::Personio => write!(f, "https://{account}.jobs.personio.de/"),
            Adapter::Page | Adapter::Csv => f.write_str(account),
        }
    }
}

fn address(text: &str) -> Result<Url, AddressFault> {
    if text.len() > LONGEST_ADDRESS {
        return Err(AddressFault::TooLong);
    }
    if text.is_empty() || text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err(AddressFault::NoAddress);
    }
    // `jobs.lever.co/hill`, as browsers show it.
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&whole).map_err(|_| AddressFault::NoAddress)?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(AddressFault::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressFault::Password);
    }
    match url.host() {
        // A word without a dot is a word, and no host that others can reach.
        Some(url::Host::Domain(name)) if text.contains("://") || name.contains('.') => Ok(url),
        Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)) if text.contains("://") => Ok(url),
        _ => Err(AddressFault::NoAddress),
    }
}

fn greenhouse(url: &Url, path: &[&str]) -> Result<Board, AddressFault> {
    let embedded = url.query_pairs().find(|(name, _)| name == "for").map(|(_, board)| board.into_owned());
    let account = match path {
        ["embed", ..] => embedded.as_deref(),
        ["v1", "boards", board, ..] => Some(*board),
        [board, ..] if url.host_str() != Some("boards-api.greenhouse.io") => Some(*board),
        _ => None,
    };
    Board::new(Adapter::Greenhouse, account, Region::First, "https://boards.greenhouse.io/hill")
}

fn lever(site: Option<&&str>, region: Region) -> Result<Board, AddressFault> {
    Board::new(Adapter::Lever, site.copied(), region, "https://jobs.lever.co/hill")
}

fn ashby(name: Option<&&str>) -> Result<Board, AddressFault> {
    Board::new(Adapter::Ashby, name.copied(), Region::First, "https://jobs.ashbyhq.com/hill")
}

/// Boards that give each company a host of its own; and pages.
fn by_name(url: &Url, host: &str, path: &[&str]) -> Result<Board, AddressFault> {
    // Names of the boards' own sites.
    let company =
        |name: &'_ str| !matches!(name, "www" | "api" | "app" | "docs" | "help" | "jobs" | "careers" | "apply");
    let before = |domain: &str| match host.strip_suffix(domain)?.strip_suffix('.') {
        Some(name) if !name.contains('.') && company(name) => Some(Some(name)),
        _ => Some(None),
    };
    let new = |adapter, account, region, example| Board::new(adapter, account, region, example);
    if host == "apply.workable.com" || host == "www.workable.com" {
        let account = match path {
            ["api", "v1", "widget", "accounts", account, ..] | ["api", "accounts", account, ..] => Some(*account),
            // One posting, by a short address that does not name the company.
            ["j" | "api", ..] => None,
            [account, ..] if host == "apply.workable.com" => Some(*account),
            _ => None,
        };
        new(Adapter::Workable, account, Region::First, "https://apply.workable.com/hill")
    } else if let Some(account) = before("workable.com") {
        new(Adapter::Workable, account, Region::First, "https://apply.workable.com/hill")
    } else if let Some(account) = before("recruitee.com") {
        new(Adapter::Recruitee, account, Region::First, "https://hill.recruitee.com/")
    } else if let Some(account) = before("jobs.personio.de") {
        new(Adapter::Personio, account, Region::First, "https://hill.jobs.personio.de/")
    } else if let Some(account) = before("jobs.personio.com") {
        new(Adapter::Personio, account, Region::Second, "https://hill.jobs.personio.com/")
    } else {
        let mut page = url.clone();
        page.set_fragment(None);
        Ok(Board { adapter: Adapter::Page, account: page.to_string(), region: Region::First })
    }
}

/// The part of a path behind others.
fn behind<'a>(path: &'a [&'a str], before: &[&'a str]) -> Option<&'a &'a str> {
    path.strip_prefix(before)?.first()
}

/// A part of a path, with its `%20` and the like as characters.
fn decoded(part: &str) -> String {
    // A query decodes plus signs too, which are themselves in a path.
    let query = format!("={}", part.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// An address with one more part of its path, escaped where it must be.
fn with_segment(base: &str, part: &str) -> String {
    let mut whole = base.to_owned();
    if let Ok(mut url) = Url::parse(base) {
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(part);
        }
        whole = url.to_string();
    }
    whole
}
