//! Whoever can write the table, or send a cookie, chooses ids and names. No stream for people repeats what a
//! terminal obeys, what ends a line, or what cannot be seen.

use std::io::{Read, Write};
use std::net::TcpListener;

use tomcat_sessions::session::{EpochMillis, OnConflict, Session};

use crate::command;
use crate::run::Done;
use crate::store::on;
use crate::support::{Kind, NOW, Scratch, edit, sample, session};

/// Clears the screen, forges a line of a log, turns the direction, and hides the rest.
const HOSTILE: &str = "evil\x1b[2J\nforged: line\r\u{9b}31m\u{202e}gpj\u{2066}\u{200b}\u{2028}\u{feff}x";

/// Replaces names of attributes and classes in the data by hostile ones of the same length.
fn with_hostile_names(mut hostile: Session) -> Session {
    edit(&mut hostile, |data| {
        let name = b"unicode";
        let harm = "\x1b[2\u{202e}\n";
        for at in 0..data.len().saturating_sub(name.len()) {
            if data[at..].starts_with(name) {
                data[at..at + name.len()].copy_from_slice(harm.as_bytes());
            }
        }
    });
    hostile
}

fn sessions() -> Vec<Session> {
    let mut all: Vec<Session> = sample().into_iter().take(4).map(with_hostile_names).collect();
    for (i, hostile) in all.iter_mut().enumerate() {
        hostile.meta.key.app = Some(format!("/Catalina/localhost/{HOSTILE}{i}"));
        hostile.meta.last_access = Some(EpochMillis(NOW.0 - 90_000_000));
    }
    // An id of two applications, of which one must be chosen.
    for i in 0..3 {
        all.push(session(
            &format!("/Catalina/localhost/{HOSTILE}{i}"),
            &format!("twin{HOSTILE}"),
            1800,
            NOW.0 - 7_200_000,
        ));
        all.push(session(
            &format!("/Catalina/localhost/{HOSTILE}{i}"),
            &format!("only{i}{HOSTILE}"),
            1800,
            NOW.0 - 7_200_000,
        ));
    }
    all
}

fn harmless(run: &Done, what: &str) {
    for (stream, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        let harm = text.chars().find(|&c| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        });
        assert!(harm.is_none(), "{what}: {stream} has {harm:?}");
        assert!(!text.lines().any(|line| line.starts_with("forged")), "{what}: a line is forged: {run}");
    }
}

#[tokio::test]
async fn no_command_repeats_what_a_terminal_obeys() {
    let hostile = sessions();
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.sql("CREATE TABLE tomcat_sessions (session_id VARCHAR(255), valid_session CHAR(1), max_inactive INT, last_access BIGINT, app_name VARCHAR(255), session_data BLOB, PRIMARY KEY (session_id, app_name))").await;
    let mut store = db.open().await;
    store.insert(&hostile, OnConflict::Fail).await.unwrap();
    store.close().await;
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    let id = |i: usize| hostile[i].meta.key.id.clone();
    for args in [
        "list",
        "list --full-ids",
        "list --limit 1",
        "list --app *",
        "list --columns attr=book",
        "list --verbose",
        "list --app evil",
        "list --app /Catalina/localhost/evil",
        "list --id twin",
        "stats",
        "stats --by app",
        "stats --by attr",
        "stats --by class",
        "stats --by user",
        "stats --by route",
        "check",
        "audit",
        "expire --dry-run --allow-clock-skew",
        "expire --dry-run --allow-clock-skew --idle-over 1m",
        "swap-out --dry-run",
        "show twin",
        "delete twin --dry-run",
        "delete --app *2 --all --dry-run",
    ] {
        harmless(&on(&db, args).run(), args);
    }
    for (args, last) in [
        ("show", id(0)),
        ("show --values", id(0)),
        ("show", hostile[4].meta.key.id.clone()),
        ("show", hostile[5].meta.key.id.clone()),
        ("delete", hostile[4].meta.key.id.clone()),
        ("list --app", HOSTILE.to_owned()),
        ("list --from", HOSTILE.to_owned()),
        ("export", at("a.ndjson")),
        ("export", format!("filestore:{}", at("fs"))),
    ] {
        harmless(&on(&db, args).arg(&last).run(), &format!("{args} {last:?}"));
    }
    let other = format!("sqlite:{}", at("other.db"));
    harmless(&command().args("migrate --init --from").arg(&db.url).arg("--to").arg(&other).run(), "migrate");
    harmless(&command().args("verify").arg(&db.url).arg(&other).run(), "verify");
    harmless(&command().args("import").arg(at("a.ndjson")).arg("--url").arg(&other).run(), "import");
    harmless(&command().args("verify").arg(&db.url).arg(at("a.ndjson")).run(), "verify with an archive");
    harmless(&command().args("audit").arg(at("a.ndjson")).run(), "audit of an archive");
    let page = at("page.html");
    harmless(&on(&db, "stats --html").arg(&page).run(), "stats --html");
    let page = std::fs::read_to_string(page).unwrap_or_default();
    assert!(!page.contains('\u{202e}') && !page.contains('\x1b'));
    // What was swapped out comes back, some of it named.
    for args in [
        "swap-out --max-idle 1h --create --allow-clock-skew --include-expired",
        "list --swapped",
        "swap-in twin --allow-clock-skew",
        "swap-in --all --dry-run --allow-clock-skew",
        "swap-in --all --touch --allow-clock-skew",
    ] {
        harmless(&on(&db, args).run(), args);
    }
    // Machine formats are exact.
    let run = on(&db, "list --format json").run().code(0);
    let listed: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let names: Vec<&str> = listed.as_array().unwrap().iter().filter_map(|row| row["app_name"].as_str()).collect();
    assert!(names.iter().any(|name| name.contains(HOSTILE)), "{run}");
}

/// A Manager that answers each request with this text.
fn manager(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://u@{}/manager", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { return };
            let mut request = [0; 4096];
            let _ = connection.read(&mut request);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain;charset=utf-8\r\nConnection: close\r\n";
            let _ = write!(connection, "{head}Content-Length: {}\r\n\r\n{answer}", answer.len());
        }
    });
    url
}

/// Applications name their beans' attributes, exceptions and classes.
#[tokio::test(flavor = "multi_thread")]
async fn no_tomcat_command_repeats_what_a_terminal_obeys() {
    let dir = tempfile::tempdir().unwrap();
    let hostile = HOSTILE.replace(['\n', '\r'], " ");
    let beans = format!(
        "OK - Number of results: 1\n\nName: Catalina:type=Manager,host=localhost,context=/{hostile}\n\
         modelerType: org.apache.catalina.session.PersistentManager\nclassName: {hostile}\nstateName: {hostile}\n\
         activeSessions: 1\n\n"
    );
    for answer in [format!("Error - java.lang.Exception: {HOSTILE}"), beans, format!("<html>{HOSTILE}</html>")] {
        let url = manager(answer);
        for args in [
            "tomcat status",
            "tomcat status --app evil",
            "tomcat flush",
            "tomcat expire",
            "tomcat swap-out",
            "tomcat maintenance begin",
        ] {
            let run = command().args(args).arg("--manager").arg(&url).env("TOMCAT_SESSIONS_MANAGER_PASSWORD", "x");
            let run = run.env("TMPDIR", dir.path().display().to_string()).run();
            harmless(&run, args);
        }
    }
    let conf = dir.path().join("conf");
    std::fs::create_dir(&conf).unwrap();
    let text = HOSTILE.replace(['\x1b', '\n', '\r', '\u{9b}', '\u{2028}'], "");
    let context = format!(
        "<Context><Manager className='{text}' {}='1'><Store className='{text}' dataSourceName='{text}'/></Manager>\
         <Resource name='{text}' url='jdbc:{text}'/></Context>",
        "evil"
    );
    std::fs::write(conf.join("context.xml"), context).unwrap();
    harmless(&command().args("tomcat lint --offline --tomcat-version 10.1.60").arg(dir.path()).run(), "tomcat lint");
}
