//! Two simultaneous commands through two nodes of one cluster.

use super::support::cluster::Cluster;
use super::support::program::{Done, run};
use super::support::variable;

const SESSIONS: u32 = 4_000;

/// Rounds per pair, so that a rare race is found.
fn rounds() -> u32 {
    variable("TOMCAT_SESSIONS_TEST_ROUNDS").map_or(2, |n| n.parse().unwrap())
}

/// The sessions in the first table, in the second, and in both.
async fn counts(galera: &Cluster) -> (i64, i64, i64) {
    let both = "SELECT COUNT(*) FROM tomcat_sessions a JOIN away b USING (session_id, app_name)";
    (
        galera.number(1, "SELECT COUNT(*) FROM tomcat_sessions").await,
        galera.number(2, "SELECT COUNT(*) FROM away").await,
        galera.number(3, both).await,
    )
}

/// One of the two commands ran, and the other was refused or came later.
fn one_at_a_time(done: &[&Done; 2]) {
    assert!(done.iter().all(|done| matches!(done.code, Some(0 | 12))), "{done:?}");
    assert!(done.iter().any(|done| done.code == Some(0)), "{done:?}");
}

#[tokio::test]
async fn two_swaps_between_stores_lose_no_session() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_table("away").await;
    for table in ["tomcat_sessions", "away"] {
        galera.create_lease(table).await;
    }
    for _ in 0..rounds() {
        galera.sql(1, "DELETE FROM tomcat_sessions; DELETE FROM away").await;
        galera.fill("tomcat_sessions", SESSIONS, 200, 1200).await;
        let urls = [1, 2, 3].map(|node| galera.url(node));
        let out = |n: usize| {
            ["--url", &urls[n], "swap-out", "--max-idle", "10m", "--to", &urls[(n + 2) % 3], "--other-table", "away"]
                .map(str::to_owned)
        };
        let (first, second) = (out(0), out(1));
        let (first, second) = (first.each_ref().map(String::as_str), second.each_ref().map(String::as_str));
        let (first, second) = tokio::join!(run(&first), run(&second));
        one_at_a_time(&[&first, &second]);
        assert_eq!(counts(&galera).await, (0, i64::from(SESSIONS), 0), "{first:?} {second:?}");
        let back = |n: usize| {
            ["--url", &urls[n], "swap-in", "--all", "--from", &urls[(n + 2) % 3], "--other-table", "away"]
                .map(str::to_owned)
        };
        let (first, second) = (back(0), back(1));
        let (first, second) = (first.each_ref().map(String::as_str), second.each_ref().map(String::as_str));
        let (first, second) = tokio::join!(run(&first), run(&second));
        one_at_a_time(&[&first, &second]);
        assert_eq!(counts(&galera).await, (i64::from(SESSIONS), 0, 0), "{first:?} {second:?}");
    }
    galera.drop().await;
}

#[tokio::test]
async fn swaps_between_stores_need_the_lease() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_table("away").await;
    galera.fill("tomcat_sessions", 10, 200, 1200).await;
    let (url, to) = (galera.url(1), galera.url(2));
    let args = ["--url", &url, "swap-out", "--max-idle", "10m", "--to", &to, "--other-table", "away"];
    let done = run(&args).await;
    assert_eq!(done.code, Some(11), "{done:?}");
    assert!(done.stderr.contains("tomcat_sessions_lease") && done.stderr.contains("init-db"), "{done:?}");
    galera.create_lease("tomcat_sessions").await;
    let done = run(&args).await;
    assert!(done.code == Some(11) && done.stderr.contains("away_lease"), "{done:?}");
    galera.create_lease("away").await;
    assert_eq!(run(&args).await.code, Some(0));
    assert_eq!(counts(&galera).await, (0, 10, 0));
    galera.drop().await;
}

#[tokio::test]
async fn a_second_run_through_another_node_is_refused() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_lease("tomcat_sessions").await;
    galera.fill("tomcat_sessions", 400, 200, 7200).await;
    let urls = [galera.url(1), galera.url(2)];
    let slow = urls[0].clone();
    let first =
        tokio::spawn(async move { run(&["--url", &slow, "expire", "--batch", "20", "--sleep", "300ms"]).await });
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let second = run(&["--url", &urls[1], "expire"]).await;
    assert_eq!(second.code, Some(12), "{second:?}");
    let dry = run(&["--url", &urls[1], "expire", "--dry-run"]).await;
    assert_eq!(dry.code, Some(0), "{dry:?}");
    let later = run(&["--url", &urls[1], "expire", "--wait-lock", "60s"]).await;
    assert_eq!(later.code, Some(0), "{later:?}");
    let first = first.await.unwrap();
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(first.result["deleted"]["sessions"], 400);
    galera.drop().await;
}

#[tokio::test]
async fn a_lease_taken_by_another_run_stops_the_run() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_lease("tomcat_sessions").await;
    galera.fill("tomcat_sessions", 400, 200, 7200).await;
    let url = galera.url(1);
    let first = tokio::spawn(async move { run(&["--url", &url, "expire", "--batch", "20", "--sleep", "300ms"]).await });
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    galera.sql(2, "UPDATE tomcat_sessions_lease SET holder = 'another', until = until + 60000").await;
    let taken = galera.number(3, "SELECT COUNT(*) FROM tomcat_sessions").await;
    let first = first.await.unwrap();
    assert_eq!(first.code, Some(3), "{first:?}");
    assert_eq!(first.result["ended"], "lock-lost", "{first:?}");
    let left = galera.number(3, "SELECT COUNT(*) FROM tomcat_sessions").await;
    // A batch may have been committed before the other run took the lease, and been counted after that.
    assert!((taken - 20..=taken).contains(&left) && left > 0, "{taken} {left}");
    assert_eq!(first.result["deleted"]["sessions"].as_i64().unwrap(), 400 - left);
    galera.drop().await;
}

#[tokio::test]
async fn the_lease_of_a_killed_run_expires() {
    let Some(galera) = Cluster::galera().await else { return };
    galera.create_lease("tomcat_sessions").await;
    galera.fill("tomcat_sessions", 10, 200, 7200).await;
    // The state that a run leaves if it is killed two seconds before its lease expires.
    let left = "INSERT INTO tomcat_sessions_lease VALUES ('tomcat_sessions', 'killed', (UNIX_TIMESTAMP() + 2) * 1000)";
    galera.sql(2, left).await;
    let url = galera.url(1);
    let done = run(&["--url", &url, "expire"]).await;
    assert_eq!(done.code, Some(12), "{done:?}");
    let done = run(&["--url", &url, "expire", "--wait-lock", "20s"]).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(galera.number(3, "SELECT COUNT(*) FROM tomcat_sessions").await, 0);
    galera.drop().await;
}

/// Commands that write to `tomcat_sessions`, each with the first character of the ids of its sessions.
const WRITERS: &[(&str, &str)] =
    &[("expire", "E"), ("delete", "A"), ("swap-out", "C"), ("swap-in", "D"), ("migrate", "F"), ("import", "B")];
/// Sessions of each kind.
const EACH: i64 = 60;

/// The arguments of a command through a node; `archive` is the file for `import`.
fn writer(galera: &Cluster, command: &str, node: usize, archive: &str) -> Vec<String> {
    let url = galera.url(node);
    let of_command: &[&str] = match command {
        "expire" => &["expire", "--batch", "20"],
        "delete" => &["delete", "--all", "--app", "*", "--id", "A", "--batch", "20"],
        "swap-out" => &["swap-out", "--max-idle", "10m", "--batch", "20"],
        "swap-in" => &["swap-in", "--all", "--batch", "20"],
        "migrate" => &["--table", "source", "migrate", "--to", &url, "--to-table", "tomcat_sessions"],
        _ => &["import", archive, "--any-data"],
    };
    ["--url", &url].iter().chain(of_command).map(|arg| (*arg).to_owned()).collect()
}

/// Each pair of commands that write, simultaneously on two nodes: the second one is refused, or the result is correct.
#[tokio::test]
async fn every_pair_of_commands_on_two_nodes() {
    every_two_commands(true, rounds()).await;
}

/// Without the lease, two runs on two nodes do not detect each other; the result must be correct nevertheless.
#[tokio::test]
async fn every_pair_of_commands_on_two_nodes_without_a_lease() {
    every_two_commands(false, rounds().div_ceil(2)).await;
}

async fn every_two_commands(leased: bool, rounds: u32) {
    let Some(galera) = Cluster::galera().await else { return };
    for table in ["tomcat_sessions_swapped", "source", "archived"] {
        galera.create_table(table).await;
    }
    if leased {
        galera.create_lease("tomcat_sessions").await;
    }
    // A kind of sessions: the table, the first digit of the ids, and the idle time.
    let kind = |table: &str, digit: &str, idle: i32| {
        format!(
            "INSERT INTO {table} (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
             SELECT CONCAT('{digit}', UPPER(MD5(seq))), '/Catalina/localhost/app', '1', 1800, \
             (UNIX_TIMESTAMP() - {idle}) * 1000, REPEAT('{digit}', 100) FROM seq_1_to_{EACH};"
        )
    };
    // These are created once, and must not become idle in later rounds.
    galera.sql(1, &kind("archived", "B", -7200)).await;
    galera.synced().await;
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("archive").display().to_string();
    let exported = run(&["--url", &galera.url(1), "--table", "archived", "export", &archive]).await;
    assert_eq!(exported.code, Some(0), "{exported:?}");
    let filled: String = [
        kind("tomcat_sessions", "E", 7200),
        kind("tomcat_sessions", "A", 60),
        kind("tomcat_sessions", "C", 1200),
        kind("tomcat_sessions_swapped", "D", 1200),
        kind("source", "F", 60),
    ]
    .concat();
    let mut refused = 0;
    for round in 0..rounds {
        for (first, of_first) in WRITERS {
            for (second, of_second) in WRITERS {
                // Both orders, alternately.
                if (first > second) == (round % 2 == 0) && first != second {
                    continue;
                }
                let empty = "DELETE FROM tomcat_sessions; DELETE FROM tomcat_sessions_swapped; DELETE FROM source;";
                galera.sql(1, &format!("{empty} {filled}")).await;
                galera.synced().await;
                let (one, two) = (writer(&galera, first, 1, &archive), writer(&galera, second, 2, &archive));
                let one: Vec<&str> = one.iter().map(String::as_str).collect();
                let two: Vec<&str> = two.iter().map(String::as_str).collect();
                let (one, two) = tokio::join!(run(&one), run(&two));
                let told = format!("{first} {second}: {one:?} {two:?}");
                assert!([&one, &two].iter().all(|done| matches!(done.code, Some(0 | 12))), "{told}");
                assert!(one.code == Some(0) || two.code == Some(0), "{told}");
                refused += i32::from(one.code == Some(12)) + i32::from(two.code == Some(12));
                let ran = |digit: &str| {
                    one.code == Some(0) && *of_first == digit || two.code == Some(0) && *of_second == digit
                };
                right(&galera, ran, &told).await;
            }
        }
    }
    assert_eq!(refused > 0, leased, "{refused} of {} runs were refused", rounds * 42);
    galera.drop().await;
}

/// The contents of the two tables are the result of the commands that ran.
async fn right(galera: &Cluster, ran: impl Fn(&str) -> bool, told: &str) {
    let (mut live, mut swapped) = (Vec::new(), Vec::new());
    for digit in ["A", "B", "C", "D", "E", "F"] {
        let count = |table: &str| format!("SELECT COUNT(*) FROM {table} WHERE session_id LIKE '{digit}%'");
        live.push(galera.number(3, &count("tomcat_sessions")).await);
        swapped.push(galera.number(3, &count("tomcat_sessions_swapped")).await);
    }
    let all_if = |there: bool| if there { EACH } else { 0 };
    // A and E are deleted, B and F are inserted, C moves to the second table and D from there.
    let mut wanted_live = vec![!ran("A"), ran("B"), !ran("C"), ran("D"), !ran("E"), ran("F")];
    let mut wanted_swapped = vec![false, false, ran("C"), !ran("D"), false, false];
    if ran("C") && ran("D") {
        // If one begins after the other, it moves sessions that have been moved before; each session is in one table.
        for kind in [2, 3] {
            assert_eq!(live[kind] + swapped[kind], EACH, "{told}");
            (live[kind], swapped[kind]) = (0, 0);
            (wanted_live[kind], wanted_swapped[kind]) = (false, false);
        }
    }
    assert_eq!(live, wanted_live.into_iter().map(all_if).collect::<Vec<_>>(), "{told}");
    assert_eq!(swapped, wanted_swapped.into_iter().map(all_if).collect::<Vec<_>>(), "{told}");
    let both = "SELECT COUNT(*) FROM tomcat_sessions JOIN tomcat_sessions_swapped USING (session_id, app_name)";
    assert_eq!(galera.number(3, both).await, 0, "{told}");
}
