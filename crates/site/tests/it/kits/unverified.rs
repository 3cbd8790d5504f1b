//! The kit of a company that is not verified any more says why it shows nothing, and to each what they can do about it.

use super::{Talk, joined, section, shows};
use crate::browser::ADA;
use crate::checks::real;
use jobfuture_db::{Db, params};

const IDA: &str = "ida@acme.example";

jobfuture_testkit::both_engines! {
    async fn a_kit_that_shows_nothing_says_why_and_what_to_do_next(db: Db) {
        let site = real(db);
        let mut talk = Talk::at(&site).await;
        joined(&site, ADA).await;
        let with_ada = talk.with(ADA, 1).await;
        let (key, grant) = shows(&talk, ADA, "middle").await;
        let mut ida = talk.colleague(IDA, "Ida", "interviewer").await;
        talk.ask(with_ada, &[IDA]).await.is(303);
        let (kit, home) = (talk.kit(with_ada), format!("/companies/{}", talk.company));
        let proofs = format!("{home}/proofs");
        let whole = talk.carl.get(&kit).await;
        whole.is(200).has("at middle or above").has_not("id=\"unverified\"").has_not(&proofs);

        let verify = "update company set verified_until = $2 where id = $1";
        let (until,): (jiff::Timestamp,) =
            site.db.one("select verified_until from company where id = $1", params![talk.company]).await.unwrap();
        site.db.execute(verify, params![talk.company, site.clock.now()]).await.unwrap();
        let page = talk.carl.get(&kit).await;
        page.is(200).has("id=\"unverified\"").has("Acme is not verified at the moment").has_not("at middle or above");
        page.has(&format!("<a href=\"{proofs}\">See under “Proofs” what is missing</a>"));
        // Nothing is laid at the candidate's door.
        page.has_not("The candidate may have granted you no signal").has_not("shows Acme nothing of their profile");
        page.has("Nothing is shown to you while your company is not verified").has("Nothing, because Acme is not verified");
        assert!(section(page.text(), "ask", "task").contains("id=\"ask-django-models\""), "all of it is asked");
        let next = page.text().split("next-steps-heading\">").nth(2).unwrap();
        assert_eq!(next.split("href=\"").nth(1).unwrap().split('"').next().unwrap(), proofs, "the first thing to do");
        talk.carl.get(&proofs).await.is(200);
        // Who shows nothing for the company is told whom to ask.
        let page = ida.get(&kit).await;
        page.is(200).has("Ask an owner of Acme").has(&format!("<a href=\"{home}\">your company’s page</a>")).has_not(&proofs);
        ida.get(&home).await.is(200).has("is not verified");

        // Verified again, it is as before; and what the candidate takes back is said as that.
        site.db.execute(verify, params![talk.company, until]).await.unwrap();
        assert_eq!(talk.carl.get(&kit).await.is(200).text(), whole.text());
        site.disclosure.revoke_grant(key, grant).await.unwrap();
        let page = talk.carl.get(&kit).await;
        page.is(200).has_not("id=\"unverified\"").has("The candidate shows Acme nothing of their profile now");
    }
}
