//! `tomcat drain`: errors before any Tomcat is changed. Its effect is tested in `tests/tomcat/`.

use crate::command;

#[test]
fn the_node_must_be_a_configured_manager() {
    let managers = "--manager http://u@127.0.0.1:9 --manager http://u@127.0.0.2:9 --manager http://u@127.0.0.2:8";
    let drain = |node: &str| command().args("tomcat drain").arg(node).args("--no-verify").args(managers).run();
    let run = drain("127.0.0.3").code(2);
    assert!(run.stderr.contains("at `127.0.0.3`") && run.stderr.contains("http://127.0.0.2:8/manager"), "{run}");
    let run = drain("127.0.0.2").code(2);
    assert!(run.stderr.contains("the host of several Tomcats"), "{run}");
    for node in ["127.0.0.1", "127.0.0.2:8", "http://u@127.0.0.1:7/manager"] {
        let run = drain(node).code(10);
        let shown = node.trim_start_matches("http://u@");
        assert!(run.stderr.contains(&format!("cannot reach the Manager application http://{shown}")), "{node}: {run}");
    }
    let run = command().args("tomcat drain tomcat1 --no-verify").run().code(2);
    assert!(run.stderr.contains("hint: give the URL of its Manager application"), "{run}");
    command().args("tomcat drain").args(managers).run().code(2);
}
