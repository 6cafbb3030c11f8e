//! The effect of the expiry index of the recommended profile on Tomcat's own query and on `expire`; verifies the
//! comments in `sql/`.

use sqlx::{Executor, Row};
use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::{Bind, ExpiryRoute, Naming};

use crate::plans::{is_seek, tds_plan, update_statistics};
use crate::support::{Kind, NOW, Scratch, session};

crate::suite!(
    expiry_queries_use_the_index,
    a_large_share_of_expired_sessions_is_found_by_a_scan,
    lookups_with_non_ascii_ids
);

/// Tomcat's query (`DataSourceStore.expiredKeys`) with literal values.
fn tomcats_query(app: &str) -> String {
    format!(
        "SELECT session_id FROM tomcat_sessions WHERE app_name = '{app}' AND (last_access + max_inactive * 1000 < {})",
        NOW.0
    )
}

/// 20,000 sessions of ten applications; 2 % are expired, 10 % never expire.
async fn fill(db: &Scratch) {
    if db.kind == Kind::Postgres {
        db.sql(&format!(
            "INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name, session_data)
             SELECT UPPER(MD5(CAST(i AS TEXT))), '1', CASE WHEN i / 10 % 10 = 3 THEN -1 ELSE 1800 END,
               {now} - CASE WHEN i / 10 % 50 = 0 THEN 10000000 ELSE 1000 END - i,
               CONCAT('/Catalina/localhost/app', i % 10), CONVERT_TO(REPEAT('x', 200), 'UTF8')
             FROM GENERATE_SERIES(1, 20000) AS i; ANALYZE tomcat_sessions",
            now = NOW.0
        ))
        .await;
        return;
    }
    let depth = if db.kind == Kind::Mysql { "cte_max_recursion_depth" } else { "max_recursive_iterations" };
    db.sql(&format!(
        "SET SESSION {depth} = 100000;
         INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name, session_data)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         SELECT UPPER(LEFT(SHA2(i, 256), 32)), '1', IF(i % 10 = 3, -1, 1800), {now} - IF(i % 50 < 10 AND i % 5 = 0, 10000000, 1000) - i,
           CONCAT('/Catalina/localhost/app', i DIV 2000), REPEAT('x', 200) FROM n;
         ANALYZE TABLE tomcat_sessions",
        now = NOW.0
    ))
    .await;
}

async fn expiry_queries_use_the_index(db: &Scratch) {
    match db.kind {
        Kind::Sqlite => return sqlite_plan(db).await,
        Kind::Mssql => return tds_index(db).await,
        Kind::Postgres => return postgres_plan(db).await,
        Kind::Mariadb | Kind::Mysql => {}
    }
    db.create_table("recommended").await;
    fill(db).await;
    let tomcats = explain(db, &tomcats_query("/Catalina/localhost/app3")).await;
    if db.kind == Kind::Mysql {
        assert_eq!((tomcats.access.as_str(), tomcats.key.as_str()), ("range", "kexpires_at"), "{tomcats:?}");
    } else {
        // MariaDB 10.11 reads all rows of the application, or of the table; the optimizer of 11.8 uses the index.
        let by_index = (tomcats.access.as_str(), tomcats.key.as_str()) == ("range", "kexpires_at");
        let all = ["ref", "ALL"].contains(&tomcats.access.as_str()) && tomcats.rows >= 1_000;
        assert!(by_index || all, "{tomcats:?}");
    }
    for after in [None, Some("0".repeat(32))] {
        let bind = Bind::new()
            .set("app", "/Catalina/localhost/app3")
            .set("cutoff", NOW.0)
            .set_if("after_id", after.as_deref())
            .set_if("after_expiry", after.as_ref().map(|_| NOW.0 - 20_000_000))
            .set("limit", 5_000);
        let target = db.target();
        let names = Naming::default().names(&target, None).unwrap();
        let file = target.engine.statements().expired_page_by_index;
        let sql = file.render_script(&names, target.engine.dialect(), &bind).unwrap();
        let ours = explain(db, &sql.text).await;
        assert_eq!((ours.access.as_str(), ours.key.as_str()), ("range", "kexpires_at"), "{ours:?}");
        assert!(ours.extra.contains("Using index"), "rows are fetched: {ours:?}");
        assert!(!ours.extra.contains("Using index condition"), "rows are fetched: {ours:?}");
        assert!(!ours.extra.contains("filesort"), "every page is sorted anew: {ours:?}");
        assert!(ours.rows < 1_000, "{ours:?}");
    }
    // Both find the same sessions, except those that never expire, which Tomcat's query also finds.
    let count = |sql: String| async move {
        let counted = format!("SELECT COUNT(*) FROM ({sql}) AS found");
        sqlx::query(&counted).fetch_one(&mut db.mysql().await).await.unwrap().get::<i64, _>(0)
    };
    let tomcats = count(tomcats_query("/Catalina/localhost/app3")).await;
    let never = count(format!("{} AND max_inactive <= 0", tomcats_query("/Catalina/localhost/app3"))).await;
    let ours = count(
        format!("SELECT session_id FROM tomcat_sessions WHERE app_name = '/Catalina/localhost/app3' AND expires_at < {} AND max_inactive > 0", NOW.0),
    )
    .await;
    assert!(ours > 0 && never > 0);
    assert_eq!(tomcats, ours + never);
}

/// Tomcat's unmodified query and ours use the index, and our pages are not sorted.
async fn postgres_plan(db: &Scratch) {
    db.create_table("recommended").await;
    fill(db).await;
    let mut connection = db.postgres(&db.database).await;
    let mut explain = async |sql: &str| {
        let rows = connection.fetch_all(sqlx::raw_sql(&format!("EXPLAIN {sql}"))).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
    };
    let tomcats = explain(&tomcats_query("/Catalina/localhost/app3")).await;
    assert!(tomcats.contains("tomcat_sessions_kexpires_at") && tomcats.contains("Index Cond"), "{tomcats}");
    assert!(!tomcats.contains("Filter"), "{tomcats}");
    for after in [None, Some("0".repeat(32))] {
        let bind = Bind::new()
            .set("app", "/Catalina/localhost/app3")
            .set("cutoff", NOW.0)
            .set_if("after_id", after.as_deref())
            .set_if("after_expiry", after.as_ref().map(|_| NOW.0 - 20_000_000))
            .set("limit", 5_000);
        let target = db.target();
        let names = Naming::default().names(&target, None).unwrap();
        let file = target.engine.statements().expired_page_by_index;
        let sql = file.render_script(&names, target.engine.dialect(), &bind).unwrap();
        let ours = explain(&sql.text).await;
        assert!(ours.contains("tomcat_sessions_kexpires_at") && ours.contains("Index Cond"), "{ours}");
    }
}

async fn sqlite_plan(db: &Scratch) {
    db.create_table("recommended").await;
    let bind = Bind::new().set("app", "/a").set("cutoff", NOW.0).set("limit", 5_000);
    let store = db.open().await;
    let file = store.statements().expired_page_by_index;
    let sql = file.render_script(store.names(), store.dialect(), &bind).unwrap();
    store.close().await;
    let mut connection =
        <sqlx::SqliteConnection as sqlx::Connection>::connect(&db.url.replace("sqlite:", "sqlite://")).await.unwrap();
    let rows = sqlx::query(&format!("EXPLAIN QUERY PLAN {}", sql.text)).fetch_all(&mut connection).await;
    let plan: Vec<String> = rows.unwrap().iter().map(|row| row.get("detail")).collect();
    assert_eq!(plan, ["SEARCH tomcat_sessions USING INDEX tomcat_sessions_kexpires_at (app_name=? AND expires_at<?)"]);
}

/// On SQL Server, the index begins with the last access: it limits the query to sessions that have not been used
/// lately, and the timeout in the index shows which of them are expired. No index helps Tomcat's own query.
async fn tds_index(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let sessions: Vec<_> = (0..10_000)
        .map(|i| {
            let idle = if i % 50 == 0 { 10_000_000 } else { 1_000 };
            let max_inactive = if i % 10 == 3 { -1 } else { 1_800 };
            session(
                &format!("/Catalina/localhost/app{}", i / 1_000),
                &format!("{i:032X}"),
                max_inactive,
                NOW.0 - idle - i,
            )
        })
        .collect();
    for sessions in sessions.chunks(700) {
        store.insert(sessions, OnConflict::Fail).await.unwrap();
    }
    update_statistics(db).await;
    let file = store.statements().expired_page_by_index;
    let bind = Bind::new().set("app", "/Catalina/localhost/app3").set("cutoff", NOW.0 - 5_000_000).set("limit", 5_000);
    let plan = tds_plan(db, file, &bind).await;
    assert!(is_seek(&plan) && plan.contains("kexpires_at"), "{plan}");
    assert!(!plan.contains("Lookup"), "rows are fetched: {plan}");
    let found = store.query("look", file, &bind).await.unwrap();
    assert_eq!(found.len(), 20);
}

async fn lookups_with_non_ascii_ids(db: &Scratch) {
    if db.kind == Kind::Sqlite {
        return;
    }
    if db.kind == Kind::Postgres {
        // PostgreSQL: parameters have the type of the column.
        db.create_table("recommended").await;
        let load = "SELECT COUNT(*) FROM tomcat_sessions WHERE session_id = '\u{1f600}' AND app_name = '/a'";
        assert_eq!(db.client().await.number(load).await, 0);
        return;
    }
    if db.kind == Kind::Mssql {
        // A VARCHAR column compared with NVARCHAR is converted, and the index is not used.
        db.create_table("recommended").await;
        for asked in ["N'É'", "N'\u{1f600}'", "'?'"] {
            let load = format!("SELECT COUNT(*) FROM tomcat_sessions WHERE session_id = {asked} AND app_name = '/a'");
            assert_eq!(db.client().await.number(&load).await, 0);
        }
        return;
    }
    let names = Naming::default().names(&db.target(), None).unwrap();
    let create = db.target().engine.statements().create_table;
    let create = create.render(&names, db.target().engine.dialect(), &Bind::new()).unwrap().text;
    let collation = if db.kind == Kind::Mysql { "utf8mb4_0900_bin" } else { "utf8mb4_nopad_bin" };
    for (ascii, refused) in [(true, true), (false, false)] {
        db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        let from = format!("CHARACTER SET utf8mb4 COLLATE {collation}");
        assert!(create.contains(&from));
        db.sql(&if ascii { create.replace(&from, "CHARACTER SET ascii COLLATE ascii_bin") } else { create.clone() })
            .await;
        let mut connection = db.mysql().await;
        let load = "SELECT session_id, session_data FROM tomcat_sessions WHERE session_id = 'É' AND app_name = '/a'";
        assert_eq!(connection.execute(load).await.is_err(), refused);
        let load = "SELECT session_id, session_data FROM tomcat_sessions WHERE session_id = ? AND app_name = ?";
        let prepared = sqlx::query(load).bind("É").bind("/a").fetch_all(&mut connection).await;
        assert_eq!(prepared.is_err(), refused, "{prepared:?}");
    }
}

/// The plan of a query, from EXPLAIN.
#[derive(Debug)]
struct Plan {
    access: String,
    key: String,
    rows: i64,
    extra: String,
}

async fn a_large_share_of_expired_sessions_is_found_by_a_scan(db: &Scratch) {
    db.create_table("recommended").await;
    let choice = async || ExpiryRoute::choose(&mut db.open().await, NOW, None).await.unwrap();
    assert_eq!(choice().await, ExpiryRoute::Index, "nothing is expired");
    if matches!(db.kind, Kind::Sqlite | Kind::Mssql) {
        // SQLite has no estimate of the number of rows; SQL Server counts them in sys.partitions, which the TDS server
        // of these tests does not support.
        return;
    }
    fill(db).await;
    assert_eq!(choice().await, ExpiryRoute::Index, "one in fifty is expired");
    db.sql(&format!("UPDATE tomcat_sessions SET last_access = {} WHERE max_inactive > 0", NOW.0 - 10_000_000)).await;
    db.sql("ANALYZE TABLE tomcat_sessions").await;
    assert_eq!(choice().await, ExpiryRoute::Scan, "nine in ten are expired");
}

async fn explain(db: &Scratch, sql: &str) -> Plan {
    // MySQL 9 prints plans as trees by default; MariaDB supports tables only.
    let format = if db.kind == Kind::Mysql { "FORMAT = TRADITIONAL " } else { "" };
    // Not prepared, so that all columns are text.
    let explain = format!("EXPLAIN {format}{sql}");
    let row = db.mysql().await.fetch_one(sqlx::raw_sql(&explain)).await.unwrap();
    let text = |column: &str| {
        let bytes: Option<Vec<u8>> = row.get_unchecked(column);
        String::from_utf8(bytes.unwrap_or_default()).unwrap()
    };
    Plan { access: text("type"), key: text("key"), rows: text("rows").parse().unwrap(), extra: text("Extra") }
}
