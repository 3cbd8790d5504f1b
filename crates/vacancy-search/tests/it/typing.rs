//! Typing errors, and what is none.

use super::{ask, found, index, titled};

/// Query, what it finds, and what it was corrected to.
type Case = (&'static str, &'static [u128], Option<&'static str>);

#[test]
fn typing_errors_are_repaired_where_the_word_itself_finds_nothing() {
    let index = index([
        titled(1, "Django developer"),
        titled(2, "Kubernetes operator, node.js"),
        titled(3, "Rust engineer"),
        titled(4, "Trust engineer in Zürich"),
        titled(5, "Full-stack developer"),
        titled(6, "Fullstack designer"),
        titled(7, "Full stack tester"),
        titled(8, "PostgreSQL administration"),
        titled(9, "Golf"),
    ]);
    let table: &[Case] = &[
        ("django", &[1], None),
        ("djnago developer", &[1], Some("django developer")),
        ("Djangoo developer", &[1], Some("django developer")),
        ("jango", &[1], Some("django")),
        ("djagno", &[1], Some("django")),
        // Two errors are too many for six letters, and right for ten.
        ("djagnoo", &[], None),
        ("kuberentse", &[2], Some("kubernetes")),
        ("postgersqll", &[8], Some("postgresql")),
        ("xxkubernetesxx", &[], None),
        // Words that are there are never taken for others.
        ("rust", &[3], None),
        ("trust", &[4], None),
        // Up to three letters nothing is repaired.
        ("glf", &[], None),
        // Words with digits are what they are.
        ("django5", &[], None),
        ("zurich", &[4], None),
        ("ZÜRICH", &[4], None),
        ("zurihc", &[4], Some("zurich")),
        // The last word may be under way, and only the last.
        ("dja", &[1], None),
        ("engineer tru", &[4], None),
        ("developer dj", &[1], None),
        ("dj developer", &[], None),
        ("nodejs", &[2], None),
        ("Node.js", &[2], None),
        ("noedjs", &[2], Some("nodejs")),
        ("full-stack", &[5, 6, 7], None),
        ("fullstack", &[5, 6], None),
        ("full stack", &[5, 7], None),
        ("full-stcak tester", &[5, 6], None),
        ("developers", &[1, 5], None),
        ("engineers", &[3, 4], None),
        ("the engineer in Zürich", &[4], None),
        ("the enginer in Zürich", &[4], Some("the engineer in zurich")),
    ];
    for (query, ids, corrected) in table {
        let answer = ask(&index, query);
        if *query == "full-stcak tester" {
            // The compound is repaired to one word, which vacancy 7 does not have.
            assert_eq!((answer.total, answer.corrected.as_deref()), (0, Some("fullstack tester")));
            continue;
        }
        assert_eq!((found(&index, query).as_slice(), answer.corrected.as_deref()), (*ids, *corrected), "{query}");
        assert_eq!(answer.total, ids.len(), "{query}");
    }
}

#[test]
fn of_the_nearest_words_the_one_of_most_vacancies_is_taken_and_of_these_the_first() {
    let index = index([
        titled(1, "tester"),
        titled(2, "taster"),
        titled(3, "taster"),
        titled(4, "master"),
        titled(5, "pester"),
    ]);
    assert_eq!(ask(&index, "txster").corrected.as_deref(), Some("taster"));
    index.apply([jobfuture_vacancy_search::Change::Remove(uuid::Uuid::from_u128(2))]).unwrap();
    assert_eq!(ask(&index, "txster").corrected.as_deref(), Some("taster"));
    index.apply([jobfuture_vacancy_search::Change::Remove(uuid::Uuid::from_u128(3))]).unwrap();
    assert_eq!(ask(&index, "txster").corrected.as_deref(), Some("tester"), "a word that is gone repairs nothing");
}

#[test]
fn what_is_nowhere_is_named() {
    let index = index([titled(1, "Django developer")]);
    let answer = ask(&index, "Django quantumphysics 日");
    assert_eq!((answer.total, answer.unknown), (0, vec!["quantumphysics".to_owned(), "日".to_owned()]));
}

#[test]
fn names_of_tools_are_found_as_they_are_written() {
    let index = index([
        titled(1, "C developer"),
        titled(2, "C++ developer"),
        titled(3, "C# and ASP.NET developer"),
        titled(4, ".NET developer"),
        titled(5, "Net sales"),
        titled(6, "Sapeur-pompier à l’hôpital, 東京"),
    ]);
    let table: &[(&str, &[u128])] = &[
        ("c", &[1]),
        ("C++", &[2]),
        ("c#", &[3]),
        (".net", &[3, 4]),
        ("ASP.NET", &[3]),
        ("net", &[3, 4, 5]),
        ("hopital", &[6]),
        ("l'hôpital", &[6]),
        ("東", &[6]),
        ("東京", &[6]),
    ];
    for (query, ids) in table {
        assert_eq!(found(&index, query), *ids, "{query}");
    }
}

#[test]
fn any_text_is_safe() {
    let index = index([titled(1, "Django developer"), titled(2, "Rust")]);
    for nothing in ["", " ", "\u{0}\u{7}\n", "🎉🎊", "\"", "():*^~-", "…"] {
        assert_eq!(found(&index, nothing), [1, 2], "{nothing:?} asks for nothing");
    }
    for django in ["\"django\"", "title:django", "django*", "(django)", "-django", "+django", "django~", "django^"] {
        let answer = ask(&index, django);
        assert!(answer.unknown.is_empty() || answer.unknown == ["title"], "{django}");
        assert_eq!(answer.total, usize::from(answer.unknown.is_empty()), "{django}");
    }
    for long in
        ["django ".repeat(2_000), "x".repeat(10_000), "a-".repeat(5_000), "é".repeat(10_000), ".".repeat(10_000)]
    {
        ask(&index, &long);
    }
    assert_eq!(found(&index, &"django ".repeat(2_000)), [1]);
    assert_eq!(found(&index, "rust AND NOT django"), [] as [u128; 0]);
}
