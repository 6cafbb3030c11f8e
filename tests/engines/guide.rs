//! The guide in the README, "Move from MySQL to SQL Server without logging anyone out": its commands
//! are run as they stand there, in their order, on servers in the place of the two that it names.

use std::process::Command;

use secrecy::ExposeSecret;
use tomcat_sessions::session::OnConflict;

use crate::support::{Kind, Scratch, absent, sample, variable};

/// The lines of the guide that are for a shell.
fn commands() -> Vec<String> {
    let text = include_str!("../../README.md");
    let (_, rest) = text.split_once("\n## Move from MySQL to SQL Server without logging anyone out\n").unwrap();
    let guide = rest.split("\n## ").next().unwrap();
    let (mut block, mut commands) = (None, Vec::new());
    for line in guide.lines() {
        match (line.strip_prefix("```"), block) {
            (Some(_), Some(_)) => block = None,
            (Some(language), None) => block = Some(language),
            (None, Some("")) => commands.push(line.to_owned()),
            (None, _) => {}
        }
    }
    commands
}

/// A URL without its password, and the password.
fn parted(db: &Scratch) -> (String, String) {
    let mut url = url::Url::parse(&db.url).unwrap();
    url.set_password(None).unwrap();
    (url.into(), db.target().password.unwrap().expose_secret().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_can_be_copied_and_pasted() {
    let (Some(old), Some(new)) = (Scratch::new(Kind::Mysql).await, Scratch::reserve(Kind::Mssql)) else { return };
    if variable("PATH")
        .is_none_or(|path| !path.split(':').any(|dir| std::path::Path::new(dir).join("openssl").exists()))
    {
        return absent("openssl");
    }
    old.create_table("documented").await;
    // The documented table has no room for an id that two applications share.
    let mut sessions = sample();
    sessions.sort_by(|a, b| a.meta.key.id.cmp(&b.meta.key.id));
    sessions.dedup_by(|a, b| a.meta.key.id == b.meta.key.id);
    old.open().await.insert(&sessions, OnConflict::Fail).await.unwrap();

    let dir = tempfile::tempdir().unwrap();
    let ((old_url, old_password), (new_url, new_password)) = (parted(&old), parted(&new));
    std::fs::write(dir.path().join("old.pw"), old_password).unwrap();
    std::fs::write(dir.path().join("sa.pw"), new_password).unwrap();
    let user = format!("u{}", new.database);
    let administrator = new.target().user.unwrap();
    let mut script = commands().join("\n");
    assert!(script.matches("tomcat-sessions ").count() >= 8, "{script}");
    for (there, here) in [
        ("OLD=mysql://tomcat@old.example.org:3306/tomcat", format!("OLD='{old_url}'")),
        ("mssql://sa@new.example.org:1433/tomcat", format!("'{new_url}'")),
        ("NEW=mssql://tomcat@new.example.org:1433/tomcat", {
            format!("NEW='{}'", new_url.replacen(&format!("//{administrator}@"), &format!("//{user}@"), 1))
        }),
        ("--user tomcat ", format!("--user {user} ")),
    ] {
        assert!(script.contains(there), "{there}: {script}");
        script = script.replace(there, &here);
    }
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_tomcat-sessions")).parent().unwrap().to_owned();
    let mut shell = Command::new("bash");
    shell.args(["-exuc", &script]).current_dir(dir.path());
    shell.env("PATH", format!("{}:{}", program.display(), variable("PATH").unwrap()));
    let output = tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(said.contains(&format!("{} sessions are the same: no difference.", sessions.len())), "{said}");

    let mut store = new.open().await;
    for session in &sessions {
        assert!(store.get(&session.meta.key).await.unwrap().as_ref() == Some(session), "{:?}", session.meta);
    }
    store.close().await;
    old.drop().await;
    new.server_sql(&format!("DROP LOGIN [{user}]")).await;
    new.drop().await;
}
