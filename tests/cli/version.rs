//! `version`.

use crate::command;

#[test]
fn version_prints_the_same_as_the_option() {
    let option = command().args("--version").run().code(0);
    let run = command().args("version").run().code(0);
    assert_eq!(run.stdout, option.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&command().args("version --format json").run().code(0).stdout).unwrap();
    assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
}
