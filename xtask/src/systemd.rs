//! The services of `core/tests/systemd/cases.json` as a systemd on this machine reads and starts them, against what
//! `crilint show --services` prints.
//!
//! `verify` asks Debian's `systemd-analyze` for its messages, which needs no rights. `live` starts each service by a
//! systemd in namespaces of its own, as root, and compares the words that the program gets: this binary takes the
//! place of the program, see [`record`].

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;

use crate::record::installed;
use crate::test::{cargo, output, target_dir};

#[derive(Deserialize)]
struct Case {
    name: String,
    unit: String,
    files: BTreeMap<String, String>,
    argv: Vec<Vec<String>>,
}

/// The program that the services of the cases start.
const PROGRAM: &str = "/usr/local/bin/kubelet";

/// Where it writes the words that it gets, each with a NUL behind it.
const LOG: &str = "/out/argv";

/// Behind the words of a command.
const END: &str = "\u{1}\0";

/// Files that each case has besides its own.
const SHARED: [(&str, &str); 2] = [
    ("/etc/systemd/system.conf", "[Manager]\nDefaultEnvironment=GLOB=g0 GLOB2=g2\n"),
    ("/etc/systemd/system.conf.d/10.conf", "[Manager]\nDefaultEnvironment=GLOB=g1\n"),
];

/// Compares the messages about each case.
pub fn verify(root: &Path) -> Result<(), String> {
    let analyze = installed("systemd", "systemd-analyze")?;
    let crilint = binary(root)?;
    let mut wrong = vec![];
    let cases = cases(root)?;
    for case in &cases {
        let folder = scratch(&format!("verify-{}", case.name))?;
        write(&folder, case)?;
        let mut verify = Command::new(&analyze);
        verify.arg("verify").arg(format!("--root={}", folder.display())).arg(&case.unit);
        let printed = verify.output().map_err(|error| format!("systemd-analyze: {error}"))?;
        let prefix = folder.display().to_string();
        let printed = String::from_utf8_lossy(&printed.stderr).replace(&prefix, "");
        let mut theirs: Vec<&str> = printed.lines().filter(|line| is_compared(line)).collect();
        let shown = shown(&crilint, &folder, &case.unit)?;
        let warnings = shown["warnings"].as_array().cloned().unwrap_or_default();
        let mut ours: Vec<&str> = warnings.iter().filter_map(Value::as_str).filter(|line| is_compared(line)).collect();
        theirs.sort_unstable();
        ours.sort_unstable();
        if ours != theirs {
            wrong.push(format!("{}: {ours:?} instead of {theirs:?}", case.name));
        }
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    println!("{} services, {} of them with other messages", cases.len(), wrong.len());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Whether a message is one about lines of units, or a refusal of one: `verify` starts nothing.
fn is_compared(line: &str) -> bool {
    let is_about_line = line.starts_with('/') && line.contains(".service") && !line.contains("up to systemd");
    is_about_line || line.contains("Refusing.") || line.contains("fatal error")
}

/// Starts each case, and compares what the program gets.
pub fn live(root: &Path) -> Result<(), String> {
    let systemd = Path::new("/usr/lib/systemd/systemd");
    if !systemd.exists() {
        installed("systemd", "systemctl")?;
    }
    let folder = scratch("live")?;
    let (node, out) = (folder.join("node"), folder.join("out"));
    let cases = cases(root)?;
    for case in &cases {
        write(&node, case)?;
    }
    fs::create_dir_all(&out).map_err(|error| error.to_string())?;
    let units: String = cases.iter().map(|case| format!("{}\n", case.unit)).collect();
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    for (path, text) in [("units", units.as_str()), ("start.sh", START), ("setup.sh", SETUP)] {
        fs::write(folder.join(path), text).map_err(|error| error.to_string())?;
    }
    let mut unshare = Command::new("unshare");
    unshare.args(["--kill-child=KILL", "-m", "-p", "-f", "-u", "-i", "-C", "--mount-proc", "bash"]);
    unshare.arg(folder.join("setup.sh")).arg(&folder).arg(own);
    let mut child = unshare.stdin(Stdio::null()).spawn().map_err(|error| format!("unshare: {error}"))?;
    let start = Instant::now();
    while !out.join("done").exists() && start.elapsed() < Duration::from_secs(180) {
        thread::sleep(Duration::from_millis(200));
    }
    child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
    if !out.join("done").exists() {
        return Err("systemd did not start all services in 180 s (it needs root and namespaces)".to_owned());
    }
    let mut wrong = vec![];
    for case in &cases {
        let bytes = fs::read(out.join(&case.unit)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let found: Vec<Vec<&str>> =
            text.split_terminator(END).map(|command| command.split_terminator('\0').collect()).collect();
        if found != case.argv {
            wrong.push(format!("{}: {found:?} instead of {:?}", case.name, case.argv));
        }
    }
    fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    println!("{} services, {} of them started in another way", cases.len(), wrong.len());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// In the place of the program of a service: writes down its words. True if that is what this process is.
pub fn record() -> bool {
    if std::env::current_exe().is_ok_and(|path| path != Path::new(PROGRAM)) {
        return false;
    }
    let words: Vec<u8> = std::env::args_os().flat_map(|word| [word.as_bytes(), b"\0"].concat()).collect();
    let log = fs::OpenOptions::new().append(true).create(true).open(LOG);
    let _ = log.and_then(|mut log| log.write_all(&[&words[..], END.as_bytes()].concat()));
    true
}

/// A root with the programs of this machine and the files of the cases, in which systemd is process 1.
const SETUP: &str = r#"
set -e
folder=$1; node=$folder/root
mkdir -p "$node" && mount -t tmpfs tmpfs "$node"
cd "$node"
mkdir -p usr etc run proc sys dev tmp/up tmp/work var/lib var/tmp var/log root home opt out
for link in lib lib64 bin sbin; do ln -s usr/$link $link; done
mount -t overlay overlay -o lowerdir=/usr,upperdir="$node/tmp/up",workdir="$node/tmp/work" usr
mount -t proc proc proc; mount -t tmpfs tmpfs run; mount --rbind /dev dev; mount -t sysfs sysfs sys
rm -rf usr/lib/systemd/system usr/lib/systemd/system-generators usr/lib/systemd/system-environment-generators
mkdir -p usr/lib/systemd/system etc/systemd/system usr/local/bin run/systemd
for target in sysinit basic shutdown; do
    printf '[Unit]\nDefaultDependencies=no\n' > usr/lib/systemd/system/$target.target
done
cp /etc/passwd /etc/group etc/; echo crthost > etc/hostname; hostname crthost
cp -a "$folder/node/." .
cp "$2" usr/local/bin/kubelet
cp "$folder/start.sh" "$folder/units" .
printf '[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=/bin/bash /start.sh\n' > etc/systemd/system/runner.service
printf '[Unit]\nDefaultDependencies=no\nWants=runner.service\n' > etc/systemd/system/run.target
mount -t tmpfs tmpfs sys/fs/cgroup && mkdir sys/fs/cgroup/systemd
mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd || mount -t cgroup2 cgroup2 sys/fs/cgroup
mount --bind "$folder/out" out
exec chroot . /usr/bin/env -i container=crt PATH=/usr/bin:/usr/sbin /lib/systemd/systemd --system --unit=run.target \
    --log-target=null --show-status=no
"#;

/// Starts one service after the other.
const START: &str = r#"
while read -r unit; do
    rm -f /out/argv
    timeout 10 systemctl start -- "$unit" > /dev/null 2>&1
    for try in 1 2 3 4 5; do [ -e /out/argv ] && break; sleep 0.02; done
    [ -e /out/argv ] && mv /out/argv "/out/$unit"
done < /units
touch /out/done
"#;

fn cases(root: &Path) -> Result<Vec<Case>, String> {
    let path = root.join("core/tests/systemd/cases.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes the files of a case below a folder.
fn write(folder: &Path, case: &Case) -> Result<(), String> {
    let own = case.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    for (path, text) in SHARED.into_iter().chain(own) {
        let place = folder.join(path.trim_start_matches('/'));
        let parent = place.parent().unwrap_or(folder);
        let written = fs::create_dir_all(parent).and_then(|()| match text.strip_prefix("->") {
            Some(target) => symlink(target, &place),
            None => fs::write(&place, text),
        });
        written.map_err(|error| format!("{}: {error}", place.display()))?;
    }
    Ok(())
}

/// What crilint shows of a unit.
fn shown(crilint: &Path, folder: &Path, unit: &str) -> Result<Value, String> {
    let mut show = Command::new(crilint);
    show.args(["show", "--services", "--format", "json", "--root"]).arg(folder);
    let all: Value = serde_json::from_str(&output(&mut show)?).map_err(|error| error.to_string())?;
    let services = all["services"].as_array().cloned().unwrap_or_default();
    services.into_iter().find(|service| service["unit"] == unit).ok_or_else(|| format!("{unit} is not shown"))
}

fn binary(root: &Path) -> Result<PathBuf, String> {
    cargo(root, &["build", "--quiet", "--package", "crilint"])?;
    Ok(target_dir(root).join("debug/crilint"))
}

fn scratch(name: &str) -> Result<PathBuf, String> {
    let folder = std::env::temp_dir().join(format!("crilint-systemd-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}
