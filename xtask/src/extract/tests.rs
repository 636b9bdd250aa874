//! Small sources of our own, declared as upstream declares its configurations.

use std::collections::BTreeMap;

use super::packages::Packages;
use super::source::Source;
use super::{compare, containerd, kubernetes, moby, tags};
use crate::data::KeyFile;

/// Files by path.
struct Files(BTreeMap<&'static str, &'static str>);

impl Source for Files {
    fn list(&mut self, folder: &str) -> Vec<String> {
        let inside = |path: &&&str| path.rsplit_once('/').map_or("", |(folder, _)| folder) == folder;
        self.0.keys().filter(inside).map(|path| (*path).to_owned()).collect()
    }

    fn read(&mut self, path: &str) -> Option<String> {
        self.0.get(path).map(|text| (*text).to_owned())
    }

    fn containing(&mut self, text: &str) -> Vec<String> {
        self.0.iter().filter(|(_, file)| file.contains(text)).map(|(path, _)| (*path).to_owned()).collect()
    }
}

fn containerd_sources() -> Files {
    Files(BTreeMap::from([
        ("go.mod", "module github.com/containerd/containerd/v2\n"),
        (
            "cmd/containerd/server/config/config.go",
            r#"package config

import "github.com/containerd/containerd/v2/pkg/times"

// Config is the file.
type Config struct {
	// Version of the file
	Version int `toml:"version"`
	Root, State string
	Timeouts map[string]string `toml:"timeouts"`
	Plugins map[string]any `toml:"plugins"`
	Wait times.Duration `toml:"wait"`
	hidden bool
	Skipped bool `toml:"-"`
}
"#,
        ),
        ("pkg/times/times.go", "package times\n\nimport \"time\"\n\ntype Duration time.Duration\n"),
        (
            "plugins/types.go",
            "package plugins\n\nimport \"github.com/containerd/plugin\"\n\nconst (\n\t// CRI\n\tCRIPlugin plugin.Type = \"io.containerd.cri.v1\"\n)\n",
        ),
        (
            "plugins/cri/plugin.go",
            r#"package cri

import (
	"time"

	criconfig "github.com/containerd/containerd/v2/internal/cri/config"
	"github.com/containerd/containerd/v2/plugins"
	"github.com/containerd/plugin/registry"
)

func init() {
	config := criconfig.DefaultConfig()
	registry.Register(&plugin.Registration{
		Type:   plugins.CRIPlugin,
		ID:     "runtime",
		Config: &config,
		InitFn: func(ic *plugin.InitContext) (any, error) { return nil, nil },
	})
}
"#,
        ),
        (
            "internal/cri/config/config.go",
            r#"package config

import "time"

const image = "registry.example/pause:1"

type Base struct {
	Enable bool `toml:"enable"`
}

type CNI struct {
	Dirs []string `toml:"dirs"`
}

type Config struct {
	Base
	CNI      `toml:"cni"`
	Runtimes map[string]struct {
		Type string `toml:"runtime_type"`
	} `toml:"runtimes"`
	Image string        `toml:"image"` // pause
	Idle  time.Duration `toml:"idle"`
	Limit int64         `toml:"limit"`
}

func DefaultConfig() Config {
	if old {
		return Config{}
	}
	return Config{
		CNI:   CNI{Dirs: []string{"/opt/cni/bin"}},
		Image: image,
		Idle:  4 * time.Hour,
		Limit: 16 << 10,
	}
}
"#,
        ),
        ("internal/cri/config/config_windows.go", "package config\n\ntype Config struct{ Windows bool }\n"),
        (
            "internal/cri/config/config_bsd.go",
            "//go:build freebsd\n\npackage config\n\ntype Config struct{ BSD bool }\n",
        ),
    ]))
}

#[test]
fn plugins_are_read_with_types_and_defaults() {
    let mut files = containerd_sources();
    let found = containerd::config(&mut Packages::new(&mut files), false).unwrap();
    let lines: Vec<_> = found
        .iter()
        .map(|f| {
            let default = f.default.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {} {default}", f.path.join("/"), f.ty).trim_end().to_owned()
        })
        .collect();
    let wanted = [
        "version int",
        "Root string",
        "State string",
        "timeouts map<string>",
        "plugins map<any>",
        "wait duration",
        "plugins/io.containerd.cri.v1.runtime/enable bool false",
        "plugins/io.containerd.cri.v1.runtime/cni table",
        "plugins/io.containerd.cri.v1.runtime/cni/dirs list<string> [\"/opt/cni/bin\"]",
        "plugins/io.containerd.cri.v1.runtime/runtimes map<table>",
        "plugins/io.containerd.cri.v1.runtime/runtimes/*/runtime_type string",
        "plugins/io.containerd.cri.v1.runtime/image string \"registry.example/pause:1\"",
        "plugins/io.containerd.cri.v1.runtime/idle duration \"4h0m0s\"",
        "plugins/io.containerd.cri.v1.runtime/limit int 16384",
    ];
    assert_eq!(lines, wanted);
    let short = containerd::config(&mut Packages::new(&mut files), true).unwrap();
    assert!(short.iter().any(|f| f.path.join("/") == "plugins/runtime/limit"));
}

#[test]
fn a_difference_is_ready_to_review() {
    let mut files = containerd_sources();
    let found = containerd::config(&mut Packages::new(&mut files), false).unwrap();
    let cni: Vec<_> =
        found.into_iter().filter(|f| f.path.iter().any(|p| p == "cni" || p == "image" || p == "limit")).collect();
    let data: KeyFile = toml::from_str(
        r#"
[[key]]
path = 'plugins."io.containerd.cri.v1.runtime".cni'
type = "table"
since = "2.0"
doc = "CNI."
source = "x"

[[key]]
path = 'plugins."io.containerd.cri.v1.runtime".image'
type = "string"
default = "registry.example/pause:0"
since = "2.0"
doc = "Image."
source = "x"

[[key]]
path = 'plugins."io.containerd.cri.v1.runtime".limit'
type = "string"
since = "2.0"
doc = "Limit."
source = "x"

[[key]]
path = 'plugins."io.containerd.cri.v1.runtime".cni.removed'
type = "bool"
since = "2.0"
doc = "Removed."
source = "x"

[[key]]
path = 'plugins."io.containerd.cri.v1.runtime".cni.future'
type = "bool"
since = "2.5"
doc = "To come."
source = "x"
"#,
    )
    .unwrap();
    let text = compare::rows(&data.key, &cni, "v2.4.1", "containerd/containerd", Some(4));
    let wanted = r#"+[[key]]
+path = 'plugins."io.containerd.cri.v1.runtime".cni.dirs'
+config = [4]
+type = "list<string>"
+default = ["/opt/cni/bin"]
+since = "2.4"
+doc = ""
+source = "containerd/containerd@v2.4.1:internal/cri/config/config.go"
 plugins."io.containerd.cri.v1.runtime".image
-default = "registry.example/pause:0"
+default = "registry.example/pause:1"
 plugins."io.containerd.cri.v1.runtime".limit
-type = "string"
+type = "int"
-plugins."io.containerd.cri.v1.runtime".cni.removed
"#;
    assert_eq!(text, wanted);
}

#[test]
fn docker_is_read_with_its_drivers() {
    let mut files = Files(BTreeMap::from([
        ("go.mod", "module github.com/moby/moby/v2\n"),
        (
            "daemon/config/config.go",
            r#"package config

var skipValidateOptions = map[string]bool{
	"features": true,
	"removed":  true,
}

type LogConfig struct {
	Type   string            `json:"log-driver,omitempty"`
	Config map[string]string `json:"log-opts,omitempty"`
}

type CommonConfig struct {
	LogConfig
	Features map[string]bool `json:"features,omitempty"`
	Pools    PoolsOpt        `json:"pools"`
	TLS      *bool           `json:"tls,omitempty"`
	Internal int             `json:"-"`
}

type PoolsOpt struct{ values []string }

func (p *PoolsOpt) UnmarshalJSON(raw []byte) error { return nil }
"#,
        ),
        (
            "daemon/config/config_linux.go",
            "package config\n\ntype Config struct {\n\tCommonConfig\n\tBridge string `json:\"bridge\"`\n}\n",
        ),
        (
            "daemon/logger/tail/tail.go",
            r#"package tail

import "github.com/moby/moby/v2/daemon/logger"

const Name = "tail"

func init() {
	logger.RegisterLogOptValidator(Name, ValidateLogOpt)
}

func ValidateLogOpt(cfg map[string]string) error {
	for key, val := range cfg {
		switch key {
		case logger.AttrEnv, "max-size":
		case "mode":
			switch val {
			case "fast", "slow":
			}
		default:
			return errors.New("unknown")
		}
	}
	return nil
}
"#,
        ),
        ("daemon/logger/attributes.go", "package logger\n\nconst (\n\tAttrEnv = \"env\"\n)\n"),
    ]));
    let mut packages = Packages::new(&mut files);
    let found = moby::config(&mut packages).unwrap();
    let names: Vec<_> = found.iter().map(|f| format!("{} {}", f.path.join("/"), f.ty)).collect();
    assert_eq!(
        names,
        [
            "log-driver string",
            "log-opts map<string>",
            "features map<bool>",
            "pools ",
            "tls bool",
            "bridge string",
            "removed "
        ]
    );
    let options = moby::log_options(&mut packages);
    let tail: Vec<_> = options["tail"].iter().map(String::as_str).collect();
    assert_eq!(tail, ["env", "max-size", "mode"]);
}

#[test]
fn gates_and_flags_are_read() {
    let mut files = Files(BTreeMap::from([
        (
            "pkg/features/kube_features.go",
            r#"package features

import "k8s.io/component-base/featuregate"

const (
	// owner: @someone
	NodeTea featuregate.Feature = "NodeTea"
	OldCup  featuregate.Feature = "OldCup"
)

var defaultVersioned = map[featuregate.Feature]featuregate.VersionedSpecs{
	NodeTea: {
		{Version: version.MustParse("1.30"), Default: false, PreRelease: featuregate.Alpha},
		{Version: version.MustParse("1.32"), Default: true, PreRelease: featuregate.Beta},
	},
}

var defaults = map[featuregate.Feature]featuregate.FeatureSpec{
	OldCup: {Default: true, PreRelease: featuregate.GA, LockToDefault: true},
}
"#,
        ),
        (
            "cmd/kubelet/app/options/options.go",
            "package options\n\nfunc AddFlags(fs *pflag.FlagSet) {\n\tfs.StringVar(&f.Config, \"config\", f.Config, \"The file.\")\n\tfs.Var(cliflag.NewX(&c.Map), \"map-of\", \"A map.\")\n\tfs.MarkDeprecated(\"config\", \"no\")\n}\n",
        ),
        (
            "pkg/kubelet/apis/config/v1beta1/types.go",
            "package v1beta1\n\nimport metav1 \"k8s.io/apimachinery/pkg/apis/meta/v1\"\n\ntype KubeletConfiguration struct {\n\tmetav1.TypeMeta `json:\",inline\"`\n\t// how often\n\tSync metav1.Duration `json:\"sync,omitempty\"`\n\tTaints []Taint `json:\"taints\"`\n}\n\ntype Taint struct {\n\tKey string `json:\"key\"`\n}\n",
        ),
    ]));
    let mut packages = Packages::new(&mut files);
    let fields = kubernetes::configuration(&mut packages).unwrap();
    let fields: Vec<_> = fields.iter().map(|f| format!("{} {}", f.path.join("/"), f.ty)).collect();
    assert_eq!(fields, ["sync duration", "taints list<table>", "taints/[]/key string"]);
    let gates = kubernetes::gates(&mut packages);
    let shown: Vec<_> = gates.iter().map(|(name, s)| format!("{name} {} {} {}", s.kind, s.default, s.locked)).collect();
    assert_eq!(shown, ["NodeTea Beta true false", "OldCup GA true true"]);
    let flags: Vec<_> = kubernetes::flags(&mut packages).into_iter().collect();
    assert_eq!(flags, ["config", "map-of"]);
}

#[test]
fn tags_are_releases() {
    for (tag, release) in [
        ("v1.7.34", "1.7.34"),
        ("docker-v29.7.2", "29.7.2"),
        ("v17.09.1-ce", "17.09.1"),
        ("kubernetes-1.36.0", "1.36.0"),
    ] {
        assert_eq!(compare::release_of(tag), release);
    }
}

#[test]
fn two_tags_differ_in_keys_types_and_defaults() {
    let read = |fields: &str| {
        let config = format!("package config\n\ntype Config struct {{\n{fields}}}\n");
        let config: &'static str = Box::leak(config.into_boxed_str());
        let mut files = Files(BTreeMap::from([
            ("go.mod", "module github.com/containerd/containerd/v2\n"),
            ("cmd/containerd/server/config/config.go", config),
        ]));
        tags::settings("containerd", "v2.2.1", &mut Packages::new(&mut files)).unwrap()
    };
    let old = read("\tRoot string `toml:\"root\"`\n\tState string `toml:\"state\"`\n");
    let new = read("\tRoot int `toml:\"root\"`\n\tTemp string `toml:\"temp\"`\n");
    let diff = tags::differences(&old, &new);
    assert_eq!(diff.count, 3, "{}", diff.text);
    for line in
        ["-config.toml: root (string", "+config.toml: root (int", "+config.toml: temp (string", "-config.toml: state"]
    {
        assert!(diff.text.contains(line), "{line}: {}", diff.text);
    }
    assert_eq!(tags::differences(&new, &new).count, 0);
}
