//! Variants: the same seed, the same task.

use crate::tree::Tree;
use jobfuture_content::{FileSet, Task, Variant};
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

static SMALL: LazyLock<Arc<Task>> = LazyLock::new(|| Arc::clone(&Tree::whole().read().tasks["small"]));
static MORE: LazyLock<Arc<Task>> = LazyLock::new(|| {
    let tree = Tree::whole();
    let text = std::fs::read_to_string(tree.root().join("tasks/small/variant.toml")).unwrap();
    tree.write("tasks/small/variant.toml", &format!("[parameters.earlier]\nint = [-9, 9]\n\n{text}"));
    Arc::clone(&tree.read().tasks["small"])
});

fn shown(variant: &Variant) -> String {
    format!("{variant:?}")
}

proptest! {
    #[test]
    fn a_seed_means_one_variant(seed: u64) {
        prop_assert_eq!(shown(&SMALL.variant(seed).unwrap()), shown(&SMALL.variant(seed).unwrap()));
    }

    #[test]
    fn parameters_stay_in_their_ranges(seed: u64) {
        let drawn = MORE.parameters_of(seed);
        prop_assert!((3..=5).contains(&drawn["size"].as_i64().unwrap()));
        prop_assert!((-9..=9).contains(&drawn["earlier"].as_i64().unwrap()));
        prop_assert!(["shelf", "place", "spot"].contains(&drawn["label"].as_str().unwrap()));
    }

    #[test]
    fn one_more_parameter_shifts_no_other(seed: u64) {
        let (few, more) = (SMALL.parameters_of(seed), MORE.parameters_of(seed));
        prop_assert_eq!(&few["size"], &more["size"]);
        prop_assert_eq!(&few["label"], &more["label"]);
    }
}

#[test]
fn a_number_that_is_chosen_stays_a_number() {
    let tree = Tree::whole();
    tree.append("tasks/small/variant.toml", "\n[parameters.days]\nchoose = [14, 21]\n");
    tree.append("tasks/small/explain.md", "\nTwice: {{ days * 2 }}\n");
    let task = &tree.read().tasks["small"];
    let variant = task.variant(7).unwrap();
    let days = variant.parameters["days"].as_i64().unwrap();
    assert!(days == 14 || days == 21);
    assert!(variant.explain_html.contains(&format!("Twice: {}", days * 2)), "{}", variant.explain_html);
}

/// Attempts store a seed and nothing else of the draw, so these values must never change.
#[test]
fn seeds_mean_the_same_for_ever() {
    let drawn: Vec<String> = (0..6)
        .map(|seed| {
            let drawn = MORE.parameters_of(seed);
            format!("{} {} {}", drawn["size"], drawn["label"].as_str().unwrap(), drawn["earlier"])
        })
        .collect();
    assert_eq!(drawn, ["5 spot 3", "4 spot -9", "4 shelf 8", "4 shelf -1", "3 spot -9", "4 spot 9"]);
}

#[test]
fn every_value_is_drawn() {
    let sizes: std::collections::BTreeSet<_> =
        (0..100).map(|seed| SMALL.parameters_of(seed)["size"].as_i64()).collect();
    assert_eq!(sizes.len(), 3);
}

#[test]
fn what_a_candidate_is_given() {
    let variant = (0..).map(|seed| SMALL.variant(seed).unwrap()).find(|v| v.parameters["size"] == 4).unwrap();
    assert_eq!(
        variant.requirements,
        [("R1".into(), "A page holds 4 things".into()), ("R2".into(), "A thing can be bought".into())]
    );
    assert!(variant.prompt_html.contains("<h3 id=\"R1\">R1: A page holds 4 things</h3>"), "{}", variant.prompt_html);
    assert!(variant.prompt_html.contains("<a href=\"/guides/first/basics#when-sent\">the guide</a>"));
    assert_eq!(variant.starter["shop/views.py"], b"SIZE = 4\n");
    assert_eq!(variant.hints[1], ("Write".to_owned(), "<p><code>[:4]</code></p>\n".to_owned()));
    assert_eq!(variant.explain_html, "<p>It was about slices of 4.</p>\n");
    assert!(variant.world.starts_with("insert into shop_thing (label) values ('"));
}

/// Parameters are put in; facts and what a step saved wait for the run.
#[test]
fn facts_are_left_in_place() {
    let variant = SMALL.variant(0).unwrap();
    assert!(variant.behaviours[0].1.contains(&format!("count = {}\n", variant.parameters["size"])));
    assert!(variant.behaviours[1].1.contains("\"POST /things/{{ some_thing }}/buy/\""), "{}", variant.behaviours[1].1);
    assert!(variant.behaviours[1].1.contains("\"GET /sales/{{ sale }}/\""), "{}", variant.behaviours[1].1);
}

#[test]
fn the_missing_id_of_a_matrix_is_left_in_place() {
    let tree = Tree::whole();
    tree.append("tasks/small/behaviours/B2-buy.toml", "\n[[row]]\nrequest = \"GET /sales/{{ missing }}/\"\n");
    assert!(tree.faults().contains("`missing` is no parameter, no fact"), "{}", tree.faults());
    tree.replace("tasks/small/behaviours/B2-buy.toml", "id = \"buy\"\n", "id = \"buy\"\nmissing = 999\n");
    assert_eq!(tree.faults(), "");
}

#[test]
fn only_templates_are_rendered() {
    let bytes = b"{{ size }} \xff".to_vec();
    let files =
        FileSet::from([("a.bin".to_owned(), bytes.clone()), ("b.py.jinja".to_owned(), b"{{ size }}\n".to_vec())]);
    let rendered = SMALL.render_files(&files, &SMALL.parameters_of(0)).unwrap();
    let size = SMALL.parameters_of(0)["size"].to_string();
    assert_eq!(
        rendered,
        FileSet::from([("a.bin".to_owned(), bytes), ("b.py".to_owned(), format!("{size}\n").into_bytes())])
    );
}
