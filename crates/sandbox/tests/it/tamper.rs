//! "Verify, then feed": a zygote that leaves a wall out must get no instance accepted, and the refusal names the wall.

use crate::kit::{BOTH, Walls, kit_with};

/// What the runtime does to the zygote when it is loaded, and what the refusal must say.
struct Tampering {
    name: &'static str,
    code: &'static str,
    full: &'static str,
    /// `None` where reduced walls have no such wall, or have it from elsewhere.
    reduced: Option<&'static str>,
}

const fn both(name: &'static str, code: &'static str, says: &'static str) -> Tampering {
    Tampering { name, code, full: says, reduced: Some(says) }
}

const fn full(name: &'static str, code: &'static str, says: &'static str) -> Tampering {
    Tampering { name, code, full: says, reduced: None }
}

#[rustfmt::skip]
const TAMPERINGS: &[Tampering] = &[
    full("capabilities and new privileges", "import __main__ as z; z.drop_capabilities = lambda: None", "NoNewPrivs is 0"),
    full("capabilities alone", "
import __main__ as z
z.drop_capabilities = lambda: z.libc.prctl(38, 1, 0, 0, 0)", "CapInh is"),
    full("the bounding set alone", "
import __main__ as z, struct
def drop():
    z.libc.prctl(47, 4, 0, 0, 0); z.syscall(z.SYS['capset'], struct.pack('=Ii', z.CAPABILITY_VERSION_3, 0), bytes(24))
    z.libc.prctl(38, 1, 0, 0, 0)
z.drop_capabilities = drop", "CapBnd is"),
    both("the filter", "import __main__ as z; z.filter_calls = lambda program: None", "Seccomp is 0, not 2"),
    full("the private folder", "import __main__ as z; z.private_folder = lambda scratch: None", "it shares the template's mnt namespace"),
    full("the private folder's mount", "import __main__ as z; z.private_folder = lambda scratch: z.libc.unshare(z.CLONE_NEWNS)",
        "it has 0 folders that it can write, not 1"),
    full("a folder without bounds", "
import __main__ as z
def folder(scratch):
    z.libc.unshare(z.CLONE_NEWNS); z.libc.mount(b'tmpfs', b'/scratch', b'tmpfs', 14, b'size=1g')
z.private_folder = folder", "/scratch is mounted so that it can be written"),
    full("a second folder that can be written", "
import __main__ as z
before = z.private_folder
def folder(scratch):
    before(scratch); z.libc.mount(b'tmpfs', b'/dev', b'tmpfs', 14, b'size=1m')
    os.close(os.open('/dev/null', os.O_CREAT))
z.private_folder = folder", "/dev is mounted so that it can be written"),
    full("Landlock", "import __main__ as z; z.landlock = lambda rules: None", "Landlock does not hold it"),
    both("the limits", "import __main__ as z; z.limit = lambda limits: None", "Max address space is"),
    both("one limit", "
import __main__ as z
before = z.limit
z.limit = lambda limits: before({name: value for name, value in limits.items() if name != 'NOFILE'})", "Max open files is"),
    both("a soft limit only", "
import __main__ as z, resource
z.limit = lambda limits: [resource.setrlimit(getattr(resource, 'RLIMIT_' + n), (v, resource.getrlimit(getattr(resource, 'RLIMIT_' + n))[1])) for n, v in limits.items()]",
        "Max address space is"),
    full("a process namespace of its own", "
import __main__ as z
z.fork = lambda stream, config, limits, serve, before=z.fork: before(stream, {**config, 'namespaces': False}, limits, serve)",
        "it shares the template's pid namespace"),
    both("an open descriptor", "def before_hello(): os.dup(3)", "descriptor 4 is socket:"),
    both("an open file", "def before_hello(): os.open(os.__file__, os.O_RDONLY)", "descriptor 4 is /"),
    both("something else on output", "def before_hello(): os.dup2(os.open(os.__file__, os.O_RDONLY), 1); os.close(4)", "descriptor 1 is /"),
    both("nothing on input", "def before_hello(): os.close(0)", "it has 3 descriptors, not 4"),
    both("a thread", "
def before_hello():
    import threading, time; threading.Thread(target=time.sleep, args=(60,)).start()", "Threads is 2, not 1"),
    both("another process's handle", "
import __main__ as z
def fork(*arguments, before=z.fork):
    os.close(before(*arguments)); return os.pidfd_open(os.getpid())
z.fork = fork", "is"),
    both("an end before the hello", "def before_hello(): os._exit(0)", ""),
    both("a wall that fails", "
import __main__ as z
def fails(limits): raise OSError(1, 'no such luck')
z.limit = fails", "no such luck"),
    both("no process at all", "
import __main__ as z
def fork(*arguments): raise OSError(11, 'no room')
z.fork = fork", "no room"),
];

#[test]
fn a_tampered_zygote_gets_nothing_accepted() {
    let mut faults = Vec::new();
    for walls in BOTH {
        for tampering in TAMPERINGS {
            let Some(says) = (if walls == Walls::Full { Some(tampering.full) } else { tampering.reduced }) else {
                continue;
            };
            let template = kit_with(walls).tampered(tampering.code).run();
            match template.instance() {
                Ok(_) => faults.push(format!("{walls:?}: {}: accepted", tampering.name)),
                Err(error)
                    if error.to_string().starts_with("a fresh instance was refused: ")
                        && error.to_string().contains(says) => {}
                Err(error) => faults.push(format!("{walls:?}: {}: {error}", tampering.name)),
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Without namespaces Landlock is the wall, and it does not rest on the zygote.
#[test]
fn with_reduced_walls_landlock_holds_though_the_zygote_leaves_it_out() {
    let template = kit_with(Walls::Reduced).tampered("import __main__ as z; z.landlock = lambda rules: None").run();
    let mut instance = template.instance().unwrap();
    for attack in [
        "tried(open, '/etc/passwd')",
        "tried(open, '/tmp/evil', 'w')",
        "tried(os.listdir, '/')",
        "tried(open, os.__file__, 'a')",
    ] {
        assert_eq!(crate::kit::ask(&mut instance, &format!("answer = {attack}")), "EACCES", "{attack}");
    }
}

/// A late answer must not be taken for that of the next question: a zygote that does not answer is ended.
#[test]
fn a_zygote_that_answers_nonsense_is_ended() {
    for code in
        ["z.fork = lambda *arguments: (_ for _ in ()).throw(ValueError())", "z.fork = lambda *arguments: os._exit(0)"]
    {
        let template = kit_with(Walls::Full).tampered(&format!("import __main__ as z; {code}")).run();
        let refused = template.instance().err().unwrap();
        assert_eq!(refused.to_string(), "the jailed runtime has ended");
        crate::kit::soon("it has ended", || !template.is_alive());
        assert_eq!(template.instance().err().unwrap().to_string(), "the jailed runtime has ended");
    }
}
