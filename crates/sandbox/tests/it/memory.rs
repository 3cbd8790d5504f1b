//! What an instance copies of its template, with every interpreter of this machine.

use crate::kit::{Kit, Walls, ask, discover, kit_of};
use jobfuture_sandbox::{Instance, Interpreter, Template};
use std::path::PathBuf;

/// Loaded before the fork: some thousand objects of many kinds, each on a page with others.
const LOADED: &str = "
import argparse, asyncio, decimal, email.parser, http.client, logging.config, unittest.mock, xml.dom.minidom
kept = [{'number': number, 'name': f'name {number}', 'parts': (float(number), [str(number)])} for number in range(20_000)]
";
/// Looks at each of them and changes none.
const LOOK: &str = "
import runtime
answer = sum(len(one['parts'][1][0]) for one in runtime.kept)
";
const DIGITS: &str = "88890";

/// Those of the path, and those that a version manager keeps in a home.
fn interpreters() -> Vec<Interpreter> {
    let names = ["python3".to_owned()].into_iter().chain((10..=14).map(|minor| format!("python3.{minor}")));
    let versions = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let versions = versions.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
    let kept = versions.and_then(|folder| std::fs::read_dir(folder.join("versions")).ok()).into_iter().flatten();
    let kept = kept.filter_map(|entry| Some(entry.ok()?.path().join("bin/python3").to_string_lossy().into_owned()));
    let mut found: Vec<Interpreter> = names.chain(kept).filter_map(|name| discover(&name)).collect();
    found.retain(|python| minor(python) >= 10);
    found.sort_by(|one, other| one.program.cmp(&other.program));
    found.dedup_by(|one, other| one.program == other.program);
    println!("{:?}", found.iter().map(|python| &python.version).collect::<Vec<_>>());
    found
}

fn minor(python: &Interpreter) -> u32 {
    python.version.split('.').nth(1).unwrap().parse().unwrap()
}

fn template(python: &Interpreter, code: &str) -> (Template, Kit) {
    let kit = kit_of(python, Walls::Full).tampered(&format!("{LOADED}{code}"));
    (kit.start(), kit)
}

/// KiB that an instance copies in order to look at what is loaded.
fn copied(instance: &mut Instance) -> u64 {
    let before = instance.memory_kib().unwrap().1;
    assert_eq!(ask(instance, LOOK), DIGITS);
    instance.memory_kib().unwrap().1 - before
}

#[test]
fn an_instance_that_only_looks_at_what_is_loaded_copies_little_of_it() {
    for python in interpreters() {
        let version = &python.version;
        let (template, _kit) = template(&python, "");
        let (counting, _kit) = self::template(&python, "import __main__; __main__.end_counting = lambda: None");
        let (some, all) = (copied(&mut template.instance().unwrap()), copied(&mut counting.instance().unwrap()));
        println!("{version}: {some} KiB, or {all} KiB when references are counted");
        assert!(all > 4_000, "{version}: {all} KiB");
        if minor(&python) >= 12 {
            assert!(some < all / 10, "{version}: {some} KiB of {all} KiB");
        }
    }
}

fn kernel() -> (u32, u32) {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    let mut numbers = release.split(['.', '-']).map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap(), numbers.next().unwrap())
}

/// Whether this kernel puts memory into large pages of two megabytes when it is asked to.
fn has_large_pages() -> bool {
    let has_any = std::path::Path::new("/sys/kernel/mm/transparent_hugepage").exists();
    cfg!(target_arch = "x86_64") && kernel() >= (6, 1) && has_any
}

/// KiB of a process that lie in large pages.
fn in_large_pages(pid: i32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("AnonHugePages:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn what_was_learnt_is_copied_ahead_and_the_rest_lies_in_large_pages() {
    const WRITE: &str = "
import runtime
for one in runtime.kept: one['number'] += 1
answer = sum(one['number'] for one in runtime.kept)
";
    let python = discover("python3").unwrap();
    let (template, _kit) = template(&python, "");
    let mut rehearsing = template.instance().unwrap();
    assert_eq!(ask(&mut rehearsing, WRITE), "200010000");
    let own = |instance: &Instance| instance.memory_kib().unwrap().1;
    template.learn(&rehearsing).unwrap();
    drop(rehearsing);
    let before = own(&template.instance().unwrap());
    let copied = template.copy_ahead().unwrap() / 1024;
    assert!(copied > 1_000, "{copied} KiB");
    let mut after = template.instance().unwrap();
    // Older ones copy nothing ahead.
    if kernel() >= (5, 14) {
        assert!(own(&after) >= before + copied / 2, "{} KiB, {before} before, {copied} copied", own(&after));
    }
    if has_large_pages() {
        let large = in_large_pages(template.pid());
        assert!(large > 2_000, "{large} KiB");
    }
    assert_eq!(ask(&mut after, WRITE), "200010000");
}

#[test]
fn what_lives_for_ever_can_still_be_changed_and_forgotten() {
    const CHANGE: &str = "
import gc, runtime, sys, weakref
runtime.kept[5]['parts'][1].append('more')
runtime.kept[6]['name'] += ' and more'
del runtime.kept[7:]
runtime.child = type('Child', (runtime.asyncio.Protocol,), {})
seen = weakref.ref(runtime.child)
del runtime.child, sys.modules['decimal']
import decimal
gc.unfreeze(); gc.collect()
answer = [runtime.kept[5]['parts'], runtime.kept[6]['name'], len(runtime.kept), seen(), decimal.Decimal(1) / 3 > 0]
";
    for python in interpreters() {
        let version = &python.version;
        let (template, _kit) = template(&python, "");
        let changed = "[(5.0, ['5', 'more']), 'name 6 and more', 7, None, True]";
        assert_eq!(ask(&mut template.instance().unwrap(), CHANGE), changed, "{version}");
        // Another one knows nothing of it, also when the template has rehearsed since.
        assert_eq!(ask(&mut template.instance().unwrap(), LOOK), DIGITS, "{version}");
        template.warm(|_| ()).unwrap();
        assert_eq!(ask(&mut template.instance().unwrap(), LOOK), DIGITS, "{version}");
        assert_eq!(ask(&mut template.instance().unwrap(), CHANGE), changed, "{version}");
    }
}
