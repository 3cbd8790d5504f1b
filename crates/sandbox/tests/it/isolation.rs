//! Instances know nothing of one another, and end with their template.

use crate::kit::{BOTH, Walls, ask, children, kit, kit_with, soon};
use std::path::Path;

#[test]
fn files_of_one_are_not_seen_in_another() {
    let template = kit().run();
    let mut one = template.instance().unwrap();
    assert_eq!(
        ask(&mut one, "open('/scratch/secret', 'w').write('mine'); answer = os.listdir('/scratch')"),
        "['secret']"
    );
    let mut other = template.instance().unwrap();
    assert_eq!(ask(&mut other, "answer = os.listdir('/scratch')"), "[]");
    drop(one);
    assert_eq!(ask(&mut template.instance().unwrap(), "answer = os.listdir('/scratch')"), "[]");
    assert_eq!(ask(&mut other, "answer = tried(open, '/scratch/secret')"), "ENOENT");
}

#[test]
fn processes_of_one_are_not_seen_in_another() {
    let template = kit().run();
    let (mut one, mut other) = (template.instance().unwrap(), template.instance().unwrap());
    for instance in [&mut one, &mut other] {
        assert_eq!(
            ask(instance, "answer = os.getpid(), os.getppid(), os.getuid(), os.getgid(), os.getgroups()"),
            "(1, 0, 1000, 1000, [])"
        );
    }
    let number = other.pid();
    for code in [format!("os.kill, {number}, 9"), format!("os.getpgid, {number}"), format!("os.getsid, {number}")] {
        let said = ask(&mut one, &format!("answer = tried({code})"));
        assert!(["EPERM", "ESRCH"].contains(&said.as_str()), "{code}: {said}");
    }
    assert_eq!(ask(&mut other, "answer = 6 * 7"), "42");
}

/// The flags of an open file are seen by all who share it: what one instance sets, another must not find.
#[test]
fn no_open_file_is_shared() {
    for walls in BOTH {
        let template = kit_with(walls).run();
        let flags = "import fcntl; answer = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (0, 1, 2, 3)]";
        let mut one = template.instance().unwrap();
        let before = ask(&mut one, flags);
        let set = "import fcntl; [fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND) for fd in (0, 1, 2)]; answer = 'set'";
        assert_eq!(ask(&mut one, set), "set");
        assert_ne!(ask(&mut one, flags), before);
        assert_eq!(ask(&mut template.instance().unwrap(), flags), before, "{walls:?}");
    }
}

#[test]
fn what_one_changes_in_memory_is_not_seen_in_another() {
    for walls in BOTH {
        let template = kit_with(walls).run();
        let mut one = template.instance().unwrap();
        assert_eq!(
            ask(&mut one, "import runtime; runtime.calls.clear(); os.environ['X'] = '1'; answer = len(runtime.calls)"),
            "0"
        );
        let mut other = template.instance().unwrap();
        assert_eq!(
            ask(&mut other, "import runtime; answer = len(runtime.calls) > 100, os.environ.get('X')"),
            "(True, None)"
        );
        let random = "import random, hashlib; answer = random.random(), os.urandom(8)";
        assert_ne!(ask(&mut one, random), ask(&mut other, random));
    }
}

#[test]
fn all_end_with_their_template() {
    for walls in BOTH {
        for by_force in [false, true] {
            let template = kit_with(walls).run();
            let instances: Vec<_> = (0..3).map(|_| template.instance().unwrap()).collect();
            let processes: Vec<_> = instances.iter().map(|instance| format!("/proc/{}", instance.pid())).collect();
            assert_eq!(children(template.pid()).len(), 3);
            if by_force {
                // SAFETY: ends the process that the template says is its own, and has not been reaped.
                unsafe { libc::kill(template.pid(), libc::SIGKILL) };
            } else {
                drop(template);
            }
            soon("all have ended", || instances.iter().all(|instance| instance.has_ended()));
            drop(instances);
            soon("all are gone", || processes.iter().all(|process| !Path::new(process).exists()));
        }
    }
}

/// Root's own files are not readable inside, though root made the jail; a plain user's jail is that user.
#[test]
fn who_runs_inside() {
    // SAFETY: a plain question about ourselves.
    let own = unsafe { libc::geteuid() };
    let outside = if own == 0 { 65534 } else { own };
    for walls in BOTH {
        let template = kit_with(walls).run();
        let mut instance = template.instance().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{}/status", instance.pid())).unwrap();
        let ids = status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap();
        assert!(ids.split_whitespace().all(|id| id == outside.to_string()), "{walls:?}: {ids}");
        let inside = if walls == Walls::Full { 1000 } else { outside };
        assert_eq!(ask(&mut instance, "answer = os.getuid()"), inside.to_string());
    }
}
