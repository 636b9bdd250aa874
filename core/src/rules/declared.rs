//! Rules that are data: a setting, which values of it are a fault, and what to report then. One interpreter reads all
//! of them, so such a rule has no code of its own.

use super::FileCx;
use crate::finding::{BreakScope, Effect};
use crate::fix::{Applicability, Fix};
use crate::kind::{Kind, WrittenSetting};
use crate::kubelet::feature_gates::Gates;
use crate::registry_hosts::kind::registry_name;
use crate::releases::{Product, Releases};
use crate::syntax::edit;
use crate::text::excerpt;

/// A check of one setting.
///
/// The texts may hold `{name}`, the setting as people see it (`maxPods`, or `--max-pods`), `{value}`, its value (the
/// items of a list with "and" between them), `{new}`, the value that the fix writes, and `{reason}`, why the daemon
/// refuses the value.
pub struct SettingCheck {
    /// Whose setting it is.
    pub(crate) daemon: &'static Daemon,
    /// The path of the setting, such as `memorySwap.swapBehavior`; with `[]` behind it, each item of that list.
    pub(crate) setting: &'static str,
    /// Which values are the fault.
    pub(crate) fault: Test,
    /// Other settings that make it none.
    pub(crate) unless: &'static [(&'static str, Test)],
    /// Other settings without which it is not a fault.
    pub(crate) only_if: &'static [(&'static str, Test)],
    /// Whether the configuration is one that the check is for.
    pub(crate) applies: fn(&FileCx<'_, '_, '_>) -> bool,
    /// The kubelet's feature gate without which the kubelet does not check; empty for none.
    pub(crate) gate: &'static str,
    /// The place of the finding.
    pub(crate) mark: Mark,
    /// What the daemon does, in which releases.
    pub(crate) outcomes: &'static [(Effect, Releases)],
    /// What fails though the daemon runs, in the releases of the last outcome.
    pub(crate) breaks: Option<BreakScope>,
    /// What is wrong.
    pub(crate) message: &'static str,
    /// What the daemon does, in its own words.
    pub(crate) why: &'static str,
    /// What to do.
    pub(crate) help: &'static str,
    /// Other settings whose places help to understand the fault, each with its part in it.
    pub(crate) labels: &'static [(&'static str, &'static str)],
    /// Other settings that the finding is about.
    pub(crate) keys: &'static [&'static str],
    /// A fix that writes another value.
    pub(crate) fix: Option<Replacement>,
}

/// A fix that writes another value.
pub(crate) struct Replacement {
    /// Whether the fix is safe. The rule's `fix` must agree.
    pub(crate) applicability: Applicability,
    /// What the fix does, as an order.
    pub(crate) title: &'static str,
    /// The path of the setting to write; empty for the one that the check looks at.
    pub(crate) setting: &'static str,
    /// The new value, as the file's format writes it.
    pub(crate) value: NewValue,
}

/// The value that a fix writes.
#[derive(Clone, Copy)]
pub(crate) enum NewValue {
    /// Always the same.
    Fixed(&'static str),
    /// Made of the value that the check found; nothing where no better value is known.
    Of(fn(&WrittenSetting) -> Option<String>),
    /// The same for texts, with quotes where the file has them.
    Text(fn(&WrittenSetting) -> Option<String>),
}

/// The part of a setting that a finding marks.
#[derive(Clone, Copy)]
pub(crate) enum Mark {
    Key,
    Value,
}

/// A test of a setting's value. A value of another type fails each of them: the rules on types report it.
#[derive(Clone, Copy)]
pub(crate) enum Test {
    /// It is written, with any value.
    Written,
    /// It is this boolean.
    Is(bool),
    /// It is one of these texts.
    OneOf(&'static [&'static str]),
    /// It is a text that is not empty.
    NotEmpty,
    /// It is a whole number below the first or above the second.
    Outside(i64, i64),
    /// It is a text that the daemon refuses, for this reason in its own words.
    Refused(fn(&str) -> Option<String>),
    /// Anything else that one value shows.
    Where(fn(&WrittenSetting) -> bool),
}

/// How a daemon's settings are found: one way for each.
pub(crate) struct Daemon {
    /// The kinds of files that set them.
    pub(crate) kinds: &'static [&'static Kind],
    /// The setting at a path, wherever this configuration writes it.
    pub(crate) find: for<'t> fn(&FileCx<'_, 't, '_>, &str) -> Vec<WrittenSetting<'t>>,
    /// The setting at a path that counts in the end, where files are merged.
    pub(crate) in_effect: for<'t> fn(&FileCx<'_, 't, '_>, &str) -> Option<WrittenSetting<'t>>,
    /// Whether this configuration decides alone on the settings at these paths: no other file of the node has
    /// them.
    pub(crate) decides: fn(&FileCx, &[&str]) -> bool,
}

impl SettingCheck {
    /// What holds for most checks. A check names what differs and ends with `..SettingCheck::of(..)`.
    pub(crate) const fn of(daemon: &'static Daemon, setting: &'static str, fault: Test) -> Self {
        Self {
            daemon,
            setting,
            fault,
            unless: &[],
            only_if: &[],
            applies: |_| true,
            gate: "",
            mark: Mark::Value,
            outcomes: &[],
            breaks: None,
            message: "",
            why: "",
            help: "",
            labels: &[],
            keys: &[],
            fix: None,
        }
    }

    /// Reports the fault where this configuration has it.
    pub(super) fn run(&self, cx: &mut FileCx) {
        if !self.daemon.kinds.contains(&cx.file.kind) || !(self.applies)(cx) {
            return;
        }
        for setting in self.daemon.settings(cx, self.setting) {
            if self.fault.holds(&setting) && self.conditions_hold(cx) {
                self.report(cx, &setting);
            }
        }
    }

    fn conditions_hold(&self, cx: &FileCx) -> bool {
        let holds = |(path, test): &(&str, Test)| match (self.daemon.in_effect)(cx, path) {
            Some(setting) => test.holds(&setting),
            None => self.daemon.settings(cx, path).iter().any(|setting| test.holds(setting)),
        };
        let excused: Vec<&str> = self.unless.iter().map(|(path, _)| *path).collect();
        let decides = || excused.is_empty() || (self.daemon.decides)(cx, &excused);
        self.only_if.iter().all(holds) && !self.unless.iter().any(holds) && decides()
    }

    /// The releases that read the setting and check it.
    fn releases(&self, cx: &FileCx, setting: &WrittenSetting) -> Releases {
        if self.gate.is_empty() {
            return setting.releases;
        }
        let off = Gates::of(cx).off(self.gate);
        let on = setting.releases.get(Product::Kubernetes).without(off);
        setting.releases.with(Product::Kubernetes, on)
    }

    fn report(&self, cx: &mut FileCx, setting: &WrittenSetting) {
        let value = excerpt(&setting.joined_text());
        let new = self.fix.as_ref().and_then(|fix| fix.value.of(setting)).unwrap_or_default();
        let reason = self.fault.reason(setting).unwrap_or_default();
        let parts = [("{name}", setting.name.as_ref()), ("{value}", &value), ("{new}", &new), ("{reason}", &reason)];
        let fill = |text: &str| fill(text, &parts);
        let span = match self.mark {
            Mark::Key => setting.key_span,
            Mark::Value => setting.value_span,
        };
        let place = |path: &str| self.daemon.settings(cx, path).first().map(|other| other.value_span);
        let labels: Vec<_> = self.labels.iter().filter_map(|(path, text)| Some((place(path)?, *text))).collect();
        let fix = self.fix.as_ref().and_then(|fix| {
            let span = if fix.setting.is_empty() { setting.value_span } else { place(fix.setting)? };
            let new = fix.value.written(setting, span.of(cx.doc().text))?;
            Some(Fix::edit(fix.applicability, fill(fix.title), span, new))
        });
        let checking = self.releases(cx, setting);
        let is_of_registry = self.breaks == Some(BreakScope::RegistryHost);
        let registry = if is_of_registry { registry_name(cx.file.path) } else { String::new() };
        let finding = cx.report(span, fill(self.message));
        for (effect, releases) in self.outcomes {
            finding.outcome(*effect, releases.and(checking));
        }
        if let Some(scope) = self.breaks {
            finding.breaks(scope, registry);
        }
        finding.key(setting.path.as_str()).why(fill(self.why)).help(fill(self.help)).maybe_fix(fix);
        for (span, text) in labels {
            finding.label(span, text);
        }
        for key in self.keys {
            finding.key(*key);
        }
    }
}

/// A text with its placeholders filled. What is filled in is not looked at again: a user may write `{new}` too.
fn fill(text: &str, parts: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (head, tail) = rest.split_at(at);
        let part = parts.iter().find(|(name, _)| tail.starts_with(name));
        let (name, value) = part.copied().unwrap_or(("{", "{"));
        out.push_str(head);
        out.push_str(value);
        rest = tail.get(name.len()..).unwrap_or_default();
    }
    out + rest
}

impl NewValue {
    fn of(self, setting: &WrittenSetting) -> Option<String> {
        match self {
            Self::Fixed(text) => Some(text.to_owned()),
            Self::Of(make) | Self::Text(make) => make(setting),
        }
    }

    /// The value as the file's format writes it; nothing for a text that is not written as it reads.
    fn written(self, setting: &WrittenSetting, written: &str) -> Option<String> {
        let new = self.of(setting)?;
        let is_plain = || written.trim_matches(['"', '\'']) == setting.text;
        match self {
            Self::Text(_) => is_plain().then(|| edit::quoted_like(written, &new)),
            Self::Fixed(_) | Self::Of(_) => Some(new),
        }
    }
}

impl Daemon {
    /// The settings at a path.
    fn settings<'t>(&self, cx: &FileCx<'_, 't, '_>, path: &str) -> Vec<WrittenSetting<'t>> {
        match path.strip_suffix("[]") {
            Some(list) => (self.find)(cx, list).iter().flat_map(WrittenSetting::items).collect(),
            None => (self.find)(cx, path),
        }
    }
}

impl Test {
    /// Why the daemon refuses a text, for tests that record it.
    fn reason(self, setting: &WrittenSetting) -> Option<String> {
        match self {
            Self::Refused(reason) => setting.as_str().and_then(reason),
            _ => None,
        }
    }

    fn holds(self, setting: &WrittenSetting) -> bool {
        match self {
            Self::Written => true,
            Self::Is(wanted) => setting.as_bool() == Some(wanted),
            Self::OneOf(texts) => setting.as_str().is_some_and(|text| texts.contains(&text)),
            Self::NotEmpty => setting.as_str().is_some_and(|text| !text.is_empty()),
            Self::Outside(low, high) => setting.as_int().is_some_and(|number| !(low..=high).contains(&number)),
            Self::Refused(_) => self.reason(setting).is_some(),
            Self::Where(test) => test(setting),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn what_a_user_wrote_is_not_filled_again() {
        let parts = [("{value}", "{new}"), ("{new}", "10Mi")];
        assert_eq!(fill("`{value}` {is} { not {new}", &parts), "`{new}` {is} { not 10Mi");
    }
}
