//! # `flag-value-invalid`
//!
//! A flag of the kubelet with a value that it cannot read.
//!
//! ## Why
//!
//! The kubelet does not start: `failed to parse kubelet flag: invalid argument "many" for "--max-pods" flag`. Thresholds are
//! written with `<`, reservations with `=`.
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
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/options/options.go; kubernetes/component-base@v0.36.0:cli/flag; the flag's
//!   row in `core/data/kubelet-flags.toml`

use crate::go::boolean::parse_bool;
use crate::go::duration::duration;
use crate::keys::flags::{self as table, Reads};
use crate::kubelet::names::is_ip;
use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::systemd::flags::{Flag, Program};

pub(crate) const RULE: Rule = Rule {
    id: "flag-value-invalid",
    summary: "A flag with a value that the kubelet cannot read",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for flag in flags::flags(cx.file).into_iter().filter(|f| f.program == Program::Kubelet) {
        let Some(known) = table::kubelet(&flag.name.replace('_', "-")) else { continue };
        let Some(value) = flag.value.filter(|v| !v.contains(['$', '{', '%', '`']) || v.ends_with('%')) else {
            continue;
        };
        match known.reads() {
            Reads::Map | Reads::Gates => check_pairs(cx, &flag, known, value),
            reads => {
                if let Some(words) = fault(reads, value) {
                    report(cx, &flag, known, value, flag.value_span, &words);
                }
            }
        }
    }
}

/// Why a value is not of its type, in the kubelet's words.
fn fault(reads: Reads, value: &str) -> Option<String> {
    let syntax = |function: &str| Some(format!("strconv.{function}: parsing \"{value}\": invalid syntax"));
    match reads {
        // `--version=raw` is the one switch that takes more words.
        Reads::Bool => {
            if parse_bool(value).is_none() && value != "raw" {
                syntax("ParseBool")
            } else {
                None
            }
        }
        Reads::Int(bits) => match go_int(value) {
            None => syntax("ParseInt"),
            Some(n) if bits == 32 && i32::try_from(n).is_err() => {
                Some(format!("strconv.ParseInt: parsing \"{value}\": value out of range"))
            }
            Some(_) => None,
        },
        Reads::Uint => {
            if go_int(value).is_none_or(|n| n < 0) {
                syntax("ParseUint")
            } else {
                None
            }
        }
        Reads::Float => {
            if value.parse::<f64>().is_err() {
                syntax("ParseFloat")
            } else {
                None
            }
        }
        Reads::Duration => duration(value).err().map(|bad| bad.words(value)),
        Reads::Ip => (!value.is_empty() && !is_ip(value)).then(|| format!("\"{value}\" is not a valid IP address")),
        Reads::Text | Reads::List | Reads::Map | Reads::Gates => None,
    }
}

/// An integer as `strconv.ParseInt` reads it with base 0.
fn go_int(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    i64::from_str_radix(&digits.replace('_', ""), radix).ok().map(|n| sign * n)
}

fn check_pairs(cx: &mut FileCx, flag: &Flag, known: &table::Flag, value: &str) {
    let thresholds = matches!(known.key(), Some("evictionHard" | "evictionSoft"));
    let exact = flag.value_span.of(cx.doc().text) == value;
    let mut at = flag.value_span.start as usize;
    for part in value.split(',') {
        let span = if exact { Span::new(at, at + part.len()) } else { flag.value_span };
        at += part.len() + 1;
        if part.is_empty() {
            continue;
        }
        let pair = part.split_once(if thresholds { '<' } else { '=' });
        let words = match (pair, known.reads()) {
            (None, Reads::Gates) => "malformed pair, expect string=bool".to_owned(),
            (None, _) if thresholds => "malformed pair, expect string<string".to_owned(),
            (None, _) => "malformed pair, expect string=string".to_owned(),
            (Some((name, state)), Reads::Gates) if parse_bool(state.trim()).is_none() => {
                format!("invalid value of {name}: {state}, err: strconv.ParseBool: parsing \"{state}\": invalid syntax")
            }
            _ => continue,
        };
        let fix = part.split_once('=').filter(|_| thresholds && exact).map(|(name, amount)| {
            let new = format!("{name}<{amount}");
            Fix::edit(Applicability::Unsafe, format!("Write {new}"), span, new)
        });
        report(cx, flag, known, part, span, &words).maybe_fix(fix);
    }
}

fn report<'o>(
    cx: &'o mut FileCx,
    flag: &Flag,
    known: &table::Flag,
    value: &str,
    span: Span,
    words: &str,
) -> &'o mut crate::finding::Finding {
    let name = known.name();
    let whole = flag.value.unwrap_or_default();
    let wanted = match known.reads() {
        Reads::Bool => "true or false",
        Reads::Int(_) | Reads::Uint => "a whole number",
        Reads::Float => "a number",
        Reads::Duration => "a duration with its unit such as 1m30s",
        Reads::Ip => "an IP address",
        Reads::Gates => "gates as Name=true or Name=false, with commas between them",
        _ if words.contains('<') => "thresholds as memory.available<200Mi, with commas between them",
        _ => "pairs as name=value, with commas between them",
    };
    cx.report(span, format!("`--{name}` takes {wanted}, not `{value}`"))
        .refused(Releases::ANY.with(Product::Kubernetes, known.releases()))
        .key(format!("--{name}"))
        .why(format!("The kubelet does not start: `failed to parse kubelet flag: invalid argument \"{whole}\" for \"--{name}\" flag: {words}`."))
        .help(format!("Write {wanted}."))
}
