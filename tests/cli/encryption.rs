//! Encrypted archives in the age format.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use crate::command;
use crate::store::{each_state, holding, on};
use crate::support::{Kind, Scratch};

/// Keys of this test only.
const KEYS: [(&str, &str); 2] = [
    (
        "age1wlg8hyjsqf3tl59kptswtut76n964us4prn6uftwagrgjgcdvs4q7q4v05",
        "AGE-SECRET-KEY-1QNAQ0M34Y8JGCSSTN5QWQHJ3ZA4FLM2MZJRQJ0P6LECVKVY8Y5UQ8AQZJY",
    ),
    (
        "age1f3zfa9a6wfpumh8wr46dfp3mhmqwa279tjn5py79w7max2xc0gnqzev452",
        "AGE-SECRET-KEY-1UESHHFHSEXDXUK3YWW228UW02KDAD4S6DYCU3AQCV690JS2053AQV0ZFP0",
    ),
];

fn write(dir: &TempDir, name: &str, text: &str) {
    let path = dir.path().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn export(db: &Scratch, dir: &TempDir, args: &str, file: &str) -> crate::run::Run {
    on(db, "export").args(args).arg(dir.path().join(file)).hide(dir.path().display(), "DIR")
}

fn reads(args: &str, file: &Path, dir: &TempDir) -> crate::run::Run {
    command().args(args).arg(file).secret(KEYS[0].1).secret(KEYS[1].1).hide(dir.path().display(), "DIR")
}

#[tokio::test]
async fn archives_open_with_each_recipient_key_and_no_other() {
    let db = holding(&each_state()).await;
    let dir = TempDir::new().unwrap();
    write(&dir, "recipients", &format!("# both of us\n{}\n\n", KEYS[1].0));
    write(&dir, "key0", &format!("# created: today\n{}\n", KEYS[0].1));
    write(&dir, "key1", KEYS[1].1);
    let recipients = format!("--encrypt-to {} --encrypt-to {}", KEYS[0].0, dir.path().join("recipients").display());
    for file in ["s.ndjson", "s.ndjson.zst", "s.ndjson.gz"] {
        export(&db, &dir, &recipients, file).run().code(0);
        let path = dir.path().join(file);
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
        assert!(!bytes.windows(8).any(|part| part == b"A11CE000" || part == b"\"session"));

        insta::allow_duplicates! {
            insta::assert_snapshot!(reads("audit", &path, &dir).hide(file, "FILE").run(), @r#"
            exit 1
            --- stderr
            error: cannot decrypt archive `DIR/FILE`: it is encrypted, and no identity was given
            hint: use --identity FILE, the file with the secret key
            "#);
        }
        for key in ["key0", "key1"] {
            let to = Scratch::new(Kind::Sqlite).await.unwrap();
            to.create_table("documented").await;
            let identity = format!("--identity {}", dir.path().join(key).display());
            on(&to, "import --any-data --on-conflict replace").args(&identity).arg(&path).run().code(0);
            let left = on(&to, "list --format ndjson --full-ids").run().code(0).stdout;
            assert_eq!(left, on(&db, "list --format ndjson --full-ids").run().code(0).stdout);
        }
    }
}

#[tokio::test]
async fn unusable_keys_are_reported() {
    let db = holding(&each_state()).await;
    let dir = TempDir::new().unwrap();
    write(&dir, "key1", KEYS[1].1);
    write(&dir, "empty", "# nobody\n");
    write(&dir, "other", "not a key\n");
    export(&db, &dir, &format!("--encrypt-to {}", KEYS[0].0), "s.ndjson").run().code(0);
    let path = dir.path().join("s.ndjson");
    let with = |key: &str| reads(&format!("audit --identity {}", dir.path().join(key).display()), &path, &dir).run();
    insta::assert_snapshot!(with("key1"), @r#"
    exit 1
    --- stderr
    error: cannot decrypt archive `DIR/s.ndjson`: none of the given identities can decrypt it
    hint: use --identity FILE, the file with the secret key
    "#);
    insta::assert_snapshot!(with("other"), @r#"
    exit 1
    --- stderr
    error: cannot read identity `DIR/other`: it contains something other than age secret keys
    "#);
    insta::assert_snapshot!(with("absent"), @r#"
    exit 1
    --- stderr
    error: cannot read identity `DIR/absent`: No such file or directory (os error 2)
    "#);
    let to = |what: &str| export(&db, &dir, &format!("--encrypt-to {what}"), "t.ndjson").secret(KEYS[0].1).run();
    insta::assert_snapshot!(to(KEYS[0].1), @r#"
    exit 2
    --- stderr
    error: this is a secret key, not a recipient; `age-keygen -y` prints its recipient
    hint: `age-keygen -o key.txt` generates a key pair and prints the recipient
    "#);
    insta::assert_snapshot!(to("age1nobody"), @r#"
    exit 2
    --- stderr
    error: `age1nobody` is not an age recipient (age1…)
    hint: `age-keygen -o key.txt` generates a key pair and prints the recipient
    "#);
    insta::assert_snapshot!(to(&dir.path().join("empty").display().to_string()), @r#"
    exit 2
    --- stderr
    error: `DIR/empty` contains no recipient
    hint: `age-keygen -o key.txt` generates a key pair and prints the recipient
    "#);
    insta::assert_snapshot!(export(&db, &dir, &format!("--format csv --encrypt-to {}", KEYS[0].0), "t.csv").run(), @r#"
    exit 2
    --- stderr
    {"error":"--encrypt-to is for archives","causes":[],"hints":["remove --format, and name a file"],"exit_code":2}
    "#);
    assert!(!dir.path().join("t.ndjson").exists());
}

#[tokio::test]
async fn a_changed_byte_in_an_encrypted_archive_is_detected() {
    let db = holding(&each_state()).await;
    let dir = TempDir::new().unwrap();
    write(&dir, "key0", KEYS[0].1);
    export(&db, &dir, &format!("--encrypt-to {}", KEYS[0].0), "s.ndjson").run().code(0);
    let path = dir.path().join("s.ndjson");
    let identity = format!("audit --identity {}", dir.path().join("key0").display());
    let whole = fs::read(&path).unwrap();
    for at in [30, 150, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        reads(&identity, &path, &dir).run().code(1);
    }
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    reads(&identity, &path, &dir).run().code(1);
    fs::write(&path, &whole).unwrap();
    assert_ne!(reads(&identity, &path, &dir).run().code, Some(1));
}
