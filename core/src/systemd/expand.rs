//! `$NAME` and `${NAME}` in the words of a command.
//!
//! Source: systemd v252:src/basic/env-util.c (`replace_env_argv`, `replace_env_n`).

use super::command::ArgvWord;
use super::environment::{Variable, VariableList, is_variable_name};
use super::place::UnitPlace;
use crate::syntax::unit::{SourceChar, Splitting, first_word, text_of};

/// The variables of a service when it starts, by name.
pub(crate) struct Variables<'s> {
    pub(crate) all: &'s VariableList,
    /// Why variables are not known that systemd itself sets.
    pub(crate) of_manager: &'s dyn Fn(&str) -> Option<String>,
}

enum VariableValue<'v> {
    Set(&'v Variable),
    Unknown(String),
    Unset,
}

impl Variables<'_> {
    fn get(&self, name: &str) -> VariableValue<'_> {
        match self.all.get(name).map(|(_, variable)| variable) {
            Some(Variable { is_unset: true, .. }) => VariableValue::Unset,
            Some(Variable { unknown: Some(reason), .. }) => VariableValue::Unknown(reason.clone()),
            Some(variable) => VariableValue::Set(variable),
            None => (self.of_manager)(name).map_or(VariableValue::Unset, VariableValue::Unknown),
        }
    }

    /// The words that one word of a command becomes. `names` gets the variables that it uses.
    pub(crate) fn expand(&self, word: &[SourceChar], place: UnitPlace, names: &mut Vec<String>) -> Vec<ArgvWord> {
        let text = text_of(word);
        let Some(name) = text.strip_prefix('$').filter(|rest| !rest.starts_with(['{', '$'])) else {
            return vec![self.within(&text, place, names)];
        };
        // What is not a valid name is dropped.
        if !is_variable_name(name) {
            return vec![];
        }
        names.push(name.to_owned());
        match self.get(name) {
            VariableValue::Unset => vec![],
            VariableValue::Unknown(reason) => vec![ArgvWord { text: None, unknown: Some(reason), place }],
            VariableValue::Set(variable) => words_of(variable, place),
        }
    }

    /// A word in which `${NAME}` stands for the value as is.
    fn within(&self, word: &str, place: UnitPlace, names: &mut Vec<String>) -> ArgvWord {
        let mut out = ArgvWord { text: None, unknown: None, place };
        let mut text = String::new();
        let mut rest = word;
        while let Some((before, behind)) = rest.split_once('$') {
            text.push_str(before);
            if let Some(behind) = behind.strip_prefix('$') {
                text.push('$');
                rest = behind;
                continue;
            }
            // `${` opens a name up to `}`; with a colon in it, or without an end, it is text.
            let inner = behind.strip_prefix('{');
            let end = inner.map(|inner| inner.find(['}', ':']));
            if end == Some(None) {
                text.push('$');
                rest = behind;
                break;
            }
            let is_end = |end: &usize| inner.is_some_and(|inner| inner.as_bytes().get(*end) == Some(&b'}'));
            let Some((inner, end)) = inner.zip(end.flatten().filter(is_end)) else {
                let kept = behind.chars().next().map_or(0, char::len_utf8);
                text.push('$');
                text.push_str(behind.get(..kept).unwrap_or_default());
                rest = behind.get(kept..).unwrap_or_default();
                continue;
            };
            let name = inner.get(..end).unwrap_or_default();
            names.push(name.to_owned());
            rest = inner.get(end + 1..).unwrap_or_default();
            match self.get(name) {
                VariableValue::Unset => {}
                VariableValue::Unknown(reason) => out.unknown = Some(reason),
                VariableValue::Set(variable) => {
                    text.push_str(&text_of(&variable.value));
                    if let Some(place) =
                        variable.place.filter(|_| !variable.value.is_empty() && word.len() == name.len() + "${}".len())
                    {
                        out.place = place;
                    }
                }
            }
        }
        text.push_str(rest);
        out.text = out.unknown.is_none().then_some(text);
        out
    }
}

/// The words of a value: split at blanks, with quotes that group and then vanish.
fn words_of(variable: &Variable, used_at: UnitPlace) -> Vec<ArgvWord> {
    let mut words = vec![];
    let mut at = 0;
    while let Ok(Some(word)) = first_word(&variable.value, &mut at, Splitting::Value) {
        let place = variable.place.map_or(used_at, |place| UnitPlace { span: word.span, ..place });
        words.push(ArgvWord { text: Some(text_of(&word.chars)), unknown: None, place });
    }
    words
}

/// The names of the variables in a word of a command.
pub(crate) fn names_in(word: &str) -> impl Iterator<Item = &str> {
    word.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    })
}
