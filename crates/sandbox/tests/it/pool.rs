//! The pool: it replaces what dies, passes over what has died, and closes without leaving anything.

use crate::kit::{ask, children, kit, soon};
use jobfuture_sandbox::{Pool, SandboxError};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(10);

fn pool(size: usize) -> Pool {
    let kit = kit();
    Pool::start(size, move || kit.try_start()).unwrap()
}

fn kill(pid: i32) {
    // SAFETY: ends a process that a template or instance of ours says is its own.
    unsafe { libc::kill(pid, libc::SIGKILL) };
}

/// Until all that it made has ended too.
fn end_template(pool: &Pool) {
    let template = pool.state().template.unwrap();
    kill(template);
    soon("its instances are gone", || children(template).is_empty());
}

#[test]
fn a_killed_template_is_replaced() {
    let pool = pool(2);
    assert!(pool.wait_full(PATIENCE));
    let template = pool.state().template.unwrap();
    let running = pool.take(PATIENCE).unwrap();
    end_template(&pool);
    assert!(running.has_ended());
    let mut taken = pool.take(PATIENCE).unwrap();
    assert_eq!(ask(&mut taken, "answer = 6 * 7"), "42");
    let state = pool.state();
    assert_eq!((state.restarts, state.running, state.fault), (1, 2, None));
    assert_ne!(state.template, Some(template));
}

#[test]
fn an_instance_that_died_while_it_waited_is_passed_over() {
    let pool = pool(3);
    assert!(pool.wait_full(PATIENCE));
    let mut waiting = children(pool.state().template.unwrap());
    waiting.sort_unstable();
    assert_eq!(waiting.len(), 3);
    kill(waiting[0]);
    soon("it is gone", || children(pool.state().template.unwrap()).len() == 2);
    let mut taken = pool.take(PATIENCE).unwrap();
    assert!(waiting[1..].contains(&taken.pid()));
    assert_eq!(ask(&mut taken, "answer = 6 * 7"), "42");
    assert_eq!(pool.state().restarts, 0);
}

#[test]
fn a_pool_closes_and_leaves_nothing() {
    let pool = pool(3);
    assert!(pool.wait_full(PATIENCE));
    let template = pool.state().template.unwrap();
    let begun = Instant::now();
    drop(pool);
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert!(!std::path::Path::new(&format!("/proc/{template}")).exists());
}

#[test]
fn a_run_under_way_outlives_its_pool() {
    let pool = pool(2);
    let mut taken = pool.take(PATIENCE).unwrap();
    drop(pool);
    assert_eq!(ask(&mut taken, "answer = 6 * 7"), "42");
}

/// Those who wait while nothing can be made say why in the end, and do not keep a core busy meanwhile.
#[test]
fn a_template_that_cannot_be_made_again_is_reported() {
    let kit = kit();
    let starts = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = starts.clone();
    let pool = Pool::start(1, move || match counted.fetch_add(1, Ordering::SeqCst) {
        0 => kit.try_start(),
        _ => Err(SandboxError::Start("gone for good".into())),
    })
    .unwrap();
    assert!(pool.wait_full(PATIENCE));
    end_template(&pool);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let error = pool.take(Duration::from_millis(700)).err().unwrap();
                assert!(error.to_string().contains("gone for good"), "{error}");
            });
        }
    });
    // 50, 100, 200, 400 ms apart.
    assert!((3..8).contains(&starts.load(Ordering::SeqCst)), "{starts:?} starts");
    let begun = Instant::now();
    drop(pool);
    assert!(begun.elapsed() < Duration::from_millis(500), "a pool that rests closes at once");
}

#[test]
fn a_start_that_panics_is_reported() {
    let kit = kit();
    let first = AtomicUsize::new(0);
    let pool = Pool::start(1, move || {
        assert_eq!(first.fetch_add(1, Ordering::SeqCst), 0, "a panic that the test asks for");
        kit.try_start()
    })
    .unwrap();
    assert!(pool.wait_full(PATIENCE));
    end_template(&pool);
    let begun = Instant::now();
    let error = pool.take(PATIENCE).err().unwrap();
    assert!(error.to_string().contains("thread has ended"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn many_ask_at_once() {
    let pool = pool(2);
    std::thread::scope(|scope| {
        for asker in 0..4 {
            let pool = &pool;
            scope.spawn(move || {
                for round in 0..5 {
                    let mut taken = pool.take(PATIENCE).unwrap();
                    assert_eq!(ask(&mut taken, &format!("answer = {asker} + {round}")), (asker + round).to_string());
                }
            });
        }
    });
    assert_eq!((pool.state().running, pool.state().restarts), (0, 0));
}
