//! `tomcat maintenance`: the state file, and errors before any Tomcat is changed. Its effect is tested in
//! `tests/tomcat/`.

use std::fs;

use crate::command;
use crate::run::{Done, PASSWORD};

fn end(file: &std::path::Path) -> Done {
    let run =
        command().args("tomcat maintenance end --no-verify --manager http://u@127.0.0.1:9 --state-file").arg(file);
    run.env("TOMCAT_SESSIONS_MANAGER_PASSWORD", PASSWORD).run()
}

#[test]
fn end_without_a_maintenance_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let run = end(&dir.path().join("state.json")).code(1);
    assert!(
        run.stderr.contains("no maintenance is in progress according to the state file")
            && run.stderr.contains("hint: "),
        "{run}"
    );
    // In the home directory, unless another one is given.
    let run = command().args("tomcat maintenance end --no-verify --manager http://u@127.0.0.1:9");
    let run = run.env("HOME", dir.path()).run().code(1);
    assert!(run.stderr.contains(".local/state/tomcat-sessions/tomcats.json"), "{run}");
    let run = command().args("tomcat maintenance end --no-verify --manager http://u@127.0.0.1:9").run().code(2);
    assert!(run.stderr.contains("HOME is not set") && run.stderr.contains("--state-file"), "{run}");
    command().args("tomcat maintenance end --app demo --manager http://u@127.0.0.1:9").run().code(2);
    command().args("tomcat maintenance begin --manager http://u@127.0.0.1:9").run().code(2);
}

#[test]
fn an_unusable_state_file_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    let entry = |version: u32, attribute: &str| {
        format!(
            r#"{{"version": {version}, "since": 0, "entries": [{{"manager": "http://127.0.0.1:9/manager",
            "bean": "Catalina:type=Manager,host=localhost,context=/demo", "app_name": "/Catalina/localhost/demo",
            "attribute": "{attribute}", "was": 60, "ours": [-1], "maintenance": true}}]}}"#
        )
    };
    for (text, expected_text) in [
        (String::new(), "cannot read the state file"),
        ("{\"version\": 1".to_owned(), "cannot read the state file"),
        (entry(2, "maxIdleSwap"), "version 2"),
        (entry(1, "password"), "`password`"),
    ] {
        fs::write(&file, &text).unwrap();
        let run = end(&file).code(1);
        assert!(run.stderr.contains(expected_text) && run.stderr.contains("hint: "), "{run}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text, "it was changed");
    }
    // A valid file for a Tomcat that does not answer is kept unchanged.
    fs::write(&file, entry(1, "maxIdleSwap")).unwrap();
    end(&file).code(10);
    assert_eq!(fs::read_to_string(&file).unwrap(), entry(1, "maxIdleSwap"));
    // A directory that is not writable.
    let run = end(&file.join("below")).code(1);
    assert!(run.stderr.contains("cannot write the state file"), "{run}");
}

#[test]
fn a_state_file_in_use_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let lock = fs::File::create(dir.path().join("state.lock")).unwrap();
    lock.lock().unwrap();
    let run = end(&dir.path().join("state.json")).code(12);
    assert!(run.stderr.contains("another run is using"), "{run}");
}
