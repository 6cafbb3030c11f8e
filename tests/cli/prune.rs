//! `prune`: which archives are deleted, and which files are never touched.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::command;
use crate::run::Run;
use crate::store::{each_state, holding, on};
use crate::support::{NOW, Scratch};

const HOUR: i64 = 3_600_000;

/// Exports made this many hours ago.
fn export(db: &Scratch, path: &Path, hours: i64, more: &str) {
    let at = (NOW.0 - hours * HOUR).to_string();
    on(db, "export --quiet").args(more).arg(path).env("TOMCAT_SESSIONS_CLOCK", at).run().code(0);
}

fn prune(dir: &Path, args: &str) -> Run {
    command().args("prune").arg(dir).args(args).args("--utc").hide(dir.display(), "DIR")
}

fn names(dir: &Path) -> BTreeSet<String> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The output without the time and the alignment.
fn timeless(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(", in ") {
        Some((before, _)) => format!("{before}, in TIME.\n"),
        None => format!("{}\n", line.trim_end()),
    };
    text.lines().map(line).collect()
}

#[tokio::test]
async fn rules_apply_separately_to_each_job() {
    let (shop, other, dir) = (holding(&each_state()).await, holding(&each_state()[..1]).await, TempDir::new().unwrap());
    let dir = dir.path();
    for (n, hours) in [0, 6, 24, 30, 48, 72, 240].into_iter().enumerate() {
        let end = ["ndjson", "ndjson.gz", "ndjson.zst"][n % 3];
        export(&shop, &dir.join(format!("shop-{hours:03}.{end}")), hours, "");
    }
    for hours in [100, 101, 124] {
        export(&other, &dir.join(format!("other-{hours}.ndjson")), hours, "");
        export(&shop, &dir.join(format!("demo-{hours}.ndjson")), hours, "--app demo");
    }
    let before = names(dir);
    let dry = prune(dir, "--keep-daily 2 --dry-run").hide(shop.path().display(), "A").hide(other.path().display(), "B");
    let dry = dry.run().code(0);
    assert!(dry.stdout.contains("Would delete 7 archives"), "{dry}");
    assert_eq!(names(dir), before);
    let run = prune(dir, "--keep-daily 2 --format json").run().code(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(["deleted", "kept", "ignored"].map(|name| report[name].as_u64().unwrap()), [7, 6, 0], "{run}");
    let left = names(dir);
    // NOW is 2026-11-22 15:06 UTC: 6 hours ago is the same day, 24 and 30 hours ago are the previous day.
    let expected = [
        "demo-100.ndjson",
        "demo-124.ndjson",
        "other-100.ndjson",
        "other-124.ndjson",
        "shop-000.ndjson",
        "shop-024.ndjson.zst",
    ];
    assert_eq!(left, expected.map(str::to_owned).into(), "{run}");
    // The second time there is nothing to do; the newest one is always within the time.
    prune(dir, "--keep-within 1h").run().code(0);
    assert_eq!(names(dir).len(), 3);
}

#[tokio::test]
async fn only_intact_archives_of_export_are_considered() {
    let (db, dir) = (holding(&each_state()).await, TempDir::new().unwrap());
    let dir = dir.path();
    for hours in [0, 24, 48] {
        export(&db, &dir.join(format!("{hours:02}.ndjson.zst")), hours, "");
    }
    let whole = fs::read(dir.join("48.ndjson.zst")).unwrap();
    // The newest archive is damaged, and does not count as the one to keep.
    export(&db, &dir.join("cut.ndjson"), -24, "");
    let text = fs::read(dir.join("cut.ndjson")).unwrap();
    fs::write(dir.join("cut.ndjson"), &text[..text.len() - 30]).unwrap();
    // This one cannot be decompressed at all, so its store is unknown.
    fs::write(dir.join("undecodable.ndjson.zst"), &whole[..whole.len() - 9]).unwrap();
    // A name or an extension does not make a file an archive.
    export(&db, &dir.join("no-ending"), 72, "");
    fs::write(dir.join("notes.ndjson"), "{\"type\":\"note\"}\n").unwrap();
    fs::write(dir.join("empty.ndjson.zst"), "").unwrap();
    fs::write(dir.join("random.ndjson.zst"), [0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]).unwrap();
    fs::write(dir.join(".hidden.ndjson.zst"), &whole).unwrap();
    fs::create_dir(dir.join("old")).unwrap();
    fs::write(dir.join("old/48.ndjson.zst"), &whole).unwrap();
    std::os::unix::fs::symlink(dir.join("48.ndjson.zst"), dir.join("link.ndjson.zst")).unwrap();
    // The only copies of their sessions.
    on(&db, "delete B0B").arg("--backup").arg(dir.join("gone.ndjson")).run().code(0);
    on(&db, "swap-out --max-idle 0 --force --allow-clock-skew --yes")
        .arg("--to")
        .arg(dir.join("away.ndjson"))
        .run()
        .code(0);
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    export(&db, &dir.join("sealed.age"), 96, &format!("--encrypt-to {recipient}"));
    let mut expected = names(dir);
    let run = prune(dir, "--keep-last 1").run().code(3);
    insta::assert_snapshot!(timeless(&run.stderr), @r"
    warning: Not deleted: `DIR/cut.ndjson` is damaged: line 6: EOF while parsing a string (column 89).
    ");
    for gone in ["24.ndjson.zst", "48.ndjson.zst", "no-ending"] {
        assert!(expected.remove(gone));
    }
    assert_eq!(names(dir), expected, "{run}");
    assert!(run.stdout.contains("Did not touch 3 archives: written by another command"), "{run}");
}

#[tokio::test]
async fn a_keep_option_is_required() {
    let (db, dir) = (holding(&each_state()).await, TempDir::new().unwrap());
    export(&db, &dir.path().join("a.ndjson"), 0, "");
    insta::assert_snapshot!(prune(dir.path(), "").run(), @"
    exit 2
    --- stderr
    error: no --keep option was given, so that every archive would be deleted
    hint: `tomcat-sessions prune /var/backups/sessions --keep-daily 14 --dry-run`
    ");
    prune(dir.path(), "--keep-last 0 --keep-daily 0").run().code(2);
    prune(dir.path(), "--keep-last -1").run().code(2);
    prune(dir.path(), "--keep-last some").run().code(2);
    prune(&dir.path().join("missing"), "--keep-last 1").run().code(1);
    prune(dir.path(), "--keep-last unlimited").run().code(0);
    assert_eq!(names(dir.path()).len(), 1);
}
