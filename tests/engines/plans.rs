//! Query plans for the statements of a purge: the cost of a batch must depend on its own rows only, whatever the size
//! of the table.

use sqlx::Row;
use tomcat_sessions::engine::Value;
use tomcat_sessions::store::{Bind, Naming, Template};

use tomcat_sessions::session::OnConflict;

use crate::support::{Kind, NOW, Scratch, session};

crate::suite!(a_batch_is_locked_and_deleted_by_key, few_rows_are_read_for_a_short_answer);

async fn a_batch_is_locked_and_deleted_by_key(db: &Scratch) {
    if db.kind == Kind::Mssql {
        return keys_use_an_index_seek(db).await;
    }
    if db.kind == Kind::Postgres {
        return keys_use_the_index(db).await;
    }
    if db.kind == Kind::Sqlite {
        // SQLite's plans have another format, and its tables need no statistics.
        return;
    }
    for profile in ["documented", "recommended"] {
        db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        db.create_table(profile).await;
        let sessions: Vec<_> = (0..2_000)
            .map(|i| session(&format!("/Catalina/localhost/{}", i % 20), &format!("{i:032X}"), 60, 1))
            .collect();
        db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
        let of_one: Vec<_> = (0..2_000).step_by(20).map(|i| format!("{i:032X}")).collect();
        // With the statistics after a load, and after the server has updated them.
        for analyzed in [false, true] {
            if analyzed {
                db.sql("ANALYZE TABLE tomcat_sessions").await;
            }
            // Optimizers are most likely to choose the wrong index if an application has as many sessions as the batch.
            for ids in [&of_one[..10], &of_one[..]] {
                let bind = Bind::new()
                    .keys(Some("/Catalina/localhost/0"), ids.iter().map(String::as_str), true)
                    .set("cutoff", NOW.0)
                    .flag("lock", true);
                let statements = db.target().engine.statements();
                let files = [
                    ("lock_rows", statements.lock_rows),
                    ("delete_rows", statements.delete_rows),
                    ("delete_returning", statements.delete_returning),
                ];
                for (name, file) in files.into_iter().filter(|(_, file)| file.is_statement()) {
                    let plan = explain(db, file, &bind).await;
                    let told = format!("{profile}, analyzed {analyzed}, {} ids: {name}: {plan:?}", ids.len());
                    assert_eq!(plan, ("range".to_owned(), "PRIMARY".to_owned()), "{told}");
                }
            }
        }
    }
}

/// PostgreSQL uses the primary key, and not the index on the application, whatever its statistics, in a transaction
/// like ours.
async fn keys_use_the_index(db: &Scratch) {
    for profile in ["documented", "recommended"] {
        db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        db.create_table(profile).await;
        db.sql(
            "INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name, session_data) \
             SELECT UPPER(MD5(CAST(i AS TEXT))), '1', 60, 1, CONCAT('/Catalina/localhost/', i % 20), CONVERT_TO(REPEAT('x', 200), 'UTF8') \
             FROM GENERATE_SERIES(1, 20000) AS i",
        )
        .await;
        let mut connection = db.postgres(&db.database).await;
        sqlx::Executor::execute(&mut connection, "SET enable_seqscan = off").await.unwrap();
        let ids: Vec<String> = (0..100).map(|i| format!("{:032X}", i * 7)).collect();
        for analyzed in [false, true] {
            if analyzed {
                db.sql("ANALYZE TABLE tomcat_sessions").await;
            }
            let bind = Bind::new()
                .keys(Some("/Catalina/localhost/0"), ids.iter().map(String::as_str), true)
                .set("cutoff", NOW.0)
                .flag("lock", true);
            let (target, statements) = (db.target(), db.target().engine.statements());
            let names = Naming::default().names(&target, None).unwrap();
            for file in [statements.lock_rows, statements.delete_rows, statements.delete_returning] {
                let sql = file.render_script(&names, target.engine.dialect(), &bind).unwrap();
                let explain = format!("EXPLAIN {}", sql.text);
                let rows = sqlx::Executor::fetch_all(&mut connection, sqlx::raw_sql(&explain)).await.unwrap();
                let plan: Vec<String> = rows.iter().map(|row| sqlx::Row::get(row, 0)).collect();
                let plan = plan.join("\n");
                assert!(plan.contains("tomcat_sessions_pkey") || plan.contains("Tid Scan"), "{profile}: {plan}");
                assert!(!plan.contains("kapp_name") && !plan.contains("Seq Scan"), "{profile}, {analyzed}: {plan}");
            }
        }
    }
}

/// Every statement with keys uses an index, with the parameters that the engine sends: with an uncast NVARCHAR, SQL
/// Server would convert the column and read all of it.
async fn keys_use_an_index_seek(db: &Scratch) {
    for profile in ["documented", "recommended"] {
        db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        db.create_table(profile).await;
        let sessions: Vec<_> = (0..5_000)
            .map(|i| session(&format!("/Catalina/localhost/{}", i % 20), &format!("{i:032X}"), 60, 1))
            .collect();
        let mut store = db.open().await;
        for sessions in sessions.chunks(700) {
            store.insert(sessions, OnConflict::Fail).await.unwrap();
        }
        update_statistics(db).await;
        let ids: Vec<_> = (0..200).step_by(20).map(|i| format!("{i:032X}")).collect();
        let bind = Bind::new()
            .keys(Some("/Catalina/localhost/0"), ids.iter().map(String::as_str), true)
            .set("id", ids[1].as_str())
            .set("from_id", ids[0].as_str())
            .set("to_id", ids[2].as_str())
            .set("after_id", format!("{:032X}", 4_990))
            .set("after_app", "/Catalina/localhost/0")
            .set("limit", 20)
            .set("cutoff", NOW.0)
            .flag("lock", true);
        let files = db.target().engine.statements();
        // read_rows and digests accept a list or a range: both at once here.
        for (name, file) in [
            ("get", files.get),
            ("read_rows", files.read_rows),
            ("digests", files.digests),
            ("page", files.page),
            ("expired_page", files.expired_page),
            ("lock_rows", files.lock_rows),
            ("delete_rows", files.delete_rows),
        ] {
            let plan = tds_plan(db, file, &bind).await;
            assert!(is_seek(&plan), "{profile}: {name}: {plan}");
        }
    }
    // Verifies the measurement: a query without keys reads the whole table.
    let plan = tds_plan(
        db,
        Template("SELECT [session_id] FROM [tomcat_sessions] WHERE [valid_session] = :app"),
        &Bind::new().set("app", "0"),
    )
    .await;
    assert!(!is_seek(&plan), "{plan}");
}

pub async fn update_statistics(db: &Scratch) {
    if let Err(refused) = db.batch("UPDATE STATISTICS tomcat_sessions").await {
        assert!(db.differs(&refused).await, "{refused}");
    }
}

/// The first page of a list, a later page, the applications, and a few expired sessions among many: the server reads
/// only the rows that it returns, whatever the size of the table.
async fn few_rows_are_read_for_a_short_answer(db: &Scratch) {
    // SQL Server is tested above; SQLite has no counters.
    if !matches!(db.kind, Kind::Mariadb | Kind::Mysql) {
        return;
    }
    db.create_table("recommended").await;
    let expired = |i: i64| if i % 100 == 0 { 1 } else { NOW.0 };
    let sessions: Vec<_> = (0..3_000)
        .map(|i| session(&format!("/Catalina/localhost/{}", i % 3), &format!("{i:032X}"), 60, expired(i)))
        .collect();
    db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
    let page = || Bind::new().set("limit", 21);
    let behind = |page: Bind| page.set("after_id", format!("{:032X}", 2_000)).set("after_app", "/Catalina/localhost/2");
    let of_all = |page: Bind| page.flag("app_in_key", true);
    let of_one = |page: Bind| page.list("apps", ["/Catalina/localhost/1"]).flag("app_in_id_order", true);
    let few = Bind::new().set("app", "/Catalina/localhost/0").set("cutoff", NOW.0).set("limit", 2_000);
    let statements = db.target().engine.statements();
    db.sql("ANALYZE TABLE tomcat_sessions").await;
    // In addition to the returned rows: the expired sessions of one application are found among its other rows.
    for (what, file, bind, rows, beside) in [
        ("the first page", statements.page, of_all(page()), 21, 0),
        ("a later page", statements.page, of_all(behind(page())), 21, 0),
        ("the first page of one application", statements.page, of_one(page()), 21, 0),
        ("a later page of one application", statements.page, of_one(behind(page())), 21, 0),
        ("a page of its expired", statements.expired_page, of_one(behind(page())).set("cutoff", NOW.0), 3, 333),
        ("the applications", statements.apps, Bind::new(), 3, 0),
        ("the expired by the index", statements.expired_page_by_index, few, 10, 0),
    ] {
        let (answered, read) = read_for(db, file, &bind).await;
        assert_eq!(answered, rows, "{what}");
        // MariaDB also counts rows that it examines for an index condition.
        let most = 3 * rows as i64 + 2 * beside + 5;
        assert!(read <= most, "{what}: read {read} rows for {answered}");
    }
    // Verifies the measurement: a query without an index reads the whole table.
    let (_, read) =
        read_for(db, Template("SELECT `session_id` FROM `tomcat_sessions` WHERE `valid_session` = '0'"), &Bind::new())
            .await;
    assert!(read >= 3_000, "{read}");
}

/// The number of rows that a statement returns, and the number that the server reads for it.
async fn read_for(db: &Scratch, file: Template, bind: &Bind) -> (usize, i64) {
    let target = db.target();
    let names = Naming::default().names(&target, None).unwrap();
    let sql = file.render_script(&names, target.engine.dialect(), bind).unwrap();
    let mut connection = db.mysql().await;
    sqlx::Executor::execute(&mut connection, "FLUSH STATUS").await.unwrap();
    let rows = sqlx::Executor::fetch_all(&mut connection, sqlx::raw_sql(&sql.text)).await.unwrap();
    let status =
        "SHOW SESSION STATUS WHERE Variable_name LIKE 'Handler_read%' OR Variable_name = 'Handler_icp_attempts'";
    let status = sqlx::raw_sql(status);
    let read = sqlx::Executor::fetch_all(&mut connection, status).await.unwrap();
    let count = |row: &sqlx::mysql::MySqlRow| String::from_utf8(row.get_unchecked(1)).unwrap().parse::<i64>().unwrap();
    (rows.len(), read.iter().map(count).sum())
}

/// SQL Server names an index seek; Babelfish prints PostgreSQL's plan.
pub fn is_seek(plan: &str) -> bool {
    let seeks = plan.contains("Index Seek") || plan.contains("Index Cond:");
    seeks && !plan.contains("Index Scan(") && !plan.contains("Table Scan") && !plan.contains("Seq Scan")
}

/// Runs the statement as the engine does, with its parameters, and returns the executed plan.
pub async fn tds_plan(db: &Scratch, file: Template, bind: &Bind) -> String {
    let target = db.target();
    let names = Naming::default().names(&target, None).unwrap();
    let sql = file.render(&names, target.engine.dialect(), bind).unwrap();
    let mut client = db.tds(&db.database).await;
    let babelfish = db.differs("plans are PostgreSQL's").await;
    let profile = if babelfish { "SET BABELFISH_STATISTICS PROFILE ON" } else { "SET STATISTICS PROFILE ON" };
    // Deleted rows are inserted again.
    for batch in ["BEGIN TRANSACTION", profile] {
        client.simple_query(batch).await.unwrap().into_results().await.unwrap();
    }
    let mut query = tiberius::Query::new(sql.text.as_str());
    for value in &sql.params {
        match value {
            Value::Null => query.bind(None::<&str>),
            Value::Int(n) => query.bind(*n),
            Value::Text(text) => query.bind(text.as_str()),
            Value::Bytes(bytes) => query.bind(&bytes[..]),
        }
    }
    let answer = query.query(&mut client).await.unwrap().into_results().await.unwrap();
    let column = if babelfish { "QUERY PLAN" } else { "StmtText" };
    let lines = answer.iter().flatten().filter_map(|row| row.try_get::<&str, _>(column).ok().flatten());
    lines.collect::<Vec<_>>().join("\n")
}

/// How the server finds the rows, and with which key.
async fn explain(db: &Scratch, file: Template, bind: &Bind) -> (String, String) {
    let target = db.target();
    let names = Naming::default().names(&target, None).unwrap();
    let sql = file.render_script(&names, target.engine.dialect(), bind).unwrap();
    // MySQL 9 prints plans as trees by default; MariaDB supports tables only.
    let format = if db.kind == Kind::Mysql { "FORMAT = TRADITIONAL " } else { "" };
    // Not prepared: sqlx 0.8 finds no columns in the answer of MySQL 9.
    let explain = format!("EXPLAIN {format}{}", sql.text);
    let row = sqlx::Executor::fetch_one(&mut db.mysql().await, sqlx::raw_sql(&explain)).await.unwrap();
    let text = |column: &str| {
        let bytes: Option<Vec<u8>> = row.get_unchecked(column);
        String::from_utf8(bytes.unwrap_or_default()).unwrap()
    };
    (text("type"), text("key"))
}
