//! The rules' documentation, as written in their files.

pub(crate) use crate::docs_table::DOCS;

/// The page of a rule, in Markdown, without its title and the line of facts below it.
pub(crate) fn page(rule: &str) -> Option<&'static str> {
    let (_, text) = DOCS.iter().find(|(id, _)| *id == rule)?;
    let mut rest = text.trim_start();
    while let Some((line, below)) = rest.split_once('\n') {
        let line = line.trim();
        let is_head = line.is_empty() || line.starts_with("# ") || (line.starts_with('*') && line.ends_with('*'));
        if !is_head {
            break;
        }
        rest = below;
    }
    Some(rest.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{DOCS, page};

    #[test]
    fn pages_come_without_their_head() {
        for (rule, _) in DOCS {
            let page = page(rule).unwrap_or_default();
            assert!(!page.is_empty() && !page.starts_with(['#', '*']), "{rule}: {page}");
        }
    }
}
