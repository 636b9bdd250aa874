//! What nearly every rule file uses: `use crate::rules::prelude::*;`.

pub(crate) use super::daemons;
pub(crate) use super::declared::{Mark, NewValue, Replacement, SettingCheck, Test};
pub(crate) use super::{Category, FileCx, NodeCx, Rule, Run};
pub(crate) use crate::finding::{BreakScope, Effect, Finding};
pub(crate) use crate::fix::{Applicability, Edit, Fix};
pub(crate) use crate::kind::WrittenSetting;
pub(crate) use crate::releases::{Product, ReleaseSet, Releases};
pub(crate) use crate::syntax::{Entry, Node, edit};
pub(crate) use crate::text::{Span, excerpt, quoted};
