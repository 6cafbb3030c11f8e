//! `list`.

use crate::command;

#[test]
fn without_a_store_it_says_how_to_name_one() {
    insta::assert_snapshot!(command().args("list").run(), @"
    exit 2
    --- stderr
    error: no store was given
    hint: --url mysql://tomcat@localhost:3306/tomcat, or TOMCAT_SESSIONS_URL in the environment
    hint: `tomcat-sessions demo` shows everything on a store of its own
    ");
}
