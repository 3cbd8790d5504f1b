//! Attacks on files: reading the machine, writing what others use, filling the disk, holding shared files.

use crate::attack::{Attack, REFUSED, Seen, all_are_held, attack, on_full};
use crate::kit::{BOTH, Walls, ask, kit_with};

const NOT_THERE: Seen = Seen::Says(&["ENOENT", "EACCES"]);
const READ_ONLY: Seen = Seen::Says(&["EROFS", "EACCES"]);

#[rustfmt::skip]
const READING: &[Attack] = &[
    attack("/proc", "answer = tried(os.listdir, '/proc')", NOT_THERE),
    attack("its own memory", "answer = tried(open, '/proc/self/mem', 'rb')", NOT_THERE),
    attack("the first process's root", "answer = tried(os.listdir, '/proc/1/root')", NOT_THERE),
    attack("/sys", "answer = tried(os.listdir, '/sys')", NOT_THERE),
    attack("/etc", "answer = tried(os.listdir, '/etc')", NOT_THERE),
    attack("/etc/passwd", "answer = tried(open, '/etc/passwd')", NOT_THERE),
    attack("/home", "answer = tried(os.listdir, '/home')", NOT_THERE),
    attack("/root", "answer = tried(os.listdir, '/root')", NOT_THERE),
    attack("/var", "answer = tried(os.listdir, '/var')", NOT_THERE),
    attack("a disk", "answer = tried(open, '/dev/vda', 'rb') + tried(open, '/dev/sda', 'rb')",
        Seen::Says(&["ENOENTENOENT", "EACCESEACCES", "EACCESENOENT", "ENOENTEACCES"])),
    attack("a terminal", "answer = tried(open, '/dev/tty')", Seen::Says(&["ENOENT", "EACCES", "ENXIO"])),
    attack("above the root", "answer = tried(open, '/../../../../etc/passwd')", NOT_THERE),
    attack("by handle", "answer = called('name_to_handle_at', -100, b'/', bytes(200), bytes(8), 0) + called('open_by_handle_at', 3, bytes(200), 0)",
        Seen::Says(&["EPERMEPERM"])),
];

#[rustfmt::skip]
const WRITING: &[Attack] = &[
    attack("beside the library", "answer = tried(open, os.path.dirname(os.__file__) + '/evil.py', 'w')", READ_ONLY),
    attack("into the library", "answer = tried(open, os.__file__, 'a')", READ_ONLY),
    attack("cut the library short", "answer = tried(os.truncate, os.__file__, 0)", READ_ONLY),
    attack("remove the library", "answer = tried(os.unlink, os.__file__)", READ_ONLY),
    attack("rename the library", "answer = tried(os.rename, os.__file__, os.__file__ + 'x')", READ_ONLY),
    attack("the interpreter", "import sys; answer = tried(open, sys.executable, 'r+b')",
        Seen::Says(&["EROFS", "EACCES", "ETXTBSY"])),
    attack("the runtime", "import runtime; answer = tried(open, runtime.__file__, 'a')", Seen::Says(&["EROFS", "EACCES"])),
    attack("a folder in the root", "answer = tried(os.mkdir, '/evil')", READ_ONLY),
    attack("a folder in /tmp", "answer = tried(os.mkdir, '/tmp/evil')", Seen::Says(&["EROFS", "EACCES", "ENOENT"])),
    attack("shared memory", "answer = tried(open, '/dev/shm/evil', 'w')", Seen::Says(&["ENOENT", "EACCES", "EROFS"])),
    attack("a device", "answer = tried(open, '/dev/urandom', 'wb')", Seen::Says(&["EACCES"])),
    attack("a symbolic link", "answer = tried(os.symlink, '/', '/scratch/link')", REFUSED),
    attack("a hard link", "answer = tried(os.link, os.__file__, '/scratch/link')", REFUSED),
    attack("a device of its own", "answer = tried(os.mknod, '/scratch/disk', 0o60666, 0x801)", REFUSED),
    attack("a named pipe", "answer = tried(os.mkfifo, '/scratch/pipe')", REFUSED),
    attack("set-user-ID", "answer = tried(os.chmod, os.__file__, 0o4755) + tried(os.chown, os.__file__, 0, 0)", Seen::Says(&["EPERMEPERM"])),
    on_full("set-user-ID at birth", "os.close(os.open('/scratch/suid', os.O_CREAT, 0o6777))
answer = tried(os.execv, '/scratch/suid', ['x'])", REFUSED),
    attack("attributes", "answer = tried(os.setxattr, os.__file__, 'user.a', b'b') + tried(os.utime, os.__file__)", Seen::Says(&["EPERMEPERM"])),
];

#[rustfmt::skip]
const FILLING: &[Attack] = &[
    on_full("by bytes", "
written, file = 0, open('/scratch/large', 'wb', buffering=0)
try:
    while True: written += file.write(bytes(1 << 16))
except OSError as error:
    answer = f'{error.errno} within {written <= 16 << 20}'", Seen::Says(&["28 within True", "27 within True"])),
    on_full("by files", "
count = 0
try:
    while True:
        with open(f'/scratch/{count}', 'wb', buffering=0) as file: file.write(bytes(1 << 20))
        count += 1
except OSError as error:
    answer = f'{error.errno} within {count <= 16}'", Seen::Says(&["28 within True"])),
    on_full("by inodes", "
count = 0
try:
    while True: os.mkdir(f'/scratch/{count}'); count += 1
except OSError as error:
    answer = f'{error.errno} within {400 < count <= 500}'", Seen::Says(&["28 within True"])),
    on_full("by unlinked files", "
held = []
try:
    for number in range(40):
        held.append(open('/scratch/same', 'wb', buffering=0)); held[-1].write(bytes(1 << 20)); os.unlink('/scratch/same')
except OSError as error:
    answer = f'{error.errno} within {len(held) <= 17}'", Seen::Says(&["28 within True"])),
    on_full("by a sparse file", "file = open('/scratch/sparse', 'wb'); answer = tried(os.ftruncate, file.fileno(), 1 << 40)", Seen::Says(&["EFBIG"])),
    on_full("by reserving", "file = open('/scratch/sparse', 'wb'); answer = tried(os.posix_fallocate, file.fileno(), 0, 1 << 40)",
        Seen::Says(&["EPERM", "EFBIG"])),
];

/// Locks, leases and notifications are seen by everyone who has the file open, whatever their namespaces.
#[rustfmt::skip]
const HOLDING: &[Attack] = &[
    attack("locks", "import fcntl as f; file = open(os.__file__)
answer = repr({called('fcntl', file.fileno(), command, bytes(64)) for command in (5, 6, 7, 36, 37, 38)})", Seen::Says(&["{'EPERM'}"])),
    attack("a lock by its function", "import fcntl; answer = tried(fcntl.lockf, open(os.__file__), fcntl.LOCK_SH)", REFUSED),
    attack("flock", "import fcntl; answer = tried(fcntl.flock, open(os.__file__), fcntl.LOCK_EX)", REFUSED),
    attack("leases, notifications, seals, owners, signals, pipe sizes, hints", "file = open(os.__file__)
answer = repr({called('fcntl', file.fileno(), command, 0) for command in
    (8, 9, 10, 11, 15, 16, 1024, 1025, 1026, 1031, 1032, 1033, 1034, 1035, 1036, 1037, 1038)})", Seen::Says(&["{'EPERM'}"])),
    attack("terminal and file controls", "file = open(os.__file__)
answer = repr({called('ioctl', file.fileno(), request, bytes(64)) for request in
    (0x5412, 0x541C, 0x540E, 0x5452, 0x8901, 0x8902, 0x40049409, 0x40086602, 0x40086604, 0xB701, 0xC020660B)})", Seen::Says(&["{'EPERM'}"])),
    attack("typing into a terminal", "answer = called('ioctl', 0, 0x5412, b'x')", REFUSED),
];

#[test]
fn the_machine_cannot_be_read() {
    all_are_held(READING);
}

#[test]
fn nothing_of_others_can_be_written() {
    all_are_held(WRITING);
}

#[test]
fn the_disk_cannot_be_filled() {
    all_are_held(FILLING);
}

#[test]
fn shared_files_cannot_be_held() {
    all_are_held(HOLDING);
}

#[test]
fn what_is_there_is_little() {
    let template = kit_with(Walls::Full).run();
    let mut instance = template.instance().unwrap();
    let names = "answer = ' '.join(sorted(os.listdir('/dev'))) + ' ' + str(set(os.listdir('/')) & {'proc', 'sys', 'etc', 'home', 'var', 'run'})";
    assert_eq!(ask(&mut instance, names), "null urandom set()");
    assert_eq!(ask(&mut instance, "answer = os.listdir('/scratch')"), "[]");
    assert_eq!(ask(&mut instance, "answer = os.getcwd()"), "/scratch");
}

#[test]
fn with_reduced_walls_nothing_is_writable() {
    let secret = tempfile::tempdir().unwrap();
    std::fs::write(secret.path().join("secret"), "hidden").unwrap();
    let template = kit_with(Walls::Reduced).run();
    let mut instance = template.instance().unwrap();
    for folder in ["/tmp", "/var/tmp", "/dev/shm", "/run", "/scratch", secret.path().to_str().unwrap()] {
        let said = ask(&mut instance, &format!("answer = tried(open, '{folder}/evil', 'w')"));
        assert!(["EACCES", "ENOENT"].contains(&said.as_str()), "{folder}: {said}");
    }
    let said = ask(&mut instance, &format!("answer = tried(open, '{}/secret')", secret.path().display()));
    assert_eq!(said, "EACCES");
}

#[test]
fn a_file_made_later_in_a_folder_of_ours_is_not_a_way_out() {
    for walls in BOTH {
        let kit = kit_with(walls);
        let template = kit.start();
        std::os::unix::fs::symlink("/etc/passwd", kit.folder.path().join("link")).unwrap();
        let said = ask(
            &mut template.instance().unwrap(),
            &format!("answer = tried(open, '{}/link')", kit.folder.path().display()),
        );
        assert!(["EACCES", "ENOENT"].contains(&said.as_str()), "{walls:?}: {said}");
    }
}
