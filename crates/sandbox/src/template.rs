//! A template: the jailed process that has loaded the runtime, and makes instances of itself.

use crate::jail::{self, JailSpec, Jailed};
use crate::verify::Limit;
use crate::{Channel, Instance, SandboxError, cgroup, landlock, pages, seccomp, sys, verify};
use serde::Serialize;
use serde_json::json;
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The Python side of a template, to be given to the interpreter.
pub const ZYGOTE_SOURCE: &str = include_str!("zygote.py");

const FORK_TIME: Duration = Duration::from_secs(5);

/// What a template runs and how its instances are confined.
#[derive(Debug, Clone)]
pub struct TemplateSpec {
    /// The jail; its program is the interpreter, which is given [`ZYGOTE_SOURCE`] by `-c`.
    pub jail: JailSpec,
    /// Folders put at the front of the module search path.
    pub python_path: Vec<String>,
    /// Module with `preload(config)`, `serve(descriptor)` and `warm(descriptor)`.
    pub module: String,
    /// What `preload` is given.
    pub runtime: serde_json::Value,
    /// Limits that no instance can raise.
    pub limits: ChildLimits,
    /// How long the runtime may take to load.
    pub start_time: Duration,
}

/// Hard limits of an instance, set by the kernel before it is fed.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ChildLimits {
    /// Seconds of processor time.
    pub cpu_seconds: u64,
    /// Bytes of memory above what the template has mapped.
    pub memory_bytes: u64,
    /// Size of the private folder, in bytes; also the largest file.
    pub scratch_bytes: u64,
    /// Files in the private folder.
    pub scratch_inodes: u64,
    /// Open descriptors.
    pub descriptors: u64,
    /// Threads and processes of all instances of one template together.
    pub tasks: u64,
}

impl Default for ChildLimits {
    fn default() -> Self {
        Self {
            cpu_seconds: 20,
            memory_bytes: 512 << 20,
            scratch_bytes: 16 << 20,
            scratch_inodes: 500,
            descriptors: 64,
            tasks: 128,
        }
    }
}

/// A running template. Dropping it ends it and every instance that it made.
#[derive(Debug)]
pub struct Template {
    control: Mutex<UnixSeqpacket>,
    /// What each rehearsal in an instance wrote to.
    written: Mutex<Vec<Vec<pages::Range>>>,
    // Before the groups: they can go only when the processes in them have gone.
    jailed: Jailed,
    namespaces: bool,
    limits: ChildLimits,
    own_filters: u32,
    landlock: bool,
    groups: Option<Arc<cgroup::Groups>>,
}

#[derive(Debug)]
struct UnixSeqpacket(OwnedFd);

impl UnixSeqpacket {
    fn set_timeout(&self, time: Duration) -> Result<(), SandboxError> {
        let value = libc::timeval { tv_sec: time.as_secs() as _, tv_usec: time.subsec_micros() as _ };
        let size = size_of::<libc::timeval>() as libc::socklen_t;
        for option in [libc::SO_RCVTIMEO, libc::SO_SNDTIMEO] {
            // SAFETY: `value` is a timeval of the given size.
            let set = unsafe {
                libc::setsockopt(self.0.as_raw_fd(), libc::SOL_SOCKET, option, (&raw const value).cast(), size)
            };
            if set != 0 {
                return Err(SandboxError::last("setting a time limit on the control socket"));
            }
        }
        Ok(())
    }

    fn send(&self, message: &[u8], fd: Option<BorrowedFd<'_>>) -> Result<(), SandboxError> {
        sys::send_with_fd(self.0.as_fd(), message, fd).map_err(|_| SandboxError::TemplateGone)
    }

    /// The next message, which must be `wanted`, or `none` and a reason.
    fn expect(&self, wanted: &[u8]) -> Result<Option<OwnedFd>, SandboxError> {
        let mut buffer = [0; 256];
        match sys::receive_with_fd(self.0.as_fd(), &mut buffer) {
            Ok((count, fd)) if &buffer[..count] == wanted => Ok(fd),
            Ok((count, None)) if buffer[..count].starts_with(b"none") => {
                Err(SandboxError::NotConfined(String::from_utf8_lossy(&buffer[4..count]).into_owned()))
            }
            Ok(_) | Err(_) => Err(SandboxError::TemplateGone),
        }
    }
}

impl Template {
    /// Builds the jail and loads the runtime in it.
    pub fn start(spec: &TemplateSpec) -> Result<Self, SandboxError> {
        let configuration = configuration(spec)?.to_string();
        let (ours, theirs) = sys::socket_pair(libc::SOCK_SEQPACKET)?;
        let (jailed, complaints) = jail::start(&spec.jail, &theirs)?;
        drop(theirs);
        let control = UnixSeqpacket(ours);
        control.set_timeout(spec.start_time)?;
        let started = control.send(configuration.as_bytes(), None).and_then(|()| control.expect(b"ready"));
        if started.is_err() {
            return Err(SandboxError::Start(complaint(jailed, complaints)));
        }
        control.set_timeout(FORK_TIME)?;
        let groups = cgroup::Groups::find(spec.limits).map(Arc::new);
        if let Some(groups) = &groups {
            tracing::debug!(?groups, "control groups in use");
        }
        Ok(Self {
            control: Mutex::new(control),
            written: Mutex::default(),
            jailed,
            own_filters: verify::own_filters()?,
            landlock: spec.jail.namespaces && landlock::can_be_seen(sys::own_pidfd()?.as_fd()),
            namespaces: spec.jail.namespaces,
            limits: spec.limits,
            groups,
        })
    }

    /// Makes a confined instance, and looks at it from outside before handing it over.
    pub fn instance(&self) -> Result<Instance, SandboxError> {
        let (ours, theirs) = UnixStream::pair().map_err(SandboxError::io("making an instance's stream"))?;
        let stream = std::fs::File::from(OwnedFd::from(theirs));
        let inode = stream.metadata().map_err(SandboxError::io("looking at an instance's stream"))?.ino();
        let (pidfd, limits) = self.ask(|control| {
            let limits = self.rlimits()?;
            let named: serde_json::Map<_, _> =
                limits.iter().map(|limit| (limit.name.into(), json!(limit.value))).collect();
            let message = format!("fork{}", serde_json::Value::Object(named));
            control.send(message.as_bytes(), Some(stream.as_fd()))?;
            Ok((control.expect(b"child")?.ok_or(SandboxError::TemplateGone)?, limits))
        })?;
        drop(stream);
        let mut channel = Channel::new(ours);
        channel.set_deadline(Instant::now() + FORK_TIME);
        let mut instance = Instance::new(channel, pidfd);
        let hello = instance
            .channel()
            .receive()
            .map_err(|end| SandboxError::NotConfined(format!("it did not report for inspection ({end})")))?;
        if hello.kind != b'h' {
            let said = String::from_utf8_lossy(&hello.head).chars().take(300).collect();
            return Err(SandboxError::NotConfined(said));
        }
        // Asked after what it had to say: one that could not be confined says why, and ends.
        let pid = verify::pid_of(instance.pidfd())?;
        instance.is_process(pid);
        verify::confined(instance.pidfd(), pid, &self.expected(inode, limits))?;
        if let Some(groups) = &self.groups {
            instance.attach(groups.take(pid)?);
        }
        Ok(instance)
    }

    /// Lets the runtime rehearse in its own process, with trusted code only: `converse` holds the other end of the
    /// stream. What is loaded then is loaded in every instance.
    pub fn warm(&self, converse: impl FnOnce(&mut Channel)) -> Result<(), SandboxError> {
        let (ours, theirs) = UnixStream::pair().map_err(SandboxError::io("making a rehearsal's stream"))?;
        self.ask(|control| {
            control.send(b"warm", Some(theirs.as_fd()))?;
            drop(theirs);
            let mut channel = Channel::new(ours);
            converse(&mut channel);
            drop(channel);
            control.set_timeout(Duration::from_secs(30))?;
            control.expect(b"warm")?;
            control.set_timeout(FORK_TIME)
        })
    }

    /// One question to the zygote and its answer. A zygote that does not answer as it must is ended: a late answer would
    /// be taken for that of the next question.
    fn ask<T>(&self, conversation: impl FnOnce(&UnixSeqpacket) -> Result<T, SandboxError>) -> Result<T, SandboxError> {
        let control = self.control.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let answer = conversation(&control);
        if matches!(answer, Err(ref error) if !matches!(error, SandboxError::NotConfined(_))) {
            sys::kill(self.jailed.pidfd.as_fd());
        }
        answer
    }

    /// Looks at which memory a rehearsal in `instance` has written to.
    pub fn learn(&self, instance: &Instance) -> Result<(), SandboxError> {
        let written = pages::written(instance.pid(), self.pid())?;
        self.written.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(written);
        Ok(())
    }

    /// Has later instances copy, while they wait, the memory that rehearsals have written to. Answers how much that is, in
    /// bytes. Nothing can be learnt from an instance that has copied it already.
    pub fn copy_ahead(&self) -> Result<u64, SandboxError> {
        self.ask(|control| {
            let pages = pages::common(&self.written.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
            control.send(format!("pages{}", json!(pages)).as_bytes(), None)?;
            control.expect(b"pages")?;
            Ok(pages.iter().map(|(_, length)| length).sum())
        })
    }

    /// Whether the process still runs.
    pub fn is_alive(&self) -> bool {
        !sys::wait_for_end(self.jailed.pidfd.as_fd(), 0)
    }

    /// The process id of the template, as this machine sees it.
    pub fn pid(&self) -> i32 {
        self.jailed.pid
    }

    /// Whether instances are held by control groups as well (tier A).
    pub fn has_control_groups(&self) -> bool {
        self.groups.is_some()
    }

    fn rlimits(&self) -> Result<Vec<Limit>, SandboxError> {
        // Looked up each time: a rehearsal makes the template larger.
        let mapped = verify::mapped_bytes(self.jailed.pid)?;
        let limits = [
            ("AS", "Max address space", mapped + self.limits.memory_bytes),
            ("CPU", "Max cpu time", self.limits.cpu_seconds),
            ("FSIZE", "Max file size", self.limits.scratch_bytes),
            ("NOFILE", "Max open files", self.limits.descriptors),
            ("NPROC", "Max processes", self.limits.tasks),
            ("CORE", "Max core file size", 0),
            ("MEMLOCK", "Max locked memory", 0),
            ("MSGQUEUE", "Max msgqueue size", 0),
        ];
        Ok(limits.into_iter().map(|(name, title, value)| Limit { name, title, value }).collect())
    }

    fn expected(&self, stream: u64, limits: Vec<Limit>) -> verify::Expected {
        verify::Expected {
            template: self.jailed.pid,
            namespaces: self.namespaces,
            filters: self.own_filters + 1,
            stream,
            limits,
            scratch: (self.limits.scratch_bytes, self.limits.scratch_inodes),
            landlock: self.landlock,
        }
    }
}

/// The zygote's first message.
fn configuration(spec: &TemplateSpec) -> Result<serde_json::Value, SandboxError> {
    let jail = &spec.jail;
    let abi = landlock::abi();
    // In namespaces all that is mounted may be read; without them, only what would have been mounted.
    let readable = if jail.namespaces {
        vec!["/".to_owned()]
    } else {
        jail.mounts.iter().map(|mount| mount.path.to_string_lossy().into_owned()).collect()
    };
    let rules = landlock::rules(abi, &readable, jail.namespaces.then_some("/scratch"));
    if rules.is_none() && !jail.namespaces {
        return Err(SandboxError::Tier(
            "neither namespaces nor Landlock: code of strangers cannot be held here".into(),
        ));
    }
    let scratch =
        jail.namespaces.then(|| json!({ "bytes": spec.limits.scratch_bytes, "inodes": spec.limits.scratch_inodes }));
    let filter: String = seccomp::program()?.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(json!({
        "python_path": spec.python_path,
        "module": spec.module,
        "runtime": spec.runtime,
        "namespaces": jail.namespaces,
        "landlock": rules,
        "scratch": scratch,
        "filter": filter,
    }))
}

/// What a runtime wrote before it gave up.
fn complaint(jailed: Jailed, complaints: OwnedFd) -> String {
    drop(jailed);
    // SAFETY: a plain system call on a descriptor that we own. Nobody who still holds the other end is waited for.
    unsafe { libc::fcntl(complaints.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) };
    let mut said = Vec::new();
    // Fails at the end of what is there if the other end is still open; what was read until then stays.
    let _ = std::fs::File::from(complaints).take(16 << 10).read_to_end(&mut said);
    match String::from_utf8_lossy(&said).trim() {
        "" => "it ended without a word, or took too long".into(),
        words => words.to_owned(),
    }
}
