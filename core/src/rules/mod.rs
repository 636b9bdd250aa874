//! The rules: one file each, with its documentation, its examples and its function.
//!
//! To add one: `cargo xtask new-rule GROUP NAME`, which writes the file and its line in the list below.

mod context;
pub(crate) mod daemons;
mod declared;
mod found;
pub(crate) mod prelude;
mod problems;

pub use context::{FileCx, NodeCx};
pub use declared::SettingCheck;
pub use found::MAX_LISTED;
pub(crate) use found::{Excess, Found};
/// The rules that the engine itself reports.
pub(crate) use general::{ignore_malformed::RULE as IGNORE_MALFORMED, unused_ignore::RULE as UNUSED_IGNORE};

use crate::finding::Finding;
use crate::fix::Applicability;
use crate::kind::Kind;

/// A rule. Its documentation is the header of its file.
pub struct Rule {
    /// Kebab-case name of the fault; the file's name. Never used again for another fault.
    pub id: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// The sort of fault.
    pub category: Category,
    /// crilint's release that first had it.
    pub since: &'static str,
    /// The best fix it offers.
    pub fix: Option<Applicability>,
    /// Whether it runs only when selected.
    pub opt_in: bool,
    /// Whether it runs on texts with template markers, which no daemon reads as they are. The other rules would judge
    /// the markers.
    pub(crate) checks_templates: bool,
    /// Whether the daemon finds the fault as it reads a file, whatever other files override.
    pub(crate) reads_text: bool,
    /// Whether it runs on files that the daemon skips, where nothing else can be wrong.
    pub(crate) checks_skipped: bool,
    /// Whether its findings report a text that does not parse.
    pub(crate) is_syntax: bool,
    /// Which releases its findings are judged for.
    pub(crate) reach: Reach,
    /// What it checks.
    pub run: Run,
}

/// What a rule checks.
pub enum Run {
    /// Each configuration of these kinds, by itself.
    File(&'static [&'static Kind], fn(&mut FileCx<'_, '_, '_>)),
    /// One setting of a daemon at a time, as data.
    Settings(&'static [SettingCheck]),
    /// All files of a node together.
    Node(fn(&mut NodeCx<'_, '_, '_>)),
    /// The engine itself reports it.
    Engine,
}

/// Which releases of the target the findings of a rule are judged for, where some do not read the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those that read it.
    Readers,
    /// In verdicts, all; in reports, those that read it.
    AllInVerdicts,
    /// In verdicts, all; in reports, all if none reads it.
    AllIfUnread,
    /// In verdicts, all; in reports, all if none reads it or the user names releases of the product.
    AllIfNamed,
}

/// The sort of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Not what the daemon takes, or not what it seems to mean.
    Correctness,
    /// Another release or another daemon wants it otherwise.
    Migration,
    /// Opens the node to others.
    Security,
    /// Works until the disk is full or the node restarts.
    Reliability,
    /// Works today and is announced to go.
    Deprecation,
    /// Probably a misunderstanding.
    Suspicious,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 6] =
        [Self::Correctness, Self::Migration, Self::Security, Self::Reliability, Self::Deprecation, Self::Suspicious];

    /// The word in options and docs.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::Migration => "migration",
            Self::Security => "security",
            Self::Reliability => "reliability",
            Self::Deprecation => "deprecation",
            Self::Suspicious => "suspicious",
        }
    }
}

impl Rule {
    /// Checks one configuration, if the rule checks configurations of its kind.
    pub(crate) fn check_file(&self, cx: &mut FileCx) {
        match self.run {
            Run::File(kinds, check) if kinds.contains(&cx.file.kind) => check(cx),
            Run::Settings(checks) => checks.iter().for_each(|check| check.run(cx)),
            Run::File(..) | Run::Node(_) | Run::Engine => {}
        }
    }

    /// What holds for most rules. A rule names what differs and ends with `..Rule::DEFAULTS`.
    pub(crate) const DEFAULTS: Self = Self {
        id: "",
        summary: "",
        category: Category::Correctness,
        since: "0.1.0",
        fix: None,
        opt_in: false,
        checks_templates: false,
        reads_text: false,
        checks_skipped: false,
        is_syntax: false,
        reach: Reach::Readers,
        run: Run::Engine,
    };

    /// What holds for rules that report that a text does not read.
    pub(crate) const SYNTAX: Self =
        Self { reads_text: true, is_syntax: true, reach: Reach::AllIfUnread, ..Self::DEFAULTS };

    /// Where its documentation is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{DOCS}/rules/{}.html", self.id)
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// Where the documentation is published.
pub const DOCS: &str = "https://crilint.github.io/crilint";

/// The rule with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Whether a finding reports a text that does not parse.
#[must_use]
pub fn is_syntax(finding: &Finding) -> bool {
    find(finding.rule).is_some_and(|rule| rule.is_syntax)
}

/// The group (folder) of each rule: `containerd`, `docker`, ...
#[must_use]
pub fn group_of(rule: &Rule) -> &'static str {
    let found = GROUPS.iter().find(|(_, id)| *id == rule.id);
    found.map_or("", |(group, _)| group)
}

macro_rules! rules {
    ($($group:ident { $($name:ident,)* })*) => {
        $(mod $group { $(pub(in crate::rules) mod $name;)* })*
        /// Every rule.
        pub static RULES: &[&Rule] = &[$($(&$group::$name::RULE,)*)*];
        static GROUPS: &[(&str, &str)] = &[$($((stringify!($group), $group::$name::RULE.id),)*)*];
    };
}

// One line a rule. The order is that in which findings of the same place are reported, and in which the rules run:
// first all of them on each file, then those of `node` on the whole node. A rule may look at what the ones above it
// found, as `setting_without_effect` does.
rules! {
    general {
        unrendered_template,
        toml_syntax,
        json_syntax,
        unused_ignore,
        ignore_malformed,
        yaml_syntax,
        unit_syntax,
        patch_release_bug,
        config_file_misnamed,
    }
    containerd {
        toml_dialect,
        import_unreadable,
        import_absent,
        import_taken_literally,
        import_relative_glob,
        config_version_unsupported,
        config_version_missing,
        short_plugin_id,
        settings_lost_in_migration,
        unknown_plugin,
        misplaced_key,
        unknown_key,
        key_not_in_release,
        key_wrong_type,
        stream_server_exposed,
        cri_plugin_disabled,
        disabled_plugin_short_id,
        mirrors_with_config_path,
        stream_tls_enabled,
        stream_port_invalid,
        stream_key_pair_incomplete,
        cni_bin_dir_deprecated,
        cni_bin_dir_conflict,
        cni_dir_unusual,
        stream_server_address_invalid,
        default_runtime_undefined,
        runtime_type_missing,
        runtime_type_removed,
        runtime_type_malformed,
        linux_runtime_setting,
        linux_plugin_unused,
        privileged_devices_alone,
        untrusted_runtime_duplicate,
        registry_auth_url,
        mirror_endpoint_invalid,
        snapshotter_unknown,
        snapshot_annotations_disabled,
        differ_unknown,
        devmapper_incomplete,
        proxy_plugin_invalid,
        value_invalid,
        root_state_conflict,
        socket_address_form,
        grpc_tcp_idle,
        grpc_tcp_key_missing,
        oom_score_range,
        stats_period_invalid,
        required_plugin_unconfigured,
        listed_plugin_unknown,
        needed_plugin_disabled,
        systemd_cgroup_legacy,
        systemd_cgroup_not_set,
        sandbox_image_invalid,
        sandbox_image_old_registry,
        duration_invalid,
        grpc_tcp_exposed,
        deprecated_key,
        registry_settings_for_cri_only,
        config_path_two_roots,
        sandbox_image_unnormalized,
        cni_network_invalid,
        cni_network_unused,
    }
    registry_hosts {
        hosts_file_unreachable,
        hosts_key_wrong_type,
        hosts_unknown_capability,
        hosts_url_malformed,
        hosts_server_in_host,
        hosts_unknown_key,
        hosts_key_not_in_release,
        hosts_table_not_header,
        hosts_no_host_table,
        hosts_path_without_override,
        hosts_override_without_path,
        hosts_docker_io_server,
        hosts_client_not_paired,
        hosts_certificate_empty,
        hosts_http_with_tls,
        hosts_top_settings_not_inherited,
        hosts_skip_verify,
        hosts_url_without_scheme,
        hosts_table_split,
        hosts_push_to_mirror,
        hosts_folder_not_configured,
    }
    docker {
        unknown_directive,
        directive_not_in_release,
        flag_name_as_directive,
        proxies_at_top_level,
        nested_directives,
        duplicate_directive,
        log_opts_not_string,
        directive_wrong_type,
        directive_out_of_range,
        directive_value_unknown,
        directive_malformed,
        label_invalid,
        exec_opt_invalid,
        cgroup_driver_invalid,
        cgroup_parent_not_slice,
        host_address_invalid,
        pipe_on_linux,
        tcp_without_tls,
        tls_files_missing,
        registry_mirror_invalid,
        insecure_registry_invalid,
        insecure_registry_any,
        bridge_address_invalid,
        address_pool_invalid,
        public_address_range,
        ipv6_without_subnet,
        conflicting_directives,
        conflicting_network_directives,
        default_runtime_missing,
        runtime_definition_invalid,
        unknown_subfield,
        log_driver_unknown,
        log_opt_unknown,
        log_opt_invalid,
        log_rotation_incomplete,
        docker_no_log_rotation,
        storage_driver_unavailable,
        storage_opt_unknown,
        storage_opts_ignored,
        builder_size_invalid,
        metrics_address_invalid,
        min_api_version_invalid,
        seccomp_unconfined,
        path_not_absolute,
        ulimit_inconsistent,
        deprecated_directive,
        iptables_disabled,
        mtu_default_bridge_only,
        realtime_on_cgroup_v2,
        feature_unknown,
        log_tls_unverified,
        docker_hardening_missing,
        userns_remap_rootless,
        docker_file_misplaced,
        address_pool_overlap,
        link_local_address_range,
        fixed_cidr_outside_bip,
        live_restore_in_swarm,
        dockerd_flag_unknown,
    }
    kubelet {
        wrong_kind,
        unknown_field,
        field_not_in_release,
        unknown_map_name,
        field_wrong_type,
        duplicate_field,
        feature_gate_unknown,
        feature_gate_required,
        feature_gate_locked,
        feature_gate_dependency,
        feature_gate_stable,
        field_value_unknown,
        field_out_of_range,
        field_needs_another,
        allocatable_enforcement_invalid,
        static_policy_unreserved,
        policy_option_invalid,
        reserved_cpus_invalid,
        reserved_memory_invalid,
        taint_invalid,
        shutdown_grace_order,
        parallel_pulls_serialized,
        pod_logs_dir_invalid,
        image_allowlist_invalid,
        log_vmodule_invalid,
        tracing_endpoint_scheme,
        tls_name_unknown,
        tls_pair_incomplete,
        ip_address_invalid,
        sysctl_not_namespaced,
        cluster_dns_public,
        swap_unused,
        document_not_read,
        drop_in_not_conf,
        drop_in_field_ignored,
        drop_in_folder_alpha,
        field_without_effect,
        cpu_reservation_overruled,
        metrics_version_invalid,
        cgroup_v1_host,
        eviction_hard_partial,
        eviction_soft_without_grace,
        eviction_threshold_invalid,
        image_gc_thresholds,
        log_max_size_unit,
        runtime_endpoint_form,
        resolv_conf_stub,
        anonymous_auth,
        read_only_port,
        flag_removed,
        flag_value_invalid,
        flag_stray_word,
        node_label_invalid,
        kubeadm_args_replaced,
        flag_unknown,
        flag_deprecated,
        kubelet_hardening_missing,
        reserved_cgroup_not_slice,
        credential_provider_invalid,
        credential_provider_unknown_field,
    }
    crictl {
        crictl_file_ignored,
        crictl_endpoint_form,
    }
    distributions {
        registries_wrong_type,
        registries_unknown_key,
        registries_name_invalid,
        registries_config_unused,
        registries_endpoint_invalid,
        registries_endpoint_path,
        registries_rewrite_unused,
        registries_client_incomplete,
        registries_lost_in_template,
        k3s_args_malformed,
        k3s_unknown_key,
        k3s_duplicate_key,
        template_not_read,
        template_base_conflict,
        template_data_folder,
        k0s_drop_in_invalid,
        snap_args_unquoted,
        talos_part_not_taken,
        k0s_file_not_read,
    }
    wrappers {
        kubeadm_args_malformed,
        kind_patch_ignored,
        talos_setting_refused,
    }
    node {
        drop_in_version_higher,
        import_replaces_plugin_table,
        cgroup_driver_mismatch,
        sandbox_image_mismatch,
        runtime_endpoint_mismatch,
        flag_overrides_field,
        cni_dirs_lost,
        log_rotation_lost,
        log_limits_unused,
        drop_in_not_imported,
        setting_without_effect,
        docker_hosts_conflict,
        docker_flag_conflict,
        docker_file_not_read,
        config_file_absent,
        environment_file_absent,
        environment_file_not_read,
        exec_start_repeated,
        specifier_invalid,
        variable_without_effect,
        variable_not_expanded,
        flags_in_one_word,
        exec_start_missing,
        comment_in_command,
        kubelet_empty_word,
        unit_line_ignored,
        unit_drop_in_not_conf,
        file_not_read,
        inhibit_delay_too_short,
        cri_dockerd_plugin_unknown,
    }
}
