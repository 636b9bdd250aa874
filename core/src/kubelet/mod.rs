//! The kubelet: everything that is known about KubeletConfiguration and the kubelet's flags.
//!
//! [`kind`] says which texts are one, [`settings`], [`maps`] and [`feature_gates`] what the kubelet uses in the end, from its file or
//! its flags, and the other modules how it reads values.

pub mod endpoints;
pub mod feature_gates;
pub mod kind;
pub mod maps;
pub mod names;
pub mod quantity;
pub mod settings;
pub mod values;

pub use kind::*;
