//! The files of a workspace as their nodes see them.

use crilint_core::config::Config;
use crilint_core::engine::{self, Selector, SourceState, Target};
use crilint_core::kind::Kind;
use crilint_core::node;
use crilint_core::node::OnNode;
use crilint_core::report::ReportFile;
use crilint_core::{Options, Report, Source};

use crate::arguments::{AnswerState, Text};
use crate::texts::Texts;

/// Texts by path, and what holds for them.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) texts: Texts,
    pub(crate) config: Config,
    /// Releases for the products that the configuration does not name.
    pub(crate) target: Target,
    /// What follows from both.
    pub(crate) options: Options,
    /// The folder that the configuration's paths are relative to; empty for all paths as they are.
    pub(crate) folder: String,
}

/// A file to check.
pub(crate) struct View<'w> {
    pub(crate) file: ReportFile<'w>,
    on_node: OnNode,
    kind: Option<&'static Kind>,
    ignore: Vec<Selector>,
    state: AnswerState,
}

impl Files {
    /// Works out the options anew.
    pub(crate) fn refresh(&mut self) {
        self.options = self.config.options();
        self.options.target = self.config.target.clone().else_from(&self.target);
    }

    /// All files that are not excluded, or those of the node that `of` belongs to.
    pub(crate) fn views(&self, of: Option<&str>) -> Vec<View<'_>> {
        let mut views: Vec<_> = self.texts.iter().filter_map(|(path, text)| self.view(path, text)).collect();
        let numbers = node::number(views.iter().map(|view| view.on_node.node.as_str()));
        for (view, number) in views.iter_mut().zip(numbers) {
            view.file.node = number;
        }
        if let Some(path) = of {
            let wanted = views.iter().find(|view| view.file.path == path).map(|view| view.file.node);
            views.retain(|view| Some(view.file.node) == wanted);
        }
        views
    }

    pub(crate) fn view<'w>(&'w self, path: &'w str, Text { text, is_exact, answer }: &'w Text) -> Option<View<'w>> {
        let folder = self.folder.as_str();
        let below = match path.strip_prefix(folder) {
            Some(rest) if folder.is_empty() => Some(rest),
            Some(rest) => rest.strip_prefix('/'),
            None => None,
        };
        let rules: Vec<_> = below.into_iter().flat_map(|below| self.config.rules_for(below)).collect();
        if rules.iter().any(|rules| rules.exclude) {
            return None;
        }
        let roots: Vec<_> = self.config.nodes.iter().map(|root| self.root(root)).collect();
        let own_node = |path: &str| OnNode { path: path.to_owned(), node: String::new() };
        let on_node = |path: &str| node::on_node(path, &roots).unwrap_or_else(|| own_node(path));
        let state = answer.as_ref().map_or(AnswerState::Text, |answer| answer.state);
        let mut file = ReportFile::new(path, text);
        file.is_exact = *is_exact;
        file.is_listed = state == AnswerState::Text;
        file.named_by = answer.as_ref().map(|answer| answer.by.as_str());
        Some(View {
            file,
            on_node: match self.first_naming(path) {
                by if by == path => on_node(path),
                // Where a root is configured, the node has another path.
                by => OnNode { node: on_node(by).node, path: on_node(path).path },
            },
            state,
            kind: rules.iter().rev().find_map(|rules| rules.kind),
            ignore: rules.iter().flat_map(|rules| rules.ignore.iter().cloned()).collect(),
        })
    }

    /// The file that names another one, or the one that names that, and so on: the first of them shows the node.
    fn first_naming<'w>(&'w self, path: &'w str) -> &'w str {
        let mut first = path;
        // As many steps as there are files end any circle.
        for _ in self.texts.iter() {
            let Some((_, Text { answer: Some(answer), .. })) = self.texts.get(first) else { break };
            first = &answer.by;
        }
        first
    }

    /// A configured root, written as the paths are.
    fn root(&self, root: &str) -> String {
        let root = root.trim_start_matches("./").trim_end_matches('/');
        match (self.folder.as_str(), root) {
            ("", root) => root.to_owned(),
            (folder, "" | ".") => folder.to_owned(),
            (folder, root) => format!("{folder}/{root}"),
        }
    }

    /// What the rules find in the views.
    pub(crate) fn check(&self, views: &[View<'_>]) -> Report {
        let sources: Vec<_> = views.iter().map(View::source).collect();
        engine::check(&sources, &self.options)
    }
}

impl View<'_> {
    /// A path of the node, as the workspace has it.
    pub(crate) fn path_of(&self, on_node: &str) -> String {
        let root = self.file.path.strip_suffix(self.on_node.path.as_str()).unwrap_or_default();
        format!("{root}{on_node}")
    }

    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            path: &self.on_node.path,
            text: self.file.text,
            state: match self.state {
                AnswerState::Text => SourceState::Text,
                AnswerState::Absent => SourceState::Absent,
                AnswerState::Folder => SourceState::Folder,
                AnswerState::Listed => SourceState::Listed,
                AnswerState::Unread => SourceState::Unread(self.file.text),
            },
            kind: self.kind,
            node: self.file.node,
            ignore: &self.ignore,
            invalid_utf8: self.file.text.find(char::REPLACEMENT_CHARACTER).filter(|_| !self.file.is_exact),
            frozen: !self.file.is_exact,
            attributes: None,
        }
    }
}
