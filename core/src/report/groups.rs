//! Findings of one kind in one file, which a reader takes for one finding with several places.

use crate::finding::Finding;
use crate::named::Named;

/// The findings of one kind as numbers in the report, in the order of the report.
pub type FindingGroup = Vec<usize>;

/// The findings of a report by kind, in the order of the first of each. Findings are of one kind if they are of one
/// rule and one file, do the same in the same releases, and their sentences differ in quoted text and numbers alone.
#[must_use]
pub fn grouped(findings: &[Finding]) -> Vec<FindingGroup> {
    let mut groups: Named<'_, FindingGroup> = Named::default();
    for (number, finding) in findings.iter().enumerate() {
        let kind = kind_of(finding);
        match groups.get_mut(&kind) {
            Some(group) => group.push(number),
            None => groups.push(kind.into(), vec![number]),
        }
    }
    groups.into_all().into_iter().map(|(_, group)| group).collect()
}

fn kind_of(finding: &Finding) -> String {
    let mut kind = finding.file.to_string();
    // The scope describes the outcomes: which effect in which releases.
    for part in [finding.rule, finding.severity.id(), finding.effect().id(), &finding.scope] {
        kind.push('\n');
        kind.push_str(part);
    }
    for sentence in [&finding.message, &finding.why] {
        kind.push('\n');
        push_pattern(&mut kind, sentence);
    }
    if let Some(scope) = finding.scope_of_break() {
        kind.push('\n');
        kind.push_str(&scope.describe(&finding.broken));
    }
    kind
}

/// Adds a sentence without its quoted text and with one `0` for each number.
fn push_pattern(out: &mut String, sentence: &str) {
    for (at, part) in sentence.split('`').enumerate() {
        if at % 2 == 1 {
            out.push('`');
            continue;
        }
        let mut is_in_number = false;
        for char in part.chars() {
            let is_digit = char.is_ascii_digit();
            if !is_digit {
                out.push(char);
            } else if !is_in_number {
                out.push('0');
            }
            is_in_number = is_digit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::releases::Releases;
    use crate::text::Span;

    fn finding(file: usize, rule: &'static str, message: &str) -> Finding {
        let mut finding = Finding::new(rule, file, Span::empty(0), message.to_owned());
        finding.refused(Releases::ANY);
        finding
    }

    #[test]
    fn quoted_text_and_numbers_make_no_kind() {
        let mut milder = finding(0, "a", "`x` was removed in 1.24");
        milder.outcomes.clear();
        milder.ignored(Releases::ANY);
        let all = [
            finding(0, "a", "`x` was removed in 1.24"),
            finding(0, "b", "`x` was removed in 1.24"),
            finding(0, "a", "`y z` was removed in 1.7"),
            finding(0, "a", "`x` was never there"),
            finding(1, "a", "`x` was removed in 1.24"),
            milder,
        ];
        assert_eq!(grouped(&all), [vec![0, 2], vec![1], vec![3], vec![4], vec![5]]);
    }
}
