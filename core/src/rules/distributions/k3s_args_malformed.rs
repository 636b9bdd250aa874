//! # `k3s-args-malformed`
//!
//! A flag in `kubelet-arg` or another key of flags that is not `name=value`.
//!
//! ## Why
//!
//! k3s puts `--` before each item of `kubelet-arg`, `kube-apiserver-arg` and the like, and starts the component so.
//! `max-pods: 200` is a table to YAML, whose printed form becomes the name of a flag: the component does not start,
//! `unknown flag`, and k3s exits.
//!
//! ## What to do
//!
//! Write each flag as `name=value`.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/config.yaml
//! kubelet-arg:
//!   - max-pods: 200
//!     ^^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! --- /etc/rancher/k3s/config.yaml
//! kubelet-arg:
//!   - "max-pods=200"
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/rke2/config.yaml
//! kubelet-arg:
//!   max-pods: 200
//!   ^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/config.yaml
//! kube-apiserver-arg:
//!   - "v 4"
//!     ^^^^^
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/config.yaml
//! kubelet-arg: max-pods=200
//! kube-apiserver-arg:
//!   - --v=4
//!   - profiling
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s#5488
//! - k3s-io/k3s@005499a:pkg/daemons/config/types.go (`GetArgs`), @f646604:pkg/configfilearg/parser.go

use crate::distributions::k3s_config::{self, ARGUMENTS, plain};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "k3s-args-malformed",
    summary: "Flag in `kubelet-arg` and the like that is not `name=value`",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&k3s_config::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for entry in cx.root.entries() {
        let Some((_, program)) = ARGUMENTS.iter().find(|(key, _)| *key == plain(&entry.key)) else { continue };
        match &entry.value.value {
            Value::Seq(items) => {
                for item in items.iter().filter(|item| is_malformed(item)) {
                    report(cx, entry, item, program);
                }
            }
            _ if is_malformed(&entry.value) => report(cx, entry, &entry.value, program),
            _ => {}
        }
    }
}

/// Whether an item does not become a flag with a name that a program may have.
fn is_malformed(item: &Node) -> bool {
    match &item.value {
        Value::Map(_) | Value::Seq(_) => true,
        Value::Scalar(scalar) => {
            let name = scalar.text.split('=').next().unwrap_or_default();
            name.trim_start_matches('-').contains(|c: char| c.is_whitespace() || c == ':')
        }
        Value::Missing => false,
    }
}

fn report(cx: &mut FileCx, list: &Entry, item: &Node, program: &str) {
    let text = cx.doc().text;
    // A table of one flag.
    let flag = match item.entries() {
        [only] => only.value.as_scalar().map(|value| format!("{}={}", only.key, value.text)),
        _ => None,
    };
    let is_item = !std::ptr::eq(item, &raw const list.value);
    let fix = flag.as_ref().filter(|_| is_item).map(|flag| Fix::string(Applicability::Unsafe, item.span, flag));
    let help = match &flag {
        Some(flag) => format!("Write `{flag}` as an item of the list."),
        None => "Write each flag as `name=value`, an item of the list.".to_owned(),
    };
    let key = list.key.as_ref();
    cx.report(item.span, format!("`{}` is not a flag of the form `name=value`", excerpt(item.span.of(text))))
        .refused(Releases::ANY)
        .key(key)
        .why(format!("The {program} does not start: `unknown flag`. k3s puts all of it into the name of one flag."))
        .help(help)
        .maybe_fix(fix);
}
