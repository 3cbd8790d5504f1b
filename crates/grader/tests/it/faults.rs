//! What happens when something of the machinery is taken away: a clear message, and service goes on where it can.

use crate::kit::{POOL, api, config, data, fresh_seed, library, read, right, right_but, task};
use jobfuture_content::Library;
use jobfuture_grader::{GradeError, Grader, GraderConfig, Verdict};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

fn start(library: &Arc<Library>, config: &GraderConfig) -> Result<Grader, GradeError> {
    Grader::start(library, config, &|line| println!("{line}"))
}

/// A grader that may be harmed, on the toolchain that all share.
fn own_grader(data: &Path) -> Grader {
    // Made before, and by one test only.
    crate::kit::grader();
    let grader = start(library(), &config(data)).unwrap();
    assert!(grader.wait_until_full(PATIENCE));
    grader
}

fn grade(grader: &Grader, text: String) -> Result<Verdict, GradeError> {
    let task = task("notes-api");
    grader.grade(task, &task.variant(0).unwrap(), api(text), fresh_seed())
}

fn passes(grader: &Grader) -> bool {
    let graded = grade(grader, right());
    let passed = graded.as_ref().is_ok_and(|verdict| verdict.passed);
    if !passed {
        println!("{:?}", graded.map(|verdict| verdict.stopped));
    }
    passed
}

fn template(grader: &Grader) -> i32 {
    grader.pools()[0].2.template.unwrap()
}

fn kill(pid: i32) {
    // SAFETY: a plain system call; the process is one that a grader of this test started.
    assert_eq!(unsafe { libc::kill(pid, libc::SIGKILL) }, 0);
}

fn children(pid: i32) -> Vec<i32> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    text.split_whitespace().map(|child| child.parse().unwrap()).collect()
}

fn refused(library: &Arc<Library>, config: &GraderConfig) -> String {
    match start(library, config) {
        Err(GradeError::Unavailable(why)) => why,
        Err(other) => panic!("not said to be unavailable: {other}"),
        Ok(_) => panic!("it started"),
    }
}

#[test]
fn a_template_that_is_killed_is_made_anew() {
    let grader = own_grader(&data());
    for round in 1..=2 {
        kill(template(&grader));
        // With it went those that waited; whoever asks waits for the next one.
        let begun = Instant::now();
        let verdict = grade(&grader, right()).unwrap();
        assert!(verdict.passed, "round {round}: {verdict:#?}");
        println!("verdict {:?} after the kill", begun.elapsed());
    }
    // In the middle of a run: no pass that was not earned, and no hang.
    let sleepy = right_but(
        "    found = Note.objects.select",
        "    import time; time.sleep(0.2)\n    found = Note.objects.select",
    );
    std::thread::scope(|scope| {
        let run = scope.spawn(|| grade(&grader, sleepy));
        std::thread::sleep(Duration::from_millis(150));
        kill(template(&grader));
        match run.join().unwrap() {
            Ok(verdict) => println!("{:?}", verdict.stopped.map(|stop| stop.says)),
            Err(error) => println!("{error}"),
        }
    });
    assert!(passes(&grader) && passes(&grader));
    let (_, _, state) = &grader.pools()[0];
    assert!(state.restarts >= 2 && state.fault.is_none(), "{state:?}");
    assert!(grader.wait_until_full(PATIENCE));
}

#[test]
fn a_waiting_process_that_is_killed_is_passed_over() {
    let grader = own_grader(&data());
    let waiting = children(template(&grader));
    assert_eq!(waiting.len(), POOL, "{waiting:?}");
    for pid in &waiting[..POOL - 1] {
        kill(*pid);
    }
    assert!(passes(&grader));
    for pid in children(template(&grader)) {
        kill(pid);
    }
    assert!(passes(&grader) && passes(&grader));
    assert!(grader.wait_until_full(PATIENCE));
    let (_, _, state) = &grader.pools()[0];
    assert_eq!((state.ready, state.restarts, &state.fault), (POOL, 0, &None));
}

/// The shared toolchain once more, by hard links: as good as new, and nobody else's.
fn copy_of_data(folder: &Path) {
    crate::kit::grader();
    let copied = Command::new("cp").args(["-a", "--link"]).arg(data()).arg(folder).status().unwrap();
    assert!(copied.success());
}

#[test]
fn a_virtual_environment_that_is_removed_is_named_and_service_comes_back() {
    let parent = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let own = parent.path().join("data");
    copy_of_data(&own);
    let grader = own_grader(&own);
    std::fs::rename(own.join("python"), own.join("away")).unwrap();
    // What is loaded goes on.
    assert!(passes(&grader));
    // A new template cannot be made without it.
    kill(template(&grader));
    let mut last = String::new();
    let begun = Instant::now();
    while !matches!(grade(&grader, right()), Err(error) if { last = error.to_string(); true }) {
        assert!(begun.elapsed() < PATIENCE, "it goes on without its packages");
    }
    println!("{last}");
    assert!(last.starts_with("Code cannot be run here at the moment: "), "{last}");
    assert!(last.ends_with("is gone. Start again: it is made anew then.") && last.contains("site-packages"), "{last}");
    assert!(grader.readiness().faults.iter().any(|fault| fault.contains("is gone")), "{}", grader.readiness());
    std::fs::rename(own.join("away"), own.join("python")).unwrap();
    let begun = Instant::now();
    while !passes(&grader) {
        assert!(begun.elapsed() < PATIENCE, "service does not come back: {}", grader.readiness());
    }
}

#[test]
fn packages_that_cannot_be_installed_are_named_with_the_mend() {
    let own = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut library = read();
    let project = Arc::get_mut(library.projects.get_mut("desk").unwrap()).unwrap();
    // Refused before anything is fetched: it has no hash.
    project.files.insert("requirements.lock".into(), b"django==5.2.19\n".to_vec());
    let library = Arc::new(library);
    let why = refused(&library, &config(own.path()));
    assert!(why.starts_with("The packages of requirements.lock could not be installed: "), "{why}");
    assert!(why.ends_with("Check the network, or point pip at a mirror with PIP_INDEX_URL, and start again."), "{why}");
    let mut library = read();
    Arc::get_mut(library.projects.get_mut("desk").unwrap()).unwrap().files.remove("requirements.lock");
    assert_eq!(refused(&Arc::new(library), &config(own.path())), "The project desk has no requirements.lock.");
}

#[test]
fn python_that_is_missing_is_named_with_the_mend() {
    for python in ["/nonexistent", "/etc/passwd", "/bin/true"] {
        let config = GraderConfig { python: Some(python.into()), ..config(&data()) };
        let why = refused(library(), &config);
        assert!(
            why.starts_with("Python 3.10 or newer was not found. Install it (Debian, Ubuntu: `apt install"),
            "{why}"
        );
    }
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named() {
    let file = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for folder in [file.path(), Path::new("/proc/self/nothing")] {
        let why = refused(library(), &config(folder));
        assert!(why.contains(&*folder.to_string_lossy()), "{why}");
        assert!(why.ends_with("The data folder must be writable, with room in it."), "{why}");
    }
}

#[test]
fn a_full_data_folder_is_named() {
    // SAFETY: asks who we are.
    if unsafe { libc::geteuid() } != 0 {
        println!("skipped: only root may mount a small tmpfs");
        return;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let own = folder.path().join("data");
    std::fs::create_dir(&own).unwrap();
    let path = std::ffi::CString::new(own.to_str().unwrap()).unwrap();
    // A thread of its own, with mounts of its own: they go with it.
    let why = std::thread::spawn(move || {
        // SAFETY: system calls with valid strings; they change this thread's view of the file system only.
        let mounted = unsafe {
            libc::unshare(libc::CLONE_NEWNS) == 0
                && libc::mount(
                    c"none".as_ptr(),
                    c"/".as_ptr(),
                    std::ptr::null(),
                    libc::MS_REC | libc::MS_PRIVATE,
                    std::ptr::null(),
                ) == 0
                && libc::mount(c"none".as_ptr(), path.as_ptr(), c"tmpfs".as_ptr(), 0, c"size=64k".as_ptr().cast()) == 0
        };
        mounted.then(|| refused(library(), &config(&own)))
    });
    match why.join().unwrap() {
        Some(why) => assert!(why.ends_with("The data folder must be writable, with room in it."), "{why}"),
        None => println!("skipped: mounting is not allowed here"),
    }
}
