//! containerd: the daemon's own struct, the plugins with their configurations, and hosts.toml.

use super::eval::{Value, eval};
use super::go::{Body, Expr, Type};
use super::keys::{Found, Reader};
use super::packages::{Packages, Scope};

/// The keys of `config.toml` in the newest config version that the release has.
pub fn config(packages: &mut Packages<'_>, short_ids: bool) -> Result<Vec<Found>, String> {
    let folders = ["cmd/containerd/server/config", "services/server/config", "server/config", "server"];
    let root = folders.iter().find_map(|folder| {
        let package = packages.package(folder);
        let (file, _) = package.iter().find(|(_, file)| file.types.contains_key("Config"))?;
        Some(Scope { folder: (*folder).to_owned(), file: file.clone() })
    });
    let root = root.ok_or("no `Config` of the server")?;
    let default = server_defaults(packages);
    let options = shim_options(packages);
    let mut reader = Reader { packages, tag: "toml", inside: options, found: vec![] };
    reader.fields(&Type::Named(None, "Config".into()), &root, &[], &default);
    let files = reader.packages.source.containing("Registration{");
    for path in files.iter().filter(|path| is_part_of_daemon(path)) {
        let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
        let package = reader.packages.package(folder);
        let Some((file, parsed)) = package.iter().find(|(file, _)| file == path) else { continue };
        let scope = Scope { folder: folder.to_owned(), file: file.clone() };
        for body in parsed.functions.values() {
            for literal in &body.expressions {
                register(&mut reader, &scope, body, literal, short_ids);
            }
        }
    }
    Ok(reader.found)
}

/// The keys of `hosts.toml`, for a host.
pub fn hosts(packages: &mut Packages<'_>) -> Vec<Found> {
    let folders = ["core/remotes/docker/config", "remotes/docker/config"];
    let mut reader = Reader { packages, tag: "toml", inside: vec![], found: vec![] };
    for folder in folders {
        let package = reader.packages.package(folder);
        if let Some((file, _)) = package.iter().find(|(_, file)| file.types.contains_key("hostFileConfig")) {
            let scope = Scope { folder: folder.to_owned(), file: file.clone() };
            let path = ["host".to_owned(), "*".to_owned()];
            reader.fields(&Type::Named(None, "hostFileConfig".into()), &scope, &path, &Value::Unknown);
        }
    }
    reader.found
}

fn is_part_of_daemon(path: &str) -> bool {
    // The CRI plugin of old releases and some snapshotters are vendored.
    let foreign = path.starts_with("vendor/") && !path.starts_with("vendor/github.com/containerd/");
    !foreign && !path.contains("/example") && !path.contains("shim/") && !path.ends_with("_test.go")
}

/// The defaults that the daemon sets before it reads the file.
fn server_defaults(packages: &mut Packages<'_>) -> Value {
    for folder in ["cmd/containerd/command", "cmd/containerd"] {
        let package = packages.package(folder);
        for (file, parsed) in package.iter() {
            if let Some(body) =
                parsed.functions.get("platformAgnosticDefaultConfig").or_else(|| parsed.functions.get("defaultConfig"))
            {
                let scope = Scope { folder: folder.to_owned(), file: file.clone() };
                let returned = body.returned.last().map(|expr| eval(packages, &scope, Some(body), expr));
                if let Some(value @ Value::Fields(..)) = returned {
                    return value;
                }
            }
        }
    }
    Value::Unknown
}

/// The options of runc's shim and of shims in general, which the tables of runtimes hold.
fn shim_options(packages: &mut Packages<'_>) -> Vec<(Vec<&'static str>, Type, Scope)> {
    let files = packages.source.containing("type Options struct");
    let of = |end: &str| {
        let file = files.iter().find(|path| path.ends_with(end))?;
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let scope = Scope { folder, file: file.clone() };
        Some((vec!["runtimes", "*", "options"], Type::Named(None, "Options".into()), scope))
    };
    [of("runc/options/oci.pb.go"), of("runtimeoptions/v1/api.pb.go")].into_iter().flatten().collect()
}

/// Reads the configuration of a plugin if the literal is a `Registration{...}` that has one.
fn register(reader: &mut Reader<'_, '_>, scope: &Scope, body: &Body, literal: &Expr, short_ids: bool) {
    let Expr::Composite(Some(Type::Named(_, registration)), _) = literal else { return };
    if registration != "Registration" {
        return;
    }
    let text =
        |reader: &mut Reader<'_, '_>, field| match eval(reader.packages, scope, Some(body), literal.field(field)?) {
            Value::Text(text) => Some(text),
            _ => None,
        };
    let (Some(ty), Some(id)) = (text(reader, "Type"), text(reader, "ID")) else { return };
    let Some(config) = literal.field("Config") else { return };
    let name = if short_ids { id } else { format!("{ty}.{id}") };
    let path = ["plugins".to_owned(), name];
    let value = eval(reader.packages, scope, Some(body), config);
    if let Some((ty, scope)) = type_of(reader.packages, scope, Some(body), config, &value) {
        reader.fields(&ty, &scope, &path, &value);
    }
}

/// The type of a plugin's configuration: of the literal, or of the result of a function.
fn type_of(
    packages: &mut Packages<'_>,
    scope: &Scope,
    body: Option<&Body>,
    expr: &Expr,
    value: &Value,
) -> Option<(Type, Scope)> {
    if let Value::Fields(Some(typed), _) = value {
        return Some(typed.clone());
    }
    match expr {
        Expr::Address(inner) => type_of(packages, scope, body, inner, value),
        Expr::Composite(ty, _) => Some((ty.clone()?, scope.clone())),
        Expr::Name(package, name) => match body.and_then(|body| body.assigned(name)).filter(|_| package.is_none()) {
            Some(local) => type_of(packages, scope, body, local, value),
            None => {
                let found = packages.value(scope, package.as_deref(), name)?;
                type_of(packages, &found.scope, None, &found.item, value)
            }
        },
        Expr::Call(function, _) => {
            let Expr::Name(package, name) = &**function else { return None };
            let found = packages.result(scope, package.as_deref(), name)?;
            Some((found.item, found.scope))
        }
        _ => None,
    }
}

/// The config version that a release writes natively: from this containerd release on.
pub fn native_version(release: &str) -> u8 {
    let numbers: Vec<u32> = release.split('.').filter_map(|n| n.parse().ok()).collect();
    match numbers.as_slice() {
        [1, 0..=2, ..] => 1,
        [1, ..] => 2,
        [2, 0..=2, ..] => 3,
        _ => 4,
    }
}
