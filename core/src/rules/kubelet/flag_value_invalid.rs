//! # `flag-value-invalid`
//!
//! A flag of the kubelet with a value that the kubelet cannot read.
//!
//! ## Why
//!
//! The kubelet does not start: `failed to parse kubelet flag: invalid argument "many" for "--max-pods" flag`.
//! Thresholds are written with `<`, reservations with `=`.
//!
//! ## What to do
//!
//! Write a value of the flag's type.
//!
//! ## Examples
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--max-pods=many"
//!                                ^^^^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--eviction-hard=memory.available=200Mi"
//!                                     ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh fixed
//! KUBELET_EXTRA_ARGS="--eviction-hard=memory.available<200Mi"
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--fail-swap-on=no"
//!                                    ^^
//! ```
//!
//! ```sh good
//! KUBELET_EXTRA_ARGS="--max-pods=60 --fail-swap-on=false --eviction-hard=memory.available<200Mi,nodefs.available<10%"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/options/options.go; kubernetes/component-base@v0.36.0:cli/flag; the
//!   flag's row in `core/data/kubelet-flags.toml`

use crate::go::boolean::parse_bool;
use crate::go::duration::duration;
use crate::go::integer::integer;
use crate::keys::flags::{KubeletFlag, Reads};
use crate::kubelet::command_line::known_flags;
use crate::kubelet::names::is_ip;
use crate::kubelet::settings::kubernetes;
use crate::rules::prelude::*;
use crate::systemd::flags::{self, Flag, FlagPart};

pub(crate) const RULE: Rule = Rule {
    id: "flag-value-invalid",
    summary: "Flag with a value that the kubelet cannot read",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for (flag, row) in known_flags(cx.file) {
        // What a shell, systemd or a template fills in is not known.
        let is_plain = |value: &&str| !value.contains(['$', '{', '%', '`']) || value.ends_with('%');
        let Some(value) = flag.value.filter(is_plain) else { continue };
        if matches!(row.reads(), Reads::Map | Reads::Gates) {
            check_pairs(cx, &flag, row);
        } else if let Some(words) = refusal(row.reads(), value) {
            report(cx, &flag, row, value, flag.value_span, &words);
        }
    }
}

/// What the kubelet prints about a value that is not of the flag's type.
fn refusal(reads: Reads, value: &str) -> Option<String> {
    let syntax = |function: &str| format!("strconv.{function}: parsing \"{value}\": invalid syntax");
    match reads {
        // `--version=raw` is the one switch that takes more words.
        Reads::Bool => (parse_bool(value).is_none() && value != "raw").then(|| syntax("ParseBool")),
        Reads::Int(bits) => match integer(value) {
            None => Some(syntax("ParseInt")),
            Some(number) if (bits == 32 && i32::try_from(number).is_err()) || i64::try_from(number).is_err() => {
                Some(format!("strconv.ParseInt: parsing \"{value}\": value out of range"))
            }
            Some(_) => None,
        },
        Reads::Uint => integer(value).is_none_or(|number| number < 0).then(|| syntax("ParseUint")),
        Reads::Float => value.parse::<f64>().is_err().then(|| syntax("ParseFloat")),
        Reads::Duration => duration(value).err().map(|bad| bad.words(value)),
        Reads::Ip => (!value.is_empty() && !is_ip(value)).then(|| format!("\"{value}\" is not a valid IP address")),
        Reads::Text | Reads::List | Reads::Map | Reads::Gates => None,
    }
}

fn check_pairs(cx: &mut FileCx, flag: &Flag, row: &KubeletFlag) {
    let has_thresholds = matches!(row.key(), Some("evictionHard" | "evictionSoft"));
    for part in flag.parts(cx.doc().text).into_iter().filter(|part| !part.text.is_empty()) {
        let pair = part.text.split_once(if has_thresholds { '<' } else { '=' });
        let words = match (pair, row.reads()) {
            (None, Reads::Gates) => "malformed pair, expect string=bool".to_owned(),
            (None, _) if has_thresholds => "malformed pair, expect string<string".to_owned(),
            (None, _) => "malformed pair, expect string=string".to_owned(),
            (Some((name, state)), Reads::Gates) if parse_bool(state.trim()).is_none() => {
                format!("invalid value of {name}: {state}, err: strconv.ParseBool: parsing \"{state}\": invalid syntax")
            }
            _ => continue,
        };
        let fix = if has_thresholds { as_threshold(&part) } else { None };
        report(cx, flag, row, part.text, part.span, &words).maybe_fix(fix);
    }
}

/// `memory.available<200Mi` in place of `memory.available=200Mi`.
fn as_threshold(part: &FlagPart) -> Option<Fix> {
    let (signal, amount) = part.text.split_once('=').filter(|_| part.is_exact)?;
    let new = format!("{signal}<{amount}");
    Some(Fix::edit(Applicability::Unsafe, format!("Write {new}"), part.span, new))
}

fn report<'o>(
    cx: &'o mut FileCx,
    flag: &Flag,
    row: &KubeletFlag,
    value: &str,
    span: Span,
    words: &str,
) -> &'o mut Finding {
    let name = row.name();
    let whole = flag.value.unwrap_or_default();
    let expected = match row.reads() {
        Reads::Bool => "true or false",
        Reads::Int(_) | Reads::Uint => "a whole number",
        Reads::Float => "a number",
        Reads::Duration => "a duration with its unit such as 1m30s",
        Reads::Ip => "an IP address",
        Reads::Gates => "gates as Name=true or Name=false, with commas between them",
        _ if words.contains('<') => "thresholds as memory.available<200Mi, with commas between them",
        _ => "pairs as name=value, with commas between them",
    };
    cx.report(span, format!("`--{name}` takes {expected}, not `{value}`"))
        .refused(kubernetes(row.releases()))
        .key(format!("--{name}"))
        .why(format!(
            "The kubelet does not start: `failed to parse kubelet flag: invalid argument \"{whole}\" for \"--{name}\" \
             flag: {words}`."
        ))
        .help(format!("Write {expected}."))
}
