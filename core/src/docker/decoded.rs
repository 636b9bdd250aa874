//! The settings that dockerd works with, where they are not just those that the file writes.
//!
//! Names may be written twice. An object that Go's decoder reads into a struct is added to what the struct holds, field
//! by field; a map gets further entries, each a new one; the items of a list are decoded over those at the same places.
//! Null resets maps, lists, pointers and addresses, and leaves anything else as it is.
//! Source: `object`, `array`, `literalStore` of golang/go@go1.24.0:src/encoding/json/decode.go.
//!
//! Switches reach dockerd through its flags too, which read a text of any value: `true` in an object of any name, and
//! everything that is not a boolean, null at the top included, as false.
//! Source: moby/moby@docker-v29.7.2:daemon/config/config.go (`getConflictFreeConfiguration`),
//! spf13/pflag@v1.0.6:bool.go (`Set`); measured with 20.10.24, 24.0.9 and 29.7.2.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::docker::kind::{directive, is_flat};
use crate::go::boolean::parse_bool;
use crate::keys::{Place, Type, tables};
use crate::syntax::{Entry, Map, MapStyle, Node, Scalar, ScalarKind, Style, Value};
use crate::text::Span;

/// What dockerd holds of a file, if that differs from the file. Each value keeps the place where it is written.
pub(crate) fn decoded<'a>(root: &Node<'a>) -> Option<Node<'a>> {
    let switches = switches(root);
    if switches.is_empty() && !has_duplicates(root) {
        return None;
    }
    let mut held = None;
    put(&mut held, Some(tables::DOCKER.root()), root);
    let mut all = held?.into_node();
    if let Value::Map(map) = &mut all.value {
        let mut entries = std::mem::take(&mut map.entries);
        for switch in switches {
            let at_top = entries.iter().position(|entry| entry.key == switch.key);
            match at_top.and_then(|at| entries.get_mut(at)) {
                Some(entry) if entry.value.is_null() => *entry = switch,
                // Which of the two wins is random.
                Some(_) => {}
                None => entries.push(switch),
            }
        }
        *map = Map::new(entries, MapStyle::Inline, vec![]);
    }
    Some(all)
}

/// The switches that dockerd gets from elsewhere than a boolean at the top: from inside an object that it takes for
/// flags, or from null.
fn switches<'a>(root: &Node<'a>) -> Vec<Entry<'a>> {
    let mut found: Vec<Entry<'a>> = vec![];
    // Few names are switches, so that this stays short.
    let mut add = |entry: &Entry<'a>| match found.iter_mut().find(|known| known.key == entry.key) {
        Some(known) => *known = as_flag(entry),
        None => found.push(as_flag(entry)),
    };
    for entry in root.entries() {
        let is_last = || root.entry(&entry.key).is_some_and(|last| last.key_span == entry.key_span);
        if let Value::Map(map) = &entry.value.value {
            if is_flat(&entry.key).is_empty() && is_last() {
                map.entries.iter().filter(|child| is_switch(child)).for_each(&mut add);
            }
        } else if entry.value.is_null() && is_switch(entry) && is_last() {
            add(entry);
        }
    }
    found
}

/// Whether the name is that of a switch which dockerd does not read before its file.
pub(crate) fn is_switch(entry: &Entry<'_>) -> bool {
    let is_early = matches!(entry.key.as_ref(), "debug" | "tls" | "tlsverify");
    !is_early && directive(&entry.key).is_some_and(|key| key.ty() == Type::Bool && key.flag().is_some())
}

/// The value of a switch that a flag reads; nothing if it is not one, which counts as false.
pub(crate) fn switch_value(node: &Node<'_>) -> Option<bool> {
    let scalar = node.as_scalar()?;
    match scalar.kind {
        ScalarKind::Bool => node.as_bool(),
        ScalarKind::String => parse_bool(&scalar.text),
        ScalarKind::Integer | ScalarKind::Float => match scalar.text.parse::<f64>() {
            Ok(0.0) => Some(false),
            Ok(1.0) => Some(true),
            _ => None,
        },
        ScalarKind::Null | ScalarKind::Datetime => None,
    }
}

fn as_flag<'a>(entry: &Entry<'a>) -> Entry<'a> {
    let text = if switch_value(&entry.value) == Some(true) { "true" } else { "false" };
    let value = Scalar { text: Cow::Borrowed(text), kind: ScalarKind::Bool, style: Style::Plain };
    let value = Node { span: entry.value.span, value: Value::Scalar(value) };
    Entry { key: entry.key.clone(), key_span: entry.key_span, value }
}

/// Whether an object has a name twice, in any letter case.
fn has_duplicates(node: &Node<'_>) -> bool {
    let entries = node.entries();
    let mut names = HashSet::with_capacity(entries.len());
    entries.iter().any(|entry| !names.insert(entry.key.to_ascii_lowercase()) || has_duplicates(&entry.value))
        || node.items().iter().any(has_duplicates)
}

/// A value while Go decodes into it.
struct Held<'a> {
    span: Span,
    value: HeldValue<'a>,
}

enum HeldValue<'a> {
    /// Entries in the order of their last values, and their numbers by name.
    Map(Vec<Option<(Entry<'a>, Held<'a>)>>, HashMap<String, usize>),
    List(Vec<Option<Held<'a>>>),
    Leaf(Value<'a>),
}

impl<'a> Held<'a> {
    fn into_node(self) -> Node<'a> {
        let value = match self.value {
            HeldValue::Leaf(value) => value,
            HeldValue::List(items) => Value::Seq(items.into_iter().flatten().map(Self::into_node).collect()),
            HeldValue::Map(entries, _) => {
                let entry = |(entry, held): (Entry<'a>, Self)| Entry { value: held.into_node(), ..entry };
                Value::Map(Map::new(entries.into_iter().flatten().map(entry).collect(), MapStyle::Inline, vec![]))
            }
        };
        Node { span: self.span, value }
    }
}

/// Decodes a value over what is held in the same place of the struct.
fn put<'a>(held: &mut Option<Held<'a>>, place: Option<Place>, node: &Node<'a>) {
    let before = held.take().map(|held| held.value);
    let value = match (&node.value, before) {
        (Value::Map(map), before) => {
            // What Go holds without a type is replaced.
            let (mut entries, mut numbers) = match before {
                Some(HeldValue::Map(entries, numbers)) if place.is_some() => (entries, numbers),
                _ => (vec![], HashMap::new()),
            };
            map.entries.iter().for_each(|entry| put_entry(&mut entries, &mut numbers, place, entry));
            HeldValue::Map(entries, numbers)
        }
        (Value::Seq(items), before) => {
            let mut list = if let Some(HeldValue::List(list)) = before { list } else { vec![] };
            list.resize_with(items.len(), || None);
            let of_item = place.and_then(Place::item);
            for (slot, item) in list.iter_mut().zip(items) {
                // Null leaves texts as they are; items with a place are objects.
                if slot.is_none() || !item.is_null() || of_item.is_some() {
                    put(slot, of_item, item);
                }
            }
            HeldValue::List(list)
        }
        (value, _) => HeldValue::Leaf(value.clone()),
    };
    *held = Some(Held { span: node.span, value });
}

fn put_entry<'a>(
    entries: &mut Vec<Option<(Entry<'a>, Held<'a>)>>,
    numbers: &mut HashMap<String, usize>,
    place: Option<Place>,
    entry: &Entry<'a>,
) {
    let is_map = place.is_none_or(Place::is_free);
    // dockerd itself checks the names at the top, and exactly.
    let is_exact = is_map || place.is_some_and(|place| place.name().is_empty());
    let name = if is_exact { entry.key.to_string() } else { entry.key.to_ascii_lowercase() };
    let child =
        place.and_then(|place| if is_exact { place.child(&entry.key) } else { place.child_any_case(&entry.key) });
    let number = numbers.get(&name).copied();
    if number.is_some() && entry.value.is_null() && !resets(child) {
        return;
    }
    let before = number.and_then(|number| entries.get_mut(number)?.take());
    // A map gets a new element.
    let mut held = before.map(|(_, held)| held).filter(|_| !is_map);
    put(&mut held, child, &entry.value);
    if let Some(held) = held {
        numbers.insert(name, entries.len());
        let value = Node::missing(0);
        entries.push(Some((Entry { key: entry.key.clone(), key_span: entry.key_span, value }, held)));
    }
}

/// Whether null takes back what was set before.
fn resets(place: Option<Place>) -> bool {
    let Some(key) = place.and_then(Place::key) else { return true };
    match key.ty() {
        // The only pointer to a struct.
        Type::Table => key.path() == "builder.History",
        Type::Bool => matches!(key.path(), "tls" | "tlsverify"),
        // Addresses are slices of bytes.
        Type::String => matches!(key.path(), "ip" | "default-gateway" | "default-gateway-v6" | "host-gateway-ip"),
        Type::Int => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::docker::settings::{is_on, text, texts};
    use crate::syntax::{self, Format};

    use super::decoded;

    #[test]
    fn names_given_twice_are_merged_as_go_merges_them() {
        let read = |text| syntax::read(text, Format::Json).root;
        let root = read(
            r#"{
                "bip": "10.9.0.1/24", "bip": null, "ip": "10.9.0.1", "ip": null, "dns": ["a", "b"], "dns": [null],
                "log-opts": {"a": "1", "b": "1"}, "log-opts": {"b": "2"}, "labels": ["x=y"], "labels": null,
                "runtimes": {"k": {"path": "p"}}, "runtimes": {"k": {"PATH": "q", "path": null}},
                "default-address-pools": [{"base": "b", "size": 1}, {}], "default-address-pools": [{"size": 2}],
                "builder": {"gc": {"enabled": true}}, "builder": {"GC": {"policy": []}}
            }"#,
        );
        let all = decoded(&root).unwrap();
        assert_eq!(text(&all, "bip").unwrap().text, "10.9.0.1/24");
        assert!(text(&all, "ip").is_none() && texts(&all, "labels").is_empty());
        assert_eq!(texts(&all, "dns").iter().map(|item| item.text.as_ref()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(text(&all, "log-opts.a").unwrap().text, "1");
        assert_eq!(text(&all, "log-opts.b").unwrap().text, "2");
        assert_eq!(text(&all, "runtimes.k.path").unwrap().text, "q");
        let pools = all.get("default-address-pools").unwrap().items();
        assert_eq!((pools.len(), pools[0].get("size").unwrap().as_int()), (1, Some(2)));
        assert_eq!(pools[0].get("base").unwrap().as_str(), Some("b"));
        assert_eq!(is_on(&all, "builder.gc.enabled"), Some(true));
    }

    #[test]
    fn switches_are_read_as_flags() {
        for (text, on) in [
            (r#"{"x": {"icc": "false"}}"#, Some(false)),
            (r#"{"x": {"icc": 1}}"#, Some(true)),
            (r#"{"x": {"icc": []}}"#, Some(false)),
            (r#"{"icc": null}"#, Some(false)),
            (r#"{"icc": true, "icc": null}"#, Some(true)),
            (r#"{"icc": false, "x": {"icc": true}}"#, Some(false)),
            (r#"{"x": {"icc": false}, "x": {}}"#, None),
            (r#"{"features": {"icc": false}}"#, None),
        ] {
            let root = syntax::read(text, Format::Json).root;
            let all = decoded(&root).unwrap_or(root);
            assert_eq!(is_on(&all, "icc"), on, "{text}");
        }
        assert!(decoded(&syntax::read(r#"{"icc": true, "x": {"debug": true}}"#, Format::Json).root).is_none());
    }
}
