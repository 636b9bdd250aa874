//! Whole nodes, in the folder of this name.

use std::path::Path;

use super::image::Images;

fn images() -> Images {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cli/tests/images");
    let faults = folder.with_extension("toml");
    Images::read(folder, &faults)
}

#[test]
fn a_node_without_a_fault_has_no_error_and_no_warning() {
    images().assert_clean(10);
}

#[test]
fn a_fault_in_a_node_is_found_and_nothing_else() {
    images().assert_found(60);
}
