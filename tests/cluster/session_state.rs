//! Session settings are written in a form that proxies which track the state of a connection, such as ProxySQL, can
//! parse.

use super::support::private::Private;
use super::support::program::run;

/// Tells whether ProxySQL can parse a SET: values without expressions, one line, no comment, and no further statement.
fn is_readable(statement: &str) -> bool {
    !statement.contains(['(', ')', ';', '\n', '@']) && !statement.contains("/*")
}

#[tokio::test]
async fn a_proxy_can_read_every_set() {
    let Some(server) = Private::with(&["--general-log".to_owned(), "--general-log-file=statements".to_owned()]) else {
        return;
    };
    server.sql("CREATE DATABASE s CHARACTER SET utf8mb4").await;
    let url = server.url("s");
    let made = run(&["--url", &url, "init-db", "--no-user", "--with-swap-table", "--apply"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    let fill = "INSERT INTO s.tomcat_sessions (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
         SELECT UPPER(MD5(seq)), '/Catalina/localhost/app', '1', 1800, (UNIX_TIMESTAMP() - 700) * 1000, 'x' FROM s.seq_1_to_50";
    server.sql(fill).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("all").display().to_string();
    for args in [
        vec!["check"],
        vec!["list"],
        vec!["export", &file],
        vec!["swap-out", "--max-idle", "10m"],
        vec!["swap-in", "--all"],
        vec!["import", &file, "--any-data"],
        vec!["delete", "--all", "--app", "*"],
        vec!["expire"],
    ] {
        let done = run(&[&["--url", &url], &args[..]].concat()).await;
        assert_eq!(done.code, Some(0), "{args:?} {done:?}");
    }
    let log = std::fs::read(server.dir.path().join("data/statements")).unwrap();
    let log = String::from_utf8_lossy(&log);
    let (mut seen, mut unreadable) = (0, Vec::new());
    for statement in statements(&log).filter(|text| text.to_uppercase().starts_with("SET ")) {
        seen += 1;
        if !is_readable(&statement) {
            unreadable.push(statement);
        }
    }
    assert!(seen > 20 && unreadable.is_empty(), "{seen} {unreadable:#?}");
}

/// The statements in a general log, some of which have several lines.
fn statements(log: &str) -> impl Iterator<Item = String> {
    // An entry has a connection id, a command and the text; continuation lines have only text.
    let begins = |line: &str| {
        let (head, text) = line.rsplit_once('\t')?;
        let head = head.rsplit('\t').next().unwrap_or_default().trim_start();
        let (number, what) = head.split_once(' ')?;
        number.parse::<u32>().ok().map(|_| (what == "Query", text.to_owned()))
    };
    let mut all: Vec<(bool, String)> = Vec::new();
    for line in log.lines() {
        match (begins(line), all.last_mut()) {
            (Some(begun), _) => all.push(begun),
            (None, Some((_, last))) => *last += &format!("\n{line}"),
            (None, None) => {}
        }
    }
    all.into_iter().filter_map(|(is_query, text)| is_query.then_some(text))
}
