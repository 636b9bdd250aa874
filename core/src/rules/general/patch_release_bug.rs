//! # `patch-release-bug`
//!
//! A setting that some patch releases of a daemon handle wrongly, and newer patches of the same release do not.
//!
//! ## Why
//!
//! The daemon takes the setting, and then loses it, counts in the wrong unit, or fails when it uses it. The message
//! names what happens; the releases follow in brackets.
//!
//! ## What to do
//!
//! Upgrade to a newer patch release. Until then do without the setting.
//!
//! ## Examples
//!
//! ```toml bad containerd=2.2.1
//! version = 3
//! [plugins."io.containerd.transfer.v1.local"]
//!   max_concurrent_unpacks = 4
//!                            ^
//! ```
//!
//! ```toml good containerd=2.2.3
//! version = 3
//! [plugins."io.containerd.transfer.v1.local"]
//!   max_concurrent_unpacks = 4
//! ```
//!
//! ```json bad docker=27.0.2
//! { "default-address-pools": [{ "base": "10.10.0.0/16", "size": 24 }] }
//!   ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good docker=27
//! { "default-address-pools": [{ "base": "10.10.0.0/16", "size": 24 }] }
//! ```
//!
//! ## References
//!
//! - each check in the source of this rule names the tags that differ

use crate::go::duration::duration;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "patch-release-bug",
    summary: "Setting that some patch releases handle wrongly",
    category: Category::Reliability,
    run: Run::Settings(CHECKS),
    ..Rule::DEFAULTS
};

const fn containerd(setting: &'static str, fault: Test) -> SettingCheck {
    SettingCheck { help: UPGRADE, ..SettingCheck::of(&daemons::CONTAINERD, setting, fault) }
}

const fn docker(setting: &'static str, fault: Test) -> SettingCheck {
    SettingCheck { help: UPGRADE, mark: Mark::Key, ..SettingCheck::of(&daemons::DOCKER, setting, fault) }
}

const UPGRADE: &str = "Upgrade to a newer patch release.";

const CHECKS: &[SettingCheck] = &[
    // containerd/containerd#13030; @v2.2.2, @v2.2.3:core/unpack/unpacker.go.
    SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::containerd("2.2.0..2.2.2"))],
        message: "layers that are unpacked in parallel lose deletions",
        why: "With overlayfs, files that a later layer of the image deletes are back in the container.",
        ..containerd("io.containerd.transfer.v1.local:max_concurrent_unpacks", Test::Outside(i64::MIN, 1))
    },
    // @v2.1.3, @v2.1.4:core/remotes/docker/fetcher.go; @v1.5.11, @v1.5.12:pkg/cri/server/image_pull.go.
    SettingCheck {
        outcomes: &[
            (Effect::Ignored, Releases::containerd("1.5.0..1.5.11")),
            (Effect::Advice, Releases::containerd("2.1.0..2.1.3")),
        ],
        message: "`{name}` does not limit downloads as it should",
        why: "containerd before 1.5.12 ignores the limit; in 2.1.0 to 2.1.3 the limiter can make pulls hang.",
        ..containerd("images:max_concurrent_downloads", Test::Where(is_not_three))
    },
    SettingCheck {
        outcomes: &[(Effect::Advice, Releases::containerd("2.1.0..2.1.3"))],
        message: "the limit of downloads can make pulls hang",
        why: "The limiter of containerd 2.1.0 to 2.1.3 can wait forever.",
        ..containerd("io.containerd.transfer.v1.local:max_concurrent_downloads", Test::Where(is_not_three))
    },
    // @v2.3.0, @v2.3.1:plugins/transfer/plugin.go.
    SettingCheck {
        outcomes: &[(Effect::Advice, Releases::containerd("2.3.0"))],
        message: "an optional entry whose differ is missing keeps CRI from loading",
        why: "containerd 2.3.0 takes `optional` for nothing: the transfer plugin fails, and CRI with it.",
        ..containerd("io.containerd.transfer.v1.local:unpack_config", Test::Where(has_optional_item))
    },
    // @v1.6.2, @v1.6.3:tracing/plugin/otlp.go.
    SettingCheck {
        outcomes: &[(Effect::Refused, Releases::containerd("1.6.0..1.6.2"))],
        message: "containerd 1.6.0 to 1.6.2 panics with an OTLP endpoint",
        why: "The daemon does not start.",
        ..containerd("io.containerd.tracing.processor.v1.otlp:endpoint", Test::NotEmpty)
    },
    // @v1.6.15, @v1.6.16:snapshots/overlay/overlay.go.
    SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::containerd("1.6.0..1.6.15"))],
        message: "`{name}` makes containers fail",
        why: "Snapshots fail with `tx closed`.",
        ..containerd("io.containerd.snapshotter.v1.overlayfs:upperdir_label", Test::Is(true))
    },
    // @v1.6.31, @v1.6.32, @v1.7.15, @v1.7.16:pkg/cri/server/service.go.
    SettingCheck {
        outcomes: &[(Effect::Advice, Releases::containerd("1.6.0..1.6.31,1.7.0..1.7.15"))],
        message: "the kubelet sees the disk usage of another folder than `{value}`",
        why: "containerd reports the default folder of the snapshotter, whatever `root_path` is.",
        ..containerd("io.containerd.snapshotter.v1.overlayfs:root_path", Test::NotEmpty)
    },
    // @v1.7.9, @v1.7.10:pkg/cri/server/image_pull.go.
    SettingCheck {
        outcomes: &[(Effect::Ignored, Releases::containerd("1.7.0..1.7.9"))],
        message: "a progress timeout of {value} has no effect",
        why: "containerd before 1.7.10 looks at the progress every 10 seconds.",
        ..containerd("images:image_pull_progress_timeout", Test::Where(is_below_10_seconds))
    },
    // @v1.5.4, @v1.5.5, @v1.4.11, @v1.4.12, @v1.3.3, @v1.3.4:remotes/docker/resolver.go.
    SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::containerd("1.3.0..1.3.3,1.4.0..1.4.11,1.5.0..1.5.4"))],
        message: "a mirror that fails is not always followed by the next one",
        why: "containerd before 1.5.5 and 1.4.12 stops at a mirror that answers 401, 403 or 5xx, before 1.3.4 also at \
              one that cannot be reached.",
        ..containerd("images:registry.mirrors.*.endpoint", Test::Where(has_several_items))
    },
    // @v1.5.0, @v1.5.1, @v1.4.4, @v1.4.5:pkg/cri/server/image_pull.go; @v2.0.0, @v2.0.1:internal/cri/server/images.
    SettingCheck {
        only_if: &[("images:registry.mirrors.*.endpoint", Test::Where(has_several_items))],
        outcomes: &[(Effect::Harmful, Releases::containerd("1.4.0..1.4.4,1.5.0"))],
        message: "other mirrors get these credentials too",
        why: "containerd sends the credentials of the first mirror to the later ones, which answer 401.",
        ..containerd("images:registry.configs.*.auth", Test::Written)
    },
    SettingCheck {
        outcomes: &[(Effect::Advice, Releases::containerd("2.0.0"))],
        message: "the pause image is pulled without these credentials",
        why: "containerd 2.0.0 does not look at `registry.configs` for the pause image: pods fail where it is in this \
              registry.",
        ..containerd("images:registry.configs.*.auth", Test::Written)
    },
    // @v1.4.3, @v1.4.4:vendor/github.com/containerd/cri/pkg/config/config.go.
    SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::containerd("1.4.0..1.4.3"))],
        message: "every registry gets the credentials of the last one",
        why: "containerd 1.4.0 to 1.4.3 keeps one set of credentials for all entries.",
        ..containerd("images:registry.auths", Test::Where(has_several_entries))
    },
    // @v1.3.2, @v1.3.3:vendor/github.com/containerd/cri/pkg/config/config.go.
    SettingCheck {
        outcomes: &[(Effect::Ignored, LOSES_DEPRECATED)],
        message: "`{name}` has no effect",
        why: LOST_IN_COPY,
        ..containerd("images:registry.auths", Test::Written)
    },
    SettingCheck {
        outcomes: &[(Effect::Ignored, LOSES_DEPRECATED)],
        message: "`{name}` has no effect",
        why: LOST_IN_COPY,
        ..containerd("runtime:containerd.default_runtime", Test::Where(has_type))
    },
    // @v1.3.1, @v1.3.2:vendor/github.com/containerd/cri/pkg/server/image_pull.go.
    SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::containerd("1.3.0..1.3.1"))],
        message: "pulls from this registry fail without `ca_file`",
        why: "containerd 1.3.0 and 1.3.1 log `failed to load CA file`.",
        ..containerd("images:registry.configs.*.tls", Test::Where(has_no_ca_file))
    },
    // @v1.2.8, @v1.2.9:vendor/github.com/containerd/cri/pkg/server/image_pull.go.
    SettingCheck {
        mark: Mark::Key,
        outcomes: &[(Effect::Harmful, Releases::containerd("1.2.0..1.2.8"))],
        message: "pulls from this registry fail: its credentials are empty",
        why: "containerd before 1.2.9 answers `invalid auth config`.",
        ..containerd("images:registry.auths.*", Test::Where(is_empty_table))
    },
    // @v2.0.1, @v2.0.2:plugins/cri/images/plugin.go; @v2.2.1, @v2.2.2:internal/cri/server/images/image_pull.go.
    SettingCheck {
        outcomes: &[(Effect::Advice, Releases::containerd("2.0.0..2.0.1,2.2.0..2.2.1"))],
        message: "the snapshotter of this platform does not count everywhere",
        why: "containerd 2.0.0 and 2.0.1 report its disk usage as that of the default snapshotter; 2.2.0 and 2.2.1 \
              pull with it only where the pod has the annotation io.containerd.cri.runtime-handler.",
        ..containerd("images:runtime_platforms.*.snapshotter", Test::NotEmpty)
    },
    // moby/moby@v27.0.2, @v27.0.3:libnetwork/ipam/allocator.go.
    SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::docker("27.0.1..27.0.2"))],
        message: "two networks may get the same subnet out of these pools",
        why: "Docker 27.0.1 and 27.0.2 forget which subnets of a pool are taken.",
        ..docker("default-address-pools", Test::Written)
    },
    // moby/moby@v23.0.8, @v23.0.9, @v24.0.7, @v24.0.8:builder/builder-next/worker/gc.go; @v28.5.0, @v28.5.1: the same.
    SettingCheck {
        unless: &[("builder.gc.policy", Test::Written), ("builder.gc.defaultKeepStorage", Test::NotEmpty)],
        outcomes: &[
            (Effect::Harmful, Releases::docker("23.0.0..23.0.8,24.0.0..24.0.7,28.0.0..28.5.0")),
            (Effect::Advice, Releases::docker("29.0.0..29.5.3")),
        ],
        message: "the default rules for the build cache are wrong",
        why: "Docker before 23.0.9 and 24.0.8 counts their ages in nanoseconds and drops the cache at once; 28.0.0 to \
              28.5.0 computes their sizes wrongly; up to 29.5 the first of them has no effect.",
        help: "Upgrade to a newer patch release, or set `builder.gc.policy`.",
        ..docker("builder.gc.enabled", Test::Is(true))
    },
    // moby/moby@docker-v29.0.4, @docker-v29.1.0:daemon/config/config.go.
    SettingCheck {
        outcomes: &[(Effect::Harmful, WRITES_MAPPED_ADDRESSES)],
        message: "`host-gateway` becomes an address that containers cannot use",
        why: MAPPED_ADDRESS,
        ..docker("host-gateway-ip", Test::NotEmpty)
    },
    SettingCheck {
        outcomes: &[(Effect::Harmful, WRITES_MAPPED_ADDRESSES)],
        message: "`host-gateway` becomes an address that containers cannot use",
        why: MAPPED_ADDRESS,
        ..docker("host-gateway-ips", Test::Written)
    },
    // moby/moby@docker-v29.6.2, @docker-v29.7.0:daemon/containerd/image_pull.go, image_push.go.
    SettingCheck {
        unless: USES_GRAPH_DRIVER,
        outcomes: &[(Effect::Advice, IGNORES_CONCURRENCY)],
        message: "`{name}` has no effect on the containerd image store",
        why: "Docker before 29.7.0 does not limit the containerd image store, which new installations of 29 use.",
        ..docker("max-concurrent-downloads", Test::Written)
    },
    SettingCheck {
        unless: USES_GRAPH_DRIVER,
        outcomes: &[(Effect::Advice, IGNORES_CONCURRENCY)],
        message: "`{name}` has no effect on the containerd image store",
        why: "Docker before 29.7.0 does not limit the containerd image store, which new installations of 29 use.",
        ..docker("max-concurrent-uploads", Test::Written)
    },
    // moby/moby@docker-v29.4.3, @docker-v29.5.0:daemon/containerd/resolver.go.
    SettingCheck {
        unless: USES_GRAPH_DRIVER,
        outcomes: &[(Effect::Advice, Releases::docker("29.0.0..29.4.3"))],
        message: "the token server of an insecure registry is still verified",
        why: "With the containerd image store, logins and pulls fail where the registry sends clients to a token \
              server with such a certificate.",
        ..docker("insecure-registries", Test::Where(has_items))
    },
    // moby/moby@v27.2.1, @v27.3.0, @v27.4.0, @v27.5.1:libnetwork/drivers/bridge/bridge_linux.go.
    SettingCheck {
        outcomes: &[(Effect::Advice, Releases::docker("27.3.0..27"))],
        message: "`userland-proxy` off needs the kernel module br_netfilter",
        why: "Without the module Docker 27.3 publishes ports that the host itself cannot reach, and 27.4.0 and later \
              do not make networks.",
        help: "Load br_netfilter before Docker starts.",
        ..docker("userland-proxy", Test::Is(false))
    },
    // moby/moby@v20.10.0, @v20.10.1:vendor/github.com/docker/libnetwork/drivers/bridge.
    SettingCheck {
        only_if: &[("experimental", Test::Is(true))],
        outcomes: &[(Effect::Harmful, Releases::docker("20.10.0"))],
        message: "`ip6tables` is used for IPv4 networks too",
        why: "Docker 20.10.0 does not start on a node without the program ip6tables.",
        ..docker("ip6tables", Test::Is(true))
    },
    // moby/moby@v20.10.3, @v20.10.4:daemon/runtime_unix.go.
    SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::docker("20.10.0..20.10.3"))],
        message: "Docker panics with another default runtime and a plugin",
        why: "Docker 20.10.0 to 20.10.3 does not start where a plugin is installed.",
        ..docker("default-runtime", Test::Where(is_not_runc))
    },
    // moby/moby@v18.09.6, @v18.09.7:builder/builder-next/adapters/containerimage/pull.go.
    SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::docker("18.09.0..18.09.6"))],
        message: "BuildKit does not use the mirror `{value}`",
        why: "Docker 18.09.0 to 18.09.6 does not match a mirror with a slash at its end: builds pull from Docker Hub.",
        help: "Write it without the slash at its end.",
        ..docker("registry-mirrors[]", Test::Where(ends_with_slash))
    },
    // moby/moby@v19.03.5, @v19.03.6:cmd/dockerd/daemon.go.
    SettingCheck {
        outcomes: &[(Effect::Refused, Releases::docker("19.03.0..19.03.5"))],
        message: "an address occurs twice",
        why: "Docker before 19.03.6 does not start: the second listener on the same address fails.",
        help: "Write each address once.",
        ..docker("hosts", Test::Where(has_duplicates))
    },
];

const LOSES_DEPRECATED: Releases = Releases::containerd("1.3.0..1.3.2");
const LOST_IN_COPY: &str = "containerd before 1.3.3 copies the configuration before it moves this deprecated setting \
                            to its new place.";
const WRITES_MAPPED_ADDRESSES: Releases = Releases::docker("29.0.0..29.0.4");
const MAPPED_ADDRESS: &str = "Docker 29.0 stores it as `::ffff:a.b.c.d`, and writes that to /etc/hosts of containers.";
const IGNORES_CONCURRENCY: Releases = Releases::docker("29.0.0..29.6.2");
const USES_GRAPH_DRIVER: &[(&str, Test)] = &[
    ("features.containerd-snapshotter", Test::Is(false)),
    ("storage-driver", Test::OneOf(&["overlay2", "vfs", "btrfs", "zfs", "fuse-overlayfs"])),
];

/// Whether a reference is not the full name that containerd stores an image by.
/// Source: containerd/containerd@v2.3.4:vendor/github.com/distribution/reference/normalize.go (`ParseDockerRef`).
fn is_not_three(setting: &WrittenSetting) -> bool {
    setting.as_int().is_some_and(|number| number != 3)
}

fn is_below_10_seconds(setting: &WrittenSetting) -> bool {
    let seconds = setting.as_str().and_then(|text| duration(text).ok());
    seconds.is_some_and(|seconds| seconds > 0.0 && seconds < 10.0)
}

fn has_items(setting: &WrittenSetting) -> bool {
    setting.node.is_some_and(|node| !node.items().is_empty())
}

fn has_several_items(setting: &WrittenSetting) -> bool {
    setting.node.is_some_and(|node| node.items().len() > 1)
}

fn has_duplicates(setting: &WrittenSetting) -> bool {
    let texts = setting.texts();
    texts.iter().enumerate().any(|(i, text)| texts.iter().take(i).any(|other| other == text))
}

fn has_several_entries(setting: &WrittenSetting) -> bool {
    setting.node.is_some_and(|node| node.entries().len() > 1)
}

fn is_empty_table(setting: &WrittenSetting) -> bool {
    setting.node.is_some_and(|node| matches!(&node.value, Value::Map(map) if map.entries.is_empty()))
}

fn has_optional_item(setting: &WrittenSetting) -> bool {
    let items = setting.node.map(Node::items).unwrap_or_default();
    items.iter().any(|item| item.get("optional").and_then(Node::as_bool) == Some(true))
}

fn has_type(setting: &WrittenSetting) -> bool {
    let written = setting.node.and_then(|node| node.get("runtime_type")).and_then(Node::as_str);
    written.is_some_and(|text| !text.is_empty())
}

fn has_no_ca_file(setting: &WrittenSetting) -> bool {
    let written = setting.node.and_then(|node| node.get("ca_file")).and_then(Node::as_str);
    setting.node.is_some_and(|node| matches!(node.value, Value::Map(_))) && written.is_none_or(str::is_empty)
}

fn is_not_runc(setting: &WrittenSetting) -> bool {
    setting.as_str().is_some_and(|text| !matches!(text, "" | "runc"))
}

fn ends_with_slash(setting: &WrittenSetting) -> bool {
    setting.as_str().is_some_and(|text| text.ends_with('/'))
}
