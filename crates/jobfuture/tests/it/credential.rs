//! `jobfuture credential verify`: what is good, what is refused, and what cannot be read.

use crate::run;
use jobfuture_credential::*;
use jobfuture_db::Clock;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

const ISSUER: &str = "https://jobs.example";

/// Files of one credential in a folder: wallet file, proof, the issuer's metadata, status list.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let mut random = ChaCha20Rng::seed_from_u64(3);
        let (key, holder) = (IssuerKey::generate(&mut random), HolderKey::generate(&mut random));
        let now = Clock::system().now().as_second();
        let status = StatusPlace { uri: format!("{ISSUER}/credentials/status/1"), index: 5 };
        let named = |id: &str| Named { id: Id::new(id).unwrap(), name: Label::new("Django developer").unwrap() };
        let word = |text: &str| LevelWord::new(text).unwrap();
        let signal = Signal {
            role: named("django-developer"),
            at_least: Level { id: word("middle"), name: word("Middle") },
            condition: Condition::Unaided {},
            competencies: Vec::new(),
            behaviours: Vec::new(),
            taken_on: Date::new("2026-11-20").unwrap(),
            versions: Vec::new(),
        };
        let grant = Grant {
            issuer: ISSUER,
            holder: holder.public(),
            issued_at: now - 100,
            expires_at: now + 86_400,
            status: &status,
            signal: &signal,
            decoys: Decoys::None,
        };
        let credential = grant.issue(&key, &mut random).unwrap();
        let keys = IssuerKeys::new(key);
        let list = |withdrawn: bool| {
            let mut list = StatusList::new(1 << 10).unwrap();
            if withdrawn {
                list.set(5, Status::Revoked).unwrap();
            }
            let about = Publication { uri: &status.uri, issued_at: now, expires_at: now + 3_600, keep_for: 300 };
            list.token(keys.signing(), about).unwrap()
        };
        let issuer = Some((ISSUER.to_owned(), keys.key_set()));
        let wallet = WalletFile { credential: credential.clone(), issuer, status_list: Some(list(false)) };
        let held = Held::read(&credential).unwrap();
        let request = Request { audience: "https://acme.example", nonce: "a nonce of ours", now };
        let proof = held.present(&held.facts(), &holder, request).unwrap();
        let files = Self { folder: tempfile::tempdir().unwrap() };
        files.write("wallet.txt", &wallet.write());
        files.write("proof.txt", &proof);
        files.write("metadata.json", &keys.metadata(ISSUER).to_string());
        files.write("withdrawn.jwt", &list(true));
        files
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn verify(&self, name: &str, more: &[&str]) -> (i32, String) {
        let path = self.path(name);
        run(&[&["credential", "verify", &path], more].concat())
    }
}

#[test]
fn a_wallet_file_is_checked_with_its_own_keys_and_with_those_of_the_issuer() {
    let files = Files::new();
    let (code, said) = files.verify("wallet.txt", &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Middle or above") && said.contains("keys that came with it"), "{said}");
    assert!(said.contains("Whoever wrote the file"), "{said}");
    let metadata = files.path("metadata.json");
    let (code, said) = files.verify("wallet.txt", &["--issuer", ISSUER, "--metadata", &metadata]);
    assert!(code == 0 && said.contains("Good.") && said.contains("Not withdrawn"), "{said}");
    let (code, said) = files.verify("wallet.txt", &["--issuer", ISSUER, "--metadata", &metadata, "--json"]);
    assert!(code == 0 && said.contains("\"keys\": \"issuer\"") && said.contains("\"accepted\": true"), "{said}");
    let (code, said) = files.verify("wallet.txt", &["--issuer", "https://other.example", "--metadata", &metadata]);
    assert!(code == 2 && said.contains("does not hold the keys of https://other.example"), "{said}");
}

#[test]
fn what_was_withdrawn_or_damaged_is_refused() {
    let files = Files::new();
    let withdrawn = files.path("withdrawn.jwt");
    let (code, said) = files.verify("wallet.txt", &["--status-list", &withdrawn]);
    assert!(code == 1 && said.contains("Refused:"), "{said}");
    let text = std::fs::read_to_string(files.path("wallet.txt")).unwrap();
    let at = text.find("~").unwrap() - 6;
    let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
    files.write("damaged.txt", &format!("{}{other}{}", &text[..at], &text[at + 1..]));
    let (code, said) = files.verify("damaged.txt", &["--json"]);
    assert!(code == 1 && said.contains("\"accepted\":false"), "{said}");
}

#[test]
fn a_proof_answers_one_request() {
    let files = Files::new();
    let (metadata, withdrawn) = (files.path("metadata.json"), files.path("withdrawn.jwt"));
    let with = |audience: &str, nonce: &str, more: &[&str]| {
        let keys = ["--issuer", ISSUER, "--metadata", &metadata, "--audience", audience, "--nonce", nonce];
        files.verify("proof.txt", &[&keys[..], more].concat())
    };
    let (code, said) = with("https://acme.example", "a nonce of ours", &[]);
    assert!(code == 0 && said.contains("It answers your request"), "{said}");
    assert_eq!(with("https://acme.example", "another nonce", &[]).0, 1);
    assert_eq!(with("https://other.example", "a nonce of ours", &[]).0, 1);
    assert_eq!(with("https://acme.example", "a nonce of ours", &["--status-list", &withdrawn]).0, 1);
    let (code, said) = files.verify("proof.txt", &[]);
    assert!(code == 2 && said.contains("no keys in it"), "{said}");
}

#[test]
fn what_is_no_credential_is_told() {
    let files = Files::new();
    files.write("letter.txt", "Dear company,\nI am very good.\n");
    files.write("huge.txt", &"x".repeat(5 << 20));
    for (name, says) in
        [("letter.txt", "no wallet file"), ("huge.txt", "larger than any"), ("none.txt", "cannot be read")]
    {
        let (code, said) = files.verify(name, &[]);
        assert!(code == 2 && said.contains(says), "{name}: {said}");
    }
}
