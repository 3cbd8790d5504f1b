//! Nothing is left behind: no process, no zombie, no descriptor, no control group; not even when we are killed.

use crate::again::{alone, is_alone, succeeds};
use crate::kit::{BOTH, Walls, ask, children, kit_with, soon};
use jobfuture_sandbox::{Frame, Mount, Template, survey};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Control groups that a process made, of either layout.
fn groups_of(pid: u32) -> Vec<String> {
    let folder = |path: &Path| std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    let root = Path::new("/sys/fs/cgroup");
    let all = folder(root).chain(folder(root).flat_map(|entry| folder(&entry.path()).collect::<Vec<_>>()));
    let ours = format!("jobfuture-{pid}-");
    all.map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(|name| name.starts_with(&ours)).collect()
}

fn groups() -> Vec<String> {
    groups_of(std::process::id())
}

#[test]
fn two_hundred_instances_leave_nothing() {
    if !is_alone() {
        succeeds(alone("leaks::two_hundred_instances_leave_nothing"));
        return;
    }
    let before = descriptors();
    for walls in BOTH {
        let template = kit_with(walls).run();
        let with_template = descriptors();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for round in 0..25 {
                        let mut instance = template.instance().unwrap();
                        assert_eq!(ask(&mut instance, &format!("answer = 2 * {round}")), (2 * round).to_string());
                    }
                });
            }
        });
        soon("no child of the template is left, alive or dead", || children(template.pid()).is_empty());
        assert_eq!(descriptors(), with_template, "{walls:?}");
        // The template closes its own of a child after it has handed them over: on a busy machine, a moment later.
        let open = || std::fs::read_dir(format!("/proc/{}/fd", template.pid())).unwrap().count();
        soon("the template has no descriptors of its children", || open() == 4);
        assert_eq!(!groups().is_empty(), template.has_control_groups());
    }
    assert_eq!(descriptors(), before);
    assert_eq!(children(std::process::id() as i32), [] as [i32; 0]);
    assert_eq!(groups(), [] as [String; 0]);
}

#[test]
fn what_fails_leaves_nothing() {
    if !is_alone() {
        succeeds(alone("leaks::what_fails_leaves_nothing"));
        return;
    }
    let before = descriptors();
    for walls in BOTH {
        let mut kit = kit_with(walls);
        kit.spec.jail.program = "/nowhere".into();
        Template::start(&kit.spec).unwrap_err();
        let mut kit = kit_with(walls);
        kit.spec.jail.mounts.push(Mount::read_only("/nowhere"));
        Template::start(&kit.spec).unwrap_err();
        Template::start(&kit_with(walls).tampered("raise ValueError()").spec).unwrap_err();
        let template = kit_with(walls).tampered("import __main__ as z; z.filter_calls = lambda program: None").run();
        for _ in 0..5 {
            template.instance().unwrap_err();
        }
        soon("no refused instance is left", || children(template.pid()).is_empty());
        assert!(template.is_alive());
    }
    for _ in 0..3 {
        survey();
    }
    assert_eq!(descriptors(), before);
    assert_eq!(children(std::process::id() as i32), [] as [i32; 0]);
    assert_eq!(groups(), [] as [String; 0]);
}

/// We may be killed without a chance to clear up. Whatever an instance does then, it ends.
#[test]
fn all_ends_when_we_are_killed() {
    if is_alone() {
        let made: Vec<_> = BOTH.into_iter().map(make_busy).collect();
        println!("\npids {}", made.iter().map(|(_, _, pids)| pids.as_str()).collect::<Vec<_>>().join(" "));
        std::thread::sleep(std::time::Duration::from_secs(60));
        return;
    }
    let mut us = alone("leaks::all_ends_when_we_are_killed").stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(us.stdout.take().unwrap()).lines();
    let pids = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("pids ").map(str::to_owned)).unwrap();
    let processes: Vec<_> = pids.split(' ').map(|pid| format!("/proc/{pid}/exe")).collect();
    assert_eq!(processes.len(), 4);
    // An executable that can be read is that of a process that has not ended.
    assert!(processes.iter().all(|process| std::fs::read_link(process).is_ok()));
    us.kill().unwrap();
    us.wait().unwrap();
    soon("all have ended", || processes.iter().all(|process| std::fs::read_link(process).is_err()));
    // Its control groups, which nobody was there to remove, go when the next one looks for some.
    soon("its groups are gone", || {
        survey();
        groups_of(us.id()).is_empty()
    });
}

fn make_busy(walls: Walls) -> (crate::kit::Running, jobfuture_sandbox::Instance, String) {
    let template = kit_with(walls).run();
    let mut instance = template.instance().unwrap();
    instance.channel().send(&Frame::new(b'c', "while True: pass")).unwrap();
    let pids = format!("{} {}", template.pid(), instance.pid());
    (template, instance, pids)
}
