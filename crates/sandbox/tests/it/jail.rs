//! The jail itself: what is shown, who is inside, and what is said when it cannot be built.

use crate::kit::{BOTH, ask, kit, kit_with};
use jobfuture_sandbox::{Interpreter, Mount, Template, Tier, survey};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

#[test]
fn an_instance_runs_and_is_confined() {
    let kit = kit();
    let template = kit.start();
    let mut instance = template.instance().unwrap();
    assert_eq!(ask(&mut instance, "answer = 6 * 7"), "42");
    assert_eq!(ask(&mut instance, "import os; answer = (os.getpid(), os.getuid())"), "(1, 1000)");
    assert_eq!(ask(&mut instance, "import os; answer = os.uname().nodename"), "sandbox");
}

/// Root may show what only root may read; the interpreter of this machine may lie in such a place.
#[test]
fn what_only_the_maker_may_read_can_be_shown() {
    let kit = kit();
    let hidden = tempfile::tempdir().unwrap();
    let shown = hidden.path().join("shown");
    std::fs::create_dir(&shown).unwrap();
    std::fs::write(shown.join("file"), "text").unwrap();
    std::fs::set_permissions(hidden.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut spec = kit.spec.clone();
    spec.jail.mounts.push(Mount::read_only(&shown));
    let template = Template::start(&spec).unwrap();
    let mut instance = template.instance().unwrap();
    let file = shown.join("file");
    assert_eq!(ask(&mut instance, &format!("answer = open('{}').read()", file.display())), "text");
    assert_eq!(ask(&mut instance, &format!("answer = tried(open, '{}', 'w')", file.display())), "EROFS");
}

#[test]
fn a_missing_interpreter_is_said() {
    let error = Interpreter::discover(Path::new("/nowhere/python3"), &[], &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the jailed runtime did not start: /nowhere/python3 cannot be run: No such file or directory (os error 2)"
    );
    let error = Interpreter::discover(Path::new("python3"), &["no_such_module"], &[]).unwrap_err();
    assert!(error.to_string().contains("no_such_module"), "{error}");
    for walls in BOTH {
        let mut kit = kit_with(walls);
        kit.spec.jail.program = "/nowhere/python3".into();
        let error = Template::start(&kit.spec).unwrap_err().to_string();
        assert_eq!(
            error,
            "the jail could not be built: executing the runtime failed (No such file or directory (os error 2))"
        );
    }
}

#[test]
fn a_missing_folder_is_said() {
    for (walls, wanted) in BOTH.into_iter().zip([
        "opening a folder to show in the jail failed (No such file",
        "opening a file for its Landlock rule: No such file",
    ]) {
        let mut kit = kit_with(walls);
        kit.spec.jail.mounts.push(Mount::read_only("/nowhere/at/all"));
        let error = Template::start(&kit.spec).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
}

#[test]
fn a_runtime_that_does_not_load_says_why() {
    for walls in BOTH {
        let error =
            Template::start(&kit_with(walls).tampered("raise ValueError('the reason')").spec).unwrap_err().to_string();
        assert!(error.contains("ValueError: the reason"), "{error}");
        let mut kit = kit_with(walls)
            .tampered("import time; print('loading', file=__import__('sys').stderr, flush=True); time.sleep(60)");
        kit.spec.start_time = Duration::from_millis(700);
        let error = Template::start(&kit.spec).unwrap_err().to_string();
        assert!(error.contains("loading"), "{error}");
    }
}

#[test]
fn a_rehearsal_leaves_the_template_able() {
    for walls in BOTH {
        let template = kit_with(walls).run();
        template.warm(|_| {}).unwrap();
        assert_eq!(ask(&mut template.instance().unwrap(), "answer = 6 * 7"), "42");
    }
}

#[test]
fn the_survey_finds_what_the_tests_use() {
    let report = survey();
    assert!(report.tier <= Tier::B, "{report:?}");
}
