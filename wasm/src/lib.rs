//! crilint's engine for JavaScript: the texts of nodes in, findings out as plain objects. Nothing leaves the machine.
//!
//! All parameters are [`JsValue`]s, read by [`arguments`]; see there for the reason. The types of what comes out are
//! written by hand in `types.d.ts`; a test in TypeScript uses every field.

mod arguments;
mod editor;
mod files;
mod known;
mod report;
mod settings;
mod texts;

use std::cell::RefCell;

use crilint_core::engine;
use crilint_core::fix::Applicability;
use crilint_core::json::Json;
use crilint_core::report::ReportForm;
use crilint_core::{Source, Span, compat, ide, profile};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::arguments::{Answer, AnswerState};
use crate::files::{Files, View};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, js_name = parse)]
    fn to_object(text: &str) -> JsValue;
}

/// What `write` writes, as a plain object.
fn object(write: impl FnOnce(&mut Json)) -> JsValue {
    to_object(&Json::of(write))
}

/// Files of one or several nodes, by path, with what holds for them. Files whose paths share what stands before `etc/`,
/// `var/lib/kubelet/` or the unit folders are one node.
///
/// An argument of the wrong type is a `TypeError` that names it, and changes nothing.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Workspace {
    /// Borrowed while no code of JavaScript runs: a getter of a configuration may call the workspace too.
    files: RefCell<Files>,
}

#[wasm_bindgen]
impl Workspace {
    /// An empty workspace.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or gives it another text. The path has `/` and decides what kind the file is and which node it is
    /// of. A text with half a surrogate pair is checked, and is left alone by `fix`.
    ///
    /// # Errors
    /// A `TypeError` for arguments of the wrong type.
    pub fn set(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] path: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue,
    ) -> Result<(), JsValue> {
        let (path, text) = (arguments::exact("path", path)?, arguments::text("text", text)?);
        self.files.borrow_mut().texts.set(path, text);
        Ok(())
    }

    /// Answers what a file names, as `wanted` lists it: a text, or what else stands at the path. Of a pattern, answer
    /// each file that it means, and its own path as `listed` or `absent`. `text` is the file's, or the reason why it
    /// is `unread`.
    ///
    /// # Errors
    /// A `TypeError` for arguments of the wrong type.
    pub fn answer(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] path: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] by: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "AnswerState")] state: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] text: &JsValue,
    ) -> Result<(), JsValue> {
        const STATES: [AnswerState; 5] =
            [AnswerState::Text, AnswerState::Absent, AnswerState::Folder, AnswerState::Listed, AnswerState::Unread];
        const WORDS: [&str; 5] = ["text", "absent", "folder", "listed", "unread"];
        let (path, by) = (arguments::exact("path", path)?, arguments::exact("by", by)?);
        let word = arguments::word("state", state, &WORDS)?;
        let state = STATES.into_iter().zip(WORDS).find(|(_, known)| *known == word).map(|(state, _)| state);
        let empty = JsValue::from_str("");
        let mut text = arguments::text("text", if text.is_undefined() { &empty } else { text })?;
        text.answer = state.map(|state| Answer { by, state });
        self.files.borrow_mut().texts.set(path, text);
        Ok(())
    }

    /// What the files name and nothing answers yet: imports, configurations of flags, registry hosts, environment
    /// files; of all nodes, or of that of a file. Ask again after each answer, because files name further ones.
    ///
    /// # Errors
    /// A `TypeError` for an argument of the wrong type.
    #[wasm_bindgen(unchecked_return_type = "Wanted[]")]
    pub fn wanted(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] of: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let of = arguments::optional("of", of)?;
        let files = self.files.borrow();
        let views = files.views(of.as_deref());
        let sources: Vec<_> = views.iter().map(View::source).collect();
        let wanted = engine::wanted(&sources.iter().collect::<Vec<_>>(), &files.options).into_iter();
        let all = wanted.filter_map(|named| Some((views.get(named.by)?, named)));
        Ok(object(|json| {
            json.list(all, |json, (view, named)| {
                json.field("path", &view.path_of(&named.path));
                json.field("by", &view.file.path);
                json.field("kind", &named.role.kind().map(|kind| kind.id));
                json.field("is_pattern", &named.is_pattern());
                json.field("is_implied", &named.role.is_implied());
                view.file.range(json, named.span, report::COUNTING);
            });
        }))
    }

    /// Removes a file.
    ///
    /// # Errors
    /// A `TypeError` for an argument of the wrong type.
    pub fn remove(&self, #[wasm_bindgen(unchecked_param_type = "string")] path: &JsValue) -> Result<(), JsValue> {
        let path = arguments::exact("path", path)?;
        self.files.borrow_mut().texts.remove(&path);
        Ok(())
    }

    /// The paths of all files, in order.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let files = self.files.borrow();
        let texts = files.texts.iter().filter(|(_, text)| text.is_file());
        texts.map(|(path, _)| path.to_owned()).collect()
    }

    /// Sets what holds from now on: the text of a `crilint.toml`, or the same as an object. The configuration's paths
    /// are relative to `folder`. Throws an `Error` that names the place when something is wrong; what held before then
    /// stays.
    ///
    /// # Errors
    /// An `Error` for JavaScript; a `TypeError` for arguments of the wrong type.
    pub fn configure(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | Config")] config: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] folder: &JsValue,
    ) -> Result<(), JsValue> {
        let folder = arguments::optional("folder", folder)?.unwrap_or_default();
        let config = if config.is_string() {
            settings::toml(&arguments::exact("config", config)?)?
        } else {
            settings::object(&arguments::object("config", config, "a string or an object")?)?
        };
        let mut files = self.files.borrow_mut();
        files.config = config;
        folder.trim_end_matches('/').clone_into(&mut files.folder);
        files.refresh();
        Ok(())
    }

    /// Names releases for the products that the configuration does not name any for: what the user of an editor chose.
    ///
    /// # Errors
    /// An `Error` for JavaScript; what held before then stays.
    pub fn target(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Required<Config>[\"target\"]")] target: &JsValue,
    ) -> Result<(), JsValue> {
        let text = arguments::object("target", target, "an object")?;
        let wrapped = format!("{{\"target\":{text}}}");
        let target = settings::object(&wrapped)?.target;
        let mut files = self.files.borrow_mut();
        files.target = target;
        files.refresh();
        Ok(())
    }

    /// Checks all files, or those of the node that a file belongs to.
    ///
    /// # Errors
    /// A `TypeError` for an argument of the wrong type.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn check(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] of: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let of = arguments::optional("of", of)?;
        let files = self.files.borrow();
        let views = files.views(of.as_deref());
        let target = &files.options.target;
        let Some(profile) = files.config.selection.profile else {
            let report = files.check(&views);
            return Ok(object(|json| report::form(&views, &report, target).write(json)));
        };
        let sources: Vec<_> = views.iter().map(View::source).collect();
        let (report, items) = profile::assess(&sources, &files.options, profile);
        let form = ReportForm { profile: Some((profile, &items)), ..report::form(&views, &report, target) };
        Ok(object(|json| form.write(json)))
    }

    /// What each release of the target does with each file, or with those of the node that a file belongs to. Ignores
    /// and levels do not count.
    ///
    /// # Errors
    /// A `TypeError` for an argument of the wrong type.
    #[wasm_bindgen(unchecked_return_type = "Compat")]
    pub fn compat(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] of: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let of = arguments::optional("of", of)?;
        let files = self.files.borrow();
        let views = files.views(of.as_deref());
        let sources: Vec<_> = views.iter().map(View::source).collect();
        let (report, all) = compat(&sources, &files.options);
        let target = &files.options.target;
        Ok(object(|json| report::compat(json, &report::form(&views, &report, target), &all)))
    }

    /// The texts after all fixes that are safe, or also those that are not. The files themselves stay as they are.
    ///
    /// # Errors
    /// A `TypeError` for arguments of the wrong type.
    #[wasm_bindgen(unchecked_return_type = "Fixed")]
    pub fn fix(
        &self,
        #[wasm_bindgen(unchecked_param_type = "\"safe\" | \"unsafe\"")] trust: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] of: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (trust, of) = (applicability(trust)?, arguments::optional("of", of)?);
        Ok(self.fixed(trust, of.as_deref(), |_| true))
    }

    /// As `fix`, for one file: the others of its node are read with it, and none of their fixes is made.
    ///
    /// # Errors
    /// A `TypeError` for arguments of the wrong type.
    #[wasm_bindgen(js_name = fixFile, unchecked_return_type = "Fixed")]
    pub fn fix_file(
        &self,
        #[wasm_bindgen(unchecked_param_type = "\"safe\" | \"unsafe\"")] trust: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] path: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (trust, path) = (applicability(trust)?, arguments::exact("path", path)?);
        Ok(self.fixed(trust, Some(&path), |view| view.file.path == path))
    }

    fn fixed(&self, trust: Applicability, of: Option<&str>, wanted: impl Fn(&View<'_>) -> bool) -> JsValue {
        let files = self.files.borrow();
        let views = files.views(of);
        let source = |view| {
            let source = View::source(view);
            Source { frozen: source.frozen || !wanted(view), ..source }
        };
        let sources: Vec<_> = views.iter().map(source).collect();
        let fixed = engine::fix(&sources, &files.options, trust);
        let changed = views.iter().zip(&fixed.texts).filter(|(view, text)| view.file.text != text.as_str());
        object(|json| {
            json.object(|json| {
                json.field("count", &fixed.count);
                json.objects("files", changed, |json, (view, text)| {
                    json.field("path", &view.file.path);
                    json.field("text", text);
                });
            });
        })
    }

    /// What can be done about the findings of a file that touch a range of UTF-16 offsets.
    ///
    /// # Errors
    /// A `TypeError` for arguments of the wrong type.
    #[wasm_bindgen(unchecked_return_type = "Action[]")]
    pub fn actions(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] path: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] start: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] end: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let path = arguments::exact("path", path)?;
        let (start, end) = (arguments::offset("start", start)?, arguments::offset("end", end)?);
        let files = self.files.borrow();
        let views = files.views(Some(&path));
        let report = files.check(&views);
        let sources: Vec<_> = views.iter().map(View::source).collect();
        let Some((file, view)) = views.iter().enumerate().find(|(_, view)| view.file.path == path) else {
            return Ok(none());
        };
        let span = Span { start: view.file.byte(start), end: view.file.byte(end) };
        let all = ide::actions(&sources, &files.options, &report, file, span);
        let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
        Ok(object(|json| editor::actions(json, view, &rules, &all)))
    }

    /// What the word at a UTF-16 offset is.
    ///
    /// # Errors
    /// A `TypeError` for arguments of the wrong type.
    #[wasm_bindgen(unchecked_return_type = "Hover | undefined")]
    pub fn hover(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] path: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] offset: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let offset = arguments::offset("offset", offset)?;
        let found = self.with(path, |files, view| {
            let hover = ide::hover(&view.source(), &files.options, view.file.byte(offset))?;
            Some(object(|json| editor::hover(json, &view.file, &hover)))
        })?;
        Ok(found.flatten().unwrap_or(JsValue::UNDEFINED))
    }

    /// What may stand at a UTF-16 offset.
    ///
    /// # Errors
    /// A `TypeError` for arguments of the wrong type.
    #[wasm_bindgen(unchecked_return_type = "Completion[]")]
    pub fn complete(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] path: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] offset: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let offset = arguments::offset("offset", offset)?;
        let found = self.with(path, |files, view| {
            let all = ide::complete(&view.source(), &files.options, view.file.byte(offset));
            object(|json| editor::completions(json, &view.file, &all))
        })?;
        Ok(found.unwrap_or_else(none))
    }

    /// What is in a file, as a tree.
    ///
    /// # Errors
    /// A `TypeError` for an argument of the wrong type.
    #[wasm_bindgen(unchecked_return_type = "DocumentSymbol[]")]
    pub fn symbols(&self, #[wasm_bindgen(unchecked_param_type = "string")] path: &JsValue) -> Result<JsValue, JsValue> {
        let found = self.with(path, |files, view| {
            let all = ide::symbols(&view.source(), &files.options);
            object(|json| editor::symbols(json, &view.file, &all))
        })?;
        Ok(found.unwrap_or_else(none))
    }

    fn with<T>(&self, path: &JsValue, ask: impl FnOnce(&Files, &View<'_>) -> T) -> Result<Option<T>, JsValue> {
        let path = arguments::exact("path", path)?;
        let files = self.files.borrow();
        let view = files.texts.get(&path).and_then(|(path, text)| files.view(path, text));
        Ok(view.map(|view| ask(&files, &view)))
    }
}

/// An empty list.
fn none() -> JsValue {
    object(|json| json.list([(); 0], |_, ()| {}))
}

fn applicability(trust: &JsValue) -> Result<Applicability, JsValue> {
    let word = arguments::word("trust", trust, &["safe", "unsafe"])?;
    Ok(if word == "unsafe" { Applicability::Unsafe } else { Applicability::Safe })
}

/// Every rule.
#[wasm_bindgen(unchecked_return_type = "Rule[]")]
#[must_use]
pub fn rules() -> JsValue {
    object(known::rules)
}

/// Every kind of file.
#[wasm_bindgen(unchecked_return_type = "Kind[]")]
#[must_use]
pub fn kinds() -> JsValue {
    object(known::kinds)
}

/// Every product with its releases, oldest first.
#[wasm_bindgen(unchecked_return_type = "Product[]")]
#[must_use]
pub fn products() -> JsValue {
    object(known::products)
}

/// The version of crilint.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
