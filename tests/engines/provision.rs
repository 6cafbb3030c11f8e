//! `init-db` on real servers: objects that it creates, keeps and finds.

use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, Executor, Row};
use tomcat_sessions::store::provision::{
    Account, ApplyResult, Grants, Object, Outcome, Plan, Profile, Provision, probe,
};
use tomcat_sessions::store::{Bind, DbErrorKind, Naming, StoreError, Target, name_text};

use crate::support::{Kind, NOW, Scratch, alone, session};

crate::suite!(
    both_profiles_can_be_applied_twice,
    a_missing_database_is_created,
    names_that_need_quoting_are_quoted,
    a_table_with_another_structure_is_refused_and_not_changed,
    a_published_table_is_kept_and_can_be_upgraded,
    the_documented_table_is_the_published_one,
    ids_are_compared_by_their_bytes,
    the_account_has_exactly_tomcats_privileges,
    a_password_is_changed_only_with_reset_password,
    accounts_that_take_precedence_are_reported,
    grants_on_a_database_apply_to_no_other_database,
    an_account_without_privileges_is_reported,
    everything_can_be_granted,
    a_password_that_violates_the_policy_is_refused,
);

const PASSWORD: &str = "it's \\ a \"Kenn`wort\" 1";

fn plan(db: &Scratch, profile: Profile) -> Plan {
    let names = Naming::default().names(&db.target(), None).unwrap();
    // An account belongs to the whole server, so it needs a unique name, like the database.
    let account = (db.kind != Kind::Sqlite).then(|| Account {
        user: db.database.clone(),
        host: if matches!(db.kind, Kind::Mssql | Kind::Postgres) { "" } else { "%" }.to_owned(),
        password: Some(SecretString::from(PASSWORD)),
    });
    // Babelfish cannot add members to db_owner: `everything_can_be_granted` tests its message.
    let all = profile == Profile::Documented && db.kind != Kind::Mssql;
    let grants = if all { Grants::All } else { Grants::Minimal };
    Plan { names, profile, grants, account, reset_password: false, no_password_policy: false, lease: false }
}

async fn apply(db: &Scratch, plan: &Plan) -> ApplyResult {
    let _alone = alone(db.kind).await;
    let mut server = Provision::survey(&db.target(), plan).await.unwrap();
    let mut applied = server.apply(plan).await;
    server.close().await;
    assert!(applied.failed.is_none(), "{:?}", applied.failed);
    // Babelfish has no such option; the tables are created nevertheless, and a note is printed.
    let lacks = "'sp_tableoption' is not currently supported in Babelfish";
    applied.differences.retain(|difference| !(db.kind == Kind::Mssql && difference.contains(lacks)));
    applied
}

/// The target for a login with the new account.
fn login(db: &Scratch, plan: &Plan) -> Target {
    let mut target = db.target();
    if let Some(account) = &plan.account {
        target.user = Some(account.user.clone());
        target.password = account.password.clone();
    }
    target
}

/// The names as a user writes them.
fn naming(db: &Scratch, plan: &Plan) -> Naming {
    let dialect = db.target().engine.dialect();
    let columns = plan.names.columns().map(|(which, name)| (which.to_owned(), name_text(name, dialect)));
    Naming { table: Some(plan.names.table_text(dialect)), columns: columns.to_vec(), ..Naming::default() }
}

async fn drop_account(db: &Scratch) {
    if db.kind == Kind::Mssql {
        // Babelfish does not drop a user with privileges: the remaining user has the name of this test.
        let name = &db.database;
        db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        let _ = db.batch(&format!("IF DATABASE_PRINCIPAL_ID('{name}') IS NOT NULL DROP USER [{name}]")).await;
        let _ = db.batch(&format!("IF SUSER_ID('{name}') IS NOT NULL DROP LOGIN [{name}]")).await;
    } else if db.kind != Kind::Sqlite {
        db.sql(&format!("DROP USER IF EXISTS `{}`@`%`", db.database)).await;
    }
}

async fn both_profiles_can_be_applied_twice(db: &Scratch) {
    for profile in [Profile::Recommended, Profile::Documented] {
        db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        drop_account(db).await;
        let plan = plan(db, profile);
        let first = apply(db, &plan).await;
        for (object, name, outcome) in &first.done {
            let expected = match object.as_str() {
                "database" => Outcome::Exists,
                "grant" => Outcome::Granted,
                "storage" => Outcome::Set,
                _ => Outcome::Created,
            };
            assert_eq!(*outcome, expected, "{} {name}", object.as_str());
        }
        assert_eq!(first.differences, Vec::<String>::new());
        assert_eq!(first.excess_privileges, []);
        let second = apply(db, &plan).await;
        // An existing table keeps its storage.
        let made =
            |applied: &ApplyResult| applied.done.iter().filter(|(object, ..)| object.as_str() != "storage").count();
        assert_eq!(made(&second), made(&first));
        for (object, name, outcome) in &second.done {
            assert_eq!(*outcome, Outcome::Exists, "{} {name}", object.as_str());
        }
        let probe = probe(&login(db, &plan), &naming(db, &plan), NOW).await.unwrap();
        // SQLite always compares by bytes.
        let folds = profile == Profile::Documented && !matches!(db.kind, Kind::Sqlite | Kind::Postgres);
        assert_eq!(probe.lower_case_id_matches, folds);
        assert!(!probe.trailing_space_matches || folds || db.target().engine.dialect().ignores_trailing_spaces);
        assert_eq!(db.open().await.apps().await.unwrap(), [], "the probe stayed");
    }
    drop_account(db).await;
}

async fn a_missing_database_is_created(db: &Scratch) {
    let mut plan = plan(db, Profile::Recommended);
    let mut target = db.target();
    if db.kind == Kind::Sqlite {
        std::fs::remove_file(db.path()).unwrap();
    } else {
        plan.names.database = format!("{}-new", db.database);
        target.database = Some(plan.names.database.clone());
    }
    let mut server = Provision::survey(&target, &plan).await.unwrap();
    let applied = server.apply(&plan).await;
    assert!(applied.failed.is_none(), "{:?}", applied.failed);
    assert_eq!(applied.done[0].0.as_str(), "database");
    assert_eq!(applied.done[0].2, Outcome::Created);
    server.close().await;
    if db.kind == Kind::Mssql {
        // Babelfish takes a while to notice that no connection uses the database.
        let _ = db.batch(&format!("DROP DATABASE [{}]", plan.names.database)).await;
    } else if db.kind != Kind::Sqlite {
        db.sql(&format!("DROP DATABASE `{}`", plan.names.database)).await;
    }
    drop_account(db).await;
}

async fn names_that_need_quoting_are_quoted(db: &Scratch) {
    for profile in [Profile::Recommended, Profile::Documented] {
        let mut plan = plan(db, profile);
        plan.names.table = match db.kind {
            // Babelfish's OBJECT_ID finds no names with quotes or brackets.
            Kind::Mssql => format!("select `{}` ; drop --", profile.as_str()),
            _ => format!("select `{}` 'x' \"y\" ]; DROP", profile.as_str()),
        };
        plan.names.id = "the `id`".to_owned();
        plan.names.app = "order".to_owned();
        plan.names.data = "dätä 'x'".to_owned();
        plan.names.valid = "a:b".to_owned();
        plan.names.max_inactive = "max-inactive".to_owned();
        plan.names.last_access = "\"last\"\\".to_owned();
        let applied = apply(db, &plan).await;
        assert_eq!(applied.differences, Vec::<String>::new());
        probe(&login(db, &plan), &naming(db, &plan), NOW).await.unwrap();
        let again = apply(db, &plan).await;
        assert!(again.done.iter().all(|(_, _, outcome)| *outcome == Outcome::Exists), "{:?}", again.done);
    }
    drop_account(db).await;
}

async fn a_table_with_another_structure_is_refused_and_not_changed(db: &Scratch) {
    let published = "session_id VARCHAR(100) NOT NULL PRIMARY KEY, valid_session CHAR(1) NOT NULL, max_inactive INT NOT NULL, last_access BIGINT NOT NULL, app_name VARCHAR(255)";
    for (create, fault) in [
        ("CREATE TABLE tomcat_sessions (a INT)".to_owned(), "the column `session_id` is missing"),
        (format!("CREATE TABLE tomcat_sessions ({published})"), "the column `session_data` is missing"),
        (format!("CREATE TABLE tomcat_sessions ({published}, session_data TEXT)"), "`session_data` is text"),
        (
            format!("CREATE TABLE tomcat_sessions ({published}, session_data BLOB, owner INT NOT NULL)"),
            "`owner` requires a value",
        ),
        (
            format!(
                "CREATE TABLE tomcat_sessions ({}, session_data BLOB)",
                published.replace(" PRIMARY KEY", "").replace("100", "30")
            ),
            "neither a primary key nor a unique key",
        ),
        (
            format!("CREATE TABLE tomcat_sessions ({}, session_data BLOB)", published.replace("100", "30")),
            "`session_id` holds 30 characters",
        ),
        (
            format!(
                "CREATE TABLE other ({published}, session_data BLOB); CREATE VIEW tomcat_sessions AS SELECT * FROM other"
            ),
            "it is a view",
        ),
    ] {
        db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
        db.sql(&create).await;
        let before = definition(db).await;
        for profile in [Profile::Recommended, Profile::Documented] {
            let plan = plan(db, profile);
            match Provision::survey(&db.target(), &plan).await.err() {
                Some(StoreError::WrongShape { faults, .. }) => {
                    assert!(faults.iter().any(|f| f.to_lowercase().contains(fault)), "{fault}: {faults:?}");
                }
                other => panic!("{create}: {other:?}"),
            }
        }
        assert_eq!(definition(db).await, before);
        if db.kind != Kind::Sqlite {
            assert!(!account_exists(db).await);
        }
    }
}

/// The columns and indexes of the table in the catalogue.
async fn definition(db: &Scratch) -> String {
    let store = tomcat_sessions::store::SessionStore::inspect(&db.target(), &Naming::default()).await.unwrap();
    let shape = format!("{:?}", (&store.shape().kind, &store.shape().columns, &store.shape().indexes));
    store.close().await;
    shape
}

async fn account_exists(db: &Scratch) -> bool {
    if db.kind == Kind::Mssql {
        return texts(db, &format!("SELECT name FROM sys.server_principals WHERE name = '{}'", db.database)).await
            != [""; 0];
    }
    if db.kind == Kind::Postgres {
        let roles = format!("SELECT COUNT(*) FROM pg_roles WHERE rolname = '{}'", db.database);
        return db.client().await.number(&roles).await > 0;
    }
    count(db, &format!("SELECT COUNT(*) FROM mysql.user WHERE user = '{}'", db.database)).await > 0
}

/// The first column of an answer of SQL Server.
async fn texts(db: &Scratch, sql: &str) -> Vec<String> {
    let mut connection = db.tds(&db.database).await;
    let rows = connection.simple_query(sql).await.unwrap().into_first_result().await.unwrap();
    rows.iter().map(|row| row.get::<&str, _>(0).unwrap_or_default().to_owned()).collect()
}

async fn count(db: &Scratch, sql: &str) -> i64 {
    sqlx::query(sql).fetch_one(&mut db.mysql().await).await.unwrap().get(0)
}

async fn a_published_table_is_kept_and_can_be_upgraded(db: &Scratch) {
    db.create_table("documented").await;
    let before = definition(db).await;
    let plan = plan(db, Profile::Recommended);
    let applied = apply(db, &plan).await;
    let before = if db.kind == Kind::Mssql {
        // There, the index needs no additional column, and is created.
        assert!(applied.done.contains(&(Object::ExpiryIndex, "kexpires_at".to_owned(), Outcome::Created)));
        definition(db).await
    } else {
        before
    };
    assert_eq!(definition(db).await, before);
    let lacks = if db.kind == Kind::Mssql { "has the collation" } else { "`expires_at` is missing" };
    assert!(applied.differences.iter().any(|d| d.contains(lacks)), "{:?}", applied.differences);
    assert!(
        applied.differences.iter().any(|d| d.starts_with("the key is (`session_id`)")),
        "{:?}",
        applied.differences
    );
    match &applied.upgrade {
        Some(upgrade) if db.kind == Kind::Mssql => {
            let upgraded = db.batch(upgrade).await;
            if let Err(refused) = upgraded {
                // Babelfish cannot change the collation of a column, nor that of a NOT NULL column.
                assert!(refused.contains("in ALTER TABLE ALTER COLUMN' is not currently supported"), "{refused}");
                assert_eq!(definition(db).await, before);
            } else {
                assert_eq!(apply(db, &plan).await.differences, Vec::<String>::new());
            }
        }
        Some(upgrade) => {
            db.sql(upgrade).await;
            assert_eq!(apply(db, &plan).await.differences, Vec::<String>::new());
        }
        None => assert_eq!(db.kind, Kind::Sqlite),
    }
    drop_account(db).await;
}

async fn the_documented_table_is_the_published_one(db: &Scratch) {
    if db.kind == Kind::Sqlite {
        // SQLite does not enforce types; on servers, the catalogue is tested.
        return;
    }
    apply(db, &plan(db, Profile::Documented)).await;
    if db.kind == Kind::Mssql {
        let sql = "SELECT column_name + ' ' + data_type + COALESCE('(' + CAST(character_maximum_length AS VARCHAR(9)) + ')', '') \
                   + CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END \
                   FROM information_schema.columns WHERE table_name = 'tomcat_sessions' ORDER BY ordinal_position";
        let expected = [
            "session_id varchar(100) not null",
            "valid_session char(1) not null",
            "max_inactive int not null",
            "last_access bigint not null",
            "app_name varchar(255)",
            "session_data varbinary(-1)",
        ];
        assert_eq!(texts(db, sql).await, expected);
        let store = db.open().await;
        assert!(store.shape().has_index(&["app_name"]) && store.shape().has_index(&["session_id"]));
        store.close().await;
        return drop_account(db).await;
    }
    if db.kind == Kind::Postgres {
        let sql = "SELECT CONCAT_WS(' ', attname, FORMAT_TYPE(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END) \
                   FROM pg_attribute WHERE attrelid = 'tomcat_sessions'::regclass AND attnum > 0 ORDER BY attnum";
        let rows = sqlx::query(sql).fetch_all(&mut db.postgres(&db.database).await).await.unwrap();
        let columns: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let expected = [
            "session_id character varying(100) not null",
            "valid_session character(1) not null",
            "max_inactive integer not null",
            "last_access bigint not null",
            "app_name character varying(255)",
            "session_data bytea",
        ];
        assert_eq!(columns, expected);
        let store = db.open().await;
        assert!(store.shape().has_index(&["app_name"]) && store.shape().has_index(&["session_id"]));
        store.close().await;
        return drop_account(db).await;
    }
    let sql = "SELECT CONCAT_WS(' ', column_name, column_type, IF(is_nullable = 'NO', 'not null', NULL), \
               IF(column_key = '', NULL, column_key), NULLIF(extra, '')) \
               FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'tomcat_sessions' \
               ORDER BY ordinal_position";
    let rows = sqlx::query(sql).fetch_all(&mut db.mysql().await).await.unwrap();
    let columns: Vec<String> =
        rows.iter().map(|row| String::from_utf8(row.get_unchecked::<Vec<u8>, _>(0)).unwrap()).collect();
    // MariaDB shows a display width, which has no effect.
    let columns: Vec<String> =
        columns.iter().map(|c| c.replace("int(11)", "int").replace("bigint(20)", "bigint")).collect();
    assert_eq!(
        columns,
        [
            "session_id varchar(100) not null PRI",
            "valid_session char(1) not null",
            "max_inactive int not null",
            "last_access bigint not null",
            "app_name varchar(255) MUL",
            "session_data mediumblob",
        ]
    );
    let index = "SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() \
                 AND table_name = 'tomcat_sessions' AND index_name = 'kapp_name' AND column_name = 'app_name'";
    assert_eq!(count(db, index).await, 1);
    drop_account(db).await;
}

async fn ids_are_compared_by_their_bytes(db: &Scratch) {
    db.create_table("recommended").await;
    let mut store = db.open().await;
    let id = "0A1B2C3D4E5F60718293A4B5C6D7E8F9";
    let mut sessions = vec![
        session("/Catalina/localhost/a", id, 60, NOW.0),
        session("/Catalina/localhost/b", id, 60, NOW.0),
        session("/Catalina/localhost/A", id, 60, NOW.0),
        session("/Catalina/localhost/é😀", "Ünï-😀", 60, NOW.0),
        session("/Catalina/localhost/e\u{301}😀", "U\u{308}nï-😀", 60, NOW.0),
    ];
    let pads = store.dialect().ignores_trailing_spaces;
    if pads {
        // One code page, and trailing spaces that are ignored, with every collation (`keys.rs`).
        sessions.retain(|s| s.meta.key.id.is_ascii());
    }
    store.insert(&sessions, tomcat_sessions::session::OnConflict::Fail).await.unwrap();
    for session in &sessions {
        assert_eq!(store.get(&session.meta.key).await.unwrap().as_ref(), Some(session));
    }
    for (id, app, found) in [
        (id, "/Catalina/localhost/a", 1),
        (&*id.to_lowercase(), "/Catalina/localhost/a", 0),
        (&*format!("{id} "), "/Catalina/localhost/a", 0),
        (&*format!("{id}\0"), "/Catalina/localhost/a", 0),
        (id, "/Catalina/localhost/a ", 0),
        (id, "/catalina/localhost/a", 0),
        ("Ünï-😀", "/Catalina/localhost/é😀", 1),
        ("Unï-😀", "/Catalina/localhost/é😀", 0),
    ] {
        if db.kind == Kind::Postgres && id.contains('\0') {
            // The server does not accept text with this character.
            continue;
        }
        if pads && (id.ends_with(' ') || app.ends_with(' ') || !id.is_ascii() || id.contains('\0')) {
            continue;
        }
        // Not with `SessionStore::get`, which also compares the key itself.
        let bind = Bind::new().set("id", id).set("app", app);
        let rows = store.query("look", store.statements().get, &bind).await.unwrap();
        assert_eq!(rows.len(), found, "{id:?} of {app:?}");
    }
}

async fn the_account_has_exactly_tomcats_privileges(db: &Scratch) {
    if db.kind == Kind::Sqlite {
        return;
    }
    let plan = plan(db, Profile::Recommended);
    apply(db, &plan).await;
    db.sql("CREATE TABLE other (a INT)").await;
    if db.kind == Kind::Mssql {
        let mut tomcat = db.tds_as(&db.database, &db.database, PASSWORD).await.unwrap();
        for (sql, may) in [
            ("DELETE FROM tomcat_sessions WHERE session_id = 'A' AND app_name = '/a'", true),
            (
                "INSERT INTO tomcat_sessions (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES ('A', '/a', 0x01, '1', 60, 1)",
                true,
            ),
            ("SELECT session_id, session_data FROM tomcat_sessions WHERE session_id = 'A' AND app_name = '/a'", true),
            ("UPDATE tomcat_sessions SET last_access = 2", false),
            ("TRUNCATE TABLE tomcat_sessions", false),
            ("ALTER TABLE tomcat_sessions ADD a INT", false),
            ("DROP TABLE tomcat_sessions", false),
            ("CREATE TABLE another (a INT)", false),
            ("SELECT * FROM other", false),
        ] {
            let done = match tomcat.simple_query(sql).await {
                Ok(answer) => answer.into_results().await.is_ok(),
                Err(_) => false,
            };
            assert_eq!(done, may, "{sql}");
        }
        tomcat.close().await.unwrap();
        return drop_account(db).await;
    }
    if db.kind == Kind::Postgres {
        let mut tomcat = db.postgres_as(&db.database, &db.database, PASSWORD).await.unwrap();
        for (sql, may) in [
            ("DELETE FROM tomcat_sessions WHERE session_id = 'A' AND app_name = '/a'", true),
            (
                "INSERT INTO tomcat_sessions (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES ('A', '/a', 'x', '1', 60, 1)",
                true,
            ),
            ("SELECT session_id, session_data FROM tomcat_sessions WHERE session_id = 'A' AND app_name = '/a'", true),
            // The row can be locked; its relevant columns do not change.
            ("SELECT session_id FROM tomcat_sessions FOR UPDATE SKIP LOCKED", true),
            ("UPDATE tomcat_sessions SET last_access = 2", false),
            ("UPDATE tomcat_sessions SET session_data = 'y'", false),
            ("TRUNCATE tomcat_sessions", false),
            ("ALTER TABLE tomcat_sessions ADD a INT", false),
            ("DROP TABLE tomcat_sessions", false),
            ("SELECT * FROM other", false),
            ("SELECT * FROM pg_authid", false),
        ] {
            assert_eq!(tomcat.execute(sql).await.is_ok(), may, "{sql}");
        }
        tomcat.close().await.unwrap();
        return drop_account(db).await;
    }
    let mut tomcat = db.mysql_as(&db.database, PASSWORD).await;
    for (sql, may) in [
        ("DELETE FROM tomcat_sessions WHERE session_id = 'A' AND app_name = '/a'", true),
        (
            "INSERT INTO tomcat_sessions (session_id, app_name, session_data, valid_session, max_inactive, last_access) VALUES ('A', '/a', 'x', '1', 60, 1)",
            true,
        ),
        ("SELECT session_id, session_data FROM tomcat_sessions WHERE session_id = 'A' AND app_name = '/a'", true),
        ("UPDATE tomcat_sessions SET last_access = 2", false),
        ("TRUNCATE tomcat_sessions", false),
        ("ALTER TABLE tomcat_sessions ADD a INT", false),
        ("DROP TABLE tomcat_sessions", false),
        ("CREATE TABLE another (a INT)", false),
        ("SELECT * FROM other", false),
        ("SELECT * FROM mysql.user", false),
    ] {
        assert_eq!(tomcat.execute(sql).await.is_ok(), may, "{sql}");
    }
    tomcat.close().await.unwrap();
    drop_account(db).await;
}

async fn a_password_is_changed_only_with_reset_password(db: &Scratch) {
    if db.kind == Kind::Sqlite {
        return;
    }
    let first = plan(db, Profile::Recommended);
    apply(db, &first).await;
    let mut second = first.clone();
    second.account.as_mut().unwrap().password = Some(SecretString::from("An0ther-password"));
    let applied = apply(db, &second).await;
    assert!(
        applied.done.iter().all(|(object, _, outcome)| object.as_str() != "password" && *outcome == Outcome::Exists)
    );
    probe(&login(db, &first), &naming(db, &first), NOW).await.unwrap();
    let refused = probe(&login(db, &second), &naming(db, &second), NOW).await.unwrap_err();
    assert_eq!(refused.kind(), Some(DbErrorKind::Auth));
    second.reset_password = true;
    let applied = apply(db, &second).await;
    assert!(
        applied.done.iter().any(|(object, _, outcome)| object.as_str() == "password" && *outcome == Outcome::Changed)
    );
    probe(&login(db, &second), &naming(db, &second), NOW).await.unwrap();
    let refused = probe(&login(db, &first), &naming(db, &first), NOW).await.unwrap_err();
    assert_eq!(refused.kind(), Some(DbErrorKind::Auth));
    let shown = format!("{refused} {refused:?}");
    assert!(!shown.contains(first.account.unwrap().password.unwrap().expose_secret()));
    drop_account(db).await;
}

async fn accounts_that_take_precedence_are_reported(db: &Scratch) {
    if !db.target().engine.dialect().has_hosts {
        // Without hosts, no account takes precedence over another.
        return;
    }
    // Hosts from which nobody connects: an anonymous account on localhost would lock out other tests.
    let host = format!("{}.example", db.database.replace('_', "-"));
    db.sql(&format!("CREATE USER ''@'{host}' IDENTIFIED BY 'Xy-123456'")).await;
    db.sql(&format!("CREATE USER '{}'@'{host}' IDENTIFIED BY 'Xy-123456'", db.database)).await;
    let plan = plan(db, Profile::Recommended);
    let shadows = apply(db, &plan).await.shadows;
    let ours: Vec<_> = shadows.iter().filter(|s| s.host == host).collect();
    assert_eq!(ours.len(), 2, "{shadows:?}");
    let remedy = ours[0].remedy.clone().unwrap();
    assert_eq!(remedy, format!("DROP USER ''@'{host}';"));
    assert_eq!((ours[1].user.as_str(), ours[1].remedy.as_deref()), (db.database.as_str(), None));
    db.sql(&remedy).await;
    // For an account with one host, accounts of other hosts do not matter.
    let mut local = plan.clone();
    local.account.as_mut().unwrap().host = "10.0.0.7".to_owned();
    assert_eq!(apply(db, &local).await.shadows, []);
    for host in [host.as_str(), "10.0.0.7", "%"] {
        db.sql(&format!("DROP USER '{}'@'{host}'", db.database)).await;
    }
}

async fn grants_on_a_database_apply_to_no_other_database(db: &Scratch) {
    if matches!(db.kind, Kind::Sqlite | Kind::Mssql | Kind::Postgres) {
        // SQL Server has database roles, and no patterns.
        return;
    }
    apply(db, &plan(db, Profile::Documented)).await;
    // The underscores in the name are not wildcards.
    let alike = db.database.replace('_', "x");
    db.sql(&format!("CREATE DATABASE `{alike}`; CREATE TABLE `{alike}`.t (a INT)")).await;
    let mut tomcat = db.mysql_as(&db.database, PASSWORD).await;
    assert!(tomcat.execute("DROP TABLE tomcat_sessions").await.is_ok());
    assert!(tomcat.execute(&*format!("SELECT * FROM `{alike}`.t")).await.is_err());
    tomcat.close().await.unwrap();
    db.sql(&format!("DROP DATABASE `{alike}`")).await;
    drop_account(db).await;
}

async fn an_account_without_privileges_is_reported(db: &Scratch) {
    if db.kind == Kind::Sqlite {
        return;
    }
    let plan = plan(db, Profile::Recommended);
    apply(db, &plan).await;
    // Tomcat's own account is not an administrator.
    let refused = if matches!(db.kind, Kind::Mssql | Kind::Postgres) {
        // Every account can read the catalogue; missing objects cannot be created.
        let mut other = plan.clone();
        other.account.as_mut().unwrap().user = format!("{}_2", db.database);
        let mut server = Provision::survey(&login(db, &plan), &other).await.unwrap();
        let applied = server.apply(&other).await;
        server.close().await;
        applied.failed
    } else {
        Provision::survey(&login(db, &plan), &plan).await.err()
    };
    assert!(matches!(refused, Some(StoreError::NotAdministrator { .. })), "{refused:?}");
    drop_account(db).await;
}

/// The grant in the guides: all privileges on the database.
async fn everything_can_be_granted(db: &Scratch) {
    if db.kind == Kind::Sqlite {
        return;
    }
    let mut plan = plan(db, Profile::Documented);
    plan.grants = Grants::All;
    let mut server = Provision::survey(&db.target(), &plan).await.unwrap();
    let applied = server.apply(&plan).await;
    server.close().await;
    match applied.failed {
        None => assert!(probe(&login(db, &plan), &naming(db, &plan), NOW).await.is_ok()),
        Some(refused) => {
            // By then, everything else has been done and reported.
            let expected_text = "Adding members to db_owner is not currently supported in Babelfish";
            assert!(db.kind == Kind::Mssql && refused.to_string().contains(expected_text), "{refused}");
            assert!(applied.done.iter().any(|(object, ..)| object.as_str() == "account"), "{:?}", applied.done);
        }
    }
    drop_account(db).await;
}

async fn a_password_that_violates_the_policy_is_refused(db: &Scratch) {
    if db.kind != Kind::Mssql {
        // The other servers have no default password policy.
        return;
    }
    for no_password_policy in [false, true] {
        let mut plan = plan(db, Profile::Recommended);
        plan.no_password_policy = no_password_policy;
        plan.account.as_mut().unwrap().password = Some(SecretString::from("weak"));
        let mut server = Provision::survey(&db.target(), &plan).await.unwrap();
        let applied = server.apply(&plan).await;
        server.close().await;
        match applied.failed {
            None => {
                // Babelfish has no password policy.
                probe(&login(db, &plan), &naming(db, &plan), NOW).await.unwrap();
            }
            Some(refused) => {
                assert!(!no_password_policy && refused.kind() == Some(DbErrorKind::Policy), "{refused}");
                assert!(!format!("{refused} {refused:?}").contains("weak"));
            }
        }
        drop_account(db).await;
    }
}
