//! Names of files that candidates may give.

use crate::tree::Tree;
use jobfuture_content::{MAX_COMPONENTS, MAX_PATH_BYTES, PathFault, check_path};
use proptest::prelude::*;
use std::path::{Component, Path};

#[test]
fn each_trick_has_its_name() {
    let deep = ["a"; MAX_COMPONENTS + 1].join("/");
    let long = "a".repeat(MAX_PATH_BYTES + 1);
    for (path, fault) in [
        ("", PathFault::Empty),
        ("a//b", PathFault::Empty),
        ("a/", PathFault::Empty),
        ("/etc/passwd", PathFault::Absolute),
        ("../a", PathFault::Dots),
        ("a/../../b", PathFault::Dots),
        ("./a", PathFault::Dots),
        ("a\\b", PathFault::Backslash),
        ("a\0b", PathFault::Control),
        ("a\nb", PathFault::Control),
        ("a\u{85}b", PathFault::Control),
        (deep.as_str(), PathFault::Deep),
        (long.as_str(), PathFault::Long),
    ] {
        assert_eq!(check_path(path), Err(fault), "{path:?}");
    }
}

#[test]
fn ordinary_names_pass() {
    let deepest = ["a"; MAX_COMPONENTS].join("/");
    let longest = "a".repeat(MAX_PATH_BYTES);
    for path in ["manage.py", "shop/tests/test_a.py", "a/..b", "...", ".gitignore", "straße.py", &deepest, &longest] {
        assert_eq!(check_path(path), Ok(()), "{path:?}");
    }
}

#[test]
fn stars_stay_within_a_folder() {
    let task = &Tree::whole().read().tasks["small"];
    for path in ["shop/views.py", "shop/queries/new.py"] {
        assert!(task.is_editable(path), "{path}");
    }
    for path in [
        "shop/urls.py",
        "shop/queries/deep/new.py",
        "shop/queries/../urls.py",
        "/shop/views.py",
        "shop/queries/x.txt",
        "shop/queries/a\\b.py",
    ] {
        assert!(!task.is_editable(path), "{path}");
    }
}

proptest! {
    #[test]
    fn what_passes_stays_in_its_folder(path in "[a./\\\\\\x00-\\x20é]{0,24}") {
        if check_path(&path).is_ok() {
            let parts: Vec<_> = Path::new(&path).components().collect();
            prop_assert!(parts.iter().all(|part| matches!(part, Component::Normal(_))));
            // It names the same file when it is read as parts and put together again.
            let again: std::path::PathBuf = parts.iter().collect();
            prop_assert_eq!(again.to_str(), Some(path.as_str()));
            prop_assert!(!path.contains('\\') && !path.chars().any(char::is_control));
        }
    }

    #[test]
    fn anything_with_a_way_up_is_refused(before in "[a-z/]{0,8}", after in "[a-z/]{0,8}") {
        let path = format!("{before}/../{after}");
        prop_assert!(check_path(&path).is_err());
    }

    #[test]
    fn plain_names_pass(path in "[a-z_]{1,9}(/[a-z_]{1,9}){0,7}") {
        prop_assert_eq!(check_path(&path), Ok(()));
    }
}
