//! The check of one node.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::inside::FoundInside;
use super::stages::STAGES;
use super::{FileInfo, NodePlace, Options, Purpose, Report, Source, inside, read, reread, settle, suppress};
use crate::containerd::loader::LoadedNode;
use crate::finding::{Effect, Finding, Severity};
use crate::keys::{Leaves, bind};
use crate::kind::{File, NodeFiles, View};
use crate::node;
use crate::order;
use crate::rules::{self, Excess, FileCx, Found, MAX_LISTED, NodeCx, RULES, Rule, Run};
use crate::secrets::Secrets;
use crate::syntax::template::has_marker_in_line;
use crate::text::Span;

/// Sees each node, and where its files stand.
pub(super) type Look<'l> = dyn FnMut(&NodeFiles<'_, '_>, NodePlace<'_>) + 'l;

/// Checks the sources of a node; files are indices of them. `look` sees the node, and those of the texts inside.
pub(super) fn examine(sources: &[&Source<'_>], options: &Options, purpose: Purpose, look: &mut Look<'_>) -> Report {
    examine_at(sources, options, purpose, look, 0)
}

/// The same for texts inside of so many others.
pub(super) fn examine_at(
    sources: &[&Source<'_>],
    options: &Options,
    purpose: Purpose,
    look: &mut Look<'_>,
    depth: usize,
) -> Report {
    let mut files = read::open_all(sources, options);
    if files.is_empty() {
        return Report::of_none(sources.len());
    }
    let mut found = FoundInside::default();
    for inside in inside::find(&mut files, depth) {
        inside.check(sources, options, purpose, look, depth, &mut found);
    }
    let mut secrets = Secrets::of(&files, sources.len(), &found.checked);
    secrets.add_inside(found.secrets);
    read::leave_literals(&mut files, options);
    node::connect(&mut files);
    let (templates, judged): (Vec<&File<'_>>, Vec<&File<'_>>) = files.iter().partition(|file| file.is_unjudged());
    let known = read::known(sources);
    let node = node::gather(judged, &known);
    let Found { list: mut findings, mut excess, .. } = run_rules(&node, options, purpose);
    if !templates.is_empty() {
        findings.append(&mut run_rules(&node::gather(templates, &known), options, purpose).list);
    }
    findings.retain(|finding| is_literal(&files, finding));
    look(&node, NodePlace::Sources(&[]));
    settle::settle(&files, options, purpose, &mut findings);
    for how in reread::ways(&files, options, purpose) {
        let mut others = reread::findings(sources, options, purpose, how);
        others.retain(|finding| is_literal(&files, finding));
        merge(&mut findings, others, options);
    }
    findings.append(&mut found.findings);
    let echoes = if purpose == Purpose::Verdict { vec![] } else { echoes(sources, &findings) };
    if purpose != Purpose::Verdict {
        suppress::apply(&files, options, &mut findings, &mut excess);
    }
    let excess = excess.into_iter().filter(|excess| !excess.spans.is_empty());
    let mut summaries: Vec<Finding> = excess.map(Excess::summary).collect();
    settle::settle(&files, options, purpose, &mut summaries);
    findings.append(&mut summaries);
    if purpose != Purpose::Verdict {
        findings.retain(|finding| !is_ignored(sources, finding) && echoes.binary_search(&text_order(finding)).is_err());
    }
    order::by_key(&mut findings, text_order);
    findings.dedup_by(|finding, known| is_repeated(finding, known, options));
    findings.iter_mut().filter(|finding| finding.text == 0).for_each(|finding| secrets.mask_finding(finding));
    let mut report = Report { files: infos(&files, sources.len()), findings, secrets };
    report.add_texts(found.texts);
    report
}

/// Runs the rules on each file, then those over the whole node, then the stages.
pub(super) fn run_rules(node: &NodeFiles<'_, '_>, options: &Options, purpose: Purpose) -> Found {
    // Rules over several files see what others found on the same node.
    let mut out = Found::new(if purpose == Purpose::Fix { usize::MAX } else { MAX_LISTED });
    let loaded = LoadedNode::new(node);
    for file in &node.files {
        let is_skipped = (file.kind.skips)(file.path);
        for body in file.bodies() {
            let table = (file.kind.table)(body);
            let bound = table.map(|t| bind(t, body, file.kind.lookup)).unwrap_or_default();
            let by_place = OnceCell::new();
            let leaves = Leaves::default();
            let view = View { file, root: body, bound: &bound, table, node, by_place, leaves };
            let rules = running(options).filter(|rule| !file.is_unjudged() || rule.checks_templates);
            for rule in rules.filter(|rule| !is_skipped || rule.checks_skipped) {
                rule.check_file(&mut FileCx { view: &view, loaded: &loaded, rule, out: &mut out });
            }
        }
    }
    out.close();
    let has_judged = node.files.iter().any(|file| !file.is_unjudged());
    for rule in running(options).filter(|_| has_judged) {
        if let Run::Node(check) = rule.run {
            check(&mut NodeCx { loaded: &loaded, rule, out: &mut out });
        }
    }
    out.close();
    for stage in STAGES {
        stage(&loaded, &mut out.list);
    }
    out
}

/// All rules but those that run only when named. Rules that the user turns off run too: another rule may look at what
/// they found, and would report the same in other words.
fn running(options: &Options) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().filter(|rule| !rule.opt_in || options.runs(rule))
}

/// Whether a finding holds for the text that a template makes: it is about a line without markers, and about more than
/// advice, which other lines may follow.
fn is_literal(files: &[File<'_>], finding: &Finding) -> bool {
    // By index, as `read::open_all` gives them.
    let file = files.binary_search_by_key(&finding.file, |file| file.index).ok().and_then(|at| files.get(at));
    let Some(file) = file.filter(|file| file.template.is_some()) else { return true };
    let is_on_templates = rules::find(finding.rule).is_some_and(|rule| rule.checks_templates);
    let is_effect = finding.outcomes.iter().any(|outcome| outcome.effect <= Effect::Ignored);
    let is_advice = finding.default_severity() == Severity::Info;
    is_on_templates || is_effect && !is_advice && !has_marker_in_line(file.doc.text, finding.span.start as usize)
}

/// Whether the source of a finding ignores its rule.
fn is_ignored(sources: &[&Source<'_>], finding: &Finding) -> bool {
    let ignore = sources.get(finding.file).map(|source| source.ignore).unwrap_or_default();
    let rule = rules::find(finding.rule).filter(|_| !ignore.is_empty());
    rule.is_some_and(|rule| ignore.iter().any(|selector| selector.matches(rule)))
}

fn infos(files: &[File<'_>], count: usize) -> Vec<FileInfo> {
    let mut infos = vec![FileInfo::UNKNOWN; count];
    for file in files {
        if let Some(info) = infos.get_mut(file.index) {
            *info = FileInfo {
                kind: Some(file.kind),
                config_version: file.config_version,
                releases: file.releases,
                is_template: file.template.is_some(),
                reads: file.doc.problems.is_empty(),
                faults: file.doc.problems.len(),
                texts: vec![],
            };
        }
    }
    infos
}

/// Adds findings; where one is there already, what it does in further releases.
fn merge(findings: &mut Vec<Finding>, more: Vec<Finding>, options: &Options) {
    let place = |finding: &Finding| (finding.file, finding.span, finding.rule);
    let mut at_place: HashMap<_, Vec<usize>> = HashMap::new();
    for (number, finding) in findings.iter().enumerate() {
        at_place.entry(place(finding)).or_default().push(number);
    }
    for finding in more {
        let numbers = at_place.entry(place(&finding)).or_default();
        let same = numbers.iter().find(|number| findings.get(**number).is_some_and(|known| known.is_same(&finding)));
        match same.and_then(|number| findings.get_mut(*number)) {
            Some(known) => known.add_outcomes_of(&finding, options.target.current()),
            None => {
                numbers.push(findings.len());
                findings.push(finding);
            }
        }
    }
}

/// Whether a rule reports a fault again, for other releases or in other words; the known finding gets the outcomes.
fn is_repeated(finding: &Finding, known: &mut Finding, options: &Options) -> bool {
    let is_same = known.is_same(finding);
    if is_same && known.outcomes != finding.outcomes {
        known.add_outcomes_of(finding, options.target.all());
    }
    is_same
}

/// Information about a setting that a warning or an error at the same place is about: one cause is one finding, and a
/// comment that silences it silences both.
fn echoes(sources: &[&Source<'_>], findings: &[Finding]) -> Vec<(usize, Span, usize)> {
    let name = |file: usize, key: &str| format!("{file} {key}");
    let mut places: HashSet<(usize, Span)> = HashSet::new();
    let mut settings: HashSet<String> = HashSet::new();
    for finding in findings.iter().filter(|f| f.severity != Severity::Info && !is_ignored(sources, f)) {
        places.insert((finding.file, finding.span));
        settings.extend(finding.keys.iter().map(|key| name(finding.file, key)));
    }
    let infos = findings.iter().filter(|f| f.severity == Severity::Info && !f.keys.is_empty());
    let at_place = infos.filter(|finding| places.contains(&(finding.file, finding.span)));
    let echoes = at_place.filter(|finding| finding.keys.iter().all(|key| settings.contains(&name(finding.file, key))));
    let mut echoes: Vec<_> = echoes.map(text_order).collect();
    order::by_key(&mut echoes, |place| *place);
    echoes
}

/// The order in the text, and at one place that of the rules.
pub(super) fn text_order(finding: &Finding) -> (usize, Span, usize) {
    let rank = RULES.iter().position(|rule| rule.id == finding.rule).unwrap_or(usize::MAX);
    (finding.file, finding.span, rank)
}
