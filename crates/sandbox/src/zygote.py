"""The jailed runtime's side: load once, then fork confined, single-use children.

Standard library only, one thread, no secrets. What this file does to a child is checked from outside before the child is
fed (verify.rs), so a fault here makes a run impossible, never unconfined.

Commands on descriptor 3, one message each:
  the first      JSON: what to load and how to confine
  "fork"+JSON    with a socket: make a child that serves it; answered by "child" with the child's pidfd, or by "none"
                 and why
  "pages"+JSON   ranges of memory that each child is to have its own copy of from the start; answered by "pages"
  "warm"         with a socket: one rehearsal in this very process, with trusted code only; answered by "warm"
"""
import ctypes
import gc
import json
import os
import resource
import signal
import socket
import struct
import sys
from types import CodeType

CLONE_NEWNS, CLONE_NEWPID = 0x00020000, 0x20000000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 1, 24, 38, 47, 4
# CAP_SETPCAP and CAP_SYS_ADMIN. The jail has dropped all others already, for itself and so for its children.
LEFT_TO_DROP = (8, 21)
SECCOMP_SET_MODE_FILTER = 1
MADV_COLLAPSE = 25
LARGE_PAGE = 2 << 20
MADV_POPULATE_WRITE = 23
# So many ranges go into one call.
MOST_RANGES = 1024
CAPABILITY_VERSION_3 = 0x20080522
SYS = {
    "x86_64": {"seccomp": 317, "capset": 126, "close_range": 436, "setns": 308},
    "aarch64": {"seccomp": 277, "capset": 91, "close_range": 436, "setns": 268},
}[os.uname().machine]
SYS_PROCESS_MADVISE = 440
SYS_LANDLOCK_CREATE, SYS_LANDLOCK_ADD, SYS_LANDLOCK_RESTRICT = 444, 445, 446

libc = ctypes.CDLL(None, use_errno=True)


def syscall(number, *arguments):
    """A system call that must succeed."""
    answer = libc.syscall(ctypes.c_long(number), *arguments)
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), f"system call {number}")
    return answer


def must(answer, what):
    if answer != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), what)


def private_folder(scratch):
    """A small writable folder that no other child sees and that goes with this one."""
    must(libc.unshare(CLONE_NEWNS), "unshare")
    options = f"size={scratch['bytes']},nr_inodes={scratch['inodes']},mode=700".encode()
    must(
        libc.mount(b"tmpfs", b"/scratch", b"tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options),
        "mount",
    )
    os.chdir("/scratch")


def limit(limits):
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))


def drop_capabilities():
    for capability in LEFT_TO_DROP:
        libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    syscall(SYS["capset"], header, bytes(24))
    must(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def landlock(rules):
    attributes = struct.pack("=QQQ", rules["fs"], rules["net"], rules["scoped"])
    # Older kernels know a shorter struct: leave off what is zero at the end.
    size = 24 if rules["scoped"] else 16 if rules["net"] else 8
    ruleset = syscall(SYS_LANDLOCK_CREATE, attributes, ctypes.c_size_t(size), 0)
    for path, rights in rules["rules"]:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
        syscall(SYS_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", rights, beneath), 0)
        os.close(beneath)
    syscall(SYS_LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)


def filter_calls(program):
    count = len(program) // 8
    keep = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", count, ctypes.addressof(keep))
    syscall(SYS["seccomp"], SECCOMP_SET_MODE_FILTER, 0, header)


def open_nothing(number, flags):
    """/dev/null of its own on a descriptor: flags of an open file are seen by all who share it."""
    null = os.open("/dev/null", flags)
    os.dup2(null, number)
    os.close(null)


def end_with_parent(parent):
    """Without namespaces nothing else ends the children of a template that was killed."""
    must(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "end with parent")
    # A parent of another process namespace is 0.
    if os.getppid() not in (0, parent):
        os._exit(1)


def confine(config, limits, parent):
    if config["scratch"]:
        private_folder(config["scratch"])
    open_nothing(1, os.O_WRONLY)
    open_nothing(2, os.O_WRONLY)
    limit(limits)
    drop_capabilities()
    end_with_parent(parent)
    if config["landlock"]:
        landlock(config["landlock"])
    # Opened under Landlock's rules, by which the outside sees that they hold.
    open_nothing(0, os.O_RDONLY)
    filter_calls(bytes.fromhex(config["filter"]))


def vectors(pages):
    """Ranges as `struct iovec`s, so many as one call takes: made once, read by every child."""
    parts = (pages[first:first + MOST_RANGES] for first in range(0, len(pages), MOST_RANGES))
    return [(len(part), b"".join(struct.pack("@PN", *span) for span in part), part) for part in parts]


def fault_in(vectors):
    """Copies what a run will write to, while nobody waits. Only a hint: an older kernel refuses it."""
    if not vectors:
        return
    own = os.pidfd_open(os.getpid())
    for count, packed, pages in vectors:
        # One call for all of them, which kernels before 6.13 do not know; there it is one for each.
        done = libc.syscall(
            ctypes.c_long(SYS_PROCESS_MADVISE), own, packed, ctypes.c_size_t(count), MADV_POPULATE_WRITE, 0
        )
        if done < 0:
            for start, length in pages:
                libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), MADV_POPULATE_WRITE)
    os.close(own)


def child(stream, config, limits, serve, parent):
    """Never returns. Whatever goes wrong here ends the child, and the outside sees it end."""
    status = 1
    try:
        os.dup2(stream, 3)
        syscall(SYS["close_range"], 4, 0xFFFFFFFF, 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        fault_in(config.get("pages"))
        try:
            confine(config, limits, parent)
        except Exception as error:
            # Told to the outside, which kills us for it.
            why = f"{type(error).__name__}: {error}".encode()
            os.write(3, struct.pack("<IcI", 5 + len(why), b"x", len(why)) + why)
            raise
        serve(3)
        status = 0
    finally:
        os._exit(status)


def for_ever():
    """What this interpreter writes as the reference count of what is never freed and so never counted (PEP 683), or nothing
    if it knows no such thing, which came with CPython 3.12, or counts in another way, as one without the global lock does."""
    def count(address):
        return ctypes.c_uint32.from_address(address).value

    mortal = object()
    if sys.implementation.name != "cpython" or sys.byteorder != "little" or count(id(mortal)) != 1:
        return None
    before = count(id(None))
    references = [None] * 1000
    # The highest bit is how the interpreter tells.
    return before if count(id(None)) == before and before >> 31 and len(references) == 1000 else None


def all_objects():
    """Those that the collector knows and what can be reached from them, by address."""
    found, new = {}, gc.get_objects()
    while new:
        new = list({id(one): one for one in new if id(one) not in found}.values())
        found.update((id(one), one) for one in new)
        beyond = gc.get_referents(*new)
        for one in new:
            # What is left out there, because it can be part of no cycle.
            if type(one) is dict:
                beyond += one
            elif type(one) is CodeType:
                beyond += (one.co_consts, one.co_names, one.co_varnames, one.co_freevars, one.co_cellvars, one.co_name)
                beyond += (one.co_qualname, one.co_filename, one.co_linetable, one.co_exceptiontable)
        new = beyond
    return found


def end_counting():
    """Ends the counting of references to all that is loaded: a child that merely looks at such an object no longer writes to it, so
    that it needs no copy of its page. More than half of the pages that a run wrote to it wrote to for nothing else."""
    count = for_ever()
    if count is None:
        return
    for address in all_objects():
        ctypes.c_uint32.from_address(address).value = count


def use_large_pages():
    """Puts memory in which objects lie into large pages (Linux 6.1; older kernels refuse it). Each fork copies the table of all pages,
    and each end takes it down: with large ones that takes a third less. What a child writes to it copies by small ones as before."""
    for place in {id(one) // LARGE_PAGE for one in gc.get_objects()}:
        libc.madvise(ctypes.c_void_p(place * LARGE_PAGE), ctypes.c_size_t(LARGE_PAGE), MADV_COLLAPSE)


def settle():
    """What is loaded stays as it is, for all children."""
    # What is frozen is not told of.
    gc.unfreeze()
    end_counting()
    use_large_pages()
    gc.freeze()


def fork(stream, config, limits, serve):
    """Forks into a process namespace of its own, and answers a pidfd."""
    if config["namespaces"]:
        # unshare() decides where the *next* child goes; setns() to our own makes each new one a child of ours, not
        # of the last one.
        own = os.pidfd_open(os.getpid())
        syscall(SYS["setns"], own, CLONE_NEWPID)
        os.close(own)
        must(libc.unshare(CLONE_NEWPID), "unshare")
    parent = os.getpid()
    # A child that ends at once must still be there to be named; after that, nobody waits for it.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        pid = os.fork()
        if pid == 0:
            child(stream, config, limits, serve, parent)
        return os.pidfd_open(pid)
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        reap()


def reap():
    """Children that ended before they were ignored."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def answer_fork(control, stream, config, limits, serve):
    try:
        pidfd = fork(stream, config, limits, serve)
    except OSError as error:
        # No room for another process, or it has ended already. The next one may do better.
        control.send(b"none" + str(error).encode()[:200])
        return
    socket.send_fds(control, [b"child"], [pidfd])
    os.close(pidfd)


def main():
    control = socket.socket(fileno=3)
    config = json.loads(control.recv(1 << 20))
    # Our children end without being waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.path[:0] = config["python_path"]
    runtime = __import__(config["module"])
    runtime.preload(config["runtime"])
    gc.collect()
    gc.freeze()
    open_nothing(2, os.O_WRONLY)
    control.send(b"ready")
    is_settled = False
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 18, 1)
        if not message:
            os._exit(0)
        if message.startswith(b"pages"):
            config["pages"] = vectors(json.loads(message[5:]))
            control.send(b"pages")
            continue
        stream = descriptors[0]
        if message.startswith(b"fork"):
            if not is_settled:
                # As late as can be: whatever lives for ever stays, also when a rehearsal has loaded it for itself alone. And before
                # the first fork: what is shared with a child is not put into large pages any more.
                settle()
                is_settled = True
            answer_fork(control, stream, config, json.loads(message[4:]), runtime.serve)
            os.close(stream)
        else:
            runtime.warm(stream)
            os.close(stream)
            gc.collect()
            gc.freeze()
            control.send(b"warm")


if __name__ == "__main__":
    main()
