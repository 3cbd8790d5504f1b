//! How a company shows who it is: a ladder of proofs, each with its day, its end, and the day on which it is looked at again. What
//! they come to is said by one function, [`verified_until`], and by nothing else.

mod letters;
mod look;
mod mail;
mod recheck;
mod store;

pub use look::Finding;
pub(crate) use look::{CHALLENGE_FILE, CHALLENGE_LABEL, challenge_text};
pub use mail::NoLetter;
pub use recheck::Rechecked;
pub(crate) use store::{ProofRow, settle};

use jiff::{SignedDuration, Timestamp};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

/// A way to show who a company is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Method {
    /// It writes its domain's DNS.
    Dns,
    /// It writes its domain's web site.
    File,
    /// Somebody of it reads mail at its domain.
    Mail,
    /// It has stated an LEI, whose check digits are right.
    Lei,
    /// An operator of this site has looked at it.
    Review,
}

impl Method {
    /// For a heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "A work address",
            Self::Dns => "The domain, by DNS",
            Self::File => "The domain, by a file",
            Self::Lei => "A legal entity, stated by its LEI",
            Self::Review => "A review by the operator of this site",
        }
    }

    /// How long it holds after it was last seen.
    pub fn lasts(self) -> SignedDuration {
        let days = match self {
            // Looked at each day; so long it holds where nobody can look.
            Self::Dns | Self::File => 30,
            Self::Mail => 180,
            Self::Lei | Self::Review => 365,
        };
        SignedDuration::from_hours(24 * days)
    }

    /// Whether it can be looked at without anybody doing anything.
    pub fn is_looked_at(self) -> bool {
        matches!(self, Self::Dns | Self::File)
    }
}

/// Between two looks at what is found.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Until the next look after one that did not find it.
const AGAIN: SignedDuration = SignedDuration::from_hours(12);
/// Looks on end that do not find it, after which it is lost: three days from the first to the last.
const MOST_FAILURES: i64 = 7;
/// How long before its end the owners are told.
const TOLD_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Whether what a company shows counts at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// As it does.
    Yes,
    /// An operator has suspended it, or nobody answers for it.
    No,
}

/// A proof, as pages show it.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Which.
    pub id: Uuid,
    /// By which way.
    pub method: Method,
    /// For mail: the address; for an LEI: it; for a review: what the operator wrote.
    pub detail: String,
    /// When it was shown first.
    pub proved_at: Option<Timestamp>,
    /// When it was last seen to hold.
    pub seen_at: Option<Timestamp>,
    /// Until when it holds if nothing more is seen.
    pub expires_at: Option<Timestamp>,
    /// When it is looked at again.
    pub check_at: Option<Timestamp>,
    /// Looks on end that did not find it.
    pub failures: i64,
    /// Since when.
    pub failing_since: Option<Timestamp>,
    /// What the last of them said.
    pub failure: Option<String>,
    /// When it was lost by that.
    pub lost_at: Option<Timestamp>,
}

impl Proof {
    /// Whether it holds at a time.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.proved_at.is_some() && self.lost_at.is_none() && self.expires_at.is_some_and(|end| end > now)
    }

    /// When it is lost if it is not found again.
    pub fn lost_on(&self) -> Option<Timestamp> {
        let rest = i32::try_from((MOST_FAILURES - self.failures).max(0)).unwrap_or(0);
        self.failing_since.and(self.check_at)?.checked_add(AGAIN * (rest - 1).max(0)).ok()
    }
}

/// Until when a company with these proofs is verified: as long as it shows the control of its domain and a work address there, or
/// an operator's review holds. An LEI alone shows nothing: anybody can state one.
pub fn verified_until(proofs: &[Proof], counts: Counts, now: Timestamp) -> Option<Timestamp> {
    let until = |methods: &[Method]| {
        let held = proofs.iter().filter(|proof| methods.contains(&proof.method) && proof.holds(now));
        held.filter_map(|proof| proof.expires_at).max()
    };
    let both = until(&[Method::Dns, Method::File]).zip(until(&[Method::Mail])).map(|(domain, mail)| domain.min(mail));
    both.max(until(&[Method::Review])).filter(|_| counts == Counts::Yes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobfuture_codes::Code;
    use proptest::prelude::*;

    fn at(day: i64) -> Timestamp {
        let start: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        start.checked_add(SignedDuration::from_hours(24 * day)).unwrap()
    }

    fn proof(method: Method, until: i64) -> Proof {
        Proof {
            id: Uuid::nil(),
            method,
            detail: String::new(),
            proved_at: Some(at(0)),
            seen_at: Some(at(0)),
            expires_at: Some(at(until)),
            check_at: None,
            failures: 0,
            failing_since: None,
            failure: None,
            lost_at: None,
        }
    }

    #[test]
    fn a_domain_and_a_work_address_or_a_review_verify_a_company() {
        use Method::{Dns, File, Lei, Mail, Review};
        for (proofs, until) in [
            (vec![], None),
            (vec![proof(Dns, 30)], None),
            (vec![proof(Mail, 30)], None),
            (vec![proof(Dns, 30), proof(File, 30), proof(Lei, 300)], None),
            (vec![proof(Lei, 300), proof(Mail, 30)], None),
            (vec![proof(Dns, 30), proof(Mail, 180)], Some(30)),
            (vec![proof(File, 30), proof(Mail, 20)], Some(20)),
            (vec![proof(Dns, 10), proof(File, 30), proof(Mail, 20), proof(Mail, 180)], Some(30)),
            (vec![proof(Review, 365)], Some(365)),
            (vec![proof(Review, 5), proof(Dns, 30), proof(Mail, 180)], Some(30)),
            (vec![proof(Dns, 1), proof(Mail, 180)], None),
            (vec![Proof { lost_at: Some(at(0)), ..proof(Dns, 30) }, proof(Mail, 180)], None),
            (vec![Proof { proved_at: None, ..proof(Dns, 30) }, proof(Mail, 180)], None),
        ] {
            assert_eq!(verified_until(&proofs, Counts::Yes, at(1)), until.map(at), "{proofs:?}");
            assert_eq!(verified_until(&proofs, Counts::No, at(1)), None, "whoever is suspended is not: {proofs:?}");
        }
    }

    #[test]
    fn a_proof_is_lost_three_days_after_it_was_first_not_found() {
        let failing = |failures: i64, next: i64| Proof {
            failures,
            failing_since: Some(at(0)),
            check_at: Some(at(0).checked_add(SignedDuration::from_hours(next)).unwrap()),
            ..proof(Method::Dns, 30)
        };
        for failures in 1..MOST_FAILURES {
            assert_eq!(failing(failures, 12 * failures).lost_on(), Some(at(3)), "{failures}");
        }
        assert_eq!(proof(Method::Dns, 30).lost_on(), None);
    }

    fn any_proof() -> impl Strategy<Value = Proof> {
        (proptest::sample::select(Method::ALL.to_vec()), 0_i64..60, any::<bool>(), any::<bool>()).prop_map(
            |(method, until, is_proved, is_lost)| Proof {
                proved_at: is_proved.then(|| at(0)),
                lost_at: is_lost.then(|| at(0)),
                ..proof(method, until)
            },
        )
    }

    proptest! {
        #[test]
        fn more_proofs_never_verify_for_shorter_and_time_never_verifies(
            proofs in proptest::collection::vec(any_proof(), 0..8), more in any_proof(), day in 0_i64..60
        ) {
            let before = verified_until(&proofs, Counts::Yes, at(day));
            prop_assert!(before.is_none_or(|until| until > at(day)));
            let with_more: Vec<Proof> = proofs.iter().cloned().chain([more]).collect();
            prop_assert!(verified_until(&with_more, Counts::Yes, at(day)) >= before);
            prop_assert!(verified_until(&proofs, Counts::Yes, at(day + 1)) <= before);
        }
    }
}
