//! `docs/contributing/catalogue.md`: every entry names rules that exist, or a reason.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;
use std::path::Path;

use crilint_core::rules;

/// How many reported faults, and how many mistakes by their letter.
const FAULTS: usize = 205;
const MISTAKES: [(char, usize); 5] = [('C', 62), ('H', 15), ('D', 56), ('K', 41), ('F', 20)];

#[test]
fn each_entry_names_rules_that_exist_or_a_reason() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/contributing/catalogue.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut numbers = vec![];
    let mut named = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #")) {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [number, fault, cover] = cells[..] else { panic!("three cells: {line}") };
        assert!(!fault.is_empty(), "{line}");
        numbers.push(number.to_owned());
        if let Some(reason) = cover.strip_prefix("nothing: ") {
            assert!(!reason.is_empty(), "{line}");
            continue;
        }
        for name in cover.split(", ") {
            let id = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
            let rule = id.and_then(rules::find);
            assert!(rule.is_some(), "{name} is not a rule: {line}");
            named.extend(rule.map(|rule| rule.id));
        }
    }
    let mistakes = MISTAKES.iter().flat_map(|(letter, count)| (1..=*count).map(move |n| format!("{letter}{n}")));
    let expected: Vec<_> = (1..=FAULTS).map(|n| n.to_string()).chain(mistakes).collect();
    assert_eq!(numbers, expected);
    assert!(named.len() > 100, "{}", named.len());
}
