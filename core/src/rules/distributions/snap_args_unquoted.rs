//! # `snap-args-unquoted`
//!
//! A sign of the shell without quotes in a file of arguments of Canonical Kubernetes.
//!
//! ## Why
//!
//! Bash reads the files below `/var/snap/k8s/common/args` as the words of a list. There `<`, `>`, `(`, `)`, `&`, `;`
//! and `|` are signs of the shell unless quotes stand around them: the service does not start, `syntax error near
//! unexpected token`. microk8s reads its files without bash, and removes all quotes.
//!
//! ## What to do
//!
//! Put the value into quotes.
//!
//! ## Examples
//!
//! ```sh bad
//! --- /var/snap/k8s/common/args/kubelet
//! --eviction-hard=memory.available<100Mi
//! ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh fixed
//! --- /var/snap/k8s/common/args/kubelet
//! --eviction-hard="memory.available<100Mi"
//! ```
//!
//! ```sh good
//! --- /var/snap/k8s/common/args/kubelet
//! --eviction-hard="memory.available<100Mi"
//! --- /var/snap/microk8s/current/args/kubelet
//! --eviction-hard=memory.available<100Mi
//! ```
//!
//! ## References
//!
//! - canonical/cluster-api-k8s#115, canonical/k8s-snap#1222

use crate::distributions::snap::is_read_by_bash;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "snap-args-unquoted",
    summary: "Sign of the shell in a file of arguments that bash reads",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if !is_read_by_bash(cx.file.path) {
        return;
    }
    let text = cx.doc().text;
    for word in cx.root.entries().iter().flat_map(|entry| entry.value.items()) {
        let written = word.span.of(text);
        let Some(sign) = bare_sign(written) else { continue };
        let (name, value) = written.split_once('=').unwrap_or(("", written));
        let fix = (!name.is_empty() && !value.contains(['"', '\''])).then(|| {
            let new = format!("{name}=\"{value}\"");
            Fix::edit(Applicability::Unsafe, format!("Write {new}"), word.span, new)
        });
        cx.report(word.span, format!("`{sign}` without quotes is a sign of the shell"))
            .refused(Releases::ANY)
            .key(name)
            .why("Bash reads this file: the service does not start, `syntax error near unexpected token`.")
            .help("Put the value into double quotes.")
            .maybe_fix(fix);
    }
}

/// The first sign of the shell outside of quotes.
fn bare_sign(word: &str) -> Option<char> {
    let mut quote = None;
    for c in word.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if "<>()&;|".contains(c) => return Some(c),
            _ => {}
        }
    }
    None
}
