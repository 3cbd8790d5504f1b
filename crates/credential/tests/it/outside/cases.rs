//! What the verifiers are asked, and what each of them should say.

use crate::forge::{self, INSTANCE, bind, bind_with, digest, disclosure, salt, sign};
use crate::kit::{COMPANY, INDEX, ISSUER, LIST, NONCE, YEAR, ada, instance, signal};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jobfuture_credential::*;
use serde_json::{Value, json};
use std::io::Write;

/// Who judges, and what it does not look at. All of that was found by asking. None of the first three minds who the issuer is
/// if the key fits, what is claimed, names that stand twice, fractions of seconds, salts, sizes, or the age of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    /// PyPI `sd-jwt` 0.10.4. It passes over times (of proofs too), the types of issuers' tokens and of credentials, status lists,
    /// Open Badges, disclosures that belong to nothing or name what is the issuer's, and takes ES256K for ES256.
    Reference,
    /// PyPI `openbadgeslib` 4.6.3 with `openvc-core` 1.37. It looks at everything else, but for the status of an Open Badge,
    /// which it expects in `credentialStatus`.
    Badges,
    /// npm `@sd-jwt/sd-jwt-vc` 0.19.0. It passes over audiences, times of proofs, the types of issuers' tokens and of credentials,
    /// names of algorithms, what must be understood (`crit`), whether there is a status, a list's own address, Open Badges, and
    /// disclosures that are there twice, belong to nothing, or say what is said already. A list that unpacks to 64 MiB ends it.
    JavaScript,
    /// `crates/site/assets/verify-credential.mjs`, the verify page's own. It looks at everything, and takes no Open Badges.
    Browser,
}
use Judge::{Badges, Browser, JavaScript, Reference};

pub struct Case {
    pub name: &'static str,
    kind: &'static str,
    token: String,
    list: String,
    audience: &'static str,
    nonce: &'static str,
    /// Who takes it, because it is good or because they do not look.
    takers: &'static [Judge],
}

impl Case {
    pub fn accepted_by(&self, judge: Judge) -> bool {
        self.takers.contains(&judge)
    }

    /// What this crate makes of it.
    pub fn ours(&self) -> Result<(), Error> {
        let keys = crate::kit::keys();
        let verifier = Verifier { issuer: ISSUER, keys: &keys, now: now() };
        let binding = Binding::Required { audience: self.audience, nonce: self.nonce };
        verifier.credential(&self.token, binding, Revocation::List(&self.list)).map(|_| ())
    }

    pub fn json(&self) -> Value {
        json!({
            "name": self.name, "kind": self.kind, "token": self.token, "type": CREDENTIAL_TYPE,
            "audience": self.audience, "nonce": self.nonce, "list": self.list, "list_address": LIST,
        })
    }
}

#[allow(clippy::disallowed_methods, reason = "these verifiers read the clock of the machine")]
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn list(revoked: &[u32], uri: &str, key: &IssuerKey) -> String {
    let mut list = StatusList::new(1 << 14).unwrap();
    for index in revoked {
        list.set(*index, Status::Revoked).unwrap();
    }
    let about = Publication { uri, issued_at: now() - 60, expires_at: now() + 86_400, keep_for: 300 };
    list.token(key, about).unwrap()
}

fn issued(expires_at: i64) -> Held {
    let (holder, signal) = (ada(), signal());
    let status = StatusPlace { uri: LIST.into(), index: INDEX };
    let grant = Grant {
        issuer: ISSUER,
        holder: holder.public(),
        issued_at: now() - 86_400,
        expires_at,
        status: &status,
        signal: &signal,
        decoys: Decoys::Padded,
    };
    Held::read(&grant.issue(&instance(), &mut crate::kit::random(8)).unwrap()).unwrap()
}

fn facts() -> Vec<Fact> {
    vec![Fact::AtLeast, Fact::Competency(Id::new("django-querysets").unwrap())]
}

fn presented(expires_at: i64) -> String {
    let request = Request { audience: COMPANY, nonce: NONCE, now: now() };
    issued(expires_at).present(&facts(), &ada(), request).unwrap()
}

fn badge(valid_until: i64) -> String {
    let (issuer_name, signal) = (Label::new("Example jobs").unwrap(), signal());
    let badge = Badge {
        issuer: ISSUER,
        issuer_name: &issuer_name,
        id: "https://jobs.example/hiring/badges/1",
        subject: "urn:uuid:01930000-0000-7000-8000-000000000001",
        valid_from: now() - 2 * 86_400,
        valid_until,
        status: &StatusPlace { uri: LIST.into(), index: INDEX },
        signal: &signal,
    };
    badge.issue(&instance()).unwrap()
}

/// With one letter changed.
fn damaged(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}

/// A token of the issuer with another header, bound to the company's request.
fn with_header(change: impl FnOnce(&mut Value)) -> String {
    let mut header = forge::header("dc+sd-jwt");
    change(&mut header);
    bind_now(&sign(&header, &payload(), &INSTANCE), &[])
}

fn payload() -> Value {
    let mut payload = forge::payload();
    payload["iat"] = (now() - 60).into();
    payload["exp"] = (now() + YEAR).into();
    payload
}

fn bind_now(token: &str, disclosures: &[String]) -> String {
    bind_with(token, disclosures, |_, proof| proof["iat"] = now().into())
}

/// Puts a case together: those that are wrong in their token only.
fn case(name: &'static str, token: String, takers: &'static [Judge]) -> Case {
    let list = list(&[], LIST, &instance());
    Case { name, kind: "credential", token, list, audience: COMPANY, nonce: NONCE, takers }
}

/// Every case; the names say what is wrong.
pub fn all() -> Vec<Case> {
    let mut cases = vec![
        case("good", presented(now() + YEAR), &[Reference, Badges, JavaScript, Browser]),
        case("expired", presented(now() - 3_600), &[Reference]),
    ];
    cases.extend(requests());
    cases.extend(damage());
    cases.extend(claims());
    cases.extend(types());
    cases.extend(algorithms());
    cases.extend(disclosures());
    cases.extend(lists());
    cases.extend(badges());
    cases
}

fn requests() -> Vec<Case> {
    let good = || presented(now() + YEAR);
    let bare = issued(now() + YEAR).select(&facts()).unwrap();
    let proof = |member: &'static str, value: Value| {
        bind_with(&sign(&forge::header("dc+sd-jwt"), &payload(), &INSTANCE), &[], |_, proof| {
            proof["iat"] = now().into();
            proof[member] = value;
        })
    };
    vec![
        Case { audience: "https://other.example", ..case("wrong audience", good(), &[JavaScript]) },
        Case { nonce: "other", ..case("wrong nonce", good(), &[]) },
        case("no proof of the key", bare, &[]),
        case("a proof of yesterday", proof("iat", (now() - 86_400).into()), &[Reference, JavaScript]),
        case("a proof of tomorrow", proof("iat", (now() + 86_400).into()), &[Reference, JavaScript]),
        case("a proof that has expired", proof("exp", (now() - 3_600).into()), &[Reference, JavaScript]),
        case("a proof for several", proof("aud", json!([COMPANY, "https://other.example"])), &[JavaScript]),
        case("a proof of something else", proof("sd_hash", digest("x").into()), &[]),
    ]
}

fn damage() -> Vec<Case> {
    let good = presented(now() + YEAR);
    let parts: Vec<&str> = good.split('~').collect();
    let (token, proof) = (parts[0], parts[parts.len() - 1]);
    let without = format!("{token}~{}~{proof}", parts[2..parts.len() - 1].join("~"));
    let others = sign(&forge::header("dc+sd-jwt"), &payload(), &[8; 32]);
    vec![
        case("damaged signature", damaged(&good, token.len() - 40), &[]),
        case("damaged payload", damaged(&good, token.find('.').unwrap() + 40), &[]),
        case("damaged disclosure", damaged(&good, token.len() + 40), &[]),
        case("damaged proof", damaged(&good, good.len() - 40), &[]),
        case("a disclosure taken away", without, &[]),
        case("a key that is not the issuer's", bind_now(&others, &[]), &[]),
    ]
}

/// What an issuer whose code is wrong might sign.
fn claims() -> Vec<Case> {
    let with = |member: &'static str, value: Value| {
        let mut payload = payload();
        payload[member] = value;
        bind_now(&sign(&forge::header("dc+sd-jwt"), &payload, &INSTANCE), &[])
    };
    let text = payload().to_string();
    let twice = text.replacen('{', &format!(r#"{{"exp":{},"#, now() - YEAR), 1);
    let header = forge::header("dc+sd-jwt").to_string();
    let inexact = text.replacen(r#""exp":"#, r#""exp":1e10,"was":"#, 1);
    vec![
        case("valid from tomorrow on", with("nbf", (now() + 86_400).into()), &[Reference]),
        case("issued tomorrow", with("iat", (now() + 86_400).into()), &[Reference]),
        case("another type of credential", with("vct", "urn:other:1".into()), &[Reference, JavaScript]),
        case("another issuer", with("iss", "https://other.example".into()), &[Reference, Badges, JavaScript]),
        case("a score", with("score", json!(0.87)), &[Reference, Badges, JavaScript]),
        case(
            "a number for a level",
            with("at_least", json!({ "id": "middle", "name": "87" })),
            &[Reference, Badges, JavaScript],
        ),
        case("no place in a list", with("status", json!({})), &[Reference, JavaScript]),
        case(
            "a claim twice",
            bind_now(&forge::sign_text(&header, &twice, &INSTANCE), &[]),
            &[Reference, Badges, JavaScript],
        ),
        case(
            "a time that is not whole",
            bind_now(&forge::sign_text(&header, &inexact, &INSTANCE), &[]),
            &[Reference, Badges, JavaScript],
        ),
        case(
            "keys of its own",
            with_header(|header| header["jwk"] = instance().public().jwk()),
            &[Reference, Badges, JavaScript],
        ),
        case("what must be understood", with_header(|header| header["crit"] = json!(["exp"])), &[JavaScript]),
    ]
}

fn types() -> Vec<Case> {
    let good = presented(now() + YEAR);
    let token = good.split('~').next().unwrap().to_owned();
    let swapped = |typ: &'static str| with_header(move |header| header["typ"] = typ.into());
    let proof = |typ: &'static str| {
        bind_with(&sign(&forge::header("dc+sd-jwt"), &payload(), &INSTANCE), &[], |header, proof| {
            header["typ"] = typ.into();
            proof["iat"] = now().into();
        })
    };
    vec![
        case("a proof's type on the credential", swapped("kb+jwt"), &[Reference, JavaScript]),
        case("a status list's type on the credential", swapped("statuslist+jwt"), &[Reference, JavaScript]),
        case("a credential's type on the proof", proof("dc+sd-jwt"), &[]),
        case("a status list as the credential", bind_now(&list(&[], LIST, &instance()), &[]), &[]),
        case("a badge as the credential", bind_now(&badge(now() + YEAR), &[]), &[]),
        case("the credential as its own proof", format!("{token}~{token}"), &[]),
    ]
}

fn algorithms() -> Vec<Case> {
    let named = |alg: &'static str| with_header(move |header| header["alg"] = alg.into());
    let unsigned = || {
        let header = json!({ "alg": "none", "typ": "dc+sd-jwt" }).to_string();
        bind_now(&format!("{}.{}.", forge::base64url(header), forge::base64url(payload().to_string())), &[])
    };
    let by_hmac = || {
        let header = json!({ "alg": "HS256", "typ": "dc+sd-jwt", "kid": instance().public().kid() }).to_string();
        let signed = format!("{}.{}", forge::base64url(header), forge::base64url(payload().to_string()));
        let secret = instance().public().jwk().to_string();
        let mac = forge::base64url(crate::attacks::hmac_sha256(secret.as_bytes(), signed.as_bytes()));
        bind_now(&format!("{signed}.{mac}"), &[])
    };
    vec![
        case("no signature", unsigned(), &[]),
        case("none, with a signature", named("none"), &[JavaScript]),
        case("HS256 by the public key", by_hmac(), &[]),
        case("ES256K in name", named("ES256K"), &[Reference, JavaScript]),
        case("es256 in small letters", named("es256"), &[JavaScript]),
    ]
}

fn disclosures() -> Vec<Case> {
    let level = disclosure(&json!([salt(1), "at_least", { "id": "middle", "name": "Middle" }]));
    let other = disclosure(&json!([salt(2), "role", { "id": "x", "name": "X" }]));
    let token = |digests: Vec<String>| {
        let mut payload = payload();
        payload["_sd_alg"] = "sha-256".into();
        payload["_sd"] = digests.into();
        sign(&forge::header("dc+sd-jwt"), &payload, &INSTANCE)
    };
    let one = || token(vec![digest(&level)]);
    let several = |all: &[String]| bind_now(&token(all.iter().map(|one| digest(one)).collect()), all);
    let again = disclosure(&json!([salt(1), "role", { "id": "x", "name": "X" }]));
    let short = disclosure(&json!(["salt", "at_least", { "id": "middle", "name": "Middle" }]));
    let own = disclosure(&json!([salt(3), "nbf", 0]));
    let huge = disclosure(&json!([salt(4), "role", { "id": "x", "name": "x".repeat(100_000) }]));
    let many: Vec<String> =
        (0..200).map(|number| disclosure(&json!([salt(number), format!("of{number}"), 1]))).collect();
    let mut open = payload();
    open["at_least"] = json!({ "id": "senior", "name": "Senior" });
    open["_sd"] = json!([digest(&level)]);
    let open = sign(&forge::header("dc+sd-jwt"), &open, &INSTANCE);
    vec![
        case(
            "forged and good",
            bind_now(&one(), std::slice::from_ref(&level)),
            &[Reference, Badges, JavaScript, Browser],
        ),
        case("a disclosure twice", bind_now(&one(), &[level.clone(), level.clone()]), &[JavaScript]),
        case("a disclosure too many", bind_now(&one(), &[level.clone(), other]), &[Reference, JavaScript]),
        case(
            "a digest twice",
            bind_now(&token(vec![digest(&level), digest(&level)]), std::slice::from_ref(&level)),
            &[JavaScript],
        ),
        case("a salt twice", several(&[level.clone(), again]), &[Reference, Badges, JavaScript]),
        case("a short salt", several(&[short]), &[Reference, Badges, JavaScript]),
        case("a claim open and disclosed", bind_now(&open, std::slice::from_ref(&level)), &[JavaScript]),
        case("a name of the issuer's", several(&[own]), &[Reference, JavaScript]),
        case("a huge disclosure", several(&[huge]), &[Reference, Badges, JavaScript]),
        case("very many disclosures", several(&many), &[Reference, Badges, JavaScript]),
    ]
}

fn lists() -> Vec<Case> {
    let good = || presented(now() + YEAR);
    let with = |name, list, takers| Case { list, ..case(name, good(), takers) };
    let others = IssuerKey::from_secret_bytes(&[8; 32]).unwrap();
    let elsewhere = list(&[], "https://jobs.example/hiring/status/2", &instance());
    let as_credential = good().split('~').next().unwrap().to_owned();
    let payload = || {
        json!({
            "sub": LIST, "iat": now() - 60, "exp": now() + 600, "ttl": 300,
            "status_list": { "bits": 1, "lst": forge::base64url(zlib(&[0; 4096])) },
        })
    };
    let sign = |payload: &Value| sign(&forge::header("statuslist+jwt"), payload, &INSTANCE);
    let signed = |member: &'static str, value: Value| {
        let mut payload = payload();
        payload[member] = value;
        sign(&payload)
    };
    let bits = |bits: u8, bytes: &[u8]| signed("status_list", json!({ "bits": bits, "lst": forge::base64url(bytes) }));
    vec![
        with("withdrawn", list(&[INDEX], LIST, &instance()), &[Reference]),
        with(
            "its neighbours withdrawn",
            list(&[INDEX - 1, INDEX + 1], LIST, &instance()),
            &[Reference, Badges, JavaScript, Browser],
        ),
        with("a list of another address", elsewhere, &[Reference, JavaScript]),
        with("a list by another key", list(&[], LIST, &others), &[Reference]),
        with("the credential as the list", as_credential, &[Reference]),
        with("a list of last week", signed("iat", (now() - 7 * 86_400).into()), &[Reference, Badges, JavaScript]),
        with("an expired list", signed("exp", (now() - 3_600).into()), &[Reference]),
        with("a list of two bits", bits(2, &zlib(&[0; 4096])), &[Reference, Badges, JavaScript]),
        with("a list larger than any", bits(1, &zlib(&vec![0; 1 << 20])), &[Reference, Badges, JavaScript]),
        with("a list that is too short", bits(1, &zlib(&[0; 8])), &[Reference]),
        with(
            "a list with a damaged end",
            bits(1, &{
                let mut bytes = zlib(&[0; 4096]);
                *bytes.last_mut().unwrap() ^= 1;
                bytes
            }),
            &[Reference],
        ),
        with(
            "a list with something behind it",
            bits(1, &[&zlib(&[0; 4096])[..], b"more"].concat()),
            &[Reference, Badges, JavaScript],
        ),
        with("a list that is cut", bits(1, &zlib(&[0; 4096])[..12]), &[Reference]),
        with("no list", String::new(), &[Reference]),
    ]
}

fn badges() -> Vec<Case> {
    let with = |name, token, takers| Case { kind: "badge", ..case(name, token, takers) };
    let good = badge(now() + YEAR);
    let middle = good.find('.').unwrap() + 40;
    let credential = issued(now() + YEAR).select(&[]).unwrap();
    let token = credential.split('~').next().unwrap().to_owned();
    vec![
        with("a good badge", good.clone(), &[Badges]),
        with("an expired badge", badge(now() - 3_600), &[]),
        with("a badge with a damaged signature", damaged(&good, good.len() - 40), &[]),
        with("a badge with damaged claims", damaged(&good, middle), &[]),
        with("a credential as a badge", token, &[]),
        with("a status list as a badge", list(&[], LIST, &instance()), &[]),
        with("a presentation as a badge", bind(&good, &[]), &[]),
    ]
}
