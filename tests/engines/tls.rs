//! TLS is tried by default and its certificate checked; what is said otherwise is done otherwise.

use sqlx::Row;
use tomcat_sessions::failure::Failure;
use tomcat_sessions::store::{Bind, DbErrorKind, Naming, SessionStore, StoreError, Template, parse_url};

use crate::support::{Kind, Scratch, absent, variable};

crate::suite!(
    servers:
    a_certificate_of_a_known_authority,
    a_certificate_of_another_authority,
    by_default_an_unknown_authority_is_refused_with_a_hint_that_works,
    without_tls,
);

async fn open(db: &Scratch, query: &str) -> Result<SessionStore, StoreError> {
    let url = db.url.replace("ssl-mode=required", query);
    SessionStore::open(&parse_url(&url).unwrap(), &Naming::default()).await
}

/// The cipher in use; empty where there is none.
async fn cipher(store: &mut SessionStore) -> String {
    let status = Template("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
    let rows = store.query("read the cipher", status, &Bind::new()).await.unwrap();
    rows.into_iter().next().unwrap().text(1).unwrap().unwrap_or_default()
}

/// The files of both authorities, or a skip that says so.
fn authorities() -> Option<(String, String)> {
    let both = variable("TOMCAT_SESSIONS_TEST_CA").zip(variable("TOMCAT_SESSIONS_TEST_OTHER_CA"));
    if both.is_none() {
        absent("the authority of the servers' certificates");
    }
    both
}

async fn a_certificate_of_a_known_authority(db: &Scratch) {
    db.create_table("documented").await;
    let Some((ca, _)) = authorities() else { return };
    for mode in ["verify-identity", "verify-ca", "preferred"] {
        let mut store = open(db, &format!("ssl-mode={mode}&ssl-ca={ca}")).await.unwrap();
        assert_ne!(cipher(&mut store).await, "", "{mode}");
    }
    let mut store = open(db, &format!("ssl-ca={ca}")).await.unwrap();
    assert_ne!(cipher(&mut store).await, "");
}

async fn a_certificate_of_another_authority(db: &Scratch) {
    db.create_table("documented").await;
    let Some((_, other)) = authorities() else { return };
    for mode in ["verify-identity", "verify-ca", "preferred"] {
        let error = open(db, &format!("ssl-mode={mode}&ssl-ca={other}")).await.err().unwrap();
        assert_eq!(error.kind(), Some(DbErrorKind::Tls), "{mode}: {error}");
    }
    let error = open(db, "ssl-ca=/no/such/file.pem").await.err().unwrap();
    assert_eq!(error.kind(), Some(DbErrorKind::Tls), "{error}");
}

async fn by_default_an_unknown_authority_is_refused_with_a_hint_that_works(db: &Scratch) {
    db.create_table("documented").await;
    let Some((ca, _)) = authorities() else { return };
    let error = open(db, "").await.err().unwrap();
    assert_eq!(error.kind(), Some(DbErrorKind::Tls), "{error}");
    let failure = Failure::from(error);
    assert_eq!(failure.code, 10);
    let hints = failure.hints.join("\n");
    let parameters: Vec<&str> = hints.split_whitespace().filter(|word| word.starts_with("ssl-")).collect();
    assert_eq!(parameters, ["ssl-ca=/path/to/ca.pem", "ssl-mode=required", "ssl-mode=disabled"]);
    for parameter in parameters {
        open(db, &parameter.replace("/path/to/ca.pem", &ca)).await.unwrap();
    }
}

/// MySQL 9 has only caching_sha2_password, which without TLS encrypts the password by the server's
/// public key the first time, and later on the server remembers it.
async fn without_tls(db: &Scratch) {
    db.create_table("documented").await;
    let user = format!("n_{}", db.database);
    db.server_sql(&format!("CREATE USER '{user}'@'%' IDENTIFIED BY 'pw-Geheim1'")).await;
    db.server_sql(&format!("GRANT ALL ON `{}`.* TO '{user}'@'%'", db.database)).await;
    if db.kind == Kind::Mysql {
        let mut admin = db.mysql().await;
        let plugin = format!("SELECT CAST(plugin AS CHAR) FROM mysql.user WHERE user = '{user}'");
        let row = sqlx::query(&plugin).fetch_one(&mut admin).await.unwrap();
        assert_eq!(row.get::<String, _>(0), "caching_sha2_password");
    }
    let target = parse_url(&db.url_as(&user, "pw-Geheim1", "ssl-mode=disabled")).unwrap();
    for _ in 0..2 {
        let mut store = SessionStore::open(&target, &Naming::default()).await.unwrap();
        assert_eq!(cipher(&mut store).await, "");
        store.close().await;
    }
    let wrong = parse_url(&db.url_as(&user, "pw-Falsch", "ssl-mode=disabled")).unwrap();
    let error = SessionStore::open(&wrong, &Naming::default()).await.err().unwrap();
    assert_eq!(error.kind(), Some(DbErrorKind::Auth), "{error}");
    db.server_sql(&format!("DROP USER '{user}'@'%'")).await;
}
