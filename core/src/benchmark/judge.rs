//! The verdict on each item of a benchmark, by the settings in effect.

use super::values::{DaemonFiles, InEffect, daemons};
use super::{Benchmark, BenchmarkItem, FILE, ItemBasis, ItemCheck, SettingTest, Wanted};
use crate::docker;
use crate::finding::Finding;
use crate::go::boolean::parse_bool;
use crate::kind::{FileAttributes, NodeFiles, WrittenSetting};
use crate::releases::ReleaseSet;
use crate::syntax::{Node, Value};
use crate::text::Span;

/// An item on the files of a node.
pub(crate) struct Judged {
    pub(crate) item: &'static BenchmarkItem,
    pub(crate) verdict: ItemVerdict,
}

/// Whether a daemon passes an item.
pub(crate) enum ItemVerdict {
    Pass,
    Fail(ItemFailure),
    /// For this reason.
    Undecided(&'static str),
}

/// An item that a daemon fails.
pub(crate) struct ItemFailure {
    pub(crate) file: usize,
    /// The value that fails, or the beginning of the daemon's first file.
    pub(crate) span: Span,
    /// The path of the setting.
    pub(crate) key: String,
    /// What the setting is, in words.
    pub(crate) state: String,
    /// The releases in which it fails.
    pub(crate) releases: ReleaseSet,
}

impl ItemFailure {
    /// Whether a finding reports this failure of an item.
    pub(crate) fn is_shown_by(&self, benchmark: &Benchmark, item: &BenchmarkItem, finding: &Finding) -> bool {
        let Some(check) = item.check().filter(|_| finding.file == self.file) else { return false };
        if finding.rule == benchmark.rule {
            return finding.span == self.span && finding.message == check.message;
        }
        let is_here = self.span.contains(finding.span) || finding.keys.contains(&self.key);
        check.rules.contains(&finding.rule) && is_here
    }
}

/// Judges all items for each daemon of the node that the benchmark is about.
pub(crate) fn judge(node: &NodeFiles<'_, '_>, benchmark: &'static Benchmark) -> Vec<Vec<Judged>> {
    let judge_daemon = |daemon: DaemonFiles<'_, '_>| {
        let items = benchmark.items();
        items.map(|item| Judged { item, verdict: verdict(&daemon, item) }).collect()
    };
    daemons(node, benchmark.product).into_iter().map(judge_daemon).collect()
}

fn verdict(daemon: &DaemonFiles<'_, '_>, item: &'static BenchmarkItem) -> ItemVerdict {
    let check = match &item.basis {
        ItemBasis::Undecided(reason) => return ItemVerdict::Undecided(reason),
        ItemBasis::Settings(check) => check,
    };
    if daemon.files().any(|file| !file.doc.problems.is_empty()) {
        return ItemVerdict::Undecided("a file of the daemon has syntax errors");
    }
    if let Some((test, name)) = check.tests.iter().find_map(|test| Some((test, test.setting.strip_prefix(FILE)?))) {
        return of_files(daemon, test, name);
    }
    let mut failure: Option<ItemFailure> = None;
    let mut unknown = None;
    let mut is_judged = false;
    for release in releases(daemon) {
        match in_release(daemon, check, release) {
            ItemVerdict::Pass => {}
            ItemVerdict::Undecided(reason) => unknown = Some(reason),
            ItemVerdict::Fail(new) => match &mut failure {
                Some(failure) => failure.releases = failure.releases.or(release),
                None => failure = Some(new),
            },
        }
        is_judged = true;
    }
    match (failure, unknown) {
        (Some(failure), _) => ItemVerdict::Fail(failure),
        (None, Some(reason)) => ItemVerdict::Undecided(reason),
        (None, None) if is_judged => ItemVerdict::Pass,
        (None, None) => ItemVerdict::Undecided("the target holds no release that reads the files"),
    }
}

/// The verdict on owner or mode of files.
fn of_files(daemon: &DaemonFiles<'_, '_>, test: &SettingTest, name: &str) -> ItemVerdict {
    let files = daemon.named(name);
    if files.is_empty() {
        return ItemVerdict::Undecided("the file is not among those checked");
    }
    for file in files {
        let Some(FileAttributes { mode, owner, group }) = file.attributes else {
            return ItemVerdict::Undecided("counts with --root or without a path");
        };
        let (key, state) = match test.wants {
            Wanted::Mode(most) if mode & !most != 0 => ("mode", format!("The mode of {} is {mode:o}", file.path)),
            Wanted::OwnedByRoot if (owner, group) != (0, 0) => {
                ("owner", format!("{} belongs to {owner}:{group}", file.path))
            }
            _ => continue,
        };
        let start = file.body().span.start as usize;
        let (span, releases) = (Span::new(start, start + 1), file.releases.get(daemon.product));
        let failure = ItemFailure { file: file.index, span, key: key.to_owned(), state, releases };
        return ItemVerdict::Fail(failure);
    }
    ItemVerdict::Pass
}

/// The releases of the target, each as a set of its own.
fn releases(daemon: &DaemonFiles<'_, '_>) -> impl Iterator<Item = ReleaseSet> + use<> {
    let product = daemon.product;
    let target = daemon.files().next().map_or(ReleaseSet::NONE, |file| file.releases.get(product));
    target.releases(product).map(move |release| release.set().and(target))
}

fn in_release(daemon: &DaemonFiles<'_, '_>, check: &'static ItemCheck, release: ReleaseSet) -> ItemVerdict {
    for test in check.unless {
        if holds(test, daemon, &daemon.in_effect(test.setting, release)) {
            return ItemVerdict::Pass;
        }
    }
    for test in check.tests {
        let value = daemon.in_effect(test.setting, release);
        if let InEffect::Unknown(reason) = value {
            return ItemVerdict::Undecided(reason);
        }
        if !holds(test, daemon, &value) {
            return ItemVerdict::Fail(failure(daemon, test, value, release));
        }
    }
    ItemVerdict::Pass
}

fn failure(
    daemon: &DaemonFiles<'_, '_>,
    test: &'static SettingTest,
    value: InEffect<'_>,
    releases: ReleaseSet,
) -> ItemFailure {
    let setting = test.setting;
    if let InEffect::Written(written) = &value
        && let Some((file, written)) = written.first()
    {
        let state = match texts(written).as_slice() {
            [text] => format!("`{}` is `{text}`", written.name),
            _ => format!("`{}` is set", written.name),
        };
        let key = written.path.clone();
        return ItemFailure { file: *file, span: written.value_span, key, state, releases };
    }
    let state = match value {
        InEffect::Default(default) => format!("`{setting}` is not set, and its default is {default}"),
        _ => format!("`{setting}` is not set"),
    };
    let file = daemon.files().next();
    let start = file.map_or(0, |file| file.body().span.start as usize);
    let span = Span::new(start, start + 1);
    ItemFailure { file: file.map_or(0, |file| file.index), span, key: setting.to_owned(), state, releases }
}

fn holds(test: &SettingTest, daemon: &DaemonFiles<'_, '_>, value: &InEffect<'_>) -> bool {
    let values = values(value);
    let is_one_of = |words: &[&str]| values.iter().any(|text| words.iter().any(|word| is_same(text, word)));
    match test.wants {
        Wanted::Is(words) => is_one_of(words),
        Wanted::Not(words) => !is_one_of(words),
        Wanted::Set => !values.is_empty(),
        Wanted::Empty => values.is_empty(),
        Wanted::Only(words) => {
            let mut names = values.iter().flat_map(|text| text.split(',')).map(str::trim).peekable();
            names.peek().is_some() && names.all(|name| words.contains(&name))
        }
        Wanted::NoneStart(text) => !values.iter().any(|value| value.trim_start().starts_with(text)),
        Wanted::AtLeast(least) => values.iter().any(|text| text.parse::<i64>().is_ok_and(|number| number >= least)),
        // Those of files, not of settings.
        Wanted::Mode(_) | Wanted::OwnedByRoot => true,
        Wanted::TcpChecksClients => !values.iter().any(|host| is_tcp(host)) || checks_clients(daemon),
    }
}

/// The texts of a value that are not empty.
fn values<'v>(value: &'v InEffect<'_>) -> Vec<&'v str> {
    let all = match value {
        InEffect::Written(written) => written.iter().flat_map(|(_, setting)| texts(setting)).collect(),
        // Lists that are a default are empty, or Docker's socket.
        InEffect::Default(default) if default.starts_with(['[', '{']) => vec![],
        InEffect::Default(default) => vec![default.trim_matches('"')],
        InEffect::Unset | InEffect::Unknown(_) => vec![],
    };
    all.into_iter().filter(|text| !text.is_empty()).collect()
}

/// The texts of a list, the names in a table, or the text of a value.
fn texts<'v>(setting: &'v WrittenSetting<'_>) -> Vec<&'v str> {
    match setting.node.map(|node| &node.value) {
        Some(Value::Seq(items)) => items.iter().filter_map(Node::as_str).collect(),
        Some(Value::Map(map)) => map.entries.iter().map(|entry| entry.key.as_ref()).collect(),
        _ => vec![&setting.text],
    }
}

/// Whether a text is a word, or another spelling of the same boolean.
fn is_same(text: &str, word: &str) -> bool {
    let wanted = match word {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    text.eq_ignore_ascii_case(word) || wanted.is_some() && parse_bool(text) == wanted
}

/// Whether an address is reached over the network. Without a scheme, dockerd takes it for TCP.
fn is_tcp(host: &str) -> bool {
    host.split_once("://").map_or(!host.starts_with('/'), |(scheme, _)| scheme == "tcp")
}

/// `--tls` alone encrypts; in the file it checks certificates too.
fn checks_clients(daemon: &DaemonFiles<'_, '_>) -> bool {
    let flag = daemon.flags.iter().find(|(_, flag)| flag.name == "tlsverify");
    let by_flag = flag.map(|(_, flag)| flag.value.is_none_or(|value| parse_bool(value) == Some(true)));
    let by_file = || daemon.main.map(|main| docker::settings::checks_certificates(main.settings()));
    by_flag.or_else(by_file).unwrap_or_default()
}
