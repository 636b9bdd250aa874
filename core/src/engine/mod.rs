//! The engine: reads sources, runs the rules, and applies suppressions, levels and targets once for all of them.

mod fixes;
mod options;
mod suppress;

pub use fixes::{Fixed, fix, fix_once, fixable};
pub use options::{Level, Options, Selector, Target};

use crate::kinds;

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::containerd::imports::Waiting;
use crate::containerd::loader::LoadedNode;
use crate::containerd::required;
use crate::finding::{Effect, Finding};
use crate::fix::Applicability;
use crate::keys::{Leaves, bind};
use crate::kind::{File, Kind, Otherwise};
use crate::kind::{NodeFiles, View};
use crate::node;
use crate::order;
use crate::releases::{Product, Releases};
use crate::rules::{self, Excess, FileCx, Found, MAX_LISTED, NodeCx, RULES, Rule, Run};
use crate::secrets::Secrets;
use crate::syntax::{self, Document, Format};

/// A text to check.
#[derive(Clone, Debug, Default)]
pub struct Source<'a> {
    /// Its path, with `/`; decides what kind it is, and which files belong together.
    pub path: &'a str,
    /// Its content.
    pub text: &'a str,
    /// The kind, where the user says it.
    pub kind: Option<&'static Kind>,
    /// The node it belongs to; sources with the same number form one node.
    pub node: usize,
    /// Rules that do not report on it.
    pub ignore: &'a [Selector],
    /// Whether fixing leaves it as it is: its bytes are not UTF-8, so the text is not what the file holds.
    pub frozen: bool,
}

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// What each source was taken for, in their order.
    pub files: Vec<FileInfo>,
    /// The findings, by file and place; what people read of them holds no secret.
    pub findings: Vec<Finding>,
    /// The secrets of the sources, for who shows more than the findings.
    pub secrets: Secrets,
}

/// What a source was taken for.
#[derive(Clone, Debug)]
pub struct FileInfo {
    /// Its kind; nothing if it is none that crilint knows.
    pub kind: Option<&'static Kind>,
    /// The config version written in it.
    pub config_version: Option<i64>,
    /// The releases it was judged for.
    pub releases: Releases,
    /// Whether its syntax is in order.
    pub reads: bool,
    /// How many syntax faults it has, whether reported or not.
    pub faults: usize,
}

/// What findings are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// For people: suppressions count, and a release that does not read the file is told once.
    Report,
    /// For fixes: the same, and nothing is left out of the list.
    Fix,
    /// For verdicts: everything that happens in a release counts.
    Verdict,
}

/// Checks sources together.
#[must_use]
pub fn check(sources: &[Source<'_>], options: &Options) -> Report {
    examine(sources, options, Purpose::Report, |_| {})
}

/// Checks sources together for fixes: every finding is listed.
#[must_use]
pub(crate) fn check_all(sources: &[Source<'_>], options: &Options) -> Report {
    examine(sources, options, Purpose::Fix, |_| {})
}

/// Checks sources together, for a purpose; `look` sees each node.
pub(crate) fn examine(
    sources: &[Source<'_>],
    options: &Options,
    purpose: Purpose,
    mut look: impl FnMut(&NodeFiles<'_, '_>),
) -> Report {
    let files = open_all(sources, options);
    let mut findings = vec![];
    let mut excess = vec![];
    let limit = if purpose == Purpose::Fix { usize::MAX } else { MAX_LISTED };
    for node in nodes(sources, &files) {
        // Rules over several files see what others found on the same node.
        let mut own = Found::new(limit);
        run(&node, options, &mut own);
        findings.append(&mut own.list);
        excess.append(&mut own.excess);
        look(&node);
    }
    settle(&files, options, purpose, &mut findings);
    for how in ways(&files, options, purpose) {
        merge(&mut findings, otherwise(sources, options, purpose, how), options);
    }
    if purpose != Purpose::Verdict {
        suppress::apply(&files, options, &mut findings, &mut excess);
    }
    let mut more: Vec<Finding> =
        excess.into_iter().filter(|excess| !excess.spans.is_empty()).map(Excess::summary).collect();
    settle(&files, options, purpose, &mut more);
    findings.append(&mut more);
    if purpose != Purpose::Verdict {
        let ignored = |finding: &Finding| {
            let ignore = sources.get(finding.file).map(|source| source.ignore).unwrap_or_default();
            let rule = rules::find(finding.rule).filter(|_| !ignore.is_empty());
            rule.is_some_and(|rule| ignore.iter().any(|selector| selector.meets(rule)))
        };
        findings.retain(|finding| !ignored(finding));
    }
    order::by_key(&mut findings, |f| (f.file, f.span, rank(f.rule)));
    findings.dedup();
    let mut infos = vec![
        FileInfo { kind: None, config_version: None, releases: Releases::NONE, reads: true, faults: 0 };
        sources.len()
    ];
    for file in &files {
        if let Some(info) = infos.get_mut(file.index) {
            *info = FileInfo {
                kind: Some(file.kind),
                config_version: file.config_version,
                releases: file.releases,
                reads: file.doc.problems.is_empty(),
                faults: file.doc.problems.len(),
            };
        }
    }
    let secrets = Secrets::of(&files, sources.len());
    findings.iter_mut().for_each(|finding| secrets.mask_finding(finding));
    Report { files: infos, findings, secrets }
}

/// Adds findings; where one is there already, what it does in further releases.
fn merge(findings: &mut Vec<Finding>, more: Vec<Finding>, options: &Options) {
    let place = |finding: &Finding| (finding.file, finding.span, finding.rule);
    let mut there: HashMap<_, Vec<usize>> = HashMap::new();
    for (number, finding) in findings.iter().enumerate() {
        there.entry(place(finding)).or_default().push(number);
    }
    for finding in more {
        let numbers = there.entry(place(&finding)).or_default();
        let same = numbers.iter().find(|number| findings.get(**number).is_some_and(|told| told.is_same(&finding)));
        match same.and_then(|number| findings.get_mut(*number)) {
            Some(told) => told.add_outcomes_of(&finding, options.target.all()),
            None => {
                numbers.push(findings.len());
                findings.push(finding);
            }
        }
    }
}

/// Reads the sources of known kinds. What one of them loads is of its kind too, whatever its name and content.
fn open_all<'a>(sources: &[Source<'a>], options: &Options) -> Vec<File<'a>> {
    let mut files: Vec<File<'_>> = vec![];
    // The sources of no known kind, by node.
    let mut unknown: HashMap<usize, Vec<(&str, usize)>> = HashMap::new();
    for (index, source) in sources.iter().enumerate() {
        match open(index, source, options) {
            Some(file) => files.push(file),
            None => unknown.entry(source.node).or_default().push((source.path, index)),
        }
    }
    let mut unknown: HashMap<usize, Waiting<'_>> =
        unknown.into_iter().map(|(node, paths)| (node, Waiting::new(paths))).collect();
    let mut next = 0;
    while let Some(file) = files.get(next) {
        next += 1;
        let node = sources.get(file.index).map(|source| source.node);
        let waiting = node.and_then(|node| unknown.get_mut(&node)).filter(|waiting| !waiting.is_empty());
        let Some(waiting) = waiting else { continue };
        let kind = Some(file.kind);
        let imported: Vec<usize> = (file.kind.imports)(file).iter().flat_map(|pattern| waiting.take(pattern)).collect();
        for index in imported {
            let source = sources.get(index).map(|source| Source { kind, ..source.clone() });
            files.extend(source.and_then(|source| open(index, &source, options)));
        }
    }
    order::by_key(&mut files, |file| file.index);
    files
}

/// The nodes that the files form.
fn nodes<'f, 'a>(sources: &[Source<'_>], files: &'f [File<'a>]) -> Vec<NodeFiles<'f, 'a>> {
    let number = |file: &File<'_>| sources.get(file.index).map_or(usize::MAX, |source| source.node);
    let mut by_node: Vec<&File<'_>> = files.iter().collect();
    order::by_key(&mut by_node, |file| number(file));
    let same = |a: &&File<'_>, b: &&File<'_>| number(a) == number(b);
    by_node.chunk_by(same).map(|files| node::gather(files.to_vec())).collect()
}

/// How releases of the target may take one of the files for another than it says it is.
fn ways(files: &[File<'_>], options: &Options, purpose: Purpose) -> Vec<&'static Otherwise> {
    let mut ways: Vec<&'static Otherwise> = vec![];
    for file in files {
        for how in file.kind.otherwise.iter().filter(|how| how.tell || purpose == Purpose::Verdict) {
            let releases = options.target.releases(how.releases);
            let differs = !releases.is_empty() && releases.and(file.releases).is_empty();
            if differs && !ways.iter().any(|known| std::ptr::eq(*known, how)) {
                ways.push(how);
            }
        }
    }
    ways
}

/// What is wrong for releases that take a file for another than it says it is.
fn otherwise(sources: &[Source<'_>], options: &Options, purpose: Purpose, how: &'static Otherwise) -> Vec<Finding> {
    let releases = options.target.releases(how.releases);
    let mut files = vec![];
    for mut file in open_all(sources, options) {
        if file.kind.otherwise.iter().any(|known| std::ptr::eq(known, how)) {
            file.reread = (how.change)(&mut file.doc);
            file.releases = releases;
            files.push(file);
        }
    }
    let mut findings = vec![];
    let limit = if purpose == Purpose::Fix { usize::MAX } else { MAX_LISTED };
    for node in nodes(sources, &files).iter().filter(|node| node.files.iter().any(|file| file.reread)) {
        // What is not listed here is told of the file as it is written.
        let mut own = Found::new(limit);
        run(node, options, &mut own);
        findings.append(&mut own.list);
    }
    settle(&files, options, purpose, &mut findings);
    findings
}

/// The kind of a text, and its tree.
#[must_use]
pub fn identify<'a>(path: &str, text: &'a str, forced: Option<&'static Kind>) -> Option<(&'static Kind, Document<'a>)> {
    let format = kinds::format_of(path);
    let format = match (forced, format) {
        (_, Some(format)) => format,
        (Some(kind), None) => default_format(kind),
        (None, None) => return None,
    };
    let mut doc = syntax::read(text, format);
    // A comment names the kind of a text that shows none itself: it must not hide a text from its own rules.
    let shown = kinds::detect(path, &doc);
    let named = forced.or_else(|| if shown.is_none() { suppress::named_kind(&doc) } else { None });
    let mut kind = named.or(shown);
    if let Some(kind) = named
        && !fits(kind, doc.format)
    {
        doc = syntax::read(text, default_format(kind));
    } else if kind.is_none() && doc.format == Format::Unit {
        // `kubelet.conf` and the like: drop-ins of the kubelet are YAML by another ending.
        let yaml = syntax::read(text, Format::Yaml);
        kind = kinds::detect(path, &yaml);
        if kind.is_some() {
            doc = yaml;
        }
    }
    let kind = kind?;
    (kind.unwrap)(&mut doc);
    Some((kind, doc))
}

fn default_format(kind: &Kind) -> Format {
    match kind.id {
        "containerd" | "containerd-hosts" => Format::Toml,
        "docker" => Format::Json,
        "flags" => Format::Unit,
        _ => Format::Yaml,
    }
}

fn fits(kind: &Kind, format: Format) -> bool {
    let wanted = default_format(kind);
    wanted == format || matches!((wanted, format), (Format::Yaml, Format::Json) | (Format::Unit, Format::Env))
}

/// Reads a source, if it is of a known kind.
pub(crate) fn open<'a>(index: usize, source: &Source<'a>, options: &Options) -> Option<File<'a>> {
    let (kind, doc) = identify(source.path, source.text, source.kind)?;
    let body = (kind.body)(&doc);
    let (config_version, admits) = (kind.version)(body);
    let releases = options.target.releases(admits);
    Some(File { index, path: source.path, doc, kind, config_version, admits, releases, reread: false })
}

fn run(node: &NodeFiles<'_, '_>, options: &Options, out: &mut Found) {
    let loaded = LoadedNode::new(node);
    for file in &node.files {
        let template = is_template(file);
        for body in file.bodies() {
            let table = (file.kind.table)(body);
            let bound = table.map(|t| bind(t, body, file.kind.lookup)).unwrap_or_default();
            let by_place = OnceCell::new();
            let leaves = Leaves::default();
            let view = View { file, root: body, bound: &bound, table, node, by_place, leaves };
            for rule in running(options).filter(|rule| !template || rule.checks_templates) {
                rule.check_file(&mut FileCx { view: &view, loaded: &loaded, rule, out: &mut *out });
            }
        }
    }
    out.close();
    for rule in running(options) {
        if let Run::Node(check) = rule.run {
            check(&mut NodeCx { loaded: &loaded, rule, out: &mut *out });
        }
    }
    out.close();
    required::apply(&loaded, &mut out.list);
}

/// All rules but those that run only when named. What the user turns off runs too: a rule may look at what others found,
/// and would tell the same in other words.
fn running(options: &Options) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().filter(|rule| !rule.opt_in || options.runs(rule))
}

/// A text with template markers: no daemon reads it as it stands.
fn is_template(file: &File<'_>) -> bool {
    file.doc.problems.iter().any(|p| p.code == "template")
}

/// Cuts findings to what the user cares about, and gives them their severity.
fn settle(files: &[File<'_>], options: &Options, purpose: Purpose, findings: &mut Vec<Finding>) {
    // By index, as `open_all` gives them.
    let file = |finding: &Finding| files.get(files.binary_search_by_key(&finding.file, |f| f.index).ok()?);
    for finding in &mut *findings {
        let Some(file) = file(finding) else { continue };
        let target = target_of(finding.rule, file, options, purpose);
        finding.restrict_to(target, &products_of(file.kind));
        finding.severity = options.severity(finding);
        trust(finding, target);
        // Several configurations in one file report its syntax once each.
        finding.labels.dedup();
        for fix in &mut finding.fixes {
            fix.keep_line_ends(file.doc.text);
            fix.compact(file.doc.text);
        }
    }
    findings.retain(|f| !f.outcomes.is_empty() && crate::rules::find(f.rule).is_some_and(|rule| options.runs(rule)));
}

/// A fix that changes what a working daemon does is not safe: where some release of the target takes the text, a safe fix
/// must keep its meaning.
fn trust(finding: &mut Finding, target: Releases) {
    let stopped = finding.outcomes.iter().filter(|outcome| outcome.effect <= Effect::Failed);
    let stopped = stopped.map(|outcome| outcome.releases).reduce(Releases::or).unwrap_or(Releases::NONE);
    if Product::ALL.into_iter().all(|product| stopped.get(product).covers(target.get(product))) {
        return;
    }
    for fix in finding.fixes.iter_mut().filter(|fix| !fix.keeps_meaning) {
        fix.applicability = fix.applicability.min(Applicability::Unsafe);
    }
}

/// The releases that a finding is judged for: those that read the file. That some do not is told once, if the user names
/// them or if none does; what is wrong for every reader then still counts.
fn target_of(rule: &str, file: &File<'_>, options: &Options, purpose: Purpose) -> Releases {
    let all = options.target.all();
    let nobody = file.releases.is_empty();
    match rule {
        "config-version-unsupported" | "toml-dialect" if purpose == Purpose::Verdict => all,
        _ if purpose == Purpose::Verdict && rule.ends_with("-syntax") => all,
        "config-version-unsupported" if nobody || options.target.names(file.kind.product) => all,
        _ if nobody && rule.ends_with("-syntax") => all,
        _ => file.releases,
    }
}

fn rank(rule: &str) -> usize {
    RULES.iter().position(|r| r.id == rule).unwrap_or(usize::MAX)
}

/// The file's own product first: its releases are told first.
fn products_of(kind: &Kind) -> [Product; 3] {
    let mut products = Product::ALL;
    order::by_key(&mut products, |p| *p != kind.product);
    products
}
