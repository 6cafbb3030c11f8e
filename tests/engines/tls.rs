//! By default, TLS is used if the server supports it, and its certificate is checked, except for a server on this
//! machine; parameters change that.

use sqlx::Row;
use tomcat_sessions::failure::Failure;
use tomcat_sessions::store::{Bind, DbErrorKind, Naming, SessionStore, StoreError, parse_url};

use crate::support::{Kind, Scratch, absent, variable};

crate::suite!(
    servers:
    a_certificate_of_a_known_authority_is_accepted,
    a_certificate_of_another_authority_is_refused,
    by_default_an_unknown_authority_is_refused_with_a_hint_that_works,
    without_tls,
);

/// The same server, by an address other than that of the loopback interface.
async fn open_elsewhere(db: &Scratch, query: &str) -> Result<SessionStore, StoreError> {
    let direct = db.direct_url();
    let elsewhere = |host: &str| direct.replace(&format!("@{host}:"), "@0.0.0.0:");
    let url = [elsewhere("127.0.0.1"), elsewhere("localhost")].into_iter().find(|url| *url != direct).unwrap();
    let url = url.replace("ssl-mode=required", query).replace("trustServerCertificate=true", query);
    SessionStore::open(&parse_url(&url).unwrap(), &Naming::default()).await
}

async fn open(db: &Scratch, query: &str) -> Result<SessionStore, StoreError> {
    let url = db.direct_url().replace("ssl-mode=required", query).replace("trustServerCertificate=true", query);
    SessionStore::open(&parse_url(&url).unwrap(), &Naming::default()).await
}

/// The cipher in use, or a word for it; empty without TLS.
async fn cipher(store: &mut SessionStore) -> String {
    let rows = store.query("read the cipher", store.statements().encrypted, &Bind::new()).await.unwrap();
    rows.into_iter().next().unwrap().text(1).unwrap().unwrap_or_default()
}

/// Parameters for checking the certificate, except for the authority.
fn checking(db: &Scratch) -> &'static [&'static str] {
    match db.kind {
        Kind::Mssql => &["encrypt=true", "encrypt=optional", "encrypt=true&hostNameInCertificate=localhost"],
        _ => &["ssl-mode=verify-identity", "ssl-mode=verify-ca", "ssl-mode=preferred"],
    }
}

/// The parameter for an authority.
fn authority(db: &Scratch) -> &'static str {
    if db.kind == Kind::Mssql { "serverCertificate" } else { "ssl-ca" }
}

/// The file of the authority that signed the server's certificate; otherwise prints that the test is skipped.
fn known_authority(db: &Scratch) -> Option<String> {
    let name = if db.kind == Kind::Mssql { "TOMCAT_SESSIONS_TEST_MSSQL_CA" } else { "TOMCAT_SESSIONS_TEST_CA" };
    let file = variable(name);
    if file.is_none() {
        absent(&format!("authority of {}'s certificate ({name})", db.kind.name()));
    }
    file
}

async fn a_certificate_of_a_known_authority_is_accepted(db: &Scratch) {
    db.create_table("documented").await;
    let Some(ca) = known_authority(db) else { return };
    let ca = format!("{}={ca}", authority(db));
    for mode in checking(db) {
        let mut store = open(db, &format!("{mode}&{ca}")).await.unwrap();
        assert_ne!(cipher(&mut store).await, "", "{mode}");
    }
    let mut store = open(db, &ca).await.unwrap();
    assert_ne!(cipher(&mut store).await, "");
}

async fn a_certificate_of_another_authority_is_refused(db: &Scratch) {
    db.create_table("documented").await;
    let Some(other) = variable("TOMCAT_SESSIONS_TEST_OTHER_CA") else { return absent("another authority") };
    let name = authority(db);
    for mode in checking(db) {
        let error = open(db, &format!("{mode}&{name}={other}")).await.err().unwrap();
        assert_eq!(error.kind(), Some(DbErrorKind::Tls), "{mode}: {error}");
        assert!(!error.to_string().contains("Config::"), "{error}");
    }
    let error = open(db, &format!("{name}=/no/such/file.pem")).await.err().unwrap();
    assert_eq!(error.kind(), Some(DbErrorKind::Tls), "{error}");
}

async fn by_default_an_unknown_authority_is_refused_with_a_hint_that_works(db: &Scratch) {
    db.create_table("documented").await;
    // On this machine, nobody can intercept the connection.
    let mut store = open(db, "").await.unwrap();
    assert_ne!(cipher(&mut store).await, "");
    let error = open_elsewhere(db, "").await.err().unwrap();
    assert_eq!(error.kind(), Some(DbErrorKind::Tls), "{error}");
    let failure = Failure::from(error);
    assert_eq!(failure.code, 10);
    let hints = failure.hints.join("\n");
    let parameters: Vec<&str> = hints.split_whitespace().filter(|word| word.contains('=')).collect();
    let expected = match db.kind {
        Kind::Mssql => ["serverCertificate=/path/to/ca.pem", "trustServerCertificate=true", "encrypt=false"],
        _ => ["ssl-ca=/path/to/ca.pem", "ssl-mode=required", "ssl-mode=disabled"],
    };
    assert_eq!(parameters, expected);
    for parameter in &parameters[1..] {
        open_elsewhere(db, parameter).await.unwrap();
    }
    let Some(other) = variable("TOMCAT_SESSIONS_TEST_OTHER_CA") else { return absent("another authority") };
    let failure = Failure::from(open(db, &parameters[0].replace("/path/to/ca.pem", &other)).await.err().unwrap());
    assert!(!failure.hints.join("\n").contains("/path/to/ca.pem"), "{:?}", failure.hints);
    if let Some(ca) = known_authority(db) {
        open(db, &parameters[0].replace("/path/to/ca.pem", &ca)).await.unwrap();
    }
}

/// Runs openssl in a directory.
fn openssl(dir: &std::path::Path, args: &str) {
    let done = std::process::Command::new("openssl").args(args.split_whitespace()).current_dir(dir).output().unwrap();
    assert!(done.status.success(), "openssl {args}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The certificate that MySQL creates at installation has a common name that is not a host name, and no other name.
#[tokio::test]
async fn verify_ca_accepts_a_certificate_without_a_name() {
    let Some(other) = variable("TOMCAT_SESSIONS_TEST_OTHER_CA") else { return absent("another authority") };
    let dir = tempfile::Builder::new().prefix("ts.").tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    openssl(
        dir.path(),
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Auto_Generated_CA -keyout ca-key.pem -out ca.pem",
    );
    openssl(
        dir.path(),
        "req -new -newkey rsa:2048 -nodes -subj /CN=Auto_Generated_Server -keyout key.pem -out server.csr",
    );
    std::fs::write(at("ext"), "basicConstraints=CA:FALSE\n").unwrap();
    openssl(
        dir.path(),
        "x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile ext -out server.pem",
    );
    for (name, mode) in [("", 0o755), ("key.pem", 0o644), ("server.pem", 0o644), ("ca.pem", 0o644)] {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(dir.path().join(name), permissions).unwrap();
    }
    let options = [
        format!("--ssl-ca={}", at("ca.pem")),
        format!("--ssl-cert={}", at("server.pem")),
        format!("--ssl-key={}", at("key.pem")),
    ];
    let Some(server) = crate::support::private::Private::with(&options) else { return };
    server.sql("CREATE DATABASE shop; CREATE TABLE shop.tomcat_sessions (session_id VARCHAR(100) PRIMARY KEY, valid_session CHAR(1), max_inactive INT, last_access BIGINT, app_name VARCHAR(255), session_data MEDIUMBLOB)").await;
    let open = async |query: &str| {
        let url = server.url("shop").replace("ssl-mode=disabled", query);
        SessionStore::open(&parse_url(&url).unwrap(), &Naming::default()).await
    };
    let ca = at("ca.pem");
    let mut store = open(&format!("ssl-mode=verify-ca&ssl-ca={ca}")).await.unwrap();
    assert_ne!(cipher(&mut store).await, "");
    store.close().await;
    // Also through the server's socket, which has no host name.
    let url = format!("{}&ssl-mode=verify-ca&ssl-ca={ca}", server.socket_url("shop"));
    let mut store = SessionStore::open(&parse_url(&url).unwrap(), &Naming::default()).await.unwrap();
    assert_ne!(cipher(&mut store).await, "");
    store.close().await;
    for (query, kind) in [
        (format!("ssl-mode=verify-ca&ssl-ca={other}"), DbErrorKind::Tls),
        ("ssl-mode=verify-ca".to_owned(), DbErrorKind::Tls),
        (format!("ssl-mode=verify-identity&ssl-ca={ca}"), DbErrorKind::CertificateName),
    ] {
        let error = open(&query).await.err().unwrap();
        assert_eq!(error.kind(), Some(kind), "{query}: {error}");
    }
    let wrong = server
        .url("shop")
        .replace(":root@", ":wrong@")
        .replace("ssl-mode=disabled", &format!("ssl-mode=verify-ca&ssl-ca={ca}"));
    let error = SessionStore::open(&parse_url(&wrong).unwrap(), &Naming::default()).await.err().unwrap();
    assert_eq!(error.kind(), Some(DbErrorKind::Auth), "{error}");
}

/// MySQL 9 has only caching_sha2_password. Without TLS, it encrypts the password with the server's public key at the
/// first login; after that, the server remembers the account.
async fn without_tls(db: &Scratch) {
    db.create_table("documented").await;
    if db.kind == Kind::Mssql {
        // The login is encrypted nevertheless, but the server is not verified.
        let mut store = open(db, "encrypt=false").await.unwrap();
        assert_eq!(cipher(&mut store).await, "");
        let mut store = open(db, "trustServerCertificate=true").await.unwrap();
        assert_ne!(cipher(&mut store).await, "");
        return;
    }
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
