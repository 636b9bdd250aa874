//! Writes JSON: for programs, and for JavaScript, which parses it faster than objects are built from outside.
//!
//! An own writer, because serde and serde_json would be a part of the Wasm module for nothing but this.

use std::fmt::Write as _;

/// A JSON text in the making.
#[derive(Debug, Default)]
pub struct Json {
    text: String,
}

/// What can be written as a JSON value.
pub trait JsonValue {
    /// Appends the value to the text.
    fn write(&self, out: &mut Json);
}

/// What can be written as a JSON object.
pub trait JsonObject {
    /// Writes its fields.
    fn fields(&self, json: &mut Json);
}

impl Json {
    /// The text of one value.
    #[must_use]
    pub fn of(write: impl FnOnce(&mut Self)) -> String {
        let mut json = Self::default();
        write(&mut json);
        json.text
    }

    /// An object; `fields` writes them with [`Json::field`] and its like.
    pub fn object(&mut self, fields: impl FnOnce(&mut Self)) {
        self.text.push('{');
        fields(self);
        self.text.push('}');
    }

    /// A field of an object.
    pub fn field(&mut self, name: &str, value: &dyn JsonValue) {
        self.name(name);
        value.write(self);
    }

    /// A field that holds an object.
    pub fn object_in(&mut self, name: &str, fields: impl FnOnce(&mut Self)) {
        self.name(name);
        self.object(fields);
    }

    /// A field that holds a list of objects.
    pub fn objects<T>(&mut self, name: &str, items: impl IntoIterator<Item = T>, fields: impl FnMut(&mut Self, T)) {
        self.name(name);
        self.list(items, fields);
    }

    /// A list of objects.
    pub fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut fields: impl FnMut(&mut Self, T)) {
        self.text.push('[');
        for item in items {
            self.comma();
            self.object(|json| fields(json, item));
        }
        self.text.push(']');
    }

    fn name(&mut self, name: &str) {
        self.comma();
        name.write(self);
        self.text.push(':');
    }

    /// A comma, unless nothing stands before.
    fn comma(&mut self) {
        if !self.text.ends_with(['{', '[']) {
            self.text.push(',');
        }
    }
}

impl JsonValue for str {
    fn write(&self, out: &mut Json) {
        let text = &mut out.text;
        text.push('"');
        let mut rest = self;
        while let Some(i) = rest.bytes().position(|b| b < b' ' || b == b'"' || b == b'\\') {
            let (plain, tail) = rest.split_at(i);
            text.push_str(plain);
            let mut chars = tail.chars();
            match chars.next() {
                Some(c @ ('"' | '\\')) => {
                    text.push('\\');
                    text.push(c);
                }
                Some('\n') => text.push_str("\\n"),
                Some('\r') => text.push_str("\\r"),
                Some('\t') => text.push_str("\\t"),
                Some(c) => {
                    let _ = write!(text, "\\u{:04x}", u32::from(c));
                }
                None => {}
            }
            rest = chars.as_str();
        }
        text.push_str(rest);
        text.push('"');
    }
}

impl JsonValue for &str {
    fn write(&self, out: &mut Json) {
        (**self).write(out);
    }
}

impl JsonValue for String {
    fn write(&self, out: &mut Json) {
        self.as_str().write(out);
    }
}

impl JsonValue for bool {
    fn write(&self, out: &mut Json) {
        out.text.push_str(if *self { "true" } else { "false" });
    }
}

impl JsonValue for i64 {
    fn write(&self, out: &mut Json) {
        let _ = write!(out.text, "{self}");
    }
}

impl JsonValue for u32 {
    fn write(&self, out: &mut Json) {
        i64::from(*self).write(out);
    }
}

impl JsonValue for usize {
    fn write(&self, out: &mut Json) {
        (*self as i64).write(out);
    }
}

impl<V: JsonValue> JsonValue for Option<V> {
    fn write(&self, out: &mut Json) {
        match self {
            Some(value) => value.write(out),
            None => out.text.push_str("null"),
        }
    }
}

impl<V: JsonValue> JsonValue for [V] {
    fn write(&self, out: &mut Json) {
        out.text.push('[');
        for value in self {
            out.comma();
            value.write(out);
        }
        out.text.push(']');
    }
}

impl<V: JsonValue> JsonValue for Vec<V> {
    fn write(&self, out: &mut Json) {
        self.as_slice().write(out);
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn what_is_written_is_json() {
        let text = Json::of(|json| {
            json.object(|json| {
                json.field("a\"\\\n\u{1}é😀", &vec!["x", ""]);
                json.field("none", &None::<u32>);
                json.objects("list", [1i64, -2], |json, n| json.field("n", &n));
                json.object_in("empty", |_| {});
                json.field("yes", &true);
            });
        });
        assert_eq!(
            text,
            concat!(
                r#"{"a\"\\\n\u0001é😀":["x",""],"none":null,"#,
                r#""list":[{"n":1},{"n":-2}],"empty":{},"yes":true}"#
            )
        );
    }
}
