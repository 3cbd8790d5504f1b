//! Legal Entity Identifiers (ISO 17442): 18 letters and digits, and two digits that check them (ISO/IEC 7064, MOD 97-10).

/// An LEI whose check digits are right. That says that it was not mistyped, and not whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lei(String);

/// Why a text is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLei {
    /// Too short, too long, or with other signs.
    #[error("An LEI has 20 letters and digits, and the last two are digits. Copy it as it stands in the register.")]
    Shape,
    /// Something in it was mistyped.
    #[error(
        "The check digits of this LEI are not right, so something in it was mistyped. Copy it as it stands in the register."
    )]
    Checksum,
}

impl Lei {
    /// Reads one as people copy it, with spaces or without.
    ///
    /// # Errors
    /// [`BadLei`], as a sentence with the mend.
    pub fn parse(text: &str) -> Result<Self, BadLei> {
        let text: String = text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>().to_uppercase();
        let is_one = text.len() == 20
            && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
            && text.bytes().skip(18).all(|byte| byte.is_ascii_digit());
        if !is_one {
            return Err(BadLei::Shape);
        }
        if remainder(&text) == 1 { Ok(Self(text)) } else { Err(BadLei::Checksum) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is left of it by 97, letters being 10 to 35.
fn remainder(text: &str) -> u32 {
    text.chars().filter_map(|sign| sign.to_digit(36)).fold(0, |rest, value| {
        let shift = if value < 10 { 10 } else { 100 };
        (rest * shift + value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// With its check digits, as an issuer makes them.
    fn issued(eighteen: &str) -> String {
        format!("{eighteen}{:02}", 98 - remainder(&format!("{eighteen}00")))
    }

    #[test]
    fn an_lei_is_taken_as_it_is_copied() {
        // The example of ISO 17442-1, annex A.
        let lei = Lei::parse(" 5493 001k jtii gc8y 1r12 ").unwrap();
        assert_eq!(lei.as_str(), "5493001KJTIIGC8Y1R12");
        for text in ["", "5493001KJTIIGC8Y1R1", "5493001KJTIIGC8Y1R122", "5493001KJTIIGC8Y1RAB", "5493001KJTIIGC8Y1R1é"]
        {
            assert_eq!(Lei::parse(text), Err(BadLei::Shape), "{text}");
        }
        assert_eq!(Lei::parse("5493001KJTIIGC8Y1R13"), Err(BadLei::Checksum));
    }

    proptest! {
        #[test]
        fn every_slip_of_one_sign_and_of_two_neighbours_is_found(
            eighteen in "[0-9A-Z]{18}", at in 0_usize..18, sign in "[0-9A-Z]"
        ) {
            let right = issued(&eighteen);
            prop_assert!(Lei::parse(&right).is_ok());
            // A letter counts as two digits, so that one in the place of a digit is another number of another length, which may
            // have the same remainder.
            let mut slipped = right.clone();
            slipped.replace_range(at..=at, &sign);
            if sign.as_bytes()[0].is_ascii_digit() == right.as_bytes()[at].is_ascii_digit() {
                prop_assert_eq!(Lei::parse(&slipped).is_ok(), slipped == right);
            }
            let mut swapped: Vec<char> = right.chars().collect();
            swapped.swap(at, at + 1);
            let swapped: String = swapped.into_iter().collect();
            let is_same_kind = right.as_bytes()[at].is_ascii_digit() == right.as_bytes()[at + 1].is_ascii_digit();
            if is_same_kind {
                prop_assert_eq!(Lei::parse(&swapped).is_ok(), swapped == right);
            }
        }
    }
}
