//! Questions and answers about the product: one id for one place on the page, and no place with more than it has room for.

use super::Lint;
use crate::answers::Place;
use jobfuture_codes::Code;
use std::collections::BTreeMap;

impl Lint<'_> {
    pub(super) fn answers(&mut self) {
        let library = self.library;
        for answers in library.answers.values() {
            let groups = answers.groups.iter().map(|group| (group.id.as_str(), group.line));
            let questions = answers.questions().map(|asked| (asked.id.as_str(), asked.line));
            let mut all: Vec<(&str, usize)> = groups.chain(questions).collect();
            all.sort_by_key(|(_, line)| *line);
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            for (id, line) in all {
                match seen.get(id) {
                    Some(first) => {
                        let says = format!("The id `{id}` is taken in line {first}");
                        self.fault(&answers.file, line, says, "Give it an id of its own");
                    }
                    None => {
                        seen.insert(id, line);
                    }
                }
            }
            for group in answers.groups.iter().filter(|group| group.questions.is_empty()) {
                let says = format!("The group \"{}\" has no question", group.title);
                self.fault(
                    &answers.file,
                    group.line,
                    says,
                    "Add one, ### Question? {#id where=…}, or remove the group",
                );
            }
            if answers.groups.is_empty() {
                self.fault(&answers.file, 1, "The page has no question", "Add a group, and a question below it");
            }
        }
        for &place in Place::ALL {
            self.crowded(place);
        }
    }

    fn crowded(&mut self, place: Place) {
        let library = self.library;
        let Some((asker, last)) = library.asked_at(place).nth(place.room()) else { return };
        let Some(answers) = library.answers.get(&asker) else { return };
        let (id, room, count) = (place.id(), place.room(), library.asked_at(place).count());
        let says = format!("{count} questions are offered at `{id}`, which has room for {room}");
        self.fault(&answers.file, last.line, says, "Keep those that arise there most often");
    }
}
