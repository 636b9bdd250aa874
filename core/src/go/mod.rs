//! What Go's standard library accepts, for daemons that are written in it.

pub mod address;
pub mod boolean;
pub mod duration;
pub mod host;
pub mod integer;
pub mod size;
pub mod tls;
