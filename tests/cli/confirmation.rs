//! The confirmation on a terminal before more than one session is processed.

use std::fs;

use tempfile::TempDir;

use crate::screen::{on_terminal_with, quoted};
use crate::store::{each_state, holding, on};
use crate::support::{Scratch, absent};

async fn left(db: &Scratch) -> usize {
    on(db, "list --format ndjson --quiet").run().code(0).stdout.lines().count()
}

/// Runs the command on a terminal with this input; prints the exit code at the end.
fn answered(db: &Scratch, args: &str, typed: &str) -> Option<String> {
    let done =
        on_terminal_with(&format!("trap : INT; PROGRAM {args} --url {}; echo exit $?", quoted(&db.url)), Some(typed));
    if done.is_none() {
        absent("script");
    }
    done
}

#[tokio::test]
async fn answering_no_changes_nothing() {
    let db = holding(&each_state()).await;
    for typed in ["n\n", "\n", "x\n", "yesterday\n", "\x04"] {
        let Some(output_text) = answered(&db, "delete --app '*' --all", typed) else { return };
        assert!(
            output_text.contains("Delete? [y/N]") && output_text.contains("not confirmed"),
            "{typed:?}: {output_text}"
        );
        assert!(output_text.ends_with("exit 1\n"), "{typed:?}: {output_text}");
        assert_eq!(left(&db).await, 4, "{typed:?}: {output_text}");
    }
    let output_text = answered(&db, "delete --app '*' --all", "\x03").unwrap();
    assert!(output_text.ends_with("exit 130\n"), "{output_text}");
    assert_eq!(left(&db).await, 4);
}

#[tokio::test]
async fn the_numbers_are_by_application_and_state() {
    let db = holding(&each_state()).await;
    let Some(output_text) = answered(&db, "delete --app demo --all", "n\n") else { return };
    assert!(output_text.contains("2 sessions of demo, 1 of them live. Delete? [y/N]"), "{output_text}");
    let output_text = answered(&db, "delete B0B A11CE00000000000000000000000001", "n\n").unwrap();
    assert!(output_text.contains("  demo: 1 session, 1 of them live\n"), "{output_text}");
    assert!(
        output_text.contains("2 sessions of 2 applications, 1 of them live, 1 that never expire. Delete?"),
        "{output_text}"
    );
}

#[tokio::test]
async fn answering_yes_deletes_and_the_option_skips_the_question() {
    let db = holding(&each_state()).await;
    let Some(output_text) = answered(&db, "delete --app demo --all", "Y\n") else { return };
    assert!(output_text.contains("Deleted 2 sessions") && output_text.ends_with("exit 0\n"), "{output_text}");
    assert_eq!(left(&db).await, 2);
    // A single session and a dry run need no confirmation.
    let output_text = answered(&db, "delete B0B", "n\n").unwrap();
    assert!(output_text.contains("Deleted 1 session") && !output_text.contains("[y/N]"), "{output_text}");
    let db = holding(&each_state()).await;
    for args in ["delete --app demo --all --dry-run", "delete --app demo --all --yes", "delete --app '*' --all -y"] {
        let output_text = answered(&db, args, "n\n").unwrap();
        assert!(!output_text.contains("[y/N]") && output_text.ends_with("exit 0\n"), "{args}: {output_text}");
    }
    // `*` does not match rows without an application.
    assert_eq!(left(&db).await, 1);
}

/// Without a terminal there is no question, and --yes has no effect.
#[tokio::test]
async fn scripts_are_not_asked() {
    let db = holding(&each_state()).await;
    let run = on(&db, "delete --app demo --all").stdin("n\n").run().code(0);
    assert!(!run.stderr.contains("[y/N]"), "{run}");
    assert_eq!(left(&db).await, 2);
    on(&db, "delete --app shop --all --yes").run().code(0);
    assert_eq!(left(&db).await, 1);
}

#[tokio::test]
async fn destructive_commands_ask_for_confirmation() {
    let (db, other) = (holding(&each_state()).await, holding(&each_state()).await);
    let dir = TempDir::new().unwrap();
    let archive = quoted(dir.path().join("a.ndjson").to_str().unwrap());
    let Some(output_text) = answered(&db, &format!("export {archive}"), "") else { return };
    assert!(output_text.ends_with("exit 0\n"), "{output_text}");
    let migrate = format!("migrate --from {} --to {} --delete-gone", quoted(&db.url), quoted(&other.url));
    for (args, question) in [
        ("swap-out --max-idle 10m --include-expired --create --allow-clock-skew", "Move them out of the table? [y/N]"),
        ("logout --app '*' --all", "Log out? [y/N]"),
        ("expire --max-fraction 10% --allow-clock-skew", "Delete them anyway? [y/N]"),
        (&format!("import --on-conflict replace {archive}"), "even if the one in the table is newer? [y/N]"),
        (&migrate, "Delete from the target those that end in the source during this run? [y/N]"),
    ] {
        let output_text = answered(&db, args, "n\n").unwrap();
        assert!(output_text.contains(question) && output_text.ends_with("exit 1\n"), "{args}: {output_text}");
        assert_eq!((left(&db).await, left(&other).await), (4, 4), "{args}: {output_text}");
        let output_text = answered(&db, &format!("{args} --dry-run"), "n\n").unwrap();
        assert!(!output_text.contains("[y/N]"), "{args}: {output_text}");
    }
    let archives = TempDir::new().unwrap();
    for n in 0..3 {
        fs::copy(dir.path().join("a.ndjson"), archives.path().join(n.to_string())).unwrap();
    }
    let prune = format!("prune {} --keep-last 1", quoted(archives.path().to_str().unwrap()));
    for (args, typed, left) in [("", "n\n", 3), ("--dry-run", "", 3), ("--yes", "", 1)] {
        let output_text = answered(&db, &format!("{prune} {args}"), typed).unwrap();
        assert_eq!(output_text.contains("2 archives of 3, "), args.is_empty(), "{output_text}");
        assert_eq!(fs::read_dir(archives.path()).unwrap().count(), left, "{output_text}");
    }
    let output_text = answered(&db, "expire --max-fraction 10% --allow-clock-skew --yes", "").unwrap();
    assert!(output_text.contains("Deleted 1 expired session") && output_text.ends_with("exit 0\n"), "{output_text}");
    // Without a terminal, --yes does not override --max-fraction.
    let run = on(&other, "expire --max-fraction 10% --allow-clock-skew --yes").run().code(1);
    assert!(run.stderr.contains("more than --max-fraction allows"), "{run}");
}
