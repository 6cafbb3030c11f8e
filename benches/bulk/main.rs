//! Bulk insert of 100,000 sessions of 2 KB beside inserts row by row, on the same server in one run:
//!
//! ```text
//! cargo bench --bench bulk -- [--rows 100000] [--single 10000]
//! ```
//!
//! Both write into the recommended table in transactions of 1,000 sessions; the single rows are
//! statements with parameters, of the driver alone. Prints a Markdown table; `benches/RESULTS.md`
//! keeps that of a full run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a benchmark prints, reads the clock, and fails by panicking"
)]

#[path = "../../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use support::{Kind, NOW, Scratch};
use tiberius::ToSql;
use tomcat_sessions::session::{EpochMillis, OnConflict, Session, SessionKey, SessionMeta};

/// Sessions a transaction: some 2 MB.
const BATCH: u64 = 1_000;
const SIZE: usize = 2_048;
const APP: &str = "/Catalina/localhost/demo";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (mut rows, mut single) = (100_000, 10_000);
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    while let Some(arg) = args.next() {
        let value = args.next().unwrap_or_else(|| panic!("{arg} needs a value"));
        match arg.as_str() {
            "--rows" => rows = value.parse().unwrap(),
            "--single" => single = value.parse().unwrap(),
            other => panic!("`{other}` is no option of this benchmark"),
        }
    }
    let Some(db) = Scratch::new(Kind::Mssql).await else { return };
    db.create_table("recommended").await;

    let idle = resident();
    let took = in_bulk(&db, rows).await;
    let peak = resident();
    db.sql("TRUNCATE TABLE tomcat_sessions").await;
    let one_by_one = by_row(&db, single).await;

    let rate = |rows: u64, took: Duration| rows as f64 / took.as_secs_f64();
    println!("| | sessions | s | sessions/s |\n|---|---|---|---|");
    println!("| bulk load | {rows} | {:.1} | {:.0} |", took.as_secs_f64(), rate(rows, took));
    println!("| row by row | {single} | {:.1} | {:.0} |", one_by_one.as_secs_f64(), rate(single, one_by_one));
    println!("\nratio {:.1}; memory at most {peak} MB, {idle} MB before", rate(rows, took) / rate(single, one_by_one));
    db.drop().await;
}

/// Our own way, with its look for keys that are there already.
async fn in_bulk(db: &Scratch, rows: u64) -> Duration {
    let mut store = db.open().await;
    let begun = Instant::now();
    for from in (0..rows).step_by(BATCH as usize) {
        let batch: Vec<Session> = (from..rows.min(from + BATCH)).map(made).collect();
        assert_eq!(store.insert(&batch, OnConflict::Fail).await.unwrap().inserted, batch.len() as u64);
    }
    let took = begun.elapsed();
    store.close().await;
    took
}

async fn by_row(db: &Scratch, rows: u64) -> Duration {
    let mut connection = db.tds(&db.database).await;
    let insert = "INSERT INTO tomcat_sessions \
        (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES (@P1, @P2, @P3, @P4, @P5, @P6)";
    let begun = Instant::now();
    for from in (0..rows).step_by(BATCH as usize) {
        connection.simple_query("BEGIN TRANSACTION").await.unwrap().into_results().await.unwrap();
        for Session { meta, data } in (from..rows.min(from + BATCH)).map(made) {
            let last = meta.last_access.map(|t| t.0);
            let row: [&dyn ToSql; 6] =
                [&meta.key.id, &meta.key.app, &data.as_deref(), &meta.valid, &meta.max_inactive, &last];
            connection.execute(insert, &row).await.unwrap();
        }
        connection.simple_query("COMMIT").await.unwrap().into_results().await.unwrap();
    }
    begun.elapsed()
}

/// Ids are spread as Tomcat's random ones are.
fn made(n: u64) -> Session {
    let spread = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let data: Vec<u8> = (0..SIZE as u64).map(|i| (spread >> (i % 57)) as u8).collect();
    let meta = SessionMeta {
        key: SessionKey::new(Some(APP.to_owned()), format!("{spread:016X}{n:016X}")),
        valid: Some("1".to_owned()),
        max_inactive: Some(1_800),
        last_access: Some(EpochMillis(NOW.0 - n as i64)),
        size: Some(data.len() as u64),
    };
    Session { meta, data: Some(data) }
}

/// The most memory that this process has had, in MB (Linux).
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
