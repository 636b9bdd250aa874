//! # `registries-endpoint-path`
//!
//! An endpoint in `registries.yaml` with a path that has no `/v2`.
//!
//! ## Why
//!
//! The path of an endpoint is the root of the registry's API, and nothing is added to it: for
//! `https://harbor.example/dockerhub` containerd asks `https://harbor.example/dockerhub/library/nginx/manifests/...`,
//! where no registry answers. The pull goes on to the registry itself, whose error is the one that the pod shows.
//!
//! ## What to do
//!
//! Write the path with the version, such as `https://harbor.example/v2/dockerhub`; or leave it out and let `rewrite`
//! put the project in front of the name of the image.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint:
//!       - https://harbor.example/dockerhub/
//!         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint:
//!       - "https://harbor.example/v2/dockerhub"
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint:
//!       - https://harbor.example/v2/dockerhub
//!       - https://artifacts.example/artifactory/api/docker/hub/v2
//!       - https://mirror.example/v2/
//!       - https://mirror.example/
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s#5502
//! - k3s-io/k3s@06ea261:pkg/agent/containerd/config.go (`normalizeEndpointAddress`)

use crate::distributions::registries::{self, endpoints, mirrors};
use crate::registry_hosts::url::Url;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registries-endpoint-path",
    summary: "Endpoint in `registries.yaml` with a path at which no registry answers",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for mirror in mirrors(cx.root) {
        for (node, text) in endpoints(mirror) {
            let Ok(url) = Url::parse_endpoint(text) else { continue };
            let path = url.clean_path();
            if !path.is_empty() && !path.split('/').any(|part| part == "v2") {
                report(cx, mirror, node, url, &path);
            }
        }
    }
}

fn report(cx: &mut FileCx, mirror: &Entry, node: &Node, url: Url, path: &str) {
    let scheme = url.scheme.map(|scheme| format!("{scheme}://")).unwrap_or_default();
    let new = format!("{scheme}{}/v2{path}", url.host);
    let project = path.trim_start_matches('/');
    let key = format!("{}.endpoint", cx.path_of(mirror));
    let fix = Fix::string(Applicability::Unsafe, node.span, &new);
    cx.report(node.span, format!("`{path}` is the root of the API, and has no `/v2`"))
        .harmful(Releases::ANY)
        .key(key)
        .why("containerd adds nothing to the path and asks for images right below it, where no registry answers.")
        .help(format!("Write {new}. Or leave the path out and set `rewrite` to `\"^(.*)$\": \"{project}/$1\"`."))
        .fix(fix);
}
