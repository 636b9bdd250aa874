//! Names of containerd's plugins: short ones in config version 1, URIs from version 2 on.

use super::eras::CHECKS_PLUGIN_NAMES;
use crate::releases::Releases;

/// Short names with their URIs. Source: `v1MigratePluginName` of
/// containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go.
const URIS: [(&str, &str); 16] = [
    ("cri", "io.containerd.grpc.v1.cri"),
    ("cgroups", "io.containerd.monitor.v1.cgroups"),
    ("linux", "io.containerd.runtime.v1.linux"),
    ("scheduler", "io.containerd.gc.v1.scheduler"),
    ("bolt", "io.containerd.metadata.v1.bolt"),
    ("task", "io.containerd.runtime.v2.task"),
    ("opt", "io.containerd.internal.v1.opt"),
    ("restart", "io.containerd.internal.v1.restart"),
    ("tracing", "io.containerd.internal.v1.tracing"),
    ("otlp", "io.containerd.tracing.processor.v1.otlp"),
    ("aufs", "io.containerd.snapshotter.v1.aufs"),
    ("btrfs", "io.containerd.snapshotter.v1.btrfs"),
    ("devmapper", "io.containerd.snapshotter.v1.devmapper"),
    ("native", "io.containerd.snapshotter.v1.native"),
    ("overlayfs", "io.containerd.snapshotter.v1.overlayfs"),
    ("zfs", "io.containerd.snapshotter.v1.zfs"),
];

/// The name of a plugin in config version 1: what follows the type and its version.
#[must_use]
pub fn short(uri: &str) -> &str {
    let mut dots = uri.match_indices('.').map(|(at, _)| at);
    let version = dots.find(|at| {
        let digits = uri.get(at + 1..).and_then(|rest| rest.strip_prefix('v')).and_then(|rest| rest.split('.').next());
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    });
    let after = version.and_then(|at| uri.get(at + 1..)).and_then(|rest| rest.split_once('.'));
    after.map_or(uri, |(_, short)| short)
}

/// The URI of a plugin's short name, where 2.x are sure of it.
#[must_use]
pub fn of_short_name(short: &str) -> Option<&'static str> {
    URIS.iter().find(|(name, _)| *name == short).map(|(_, uri)| *uri)
}

/// The URI that the migration of 2.x makes of any name without a dot; for unknown ones it guesses.
#[must_use]
pub fn migrated(short: &str) -> String {
    match of_short_name(short) {
        Some(uri) => uri.to_owned(),
        None if short.ends_with("-service") => format!("io.containerd.service.v1.{short}"),
        None if matches!(short, "windows" | "windows-lcow") => format!("io.containerd.snapshotter.v1.{short}"),
        None => format!("io.containerd.grpc.v1.{short}"),
    }
}

/// The releases that refuse a plugin's name although it holds a dot, under config version 2 and later. Source:
/// `ValidateV2` of containerd/containerd@v1.6.39 and @v1.7.29:services/server/config/config.go.
#[must_use]
pub fn refused(name: &str) -> Option<Releases> {
    const REQUIRES_PREFIX: Releases = Releases::containerd("1.7");
    if name.split('.').count() < 4 {
        Some(CHECKS_PLUGIN_NAMES)
    } else {
        (!name.starts_with("io.containerd.")).then_some(REQUIRES_PREFIX)
    }
}
