//! `demo`.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;

use crate::command;
use crate::run::{Done, Run};
use crate::support::absent;

/// The tour uses the real clock, because its commands compare it with that of the store.
fn demo(temp: &TempDir) -> Run {
    command().env("TOMCAT_SESSIONS_CLOCK", "").env("TMPDIR", temp.path()).args("demo")
}

fn commands(done: &Done) -> Vec<&str> {
    done.stdout.lines().filter_map(|line| line.strip_prefix("$ tomcat-sessions ")).collect()
}

#[test]
fn the_tour_runs_what_it_shows() {
    let temp = TempDir::new().unwrap();
    let done = demo(&temp).run().code(0);
    insta::assert_snapshot!(commands(&done).join("\n"), @"
    --url sqlite:sessions.db init-db --apply
    --url sqlite:sessions.db check
    --url sqlite:sessions.db stats
    --url sqlite:sessions.db list --state live --sort idle
    --url sqlite:sessions.db list --user alice
    --url sqlite:sessions.db show 01234567
    --url sqlite:sessions.db stats --by attr
    --url sqlite:sessions.db expire --dry-run
    --url sqlite:sessions.db expire
    --url sqlite:sessions.db delete --user alice --all
    --url mysql://USER@HOST/DATABASE check
    ");
    for step in 1..=10 {
        assert!(done.stdout.contains(&format!("\n# {step}. ")), "no step {step}: {done}");
    }
    assert!(done.stdout.contains("Would delete 16 expired sessions of 4 applications"), "{done}");
    assert!(done.stdout.contains("Deleted 16 expired sessions of 4 applications"), "{done}");
    assert!(done.stdout.contains("Deleted 1 session of /Catalina/localhost/demo,"), "{done}");
    assert!(!done.stderr.contains("Press Enter"), "{done}");
}

/// `demo` on a terminal created by Linux's `script`.
#[cfg(target_os = "linux")]
fn terminal(temp: &TempDir, args: &str) -> std::process::Command {
    let mut terminal = std::process::Command::new("script");
    let program = assert_cmd::cargo::cargo_bin!("tomcat-sessions").display();
    terminal.args(["--quiet", "--return", "--command"]).arg(format!("stty cols 80 && '{program}' demo {args}"));
    terminal.arg("/dev/null").env_clear().env("TMPDIR", temp.path()).env("PATH", "/usr/bin:/bin").env("TERM", "dumb");
    terminal
}

/// Sentences are wrapped only on a terminal.
#[cfg(target_os = "linux")]
#[test]
fn the_tour_fits_80_columns() {
    let temp = TempDir::new().unwrap();
    let Ok(output) = terminal(&temp, "--no-pause").output() else { return absent("script") };
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{shown}");
    assert!(shown.contains("That was the tour"), "{shown}");
    for line in shown.lines().map(str::trim_end) {
        let line = line.replace(&temp.path().display().to_string(), "/tmp");
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_tour_pauses_on_a_terminal() {
    let temp = TempDir::new().unwrap();
    let mut tour = terminal(&temp, "");
    let Ok(mut tour) = tour.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else { return absent("script") };
    tour.stdin.take().unwrap().write_all(&[b'\n'; 20]).unwrap();
    let output = tour.wait_with_output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && shown.contains("That was the tour"), "{shown}");
    assert_eq!(shown.matches("Press Enter to continue.").count(), 10, "{shown}");
}

#[test]
fn the_tour_leaves_no_files() {
    let temp = TempDir::new().unwrap();
    demo(&temp).run().code(0);
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);
}

#[test]
fn an_interrupted_tour_leaves_no_files() {
    let temp = TempDir::new().unwrap();
    let entries = || fs::read_dir(temp.path()).unwrap().count();
    let mut tour = std::process::Command::new(assert_cmd::cargo::cargo_bin!("tomcat-sessions"));
    tour.arg("demo").env_clear().env("TMPDIR", temp.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut tour = tour.spawn().unwrap();
    while entries() == 0 && tour.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::process::Command::new("kill").args(["-TERM", &tour.id().to_string()]).status().unwrap();
    let code = tour.wait().unwrap().code();
    // Without an exit code, it was ended by the signal; 0 means that the tour had already ended.
    assert!(matches!(code, Some(143 | 0)), "{code:?}");
    assert_eq!(entries(), 0);
}

#[test]
fn the_tour_ignores_the_configured_store() {
    let temp = TempDir::new().unwrap();
    let own = temp.path().join("own.db");
    fs::write(&own, b"").unwrap();
    demo(&temp).env("TOMCAT_SESSIONS_URL", format!("sqlite:{}", own.display())).run().code(0);
    assert_eq!(fs::read(&own).unwrap(), b"");
}

#[test]
fn keep_leaves_a_usable_store_and_overwrites_none() {
    let temp = TempDir::new().unwrap();
    let kept = temp.path().join("new").join("play");
    demo(&temp).arg("--keep").arg(&kept).run().code(0);
    let store = kept.join("sessions.db");
    let before = fs::read(&store).unwrap();
    let listed = command().args("list --format ndjson --url").arg(format!("sqlite:{}", store.display())).run().code(0);
    assert_eq!(listed.stdout.lines().count(), 27, "the store is from after the purge: {listed}");
    // Columns and data agree, so the program's results for both agree.
    for line in listed.stdout.lines() {
        let session: serde_json::Value = serde_json::from_str(line).unwrap();
        let show = command().env("TOMCAT_SESSIONS_CLOCK", "").args("show --url");
        let url = format!("sqlite:{}", store.display());
        let shown = show.arg(url).arg(session["session_id"].as_str().unwrap()).args("--app");
        let shown = shown.arg(session["app_name"].as_str().unwrap()).run().code(0);
        assert!(!shown.stdout.contains("at least one of the two was not written by Tomcat"), "{shown}");
        assert!(!shown.stdout.contains("although"), "{shown}");
    }

    let again = demo(&temp).arg("--keep").arg(&kept).hide(kept.display(), "KEPT").run();
    insta::assert_snapshot!(again, @"
    exit 2
    --- stderr
    error: `KEPT` already contains a sessions.db
    hint: remove it or use another directory
    ");
    assert_eq!(fs::read(&store).unwrap(), before);
}
