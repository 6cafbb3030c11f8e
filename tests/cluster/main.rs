//! The program on clusters: two runs at once through two nodes, nodes that lag, that are lost, that
//! take no writes. On real servers; `tests/servers` starts them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and prints its skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod conflicts;
mod failover;
mod group;
mod lost_nodes;
mod pairs;
mod provision;
mod proxies;
mod replica;
mod session_state;
mod stale;
mod throttle;
