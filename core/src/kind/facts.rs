//! Facts that the files of a node contain, each with its value and its place.

use crate::kind::File;
use crate::syntax::Entry;
use crate::text::Span;

/// A value with its place; the last file that sets it wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<T>(Option<Placed<T>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Placed<T> {
    value: T,
    file: usize,
    span: Span,
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Fact<T> {
    /// The value.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|s| &s.value)
    }

    /// The value with its file and place.
    #[must_use]
    pub fn placed(&self) -> Option<(&T, usize, Span)> {
        self.0.as_ref().map(|s| (&s.value, s.file, s.span))
    }

    pub(crate) fn set(&mut self, file: &File<'_>, value: T, span: Span) {
        let file = file.index;
        self.0 = Some(Placed { value, file, span });
    }
}

impl Fact<String> {
    /// A string value.
    pub(crate) fn set_text(&mut self, file: &File<'_>, entry: Option<&Entry<'_>>) {
        if let Some(entry) = entry
            && let Some(text) = entry.value.as_str()
        {
            self.set(file, text.to_owned(), entry.value.span);
        }
    }

    /// Any value, as written.
    pub(crate) fn set_entry(&mut self, file: &File<'_>, entry: Option<&Entry<'_>>) {
        if let Some(entry) = entry {
            let text = entry.value.span.of(file.doc.text).to_owned();
            self.set(file, text, entry.key_span);
        }
    }
}

/// What the files of a node contain. A new kind fills these; rules over several files compare them.
#[derive(Debug, Default)]
pub struct Facts {
    /// containerd's configuration files.
    pub containerd: Vec<usize>,
    /// `hosts.toml` files.
    pub registry_hosts: Vec<usize>,
    /// `daemon.json` files.
    pub docker: Vec<usize>,
    /// KubeletConfiguration files.
    pub kubelet: Vec<usize>,

    /// containerd's sandbox (pause) image.
    pub sandbox_image: Fact<String>,
    /// Address of the CRI stream server.
    pub stream_address: Fact<String>,
    /// Where containerd looks for CNI plugins.
    pub cni_bin_dir: Fact<String>,
    /// Where containerd looks for CNI networks.
    pub cni_conf_dir: Fact<String>,
    /// Folder of the registry host namespaces.
    pub registry_config_path: Fact<String>,
    /// containerd's gRPC socket.
    pub containerd_socket: Fact<String>,
    /// `SystemdCgroup` of the default runtime.
    pub runtime_systemd_cgroup: Fact<bool>,
    /// The default runtime's table, where it is written without `SystemdCgroup`: its name.
    pub runtime_table: Fact<String>,

    /// Docker's listening addresses, as written.
    pub docker_hosts: Fact<String>,
    /// Docker's log options, as written.
    pub docker_log_opts: Fact<String>,
    /// Docker's data directory.
    pub docker_data_root: Fact<String>,
    /// `native.cgroupdriver` of Docker.
    pub docker_cgroup_driver: Fact<String>,
    /// `-H` on dockerd's command line.
    pub dockerd_host_flag: Fact<String>,

    /// The kubelet's cgroup driver in its file.
    pub kubelet_cgroup_driver: Fact<String>,
    /// The same as a flag, which wins.
    pub kubelet_cgroup_driver_flag: Fact<String>,
    /// The CRI socket in the kubelet's file.
    pub runtime_endpoint: Fact<String>,
    /// The same as a flag, which wins.
    pub runtime_endpoint_flag: Fact<String>,
    /// The kubelet's `--pod-infra-container-image`.
    pub infra_image_flag: Fact<String>,
    /// The kubelet's former `--cni-bin-dir`.
    pub cni_bin_dir_flag: Fact<String>,
    /// The kubelet's former `--cni-conf-dir`.
    pub cni_conf_dir_flag: Fact<String>,
    /// Size at which container logs are rotated, as written.
    pub log_max_size: Fact<String>,
    /// How many rotated container logs are kept, as written.
    pub log_max_files: Fact<String>,

    /// crictl's socket for pods and containers.
    pub crictl_runtime_endpoint: Fact<String>,
    /// crictl's socket for images.
    pub crictl_image_endpoint: Fact<String>,
}

impl Facts {
    /// The CRI socket that the kubelet uses: its flag wins over its file.
    #[must_use]
    pub fn kubelet_endpoint(&self) -> &Fact<String> {
        if self.runtime_endpoint_flag.get().is_some() { &self.runtime_endpoint_flag } else { &self.runtime_endpoint }
    }

    /// Whether the kubelet talks to Docker, by its endpoint or by the lack of containerd.
    #[must_use]
    pub fn kubelet_uses_docker(&self) -> bool {
        match self.kubelet_endpoint().get() {
            Some(endpoint) => endpoint.contains("docker"),
            None => self.containerd.is_empty() && !self.docker.is_empty(),
        }
    }
}
