//! Numbers of system calls on this machine, by name, for the Python inside.

use serde_json::{Map, Value};

macro_rules! numbers {
    ($($number:ident),* $(,)?) => { [$((stringify!($number), libc::$number)),*] };
}

/// Refused whatever their arguments: every one must answer EPERM.
#[rustfmt::skip]
pub fn refused() -> Vec<(&'static str, i64)> {
    let everywhere = numbers![
        // processes and signals
        SYS_execve, SYS_execveat, SYS_setsid, SYS_setpgid, SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo,
        SYS_rt_tgsigqueueinfo, SYS_pidfd_open, SYS_pidfd_getfd, SYS_pidfd_send_signal, SYS_ptrace, SYS_process_vm_readv,
        SYS_process_vm_writev, SYS_process_madvise, SYS_kcmp, SYS_wait4, SYS_waitid, SYS_signalfd4, SYS_get_robust_list,
        // priorities, identities, limits
        SYS_setpriority, SYS_sched_setaffinity, SYS_sched_setscheduler, SYS_sched_setparam, SYS_sched_setattr, SYS_ioprio_set,
        SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setfsuid, SYS_setfsgid,
        SYS_setgroups, SYS_capset, SYS_capget, SYS_setrlimit, SYS_personality, SYS_seccomp,
        SYS_landlock_create_ruleset, SYS_landlock_restrict_self,
        // namespaces and mounts
        SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_move_mount, SYS_fsopen,
        SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr,
        // files
        SYS_mknodat, SYS_linkat, SYS_symlinkat, SYS_fchmodat, SYS_fchmod, SYS_fchownat, SYS_fchown, SYS_setxattr, SYS_fsetxattr,
        SYS_utimensat, SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_openat2, SYS_flock, SYS_fallocate, SYS_sendfile,
        SYS_splice, SYS_tee, SYS_vmsplice, SYS_copy_file_range, SYS_inotify_init1, SYS_fanotify_init, SYS_quotactl, SYS_acct,
        // network
        SYS_socket, SYS_socketpair, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_connect, SYS_setsockopt, SYS_sendmsg,
        SYS_sendmmsg, SYS_recvmmsg, SYS_getpeername,
        // memory
        SYS_memfd_create, SYS_memfd_secret, SYS_pkey_mprotect, SYS_pkey_alloc, SYS_mlock, SYS_mlock2, SYS_mlockall, SYS_mincore,
        SYS_remap_file_pages, SYS_mbind, SYS_set_mempolicy, SYS_migrate_pages, SYS_move_pages, SYS_userfaultfd,
        SYS_shmget, SYS_shmat, SYS_semget, SYS_msgget, SYS_mq_open,
        // the kernel at large
        SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_io_setup, SYS_keyctl, SYS_add_key, SYS_request_key,
        SYS_bpf, SYS_perf_event_open, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_init_module, SYS_finit_module,
        SYS_delete_module, SYS_kexec_load, SYS_syslog, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime,
        SYS_sethostname, SYS_setdomainname, SYS_vhangup, SYS_timer_create, SYS_timerfd_create,
    ];
    everywhere.into_iter().chain(refused_here()).collect()
}

#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
fn refused_here() -> Vec<(&'static str, i64)> {
    numbers![
        SYS_fork, SYS_vfork, SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_arch_prctl, SYS_mknod, SYS_link, SYS_symlink, SYS_chmod,
        SYS_chown, SYS_lchown, SYS_creat, SYS_uselib, SYS_ustat, SYS_sysfs, SYS_utime, SYS_utimes, SYS_signalfd,
        SYS_inotify_init, SYS_kexec_file_load, SYS_set_thread_area, SYS_epoll_ctl_old,
    ]
    .to_vec()
}
#[cfg(not(target_arch = "x86_64"))]
fn refused_here() -> Vec<(&'static str, i64)> {
    vec![]
}

/// All that the Python inside knows by name.
pub fn numbers() -> Value {
    let permitted = numbers![
        SYS_clone,
        SYS_clone3,
        SYS_mmap,
        SYS_mprotect,
        SYS_mremap,
        SYS_madvise,
        SYS_prctl,
        SYS_prlimit64,
        SYS_fcntl,
        SYS_ioctl,
        SYS_sendto,
        SYS_recvfrom,
        SYS_getsockopt,
        SYS_openat,
        SYS_getrandom,
    ];
    let short = |(name, number): (&str, i64)| (name.trim_start_matches("SYS_").to_owned(), Value::from(number));
    Value::Object(refused().into_iter().chain(permitted).map(short).collect::<Map<_, _>>())
}
