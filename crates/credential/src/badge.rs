//! Open Badges 3.0 as a signed token (OB 3.0, section 8.2 “JSON Web Token Proof Format”; VC Data Model 2.0). A badge is for
//! showing in public: everything in it can be read by anybody, and it is not bound to a request.

use crate::error::{Error, shown};
use crate::issue::StatusPlace;
use crate::issuer::check_issuer;
use crate::json;
use crate::jws::{self, BADGE, Unverified};
use crate::key::IssuerKey;
use crate::signal::{ShownSignal, Signal};
use crate::verify::{Revocation, Standing, Verifier, status_place};
use crate::words::Label;
use serde_json::{Map, Value, json};

const WHAT: &str = BADGE.what;
const CONTEXT: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];

/// What a badge is made from.
#[derive(Debug)]
pub struct Badge<'b> {
    /// The instance's address.
    pub issuer: &'b str,
    /// The instance's name, for people.
    pub issuer_name: &'b Label,
    /// An address or URN of this badge alone.
    pub id: &'b str,
    /// Whom it is about: an address or URN that the candidate chose to be known by.
    pub subject: &'b str,
    /// From when on it is valid, in seconds since 1970.
    pub valid_from: i64,
    /// Until when, in seconds since 1970.
    pub valid_until: i64,
    /// Where it can be seen whether it was withdrawn.
    pub status: &'b StatusPlace,
    /// What it says. All of it is shown.
    pub signal: &'b Signal,
}

/// A badge that was found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBadge {
    /// The badge's own name.
    pub id: String,
    /// Whom it is about.
    pub subject: String,
    /// In seconds since 1970.
    pub valid_from: i64,
    /// In seconds since 1970.
    pub valid_until: i64,
    /// What it says.
    pub signal: ShownSignal,
    /// Whether it was withdrawn.
    pub standing: Standing,
}

impl Badge<'_> {
    /// Signs it.
    ///
    /// # Errors
    /// [`Error::Issue`] if the signal is too large or it would expire before it begins; [`Error::Word`] if issuer, id or
    /// subject is no address.
    pub fn issue(&self, key: &IssuerKey) -> Result<String, Error> {
        self.signal.check()?;
        check_issuer(self.issuer)?;
        check_uri("a badge's id", self.id)?;
        check_uri("a badge's subject", self.subject)?;
        if self.valid_until <= self.valid_from || self.valid_from < 0 {
            return Err(Error::Issue("it would expire before it begins"));
        }
        // The key stands in the header as well, as OB 3.0 asks; our verifier compares it and relies on its own.
        let members = json!({ "kid": key.public().kid(), "jwk": key.public().jwk() });
        let token = jws::sign(BADGE, members, &self.payload()?, key);
        if token.len() > BADGE.longest {
            return Err(Error::Issue("it would be larger than verifiers accept"));
        }
        Ok(token)
    }

    fn payload(&self) -> Result<Value, Error> {
        Ok(json!({
            "iss": self.issuer,
            "sub": self.subject,
            "jti": self.id,
            "nbf": self.valid_from,
            "exp": self.valid_until,
            "status": { "status_list": { "idx": self.status.index, "uri": self.status.uri } },
            "@context": CONTEXT,
            "id": self.id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": { "id": self.issuer, "type": ["Profile"], "name": self.issuer_name },
            "validFrom": timestamp(self.valid_from)?,
            "validUntil": timestamp(self.valid_until)?,
            "name": self.title(),
            "credentialSubject": {
                "id": self.subject,
                "type": ["AchievementSubject"],
                "achievement": self.achievement(),
            },
            "jobfuture": self.signal.open_claims()?,
        }))
    }

    fn title(&self) -> String {
        format!("{}: at least {}", self.signal.role.name, self.signal.at_least.name)
    }

    fn achievement(&self) -> Value {
        let names: Vec<&str> = self.signal.competencies.iter().map(|one| one.name.as_str()).collect();
        let shown = if names.is_empty() { "no single competency".into() } else { names.join(", ") };
        json!({
            "id": format!("urn:jobfuture:achievement:{}:{}", self.signal.role.id, urn_part(self.signal.at_least.id.as_str())),
            "type": ["Achievement"],
            "achievementType": "Assessment",
            "name": self.title(),
            "description": format!("Shown in a skill check: {shown}."),
            "criteria": { "narrative": format!("A skill check on {}, {}.", self.signal.taken_on, self.condition()) },
        })
    }

    fn condition(&self) -> String {
        use crate::signal::Condition as C;
        match &self.signal.condition {
            C::Practice {} => "taken for practice".into(),
            C::Unaided {} => "taken without help, as the candidate declares".into(),
            C::OwnTools {} => "taken with the candidate's own tools".into(),
            C::ProvidedAssistant {} => "taken with the assistant that the check provides".into(),
            C::Witnessed { company, on } => format!("witnessed by {company} on {on}"),
        }
    }
}

impl Verifier<'_> {
    /// Checks a badge. There is no proof of a holder: it says something about its subject, whoever shows it.
    ///
    /// # Errors
    /// The first fault that is found; see [`Error`].
    pub fn badge(&self, token: &str, revocation: Revocation<'_>) -> Result<VerifiedBadge, Error> {
        let token = Unverified::read(token.trim(), BADGE)?;
        let mut claims = token.verify(self.keys.find(token.kid()?, WHAT)?)?;
        self.check_issuer(&claims, WHAT)?;
        check_badge_type(&claims)?;
        let (valid_from, valid_until) = (json::seconds(&claims, "nbf", WHAT)?, json::seconds(&claims, "exp", WHAT)?);
        self.check_span(valid_from, valid_until, WHAT)?;
        check_agreement(&claims, valid_from, valid_until)?;
        let standing = self.standing(&status_place(&claims, WHAT)?, revocation)?;
        let (id, subject) =
            (json::text(&claims, "jti", WHAT)?.to_owned(), json::text(&claims, "sub", WHAT)?.to_owned());
        let signal = match claims.remove("jobfuture") {
            Some(Value::Object(signal)) => ShownSignal::read(signal, WHAT)?,
            _ => {
                return Err(Error::Claim {
                    what: WHAT,
                    member: "jobfuture",
                    why: "is missing: it is no badge of ours",
                });
            }
        };
        Ok(VerifiedBadge { id, subject, valid_from, valid_until, signal, standing })
    }
}

fn check_badge_type(claims: &Map<String, Value>) -> Result<(), Error> {
    let is = |member: &str, wanted: &[&str]| {
        let found = claims.get(member).and_then(Value::as_array);
        found.is_some_and(|found| wanted.iter().all(|name| found.iter().any(|value| value == name)))
    };
    // The first context must be this very one (VC Data Model 2.0, section 4.3).
    let first = claims.get("@context").and_then(|context| context.get(0)).and_then(Value::as_str);
    if first != Some(CONTEXT[0]) || !is("@context", &CONTEXT) {
        return Err(Error::Claim { what: WHAT, member: "@context", why: "is not that of an Open Badge 3.0" });
    }
    if !is("type", &["VerifiableCredential", "OpenBadgeCredential"]) {
        return Err(Error::Claim { what: WHAT, member: "type", why: "is not that of an Open Badge 3.0" });
    }
    Ok(())
}

/// What stands in the token's own claims and in the credential must be the same (OB 3.0, section 8.2.6.1): readers
/// differ in which of the two they show.
fn check_agreement(claims: &Map<String, Value>, from: i64, until: i64) -> Result<(), Error> {
    let own = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let id_of = |name: &str| {
        let id = claims.get(name).and_then(|object| object.get("id"));
        id.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let pairs: [(&'static str, String, String); 5] = [
        ("issuer", id_of("issuer"), own("iss")),
        ("credentialSubject", id_of("credentialSubject"), own("sub")),
        ("id", own("id"), own("jti")),
        ("validFrom", own("validFrom"), timestamp(from)?),
        ("validUntil", own("validUntil"), timestamp(until)?),
    ];
    match pairs.iter().find(|(_, inside, outside)| inside != outside || inside.is_empty()) {
        Some((member, ..)) => {
            Err(Error::Claim { what: WHAT, member, why: "says something else than the token around it" })
        }
        None => Ok(()),
    }
}

fn check_uri(what: &'static str, text: &str) -> Result<(), Error> {
    let fits = text.len() <= 500
        && text.split_once(':').is_some_and(|(scheme, rest)| {
            !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_lowercase()) && !rest.is_empty()
        })
        && text.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c));
    let rule = "write an address or a URN, in ASCII: https://… or urn:uuid:…";
    if fits { Ok(()) } else { Err(Error::Word { what, found: shown(text), rule }) }
}

/// Letters of any script, as a URN has them.
fn urn_part(text: &str) -> String {
    let mut part = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            part.push(byte as char);
        } else {
            part.push_str(&format!("%{byte:02X}"));
        }
    }
    part
}

/// RFC 3339 in UTC, from seconds since 1970.
fn timestamp(seconds: i64) -> Result<String, Error> {
    const DAY: i64 = 86_400;
    // Beyond the year 9999 it would have five digits.
    if !(0..253_402_300_800).contains(&seconds) {
        return Err(Error::Issue("its times must lie between 1970 and 9999"));
    }
    let (year, month, day) = civil(seconds / DAY);
    let second = seconds % DAY;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    Ok(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Year, month and day of a day since 1970. Years are counted from March, so that the odd day of a leap year comes last.
fn civil(day: i64) -> (i64, i64, i64) {
    /// From 1 March of the year 0 to 1970.
    const EPOCH: i64 = 719_468;
    const FOUR_CENTURIES: i64 = 146_097;
    let day = day + EPOCH;
    let (era, day) = (day / FOUR_CENTURIES, day % FOUR_CENTURIES);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Months of 31 and 30 days take turns in fives from March on: 153 days.
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_rfc_3339_has_them() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_795_996_800, "2026-11-30T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(timestamp(seconds).as_deref(), Ok(text));
        }
        assert!(timestamp(-1).is_err());
    }

    #[test]
    fn addresses_and_urns_are_names_of_a_badge() {
        for uri in ["https://jobs.example/b/1", "urn:uuid:0190", "mailto:ada@example.org"] {
            assert!(check_uri("a test", uri).is_ok(), "{uri}");
        }
        for text in ["", "ada", "a b:c", ":x", "https://jobs.example/<b>", "https://jobs.example/ b"] {
            assert!(check_uri("a test", text).is_err(), "{text}");
        }
    }
}
