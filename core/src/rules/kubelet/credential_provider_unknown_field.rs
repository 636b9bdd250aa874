//! # `credential-provider-unknown-field`
//!
//! A field of a CredentialProviderConfig that the kubelet does not have, or an image pattern that no image matches.
//!
//! ## Why
//!
//! Up to 1.32 the kubelet silently drops an unknown field; later releases decode the file strictly and do not start.
//! `matchImages` are compared without a scheme: with `https://` in front they match no image, and the program is never
//! asked.
//!
//! ## What to do
//!
//! Correct the name; write the host alone.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/kubernetes/credential-provider.yaml
//! apiVersion: kubelet.config.k8s.io/v1
//! kind: CredentialProviderConfig
//! providers:
//!   - name: ecr
//!     matchImages: ["*.dkr.ecr.*.amazonaws.com"]
//!     defaultCacheDuration: 12h
//!     apiVersion: credentialprovider.kubelet.k8s.io/v1
//!     arguments: [get-credentials]
//!     ^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! --- /etc/kubernetes/credential-provider.yaml
//! apiVersion: kubelet.config.k8s.io/v1
//! kind: CredentialProviderConfig
//! providers:
//!   - name: ecr
//!     matchImages:
//!       - https://registry.example
//!         ^^^^^^^^^^^^^^^^^^^^^^^^
//!     defaultCacheDuration: 12h
//!     apiVersion: credentialprovider.kubelet.k8s.io/v1
//! ```
//!
//! ```yaml fixed
//! --- /etc/kubernetes/credential-provider.yaml
//! apiVersion: kubelet.config.k8s.io/v1
//! kind: CredentialProviderConfig
//! providers:
//!   - name: ecr
//!     matchImages:
//!       - "registry.example"
//!     defaultCacheDuration: 12h
//!     apiVersion: credentialprovider.kubelet.k8s.io/v1
//! ```
//!
//! ```yaml good
//! --- /etc/kubernetes/credential-provider.yaml
//! apiVersion: kubelet.config.k8s.io/v1
//! kind: CredentialProviderConfig
//! providers:
//!   - name: ecr
//!     matchImages: ["registry.example:5000/team", "*.*.registry.example"]
//!     defaultCacheDuration: 0s
//!     apiVersion: credentialprovider.kubelet.k8s.io/v1
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/credentialprovider/plugin/plugin.go (`codecs`), kubernetes/kubernetes#127940
//! - kubernetes/kubernetes@v1.36.0:pkg/credentialprovider/keyring.go (`ParseSchemelessURL`)

use crate::keys::{Binding, Bound, KeySpec, tables_around};
use crate::kind::unknown_name::NameGuess;
use crate::kubelet::credential_provider::{self, providers};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "credential-provider-unknown-field",
    summary: "Field or image pattern in a CredentialProviderConfig that has no effect",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&credential_provider::KIND], check),
    ..Rule::DEFAULTS
};

const DECODES_STRICTLY: Releases = Releases::kubernetes("1.33..");
const DROPS_UNKNOWN: Releases = Releases::kubernetes("..1.32");
/// Has credential providers at all.
const HAS_PROVIDERS: Releases = Releases::kubernetes("1.20..");

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        if bound.binding == Binding::Unknown {
            report_unknown(cx, bound);
        } else if let Some(spec) = bound.key() {
            report_later(cx, bound, spec);
        }
    }
    for provider in providers(cx.root) {
        for image in provider.get("matchImages").map(Node::items).unwrap_or_default() {
            if let Some((_, host)) = image.as_str().and_then(|text| text.split_once("://")) {
                cx.report(image.span, "image names have no scheme: this matches none of them")
                    .ignored(Releases::ANY)
                    .key("matchImages")
                    .why("The kubelet never asks this program for credentials.")
                    .help(format!("Write `{host}`."))
                    .fix(Fix::string(Applicability::Unsafe, image.span, host));
            }
        }
    }
}

/// A field that came later is unknown before; what stands below it is not reported again.
fn report_later(cx: &mut FileCx, bound: &Bound, spec: &KeySpec) {
    let lacking = |spec: &KeySpec| Releases::ANY.with(Product::Kubernetes, spec.releases().complement());
    let above = tables_around(cx.bound, bound).filter_map(Bound::key);
    let missing = above.fold(lacking(spec), |missing, spec| missing.and(without(lacking(spec))));
    if missing.and(HAS_PROVIDERS).and(cx.releases()).is_empty() {
        return;
    }
    let first = spec.releases().first(Product::Kubernetes).unwrap_or_default();
    cx.report_key(bound.entry, format!("the kubelet has `{}` from {first} on", bound.entry.key))
        .refused(missing.and(DECODES_STRICTLY))
        .ignored(missing.and(DROPS_UNKNOWN))
        .why(WHY)
        .help("Set it once all nodes have that release.");
}

/// The other releases of Kubernetes.
fn without(releases: Releases) -> Releases {
    Releases::ANY.with(Product::Kubernetes, releases.get(Product::Kubernetes).complement())
}

fn report_unknown(cx: &mut FileCx, bound: &Bound) {
    let guess = NameGuess::by_spelling(cx, bound);
    let known: Vec<&str> = bound.within.children().map(|place| place.name()).filter(|name| *name != "[]").collect();
    let help = match guess.name {
        Some(name) => format!("Did you mean `{name}`?"),
        None => format!("Remove it. The kubelet reads {} here.", known.join(", ")),
    };
    let fix = guess.fix(cx, bound);
    cx.report_key(bound.entry, format!("the kubelet does not have a field `{}` here", bound.entry.key))
        .refused(DECODES_STRICTLY)
        .ignored(DROPS_UNKNOWN)
        .why(WHY)
        .help(help)
        .maybe_fix(fix);
}

const WHY: &str = "Up to 1.32 the kubelet silently drops the field; from 1.33 on it does not start: `strict decoding \
    error: unknown field`.";
