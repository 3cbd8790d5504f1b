//! A template around the machine's own Python, with a runtime that does what a frame tells it.

use crate::calls;
use jobfuture_sandbox::{
    ChannelEnd, ChildLimits, Frame, Instance, Interpreter, SandboxError, Template, TemplateSpec, ZYGOTE_SOURCE,
};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// What the attacks need to have been loaded.
const MODULES: [&str; 12] = [
    "ctypes",
    "socket",
    "json",
    "mmap",
    "threading",
    "fcntl",
    "hashlib",
    "subprocess",
    "tempfile",
    "resource",
    "select",
    "array",
];

/// How a jail is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walls {
    /// With namespaces (tiers A and B).
    Full,
    /// Landlock, seccomp and limits only (tier C).
    Reduced,
}

pub const BOTH: [Walls; 2] = [Walls::Full, Walls::Reduced];

pub struct Kit {
    /// Shown in the jail; goes when the kit goes.
    pub folder: tempfile::TempDir,
    pub spec: TemplateSpec,
}

/// A kit of full walls.
pub fn kit() -> Kit {
    kit_with(Walls::Full)
}

pub fn kit_with(walls: Walls) -> Kit {
    kit_of(python(), walls)
}

pub fn kit_of(python: &Interpreter, walls: Walls) -> Kit {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(folder.path().join("runtime.py"), include_str!("runtime.py")).unwrap();
    let spec = TemplateSpec {
        jail: python.jail(&[folder.path()], &["-I", "-B", "-c", ZYGOTE_SOURCE], walls == Walls::Full),
        python_path: vec![folder.path().to_string_lossy().into_owned()],
        module: "runtime".into(),
        runtime: serde_json::json!({ "calls": calls::numbers() }),
        limits: ChildLimits { cpu_seconds: 10, ..ChildLimits::default() },
        start_time: Duration::from_secs(20),
    };
    Kit { folder, spec }
}

impl Kit {
    pub fn start(&self) -> Template {
        Template::start(&self.spec).unwrap()
    }

    /// For closures, which would otherwise take the spec only, and let the folder go.
    pub fn try_start(&self) -> Result<Template, SandboxError> {
        Template::start(&self.spec)
    }

    /// A template that keeps its kit.
    pub fn run(self) -> Running {
        Running { template: self.start(), _kit: self }
    }

    /// The same with Python that the runtime runs when it is loaded.
    pub fn tampered(mut self, code: &str) -> Self {
        self.spec.runtime["tamper"] = code.into();
        self
    }
}

/// A template, and the folder that it looks into.
pub struct Running {
    pub template: Template,
    _kit: Kit,
}

impl std::ops::Deref for Running {
    type Target = Template;
    fn deref(&self) -> &Template {
        &self.template
    }
}

/// An interpreter that everyone may execute: without namespaces, nobody is who executes it when we are root.
pub fn python() -> &'static Interpreter {
    static FOUND: OnceLock<Interpreter> = OnceLock::new();
    FOUND.get_or_init(|| {
        let found = ["python3", "/usr/bin/python3", "/usr/local/bin/python3"].into_iter().filter_map(discover);
        found.into_iter().find(|python| for_everyone(&python.program)).expect("a python3 that everyone may execute")
    })
}

pub fn discover(program: &str) -> Option<Interpreter> {
    Interpreter::discover(Path::new(program), &MODULES, &[]).ok()
}

/// Whether each folder on the way may be entered by everyone.
pub fn for_everyone(path: &Path) -> bool {
    path.ancestors().all(|step| std::fs::metadata(step).is_ok_and(|found| found.permissions().mode() & 0o001 != 0))
}

/// What Python answers inside.
pub fn ask(instance: &mut Instance, code: &str) -> String {
    answer(instance, code).unwrap()
}

/// The same, for code after which there may be no answer.
pub fn answer(instance: &mut Instance, code: &str) -> Result<String, ChannelEnd> {
    instance.channel().set_deadline(Instant::now() + Duration::from_secs(10));
    instance.channel().send(&Frame::new(b'c', code))?;
    let frame = instance.channel().receive()?;
    Ok(String::from_utf8(frame.head).unwrap())
}

/// Waits for a thing to become true.
pub fn soon(what: &str, is: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(5);
    while !is() {
        assert!(Instant::now() < until, "not within 5 s: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The children of a process that are still there, zombies among them.
pub fn children(pid: i32) -> Vec<i32> {
    let wanted = format!("PPid:\t{pid}");
    let all =
        std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    all.filter(|pid| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        status.lines().any(|line| line == wanted)
    })
    .collect()
}
