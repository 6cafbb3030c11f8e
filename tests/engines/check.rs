//! `check` on real tables: each problem is created, found, fixed by pasting the remedy, and no longer found.

use std::sync::atomic::{AtomicU32, Ordering};

use tomcat_sessions::finding::{Finding, Remedy, Severity};
use tomcat_sessions::session::OnConflict;
use tomcat_sessions::store::check::{Fact, Facts, evaluate};
use tomcat_sessions::store::{Naming, SessionStore, Shape, StoreError, Target, parse_url};

use crate::support::{Kind, NOW, Scratch, sample, session};

crate::suite!(
    each_remedy_fixes_its_problem,
    all_remedies_can_be_pasted_at_once,
    remedies_without_a_statement_say_so,
    remedies_have_the_names_of_the_table,
    missing_and_excess_privileges_are_reported,
    the_limits_of_the_server,
    the_profiles_have_the_expected_findings,
    tomcats_own_account_can_check,
    orphaned_users_are_found,
);

async fn facts_of(target: &Target, naming: &Naming) -> Facts {
    let mut store = SessionStore::inspect(target, naming).await.unwrap();
    let mut facts = store.facts(|| NOW).await.unwrap();
    if facts.shape.unreadable(&facts.names, facts.dialect).is_empty() {
        facts.rows = store.scan(NOW).await.unwrap();
        // With four more connections, if they can find anything.
        if facts.rows.known().is_some_and(|rows| rows.sessions > 0) {
            assert_eq!(format!("{:?}", store.scan_by_quarters(NOW).await.unwrap()), format!("{:?}", facts.rows));
        }
    }
    store.close().await;
    facts
}

/// The findings except that about the clocks, which differ by years because of [`NOW`].
async fn findings_of(target: &Target, naming: &Naming) -> Vec<Finding> {
    let mut findings = evaluate(&facts_of(target, naming).await);
    findings.retain(|finding| finding.rule != "clock.skew");
    findings
}

async fn findings(db: &Scratch) -> Vec<Finding> {
    findings_of(&db.target(), &Naming::default()).await
}

fn rules(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule).collect()
}

/// The statements of the remedy for `rule`.
#[track_caller]
fn remedy(findings: &[Finding], rule: &str, about: &str) -> String {
    let of_rule: Vec<&Finding> = findings.iter().filter(|finding| finding.rule == rule).collect();
    assert!(!of_rule.is_empty(), "{rule} is not found after {about}: {findings:#?}");
    let sql = of_rule.into_iter().map(|finding| match &finding.remedy {
        Remedy::Sql(text) => text.as_str(),
        Remedy::Config(text) | Remedy::Action(text) => panic!("{rule} has no statement: {text}"),
    });
    sql.collect::<Vec<_>>().join(" ")
}

async fn the_profiles_have_the_expected_findings(db: &Scratch) {
    db.create_table("recommended").await;
    db.open().await.insert(&sample(), OnConflict::Fail).await.unwrap();
    let server = db.kind != Kind::Sqlite;
    let mssql = db.kind == Kind::Mssql;
    let postgres = db.kind == Kind::Postgres;
    let heaps = db.differs("its catalogue calls every table a heap").await;
    // The sample contains sessions that never expire.
    let mut expected = vec!["rows.never-expiring"];
    if heaps {
        expected.push("schema.heap");
    } else if mssql {
        expected.push("server.row-versions");
    }
    if server {
        expected.push("account.administrator");
    }
    assert_eq!(rules(&findings(db).await), expected);

    db.sql("DROP TABLE tomcat_sessions").await;
    db.create_table("documented").await;
    let mut expected = vec!["schema.key-without-app", "schema.nullable"];
    if heaps {
        expected.insert(1, "schema.heap");
    }
    if mssql || postgres {
        expected.push("schema.max-inactive");
    }
    if server && !postgres {
        expected.extend(["collation.case", "collation.case"]);
    }
    expected.push("index.expiry");
    if mssql && !heaps {
        expected.push("server.row-versions");
    }
    if server {
        expected.push("account.administrator");
    }
    assert_eq!(rules(&findings(db).await), expected);
}

/// A table as created twenty years ago, with keys short enough for the limits of that time.
const OLD: &str = "DROP TABLE tomcat_sessions; CREATE TABLE tomcat_sessions (session_id VARCHAR(100) NOT NULL PRIMARY KEY, \
    valid_session CHAR(1) NOT NULL, max_inactive INT NOT NULL, last_access BIGINT NOT NULL, app_name VARCHAR(255), \
    session_data MEDIUMBLOB, KEY kapp_name (app_name)) CHARACTER SET latin1";

/// Rule, profile, and the statements that create the problem.
fn faults(kind: Kind) -> Vec<(&'static str, &'static str, String)> {
    let alter = |change: &str| format!("ALTER TABLE tomcat_sessions {change}");
    let insert = |id: &str, app: &str, max: &str, last: &str, data: &str| {
        format!(
            "INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name, session_data) \
             VALUES ('{id}', '1', {max}, {last}, {app}, {data})"
        )
    };
    let blob = |bytes: u32| match kind {
        Kind::Sqlite => format!("zeroblob({bytes})"),
        Kind::Mssql => format!("CAST(REPLICATE(CAST('x' AS VARCHAR(MAX)), {bytes}) AS VARBINARY(MAX))"),
        Kind::Postgres => format!("CONVERT_TO(REPEAT('x', {bytes}), 'UTF8')"),
        _ => format!("REPEAT('x', {bytes})"),
    };
    let mut faults = vec![
        ("rows.no-app", "documented", insert("A", "NULL", "1", "1", &blob(1))),
        ("rows.no-data", "recommended", insert("A", "'a'", "1", "1", "NULL")),
        ("rows.truncated", "recommended", insert("A", "'a'", "1", "1", &blob(65_535))),
        ("rows.truncated", "recommended", insert("A", "'a'", "1", "1", &blob(16_777_215))),
        (
            "index.app",
            "documented",
            match kind {
                Kind::Sqlite | Kind::Postgres => "DROP INDEX tomcat_sessions_kapp_name".to_owned(),
                Kind::Mssql => "DROP INDEX kapp_name ON tomcat_sessions".to_owned(),
                _ => alter("DROP INDEX kapp_name"),
            },
        ),
    ];
    // Two identical rows, an older one, and one of another session.
    let rows = [("A", "2"), ("A", "2"), ("A", "1"), ("B", "1")];
    let twice = rows.map(|(id, last)| insert(id, "'a'", "1", last, &blob(1))).join("; ");
    if kind == Kind::Sqlite {
        faults.push((
            "rows.duplicates",
            "documented",
            format!(
                "{}; {twice}",
                published("VARCHAR(100) NOT NULL PRIMARY KEY", "TEXT")
                    .replace("VARBINARY(MAX)", "BLOB")
                    .replace("INDEX kapp_name", "INDEX tomcat_sessions_kapp_name")
            ),
        ));
        return faults;
    }
    if kind == Kind::Mssql {
        faults.extend(faults_of_sql_server(&insert, &blob));
        faults.push(("rows.duplicates", "documented", format!("{}; {twice}", published(" PRIMARY KEY", ""))));
        return faults;
    }
    if kind == Kind::Postgres {
        faults.extend(faults_of_postgres(&insert, &blob));
        faults.push((
            "rows.duplicates",
            "documented",
            format!("{}; {twice}", alter("DROP CONSTRAINT tomcat_sessions_pkey")),
        ));
        return faults;
    }
    let loose = alter("MODIFY max_inactive INT NULL");
    faults.extend([
        ("rows.no-times", "documented", format!("{loose}; {}", insert("A", "'a'", "NULL", "1", "'x'"))),
        ("storage.engine", "documented", format!("{OLD} ENGINE = MyISAM")),
        ("storage.row-format", "documented", format!("{OLD} ROW_FORMAT = COMPACT")),
        ("storage.row-format", "documented", format!("{OLD} ROW_FORMAT = REDUNDANT")),
        ("schema.column-type", "documented", alter("MODIFY session_id INT NOT NULL")),
        ("schema.column-type", "documented", alter("MODIFY app_name INT")),
        ("schema.column-type", "documented", alter("MODIFY last_access INT NOT NULL")),
        ("schema.column-type", "documented", alter("MODIFY max_inactive VARCHAR(9) NOT NULL")),
        ("schema.column-type", "documented", alter("MODIFY session_data LONGTEXT")),
        ("schema.key", "documented", alter("DROP PRIMARY KEY")),
        ("schema.key", "recommended", alter("DROP PRIMARY KEY")),
        ("schema.key", "documented", alter("DROP PRIMARY KEY, ADD PRIMARY KEY (session_id(20))")),
        ("schema.key", "documented", alter("DROP PRIMARY KEY, DROP INDEX kapp_name, MODIFY session_id TEXT, MODIFY app_name TEXT")),
        ("rows.duplicates", "documented", format!("{}; {twice}", alter("DROP PRIMARY KEY"))),
        ("schema.valid", "recommended", alter("MODIFY valid_session BIT(1) NOT NULL")),
        ("schema.column-missing", "documented", alter("DROP INDEX kapp_name, DROP COLUMN app_name")),
        ("schema.key-without-app", "documented", String::new()),
        ("schema.key-without-app", "recommended", alter("DROP PRIMARY KEY, ADD PRIMARY KEY (session_id)")),
        ("schema.nullable", "documented", alter("DROP PRIMARY KEY, MODIFY session_id VARCHAR(100) NULL")),
        ("schema.too-short", "documented", alter("MODIFY session_id VARCHAR(31) NOT NULL, MODIFY app_name VARCHAR(254)")),
        ("schema.too-short", "recommended", alter("MODIFY session_id VARCHAR(63) NOT NULL")),
        ("schema.unsigned", "documented", alter("MODIFY max_inactive INT UNSIGNED NOT NULL")),
        ("schema.unsigned", "recommended", alter("MODIFY max_inactive INT UNSIGNED NOT NULL")),
        ("schema.unsigned", "documented", alter("MODIFY last_access BIGINT UNSIGNED NOT NULL")),
        ("collation.case", "documented", String::new()),
        ("collation.case", "recommended", alter("MODIFY app_name VARCHAR(300) COLLATE utf8mb4_unicode_ci NOT NULL")),
        ("collation.padding", "recommended", alter("MODIFY session_id VARCHAR(100) COLLATE utf8mb4_bin NOT NULL")),
        (
            "schema.expires-at",
            "recommended",
            alter("DROP INDEX kexpires_at, MODIFY expires_at INT GENERATED ALWAYS AS (last_access + max_inactive * 1000) VIRTUAL"),
        ),
        (
            "schema.expires-at",
            "recommended",
            alter("MODIFY expires_at BIGINT GENERATED ALWAYS AS (last_access + max_inactive * 60) VIRTUAL"),
        ),
        ("index.expiry", "documented", String::new()),
        ("index.expiry", "recommended", alter("DROP INDEX kexpires_at")),
        ("index.expiry", "recommended", alter("DROP INDEX kexpires_at, DROP COLUMN expires_at")),
        ("capacity.column", "documented", alter("MODIFY session_data BLOB")),
        ("capacity.column", "documented", alter("MODIFY session_data TINYBLOB")),
        ("capacity.column", "documented", alter("MODIFY session_data VARBINARY(1000)")),
        ("capacity.column", "recommended", insert("A", "'a'", "1", "1", &blob(14_000_000))),
    ]);
    faults
}

/// The published table in a different spelling.
fn published(from: &str, to: &str) -> String {
    let table = "DROP TABLE tomcat_sessions; CREATE TABLE tomcat_sessions (session_id VARCHAR(100) NOT NULL PRIMARY KEY, \
        valid_session CHAR(1) NOT NULL, max_inactive INT NOT NULL, last_access BIGINT NOT NULL, app_name VARCHAR(255), \
        session_data VARBINARY(MAX)); CREATE INDEX kapp_name ON tomcat_sessions (app_name)";
    assert!(table.contains(from), "{from}");
    table.replace(from, to)
}

fn faults_of_sql_server(
    insert: &dyn Fn(&str, &str, &str, &str, &str) -> String,
    blob: &dyn Fn(u32) -> String,
) -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("rows.no-times", "documented", {
            format!(
                "{}; {}",
                published("max_inactive INT NOT NULL", "max_inactive INT"),
                insert("A", "'a'", "NULL", "1", &blob(1))
            )
        }),
        ("schema.column-type", "documented", published("last_access BIGINT", "last_access INT")),
        ("schema.column-type", "documented", published("max_inactive INT", "max_inactive VARCHAR(9)")),
        ("schema.column-type", "documented", published("app_name VARCHAR(255)", "app_name INT")),
        ("schema.key", "documented", published(" PRIMARY KEY", "")),
        ("schema.key-without-app", "documented", String::new()),
        ("schema.heap", "documented", published("PRIMARY KEY", "PRIMARY KEY NONCLUSTERED")),
        ("schema.nullable", "documented", String::new()),
        ("schema.too-short", "documented", published("session_id VARCHAR(100)", "session_id VARCHAR(31)")),
        ("schema.too-short", "documented", published("app_name VARCHAR(255)", "app_name NVARCHAR(100)")),
        ("schema.max-inactive", "documented", String::new()),
        ("schema.max-inactive", "documented", insert("A", "'a'", "2147484", "1", &blob(1))),
        ("collation.case", "documented", String::new()),
        ("index.expiry", "documented", String::new()),
        ("index.expiry", "recommended", "DROP INDEX kexpires_at ON tomcat_sessions".to_owned()),
        ("capacity.column", "documented", published("VARBINARY(MAX)", "VARBINARY(1000)")),
    ]
}

fn faults_of_postgres(
    insert: &dyn Fn(&str, &str, &str, &str, &str) -> String,
    blob: &dyn Fn(u32) -> String,
) -> Vec<(&'static str, &'static str, String)> {
    let alter = |change: &str| format!("ALTER TABLE tomcat_sessions {change}");
    let without_key = alter("DROP CONSTRAINT tomcat_sessions_pkey");
    let many = |numbers: &str, data: &str| {
        format!(
            "INSERT INTO tomcat_sessions (session_id, valid_session, max_inactive, last_access, app_name, session_data) \
             SELECT MD5(CAST(n AS TEXT)), '1', 1, n, 'a', {data} FROM GENERATE_SERIES({numbers}) n"
        )
    };
    vec![
        ("rows.no-times", "documented", {
            format!(
                "{}; {}",
                alter("ALTER COLUMN max_inactive DROP NOT NULL"),
                insert("A", "'a'", "NULL", "1", &blob(1))
            )
        }),
        ("schema.column-type", "documented", alter("ALTER COLUMN session_id TYPE INT USING 1")),
        ("schema.column-type", "documented", alter("ALTER COLUMN app_name TYPE INT USING 1")),
        ("schema.column-type", "documented", alter("ALTER COLUMN last_access TYPE INT")),
        ("schema.column-type", "documented", alter("ALTER COLUMN max_inactive TYPE VARCHAR(9)")),
        ("schema.column-type", "documented", alter("ALTER COLUMN session_data TYPE TEXT")),
        ("schema.key", "documented", without_key.clone()),
        ("schema.key", "recommended", without_key.clone()),
        (
            "schema.key",
            "documented",
            format!("{without_key}; CREATE UNIQUE INDEX ON tomcat_sessions (session_id) WHERE max_inactive > 0"),
        ),
        ("schema.valid", "recommended", alter("ALTER COLUMN valid_session TYPE BOOLEAN USING valid_session = '1'")),
        ("schema.valid", "recommended", alter("ALTER COLUMN valid_session TYPE INT USING 1")),
        ("schema.column-missing", "documented", alter("DROP COLUMN app_name")),
        ("schema.key-without-app", "documented", String::new()),
        ("schema.key-without-app", "recommended", format!("{without_key}; {}", alter("ADD PRIMARY KEY (session_id)"))),
        ("schema.nullable", "documented", format!("{without_key}; {}", alter("ALTER COLUMN session_id DROP NOT NULL"))),
        (
            "schema.too-short",
            "documented",
            alter("ALTER COLUMN session_id TYPE VARCHAR(31), ALTER COLUMN app_name TYPE VARCHAR(254)"),
        ),
        ("schema.too-short", "recommended", alter("ALTER COLUMN session_id TYPE VARCHAR(63)")),
        ("schema.max-inactive", "documented", String::new()),
        ("schema.max-inactive", "documented", insert("A", "'a'", "2147484", "1", &blob(1))),
        ("index.expiry", "documented", String::new()),
        ("index.expiry", "recommended", "DROP INDEX tomcat_sessions_kexpires_at".to_owned()),
        ("collation.nondeterministic", "recommended", {
            let column = |name: &str, length| format!("ALTER COLUMN {name} TYPE VARCHAR({length}) COLLATE lenient");
            format!(
                "CREATE COLLATION lenient (provider = icu, locale = 'und-u-ks-level2', deterministic = false); {}",
                alter(&[column("session_id", 100), column("app_name", 255)].join(", "))
            )
        }),
        ("storage.in-row", "recommended", alter("ALTER COLUMN session_data SET STORAGE PLAIN")),
        ("vacuum.off", "recommended", alter("SET (autovacuum_enabled = off)")),
        ("vacuum.off", "documented", alter("SET (autovacuum_enabled = 0, toast.autovacuum_enabled = no)")),
        ("vacuum.off", "recommended", alter("SET (toast.autovacuum_enabled = false)")),
        // Autovacuum is on, but has not run yet.
        (
            "vacuum.dead-rows",
            "recommended",
            format!(
                "{}; {}; DELETE FROM tomcat_sessions WHERE last_access < 10001",
                alter("SET (autovacuum_vacuum_threshold = 2000000000)"),
                many("1, 10001", "'x'"),
            ),
        ),
        // The remaining rows are at the end of the table, which therefore cannot be truncated.
        (
            "vacuum.unused-space",
            "recommended",
            format!(
                "{}; {}; DELETE FROM tomcat_sessions WHERE last_access < 3000; VACUUM (ANALYZE) tomcat_sessions",
                alter("ALTER COLUMN session_data SET STORAGE EXTERNAL"),
                many("1, 3010", "CONVERT_TO(REPEAT('x', 15000), 'UTF8')"),
            ),
        ),
        (
            "account.connections",
            "recommended",
            "DO $tomcat_sessions$ BEGIN EXECUTE FORMAT('ALTER DATABASE %I CONNECTION LIMIT 19', CURRENT_DATABASE()); \
             END $tomcat_sessions$"
                .to_owned(),
        ),
    ]
}

/// Babelfish's message about statements that it does not support; SQL Server's documentation has all of them.
const LACKS: &str = "is not currently supported";

/// Pastes a remedy into a client, which sends it as one batch. Returns false, with nothing changed, if this server does
/// not support the statement.
async fn paste(db: &Scratch, remedy: &str) -> bool {
    if db.kind != Kind::Mssql {
        db.sql(remedy).await;
        return true;
    }
    let before = facts_of(&db.target(), &Naming::default()).await.shape;
    let Err(refused) = db.batch(remedy).await else { return true };
    // It also does not support DELETE from a table expression.
    let lacks = refused.contains(LACKS) || refused.contains("relation \"copies\" does not exist");
    assert!(lacks && db.differs(&refused).await, "{remedy}: {refused}");
    let after = facts_of(&db.target(), &Naming::default()).await.shape;
    let unnamed = |shape: &Shape| -> Vec<_> { shape.indexes.iter().map(|i| (i.primary, i.columns.clone())).collect() };
    assert_eq!((&after.columns, unnamed(&after)), (&before.columns, unnamed(&before)), "half of it was done: {remedy}");
    false
}

/// In the order of the report: no remedy prevents another.
async fn all_remedies_can_be_pasted_at_once(db: &Scratch) {
    db.create_table("documented").await;
    let mut left = Vec::new();
    for finding in findings(db).await {
        if let Remedy::Sql(sql) = &finding.remedy
            && !paste(db, sql).await
        {
            left.push(finding.rule);
        }
    }
    let expected: Vec<&str> =
        findings(db).await.iter().filter(|f| matches!(f.remedy, Remedy::Sql(_))).map(|f| f.rule).collect();
    if db.kind == Kind::Mssql && db.differs("it lacks ALTER COLUMN with NOT NULL or COLLATE").await {
        // Without the remedies that it does not support, and those that depend on them.
        assert!(left.contains(&"schema.nullable") && left.contains(&"schema.max-inactive"), "{left:?}");
        assert!(expected.iter().all(|rule| left.contains(rule) || *rule == "schema.heap"), "{expected:?} {left:?}");
        return;
    }
    assert_eq!((left, expected), (Vec::new(), Vec::new()));
}

async fn each_remedy_fixes_its_problem(db: &Scratch) {
    for (rule, profile, fault) in faults(db.kind) {
        db.create_table(profile).await;
        let about = format!("{profile}: {fault}");
        if !fault.is_empty() {
            let known = profile == "documented" && known(db.kind, rule);
            let heap = rule == "schema.heap" && db.differs("its catalogue calls every table a heap").await;
            assert_eq!(before(db, rule).await, known || heap, "{rule} before {about}");
            db.sql(&fault).await;
        }
        let remedy = remedy(&settled(db, rule, true).await, rule, &about);
        if paste(db, &remedy).await {
            let after = settled(db, rule, false).await;
            let heap = rule == "schema.heap" && db.differs("its catalogue calls every table a heap").await;
            assert!(heap || !rules(&after).contains(&rule), "{rule} is still found after {about}: {after:#?}");
        }
        db.sql("DROP TABLE tomcat_sessions").await;
    }
}

/// The findings, once a rule is among them or no longer is: before version 15, PostgreSQL's statistics arrive up to
/// half a second late.
async fn settled(db: &Scratch, rule: &str, expected: bool) -> Vec<Finding> {
    for _ in 0..40 {
        let found = findings(db).await;
        if db.kind != Kind::Postgres || rules(&found).contains(&rule) == expected {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    findings(db).await
}

async fn before(db: &Scratch, rule: &str) -> bool {
    rules(&findings(db).await).contains(&rule)
}

/// The problems that the published table has from the start.
fn known(kind: Kind, rule: &str) -> bool {
    ["schema.key-without-app", "schema.nullable", "collation.case", "index.expiry"].contains(&rule)
        && !(kind == Kind::Postgres && rule == "collation.case")
        || matches!(kind, Kind::Mssql | Kind::Postgres) && rule == "schema.max-inactive"
}

async fn remedies_without_a_statement_say_so(db: &Scratch) {
    for (rule, fault, sqlite_too) in [
        ("schema.column-missing", "ALTER TABLE tomcat_sessions DROP COLUMN valid_session", true),
        ("schema.extra-column", "ALTER TABLE tomcat_sessions ADD COLUMN owner VARCHAR(9) NOT NULL", false),
        ("schema.extra-column", "ALTER TABLE tomcat_sessions ADD COLUMN owner VARCHAR(9) NOT NULL DEFAULT 'x'", true),
        ("schema.extra-column", "ALTER TABLE tomcat_sessions ADD COLUMN owner VARCHAR(9)", true),
        (
            "storage.view",
            "ALTER TABLE tomcat_sessions RENAME TO behind; CREATE VIEW tomcat_sessions AS SELECT * FROM behind",
            true,
        ),
    ] {
        if db.kind == Kind::Sqlite && !sqlite_too {
            continue;
        }
        db.create_table("recommended").await;
        db.sql(fault).await;
        let found = findings(db).await;
        // A column that may be omitted causes no problem: Tomcat's INSERT names its columns.
        let in_the_way = match rule {
            "schema.extra-column" => {
                db.open().await.insert(&[session("/a", "A", 1, 1)], OnConflict::Fail).await.is_err()
            }
            _ => true,
        };
        assert_eq!(rules(&found).contains(&rule), in_the_way, "{fault}: {found:#?}");
        for finding in found.iter().filter(|finding| finding.rule == rule) {
            assert_eq!(finding.severity, Severity::Error);
            assert!(matches!(finding.remedy, Remedy::Action(_)));
        }
        if rule == "storage.view" {
            db.sql("DROP VIEW tomcat_sessions; ALTER TABLE behind RENAME TO tomcat_sessions").await;
        }
        db.sql("DROP TABLE tomcat_sessions").await;
    }
}

async fn remedies_have_the_names_of_the_table(db: &Scratch) {
    db.create_table("documented").await;
    db.sql("ALTER TABLE tomcat_sessions RENAME TO `my``table`; ALTER TABLE `my``table` RENAME COLUMN app_name TO `the app`")
        .await;
    let naming = Naming {
        table: Some("my`table".to_owned()),
        columns: vec![("app".to_owned(), "the app".to_owned())],
        ..Naming::default()
    };
    let target = db.target();
    let found = findings_of(&target, &naming).await;
    assert!(rules(&found).contains(&"schema.key-without-app"), "{found:#?}");
    for finding in &found {
        if let Remedy::Sql(sql) = &finding.remedy {
            let quoted = match db.kind {
                Kind::Mssql => "[my`table]",
                Kind::Postgres => "\"my`table\"",
                _ => "`my``table`",
            };
            assert!(sql.contains(quoted) || finding.rule == "server.row-versions", "{sql}");
            if db.kind != Kind::Mssql {
                db.sql(sql).await;
            } else if let Err(refused) = db.batch(sql).await {
                assert!(refused.contains(LACKS) && db.differs(&refused).await, "{sql}: {refused}");
                return;
            }
        }
    }
    let left = findings_of(&target, &naming).await;
    let expected: &[&str] = match db.kind {
        Kind::Sqlite => &["schema.key-without-app", "schema.nullable", "index.expiry"],
        _ => &["account.administrator"],
    };
    assert_eq!(rules(&left), expected, "{left:#?}");
}

/// Creates an account with the privileges `grant`; returns a URL to log in with it.
pub async fn account(db: &Scratch, grant: &str) -> Target {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let (name, password) = (&db.database, "not a secret 1 A");
    if db.kind == Kind::Mssql {
        let name = format!("{name}_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        db.server_sql(&format!("CREATE LOGIN [{name}] WITH PASSWORD = '{password}'")).await;
        db.batch(&format!("CREATE USER [{name}] FOR LOGIN [{name}]")).await.unwrap();
        db.batch(&format!("GRANT {} TO [{name}]", grant.replace(&format!("`{}`.", db.database), ""))).await.unwrap();
        let mut target = db.target();
        target.user = Some(name);
        target.password = Some(password.to_owned().into());
        return target;
    }
    db.sql(&format!("DROP USER IF EXISTS `{name}`@`%`; CREATE USER `{name}`@`%` IDENTIFIED BY '{password}'")).await;
    if !grant.is_empty() {
        db.sql(&format!("GRANT {grant} TO `{name}`@`%`")).await;
    }
    let rest = db.url.rsplit_once('@').unwrap().1;
    let scheme = db.url.split_once("://").unwrap().0;
    parse_url(&format!("{scheme}://{name}:{}@{rest}", password.replace(' ', "%20"))).unwrap()
}

async fn tomcats_own_account_can_check(db: &Scratch) {
    db.create_table("recommended").await;
    db.open().await.insert(&sample(), OnConflict::Fail).await.unwrap();
    if db.kind == Kind::Sqlite {
        let facts = facts_of(&db.target(), &Naming::default()).await;
        assert_eq!((facts.grants, facts.clocks, facts.link), (Fact::Absent, Fact::Absent, Fact::Absent));
        return;
    }
    let target = account(db, &format!("SELECT, INSERT, DELETE ON `{}`.tomcat_sessions", db.database)).await;
    let facts = facts_of(&target, &Naming::default()).await;
    // SQL Server shows the encryption of the connection to administrators only.
    let encrypted = facts.link.known().is_some_and(|link| link.encrypted) || db.kind == Kind::Mssql;
    assert!(facts.grants.known().is_some() && encrypted != db.query().contains("ssl-mode=disabled"));
    assert_eq!(facts.rows.known().map(|rows| rows.sessions), Some(sample().len() as u64));
    // The catalogue shows this account everything that it shows an administrator.
    let administrator = facts_of(&db.target(), &Naming::default()).await;
    assert_eq!(
        (&facts.shape.columns, &facts.shape.indexes),
        (&administrator.shape.columns, &administrator.shape.indexes)
    );
    let mut expected = vec!["rows.never-expiring"];
    if db.differs("its catalogue calls every table a heap").await {
        expected.push("schema.heap");
    } else if db.kind == Kind::Mssql {
        expected.push("server.row-versions");
    }
    assert_eq!(rules(&findings_of(&target, &Naming::default()).await), expected);
    if db.kind == Kind::Mssql {
        return;
    }
    db.sql(&format!("DROP USER `{}`@`%`", db.database)).await;
}

async fn missing_and_excess_privileges_are_reported(db: &Scratch) {
    if db.kind == Kind::Sqlite {
        // Whoever can write the file can do everything.
        assert!(!db.target().engine.statements().my_grants.is_statement());
        return;
    }
    db.create_table("recommended").await;
    let database = &db.database;
    if db.kind == Kind::Mssql {
        return accounts_of_sql_server(db).await;
    }
    for (grant, rule) in [
        (format!("ALL ON `{database}`.*"), "account.excess"),
        (format!("SELECT, INSERT, UPDATE, DELETE ON `{database}`.tomcat_sessions"), "account.excess"),
        if db.kind == Kind::Postgres {
            // There are no privileges on the whole server.
            (format!("SELECT, INSERT, DELETE, TRUNCATE ON `{database}`.tomcat_sessions"), "account.excess")
        } else {
            ("SELECT, INSERT, DELETE ON *.*".to_owned(), "account.excess")
        },
        (format!("SELECT, DELETE ON `{database}`.*"), "account.missing"),
        (format!("INSERT ON `{database}`.tomcat_sessions"), "account.missing"),
    ] {
        let target = account(db, &grant).await;
        let facts = facts_of(&target, &Naming::default()).await;
        // A fact that may not be read is unknown, and not an error.
        assert_eq!(matches!(facts.rows, Fact::Unknown(_)), grant.starts_with("INSERT"), "{grant}: {:?}", facts.rows);
        let found = findings_of(&target, &Naming::default()).await;
        assert_eq!(rules(&found), [rule], "{grant}");
        db.sql(&remedy(&found, rule, &grant)).await;
        let after = findings_of(&target, &Naming::default()).await;
        assert_eq!(rules(&after), [""; 0], "{grant}");
    }
    db.sql(&format!("DROP USER `{database}`@`%`")).await;
}

async fn accounts_of_sql_server(db: &Scratch) {
    for (grant, rule) in [
        ("SELECT, INSERT, UPDATE, DELETE ON tomcat_sessions", "account.excess"),
        ("SELECT, DELETE ON tomcat_sessions", "account.missing"),
        ("INSERT ON tomcat_sessions", "account.missing"),
    ] {
        let target = account(db, grant).await;
        if grant.starts_with("INSERT") && db.differs("an account sees no table that it may only write").await {
            let opened = SessionStore::inspect(&target, &Naming::default()).await;
            assert!(matches!(opened.err(), Some(StoreError::NoTable { .. })));
            continue;
        }
        let of_account = || async {
            let mut findings = findings_of(&target, &Naming::default()).await;
            findings.retain(|finding| finding.rule.starts_with("account."));
            findings
        };
        let facts = facts_of(&target, &Naming::default()).await;
        // A fact that may not be read is unknown, and not an error.
        assert_eq!(matches!(facts.rows, Fact::Unknown(_)), grant.starts_with("INSERT"), "{grant}: {:?}", facts.rows);
        let found = of_account().await;
        assert_eq!(rules(&found), [rule], "{grant}");
        if paste(db, &remedy(&found, rule, grant)).await {
            assert_eq!(rules(&of_account().await), [""; 0], "{grant}");
        }
    }
}

async fn orphaned_users_are_found(db: &Scratch) {
    db.create_table("recommended").await;
    if db.kind != Kind::Mssql {
        assert_eq!(facts_of(&db.target(), &Naming::default()).await.orphans, Fact::Absent);
        return;
    }
    let target = account(db, "SELECT ON tomcat_sessions").await;
    let user = target.user.unwrap();
    assert!(!rules(&findings(db).await).contains(&"account.orphan"));
    db.server_sql(&format!("DROP LOGIN [{user}]")).await;
    let lost = findings(db).await;
    if db.differs("it shows no administrator which users have no login").await {
        assert!(!rules(&lost).contains(&"account.orphan"));
        return;
    }
    assert!(lost.iter().any(|f| f.rule == "account.orphan" && matches!(f.remedy, Remedy::Action(_))), "{lost:#?}");
    db.server_sql(&format!("CREATE LOGIN [{user}] WITH PASSWORD = 'not a secret 1 A'")).await;
    assert!(paste(db, &remedy(&findings(db).await, "account.orphan", "a login of that name")).await);
    assert!(!rules(&findings(db).await).contains(&"account.orphan"));
    db.server_sql(&format!("DROP LOGIN [{user}]")).await;
}

async fn the_limits_of_the_server(db: &Scratch) {
    db.create_table("recommended").await;
    if db.kind == Kind::Mssql {
        let mut facts = facts_of(&db.target(), &Naming::default()).await;
        assert_eq!((facts.server.sql_mode.clone(), facts.server.max_packet), (None, Some(i64::from(i32::MAX))));
        // Babelfish reports that it is on, and does not support ALTER DATABASE.
        facts.server.readers_wait = true;
        if paste(db, &remedy(&evaluate(&facts), "server.row-versions", "a new database")).await {
            assert!(!rules(&findings(db).await).contains(&"server.row-versions"));
        }
        return;
    }
    if db.kind == Kind::Sqlite {
        let facts = facts_of(&db.target(), &Naming::default()).await;
        assert_eq!((facts.server.sql_mode, facts.server.read_only), (None, false));
        return;
    }
    if db.kind == Kind::Postgres {
        let facts = facts_of(&db.target(), &Naming::default()).await;
        assert_eq!((facts.server.sql_mode, facts.server.max_packet), (None, Some((1 << 30) - 1)));
        return;
    }
    // Other tests use the same server: its mode is not changed, and its packet size is increased only briefly.
    let mut facts = facts_of(&db.target(), &Naming::default()).await;
    let packet = facts.server.max_packet.unwrap();
    for mode in ["", "ANSI_QUOTES"] {
        facts.server.sql_mode = Some(mode.to_owned());
        db.sql(&remedy(&evaluate(&facts), "server.sql-mode", mode)).await;
    }
    assert!(!rules(&findings(db).await).contains(&"server.sql-mode"));

    let half = packet / 2;
    db.sql(&format!(
        "ALTER TABLE tomcat_sessions MODIFY session_data LONGBLOB; INSERT INTO tomcat_sessions \
         (session_id, valid_session, max_inactive, last_access, app_name, session_data) \
         VALUES ('A', '1', 1, 1, 'a', REPEAT('x', {half}))"
    ))
    .await;
    db.sql(&remedy(&findings(db).await, "capacity.packet", "a session of half a packet")).await;
    let after = findings(db).await;
    db.sql(&format!("SET GLOBAL max_allowed_packet = {packet}")).await;
    assert!(!rules(&after).contains(&"capacity.packet"), "{after:#?}");
}
