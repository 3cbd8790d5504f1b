//! Changes, facets, order and folders, by small examples.

use super::{ask, found, index, titled};
use jobfuture_vacancy_search::{Change, Count, Document, Error, Facet, Index, PayFloor, Query, Remote, Sort};
use uuid::Uuid;

fn ids(index: &Index, query: &Query) -> Vec<u128> {
    index.search(query).unwrap().ids.iter().map(Uuid::as_u128).collect()
}

fn counts(index: &Index, query: &Query, facet: Facet) -> Vec<(String, u32)> {
    let answer = index.search(query).unwrap();
    answer.facets[&facet].iter().map(|Count { value, count }| (value.to_string(), *count)).collect()
}

fn paid(id: u128, currency: &str, pay_min: i64, pay_max: i64) -> Document {
    Document { currency: currency.into(), pay_min, pay_max, ..titled(id, "developer") }
}

#[test]
fn an_empty_index_answers() {
    let index = Index::new().unwrap();
    let answer = ask(&index, "anything");
    assert_eq!((answer.total, answer.ids.len(), answer.unknown.len(), index.len()), (0, 0, 1, 0));
    assert_eq!(answer.facets.len(), Facet::ALL.len());
    assert_eq!(ask(&index, "").total, 0);
    index.apply([]).unwrap();
    index.apply([Change::Remove(Uuid::from_u128(1))]).unwrap();
    index.rebuild([]).unwrap();
    assert!(index.is_empty());
}

#[test]
fn changes_are_seen_at_once_and_made_twice_are_made_once() {
    let index = Index::new().unwrap();
    for _ in 0..2 {
        index.apply([Change::Upsert(titled(1, "Django")), Change::Upsert(titled(2, "Rust"))]).unwrap();
        assert_eq!((found(&index, ""), found(&index, "django")), (vec![1, 2], vec![1]));
    }
    for _ in 0..2 {
        index.apply([Change::Upsert(titled(1, "Flask")), Change::Remove(Uuid::from_u128(2))]).unwrap();
        assert_eq!((found(&index, ""), found(&index, "flask"), index.len()), (vec![1], vec![1], 1));
        assert_eq!(ask(&index, "django").unknown, ["django"]);
    }
    let one = Uuid::from_u128(1);
    index
        .apply([Change::Remove(one), Change::Upsert(titled(1, "Celery")), Change::Upsert(titled(1, "Redis"))])
        .unwrap();
    assert_eq!((found(&index, ""), found(&index, "redis")), (vec![1], vec![1]), "the last of several counts");
}

#[test]
fn clones_are_one_index() {
    let index = index([titled(1, "Django")]);
    let other = index.clone();
    other.apply([Change::Upsert(titled(2, "Rust"))]).unwrap();
    assert_eq!(found(&index, ""), [1, 2]);
}

#[test]
fn what_was_removed_before_a_rebuild_says_nothing_of_what_comes_with_it_or_after() {
    let remove = |id: u128| Change::Remove(Uuid::from_u128(id));
    for removed in 0..20 {
        let index = Index::new().unwrap();
        // Of an index that holds nothing, so that nothing has to look at them.
        index.apply((0..removed).map(remove)).unwrap();
        index.rebuild([titled(7, "Rust"), titled(8, "Go"), titled(7, "Ruby")]).unwrap();
        assert_eq!((index.len(), found(&index, "rust ruby")), (2, vec![]), "after {removed}");
        assert_eq!(found(&index, "ruby"), [7], "after {removed}");
        for round in 0..30 {
            index.apply([Change::Upsert(titled(100 + round % 3, "Zig"))]).unwrap();
            assert_eq!(found(&index, "ruby"), [7], "after {removed} and {round}");
            assert_eq!(index.len() as u128, 2 + (round + 1).min(3), "after {removed} and {round}");
        }
    }
}

#[test]
fn a_rebuild_takes_the_place_of_everything() {
    let index = index((0..50).map(|id| Document { role: format!("role-{id}"), ..titled(id, "Django") }));
    index.rebuild([titled(7, "Rust"), titled(8, "Go"), titled(7, "Ruby")]).unwrap();
    assert_eq!(found(&index, ""), [7, 8]);
    assert_eq!((found(&index, "ruby"), ask(&index, "rust").corrected), (vec![7], None));
    assert!(counts(&index, &Query::default(), Facet::Role).is_empty());
    index.apply([Change::Upsert(titled(9, "Django"))]).unwrap();
    assert_eq!(found(&index, "django"), [9]);
}

#[test]
fn whoever_gives_documents_may_fail_and_nothing_is_half_done() {
    let index = index([titled(1, "Django"), titled(2, "Rust")]);
    let broken = |at: u128| (10..20).map(move |id| if id == at { panic!("a broken row") } else { titled(id, "Go") });
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let rebuilt = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| index.rebuild(broken(15))));
    let applied =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| index.apply(broken(15).map(Change::Upsert))));
    std::panic::set_hook(quiet);
    assert!(rebuilt.is_err() && applied.is_err());
    assert_eq!(found(&index, ""), [1, 2]);
    index.apply([Change::Upsert(titled(3, "Python"))]).unwrap();
    assert_eq!(found(&index, ""), [1, 2, 3]);
}

#[test]
fn a_facet_is_counted_as_if_nothing_of_it_had_been_asked_for() {
    let of = |id, role: &str, level: &str, competencies: &[&str]| Document {
        role: role.into(),
        level: level.into(),
        competencies: competencies.iter().map(|key| (*key).to_owned()).collect(),
        ..titled(id, "developer")
    };
    let index = index([
        of(1, "django", "senior", &["sql", "http", "sql"]),
        of(2, "django", "middle", &["sql"]),
        of(3, "flask", "senior", &["http"]),
        of(4, "flask", "junior", &[]),
    ]);
    let named =
        |pairs: &[(&str, u32)]| pairs.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect::<Vec<_>>();
    let query = Query { roles: vec!["django".into()], ..Query::default() };
    assert_eq!(ids(&index, &query), [1, 2]);
    assert_eq!(counts(&index, &query, Facet::Role), named(&[("django", 2), ("flask", 2)]));
    assert_eq!(counts(&index, &query, Facet::Level), named(&[("middle", 1), ("senior", 1)]));
    assert_eq!(counts(&index, &query, Facet::Competency), named(&[("sql", 2), ("http", 1)]));

    let both = Query { levels: vec!["senior".into(), "junior".into()], ..query };
    assert_eq!(ids(&index, &both), [1]);
    assert_eq!(counts(&index, &both, Facet::Role), named(&[("flask", 2), ("django", 1)]));
    assert_eq!(counts(&index, &both, Facet::Level), named(&[("middle", 1), ("senior", 1), ("junior", 0)]));

    let competencies = Query { competencies: vec!["sql".into(), "http".into()], ..Query::default() };
    assert_eq!(ids(&index, &competencies), [1]);
    assert_eq!(counts(&index, &competencies, Facet::Competency), named(&[("http", 1), ("sql", 1)]));

    let unheard_of = Query { roles: vec!["cobol".into()], facet_limit: 1, ..Query::default() };
    assert_eq!(ids(&index, &unheard_of), [] as [u128; 0]);
    assert_eq!(counts(&index, &unheard_of, Facet::Role), named(&[("django", 2), ("cobol", 0)]));
}

#[test]
fn pay_is_compared_within_a_currency_only() {
    let index = index([
        paid(1, "EUR", 50_000, 70_000),
        paid(2, "EUR", 60_000, 65_000),
        paid(3, "JPY", 9_000_000, 12_000_000),
        paid(4, "", 1, 2),
        paid(5, "CHF", 90_000, 95_000),
        paid(6, "EUR", 50_000, 75_000),
    ]);
    let query = Query { sort: Sort::Pay, ..Query::default() };
    assert_eq!(ids(&index, &query), [2, 6, 1, 5, 3, 4], "most are paid in EUR; CHF comes before JPY by its code");
    let floor = |yearly| Query { pay_at_least: Some(PayFloor { yearly, currency: "EUR".into() }), ..query.clone() };
    assert_eq!(ids(&index, &floor(70_000)), [6, 1]);
    assert_eq!(ids(&index, &floor(75_001)), [] as [u128; 0]);
    let all = [("EUR", 3), ("CHF", 1), ("JPY", 1)].map(|(code, count)| (code.to_owned(), count));
    assert_eq!(counts(&index, &floor(75_001), Facet::Currency), all);
}

#[test]
fn the_title_weighs_more_than_the_company_and_both_more_than_the_text() {
    let in_text = Document { text: "We like Django".into(), published_at: 9, ..titled(1, "developer") };
    let in_name = Document { company_name: "Django Hill".into(), ..titled(2, "developer") };
    let index =
        index([in_text, in_name, titled(3, "Django developer"), Document { published_at: 5, ..titled(4, "Django") }]);
    let query = |sort| Query { words: "django".into(), sort, ..Query::default() };
    assert_eq!(ids(&index, &query(Sort::Relevance)), [4, 3, 2, 1]);
    assert_eq!(ids(&index, &query(Sort::Freshness)), [1, 4, 2, 3]);
}

#[test]
fn every_page_is_a_part_of_the_whole() {
    let index = index((0..57).map(|id| Document { published_at: (id % 5) as i64, ..titled(id, "developer") }));
    let whole = ids(&index, &Query { limit: 100, ..Query::default() });
    let pages = (0..60).step_by(10).flat_map(|offset| ids(&index, &Query { offset, limit: 10, ..Query::default() }));
    assert_eq!(pages.collect::<Vec<_>>(), whole);
    assert_eq!(ids(&index, &Query { offset: usize::MAX, limit: usize::MAX, ..Query::default() }), [] as [u128; 0]);
    assert_eq!(index.search(&Query { limit: 0, ..Query::default() }).unwrap().total, 57);
}

#[test]
fn place_and_kind_of_work_are_facets_and_words() {
    let here = Document {
        remote: Remote::Hybrid,
        zones: vec!["Europe/Zurich".into(), "Europe/Lisbon".into()],
        countries: vec!["CH".into()],
        city: Some("Genève".into()),
        employment: "permanent".into(),
        company: Uuid::from_u128(77),
        ..titled(1, "developer")
    };
    let index = index([here, titled(2, "developer")]);
    let everything = Query::default();
    let queries = [
        Query { remote: vec![Remote::Hybrid], ..everything.clone() },
        Query { zones: vec!["Europe/Lisbon".into()], ..everything.clone() },
        Query { countries: vec!["CH".into()], ..everything.clone() },
        Query { employment: vec!["permanent".into()], ..everything.clone() },
        Query { companies: vec![Uuid::from_u128(77)], ..everything.clone() },
        Query { words: "geneve".into(), ..everything },
    ];
    for query in queries {
        assert_eq!(ids(&index, &query), [1], "{query:?}");
    }
}

#[test]
fn an_index_in_a_folder_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::in_folder(folder.path()).unwrap();
    index.apply([Change::Upsert(titled(1, "Django")), Change::Upsert(titled(2, "Rust"))]).unwrap();
    assert!(matches!(Index::in_folder(folder.path()), Err(Error::Open { .. })), "another writer has it");
    drop(index);
    let index = Index::in_folder(folder.path()).unwrap();
    assert_eq!((found(&index, "django"), index.len()), (vec![1], 2));
    index.rebuild([titled(3, "Go")]).unwrap();
    assert_eq!(found(&index, ""), [3]);

    let missing = Index::in_folder(&folder.path().join("missing")).err().unwrap().to_string();
    assert!(missing.contains("missing") && missing.contains("Empty the folder"), "{missing}");
}

#[test]
fn size_is_told() {
    let small = index([titled(1, "Django")]).size().unwrap();
    let large = index((0..2_000).map(|id| titled(id, "Django developer"))).size().unwrap();
    assert!(0 < small.written && small.written < large.written && small.columns < large.columns);
}
