//! Names and values as Kubernetes' API machinery takes them.
//!
//! Source: kubernetes/apimachinery@v0.36.0:pkg/util/validation/validation.go.

/// Why a text is not a qualified name (`example.com/role`); nothing if it is one.
pub(crate) fn bad_qualified_name(text: &str) -> Option<&'static str> {
    let name = match text.split_once('/') {
        Some((_, name)) if name.contains('/') => return Some("more than one slash"),
        Some((prefix, _)) if !is_subdomain(prefix) => return Some("prefix part must be a lowercase DNS subdomain"),
        Some((_, name)) => name,
        None => text,
    };
    if name.is_empty() {
        return Some("name part must be non-empty");
    }
    bad_label(name)
}

/// Why a text is not the value of a label; nothing if it is one.
pub(crate) fn bad_label_value(text: &str) -> Option<&'static str> {
    if text.is_empty() { None } else { bad_label(text) }
}

const BAD_CHARACTERS: &str =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

fn bad_label(text: &str) -> Option<&'static str> {
    let ends = text.as_bytes().first().zip(text.as_bytes().last());
    let framed = ends.is_some_and(|(a, b)| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric());
    if text.len() > 63 {
        Some("must be no more than 63 characters")
    } else if !framed || !text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')) {
        Some(BAD_CHARACTERS)
    } else {
        None
    }
}

/// A DNS-1123 subdomain.
fn is_subdomain(text: &str) -> bool {
    let part = |part: &str| {
        let ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let ends = part.as_bytes().first().zip(part.as_bytes().last());
        ends.is_some_and(|(a, b)| ok(*a) && ok(*b)) && part.bytes().all(|b| ok(b) || b == b'-')
    };
    text.len() <= 253 && text.split('.').all(part)
}

/// Names of Kubernetes that a kubelet may set on its own node.
/// Source: kubernetes/kubelet@v0.31.0:pkg/apis/well_known_labels.go.
const OWN_NODE_LABELS: [&str; 11] = [
    "kubernetes.io/hostname",
    "kubernetes.io/os",
    "kubernetes.io/arch",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
    "beta.kubernetes.io/instance-type",
    "node.kubernetes.io/instance-type",
    "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch",
];

/// Whether a kubelet may give its node a label of this name: all but most names of Kubernetes.
/// Source: kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/options/options.go (`ValidateKubeletFlags`).
pub(crate) fn is_own_node_label(name: &str) -> bool {
    let prefix = name.split_once('/').map_or("", |(prefix, _)| prefix);
    let is_in = |domain: &str| prefix.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let is_reserved = is_in("kubernetes.io") || is_in("k8s.io");
    !is_reserved || OWN_NODE_LABELS.contains(&name) || is_in("kubelet.kubernetes.io") || is_in("node.kubernetes.io")
}

/// Whether Go's sloppy parser reads an IP address: leading zeros are allowed.
pub(crate) fn is_ip(text: &str) -> bool {
    let is_v4 = || {
        let parts: Vec<&str> = text.split('.').collect();
        let part = |p: &&str| {
            !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()) && p.parse::<u32>().is_ok_and(|n| n <= 255)
        };
        parts.len() == 4 && parts.iter().all(part)
    };
    is_v4() || text.parse::<std::net::Ipv6Addr>().is_ok()
}

/// Why a text is not a list of CPUs such as `0-3,8`, in the kubelet's words; nothing if it is one.
pub(crate) fn bad_cpu_list(text: &str) -> Option<String> {
    let number = |part: &str| part.strip_prefix('+').unwrap_or(part).parse::<u32>().ok();
    for range in text.split(',') {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        match (number(from), number(to)) {
            (Some(from), Some(to)) if from <= to => {}
            (Some(from), Some(to)) => return Some(format!("invalid range \"{range}\" ({from} > {to})")),
            (None, _) => return Some(format!("strconv.Atoi: parsing \"{from}\": invalid syntax")),
            (_, None) => return Some(format!("strconv.Atoi: parsing \"{to}\": invalid syntax")),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_as_kubernetes_judges_them() {
        for good in ["a", "node-role.kubernetes.io/master", "example.com/A_b.c"] {
            assert_eq!(bad_qualified_name(good), None, "{good}");
        }
        for bad in ["", "/a", "a/", "A.com/b", "a/b/c", "-a", "a b"] {
            assert!(bad_qualified_name(bad).is_some(), "{bad}");
        }
        assert_eq!(bad_label_value(""), None);
        assert!(bad_label_value("a b").is_some());
    }

    #[test]
    fn addresses_and_cpus_are_read_as_go_reads_them() {
        for good in ["10.96.0.10", "010.0.0.1", "::", "fd00::a"] {
            assert!(is_ip(good), "{good}");
        }
        for bad in ["", "10.96.0", "10.96.0.256", "dns", "[::1]", "10.0.0.1:53"] {
            assert!(!is_ip(bad), "{bad}");
        }
        for good in ["0", "0-3", "0,2-5,7"] {
            assert_eq!(bad_cpu_list(good), None, "{good}");
        }
        for bad in ["a-b", "3-0", "0, 1", "0-", "1,,2"] {
            assert!(bad_cpu_list(bad).is_some(), "{bad}");
        }
    }
}
