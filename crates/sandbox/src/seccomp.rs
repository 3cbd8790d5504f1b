//! The list of system calls that a confined instance may make. Everything else answers EPERM (`clone3` alone ENOSYS);
//! calls of a foreign architecture kill the process. Made here as BPF bytes, loaded by the zygote, checked from outside by its effect
//! (`Seccomp: 2` in `/proc/PID/status`) and by the security tests.

use crate::SandboxError;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use std::collections::BTreeMap;

/// Calls that are allowed whatever their arguments.
#[rustfmt::skip]
const FREE: &[libc::c_long] = &[
    // reading and writing what is already open, and what Landlock lets be opened
    libc::SYS_read, libc::SYS_write, libc::SYS_readv, libc::SYS_writev, libc::SYS_pread64, libc::SYS_pwrite64,
    libc::SYS_shutdown, libc::SYS_getsockname, // sendto, recvfrom, recvmsg, getsockopt: below
    libc::SYS_close, libc::SYS_close_range, libc::SYS_fstat, libc::SYS_newfstatat, libc::SYS_statx, libc::SYS_lseek,
    libc::SYS_openat, libc::SYS_faccessat, libc::SYS_faccessat2, libc::SYS_readlinkat, libc::SYS_getdents64,
    libc::SYS_mkdirat, libc::SYS_unlinkat, libc::SYS_renameat, libc::SYS_renameat2, libc::SYS_ftruncate, libc::SYS_truncate,
    libc::SYS_fsync, libc::SYS_fdatasync, libc::SYS_getcwd, libc::SYS_chdir, libc::SYS_fchdir, libc::SYS_umask,
    libc::SYS_statfs, libc::SYS_fstatfs, libc::SYS_dup, libc::SYS_dup3, libc::SYS_pipe2, libc::SYS_eventfd2,
    libc::SYS_ppoll, libc::SYS_pselect6, libc::SYS_epoll_create1, libc::SYS_epoll_ctl, libc::SYS_epoll_pwait,
    // memory (mmap, mprotect, madvise: below)
    libc::SYS_munmap, libc::SYS_mremap, libc::SYS_brk,
    // signals of its own, threads, time
    libc::SYS_rt_sigaction, libc::SYS_rt_sigprocmask, libc::SYS_rt_sigreturn, libc::SYS_rt_sigpending,
    libc::SYS_rt_sigtimedwait, libc::SYS_sigaltstack, libc::SYS_restart_syscall, libc::SYS_futex,
    libc::SYS_set_robust_list, libc::SYS_set_tid_address, libc::SYS_rseq, libc::SYS_membarrier,
    libc::SYS_sched_yield, libc::SYS_sched_getaffinity, libc::SYS_getitimer, libc::SYS_setitimer,
    libc::SYS_nanosleep, libc::SYS_clock_nanosleep, libc::SYS_clock_gettime, libc::SYS_clock_getres,
    libc::SYS_gettimeofday, libc::SYS_times,
    // asking about itself; raising a limit fails without a capability
    libc::SYS_getpid, libc::SYS_getppid, libc::SYS_gettid, libc::SYS_getuid, libc::SYS_geteuid, libc::SYS_getgid,
    libc::SYS_getegid, libc::SYS_getgroups, libc::SYS_getresuid, libc::SYS_getresgid, libc::SYS_getpgid, libc::SYS_getsid,
    libc::SYS_getrusage, libc::SYS_sysinfo, libc::SYS_uname, libc::SYS_getrandom, libc::SYS_getcpu,
    libc::SYS_exit, libc::SYS_exit_group,
];

/// Older forms that only x86-64 has.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const FREE_HERE: &[libc::c_long] = &[
    libc::SYS_stat, libc::SYS_lstat, libc::SYS_open, libc::SYS_access, libc::SYS_poll, libc::SYS_select, libc::SYS_readlink,
    libc::SYS_mkdir, libc::SYS_rmdir, libc::SYS_unlink, libc::SYS_rename, libc::SYS_dup2, libc::SYS_pipe, libc::SYS_eventfd,
    libc::SYS_epoll_wait, libc::SYS_epoll_create, libc::SYS_time, libc::SYS_getpgrp, libc::SYS_pause, libc::SYS_getdents,
    libc::SYS_alarm, libc::SYS_getrlimit,
];
#[cfg(target_arch = "aarch64")]
const FREE_HERE: &[libc::c_long] = &[libc::SYS_getrlimit];

/// Duplicating and flags; no locks, leases, seals or notifications: those reach shared inodes.
const FCNTL_COMMANDS: &[libc::c_int] =
    &[libc::F_DUPFD, libc::F_DUPFD_CLOEXEC, libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_SETFL];

/// Is it a terminal, how much is there to read, close on exec.
const IOCTL_REQUESTS: &[u64] = &[libc::TCGETS as _, libc::FIONREAD as _, libc::FIOCLEX as _, libc::FIONBIO as _];

/// What a language needs to know of a descriptor that it is told is a socket. Not who is at the other end: that would be
/// a handle on us (SO_PEERPIDFD).
const SOCKET_QUESTIONS: &[libc::c_int] = &[libc::SO_TYPE, libc::SO_DOMAIN, libc::SO_PROTOCOL, libc::SO_ERROR];
/// Above all not MSG_OOB, which nothing needs and whose code in the kernel has a history.
const SEND_FLAGS: libc::c_int = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL | libc::MSG_MORE;
const RECEIVE_FLAGS: libc::c_int =
    libc::MSG_DONTWAIT | libc::MSG_WAITALL | libc::MSG_PEEK | libc::MSG_TRUNC | libc::MSG_CMSG_CLOEXEC;

/// Each of these would make a thread something more than a thread.
const NAMESPACE_FLAGS: libc::c_int = libc::CLONE_NEWUSER
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWCGROUP;

/// The program, as the bytes of an array of `struct sock_filter`.
pub(crate) fn program() -> Result<Vec<u8>, SandboxError> {
    let describe = |error: &dyn std::fmt::Display| {
        SandboxError::Start(format!("the system call filter could not be made: {error}"))
    };
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = FREE.iter().chain(FREE_HERE).map(|call| (*call, vec![])).collect();
    for (call, conditions) in conditional() {
        let made: Result<Vec<_>, _> = conditions.into_iter().map(SeccompRule::new).collect();
        rules.insert(call, made.map_err(|error| describe(&error))?);
    }
    let arch: seccompiler::TargetArch =
        std::env::consts::ARCH.try_into().map_err(|error: seccompiler::BackendError| describe(&error))?;
    let filter = SeccompFilter::new(rules, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow, arch);
    let program: BpfProgram = filter.and_then(TryInto::try_into).map_err(|error| describe(&error))?;
    Ok(clone3_is_unknown(arch).iter().chain(&program).flat_map(instruction_bytes).collect())
}

/// Put before the list: `clone3` answers ENOSYS, not EPERM. Its flags lie in memory, where no filter can look; told that
/// it does not exist, the C library makes its threads by `clone`, whose flags are looked at. For a foreign architecture
/// it falls through to the list, which kills.
fn clone3_is_unknown(arch: seccompiler::TargetArch) -> [seccompiler::sock_filter; 5] {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    const AUDIT_X86_64: u32 = 0xC000_003E;
    const AUDIT_AARCH64: u32 = 0xC000_00B7;
    let audit = if matches!(arch, seccompiler::TargetArch::aarch64) { AUDIT_AARCH64 } else { AUDIT_X86_64 };
    let step = |code, jt, jf, k| seccompiler::sock_filter { code, jt, jf, k };
    [
        step(LOAD, 0, 0, 4),
        step(EQUAL, 0, 3, audit),
        step(LOAD, 0, 0, 0),
        step(EQUAL, 0, 1, libc::SYS_clone3 as u32),
        step(RETURN, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32),
    ]
}

fn instruction_bytes(instruction: &seccompiler::sock_filter) -> Vec<u8> {
    let mut bytes = instruction.code.to_ne_bytes().to_vec();
    bytes.extend([instruction.jt, instruction.jf]);
    bytes.extend(instruction.k.to_ne_bytes());
    bytes
}

/// Calls that are allowed for some arguments: for each call, alternatives of conditions that must all hold.
fn conditional() -> Vec<(i64, Vec<Vec<SeccompCondition>>)> {
    let exec = u64::from(libc::PROT_EXEC as u32);
    let thread = u64::from(libc::CLONE_THREAD as u32);
    let of_clone = u64::from((libc::CLONE_THREAD | NAMESPACE_FLAGS) as u32);
    let none_but = |argument, flags: libc::c_int| word(argument, SeccompCmpOp::MaskedEq(u64::from(!flags as u32)), 0);
    let of_socket = |question: &libc::c_int| {
        vec![word(1, SeccompCmpOp::Eq, libc::SOL_SOCKET as u64), word(2, SeccompCmpOp::Eq, *question as u64)]
    };
    vec![
        (libc::SYS_sendto, vec![vec![none_but(3, SEND_FLAGS)]]),
        (libc::SYS_recvfrom, vec![vec![none_but(3, RECEIVE_FLAGS)]]),
        (libc::SYS_recvmsg, vec![vec![none_but(2, RECEIVE_FLAGS)]]),
        (libc::SYS_getsockopt, SOCKET_QUESTIONS.iter().map(of_socket).collect()),
        // no pages shared with other processes because they are alike: that would tell what is in the others'
        (libc::SYS_madvise, vec![vec![word(2, SeccompCmpOp::Ne, libc::MADV_MERGEABLE as u64)]]),
        (libc::SYS_mmap, vec![vec![word(2, SeccompCmpOp::MaskedEq(exec), 0)]]),
        (libc::SYS_mprotect, vec![vec![word(2, SeccompCmpOp::MaskedEq(exec), 0)]]),
        (libc::SYS_clone, vec![vec![word(0, SeccompCmpOp::MaskedEq(of_clone), thread)]]),
        (
            libc::SYS_fcntl,
            FCNTL_COMMANDS.iter().map(|command| vec![word(1, SeccompCmpOp::Eq, *command as u64)]).collect(),
        ),
        (libc::SYS_ioctl, IOCTL_REQUESTS.iter().map(|request| vec![word(1, SeccompCmpOp::Eq, *request)]).collect()),
        (libc::SYS_prlimit64, vec![vec![word(0, SeccompCmpOp::Eq, 0)]]),
        // dropping "dumpable" only: the verified process does it to itself once it has been looked at
        (
            libc::SYS_prctl,
            vec![vec![word(0, SeccompCmpOp::Eq, libc::PR_SET_DUMPABLE as u64), word(1, SeccompCmpOp::Eq, 0)]],
        ),
    ]
}

#[allow(clippy::expect_used, reason = "fails only for an argument index above 5, and all are literals in this file")]
fn word(argument: u8, op: SeccompCmpOp, value: u64) -> SeccompCondition {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, op, value).expect("argument index of at most 5")
}
