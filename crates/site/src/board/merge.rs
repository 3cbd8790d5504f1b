//! What a board changed, put into a text that people may have changed too.

use crate::vacancy::Draft;

/// The text with the board's changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Merged {
    /// As it would be.
    pub draft: Draft,
    /// What the board changed and a person had changed before: theirs stays.
    pub left: Vec<&'static str>,
}

/// Takes over what the board changed between `before` and `now`, except where `mine` is not what the board said. Role, level,
/// competencies and all that no board says are the company's own and stay.
pub(super) fn merge(before: &Draft, now: &Draft, mine: &Draft) -> Merged {
    let (mut draft, mut left) = (mine.clone(), Vec::new());
    macro_rules! each {
        ($($field:ident, $label:literal;)+) => {$(
            if !same(&before.$field, &now.$field) && !same(&mine.$field, &now.$field) {
                if same(&mine.$field, &before.$field) {
                    draft.$field.clone_from(&now.$field);
                } else {
                    left.push($label);
                }
            }
        )+};
    }
    each! {
        title, "the title";
        remote, "whether it is remote";
        countries, "the country";
        city, "the town";
        employment, "the contract";
        closes_on, "the last day";
        description, "the description";
        apply, "where one applies";
    }
    // One thing: two ends of two ranges would be a third that nobody stated.
    if before.pay != now.pay && mine.pay != now.pay {
        if mine.pay == before.pay {
            draft.pay.clone_from(&now.pay);
        } else {
            left.push("the pay");
        }
    }
    Merged { draft, left }
}

/// Forms send white space at the ends a little differently than it came.
fn same(one: &str, other: &str) -> bool {
    one.trim() == other.trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vacancy::TypedPay;
    use proptest::prelude::*;

    fn draft(title: &str, city: &str, pay: &str) -> Draft {
        let pay = TypedPay { min: pay.to_owned(), ..TypedPay::default() };
        Draft { title: title.to_owned(), city: city.to_owned(), pay, ..Draft::default() }
    }

    #[test]
    fn the_boards_change_is_taken_over_and_a_persons_stays() {
        let (before, now) = (draft("Developer", "Berlin", "1"), draft("Django developer", "Porto", "2"));
        let mine = Draft { process: "A call.".to_owned(), ..draft("Developer ", "Berlin and Kiel", "1") };
        let merged = merge(&before, &now, &mine);
        assert_eq!(merged.draft.title, "Django developer");
        assert_eq!(merged.draft.city, "Berlin and Kiel");
        assert_eq!((merged.draft.pay.min.as_str(), merged.draft.process.as_str()), ("2", "A call."));
        assert_eq!(merged.left, ["the town"]);
    }

    proptest! {
        #[test]
        fn nothing_changes_where_the_board_changed_nothing(
            title in "[a-c]{0,2}", city in "[a-c]{0,2}", pay in "[0-9]{0,2}", mine in "[a-c]{0,2}",
        ) {
            let board = draft(&title, &city, &pay);
            let mine = draft(&mine, &city, "77");
            prop_assert_eq!(merge(&board, &board, &mine), Merged { draft: mine, left: vec![] });
        }

        #[test]
        fn who_changed_nothing_gets_what_the_board_says(
            a in "[a-c]{0,2}", b in "[a-c]{0,2}", c in "[0-9]{0,2}", d in "[a-c]{0,2}",
        ) {
            let (before, now) = (draft(&a, &b, &c), draft(&d, &a, &b));
            prop_assert_eq!(merge(&before, &now, &before), Merged { draft: now, left: vec![] });
        }
    }
}
