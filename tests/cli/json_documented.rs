//! `docs/json.md` contains exactly the fields that the commands print.

use serde_json::Value;
use tomcat_sessions::session::EpochMillis;

use crate::command;
use crate::support::documented::same;
use crate::support::{Kind, Scratch, sample};

#[tokio::test]
async fn every_field_is_documented() {
    let db = Scratch::new(Kind::Sqlite).await.unwrap();
    db.create_table("recommended").await;
    let mut store = db.open().await;
    store.insert(&sample(), tomcat_sessions::session::OnConflict::Fail).await.unwrap();
    store.close().await;
    let result = |args: &str| -> Value {
        let run = command().args("--format json --url").arg(&db.url).args(args).run().code(0);
        serde_json::from_str(&run.stdout).unwrap()
    };

    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("config.toml"), format!("[stores.prod]\nurl = \"{}\"\n", db.url)).unwrap();
    let config = home.path().join("config.toml");
    let stores = command().args("stores --check --format json --config").arg(config).run().code(0);
    same("stores", &serde_json::from_str(&stores.stdout).unwrap());

    let new = Scratch::reserve(Kind::Sqlite).unwrap();
    let init = |args: &str| -> Value {
        let run = command().args("init-db --format json --url").arg(&new.url).args(args).run().code(0);
        serde_json::from_str(&run.stdout).unwrap()
    };
    same("init-db", &init(""));
    same("init-db --apply", &init("--apply"));

    let mut check = result("check");
    check["unchecked"] = result("check --no-scan")["unchecked"].take();
    same("check", &check);
    same("check --explain", &result("check --explain schema.key"));
    let mut audit = result("audit");
    // The sample has no problems: a row without data causes a finding.
    db.sql("UPDATE tomcat_sessions SET session_data = NULL WHERE session_id LIKE '0E8268F8%'").await;
    let run = command().args("audit --format json --url").arg(&db.url).run().code(4);
    audit["findings"] = serde_json::from_str::<Value>(&run.stdout).unwrap()["findings"].take();
    same("audit", &audit);
    let run = command().args("tomcat config --tomcat 10 --format json --url mysql://t@db/t").run().code(0);
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/guide/mssql");
    let lint = command().args("tomcat lint --format json").arg(guide).run().code(4);
    same("tomcat lint", &serde_json::from_str(&lint.stdout).unwrap());
    same("tomcat config", &serde_json::from_str(&run.stdout).unwrap());
    same("list", &result("list --limit 1 --columns attr=NAME --class java.lang.Long")[0]);
    same("show", &result("show 0EE532DB"));
    same("stats", &result("stats"));
    same("stats --by", &result("stats --by attr"));
    // Fields with other names in a dry run.
    let done = |mut printed: Value| -> Value {
        let would = printed.as_object_mut().unwrap().remove("would_delete").unwrap();
        printed["deleted"] = would;
        printed
    };
    let expire = done(result("expire --allow-clock-skew --dry-run --grace 0"));
    same("expire", &expire);
    // Its section refers to that of `expire`.
    let delete = done(result("delete 0EE532DB --dry-run"));
    same("expire", &delete);
    assert!(delete["cutoff"].is_null() && delete["access_path"].is_null() && delete["command"] == "delete", "{delete}");

    result("swap-out --max-idle 0 --force --include-expired --allow-clock-skew --create");
    // They are moved back; one that exists in a newer state is kept.
    let mut store = db.open().await;
    let mut newer = sample()[0].clone();
    newer.meta.last_access = newer.meta.last_access.map(|at| EpochMillis(at.0 + 1));
    store.insert(&[newer], tomcat_sessions::session::OnConflict::Fail).await.unwrap();
    let run = command()
        .args("--format json --url")
        .arg(&db.url)
        .args("swap-in --all --touch --allow-clock-skew")
        .run()
        .code(3);
    same("swap-out", &serde_json::from_str(&run.stdout).unwrap());
    store.insert(&sample(), tomcat_sessions::session::OnConflict::Replace).await.unwrap();
    store.close().await;

    let other = Scratch::new(Kind::Sqlite).await.unwrap();
    other.create_table("recommended").await;
    let mut changed = sample()[0].clone();
    changed.meta.max_inactive = Some(1);
    let mut store = other.open().await;
    store.insert(&[changed], tomcat_sessions::session::OnConflict::Fail).await.unwrap();
    store.close().await;
    let run = command().args("--format json verify").arg(&db.url).arg(&other.url).run().code(4);
    let mut verify: Value = serde_json::from_str(&run.stdout).unwrap();
    // Only a session that exists in both has all fields.
    verify["differences"].as_array_mut().unwrap().retain(|difference| difference["kind"] == "different");
    same("verify", &verify);
    // A session without data, and a file that contains none, are rejected.
    db.sql("UPDATE tomcat_sessions SET session_data = NULL WHERE session_id LIKE '0EE532DB%'").await;
    let dir = tempfile::TempDir::new().unwrap();
    let files = format!("filestore:{}", dir.path().display());
    let run = |args: &str| -> Value {
        let run = command().args("--format json --url").arg(&db.url).args(args).arg(&files).run().code(3);
        serde_json::from_str(&run.stdout).unwrap()
    };
    same("export", &run("export"));
    std::fs::write(dir.path().join("A.session"), "no session").unwrap();
    same("import", &run("import --app /Catalina/localhost/demo"));

    let archives = tempfile::TempDir::new().unwrap();
    for (name, clock) in [("old", "1"), ("new", "2"), ("cut", "3")] {
        let path = archives.path().join(name);
        let export = command().args("export --quiet --url").arg(&db.url).arg(&path);
        export.env("TOMCAT_SESSIONS_CLOCK", clock).run().code(0);
    }
    let cut = archives.path().join("cut");
    std::fs::write(&cut, &std::fs::read(&cut).unwrap()[..900]).unwrap();
    let run = command().args("--format json prune --keep-last 1 --dry-run").arg(archives.path()).run().code(3);
    same("prune", &serde_json::from_str(&run.stdout).unwrap());

    // A session without an application, which the column of the target does not accept.
    let odd = Scratch::new(Kind::Sqlite).await.unwrap();
    odd.create_table("documented").await;
    let mut nameless = sample()[..2].to_vec();
    nameless[0].meta.key.app = None;
    let mut store = odd.open().await;
    store.insert(&nameless, tomcat_sessions::session::OnConflict::Fail).await.unwrap();
    store.close().await;
    let run = command().args("--format json migrate --from").arg(&odd.url).arg("--to").arg(&other.url).run().code(3);
    same("migrate", &serde_json::from_str(&run.stdout).unwrap());

    // The answers of a Tomcat are compared in `tests/tomcat/`.
    let error = command().args("--format json --url").arg(&db.url).args("show FFFF").run().code(1);
    same("Errors", &serde_json::from_str(&error.stderr).unwrap());
}
