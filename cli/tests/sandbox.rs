//! A folder of its own for a test, with the program to run in it.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder that goes away with the test.
pub(crate) struct Sandbox {
    folder: TempDir,
    environment: Vec<(&'static str, &'static str)>,
}

/// The outcome of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Self { folder, environment: vec![("COLUMNS", "100")] };
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox
    }

    /// The same with a variable set.
    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs the program; words are split at blanks.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.run_with(arguments, "")
    }

    /// Runs the program with a text on standard input.
    pub(crate) fn run_with(&self, arguments: &str, stdin: &str) -> Run {
        self.run_in(self.folder.path(), arguments, stdin)
    }

    /// Runs the program with bytes on standard input, and gives the bytes that it prints.
    pub(crate) fn pipe(&self, arguments: &str, stdin: &[u8]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crilint"));
        command.args(arguments.split_whitespace()).env_clear().current_dir(self.folder.path());
        self.output(&mut command, stdin)
    }

    /// Runs the program in a folder below.
    pub(crate) fn run_in(&self, folder: &Path, arguments: &str, stdin: &str) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crilint"));
        command.args(arguments.split_whitespace()).env_clear();
        self.finish(command.current_dir(folder), stdin)
    }

    /// Runs a shell script in the folder; `$CRILINT` is the program.
    pub(crate) fn shell(&self, script: &str) -> Run {
        self.script(Command::new("sh"), script)
    }

    /// Runs a shell script that may mount file systems, which nothing outside sees.
    pub(crate) fn with_mounts(&self, script: &str) -> Run {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh"]);
        self.script(command, script)
    }

    fn script(&self, mut command: Command, script: &str) -> Run {
        command.args(["-ec", script]).env("CRILINT", env!("CARGO_BIN_EXE_crilint"));
        self.finish(command.current_dir(self.folder.path()), "")
    }

    fn finish(&self, command: &mut Command, stdin: &str) -> Run {
        let output = self.output(command, stdin.as_bytes());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn output(&self, command: &mut Command, stdin: &[u8]) -> Output {
        let mut child = command
            .envs(self.environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read its input has ended by now, which is not a fault.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        child.wait_with_output().unwrap()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "--- stderr\n{}", self.stderr)?;
        }
        write!(f, "--- exit {}", self.code)
    }
}

/// Compares with the snapshot of that name.
#[macro_export]
macro_rules! snapshot {
    ($name:expr, $text:expr) => {
        insta::with_settings!({
            snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/cli"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
            filters => vec![(r#""crilint": "[0-9.]+""#, r#""crilint": "[version]""#)],
        }, { insta::assert_snapshot!($name, $text.to_string()) });
    };
}

/// A main file with a stream server that others reach.
pub(crate) const BAD: &str = "\
version = 2
[plugins.\"io.containerd.grpc.v1.cri\"]
  stream_server_address = \"0.0.0.0\"
";

/// The same as it should be.
pub(crate) const GOOD: &str = "\
version = 2
[plugins.\"io.containerd.grpc.v1.cri\"]
  stream_server_address = \"127.0.0.1\"
";

/// Where containerd looks for it.
pub(crate) const MAIN: &str = "etc/containerd/config.toml";
