//! Checks: each covers what exists, can be supplied by the bank, and measures with numbers that are some.

use super::Lint;
use crate::check::{Check, Count};
use std::collections::{BTreeMap, BTreeSet};

/// Conditions under which a check is taken.
const CONDITIONS: [&str; 3] = ["practice", "unaided", "own-tools"];

impl Lint<'_> {
    pub(super) fn checks(&mut self) {
        let library = self.library;
        for check in library.checks.values() {
            let file = format!("checks/{}/check.toml", check.manifest.id);
            if !library.roles.contains_key(&check.manifest.role) {
                let says = format!("The role `{}` does not exist", check.manifest.role);
                self.fault_at(&file, "role =", says, "Name a folder of roles/");
            }
            self.covered(check, &file);
            self.supplied(check, &file);
            self.measuring(check, &file);
        }
    }

    /// Competencies that exist, each in one area.
    fn covered(&mut self, check: &Check, file: &str) {
        let known: BTreeSet<&str> = self.library.competencies.iter().map(|one| one.id.as_str()).collect();
        let (mut areas, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for area in &check.manifest.areas {
            if !areas.insert(area.id.as_str()) {
                let says = format!("The area `{}` stands twice", area.id);
                self.fault_at(file, &format!("\"{}\"", area.id), says, "Rename or remove one of them");
            }
            for competency in &area.competencies {
                let needle = format!("\"{competency}\"");
                if !known.contains(competency.as_str()) {
                    let says = format!("The competency `{competency}` does not exist");
                    self.fault_at(file, &needle, says, "Name one of competencies.toml, or add it there");
                }
                if !seen.insert(competency.as_str()) {
                    let says = format!("The competency `{competency}` stands in two areas");
                    self.fault_at(file, &needle, says, "Leave it in one of them");
                }
            }
        }
    }

    /// Whether the bank has enough for every least number.
    fn supplied(&mut self, check: &Check, file: &str) {
        let (mut questions, mut tasks) = (BTreeMap::<&str, u16>::new(), BTreeMap::<&str, u16>::new());
        for (area, _) in check.questions(self.library) {
            *questions.entry(&area.id).or_default() += 1;
        }
        for (area, _) in check.tasks(self.library) {
            *tasks.entry(&area.id).or_default() += 1;
        }
        let kinds = [("questions", check.manifest.questions, questions), ("tasks", check.manifest.tasks, tasks)];
        for (kind, whole, there) in kinds {
            let mut usable = 0;
            let mut least = 0;
            for area in &check.manifest.areas {
                let wanted = if kind == "questions" { area.questions } else { area.tasks };
                let found = there.get(area.id.as_str()).copied().unwrap_or_default();
                self.short(file, &format!("{kind} on {}", area.id), &area.id, found, wanted);
                usable += found.min(wanted.max);
                least += wanted.min;
            }
            self.short(file, kind, kind, usable, whole);
            if least > whole.max {
                let says = format!("The areas need {least} {kind} together, and at most {} are asked", whole.max);
                self.fault_at(file, kind, says, "Lower the areas' least numbers, or raise the whole");
            }
        }
    }

    fn short(&mut self, file: &str, what: &str, needle: &str, found: u16, wanted: Count) {
        if wanted.min > wanted.max {
            let says = format!("At least {} and at most {} {what} cannot both be", wanted.min, wanted.max);
            self.fault_at(file, needle, says, "Make min at most max");
        }
        if found < wanted.min {
            let says = format!("{} {what} are needed, and the bank has {found}", wanted.min);
            self.fault_at(file, needle, says, "Add some, or ask for fewer");
        }
    }

    fn measuring(&mut self, check: &Check, file: &str) {
        let manifest = &check.manifest;
        let rising = manifest.cuts.rising();
        if rising.windows(2).any(|pair| pair[1].1.at <= pair[0].1.at)
            || rising.iter().any(|(_, cut)| !(cut.at.abs() <= 6.0 && (0.0..=3.0).contains(&cut.se)))
        {
            let mend = "Let them rise from junior to senior, between -6 and 6, with standard errors from 0 to 3";
            self.fault_at(file, "[cuts]", "The borders of the levels are none", mend);
        }
        if manifest.cuts.basis.trim().is_empty() {
            self.fault_at(file, "[cuts]", "The borders rest on nothing", "Say in `basis` what they rest on");
        }
        let floors: BTreeSet<&str> = manifest.model.floor.keys().map(String::as_str).collect();
        if floors != BTreeSet::from(CONDITIONS) || manifest.model.floor.values().any(|c| !(0.0..0.5).contains(c)) {
            let mend = format!("Give one from 0 to below 0.5 for each of {}", CONDITIONS.join(", "));
            self.fault_at(file, "floor", "The floors of the conditions are not as they should be", mend);
        }
        let model = &manifest.model;
        let slopes = [model.question_slope, model.behaviour_slope];
        let spreads = [model.ln_slope_sd, model.family_sd, model.behaviour_sd, model.task_effect_sd];
        if slopes.iter().any(|a| !(0.1..=5.0).contains(a)) || spreads.iter().any(|sd| !(0.0..=2.0).contains(sd)) {
            let mend = "Give slopes from 0.1 to 5, and standard deviations from 0 to 2";
            self.fault_at(file, "[model]", "A number of the model is out of its range", mend);
        }
        let shares = [manifest.stopping.band_at_least, manifest.stopping.change_at_most];
        let spread = &manifest.spread;
        if shares.iter().any(|share| !(*share > 0.0 && *share < 1.0))
            || !(spread.exposure_at_most > 0.0 && spread.exposure_at_most <= 1.0)
            || !(0.0..=1.0).contains(&spread.randomness)
        {
            let mend = "Give probabilities between 0 and 1";
            self.fault_at(file, "[stopping]", "A rule of stopping or of spreading is none", mend);
        }
        if manifest.minutes == 0 || manifest.runs == 0 {
            self.fault_at(file, "minutes", "There is no time, or no run", "Give at least one of each");
        }
    }
}
