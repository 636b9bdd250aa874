//! A finding: a place, what the daemon will do with the text there, in which releases, and what to do about it.

use std::fmt::Write as _;

use crate::fix::Fix;
use crate::releases::{Product, ReleaseSet, Releases};
use crate::text::Span;

/// What the daemon does with the text, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The daemon does not start.
    Refused,
    /// The daemon runs, but a part of it such as the CRI plugin does not.
    Failed,
    /// The setting has no effect.
    Ignored,
    /// The setting works and does harm.
    Harmful,
    /// The setting works; another one is better.
    Advice,
}

/// The severity of a finding. It follows from the effect unless the user overrides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For information.
    Info,
    /// Probably not what was meant.
    Warning,
    /// The node will not work as written.
    Error,
}

/// What happens in some releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What the daemon does.
    pub effect: Effect,
    /// Where: all products' conditions hold together.
    pub releases: Releases,
    /// Whether only patch releases do so that newer ones of the target supersede; known after checking.
    pub is_superseded: bool,
    /// What fails though the daemon runs.
    pub breaks: Option<BreakScope>,
}

/// All that fails though the daemon runs: the verdict on the daemon does not show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakScope {
    /// Every pod of a runtime handler of containerd.
    RuntimeHandler,
    /// Every pull from a registry, or from one of its hosts.
    RegistryHost,
    /// Every container of the daemon.
    EveryContainer,
    /// Every pod of the node.
    EveryPod,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Which file, as an index into the report's files.
    pub file: usize,
    /// The place in it.
    pub span: Span,
    /// The relation of the place to the finding.
    pub text: String,
}

/// A fault, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// The severity.
    pub severity: Severity,
    /// What the daemon does, in which releases; after checking, cut to the target and never empty.
    pub outcomes: Vec<Outcome>,
    /// The runtime handler, or the registry or host, that breaks in some outcome; empty for the other scopes.
    pub broken: String,
    /// What is wrong, with the user's own value.
    pub message: String,
    /// What the daemon will do, with the words it prints.
    pub why: String,
    /// What to do.
    pub help: String,
    /// The releases meant, in words; empty if they are all of the target.
    pub scope: String,
    /// Which file, as an index into the report's files.
    pub file: usize,
    /// The text inside of the file that it is about, counted from 1; 0 is the file itself.
    pub text: usize,
    /// The offending text.
    pub span: Span,
    /// The keys concerned, as paths; the first is the one at `span`.
    pub keys: Vec<String>,
    /// Related places.
    pub labels: Vec<Label>,
    /// Fixes; the first is the best.
    pub fixes: Vec<Fix>,
    /// The severity, where it does not follow from the effect.
    pub severity_override: Option<Severity>,
    /// The number of faults that it stands for: more than one if it sums up findings that are not listed.
    pub count: usize,
}

impl Effect {
    /// The word in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Ignored => "ignored",
            Self::Harmful => "harmful",
            Self::Advice => "advice",
        }
    }

    /// The severity that goes with it.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Refused | Self::Failed => Severity::Error,
            Self::Ignored | Self::Harmful => Severity::Warning,
            Self::Advice => Severity::Info,
        }
    }
}

impl BreakScope {
    /// The word in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::RuntimeHandler => "runtime-handler",
            Self::RegistryHost => "registry-host",
            Self::EveryContainer => "every-container",
            Self::EveryPod => "every-pod",
        }
    }

    /// The failure in words, for that name: ``no pod of the runtime `runsc` starts``.
    #[must_use]
    pub fn describe(self, name: &str) -> String {
        match self {
            Self::RuntimeHandler => format!("no pod of the runtime `{name}` starts"),
            Self::RegistryHost => format!("no image comes from `{name}`"),
            Self::EveryContainer => "no container starts".to_owned(),
            Self::EveryPod => "no pod starts".to_owned(),
        }
    }
}

impl Severity {
    /// The word in reports and options.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Finding {
    /// A finding with nothing but its message.
    pub(crate) fn new(rule: &'static str, file: usize, span: Span, message: String) -> Self {
        Self {
            rule,
            severity: Severity::Info,
            outcomes: vec![],
            broken: String::new(),
            message,
            why: String::new(),
            help: String::new(),
            scope: String::new(),
            file,
            text: 0,
            span,
            keys: vec![],
            labels: vec![],
            fixes: vec![],
            severity_override: None,
            count: 1,
        }
    }

    /// The worst that happens. Superseded patch releases count where nothing happens in others.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.counting().map(|outcome| outcome.effect).min().unwrap_or(Effect::Advice)
    }

    /// The outcomes that count: superseded ones do where there are no others.
    fn counting(&self) -> impl Iterator<Item = &Outcome> {
        let is_superseded = self.is_superseded();
        self.outcomes.iter().filter(move |outcome| is_superseded || !outcome.is_superseded)
    }

    /// The place in the reader's order, urgent first: by severity, then by effect. What breaks comes behind a daemon
    /// that does not start or loses a part.
    pub(crate) fn urgency(&self) -> u8 {
        let effect = match self.effect() {
            effect if effect > Effect::Failed && self.scope_of_break().is_some() => 3,
            effect => effect as u8 * 2,
        };
        (Severity::Error as u8 - self.severity as u8) * 16 + effect
    }

    /// Whether it happens only in patch releases that newer ones of the target supersede.
    #[must_use]
    pub fn is_superseded(&self) -> bool {
        self.outcomes.iter().all(|o| o.is_superseded)
    }

    /// What happens in a patch range of a product. Of several outcomes that hold it, the first counts.
    #[must_use]
    pub fn effect_in(&self, product: Product, range: ReleaseSet) -> Option<Effect> {
        self.outcome_in(product, range).map(|outcome| outcome.effect)
    }

    fn outcome_in(&self, product: Product, range: ReleaseSet) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.releases.get(product).covers(range))
    }

    /// What fails though the daemon runs, in any release that is not superseded.
    #[must_use]
    pub fn scope_of_break(&self) -> Option<BreakScope> {
        self.counting().find_map(|outcome| outcome.breaks)
    }

    /// The same in a patch range of a product.
    #[must_use]
    pub fn breaks_in(&self, product: Product, range: ReleaseSet) -> Option<BreakScope> {
        self.outcome_in(product, range)?.breaks
    }

    /// All releases in which anything happens.
    #[must_use]
    pub fn releases(&self) -> Releases {
        let all = self.outcomes.iter().map(|o| o.releases);
        all.reduce(Releases::or).unwrap_or(Releases::NONE)
    }

    /// The severity unless the user overrides it.
    #[must_use]
    pub fn default_severity(&self) -> Severity {
        if self.is_superseded() {
            return Severity::Info;
        }
        let severity = if self.scope_of_break().is_some() { Severity::Error } else { self.effect().severity() };
        self.severity_override.unwrap_or(severity)
    }

    /// Reports the finding as information, whatever its effect: nothing is lost, such as an ignored key that spells out
    /// the default.
    pub fn as_info(&mut self) -> &mut Self {
        self.severity_override = Some(Severity::Info);
        self
    }

    /// Reports the finding as a warning, whatever its effect: true for the upstream daemon, but the file looks made for
    /// another build.
    pub fn as_warning(&mut self) -> &mut Self {
        self.severity_override = Some(Severity::Warning);
        self
    }

    /// Everything of a scope fails in the last outcome, which makes the finding an error; `name` is that of the runtime
    /// handler or registry host.
    pub fn breaks(&mut self, scope: BreakScope, name: impl Into<String>) -> &mut Self {
        if let Some(outcome) = self.outcomes.last_mut() {
            outcome.breaks = Some(scope);
        }
        self.broken = name.into();
        self
    }

    /// Adds what happens in some releases. Releases of an earlier outcome keep it.
    pub fn outcome(&mut self, effect: Effect, releases: Releases) -> &mut Self {
        self.outcomes.push(Outcome { effect, releases, is_superseded: false, breaks: None });
        self
    }

    /// The daemon does not start.
    pub fn refused(&mut self, releases: Releases) -> &mut Self {
        self.outcome(Effect::Refused, releases)
    }

    /// A plugin does not load.
    pub fn failed(&mut self, releases: Releases) -> &mut Self {
        self.outcome(Effect::Failed, releases)
    }

    /// The setting has no effect.
    pub fn ignored(&mut self, releases: Releases) -> &mut Self {
        self.outcome(Effect::Ignored, releases)
    }

    /// The setting works and does harm.
    pub fn harmful(&mut self, releases: Releases) -> &mut Self {
        self.outcome(Effect::Harmful, releases)
    }

    /// The setting works; another one is better.
    pub fn advice(&mut self, releases: Releases) -> &mut Self {
        self.outcome(Effect::Advice, releases)
    }

    /// What the daemon will do, with the words it prints.
    pub fn why(&mut self, text: impl Into<String>) -> &mut Self {
        self.why = text.into();
        self
    }

    /// What to do.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = text.into();
        self
    }

    /// A key concerned, as a path.
    pub fn key(&mut self, path: impl Into<String>) -> &mut Self {
        self.keys.push(path.into());
        self
    }

    /// A related place in the same file.
    pub fn label(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.label_in(self.file, span, text)
    }

    /// A related place in a file of the same node.
    pub fn label_in(&mut self, file: usize, span: Span, text: impl Into<String>) -> &mut Self {
        let text = text.into();
        self.labels.push(Label { file, span, text });
        self
    }

    /// A fix.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fixes.push(fix);
        self
    }

    /// A fix, if there is one.
    pub fn maybe_fix(&mut self, fix: Option<Fix>) -> &mut Self {
        self.fixes.extend(fix);
        self
    }

    /// Restricts the outcomes to `target`; what is not in `current` is superseded. A finding without outcomes happens
    /// in no release of the target.
    pub(crate) fn restrict_to(&mut self, target: Releases, current: Releases, products: &[Product]) {
        let mut earlier: Vec<Releases> = vec![];
        for outcome in &mut self.outcomes {
            let releases = outcome.releases.and(target);
            // Of several outcomes that hold a release, the first counts.
            outcome.releases = earlier.iter().fold(releases, |left, before| left.without(*before));
            outcome.is_superseded = outcome.releases.and(current).is_empty();
            earlier.push(releases);
        }
        self.outcomes.retain(|o| !o.releases.is_empty());
        self.scope = self.describe_scope(current, products);
    }

    /// Whether another finding reports the same fault.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (self.file, self.span, self.rule, &self.message) == (other.file, other.span, other.rule, &other.message)
    }

    /// Adds what the same fault does in other releases of the target, from a finding of the same fault.
    pub(crate) fn add_outcomes_of(&mut self, other: &Self, current: Releases) {
        for more in &other.outcomes {
            match self.outcomes.iter_mut().find(|own| (own.effect, own.breaks) == (more.effect, more.breaks)) {
                Some(own) => {
                    own.releases = own.releases.or(more.releases);
                    own.is_superseded &= more.is_superseded;
                }
                None => self.outcomes.push(*more),
            }
        }
        if self.broken.is_empty() {
            self.broken.clone_from(&other.broken);
        }
        self.scope = self.describe_scope(current, &Product::ALL);
    }

    /// `containerd 2.0 to 2.2`, or for several outcomes `containerd 1.7: refused; 2.0 to 2.3: ignored`. What only
    /// superseded patches do is named where nothing happens in others.
    fn describe_scope(&self, current: Releases, products: &[Product]) -> String {
        let mut text = String::new();
        let counting = self.outcomes.iter().filter(|outcome| self.is_superseded() || !outcome.is_superseded);
        let several = counting.clone().count() > 1;
        for outcome in counting {
            let mut part = String::new();
            for product in products {
                let set = outcome.releases.get(*product);
                if set.covers(current.get(*product)) {
                    continue;
                }
                let joint = if part.is_empty() { "" } else { " with " };
                let _ = write!(part, "{joint}{} {}", product.title(), set.describe(*product));
            }
            if several {
                let joint = if text.is_empty() { "" } else { "; " };
                let part = if part.is_empty() { "all other releases" } else { part.as_str() };
                let _ = write!(text, "{joint}{part}: {}", outcome.effect.id());
            } else {
                text = part;
            }
        }
        if self.is_superseded() && !text.is_empty() {
            text.push_str("; newer patches are not affected");
        }
        text
    }
}
