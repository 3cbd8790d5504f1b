//! The order in which questions are listed, and in which one follows the other.

use super::shown;
use jobfuture_content::{Competency, Library, QuickQuestion};
use std::sync::Arc;

/// The questions on one competency, from the easiest on.
pub struct Group<'a> {
    pub competency: &'a Competency,
    pub questions: Vec<&'a Arc<QuickQuestion>>,
}

/// By competency, in the order of `competencies.toml`; a competency without questions is left out.
pub fn groups(library: &Library) -> Vec<Group<'_>> {
    let groups = library.competencies.iter().map(|competency| {
        let mut questions: Vec<_> =
            shown(library).filter(|question| question.manifest.competency == competency.id).collect();
        // Stable, so that equally hard ones stand by id.
        questions.sort_by(|a, b| a.manifest.difficulty.mean.total_cmp(&b.manifest.difficulty.mean));
        Group { competency, questions }
    });
    groups.filter(|group| !group.questions.is_empty()).collect()
}

/// The question after this one, with its competency: of the same one as long as there are more, then of the next.
pub fn after<'a>(library: &'a Library, question: &QuickQuestion) -> Option<(&'a Competency, &'a Arc<QuickQuestion>)> {
    let groups = groups(library);
    let all = groups.iter().flat_map(|group| group.questions.iter().map(|question| (group.competency, *question)));
    all.skip_while(|(_, other)| other.id != question.id).nth(1)
}
