// Nodes to open: one with a fault of each sort (with a fix, refused by a release, between two files), and the example.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const EXAMPLE = fileURLToPath(new URL("../../../examples/moved-from-docker", import.meta.url));

/** The files of the example with faults in many of them, by path. */
export function example() {
  const entries = readdirSync(EXAMPLE, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(EXAMPLE.length), readFileSync(path, "utf8")]));
}

/** The example with safe fixes in four files. */
export function fixable() {
  const files = example();
  const config = "/etc/containerd/config.toml";
  files.set(config, files.get(config).replace('stream_server_port = "10010"', "stream_server_port = 10010"));
  return files.set("/etc/containerd/conf.d/10-port.toml", 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  stream_server_port = 10011\n');
}

/** A node with a fault of each sort, its files by path. */
export function faulty() {
  return new Map([
    [
      "/etc/containerd/config.toml",
      `version = 2

[plugins."io.containerd.grpc.v1.cri"]
  stream_server_address = "0.0.0.0"
  stream_server_port = "10010"
  sandbox_image = "registry.k8s.io/pause:3.10"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = false

[plugins.cri]
  max_concurrent_downloads = 5
`,
    ],
    [
      "/var/lib/kubelet/config.yaml",
      `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: cgroupfs
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
`,
    ],
  ]);
}
