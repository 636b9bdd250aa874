//! Sources that are not texts: known paths of a node, which are not files to check.

use crilint_core::Source;
use crilint_core::engine::{Options, SourceState, check};

#[test]
fn what_is_not_a_text_is_not_checked() {
    let main = "version = 2\nimports = [\"/etc/containerd/conf.d/*.toml\", \"/etc/a.toml\"]\n";
    let alone = [Source { path: "/etc/containerd/config.toml", text: main, ..Source::default() }];
    let wanted = check(&alone, &Options::default()).findings.len();
    for state in [SourceState::Absent, SourceState::Link("/opt/a.toml"), SourceState::Unread("a device")] {
        let [main] = &alone;
        let other = Source { path: "/etc/docker/daemon.json", text: "{", state, ..Source::default() };
        let report = check(&[other, main.clone()], &Options::default());
        assert_eq!(report.findings.len(), wanted, "{state:?}");
        assert!(report.files[0].kind.is_none(), "{state:?}");
    }
}
