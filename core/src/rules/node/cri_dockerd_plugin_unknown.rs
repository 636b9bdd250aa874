//! # `cri-dockerd-plugin-unknown`
//!
//! A network plugin of cri-dockerd that is the name of a CNI provider.
//!
//! ## Why
//!
//! `--network-plugin` chooses how cri-dockerd sets up the network of pods: `cni`, `kubenet` or none. Calico, Flannel
//! and the like are programs that `cni` runs. With another name cri-dockerd does not start: `network plugin "calico"
//! not found`.
//!
//! ## What to do
//!
//! Write `--network-plugin=cni`, the default since cri-dockerd 0.2.5; the provider puts its file into `/etc/cni/net.d`.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/cri-docker.service
//! [Service]
//! ExecStart=/usr/bin/cri-dockerd --container-runtime-endpoint fd:// --network-plugin=calico
//!                                                                                    ^^^^^^
//! ```
//!
//! ```ini fixed
//! --- /etc/systemd/system/cri-docker.service
//! [Service]
//! ExecStart=/usr/bin/cri-dockerd --container-runtime-endpoint fd:// --network-plugin=cni
//! ```
//!
//! ```ini good
//! --- /etc/systemd/system/cri-docker.service
//! [Service]
//! ExecStart=/usr/bin/cri-dockerd --container-runtime-endpoint fd:// --network-plugin=cni
//! ```
//!
//! ## References
//!
//! - Mirantis/cri-dockerd#42, Mirantis/cri-dockerd#103
//! - Mirantis/cri-dockerd@v0.4.3:config/options.go, network/plugins.go (`InitNetworkPlugin`)

use crate::rules::prelude::*;
use crate::systemd::on_node::of_node;
use crate::systemd::{ArgvWord, KnownProgram};

pub(crate) const RULE: Rule = Rule {
    id: "cri-dockerd-plugin-unknown",
    summary: "Network plugin that cri-dockerd does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const FLAG: &str = "--network-plugin";

/// The plugins that cri-dockerd has itself; without a name it uses none.
const PLUGINS: [&str; 4] = ["", "cni", "kubenet", "no-op"];

fn check(cx: &mut NodeCx) {
    for node in of_node(cx.loaded).iter().filter(|node| node.direct_program() == Some(KnownProgram::CriDockerd)) {
        let words = node.service.commands.iter().flat_map(|command| command.argv.windows(2));
        for (word, name) in words.filter_map(|pair| value(pair)) {
            let Some(file) = node.file(word.place).filter(|_| !PLUGINS.contains(&name)) else { continue };
            let end = word.place.span.end as usize;
            let exact = Span::new(end.saturating_sub(name.len()), end);
            let is_exact = exact.of(file.doc.text) == name;
            let span = if is_exact { exact } else { word.place.span };
            let fix = is_exact.then(|| Fix::edit(Applicability::Unsafe, "Write cni", span, "cni"));
            cx.report(file.index, span, format!("`{}` is not a network plugin of cri-dockerd", excerpt(name)))
                .refused(Releases::ANY)
                .key(FLAG)
                .why(format!("cri-dockerd does not start: `network plugin \"{}\" not found`.", excerpt(name)))
                .help("Write `cni`, and let the provider put its file into /etc/cni/net.d.")
                .maybe_fix(fix);
        }
    }
}

/// The value of the flag in two words of a command, with the word that holds it.
fn value(pair: &[ArgvWord]) -> Option<(&ArgvWord, &str)> {
    let [word, next] = pair else { return None };
    let of_next = next.text.as_deref().and_then(|text| text.strip_prefix(FLAG)?.strip_prefix('='));
    let apart = || next.text.as_deref().filter(|_| word.text.as_deref() == Some(FLAG));
    Some((next, of_next.or_else(apart)?))
}
