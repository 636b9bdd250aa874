//! What JavaScript passes as an argument: a value of the right type, or a `TypeError` that names the argument.
//!
//! The code that wasm-bindgen generates for parameters of type `String` or `u32` does not check what it gets: a number
//! in the place of a string corrupts the memory of the module. All exported functions take [`JsValue`] and read it
//! here.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    type TypeError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str) -> TypeError;

    // Throws for a revoked proxy.
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag(value: &JsValue) -> Result<String, JsValue>;

    #[wasm_bindgen(js_name = String)]
    fn spelled(number: &JsValue) -> String;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
    fn to_json(value: &JsValue) -> Result<Option<String>, JsValue>;
}

/// A text from JavaScript.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    /// False if the text holds half a surrogate pair, which became U+FFFD: writing the text back would change it.
    pub(crate) is_exact: bool,
    /// Where it comes from, if the host answers what another file names.
    pub(crate) answer: Option<Answer>,
}

impl Text {
    /// Whether it is the text of a file, rather than what else is known of a path.
    pub(crate) fn is_file(&self) -> bool {
        self.answer.as_ref().is_none_or(|answer| answer.state == AnswerState::Text)
    }
}

/// How a host answers what a file names.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The path of the file that names it: both are of one node.
    pub(crate) by: String,
    /// What stands at the path; `text` is the reason where it was not read.
    pub(crate) state: AnswerState,
}

/// What stands at a path that a host looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerState {
    Text,
    Absent,
    Folder,
    Listed,
    Unread,
}

/// A text of any content.
pub(crate) fn text(name: &str, value: &JsValue) -> Result<Text, JsValue> {
    let text = value.as_string().ok_or_else(|| unfit(name, value, "a string"))?;
    let is_exact = !text.contains(char::REPLACEMENT_CHARACTER) || *value == JsValue::from_str(&text);
    Ok(Text { text, is_exact, answer: None })
}

/// A text that must be exact, such as a path: two that differ must not become one.
pub(crate) fn exact(name: &str, value: &JsValue) -> Result<String, JsValue> {
    let Text { text, is_exact, .. } = text(name, value)?;
    if is_exact { Ok(text) } else { Err(type_error(&format!("argument `{name}` contains half a surrogate pair"))) }
}

/// As [`exact`], for an argument that may be left out.
pub(crate) fn optional(name: &str, value: &JsValue) -> Result<Option<String>, JsValue> {
    if value.is_undefined() { Ok(None) } else { exact(name, value).map(Some) }
}

/// An offset in UTF-16 units. One behind the longest text is as good as its end.
pub(crate) fn offset(name: &str, value: &JsValue) -> Result<u32, JsValue> {
    match value.as_f64() {
        Some(number) if number >= 0.0 && number % 1.0 == 0.0 => Ok(number as u32),
        _ => Err(unfit(name, value, "a whole number from 0")),
    }
}

/// One of several words.
pub(crate) fn word<'w>(name: &str, value: &JsValue, words: &[&'w str]) -> Result<&'w str, JsValue> {
    let found = value.as_string();
    let word = words.iter().find(|word| found.as_deref() == Some(**word)).copied();
    word.ok_or_else(|| {
        let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
        unfit(name, value, &quoted.join(" or "))
    })
}

/// An object as JSON. What `toJSON` or a getter throws goes on to the caller.
pub(crate) fn object(name: &str, value: &JsValue, wanted: &str) -> Result<String, JsValue> {
    // `JSON.stringify` makes `{}` of a `Map`, a `Set` or a `Promise`.
    if !value.is_object() || !tag(value).is_ok_and(|tag| tag == "[object Object]") {
        return Err(unfit(name, value, wanted));
    }
    let json = to_json(value)?.unwrap_or_default();
    if json.starts_with('{') {
        return Ok(json);
    }
    Err(type_error(&format!("argument `{name}` does not become an object as JSON")))
}

fn unfit(name: &str, value: &JsValue, wanted: &str) -> JsValue {
    type_error(&format!("argument `{name}` is {}, not {wanted}", shown(value)))
}

/// What a value is, for people.
fn shown(value: &JsValue) -> String {
    if value.is_null() || value.is_undefined() || value.as_f64().is_some() || value.as_bool().is_some() {
        return spelled(value);
    }
    if let Some(text) = value.as_string() {
        return if text.len() <= 40 { format!("{text:?}") } else { "a long string".to_owned() };
    }
    let kind = match value.js_typeof().as_string().as_deref() {
        Some("object") => tag(value).ok(),
        other => other.map(str::to_owned),
    };
    let kind = kind.unwrap_or_default();
    match kind.trim_start_matches("[object ").trim_end_matches(']') {
        "Array" => "an array".to_owned(),
        "Object" | "" => "an object".to_owned(),
        kind => format!("a {kind}"),
    }
}

fn type_error(message: &str) -> JsValue {
    TypeError::new(message).unchecked_into()
}
