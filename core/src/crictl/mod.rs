//! crictl: everything that is known about `crictl.yaml`.

pub mod kind;

pub use kind::*;
