//! "Verify, then feed": what `/proc` says of a fresh instance must be what was asked for.
//!
//! Costs a fraction of a millisecond, off the path of a verdict, and turns any fault of the zygote into a refusal.

use crate::{SandboxError, landlock, sys};
use std::collections::BTreeMap;
use std::fs;
use std::os::fd::{AsRawFd, BorrowedFd};

/// Namespaces that must not be ours.
const NAMESPACES: [&str; 7] = ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup"];
/// Of these, an instance also has its own, not its template's.
const OWN_NAMESPACES: [&str; 2] = ["mnt", "pid"];

const NO_CAPABILITIES: &str = "0000000000000000";

/// The process id behind a pidfd, as this process sees it.
pub(crate) fn pid_of(pidfd: BorrowedFd<'_>) -> Result<i32, SandboxError> {
    let path = format!("/proc/self/fdinfo/{}", pidfd.as_raw_fd());
    let text = fs::read_to_string(path).map_err(SandboxError::io("reading a pidfd"))?;
    let pid = text.lines().find_map(|line| line.strip_prefix("Pid:")).and_then(|pid| pid.trim().parse().ok());
    match pid {
        Some(pid) if pid > 0 => Ok(pid),
        _ => Err(SandboxError::NotConfined("it had ended before it could be looked at".into())),
    }
}

/// Address space of a process, in bytes.
pub(crate) fn mapped_bytes(pid: i32) -> Result<u64, SandboxError> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).map_err(|_| SandboxError::TemplateGone)?;
    let kilobytes = fields(&status).get("VmSize").and_then(|size| size.strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.map(|size| size << 10).ok_or(SandboxError::TemplateGone)
}

/// Filters on this thread: an instance must have one more.
pub(crate) fn own_filters() -> Result<u32, SandboxError> {
    let status = fs::read_to_string("/proc/thread-self/status").map_err(SandboxError::io("reading our own status"))?;
    let count = fields(&status).get("Seccomp_filters").and_then(|count| count.parse().ok());
    count.ok_or_else(|| SandboxError::Start("this kernel does not say how many filters a process has".into()))
}

/// A resource limit of an instance, soft and hard.
#[derive(Debug)]
pub(crate) struct Limit {
    /// `AS`, of `RLIMIT_AS`.
    pub name: &'static str,
    /// As `/proc/PID/limits` calls it.
    pub title: &'static str,
    pub value: u64,
}

/// What an instance must be.
#[derive(Debug)]
pub(crate) struct Expected {
    /// Its parent.
    pub template: i32,
    pub namespaces: bool,
    /// Filters, ours among them.
    pub filters: u32,
    /// Inode of its end of the stream.
    pub stream: u64,
    pub limits: Vec<Limit>,
    /// Bytes and inodes of the one folder that may be written.
    pub scratch: (u64, u64),
    /// Whether to look for Landlock. Without namespaces it was put on by ourselves, before the zygote ran.
    pub landlock: bool,
}

/// Refuses a process that is not confined in every way.
pub(crate) fn confined(pidfd: BorrowedFd<'_>, pid: i32, expected: &Expected) -> Result<(), SandboxError> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).map_err(SandboxError::io("reading its status"))?;
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).map_err(SandboxError::io("reading its limits"))?;
    let mut fault = status_fault(&status, expected).or_else(|| limit_fault(&limits, &expected.limits));
    if fault.is_none() {
        fault = descriptor_fault(pid, expected.stream)?;
    }
    if fault.is_none() && expected.namespaces {
        fault = namespace_fault(pid, expected.template)?;
    }
    if fault.is_none() && expected.namespaces {
        let mounts =
            fs::read_to_string(format!("/proc/{pid}/mountinfo")).map_err(SandboxError::io("reading its mounts"))?;
        fault = mount_fault(&mounts, expected.scratch);
    }
    if fault.is_none() && expected.landlock && !landlock::holds(pidfd)? {
        fault = Some("Landlock does not hold it".into());
    }
    if fault.is_none() && sys::wait_for_end(pidfd, 0) {
        // Then the number may have been another process's while we looked.
        fault = Some("it ended while it was looked at".into());
    }
    fault.map_or(Ok(()), |why| Err(SandboxError::NotConfined(why)))
}

fn fields(status: &str) -> BTreeMap<&str, &str> {
    status.lines().filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim())).collect()
}

fn namespace_fault(pid: i32, template: i32) -> Result<Option<String>, SandboxError> {
    let own = std::process::id() as i32;
    for name in NAMESPACES {
        if namespace(pid, name)? == namespace(own, name)? {
            return Ok(Some(format!("it shares our {name} namespace")));
        }
    }
    for name in OWN_NAMESPACES {
        if namespace(pid, name)? == namespace(template, name)? {
            return Ok(Some(format!("it shares the template's {name} namespace")));
        }
    }
    Ok(None)
}

/// Everything must be read-only but one small folder.
fn mount_fault(mounts: &str, (bytes, inodes): (u64, u64)) -> Option<String> {
    let mut writable = 0;
    for line in mounts.lines() {
        let mut words = line.split(' ').skip(4);
        let (place, options) = (words.next().unwrap_or("?"), words.next().unwrap_or(""));
        let has = |option: &str| options.split(',').any(|one| one == option);
        if has("ro") {
            continue;
        }
        writable += 1;
        let of_system = line.rsplit(' ').next().unwrap_or("");
        let number = |name: &str| {
            of_system.split(',').find_map(|one| one.strip_prefix(name)?.trim_end_matches('k').parse().ok())
        };
        // The kernel rounds up to whole pages, of at most 64 KiB.
        let small = number("size=").is_some_and(|size: u64| size <= bytes.div_ceil(1024) + 64)
            && number("nr_inodes=") == Some(inodes);
        if place != "/scratch" || !small || !["nosuid", "nodev", "noexec"].into_iter().all(has) {
            return Some(format!("{place} is mounted so that it can be written ({options}; {of_system})"));
        }
    }
    (writable != 1).then(|| format!("it has {writable} folders that it can write, not 1"))
}

/// The first resource limit that is not as it must be. `limits` is `/proc/PID/limits`: `prlimit` would need a capability
/// that root has not in every container.
fn limit_fault(limits: &str, wanted: &[Limit]) -> Option<String> {
    for limit in wanted {
        let line = limits.lines().find_map(|line| line.strip_prefix(limit.title));
        let found: Vec<_> = line.unwrap_or("missing").split_whitespace().take(2).collect();
        let value = limit.value.to_string();
        if found != [value.as_str(), value.as_str()] {
            return Some(format!("{} is {}, not {value}", limit.title, found.join(" and ")));
        }
    }
    None
}

/// The first thing in `/proc/PID/status` that is not as it must be.
fn status_fault(status: &str, expected: &Expected) -> Option<String> {
    let fields = fields(status);
    let found = |name: &str| fields.get(name).copied().unwrap_or("missing");
    // SAFETY: a plain question about ourselves.
    let as_root = unsafe { libc::geteuid() } == 0;
    let (template, filters) = (expected.template.to_string(), expected.filters.to_string());
    let mut wanted = vec![
        ("PPid", template.as_str()),
        ("Seccomp", "2"),
        ("Seccomp_filters", filters.as_str()),
        ("NoNewPrivs", "1"),
        ("Threads", "1"),
        ("CapInh", NO_CAPABILITIES),
        ("CapPrm", NO_CAPABILITIES),
        ("CapEff", NO_CAPABILITIES),
        ("CapAmb", NO_CAPABILITIES),
    ];
    // A plain user may empty this set only within a namespace of its own. Without, it is a bound on what nothing can give.
    if expected.namespaces || as_root {
        wanted.push(("CapBnd", NO_CAPABILITIES));
    }
    // A plain user's groups cannot be left behind; root's must be.
    if as_root {
        wanted.push(("Groups", ""));
    }
    if let Some((name, value)) = wanted.into_iter().find(|(name, value)| found(name) != *value) {
        return Some(format!("{name} is {}, not {value}", found(name)));
    }
    let root = |name: &str| fields.get(name).is_none_or(|ids| ids.split_whitespace().any(|id| id == "0"));
    (root("Uid") || as_root && root("Gid")).then(|| "it runs as root".into())
}

/// Descriptors must be: nothing on 0 to 2, the stream on 3, and no other.
fn descriptor_fault(pid: i32, stream: u64) -> Result<Option<String>, SandboxError> {
    let hidden = |cause: std::io::Error| match cause.kind() {
        std::io::ErrorKind::PermissionDenied => SandboxError::Tier(
            "an instance cannot be looked at from outside: run as a plain user, or give root CAP_SYS_PTRACE too".into(),
        ),
        _ => SandboxError::io("reading its descriptors")(cause),
    };
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).map_err(hidden)?;
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for entry in entries {
        let entry = entry.map_err(hidden)?;
        let target = fs::read_link(entry.path()).map_err(hidden)?;
        found.insert(entry.file_name().to_string_lossy().into_owned(), target.to_string_lossy().into_owned());
    }
    for (number, target) in &found {
        let fits = match number.as_str() {
            // Named from our own root, or by its place in a root that we do not see.
            "0" | "1" | "2" => target == "/dev/null" || target == "/null",
            // Ours and no other: so the process that is looked at is the one that will be fed.
            "3" => *target == format!("socket:[{stream}]"),
            _ => false,
        };
        if !fits {
            return Ok(Some(format!("descriptor {number} is {target}")));
        }
    }
    Ok((found.len() != 4).then(|| format!("it has {} descriptors, not 4", found.len())))
}

fn namespace(pid: i32, name: &str) -> Result<std::path::PathBuf, SandboxError> {
    fs::read_link(format!("/proc/{pid}/ns/{name}")).map_err(SandboxError::io("reading its namespaces"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected {
        Expected {
            template: 7,
            namespaces: true,
            filters: 2,
            stream: 99,
            limits: vec![],
            scratch: (16 << 20, 500),
            landlock: false,
        }
    }

    fn status(change: (&str, &str)) -> String {
        let mut lines = vec![
            ("PPid", "7"),
            ("Uid", "65534 65534 65534 65534"),
            ("Gid", "65534 65534 65534 65534"),
            ("Groups", ""),
            ("Threads", "1"),
            ("NoNewPrivs", "1"),
            ("Seccomp", "2"),
            ("Seccomp_filters", "2"),
        ];
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            lines.push((set, NO_CAPABILITIES));
        }
        lines.retain(|(name, _)| *name != change.0);
        lines.push(change);
        lines.iter().map(|(name, value)| format!("{name}:\t{value}\n")).collect()
    }

    #[test]
    fn each_missing_wall_is_named() {
        assert_eq!(status_fault(&status(("Name", "python")), &expected()), None);
        for (name, value) in [
            ("Seccomp", "0"),
            ("NoNewPrivs", "0"),
            ("CapEff", "0000000000200000"),
            ("CapBnd", "000001ffffffffff"),
            ("Threads", "2"),
            ("Uid", "0 0 0 0"),
            ("PPid", "8"),
            // the filter of a container around us is not ours
            ("Seccomp_filters", "1"),
        ] {
            let fault = status_fault(&status((name, value)), &expected());
            assert!(fault.is_some(), "{name}: {value} must be refused");
        }
        assert_eq!(status_fault("", &expected()), Some("PPid is missing, not 7".into()));
    }

    #[test]
    fn what_can_be_written_is_one_small_folder() {
        let root = "1 0 0:50 / / ro,nosuid,nodev - tmpfs tmpfs rw,size=1024k,nr_inodes=4096";
        let small =
            "2 1 0:51 / /scratch rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=16384k,nr_inodes=500,mode=700";
        let fault = |lines: &[&str]| mount_fault(&lines.join("\n"), (16 << 20, 500));
        assert_eq!(fault(&[root, small]), None);
        assert!(fault(&[root]).is_some());
        assert!(fault(&[small, &root.replace(" ro,", " rw,")]).is_some());
        for (from, to) in [("16384k", "999999k"), ("=500", "=0"), ("noexec,", ""), (" /scratch ", " /usr ")] {
            assert!(fault(&[root, &small.replace(from, to)]).is_some(), "{to}");
        }
    }

    #[test]
    fn a_limit_that_is_not_set_is_named() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max cpu time              20                   unlimited            seconds   \n\
                      Max open files            64                   64                   files     \n";
        let limit = |title, value| Limit { name: "", title, value };
        assert_eq!(limit_fault(limits, &[limit("Max open files", 64)]), None);
        assert_eq!(
            limit_fault(limits, &[limit("Max cpu time", 20)]).as_deref(),
            Some("Max cpu time is 20 and unlimited, not 20")
        );
        assert!(limit_fault(limits, &[limit("Max processes", 20)]).is_some());
    }
}
