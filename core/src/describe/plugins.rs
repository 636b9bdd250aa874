//! containerd's plugins, by URI and by the names of config version 1.

use super::Description;
use crate::containerd::plugin_uri;
use crate::containerd::plugins::{Plugin, of_short_name};
use crate::releases::Product;

/// Describes a plugin of containerd.
#[must_use]
pub fn plugin(plugin: &Plugin) -> Description {
    const PRODUCT: Product = Product::Containerd;
    let mut out = Description { title: plugin.uri.to_owned(), doc: plugin.doc, facts: vec![], source: plugin.source };
    out.add("type", "a plugin");
    out.add("releases", format!("{} {}", PRODUCT.title(), plugin.releases().describe(PRODUCT)));
    let short = plugin.by_short_name();
    if !short.is_empty() {
        let name = plugin_uri::short(plugin.uri);
        let set = if short == plugin.releases() { String::new() } else { format!(", in {}", short.describe(PRODUCT)) };
        out.add("short name", format!("`{name}` in config version 1{set}"));
    }
    if !plugin.needed().is_empty() {
        let cri = plugin.serves_cri();
        let cri_effect = match cri.describe(PRODUCT).as_str() {
            "" => String::new(),
            _ if cri == plugin.needed() => ", the CRI plugin among them".to_owned(),
            set => format!(", the CRI plugin among them in {set}"),
        };
        let set = plugin.needed().describe(PRODUCT);
        out.add("turned off", format!("keeps other plugins from loading in {set}{cri_effect}"));
    }
    out
}

/// Describes a name of config version 1, if a plugin goes by it.
#[must_use]
pub fn short_plugin(name: &str) -> Option<Description> {
    let all: Vec<&Plugin> = of_short_name(name).collect();
    let first = all.first()?;
    let mut out = Description { title: name.to_owned(), facts: vec![], ..plugin(first) };
    if all.len() > 1 {
        out.doc = "Stands for more than one plugin of containerd.";
    }
    out.add("type", "a plugin");
    for plugin in all {
        let set = plugin.by_short_name().describe(Product::Containerd);
        out.add("stands for", format!("`{}` in {set}", plugin.uri));
    }
    Some(out)
}
