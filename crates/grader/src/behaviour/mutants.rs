//! `tests_kill_mutants`: the candidate's tests, against variants of the application that they never see.

use super::Mutants;
use crate::verdict::Evidence;
use std::collections::BTreeMap;

/// What the candidate's tests said of one variant.
#[derive(Debug, Clone, Default)]
pub(crate) struct SuiteRun {
    /// Test id, outcome (`passed`, `failed`, `error`, `skipped`), beginning of why.
    pub results: Vec<(String, String, String)>,
}

impl SuiteRun {
    /// Tests that ran and ended well or badly.
    pub(crate) fn ran(&self) -> usize {
        self.results.iter().filter(|(_, outcome, _)| outcome != "skipped").count()
    }

    pub(crate) fn first_fault(&self) -> Option<&(String, String, String)> {
        self.results.iter().find(|(_, outcome, _)| outcome == "failed" || outcome == "error")
    }
}

/// All variants that behaviours name, each once.
pub(crate) fn named<'a>(behaviours: impl Iterator<Item = &'a Mutants>) -> Vec<String> {
    let mut names: Vec<String> = behaviours.flat_map(|one| one.live.iter().chain(&one.kill)).cloned().collect();
    names.sort();
    names.dedup();
    names
}

/// Whether the variants live and die as they should. A broken variant is not named: the candidate would learn what to
/// test for.
pub(crate) fn judge(mutants: &Mutants, suites: &BTreeMap<String, SuiteRun>) -> Option<Evidence> {
    for name in &mutants.live {
        let suite = suites.get(name)?;
        if suite.ran() == 0 {
            let says =
                "No test ran. Tests are methods whose names begin with test, in files tests/test_*.py.".to_owned();
            return Some(Evidence { says, ..Evidence::default() });
        }
        if let Some((test, _, why)) = suite.first_fault() {
            return Some(Evidence {
                says: "A test fails on an application that keeps every rule.".into(),
                found: Some(format!("{test}\n{why}")),
                ..Evidence::default()
            });
        }
    }
    for name in &mutants.kill {
        let suite = suites.get(name)?;
        if suite.first_fault().is_none() {
            return Some(Evidence {
                says: "All tests pass on an application that breaks this rule.".into(),
                wanted: Some("at least one test that fails".into()),
                found: Some(format!("{} tests ran and passed", suite.ran())),
                ..Evidence::default()
            });
        }
    }
    None
}
