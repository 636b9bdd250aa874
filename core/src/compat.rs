//! The verdict of each release on a configuration: accepted, ignored in part, failed, refused. Derived from findings
//! alone.

use std::collections::{HashMap, HashSet};

use crate::containerd::imports::UnreadImport;
use crate::containerd::{self, imports};
use crate::engine::{Options, Purpose, Report, Source, TargetRelease, TextPlace, examine};
use crate::finding::{Effect, Finding};
use crate::kinds;
use crate::kubelet::overrides;
use crate::order;
use crate::releases::{Product, ReleaseSet, Releases};
use crate::systemd::flags;

/// The verdict of a release on a configuration, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Everything written is in effect.
    Accepted,
    /// The daemon runs; something written has no effect, silently or with a warning.
    Ignored,
    /// The daemon runs, but a plugin does not load.
    Failed,
    /// The daemon exits while loading or starting.
    Refused,
}

/// The verdict of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// The release: `2.1`, `20.10`, `1.34`, `2.2.1`; of older patches the range: `2.2.0..2.2.1`.
    pub release: String,
    /// The patch ranges that do so.
    pub set: ReleaseSet,
    /// The verdict.
    pub verdict: Verdict,
    /// The findings behind it, as indices into the report's findings; worst first.
    pub findings: Vec<usize>,
    /// The findings by which something fails though the daemon runs, as indices into the report's findings.
    pub breaks: Vec<usize>,
    /// Older patch ranges of the release that differ, oldest first.
    pub patches: Vec<Self>,
}

/// A configuration through the releases of its daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compat {
    /// Which file, as an index into the sources.
    pub file: usize,
    /// The text inside of the file, counted from 1; 0 is the file itself.
    pub text: usize,
    /// The daemon.
    pub product: Product,
    /// Whether the text is a template, on which there are no verdicts.
    pub is_template: bool,
    /// A verdict for each release of the target, oldest first.
    pub forecasts: Vec<Forecast>,
    /// Imports of the file, or of one that it loads, that were not read: what they set is not part of the verdicts.
    pub unread_imports: Vec<UnreadImport>,
}

impl Forecast {
    /// Whether both state the same of their releases.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.verdict == other.verdict && self.findings == other.findings && self.breaks == other.breaks
    }

    /// The patch releases, oldest first, each run of them with its forecast.
    #[must_use]
    pub fn by_patches(&self) -> Vec<(ReleaseSet, &Self)> {
        let all = self.patches.iter().fold(self.set, |all, one| all.or(one.set));
        let mut parts: Vec<(ReleaseSet, &Self)> = vec![];
        for range in all.runs(ReleaseSet::ALL) {
            let forecast = self.patches.iter().find(|one| one.set.covers(range)).unwrap_or(self);
            match parts.last_mut() {
                Some((set, last)) if std::ptr::eq(*last, forecast) => *set = set.or(range),
                _ => parts.push((range, forecast)),
            }
        }
        parts
    }
}

impl Compat {
    /// Whether a verdict may be another one with the imports that were not read.
    #[must_use]
    pub fn depends_on_unread(&self, forecast: &Forecast) -> bool {
        !self.unread_imports.is_empty() && forecast.verdict != Verdict::Refused
    }

    /// The row of a table; a column begins at each patch range of `starts`.
    fn cells(&self, starts: ReleaseSet) -> Vec<Cell<'_>> {
        let mut cells = vec![];
        for release in &self.forecasts {
            let parts = release.by_patches();
            let whole = parts.iter().fold(ReleaseSet::NONE, |all, (set, _)| all.or(*set));
            for column in whole.runs(starts) {
                let Some((_, forecast)) = parts.iter().find(|(set, _)| set.covers(column)) else { continue };
                let has_newest = column.covers(whole.newest());
                let name = if has_newest { release.release.clone() } else { column.describe(self.product) };
                cells.push((name, *forecast));
            }
        }
        cells
    }

    /// The keys without effect in a release, each with its file (an index into the sources), in the order of their
    /// findings.
    #[must_use]
    pub fn ignored_keys<'r>(&self, report: &'r Report, forecast: &Forecast) -> Vec<(usize, &'r str)> {
        let findings = forecast.findings.iter().filter_map(|number| report.findings.get(*number));
        let ignored = findings.filter(|f| f.effect_in(self.product, forecast.set.newest()) == Some(Effect::Ignored));
        let mut known = HashSet::new();
        let keys = ignored.flat_map(|finding| finding.keys.iter().map(|key| (finding.file, key.as_str())));
        keys.filter(|key| known.insert(*key)).collect()
    }
}

impl Verdict {
    /// The word in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Ignored => "ignored",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    /// The verdict that an effect leads to.
    #[must_use]
    pub const fn of(effect: Effect) -> Self {
        match effect {
            Effect::Refused => Self::Refused,
            Effect::Failed => Self::Failed,
            Effect::Ignored => Self::Ignored,
            // The release does what is written.
            Effect::Harmful | Effect::Advice => Self::Accepted,
        }
    }
}

/// A cell of a table: the heading of its column, and what the releases of the column do.
pub type Cell<'c> = (String, &'c Forecast);

/// Each configuration as the row of a table, in their order. The rows of a daemon have the same columns: the releases
/// of the target, and before a release those of its older patches in which some row differs. A template has an empty
/// row.
#[must_use]
pub fn table(all: &[Compat]) -> Vec<Vec<Cell<'_>>> {
    let mut starts = Releases::NONE;
    for one in all {
        let parts = one.forecasts.iter().flat_map(Forecast::by_patches);
        let own = parts.fold(starts.get(one.product), |all, (set, _)| all.or(set.and(set.edges())));
        starts = starts.with(one.product, own);
    }
    all.iter().map(|one| one.cells(starts.get(one.product))).collect()
}

/// Forecasts what each release of the target does with each source that is of a known kind. Files that a containerd
/// configuration imports and drop-ins of a kubelet count for it, as the daemon loads them together. Suppressions and
/// levels do not count.
#[must_use]
pub fn compat(sources: &[Source<'_>], options: &Options) -> (Report, Vec<Compat>) {
    let options = Options { target: options.target.clone(), levels: vec![], all: false };
    // The files that each file loads, directly or not, itself first.
    let mut loads: HashMap<TextPlace, Vec<TextPlace>> = HashMap::new();
    // The imports of each file whose files are not there.
    let mut unread: HashMap<TextPlace, Vec<UnreadImport>> = HashMap::new();
    // Files of flags, each with the product whose program it starts.
    let mut starts: HashMap<TextPlace, Product> = HashMap::new();
    let report = examine(sources, &options, Purpose::Verdict, |node, place| {
        let of_all = |file: usize| place.of(file);
        for file in &node.files {
            let loaded = node.imports.loaded_with(file.index);
            let files =
                loaded.iter().filter_map(|index| node.file(*index)).filter(|file| *file.kind == containerd::KIND);
            unread.insert(of_all(file.index), files.flat_map(|file| imports::unread(node, file)).collect());
            loads.insert(of_all(file.index), loaded.into_iter().map(of_all).collect());
        }
        for file in node.files.iter().filter(|file| overrides::takes_drop_ins(node, file)) {
            let drop_ins = overrides::drop_ins(node).into_iter().map(|drop_in| drop_in.index);
            loads.insert(of_all(file.index), std::iter::once(file.index).chain(drop_ins).map(of_all).collect());
        }
        let flags = node.files.iter().filter(|file| *file.kind == flags::KIND);
        starts.extend(flags.map(|file| (of_all(file.index), flags::product(file))));
    });
    let mut of_file: HashMap<TextPlace, Vec<usize>> = HashMap::new();
    for (number, finding) in report.findings.iter().enumerate() {
        of_file.entry((finding.file, finding.text)).or_default().push(number);
    }
    let infos = report.files.iter().enumerate().flat_map(|(file, info)| {
        let texts = info.texts.iter().zip(1..).map(move |(text, number)| ((file, number), &text.info));
        std::iter::once(((file, 0), info)).chain(texts)
    });
    let mut all = vec![];
    for (place, info) in infos {
        let Some(kind) = info.kind.filter(|kind| **kind != kinds::WRAPPER) else { continue };
        let own = vec![place];
        let loaded = loads.get(&place).unwrap_or(&own);
        let mut numbers: Vec<usize> = loaded.iter().filter_map(|file| of_file.get(file)).flatten().copied().collect();
        order::by_key(&mut numbers, |number| *number);
        let product = starts.get(&place).copied().unwrap_or(kind.product);
        let verdicts = OfFile { findings: &report.findings, numbers: &numbers, product };
        let columns = if info.is_template { vec![] } else { options.target.columns(product) };
        let forecasts = columns.into_iter().map(|column| verdicts.forecast(column)).collect();
        let unread_imports = unread.remove(&place).unwrap_or_default();
        let (file, text) = place;
        all.push(Compat { file, text, product, is_template: info.is_template, forecasts, unread_imports });
    }
    (report, all)
}

/// What is known of a configuration.
struct OfFile<'r> {
    /// The findings of the whole report.
    findings: &'r [Finding],
    /// The numbers of its own.
    numbers: &'r [usize],
    product: Product,
}

impl OfFile<'_> {
    /// The verdict of a release, and those of its older patches that differ.
    fn forecast(&self, column: TargetRelease) -> Forecast {
        let mut whole = self.verdict(column.name, column.judged);
        for range in column.older.runs(ReleaseSet::ALL) {
            let one = self.verdict(String::new(), range);
            if one.is_same(&whole) {
                whole.set = whole.set.or(range);
                continue;
            }
            match whole.patches.last_mut() {
                Some(last) if one.is_same(last) && last.set.or(range).is_run() => last.set = last.set.or(range),
                _ => whole.patches.push(one),
            }
        }
        for one in &mut whole.patches {
            one.release = one.set.spec(self.product);
        }
        whole
    }

    /// What the findings mean for a patch range.
    fn verdict(&self, release: String, set: ReleaseSet) -> Forecast {
        let mut found: Vec<(Verdict, usize)> = vec![];
        let mut breaks = vec![];
        for i in self.numbers.iter().copied() {
            let Some(finding) = self.findings.get(i) else { continue };
            if finding.breaks_in(self.product, set).is_some() {
                breaks.push(i);
            }
            let Some(effect) = finding.effect_in(self.product, set) else { continue };
            match Verdict::of(effect) {
                Verdict::Accepted => {}
                verdict => found.push((verdict, i)),
            }
        }
        order::by_key(&mut found, |(verdict, _)| u8::MAX - *verdict as u8);
        let verdict = found.first().map_or(Verdict::Accepted, |(verdict, _)| *verdict);
        let findings = found.into_iter().map(|(_, i)| i).collect();
        Forecast { release, set, verdict, findings, breaks, patches: vec![] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(text: &str) -> String {
        let source = Source { path: "/etc/containerd/config.toml", text, ..Source::default() };
        let mut options = Options::default();
        options.target.add("containerd=1.7..2.3").unwrap();
        let (_, all) = compat(&[source], &options);
        all[0].forecasts.iter().map(|f| format!("{} {}", f.release, f.verdict.id())).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_file_goes_through_the_releases() {
        assert_eq!(
            verdicts("[plugins.cri]\n  sandbox_image = \"registry.example/pause:3.10\"\n"),
            "1.7 accepted, 2.0 ignored, 2.1 ignored, 2.2 ignored, 2.3 accepted"
        );
        assert_eq!(
            verdicts("version = 2\n[plugins.cri]\n  stream_server_port = \"0\"\n"),
            "1.7 refused, 2.0 ignored, 2.1 ignored, 2.2 ignored, 2.3 ignored"
        );
    }

    #[test]
    fn a_unit_is_judged_by_the_releases_of_its_program() {
        let product = |path, program| {
            let text = format!("[Service]\nExecStart={program} --debug\n");
            compat(&[Source { path, text: &text, ..Source::default() }], &Options::default()).1[0].product
        };
        assert_eq!(product("/lib/systemd/system/docker.service", "/usr/bin/dockerd"), Product::Docker);
        assert_eq!(product("/etc/systemd/system/mine.service", "/usr/bin/dockerd"), Product::Docker);
        assert_eq!(product("/etc/systemd/system/containerd.service", "/usr/bin/containerd"), Product::Containerd);
        assert_eq!(product("/etc/systemd/system/kubelet.service", "/usr/bin/kubelet"), Product::Kubernetes);
    }

    #[test]
    fn templates_have_no_verdict() {
        for (path, text) in [
            ("/etc/containerd/config.toml", "version = {{ v }}\n"),
            ("/etc/containerd/config.toml", "version = 2\n[grpc]\n  address = \"${SOCKET}\"\n"),
            ("/etc/containerd/config.toml", "version = 2\n%{ if gpu }\n[grpc]\n  gid = 5\n%{ endif }\n"),
            ("/etc/containerd/config.toml", "<% if @gpu %>\nversion = 2\n<% end %>\n"),
            ("/etc/containerd/certs.d/a.test/hosts.toml", "server = \"{{ server }}\"\n"),
            ("/etc/docker/daemon.json", "{\"mtu\": {{ mtu }} }"),
            (
                "/var/lib/kubelet/config.yaml",
                "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: {{ n }}\n",
            ),
        ] {
            let (report, all) = compat(&[Source { path, text, ..Source::default() }], &Options::default());
            assert!(all[0].is_template && all[0].forecasts.is_empty(), "{text}");
            let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
            assert_eq!(rules, ["unrendered-template"], "{text}");
        }
        // Docker's own templates are values.
        let text = "{\"log-opts\": {\"tag\": \"{{.Name}}\"}}";
        let source = Source { path: "/etc/docker/daemon.json", text, ..Source::default() };
        assert!(!compat(&[source], &Options::default()).1[0].is_template);
    }

    #[test]
    fn what_people_silence_still_happens() {
        let text = "version = 2 # crilint: ignore\n[plugins.cri] # crilint: ignore\n  stream_server_port = \"0\"\n";
        assert!(verdicts(text).starts_with("1.7 refused"));
    }
}
