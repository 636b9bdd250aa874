//! Nodes with the files that Debian's packages install. `cargo xtask nodes` unpacks these and runs this test.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod image;
#[allow(dead_code, reason = "the tests of the program use the rest")]
mod sandbox;

use std::env;
use std::path::{Path, PathBuf};

use image::Images;

fn images() -> Images {
    let folder = env::var_os("CRILINT_DEBIAN_IMAGES").expect("cargo xtask nodes names the folder of the images");
    let faults = Path::new(env!("CARGO_MANIFEST_DIR")).join("cli/tests/debian.toml");
    Images::read(PathBuf::from(folder), &faults)
}

#[test]
fn a_node_of_packages_has_no_error_and_no_warning() {
    images().assert_clean(2);
}

#[test]
fn a_fault_in_a_node_of_packages_is_found_and_nothing_else() {
    images().assert_found(10);
}
