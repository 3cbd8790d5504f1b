//! What is said in an open conversation, and how it ends; as browsers do it.

use crate::browser::{ADA, Browser};
use crate::pretend::Pretend;
use crate::showing::{company, operator};
use crate::site::{Answer, TestSite};
use crate::vacancies::{of, publish, version};
use jiff::SignedDuration;
use jobfuture_db::{Db, params};
use jobfuture_site::{Practice, SiteConfig, routes};
use std::sync::Arc;
use uuid::Uuid;

pub const TITLE: &str = "Django developer for a book shop";

pub fn a_site(db: Db) -> TestSite {
    let config = SiteConfig { base_url: Some("https://jobs.example.org".to_owned()), ..SiteConfig::default() };
    TestSite::on_real_content(config, db, Practice::On(Arc::new(Pretend)))
}

/// A candidate and somebody of a company who have both said yes.
pub struct Two<'s> {
    pub site: &'s TestSite,
    pub ada: Browser<'s>,
    pub carl: Browser<'s>,
    pub edna: Browser<'s>,
    /// The conversation's page, for the candidate.
    pub mine: String,
    /// For the company.
    pub theirs: String,
    pub id: Uuid,
    /// What the candidate granted for it.
    pub grant: String,
}

pub async fn two(site: &TestSite) -> Two<'_> {
    let mut edna = operator(site).await;
    let (mut carl, candidates) = company(site, &mut edna).await;
    carl.post("/account/name", &[("name", "Carl")]).await.is(303);
    publish(&mut carl, &of(&candidates), &[]).await;
    let mut ada = Browser::new(site);
    ada.join(ADA).await;
    ada.post("/profile/fields/headline", &[("0.headline", "Django and databases")]).await.is(303);
    ada.post("/profile/fields/name", &[("0.name", "Ada Lovelace")]).await.is(303);
    ada.post("/profile/fields/handle", &[("0.handle", "adal")]).await.is(303);
    let company = candidates.split('/').nth(2).unwrap().to_owned();
    let facts =
        [("to", "company"), ("company", company.as_str()), ("fact", "field:name"), ("purpose", "It"), ("days", "30")];
    let grant = ada.post("/grants/new", &facts).await.is(303).header("location").to_owned();
    let id = Uuid::from_u128(0x7a1c);
    open(site, id, Some(&grant)).await;
    let (mine, theirs) = (format!("/introductions/{id}"), format!("/companies/{company}/introductions/{id}"));
    Two { site, ada, carl, edna, mine, theirs, id, grant }
}

/// Both have said yes, as the steps before write it down.
pub async fn open(site: &TestSite, id: Uuid, grant: Option<&str>) {
    let now = site.clock.now();
    let due = now.checked_add(SignedDuration::from_hours(14 * 24)).unwrap();
    let sql = "select v.company, a.id from vacancy v, account a where v.state = 'open' and a.email = $1";
    let (company, account): (Uuid, Uuid) = site.db.one(sql, params![ADA]).await.unwrap();
    site.db
        .execute(
            "insert into introduction (id, account, company, vacancy, terms, begun_by, stage, turn, due_at, questions, made_at,
               changed_at, opened_at, version, slot)
             select $1, $2, company, id, terms, 'candidate', 'open', 'company', $3, 0, $4, $4, $4, 1, $5 from vacancy where state = 'open'",
            params![id, account, due, now, format!("{company} {account}")],
        )
        .await
        .unwrap();
    let Some(grant) = grant else { return };
    let grant = Uuid::try_parse(grant.rsplit('/').next().unwrap()).unwrap();
    let sql = "insert into introduction_grant (introduction, grant_id) values ($1, $2)";
    site.db.execute(sql, params![id, grant]).await.unwrap();
}

impl Two<'_> {
    pub fn wait(&self, minutes: i64) {
        self.site.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub async fn ada_says(&mut self, text: &str) -> Answer {
        self.ada.post(&format!("{}/lines", self.mine), &[("text", text)]).await
    }

    pub async fn carl_says(&mut self, text: &str) -> Answer {
        self.carl.post(&format!("{}/lines", self.theirs), &[("text", text)]).await
    }

    async fn lines(&self) -> i64 {
        let sql = "select count(*) from introduction_line where introduction = $1";
        let (count,): (i64,) = self.site.db.one(sql, params![self.id]).await.unwrap();
        count
    }

    async fn turn(&self) -> (Option<String>, jiff::Timestamp) {
        self.site.db.one("select turn, due_at from introduction where id = $1", params![self.id]).await.unwrap()
    }

    pub async fn letters_to(&self, email: &str) -> Vec<(String, String)> {
        let letters = self.site.accounts.outbox(200).await.unwrap();
        let theirs = letters.into_iter().filter(|letter| letter.recipient == email);
        theirs.map(|letter| (letter.subject, letter.body)).collect()
    }
}

jobfuture_testkit::both_engines! {
    async fn two_write_to_each_other(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        let sent = two.carl_says("Good morning,\n\nsee https://acme.example/team (and http://acme.example/how?a=1&b=2).").await;
        assert_eq!(sent.is(303).header("location"), format!("{}#line-1", two.theirs));
        let page = two.ada.get(&two.mine).await;
        page.is(200).has("id=\"line-1\"").has("Carl at Acme").has("New").has("Sunday 22 November 2026");
        page.has("Good morning,<br><br>see <a href=\"https://acme.example/team\" rel=\"noopener nofollow ugc\">https://acme.example/team</a> (and");
        page.has("<a href=\"http://acme.example/how?a=1&#38;b=2\" rel=\"noopener nofollow ugc\">http://acme.example/how?a=1&#38;b=2</a>).");
        assert_eq!(page.header("cache-control"), "no-store");
        two.ada.get(&two.mine).await.has_not("<strong class=\"talk-new\">");

        // Scripts are read, and what only looks like an address is none.
        let text = "<script>alert(1)</script> <img src=x onerror=alert(2)> javascript:alert(3) https://bank.example@evil.example/";
        two.ada_says(text).await.is(303);
        let page = two.carl.get(&two.theirs).await;
        page.has("Ada Lovelace").has("&#60;script&#62;alert(1)&#60;/script&#62;").has_not("<script>alert").has_not("<img src=x");
        page.has_not("href=\"javascript:").has_not("href=\"https://bank").has(">New<");
        two.ada.get(&two.mine).await.has("<strong>You</strong>").has_not("<script>alert");

        // Whose turn it is: a second line in a row gives nobody more time.
        let before = two.turn().await;
        assert_eq!(before.0.as_deref(), Some("company"), "Ada answered what Carl wrote");
        two.wait(60);
        two.ada_says("And another thing").await.is(303);
        assert_eq!(two.turn().await, before);
        two.carl_says("Thank you").await.is(303);
        assert_eq!(two.turn().await.0.as_deref(), Some("candidate"));
        two.ada.get(&two.mine).await.has("It is your turn, until 6 December 2026, 11:00 UTC");

        // What was written is nowhere in the database as it was.
        let sealed: Vec<(Vec<u8>,)> = site.db.all("select sealed from introduction_line where sealed is not null", &[]).await.unwrap();
        assert!(sealed.len() == 4 && sealed.iter().all(|(bytes,)| !String::from_utf8_lossy(bytes).contains("alert")));
    }

    async fn what_is_not_taken_stands_there_with_the_reason(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        two.ada_says("pay\u{202e}load & more").await.is(422).has("cannot be seen (U+202E)").has("load &#38; more").has("aria-invalid=\"true\"");
        two.ada_says("zero\u{200b}width").await.is(422).has("U+200B");
        two.ada_says(" \n ").await.is(422).has("Write something first");
        two.carl_says(&format!("{}end", "x".repeat(4_000))).await.is(422).has("This has 4003 characters").has("xend</textarea>");
        assert_eq!(two.lines().await, 0);
        two.ada_says(&"ü".repeat(4_000)).await.is(303);
        let there = two.ada.get(&format!("{}/lines", two.mine)).await;
        assert_eq!(there.is(303).header("location"), two.mine);
    }

    async fn a_click_too_many_is_one_line_and_a_flood_is_stopped(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        let first = two.ada_says("The same").await.is(303).header("location").to_owned();
        let again = two.ada_says("The same").await.is(303).header("location").to_owned();
        assert_eq!((first, two.lines().await), (again, 1));
        two.carl_says("The same").await.is(303);
        assert_eq!(two.lines().await, 2, "another side's is another line");
        two.wait(2);
        two.ada_says("The same").await.is(303);
        assert_eq!(two.lines().await, 3, "somebody may say a thing again");
        for nth in 0..28 {
            two.ada_says(&format!("Line {nth}")).await.is(303);
        }
        let refused = two.ada_says("One too many").await;
        refused.is(429).has("30 lines within an hour").has("after 22 November 2026, 11:00 UTC").has("One too many</textarea>");
        two.carl_says("Slowly").await.is(303);
        assert_eq!(two.lines().await, 32);
        two.wait(59);
        two.ada_says("One too many").await.is(303);
        // And not many times in a day either.
        let mut sent = 31;
        while sent < 200 {
            two.wait(3);
            two.ada_says(&format!("Another {sent}")).await.is(303);
            sent += 1;
        }
        two.wait(3);
        two.ada_says("One too many").await.is(429).has("200 lines within a day");
    }

    async fn a_long_conversation_is_read_from_its_end(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        for nth in 1..=120 {
            two.wait(5);
            two.carl_says(&format!("Number {nth}.")).await.is(303);
        }
        let page = two.ada.get(&two.mine).await;
        page.is(200).has("Number 120.").has("Number 71.").has_not("Number 70.").has("?before=71#talk");
        let page = two.ada.get(&format!("{}?before=71", two.mine)).await;
        page.has("Number 70.").has("Number 21.").has_not("Number 20.").has_not("Number 71.").has("?before=21#talk").has("The latest lines");
        let page = two.ada.get(&format!("{}?before=21", two.mine)).await;
        page.has("Number 1.").has_not("Earlier lines");
        two.ada.get(&format!("{}?before=x&zone=%ff", two.mine)).await.is(422);
        two.ada.get(&format!("{}?before=-4", two.mine)).await.is(200).has("Number 120.");
    }

    async fn letters_say_that_there_is_something_and_not_what(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        let introductions = site.site.introductions().clone();
        let before = (two.letters_to(ADA).await.len(), two.letters_to("carl@acme.example").await.len());
        two.carl_says("Unmistakable lantern").await.is(303);
        two.wait(9);
        assert_eq!(introductions.tell_of_lines().await.unwrap(), 0, "more may be coming");
        two.carl_says("Unmistakable ferry").await.is(303);
        two.wait(1);
        let (one, other) = tokio::join!(introductions.tell_of_lines(), introductions.tell_of_lines());
        assert_eq!(one.unwrap() + other.unwrap(), 1);
        let letters = two.letters_to(ADA).await;
        assert_eq!(letters.len(), before.0 + 1);
        let (subject, body) = &letters[0];
        assert!(body.contains(&two.mine), "{body}");
        for secret in ["Unmistakable", "Carl", "Acme", "Ada", TITLE, "Django"] {
            assert!(!subject.contains(secret) && !body.contains(secret), "{secret}: {subject} {body}");
        }
        // Until they have looked there is no other.
        two.wait(24 * 60);
        two.carl_says("And another").await.is(303);
        two.wait(24 * 60);
        assert_eq!(introductions.tell_of_lines().await.unwrap(), 0);
        two.ada.get(&two.mine).await.is(200);
        two.carl_says("After that").await.is(303);
        two.wait(11);
        assert_eq!(introductions.tell_of_lines().await.unwrap(), 1);
        assert_eq!(two.letters_to(ADA).await.len(), before.0 + 2);
        // Who looks in time is not written to.
        two.ada_says("An answer").await.is(303);
        two.carl.get(&two.theirs).await.is(200).has("An answer");
        two.wait(30);
        assert_eq!(introductions.tell_of_lines().await.unwrap(), 0);
        assert_eq!(two.letters_to("carl@acme.example").await.len(), before.1);
        two.ada_says("And one more").await.is(303);
        two.wait(30);
        assert_eq!(introductions.tell_of_lines().await.unwrap(), 1);
        let (subject, body) = &two.letters_to("carl@acme.example").await[0];
        assert!(body.contains(&two.theirs) && !body.contains("Ada") && !subject.contains("Ada"), "{body}");
    }

    async fn a_company_closes_and_nothing_of_it_is_left_for_the_company(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        two.carl_says("What Carl said").await.is(303);
        two.ada_says("What Ada said").await.is(303);
        let close = format!("{}/close", two.theirs);
        let form = two.carl.get(&close).await;
        form.is(200).has("no longer sees the candidate").has("What came of it?").has(TITLE).has_not("Lovelace");
        let at = version(&form);
        two.carl.post(&close, &[("version", &at), ("words", "Thank you")]).await.is(422).has("Choose what came of it").has("Thank you</textarea>");
        two.carl.post(&close, &[("outcome", "hired")]).await.is(400);
        two.carl.post(&close, &[("version", &at), ("outcome", "filled"), ("words", "a\u{202e}b")]).await.is(422).has("U+202E").has("checked");
        // Somebody wrote meanwhile: that is read first.
        two.ada_says("One thing more").await.is(303);
        let fields = [("outcome", "filled"), ("words", "Thank you for your time")];
        let stale = two.carl.post(&close, &[&fields[..], &[("version", &at)]].concat()).await;
        stale.is(409).has("Something else was done here meanwhile").has("Thank you for your time</textarea>").has("value=\"filled\" checked");
        let at = version(&stale);
        two.carl.post(&close, &[&fields[..], &[("version", &at)]].concat()).await.is(303);
        two.carl.post(&close, &[&fields[..], &[("version", &at)]].concat()).await.is(303);

        let page = two.carl.get(&two.theirs).await;
        page.is(200).has_not("What Ada said").has_not("What Carl said").has_not("Thank you").has_not("Lovelace").has_not("Candidate ");
        two.ada.get(&two.mine).await.is(200).has("What Ada said").has("What Carl said").has("Thank you for your time").has_not("/lines\"");
        two.ada.get(&two.grant).await.has("Revoked on");
        two.carl_says("Hello?").await.is(409).has("is over").has("Hello?").has_not("<form class=\"account-form talk-form\"");
        two.ada_says("Hello?").await.is(409);
        let counted: (String, String, Option<String>) = site.db.one("select ending, ended_by, reason from introduction", &[]).await.unwrap();
        assert_eq!(counted, ("closed".to_owned(), "company".to_owned(), Some("filled".to_owned())));
        two.ada.get(&close.replace(&two.theirs, &two.mine)).await.is(303);
    }

    async fn a_candidate_closes(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        let close = format!("{}/close", two.mine);
        let form = two.ada.get(&close).await;
        form.is(200).has("it sees no longer").has("leave without saying why").has_not("name=\"words\"");
        two.ada.post(&close, &[("version", &version(&form)), ("outcome", "pay"), ("words", "Too little")]).await.is(303);
        two.ada.get(&two.mine).await.is(200).has_not("Too little");
        let (reason,): (Option<String>,) = site.db.one("select reason from introduction", &[]).await.unwrap();
        assert_eq!(reason.as_deref(), Some("pay"));
    }

    async fn who_takes_a_grant_back_is_letters_again_and_the_conversation_stays(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        two.ada_says("Here I am").await.is(303);
        two.carl.get(&two.theirs).await.has("Ada Lovelace");
        let grant = two.grant.clone();
        two.ada.post(&format!("{grant}/revoke"), &[]).await.is(303);
        two.carl.get(&two.theirs).await.is(200).has("Here I am").has("Candidate ").has_not("Lovelace").has_not("adal");
        two.ada.get(&two.mine).await.is(200).has("Here I am");
        two.carl_says("Still here").await.is(303);

        // Something is shown again, after a last look.
        let show = format!("{}/show", two.mine);
        two.ada.get(&show).await.is(200).has("value=\"field:handle\"").has("Before it is, you see what they would see");
        two.ada.post(&show, &[]).await.is(422).has("Choose at least one thing");
        two.ada.post(&show, &[("fact", "field:score")]).await.is(422);
        let look = two.ada.post(&show, &[("fact", "field:handle"), ("do", "look")]).await;
        look.is(200).has("adal").has("Nothing is shown yet").has_not("Lovelace");
        two.carl.get(&two.theirs).await.has_not("adal");
        two.ada.post(&show, &[("fact", "field:handle"), ("do", "show")]).await.is(303);
        two.ada.post(&show, &[("fact", "field:handle"), ("do", "show")]).await.is(303);
        two.carl.get(&two.theirs).await.has("adal").has("shows something more").has_not("Lovelace");
        let (grants,): (i64,) = site.db.one("select count(*) from introduction_grant", &[]).await.unwrap();
        assert_eq!(grants, 2, "a click too many makes no other grant");
        // It ends with the conversation.
        let form = two.ada.get(&format!("{}/close", two.mine)).await;
        two.ada.post(&format!("{}/close", two.mine), &[("version", &version(&form)), ("outcome", "other")]).await.is(303);
        let (live,): (i64,) = site.db.one("select count(*) from disclosure_grant where revoked_at is null", &[]).await.unwrap();
        assert_eq!(live, 0);
    }

    async fn nobody_else_finds_a_conversation(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        two.ada_says("A secret").await.is(303);
        let (mut ben, mut stranger) = (Browser::new(&site), Browser::new(&site));
        ben.join("ben@other.example").await;
        let other = [("name", "Other"), ("domain", "other.example"), ("role", "django-developer")];
        let own = ben.post("/companies/new", &other).await.is(303).header("location").to_owned();
        let verify = format!("/operator{own}/verify");
        two.edna.post(&verify, &[]).await.is(303);
        let company = own.rsplit('/').next().unwrap();
        let fields = [("text", "x"), ("outcome", "hired"), ("version", "2"), ("fact", "field:headline"), ("do", "show")];
        let patterns: Vec<&&str> = routes::PATTERNS.iter().filter(|pattern| pattern.contains("{introduction}")).collect();
        assert!(patterns.len() >= 15, "{patterns:?}");
        let before = two.lines().await;
        for pattern in patterns {
            let fill = |company: &str, id: Uuid| {
                pattern.replace("{company}", company).replace("{introduction}", &id.to_string()).replace("{offer}", &id.to_string())
            };
            // Another person, another company's people below their own address and below that of the company.
            for (there, none) in [
                (fill(company, two.id), fill(company, Uuid::from_u128(9))),
                (fill(two.theirs.split('/').nth(2).unwrap(), two.id), fill("x", Uuid::from_u128(9))),
            ] {
                for is_form in [false, true] {
                    let (there, none) = match is_form {
                        true => (ben.post(&there, &fields).await, ben.post(&none, &fields).await),
                        false => (ben.get(&there).await, ben.get(&none).await),
                    };
                    assert!([404, 405].contains(&there.status.as_u16()), "{pattern}: {}", there.status);
                    assert_eq!((there.status, there.text()), (none.status, none.text()), "{pattern}");
                }
            }
            let answer = stranger.get(&fill(company, two.id)).await;
            assert!(answer.is(303).header("location").starts_with("/sign-in"), "{pattern}");
        }
        assert_eq!(two.lines().await, before);
        // Who only interviews writes to nobody.
        site.db.execute("update company_member set role = 'interviewer'", &[]).await.unwrap();
        two.carl.get(&two.theirs).await.is(403).has_not("A secret");
        two.carl_says("x").await.is(403);
        site.db.execute("update company_member set role = 'recruiter'", &[]).await.unwrap();
        two.carl.get(&two.theirs).await.is(200).has("A secret");
        // A company that is not verified any more reads what it wrote itself, and writes nothing.
        two.carl_says("Of ours").await.is(303);
        site.db.execute("update company set verified_until = $1", params![site.clock.now()]).await.unwrap();
        two.carl.get(&two.theirs).await.is(200).has("Of ours").has_not("A secret").has_not("Lovelace");
        two.carl_says("x").await.is(403).has("is not verified at the moment").has(">\nx</textarea>");
    }
}
