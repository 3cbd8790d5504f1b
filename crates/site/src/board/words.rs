//! The words by which role, level and competencies of a posting are proposed.

use jobfuture_boards::{Term, Vocabulary as Words};
use jobfuture_disclosure::Vocabulary;

/// What boards write for our levels, by the level's id.
const LEVELS: &[(&str, &[&str])] = &[
    ("junior", &["jr", "entry level", "entry-level", "graduate"]),
    ("middle", &["mid", "mid-level", "mid level", "medior", "intermediate"]),
    ("senior", &["sr"]),
];

/// What else somebody is called who develops.
const DEVELOPS: [&str; 3] = ["engineer", "programmer", "dev"];

/// The site's words, with those that boards use for them.
pub(super) fn words(site: &Vocabulary) -> Words {
    let term = |(id, name): &(String, String), words: Vec<String>| Term { id: id.clone(), name: name.clone(), words };
    let level = |id: &str| LEVELS.iter().find(|(level, _)| *level == id).map_or(&[][..], |(_, words)| words);
    Words {
        roles: site.roles.iter().map(|role| term(role, of_role(&role.1))).collect(),
        levels: site
            .levels
            .iter()
            .map(|one| term(one, level(&one.0).iter().map(|word| (*word).to_owned()).collect()))
            .collect(),
        competencies: site.competencies.iter().map(|one| term(one, Vec::new())).collect(),
    }
}

/// A “Django developer” is a “Django engineer” elsewhere, and “Django” in a title says nearly as much.
fn of_role(name: &str) -> Vec<String> {
    let Some(field) = name.strip_suffix(" developer") else { return Vec::new() };
    DEVELOPS.iter().map(|does| format!("{field} {does}")).chain([field.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_developer_is_found_as_an_engineer_too() {
        let pair = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        let site = Vocabulary {
            roles: vec![pair("django-developer", "Django developer"), pair("keeper", "Keeper of books")],
            levels: vec![pair("middle", "Middle")],
            competencies: vec![],
        };
        let words = words(&site);
        assert_eq!(words.roles[0].words, ["Django engineer", "Django programmer", "Django dev", "Django"]);
        assert!(words.roles[1].words.is_empty());
        assert!(words.levels[0].words.contains(&"mid-level".to_owned()));
    }
}
