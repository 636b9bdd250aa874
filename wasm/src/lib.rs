//! crilint's engine for JavaScript: the texts of hosts in, findings out as plain objects. Nothing leaves the machine.
//!
//! The types of what comes out are written by hand in `types.d.ts`; a test in TypeScript uses every field.

mod editor;
mod files;
mod json;
mod known;
mod places;
mod report;
mod texts;

use crilint_core::config::{Config, Fault};
use crilint_core::engine;
use crilint_core::fix::Applicability;
use crilint_core::syntax::{self, Document};
use crilint_core::{Span, compat, ide};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::files::{Files, View};
use crate::json::Json;
use crate::places::Places;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, js_name = parse)]
    fn to_object(text: &str) -> JsValue;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
    fn to_text(value: &JsValue) -> Result<Option<String>, JsValue>;
}

/// What `write` writes, as a plain object.
fn object(write: impl FnOnce(&mut Json)) -> JsValue {
    to_object(&Json::of(write))
}

/// Files of one or several hosts, by path, with what holds for them. Files whose paths share what stands before `etc/`,
/// `var/lib/kubelet/` or the unit folders are one host.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Workspace {
    files: Files,
}

#[wasm_bindgen]
impl Workspace {
    /// An empty workspace.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or gives it another text. The path has `/` and decides what kind the file is and which host it is of.
    pub fn set(&mut self, path: String, text: String) {
        self.files.texts.set(path, text);
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &str) {
        self.files.texts.remove(path);
    }

    /// The paths of all files, in order.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        self.files.texts.iter().map(|(path, _)| path.to_owned()).collect()
    }

    /// Says what holds from now on: the text of a `crilint.toml`, or the same as an object. The configuration's paths are
    /// relative to `folder`. Throws an `Error` that names the place when something is wrong; what held before then stays.
    ///
    /// # Errors
    /// An `Error` for JavaScript.
    pub fn configure(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string | Config")] config: &JsValue,
        folder: Option<String>,
    ) -> Result<(), JsError> {
        let text = config.as_string();
        let config = match &text {
            Some(text) => read(&syntax::toml::read(text))?,
            None => {
                let unfit = || JsError::new("the configuration is neither a text nor an object");
                let text = to_text(config).ok().flatten().ok_or_else(unfit)?;
                read(&syntax::json::read(&text))?
            }
        };
        self.files.config = config;
        self.files.folder = folder.unwrap_or_default().trim_end_matches('/').to_owned();
        self.files.refresh();
        Ok(())
    }

    /// Names releases for the products that the configuration does not name any for: what the user of an editor chose.
    ///
    /// # Errors
    /// An `Error` for JavaScript; what held before then stays.
    pub fn target(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Required<Config>[\"target\"]")] target: &JsValue,
    ) -> Result<(), JsError> {
        let unfit = || JsError::new("the target is no object");
        let text = to_text(target).ok().flatten().ok_or_else(unfit)?;
        let wrapped = format!("{{\"target\":{text}}}");
        self.files.target = read(&syntax::json::read(&wrapped))?.target;
        self.files.refresh();
        Ok(())
    }

    /// Checks all files, or those of the host that a file belongs to.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    #[must_use]
    pub fn check(&self, of: Option<String>) -> JsValue {
        let views = self.files.views(of.as_deref());
        let report = self.files.check(&views);
        let target = self.files.options.target.all();
        object(|json| report::report(json, &views, &report, target))
    }

    /// What each release of the target does with each file, or with those of the host that a file belongs to. Ignores and
    /// levels do not count.
    #[wasm_bindgen(unchecked_return_type = "Compat")]
    #[must_use]
    pub fn compat(&self, of: Option<String>) -> JsValue {
        let views = self.files.views(of.as_deref());
        let sources: Vec<_> = views.iter().map(View::source).collect();
        let (report, all) = compat(&sources, &self.files.options);
        let target = self.files.options.target.all();
        object(|json| report::compat(json, &views, &report, &all, target))
    }

    /// The texts after all fixes that are safe, or also those that are not. The files themselves stay as they are.
    #[wasm_bindgen(unchecked_return_type = "Fixed")]
    #[must_use]
    pub fn fix(
        &self,
        #[wasm_bindgen(unchecked_param_type = "\"safe\" | \"unsafe\"")] trust: &str,
        of: Option<String>,
    ) -> JsValue {
        let trust = if trust == "unsafe" { Applicability::Unsafe } else { Applicability::Safe };
        let views = self.files.views(of.as_deref());
        let sources: Vec<_> = views.iter().map(View::source).collect();
        let fixed = engine::fix(&sources, &self.files.options, trust);
        let changed = views.iter().zip(&fixed.texts).filter(|(view, text)| view.text != text.as_str());
        object(|json| {
            json.object(|json| {
                json.field("count", &fixed.count);
                json.objects("files", changed, |json, (view, text)| {
                    json.field("path", &view.path);
                    json.field("text", text);
                });
            });
        })
    }

    /// What can be done about the findings of a file that touch a range of UTF-16 offsets.
    #[wasm_bindgen(unchecked_return_type = "Action[]")]
    #[must_use]
    pub fn actions(&self, path: &str, start: u32, end: u32) -> JsValue {
        let views = self.files.views(Some(path));
        let report = self.files.check(&views);
        let sources: Vec<_> = views.iter().map(View::source).collect();
        let Some((file, view)) = views.iter().enumerate().find(|(_, view)| view.path == path) else {
            return object(|json| json.list([(); 0], |_, ()| {}));
        };
        let span = Span { start: view.places.byte(start), end: view.places.byte(end) };
        let all = ide::actions(&sources, &report, file, span);
        let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
        object(|json| editor::actions(json, view, &rules, &all))
    }

    /// What the word at a UTF-16 offset is.
    #[wasm_bindgen(unchecked_return_type = "Hover | undefined")]
    #[must_use]
    pub fn hover(&self, path: &str, offset: u32) -> JsValue {
        let found = self.with(path, |view, places| {
            let hover = ide::hover(&view.source(), &self.files.options, places.byte(offset))?;
            Some(object(|json| editor::hover(json, places, &hover)))
        });
        found.flatten().unwrap_or(JsValue::UNDEFINED)
    }

    /// What may stand at a UTF-16 offset.
    #[wasm_bindgen(unchecked_return_type = "Completion[]")]
    #[must_use]
    pub fn complete(&self, path: &str, offset: u32) -> JsValue {
        let found = self.with(path, |view, places| {
            let all = ide::complete(&view.source(), &self.files.options, places.byte(offset));
            object(|json| editor::completions(json, places, &all))
        });
        found.unwrap_or_else(|| object(|json| json.list([(); 0], |_, ()| {})))
    }

    /// What is in a file, as a tree.
    #[wasm_bindgen(unchecked_return_type = "DocumentSymbol[]")]
    #[must_use]
    pub fn symbols(&self, path: &str) -> JsValue {
        let found = self.with(path, |view, places| {
            let all = ide::symbols(&view.source(), &self.files.options);
            object(|json| editor::symbols(json, places, &all))
        });
        found.unwrap_or_else(|| object(|json| json.list([(); 0], |_, ()| {})))
    }

    fn with<T>(&self, path: &str, ask: impl FnOnce(&View<'_>, &Places<'_>) -> T) -> Option<T> {
        let (path, text) = self.files.texts.get(path)?;
        let view = self.files.view(path, text)?;
        Some(ask(&view, &view.places))
    }
}

fn read(doc: &Document<'_>) -> Result<Config, JsError> {
    if let Some(problem) = doc.problems.first() {
        return Err(located(doc.text, &Fault { span: problem.span, message: problem.message.clone() }));
    }
    Config::read(&doc.root).map_err(|fault| located(doc.text, &fault))
}

/// The message with its line, as in `line 3: ...`; a text made from an object has but one.
fn located(text: &str, fault: &Fault) -> JsError {
    if !text.contains('\n') {
        return JsError::new(&fault.message);
    }
    let line = 1 + text.get(..fault.span.start as usize).unwrap_or_default().matches('\n').count();
    JsError::new(&format!("line {line}: {}", fault.message))
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
