//! Times for an interview are offered, picked, moved and called off, in two zones over a change of clocks; as browsers do it.

use crate::site::Answer;
use crate::talk::{Two, a_site, two};
use jobfuture_db::Db;
use std::collections::BTreeMap;

const ROOM: &str = "https://meet.example/room";

/// What is typed to offer times.
pub fn form<'a>(zone: &'a str, times: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    const DAYS: [(&str, &str); 5] =
        [("day-0", "time-0"), ("day-1", "time-1"), ("day-2", "time-2"), ("day-3", "time-3"), ("day-4", "time-4")];
    let mut fields =
        vec![("zone", zone), ("about", "Pair on a pull request"), ("minutes", "45"), ("how", "link"), ("link", ROOM)];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend(more);
    for ((day, time), (on, at)) in DAYS.iter().zip(times) {
        fields.extend([(*day, *on), (*time, *at)]);
    }
    fields
}

/// The path of the offer that waits, or of the interview that is ahead, as the page links it.
pub fn offer_on(page: &Answer, base: &str) -> String {
    let text = page.text();
    let at = text.find(&format!("{base}/offers/")).unwrap_or_else(|| panic!("no offer in:\n{text}"));
    let rest = &text[at + base.len() + "/offers/".len()..];
    format!("{base}/offers/{}", &rest[..36])
}

/// What a calendar reads: the file must be one, by RFC 5545, and gives its properties.
fn calendar(answer: &Answer) -> BTreeMap<String, String> {
    assert_eq!(answer.is(200).header("content-type"), "text/calendar; charset=utf-8; method=PUBLISH");
    assert!(answer.header("content-disposition").contains("attachment; filename=\"interview.ics\""));
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = answer.text();
    assert!(
        text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']),
        "lines end with CR LF: {text:?}"
    );
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "lines are folded: {text:?}");
    let whole = text.replace("\r\n ", "");
    let lines: Vec<&str> = whole.trim_end().split("\r\n").collect();
    assert_eq!((lines[0], lines[lines.len() - 1]), ("BEGIN:VCALENDAR", "END:VCALENDAR"));
    assert_eq!(lines.iter().filter(|line| **line == "BEGIN:VEVENT").count(), 1);
    let mut found = BTreeMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').expect("a property");
        assert!(name.bytes().all(|byte| byte.is_ascii_uppercase()), "{line}");
        if name != "BEGIN" && name != "END" {
            assert!(found.insert(name.to_owned(), value.to_owned()).is_none(), "{name} twice");
        }
    }
    for needed in ["VERSION", "PRODID", "METHOD", "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY"]
    {
        assert!(found.contains_key(needed), "no {needed} in {text}");
    }
    found
}

/// Carl, in New York, has offered two times over the night on which clocks are put forward there.
async fn offered(two: &mut Two<'_>) -> String {
    let times = [("2027-03-15", "10:00"), ("2027-03-12", "10:00")];
    let offered = two.carl.post(&format!("{}/offer", two.theirs), &form("America/New_York", &times, &[])).await;
    assert_eq!(offered.is(303).header("location"), format!("{}#interviews", two.theirs));
    offer_on(&two.ada.get(&two.mine).await, &two.mine)
}

jobfuture_testkit::both_engines! {
    async fn times_are_offered_read_in_another_zone_and_agreed_on(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        two.carl.get(&format!("{}/offer", two.theirs)).await.is(200).has("value=\"UTC\"").has("<option value=\"Pacific/Auckland\">");
        let offer = offered(&mut two).await;
        let page = two.ada.get(&two.mine).await;
        page.has("Acme offers times: Pair on a pull request").has("45 minutes, <a href=\"https://meet.example/room\" rel=");
        page.has("<time datetime=\"2027-03-12T15:00:00Z\">Friday 12 March 2027, 15:00–15:45 (UTC)</time>");
        page.has("Friday 12 March 2027, 10:00–10:45 (UTC−5) in America/New_York");
        page.has("<time datetime=\"2027-03-15T14:00:00Z\">").has("Monday 15 March 2027, 10:00–10:45 (UTC−4) in America/New_York");
        let page = two.ada.get(&format!("{}?zone=Pacific%2FAuckland", two.mine)).await;
        page.has("Saturday 13 March 2027, 04:00–04:45 (UTC+13)").has("Tuesday 16 March 2027, 03:00–03:45 (UTC+13)");
        page.has("value=\"Pacific/Auckland\"");
        let page = two.ada.get(&format!("{}?zone=Mars", two.mine)).await;
        page.is(200).has("There is no such time zone").has("value=\"Mars\"").has("15:00–15:45 (UTC)");

        two.ada.post(&offer, &[("do", "pick")]).await.is(422).has("Choose one of the times first");
        two.ada.post(&offer, &[("do", "pick"), ("begins", "2027-03-13T15:00:00Z")]).await.is(422);
        // The one who offered cannot say yes to it.
        let own = offer.replace(&two.mine, &two.theirs);
        two.carl.post(&own, &[("do", "pick"), ("begins", "2027-03-15T14:00:00Z")]).await.is(422).has("answered, replaced or taken back");
        let pick = [("do", "pick"), ("begins", "2027-03-15T14:00:00Z")];
        two.ada.post(&offer, &pick).await.is(303);
        two.ada.post(&offer, &pick).await.is(303);
        two.ada.post(&offer, &[("do", "none")]).await.is(422);
        two.ada.get(&two.mine).await.has("Agreed: Pair on a pull request").has("agreed on a time").has_not("Which one fits?");
        two.carl.get(&two.theirs).await.has("Agreed: Pair on a pull request").has("Monday 15 March 2027, 14:00–14:45 (UTC)");
        let (turn, due): (String, jiff::Timestamp) = site.db.one("select turn, due_at from introduction", &[]).await.unwrap();
        assert_eq!((turn.as_str(), due.to_string().as_str()), ("company", "2027-03-29T14:00:00Z"), "after it the company says how it goes on");
        let (agreed,): (i64,) = site.db.one("select count(*) from introduction_line where act = 'agreed'", &[]).await.unwrap();
        assert_eq!(agreed, 1);
    }

    async fn an_interview_goes_into_calendars_and_follows_what_becomes_of_it(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        let offer = offered(&mut two).await;
        let file = |offer: &str| format!("{offer}/interview.ics");
        two.ada.get(&file(&offer)).await.is(404);
        two.ada.post(&offer, &[("do", "pick"), ("begins", "2027-03-15T14:00:00Z")]).await.is(303);
        let answer = two.ada.get(&file(&offer)).await;
        let first = calendar(&answer);
        let expected = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//JobFuture//Interviews//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n\
             BEGIN:VEVENT\r\nUID:{}\r\nDTSTAMP:20261122T100000Z\r\nSEQUENCE:0\r\nDTSTART:20270315T140000Z\r\nDTEND:20270315T144500Z\r\n\
             SUMMARY:Interview with Acme: Pair on a pull request\r\n\
             DESCRIPTION:About the vacancy “Django developer for a book shop”.\\nTo m\r\n ove it or to call it off: \
             https://jobs.example.org/introductions/00000000-\r\n 0000-0000-0000-000000007a1c\r\n\
             LOCATION:https://meet.example/room\r\n\
             URL:https://jobs.example.org/introductions/00000000-0000-0000-0000-00000000\r\n 7a1c\r\n\
             STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            first["UID"]
        );
        assert_eq!(answer.text(), expected);
        // What the company's calendar says of the candidate is what the door calls them.
        let theirs = offer.replace(&two.mine, &two.theirs);
        assert_eq!(calendar(&two.carl.get(&file(&theirs)).await)["SUMMARY"], "Interview with Ada Lovelace: Pair on a pull request");
        let grant = two.grant.clone();
        two.ada.post(&format!("{grant}/revoke"), &[]).await.is(303);
        let masked = calendar(&two.carl.get(&file(&theirs)).await);
        assert!(masked["SUMMARY"].starts_with("Interview with Candidate ") && !format!("{masked:?}").contains("Lovelace"), "{masked:?}");

        // Moved: what is agreed on stands until the other side picks another time; then it is the same interview, later.
        let moves = offer.rsplit('/').next().unwrap();
        let form_of_move = two.ada.get(&format!("{}/offer?moves={moves}", two.mine)).await;
        form_of_move.is(200).has("stands until the other side picks").has("value=\"Pair on a pull request\"").has(ROOM);
        let times = [("2027-03-17", "08:00")];
        two.ada.post(&format!("{}/offer", two.mine), &form("Pacific/Auckland", &times, &[("moves", moves)])).await.is(303);
        assert_eq!(calendar(&two.ada.get(&file(&offer)).await)["STATUS"], "CONFIRMED");
        two.ada.get(&format!("{}/offer", two.mine)).await.has("value=\"Pacific/Auckland\"").has("name=\"moves\"");
        let page = two.carl.get(&two.theirs).await;
        page.has("Agreed: Pair").has("offers times: Pair").has("Wednesday 17 March 2027, 08:00–08:45 (UTC+13) in Pacific/Auckland");
        let other = offer_on(&page, &two.theirs);
        assert_ne!(other, theirs);
        two.carl.post(&other, &[("do", "pick"), ("begins", "2027-03-16T19:00:00Z")]).await.is(303);
        let moved = calendar(&two.carl.get(&file(&other)).await);
        assert_eq!((&moved["UID"], moved["SEQUENCE"].as_str()), (&first["UID"], "2"));
        assert_eq!((moved["DTSTART"].as_str(), moved["STATUS"].as_str()), ("20270316T190000Z", "CONFIRMED"));
        two.ada.get(&two.mine).await.has_not(&offer).has("Tuesday 16 March 2027, 19:00–19:45 (UTC)");

        // Called off.
        let call_off = format!("{other}/call-off");
        two.carl.get(&call_off).await.is(200).has("Call this interview off?").has("offer other times");
        two.carl.post(&call_off, &[]).await.is(303);
        two.carl.post(&call_off, &[]).await.is(303);
        let off = calendar(&two.carl.get(&file(&other)).await);
        assert_eq!((off["SEQUENCE"].as_str(), off["STATUS"].as_str()), ("3", "CANCELLED"));
        assert_eq!(off["UID"], first["UID"]);
        two.ada.get(&two.mine).await.has("Called off: Pair on a pull request").has("called an interview off").has_not("move it");
        two.carl.get(&call_off).await.is(303);
        let (count,): (i64,) = site.db.one("select count(*) from introduction_line where act = 'called-off'", &[]).await.unwrap();
        assert_eq!(count, 1);
    }

    async fn times_that_do_not_fit_are_answered_by_others(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        let offer = offered(&mut two).await;
        two.ada.get(&format!("{}/offer", two.mine)).await.is(200).has("Yours take their place").has("value=\"45\"");
        two.ada.post(&format!("{}/offer", two.mine), &form("Pacific/Auckland", &[("2027-03-20", "09:00")], &[])).await.is(303);
        two.ada.post(&offer, &[("do", "pick"), ("begins", "2027-03-15T14:00:00Z")]).await.is(422).has("answered, replaced or taken back");
        let theirs = offer_on(&two.carl.get(&two.theirs).await, &two.theirs);
        two.carl.post(&theirs, &[("do", "none")]).await.is(303);
        two.ada.get(&two.mine).await.has("found no time that fits").has_not("Interviews");
        // One's own times are taken back.
        two.wait(2);
        let again = offered(&mut two).await.replace(&two.mine, &two.theirs);
        two.ada.get(&format!("{}/call-off", again.replace(&two.theirs, &two.mine))).await.is(303);
        two.carl.get(&format!("{again}/call-off")).await.is(200).has("Take these times back?");
        two.carl.post(&format!("{again}/call-off"), &[]).await.is(303);
        two.ada.get(&two.mine).await.has("took back the times").has_not("Which one fits?");
    }

    async fn nights_on_which_clocks_are_changed_are_told_with_their_mend(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        let offer = format!("{}/offer", two.theirs);
        let gap = two.carl.post(&offer, &form("America/New_York", &[("2027-03-14", "02:30"), ("2027-03-15", "09:00")], &[])).await;
        gap.is(422).has("There is no 02:30 on 14 March 2027 in America/New_York").has("called 03:30 there").has("value=\"09:00\"").has("href=\"#day-0\"");
        let fold = two.carl.post(&offer, &form("Pacific/Auckland", &[("2027-04-04", "02:30")], &[])).await;
        fold.is(422).has("There are two 02:30 on 4 April 2027").has("name=\"which-0\"").has("id=\"which-0-fault\"");
        let times = [("2027-04-04", "02:30")];
        two.carl.post(&offer, &form("Pacific/Auckland", &times, &[("which-0", "second")])).await.is(303);
        two.ada.get(&two.mine).await.has("datetime=\"2027-04-03T14:30:00Z\"").has("02:30–03:15 (UTC+12) in Pacific/Auckland");
        let wrong = two.carl.post(&offer, &form("Nowhere", &times, &[("link", "http://meet.example/"), ("about", ""), ("minutes", "5")])).await;
        wrong.is(422).has("4 things are missing or wrong").has("value=\"Nowhere\"").has("begins with https://").has("value=\"2027-04-04\"");
        two.carl.post(&offer, &form("UTC", &[("2026-11-22", "10:15")], &[])).await.is(422).has("within half an hour");
        two.carl.post(&offer, &form("UTC", &[], &[])).await.is(422).has("Offer at least one time");
        let script = form("UTC", &[("2027-01-12", "10:00")], &[("how", "place"), ("place", "<script>alert(1)</script>")]);
        two.carl.post(&offer, &script).await.is(303);
        two.ada.get(&two.mine).await.has("&#60;script&#62;alert(1)").has_not("<script>alert");
    }

    async fn at_the_end_interviews_are_called_off_and_the_company_has_no_file(db: Db) {
        let site = a_site(db);
        let mut two = two(&site).await;
        let offer = offered(&mut two).await;
        two.ada.post(&offer, &[("do", "pick"), ("begins", "2027-03-15T14:00:00Z")]).await.is(303);
        let close = format!("{}/close", two.mine);
        let form = two.ada.get(&close).await;
        form.has("Interviews that are ahead are called off");
        two.ada.post(&close, &[("version", &crate::vacancies::version(&form)), ("outcome", "other")]).await.is(303);
        two.ada.get(&two.mine).await.is(200).has("Called off: Pair on a pull request").has("Monday 15 March 2027, 10:00–10:45");
        assert_eq!(calendar(&two.ada.get(&format!("{offer}/interview.ics")).await)["STATUS"], "CANCELLED");
        let theirs = offer.replace(&two.mine, &two.theirs);
        two.carl.get(&format!("{theirs}/interview.ics")).await.is(404);
        two.carl.get(&two.theirs).await.is(200).has_not("Pair on a pull request").has_not("meet.example");
        two.carl.post(&theirs, &[("do", "none")]).await.is(404);
        two.carl.get(&format!("{}/offer", two.theirs)).await.is(303);
    }
}
