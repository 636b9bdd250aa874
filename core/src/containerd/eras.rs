//! Sets of releases of containerd, named for what these releases do.
//!
//! A set that several files need is here, once, with its source; one that a single rule needs is in that rule.
//! Sources are files of containerd/containerd at a tag unless they name another repository; all sets were measured
//! with 1.0.3 to 2.4.0-beta.0.

use std::ops::RangeInclusive;

use crate::releases::Releases;

const fn of(spec: &'static str) -> Releases {
    Releases::containerd(spec)
}

/// Sets of patch releases, with the name of the key that a file must have for them to matter, and the config versions
/// of the file in which they do.
pub(super) const ERA_EDGES: &[(&str, RangeInclusive<i64>, Releases)] = &[
    ("mirrors", 0..=i64::MAX, HAS_STATIC_CONFIG_PATH),
    ("stream_server_address", 2..=2, LOSES_STREAM_SETTINGS),
    ("stream_server_port", 2..=2, LOSES_STREAM_SETTINGS),
    ("stream_idle_timeout", 2..=2, LOSES_STREAM_SETTINGS),
    ("enable_tls_streaming", 2..=2, LOSES_STREAM_SETTINGS),
    ("x509_key_pair_streaming", 2..=2, LOSES_STREAM_SETTINGS),
    ("runtime", 2..=2, REPLACES_RUNTIME_TABLE),
    ("otlp", 0..=i64::MAX, USES_TRACING_SETTINGS),
    ("tracing", 0..=i64::MAX, USES_TRACING_SETTINGS),
];

// Config versions and imports. Source: @v1.3.10, @v1.5.18, @v1.7.34:services/server/config/config.go and
// @v2.0.11, @v2.3.4:cmd/containerd/server/config/config.go.

/// Has neither config versions nor imports, and looks for plugins by their short names.
pub(crate) const HAS_NO_CONFIG_VERSIONS: Releases = of("..1.2");
/// Does not start where an import without `*`, or the file of `--config`, is absent.
/// Source: containerd/containerd@v1.5.18:cmd/containerd/command/main.go (`context.GlobalIsSet`).
pub(crate) const NEEDS_IMPORTS: Releases = Releases::containerd("1.5..");
/// Skips an absent import and those behind it: the error is taken for that of an absent main file.
/// Source: containerd/containerd@v1.4.13:cmd/containerd/command/main.go (`os.IsNotExist`).
pub(crate) const SKIPS_ABSENT_IMPORTS: Releases = Releases::containerd("1.3..1.4");
/// Has config versions and imports: reads version 2.
pub(crate) const HAS_CONFIG_VERSIONS: Releases = of("1.3..");
/// Reads version 3.
pub(crate) const READS_VERSION_3: Releases = of("2.0..");
/// Reads version 4.
pub(crate) const READS_VERSION_4: Releases = of("2.3..");
/// Reads any version above 2 as version 2: `ValidateV2` has no upper limit before @v1.6.32 and @v1.7.17.
pub(crate) const READS_ANY_VERSION_AS_2: Releases = of("1.3..1.6.31,1.7.0..1.7.16");
/// Merges `version` like any number: the one of the file read last holds for all files.
pub(crate) const MERGES_VERSIONS: Releases = of("1.3..1.7");
/// Checks the form of plugin names in a version 2 file.
pub(crate) const CHECKS_PLUGIN_NAMES: Releases = of("1.3..1.7");
/// Checks them only where the version is 2 itself, rather than one that is read as 2.
pub(crate) const CHECKS_PLUGIN_NAMES_OF_2: Releases = of("1.3..1.4");
/// Checks the version of the file read last alone. Source: `LoadConfig` and `mergeConfig` of
/// @v2.0.11:cmd/containerd/server/config/config.go.
pub(crate) const CHECKS_LAST_VERSION: Releases = of("2.0..2.2");
/// Replaces the table of a plugin as a whole by that of a file loaded later, and a default map by the one written.
pub(crate) const REPLACES_TABLES: Releases = of("..1.7");
/// Raises files of older config versions to its own, and names plugins by URI alone.
pub(crate) const MIGRATES: Releases = of("2.0..");
/// Migrates each file through every version in between before the merge. 2.0 to 2.2 migrate all files after it, and
/// do not run the migrations of plugins for a version 1 file.
pub(crate) const MIGRATES_EACH_FILE: Releases = of("2.3..");
/// Loses what the streaming server has in a version 2 file, except `disable_tcp_service`. Source: `configMigration` of
/// @v2.0.0, @v2.0.1:plugins/cri/cri.go.
pub(crate) const LOSES_STREAM_SETTINGS: Releases = of("2.0.0");
/// Replaces the table of the runtime plugin by what a version 2 file has in that of CRI. Source: `configMigration` of
/// @v2.0.1, @v2.0.2:plugins/cri/runtime/plugin.go.
pub(crate) const REPLACES_RUNTIME_TABLE: Releases = of("2.0.0..2.0.1");
/// Has a folder for `registry.config_path` where a version 3 file does not set it, mirrors or not. Source:
/// @v2.2.1, @v2.2.2:internal/cri/config/config_unix.go; containerd/containerd#12612.
pub(crate) const HAS_STATIC_CONFIG_PATH: Releases = of("2.2.0..2.2.1");
/// Keeps what moved in version 3 of a version 1 file.
pub(crate) const KEEPS_VERSION_1: Releases = of("..1.7,2.3..");

// Reading TOML. 1.0 to 1.4 use BurntSushi/toml, 1.5 to 1.7 pelletier/go-toml 1, later ones its version 2. Source:
// @v1.4.13:vendor.conf; @v1.5.18, @v1.7.34, @v2.3.4:go.mod.

/// Matches key names without regard to letter case.
pub(crate) const IGNORES_KEY_CASE: Releases = of("..1.4,2.0..");
/// Does not resolve escapes in quoted keys.
pub(crate) const KEEPS_KEY_ESCAPES: Releases = of("1.5..1.7");
/// Fills some tables of the CRI plugin from the table around them where they are missing, and any runtime that is
/// written replaces the built-in ones.
pub(crate) const FILLS_EMBEDDED_TABLES: Releases = of("1.5..1.7");

// Plugins. Source: the registrations named in core/data/containerd-plugins.toml;
// @v2.0.11 (Go plugins), @v2.3.4:cmd/containerd/server/server.go; @v1.3.10:cmd/containerd/command/main.go (TCP).

/// Has a CRI plugin.
pub(crate) const HAS_CRI: Releases = of("1.1..");
/// The lists of plugins, with the releases that have them: `disabled_plugins` came with the CRI plugin.
pub(crate) const PLUGIN_LISTS: [(&str, Releases); 2] =
    [("disabled_plugins", HAS_CRI), ("required_plugins", HAS_CONFIG_VERSIONS)];
/// Has three CRI plugins: runtime, images, and the service with its streaming server.
pub(crate) const SPLITS_CRI: Releases = of("2.0..");
/// Loads Go plugins from the folder `plugin_dir`.
pub(crate) const LOADS_GO_PLUGINS: Releases = of("..2.0");
/// Has `bin_dirs` and makes it of `bin_dir`. 2.0 has `bin_dir` alone and moves the whole `cni` table.
pub(crate) const HAS_BIN_DIRS: Releases = of("2.1..");
/// Pulls images by the transfer service.
pub(crate) const PULLS_BY_TRANSFER_SERVICE: Releases = of("2.1..");
/// Uses the OpenTelemetry settings of the configuration: copies them into the `OTEL_*` variables. 1.6 and 2.x read them
/// and use the environment alone. Source: @v1.6.39, @v1.7.34:tracing/plugin/otlp.go and
/// @v2.3.4:pkg/tracing/plugin/otlp.go.
pub(crate) const USES_TRACING_SETTINGS: Releases = of("1.6.0..1.6.31,1.7.0..1.7.15,1.7.19..1.7");
/// Has a plugin for each socket and for the TCP endpoint.
pub(crate) const SERVERS_ARE_PLUGINS: Releases = of("2.3..");
/// Has a TCP endpoint for the gRPC API.
pub(crate) const HAS_TCP_ENDPOINT: Releases = of("1.3..");
/// Refuses settings of the runtime of containerd 1.0 with any other runtime. Source: `ValidatePluginConfig` of
/// @v1.3.10:vendor/github.com/containerd/cri/pkg/config/config.go, @v1.7.34:pkg/cri/config/config.go.
pub(crate) const CHECKS_LINUX_RUNTIME_SETTINGS: Releases = of("1.3..1.7");
/// No longer has the runtime of containerd 1.0 and its settings. Source: @v2.3.4:docs/containerd-2.0.md.
pub(crate) const REMOVED_LINUX_RUNTIME: Releases = of("2.0..");

/// The kubelet proxies exec, attach and port-forward, and asks for them on the node itself. Source:
/// kubernetes/kubernetes#64006.
pub(crate) const KUBELET_PROXIES_STREAMS: Releases = Releases::kubernetes("1.11..");
