//! CRI endpoints as the kubelet and crictl read them: `unix:///run/containerd/containerd.sock`.

/// What is wrong with an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointFault {
    /// A path without `unix://`.
    NoScheme,
    /// `unix://run/...`: the first part of the path is read as a host name.
    TwoSlashes,
    /// Neither a Unix socket nor a Windows pipe.
    NotUnix,
    /// dockershim's socket, which no program serves since Kubernetes 1.24.
    Dockershim,
    /// Docker's own API, which is not CRI.
    Docker,
}

/// containerd's socket by default.
pub(crate) const CONTAINERD: &str = "unix:///run/containerd/containerd.sock";
/// cri-dockerd's socket, as its own unit names it.
pub(crate) const CRI_DOCKERD: &str = "unix:///run/cri-dockerd.sock";

/// What is wrong with an endpoint, worst first.
pub(crate) fn fault(endpoint: &str) -> Option<EndpointFault> {
    let socket = path(endpoint);
    match endpoint.split_once("://") {
        _ if socket.ends_with("/dockershim.sock") => Some(EndpointFault::Dockershim),
        _ if socket.ends_with("/docker.sock") => Some(EndpointFault::Docker),
        Some(("unix", path)) if !path.starts_with('/') => Some(EndpointFault::TwoSlashes),
        Some(("unix" | "npipe", _)) => None,
        Some(_) => Some(EndpointFault::NotUnix),
        None if endpoint.starts_with('/') => Some(EndpointFault::NoScheme),
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
pub(crate) fn recovered(endpoint: &str, fault: EndpointFault) -> Option<String> {
    match fault {
        EndpointFault::NoScheme => Some(format!("unix://{endpoint}")),
        EndpointFault::TwoSlashes => Some(endpoint.replacen("unix://", "unix:///", 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_distinguished() {
        for (endpoint, wanted) in [
            ("unix:///run/containerd/containerd.sock", None),
            ("npipe:////./pipe/containerd-containerd", None),
            ("/run/containerd/containerd.sock", Some(EndpointFault::NoScheme)),
            ("unix://run/containerd/containerd.sock", Some(EndpointFault::TwoSlashes)),
            ("tcp://127.0.0.1:2375", Some(EndpointFault::NotUnix)),
            ("unix:///var/run/dockershim.sock", Some(EndpointFault::Dockershim)),
            ("/var/run/docker.sock", Some(EndpointFault::Docker)),
            ("unix://var/run/dockershim.sock", Some(EndpointFault::Dockershim)),
            ("UNIX:///run/containerd/containerd.sock", Some(EndpointFault::NotUnix)),
            ("https://127.0.0.1", Some(EndpointFault::NotUnix)),
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
