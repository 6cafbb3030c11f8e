//! The hints that a command can print: those whose options it has.

use std::collections::HashSet;

use clap::{ArgMatches, Command};

/// Removes the hints that name an option which the command does not have. A hint about another command names it in full:
/// `tomcat-sessions import --allow-truncated FILE`.
pub fn keep_applicable(hints: &mut Vec<String>, mut program: Command, matches: &ArgMatches) {
    program.build();
    let (mut command, mut matches) = (&program, matches);
    while let Some((name, of_command)) = matches.subcommand() {
        let Some(found) = command.find_subcommand(name) else { break };
        (command, matches) = (found, of_command);
    }
    retain(hints, command);
}

fn retain(hints: &mut Vec<String>, command: &Command) {
    let own: HashSet<&str> = command.get_arguments().filter_map(|argument| argument.get_long()).collect();
    hints.retain(|hint| options(hint).iter().all(|option| own.contains(option)));
}

/// The options that a hint names, except those of a command in backticks.
fn options(hint: &str) -> Vec<&str> {
    let parts = hint.split('`').enumerate();
    let own = parts.filter(|(i, part)| i % 2 == 0 || !part.starts_with("tomcat-sessions ")).map(|(_, part)| part);
    let is_boundary = |before: &str| before.chars().last().is_none_or(|c| c.is_whitespace() || "(,;|/".contains(c));
    own.flat_map(|part| part.match_indices("--").map(move |(at, _)| (part, at)))
        .filter(|(part, at)| is_boundary(&part[..*at]))
        .filter_map(|(part, at)| {
            let name = &part[at + 2..];
            let end = name.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(name.len());
            Some(name[..end].trim_end_matches('-')).filter(|name| !name.is_empty())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use crate::failure::Failure;
    use crate::store::{DbError, DbErrorKind, StoreError};
    use clap::CommandFactory;
    use std::time::Duration;

    fn commands(command: &Command) -> Vec<&Command> {
        let below = command.get_subcommands().flat_map(commands);
        if command.has_subcommands() { below.collect() } else { vec![command] }
    }

    #[test]
    fn options_of_other_commands_are_not_counted() {
        assert_eq!(options("use --app, --id=X or (--to); a--b, `--force` -- --"), ["app", "id", "to", "force"]);
        assert_eq!(options("`tomcat-sessions import --allow-truncated FILE` imports; use --identity"), ["identity"]);
    }

    #[test]
    fn a_hint_names_only_options_of_the_command_and_some_hint_is_left() {
        let mut program = Cli::command();
        program.build();
        let failures = || {
            let kinds = [DbErrorKind::Auth, DbErrorKind::NoDatabase, DbErrorKind::Unreachable, DbErrorKind::Denied];
            let of_kind = kinds.map(|kind| StoreError::db("open", DbError::new(kind, "", "refused")));
            let locks = [StoreError::Locked { table: "t".to_owned(), waited: Duration::ZERO }];
            of_kind.into_iter().chain(locks).map(Failure::from)
        };
        for command in commands(&program) {
            for Failure { error, mut hints, .. } in failures() {
                retain(&mut hints, command);
                assert!(!hints.is_empty(), "{}: {error}", command.get_name());
                let has = |option: &str| command.get_arguments().any(|argument| argument.get_long() == Some(option));
                let foreign = hints.iter().flat_map(|hint| options(hint)).find(|option| !has(option));
                assert_eq!(foreign, None, "{}: {hints:?}", command.get_name());
            }
        }
        let of = |name: &str, text: &str| {
            let mut hints = vec![text.to_owned()];
            retain(&mut hints, program.find_subcommand(name).unwrap());
            hints.len()
        };
        assert_eq!((of("expire", "wait with --wait-lock 60s"), of("migrate", "wait with --wait-lock 60s")), (1, 0));
        assert_eq!((of("list", "use --to-password-file"), of("migrate", "use --to-password-file")), (0, 1));
    }
}
