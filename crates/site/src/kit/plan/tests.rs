use super::*;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    Library::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content")).expect("the content is whole")
});

fn ids(text: &[&str]) -> Vec<String> {
    text.iter().map(|id| (*id).to_owned()).collect()
}

fn brief(must: &[&str], nice: &[&str]) -> Brief {
    let seed = Seed::of(b"a secret", "a vacancy");
    Brief { role: "django-developer".to_owned(), level: Level::Middle, must: ids(must), nice: ids(nice), seed }
}

fn signal(level: Level, competencies: &[&str]) -> ShownSignal {
    ShownSignal {
        title: format!("Django developer: at {} or above", crate::guide::level_name(level)),
        at_least: Some(level),
        competencies: ids(competencies).into_iter().collect(),
        behaviours: vec![],
        asked: BTreeSet::new(),
        condition: "Unaided, as the candidate declares".to_owned(),
        taken_on: "20 November 2026".to_owned(),
    }
}

/// As somebody would read it aloud.
fn told(plan: &Plan<'_>) -> String {
    let mut text = format!("{} minutes\n", plan.length.minutes());
    for (part, minutes) in &plan.parts {
        writeln!(text, "{minutes:>4}  {}", part.name()).unwrap();
    }
    writeln!(text, "\nAlready shown").unwrap();
    for one in &plan.shown {
        for by in &one.by {
            writeln!(text, "  {}: {}, {}, on {}", one.topic.name, by.title, by.condition, by.taken_on).unwrap();
        }
    }
    writeln!(text, "\nAsk here").unwrap();
    for one in &plan.thin {
        let why = match &one.why {
            Why::Claimed => "claimed".to_owned(),
            Why::NotMentioned => "not mentioned".to_owned(),
            Why::ShownBelow(signal) => format!("shown below the level: {}", signal.title),
        };
        let kind = if one.topic.is_must { "must" } else { "helps" };
        writeln!(text, "  {} ({kind}; {why}; {} minutes)", one.topic.name, one.minutes).unwrap();
        for asked in &one.questions {
            writeln!(text, "    - {} [{}]", asked.question.title, crate::guide::level_name(asked.question.level))
                .unwrap();
        }
    }
    writeln!(text, "\nA task").unwrap();
    if let Some(task) = &plan.task {
        let alone = task.alone;
        writeln!(
            text,
            "  {}, variant {}: {}; {alone} minutes alone",
            task.task.manifest.title,
            task.variant,
            task.topics.join(", ")
        )
        .unwrap();
    }
    writeln!(text, "\nRubric").unwrap();
    for row in &plan.rubric {
        writeln!(text, "  {}{}", row.topic.name, if row.is_shown { " (shown)" } else { "" }).unwrap();
        for (at, anchor) in row.anchors.iter().enumerate() {
            let mark = if at == row.asked { "*" } else { " " };
            writeln!(text, "   {mark}{}: {}", anchor.name, anchor.says).unwrap();
        }
    }
    text
}

#[test]
fn a_plan_reads_as_an_interview_that_one_could_hold() {
    let brief = brief(
        &["django-models", "django-related-objects", "django-migrations"],
        &["django-testing", "python-concurrency"],
    );
    let shown = Shown {
        signals: vec![signal(Level::Middle, &["django-related-objects"]), signal(Level::Junior, &["django-models"])],
        claimed: ids(&["django-testing", "django-related-objects"]).into_iter().collect(),
    };
    insta::assert_snapshot!("a_plan", told(&Plan::of(&LIBRARY, &brief, &shown, Length::Hour)));
}

#[test]
fn nothing_shown_is_everything_asked_and_everything_shown_leaves_time_to_talk() {
    let brief = brief(&["django-models", "django-testing"], &[]);
    let nothing = Plan::of(&LIBRARY, &brief, &NOTHING, Length::Hour);
    assert_eq!((nothing.shown.len(), nothing.thin.len()), (0, 2));
    assert!(nothing.thin.iter().all(|one| one.why == Why::NotMentioned && one.minutes > 0));
    let all = Shown { signals: vec![signal(Level::Senior, &["django-models", "django-testing"])], ..Shown::default() };
    let all = Plan::of(&LIBRARY, &brief, &all, Length::Hour);
    assert_eq!((all.shown.len(), all.thin.len(), all.task.is_some()), (2, 0, false));
    assert_eq!((all.minutes(Part::Questions), all.minutes(Part::Beyond)), (0, 40));
    assert!(all.rubric.iter().all(|row| row.is_shown));
}

static NOTHING: Shown = Shown { signals: Vec::new(), claimed: BTreeSet::new() };

#[test]
fn what_the_content_has_dropped_is_asked_for_by_its_id_without_questions() {
    let brief = brief(&["cobol"], &[]);
    let plan = Plan::of(&LIBRARY, &brief, &NOTHING, Length::Half);
    assert_eq!((plan.thin[0].topic.name, plan.thin[0].questions.len()), ("cobol", 0));
    assert!(matches!(plan.rubric[0].basis, Basis::Answers));
    assert_eq!(
        plan.rubric[0].anchors.each_ref().map(|anchor| anchor.name),
        ["Not yet", "In part", "Well", "And further"]
    );
}

#[test]
fn what_is_asked_is_not_to_be_worked_out_of_the_vacancys_id() {
    let with = |secret: &[u8]| {
        let seed = Seed::of(secret, "a vacancy");
        (0..40).map(|at| seed.number(&at.to_string())).collect::<Vec<_>>()
    };
    assert_ne!(with(b"one"), with(b"another"));
    assert_eq!(with(b"one"), with(b"one"));
}

fn some(most: usize) -> impl Strategy<Value = Vec<String>> {
    let all: Vec<String> = LIBRARY.competencies.iter().map(|one| one.id.clone()).collect();
    proptest::sample::subsequence(all, 0..=most).prop_shuffle()
}

fn level() -> impl Strategy<Value = Level> {
    proptest::sample::select(vec![Level::Junior, Level::Middle, Level::Senior])
}

prop_compose! {
    fn a_brief()(must in some(10), nice in some(10), level in level(), role in proptest::sample::select(vec!["django-developer", "backend-developer", "gone"]),
                 vacancy in 0_u8..9) -> Brief {
        Brief { role: role.to_owned(), level, must, nice, seed: Seed::of(b"secret", &vacancy.to_string()) }
    }
}

prop_compose! {
    fn a_signal()(named in some(8), level in level(), is_known in any::<bool>(), done in proptest::sample::subsequence(vec!["book-list", "address-rows", "renewal-tests"], 0..3)) -> ShownSignal {
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        ShownSignal { at_least: is_known.then_some(level), asked: ids(&done).into_iter().collect(), ..signal(level, &named) }
    }
}

fn a_candidate() -> impl Strategy<Value = Shown> {
    (proptest::collection::vec(a_signal(), 0..3), some(20))
        .prop_map(|(signals, claimed)| Shown { signals, claimed: claimed.into_iter().collect() })
}

fn a_length() -> impl Strategy<Value = Length> {
    proptest::sample::select(Length::ALL.to_vec())
}

fn questions_of(plan: &Plan<'_>, topic: &str) -> Option<Vec<String>> {
    let thin = plan.thin.iter().find(|one| one.topic.id == topic)?;
    Some(thin.questions.iter().map(|one| one.question.id.clone()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_plan_keeps_its_promises(brief in a_brief(), shown in a_candidate(), length in a_length()) {
        let plan = Plan::of(&LIBRARY, &brief, &shown, length);
        prop_assert_eq!(told(&plan), told(&Plan::of(&LIBRARY, &brief, &shown, length)), "the same again");
        // Each thing that the vacancy asks for is in one of the two lists, and in the rubric.
        let asked: BTreeSet<&str> = brief.must.iter().chain(&brief.nice).map(String::as_str).collect();
        let listed: Vec<&str> = plan.shown.iter().map(|one| one.topic.id).chain(plan.thin.iter().map(|one| one.topic.id)).collect();
        prop_assert_eq!(listed.len(), asked.len());
        prop_assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), asked.clone());
        prop_assert_eq!(plan.rubric.iter().map(|row| row.topic.id).collect::<BTreeSet<_>>(), asked);
        // What is shown at the level is not asked again, by no question and not above all by the task.
        let enough = |id: &str| shown.signals.iter().any(|one| one.competencies.contains(id) && one.at_least.is_some_and(|level| level >= brief.level));
        for one in &plan.shown {
            prop_assert!(enough(one.topic.id) && !one.by.is_empty());
        }
        for one in &plan.thin {
            prop_assert!(!enough(one.topic.id));
            prop_assert!(one.questions.iter().all(|asked| asked.question.competency == one.topic.id));
            let has_some = LIBRARY.guides.values().flat_map(|guide| &guide.sections).flat_map(|section| &section.questions)
                .any(|question| question.competency == one.topic.id);
            prop_assert_eq!(one.questions.is_empty(), !has_some, "a question, or none in the content");
        }
        if let Some(task) = &plan.task {
            let weight = |counts: &dyn Fn(&str) -> bool| -> f64 {
                task.task.manifest.competencies.iter().filter(|of| counts(&of.id)).map(|of| of.weight).sum()
            };
            let thin = weight(&|id| plan.thin.iter().any(|one| one.topic.id == id));
            let known = weight(&enough);
            prop_assert!(thin >= known && !task.topics.is_empty(), "{thin} against {known}");
            prop_assert!((1..1_000_000).contains(&task.variant));
        }
        // Minutes sum to the length; what has a place has some of substance, and a must has it before what only helps.
        prop_assert_eq!(plan.parts.iter().map(|(_, minutes)| minutes).sum::<u32>(), length.minutes());
        prop_assert!(plan.parts.iter().all(|(_, minutes)| *minutes > 0));
        prop_assert_eq!(plan.thin.iter().map(|one| one.minutes).sum::<u32>(), plan.minutes(Part::Questions));
        prop_assert!(plan.thin.iter().all(|one| one.minutes == 0 || one.minutes >= 4));
        let cut = plan.thin.iter().position(|one| one.minutes == 0).unwrap_or(plan.thin.len());
        prop_assert_eq!(plan.without_time().count(), plan.thin.len() - cut, "those without time come last");
        prop_assert!(cut > 0 || plan.thin.is_empty());
        prop_assert!(plan.thin.is_sorted_by_key(|one| !one.topic.is_must));
    }

    #[test]
    fn two_candidates_of_one_vacancy_are_asked_the_same_but_for_what_they_have_shown(
        brief in a_brief(), one in a_candidate(), other in a_candidate(), lengths in (a_length(), a_length()),
    ) {
        let (first, second) = (Plan::of(&LIBRARY, &brief, &one, lengths.0), Plan::of(&LIBRARY, &brief, &other, lengths.1));
        for thin in &first.thin {
            if let Some(questions) = questions_of(&second, thin.topic.id) {
                prop_assert_eq!(questions_of(&first, thin.topic.id), Some(questions));
            }
        }
        for (row, theirs) in first.rubric.iter().zip(&second.rubric) {
            prop_assert_eq!((row.topic.id, &row.anchors, row.asked), (theirs.topic.id, &theirs.anchors, theirs.asked));
        }
        if let (Some(task), Some(theirs)) = (&first.task, &second.task) {
            prop_assert!(task.task.id != theirs.task.id || task.variant == theirs.variant);
        }
        // Where the same is known of both, all of it is the same.
        let known = |plan: &Plan<'_>| plan.shown.iter().map(|one| one.topic.id.to_owned()).collect::<Vec<_>>();
        let done = |shown: &Shown| shown.signals.iter().flat_map(|signal| signal.asked.clone()).collect::<BTreeSet<_>>();
        if known(&first) == known(&second) && done(&one) == done(&other) {
            prop_assert_eq!(first.task.map(|task| task.task.id.clone()), second.task.map(|task| task.task.id.clone()));
        }
    }
}
