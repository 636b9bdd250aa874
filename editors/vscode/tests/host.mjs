// A node with a fault of each sort: one with a fix, one that a release refuses, one between two files.

/** Its files, by path. */
export function host() {
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
