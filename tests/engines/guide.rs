//! Runs the commands of the guides as written and in order, with the servers of the tests instead of those in the text.
//! Guides that need a Tomcat are in `tests/tomcat/guides.rs`.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use secrecy::ExposeSecret;
use tempfile::TempDir;
use tomcat_sessions::session::{OnConflict, SessionKey};
use tomcat_sessions::store::{Naming, SessionStore};

use crate::support::guide::{Script, has};
use crate::support::{Kind, NOW, Scratch, absent, sample, session, variable};

/// A URL without its password, and the password.
fn parted(db: &Scratch) -> (String, String) {
    let mut url = url::Url::parse(&db.url).unwrap();
    url.set_password(None).unwrap();
    (url.into(), db.target().password.unwrap().expose_secret().to_owned())
}

/// The same for another account.
fn url_of(db: &Scratch, user: &str) -> String {
    let administrator = db.target().user.unwrap();
    parted(db).0.replacen(&format!("//{administrator}@"), &format!("//{user}@"), 1)
}

/// A directory with the administrator's password in `root.pw`.
fn folder(db: &Scratch) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("root.pw"), parted(db).1).unwrap();
    dir
}

/// A recipient of this test; nobody has its secret key.
const RECIPIENT: &str = "age1wlg8hyjsqf3tl59kptswtut76n964us4prn6uftwagrgjgcdvs4q7q4v05";

const APP: &str = "/Catalina/localhost/demo9";

/// Sessions of which some are expired and some are not, whatever the date of the test.
async fn fill(db: &Scratch, name: &str) {
    let sessions = [("E1", 1_000_000), ("E2", 1_000_000), ("L1", 4_000_000_000_000)]
        .map(|(id, last_access)| session(APP, &format!("{name}{id}"), 1800, last_access));
    db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
}

async fn expired(db: &Scratch) -> u64 {
    db.open().await.count_expired(NOW, None).await.unwrap().1
}

/// Runs the command of an installed unit like systemd.
fn run_unit(units: &Path, conf: &Path) {
    let service = std::fs::read_to_string(units.join("tomcat-sessions-expire.service")).unwrap();
    let line = service.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let program = assert_cmd::cargo::cargo_bin!("tomcat-sessions").to_str().unwrap();
    let store = std::fs::read_to_string(conf.join("store.conf")).unwrap();
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &line.replace("/usr/bin/tomcat-sessions", program)]).env_clear();
    command.envs(store.lines().filter_map(|line| line.split_once('='))).env("CREDENTIALS_DIRECTORY", conf);
    let done = command.output().unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_minute_start() {
    let Some(db) = Scratch::reserve(Kind::Mariadb) else { return };
    if !has("openssl") {
        return;
    }
    let (dir, user) = (folder(&db), format!("u{}", db.database));
    let (conf, units) = (dir.path().join("etc"), dir.path().join("units"));
    std::fs::create_dir(&units).unwrap();
    let script = Script::of("README.md", "## Five-minute start")
        // Instead of installing the program, the test uses the one under test; systemd and other Tomcats are not
        // touched.
        .without(&["cargo install", "install -m 0755 ~/.cargo", "systemctl ", "tomcat-sessions tomcat lint"])
        .with("/etc/tomcat-sessions", conf.to_str().unwrap())
        .with("packaging/", concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/"))
        .with("/etc/systemd/system/", format!("{}/", units.display()))
        .with("'mariadb://root@localhost/tomcat?socket=/run/mysqld/mysqld.sock'", format!("'{}'", db.url))
        .with("mariadb://tomcat@127.0.0.1:3306/tomcat?ssl-mode=disabled", url_of(&db, &user))
        .with("init-db ", format!("init-db --user {user} "));
    let password = format!("tomcat-sessions --password-file {}/password ", conf.display());
    let (before, after) = script.0.split_once(&format!("{password}stats\n")).unwrap();
    let output_text = Script(before.to_owned()).run(dir.path()).await;
    assert!(output_text.contains(&format!("as {user}.")), "{output_text}");

    fill(&db, "A").await;
    let url = url_of(&db, &user);
    let output_text =
        Script(format!("export TOMCAT_SESSIONS_URL='{url}'\n{password}stats\n{after}")).run(dir.path()).await;
    assert!(
        output_text.contains("Would delete 2 expired") && output_text.contains("Deleted 2 expired"),
        "{output_text}"
    );
    assert_eq!(expired(&db).await, 0);

    fill(&db, "B").await;
    assert!(units.join("tomcat-sessions-expire.timer").exists());
    run_unit(&units, &conf);
    assert_eq!(expired(&db).await, 0);
    let all = db.open().await.count_expired(NOW, None).await.unwrap().0;
    assert_eq!(all, 2, "the living are gone");
    db.server_sql(&format!("DROP USER '{user}'@'%'")).await;
    db.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn provision() {
    let Some(db) = Scratch::reserve(Kind::Mariadb) else { return };
    if !has("openssl") {
        return;
    }
    let (dir, user) = (folder(&db), format!("u{}", db.database));
    Script::of("docs/provision.md", "## See what would be done").run(dir.path()).await;
    assert!(
        std::fs::read_to_string(dir.path().join("session-db.sql")).unwrap().contains("CREATE TABLE [tomcat_sessions]")
    );
    Script::of("docs/provision.md", "## Create the database")
        .without(&["tomcat-sessions --url 'mariadb://root@localhost", "tomcat-sessions --url mssql"])
        .with("mariadb://root@db.example.org:3306/tomcat", format!("'{}'", parted(&db).0))
        .with("init-db ", format!("init-db --user {user} "))
        .run(dir.path())
        .await;
    let password = dir.path().join("tomcat.pw");
    let mode = std::fs::metadata(&password).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "others can read the password: {mode:o}");
    // The kinds of characters that SQL Server and MySQL's validate_password require.
    let password = std::fs::read_to_string(password).unwrap();
    let kinds: [fn(char) -> bool; 3] = [|c| c.is_ascii_uppercase(), |c| c.is_ascii_lowercase(), |c| c == '='];
    assert!(kinds.iter().all(|kind| password.contains(*kind)), "{password}");
    Script::of("docs/provision.md", "## Check the result")
        .with("mariadb://tomcat@db.example.org:3306/tomcat", format!("'{}'", url_of(&db, &user)))
        .run(dir.path())
        .await;
    db.server_sql(&format!("DROP USER '{user}'@'%'")).await;
    db.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_for_psql() {
    let (Some(client), Some(passfile)) =
        (variable("TOMCAT_SESSIONS_TEST_POSTGRES_CLIENT"), variable("TOMCAT_SESSIONS_TEST_POSTGRES_PASSFILE"))
    else {
        return absent("postgres");
    };
    let Some(db) = Scratch::reserve(Kind::Postgres) else { return };
    if !has("openssl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let (name, target) = (&db.database, db.target());
    let administrator = format!("-h {} -p {} -U {}", target.host, target.port, target.user.as_deref().unwrap());
    Script::of("docs/postgresql.md", "## The table")
        .with("--database tomcat --user tomcat ", format!("--database {name} --user {name} "))
        .with("psql -X ", format!("PGPASSFILE='{passfile}' '{client}' -X {administrator} "))
        .run(dir.path())
        .await;
    let password = std::fs::read_to_string(dir.path().join("tomcat.pw")).unwrap();
    let mut account = target;
    (account.user, account.password) = (Some(name.clone()), Some(password.trim().to_owned().into()));
    let store = SessionStore::open(&account, &Naming::default()).await;
    assert_eq!(store.unwrap().count().await.unwrap(), 0);
    db.sql(&format!("DROP OWNED BY \"{name}\"; DROP ROLE \"{name}\"")).await;
    db.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn purge_and_copies() {
    let Some(db) = Scratch::new(Kind::Mariadb).await else { return };
    db.create_table("recommended").await;
    fill(&db, "A").await;
    let dir = folder(&db);
    let with_url = |script: Script| Script(format!("export TOMCAT_SESSIONS_URL='{}'\n{}", db.url, script.0));

    let output_text = with_url(Script::of("docs/move.md", "## Back up and restore")).run(dir.path()).await;
    assert!(output_text.contains("3 sessions are the same"), "{output_text}");
    db.open().await.insert(&[session(APP, "NEVER", -1, 1_000_000)], OnConflict::Fail).await.unwrap();
    let output_text = with_url(Script::of("docs/swap-out.md", "## In short")).run(dir.path()).await;
    assert!(output_text.contains("Would move 1 session ") && output_text.contains("Moved 1 session "), "{output_text}");
    fill(&db, "B").await;
    let output_text = with_url(Script::of("docs/purge.md", "## By hand")).run(dir.path()).await;
    assert!(
        output_text.contains("Deleted 4 expired")
            && output_text.contains("Deleted 2 sessions of /Catalina/localhost/demo9"),
        "{output_text}"
    );
    let output_text = with_url(Script::of("docs/purge.md", "## In monitoring"))
        .with("/var/lib/prometheus/node-exporter", dir.path().to_str().unwrap())
        .run(dir.path())
        .await;
    assert!(output_text.contains("# TYPE tomcat_sessions"), "{output_text}");
    db.drop().await;
}

/// Logs a user out while the guide is followed: as soon as the copy is complete, the session ends in the old store.
async fn log_out(old: &Scratch, new: &Scratch, dir: &Path, key: &SessionKey, copied: u64) {
    while !dir.join("before.ndjson.zst").exists() || new.open().await.count().await.unwrap() < copied {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    old.sql(&format!("DELETE FROM tomcat_sessions WHERE session_id = '{}'", key.id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_can_be_copied_and_pasted_for_sql_server() {
    move_by_the_guide(Kind::Mssql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_can_be_copied_and_pasted_for_mariadb() {
    move_by_the_guide(Kind::Mariadb).await;
}

/// "Move from MySQL to SQL Server without logging anyone out", also to another server.
async fn move_by_the_guide(kind: Kind) {
    let (Some(old), Some(new)) = (Scratch::new(Kind::Mysql).await, Scratch::reserve(kind)) else { return };
    if !has("openssl") {
        return;
    }
    old.create_table("documented").await;
    // The documented table cannot store an id that two applications share.
    let mut sessions = sample();
    sessions.sort_by(|a, b| a.meta.key.id.cmp(&b.meta.key.id));
    sessions.dedup_by(|a, b| a.meta.key.id == b.meta.key.id);
    old.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();

    let dir = tempfile::tempdir().unwrap();
    let ((old_url, old_password), (new_url, new_password)) = (parted(&old), parted(&new));
    std::fs::write(dir.path().join("old.pw"), old_password).unwrap();
    std::fs::write(dir.path().join("sa.pw"), new_password).unwrap();
    let user = format!("u{}", new.database);
    let script = Script::of("docs/migrate.md", "## Step by step");
    assert!(script.0.matches("tomcat-sessions ").count() >= 8, "{}", script.0);
    let (ended, left) = sessions.split_first().unwrap();
    let script = script
        .with("OLD=mysql://tomcat@old.example.org:3306/tomcat", format!("OLD='{old_url}'"))
        .with("mssql://sa@new.example.org:1433/tomcat", format!("'{new_url}'"))
        .with("NEW=mssql://tomcat@new.example.org:1433/tomcat", format!("NEW='{}'", url_of(&new, &user)))
        .with("--user tomcat ", format!("--user {user} "));
    let logout = log_out(&old, &new, dir.path(), &ended.meta.key, sessions.len() as u64);
    let (said, ()) = tokio::join!(script.run(dir.path()), logout);
    assert!(said.contains(&format!("{} sessions are the same: no difference.", left.len())), "{said}");

    let mut store = new.open().await;
    assert!(store.get(&ended.meta.key).await.unwrap().is_none(), "the user is logged in again");
    for session in left {
        assert!(store.get(&session.meta.key).await.unwrap().as_ref() == Some(session), "{:?}", session.meta);
    }
    store.close().await;
    old.drop().await;
    let account = if kind == Kind::Mssql { format!("LOGIN [{user}]") } else { format!("USER '{user}'@'%'") };
    new.server_sql(&format!("DROP {account}")).await;
    new.drop().await;
}

/// After an attack, the old password is useless and the sessions are gone.
#[tokio::test(flavor = "multi_thread")]
async fn after_an_attack() {
    let Some(db) = Scratch::reserve(Kind::Mariadb) else { return };
    if !has("openssl") {
        return;
    }
    let (dir, user) = (folder(&db), format!("u{}", db.database));
    let (url, url_of_user) = (parted(&db).0, url_of(&db, &user));
    std::fs::write(dir.path().join("tomcat.pw"), "the-0ld-Password").unwrap();
    std::fs::write(dir.path().join("recipients.txt"), RECIPIENT).unwrap();
    let created = format!(
        "tomcat-sessions --url '{url}' --password-file root.pw init-db --user {user} --user-password-file tomcat.pw --apply"
    );
    Script(created).run(dir.path()).await;
    let sessions = sample();
    db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();

    let script = Script::of("docs/incident.md", "## Scan the table for malicious objects")
        // There is no archive from before the incident.
        .without(&["tomcat-sessions audit sessions.ndjson.zst"])
        .with("tomcat-sessions audit", "maybe tomcat-sessions audit")
        .with("mariadb://root@db.example.org/tomcat", format!("'{url}'"))
        .with("mariadb://tomcat@db.example.org/tomcat", format!("'{url_of_user}'"))
        .with("init-db ", format!("init-db --user {user} "))
        .with("org.apache.commons.collections.*", "java.util.TreeMap");
    let store = format!("export TOMCAT_SESSIONS_URL='{}'\nmaybe() {{ \"$@\" || test $? -eq 4; }}\n", db.url);
    let said = Script(store + &script.0).run(dir.path()).await;
    assert!(said.contains("Deleted 1 session of"), "{said}");
    let count = format!("tomcat-sessions --url '{url_of_user}' --password-file");
    Script(format!("{count} tomcat.pw stats || test $? -eq 10\n{count} new.pw stats")).run(dir.path()).await;
    assert!(db.open().await.count().await.unwrap() < sessions.len() as u64);
    db.server_sql(&format!("DROP USER '{user}'@'%'")).await;
    db.drop().await;
}
