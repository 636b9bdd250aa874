//! # `crictl-file-ignored`
//!
//! A key or value in `crictl.yaml` that makes crictl ignore the whole file.
//!
//! ## Why
//!
//! crictl 1.19 and later check every key, number and boolean, and then throw the error away: with one misspelt key in
//! `/etc/crictl.yaml` they go on as if there were no file, look for a socket in the usual places, and talk to whichever
//! answers first. Only `crictl config --list`, or the file named with `--config`, shows `Config option 'X' is not valid`.
//!
//! ## What to do
//!
//! Mend the key or the value. There are six keys, all with hyphens; `timeout` is a bare number of seconds.
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
//! - kubernetes-sigs/cri-tools@v1.36.0:pkg/common/file.go, cmd/crictl/main.go; measured with 1.23.0, 1.30.0 and 1.36.0

use crate::crictl;
use crate::go::boolean::parse_bool;
use crate::keys::{Binding, Bound, KeySpec, Place, Type, nearest};
use crate::rules::prelude::*;
use crate::syntax::Scalar;

pub(crate) const RULE: Rule = Rule {
    id: "crictl-file-ignored",
    summary: "crictl ignores the whole file because of a key or value",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&crictl::KIND], check),
    ..Rule::DEFAULTS
};

/// They check, and ignore the file. Before, only the key is ignored.
const CHECKS: Releases = Releases::kubernetes("1.19..");
const LENIENT: Releases = Releases::kubernetes("..1.18");

const WHY: &str = "crictl checks the file, throws the error away and goes on as if there were none: it looks for a socket in the usual places and talks to the first that answers. `crictl config --list` shows the error.";

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
            Type::Int if !is_go_int(&scalar.text) => report_timeout(cx, entry, scalar),
            Type::Bool if parse_bool(&scalar.text).is_none() => report_bool(cx, entry, scalar),
            _ => {}
        }
    }
}

/// A key that came later, which crictl of that time drops.
fn report_release(cx: &mut FileCx, entry: &Entry, key: &KeySpec) {
    let has = key.releases();
    let missing = Releases::ANY.with(Product::Kubernetes, ReleaseSet::ALL.without(has));
    let first = has.ids(Product::Kubernetes).next().unwrap_or_default();
    if missing.and(cx.releases()).is_empty() {
        return;
    }
    cx.report(entry.key_span, format!("crictl has `{}` from {first} on", entry.key))
        .ignored(missing)
        .key(entry.key.as_ref())
        .why("crictl before 1.19 drops a key that it does not know without a word.")
        .help("Set it once all nodes have that release.");
}

fn report_key(cx: &mut FileCx, bound: &Bound) {
    let name = bound.entry.key.as_ref();
    let known = || bound.within.children().map(Place::name);
    let close = nearest(&crate::kubelet::values::as_flag(name), known());
    let taken = close.is_some_and(|close| bound.parent.get(close).is_some());
    let help = match close {
        Some(close) if taken => format!("Remove it: `{close}` stands here too."),
        Some(close) => format!("Did you mean `{close}`?"),
        None => format!("Remove it. crictl knows {}.", known().collect::<Vec<_>>().join(", ")),
    };
    let fix = close.filter(|_| !taken).map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), bound.entry, close));
    cx.report(bound.entry.key_span, format!("with the key `{name}`, crictl ignores this whole file"))
        .ignored(CHECKS)
        .ignored(LENIENT)
        .key(name)
        .why(format!("`Config option '{name}' is not valid`: {WHY}"))
        .help(help)
        .maybe_fix(fix);
}

fn report_timeout(cx: &mut FileCx, entry: &Entry, scalar: &Scalar) {
    let text = scalar.text.as_ref();
    let seconds = crate::go::duration::duration(text).ok().filter(|s| s.fract() == 0.0 && *s > 0.0);
    let new = seconds.map(|s| (s as i64).to_string());
    let fix = new.map(|new| Fix::edit(Applicability::Unsafe, format!("Write {new}"), entry.value.span, new));
    let help = "Write whole seconds without a unit: 10. Only the flag `--timeout` takes a unit.";
    report_value(
        cx,
        entry,
        format!("with `{text}` as {}, crictl ignores this whole file", entry.key),
        "strconv.Atoi",
        help,
        fix,
    );
}

fn report_bool(cx: &mut FileCx, entry: &Entry, scalar: &Scalar) {
    let text = scalar.text.as_ref();
    let meant = match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" => Some("true"),
        "no" | "off" | "n" => Some("false"),
        _ => None,
    };
    let fix = meant.map(|new| Fix::edit(Applicability::Unsafe, format!("Write {new}"), entry.value.span, new));
    let help = "Write true or false: crictl takes neither yes and no nor on and off.";
    report_value(
        cx,
        entry,
        format!("with `{text}` for `{}`, crictl ignores this whole file", entry.key),
        "strconv.ParseBool",
        help,
        fix,
    );
}

fn report_value(cx: &mut FileCx, entry: &Entry, message: String, words: &str, help: &str, fix: Option<Fix>) {
    cx.report(entry.value.span, message)
        .ignored(CHECKS)
        .key(entry.key.as_ref())
        .why(format!("`{words}: parsing ...: invalid syntax`: {WHY}"))
        .help(help)
        .maybe_fix(fix);
}

/// What Go's `strconv.Atoi` takes.
fn is_go_int(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}
