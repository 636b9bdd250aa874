//! The committed schemas in other tools: check-jsonschema, taplo and tombi accept good files and find the faults in
//! bad ones.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::test::target_dir;
use crate::tools;

const TOOLS: [&str; 3] = ["check-jsonschema==0.39.0", "taplo==0.9.3", "tombi==1.9.6"];

/// A file for a schema.
struct Case {
    /// The schema, below `schemas/`.
    schema: &'static str,
    file: &'static str,
    text: &'static str,
    /// Words that every tool prints about the file; empty if the file is good.
    faults: &'static [&'static str],
}

macro_rules! example {
    ($path:literal) => {
        include_str!(concat!("../../examples/well-configured/", $path))
    };
}

const CASES: &[Case] = &[
    good("containerd/4.json", "config-default.toml", include_str!("../../benches/config-default.toml")),
    good("containerd/2.json", "example.toml", example!("etc/containerd/config.toml")),
    good("containerd-hosts/maintained.json", "example.toml", example!("etc/containerd/certs.d/docker.io/hosts.toml")),
    good("docker/maintained.json", "example.json", example!("etc/docker/daemon.json")),
    good("kubelet/maintained.json", "example.yaml", example!("var/lib/kubelet/config.yaml")),
    good("crictl/maintained.json", "example.yaml", example!("etc/crictl.yaml")),
    good("containerd/2.json", "options.toml", OPTIONS),
    bad(
        "containerd/2.json",
        "slip.toml",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  sandbox_imgae = \"registry.k8s.io/pause:3.9\"\n",
        &["sandbox_imgae"],
    ),
    bad(
        "containerd/2.json",
        "type.toml",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_server_port = 10010\n",
        &["string"],
    ),
    bad(
        "containerd/2.json",
        "runc-option.toml",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options]\n  SystemdCgruop = true\n",
        &["SystemdCgruop"],
    ),
    bad("containerd/3.json", "other-version.toml", "version = 2\n", &["3"]),
    bad(
        "containerd/3.json",
        "old-place.toml",
        "version = 3\n[plugins.\"io.containerd.grpc.v1.cri\".cni]\n  bin_dir = \"/opt/cni/bin\"\n",
        &["cni"],
    ),
    good("containerd/config.json", "options.toml", OPTIONS),
    bad("containerd/config.json", "slip.toml", "version = 3\nrot = \"/var/lib/containerd\"\n", &["rot"]),
    good(
        "containerd-hosts/maintained.json",
        "hosts.toml",
        "server = \"https://registry.example\"\n[host.\"https://mirror.example\"]\n  capabilities = [\"pull\", \"resolve\"]\n  client = [[\"/etc/cert.pem\", \"/etc/key.pem\"]]\n",
    ),
    bad(
        "containerd-hosts/maintained.json",
        "slip.toml",
        "[host.\"https://mirror.example\"]\n  capability = [\"pull\"]\n  skip_verify = \"true\"\n",
        &["capability", "boolean"],
    ),
    good(
        "docker/maintained.json",
        "daemon.json",
        "{ \"log-driver\": \"local\", \"log-opts\": { \"max-size\": \"10m\", \"max-file\": \"3\" }, \"builder\": { \"gc\": { \"enabled\": true } }, \"live-restore\": null, \"runtimes\": { \"nvidia\": { \"path\": \"nvidia-container-runtime\", \"args\": [] } } }",
    ),
    bad("docker/maintained.json", "number.json", "{ \"log-opts\": { \"max-file\": 3 } }", &["max-file"]),
    bad("docker/maintained.json", "slip.json", "{ \"registry-mirror\": [] }", &["registry-mirror"]),
    bad(
        "docker/28.json",
        "option-of-29.json",
        "{ \"log-driver\": \"local\", \"log-opts\": { \"labels\": \"a\" } }",
        &["labels"],
    ),
    good("docker/29.json", "option-of-29.json", "{ \"log-driver\": \"local\", \"log-opts\": { \"labels\": \"a\" } }"),
    bad("docker/20.10.json", "mode.json", "{ \"log-opts\": { \"mode\": \"async\" } }", &["mode"]),
    good(
        "kubelet/1.34.json",
        "kubelet.yaml",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nevictionHard:\n  memory.available: 200Mi\nfeatureGates:\n  NodeSwap: true\nsyncFrequency: 1m30s\nauthentication:\n",
    ),
    bad(
        "kubelet/1.34.json",
        "faults.yaml",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nevictionhard: {}\nmaxPods: \"110\"\nfeatureGates:\n  NodeSwap: false\n  DynamicKubeletConfig: true\nsyncFrequency: 60\n",
        &["evictionhard", "maxPods", "DynamicKubeletConfig", "NodeSwap", "syncFrequency"],
    ),
    good(
        "crictl/maintained.json",
        "crictl.yaml",
        "runtime-endpoint: unix:///run/containerd/containerd.sock\ntimeout: \"10\"\n",
    ),
    bad(
        "crictl/maintained.json",
        "slip.yaml",
        "runtime_endpoint: unix:///run/containerd/containerd.sock\n",
        &["runtime_endpoint"],
    ),
];

const OPTIONS: &str = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_idle_timeout = \"4h0m0s\"\n\
    [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\n  runtime_type = \"io.containerd.runc.v2\"\n\
    [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options]\n  systemdCgroup = true\n\
    [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.kata]\n  runtime_type = \"io.containerd.kata.v2\"\n\
    [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.kata.options]\n  Anything = 1\n\
    [plugins.\"io.containerd.snapshotter.v1.stargz\"]\n  root_path = \"/data\"\n";

const fn good(schema: &'static str, file: &'static str, text: &'static str) -> Case {
    Case { schema, file, text, faults: &[] }
}

const fn bad(schema: &'static str, file: &'static str, text: &'static str, faults: &'static [&'static str]) -> Case {
    Case { schema, file, text, faults }
}

/// Installs the tools and runs them on all schemas and all cases.
pub fn test(root: &Path) -> Result<(), String> {
    let scratch = target_dir(root).join("schemas");
    let bin = tools::install(&scratch, &TOOLS)?;
    let schemas = root.join("schemas");
    check_schemas(&bin, &schemas)?;
    let mut runs = 0;
    for case in CASES {
        runs += check(&bin, &schemas, &scratch, case)?;
    }
    println!("schemas: {} files, {runs} runs of check-jsonschema, taplo and tombi as expected", CASES.len());
    Ok(())
}

/// All committed schemas are valid ones.
fn check_schemas(bin: &Path, schemas: &Path) -> Result<(), String> {
    let mut files = vec![];
    for folder in std::fs::read_dir(schemas).map_err(|e| e.to_string())?.flatten().filter(|e| e.path().is_dir()) {
        files.extend(std::fs::read_dir(folder.path()).map_err(|e| e.to_string())?.flatten().map(|e| e.path()));
    }
    run(Command::new(bin.join("check-jsonschema")).arg("--check-metaschema").args(files)).and_then(Outcome::accepted)
}

fn check(bin: &Path, schemas: &Path, scratch: &Path, case: &Case) -> Result<usize, String> {
    let folder = scratch.join("cases").join(case.schema.replace(['/', '.'], "-"));
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let file = folder.join(case.file);
    std::fs::write(&file, case.text).map_err(|e| e.to_string())?;
    let schema = schemas.join(case.schema);
    let url = format!("file://{}", schema.display());
    let mut runs = vec![run(Command::new(bin.join("check-jsonschema"))
        // A schema that refers to others by their place finds them here, not where they are published.
        .args(["--verbose", "--base-uri", &url, "--schemafile"])
        .arg(&schema)
        .arg(&file))?];
    // References to other files: taplo asks the network, tombi has none.
    if case.file.ends_with(".toml") && case.schema != "containerd/config.json" {
        runs.push(run(Command::new(bin.join("taplo")).args(["lint", "--schema", &url]).arg(&file))?);
        runs.push(tombi(bin, &folder, &url, &file)?);
    }
    let count = runs.len();
    for outcome in runs {
        let outcome = if case.faults.is_empty() { outcome.accepted() } else { outcome.refused(case.faults) };
        outcome.map_err(|e| format!("{} for {}: {e}", case.file, case.schema))?;
    }
    Ok(count)
}

/// tombi takes its schemas from its configuration.
fn tombi(bin: &Path, folder: &Path, url: &str, file: &Path) -> Result<Outcome, String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let config = format!("[[schemas]]\npath = \"{url}\"\ninclude = [\"{name}\"]\n");
    std::fs::write(folder.join("tombi.toml"), config).map_err(|e| e.to_string())?;
    run(Command::new(bin.join("tombi"))
        .args(["lint", "--offline", "--error-on-warnings"])
        .arg(file)
        .current_dir(folder))
}

/// The outcome of a tool, and what it printed.
struct Outcome {
    program: PathBuf,
    success: bool,
    text: String,
}

impl Outcome {
    fn accepted(self) -> Result<(), String> {
        if self.success { Ok(()) } else { Err(format!("{} refuses the file:\n{}", self.program.display(), self.text)) }
    }

    fn refused(self, faults: &[&str]) -> Result<(), String> {
        let missing: Vec<_> = faults.iter().filter(|f| !self.text.to_lowercase().contains(&f.to_lowercase())).collect();
        if self.success || !missing.is_empty() {
            return Err(format!("{} does not report {missing:?}:\n{}", self.program.display(), self.text));
        }
        Ok(())
    }
}

fn run(command: &mut Command) -> Result<Outcome, String> {
    let output = command.env("NO_COLOR", "1").output().map_err(|e| format!("{command:?}: {e}"))?;
    Ok(Outcome {
        program: command.get_program().into(),
        success: output.status.success(),
        text: format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)),
    })
}
