//! What was looked at on a node: its daemons, their versions, units and files.

use crilint_core::Report;
use crilint_core::engine::Target;
use crilint_core::json::{Json, JsonObject};
use crilint_core::kind::Kind;
use crilint_core::releases::Product;
use crilint_core::systemd::ServiceState;
use owo_colors::{OwoColorize, Style};

use super::text::{counted, wrapped};
use crate::overview::{Daemon, Overview};
use crate::printable::escaped;
use crate::read::Input;
use crate::terminal::Terminal;

/// How many files of a daemon, and how many absent ones, are listed.
const MOST_FILES: usize = 3;

/// A node, and what was read of it.
#[derive(Debug)]
pub(crate) struct NodeTable {
    root: String,
    system: Option<String>,
    distributions: Vec<&'static str>,
    daemons: Vec<DaemonRow>,
    /// Files and patterns that others name and that do not exist.
    absent: Vec<String>,
    /// Files of other programs.
    others: Vec<(String, &'static str)>,
    /// Sentences about the releases.
    notes: Vec<String>,
}

/// A daemon with its files.
#[derive(Debug)]
struct DaemonRow {
    program: String,
    package: Option<String>,
    version: Option<String>,
    unit: Option<String>,
    state: Option<ServiceState>,
    /// The files that it reads, as reports show them.
    files: Vec<String>,
    /// The files that systemd reads for the unit.
    unit_files: Vec<String>,
    /// How many `hosts.toml` it reads.
    hosts: usize,
}

impl NodeTable {
    /// `report` is that of `inputs`.
    pub(crate) fn new(overview: &Overview, inputs: &[Input], report: &Report, target: &Target) -> Self {
        let rows = overview.daemons.iter().map(|daemon| DaemonRow::new(daemon, "/", inputs, report));
        let mut daemons: Vec<DaemonRow> = rows.filter(|row| row.is_present()).collect();
        for home in homes(inputs) {
            let rows = overview.daemons.iter().map(|daemon| DaemonRow::new(daemon, home, inputs, report));
            daemons.extend(rows.filter(|row| !row.files.is_empty()));
        }
        let is_listed = |daemon: &&Daemon| daemons.iter().any(|row| row.program == daemon.program);
        let notes = notes(&overview.daemons.iter().filter(is_listed).collect::<Vec<_>>(), overview, target);
        Self {
            root: overview.root.clone(),
            system: overview.system.clone(),
            distributions: overview.distributions.clone(),
            daemons,
            absent: inputs.iter().filter(|input| input.is_missed()).map(|input| input.found.shown.clone()).collect(),
            others: overview.others.clone(),
            notes,
        }
    }

    pub(super) fn text(&self, terminal: &Terminal) -> String {
        let bold = if terminal.color { Style::new().bold() } else { Style::new() };
        let mut head = self.system.clone().unwrap_or_else(|| "a node".to_owned());
        if !self.distributions.is_empty() {
            head += &format!(", {}", self.distributions.join(", "));
        }
        let root = if self.root == "/" { String::new() } else { format!(" below {}", self.root.trim_end_matches('/')) };
        let mut out = format!("{}\n", escaped(&format!("{head}{root}")).style(bold));
        let cells: Vec<[String; 4]> = self.daemons.iter().map(|row| row.cells(&self.root)).collect();
        let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths = [0, 1, 2].map(width);
        for [program, version, unit, files] in &cells {
            let [a, b, c] = widths;
            let line = format!("  {program:a$}  {version:b$}  {unit:c$}  {files}");
            out += &format!("{}\n", escaped(line.trim_end()));
        }
        let options = || textwrap::Options::new(terminal.width).initial_indent("  ").subsequent_indent("    ");
        if !self.absent.is_empty() {
            out += &wrapped(&escaped(&format!("absent: {}", listed(&self.absent))), options());
        }
        if !self.others.is_empty() {
            let others: Vec<String> = self.others.iter().map(|(path, name)| format!("{path} ({name})")).collect();
            out += &wrapped(&escaped(&format!("not checked: {}", others.join(", "))), options());
        }
        for note in &self.notes {
            out += &wrapped(&escaped(note), options());
        }
        out
    }
}

/// The homes of users whose daemons have files.
fn homes(inputs: &[Input]) -> Vec<&str> {
    let mut homes: Vec<&str> = inputs.iter().map(|input| input.found.on_node.node.as_str()).collect();
    homes.retain(|node| *node != "/");
    homes.sort_unstable();
    homes.dedup();
    homes
}

/// Which releases the daemons are judged as, and why.
fn notes(daemons: &[&Daemon], overview: &Overview, target: &Target) -> Vec<String> {
    let (mut installed, mut unknown, mut notes) = (vec![], vec![], vec![]);
    for daemon in daemons {
        let Some(product) = daemon.product else { continue };
        let Some(package) = &daemon.package else {
            if !target.names(product) {
                unknown.push(product);
            }
            continue;
        };
        let mut own = Target::default();
        if own.add(&format!("{}={}", product.id(), package.version)).is_err() {
            let title = product.title();
            notes.push(format!("{title} {} is not among the releases that crilint has", package.version));
        } else if target.all().get(product) == own.all().get(product) {
            let releases = target.describe(product, target.all().get(product));
            installed.push(format!("{} {releases}", product.title()));
        }
    }
    if !installed.is_empty() {
        notes.push(format!("judged for what is installed: {}", installed.join(", ")));
    }
    if !unknown.is_empty() {
        let database = overview.unread_databases.first();
        let reason = database.map_or(String::new(), |path| format!(" (/{path} is not read)"));
        let titles: Vec<&str> = unknown.iter().map(|product| product.title()).collect();
        let options: Vec<String> = unknown.iter().map(|product| format!("--target {}=RELEASE", product.id())).collect();
        notes.push(format!("release unknown{reason}: {}; give {}", titles.join(", "), options.join(" ")));
    }
    notes
}

impl DaemonRow {
    /// The daemon of a node: that of the system, or of a user by the user's home.
    fn new(daemon: &Daemon, node: &str, inputs: &[Input], report: &Report) -> Self {
        let of_kinds = |is_own: fn(&Kind) -> bool| {
            let all = inputs.iter().zip(&report.files).filter(|(input, _)| input.found.on_node.node == node);
            let own = all.filter(move |(_, info)| info.kind.is_some_and(is_own));
            own.map(|(input, _)| input.found.shown.clone())
        };
        let files: Vec<String> = match daemon.product {
            Some(Product::Containerd) => of_kinds(|kind| kind.id == "containerd").collect(),
            Some(Product::Docker) => of_kinds(|kind| kind.id == "docker").collect(),
            Some(Product::Kubernetes) => of_kinds(|kind| kind.id == "kubelet").collect(),
            None => vec![],
        };
        let hosts = match daemon.product {
            Some(Product::Containerd) => of_kinds(|kind| kind.id == "containerd-hosts").count(),
            _ => 0,
        };
        if node != "/" {
            let program = format!("{} of {node}", daemon.program);
            return Self {
                program,
                package: None,
                version: None,
                unit: None,
                state: None,
                files,
                unit_files: vec![],
                hosts,
            };
        }
        Self {
            program: daemon.program.clone(),
            package: daemon.package.as_ref().map(|package| package.name.clone()),
            version: daemon.package.as_ref().map(|package| package.version.clone()),
            unit: daemon.unit.as_ref().map(|(name, _)| name.clone()),
            state: daemon.unit.as_ref().map(|(_, state)| *state),
            files,
            unit_files: daemon.unit_files.clone(),
            hosts,
        }
    }

    fn is_present(&self) -> bool {
        self.unit.is_some() || self.package.is_some() || !self.files.is_empty()
    }

    /// The columns; paths are those on the node.
    fn cells(&self, root: &str) -> [String; 4] {
        let version = self.version.as_deref().unwrap_or("release unknown");
        let mut unit = self.unit.clone().unwrap_or_else(|| "no unit".to_owned());
        match self.state.filter(|state| *state != ServiceState::Ok) {
            Some(state) => unit += &format!(" ({})", state.id()),
            None if self.unit_files.len() > 1 => unit += &format!(" +{}", self.unit_files.len() - 1),
            None => {}
        }
        let mut files = match self.files.as_slice() {
            [] => "no file: defaults".to_owned(),
            all => {
                let inside =
                    |path: &String| format!("/{}", path.strip_prefix(root).unwrap_or(path).trim_start_matches('/'));
                listed(&all.iter().map(inside).collect::<Vec<_>>())
            }
        };
        if self.hosts > 0 {
            files += &format!(", {} hosts.toml", self.hosts);
        }
        [self.program.clone(), version.to_owned(), unit, files]
    }
}

fn listed(paths: &[String]) -> String {
    let mut shown: Vec<String> = paths.iter().take(MOST_FILES).cloned().collect();
    if paths.len() > MOST_FILES {
        shown.push(counted(paths.len() - MOST_FILES, "more file"));
    }
    shown.join(", ")
}

impl JsonObject for NodeTable {
    fn fields(&self, json: &mut Json) {
        json.field("root", &self.root);
        json.field("system", &self.system.as_deref());
        let distributions: Vec<String> = self.distributions.iter().map(|name| (*name).to_owned()).collect();
        json.field("distributions", &distributions);
        json.objects("daemons", &self.daemons, |json, row| {
            json.field("program", &row.program);
            json.field("package", &row.package.as_deref());
            json.field("version", &row.version.as_deref());
            json.field("unit", &row.unit.as_deref());
            json.field("state", &row.state.map(ServiceState::id));
            json.field("unit_files", &row.unit_files);
            json.field("files", &row.files);
        });
        json.field("absent", &self.absent);
        json.objects("not_checked", &self.others, |json, (path, program)| {
            json.field("path", path);
            json.field("program", program);
        });
        json.field("notes", &self.notes);
    }
}
