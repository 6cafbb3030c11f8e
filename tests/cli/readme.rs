//! What the README says to type can be typed.

use crate::command;

#[test]
fn the_commands_for_each_job_are_understood() {
    let text = include_str!("../../README.md");
    let (_, rest) = text.split_once("\n## Your job, the command\n").unwrap();
    let table = rest.split("\n## ").next().unwrap();
    let cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").nth(1));
    // What stands between backquotes is every other piece; an option alone is no command.
    let quoted = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let commands: Vec<&str> = quoted
        .map(|words| words.trim_start_matches("tomcat-sessions "))
        .filter(|words| !words.starts_with('-') && words.chars().next().is_some_and(char::is_lowercase))
        .collect();
    assert!(commands.len() > 10, "{commands:?}");
    for words in commands {
        command().args(words).args("--help").run().code(0);
    }
}
