//! Everybody who can write to the table or send a cookie chooses ids and names. Text output never contains characters
//! that control a terminal, end a line, or are invisible.

use std::io::{Read, Write};
use std::net::TcpListener;

use tomcat_sessions::session::{EpochMillis, OnConflict, Session};

use crate::command;
use crate::run::Done;
use crate::secrets::commands;
use crate::store::on;
use crate::support::{Kind, NOW, Scratch, edit, sample, session};

/// Clears the screen, forges a log line, changes the text direction, and hides the rest.
const HOSTILE: &str = "evil\x1b[2J\nforged: line\r\u{9b}31m\u{202e}gpj\u{2066}\u{200b}\u{2028}\u{feff}x";

/// Replaces names of attributes and classes in the data with hostile names of the same length.
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
    // An id of two applications, of which one must be selected.
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

/// Arguments for each command, run in this order. In capitals: the table, a second one, ids and paths.
const LINES: &[(&str, &[&str])] = &[
    (
        "list",
        &[
            "list",
            "list --full-ids",
            "list --limit 1",
            "list --app *",
            "list --columns attr=book",
            "list --verbose",
            "list --app evil",
            "list --app /Catalina/localhost/evil",
            "list --id twin",
            "list --app HOSTILE",
            "list --from HOSTILE",
        ],
    ),
    ("show", &["show twin", "show FIRST", "show --values FIRST", "show TWIN", "show ONLY"]),
    (
        "stats",
        &[
            "stats",
            "stats --by app",
            "stats --by attr",
            "stats --by class",
            "stats --by user",
            "stats --by route",
            "stats --html PAGE",
        ],
    ),
    ("check", &["check"]),
    ("audit", &["audit"]),
    ("export", &["export ARCHIVE", "export filestore:FILES"]),
    (
        "prune",
        &["prune ARCHIVES --keep-last 1 --dry-run", "prune ARCHIVES --keep-last 1", "prune HOSTILE --keep-last 1"],
    ),
    ("migrate", &["migrate --init --from TABLE --to OTHER"]),
    ("verify", &["verify TABLE OTHER", "verify TABLE ARCHIVE"]),
    ("import", &["import ARCHIVE --url OTHER", "import ARCHIVE --any-data --url OTHER"]),
    ("init-db", &["init-db --apply --url OTHER", "init-db --engine mysql --table HOSTILE --database HOSTILE"]),
    ("expire", &["expire --dry-run --allow-clock-skew", "expire --dry-run --allow-clock-skew --idle-over 1m"]),
    (
        "swap-out",
        &[
            "swap-out --dry-run --max-idle 1m",
            "swap-out --max-idle 10m --to AWAY --url OTHER",
            "swap-out --create --max-idle 1m --url OTHER",
        ],
    ),
    ("swap-in", &["swap-in --all --url OTHER", "swap-in --from AWAY --all --url OTHER"]),
    (
        "delete",
        &[
            "delete twin --dry-run",
            "delete --app *2 --all --dry-run",
            "delete TWIN",
            // The other session with that id is in an application with another name.
            "delete TWIN --app HOSTILE --dry-run",
            "delete --id TWIN --all --url OTHER",
            "delete ONLY --url OTHER --backup BACKUP",
            "delete ONLY --url OTHER --backup BACKUP",
        ],
    ),
    (
        "logout",
        &[
            "logout * --dry-run",
            "logout --id twin --url OTHER",
            "logout --app HOSTILE --all",
            "logout --app * --all --yes --url OTHER",
        ],
    ),
    ("tomcat drain", &["tomcat drain HOSTILE --manager http://127.0.0.1:1 --app HOSTILE"]),
    ("stores", &["stores"]),
    ("demo", &["demo --keep TOUR"]),
    ("completions", &["completions bash"]),
    ("man", &["man"]),
    ("help", &["help"]),
    ("version", &["version"]),
    ("tomcat config", &["tomcat config --tomcat 10 --url mysql://u@127.0.0.1:1/t --table HOSTILE"]),
    ("tomcat lint", &["tomcat lint --offline BASE"]),
    ("tomcat status", &["tomcat status --manager http://127.0.0.1:1 --app HOSTILE"]),
    ("tomcat flush", &["tomcat flush --manager http://127.0.0.1:1 --app HOSTILE"]),
    ("tomcat swap-out", &["tomcat swap-out --idle 30m --manager http://127.0.0.1:1 --app HOSTILE"]),
    ("tomcat expire", &["tomcat expire --manager http://127.0.0.1:1 --state-file STATE --app HOSTILE"]),
    ("tomcat maintenance", &["tomcat maintenance begin --manager http://127.0.0.1:1 --app HOSTILE"]),
];

/// A CATALINA_BASE with hostile names, as far as XML allows such characters.
fn hostile_base(dir: &std::path::Path) {
    std::fs::create_dir_all(dir.join("conf")).unwrap();
    let name = "evil&#10;forged: line&#13;\u{202e}gpj\u{2066}\u{200b}\u{2028}\u{feff}&#x9b;x";
    let server = format!(
        "<Server><Service><Engine name='Catalina' jvmRoute='{name}'><Host name='{name}' appBase='{name}'>\
         <Valve className='{name}'/><Context path='/{name}'><Manager className='org.apache.catalina.session.PersistentManager' \
         maxIdleSwap='{name}' {{}}='1'><Store className='{name}' dataSourceName='{name}'/></Manager></Context></Host>\
         </Engine></Service></Server>"
    );
    std::fs::write(dir.join("conf/server.xml"), server.replace("{}", "maxIdelSwap")).unwrap();
    let context = format!(
        "<Context><!-- <Manager {name}> --><Resource name='jdbc/s' url='jdbc:mysql://h/t?{name}=1' username='{name}' \
         driverClassName='{name}'/><Manager className='org.apache.catalina.session.PersistentManager' maxIdleSwap='${{{name}}}'>\
         <Store className='org.apache.catalina.session.DataSourceStore' dataSourceName='jdbc/s' sessionTable='{name}'/>\
         </Manager></Context>"
    );
    std::fs::write(dir.join("conf/context.xml"), context).unwrap();
}

#[tokio::test]
async fn no_command_prints_control_characters() {
    for (words, _) in commands() {
        let name = words.join(" ");
        assert!(LINES.iter().any(|(command, _)| *command == name), "what does `{name}` print? It has no line here");
    }
    let hostile = sessions();
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.sql("CREATE TABLE tomcat_sessions (session_id VARCHAR(255), valid_session CHAR(1), max_inactive INT, last_access BIGINT, app_name VARCHAR(255), session_data BLOB, PRIMARY KEY (session_id, app_name))").await;
    let mut store = db.open().await;
    store.insert(&hostile, OnConflict::Fail).await.unwrap();
    store.close().await;
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    hostile_base(&dir.path().join("base"));
    std::fs::create_dir(dir.path().join("archives")).unwrap();
    for (n, end) in [(0, ""), (1, ""), (2, "cut")] {
        let path = dir.path().join(format!("archives/{n}{HOSTILE}"));
        command().args("export").arg(&path).arg("--url").arg(&db.url).run().code(0);
        let archive = std::fs::read(&path).unwrap();
        std::fs::write(&path, &archive[..archive.len() - end.len()]).unwrap();
    }
    let replaced = |word: &str| match word {
        "TABLE" => db.url.clone(),
        "OTHER" => format!("sqlite:{}", at("other.db")),
        "FIRST" => hostile[0].meta.key.id.clone(),
        "TWIN" => hostile[4].meta.key.id.clone(),
        "ONLY" => hostile[5].meta.key.id.clone(),
        "HOSTILE" => HOSTILE.to_owned(),
        "ARCHIVE" => at("a.ndjson"),
        "AWAY" => at("away.ndjson"),
        "BACKUP" => at(HOSTILE),
        "ARCHIVES" => at("archives"),
        "PAGE" => at("page.html"),
        "TOUR" => at("tour"),
        "STATE" => at("state.json"),
        "BASE" => at("base"),
        "filestore:FILES" => format!("filestore:{}", at("files")),
        other => other.to_owned(),
    };
    for line in LINES.iter().flat_map(|(_, lines)| *lines) {
        let run = line.split(' ').fold(command(), |run, word| run.arg(replaced(word)));
        let run = if line.contains("--url") || line.contains("TABLE") || line.contains("--engine") {
            run
        } else {
            run.env("TOMCAT_SESSIONS_URL", &db.url)
        };
        let run = run.run();
        assert!(!run.stderr.contains("panicked"), "{line}: {run}");
        // A row that no command can read would test nothing.
        assert!(!run.stderr.contains("unexpected argument '--"), "{line} has no such option: {run}");
        assert!(!run.stderr.contains("required arguments were not provided"), "{line} lacks one: {run}");
        harmless(&run, line);
    }
    let page = std::fs::read_to_string(at("page.html")).unwrap();
    assert!(!page.contains('\u{202e}') && !page.contains('\x1b'));
    // Swapped-out sessions are moved back, some of them listed.
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

/// Applications determine names of attributes, exceptions and classes.
#[tokio::test(flavor = "multi_thread")]
async fn no_tomcat_command_prints_control_characters() {
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
