//! `completions`.

use crate::command;

#[test]
fn every_shell_has_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = command().args("completions").args(shell).run().code(0);
        assert!(run.stderr.is_empty(), "{shell}: {}", run.stderr);
        for word in ["expire", "init-db", "--max-fraction", "--password-file"] {
            // fish writes options without hyphens.
            assert!(run.stdout.contains(word.trim_start_matches('-')), "{shell}: {word} is missing");
        }
    }
}

#[test]
fn unknown_shells_are_refused_with_a_list() {
    let run = command().args("completions tcsh").run().code(2);
    assert!(run.stderr.contains("bash, elvish, fish, powershell, zsh"), "{run}");
}
