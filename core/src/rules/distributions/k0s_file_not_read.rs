//! # `k0s-file-not-read`
//!
//! A drop-in for the containerd of k0s in a place where k0s does not look.
//!
//! ## Why
//!
//! k0s reads `/etc/k0s/containerd.d/*.toml`, and no folder below it. It does so while it writes
//! `/etc/k0s/containerd.toml` itself, whose first line then is `# k0s_managed=true`; without that line the file is the
//! user's, and k0s adds neither the drop-ins nor its pause image to it.
//!
//! ## What to do
//!
//! Put the file into `/etc/k0s/containerd.d`, or import it in a `containerd.toml` of your own.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/k0s/containderd.d/gvisor.toml
//! version = 3
//! ^^^^^^^^^^^
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runsc]
//!   runtime_type = "io.containerd.runsc.v1"
//! ```
//!
//! ```toml bad
//! --- /etc/k0s/containerd.toml
//! version = 3
//! --- /etc/k0s/containerd.d/gvisor.toml
//! version = 3
//! ^^^^^^^^^^^
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runsc]
//!   runtime_type = "io.containerd.runsc.v1"
//! ```
//!
//! ```toml good
//! --- /etc/k0s/containerd.toml
//! version = 3
//! imports = ["/etc/k0s/containerd.d/*.toml"]
//! --- /etc/k0s/containerd.d/gvisor.toml
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runsc]
//!   runtime_type = "io.containerd.runsc.v1"
//! ```
//!
//! ## References
//!
//! - k0sproject/k0s#5140, k0sproject/k0s#3822, k0sproject/k0s#5478, kata-containers/kata-containers#10960
//! - k0sproject/k0s@v1.34.10+k0s.0:pkg/component/worker/containerd

use crate::containerd;
use crate::distributions::generated;
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "k0s-file-not-read",
    summary: "Drop-in for containerd in a place where k0s does not look",
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const FOLDER: &str = "containerd.d";

fn check(cx: &mut FileCx) {
    let file = cx.file;
    let Some((root, below)) = file.path.rsplit_once("k0s/").filter(|(root, _)| root.ends_with("etc/")) else { return };
    if cx.view.node.imports.of(file.index).is_some() {
        return;
    }
    let folders: Vec<&str> = below.split('/').collect();
    let why = match folders.as_slice() {
        [folder, _] if *folder == FOLDER => {
            let main = format!("{root}k0s/containerd.toml");
            let is_own = |other: &&&crate::kind::File| {
                other.path == main && generated::source_of(other.path, other.doc.text).is_none()
            };
            let Some(main) = cx.view.node.files.iter().find(is_own) else { return };
            let main = main.index;
            report(cx, "k0s leaves its drop-ins to your containerd.toml, which does not import this file")
                .label_in(main, Span::empty(0), "k0s writes this file while the first line is `# k0s_managed=true`")
                .help("Import it there, or remove containerd.toml, so that k0s writes its own.");
            return;
        }
        [folder, _, ..] if *folder == FOLDER => "k0s reads no folder below containerd.d",
        [folder, _] if nearest(folder, std::iter::once(FOLDER)).is_some() => "k0s reads /etc/k0s/containerd.d alone",
        _ => return,
    };
    report(cx, why).help("Move it to /etc/k0s/containerd.d.");
}

fn report<'f>(cx: &'f mut FileCx, message: &str) -> &'f mut Finding {
    let text = cx.doc().text;
    let start = text.len() - text.trim_start().len();
    let line = text.trim_start().lines().next().unwrap_or_default().trim_end();
    cx.report(Span::new(start, start + line.len()), message)
        .ignored(Releases::ANY)
        .why("Neither k0s nor its containerd reads the file, and neither mentions it.")
}
