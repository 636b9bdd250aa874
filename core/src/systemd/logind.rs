//! `logind.conf` and its drop-ins: how long logind delays a shutdown for programs that ask for it, as the kubelet does.

use crate::kind::places::{file_name, has_folder};
use crate::kind::{File, Kind, NodeFiles};
use crate::order;
use crate::syntax::{Entry, Format};

/// The kind.
pub static KIND: Kind = Kind {
    id: "logind",
    title: "logind.conf",
    formats: &[Format::Unit],
    places: &["/etc/systemd/logind.conf", "/etc/systemd/logind.conf.d/*.conf"],
    ..Kind::DEFAULTS
};

const FOLDER: &str = "logind.conf.d";

pub(crate) fn is_own_path(path: &str) -> bool {
    file_name(path) == "logind.conf" || has_folder(path, FOLDER) && path.ends_with(".conf")
}

/// The longest delay that logind grants, by the file that sets it last: drop-ins win over the main file, by name.
/// Source: systemd v257:man/logind.conf.xml (`InhibitDelayMaxSec=`), man/standard-conf.xml.
pub(crate) fn inhibit_delay<'t, 'a>(node: &NodeFiles<'t, 'a>) -> Option<(&'t File<'a>, &'t Entry<'a>)> {
    let mut files: Vec<_> = node.files.iter().copied().filter(|file| *file.kind == KIND).collect();
    order::by_name(&mut files, |file| file.name());
    order::by_key(&mut files, |file| is_drop_in(file));
    let delay = |file: &&'t File<'a>| {
        let entry = file.body().get("Login")?.entry("InhibitDelayMaxSec")?;
        Some((*file, entry))
    };
    files.iter().rev().find_map(delay)
}

/// Whether a file is merged over the main one.
pub(crate) fn is_drop_in(file: &File<'_>) -> bool {
    has_folder(file.path, FOLDER)
}

/// The seconds of a time as systemd reads it: a number of seconds, or numbers with units.
/// Source: systemd v257:man/systemd.time.xml ("Parsing Time Spans").
pub(crate) fn seconds(text: &str) -> Option<f64> {
    let mut rest = text.trim();
    if rest == "infinity" {
        return Some(f64::INFINITY);
    }
    let mut sum = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(end);
        let tail = tail.trim_start();
        let end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let unit = match unit {
            "" | "s" | "sec" | "second" | "seconds" => 1.0,
            "ms" | "msec" => 0.001,
            "m" | "min" | "minute" | "minutes" => 60.0,
            "h" | "hr" | "hour" | "hours" => 3600.0,
            "d" | "day" | "days" => 86400.0,
            _ => return None,
        };
        sum += number.parse::<f64>().ok()? * unit;
        rest = tail.trim_start();
    }
    (!text.trim().is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_read_as_systemd_reads_them() {
        for (text, expected) in [
            ("30", Some(30.0)),
            ("1min 30s", Some(90.0)),
            ("2m", Some(120.0)),
            ("500ms", Some(0.5)),
            ("infinity", Some(f64::INFINITY)),
            ("", None),
            ("soon", None),
            ("5 parsecs", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
