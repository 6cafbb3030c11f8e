//! Files that the program creates with a umask of 0: every command has entries here, so that a new command must declare
//! its files.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::secrets::commands;
use crate::store::{each_state, holding};

/// Arguments for each command, run in this order in one directory; `--url sqlite:live.db` is in the environment.
const LINES: &[(&str, &[&str])] = &[
    ("init-db", &["init-db --apply --url sqlite:made/new.db", "init-db --apply --url sqlite:new.db"]),
    ("list", &["list"]),
    ("show", &["show B0B"]),
    ("stats", &["stats --html stats.html"]),
    ("check", &["check"]),
    ("audit", &["audit"]),
    (
        "export",
        &[
            "export all.ndjson.zst",
            "export filestore:files --app demo",
            "export all.sql --format sql",
            "export all.csv --format csv",
        ],
    ),
    ("import", &["import all.ndjson.zst --any-data --url sqlite:new.db"]),
    ("prune", &["prune . --keep-last 1 --dry-run"]),
    ("migrate", &["migrate --init --to sqlite:copy.db"]),
    ("verify", &["verify all.ndjson.zst"]),
    (
        "swap-out",
        &[
            "swap-out --to away.ndjson.zst --max-idle 10m --metrics-file swapped.prom",
            "swap-out --create --max-idle 10m",
        ],
    ),
    ("swap-in", &["swap-in --all"]),
    ("expire", &["expire --metrics-file expired.prom --backup expired.ndjson.gz"]),
    ("delete", &["delete B0B", "delete --app * --all --url sqlite:new.db --backup deleted.ndjson.zst"]),
    (
        "logout",
        &[
            "logout alice --yes",
            "logout --app * --all --yes --url sqlite:copy.db --backup logged-out.ndjson",
            "logout alice --manager http://127.0.0.1:1 --state-file state/logout.json",
        ],
    ),
    ("tomcat drain", &["tomcat drain 127.0.0.1 --manager http://127.0.0.1:1"]),
    ("stores", &["stores --check"]),
    ("demo", &["demo --keep tour"]),
    ("tomcat config", &["tomcat config --tomcat 10 --url mysql://u:p@127.0.0.1:1/t --output-dir base"]),
    ("tomcat lint", &["tomcat lint base"]),
    ("tomcat status", &["tomcat status --manager http://127.0.0.1:1"]),
    ("tomcat flush", &["tomcat flush --manager http://127.0.0.1:1"]),
    ("tomcat swap-out", &["tomcat swap-out --idle 30m --manager http://127.0.0.1:1"]),
    ("tomcat expire", &["tomcat expire --manager http://127.0.0.1:1 --state-file state/expire.json"]),
    ("tomcat maintenance", &["tomcat maintenance begin --manager http://127.0.0.1:1"]),
    ("completions", &["completions bash"]),
    ("man", &["man"]),
    ("help", &["help"]),
    ("version", &["version"]),
];

/// Files that others may read, and why: a page to publish, and metrics for an exporter with another account.
const SHARED: [&str; 3] = ["stats.html", "swapped.prom", "expired.prom"];

fn run(dir: &Path, line: &str) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", r#"umask 000; exec "$0" "$@""#]).arg(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    command.args(line.split_whitespace()).current_dir(dir).stdin(Stdio::null()).env_clear();
    command.env("HOME", dir.join("home")).env("TMPDIR", dir).env("TOMCAT_SESSIONS_URL", "sqlite:live.db");
    command.output().unwrap()
}

/// Every file and directory below it, with its permissions.
fn below(dir: &Path, found: &mut Vec<(PathBuf, u32)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let about = entry.metadata().unwrap();
        found.push((entry.path(), about.permissions().mode() & 0o777));
        if about.is_dir() {
            below(&entry.path(), found);
        }
    }
}

#[tokio::test]
async fn created_files_are_private() {
    let named: Vec<String> = commands().iter().map(|(words, _)| words.join(" ")).collect();
    for name in &named {
        assert!(LINES.iter().any(|(command, _)| command == name), "what does `{name}` create? It has no line here");
    }
    let store = holding(&each_state()).await;
    let dir = TempDir::new().unwrap();
    fs::copy(store.path(), dir.path().join("live.db")).unwrap();
    fs::set_permissions(dir.path().join("live.db"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::create_dir(dir.path().join("home")).unwrap();
    fs::set_permissions(dir.path().join("home"), fs::Permissions::from_mode(0o700)).unwrap();
    for (_, lines) in LINES {
        for line in *lines {
            let done = run(dir.path(), line);
            let output_text = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(!output_text.contains("panicked") && done.status.code() != Some(2), "{line}: {output_text}");
            let mut found = Vec::new();
            below(dir.path(), &mut found);
            for (path, mode) in found {
                let shared = path.file_name().is_some_and(|name| SHARED.iter().any(|shared| name == *shared));
                let allowed = if shared { 0o644 } else { 0o700 };
                assert_eq!(mode & !allowed, 0, "{line}: {} has {mode:o}", path.display());
            }
        }
    }
    for file in [
        "new.db",
        "stats.html",
        "all.ndjson.zst",
        "all.sql",
        "copy.db",
        "away.ndjson.zst",
        "away.ndjson.zst.lock",
        "expired.prom",
        "deleted.ndjson.zst",
        "logged-out.ndjson",
        "tour/sessions.db",
        "base/conf/context.xml",
    ] {
        assert!(dir.path().join(file).exists(), "{file} was not created");
    }
    assert!(fs::read_dir(dir.path().join("files")).unwrap().count() > 0);
}

#[tokio::test]
async fn planted_symbolic_links_are_not_followed() {
    let store = holding(&each_state()).await;
    let dir = TempDir::new().unwrap();
    fs::copy(store.path(), dir.path().join("live.db")).unwrap();
    let precious = dir.path().join("precious");
    fs::write(&precious, "kept").unwrap();
    fs::create_dir(dir.path().join("files")).unwrap();
    for session in each_state() {
        symlink(&precious, dir.path().join(format!("files/{}.session.part", session.meta.key.id))).unwrap();
    }
    for link in ["deleted.ndjson", "live.db.lock", "away.ndjson.zst.lock", "state.lock", "dangling.db"] {
        let to = if link == "dangling.db" { dir.path().join("elsewhere.db") } else { precious.clone() };
        symlink(to, dir.path().join(link)).unwrap();
    }
    for line in [
        "export filestore:files",
        "expire",
        "delete --app * --all --backup deleted.ndjson",
        "swap-out --to away.ndjson.zst --max-idle 10m",
        "tomcat expire --manager http://127.0.0.1:1 --state-file state.json",
        "init-db --apply --url sqlite:dangling.db",
    ] {
        run(dir.path(), line);
        assert_eq!(fs::read_to_string(&precious).unwrap(), "kept", "{line}");
        assert!(!dir.path().join("elsewhere.db").exists(), "{line}");
    }
    let written = dir.path().join("files/A11CE00000000000000000000000001.jvm1.session");
    assert_eq!(written.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
