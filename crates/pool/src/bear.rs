//! Whether an explanation still holds, of facts that were looked at again.

use crate::Facts;
use crate::query::{Ground, Matched, Why};
use crate::value::{Hours, Value, Word};
use jiff::civil::Date;

impl Facts {
    /// What these facts leave of an explanation: nothing if they do not bear it out any more, and otherwise the ground that they give. An
    /// answer is as old as the pool, so whoever shows it looks at the candidate again and asks this. Roles to whose pools somebody
    /// granted count as stated if they are put among [`Self::roles`].
    pub fn bear_out(&self, why: &Why) -> Option<Why> {
        let what = match &why.what {
            Matched::Value(value) => self.says(value).then(|| why.what.clone()),
            Matched::Pay(pay) => (self.pay.as_ref() == Some(pay)).then(|| why.what.clone()),
            Matched::Zones(zones) => (self.zones == Some(*zones)).then_some(Matched::Zones(*zones)),
            Matched::From(hours, day) => self.begins_by(*hours, *day).map(|day| Matched::From(*hours, day)),
        };
        let ground = match &why.what {
            Matched::Value(Value::Level { .. } | Value::Shown(_)) => Ground::Signal,
            Matched::Value(Value::Competency(one)) if self.says(&Value::Shown(one.clone())) => Ground::Signal,
            _ => Ground::Stated,
        };
        what.map(|what| Why { wish: why.wish, what, ground })
    }

    fn says(&self, value: &Value) -> bool {
        self.words().contains(&Word::of(value))
    }

    /// When they could begin to work so much, if that is no later than this day.
    fn begins_by(&self, hours: Hours, day: Date) -> Option<Date> {
        let beginnings = self.availability.iter().filter(|one| one.hours == hours).filter_map(|one| one.from);
        beginnings.min().filter(|from| *from <= day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pay, Shown, Taken, Wish};

    fn why(what: Matched, ground: Ground) -> Why {
        Why { wish: Wish::Must, what, ground }
    }

    #[test]
    fn an_explanation_holds_as_long_as_the_facts_and_on_their_ground() {
        let competency = || Matched::Value(Value::Competency("orm".into()));
        let signal = Shown {
            role: "dev".into(),
            level: "middle".into(),
            taken: Taken::Unaided,
            on: None,
            competencies: vec!["orm".into()],
        };
        let shown = Facts { signals: vec![signal], ..Facts::default() };
        let stated = Facts { competencies: vec!["orm".into()], ..Facts::default() };
        let ground = |facts: &Facts| facts.bear_out(&why(competency(), Ground::Signal)).map(|why| why.ground);
        assert_eq!(ground(&shown), Some(Ground::Signal));
        assert_eq!(ground(&stated), Some(Ground::Stated), "the signal was withdrawn since");
        assert_eq!(ground(&Facts::default()), None);
        let pay = |yearly| Pay { yearly, currency: "EUR".into() };
        let asked = why(Matched::Pay(pay(5)), Ground::Stated);
        assert!(Facts { pay: Some(pay(5)), ..Facts::default() }.bear_out(&asked).is_some());
        assert!(Facts { pay: Some(pay(6)), ..Facts::default() }.bear_out(&asked).is_none());
    }
}
