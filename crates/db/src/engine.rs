//! Which engine an address means.

use crate::Error;
use std::path::PathBuf;

/// The database engine behind a [`Db`](crate::Db).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, in this process.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// What is meant for this engine, where one text does not serve both (a plan that misses its index, a missing function).
    pub fn pick<T>(self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}

/// An address, read.
#[derive(Debug)]
pub(crate) enum Address {
    Sqlite(PathBuf),
    Postgres(Box<tokio_postgres::Config>),
}

impl Address {
    /// Reads `sqlite:PATH`, `sqlite://PATH` or `postgres://…`.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return sqlite(path.strip_prefix("//").unwrap_or(path));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres(url);
        }
        let scheme = url.split(':').next().unwrap_or_default();
        Err(Error::BadUrl { why: format!("it begins with “{scheme}”") })
    }
}

fn sqlite(path: &str) -> Result<Address, Error> {
    match path {
        "" => Err(Error::BadUrl { why: "the path after “sqlite:” is empty".into() }),
        ":memory:" => Err(Error::BadUrl {
            why: "a database in memory cannot be shared by several connections: name a file".into(),
        }),
        path => Ok(Address::Sqlite(path.into())),
    }
}

/// The password in the address never goes into an error: the driver's message names only what it could not read.
fn postgres(url: &str) -> Result<Address, Error> {
    if url.contains("sslmode=verify") {
        return Err(Error::TlsNotBuilt);
    }
    let mut config: tokio_postgres::Config =
        url.parse().map_err(|error| Error::BadUrl { why: crate::error::chain(&error) })?;
    if config.get_ssl_mode() == tokio_postgres::config::SslMode::Require {
        return Err(Error::TlsNotBuilt);
    }
    if config.get_application_name().is_none() {
        config.application_name("jobfuture");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(std::time::Duration::from_secs(5));
    }
    Ok(Address::Postgres(Box::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why_not(url: &str) -> String {
        Address::parse(url).unwrap_err().to_string()
    }

    #[test]
    fn paths_are_taken_as_they_stand() {
        for (url, path) in [("sqlite:a.db", "a.db"), ("sqlite:/x/a.db", "/x/a.db"), ("sqlite:///x/a.db", "/x/a.db")] {
            assert!(matches!(Address::parse(url), Ok(Address::Sqlite(found)) if found.to_str() == Some(path)), "{url}");
        }
    }

    #[test]
    fn what_cannot_be_opened_is_refused_with_the_mend() {
        assert!(why_not("mysql://x").contains("sqlite:PATH"));
        assert!(why_not("sqlite:").contains("empty"));
        assert!(why_not("sqlite::memory:").contains("name a file"));
        for mode in ["require", "verify-full"] {
            assert!(why_not(&format!("postgres://u:secret@h/d?sslmode={mode}")).contains("TLS"), "{mode}");
        }
        assert!(!why_not("postgres://u:secret@h/d?port=x").contains("secret"));
    }
}
