//! `tomcat status`: what is wrong before any Tomcat is asked, and where none answers. What they answer is in
//! `tests/tomcat/`.

use std::net::TcpListener;

use crate::command;
use crate::run::{Done, PASSWORD};

fn refused(run: &Done, code: i32, says: &str) {
    assert_eq!(run.code, Some(code), "{run}");
    assert!(run.stderr.contains(says) && run.stderr.contains("hint: "), "`{says}` is missing: {run}");
}

#[test]
fn no_tomcat() {
    insta::assert_snapshot!(command().args("tomcat status").run(), @r"
    exit 2
    --- stderr
    error: no Tomcat Manager was given
    hint: use --manager https://user@host:8443/manager once per Tomcat, --managers-file FILE, or TOMCAT_SESSIONS_MANAGER
    ");
    let dir = tempfile::tempdir().unwrap();
    let empty = dir.path().join("nodes");
    std::fs::write(&empty, "# none yet\n\n").unwrap();
    refused(&command().args("tomcat status --managers-file").arg(&empty).run(), 2, "no Tomcat Manager was given");
    let run = command().args("tomcat status --managers-file /no/such/file").run().code(2);
    assert!(run.stderr.contains("cannot read the Managers in `/no/such/file`"), "{run}");
}

#[test]
fn a_malformed_url_is_refused() {
    for (url, says) in [
        (format!("http://u:{PASSWORD}@h:8o80/manager"), "malformed"),
        (format!("ftp://u:{PASSWORD}@h/manager"), "neither http:// nor https://"),
        (format!("https://u:{PASSWORD}@h/manager?x=1"), "contains a ?"),
        (format!("u:{PASSWORD}@h"), "neither http:// nor https://"),
    ] {
        refused(&command().args("tomcat status --manager").arg(&url).run(), 2, says);
        refused(&command().args("tomcat status").env("TOMCAT_SESSIONS_MANAGER", &url).run(), 2, says);
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
    // One that takes connections and says nothing.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://u:{PASSWORD}@{}", mute.local_addr().unwrap());
    let run = command().args("tomcat status --manager-timeout 300ms --manager").arg(&url).run();
    refused(&run, 10, "did not answer in time");
}
