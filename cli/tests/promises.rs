//! `docs/safety.md`: each of its sentences is held by tests that exist.

use std::fs;
use std::path::Path;

#[test]
fn each_sentence_on_safety_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/safety.md")).unwrap();
    let promises: Vec<&str> = page.split("\n- ").skip(1).map(|rest| rest.split("\n\n").next().unwrap()).collect();
    assert!(promises.len() > 10, "{}", promises.len());
    for promise in promises {
        let (sentence, tests) = promise.rsplit_once("\n  (").unwrap_or_else(|| panic!("no tests: {promise}"));
        assert!(sentence.ends_with('.'), "{sentence}");
        for group in tests.trim_end().trim_end_matches(')').split(';') {
            let mut names = group.split('`').skip(1).step_by(2);
            let file = names.next().unwrap_or_else(|| panic!("no file: {group}"));
            let source = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            let mut count = 0;
            for name in names {
                count += 1;
                let before = source.split_once(&format!("fn {name}(")).map(|(before, _)| before.trim_end());
                let is_rust = before.is_some_and(|before| before.ends_with("#[test]"));
                let is_script = ["(", "(t, "].iter().any(|before| source.contains(&format!("{before}\"{name}\"")));
                assert!(is_rust || is_script, "{file} has no test `{name}`: {sentence}");
            }
            assert!(count > 0, "no test of {file}: {sentence}");
        }
    }
}
