//! Answers that were lent, by people of whom nothing else is known.

use super::super::{BankParts, Checks, Condition};
use crate::error::SiteError;
use jobfuture_codes::Code;
use jobfuture_db::{params, record};
use uuid::Uuid;

record! {
    struct Row { person: Uuid, item: String, category: i64 }
}

/// Answers to items of a bank, a list for each person: the item's number and the category.
pub(super) struct Lent {
    pub people: Vec<Vec<(usize, u8)>>,
    /// Answers to each item.
    pub counts: Vec<usize>,
}

impl Checks {
    /// What was lent under a condition. Answers to versions that the bank no longer has are left out.
    pub(super) async fn lent(&self, check: &str, condition: Condition, bank: &BankParts) -> Result<Lent, SiteError> {
        let sql = "select person, item, category from lent_answer where check_id = $1 and condition = $2
             order by person, item";
        let rows: Vec<Row> = self.db.all(sql, params![check, condition.id()]).await?;
        let numbers = bank.numbers();
        let mut lent = Lent { people: Vec::new(), counts: vec![0; bank.items.len()] };
        let mut last = None;
        for row in rows {
            let Some(number) = numbers.get(&row.item).copied() else { continue };
            let Ok(category) = u8::try_from(row.category) else { continue };
            if last != Some(row.person) {
                lent.people.push(Vec::new());
                last = Some(row.person);
            }
            if let Some(person) = lent.people.last_mut() {
                person.push((number, category));
                lent.counts[number] += 1;
            }
        }
        for person in &mut lent.people {
            person.sort_unstable();
        }
        Ok(lent)
    }
}
