//! What editors ask, as JSON.

use crilint_core::ide::{self, Action, ActionKind, Completion, Hover, Symbol};

use crate::files::View;
use crate::json::Json;
use crate::places::Places;
use crate::report::{applicability, edits};

/// A hover.
pub(crate) fn hover(json: &mut Json, places: &Places<'_>, hover: &Hover) {
    json.object(|json| {
        places.write(hover.span, json);
        json.field("markdown", &hover.markdown());
    });
}

/// Completions.
pub(crate) fn completions(json: &mut Json, places: &Places<'_>, all: &[Completion]) {
    json.list(all, |json, completion| {
        json.field("label", &completion.label);
        json.field("kind", &completion.kind.id());
        json.field("detail", &completion.detail);
        json.field("documentation", &completion.markdown());
        places.write(completion.span, json);
        json.field("insert", &completion.insert);
        json.field("deprecated", &completion.deprecated);
    });
}

/// Actions on the findings of a view, each with its finding's rule.
pub(crate) fn actions(json: &mut Json, view: &View<'_>, rules: &[&str], all: &[Action]) {
    let exact = all.iter().filter(|action| view.takes(&action.edits));
    json.list(exact, |json, action| {
        json.field("title", &action.title);
        json.field("rule", &rules.get(action.finding).copied().unwrap_or_default());
        let kind = match action.kind {
            ide::ActionKind::Fix(how) => applicability(how),
            ActionKind::Ignore => "ignore",
        };
        json.field("kind", &kind);
        json.field("path", &view.path);
        edits(json, Some(view), &action.edits);
    });
}

/// Symbols, as a tree.
pub(crate) fn symbols(json: &mut Json, places: &Places<'_>, all: &[Symbol]) {
    json.list(all, |json, symbol| one_symbol(json, places, symbol));
}

fn one_symbol(json: &mut Json, places: &Places<'_>, symbol: &Symbol) {
    json.field("name", &symbol.name);
    json.field("detail", &symbol.detail);
    json.field("isTable", &symbol.is_table);
    places.write(symbol.span, json);
    json.object_in("key", |json| places.write(symbol.key, json));
    json.objects("children", &symbol.children, |json, child| one_symbol(json, places, child));
}
