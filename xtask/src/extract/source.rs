//! A repository at a tag, read with git.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::test::output;

/// Where source files come from.
pub trait Source {
    /// The files in a folder, without those in folders below.
    fn list(&mut self, folder: &str) -> Vec<String>;
    /// The text of a file.
    fn read(&mut self, path: &str) -> Option<String>;
    /// The files that have a text in them, below the whole repository.
    fn containing(&mut self, text: &str) -> Vec<String>;
}

/// A git checkout or bare repository at a tag.
pub struct Git {
    repo: PathBuf,
    tag: String,
    /// All files by folder.
    files: BTreeMap<String, Vec<String>>,
    reader: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Git {
    /// Opens a repository at a tag.
    pub fn open(repo: &Path, tag: &str) -> Result<Self, String> {
        let listed = output(git(repo).args(["ls-tree", "-r", "--name-only", tag]))?;
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in listed.lines() {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            files.entry(folder.to_owned()).or_default().push(path.to_owned());
        }
        let mut reader = git(repo)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("git: {e}"))?;
        let (Some(requests), Some(answers)) = (reader.stdin.take(), reader.stdout.take()) else {
            return Err("git: no pipes".into());
        };
        let answers = BufReader::new(answers);
        Ok(Self { repo: repo.to_owned(), tag: tag.to_owned(), files, reader, requests, answers })
    }

    fn fetch(&mut self, path: &str) -> Option<String> {
        writeln!(self.requests, "{}:{path}", self.tag).ok()?;
        self.requests.flush().ok()?;
        let mut head = String::new();
        self.answers.read_line(&mut head).ok()?;
        // `<object> blob <size>`, or `<name> missing`.
        let size: usize = head.trim_end().rsplit(' ').next()?.parse().ok()?;
        let mut bytes = vec![0; size + 1];
        self.answers.read_exact(&mut bytes).ok()?;
        bytes.pop();
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Source for Git {
    fn list(&mut self, folder: &str) -> Vec<String> {
        self.files.get(folder).cloned().unwrap_or_default()
    }

    fn read(&mut self, path: &str) -> Option<String> {
        self.fetch(path)
    }

    fn containing(&mut self, text: &str) -> Vec<String> {
        let found = output(git(&self.repo).args(["grep", "-l", "-F", text, &self.tag, "--", "*.go"]));
        let prefix = format!("{}:", self.tag);
        // git reports an error if it finds nothing.
        let found = found.unwrap_or_default();
        found.lines().filter_map(|line| line.strip_prefix(&prefix)).map(str::to_owned).collect()
    }
}

impl Drop for Git {
    fn drop(&mut self) {
        let _ = self.reader.kill();
        let _ = self.reader.wait();
    }
}

fn git(repo: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(repo);
    git
}

/// The release tags of a repository, oldest first: `v1.7.34`, `docker-v29.7.2`.
pub fn tags(repo: &Path) -> Result<Vec<String>, String> {
    let listed = output(git(repo).args(["tag", "--sort=version:refname"]))?;
    let is_release = |tag: &&str| {
        let version = ["docker-v", "kubernetes-", "v"].iter().find_map(|prefix| tag.strip_prefix(prefix));
        version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
    };
    Ok(listed.lines().filter(is_release).map(str::to_owned).collect())
}
