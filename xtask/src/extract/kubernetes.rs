//! The kubelet: the fields of KubeletConfiguration, its flags, and feature gates.

use std::collections::{BTreeMap, BTreeSet};

use super::eval::{Value, eval};
use super::go::{Body, Expr, Type};
use super::keys::{Found, Reader};
use super::packages::{Packages, Scope};

/// The fields of KubeletConfiguration, in the repository of Kubernetes or of its kubelet module.
pub fn configuration(packages: &mut Packages<'_>) -> Result<Vec<Found>, String> {
    let folders = ["staging/src/k8s.io/kubelet/config/v1beta1", "config/v1beta1", "pkg/kubelet/apis/config/v1beta1"];
    let root = folders.iter().find_map(|folder| {
        let package = packages.package(folder);
        let (file, _) = package.iter().find(|(_, file)| file.types.contains_key("KubeletConfiguration"))?;
        Some(Scope { folder: (*folder).to_owned(), file: file.clone() })
    });
    let root = root.ok_or("no `KubeletConfiguration`")?;
    let mut reader = Reader { packages, tag: "json", inside: vec![], found: vec![] };
    reader.fields(&Type::Named(None, "KubeletConfiguration".into()), &root, &[], &Value::Unknown);
    // `apiVersion` and `kind` come with the embedded TypeMeta.
    reader.found.retain(|found| !matches!(found.path.first().map(String::as_str), Some("apiVersion" | "kind")));
    Ok(reader.found)
}

/// A stage of a feature gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub kind: String,
    pub default: bool,
    pub locked: bool,
}

/// The feature gates of a tag with the stage that they are in.
pub fn gates(packages: &mut Packages<'_>) -> BTreeMap<String, Stage> {
    const FOLDERS: [&str; 6] = [
        "pkg/features",
        "staging/src/k8s.io/apiserver/pkg/features",
        "staging/src/k8s.io/apiextensions-apiserver/pkg/features",
        "staging/src/k8s.io/component-base/logs/api/v1",
        "staging/src/k8s.io/component-base/metrics/features",
        "logs/api/v1",
    ];
    let mut out = BTreeMap::new();
    for folder in FOLDERS {
        let package = packages.package(folder);
        for (path, file) in package.iter() {
            let scope = Scope { folder: folder.to_owned(), file: path.clone() };
            for value in file.values.values() {
                if let Expr::Composite(Some(Type::Map(..)), elements) = value {
                    table(packages, &scope, elements, &mut out);
                }
            }
        }
    }
    out
}

/// `map[featuregate.Feature]featuregate.FeatureSpec{...}`, or with a list of specs by version, the last one in force.
fn table(
    packages: &mut Packages<'_>,
    scope: &Scope,
    elements: &[(Option<Expr>, Expr)],
    out: &mut BTreeMap<String, Stage>,
) {
    for (key, value) in elements {
        let Some(Value::Text(name)) = key.as_ref().map(|key| eval(packages, scope, None, key)) else { continue };
        let spec = match value {
            Expr::Composite(_, items) if items.iter().all(|(key, _)| key.is_none()) => {
                items.last().map(|(_, spec)| spec)
            }
            spec => Some(spec),
        };
        let field = |name: &str| spec?.field(name);
        let on = |name: &str| field(name) == Some(&Expr::Name(None, "true".into()));
        let kind = match field("PreRelease") {
            Some(Expr::Name(_, kind)) => kind.clone(),
            _ => continue,
        };
        out.insert(name, Stage { kind, default: on("Default"), locked: on("LockToDefault") });
    }
}

/// The flags that the kubelet registers: the name is the second argument of `fs.StringVar(&c.Field, "name", ...)`.
pub fn flags(packages: &mut Packages<'_>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for folder in ["cmd/kubelet/app/options", "pkg/kubelet/config"] {
        let package = packages.package(folder);
        for (path, file) in package.iter() {
            if !path.ends_with("options.go") && !path.ends_with("flags.go") && !path.ends_with("globalflags.go") {
                continue;
            }
            for (set, method, arguments) in file.functions.values().flat_map(Body::calls) {
                if matches!(set, "fs" | "mainfs" | "flags")
                    && method.contains("Var")
                    && let Some(Expr::Text(name)) = arguments.get(1)
                {
                    out.insert(name.clone());
                }
            }
        }
    }
    out
}
