//! `--store NAME`: adds the settings of a store in the configuration file to the arguments.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use crate::configuration::{CommandDefaults, NamedStore, Setting, Value};
use crate::failure::Failure;
use crate::suggestion::among;

/// Groups of options that exclude each other: if one of them is on the command line, those of the store are ignored.
const EXCLUSIVE_OPTIONS: &[&[&str]] =
    &[&["manager", "managers-file"], &["url", "context-xml"], &["quiet", "verbose"], &["format", "output", "json"]];

/// The arguments, with the options of `store` that were not given.
///
/// # Errors
/// Usage error: a default for a command or an option that does not exist.
pub fn with_store(
    args: &[OsString],
    matches: &ArgMatches,
    grammar: &Command,
    store: &NamedStore,
) -> Result<Vec<OsString>, Failure> {
    for defaults in &store.defaults {
        require_known(grammar, store, defaults)?;
    }
    let line = Line::of(grammar, matches);
    let defaults = store.defaults.iter().filter(|defaults| defaults.command == line.name);
    let settings = defaults.flat_map(|defaults| &defaults.settings).chain(&store.settings);
    let mut added: Vec<OsString> = Vec::new();
    for setting in settings {
        let given = |option: &str| line.is_typed(option);
        let same = EXCLUSIVE_OPTIONS.iter().find(|same| same.contains(&setting.option.as_str()));
        // Some commands do not have every option of a store.
        if line.option(&setting.option).is_some()
            && !given(&setting.option)
            && !same.is_some_and(|same| same.iter().any(|option| given(option)))
        {
            added.extend(typed(setting));
        }
    }
    let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    let (before, after) = args.split_at(end);
    Ok(before.iter().chain(&added).chain(after).cloned().collect())
}

/// Tells whether an option is on the command line, and not from the environment or a default.
pub fn is_typed(matches: &ArgMatches, grammar: &Command, option: &str) -> bool {
    Line::of(grammar, matches).is_typed(option)
}

/// The setting as arguments.
fn typed(setting: &Setting) -> Vec<OsString> {
    let option = &setting.option;
    match &setting.value {
        Value::Flag(false) => Vec::new(),
        Value::Flag(true) => vec![format!("--{option}").into()],
        Value::Texts(texts) => texts.iter().map(|text| format!("--{option}={text}").into()).collect(),
    }
}

/// The given command, including its subcommand.
struct Line<'a> {
    /// For example `expire` or `tomcat status`.
    name: String,
    levels: Vec<(&'a Command, &'a ArgMatches)>,
}

impl<'a> Line<'a> {
    fn of(grammar: &'a Command, matches: &'a ArgMatches) -> Line<'a> {
        let mut levels = vec![(grammar, matches)];
        let (mut names, mut at) = (Vec::new(), (grammar, matches));
        while let Some((name, below)) = at.1.subcommand() {
            let Some(command) = at.0.find_subcommand(name) else { break };
            names.push(name);
            at = (command, below);
            levels.push(at);
        }
        Line { name: names.join(" "), levels }
    }

    fn option(&self, long: &str) -> Option<&'a Arg> {
        self.levels.iter().find_map(|(command, _)| option_of(command, long))
    }

    fn is_typed(&self, long: &str) -> bool {
        let Some(id) = self.option(long).map(Arg::get_id) else { return false };
        self.levels.iter().any(|(_, matches)| {
            matches.try_contains_id(id.as_str()).is_ok()
                && matches.value_source(id.as_str()) == Some(ValueSource::CommandLine)
        })
    }
}

fn option_of<'a>(command: &'a Command, long: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|arg| {
        let aliases = || arg.get_all_aliases().unwrap_or_default();
        arg.get_long() == Some(long) || aliases().contains(&long)
    })
}

/// Refuses defaults for options that do not exist.
fn require_known(grammar: &Command, store: &NamedStore, defaults: &CommandDefaults) -> Result<(), Failure> {
    let section = format!("[stores.{}.defaults.{}]", store.name, quoted(&defaults.command));
    let mut command = grammar;
    for name in defaults.command.split(' ') {
        let Some(below) = command.find_subcommand(name) else {
            let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            let message = format!("line {}: {section}: there is no command `{}`", defaults.line, defaults.command);
            return Err(Failure::usage(message).hint(among("the commands", name, &known)));
        };
        command = below;
    }
    for setting in &defaults.settings {
        if option_of(command, &setting.option).or_else(|| option_of(grammar, &setting.option)).is_none() {
            let known: Vec<&str> = command.get_arguments().filter_map(Arg::get_long).collect();
            let message =
                format!("line {}: {section}: `{}` has no option --{}", setting.line, defaults.command, setting.option);
            return Err(Failure::usage(message).hint(among("its options", &setting.option, &known)));
        }
    }
    Ok(())
}

/// A key of TOML.
fn quoted(name: &str) -> String {
    if name.contains(' ') { format!("\"{name}\"") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use crate::configuration::Configuration;
    use clap::CommandFactory;

    const FILE: &str = "[stores.prod]\nurl = \"sqlite:prod.db\"\ntable = \"t\"\nmanagers_file = \"m\"\n\
        [stores.prod.defaults.expire]\nbatch = 200\ndry_run = true\n";

    fn with(line: &str, file: &str) -> Result<String, Failure> {
        let store = Configuration::parse(file).unwrap().store("prod").unwrap().clone();
        let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let grammar = Cli::command();
        let matches = Cli::command().try_get_matches_from(&args).unwrap();
        let args = with_store(&args, &matches, &grammar, &store)?;
        Ok(args.iter().map(|arg| arg.to_string_lossy()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn defaults_are_added_for_options_not_given() {
        for (line, expected) in [
            ("ts --store prod list", "ts --store prod list --url=sqlite:prod.db --table=t"),
            ("ts list --store prod --table x", "ts list --store prod --table x --url=sqlite:prod.db"),
            (
                "ts expire --store prod --batch 3",
                "ts expire --store prod --batch 3 --dry-run --url=sqlite:prod.db --table=t --managers-file=m",
            ),
            (
                "ts expire --store prod --manager http://a/manager -n",
                "ts expire --store prod --manager http://a/manager -n --batch=200 --url=sqlite:prod.db --table=t",
            ),
            ("ts show --store prod -- 0A", "ts show --store prod --url=sqlite:prod.db --table=t -- 0A"),
        ] {
            assert_eq!(with(line, FILE).unwrap(), expected);
        }
    }

    #[test]
    fn defaults_without_effect_are_refused() {
        for (section, message) in [
            (
                "[stores.prod.defaults.expier]\nbatch = 1\n",
                "line 3: [stores.prod.defaults.expier]: there is no command `expier`",
            ),
            (
                "[stores.prod.defaults.expire]\nbtach = 1\n",
                "line 4: [stores.prod.defaults.expire]: `expire` has no option --btach",
            ),
        ] {
            let failure =
                with("ts list --store prod", &format!("[stores.prod]\nurl = 'sqlite:x'\n{section}")).unwrap_err();
            assert_eq!(failure.error.to_string(), message);
            assert!(failure.hints[0].starts_with("did you mean"), "{:?}", failure.hints);
        }
    }
}
