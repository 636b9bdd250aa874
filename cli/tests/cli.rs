//! The real program on folders of its own: what it prints, what it writes, and its exit codes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg(unix)]
mod image;
mod sandbox;

mod agreement;
mod checking;
mod commanding;
mod comparing;
mod configuring;
mod explaining;
mod fixing;
#[cfg(unix)]
mod following;
mod forecasting;
mod hiding;
#[cfg(unix)]
mod images;
mod pages;
mod profiles;
mod promises;
mod readme;
mod reporting;
mod schemas;
#[cfg(unix)]
mod services;
mod showing;
#[cfg(unix)]
mod writing;
