//! The conformance suite: the required behavior of a store, the same for every engine, tested on real servers. The
//! behavior of engines is tested only here.
//!
//! A case is an `async fn(&Scratch)`; [`suite!`] creates a test for each engine from it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and prints its skips"
)]

#[path = "../support/mod.rs"]
mod support;

/// Creates a test of each case on each engine; cases after `servers:` are for the engines that are servers. To add an
/// engine, add a row here.
macro_rules! suite {
    (servers: $($case:ident),* $(,)?) => {
        crate::suite!(@engines [$($case),*] mariadb = Mariadb, mysql = Mysql, postgres = Postgres, mssql = Mssql);
    };
    ($($case:ident),* $(,)?) => {
        crate::suite!(@engines [$($case),*] sqlite = Sqlite, mariadb = Mariadb, mysql = Mysql, postgres = Postgres, mssql = Mssql);
    };
    (@engines $cases:tt $($engine:ident = $kind:ident),*) => {
        $(crate::suite!(@cases $engine $kind $cases);)*
    };
    (@cases $engine:ident $kind:ident [$($case:ident),*]) => {
        mod $engine {
            $(
                #[tokio::test]
                async fn $case() {
                    let Some(db) = crate::support::Scratch::new(crate::support::Kind::$kind).await else { return };
                    super::$case(&db).await;
                    db.drop().await;
                }
            )*
        }
    };
}
use suite;

mod backup;
mod bulk;
mod check;
mod compare;
mod content;
mod copies_during_deletes;
mod copies_during_writes;
mod cut_connections;
mod duplicates;
mod errors;
mod expiry_index;
mod filters;
mod find;
mod guide;
mod interleavings;
mod keys;
mod load;
mod lock;
mod locked_rows;
mod mariadb118;
mod migrate;
mod multi_pass;
mod names;
mod network;
mod network_down;
mod outage;
mod paging;
mod pgbouncer;
mod plans;
mod postgres;
mod postgres_check;
mod postgres_expire;
mod postgres_names;
mod postgres_rows;
mod provision;
mod purge;
mod purge_runs;
mod race;
mod rows;
mod sqlserver;
mod standby;
mod state_agreement;
mod swap;
mod swap_between_stores;
mod swap_kills;
mod swap_unfinished;
mod tls;
mod unresponsive_server;
