//! Dynamic completion: applications and session ids, read from the store when TAB is pressed.
//!
//! A shell with the output of `COMPLETE=bash tomcat-sessions` calls the program with the same variable and the words of
//! the line. Errors in the line or of the store are not printed, nothing is asked, and the shell waits for at most a
//! second, because the user is still typing the command.

mod bash;
mod store_lookup;

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, CommandFactory};
use clap_complete::CompletionCandidate;
use clap_complete::engine::ArgValueCompleter;
use clap_complete::env::{CompleteEnv, Elvish, Fish, Powershell, Shells, Zsh};

use self::store_lookup::{Line, applications, ids};
use super::{Cli, plain, render};
use crate::catalina::lint;
use crate::context::variable;
use crate::failure::{DONE, FAILED, Failure};
use crate::options::value_parsers::LIST_COLUMNS;
use crate::store::check;
use crate::ui::{Format, Ui};

/// The environment variable with which a shell requests completion.
const VARIABLE: &str = "COMPLETE";

const SHELLS: Shells<'static> = Shells(&[&bash::Bash, &Elvish, &Fish, &Powershell, &Zsh]);

/// Answers a request of a shell and returns the exit code: without arguments for the script, with `--` for a word.
/// Returns `None` if there is no such request. Must be called before other threads exist.
pub fn complete(args: impl IntoIterator<Item = OsString>) -> Option<u8> {
    let shell = variable(VARIABLE)?;
    // The variable may be set for another purpose.
    SHELLS.completer(shell.rsplit('/').next()?)?;
    let args: Vec<OsString> = args.into_iter().collect();
    // If the variable is exported, commands must still work, instead of printing a script.
    if args.get(1).is_some_and(|arg| arg != "--") {
        return None;
    }
    let words: Vec<OsString> = args.iter().skip(2).cloned().collect();
    let asked = !words.is_empty();
    if asked {
        // A panic in a driver must not be printed into the user's command line.
        std::panic::set_hook(Box::new(|_| {}));
    }
    let line = Arc::new(Line::new(bash::join_words(&words)));
    let answer = CompleteEnv::with_factory(|| with_completers(Cli::command(), &line))
        .var(VARIABLE)
        .shells(SHELLS)
        .try_complete(args, std::env::current_dir().ok().as_deref());
    match answer {
        Ok(_) => Some(DONE),
        Err(_) if asked => Some(FAILED),
        Err(error) => Some(render(&Ui::new(plain(Format::Table)), &Failure::failed(error.to_string()))),
    }
}

/// The command definitions, with completers for values from the store and for rules.
fn with_completers(command: clap::Command, line: &Arc<Line>) -> clap::Command {
    let of = command.get_name().to_owned();
    let command = command.mut_args(|arg| {
        let Some(values) = values(&of, &arg) else { return arg };
        let line = line.clone();
        arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
            let typed = typed.to_str().unwrap_or_default();
            let found = values(&line, typed).into_iter();
            found.filter(|candidate| candidate.get_value().to_string_lossy().starts_with(typed)).collect()
        }))
    });
    command.mut_subcommands(|below| with_completers(below, line))
}

type Values = fn(&Line, &str) -> Vec<CompletionCandidate>;

/// The completer of an option or argument; `None` if clap knows the values.
fn values(command: &str, arg: &Arg) -> Option<Values> {
    match (command, arg.get_id().as_str()) {
        (_, "app") => Some(applications),
        (_, "store") | ("migrate", "from" | "to") | ("verify", "stores") | ("swap-in", "from") | ("swap-out", "to") => {
            Some(stores)
        }
        (_, "id_prefix") | ("show", "id") | ("delete" | "swap-in", "ids") | ("list", "from") => Some(ids),
        (_, "columns") => Some(columns),
        (_, "explain") => Some(rules),
        _ => None,
    }
}

fn stores(line: &Line, _: &str) -> Vec<CompletionCandidate> {
    line.stores().into_iter().map(CompletionCandidate::new).collect()
}

/// Keeps the columns before the last comma.
fn columns(line: &Line, typed: &str) -> Vec<CompletionCandidate> {
    if !line.has_word("list") {
        return Vec::new();
    }
    let before = typed.rfind(',').map_or("", |at| &typed[..=at]);
    let names = LIST_COLUMNS.iter().copied().chain(["attr="]);
    names.map(|name| CompletionCandidate::new(format!("{before}{name}"))).collect()
}

fn rules(_: &Line, _: &str) -> Vec<CompletionCandidate> {
    let of_tables = check::RULES.iter().map(|rule| rule.id);
    of_tables.chain(lint::RULES.iter().map(|rule| rule.id)).map(CompletionCandidate::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A renamed argument would lose its completer.
    #[test]
    fn every_argument_that_names_a_session_or_an_application_is_known() {
        let grammar = Cli::command();
        for (command, arg) in [
            ("show", "id"),
            ("show", "app"),
            ("delete", "ids"),
            ("delete", "id_prefix"),
            ("swap-in", "ids"),
            ("list", "from"),
            ("list", "app"),
            ("check", "explain"),
            ("migrate", "from"),
            ("migrate", "to"),
            ("verify", "stores"),
            ("swap-in", "from"),
            ("swap-out", "to"),
        ] {
            let command = grammar.find_subcommand(command).unwrap();
            let arg = command.get_arguments().find(|a| a.get_id() == arg).unwrap_or_else(|| panic!("{arg}"));
            assert!(values(command.get_name(), arg).is_some(), "{arg}");
        }
    }
}
