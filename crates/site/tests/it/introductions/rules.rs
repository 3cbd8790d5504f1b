//! What is refused, how many may wait, what time does, and what letters say.

use super::{DAY, LETTER, NEXT, Play, WHY, letters_to, site_on, version_of};
use crate::browser::{ADA, Browser, PASSWORD};
use crate::vacancies::publish;
use jiff::SignedDuration;
use jobfuture_db::{Db, params};
use jobfuture_site::introduction::{Actor, Declined, Doing, Fault, Move, Words, Wound};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

async fn sign_in(browser: &mut Browser<'_>, email: &str) {
    browser.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await.is(303);
}

async fn count(db: &Db, sql: &str) -> i64 {
    let (count,): (i64,) = db.one(sql, &[]).await.unwrap();
    count
}

jobfuture_testkit::both_engines! {
    async fn whoever_shows_nothing_is_not_there_whatever_the_reason(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let id = play.vacancy_id();
        let fields = [("vacancy", id.as_str()), ("why", WHY), ("next", NEXT)];
        let nobody = format!("{}/candidates/{}/ask", play.home, "0".repeat(32));
        let (none, none_asked) = (play.carl.get(&nobody).await, play.carl.post(&nobody, &fields).await);
        assert_eq!((none.status.as_u16(), none_asked.status.as_u16()), (404, 404));
        let (key, page) = play.somebody(1).await;
        let ask = format!("{page}/ask");
        let grant = site.disclosure.grants(key).await.unwrap()[0].id;
        let account = key.uuid();
        for hidden in ["revoked", "blocked", "leaving", "gone"] {
            play.carl.get(&ask).await.is(200);
            match hidden {
                "revoked" => drop(site.disclosure.revoke_grant(key, grant).await.unwrap()),
                "blocked" => site.disclosure.block(key, play.company).await.unwrap(),
                "leaving" => {
                    let sql = "update account set leaves_at = $2 where id = $1";
                    site.db.execute(sql, params![account, site.clock.now()]).await.unwrap();
                }
                _ => drop(site.db.execute("delete from account where id = $1", params![account]).await.unwrap()),
            }
            let (page, sent) = (play.carl.get(&ask).await, play.carl.post(&ask, &fields).await);
            assert_eq!((page.status, page.text()), (none.status, none.text()), "{hidden}");
            assert_eq!((sent.status, sent.text()), (none_asked.status, none_asked.text()), "{hidden}");
            let empty = play.carl.post(&ask, &[]).await;
            assert_eq!((empty.status, empty.text()), (none.status, none.text()), "{hidden}");
            for sql in [
                "update disclosure_grant set revoked_at = null where account = $1",
                "delete from company_block where account = $1",
                "update account set leaves_at = null where id = $1",
            ] {
                site.db.execute(sql, params![account]).await.unwrap();
            }
        }
        assert_eq!(count(&site.db, "select count(*) from introduction").await, 0);
    }

    async fn a_request_is_about_an_open_vacancy_and_says_why_this_candidate(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let (_, ben) = play.somebody(1).await;
        let (_, cleo) = play.somebody(2).await;
        let id = play.vacancy_id();
        let vacancies = format!("{}/vacancies", play.home);
        let (closed, _) = publish(&mut play.carl, &vacancies, &[("title", "Another place")]).await;
        play.carl.get(&format!("{ben}/ask")).await.is(200).has("About which vacancy?").has("EUR 60,000").has_not("name=\"why\"");
        play.carl.get(&format!("{ben}/ask?vacancy={id}")).await.is(200).has("name=\"why\"").has("Another vacancy");
        play.carl.post(&format!("{closed}/close"), &[("why", "filled")]).await.is(303);
        let closed = closed.rsplit('/').next().unwrap();
        for vacancy in [closed, "", "x", "00000000-0000-4000-8000-000000000000"] {
            let sent = play.carl.post(&format!("{ben}/ask"), &[("vacancy", vacancy), ("why", WHY), ("next", NEXT)]).await;
            sent.is(422).has("Choose one of your company&#39;s open vacancies");
        }
        let send = [("vacancy", id.as_str()), ("why", WHY), ("next", NEXT)];
        for (field, value, says) in [
            ("why", "", "Why you ask this candidate is missing"),
            ("why", "\u{202e}Twenty letters and more of it", "cannot be seen"),
            ("next", "soon", "What happens next has 4 characters"),
        ] {
            let fields: Vec<_> = send.iter().map(|(name, old)| (*name, if *name == field { value } else { *old })).collect();
            play.carl.post(&format!("{ben}/ask"), &fields).await.is(422).has(says);
        }
        play.carl.post(&format!("{ben}/ask"), &send).await.is(303);
        let twice = play.carl.post(&format!("{ben}/ask"), &send).await;
        twice.is(409).has("have a conversation already").has("Go on in that one");
        let spread = format!("  {}!", WHY.to_uppercase());
        let same = play.carl.post(&format!("{cleo}/ask"), &[("vacancy", &id), ("why", &spread), ("next", NEXT)]).await;
        same.is(422).has("sent the same text to somebody else");
        site.clock.advance(DAY * 13 + HOUR * 12);
        play.carl.post(&format!("{cleo}/ask"), &[("vacancy", &id), ("why", "You wrote of queues, and ours grows."), ("next", NEXT)]).await.is(303);
    }

    async fn so_many_wait_at_a_time_and_fewer_of_who_lets_others_wait(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let id = play.vacancy_id();
        let mut sent = Vec::new();
        for number in 1..=21 {
            if number == 11 {
                let (_, page) = play.somebody(100).await;
                let full = play.carl.post(&format!("{page}/ask"), &[("vacancy", &id), ("why", "Once more than ten times a day."), ("next", NEXT)]).await;
                full.is(422).has("began 10 requests within 24 hours").has("Once more than ten times a day.");
                site.clock.advance(DAY + HOUR);
            }
            let (key, page) = play.somebody(number).await;
            let why = format!("You are number {number}, and we read what you wrote of queues.");
            let answer = play.carl.post(&format!("{page}/ask"), &[("vacancy", &id), ("why", &why), ("next", NEXT)]).await;
            if number == 21 {
                site.clock.advance(DAY + HOUR);
                let full = play.carl.post(&format!("{page}/ask"), &[("vacancy", &id), ("why", &why), ("next", NEXT)]).await;
                full.is(422).has("20 requests of your company wait").has("is answered, lapses, or is taken back");
            } else {
                sent.push((key, answer.is(303).header("location").to_owned()));
            }
        }
        // One that is taken back makes room.
        let first = sent[0].1.clone();
        play.by_carl(&first, "withdraw", &[]).await.is(303);
        let (_, page) = play.somebody(22).await;
        play.carl.post(&format!("{page}/ask"), &[("vacancy", &id), ("why", "There is room again, and you are welcome."), ("next", NEXT)]).await.is(303);

        // Five candidates ask, and the company is silent.
        for (key, path) in &sent[1..6] {
            let id = path.rsplit('/').next().unwrap().parse().unwrap();
            let asks = Doing::new(id, Move::Ask).saying(Words::new("What do you pay for?"));
            site.site.introductions().step(Actor::Candidate(*key), asks).await.unwrap();
        }
        site.clock.advance(DAY * 14 + HOUR);
        let wound = site.site.introductions().wind().await.unwrap();
        assert_eq!(wound.lapsed, 20, "all that waited lapsed");
        assert_eq!(site.site.introductions().wind().await.unwrap().lapsed, 0);
        sign_in(&mut play.carl, "carl@acme.example").await;
        play.carl.get(&format!("{}/introductions", play.home)).await.is(200).has("0 of 5 requests").has("Time ran out on");
        for number in 41..=46 {
            let (_, page) = play.somebody(number).await;
            let why = format!("We have got better, and you are number {number}.");
            let answer = play.carl.post(&format!("{page}/ask"), &[("vacancy", &id), ("why", &why), ("next", NEXT)]).await;
            if number == 46 {
                answer.is(422).has("Of the last 5 turns of your company in 90 days it let 5 lapse").has("at least every second turn");
            } else {
                answer.is(303);
            }
        }
        site.get("/company/acme.example").await.is(200).has("0 of 5 applications and questions");
    }

    async fn a_candidate_has_eight_that_wait_and_four_a_day(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let sql = "insert into company (id, name, domain, about, made_at, verified_at, verified_until)
                   select $1, $2, $3, '', made_at, verified_at, verified_until from company where id = $4";
        let vacancy = "insert into vacancy (id, company, state, title, draft, terms, role, level, made_at, changed_at, published_at,
                         first_published_at, confirmed_at, closes_at)
                       select $1, $2, state, title, draft, terms, role, level, made_at, changed_at, published_at, first_published_at,
                         confirmed_at, closes_at from vacancy where id = $3";
        let own: uuid::Uuid = play.vacancy_id().parse().unwrap();
        let fields = [("letter", LETTER), ("fact", "field:headline"), ("do", "send")];
        let mut first = String::new();
        for number in 1..=9_u128 {
            let (company, id) = (uuid::Uuid::from_u128(0xc0_0000 + number), uuid::Uuid::from_u128(0xd0_0000 + number));
            let domain = format!("shop-{number}.example");
            site.db.execute(sql, params![company, domain.clone(), domain, play.company]).await.unwrap();
            site.db.execute(vacancy, params![id, company, own]).await.unwrap();
            let apply = format!("/vacancies/{id}/apply");
            if number == 5 {
                play.ada.post(&apply, &fields).await.is(422).has("sent 4 applications within 24 hours").has(LETTER);
            }
            if number % 4 == 1 {
                site.clock.advance(DAY + HOUR);
            }
            let answer = play.ada.post(&apply, &fields).await;
            if number == 9 {
                answer.is(422).has("8 applications of yours wait").has("take one back");
                play.by_ada(&first, "withdraw", &[]).await.is(303);
                play.ada.post(&apply, &fields).await.is(303);
            } else if number == 1 {
                answer.is(303).header("location").clone_into(&mut first);
            } else {
                answer.is(303);
            }
        }
        play.ada.get("/introductions").await.is(200).has("8 of 8 applications").has("Waits for the other side");
    }

    async fn letters_say_that_something_waits_and_no_more_than_one_an_hour(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let (theirs, hers) = play.request(WHY).await;
        let letters = letters_to(&site, ADA).await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert!(letters[0].1.contains(&format!("https://jobs.example.org{hers}")), "{letters:?}");
        play.by_ada(&hers, "ask", &[("question", "What about Fridays?")]).await.is(303);
        play.by_carl(&theirs, "answer", &[("answer", "They are free.")]).await.is(303);
        assert_eq!(letters_to(&site, ADA).await.len(), 1, "she was written to within the hour");
        assert_eq!(letters_to(&site, "carl@acme.example").await.len(), 1);
        site.clock.advance(HOUR);
        assert_eq!(site.site.introductions().wind().await.unwrap(), Wound { letters: 1, ..Wound::default() });
        assert_eq!(site.site.introductions().wind().await.unwrap(), Wound::default());
        assert_eq!(letters_to(&site, ADA).await.len(), 2);

        // Three days before the end whoever has the turn is reminded, once; at the end both are told.
        site.clock.advance(DAY * 11);
        assert_eq!(site.site.introductions().wind().await.unwrap().reminded, 1);
        assert_eq!(site.site.introductions().wind().await.unwrap(), Wound::default());
        assert_eq!((letters_to(&site, ADA).await.len(), letters_to(&site, "carl@acme.example").await.len()), (3, 1));
        site.clock.advance(DAY * 3);
        // The page says so before any clock has looked.
        sign_in(&mut play.ada, ADA).await;
        play.ada.get(&hers).await.is(200).has("Time ran out on 6 December 2026; it was your turn");
        sign_in(&mut play.carl, "carl@acme.example").await;
        play.carl.get(&theirs).await.is(200).has("Time ran out").has_not("What about Fridays").has_not(WHY);
        assert_eq!(site.site.introductions().wind().await.unwrap().lapsed, 1);
        assert_eq!((letters_to(&site, ADA).await.len(), letters_to(&site, "carl@acme.example").await.len()), (4, 2));
        for (subject, body) in letters_to(&site, ADA).await.into_iter().chain(letters_to(&site, "carl@acme.example").await) {
            let whole = format!("{subject}\n{body}");
            for word in ["Acme", "Ada", "Lovelace", "Django", "Friday", "free", "headline", "book shop"] {
                assert!(!whole.contains(word), "{word} in {whole}");
            }
        }
    }

    async fn who_blocks_or_leaves_ends_what_went_on(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let (theirs, hers) = play.request(WHY).await;
        let made_of = version_of(&play.carl.get(&theirs).await);
        let company = play.company.to_string();
        play.ada.post("/blocks", &[("company", &company)]).await.is(303);
        play.ada.get(&hers).await.is(200).has("You ended it");
        play.carl.get(&theirs).await.is(200).has("The candidate ended it").has_not(WHY);
        play.carl.post(&format!("{theirs}/withdraw"), &[("version", &made_of)]).await.is(409);
        play.ada.get(&format!("{}/apply", play.vacancy.1)).await.is(200);
        let fields = [("letter", LETTER), ("fact", "field:headline"), ("do", "send")];
        play.ada.post(&format!("{}/apply", play.vacancy.1), &fields).await.is(422).has("You blocked this company").has(LETTER);
        play.ada.post(&format!("/blocks/{company}/lift"), &[]).await.is(303);
        let (theirs, _) = play.application().await;
        play.carl.get(&theirs).await.has(LETTER);
        play.ada.post("/account/delete", &[("email", ADA)]).await.is(303);
        play.carl.get(&theirs).await.is(200).has("The candidate ended it").has_not(LETTER);
        assert_eq!(count(&site.db, "select count(*) from introduction where ended_at is null").await, 0);
        assert_eq!(count(&site.db, "select count(*) from introduction_grant i join disclosure_grant g on g.id = i.grant_id where g.revoked_at is null").await, 0);
    }

    async fn a_company_that_lost_its_verification_is_told_so_and_does_nothing(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let (theirs, hers) = play.application().await;
        let (_, ben) = play.somebody(1).await;
        let (cleo, cleos_page) = play.somebody(2).await;
        let id = play.vacancy_id();
        let asks = [("vacancy", id.as_str()), ("why", "Cleo, you keep queues short."), ("next", NEXT)];
        let asked = play.carl.post(&format!("{cleos_page}/ask"), &asks).await.is(303).header("location").to_owned();
        let asked: uuid::Uuid = asked.rsplit('/').next().unwrap().parse().unwrap();
        let made_of = version_of(&play.carl.get(&theirs).await);
        let lose = "update company set verified_until = $2 where id = $1";
        site.db.execute(lose, params![play.company, site.clock.now()]).await.unwrap();
        play.carl.post(&format!("{theirs}/accept"), &[("version", &made_of)]).await.is(403).has("is not verified at the moment");
        let sent = play.carl.post(&format!("{ben}/ask"), &[("vacancy", &id), ("why", WHY), ("next", NEXT)]).await;
        sent.is(403).has("is not verified at the moment").has(WHY).has_not("Queues");
        play.carl.get(&theirs).await.is(200).has("can do nothing here").has_not(LETTER).has_not("Django and databases");
        play.ada.get(&hers).await.is(200).has("sees nothing of your profile");
        let yes = site.site.introductions().step(Actor::Candidate(cleo), Doing::new(asked, Move::Accept)).await;
        assert!(matches!(&yes, Err(Fault::Says(says)) if says.contains("Acme is not verified")), "{yes:?}");
        // She can still take it back.
        play.by_ada(&hers, "withdraw", &[]).await.is(303);
        let (open,): (i64,) = site.db.one("select count(*) from introduction where stage = 'open'", &[]).await.unwrap();
        assert_eq!(open, 0);
    }

    async fn a_member_who_was_removed_writes_to_nobody(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let (theirs, _) = play.application().await;
        let id: uuid::Uuid = theirs.rsplit('/').next().unwrap().parse().unwrap();
        let owner = play.carl.owner().await;
        let viewer = site.disclosure.companies_of(owner.key()).await.unwrap().remove(0);
        let who = Actor::Company { viewer: &viewer, member: owner };
        for role in ["interviewer", "gone"] {
            let sql = if role == "gone" { "delete from company_member" } else { "update company_member set role = 'interviewer'" };
            site.db.execute(sql, &[]).await.unwrap();
            let done = site.site.introductions().step(who, Doing::new(id, Move::Decline(Declined::Other))).await;
            assert!(matches!(&done, Err(Fault::Says(says)) if says.contains("no longer write")), "{role}: {done:?}");
        }
        assert_eq!(count(&site.db, "select count(*) from introduction where stage = 'asked'").await, 1);
    }

    async fn what_is_anothers_is_not_there(db: Db) {
        let site = site_on(db);
        let mut play = Play::begin(&site).await;
        let (theirs, hers) = play.application().await;
        let mut ben = Browser::new(&site);
        ben.join("ben@example.org").await;
        let made = ben.post("/companies/new", &[("name", "Other"), ("domain", "other.example"), ("role", "django-developer")]).await;
        let other = made.is(303).header("location").to_owned();
        let mixed = theirs.replace(&play.home, &other);
        for path in [&hers, &theirs, &mixed] {
            ben.get(path).await.is(404);
            for what in ["accept", "ask", "answer", "decline", "withdraw"] {
                let fields = [("version", "1"), ("question", "Who are you?"), ("answer", "Nobody."), ("reason", "other")];
                ben.post(&format!("{path}/{what}"), &fields).await.is(404);
            }
        }
        ben.get("/introductions").await.is(200).has_not("book shop");
        play.ada.get(&hers).await.is(200).has("It is the turn of Acme");
    }
}
