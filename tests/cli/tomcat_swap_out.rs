//! `tomcat swap-out`: errors before any Tomcat is changed. Its effect is tested in `tests/tomcat/`.

use crate::command;

#[test]
fn too_large_idle_times_are_refused() {
    let run = command().args("tomcat swap-out --no-verify --manager http://u@127.0.0.1:9 --idle 70y").run().code(2);
    assert!(run.stderr.contains("too long for Tomcat"), "{run}");
    command().args("tomcat swap-out --no-verify --manager http://u@127.0.0.1:9").run().code(2);
    command().args("tomcat swap-out --no-verify --manager http://u@127.0.0.1:9 --idle 30").run().code(2);
}
