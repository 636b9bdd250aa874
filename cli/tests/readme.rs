//! What the README shows is what the program prints. `UPDATE=1 cargo test` rewrites it.

use std::fs;
use std::path::Path;
use std::process::Command;

const START: &str = "<!-- example: crilint ";
const END: &str = "<!-- end of example -->";

#[test]
fn examples_are_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let mut new = String::new();
    let mut rest = text.as_str();
    let mut count = 0;
    while let Some((before, after)) = rest.split_once(START) {
        let (arguments, after) = after.split_once(" -->").unwrap();
        let (_, after) = after.split_once(END).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_crilint"))
            .args(arguments.split(' '))
            .current_dir(root)
            .env("COLUMNS", "100")
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let shown = printed.trim_end();
        assert!(!shown.is_empty(), "crilint {arguments} prints nothing");
        new.push_str(before);
        new.push_str(&format!("{START}{arguments} -->\n```text\n$ crilint {arguments}\n{shown}\n```\n{END}"));
        rest = after;
        count += 1;
    }
    new.push_str(rest);
    assert!(count > 0, "the README shows no example");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &new).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == new, "README.md is stale: run UPDATE=1 cargo test");
}
