//! Warnings about files with secrets that every account of this machine can read, like those of ssh about private keys.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tomcat_sessions::private_file::others_may_read;

use crate::command;
use crate::run::{Done, PASSWORD};
use crate::store::{each_state, holding};

/// A directory that others can enter.
fn open_dir() -> TempDir {
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    dir
}

fn written(dir: &Path, name: &str, text: &str, mode: u32) -> PathBuf {
    let path = dir.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    assert_eq!(others_may_read(&path), mode & 0o004 != 0, "the test needs a TMPDIR that others may enter");
    path
}

/// The number of warnings about the file in a run.
fn warnings(run: &Done, file: &Path) -> usize {
    let file = file.display().to_string();
    run.stderr
        .lines()
        .filter(|line| line.contains("Every account on this machine can read") && line.contains(&file))
        .count()
}

#[test]
fn readable_password_files_are_reported_once() {
    let dir = open_dir();
    for mode in [0o644, 0o600, 0o640] {
        let file = written(dir.path(), "password", PASSWORD, mode);
        let expected = usize::from(mode == 0o644);
        for (args, option) in [
            ("list --url mysql://u@127.0.0.1:1/t", "--password-file"),
            ("migrate --from mysql://u@127.0.0.1:1/t --to mysql://u@127.0.0.1:1/t", "--from-password-file"),
            ("migrate --from mysql://u@127.0.0.1:1/t --to mysql://u@127.0.0.1:1/t", "--to-password-file"),
            ("tomcat status --manager http://u@127.0.0.1:1", "--manager-password-file"),
        ] {
            let run = command().args(args).arg(option).arg(&file).run();
            assert_eq!(warnings(&run, &file), expected, "{option}, {mode:o}: {run}");
        }
        // A script contains the given password.
        let file = written(dir.path(), "user", "another", mode);
        let run = command().args("init-db --engine mysql --user-password-file").arg(&file).run().code(0);
        assert_eq!(warnings(&run, &file), expected, "{run}");
    }
}

#[test]
fn a_readable_configuration_with_a_password_is_reported() {
    let dir = open_dir();
    fs::create_dir(dir.path().join("conf")).unwrap();
    let context = |password: &str| {
        format!(
            "<Context><Resource name='jdbc/s' url='jdbc:mysql://127.0.0.1:1/t' username='u' {password}/>\n\
             <Manager className='org.apache.catalina.session.PersistentManager'>\
             <Store className='org.apache.catalina.session.DataSourceStore' dataSourceName='jdbc/s'/></Manager></Context>"
        )
    };
    let list = |file: &Path| command().args("list --context-xml").arg(file).run().code(10);
    let file = written(dir.path(), "conf/context.xml", &context(&format!("password='{PASSWORD}'")), 0o644);
    assert_eq!(warnings(&list(&file), &file), 1);
    let file = written(dir.path(), "conf/context.xml", &context(&format!("password='{PASSWORD}'")), 0o640);
    assert_eq!(warnings(&list(&file), &file), 0);
    let file = written(dir.path(), "conf/context.xml", &context(""), 0o644);
    assert_eq!(warnings(&list(&file), &file), 0);
    // The file with the value is reported, not the one with the reference to it.
    let secret = format!("db.password={PASSWORD}\n");
    let properties = written(dir.path(), "conf/catalina.properties", &secret, 0o644);
    let file = written(dir.path(), "conf/context.xml", &context("password='${db.password}'"), 0o600);
    let run = list(&file);
    assert_eq!((warnings(&run, &properties), warnings(&run, &file)), (1, 0), "{run}");
}

#[test]
fn a_readable_secret_key_is_reported() {
    let dir = open_dir();
    for mode in [0o644, 0o600] {
        let key = written(dir.path(), "key.txt", "# no key\n", mode);
        for args in
            ["import x.ndjson --url sqlite:missing.db", "verify x.ndjson --url sqlite:missing.db", "audit x.ndjson"]
        {
            let run = command().args(args).arg("--identity").arg(&key).run();
            assert_eq!(warnings(&run, &key), usize::from(mode == 0o644), "{args}: {run}");
        }
    }
}

#[tokio::test]
async fn check_reports_a_readable_store() {
    let store = holding(&each_state()).await;
    let dir = open_dir();
    let file = written(dir.path(), "sessions.db", "", 0o644);
    fs::copy(store.path(), &file).unwrap();
    let check = |mode: u32| {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        command().args("check --url").arg(format!("sqlite:{}", file.display())).run()
    };
    let run = check(0o644);
    assert!(run.stdout.contains("[storage.open-file]") && run.stdout.contains("chmod 600"), "{run}");
    assert!(!check(0o600).stdout.contains("storage.open-file"));
}
