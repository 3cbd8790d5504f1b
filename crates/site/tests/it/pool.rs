//! Companies search the pool: by what candidates opened to them, and by nothing else.

use crate::browser::{ADA, Browser, PASSWORD};
use crate::pretend::Pretend;
use crate::showing::{company, operator};
use crate::site::{Answer, TestSite};
use crate::vacancies::{of, publish};
use jiff::SignedDuration;
use jobfuture_credential::{Condition, Date, Id, Label, Level, LevelWord, Named, Signal};
use jobfuture_db::{Db, params};
use jobfuture_disclosure::{Audience, Entry, Fact, Field, FieldValue, NewGrant, OwnerKey, SignalBody};
use jobfuture_site::{Practice, SiteConfig};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

const ROLE: &str = "django-developer";
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn site_on(db: Db) -> TestSite {
    let config = SiteConfig { base_url: Some("https://jobs.example.org".to_owned()), ..SiteConfig::default() };
    TestSite::on_real_content(config, db, Practice::On(Arc::new(Pretend)))
}

/// A company of Django developers, whoever acts for it, and the path of its pool.
async fn looking(site: &TestSite) -> (Browser<'_>, String) {
    let mut edna = operator(site).await;
    let (carl, list) = company(site, &mut edna).await;
    (carl, list.replace("/candidates", "/pool"))
}

/// Somebody with an account.
async fn person(site: &TestSite, number: u128) -> OwnerKey {
    let id = Uuid::from_u128(0xada_0000 + number);
    let sql = "insert into account (id, email, name, created_at) values ($1, $2, 'Somebody', $3)";
    site.db.execute(sql, params![id, format!("person-{number}@example.org"), site.clock.now()]).await.unwrap();
    OwnerKey::proven(id)
}

async fn fill(site: &TestSite, key: OwnerKey, field: Field, pairs: &[(&str, &str)]) {
    let entry: Entry = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let value = FieldValue::check(field, &[entry], &site.site.vocabulary()).unwrap();
    site.disclosure.set_field(key, field, value.as_ref()).await.unwrap();
}

async fn open(site: &TestSite, key: OwnerKey, audience: Audience, facts: &[Fact], days: i64) -> Uuid {
    let facts = facts.iter().copied().collect();
    let new = NewGrant { audience, facts, purpose: "To talk about work".to_owned(), days };
    site.disclosure.make_grant(key, new).await.unwrap()
}

fn to_pool() -> Audience {
    Audience::Pool { role: ROLE.to_owned() }
}

/// Somebody who opens a headline and these fields to the pool.
async fn in_pool(
    site: &TestSite,
    number: u128,
    headline: &str,
    fields: &[(Field, &[(&str, &str)])],
) -> (OwnerKey, Uuid) {
    let key = person(site, number).await;
    fill(site, key, Field::Headline, &[("headline", headline)]).await;
    for (field, pairs) in fields {
        fill(site, key, *field, pairs).await;
    }
    let facts: Vec<Fact> =
        [Field::Headline].into_iter().chain(fields.iter().map(|(field, _)| *field)).map(Fact::Field).collect();
    let grant = open(site, key, to_pool(), &facts, 30).await;
    (key, grant)
}

async fn signal(site: &TestSite, key: OwnerKey, months: i32) -> Uuid {
    let named = |id: &str| Named { id: Id::new(id).unwrap(), name: Label::new(id).unwrap() };
    let says = Signal {
        role: named(ROLE),
        at_least: Level { id: LevelWord::new("middle").unwrap(), name: LevelWord::new("Middle").unwrap() },
        condition: Condition::Unaided {},
        competencies: vec![named("django-querysets")],
        behaviours: vec![],
        taken_on: Date::new("2026-11-20").unwrap(),
        versions: vec![],
    };
    site.disclosure.make_signal(key, None, &SignalBody { says, evidence: vec![] }, months).await.unwrap()
}

const ORM: &[(&str, &str)] = &[("competency", "django-querysets")];
const GERMAN: &[(&str, &str)] = &[("language", "German"), ("fluency", "fluent")];
const PAY: &[(&str, &str)] = &[("least", "60000"), ("currency", "EUR"), ("per", "year")];

/// Headlines of those who were found, in order.
fn found(page: &Answer) -> Vec<String> {
    let cards = page.text().split("class=\"vacancy-list\"").nth(1).unwrap_or_default();
    let cards = cards.split("</ol>").next().unwrap_or_default();
    let headlines = cards.split("</h3>").skip(1).filter_map(|rest| rest.split("<p>").nth(1)?.split("</p>").next());
    headlines.map(str::to_owned).collect()
}

/// Names by which those who were found can be compared.
fn names(page: &Answer) -> Vec<String> {
    let boxes = page.text().split("name=\"with\" value=\"").skip(1);
    boxes.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

jobfuture_testkit::both_engines! {
    async fn candidates_are_found_by_what_they_opened_and_by_nothing_else(db: Db) {
        let site = site_on(db);
        let (mut carl, pool) = looking(&site).await;
        carl.get(&pool).await.is(200).has("Nobody found").has("Nobody opens anything to your company");
        // The first hides the language, the second the competency, and the third opens all of it to another pool.
        let (first, _) = in_pool(&site, 1, "First", &[(Field::Competencies, ORM)]).await;
        fill(&site, first, Field::Languages, GERMAN).await;
        let (second, _) = in_pool(&site, 2, "Second", &[(Field::Languages, GERMAN), (Field::Pay, PAY)]).await;
        fill(&site, second, Field::Competencies, ORM).await;
        let third = person(&site, 3).await;
        fill(&site, third, Field::Languages, GERMAN).await;
        open(&site, third, Audience::Pool { role: "backend-developer".to_owned() }, &[Fact::Field(Field::Languages)], 30).await;

        let all = carl.get(&pool).await;
        all.is(200).has("2 candidates").has("German: fluent <span class=\"count\">1</span>");
        all.has("QuerySets").has_not("Third").has_not("person-");
        assert_eq!(all.header("cache-control"), "no-store");
        let mut both = found(&all);
        both.sort();
        assert_eq!(both, ["First", "Second"]);
        let page = carl.get(&format!("{pool}?must=django-querysets")).await;
        assert_eq!(found(page.is(200).has("One candidate")), ["First"]);
        page.has("as they state");
        assert_eq!(found(&carl.get(&format!("{pool}?language=german&fluency=working")).await), ["Second"]);
        carl.get(&format!("{pool}?shown=django-querysets")).await.has("Nobody found");
        // What would be good to have leaves nobody out, and decides about the order.
        assert_eq!(found(&carl.get(&format!("{pool}?nice=django-querysets")).await), ["First", "Second"]);
        // Pay: as much, not less, in one currency.
        assert_eq!(found(&carl.get(&format!("{pool}?pay=60,000&currency=EUR")).await), ["Second"]);
        let none = carl.get(&format!("{pool}?pay=59999&currency=EUR&language=German")).await;
        none.is(200).has("Nobody found").has("without “At most 59999 EUR a year”: 1").has("Without any filter: 2");
        none.has_not("without “German”");
        // They read it in their logs.
        let views = site.disclosure.views(first, 9).await.unwrap();
        assert!(views.iter().all(|view| view.through == "search" && view.company.as_deref() == Some("Acme")), "{views:?}");
        assert!(site.disclosure.views(third, 9).await.unwrap().is_empty());
    }

    async fn what_is_wrong_is_said_and_nothing_that_was_typed_is_lost(db: Db) {
        let site = site_on(db);
        let (mut carl, pool) = looking(&site).await;
        let wrong = carl.get(&format!("{pool}?pay=sixty&currency=EUR&zone_from=5&zone_to=2&must=django-querysets")).await;
        wrong.is(422).has("2 things are").has("href=\"#pay\"").has("value=\"sixty\"").has("Write the earlier time zone first");
        wrong.has("value=\"django-querysets\" checked").has("aria-invalid=\"true\"").has_not("Nobody found");
        carl.get(&format!("{pool}?must=%ff")).await.is(422);
        carl.get(&format!("{pool}?page=99999999&must=no-such-thing")).await.is(200).has("no-such-thing");
        carl.post(&format!("{pool}/searches"), &[("query", "pay=sixty&currency=EUR")]).await.is(422).has("as in 60000");
    }

    async fn what_is_taken_back_is_not_found_by_the_next_search(db: Db) {
        let site = site_on(db);
        let (mut carl, pool) = looking(&site).await;
        let acme = Uuid::try_parse(pool.split('/').nth(2).unwrap()).unwrap();
        let (first, grant) = in_pool(&site, 1, "First", &[(Field::Competencies, ORM)]).await;
        assert_eq!(found(&carl.get(&pool).await), ["First"]);
        // A field, narrowed, emptied.
        fill(&site, first, Field::Headline, &[("headline", "Another")]).await;
        assert_eq!(found(&carl.get(&pool).await), ["Another"]);
        site.disclosure.narrow_grant(first, grant, &[Fact::Field(Field::Headline)].into()).await.unwrap();
        carl.get(&format!("{pool}?must=django-querysets")).await.has("Nobody found");
        carl.get(&pool).await.has("One candidate").has_not("<h3>Competencies</h3>");
        // Blocked, and not any more; revoked.
        site.disclosure.block(first, acme).await.unwrap();
        carl.get(&pool).await.has("Nobody found").has_not("Another");
        site.disclosure.unblock(first, acme).await.unwrap();
        carl.get(&pool).await.has("One candidate");
        site.disclosure.revoke_grant(first, grant).await.unwrap();
        carl.get(&pool).await.has("Nobody found");
        // A signal that is withdrawn; one that ends before its grant, which stays; a grant that ends.
        let shown = signal(&site, first, 1).await;
        open(&site, first, to_pool(), &[Fact::Field(Field::Headline), Fact::Signal(shown)], 60).await;
        let by_signal = format!("{pool}?level=middle&taken=unaided");
        carl.get(&by_signal).await.has("One candidate").has("a signal shows Django developer, Middle or above");
        let other = signal(&site, first, 12).await;
        open(&site, first, to_pool(), &[Fact::Signal(other)], 60).await;
        site.disclosure.withdraw_signal(first, shown).await.unwrap();
        carl.get(&by_signal).await.has("One candidate");
        site.disclosure.withdraw_signal(first, other).await.unwrap();
        carl.get(&by_signal).await.has("Nobody found");
        carl.get(&pool).await.has("One candidate");
    }

    async fn what_ends_by_itself_is_not_found_any_more(db: Db) {
        let site = site_on(db);
        let (mut carl, pool) = looking(&site).await;
        let first = person(&site, 1).await;
        fill(&site, first, Field::Headline, &[("headline", "First")]).await;
        let shown = signal(&site, first, 1).await;
        open(&site, first, to_pool(), &[Fact::Field(Field::Headline), Fact::Signal(shown)], 60).await;
        carl.get(&pool).await.has("One candidate").has("Signal</span>");
        site.clock.advance(DAY * 31);
        carl.post("/sign-in", &[("email", "carl@acme.example"), ("password", PASSWORD)]).await.is(303);
        let page = carl.get(&pool).await;
        assert_eq!(found(page.has("One candidate").has_not("Signal</span>")), ["First"], "the grant goes on without its signal");
        site.clock.advance(DAY * 30);
        carl.post("/sign-in", &[("email", "carl@acme.example"), ("password", PASSWORD)]).await.is(303);
        carl.get(&pool).await.is(200).has("Nobody found");
    }

    async fn who_leaves_and_who_joins_the_company_is_not_found_nor_by_who_is_not_verified(db: Db) {
        let site = site_on(db);
        let (mut carl, pool) = looking(&site).await;
        let acme = pool.split('/').nth(2).unwrap().to_owned();
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        ada.post("/profile/fields/headline", &[("0.headline", "Django and databases")]).await.is(303);
        let fields = [("to", "pool"), ("role", ROLE), ("fact", "field:headline"), ("purpose", "Work"), ("days", "30")];
        ada.post("/grants/new", &fields).await.is(303);
        assert_eq!(found(&carl.get(&pool).await), ["Django and databases"]);
        ada.get("/views").await.is(200).has("in a search, new");
        ada.post("/account/delete", &[("email", ADA)]).await.is(303);
        carl.get(&pool).await.has("Nobody found");
        ada.post("/sign-in", &[("email", ADA), ("password", PASSWORD)]).await.is(303);
        ada.post("/account/keep", &[]).await.is(303);
        carl.get(&pool).await.has("One candidate");
        // She comes to act for the company, which sees nothing of its own people, and goes again.
        carl.post(&format!("/companies/{acme}/people"), &[("email", ADA), ("role", "interviewer")]).await.is(200);
        let letters = site.accounts.outbox(50).await.unwrap();
        let letter = letters.iter().find(|letter| letter.recipient == ADA && letter.body.contains("/invitations/")).unwrap();
        let link = letter.body.lines().find(|line| line.starts_with("http")).unwrap().split_once("jobs.example.org").unwrap().1;
        ada.post(link, &[]).await.is(303);
        carl.get(&pool).await.has("Nobody found");
        ada.get(&pool).await.is(403);
        ada.post(&format!("/companies/{acme}/leave"), &[]).await.is(303);
        carl.get(&pool).await.has("One candidate");
        // A company that is not verified any more sees nobody.
        let sql = "update company set verified_until = $1";
        site.db.execute(sql, params![site.clock.now()]).await.unwrap();
        carl.get(&pool).await.is(200).has("is not verified").has_not("One candidate").has_not("Django and databases");
    }

    async fn what_another_process_wrote_is_found_within_a_second(db: Db) {
        let (one, two) = (site_on(db.clone()), site_on(db));
        two.randomness.begin_anew(99);
        let (mut carl, pool) = looking(&one).await;
        let mut there = Browser::new(&two);
        there.cookies.clone_from(&carl.cookies);
        there.get(&pool).await.has("Nobody found");
        let (first, grant) = in_pool(&one, 1, "First", &[]).await;
        carl.get(&pool).await.has("One candidate");
        let (began, mut passed) = (Instant::now(), false);
        while !passed && began.elapsed() < Duration::from_secs(1) {
            passed = there.get(&pool).await.text().contains("One candidate");
        }
        assert!(passed, "the other process has not heard of the grant");
        // Many changes of the same person at the same time of the clock.
        for text in ["a", "b", "c"] {
            fill(&one, first, Field::Headline, &[("headline", text)]).await;
            assert_eq!(found(&there.get(&pool).await), [text]);
        }
        two.disclosure.revoke_grant(first, grant).await.unwrap();
        carl.get(&pool).await.has("Nobody found");
        // What nobody told of is found by comparing everything.
        in_pool(&one, 2, "Second", &[]).await;
        carl.get(&pool).await.has("One candidate");
        one.db.execute("update disclosure_grant set revoked_at = $1", params![one.clock.now()]).await.unwrap();
        carl.get(&pool).await.has("One candidate").has_not("Second");
        one.site.pool().reconcile().await.unwrap();
        carl.get(&pool).await.has("Nobody found");
    }

    async fn a_process_that_slept_for_days_finds_what_was_written_meanwhile(db: Db) {
        let (asleep, awake) = (site_on(db.clone()), site_on(db));
        awake.randomness.begin_anew(99);
        let (mut carl, pool) = looking(&asleep).await;
        carl.get(&pool).await.has("Nobody found");
        in_pool(&awake, 1, "First", &[]).await;
        // The other has read it, and tidies up behind everybody.
        asleep.clock.advance(SignedDuration::from_hours(72));
        awake.clock.advance(SignedDuration::from_hours(72));
        awake.site.tend_pool().await.unwrap();
        let (left,): (i64,) = awake.db.one("select count(*) from pool_changed", &[]).await.unwrap();
        assert_eq!(left, 0);
        carl.get(&pool).await.has("One candidate").has("First");
    }

    async fn the_pages_of_a_search_stay_in_order_and_who_was_shown_less_comes_first_tomorrow(db: Db) {
        let site = site_on(db.clone());
        let (mut carl, pool) = looking(&site).await;
        for number in 0..45 {
            in_pool(&site, number, &format!("Line {number:02}"), &[]).await;
        }
        let mut pages = Vec::new();
        for page in 1..=3 {
            pages.push(found(&carl.get(&format!("{pool}?page={page}")).await));
        }
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5]);
        let mut all = pages.concat();
        assert_eq!(found(&carl.get(&pool).await), pages[0], "nothing has moved since");
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 45, "everybody is on one page");
        // All were shown yesterday; today the first page alone is.
        site.clock.advance(DAY);
        let today = found(&carl.get(&pool).await);
        assert_eq!(today, pages[0]);
        site.clock.advance(DAY);
        let tomorrow = found(&carl.get(&pool).await);
        assert!(tomorrow.iter().all(|line| !today.contains(line)), "{tomorrow:?}");
        // In every process, and after every start.
        site.site.pool().write_shown().await.unwrap();
        let again = site_on(db);
        again.clock.advance(DAY * 2);
        let mut there = Browser::new(&again);
        there.cookies.clone_from(&carl.cookies);
        assert_eq!(found(&there.get(&pool).await), tomorrow);
    }

    async fn a_letter_says_how_many_are_new_and_nothing_about_anybody(db: Db) {
        let site = site_on(db);
        let (mut carl, pool) = looking(&site).await;
        let searches = format!("{pool}/searches");
        let (first, grant) = in_pool(&site, 1, "Unmistakable first", &[(Field::Competencies, ORM)]).await;
        carl.post(&searches, &[("query", "must=django-querysets")]).await.is(303);
        carl.post(&searches, &[("query", "must=django-querysets")]).await.is(303);
        let page = carl.get(&searches).await;
        page.is(200).has("QuerySets").has("?must=django-querysets");
        assert_eq!(page.text().matches("Delete the search").count(), 1, "the same search is saved once");
        let letters = async || {
            let written = site.site.tend_pool().await.unwrap();
            let all = site.accounts.outbox(100).await.unwrap();
            let new = all.into_iter().filter(|letter| letter.subject == "New candidates for a search of yours");
            (written, new.map(|letter| letter.body).collect::<Vec<_>>())
        };
        site.clock.advance(DAY * 2);
        assert_eq!(letters().await.0, 0, "who was there is not new");
        // What somebody changes makes them no new one, nor that they go and come again.
        fill(&site, first, Field::Headline, &[("headline", "Unmistakable change")]).await;
        fill(&site, first, Field::Languages, GERMAN).await;
        site.disclosure.revoke_grant(first, grant).await.unwrap();
        assert_eq!(letters().await.0, 0);
        open(&site, first, to_pool(), &[Fact::Field(Field::Competencies)], 30).await;
        // Somebody who has it and does not open it is none either.
        let (hidden, _) = in_pool(&site, 2, "Unmistakable second", &[]).await;
        fill(&site, hidden, Field::Competencies, ORM).await;
        assert_eq!(letters().await.0, 0);
        in_pool(&site, 3, "Unmistakable third", &[(Field::Competencies, ORM)]).await;
        let (written, bodies) = letters().await;
        assert_eq!((written, bodies.len()), (1, 1));
        assert!(bodies[0].starts_with("One candidate is new"), "{}", bodies[0]);
        assert!(bodies[0].contains("https://jobs.example.org/companies/"), "{}", bodies[0]);
        assert!(!bodies[0].contains("Unmistakable") && !bodies[0].contains("person-"), "{}", bodies[0]);
        // At most one a day.
        in_pool(&site, 4, "Unmistakable fourth", &[(Field::Competencies, ORM)]).await;
        assert_eq!(letters().await.0, 0);
        site.clock.advance(DAY);
        assert_eq!(letters().await.0, 1);
        // Nobody is written to who does not see candidates any more, or whose company is not verified.
        in_pool(&site, 5, "Unmistakable fifth", &[(Field::Competencies, ORM)]).await;
        site.clock.advance(DAY);
        site.db.execute("update company_member set role = 'interviewer'", &[]).await.unwrap();
        assert_eq!(letters().await.0, 0);
        site.db.execute("update company_member set role = 'owner'", &[]).await.unwrap();
        site.db.execute("update company set verified_until = $1", params![site.clock.now()]).await.unwrap();
        assert_eq!(letters().await.0, 0);
        // It is its owner's, and goes when they like.
        let page = carl.get(&searches).await;
        let delete = page.text().split("action=\"").map(|rest| rest.split('"').next().unwrap()).find(|url| url.ends_with("/delete")).unwrap().to_owned();
        carl.get(&delete).await.is(303);
        carl.post(&delete, &[]).await.is(303);
        carl.post(&delete, &[]).await.is(404);
        carl.get(&searches).await.has("You have saved none yet");
    }

    async fn a_search_is_saved_twenty_times_and_by_those_of_the_company_alone(db: Db) {
        let site = site_on(db);
        let (mut carl, pool) = looking(&site).await;
        let searches = format!("{pool}/searches");
        for number in 0..20 {
            carl.post(&searches, &[("query", &format!("country=Land+{number}"))]).await.is(303);
        }
        carl.post(&searches, &[("query", "country=Another")]).await.is(422).has("20 searches").has("Delete one first");
        let mut ada = Browser::new(&site);
        ada.join(ADA).await;
        ada.post(&searches, &[("query", "")]).await.is(404);
        ada.get(&searches).await.is(404);
    }

    async fn two_or_three_are_compared_by_what_they_opened(db: Db) {
        let site = site_on(db);
        let (mut carl, pool) = looking(&site).await;
        let compare = pool.replace("/pool", "/compare");
        let (first, grant) = in_pool(&site, 1, "First", &[(Field::Pay, PAY)]).await;
        // Hidden by the one, empty at the other: it looks the same.
        fill(&site, first, Field::Languages, GERMAN).await;
        in_pool(&site, 2, "Second", &[]).await;
        let page = carl.get(&pool).await;
        let names = names(&page);
        assert_eq!(names.len(), 2);
        let url = format!("{compare}?with={}&with={}", names[0], names[1]);
        let side_by_side = carl.get(&url).await;
        side_by_side.is(200).has("At least 60,000 EUR a year").has("First").has("Second").has_not("German");
        let row = |page: &Answer, label: &str| {
            let rest = page.text().split(&format!("<th scope=\"row\">{label}</th>")).nth(1).unwrap().to_owned();
            rest.split("</tr>").next().unwrap().to_owned()
        };
        assert_eq!(row(&side_by_side, "Pay they look for").matches("Not shown").count(), 1);
        let by_none = side_by_side.text().split("Shown by none of them: ").nth(1).unwrap().split("</p>").next().unwrap().to_owned();
        assert!(by_none.contains("Languages") && by_none.contains("Name") && !by_none.contains("Pay"), "{by_none}");
        let views = site.disclosure.views(first, 9).await.unwrap();
        assert!(views.iter().any(|view| view.through == "page"), "{views:?}");
        carl.get(&compare).await.is(200).has("Tick two candidates");
        carl.get(&format!("{compare}?with={0}&with={0}", names[0])).await.is(422).has("one candidate alone");
        let nobody = "0".repeat(32);
        let many = format!("{compare}?with={}&with={}&with={nobody}&with={}", names[0], names[1], "1".repeat(32));
        carl.get(&many).await.is(422).has("do not fit");
        carl.get(&format!("{compare}?with=me&with=you")).await.is(404);
        // Who shows nothing any more is like who never was.
        site.disclosure.revoke_grant(first, grant).await.unwrap();
        let name_of_first = names.iter().find(|name| **name != names[usize::from(found(&page)[0] == "First")]).unwrap().clone();
        let other = names.iter().find(|name| **name != name_of_first).unwrap();
        let gone = carl.get(&format!("{compare}?with={name_of_first}&with={other}")).await;
        let never = carl.get(&format!("{compare}?with={nobody}&with={other}")).await;
        assert_eq!(gone.is(200).has("shows your company nothing").text(), never.text());
        carl.get(&format!("{compare}?with={name_of_first}&with={nobody}")).await.is(404);
    }

    async fn a_vacancy_leads_to_people_for_it(db: Db) {
        let site = site_on(db);
        let (mut carl, pool) = looking(&site).await;
        let (own, _) = publish(&mut carl, &of(&pool.replace("/pool", "/candidates")), &[]).await;
        let page = carl.get(&own).await;
        let link = page.links().into_iter().find(|url| url.starts_with(&format!("{pool}?"))).unwrap().replace("&#38;", "&");
        let search = carl.get(&link).await;
        search.is(200).has("value=\"django-models\" checked").has("value=\"django-testing\" checked").has("value=\"75000\"");
        search.has("value=\"remote\" checked");
        // A company that says of no role that it looks for it is led to where it can.
        site.db.execute("delete from company_focus", &[]).await.unwrap();
        carl.get(&pool).await.is(200).has("Choose its roles on its page").has_not("Nobody found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_read_who_is_found_and_in_which_order() {
    let site = TestSite::new();
    site.get("/about/pool").await.is(200).has("By lot").has("Nobody is ordered by a level");
}
