//! Sessions that Tomcat cannot load, and sessions with two versions of a class: they are distinguished, found and
//! deleted.

use serde_json::Value;
use tomcat_sessions::javaser::touch;
use tomcat_sessions::session::{EpochMillis, Session};

use crate::run::Run;
use crate::store::{holding, on};
use crate::streams::{ID, object, with_values};
use crate::support::{NOW, Scratch, edit, sample};

/// Bytes after a client has converted them like UTF-8 text.
fn through_text(session: &mut Session) {
    edit(session, |data| *data = String::from_utf8_lossy(data).into_owned().into_bytes());
}

/// Changes the serialVersionUID of `lab.Cart`; returns false if the session does not contain it.
fn another_version(session: &mut Session) -> bool {
    let name = b"\x00\x08lab.Cart";
    let mut found = false;
    edit(session, |data| {
        if let Some(at) = data.windows(name.len()).position(|bytes| bytes == name) {
            data[at + name.len() + 7] ^= 1;
            found = true;
        }
    });
    found
}

fn json(run: Run, code: i32) -> Value {
    serde_json::from_str(&run.args("--format json").run().code(code).stdout).unwrap()
}

async fn ids(db: &Scratch, args: &str) -> Vec<String> {
    let listed = json(on(db, "list --limit 0").args(args), 0);
    listed.as_array().unwrap().iter().map(|one| one["session_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn text_converted_data_are_reported_found_and_deleted() {
    let mut sessions = sample();
    sessions.sort_by(|a, b| a.meta.key.cmp(&b.meta.key));
    sessions[..13].iter_mut().for_each(through_text);
    let damaged: Vec<String> = sessions[..13].iter().map(|session| session.meta.key.id.clone()).collect();
    let db = holding(&sessions).await;
    let check = on(&db, "check").run().code(0);
    assert!(check.stdout.contains("Usable, but at least 13 sessions cannot be loaded by Tomcat: "), "{check}");
    assert!(check.stdout.contains("[rows.no-stream]") && check.stdout.contains("--restorable no"), "{check}");
    assert!(check.stdout.contains("with the reasons: `tomcat-sessions list --restorable no`"), "{check}");
    let audit = on(&db, "audit").run().code(4);
    assert!(audit.stdout.contains("`tomcat-sessions delete --restorable no --all`"), "{audit}");
    assert_eq!(ids(&db, "--restorable no").await, damaged);
    let listed = json(on(&db, "list --restorable no"), 0);
    assert_eq!(listed[0]["restorable"], false);
    assert!(listed[0]["restorable_reason"].as_str().unwrap().contains("not a Java serialization stream"), "{listed}");
    let shown = on(&db, "show").arg(&damaged[0]).run().code(0);
    assert!(shown.stdout.starts_with("restorable     no: the data cannot be decoded: "), "{shown}");
    assert_eq!(json(on(&db, "show").arg(&damaged[0]), 0)["restorable"], false);
    assert_eq!(json(on(&db, "show").arg(&sessions[13].meta.key.id), 0)["restorable"], true);
    let dry = json(on(&db, "delete --restorable no --all --dry-run"), 0);
    assert_eq!(dry["would_delete"]["sessions"], 13);
    assert_eq!(json(on(&db, "delete --restorable no --all"), 0)["deleted"]["sessions"], 13);
    assert_eq!(ids(&db, "--restorable yes").await.len(), 13);
    assert_eq!(ids(&db, "").await.len(), 13);
    on(&db, "audit").run().code(0);
}

/// A row with another id, one without data, one that is not a session, and one that is marked as invalid.
#[tokio::test]
async fn each_decoding_error_is_reported() {
    let mut sessions = sample()[..4].to_vec();
    sessions[0].meta.key.id = format!("FF{}", &sessions[0].meta.key.id[2..]);
    sessions[1].data = None;
    edit(&mut sessions[2], |data| data.truncate(60));
    let db = holding(&sessions).await;
    let reason = async |n: usize| json(on(&db, "show").arg(&sessions[n].meta.key.id), 0)["restorable_reason"].clone();
    assert_eq!(reason(0).await, "the session id in the data is not the id of the row");
    assert_eq!(reason(1).await, "session_data is NULL");
    assert!(reason(2).await.as_str().unwrap().starts_with("the data cannot be decoded: "), "{}", reason(2).await);
    assert_eq!(reason(3).await, Value::Null);
    let table = on(&db, "list --restorable no").run().code(0);
    assert!(table.stdout.contains("NOT RESTORABLE") && table.stdout.contains("is not the id of the row"), "{table}");
    let csv = on(&db, "list --restorable no --format csv").run().code(0);
    assert_eq!(csv.stdout.lines().count(), 4, "{csv}");
}

/// A session that was used a minute ago, according to its columns and its data.
fn used(mut session: Session) -> Session {
    let used = NOW.0 - 60_000;
    edit(&mut session, |data| touch(data, used).unwrap());
    session.meta.last_access = Some(EpochMillis(used));
    session
}

/// Tomcat decides by the data of a loaded session: `list`, `show` and their JSON agree.
#[tokio::test]
async fn sessions_that_have_expired_only_in_their_data_are_not_restorable() {
    let sample = sample();
    let mut sessions: Vec<Session> = sample.iter().filter(|s| s.meta.max_inactive == Some(1800)).cloned().collect();
    sessions.truncate(5);
    assert_eq!(sessions.len(), 5);
    // Both are live; then the row alone has another state; then both are expired.
    sessions[0] = used(sessions[0].clone());
    sessions[1].meta.last_access = Some(NOW);
    sessions[2].meta.max_inactive = Some(0);
    sessions[3].meta.last_access = Some(NOW);
    sessions[3].meta.valid = Some("0".to_owned());
    let db = holding(&sessions).await;
    let mut wanted: Vec<String> = sessions[1..4].iter().map(|session| session.meta.key.id.clone()).collect();
    wanted.sort();
    let mut found = ids(&db, "--restorable no").await;
    found.sort();
    assert_eq!(found, wanted);
    let listed = json(on(&db, "list --columns id,restorable"), 0);
    for (n, expected_text) in [
        (0, "According to the data it expires in "),
        (1, "although the row has not: Tomcat will not load it."),
        (2, "although the row has not: Tomcat will not load it."),
        (3, "although the row has not: Tomcat will not load it."),
        (4, "According to the data, too, it expired "),
    ] {
        let id = &sessions[n].meta.key.id;
        let line = listed.as_array().unwrap().iter().find(|one| one["session_id"] == **id).unwrap();
        let told = json(on(&db, "show").arg(id), 0);
        for field in ["restorable", "restorable_reason"] {
            assert_eq!(line[field], told[field], "{n}: {told}");
        }
        let shown = on(&db, "show").arg(id).run().code(0);
        assert!(shown.stdout.contains(expected_text), "{n}: {shown}");
        let not = !(1..4).contains(&n);
        assert_eq!(told["restorable"], not, "{n}: {shown}");
        assert_eq!(
            shown.stdout.starts_with("restorable     no: according to the data it expired at "),
            !not,
            "{shown}"
        );
        assert_eq!(shown.stdout.contains("Tomcat will not load it"), !not, "{shown}");
    }
    // Expired sessions are left to `expire`.
    let dry = json(on(&db, "delete --restorable no --all --dry-run"), 0);
    assert_eq!(dry["would_delete"]["sessions"], 3);
}

/// Sessions that cannot be searched are counted equally by all searching commands, with a hint on how to list them.
#[tokio::test]
async fn unsearchable_sessions_are_counted_equally_by_all_commands() {
    let mut sessions = sample()[..5].to_vec();
    sessions[1].data = None;
    through_text(&mut sessions[2]);
    edit(&mut sessions[3], |data| data.truncate(data.len() - 1));
    let db = holding(&sessions).await;
    let hint = "`tomcat-sessions list --restorable no` prints the reasons";
    for args in
        ["list --user alice", "logout alice --dry-run", "delete --user alice --all --dry-run", "stats --user alice"]
    {
        let run = on(&db, args).run().code(0);
        let warned =
            run.stderr.contains("Skipped 3 sessions: the data could not be decoded") && run.stderr.contains(hint);
        assert!(warned, "{args}: {run}");
    }
    let stats = on(&db, "stats --by user").run().code(0);
    assert!(
        stats.stdout.contains("The data of 3 sessions cannot be decoded. `tomcat-sessions list --restorable no` and "),
        "{stats}"
    );
    assert_eq!(json(on(&db, "stats --by user"), 0)["unreadable"], 3);
    assert_eq!(ids(&db, "--restorable no").await.len(), 3);
}

#[tokio::test]
async fn class_versions_are_distinguished() {
    let mut sessions = sample();
    let older: Vec<String> = sessions
        .iter_mut()
        .filter(|session| session.meta.key.app.as_deref().is_some_and(|app| app.ends_with("demo")))
        .filter_map(|session| another_version(session).then(|| session.meta.key.id.clone()))
        .take(2)
        .collect();
    assert_eq!(older.len(), 2, "the sample has no lab.Cart");
    let db = holding(&sessions).await;
    let uid = |id: &str| {
        let shown = json(on(&db, "show").arg(id), 0);
        let classes = shown["data"]["classes"].as_array().unwrap().clone();
        let cart = classes.into_iter().find(|class| class["class"] == "lab.Cart").unwrap();
        cart["serial_version_uid"].as_str().unwrap().to_owned()
    };
    let old = uid(&older[0]);
    let filter = format!("--class lab.Cart@{old}");
    let (mut found, mut wanted) = (ids(&db, &filter).await, older.clone());
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    let all = json(on(&db, "list --limit 0 --class lab.Cart"), 0);
    let versions: std::collections::BTreeSet<String> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["classes"][0]["serial_version_uid"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(versions.len(), 2, "{all}");
    let table = on(&db, "list --class lab.Cart").run().code(0);
    assert!(table.stdout.contains(&format!("lab.Cart@{old}")), "{table}");
    let shown = on(&db, "show").arg(&older[0]).run().code(0);
    assert!(shown.stdout.contains("SERIALVERSIONUID") && shown.stdout.contains(&old), "{shown}");
    let audit = on(&db, "audit").run().code(4);
    assert!(
        audit.stdout.contains("`lab.Cart` has 2 serialVersionUIDs") && audit.stdout.contains("[data.class-versions]"),
        "{audit}"
    );
    let wrong = on(&db, "list --class lab.Cart@x").run().code(2);
    assert!(wrong.stderr.contains("serialVersionUID"), "{wrong}");
}

/// Only its own class can read an Externalizable object of protocol version 1; Tomcat has the class, and loads it.
#[tokio::test]
async fn custom_serialization_is_not_reported_as_lost() {
    let mut opaque = object("a.A");
    // SC_EXTERNALIZABLE instead of SC_SERIALIZABLE, and a byte written by the class.
    let flags = opaque.len() - 5;
    assert_eq!(opaque[flags], 2);
    opaque[flags] = 4;
    opaque.push(7);
    let session = with_values(ID, [opaque, object("a.B"), object("a.C"), object("a.D")]);
    let db = holding(&[session]).await;
    // It may belong to alice, and Tomcat loads it: she may still be logged in.
    let run = on(&db, "logout alice").run().code(3);
    assert!(run.stderr.contains("Skipped 1 session: the data could not be decoded"), "{run}");
    assert!(run.stderr.contains("`tomcat-sessions list --restorable unknown` prints the reasons"), "{run}");
    assert_eq!(ids(&db, "--restorable unknown").await, [ID]);
    assert_eq!(ids(&db, "--restorable no").await, [""; 0]);
    let shown = json(on(&db, "show").arg(ID), 0);
    assert_eq!(shown["restorable"], Value::Null, "{shown}");
    assert!(shown["restorable_reason"].as_str().unwrap().contains("only its class can determine its end"), "{shown}");
}
