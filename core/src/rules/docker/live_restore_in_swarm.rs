//! # `live-restore-in-swarm`
//!
//! `live-restore` in a file that also has settings for a swarm.
//!
//! ## Why
//!
//! On a node that is part of a swarm dockerd does not start with it: `--live-restore daemon configuration is
//! incompatible with swarm mode`; on another node `docker swarm init` and `docker swarm join` fail with the same words.
//! A file alone does not show whether the node is in a swarm; `swarm-default-advertise-addr` and
//! `node-generic-resources` count in one alone.
//!
//! ## What to do
//!
//! Remove `live-restore` on nodes of a swarm: swarm starts tasks on other nodes.
//!
//! ## Examples
//!
//! ```json bad
//! { "live-restore": true, "swarm-default-advertise-addr": "192.0.2.10" }
//!                   ^^^^
//! ```
//!
//! ```json good
//! { "live-restore": true }
//! ```
//!
//! ## References
//!
//! - docker/docs#16059, docker/docs#10162; moby/moby@docker-v29.7.2:daemon/config/config_linux.go (`isSwarmCompatible`)

use crate::docker::settings::{is_unset, written};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "live-restore-in-swarm",
    summary: "`live-restore` beside settings for a swarm",
    category: Category::Suspicious,
    run: Run::Settings(&[SettingCheck {
        applies: |cx| SWARM_SETTINGS.iter().any(|key| is_set(cx, key)),
        outcomes: &[(Effect::Harmful, Releases::ANY)],
        message: "dockerd does not start with `live-restore` on a node of a swarm",
        why: "The file has settings for a swarm. As soon as the node is part of one, dockerd exits: `--live-restore \
              daemon configuration is incompatible with swarm mode`.",
        help: "Remove `live-restore`, or the settings for a swarm if the node joins none.",
        ..SettingCheck::of(&daemons::DOCKER, "live-restore", Test::Is(true))
    }]),
    ..Rule::DEFAULTS
};

/// Settings that count in a swarm alone.
const SWARM_SETTINGS: [&str; 2] = ["swarm-default-advertise-addr", "node-generic-resources"];

fn is_set(cx: &FileCx, key: &str) -> bool {
    written(cx.settings(), key).and_then(|setting| setting.node).is_some_and(|node| !is_unset(node))
}
