//! From older config versions to newer ones, as 2.x does it.
//!
//! Sources at containerd/containerd@v2.3.4: `v1Migrate` of cmd/containerd/server/config/config.go;
//! `configMigration` of plugins/cri/{cri.go,images/plugin.go,runtime/plugin.go}, core/runtime/v2/shim_manager.go,
//! core/metrics/cgroups/cgroups.go, plugins/restart/monitor.go; the same files at v2.0.11 for what 2.0 does otherwise.

use std::borrow::Cow;

use super::status::{Loss, Status, Statuses};
use super::tree::{LoadedItem, LoadedTable};
use super::value::LeafValue;
use super::{ContainerdRelease, services};
use crate::containerd::eras::{HAS_BIN_DIRS, LOSES_STREAM_SETTINGS, REPLACES_RUNTIME_TABLE};
use crate::containerd::kind::{CRI, CRI_IMAGES, CRI_RUNTIME};
use crate::containerd::plugin_uri;

/// What stays with the streaming server.
const STREAMING: [&str; 6] = [
    "disable_tcp_service",
    "stream_server_address",
    "stream_server_port",
    "stream_idle_timeout",
    "enable_tls_streaming",
    "x509_key_pair_streaming",
];
/// What goes to the image service.
const IMAGES: [&str; 6] = [
    "registry",
    "image_decryption",
    "max_concurrent_downloads",
    "image_pull_progress_timeout",
    "image_pull_with_sync_fs",
    "stats_collect_period",
];
/// What goes there from the `containerd` table.
const IMAGES_OF_CONTAINERD: [&str; 3] = ["snapshotter", "disable_snapshot_annotations", "discard_unpacked_layers"];

/// A file of 2.3 and later, through every version from its own to 4. `merged` is what the files before it make.
pub(super) fn file<'t, 'a>(
    table: &mut LoadedTable<'t, 'a>,
    merged: &LoadedTable<'t, 'a>,
    release: ContainerdRelease,
    statuses: &mut Statuses,
) {
    let version = table.leaf("version").and_then(|leaf| leaf.value.node()?.as_int()).unwrap_or(0);
    for step in version.max(0)..4 {
        match step {
            1 => names(table),
            3 => services::migrate(table, merged, statuses),
            _ => {}
        }
        plugins(table, release, statuses);
    }
}

/// Version 1 to 2: plugins by their URI, in the lists too.
pub(super) fn names(table: &mut LoadedTable) {
    if let Some(plugins) = table.table_mut("plugins") {
        for (name, item) in plugins.drain() {
            let name = if name.contains('.') { name } else { Cow::Owned(plugin_uri::migrated(&name)) };
            plugins.set(name, item);
        }
    }
    for list in ["disabled_plugins", "required_plugins"] {
        if let Some(LoadedItem::Leaf(leaf)) = table.get_mut(list)
            && let Some(node) = leaf.value.node()
        {
            let uri = |name: &str| if name.contains('.') { name.to_owned() } else { plugin_uri::migrated(name) };
            leaf.value = LeafValue::Texts(node.items().iter().filter_map(|i| i.as_str().map(uri)).collect());
        }
    }
}

/// The migrations that plugins bring, which run in every step from one version to the next.
pub(super) fn plugins<'t, 'a>(table: &mut LoadedTable<'t, 'a>, release: ContainerdRelease, statuses: &mut Statuses) {
    let Some(plugins) = table.table_mut("plugins") else { return };
    for (old, new) in [
        ("io.containerd.monitor.v1.cgroups", "io.containerd.monitor.task.v1.cgroups"),
        ("io.containerd.internal.v1.restart", "io.containerd.monitor.container.v1.restart"),
    ] {
        if let Some(item) = plugins.take(old) {
            put(plugins, new, item, statuses);
        }
    }
    sched_core(plugins, statuses);
    if let Some(mut cri) = plugins.take_table(CRI) {
        let mut left = LoadedTable::default();
        for name in STREAMING {
            match cri.take(name) {
                Some(item) if name != "disable_tcp_service" && release.is_in(LOSES_STREAM_SETTINGS) => {
                    statuses.lose(&item, &Loss::Migration);
                }
                Some(item) => {
                    left.set(Cow::Borrowed(name), item);
                }
                None => {}
            }
        }
        if plugins.get(CRI_RUNTIME).is_some() && release.is_in(REPLACES_RUNTIME_TABLE) {
            let replaced = plugins.take(CRI_RUNTIME);
            replaced.iter().for_each(|table| statuses.lose(table, &Loss::Migration));
        }
        images(plugins, &mut cri, statuses);
        runtime(plugins, cri, release, statuses);
        plugins.set(Cow::Borrowed(CRI), LoadedItem::Table(left));
    }
}

/// Sets an entry; what it replaces is shadowed by it.
fn put<'t, 'a>(table: &mut LoadedTable<'t, 'a>, name: &'static str, item: LoadedItem<'t, 'a>, statuses: &mut Statuses) {
    if let Some(old) = table.get(name) {
        shadow(old, &item, statuses);
    }
    table.set(Cow::Borrowed(name), item);
}

fn shadow<'t, 'a>(loser: &LoadedItem<'t, 'a>, winner: &LoadedItem<'t, 'a>, statuses: &mut Statuses) {
    let mut by = None;
    winner.leaves(&mut |leaf| {
        by.get_or_insert(leaf.origin);
    });
    if let Some(by) = by {
        loser.leaves(&mut |leaf| {
            // A value that was copied from here before does not lose to itself.
            if leaf.origin != by {
                statuses.set(leaf, Status::Lost(Loss::Shadowed(by)));
            }
        });
    }
}

/// Always writes a fresh table when the old one is there, even in the second step.
fn sched_core<'t, 'a>(plugins: &mut LoadedTable<'t, 'a>, statuses: &mut Statuses) {
    let Some(task) = plugins.table_mut("io.containerd.runtime.v2.task") else { return };
    let mut shim = LoadedTable::default();
    if let Some(LoadedItem::Leaf(leaf)) = task.take("sched_core") {
        match leaf.value.node().and_then(crate::syntax::Node::as_bool) {
            Some(true) => {
                let value = LeafValue::Texts(vec!["SCHED_CORE=1".to_owned()]);
                shim.set(Cow::Borrowed("env"), LoadedItem::Leaf(leaf.with(value)));
            }
            // Off is the default.
            _ => statuses.live(&leaf),
        }
    }
    if let Some(old) = plugins.get("io.containerd.shim.v1.manager") {
        statuses.lose(old, &Loss::Migration);
    }
    plugins.set(Cow::Borrowed("io.containerd.shim.v1.manager"), LoadedItem::Table(shim));
}

fn images<'t, 'a>(plugins: &mut LoadedTable<'t, 'a>, cri: &mut LoadedTable<'t, 'a>, statuses: &mut Statuses) {
    let Some(images) = plugins.make_table(CRI_IMAGES) else { return };
    if let Some(image) = cri.take("sandbox_image")
        && let Some(pinned) = images.make_table("pinned_images")
    {
        put(pinned, "sandbox", image, statuses);
    }
    for name in IMAGES {
        if let Some(item) = cri.take(name) {
            put(images, name, item, statuses);
        }
    }
    // Without runtimes the rest of the table is left behind.
    let Some(containerd) = cri.table_mut("containerd").filter(|table| table.get("runtimes").is_some()) else { return };
    for name in IMAGES_OF_CONTAINERD {
        if let Some(item) = containerd.take(name) {
            put(images, name, item, statuses);
        }
    }
}

fn runtime<'t, 'a>(
    plugins: &mut LoadedTable<'t, 'a>,
    mut cri: LoadedTable<'t, 'a>,
    release: ContainerdRelease,
    statuses: &mut Statuses,
) {
    let Some(runtime) = plugins.make_table(CRI_RUNTIME) else { return };
    let containerd = cri.take_table("containerd");
    let splits_cni = release.is_in(HAS_BIN_DIRS);
    let cni = if splits_cni { cri.take_table("cni") } else { None };
    for (name, item) in cri.drain() {
        let elsewhere = match &*name {
            "containerd" | "sandbox_image" => true,
            "cni" => splits_cni,
            name => IMAGES.contains(&name),
        };
        if !elsewhere {
            keep(runtime, name, item, statuses);
        }
    }
    if let Some(mut cni) = cni
        && let Some(to) = runtime.make_table("cni")
    {
        for (name, item) in cni.drain() {
            match item {
                LoadedItem::Leaf(leaf) if name == "bin_dir" => {
                    let value = leaf.value.node().map_or_else(|| leaf.value.clone(), LeafValue::ListOf);
                    put(to, "bin_dirs", LoadedItem::Leaf(leaf.with(value)), statuses);
                }
                item => keep(to, name, item, statuses),
            }
        }
    }
    let Some(mut containerd) = containerd else { return };
    let Some(to) = runtime.make_table("containerd") else { return };
    for (name, item) in containerd.drain() {
        if !IMAGES_OF_CONTAINERD.contains(&&*name) {
            keep(to, name, item, statuses);
        }
    }
    let Some(runtimes) = to.table_mut("runtimes") else { return };
    for (_, item) in runtimes.entries_mut() {
        if let LoadedItem::Table(one) = item
            && one.get("sandboxer").is_none()
            && let Some(mode) = one.take("sandbox_mode")
        {
            one.set(Cow::Borrowed("sandboxer"), mode);
        }
    }
}

/// Moves an entry unless the new table has it, as a whole.
fn keep<'t, 'a>(to: &mut LoadedTable<'t, 'a>, name: Cow<'t, str>, item: LoadedItem<'t, 'a>, statuses: &mut Statuses) {
    match to.get(&name) {
        Some(winner) => shadow(&item, winner, statuses),
        None => {
            to.set(name, item);
        }
    }
}
