//! Attacks on processes: making more of them, reaching others, becoming someone else, raising a limit.

use crate::attack::{Attack, REFUSED, Seen, all_are_held, attack};

#[rustfmt::skip]
const MORE_PROCESSES: &[Attack] = &[
    attack("fork", "answer = tried(os.fork)", REFUSED),
    attack("clone of a process", "answer = called('clone', 17)", REFUSED),
    attack("vfork by clone", "answer = called('clone', 0x4000 | 0x100 | 17)", REFUSED),
    attack("a thread in a new mount namespace", "answer = called('clone', 0x10000 | 0x800 | 0x100 | 0x20000)", REFUSED),
    attack("a process in a new user namespace", "answer = called('clone', 0x10000000 | 17)", REFUSED),
    attack("clone3", "answer = called('clone3', bytes(88), 88)", Seen::Says(&["ENOSYS"])),
    attack("execve", "import sys; answer = tried(os.execv, sys.executable, ['python', '-c', ''])", REFUSED),
    attack("fexecve", "import sys; fd = os.open(sys.executable, os.O_RDONLY); answer = tried(os.execve, fd, ['python'], {})", REFUSED),
    attack("posix_spawn", "import sys; answer = tried(os.posix_spawn, sys.executable, ['python'], {})", REFUSED),
    attack("subprocess", "import sys, subprocess; answer = tried(subprocess.run, [sys.executable, '-c', ''])", REFUSED),
    attack("os.system", "answer = tried(os.system, 'true')", Seen::Says(&["went through (32512)", "went through (-1)"])),
    attack("a daemon", "answer = tried(os.fork) + tried(os.setsid)", Seen::Says(&["EPERMEPERM"])),
];

#[rustfmt::skip]
const OTHER_PROCESSES: &[Attack] = &[
    attack("kill the parent", "answer = tried(os.kill, os.getppid(), 9)", REFUSED),
    attack("kill all", "answer = tried(os.kill, -1, 9)", REFUSED),
    attack("kill the first", "answer = tried(os.kill, 1, 9)", REFUSED),
    attack("kill its group", "answer = tried(os.killpg, 0, 9)", REFUSED),
    attack("tgkill", "answer = called('tgkill', 1, 1, 9) + called('tkill', 1, 9)", Seen::Says(&["EPERMEPERM"])),
    attack("queue a signal", "answer = called('rt_sigqueueinfo', 1, 9, bytes(128))", REFUSED),
    attack("attach to the parent", "answer = called('ptrace', 16, os.getppid())", REFUSED),
    attack("be traced", "answer = called('ptrace', 0)", REFUSED),
    attack("read another's memory", "answer = called('process_vm_readv', 1, bytes(16), 1, bytes(16), 1)", REFUSED),
    attack("compare with another", "answer = called('kcmp', 1, 1, 0, 3, 3)", REFUSED),
    attack("open another", "answer = called('pidfd_open', 1) + called('pidfd_getfd', 3, 3)", Seen::Says(&["EPERMEPERM"])),
    attack("limits of another", "answer = called('prlimit64', 2, 7, 0, bytes(16))", REFUSED),
    attack("lower another's priority", "answer = tried(os.setpriority, 0, 1, 19) + tried(os.nice, 5)", Seen::Says(&["EPERMEPERM"])),
    attack("choose a core", "answer = tried(os.sched_setaffinity, 0, {0})", REFUSED),
    attack("be real time", "answer = tried(os.sched_setscheduler, 0, 1, os.sched_param(1))", REFUSED),
];

#[rustfmt::skip]
const ITSELF: &[Attack] = &[
    attack("setuid", "answer = tried(os.setuid, 0) + tried(os.setgid, 0)", Seen::Says(&["EPERMEPERM"])),
    attack("groups", "answer = tried(os.setgroups, [0])", REFUSED),
    attack("capabilities", "import struct; answer = called('capset', struct.pack('Ii', 0x20080522, 0), b'\\xff' * 24)", REFUSED),
    attack("ambient capability", "answer = called('prctl', 47, 2, 21)", REFUSED),
    attack("be dumpable", "answer = called('prctl', 4, 1)", REFUSED),
    attack("leave the filter", "answer = called('prctl', 22, 0)", REFUSED),
    attack("a filter of its own", "answer = called('prctl', 22, 2, bytes(16)) + called('seccomp', 1, 0, bytes(16))", Seen::Says(&["EPERMEPERM"])),
    attack("new privileges", "answer = called('prctl', 38, 0)", REFUSED),
    attack("survive its parent", "answer = called('prctl', 1, 0)", REFUSED),
    attack("be traced by anyone", "answer = called('prctl', 0x59616d61, -1)", REFUSED),
    attack("adopt orphans", "answer = called('prctl', 36, 1)", REFUSED),
    attack("a name", "answer = called('prctl', 15, b'sshd')", REFUSED),
    attack("personality", "answer = called('personality', 0x0400000)", REFUSED),
    attack("more memory", "import resource as r; answer = tried(r.setrlimit, r.RLIMIT_AS, (-1, -1))", Seen::Says(&["ValueError"])),
    attack("more time", "import resource as r; answer = tried(r.setrlimit, r.RLIMIT_CPU, (99, 99))", Seen::Says(&["ValueError"])),
    attack("more files", "import resource as r; answer = tried(r.setrlimit, r.RLIMIT_NOFILE, (999, 999))", Seen::Says(&["ValueError"])),
    attack("more threads", "import resource as r; answer = tried(r.setrlimit, r.RLIMIT_NPROC, (999, 999))", Seen::Says(&["ValueError"])),
    attack("prlimit", "import struct; answer = called('prlimit64', 0, 7, struct.pack('QQ', 999, 999), 0)", REFUSED),
];

#[test]
fn no_more_processes() {
    all_are_held(MORE_PROCESSES);
}

#[test]
fn other_processes_are_out_of_reach() {
    all_are_held(OTHER_PROCESSES);
}

#[test]
fn it_cannot_become_more() {
    all_are_held(ITSELF);
}
