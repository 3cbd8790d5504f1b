//! Roles: every competency once, something to be seen at every level, and a guide that is there.

use super::Lint;
use std::collections::BTreeSet;

impl Lint<'_> {
    pub(super) fn roles(&mut self) {
        let library = self.library;
        let known: BTreeSet<&str> = library.competencies.iter().map(|one| one.id.as_str()).collect();
        for role in library.roles.values() {
            let file = format!("roles/{}/role.toml", role.id);
            if !library.guides.contains_key(&role.guide) {
                let says = format!("The guide `{}` does not exist", role.guide);
                self.fault_at(&file, "guide =", says, "Name a folder of guides/");
            }
            let mut seen = BTreeSet::new();
            for row in &role.rows {
                let needle = format!("\"{}\"", row.competency);
                if !known.contains(row.competency.as_str()) {
                    let says = format!("The competency `{}` does not exist", row.competency);
                    self.fault_at(&file, &needle, says, "Name one of competencies.toml, or add it there");
                }
                if !seen.insert(row.competency.as_str()) {
                    let says = format!("The competency `{}` has two rows", row.competency);
                    self.fault_at(&file, &needle, says, "Join them");
                }
                if [&row.junior, &row.middle, &row.senior].iter().any(|text| text.trim().is_empty()) {
                    let says = format!("A level of `{}` says nothing", row.competency);
                    self.fault_at(&file, &needle, says, "Say what can be observed at each level");
                }
            }
            if role.rows.is_empty() {
                let mend = "Add a [[row]] for each competency";
                self.fault(&file, 1, "The levels cannot be compared: there is no row", mend);
            }
            for level in role.levels.iter().filter(|level| level.prepare.is_empty()) {
                let says = format!("Nothing prepares for {:?}", level.level);
                self.fault_at(&file, "prepare", says, "Add prepare = [{ to = \"…\", why = \"…\" }]");
            }
        }
    }
}
