//! CRI endpoints as the kubelet and crictl read them: `unix:///run/containerd/containerd.sock`.

use crate::releases::Releases;

/// What is wrong with an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A path without `unix://`.
    NoScheme,
    /// `unix://run/...`: the first part of the path is taken for a host name.
    TwoSlashes,
    /// Neither a Unix socket nor a Windows pipe.
    NotUnix,
    /// dockershim's socket, which nobody serves since Kubernetes 1.24.
    Dockershim,
    /// Docker's own API, which is no CRI.
    Docker,
}

/// The releases without dockershim.
pub(crate) const NO_DOCKERSHIM: Releases = Releases::kubernetes("1.24..");
/// containerd's socket where nobody moved it.
pub(crate) const CONTAINERD: &str = "unix:///run/containerd/containerd.sock";
/// cri-dockerd's socket, as its own unit names it.
pub(crate) const CRI_DOCKERD: &str = "unix:///run/cri-dockerd.sock";

/// What is wrong with an endpoint, worst first.
pub(crate) fn fault(endpoint: &str) -> Option<Fault> {
    let socket = path(endpoint);
    match endpoint.split_once("://") {
        _ if socket.ends_with("/dockershim.sock") => Some(Fault::Dockershim),
        _ if socket.ends_with("/docker.sock") => Some(Fault::Docker),
        Some(("unix", path)) if !path.starts_with('/') => Some(Fault::TwoSlashes),
        Some(("unix" | "npipe", _)) => None,
        Some(_) => Some(Fault::NotUnix),
        None if endpoint.starts_with('/') => Some(Fault::NoScheme),
        None => None,
    }
}

/// The socket's path, with `/var/run` written as the `/run` that it links to.
pub(crate) fn path(endpoint: &str) -> &str {
    let path = endpoint.strip_prefix("unix://").unwrap_or(endpoint);
    match path.strip_prefix("/var") {
        Some(rest) if rest.starts_with("/run/") => rest,
        _ => path,
    }
}

/// The endpoint in its full form, where the fault leaves no doubt about it.
pub(crate) fn mended(endpoint: &str, fault: Fault) -> Option<String> {
    match fault {
        Fault::NoScheme => Some(format!("unix://{endpoint}")),
        Fault::TwoSlashes => Some(endpoint.replacen("unix://", "unix:///", 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_told_apart() {
        for (endpoint, wanted) in [
            ("unix:///run/containerd/containerd.sock", None),
            ("npipe:////./pipe/containerd-containerd", None),
            ("/run/containerd/containerd.sock", Some(Fault::NoScheme)),
            ("unix://run/containerd/containerd.sock", Some(Fault::TwoSlashes)),
            ("tcp://127.0.0.1:2375", Some(Fault::NotUnix)),
            ("unix:///var/run/dockershim.sock", Some(Fault::Dockershim)),
            ("/var/run/docker.sock", Some(Fault::Docker)),
            ("unix://var/run/dockershim.sock", Some(Fault::Dockershim)),
            ("UNIX:///run/containerd/containerd.sock", Some(Fault::NotUnix)),
            ("https://127.0.0.1", Some(Fault::NotUnix)),
            ("unix:/run/containerd/containerd.sock", None),
            ("containerd.sock", None),
            ("", None),
        ] {
            assert_eq!(fault(endpoint), wanted, "{endpoint}");
        }
        assert_eq!(path("unix:///var/run/containerd/containerd.sock"), path("/run/containerd/containerd.sock"));
        assert_eq!(path("/variable/x"), "/variable/x");
    }
}
