//! `tomcat expire`: errors before any Tomcat is changed. Its effect is tested in `tests/tomcat/`.

use crate::command;

#[test]
fn no_manager_is_refused() {
    let run = command().args("tomcat expire --no-verify").run().code(2);
    assert!(run.stderr.contains("no URL of a Manager application was given"), "{run}");
    command().args("tomcat expire --no-verify --manager http://u@127.0.0.1:9").run().code(10);
}
