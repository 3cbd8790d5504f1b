//! Attacks that use things up, and ends of all kinds.

use crate::attack::{Attack, Seen, all_are_held, attack, held_by, on_full};
use crate::kit::{BOTH, ask, kit_with, soon};
use jobfuture_sandbox::Frame;

#[rustfmt::skip]
const BOMBS: &[Attack] = &[
    attack("memory", "kept = []\nwhile True: kept.append(b'x' * (1 << 20))", Seen::EndsOrSays(&["MemoryError: "])),
    attack("memory that is only asked for", "import mmap; answer = tried(mmap.mmap, -1, 1 << 40)", Seen::Says(&["ENOMEM"])),
    attack("small objects", "kept = []\nwhile True: kept.append([kept])", Seen::EndsOrSays(&["MemoryError: "])),
    attack("threads", "
import threading; stop, count = threading.Event(), 0
try:
    while True: threading.Thread(target=stop.wait, daemon=True).start(); count += 1
except (RuntimeError, MemoryError): answer = f'within {0 < count <= 128}'", Seen::Says(&["within True"])),
    attack("descriptors", "
count = 0
try:
    while True: os.pipe(); count += 2
except OSError as error: answer = f'{error.errno} within {count < 64}'", Seen::Says(&["24 within True"])),
    attack("output", "
for _ in range(200): os.write(1, bytes(1 << 16)); os.write(2, bytes(1 << 16))
answer = 'went nowhere'", Seen::Says(&["went nowhere"])),
    attack("input", "import sys; answer = repr(os.read(0, 100))", Seen::Says(&["b''"])),
    attack("stack", "
import sys; sys.setrecursionlimit(10 ** 9); nested = []
for _ in range(2 * 10 ** 5): nested = [nested]
answer = tried(repr, nested)", Seen::EndsOrSays(&["RecursionError", "MemoryError"])),
];

#[rustfmt::skip]
const ENDS: &[Attack] = &[
    attack("exit", "os._exit(0)", Seen::Ends),
    attack("exit with a thread about", "import threading, time; threading.Thread(target=time.sleep, args=(60,)).start(); os._exit(0)", Seen::Ends),
    attack("segmentation fault", "ctypes.string_at(0)", Seen::Ends),
    attack("abort", "os.abort()", Seen::Ends),
    on_full("processor time, with all signals ignored", "
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass", Seen::Ends),
];

#[test]
fn bombs_hurt_nobody_else() {
    for walls in BOTH {
        let mut kit = kit_with(walls);
        kit.spec.limits.memory_bytes = 64 << 20;
        held_by(&kit, walls, BOMBS);
    }
}

#[test]
fn an_end_is_seen() {
    for walls in BOTH {
        let mut kit = kit_with(walls);
        kit.spec.limits.cpu_seconds = 1;
        held_by(&kit, walls, ENDS);
    }
}

/// The memory above the template's is what an instance has, also when a rehearsal has made the template larger.
#[test]
fn a_memory_limit_lets_through_what_it_allows() {
    all_are_held(&[attack("a quarter of the memory", "answer = len(bytes(128 << 20))", Seen::Says(&["134217728"]))]);
}

/// A thread is allowed; a process is not.
#[test]
fn threads_work() {
    const THREAD: &str = "
import threading; done = []; thread = threading.Thread(target=done.append, args=(7,)); thread.start(); thread.join(); answer = done[0]";
    all_are_held(&[attack("one thread", THREAD, Seen::Says(&["7"]))]);
}

#[test]
fn dropping_an_instance_ends_it_whatever_it_does() {
    for walls in BOTH {
        let template = kit_with(walls).run();
        for code in ["while True: pass", "import time; time.sleep(1000)", "os.read(os.pipe()[0], 1)"] {
            let mut instance = template.instance().unwrap();
            instance.channel().send(&Frame::new(b'c', code)).unwrap();
            let process = format!("/proc/{}", instance.pid());
            assert!(std::path::Path::new(&process).exists());
            drop(instance);
            soon(code, || !std::path::Path::new(&process).exists());
        }
        assert_eq!(ask(&mut template.instance().unwrap(), "answer = 6 * 7"), "42");
    }
}
