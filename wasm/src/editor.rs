//! What editors ask, as JSON.

use crilint_core::ide::{Action, ActionKind, Completion, Hover, Symbol};
use crilint_core::json::Json;
use crilint_core::report::ReportFile;

use crate::files::View;
use crate::report::COUNTING;

/// A hover.
pub(crate) fn hover(json: &mut Json, file: &ReportFile<'_>, hover: &Hover) {
    json.object(|json| {
        file.range(json, hover.span, COUNTING);
        json.field("markdown", &hover.markdown());
    });
}

/// Completions.
pub(crate) fn completions(json: &mut Json, file: &ReportFile<'_>, all: &[Completion]) {
    json.list(all, |json, completion| {
        json.field("label", &completion.label);
        json.field("kind", &completion.kind.id());
        json.field("detail", &completion.detail);
        json.field("documentation", &completion.markdown());
        file.range(json, completion.span, COUNTING);
        json.field("insert", &completion.insert);
        json.field("deprecated", &completion.deprecated);
    });
}

/// Actions on the findings of a view, each with its finding's rule.
pub(crate) fn actions(json: &mut Json, view: &View<'_>, rules: &[&str], all: &[Action]) {
    let exact = all.iter().filter(|action| view.file.can_take(&action.edits));
    json.list(exact, |json, action| {
        json.field("title", &action.title);
        json.field("rule", &rules.get(action.finding).copied().unwrap_or_default());
        let kind = match action.kind {
            ActionKind::Fix(applicability) => applicability.id(),
            ActionKind::Ignore => "ignore",
        };
        json.field("kind", &kind);
        json.field("path", &view.file.path);
        view.file.edits(json, &action.edits, COUNTING);
    });
}

/// Symbols, as a tree.
pub(crate) fn symbols(json: &mut Json, file: &ReportFile<'_>, all: &[Symbol]) {
    json.list(all, |json, symbol| one_symbol(json, file, symbol));
}

fn one_symbol(json: &mut Json, file: &ReportFile<'_>, symbol: &Symbol) {
    json.field("name", &symbol.name);
    json.field("detail", &symbol.detail);
    json.field("is_table", &symbol.is_table);
    file.range(json, symbol.span, COUNTING);
    json.object_in("key", |json| file.range(json, symbol.key, COUNTING));
    json.objects("children", &symbol.children, |json, child| one_symbol(json, file, child));
}
