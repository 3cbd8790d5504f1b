//! Servers beside each other: ours, Django's, nginx.

use super::load::get;
use super::speaker::{Speaker, text};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What Django needs to be served; see the file.
const REQUIREMENTS: &str = include_str!("django/requirements.txt");
const START_TIME: Duration = Duration::from_secs(20);
/// Where distributions keep nginx's modules.
const NGINX_MODULES: [&str; 3] = ["/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules"];

/// A program on the two cores that server and load share, however many there are.
pub fn on_two_cores(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0,1"]).arg(program.as_ref());
    command
}

/// A server that runs. Dropping it ends it.
pub struct Server {
    /// Host and port.
    pub address: String,
    process: Process,
}

enum Process {
    /// Ends when it is spoken to no more.
    Ours(Speaker),
    /// Ends when it is told so by a signal, and its workers with it.
    Theirs(Child),
}

impl Server {
    /// One of our own, and the page that it serves.
    pub fn ours(program: &Path, arguments: &[&str]) -> Result<(Self, String)> {
        let (speaker, first) = Speaker::start(on_two_cores(program).args(arguments))?;
        let (address, page) = (text(&first, "address")?.to_owned(), text(&first, "page")?.to_owned());
        Ok((Self { address, process: Process::Ours(speaker) }, page))
    }

    /// gunicorn with two workers, each of which does one request at a time: Django's quickest here.
    pub fn django(django: &Django, assets: &str, log: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut command = on_two_cores(django.program("gunicorn"));
        command.args(["--workers", "2", "--worker-class", "sync", "--bind", &format!("127.0.0.1:{port}")]);
        command.args(["--log-level", "warning", "wsgi:application"]).env("BENCH_ASSETS", assets);
        django.prepare(&mut command);
        Self::theirs(command, port, log)
    }

    /// nginx with a page and its brotli form as files; `None` if nginx or its module is not here.
    pub fn nginx(folder: &Path, path: &str, page: &[u8], brotli: &[u8]) -> Result<Option<Self>> {
        let modules = NGINX_MODULES.iter().map(|folder| Path::new(folder).join("ngx_http_brotli_static_module.so"));
        let Some(module) = modules.into_iter().find(|module| module.is_file()) else { return Ok(None) };
        let file = folder.join("www").join(path.trim_start_matches('/'));
        std::fs::create_dir_all(file.parent().context("a page at the top")?)?;
        std::fs::write(&file, page)?;
        std::fs::write(PathBuf::from(format!("{}.br", file.display())), brotli)?;
        let port = free_port()?;
        let configuration = folder.join("nginx.conf");
        std::fs::write(&configuration, nginx_configuration(folder, &module, port))?;
        let mut command = on_two_cores("nginx");
        command.arg("-p").arg(folder).arg("-c").arg(&configuration).args(["-g", "daemon off;"]);
        Self::theirs(command, port, &folder.join("nginx.log")).map(Some)
    }

    fn theirs(mut command: Command, port: u16, log: &Path) -> Result<Self> {
        let out = std::fs::File::create(log).with_context(|| format!("{} cannot be made", log.display()))?;
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        let child = command.spawn().with_context(|| format!("{command:?} did not start"))?;
        let mut server = Self { address: format!("127.0.0.1:{port}"), process: Process::Theirs(child) };
        let until = Instant::now() + START_TIME;
        while get(&server.address, "/", &[]).is_err() {
            if server.has_ended() || Instant::now() > until {
                bail!("a server did not start; {} says: {}", log.display(), std::fs::read_to_string(log)?);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    fn has_ended(&mut self) -> bool {
        match &mut self.process {
            Process::Theirs(child) => !matches!(child.try_wait(), Ok(None)),
            Process::Ours(_) => false,
        }
    }

    /// Seconds of processor time that it and its workers have used.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let pid = match &self.process {
            Process::Ours(speaker) => speaker.pid(),
            Process::Theirs(child) => child.id(),
        };
        let processes = processes()?;
        let mut tree = vec![pid];
        let mut at = 0;
        while let Some(parent) = tree.get(at).copied() {
            tree.extend(processes.iter().filter(|(_, process)| process.parent == parent).map(|(pid, _)| *pid));
            at += 1;
        }
        let ticks: f64 = tree.iter().filter_map(|pid| processes.get(pid)).map(|process| process.ticks).sum();
        Ok(ticks / ticks_a_second())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Process::Theirs(child) = &mut self.process else { return };
        // By a signal that they hand on to their workers. Should one not hear it, it is killed all the same.
        let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until && matches!(child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// As quick as it gets: no log, files kept open, connections kept for ever.
fn nginx_configuration(folder: &Path, module: &Path, port: u16) -> String {
    use std::os::unix::fs::MetadataExt;
    // Workers of another user could not read below a private folder.
    let root = Path::new("/proc/self").metadata().is_ok_and(|process| process.uid() == 0);
    let (user, folder) = (if root { "user root;" } else { "" }, folder.display());
    format!(
        "load_module {};\n{user}\nworker_processes 2;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx-error.log;\n\
         events {{ worker_connections 512; }}\n\
         http {{\n  access_log off;\n  sendfile on;\n  tcp_nopush on;\n  keepalive_requests 1000000000;\n  \
         open_file_cache max=100 inactive=1h;\n  open_file_cache_valid 1h;\n  default_type \"text/html; charset=utf-8\";\n  \
         client_body_temp_path {folder}/body;\n  proxy_temp_path {folder}/proxy;\n  fastcgi_temp_path {folder}/fastcgi;\n  \
         uwsgi_temp_path {folder}/uwsgi;\n  scgi_temp_path {folder}/scgi;\n  \
         server {{ listen 127.0.0.1:{port}; root {folder}/www; brotli_static on; }}\n}}\n",
        module.display(),
    )
}

/// Django in a virtual environment of its own, with its database filled.
pub struct Django {
    environment: PathBuf,
    site: PathBuf,
    settings: &'static str,
    database: PathBuf,
}

impl Django {
    /// Makes the environment if it is not there, and the database from the tables of `source`.
    pub fn set_up(folder: &Path, site: &Path, source: &Path) -> Result<Self> {
        let django = Self::installed(folder, site, "settings", "django.sqlite3")?;
        let mut load = Command::new(django.program("python"));
        load.arg("load.py").arg(source);
        django.prepare(&mut load);
        done(&mut load)?;
        Ok(django)
    }

    /// With an empty database and other settings: a project that keeps checks.
    pub fn for_checks(folder: &Path, site: &Path) -> Result<Self> {
        Self::installed(folder, site, "check_settings", "django-checks.sqlite3")
    }

    /// Makes people who are signed in, and gives their cookies.
    pub fn people(&self, count: usize) -> Result<Vec<String>> {
        let mut load = Command::new(self.program("python"));
        load.args(["load_checks.py", &count.to_string()]);
        self.prepare(&mut load);
        let output = load.stderr(Stdio::inherit()).output().with_context(|| format!("{load:?} did not start"))?;
        ensure!(output.status.success(), "{load:?} failed: {}", output.status);
        Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
    }

    fn installed(folder: &Path, site: &Path, settings: &'static str, database: &str) -> Result<Self> {
        let environment = folder.join("venv");
        let complete = environment.join("complete");
        if std::fs::read_to_string(&complete).ok().as_deref() != Some(REQUIREMENTS) {
            println!("installing Django and gunicorn");
            done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
            let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
            let requirements = site.join("requirements.txt");
            done(Command::new(environment.join("bin/python")).args(pip).arg(requirements))?;
            std::fs::write(&complete, REQUIREMENTS)?;
        }
        let django = Self { environment, site: site.to_owned(), settings, database: folder.join(database) };
        remove_database(&django.database)?;
        Ok(django)
    }

    /// A program of the environment.
    pub fn program(&self, name: &str) -> PathBuf {
        self.environment.join("bin").join(name)
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(&self.site).env("BENCH_DATABASE", &self.database).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("DJANGO_SETTINGS_MODULE", self.settings);
    }
}

/// SQLite's file and what stands beside it.
pub fn remove_database(file: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let file = format!("{}{ending}", file.display());
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).context(file),
            _ => {}
        }
    }
    Ok(())
}

fn done(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?} did not start"))?;
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(())
}

struct Running {
    parent: u32,
    ticks: f64,
}

/// All processes, from `/proc/PID/stat`.
fn processes() -> Result<BTreeMap<u32, Running>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir("/proc")? {
        let Ok(pid) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        // One that has ended since is none.
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        all.extend(running(&stat).map(|process| (pid, process)));
    }
    Ok(all)
}

fn running(stat: &str) -> Option<Running> {
    // The name may hold spaces and brackets; it ends with the last bracket.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some(Running { parent: fields.get(1)?.parse().ok()?, ticks: ticks(11)? + ticks(12)? })
}

fn ticks_a_second() -> f64 {
    super::machine::said("getconf", &["CLK_TCK"]).parse().unwrap_or(100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let stat = "17 (a) b (c) S 4 17 17 0 -1 4194560 9 0 0 0 250 50 7 8 20 0 1 0 99";
        let process = running(stat).unwrap();
        assert_eq!((process.parent, process.ticks), (4, 300.0));
        assert!(running("").is_none());
    }
}
