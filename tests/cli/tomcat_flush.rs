//! `tomcat flush`: errors before any Tomcat is changed. Its effect is tested in `tests/tomcat/`.

use crate::command;

#[test]
fn without_a_store_nothing_is_verified() {
    insta::assert_snapshot!(command().args("tomcat flush --manager http://u@127.0.0.1:9").run(), @r"
    exit 2
    --- stderr
    error: no store was given to verify the sessions in
    hint: use --url mysql://tomcat@localhost:3306/tomcat, or --no-verify
    ");
    command().args("tomcat flush --no-verify").run().code(2);
}
