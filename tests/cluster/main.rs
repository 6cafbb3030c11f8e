//! The program on clusters: two simultaneous runs through two nodes, and nodes that lag, are lost or accept no writes.
//! On real servers, which `tests/servers` starts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and prints its skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod concurrent_runs;
mod conflicts;
mod failover;
mod group;
mod lost_nodes;
mod provision;
mod proxies;
mod replica;
mod session_state;
mod stale_reads;
mod throttle;
