//! `man`.

use crate::command;

#[test]
fn the_pages_have_exit_status_and_examples() {
    for args in ["man", "man expire", "man init-db"] {
        let run = command().args(args).run().code(0);
        assert!(run.stdout.contains(".TH \"tomcat-sessions") && run.stderr.is_empty(), "{args}: {run}");
        for word in ["NAME", "SYNOPSIS", "EXIT STATUS"] {
            assert!(run.stdout.to_uppercase().contains(word), "{args}: {word} is missing");
        }
    }
}

#[test]
fn an_unknown_command_has_no_page() {
    insta::assert_snapshot!(command().args("man nothing").run(), @"
    exit 2
    --- stderr
    error: there is no command `nothing`
    hint: `tomcat-sessions --help` lists them
    ");
}
