//! Credentials of grants: one each, good while the grant is, refused afterwards.

use super::kit::World;
use crate::{Asked, Audience, Fact, Issuer, OwnerKey};
use jobfuture_credential::{
    Binding, Error as Fault, Revocation, Standing, Trust, Verified, Verifier, WalletFile, read_metadata,
};
use jobfuture_db::Db;
use uuid::Uuid;

const ACME: u128 = 100;

fn issuer() -> Issuer {
    Issuer { address: "https://jobs.example.org".into(), name: "JobFuture".into() }
}

fn ask(nonce: &str) -> Asked<'_> {
    Asked { audience: "https://company-100.example", nonce }
}

/// What a company finds that checks a proof with what the instance publishes.
async fn verify(world: &World, shown: &str, asked: Asked<'_>) -> Result<Verified, Fault> {
    let text = world.disclosure.issuer_metadata(&issuer()).await.unwrap().to_string();
    let keys = read_metadata(&text, &issuer().address).unwrap();
    let list = world.disclosure.status_list(&issuer()).await.unwrap();
    let verifier = Verifier { issuer: &issuer().address, keys: &keys, now: world.clock.now().as_second() };
    let binding = Binding::Required { audience: asked.audience, nonce: asked.nonce };
    verifier.credential(shown, binding, Revocation::List(&list))
}

async fn proof(world: &World, member: OwnerKey, nonce: &str) -> Option<String> {
    let viewer = world.viewer(member).await;
    let name = world.list(member).await.first()?.name();
    world.disclosure.prove_to(&viewer, name, 0, ask(nonce), &issuer()).await.unwrap()
}

jobfuture_testkit::both_engines! {
    async fn a_company_checks_a_proof_by_itself_until_the_grant_is_revoked(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        let signal = world.signal(ada, "middle").await;
        let grant = world.grant(ada, Audience::Company(Uuid::from_u128(ACME)), &[Fact::Signal(signal)]).await;
        let shown = proof(&world, member, "n-1").await.unwrap();
        let found = verify(&world, &shown, ask("n-1")).await.unwrap();
        assert_eq!(found.signal.at_least.unwrap().name.as_str(), "middle");
        assert!(matches!(found.standing, Standing::Valid { .. }));
        assert!(verify(&world, &shown, ask("n-2")).await.is_err(), "it answers one request");
        let views = world.disclosure.views(ada, 9).await.unwrap();
        assert!(views.iter().any(|view| view.through == "credential"));
        let wallet = world.disclosure.wallet_file(ada, grant, signal, &issuer()).await.unwrap().unwrap();
        let file = WalletFile::read(&wallet).unwrap();
        file.verify(Trust::AsEnclosed, world.clock.now().as_second()).unwrap();
        // It is another credential than the company's: whoever has one cannot tell whose the other is.
        assert!(!shown.starts_with(file.credential.split('~').next().unwrap()));

        world.disclosure.revoke_grant(ada, grant).await.unwrap();
        assert!(matches!(verify(&world, &shown, ask("n-1")).await, Err(Fault::Revoked { .. })));
        assert!(proof(&world, member, "n-3").await.is_none());
        assert!(world.disclosure.wallet_file(ada, grant, signal, &issuer()).await.unwrap().is_none());
    }

    async fn two_grants_have_nothing_in_common_that_could_be_compared(db: Db) {
        let world = World::on(db).await;
        let (ada, one, other) = (world.person(1).await, world.company(ACME).await, world.company(200).await);
        let signal = world.signal(ada, "middle").await;
        world.grant(ada, Audience::Company(Uuid::from_u128(ACME)), &[Fact::Signal(signal)]).await;
        world.grant(ada, Audience::Company(Uuid::from_u128(200)), &[Fact::Signal(signal)]).await;
        let (mine, theirs) = (proof(&world, one, "n").await.unwrap(), proof(&world, other, "n").await.unwrap());
        let parts = |text: &str| text.split('~').map(str::to_owned).collect::<Vec<_>>();
        for part in parts(&mine).iter().filter(|part| !part.is_empty()) {
            assert!(!parts(&theirs).contains(part));
        }
    }

    async fn companies_of_one_pool_have_nothing_in_common_either(db: Db) {
        let world = World::on(db).await;
        let (ada, one, other) = (world.person(1).await, world.company(ACME).await, world.company(200).await);
        let signal = world.signal(ada, "middle").await;
        let grant = world.grant(ada, Audience::Pool { role: "django-developer".into() }, &[Fact::Signal(signal)]).await;
        let (mine, theirs) = (proof(&world, one, "n").await.unwrap(), proof(&world, other, "n").await.unwrap());
        let wallet = world.disclosure.wallet_file(ada, grant, signal, &issuer()).await.unwrap().unwrap();
        for part in mine.split('~').filter(|part| !part.is_empty()) {
            assert!(!theirs.contains(part) && !wallet.contains(part));
        }
        // All of them end with the one grant.
        world.disclosure.revoke_grant(ada, grant).await.unwrap();
        assert!(verify(&world, &mine, ask("n")).await.is_err() && verify(&world, &theirs, ask("n")).await.is_err());
    }

    async fn what_was_withdrawn_stays_so_until_its_last_moment(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        let signal = world.signal(ada, "middle").await;
        let grant = world.grant(ada, Audience::Company(Uuid::from_u128(ACME)), &[Fact::Signal(signal)]).await;
        let shown = proof(&world, member, "n").await.unwrap();
        world.disclosure.revoke_grant(ada, grant).await.unwrap();
        // The grant was for thirty days from ten in the morning; the credential says: until midnight.
        for hours in [24 * 30 - 1, 2, 10, 48] {
            world.clock.advance(jiff::SignedDuration::from_hours(hours));
            world.disclosure.sweep().await.unwrap();
            assert!(verify(&world, &shown, ask("n")).await.is_err(), "{hours}");
        }
    }

    async fn a_credential_of_a_retired_key_is_issued_anew(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        let signal = world.signal(ada, "middle").await;
        world.grant(ada, Audience::Company(Uuid::from_u128(ACME)), &[Fact::Signal(signal)]).await;
        let badge = world.disclosure.badge(ada, signal, &issuer()).await.unwrap().unwrap();
        let before = proof(&world, member, "n").await.unwrap();
        world.disclosure.rotate_issuer_key().await.unwrap();
        world.disclosure.retire_issuer_key().await.unwrap();
        let after = proof(&world, member, "n").await.unwrap();
        assert_ne!(before.split('~').next(), after.split('~').next());
        verify(&world, &after, ask("n")).await.unwrap();
        assert_ne!(world.disclosure.badge(ada, signal, &issuer()).await.unwrap().unwrap(), badge);
    }

    async fn a_withdrawn_signal_takes_its_credentials_and_badge_along(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        let signal = world.signal(ada, "middle").await;
        world.grant(ada, Audience::Company(Uuid::from_u128(ACME)), &[Fact::Signal(signal)]).await;
        let shown = proof(&world, member, "n").await.unwrap();
        let badge = world.disclosure.badge(ada, signal, &issuer()).await.unwrap().unwrap();
        assert_eq!(world.disclosure.badge(ada, signal, &issuer()).await.unwrap().as_deref(), Some(badge.as_str()));
        let keys = world.disclosure.issuer_keys().await.unwrap().key_set();
        let verifier = Verifier { issuer: &issuer().address, keys: &keys, now: world.clock.now().as_second() };
        let list = world.disclosure.status_list(&issuer()).await.unwrap();
        verifier.badge(&badge, Revocation::List(&list)).unwrap();
        world.disclosure.withdraw_signal(ada, signal).await.unwrap();
        assert!(matches!(verify(&world, &shown, ask("n")).await, Err(Fault::Revoked { .. })));
        let list = world.disclosure.status_list(&issuer()).await.unwrap();
        assert!(matches!(verifier.badge(&badge, Revocation::List(&list)), Err(Fault::Revoked { .. })));
        assert!(world.disclosure.badge(ada, signal, &issuer()).await.unwrap().is_none());
    }

    async fn keys_are_rotated_and_what_the_one_before_signed_stays_good_until_it_is_retired(db: Db) {
        let world = World::on(db).await;
        let (ada, member) = (world.person(1).await, world.company(ACME).await);
        let signal = world.signal(ada, "middle").await;
        world.grant(ada, Audience::Company(Uuid::from_u128(ACME)), &[Fact::Signal(signal)]).await;
        let shown = proof(&world, member, "n").await.unwrap();
        world.disclosure.rotate_issuer_key().await.unwrap();
        verify(&world, &shown, ask("n")).await.unwrap();
        assert!(world.disclosure.rotate_issuer_key().await.is_err(), "two live keys at most");
        world.disclosure.retire_issuer_key().await.unwrap();
        assert!(verify(&world, &shown, ask("n")).await.is_err());
    }
}
