//! Guides whose commands work with SQLite, run as written.

use tomcat_sessions::session::OnConflict;

use crate::store::on;
use crate::streams::{ID, object, row, with_values};
use crate::support::guide::Script;
use crate::support::{Kind, Scratch, sample};

/// A recipient of this test; nobody has its secret key.
const RECIPIENT: &str = "age1wlg8hyjsqf3tl59kptswtut76n964us4prn6uftwagrgjgcdvs4q7q4v05";

#[tokio::test]
async fn the_incident_guide_finds_archives_and_deletes_an_attack() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    let mut sessions = sample();
    let attack = object("org.apache.commons.collections.functors.InvokerTransformer");
    sessions.push(with_values(ID, [attack, object("a.B"), object("a.C"), object("a.D")]));
    db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
    assert!(on(&db, "audit").run().code(4).stdout.contains("[data.gadget]"));

    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("recipients.txt"), RECIPIENT).unwrap();
    let script = Script::of("docs/incident.md", "## Scan the table for malicious objects")
        // There is no archive before the incident, and no server with accounts.
        .without(&["tomcat-sessions audit sessions.ndjson.zst", "(umask ", "tomcat-sessions --url "])
        .with("tomcat-sessions audit\n", "tomcat-sessions audit || test $? -eq 4\n")
        .with(">audit.json", ">audit.json || test $? -eq 4");
    let output_text = Script(format!("export TOMCAT_SESSIONS_URL='{}'\n{}", db.url, script.0)).run(dir.path()).await;
    assert_eq!(output_text.matches("Deleted 1 session of").count(), 2, "{output_text}");
    let evidence = std::fs::read(dir.path().join("evidence.ndjson.zst.age")).unwrap();
    assert!(evidence.starts_with(b"age-encryption.org/v1"));
    assert!(!on(&db, "audit").run().code(0).stdout.contains("[data.gadget]"));
}

#[tokio::test]
async fn undecodable_sessions_can_be_inspected_and_kept() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    let mut sessions = sample()[..1].to_vec();
    let data = sessions[0].data.clone().unwrap();
    sessions.push(row("0BC5968A", data[..data.len() - 40].to_vec()));
    db.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    on(&db, "export").arg(dir.path().join("sessions.ndjson.zst")).run().code(0);

    let run = async |heading: &str, change: fn(Script) -> Script| {
        let script = change(Script::of("docs/unreadable.md", heading));
        Script(format!("export TOMCAT_SESSIONS_URL='{}'\n{}", db.url, script.0)).run(dir.path()).await
    };
    let looked = run("## Look at it", |script| {
        script
            .with("audit sessions.ndjson.zst\n", "audit sessions.ndjson.zst || test $? -eq 4\n")
            .with("--dry-run\n", "--dry-run || test $? -eq 3\n")
    })
    .await;
    assert!(looked.contains("[data.unreadable]") && looked.contains("9 of 10 attributes can be read"), "{looked}");
    // The row still exists; the store that was created for the analysis contains it.
    assert!(
        looked.contains("(--unreadable keep accepts it)") && looked.contains("Imported 2 of 2 sessions"),
        "{looked}"
    );
    let decided = run("## Decide", |script| script).await;
    for output_text in ["Would delete 1 session of ", "Deleted 1 session of ", "Imported 1 of 2 sessions"] {
        assert!(decided.contains(output_text), "{output_text}: {decided}");
    }
}
