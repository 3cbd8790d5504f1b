//! Exact words, beside a search engine that others wrote.

use super::corpus::Corpus;
use jobfuture_vacancy_search::{Document, Index, Query};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;
use uuid::Uuid;

const VACANCIES: u64 = 800;

fn theirs(documents: &[Document]) -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(
        "create virtual table vacancy using fts5(title, company, place, text, tokenize = 'unicode61 remove_diacritics 2');
         begin",
    )
    .unwrap();
    for (number, one) in documents.iter().enumerate() {
        let place = format!("{} {}", one.city.as_deref().unwrap_or(""), one.countries.join(" "));
        db.execute(
            "insert into vacancy(rowid, title, company, place, text) values ($1, $2, $3, $4, $5)",
            params![number as i64, one.title, one.company_name, place, one.text],
        )
        .unwrap();
    }
    db.execute_batch("commit").unwrap();
    db
}

#[test]
fn exact_words_find_what_fts5_finds() {
    let corpus = Corpus::new();
    let mut documents: Vec<Document> = (0..VACANCIES).map(|number| corpus.vacancy(number)).collect();
    documents[5].text += " Müller in Zürich, «naïve» façade — CI/CD";
    documents[6].title += " MULLER (Zurich)";
    let index = Index::new().unwrap();
    index.rebuild(documents.iter().cloned()).unwrap();
    let db = theirs(&documents);
    let random = &mut ChaCha8Rng::seed_from_u64(5);
    let mut asked =
        vec![vec!["zürich".to_owned(), "MÜLLER".into()], vec!["ci".into(), "cd".into()], vec!["façade".into()]];
    for number in 0..150 {
        let document = &documents[number as usize];
        asked.push((0..1 + number % 3).map(|_| corpus.word_of(document, random)).collect());
    }
    for words in asked {
        let wanted = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" AND ");
        let mut statement = db.prepare_cached("select rowid from vacancy where vacancy match $1").unwrap();
        let rows = statement.query_map([&wanted], |row| row.get::<_, i64>(0)).unwrap();
        let expected: BTreeSet<Uuid> = rows.map(|row| documents[row.unwrap() as usize].id).collect();
        let query = Query { words: words.join(" "), limit: VACANCIES as usize, ..Query::default() };
        let answer = index.search(&query).unwrap();
        assert!(!expected.is_empty() && answer.corrected.is_none());
        assert_eq!(answer.ids.into_iter().collect::<BTreeSet<_>>(), expected, "{wanted}");
    }
}
