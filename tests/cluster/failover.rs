//! A URL with several hosts: the node of a running command is killed, and the command continues on another one.

use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::support::cluster::Cluster;
use super::support::program::{Done, program, run};

/// A run in the background.
pub fn start(args: &[&str]) -> Child {
    program(args).spawn().unwrap()
}

pub async fn end(child: Child) -> Done {
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    Done {
        code: output.status.code(),
        result: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Waits until a number has the expected value.
pub async fn until(galera: &Cluster, query: &str, wanted: impl Fn(i64) -> bool) {
    let begun = Instant::now();
    loop {
        let found = galera.number(2, query).await;
        if wanted(found) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{query}: {found}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

pub fn number(done: &Done, path: &[&str]) -> i64 {
    path.iter().fold(&done.result, |value, part| &value[*part]).as_i64().unwrap_or_else(|| panic!("{path:?} {done:?}"))
}

/// Sessions that are read and written slowly enough for a kill in the middle.
const PACED: [&str; 6] = ["--batch", "10", "--sleep", "250ms", "--wait-lock", "30s"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_continues_on_another_node() {
    let Some(galera) = Cluster::galera().await else { return };
    let tables =
        ["deleted", "out", "out_swapped", "away", "away_to", "back", "back_swapped", "moved", "copy", "read", "into"];
    for table in tables {
        galera.create_table(table).await;
    }
    for table in ["tomcat_sessions", "deleted", "out", "away", "away_to", "back", "copy"] {
        galera.create_lease(table).await;
    }
    galera.fill("tomcat_sessions", 300, 200, 7200).await;
    for (table, count, size, idle) in [
        ("deleted", 300, 200, 60),
        ("out", 300, 200, 1200),
        ("away", 300, 200, 1200),
        ("back_swapped", 300, 200, 1200),
        ("moved", 600, 10_000, 60),
        ("read", 1_500, 20_000, 60),
    ] {
        galera.fill(table, count, size, idle).await;
    }
    let url = galera.url_of_all(1);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("archive").display().to_string();
    let exported = run(&["--url", &url, "--table", "moved", "export", &file]).await;
    assert_eq!((exported.code, &exported.result["sessions"]), (Some(0), &600.into()), "{exported:?}");
    let archive = std::fs::read(&file).unwrap();
    let begin = |table: &str, args: &[&str]| start(&[&["--url", &url, "--table", table], args].concat());
    let paced = |args: &[&'static str]| [args, &PACED[..]].concat();

    let expire = begin("tomcat_sessions", &paced(&["expire"]));
    let delete = begin("deleted", &paced(&["delete", "--all", "--app", "*"]));
    let out = begin("out", &paced(&["swap-out", "--max-idle", "10m"]));
    let to = galera.url_of_all(1);
    let mut away = vec!["swap-out", "--max-idle", "10m", "--to", &to, "--other-table", "away_to"];
    away.extend(PACED);
    let away = begin("away", &away);
    let back = begin("back", &paced(&["swap-in", "--all"]));
    let migrate = start(&[
        "--table",
        "moved",
        "migrate",
        "--from",
        &url,
        "--to",
        &url,
        "--to-table",
        "copy",
        "--max-rate",
        "600KB",
    ]);
    // The second half of the archive comes after the kill.
    let (first, second) = archive.split_at(archive.len() / 2);
    let mut import = program(&["--url", &url, "--table", "into", "import", "-", "--any-data"]);
    let mut import = import.stdin(Stdio::piped()).spawn().unwrap();
    let mut feed = import.stdin.take().unwrap();
    feed.write_all(first).unwrap();
    feed.flush().unwrap();
    let mut export = begin("read", &["export", "-"]);
    let mut pipe = export.stdout.take().unwrap();
    let mut exported = vec![0; 1 << 20];
    pipe.read_exact(&mut exported).unwrap();

    for (query, least) in [
        ("SELECT 300 - COUNT(*) FROM tomcat_sessions", 10),
        ("SELECT 300 - COUNT(*) FROM deleted", 10),
        ("SELECT COUNT(*) FROM out_swapped", 10),
        ("SELECT COUNT(*) FROM away_to", 10),
        ("SELECT COUNT(*) FROM back", 10),
        ("SELECT COUNT(*) FROM copy", 10),
        ("SELECT COUNT(*) FROM `into`", 10),
    ] {
        until(&galera, query, |found| found >= least).await;
    }
    galera.kill(1).await;
    let second = second.to_vec();
    let feeding = tokio::task::spawn_blocking(move || feed.write_all(&second).unwrap());
    let rest = tokio::task::spawn_blocking(move || {
        pipe.read_to_end(&mut exported).unwrap();
        exported
    });
    let (expire, delete, out, away) = tokio::join!(end(expire), end(delete), end(out), end(away));
    let (back, migrate, import, export) = tokio::join!(end(back), end(migrate), end(import), end(export));
    let exported = rest.await.unwrap();
    feeding.await.unwrap();
    galera.start(1);

    for done in [&expire, &delete, &out, &away, &back, &migrate, &import, &export] {
        assert_eq!(done.code, Some(0), "{done:?}");
    }
    // The report names the node that answered last. On a slow machine, a run may have ended before the kill.
    let killed = format!("127.0.0.1:{}", galera.port(1));
    assert!([&expire, &delete, &out, &away, &back].iter().any(|done| done.result["node"] != killed), "{expire:?}");
    for (done, counted) in
        [(&expire, "deleted"), (&delete, "deleted"), (&out, "moved"), (&away, "moved"), (&back, "moved")]
    {
        let (sure, unconfirmed) = (number(done, &[counted, "sessions"]), number(done, &["unconfirmed"]));
        assert!(sure <= 300 && sure + unconfirmed >= 300, "{done:?}");
        assert_eq!(done.result["role"], "primary", "{done:?}");
    }
    for (query, wanted) in [
        ("SELECT COUNT(*) FROM tomcat_sessions", 0),
        ("SELECT COUNT(*) FROM deleted", 0),
        ("SELECT COUNT(*) FROM `out`", 0),
        ("SELECT COUNT(*) FROM out_swapped", 300),
        ("SELECT COUNT(*) FROM away", 0),
        ("SELECT COUNT(*) FROM away_to", 300),
        ("SELECT COUNT(*) FROM back_swapped", 0),
        ("SELECT COUNT(*) FROM back", 300),
        ("SELECT COUNT(*) FROM copy JOIN moved USING (session_id, app_name, session_data, last_access)", 600),
        ("SELECT COUNT(*) FROM `into`", 600),
    ] {
        assert_eq!(galera.number(2, query).await, wanted, "{query}");
    }
    assert_eq!(number(&import, &["inserted"]), 600, "{import:?}");
    let ids: std::collections::BTreeSet<String> = String::from_utf8(exported)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).unwrap()["session_id"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(ids.len(), 1_500);
    galera.drop().await;
}
