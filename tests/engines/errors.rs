//! The errors of all servers, mapped to our error kinds.

use tomcat_sessions::store::{Batch, Bind, DbErrorKind, Naming, SessionStore, StoreError, Target, Template, parse_url};

use crate::purge_runs::{all, count, expired};
use crate::support::{Kind, NOW, Scratch, WIDE_TABLE};
use tomcat_sessions::session::{Filter, OnConflict};

crate::suite!(
    no_database,
    no_table,
    missing_and_mistyped_columns_are_reported,
    a_table_without_a_key_is_read_and_not_written,
    a_view_is_read_and_not_written,
    writing_to_a_read_only_store_fails,
    too_long_values_are_refused,
    non_numeric_columns_are_reported,
);

async fn opening(target: &Target) -> StoreError {
    SessionStore::open(target, &Naming::default()).await.err().expect("it opened")
}

async fn no_database(db: &Scratch) {
    let missing = Scratch::reserve(db.kind).unwrap();
    let error = opening(&missing.target()).await;
    assert_eq!(error.kind(), Some(DbErrorKind::NoDatabase), "{error}");
}

async fn no_table(db: &Scratch) {
    let error = opening(&db.target()).await;
    assert!(matches!(&error, StoreError::NoTable { table, .. } if table == "tomcat_sessions"), "{error}");
}

async fn missing_and_mistyped_columns_are_reported(db: &Scratch) {
    db.create_table("documented").await;
    db.sql("ALTER TABLE tomcat_sessions RENAME COLUMN app_name TO application").await;
    let error = opening(&db.target()).await;
    assert!(
        matches!(&error, StoreError::WrongShape { faults, .. } if faults == &["the column `app_name` is missing"]),
        "{error}"
    );
    db.sql("DROP TABLE tomcat_sessions").await;
    let wrong = WIDE_TABLE
        .replace("last_access BIGINT", "last_access DATETIME")
        .replace("max_inactive BIGINT", "max_inactive VARCHAR(20)")
        .replace("session_data LONGBLOB", "session_data TEXT");
    db.sql(&wrong).await;
    match opening(&db.target()).await {
        StoreError::WrongShape { faults, .. } => {
            assert_eq!(faults.len(), 3, "{faults:?}");
            for (fault, column) in faults.iter().zip(["max_inactive", "last_access", "session_data"]) {
                assert!(fault.contains(column), "{fault}");
            }
        }
        other => panic!("{other}"),
    }
}

async fn a_table_without_a_key_is_read_and_not_written(db: &Scratch) {
    db.sql(&WIDE_TABLE.replace(" PRIMARY KEY", "")).await;
    let mut store = db.open().await;
    store.insert(&expired(3), OnConflict::Fail).await.unwrap();
    assert_eq!(all(&mut store, &Filter::default(), NOW).await.len(), 3);
    let error = store.require_writable().unwrap_err();
    assert!(error.to_string().contains("neither a primary key"), "{error}");
}

async fn a_view_is_read_and_not_written(db: &Scratch) {
    db.sql(&WIDE_TABLE.replace("tomcat_sessions", "base")).await;
    db.sql("CREATE VIEW tomcat_sessions AS SELECT * FROM base").await;
    let mut store = db.open().await;
    assert_eq!(count(&mut store).await, 0);
    let error = store.require_writable().unwrap_err();
    assert!(error.to_string().contains("it is a view"), "{error}");
}

/// Changes one session only: other tests use the same server.
async fn writing_to_a_read_only_store_fails(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    store.insert(&expired(3), OnConflict::Fail).await.unwrap();
    if db.kind == Kind::Mssql {
        return writing_to_a_read_only_database_fails(db, store).await;
    }
    let read_only = match db.kind {
        Kind::Sqlite => Template("PRAGMA query_only = 1"),
        Kind::Postgres => Template("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"),
        _ => Template("SET SESSION TRANSACTION READ ONLY"),
    };
    store.execute("forbid writes", read_only, &Bind::new()).await.unwrap();
    let error = store.insert(&expired(4)[3..], OnConflict::Fail).await.unwrap_err();
    assert_eq!(error.kind(), Some(DbErrorKind::ReadOnly), "{error}");
    let ids = ["E0001".to_owned()];
    let batch =
        Batch { app: Some("/Catalina/localhost/demo"), ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
    let error = store.delete(&batch, &|_| true).await.unwrap_err();
    assert_eq!(error.kind(), Some(DbErrorKind::ReadOnly), "{error}");
    assert_eq!(count(&mut db.open().await).await, 3);
    if db.kind == Kind::Mysql {
        // Only MySQL has read-only databases.
        db.sql(&format!("ALTER DATABASE `{}` READ ONLY = 1", db.database)).await;
        let error = db.open().await.delete(&batch, &|_| true).await.unwrap_err();
        assert_eq!(error.kind(), Some(DbErrorKind::ReadOnly), "{error}");
        db.sql(&format!("ALTER DATABASE `{}` READ ONLY = 0", db.database)).await;
    }
}

/// SQL Server has read-only databases, but no read-only connections.
async fn writing_to_a_read_only_database_fails(db: &Scratch, store: SessionStore) {
    store.close().await;
    let mut admin = db.tds("master").await;
    let alter = format!("ALTER DATABASE [{}] SET READ_ONLY WITH ROLLBACK IMMEDIATE", db.database);
    let altered = match admin.simple_query(alter).await {
        Ok(answer) => answer.into_results().await.map(drop),
        Err(error) => Err(error),
    };
    if let Err(refused) = altered {
        // Babelfish does not support ALTER DATABASE.
        assert!(refused.to_string().contains("not currently supported in Babelfish"), "{refused}");
        return;
    }
    let mut store = db.open().await;
    assert!(store.server().read_only);
    let error = store.insert(&expired(4)[3..], OnConflict::Fail).await.unwrap_err();
    assert_eq!(error.kind(), Some(DbErrorKind::ReadOnly), "{error}");
    let ids = ["E0001".to_owned()];
    let batch =
        Batch { app: Some("/Catalina/localhost/demo"), ids: &ids, cutoff: None, accessed_before: None, dry_run: false };
    let error = store.delete(&batch, &|_| true).await.unwrap_err();
    assert_eq!(error.kind(), Some(DbErrorKind::ReadOnly), "{error}");
    assert_eq!(count(&mut store).await, 3);
}

async fn too_long_values_are_refused(db: &Scratch) {
    db.create_table("documented").await;
    let mut store = db.open().await;
    let mut long = expired(1).remove(0);
    long.meta.key.id = "x".repeat(101);
    let inserted = store.insert(&[long], OnConflict::Fail).await;
    if db.kind == Kind::Sqlite {
        // SQLite ignores the declared length.
        inserted.unwrap();
    } else {
        assert_eq!(inserted.unwrap_err().kind(), Some(DbErrorKind::TooLarge));
        // Also among many rows, which may be sent differently; the connection remains usable.
        let mut many = expired(30);
        many[7].meta.key.id = "x".repeat(101);
        assert_eq!(store.insert(&many, OnConflict::Fail).await.unwrap_err().kind(), Some(DbErrorKind::TooLarge));
        assert_eq!(store.insert(&expired(30), OnConflict::Fail).await.unwrap().inserted, 30);
        db.sql("DELETE FROM tomcat_sessions").await;
        let mut huge = expired(1).remove(0);
        huge.data = Some(vec![1; 16_777_216].into());
        if matches!(db.kind, Kind::Mssql | Kind::Postgres) {
            // VARBINARY(MAX) holds 2 GB, BYTEA 1 GB.
            store.insert(&[huge], OnConflict::Fail).await.unwrap();
            return;
        }
        let error = store.insert(&[huge], OnConflict::Fail).await.unwrap_err();
        assert_eq!(error.kind(), Some(DbErrorKind::TooLarge), "{error}");
        assert_eq!(count(&mut store).await, 0);
    }
}

/// Only SQLite accepts such values in a column; the message contains no value other than that of the column.
async fn non_numeric_columns_are_reported(db: &Scratch) {
    if db.kind != Kind::Sqlite {
        return;
    }
    db.create_table("documented").await;
    db.sql("INSERT INTO tomcat_sessions VALUES ('0A', '1', 'soon', 1, 'demo', x'00')").await;
    let mut store = db.open().await;
    let filter = Filter { id_prefix: Some("0A".to_owned()), ..Filter::default() };
    let error = store.find("0A", &filter, NOW).await.unwrap_err();
    assert!(error.to_string().contains("instead of an integer"), "{error}");
    assert_eq!(store.count_expired(NOW, None).await.unwrap(), (1, 0));
}

mod servers {
    //! Errors that only servers have: accounts, hosts, ports.

    use super::*;

    crate::suite!(servers: wrong_password, wrong_hosts_and_ports_are_reported, accounts_without_rights, a_login_without_a_user_name_is_refused);

    const PASSWORD: &str = "pw-Geheim1";

    /// Creates an account with a password, and a database user if that is a separate object.
    async fn account(db: &Scratch) -> String {
        let user = format!("u_{}", db.database);
        if db.kind == Kind::Mssql {
            db.server_sql(&format!("CREATE LOGIN [{user}] WITH PASSWORD = '{PASSWORD}'")).await;
            db.sql(&format!("CREATE USER [{user}] FOR LOGIN [{user}]")).await;
        } else {
            db.server_sql(&format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{PASSWORD}'")).await;
        }
        user
    }

    async fn grant(db: &Scratch, rights: &str, user: &str) {
        db.sql(&match db.kind {
            Kind::Mssql => format!("GRANT {rights} ON tomcat_sessions TO [{user}]"),
            _ => format!("GRANT {rights} ON `{}`.tomcat_sessions TO '{user}'@'%'", db.database),
        })
        .await;
    }

    async fn forget(db: &Scratch, user: &str) {
        if db.kind == Kind::Mssql {
            // Babelfish does not drop a user with privileges: the remaining user has the name of this test.
            db.sql("DROP TABLE IF EXISTS tomcat_sessions").await;
            let _ = db.batch(&format!("DROP USER [{user}]")).await;
            let _ = db.batch(&format!("DROP LOGIN [{user}]")).await;
        } else {
            db.server_sql(&format!("DROP USER '{user}'@'%'")).await;
        }
    }

    fn as_user(db: &Scratch, user: &str, password: &str) -> Target {
        parse_url(&db.url_as(user, password, db.query())).unwrap()
    }

    async fn wrong_password(db: &Scratch) {
        let user = account(db).await;
        for (user, password) in [(user.as_str(), "wr0ng-pw"), ("nobody_at_all", "wr0ng-pw"), (user.as_str(), "")] {
            let error = opening(&as_user(db, user, password)).await;
            assert_eq!(error.kind(), Some(DbErrorKind::Auth), "{error}");
            assert!(!error.to_string().contains("wr0ng-pw"), "{error}");
        }
        forget(db, &user).await;
    }

    async fn wrong_hosts_and_ports_are_reported(db: &Scratch) {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let scheme = db.kind.name();
        for place in [format!("127.0.0.1:{port}"), "no-such-host.invalid:3306".to_owned()] {
            let error = opening(&parse_url(&format!("{scheme}://u:pw@{place}/tomcat")).unwrap()).await;
            assert_eq!(error.kind(), Some(DbErrorKind::Unreachable), "{error}");
        }
        // A server that accepts connections and does not answer.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let timeout = if db.kind == Kind::Mssql { "loginTimeout" } else { "connect-timeout" };
        let url = format!("{scheme}://u:pw@127.0.0.1:{port}/tomcat?{timeout}=1");
        let error = opening(&parse_url(&url).unwrap()).await;
        assert_eq!(error.kind(), Some(DbErrorKind::Timeout), "{error}");
        let hints = tomcat_sessions::failure::Failure::from(error).hints.join(" ");
        assert!(hints.contains(&format!("{timeout}=30")), "{hints}");
    }

    async fn accounts_without_rights(db: &Scratch) {
        db.create_table("documented").await;
        db.open().await.insert(&expired(1), OnConflict::Fail).await.unwrap();
        let user = account(db).await;
        let target = as_user(db, &user, PASSWORD);
        match (db.kind, SessionStore::open(&target, &Naming::default()).await) {
            // An account does not see objects without a privilege on them.
            (Kind::Mssql, Err(error)) => assert!(matches!(error, StoreError::NoTable { .. }), "{error}"),
            (Kind::Mssql, Ok(mut store)) => {
                assert!(db.differs("an account sees the columns of tables that it may not touch").await);
                let error = store.count_expired(NOW, None).await.unwrap_err();
                assert_eq!(error.kind(), Some(DbErrorKind::Denied), "{error}");
            }
            // Every account can see the catalogue.
            (Kind::Postgres, opened) => {
                let error = opened.unwrap().count_expired(NOW, None).await.unwrap_err();
                assert_eq!(error.kind(), Some(DbErrorKind::Denied), "{error}");
            }
            (_, opened) => assert_eq!(opened.err().unwrap().kind(), Some(DbErrorKind::Denied)),
        }

        grant(db, "SELECT", &user).await;
        let mut store = SessionStore::open(&target, &Naming::default()).await.unwrap();
        assert_eq!(count(&mut store).await, 1);
        let ids = ["E0000".to_owned()];
        let batch = Batch {
            app: Some("/Catalina/localhost/demo"),
            ids: &ids,
            cutoff: None,
            accessed_before: None,
            dry_run: false,
        };
        let deleted = store.delete(&batch, &|_| true).await;
        if db.differs("a DELETE that names its table by an alias asks for no right").await {
            assert_eq!(deleted.unwrap().sessions, 1);
            db.open().await.insert(&expired(1), OnConflict::Fail).await.unwrap();
        } else {
            let error = deleted.unwrap_err();
            assert_eq!(error.kind(), Some(DbErrorKind::Denied), "{error}");
        }

        // The privileges of Tomcat's own account are sufficient for a purge.
        grant(db, "INSERT, DELETE", &user).await;
        let mut store = SessionStore::open(&target, &Naming::default()).await.unwrap();
        assert_eq!(store.delete(&batch, &|_| true).await.unwrap().sessions, 1);
        forget(db, &user).await;
    }

    /// As after a restore: the login exists, but not the database user.
    async fn a_login_without_a_user_name_is_refused(db: &Scratch) {
        if db.kind != Kind::Mssql {
            // On the other servers, an account is a single object.
            return;
        }
        let user = format!("l_{}", db.database);
        db.server_sql(&format!("CREATE LOGIN [{user}] WITH PASSWORD = '{PASSWORD}'")).await;
        let error = opening(&as_user(db, &user, PASSWORD)).await;
        assert_eq!(error.kind(), Some(DbErrorKind::NoDatabase), "{error}");
        let hints = tomcat_sessions::failure::Failure::from(error).hints.join(" ");
        assert!(hints.contains("without a user in the database"), "{hints}");
        forget(db, &user).await;
    }
}
