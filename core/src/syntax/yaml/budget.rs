//! How often a text may be read.
//!
//! The parser stops at each fault, so a text is read as many times as it has faults, and once more with each of them
//! for every fix that is to be verified. Without a bound a few hundred faults would take seconds.

/// How many times a long text may be read.
const TIMES: usize = 16;

/// Bytes that may be read of every text: a configuration of some KB is read as often as its faults need.
const LEAST: usize = 2 << 20;

/// Bytes that are not read of any text.
const MOST: usize = 16 << 20;

/// The bytes read so far, over and over, and those that may be.
pub(super) struct ReadingBudget {
    spent: usize,
    worth: usize,
}

impl ReadingBudget {
    /// The budget for a text of so many bytes.
    pub(super) fn of(len: usize) -> Self {
        Self { spent: 0, worth: len.saturating_mul(TIMES).clamp(LEAST, MOST) }
    }

    /// Takes so many bytes from the budget.
    pub(super) fn spend(&mut self, len: usize) {
        self.spent += len;
    }

    /// Whether the budget is used up.
    pub(super) fn is_spent(&self) -> bool {
        self.spent >= self.worth
    }
}

#[cfg(test)]
mod tests {
    use super::ReadingBudget;
    use crate::fix::Applicability;
    use crate::syntax::Document;
    use crate::syntax::yaml::{read_region, verify};

    /// Reads a text and verifies its fixes: what was spent beyond its worth, in whole readings.
    fn read(text: &str) -> (Document<'_>, [usize; 2]) {
        let mut reading = ReadingBudget::of(text.len());
        let document = read_region(text, 0..text.len(), false, &mut reading);
        let mut verification = ReadingBudget::of(text.len());
        let document = verify(document, 0..text.len(), false, &mut verification);
        (document, [reading, verification].map(|budget| budget.spent.saturating_sub(budget.worth).div_ceil(text.len())))
    }

    fn faulty(lines: usize) -> String {
        (0..lines).map(|i| format!("good{i}: value\nkey{i}: \"\\q\"\n")).collect()
    }

    #[test]
    fn few_faults_are_all_reported_and_their_fixes_proved() {
        let text = faulty(30);
        let (document, beyond) = read(&text);
        assert_eq!((document.problems.len(), beyond), (30, [0, 0]));
        let safe = |fix: &crate::fix::Fix| fix.applicability == Applicability::Safe;
        assert!(document.problems.iter().all(|p| p.fix.as_ref().is_some_and(safe)));
    }

    #[test]
    fn many_faults_cost_no_more_than_the_text_is_worth() {
        for lines in [300, 3000] {
            let text = faulty(lines);
            let (document, beyond) = read(&text);
            // The last reading began within it, and so did the last fix to be verified.
            assert!(beyond <= [1, 2], "{lines}: {beyond:?}");
            assert!(document.problems.iter().any(|p| p.code == "too-many-faults"), "{lines}");
        }
    }
}
