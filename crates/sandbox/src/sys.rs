//! The few system calls that the standard library does not offer, each with the one way in which we use it.

use crate::SandboxError;
use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// `struct mount_attr`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct MountAttr {
    pub attr_set: u64,
    pub attr_clr: u64,
    pub propagation: u64,
    pub userns_fd: u64,
}

pub(crate) const MOUNT_ATTR_RDONLY: u64 = 1;
pub(crate) const MOUNT_ATTR_NOSUID: u64 = 2;
pub(crate) const MOUNT_ATTR_NODEV: u64 = 4;
pub(crate) const OPEN_TREE_CLONE: libc::c_uint = 1;
pub(crate) const MOVE_MOUNT_F_EMPTY_PATH: libc::c_uint = 4;

/// Async-signal-safe: a bare system call, for the child between clone and exec.
pub(crate) fn open_tree(path: &CStr) -> RawFd {
    let flags = OPEN_TREE_CLONE | libc::AT_RECURSIVE as libc::c_uint | libc::O_CLOEXEC as libc::c_uint;
    // SAFETY: `path` is a valid C string for the duration of the call.
    unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags) as RawFd }
}

/// Makes a detached tree read-only, without set-user-ID and devices.
pub(crate) fn make_tree_read_only(tree: RawFd, and_no_devices: bool) -> libc::c_long {
    let attr = MountAttr {
        attr_set: MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | if and_no_devices { MOUNT_ATTR_NODEV } else { 0 },
        ..MountAttr::default()
    };
    let flags = (libc::AT_EMPTY_PATH | libc::AT_RECURSIVE) as libc::c_uint;
    // SAFETY: the empty path and `attr` outlive the call; the size is that of `attr`.
    unsafe { libc::syscall(libc::SYS_mount_setattr, tree, c"".as_ptr(), flags, &attr, size_of::<MountAttr>()) }
}

/// Attaches a detached tree at a path.
pub(crate) fn move_mount(tree: RawFd, target: &CStr) -> libc::c_long {
    // SAFETY: both C strings outlive the call.
    unsafe {
        libc::syscall(
            libc::SYS_move_mount,
            tree,
            c"".as_ptr(),
            libc::AT_FDCWD,
            target.as_ptr(),
            MOVE_MOUNT_F_EMPTY_PATH,
        )
    }
}

/// Sends SIGKILL through a pidfd. A process that has already ended is no error.
pub(crate) fn kill(pidfd: BorrowedFd<'_>) {
    // SAFETY: a plain system call on a descriptor that we own.
    unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd.as_raw_fd(), libc::SIGKILL, std::ptr::null::<u8>(), 0) };
}

/// Waits until the process behind a pidfd has ended, or the time is up; says whether it ended.
pub(crate) fn wait_for_end(pidfd: BorrowedFd<'_>, milliseconds: i32) -> bool {
    let mut poll = libc::pollfd { fd: pidfd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    loop {
        // SAFETY: one valid pollfd.
        match unsafe { libc::poll(&mut poll, 1, milliseconds) } {
            -1 if interrupted() => {}
            ready => return ready == 1,
        }
    }
}

/// Takes away what is left of a child of ours that has ended.
pub(crate) fn reap(pidfd: BorrowedFd<'_>) {
    // SAFETY: a plain system call; no answer is asked for. By pidfd, so that it can be nobody else.
    unsafe {
        let id = pidfd.as_raw_fd() as libc::id_t;
        libc::waitid(libc::P_PIDFD, id, std::ptr::null_mut(), libc::WEXITED | libc::WNOHANG);
    }
}

/// A handle on this process.
pub(crate) fn own_pidfd() -> Result<OwnedFd, SandboxError> {
    // SAFETY: a plain system call; the descriptor that it answers is ours alone.
    unsafe {
        match libc::syscall(libc::SYS_pidfd_open, libc::getpid(), 0) {
            -1 => Err(SandboxError::last("opening a pidfd")),
            fd => Ok(OwnedFd::from_raw_fd(fd as RawFd)),
        }
    }
}

/// A copy of another process's descriptor (Linux 5.6).
pub(crate) fn descriptor_of(pidfd: BorrowedFd<'_>, number: RawFd) -> std::io::Result<OwnedFd> {
    // SAFETY: a plain system call; the descriptor that it answers is ours alone.
    unsafe {
        match libc::syscall(libc::SYS_pidfd_getfd, pidfd.as_raw_fd(), number, 0) {
            -1 => Err(std::io::Error::last_os_error()),
            fd => Ok(OwnedFd::from_raw_fd(fd as RawFd)),
        }
    }
}

/// Blocks all signals in this thread; answers what was blocked before.
pub(crate) fn block_signals() -> libc::sigset_t {
    // SAFETY: a zeroed sigset_t is a valid one to be filled, and both outlive the calls.
    unsafe {
        let (mut all, mut before): (libc::sigset_t, libc::sigset_t) = (std::mem::zeroed(), std::mem::zeroed());
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut before);
        before
    }
}

/// Sets which signals are blocked in this thread.
pub(crate) fn set_signal_mask(mask: &libc::sigset_t) {
    // SAFETY: `mask` is valid, and the old mask is not asked for.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask, std::ptr::null_mut()) };
}

/// Async-signal-safe: no handlers, nothing ignored, nothing blocked; as a program expects to be executed.
pub(crate) fn forget_signals() {
    // SAFETY: plain calls; those signals that may not be changed answer an error that changes nothing.
    unsafe {
        for signal in 1..65 {
            libc::signal(signal, libc::SIG_DFL);
        }
        set_signal_mask(&std::mem::zeroed());
    }
}

fn interrupted() -> bool {
    std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted
}

/// A pair of connected sockets, closed on exec.
pub(crate) fn socket_pair(kind: libc::c_int) -> Result<(OwnedFd, OwnedFd), SandboxError> {
    let mut fds = [0; 2];
    // SAFETY: `fds` has room for the two descriptors.
    if unsafe { libc::socketpair(libc::AF_UNIX, kind | libc::SOCK_CLOEXEC, 0, fds.as_mut_ptr()) } != 0 {
        return Err(SandboxError::last("making a socket pair"));
    }
    // SAFETY: both were just made and belong to nobody else.
    Ok(unsafe { (OwnedFd::from_raw_fd(fds[0]), OwnedFd::from_raw_fd(fds[1])) })
}

/// A pipe, closed on exec: (read, write).
pub(crate) fn pipe() -> Result<(OwnedFd, OwnedFd), SandboxError> {
    let mut fds = [0; 2];
    // SAFETY: `fds` has room for the two descriptors.
    if unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
        return Err(SandboxError::last("making a pipe"));
    }
    // SAFETY: both were just made and belong to nobody else.
    Ok(unsafe { (OwnedFd::from_raw_fd(fds[0]), OwnedFd::from_raw_fd(fds[1])) })
}

/// Sends one message with one descriptor on a `SOCK_SEQPACKET` socket.
pub(crate) fn send_with_fd(socket: BorrowedFd<'_>, message: &[u8], fd: Option<BorrowedFd<'_>>) -> std::io::Result<()> {
    let mut control = [0u64; 4];
    let mut part = libc::iovec { iov_base: message.as_ptr() as *mut _, iov_len: message.len() };
    // SAFETY: a zeroed msghdr is valid; the pointers outlive the call; the control buffer is aligned and large enough.
    unsafe {
        let mut header: libc::msghdr = std::mem::zeroed();
        header.msg_iov = &mut part;
        header.msg_iovlen = 1;
        if let Some(fd) = fd {
            header.msg_control = control.as_mut_ptr().cast();
            header.msg_controllen = libc::CMSG_SPACE(4) as _;
            let first = libc::CMSG_FIRSTHDR(&header);
            (*first).cmsg_level = libc::SOL_SOCKET;
            (*first).cmsg_type = libc::SCM_RIGHTS;
            (*first).cmsg_len = libc::CMSG_LEN(4) as _;
            libc::CMSG_DATA(first).cast::<RawFd>().write_unaligned(fd.as_raw_fd());
        }
        while libc::sendmsg(socket.as_raw_fd(), &header, libc::MSG_NOSIGNAL) < 0 {
            if !interrupted() {
                return Err(std::io::Error::last_os_error());
            }
        }
    }
    Ok(())
}

/// Receives one message and at most one descriptor. An empty message means that the other side has gone.
pub(crate) fn receive_with_fd(socket: BorrowedFd<'_>, buffer: &mut [u8]) -> std::io::Result<(usize, Option<OwnedFd>)> {
    let mut control = [0u64; 4];
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    // SAFETY: as in `send_with_fd`; a descriptor that arrives belongs to us from then on.
    unsafe {
        let mut header: libc::msghdr = std::mem::zeroed();
        header.msg_iov = &mut part;
        header.msg_iovlen = 1;
        header.msg_control = control.as_mut_ptr().cast();
        // Room for exactly one: the kernel closes any more, and none is left open here unowned.
        header.msg_controllen = libc::CMSG_LEN(4) as _;
        let count = loop {
            let count = libc::recvmsg(socket.as_raw_fd(), &mut header, libc::MSG_CMSG_CLOEXEC);
            if count >= 0 {
                break count;
            }
            if !interrupted() {
                return Err(std::io::Error::last_os_error());
            }
        };
        let first = libc::CMSG_FIRSTHDR(&header);
        let holds_one = !first.is_null()
            && (*first).cmsg_level == libc::SOL_SOCKET
            && (*first).cmsg_type == libc::SCM_RIGHTS
            && (*first).cmsg_len as usize >= libc::CMSG_LEN(4) as usize;
        let fd = if holds_one {
            Some(OwnedFd::from_raw_fd(libc::CMSG_DATA(first).cast::<RawFd>().read_unaligned()))
        } else {
            None
        };
        Ok((count as usize, fd))
    }
}
