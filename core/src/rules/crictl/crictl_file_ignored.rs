//! # `crictl-file-ignored`
//!
//! A key or value in `crictl.yaml` that makes crictl ignore the whole file.
//!
//! ## Why
//!
//! crictl 1.19 and later check every key, number and boolean, and then drop the error: with one misspelled key in
//! `/etc/crictl.yaml` they silently ignore the file, look for a socket in the usual places, and use the first that
//! answers. Only `crictl config --list`, or the file named with `--config`, shows `Config option 'X' is not valid`.
//!
//! ## What to do
//!
//! Correct the key or the value. There are six keys, all with hyphens; `timeout` is a bare number of seconds.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/crictl.yaml
//! runtime_endpoint: unix:///run/containerd/containerd.sock
//! ^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! ```yaml bad
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix:///run/containerd/containerd.sock
//! timeout: 10s
//!          ^^^
//! ```
//!
//! ```yaml fixed
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix:///run/containerd/containerd.sock
//! timeout: 10
//! ```
//!
//! ```yaml bad
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix:///run/containerd/containerd.sock
//! debug: yes
//!        ^^^
//! ```
//!
//! ```yaml good
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix:///run/containerd/containerd.sock
//! image-endpoint: unix:///run/containerd/containerd.sock
//! timeout: 10
//! debug: false
//! ```
//!
//! ## References
//!
//! - kubernetes-sigs/cri-tools@v1.36.0:pkg/common/file.go, cmd/crictl/main.go; measured with 1.23.0, 1.30.0 and
//!   1.36.0

use crate::crictl;
use crate::go::boolean::parse_bool;
use crate::go::duration::duration;
use crate::keys::{Binding, Bound, KeySpec, Place, Type, nearest};
use crate::kubelet::values::as_flag;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "crictl-file-ignored",
    summary: "Key or value for which crictl ignores the whole file",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&crictl::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases that check the file, and ignore it whole if something is wrong.
const IGNORES_FILE: Releases = Releases::kubernetes("1.19..");
const IGNORES_KEY: Releases = Releases::kubernetes("..1.18");

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let entry = bound.entry;
        let Some(key) = bound.key() else {
            if bound.binding == Binding::Unknown {
                report_key(cx, bound);
            }
            continue;
        };
        report_release(cx, entry, key);
        let Some(scalar) = entry.value.as_scalar() else { continue };
        match key.ty() {
            // What Go's `strconv.Atoi` takes.
            Type::Int if scalar.text.parse::<i64>().is_err() => report_timeout(cx, entry, &scalar.text),
            Type::Bool if parse_bool(&scalar.text).is_none() => report_bool(cx, entry, &scalar.text),
            _ => {}
        }
    }
}

/// A newer key, which an older crictl drops.
fn report_release(cx: &mut FileCx, entry: &Entry, key: &KeySpec) {
    let missing = Releases::ANY.with(Product::Kubernetes, ReleaseSet::ALL.without(key.releases()));
    if missing.and(cx.releases()).is_empty() {
        return;
    }
    let first = key.releases().first(Product::Kubernetes).unwrap_or_default();
    cx.report(entry.key_span, format!("crictl has `{}` from {first} on", entry.key))
        .ignored(missing)
        .key(entry.key.as_ref())
        .why("crictl before 1.19 silently drops a key that it does not recognize.")
        .help("Set it once all nodes have that release.");
}

fn report_key(cx: &mut FileCx, bound: &Bound) {
    let name = bound.entry.key.as_ref();
    let known: Vec<&str> = bound.within.children().map(Place::name).collect();
    let close = nearest(&as_flag(name), bound.within.children().map(Place::name));
    let is_set = close.is_some_and(|close| bound.parent.get(close).is_some());
    let help = match close {
        Some(close) if is_set => format!("Remove it: `{close}` is set too."),
        Some(close) => format!("Did you mean `{close}`?"),
        None => format!("Remove it. crictl recognizes {}.", known.join(", ")),
    };
    let fix = close.filter(|_| !is_set).map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), bound.entry, close));
    cx.report(bound.entry.key_span, format!("with the key `{name}`, crictl ignores this whole file"))
        .ignored(IGNORES_FILE)
        .ignored(IGNORES_KEY)
        .key(name)
        .why(why(&format!("Config option '{name}' is not valid")))
        .help(help)
        .maybe_fix(fix);
}

fn report_timeout(cx: &mut FileCx, entry: &Entry, text: &str) {
    let seconds = duration(text).ok().filter(|seconds| seconds.fract() == 0.0 && *seconds > 0.0);
    let meant = seconds.map(|seconds| (seconds as i64).to_string());
    let log = "strconv.Atoi: parsing ...: invalid syntax";
    report_value(cx, entry, log, meant)
        .help("Write whole seconds without a unit, such as 10. Only the flag `--timeout` takes a unit.");
}

fn report_bool(cx: &mut FileCx, entry: &Entry, text: &str) {
    let meant = match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" => Some("true".to_owned()),
        "no" | "off" | "n" => Some("false".to_owned()),
        _ => None,
    };
    let log = "strconv.ParseBool: parsing ...: invalid syntax";
    report_value(cx, entry, log, meant).help("Write true or false: crictl takes neither yes and no nor on and off.");
}

fn report_value<'c>(cx: &'c mut FileCx, entry: &Entry, log: &str, meant: Option<String>) -> &'c mut Finding {
    let name = entry.key.as_ref();
    let text = entry.value.as_scalar().map(|scalar| excerpt(&scalar.text)).unwrap_or_default();
    let fix = meant.map(|new| Fix::edit(Applicability::Unsafe, format!("Write {new}"), entry.value.span, new));
    cx.report(entry.value.span, format!("with `{text}` for `{name}`, crictl ignores this whole file"))
        .ignored(IGNORES_FILE)
        .key(name)
        .why(why(log))
        .maybe_fix(fix)
}

fn why(log: &str) -> String {
    format!(
        "`{log}`: crictl checks the file, drops the error and ignores the file: it looks for a socket in the usual \
         places and uses the first that answers. `crictl config --list` shows the error."
    )
}
