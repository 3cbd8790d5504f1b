//! Attacks on the kernel: every call that is not on the list, foreign architectures, memory that could be executed.

use crate::attack::{Attack, REFUSED, Seen, all_are_held, attack, on_full};
use crate::calls;
use crate::kit::{BOTH, ask, kit_with};

#[test]
fn every_call_that_is_not_on_the_list_is_refused() {
    for walls in BOTH {
        let template = kit_with(walls).run();
        let mut instance = template.instance().unwrap();
        for (name, number) in calls::refused() {
            assert_eq!(ask(&mut instance, &format!("answer = called({number})")), "EPERM", "{walls:?}: {name}");
        }
        // Those that are not known yet are refused too.
        let later = ask(&mut instance, "answer = {called(number) for number in range(463, 1024)}");
        assert_eq!(later, "{'EPERM'}", "{walls:?}");
    }
}

/// The x32 numbers pass the test for the architecture.
#[cfg(target_arch = "x86_64")]
#[test]
fn no_call_has_a_second_number() {
    for walls in BOTH {
        let template = kit_with(walls).run();
        let mut instance = template.instance().unwrap();
        let said = ask(&mut instance, "answer = {called(0x40000000 | number) for number in range(600)}");
        assert_eq!(said, "{'EPERM'}", "{walls:?}");
    }
}

#[rustfmt::skip]
const MEMORY: &[Attack] = &[
    attack("an executable page", "answer = called('mmap', 0, 4096, 7, 0x22, -1, 0)", REFUSED),
    attack("the same by its module", "import mmap; answer = tried(mmap.mmap, -1, 4096, prot=7)", REFUSED),
    attack("execute only", "answer = called('mmap', 0, 4096, 4, 0x22, -1, 0)", REFUSED),
    attack("a page that becomes executable", "import mmap; page = mmap.mmap(-1, 4096)
answer = called('mprotect', ctypes.addressof(ctypes.c_char.from_buffer(page)), 4096, 5)", REFUSED),
    attack("code that becomes writable and stays executable", "
code = ctypes.cast(libc.getpid, ctypes.c_void_p).value & ~4095; answer = called('mprotect', code, 4096, 7)", REFUSED),
    attack("a file mapped as code", "import sys; file = open(sys.executable, 'rb')
answer = called('mmap', 0, 4096, 5, 2, file.fileno(), 0)", REFUSED),
    attack("a file in memory", "answer = called('memfd_create', b'x', 0)", REFUSED),
    attack("reading implies executing", "answer = called('personality', 0x0400000)", REFUSED),
    attack("keys of memory", "answer = called('pkey_mprotect', 0, 4096, 7, -1)", REFUSED),
    attack("pages merged with others'", "import mmap; page = mmap.mmap(-1, 4096)
answer = called('madvise', ctypes.addressof(ctypes.c_char.from_buffer(page)), 4096, 12)", REFUSED),
    on_full("a shared object of its own", "
import sysconfig, glob; source = glob.glob(sysconfig.get_path('stdlib') + '/lib-dynload/*.so')[0]
open('/scratch/evil.so', 'wb').write(open(source, 'rb').read())
try: ctypes.CDLL('/scratch/evil.so')
except OSError as error: answer = str(error)", Seen::Says(&["/scratch/evil.so: failed to map segment from shared object"])),
    attack("a shared object that is there but was not loaded", "
import sys, sysconfig, glob, importlib
loaded = {getattr(one, '__file__', '') for one in list(sys.modules.values())}
others = [one for one in glob.glob(sysconfig.get_path('stdlib') + '/lib-dynload/*.so') if one not in loaded]
try: ctypes.CDLL(others[0]); answer = 'loaded'
except OSError as error: answer = 'refused'", Seen::Says(&["refused"])),
    attack("a callback made at run time", "answer = tried(ctypes.CFUNCTYPE(None), lambda: None)",
        Seen::Says(&["MemoryError", "EPERM"])),
];

#[test]
fn no_memory_can_be_executed() {
    all_are_held(MEMORY);
}

/// No page is both writable and executable, so no other instruction can be made than those that were mapped.
#[test]
fn no_page_is_writable_and_executable() {
    for walls in BOTH {
        let template = kit_with(walls).run();
        let instance = template.instance().unwrap();
        let maps = std::fs::read_to_string(format!("/proc/{}/maps", instance.pid())).unwrap();
        assert!(maps.lines().count() > 20, "{maps}");
        for line in maps.lines() {
            let rights = line.split(' ').nth(1).unwrap();
            assert!(!(rights.contains('w') && rights.contains('x')), "{walls:?}: {line}");
        }
    }
}

/// The two bytes of `int 0x80` stand in the C library by chance. Jumping there is a call of the 32-bit architecture,
/// which ends the process.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const FOREIGN: &[Attack] = &[
    attack("a system call of 32 bits", r"
start = ctypes.cast(libc.getpid, ctypes.c_void_p).value & ~4095
found = ctypes.string_at(start, 512 << 10).find(b'\xcd\x80')
answer = 'no such bytes' if found < 0 else ctypes.CFUNCTYPE(ctypes.c_long)(start + found)()",
        Seen::EndsOrSays(&["no such bytes"])),
];

#[cfg(target_arch = "x86_64")]
#[test]
fn calls_of_another_architecture_end_the_process() {
    all_are_held(FOREIGN);
}
