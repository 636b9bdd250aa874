//! The program `crilint`. Everything is in the library beside it, so that tests and tools can use it.

use std::process::ExitCode;

fn main() -> ExitCode {
    crilint::run(std::env::args_os())
}
