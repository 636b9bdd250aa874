//! Every feature gate, kubelet flag and driver option against the rules, release by release: no finding where the
//! release has it, and one finding where it does not.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use crilint_core::engine::{Options, Source, Target};
use crilint_core::keys::drivers::{self, Checked, Driver, DriverOpt, Form};
use crilint_core::keys::{flags, gates};
use crilint_core::kind::Kind;
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::{Effect, check};

/// The findings of some rules, by rule, that are more than advice.
fn found(kind: &'static Kind, path: &str, text: &str, release: &str, rules: &[&str]) -> Vec<&'static str> {
    let mut target = Target::default();
    target.add(&format!("{}={release}", kind.product.id())).unwrap();
    let source = Source { path, text, kind: Some(kind), ..Source::default() };
    let report = check(&[source], &Options { target, ..Options::default() });
    let counted = report
        .findings
        .iter()
        .filter(|f| rules.contains(&f.rule) && f.effect() != Effect::Advice && !f.is_superseded());
    counted.map(|f| f.rule).collect()
}

#[derive(Default)]
struct Tally {
    checks: usize,
    wrong: BTreeMap<String, Vec<&'static str>>,
}

impl Tally {
    fn compare(&mut self, what: String, release: &'static str, found: &[&str], want: usize) {
        self.checks += 1;
        if found.len() != want {
            self.wrong.entry(format!("{what}: {found:?} instead of {want}")).or_default().push(release);
        }
    }

    fn finish(self, name: &str, least: usize) {
        for (what, releases) in &self.wrong {
            println!("{what}: {}", releases.join(" "));
        }
        println!("{name}: {} checks, {} differ", self.checks, self.wrong.len());
        assert!(self.wrong.is_empty());
        assert!(self.checks >= least, "{} checks, at least {least} are expected", self.checks);
    }
}

fn each(product: Product) -> impl Iterator<Item = (&'static str, ReleaseSet)> {
    product.releases().iter().map(move |r| (r.id, r.newest()))
}

#[test]
fn gates_hold_in_every_release() {
    const RULES: [&str; 3] = ["feature-gate-unknown", "feature-gate-locked", "feature-gate-stable"];
    let mut tally = Tally::default();
    for gate in gates::all() {
        for (release, set) in each(Product::Kubernetes) {
            for value in [true, false] {
                let text = format!(
                    "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfeatureGates:\n  {}: {value}\n",
                    gate.name()
                );
                let found = found(&crilint_core::kubelet::KIND, "var/lib/kubelet/config.yaml", &text, release, &RULES);
                let unknown = gate.releases().and(set).is_empty();
                let locked = !gate.locked_against(value).and(set).is_empty();
                tally.compare(format!("{}={value}", gate.name()), release, &found, usize::from(unknown || locked));
            }
        }
    }
    tally.finish("feature gates", 28_000);
}

#[test]
fn flags_hold_in_every_release() {
    const RULES: [&str; 2] = ["flag-unknown", "flag-removed"];
    let mut tally = Tally::default();
    for flag in flags::kubelet_all() {
        let text = format!("KUBELET_KUBEADM_ARGS=\"--{}=1\"\n", flag.name());
        // One letter too many. Short names and whole words may be flags of a distribution, which no rule reports.
        let typo = format!("KUBELET_KUBEADM_ARGS=\"--{}q=1\"\n", flag.name());
        for (release, set) in each(Product::Kubernetes) {
            let kind = &crilint_core::systemd::flags::KIND;
            let path = "var/lib/kubelet/kubeadm-flags.env";
            let missing = flag.releases().and(set).is_empty();
            let of = found(kind, path, &text, release, &RULES);
            tally.compare(format!("--{}", flag.name()), release, &of, usize::from(missing));
            if flag.name().len() > 8 {
                let of = found(kind, path, &typo, release, &RULES);
                tally.compare(format!("--{}q", flag.name()), release, &of, 1);
            }
        }
    }
    tally.finish("kubelet flags", 11_000);
}

/// A value that the option takes.
fn value(opt: &DriverOpt) -> String {
    match opt.form {
        Form::Bool => "true".into(),
        Form::Int(min, _) => min.max(2).to_string(),
        Form::DecimalSize(_) | Form::RamSize => "10m".into(),
        Form::Duration(_) => "1s".into(),
        Form::OneOf => opt.values().next().unwrap_or_default().into(),
        Form::Address if opt.name().starts_with("gelf") => "udp://192.0.2.1:12201".into(),
        Form::Address if opt.name().starts_with("splunk") => "https://splunk.example:8088".into(),
        Form::Address => "tcp://192.0.2.1:514".into(),
        _ => "x".into(),
    }
}

#[test]
fn log_options_hold_in_every_release() {
    const RULES: [&str; 2] = ["log-opt-unknown", "log-driver-unknown"];
    let mut tally = Tally::default();
    let any = drivers::any_log_opts();
    for driver in drivers::log_drivers().iter().filter(|d| d.platform() != Some("windows")) {
        for opt in driver.opts().iter().chain(any) {
            let text = format!(
                "{{ \"log-driver\": {:?}, \"log-opts\": {{ {:?}: {:?} }} }}",
                driver.name(),
                opt.name(),
                value(opt)
            );
            for (release, set) in each(Product::Docker) {
                let found = found(&crilint_core::docker::KIND, "etc/docker/daemon.json", &text, release, &RULES);
                let no_driver = driver.releases().and(set).is_empty();
                let refuses = !driver.checks_names().and(set).is_empty();
                let unknown = refuses && opt.releases().and(set).is_empty();
                let what = format!("{} {}", driver.name(), opt.name());
                tally.compare(what, release, &found, usize::from(no_driver || unknown));
            }
        }
    }
    tally.finish("log options", 4_000);
}

/// A file with an option and those that the driver requires.
fn with_required(driver: &Driver, opt: &DriverOpt, text: &str) -> String {
    // Compression is for UDP, reconnecting for TCP.
    let scheme = if opt.name().starts_with("gelf-tcp") { "tcp" } else { "udp" };
    let required = driver.opts().iter().filter(|o| o.is_required() && o.name() != opt.name());
    let required = required.map(|o| format!("{:?}: {:?}, ", o.name(), value(o).replace("udp", scheme)));
    let required: String = required.collect();
    format!("{{ \"log-driver\": {:?}, \"log-opts\": {{ {required}{:?}: {text:?} }} }}", driver.name(), opt.name())
}

#[test]
fn values_of_log_options_are_judged_by_their_form() {
    const RULES: [&str; 1] = ["log-opt-invalid"];
    let mut tally = Tally::default();
    for driver in drivers::log_drivers() {
        for opt in driver.opts() {
            let wrong = match opt.form {
                Form::Bool | Form::Int(..) | Form::DecimalSize(_) | Form::RamSize | Form::Duration(_) | Form::OneOf => {
                    "?!"
                }
                _ => continue,
            };
            let text = with_required(driver, opt, wrong);
            for (release, set) in each(Product::Docker) {
                if opt.releases().and(set).is_empty() || opt.checked == Checked::DriverSetup {
                    continue;
                }
                let found = found(&crilint_core::docker::KIND, "etc/docker/daemon.json", &text, release, &RULES);
                tally.compare(format!("{} {}", driver.name(), opt.name()), release, &found, 1);
            }
        }
    }
    tally.finish("values of log options", 400);
}

#[test]
fn storage_options_hold_in_every_release() {
    const RULES: [&str; 2] = ["storage-opt-unknown", "storage-driver-unavailable"];
    let mut tally = Tally::default();
    for driver in drivers::storage_drivers().iter().filter(|d: &&Driver| d.platform() != Some("windows")) {
        for opt in driver.opts() {
            let text = format!(
                "{{ \"storage-driver\": {:?}, \"storage-opts\": [\"{}={}\"] }}",
                driver.name(),
                opt.name(),
                value(opt)
            );
            for (release, set) in each(Product::Docker) {
                let found = found(&crilint_core::docker::KIND, "etc/docker/daemon.json", &text, release, &RULES);
                let no_driver = driver.releases().and(set).is_empty();
                let unknown = opt.releases().and(set).is_empty() && !driver.checks_names().and(set).is_empty();
                let what = format!("{} {}", driver.name(), opt.name());
                tally.compare(what, release, &found, usize::from(no_driver || unknown));
            }
        }
    }
    tally.finish("storage options", 500);
}
