//! Whoever is asked to talk to a candidate hears of it: by a letter that says nothing, once, and while it is still so.

use super::{Talk, account, joined};
use crate::browser::ADA;
use crate::checks::real;
use crate::introductions::letters_to;
use jiff::SignedDuration;
use jobfuture_db::{Db, params};
use jobfuture_site::introduction::Wound;

const IDA: &str = "ida@acme.example";
const IAN: &str = "ian@acme.example";
const BEN: &str = "ben@example.org";

async fn an_hour_passes(talk: &Talk<'_>) -> Wound {
    talk.site.clock.advance(SignedDuration::from_mins(60));
    talk.site.site.introductions().wind().await.unwrap()
}

jobfuture_testkit::both_engines! {
    async fn whoever_is_asked_gets_one_letter_that_says_nothing(db: Db) {
        let site = real(db);
        let mut talk = Talk::at(&site).await;
        joined(&site, ADA).await;
        joined(&site, BEN).await;
        let (with_ada, with_ben) = (talk.with(ADA, 1).await, talk.with(BEN, 2).await);
        let mut ida = talk.colleague(IDA, "Ida", "interviewer").await;
        talk.colleague(IAN, "Ian", "interviewer").await;
        talk.ask(with_ada, &[IDA, "carl@acme.example"]).await.is(303);
        let letters = letters_to(&site, IDA).await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        let path = talk.kit(with_ada);
        assert!(letters[0].1.contains(&format!("\n{path} of this site\n")), "{letters:?}");
        for word in ["Acme", "Ada", "Django", "book shop", "interview", "sheet"] {
            assert!(!letters[0].0.contains(word) && !letters[0].1.contains(word), "{word} in {letters:?}");
        }
        let page = ida.get(&path).await;
        page.is(200).has("An interview kit").has("goes on until 6 December 2026").has("Your sheet");
        assert!(letters_to(&site, "carl@acme.example").await.is_empty(), "who asks themselves knows");
        assert!(letters_to(&site, IAN).await.is_empty());

        // Who is asked already is not written to again, nor is anybody when the form is refused.
        talk.ask(with_ada, &[IDA]).await.is(303);
        assert_eq!(an_hour_passes(&talk).await.letters, 0);
        let others: Vec<String> = (0..8).map(|at| format!("colleague-{at}@acme.example")).collect();
        for other in &others {
            talk.colleague(other, "Somebody", "interviewer").await;
        }
        let too_many: Vec<&str> = others.iter().map(String::as_str).chain([IAN, IDA]).collect();
        talk.ask(with_ada, &too_many).await.is(422).has("At most 8");
        assert_eq!((letters_to(&site, IDA).await.len(), letters_to(&site, IAN).await.len()), (1, 0));

        // Asked to two within an hour: one letter, and the other when the hour is over.
        talk.ask(with_ada, &[IDA, IAN]).await.is(303);
        talk.ask(with_ben, &[IAN]).await.is(303);
        assert_eq!(letters_to(&site, IAN).await.len(), 1);
        assert_eq!(an_hour_passes(&talk).await.letters, 1);
        let letters = letters_to(&site, IAN).await;
        assert!(letters.len() == 2 && letters.iter().any(|letter| letter.1.contains(&talk.kit(with_ben))), "{letters:?}");
        assert_eq!(an_hour_passes(&talk).await, Wound::default());
    }

    async fn who_is_not_asked_any_more_is_not_written_to(db: Db) {
        let site = real(db);
        let mut talk = Talk::at(&site).await;
        let mut ada = joined(&site, ADA).await;
        joined(&site, BEN).await;
        joined(&site, "cleo@example.org").await;
        let (with_ada, with_ben) = (talk.with(ADA, 1).await, talk.with(BEN, 2).await);
        let with_cleo = talk.with("cleo@example.org", 3).await;
        for (email, name) in [(IDA, "Ida"), (IAN, "Ian"), ("una@acme.example", "Una")] {
            talk.colleague(email, name, "interviewer").await;
        }
        let all = [IDA, IAN, "una@acme.example"];
        talk.ask(with_ben, &all).await.is(303);
        talk.ask(with_ada, &all).await.is(303);
        // Within the hour Ian leaves the company, Una is taken out, and Ida's conversation ends; she is asked to another.
        let ian = account(&site, IAN).await;
        site.db.execute("delete from company_member where account = $1", params![ian]).await.unwrap();
        talk.ask(with_ada, &[IDA]).await.is(303);
        site.clock.advance(SignedDuration::from_mins(1));
        talk.ask(with_cleo, &[IDA]).await.is(303);
        ada.post(&format!("/introductions/{with_ada}/withdraw"), &[("version", "2")]).await.is(303);
        assert_eq!(an_hour_passes(&talk).await.letters, 1);
        let counts = [letters_to(&site, IDA).await.len(), letters_to(&site, IAN).await.len(), letters_to(&site, all[2]).await.len()];
        assert_eq!(counts, [2, 1, 1]);
        assert!(letters_to(&site, IDA).await.iter().any(|letter| letter.1.contains(&talk.kit(with_cleo))));
        assert_eq!(an_hour_passes(&talk).await, Wound::default());
        // Whoever has asked for their account to be deleted is not written to at all.
        let una = account(&site, all[2]).await;
        site.db.execute("update account set leaves_at = $2 where id = $1", params![una, site.clock.now()]).await.unwrap();
        talk.ask(with_cleo, &[IDA, all[2]]).await.is(303);
        assert_eq!(letters_to(&site, all[2]).await.len(), 1);
    }
}
