//! Roles, levels and competencies by stated words.

use jobfuture_boards::{Adapter, Found, Posting, Term, Vocabulary, Where, read, suggest};
use serde_json::json;

fn term(id: &str, name: &str, words: &[&str]) -> Term {
    Term { id: id.into(), name: name.into(), words: words.iter().map(ToString::to_string).collect() }
}

fn vocabulary() -> Vocabulary {
    Vocabulary {
        roles: vec![
            term("backend-developer", "Backend developer", &["backend engineer", "developer"]),
            term("django-developer", "Django developer", &["Django engineer", "Django"]),
        ],
        levels: vec![
            term("junior", "Junior", &["entry level"]),
            term("middle", "Middle", &[]),
            term("senior", "Senior", &["Sr."]),
        ],
        competencies: vec![
            term("querysets", "Querysets", &["Django ORM"]),
            term("java", "Java", &[]),
            term("c", "C", &[]),
            term("node", "Node", &[]),
            term("cpp", "C++", &[]),
        ],
    }
}

fn posting(title: &str, experience: &str, description: &str) -> Posting {
    let job = json!({ "shortcode": "1", "title": title, "experience": experience, "description": description });
    read(Adapter::Workable, json!({ "jobs": [job] }).to_string().as_bytes()).unwrap().postings.remove(0)
}

#[test]
fn a_proposal_names_the_words_that_led_to_it() {
    let suggestion =
        suggest(&posting("Senior Django Developer", "", "<p>You know the Django\nORM.</p>"), &vocabulary());
    assert_eq!(suggestion.role().unwrap().id, "django-developer");
    assert_eq!(suggestion.level().unwrap().id, "senior");
    let reason = Found { word: "Django ORM".into(), at: Where::Description };
    assert_eq!(suggestion.competencies[0].because, [reason]);
    assert_eq!(suggestion.roles.len(), 2, "the weaker one is proposed behind");
}

#[test]
fn levels_are_not_taken_from_descriptions() {
    let suggestion = suggest(&posting("Django developer", "Entry level", "Senior people help you."), &vocabulary());
    assert_eq!(suggestion.levels.len(), 1);
    assert_eq!(suggestion.level().unwrap().because, [Found { word: "entry level".into(), at: Where::Seniority }]);
}

#[test]
fn words_are_whole_words() {
    let found = |text: &str| {
        let suggestion = suggest(&posting("Cook", "", text), &vocabulary());
        suggestion.competencies.into_iter().map(|suggested| suggested.id).collect::<Vec<_>>()
    };
    assert_eq!(found("JavaScript and Node.js, C# too"), [] as [&str; 0]);
    assert_eq!(found("C++, Java."), ["java", "cpp"]);
    assert_eq!(found("C and Node. And more"), ["c", "node"]);
}

#[test]
fn nothing_is_proposed_without_a_word_and_nothing_chosen_between_equals() {
    let none = suggest(&posting("Cook", "", "Soups."), &vocabulary());
    assert!(none.roles.is_empty() && none.role().is_none() && none.level().is_none());
    let both = suggest(&posting("Junior or Senior", "", ""), &vocabulary());
    assert_eq!((both.levels.len(), both.level()), (2, None));
}
