//! `tomcat status`: errors before any Tomcat is queried, and Tomcats that do not answer. Their answers are tested in
//! `tests/tomcat/`.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc::{Receiver, channel};

use base64::Engine;

use crate::command;
use crate::run::{Done, PASSWORD};
use crate::store::{holding, on};
use crate::support::{NOW, session};

fn refused(run: &Done, code: i32, expected_text: &str) {
    assert_eq!(run.code, Some(code), "{run}");
    assert!(run.stderr.contains(expected_text) && run.stderr.contains("hint: "), "`{expected_text}` is missing: {run}");
}

#[test]
fn no_manager_is_refused() {
    insta::assert_snapshot!(command().args("tomcat status").run(), @r"
    exit 2
    --- stderr
    error: no URL of a Manager application was given
    hint: use --manager https://user@host:8443/manager once per Tomcat, --managers-file FILE, or TOMCAT_SESSIONS_MANAGER
    ");
    let dir = tempfile::tempdir().unwrap();
    let empty = dir.path().join("nodes");
    std::fs::write(&empty, "# none yet\n\n").unwrap();
    refused(
        &command().args("tomcat status --managers-file").arg(&empty).run(),
        2,
        "no URL of a Manager application was given",
    );
    let run = command().args("tomcat status --managers-file /no/such/file").run().code(2);
    assert!(run.stderr.contains("cannot read the URLs of Manager applications in `/no/such/file`"), "{run}");
}

#[test]
fn a_malformed_url_is_refused() {
    for (url, expected_text) in [
        (format!("http://u:{PASSWORD}@h:8o80/manager"), "malformed"),
        (format!("ftp://u:{PASSWORD}@h/manager"), "neither http:// nor https://"),
        (format!("https://u:{PASSWORD}@h/manager?x=1"), "contains a ?"),
        (format!("u:{PASSWORD}@h"), "neither http:// nor https://"),
    ] {
        refused(&command().args("tomcat status --manager").arg(&url).run(), 2, expected_text);
        refused(&command().args("tomcat status").env("TOMCAT_SESSIONS_MANAGER", &url).run(), 2, expected_text);
    }
    let run =
        command().args("tomcat status --manager https://h/manager").env("TOMCAT_SESSIONS_MANAGER_PASSWORD", PASSWORD);
    refused(&run.run(), 2, "a password for https://h/manager, but no user");
    let run = command().args("tomcat status --manager https://u@h --manager-ca /no/such.pem").run().code(2);
    assert!(run.stderr.contains("cannot read the certificates in `/no/such.pem`"), "{run}");
}

#[test]
fn unreachable_managers_fail() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let url = format!("http://u:{PASSWORD}@127.0.0.1:{port}");
    refused(&command().args("tomcat status --manager").arg(&url).run(), 10, "cannot reach the Manager");
    // A server that accepts connections and does not answer.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://u:{PASSWORD}@{}", mute.local_addr().unwrap());
    let run = command().args("tomcat status --manager-timeout 300ms --manager").arg(&url).run();
    refused(&run, 10, "did not answer in time");
}

/// A Manager that answers each request with its decoded query and its login; returns its `host:port`.
fn manager(answer: impl Fn(&str, Option<String>) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let lines: Vec<String> =
                BufReader::new(&connection).lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
            let login = lines.iter().find_map(|line| {
                let (name, value) = line.split_once(": Basic ")?;
                let decoded = base64::engine::general_purpose::STANDARD.decode(value).unwrap();
                name.eq_ignore_ascii_case("authorization").then(|| String::from_utf8(decoded).unwrap())
            });
            let query = lines[0].split(' ').nth(1).unwrap().split_once('?').map_or("", |(_, query)| query);
            let query = percent_encoding::percent_decode_str(query).decode_utf8().unwrap();
            // The client may be gone.
            let _ = connection.write_all(answer(&query, login).as_bytes());
        }
    });
    address
}

/// A Manager that refuses every login; returns its `host:port`, and the logins as `user:password`.
fn refusing_manager() -> (String, Receiver<Option<String>>) {
    let (sender, logins) = channel();
    let address = manager(move |_, login| {
        sender.send(login).unwrap();
        "HTTP/1.1 401 \r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
    });
    (address, logins)
}

/// The applications of a Manager with these sessions, each with its last access.
fn serving(apps: &'static [(&'static str, &'static [(&'static str, i64)])]) -> String {
    manager(move |query, _| {
        let app = apps.iter().find(|(app, _)| query.contains(&format!("context=/{app}&")));
        let text = match (query, app) {
            ("qry=*:type=Server", _) => {
                "OK - Number of results: 1\n\nName: Catalina:type=Server\nserverInfo: Apache Tomcat/10.1.60\n\n"
                    .to_owned()
            }
            ("qry=*:type=Manager,*", _) => {
                let bean = |(app, _): &(&str, _)| {
                    format!(
                        "Name: Catalina:type=Manager,host=localhost,context=/{app}\n\
                         className: org.apache.catalina.session.PersistentManager\nmaxIdleBackup: 60\n\n"
                    )
                };
                let beans: String = apps.iter().map(bean).collect();
                format!("OK - Number of results: {}\n\n{beans}", apps.len())
            }
            (query, Some((_, sessions))) if query.contains("op=listSessionIds") => {
                let ids: String = sessions.iter().map(|(id, _)| format!("{id} ")).collect();
                format!("OK - Operation listSessionIds returned:\n{ids}\n")
            }
            (query, Some((_, sessions))) if query.contains("op=getLastAccessedTimestamp") => {
                let (_, at) = sessions.iter().find(|(id, _)| query.ends_with(&format!("ps={id}"))).unwrap();
                format!("OK - Operation getLastAccessedTimestamp returned:\n{at}\n")
            }
            _ => "OK - Number of results: 0\n\n".to_owned(),
        };
        format!("HTTP/1.1 200 \r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len())
    })
}

#[tokio::test]
async fn applications_in_order_and_at_most_so_many() {
    let now = NOW.0;
    let of = |app: &str, id: &str| session(&format!("/Catalina/localhost/{app}"), id, 1800, now - 60_000);
    let rows = [of("a", "A1"), of("a", "A2"), of("a", "A3"), of("b", "B1"), of("c", "C1"), of("c", "C2")];
    let db = holding(&rows).await;
    const SAVED: i64 = NOW.0 - 60_000;
    const USED: i64 = NOW.0;
    let address = serving(&[
        ("a", &[("A1", SAVED)]),
        ("b", &[("B1", USED), ("B2", USED), ("B3", USED)]),
        ("c", &[("C1", USED), ("C2", USED)]),
    ]);
    let status = |args: &str| {
        let run = on(&db, "tomcat status --format json").args(args).arg("--manager").arg(format!("http://{address}"));
        let run = run.run().code(0);
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        (json["applications"].as_array().unwrap().clone(), run.stderr)
    };
    let (all, _) = status("");
    let figures: Vec<_> = all
        .iter()
        .map(|app| [&app["in_memory"], &app["in_table"], &app["stale"]].map(|figure| figure.as_u64().unwrap()))
        .collect();
    assert_eq!(figures, [[1, 3, 0], [3, 1, 1], [2, 2, 2]]);
    for (sort, order) in [
        ("", ["a", "b", "c"]),
        ("--sort name", ["a", "b", "c"]),
        ("--sort memory", ["b", "c", "a"]),
        ("--sort table", ["a", "c", "b"]),
        ("--sort stale", ["c", "b", "a"]),
    ] {
        for (limit, shown) in [("", 3), ("--limit 2", 2), ("--limit 0", 3)] {
            let (apps, output_text) = status(&format!("{sort} {limit}"));
            let names: Vec<&str> =
                apps.iter().map(|app| app["app_name"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
            assert_eq!(names, order[..shown], "{sort} {limit}");
            assert_eq!(
                output_text.contains("Showing the first 2 of 3. All: --limit 0"),
                shown == 2,
                "{sort} {limit}: {output_text}"
            );
        }
    }
}

/// User and password may come from different sources, in every combination.
#[test]
fn the_login_is_complete_wherever_its_parts_come_from() {
    let (address, logins) = refusing_manager();
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    };
    let password = file("password", format!("{PASSWORD}\n"));
    let config = |name: &str, text: String| {
        let of_store = format!("[stores.prod]\nurl = \"sqlite:none.db\"\n{text}");
        file(name, of_store)
    };
    // The forms of the URL, with or without user and password.
    for (at, named) in [("option", 0), ("file", 1), ("environment", 2), ("configuration", 3)] {
        for (login, user_option, from, expected) in [
            ("", Some("admin"), "file", "admin"),
            ("", Some("admin"), "environment", "admin"),
            ("root@", None, "file", "root"),
            ("root@", None, "environment", "root"),
            ("root@", Some("admin"), "file", "root"),
            ("root:old@", Some("admin"), "environment", "root"),
        ] {
            let url = format!("http://{login}{address}/manager");
            let mut run = command().args("tomcat status");
            run = match named {
                0 => run.arg("--manager").arg(&url),
                1 => run.arg("--managers-file").arg(file("nodes", format!("# nodes\n{url}\n"))),
                2 => run.env("TOMCAT_SESSIONS_MANAGER", &url),
                _ => {
                    let user = user_option.map(|user| format!("manager_user = \"{user}\"\n")).unwrap_or_default();
                    let password = match from {
                        "file" => format!("manager_password_file = {password:?}\n"),
                        _ => String::new(),
                    };
                    let text = format!("manager = [\"{url}\"]\n{user}{password}");
                    run.arg("--config").arg(config("config.toml", text)).args("--store prod")
                }
            };
            if let Some(user) = user_option.filter(|_| named != 3) {
                run = run.arg("--manager-user").arg(user);
            }
            run = match from {
                "file" if named != 3 => run.arg("--manager-password-file").arg(&password),
                "environment" => run.env("TOMCAT_SESSIONS_MANAGER_PASSWORD", PASSWORD),
                _ => run,
            };
            let run = run.run();
            assert_eq!(run.code, Some(10), "{at}, `{login}`, {user_option:?}, {from}: {run}");
            assert!(run.stderr.contains("--manager-user"), "{run}");
            let sent = logins.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
            let wanted = format!("{expected}:{PASSWORD}");
            // Not compared with assert_eq!, which would print the password.
            assert!(sent == Some(wanted), "{at}, `{login}`, {user_option:?}, {from}: another login was sent");
        }
    }
}
