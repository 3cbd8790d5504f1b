//! What can be wrong with a key, a credential, or what is to be put into one.

/// Why something was refused, and what to do about it.
///
/// What was found is shown escaped and cut short: it may have been written by anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// More bytes than anything of ours has.
    #[error("the {what} is longer than {limit} bytes, which none of ours is: ask for it anew from whoever sent it")]
    TooLong {
        /// Of what.
        what: &'static str,
        /// In bytes.
        limit: usize,
    },
    /// Parts that are missing, or bytes that are no base64url.
    #[error("the {what} is damaged: {why}; copy it again, whole and without line breaks")]
    Damaged {
        /// Of what.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No JSON, or JSON that may be read in two ways.
    #[error("the {what} is not the JSON that it should be: {why}; ask for it anew from whoever sent it")]
    Json {
        /// Of what.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Another algorithm than ES256, or none.
    #[error("the {what} names the algorithm {found}; only ES256 is accepted, whatever the token asks for")]
    Algorithm {
        /// Of what.
        what: &'static str,
        /// What it names.
        found: String,
    },
    /// A token of another kind in this one's place.
    #[error(
        "the {what} says that it is of the type {found}, and {expected} is needed here: check which token goes where"
    )]
    Type {
        /// Of what.
        what: &'static str,
        /// What it says.
        found: String,
        /// What it must say.
        expected: &'static str,
    },
    /// A header that points to a key, or asks for what is not understood.
    #[error("the header of the {what} has “{member}”, which is not accepted: keys are taken from the issuer alone")]
    Header {
        /// Of what.
        what: &'static str,
        /// The member.
        member: &'static str,
    },
    /// A key that is not published, or not any more.
    #[error("the {what} is signed by the key {kid}, which the issuer does not publish: fetch the issuer's keys again")]
    UnknownKey {
        /// Of what.
        what: &'static str,
        /// Its name.
        kid: String,
    },
    /// Bytes that were not signed by that key.
    #[error("the signature of the {what} does not fit: it was changed, or made by somebody else; do not rely on it")]
    Signature {
        /// Of what.
        what: &'static str,
    },
    /// It is from somebody else.
    #[error("the issuer is {found}, and {expected} was asked for: choose the keys of the issuer that you trust")]
    Issuer {
        /// Who it says.
        found: String,
        /// Who should have made it.
        expected: String,
    },
    /// It says something else than a signal of ours.
    #[error("the credential is of the type {found}; this verifier reads {expected}")]
    CredentialType {
        /// What it says.
        found: String,
        /// What is read here.
        expected: &'static str,
    },
    /// A member that must be there, or must be otherwise.
    #[error("in the {what}, {member} {why}")]
    Claim {
        /// Of what.
        what: &'static str,
        /// The member.
        member: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It was valid until then.
    #[error("the {what} was valid until {at} (seconds since 1970) and it is {now}: ask for a fresh one")]
    Expired {
        /// What.
        what: &'static str,
        /// When.
        at: i64,
        /// The verifier's time.
        now: i64,
    },
    /// It says that it is from the future.
    #[error("the {what} is valid from {at} on (seconds since 1970) and it is {now}: check the clock of this machine")]
    NotYet {
        /// What.
        what: &'static str,
        /// When.
        at: i64,
        /// The verifier's time.
        now: i64,
    },
    /// Something is wrong with what is disclosed.
    #[error("a disclosure is refused: {0}; ask the candidate to show the credential again")]
    Disclosure(&'static str),
    /// A digest stands in two places, so that it is not said what is disclosed.
    #[error(
        "a digest occurs twice in the credential, so that its disclosures can be read in two ways; do not rely on it"
    )]
    DigestTwice,
    /// A name that only the format may use, or that is never disclosed by choice.
    #[error("a disclosure has the name {0}, which none may have; do not rely on this credential")]
    ReservedName(String),
    /// Two values for one name.
    #[error("the credential says {0} twice; do not rely on it")]
    ClaimTwice(String),
    /// Another digest than SHA-256.
    #[error("the credential's digests are made by {0}; only sha-256 is accepted")]
    HashAlgorithm(String),
    /// Nobody has shown that they hold the key.
    #[error("the credential is shown without a proof of its holder's key: ask for it with your audience and nonce")]
    KeyBindingMissing,
    /// It was shown to somebody, and this caller does not say to whom.
    #[error(
        "the credential comes with a proof for somebody: give the audience and the nonce that it was asked for with"
    )]
    KeyBindingUnasked,
    /// Shown to another company.
    #[error("the proof was made for {found}, and not for {expected}: ask the candidate to show the credential to you")]
    Audience {
        /// Whom it names.
        found: String,
        /// Who asks.
        expected: String,
    },
    /// Shown in answer to another request.
    #[error("the proof answers another request than yours (its nonce differs): ask again with a fresh nonce")]
    Nonce,
    /// Something was added or taken away after the holder had signed.
    #[error("what is shown is not what the holder signed (sd_hash differs): ask the candidate to show it again")]
    SdHash,
    /// The issuer took it back.
    #[error(
        "the credential was withdrawn (status list, index {index}): ask the candidate whether there is a newer one"
    )]
    Revoked {
        /// Its place in the list.
        index: u32,
    },
    /// The status list does not tell.
    #[error("the status list cannot be used: {why}; fetch it again from the address that the credential names")]
    StatusList {
        /// Why not.
        why: &'static str,
    },
    /// Something that is no key of ours.
    #[error("the key cannot be used: {why}")]
    Key {
        /// Why not.
        why: &'static str,
    },
    /// Words that a credential may not hold.
    #[error("“{found}” cannot be {what}: {rule}")]
    Word {
        /// What it was meant for.
        what: &'static str,
        /// The words.
        found: String,
        /// What would be right.
        rule: &'static str,
    },
    /// Something that cannot be issued.
    #[error("the credential cannot be made: {0}")]
    Issue(&'static str),
    /// A fact that the credential does not have.
    #[error("the credential does not hold {0}: choose among the facts that it lists")]
    NoSuchFact(String),
    /// A text that is no wallet file.
    #[error("the wallet file is damaged: {0}; download it again")]
    Wallet(&'static str),
}

/// What somebody wrote, safe to show: escaped, and not longer than a line.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
