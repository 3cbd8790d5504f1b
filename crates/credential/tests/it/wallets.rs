//! The file that a candidate keeps.

use crate::kit::*;
use jobfuture_credential::*;

fn file() -> WalletFile {
    WalletFile {
        credential: issued(&signal(), Decoys::Padded),
        issuer: Some((ISSUER.into(), keys())),
        status_list: Some(list(&[])),
    }
}

#[test]
fn a_file_comes_back_and_is_checked() {
    let text = file().write();
    assert_eq!(WalletFile::read(&text).unwrap(), file());
    // As some editors write it.
    let read = WalletFile::read(&text.replace('\n', "\r\n")).unwrap();
    assert_eq!(read, file());
    let keys = keys();
    for trust in [Trust::Issuer { address: ISSUER, keys: &keys }, Trust::AsEnclosed] {
        let seen = read.verify(trust, NOW).unwrap();
        assert_eq!(seen.signal.at_least, Some(signal().at_least));
        assert_eq!(seen.standing, Standing::Valid { as_of: NOW - 60 });
    }
    let bare = WalletFile { issuer: None, status_list: None, ..file() };
    let bare = WalletFile::read(&bare.write()).unwrap();
    assert!(matches!(bare.verify(Trust::AsEnclosed, NOW), Err(Error::Wallet(_))));
    let seen = bare.verify(Trust::Issuer { address: ISSUER, keys: &keys }, NOW).unwrap();
    assert_eq!(seen.standing, Standing::NotChecked);
}

#[test]
fn what_a_file_brings_along_does_not_replace_whom_one_trusts() {
    let mallory = IssuerKey::generate(&mut random(6));
    let others = IssuerKeys::new(mallory).key_set();
    let trusted = Trust::Issuer { address: ISSUER, keys: &others };
    assert!(matches!(file().verify(trusted, NOW), Err(Error::UnknownKey { .. })));
    let keys = keys();
    let elsewhere = Trust::Issuer { address: "https://other.example", keys: &keys };
    assert!(matches!(file().verify(elsewhere, NOW), Err(Error::Issuer { .. })));
}

#[test]
fn what_was_withdrawn_or_shown_to_somebody_is_refused() {
    let withdrawn = WalletFile { status_list: Some(list(&[INDEX])), ..file() };
    assert_eq!(withdrawn.verify(Trust::AsEnclosed, NOW), Err(Error::Revoked { index: INDEX }));
    let shown = WalletFile { credential: presented(), ..file() };
    assert_eq!(shown.verify(Trust::AsEnclosed, NOW), Err(Error::KeyBindingUnasked));
}

#[test]
fn what_is_no_wallet_file_is_refused() {
    let text = file().write();
    let (begin, end) = ("-----BEGIN CREDENTIAL-----", "-----END CREDENTIAL-----");
    for (what, wrong) in [
        ("empty", String::new()),
        ("another first line", text.replacen("format 1", "format 2", 1)),
        ("no credential", text.replace("CREDENTIAL-----", "SOMETHING-----")),
        ("no end", text.replace(end, "")),
        ("empty part", format!("{}\n{begin}\n\n{end}\n", text.lines().next().unwrap())),
        ("twice", format!("{text}{begin}\nx\n{end}\n")),
        ("too long", format!("{text}{}", " ".repeat(2 << 20))),
        ("damaged keys", text.replace("\"kty\":\"EC\"", "\"kty\":\"XX\"")),
    ] {
        assert!(WalletFile::read(&wrong).is_err(), "{what}");
    }
}
