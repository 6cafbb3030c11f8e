//! Two commands at once, through two nodes of one cluster.

use super::program::{Done, run};
use super::support::galera::Galera;
use super::support::variable;

const SESSIONS: u32 = 4_000;

/// Rounds of each pair: a race that is lost once in a few is seen.
fn rounds() -> u32 {
    variable("TOMCAT_SESSIONS_TEST_ROUNDS").map_or(2, |n| n.parse().unwrap())
}

/// The lease's table, for a session table, as `init-db` makes it.
async fn with_lease(galera: &Galera, table: &str) {
    let sql = format!(
        "CREATE TABLE `{table}_lease` (name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, \
         holder VARCHAR(64) NOT NULL, until BIGINT NOT NULL) ENGINE = InnoDB"
    );
    galera.sql(1, &sql).await;
    galera.synced().await;
}

/// Sessions in the first table, the second and both.
async fn counts(galera: &Galera) -> (i64, i64, i64) {
    let both = "SELECT COUNT(*) FROM tomcat_sessions a JOIN away b USING (session_id, app_name)";
    (
        galera.number(1, "SELECT COUNT(*) FROM tomcat_sessions").await,
        galera.number(2, "SELECT COUNT(*) FROM away").await,
        galera.number(3, both).await,
    )
}

/// One of the two ran, and the other was told so, or came later.
fn one_at_a_time(done: &[&Done; 2]) {
    assert!(done.iter().all(|done| matches!(done.code, Some(0 | 12))), "{done:?}");
    assert!(done.iter().any(|done| done.code == Some(0)), "{done:?}");
}

#[tokio::test]
async fn two_swaps_between_stores_lose_no_session() {
    let Some(galera) = Galera::new().await else { return };
    galera.create_table("away").await;
    for table in ["tomcat_sessions", "away"] {
        with_lease(&galera, table).await;
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
    let Some(galera) = Galera::new().await else { return };
    galera.create_table("away").await;
    galera.fill("tomcat_sessions", 10, 200, 1200).await;
    let (url, to) = (galera.url(1), galera.url(2));
    let args = ["--url", &url, "swap-out", "--max-idle", "10m", "--to", &to, "--other-table", "away"];
    let done = run(&args).await;
    assert_eq!(done.code, Some(11), "{done:?}");
    assert!(done.stderr.contains("tomcat_sessions_lease") && done.stderr.contains("init-db"), "{done:?}");
    with_lease(&galera, "tomcat_sessions").await;
    let done = run(&args).await;
    assert!(done.code == Some(11) && done.stderr.contains("away_lease"), "{done:?}");
    with_lease(&galera, "away").await;
    assert_eq!(run(&args).await.code, Some(0));
    assert_eq!(counts(&galera).await, (0, 10, 0));
    galera.drop().await;
}

#[tokio::test]
async fn a_second_run_through_another_node_is_told_so() {
    let Some(galera) = Galera::new().await else { return };
    with_lease(&galera, "tomcat_sessions").await;
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
async fn a_lease_that_another_took_stops_the_run() {
    let Some(galera) = Galera::new().await else { return };
    with_lease(&galera, "tomcat_sessions").await;
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
    // A batch may have been committed before the lease was taken and have been counted after.
    assert!((taken - 20..=taken).contains(&left) && left > 0, "{taken} {left}");
    assert_eq!(first.result["deleted"]["sessions"].as_i64().unwrap(), 400 - left);
    galera.drop().await;
}

#[tokio::test]
async fn a_lease_ends_by_itself_after_a_kill() {
    let Some(galera) = Galera::new().await else { return };
    with_lease(&galera, "tomcat_sessions").await;
    galera.fill("tomcat_sessions", 10, 200, 7200).await;
    // What a run leaves that was killed two seconds before its lease ends.
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
