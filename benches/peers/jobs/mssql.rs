//! `import` into SQL Server beside single rows and beside a bulk load without our checks.

use std::time::{Duration, Instant};

use tiberius::error::Error;
use tiberius::{ColumnData, ToSql, TokenRow};
use tomcat_sessions::session::Session;

use crate::report::Table;
use crate::run::{median, ours};
use crate::seed::{Contents, Maker};
use crate::support::{Kind, Scratch, Tds};
use crate::{Bench, seconds};

/// Sessions a transaction.
const BATCH: usize = 1_000;
/// Bytes of data that the driver's bulk load takes.
const MOST: usize = 65_535;
/// Sessions that are inserted one by one, which is slow: so many hold as much of large data as the rest
/// (`seed`).
const ALONE: u64 = 10_000;

pub async fn run(bench: &mut Bench) {
    let Some(to) = Scratch::new(Kind::Mssql).await else {
        bench.report.failed("mssql", "there is no SQL Server (TOMCAT_SESSIONS_TEST_MSSQL_URL)");
        return;
    };
    let rows = bench.plan.rows;
    let alone = rows.min(ALONE);
    bench.seed.grow(rows).await;
    let archive = bench.file("mssql.ndjson");
    ours(&["export", &archive, "--quiet", "--url", &bench.seed.db.url]).await;
    let (mut imported, mut single, mut bulk) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.plan.rounds {
        emptied(&to).await;
        imported.push(ours(&["import", &archive, "--quiet", "--url", &to.url]).await);
        emptied(&to).await;
        single.push(by_row(&to, alone).await);
        emptied(&to).await;
        bulk.push(in_bulk(&to, rows).await);
    }
    let (imported, middle) = (median(imported), bench.plan.rounds / 2);
    single.sort();
    bulk.sort();
    let rate = |rows: u64, took: Duration| rows as f64 / took.as_secs_f64();
    let ours = rate(rows, imported.took);
    let mut table = Table::new("SQL Server", "| sessions | s | sessions/s | `import` / this");
    let ways = [
        ("`import` of an archive", rows, imported.took),
        ("single INSERTs, a thousand a transaction", alone, single[middle]),
        ("bulk load into the table, a thousand a transaction, nothing checked", rows, bulk[middle]),
    ];
    for (how, rows, took) in ways {
        let rate = rate(rows, took);
        table.row([
            how.to_owned(),
            rows.to_string(),
            seconds(took),
            format!("{rate:.0}"),
            format!("{:.2}", ours / rate),
        ]);
    }
    bench.report.add(table);
    let ratio = ours / rate(alone, single[middle]);
    bench.report.at_least("SQL Server: `import` / single INSERTs, sessions a second", ratio, 5.0, " x");
    bench.report.note_ratio(
        "SQL Server: `import` / bulk load without checks, sessions a second",
        ours / rate(rows, bulk[middle]),
    );
    bench.report.peak("import", imported.peak_kb);
    let _ = std::fs::remove_file(archive);
    to.drop().await;
}

async fn emptied(to: &Scratch) {
    to.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
    to.create_table("recommended").await;
}

async fn by_row(to: &Scratch, rows: u64) -> Duration {
    let maker = Maker::new(Contents::Text);
    let sessions: Vec<_> = (0..rows).map(|n| maker.session(n)).collect();
    let mut connection = to.tds(&to.database).await;
    let begun = Instant::now();
    for batch in sessions.chunks(BATCH) {
        to_end(&mut connection, "BEGIN TRANSACTION").await.unwrap();
        for session in batch {
            insert(&mut connection, session).await.unwrap();
        }
        to_end(&mut connection, "COMMIT").await.unwrap();
    }
    begun.elapsed()
}

/// The driver's bulk load, and what it does not take by itself; sessions are made before the clock starts. Babelfish
/// refuses a load whose last token is cut by a packet: it is made again with one session less, and only that counts.
async fn in_bulk(to: &Scratch, rows: u64) -> Duration {
    let maker = Maker::new(Contents::Text);
    let mut connection = to.tds(&to.database).await;
    let mut took = Duration::ZERO;
    for from in (0..rows).step_by(BATCH) {
        let sessions = (from..rows.min(from + BATCH as u64)).map(|n| maker.session(n));
        let (mut fit, mut large): (Vec<_>, Vec<_>) =
            sessions.partition(|session| session.data.as_ref().is_none_or(|data| data.len() <= MOST));
        took += loop {
            let begun = Instant::now();
            match load(&mut connection, fit.clone(), &large).await {
                Ok(()) => break begun.elapsed(),
                Err(error) if error.to_string().contains("unexpected token encountered") => {
                    large.extend(fit.pop());
                    connection = to.tds(&to.database).await;
                }
                Err(error) => panic!("{error}"),
            }
        };
    }
    took
}

/// Babelfish's refusal may come as the answer to the statement after the load.
async fn load(connection: &mut Tds, fit: Vec<Session>, large: &[Session]) -> Result<(), Error> {
    let columns = ["session_id", "valid_session", "max_inactive", "last_access", "app_name", "session_data"];
    to_end(connection, "BEGIN TRANSACTION").await?;
    let mut load = connection.bulk_insert_columns("tomcat_sessions", &columns).await?;
    for Session { meta, data } in fit {
        let mut row = TokenRow::new();
        row.push(ColumnData::String(Some(meta.key.id.into())));
        row.push(ColumnData::String(meta.valid.map(Into::into)));
        row.push(ColumnData::I64(meta.max_inactive));
        row.push(ColumnData::I64(meta.last_access.map(|at| at.0)));
        row.push(ColumnData::String(meta.key.app.map(Into::into)));
        row.push(ColumnData::Binary(data.map(|data| data.to_vec().into())));
        load.send(row).await?;
    }
    load.finalize().await?;
    for session in large {
        insert(connection, session).await?;
    }
    to_end(connection, "COMMIT").await
}

async fn insert(connection: &mut Tds, Session { meta, data }: &Session) -> Result<(), Error> {
    let text = "INSERT INTO tomcat_sessions \
        (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES (@P1, @P2, @P3, @P4, @P5, @P6)";
    let last = meta.last_access.map(|at| at.0);
    let row: [&dyn ToSql; 6] = [&meta.key.id, &meta.key.app, &data.as_deref(), &meta.valid, &meta.max_inactive, &last];
    connection.execute(text, &row).await?;
    Ok(())
}

async fn to_end(connection: &mut Tds, text: &str) -> Result<(), Error> {
    connection.simple_query(text).await?.into_results().await?;
    Ok(())
}
