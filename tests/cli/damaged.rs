//! Sessions that Tomcat cannot load, and sessions of two versions of a class: told apart, found and deleted.

use serde_json::Value;
use tomcat_sessions::session::Session;

use crate::run::Run;
use crate::store::{holding, on};
use crate::streams::{ID, object, with_values};
use crate::support::{Scratch, edit, sample};

/// What becomes of bytes that a client takes for UTF-8 text.
fn through_text(session: &mut Session) {
    edit(session, |data| *data = String::from_utf8_lossy(data).into_owned().into_bytes());
}

/// Another serialVersionUID of `lab.Cart`; false where the session holds none.
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
async fn data_damaged_by_a_text_conversion_are_named_found_and_deleted() {
    let mut sessions = sample();
    sessions.sort_by(|a, b| a.meta.key.cmp(&b.meta.key));
    sessions[..13].iter_mut().for_each(through_text);
    let damaged: Vec<String> = sessions[..13].iter().map(|session| session.meta.key.id.clone()).collect();
    let db = holding(&sessions).await;
    let check = on(&db, "check").run().code(0);
    assert!(check.stdout.contains("Usable, but Tomcat cannot load 13 sessions: "), "{check}");
    assert!(check.stdout.contains("[rows.no-stream]") && check.stdout.contains("--restorable no"), "{check}");
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

/// A row that was renamed, one without data, one that is no session, and one that says it is invalid.
#[tokio::test]
async fn each_reason_is_told() {
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

#[tokio::test]
async fn versions_of_a_class_are_told_apart() {
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

/// Only its own class can read an Externalizable object of protocol version 1: Tomcat, which has the class, loads it.
#[tokio::test]
async fn data_of_custom_serialization_are_not_called_lost() {
    let mut opaque = object("a.A");
    // SC_EXTERNALIZABLE instead of SC_SERIALIZABLE, and a byte that the class wrote.
    let flags = opaque.len() - 5;
    assert_eq!(opaque[flags], 2);
    opaque[flags] = 4;
    opaque.push(7);
    let session = with_values(ID, [opaque, object("a.B"), object("a.C"), object("a.D")]);
    let db = holding(&[session]).await;
    assert_eq!(ids(&db, "--restorable no").await, [""; 0]);
    let shown = json(on(&db, "show").arg(ID), 0);
    assert_eq!(shown["restorable"], Value::Null, "{shown}");
    assert!(shown["restorable_reason"].as_str().unwrap().contains("only its class can determine its end"), "{shown}");
}
