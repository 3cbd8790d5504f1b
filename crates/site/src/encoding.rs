//! Which content encodings a browser takes.

use http::{HeaderMap, HeaderValue, header};

/// Content encodings that this site writes, best first for a page that is compressed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Smallest, slow to make.
    Brotli,
    /// Quick to make.
    Zstd,
    /// What browsers offer where there is no TLS.
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// Value of `Content-Encoding`, and the end of an ETag; none for identity.
    pub fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// What an `Accept-Encoding` allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    brotli: bool,
    zstd: bool,
    gzip: bool,
}

impl Accepted {
    /// Reads the header; without one, only identity is taken.
    pub fn of(headers: &HeaderMap) -> Self {
        headers.get(header::ACCEPT_ENCODING).map(Self::read).unwrap_or_default()
    }

    fn read(value: &HeaderValue) -> Self {
        let mut accepted = Self::default();
        for item in value.to_str().unwrap_or_default().split(',') {
            let (name, weight) = item.split_once(';').unwrap_or((item, ""));
            if matches!(weight.trim(), "q=0" | "q=0." | "q=0.0" | "q=0.00" | "q=0.000") {
                continue;
            }
            match name.trim() {
                "br" => accepted.brotli = true,
                "zstd" => accepted.zstd = true,
                "gzip" => accepted.gzip = true,
                _ => {}
            }
        }
        accepted
    }

    /// Whether an encoding may be sent.
    pub fn takes(self, encoding: Encoding) -> bool {
        match encoding {
            Encoding::Brotli => self.brotli,
            Encoding::Zstd => self.zstd,
            Encoding::Gzip => self.gzip,
            Encoding::Identity => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_of_nothing_refuses() {
        let accepted = Accepted::read(&HeaderValue::from_static("gzip, deflate;q=0.5, br;q=0, zstd;q=0.9"));
        assert_eq!(accepted, Accepted { brotli: false, zstd: true, gzip: true });
        assert_eq!(Accepted::read(&HeaderValue::from_static("")), Accepted::default());
    }
}
