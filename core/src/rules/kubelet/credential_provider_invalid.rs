//! # `credential-provider-invalid`
//!
//! A CredentialProviderConfig with which the kubelet does not start.
//!
//! ## Why
//!
//! The kubelet checks the file before it starts: `failed to validate credential provider config`. Each provider needs a
//! name of its own, `apiVersion`, `matchImages` and `defaultCacheDuration`; `tokenAttributes` need the audience,
//! `requireServiceAccount` and, from 1.34 on, `cacheType`, in version v1 alone.
//!
//! ## What to do
//!
//! Add or correct the field.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/kubernetes/credential-provider.yaml
//! apiVersion: kubelet.config.k8s.io/v1
//! kind: CredentialProviderConfig
//! providers:
//!   - name: ecr-credential-provider
//!     ^^^^
//!     matchImages: ["*.dkr.ecr.*.amazonaws.com"]
//!     apiVersion: credentialprovider.kubelet.k8s.io/v1
//! ```
//!
//! ```yaml bad
//! --- /etc/kubernetes/credential-provider.yaml
//! apiVersion: kubelet.config.k8s.io/v1
//! kind: CredentialProviderConfig
//! providers:
//!   - name: ecr
//!     matchImages: ["*.dkr.ecr.*.amazonaws.com"]
//!     defaultCacheDuration: 12h
//!     apiVersion: kubelet.config.k8s.io/v1
//!                 ^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad kubernetes=1.25
//! --- /etc/kubernetes/credential-provider.yaml
//! apiVersion: kubelet.config.k8s.io/v1
//!             ^^^^^^^^^^^^^^^^^^^^^^^^
//! kind: CredentialProviderConfig
//! providers:
//!   - name: ecr
//!     matchImages: ["*.dkr.ecr.*.amazonaws.com"]
//!     defaultCacheDuration: 12h
//!     apiVersion: credentialprovider.kubelet.k8s.io/v1beta1
//! ```
//!
//! ```yaml good
//! --- /etc/kubernetes/credential-provider.yaml
//! apiVersion: kubelet.config.k8s.io/v1
//! kind: CredentialProviderConfig
//! providers:
//!   - name: ecr-credential-provider
//!     matchImages: ["*.dkr.ecr.*.amazonaws.com", "public.ecr.aws"]
//!     defaultCacheDuration: 12h0m0s
//!     apiVersion: credentialprovider.kubelet.k8s.io/v1
//!     args: [get-credentials]
//!     env: [{ name: AWS_PROFILE, value: node }]
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/credentialprovider/plugin/config.go (`validateCredentialProviderConfig`)

use crate::go::duration::duration;
use crate::keys::type_fault::TypeFault;
use crate::kubelet::credential_provider::{self, filled, providers};
use crate::kubelet::settings::kubernetes;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "credential-provider-invalid",
    summary: "CredentialProviderConfig with which the kubelet does not start",
    run: Run::File(&[&credential_provider::KIND], check),
    ..Rule::DEFAULTS
};

/// Has `tokenAttributes`, and the releases among them that need a `cacheType`.
const HAS_TOKENS: Releases = Releases::kubernetes("1.33..");
const NEEDS_CACHE_TYPE: Releases = Releases::kubernetes("1.34..");

fn check(cx: &mut FileCx) {
    if !cx.doc().problems.is_empty() {
        return;
    }
    check_values(cx);
    let root = cx.root;
    match (root.entry("providers"), root.entries().first()) {
        (Some(entry), _)
            if entry.value.is_null() || entry.value.items().is_empty() && entry.value.entries().is_empty() =>
        {
            report(cx, entry.key_span, "providers", "`providers` is empty", Releases::ANY);
        }
        (None, Some(first)) => report(cx, first.key_span, "providers", "there are no `providers`", Releases::ANY),
        _ => {}
    }
    if root.entry("apiVersion").is_none()
        && let Some(kind) = root.entry("kind")
    {
        report(cx, kind.key_span, "apiVersion", "there is no `apiVersion`", Releases::ANY);
    }
    let mut names: Vec<&str> = vec![];
    for provider in providers(root) {
        check_provider(cx, provider, &mut names);
    }
}

/// Types, durations, and values of which upstream has a list.
fn check_values(cx: &mut FileCx) {
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        let entry = bound.entry;
        let releases = Releases::only(Product::Kubernetes, key.releases());
        if let Some(fault) = TypeFault::of(bound, key).filter(|fault| !fault.node.is_null()) {
            let message = fault.message(cx.doc().text);
            report(cx, fault.node.span, key.leaf(), &message, releases);
            continue;
        }
        let Some(text) = entry.value.as_str().filter(|text| !text.is_empty()) else { continue };
        if key.format() == "duration" && duration(text).is_err() {
            report(cx, entry.value.span, key.leaf(), &format!("`{text}` is not a duration"), releases);
        } else if key.values_enforced() {
            let has = key.values_by_release().find(|(value, _)| *value == text).map(|(_, releases)| releases);
            let missing = key.releases().without(has.unwrap_or_default());
            let message = match has {
                Some(_) => unknown(cx, &entry.key, text, missing),
                None => format!("`{text}` is not a value of `{}`", entry.key),
            };
            report(cx, entry.value.span, key.leaf(), &message, kubernetes(missing));
        }
    }
}

fn unknown(cx: &FileCx, key: &str, text: &str, missing: ReleaseSet) -> String {
    let lacking = missing.and(cx.releases().get(Product::Kubernetes)).describe(Product::Kubernetes);
    format!("Kubernetes {lacking} does not have the `{key}` `{text}`")
}

fn check_provider<'t>(cx: &mut FileCx, provider: &'t Node<'t>, names: &mut Vec<&'t str>) {
    let Some(place) = provider.entries().first().map(|first| first.key_span) else { return };
    for key in ["name", "matchImages", "defaultCacheDuration", "apiVersion"] {
        if filled(provider, key).is_none() {
            let span = provider.entry(key).map_or(place, |entry| entry.key_span);
            report(cx, span, key, &format!("the provider has no `{key}`"), Releases::ANY);
        }
    }
    if let Some(name) = filled(provider, "name")
        && let Some(text) = name.value.as_str()
    {
        if text.contains(['/', ' ']) || text == "." || text == ".." {
            report(cx, name.value.span, "name", &format!("`{text}` is not the name of a program"), Releases::ANY);
        } else if names.contains(&text) {
            report(cx, name.value.span, "name", &format!("two providers have the name `{text}`"), Releases::ANY);
        }
        names.push(text);
    }
    let cache = filled(provider, "defaultCacheDuration");
    if let Some(entry) = cache.filter(|entry| entry.value.as_str().is_some_and(|text| text.starts_with('-'))) {
        report(cx, entry.value.span, "defaultCacheDuration", "the duration is negative", Releases::ANY);
    }
    if let Some(tokens) = provider.entry("tokenAttributes").filter(|tokens| tokens.value.as_map().is_some()) {
        check_tokens(cx, provider, tokens);
    }
}

fn check_tokens(cx: &mut FileCx, provider: &Node, tokens: &Entry) {
    let needed = [
        ("serviceAccountTokenAudience", HAS_TOKENS),
        ("requireServiceAccount", HAS_TOKENS),
        ("cacheType", NEEDS_CACHE_TYPE),
    ];
    for (key, releases) in needed {
        if filled(&tokens.value, key).is_none() {
            report(cx, tokens.key_span, key, &format!("`tokenAttributes` have no `{key}`"), releases);
        }
    }
    let version = filled(provider, "apiVersion").and_then(|entry| entry.value.as_str()).unwrap_or_default();
    if !version.is_empty() && !version.ends_with("/v1") {
        let message = format!("`tokenAttributes` are of version v1, not of `{version}`");
        report(cx, tokens.key_span, "tokenAttributes", &message, HAS_TOKENS);
    }
}

fn report(cx: &mut FileCx, span: Span, key: &str, message: &str, releases: Releases) {
    cx.report(span, message)
        .refused(releases)
        .key(key)
        .why("The kubelet does not start: `failed to register CRI auth plugins`, with the field and the reason.")
        .help(help(key));
}

fn help(key: &str) -> &'static str {
    match key {
        "matchImages" => "List the hosts of the images, such as `*.dkr.ecr.*.amazonaws.com`.",
        "defaultCacheDuration" => "Write a duration with its unit, such as `12h` or `0s`.",
        "apiVersion" => {
            "The file is of `kubelet.config.k8s.io/v1`, a provider of `credentialprovider.kubelet.k8s.io/v1`; v1beta1 \
             for releases before 1.26."
        }
        "name" => "Write the name of a program in the folder of the providers, once.",
        "cacheType" => "Write `ServiceAccount` or `Token`.",
        _ => "Correct it, or remove what does not belong here.",
    }
}
