//! Accounts and sessions as they stand in the database, on both engines.

use jiff::SignedDuration;
use jobfuture_db::{Clock, Db};
use jobfuture_site::Accounts;
use jobfuture_site::account::{EmailAddress, Letter, NewAccount, Passwords, Token};
use jobfuture_testkit::both_engines;

fn accounts(db: Db) -> (Accounts, Clock) {
    let clock = Clock::fixed("2026-11-22T10:00:00Z".parse().unwrap());
    (Accounts::new(db, clock.clone()).unwrap(), clock)
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn person(name: &str) -> NewAccount {
    NewAccount {
        email: email(&format!("{name}@example.org")),
        name: name.to_owned(),
        password: None,
        is_operator: false,
    }
}

both_engines! {
    async fn an_address_has_one_account(db: Db) {
        let (accounts, _) = accounts(db);
        let ada = accounts.create(person("ada")).await.unwrap().expect("made");
        assert_eq!(accounts.create(person("ada")).await.unwrap(), None);
        let (found, password) = accounts.by_email(&email("ADA@example.org ")).await.unwrap().unwrap();
        assert_eq!(found, ada);
        assert!(password.is_none());
        assert!(accounts.by_email(&email("ben@example.org")).await.unwrap().is_none());
    }

    async fn of_two_who_send_letters_each_is_sent_by_one(db: Db) {
        let (accounts, clock) = accounts(db);
        for number in 0..30 {
            let body = format!("Letter {number}");
            accounts.post(&Letter { to: email("ada@example.org"), subject: body.clone(), body }).await.unwrap();
        }
        let (one, other) = (accounts.clone(), accounts.clone());
        let takes = [tokio::spawn(async move { one.take_letters(20).await }), tokio::spawn(async move { other.take_letters(20).await })];
        let mut taken = Vec::new();
        for take in takes {
            taken.extend(take.await.unwrap().unwrap());
        }
        taken.extend(accounts.take_letters(20).await.unwrap());
        let mut bodies: Vec<String> = taken.iter().map(|letter| letter.body.clone()).collect();
        bodies.sort();
        bodies.dedup();
        assert_eq!((taken.len(), bodies.len()), (30, 30));
        // One is sent, one is not taken by the server, and of the others nobody knows: whoever had them has died.
        accounts.letter_was_sent(&taken[0], None).await.unwrap();
        accounts.letter_was_sent(&taken[1], Some("451 later")).await.unwrap();
        clock.advance(SignedDuration::from_mins(1));
        let again = accounts.take_letters(50).await.unwrap();
        assert_eq!(again.iter().map(|letter| letter.id).collect::<Vec<_>>(), [taken[1].id]);
        clock.advance(SignedDuration::from_mins(14));
        assert_eq!(accounts.take_letters(50).await.unwrap().len(), 28);
    }

    async fn a_session_is_one_persons_and_ends_when_it_should(db: Db) {
        let (accounts, clock) = accounts(db);
        let ada = accounts.create(NewAccount { is_operator: true, ..person("ada") }).await.unwrap().unwrap();
        let token = accounts.sign_in(ada, "Firefox on Linux", "password").await.unwrap();
        let session = accounts.session(&token).await.unwrap().unwrap();
        assert_eq!((session.owner().account(), session.name(), session.is_operator()), (ada, "ada", true));
        assert!(accounts.session(&Token::random().unwrap()).await.unwrap().is_none(), "another token is nobody's");

        assert!(session.is_recent(clock.now()));
        clock.advance(SignedDuration::from_mins(11));
        assert!(!accounts.session(&token).await.unwrap().unwrap().is_recent(clock.now()));
        accounts.proved_again(&session).await.unwrap();
        assert!(accounts.session(&token).await.unwrap().unwrap().is_recent(clock.now()));

        // In use every ten days it lives, but not beyond sixty.
        for _ in 0..5 {
            clock.advance(SignedDuration::from_hours(10 * 24));
            assert!(accounts.session(&token).await.unwrap().is_some());
        }
        clock.advance(SignedDuration::from_hours(10 * 24));
        assert!(accounts.session(&token).await.unwrap().is_none(), "sixty days are over");

        let idle = accounts.sign_in(ada, "Firefox on Linux", "password").await.unwrap();
        clock.advance(SignedDuration::from_hours(14 * 24 + 1));
        assert!(accounts.session(&idle).await.unwrap().is_none(), "nobody used it for fourteen days");
        assert!(accounts.sessions(session.owner()).await.unwrap().is_empty(), "what has ended is gone");
    }

    async fn only_its_owner_ends_a_session(db: Db) {
        let (accounts, _) = accounts(db);
        let ada = accounts.create(person("ada")).await.unwrap().unwrap();
        let ben = accounts.create(person("ben")).await.unwrap().unwrap();
        let (one, two) = (
            accounts.sign_in(ada, "Firefox on Linux", "password").await.unwrap(),
            accounts.sign_in(ada, "Safari on an iPhone", "passkey").await.unwrap(),
        );
        let bens = accounts.sign_in(ben, "Chrome on Windows", "password").await.unwrap();
        let session = |token: Token| { let accounts = accounts.clone(); async move { accounts.session(&token).await.unwrap() } };
        let (first, second) = (session(one.clone()).await.unwrap(), session(two.clone()).await.unwrap());
        let ben = session(bens.clone()).await.unwrap();

        assert!(!accounts.end_session(ben.owner(), first.id()).await.unwrap(), "it is not his");
        assert_eq!(accounts.sessions(first.owner()).await.unwrap().len(), 2);
        assert_eq!(accounts.end_other_sessions(first.owner(), first.id()).await.unwrap(), 1);
        assert!(session(two).await.is_none() && session(one.clone()).await.is_some());
        assert!(session(bens).await.is_some(), "his own goes on");
        assert!(!accounts.end_session(first.owner(), second.id()).await.unwrap(), "it has ended already");
        assert!(accounts.end_session(first.owner(), first.id()).await.unwrap());
        assert!(session(one).await.is_none());
    }

    async fn a_new_password_ends_the_other_sessions(db: Db) {
        let (accounts, _) = accounts(db);
        let ada = accounts.create(person("ada")).await.unwrap().unwrap();
        let here = accounts.sign_in(ada, "Firefox on Linux", "password").await.unwrap();
        let there = accounts.sign_in(ada, "Somebody else's", "password").await.unwrap();
        let session = accounts.session(&here).await.unwrap().unwrap();
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("ferry orchard lantern".into()).await.unwrap();
        accounts.set_password(session.owner(), hash, Some(session.id())).await.unwrap();
        assert!(accounts.session(&here).await.unwrap().is_some());
        assert!(accounts.session(&there).await.unwrap().is_none());
        let (_, stored) = accounts.by_email(&email("ada@example.org")).await.unwrap().unwrap();
        assert!(passwords.is_right("ferry orchard lantern".into(), stored).await.unwrap());
    }

    async fn a_browser_is_known_to_the_account_that_it_was_signed_in_to(db: Db) {
        let (accounts, _) = accounts(db);
        let ada = accounts.create(person("ada")).await.unwrap().unwrap();
        let ben = accounts.create(person("ben")).await.unwrap().unwrap();
        let browser = accounts.know_browser(ada).await.unwrap();
        assert!(accounts.is_known_browser(ada, &browser).await.unwrap());
        assert!(!accounts.is_known_browser(ben, &browser).await.unwrap());
    }
}
