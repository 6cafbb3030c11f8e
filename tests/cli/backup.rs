//! `--backup` of `delete`, `expire` and `logout`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use crate::run::Run;
use crate::store::{each_state, holding, on};
use crate::support::Scratch;

/// With a file in the directory; its path is replaced in the output.
fn with(db: &Scratch, dir: &TempDir, args: &str, file: &str) -> Run {
    on(db, args).arg("--backup").arg(dir.path().join(file)).hide(dir.path().display(), "DIR")
}

/// The output without the time and the notes about Tomcat.
fn timeless(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(", in ") {
        Some((before, _)) => format!("{before}, in TIME.\n"),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

async fn left(db: &Scratch) -> usize {
    on(db, "list --format ndjson --quiet").run().code(0).stdout.lines().count()
}

#[tokio::test]
async fn deleted_sessions_are_archived_and_can_be_imported() {
    let (db, dir) = (holding(&each_state()).await, TempDir::new().unwrap());
    insta::assert_snapshot!(timeless(&with(&db, &dir, "delete --all --app demo --dry-run", "a.ndjson.zst").run().code(0).stdout), @"
    Would delete 2 sessions of /Catalina/localhost/demo, 280 B of data.
    ");
    assert!(!dir.path().join("a.ndjson.zst").exists());
    insta::assert_snapshot!(timeless(&with(&db, &dir, "delete --all --app demo", "a.ndjson.zst").run().code(0).stdout), @"
    Deleted 2 sessions of /Catalina/localhost/demo, 280 B of data, in TIME.
    Archived 2 sessions in `DIR/a.ndjson.zst`; `import` restores them.
    ");
    assert_eq!(fs::metadata(dir.path().join("a.ndjson.zst")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(left(&db).await, 2);
    on(&db, "import").arg(dir.path().join("a.ndjson.zst")).run().code(0);
    assert_eq!(left(&db).await, 4);
    let logged_out = with(&db, &dir, "logout --all --app demo,shop", "b.ndjson").run().code(0);
    insta::assert_snapshot!(timeless(&logged_out.stdout), @"
    Logged out 3 sessions: 3 deleted from the table, in TIME.
    Archived 3 sessions in `DIR/b.ndjson`; `import` restores them.
    ");
    on(&db, "verify --quiet").arg(dir.path().join("b.ndjson")).run().code(4);
    on(&db, "import").arg(dir.path().join("b.ndjson")).run().code(0);
    assert_eq!(left(&db).await, 4);
}

#[tokio::test]
async fn backup_refuses_an_existing_file() {
    let (db, dir) = (holding(&each_state()).await, TempDir::new().unwrap());
    fs::write(dir.path().join("kept"), "kept").unwrap();
    insta::assert_snapshot!(with(&db, &dir, "delete --all --app demo", "kept").run(), @r#"
    exit 1
    --- stderr
    error: `DIR/kept` already exists, and --backup does not overwrite it
    hint: use a new name: `--backup "deleted-$(date +%Y%m%d-%H%M%S).ndjson.zst"`
    "#);
    for args in ["delete --all --app demo --dry-run", "expire --allow-clock-skew", "logout --all --app demo"] {
        with(&db, &dir, args, "kept").run().code(1);
    }
    with(&db, &dir, "delete --all --app demo", "missing/a.ndjson").run().code(1);
    for target in ["-", "filestore:x", "a.age"] {
        let run = on(&db, "delete --all --app demo").arg("--backup").arg(target).run().code(2);
        assert!(run.stderr.contains("--backup deleted.ndjson.zst"), "{run}");
    }
    let run = with(&db, &dir, "expire --via-tomcat --manager http://127.0.0.1:1", "a").run().code(2);
    assert!(run.stderr.contains("--via-tomcat"), "{run}");
    assert_eq!(fs::read_to_string(dir.path().join("kept")).unwrap(), "kept");
    assert_eq!((left(&db).await, fs::read_dir(dir.path()).unwrap().count()), (4, 1));
}

#[tokio::test]
async fn a_backup_of_nothing_leaves_no_file() {
    let (db, dir) = (holding(&each_state()).await, TempDir::new().unwrap());
    for args in ["delete --all --app demo --idle-over 30d", "logout nobody", "expire --allow-clock-skew --app shop"] {
        let run = with(&db, &dir, &format!("{args} --format json"), "a.ndjson.zst").run().code(0);
        assert!(run.stdout.contains("\"backup\": null") || run.stdout.contains("\"backup\":null"), "{run}");
    }
    assert_eq!((left(&db).await, fs::read_dir(dir.path()).unwrap().count()), (4, 0));
}
