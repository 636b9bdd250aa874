//! # `drop-in-not-imported`
//!
//! A file in a folder beside a main file that does not import it.
//!
//! ## Why
//!
//! containerd follows the `imports` of the files that it reads and looks nowhere else. Since 2.2 `containerd config
//! default` prints `imports = ["/etc/containerd/conf.d/*.toml"]`, but containerd silently ignores the folder of a
//! main file without that line, and any other folder: NVIDIA's toolkit 1.18.0 wrote to `config.d`.
//!
//! ## What to do
//!
//! Add the folder to the main file's `imports`.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/config.toml
//! version = 2
//! ^
//! --- /etc/containerd/conf.d/10-cni.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   max_conf_num = 2
//! ```
//!
//! ```toml fixed
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! version = 2
//! --- /etc/containerd/conf.d/10-cni.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   max_conf_num = 2
//! ```
//!
//! ```toml bad containerd=2.0..2.3
//! --- /etc/containerd/config.toml
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//!           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /etc/containerd/config.d/10-cni.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   max_conf_num = 2
//! ```
//!
//! ```toml good containerd=2.0..2.3
//! --- /etc/containerd/config.toml
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! --- /etc/containerd/conf.d/10-cni.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   max_conf_num = 2
//! ```
//!
//! ## References
//!
//! - NVIDIA/nvidia-container-toolkit#1404
//! - containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go (`LoadConfig`); measured with 1.3.10 to
//!   2.4.0-beta.0

use crate::containerd;
use crate::containerd::eras::HAS_CONFIG_VERSIONS;
use crate::containerd::imports::is_meant;
use crate::kind::{File, NodeFiles, root_of};
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "drop-in-not-imported",
    summary: "Drop-in that the main file does not import",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // In a folder of many configurations it is unknown which files belong together.
    if !is_one_node(loaded) {
        return;
    }
    let Some(main) = loaded.files.iter().copied().find(|file| containerd::is_main(loaded, file)) else { return };
    // An import that cannot be read is the reason, and stops the daemon.
    if cx.found().iter().any(|finding| finding.file == main.index && finding.rule == "import-unreadable") {
        return;
    }
    let drop_ins = loaded.files.iter().copied().filter(|file| is_left_out(loaded, main, file));
    let drop_ins: Vec<&File> = drop_ins.collect();
    let Some(first) = drop_ins.first() else { return };
    // A misspelt key is the cause, and reported as what it is.
    if main.body().entries().iter().any(|entry| is_meant(&entry.key)) {
        return;
    }
    let imports = main.body().get("imports");
    let span = imports.map_or(Span::empty(0), |node| node.span);
    let pattern = folder_on_node(main, first).map(|folder| format!("{folder}*.toml"));
    // A list that exists may be without the file on purpose.
    let fix = pattern.as_ref().filter(|_| imports.is_none()).map(|pattern| {
        let line = format!("imports = [\"{pattern}\"]\n");
        Fix::edit(Applicability::Unsafe, format!("Import {pattern}"), Span::empty(0), line)
    });
    let help = match pattern {
        Some(pattern) => format!("Add \"{pattern}\" to `imports`, or remove the file."),
        None => "Add the folder to `imports`, or remove the file.".to_owned(),
    };
    let message = format!("containerd does not read {}: no import names it", first.name());
    let finding = cx.report(main.index, span, message);
    finding.ignored(HAS_CONFIG_VERSIONS).key("imports").why(WHY).help(help).maybe_fix(fix);
    for file in drop_ins {
        finding.label_in(file.index, Span::empty(0), "without effect");
    }
}

/// The folder of a file as the node has it, with its slash; nothing where the path does not show the node's root.
fn folder_on_node(main: &File, file: &File) -> Option<String> {
    let root = root_of(main.path)?;
    let folder = file.path.strip_suffix(file.name())?.strip_prefix(root)?;
    Some(format!("/{folder}"))
}

/// Whether a file is in a folder beside the main file and no file imports it.
fn is_left_out(node: &NodeFiles, main: &File, file: &File) -> bool {
    let Some(folder) = main.path.strip_suffix("config.toml").filter(|folder| folder.ends_with("containerd/")) else {
        return false;
    };
    let below = file.path.strip_prefix(folder).filter(|rest| rest.contains('/'));
    *file.kind == containerd::KIND && below.is_some() && node.imports.of(file.index).is_none()
}

const WHY: &str = "containerd reads the main file and what its `imports` name, and looks nowhere else. The folder \
    conf.d is only in the `imports` that `containerd config default` of 2.2 and later prints.";
