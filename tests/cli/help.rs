//! `help`.

use crate::command;

#[test]
fn help_prints_what_the_option_prints() {
    for (args, same) in
        [("help", "--help"), ("help expire", "expire --help"), ("help tomcat lint", "tomcat lint --help")]
    {
        let (help, option) = (command().args(args).run().code(0), command().args(same).run().code(0));
        assert!(help.stdout.contains("Usage: tomcat-sessions"), "{help}");
        assert_eq!(help.stdout, option.stdout, "{args}");
    }
}

#[test]
fn an_unknown_command_has_no_help() {
    insta::assert_snapshot!(command().args("help nothing").run(), @"
    exit 2
    --- stderr
    error: there is no command `nothing`
    hint: `tomcat-sessions --help` lists them
    ");
    let run = command().args("help tomcat nothing").run().code(2);
    assert!(run.stderr.contains("hint: `tomcat-sessions tomcat --help` lists them"), "{run}");
}
