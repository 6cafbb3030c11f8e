//! `man`: prints man pages that are generated from the command definitions, like `--help`.

use roff::{Roff, bold, roman};

use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::suggestion::nearest;

/// Print the man page of the program or of a command
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Exit status:
  0  done
  2  there is no such command

Examples:
  tomcat-sessions man | man -l -
  tomcat-sessions man expire > tomcat-sessions-expire.1")]
pub struct Args {
    /// Command, in one or two words such as `tomcat config`; without it, the page of the program
    command: Vec<String>,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Environment variables, for the page of the program; `context` reads them.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("TOMCAT_SESSIONS_URL", "The store, if --url is not given."),
    ("TOMCAT_SESSIONS_STORE", "The name of the store, if neither --store nor --url is given."),
    ("TOMCAT_SESSIONS_CONFIG", "The configuration file, if --config is not given."),
    (
        "TOMCAT_SESSIONS_PASSWORD",
        "The password of the store, if --password-file is not given. It takes precedence over a password in --url. For a store in --from, --to or an argument, it is used only if that store has no password of its own.",
    ),
    ("TOMCAT_SESSIONS_USER_PASSWORD", "The password of Tomcat's account, for init-db without --user-password-file."),
    (
        "TOMCAT_SESSIONS_MANAGER",
        "The URLs of the Tomcats' Manager applications, separated by spaces, if --manager is not given.",
    ),
    (
        "TOMCAT_SESSIONS_MANAGER_PASSWORD",
        "The password for the Manager applications, if --manager-password-file is not given.",
    ),
    ("NO_COLOR", "If set, colors are used only with --color always."),
];

pub fn run(args: &Args, cx: &Context) -> Result<u8, Failure> {
    let mut grammar = (cx.grammar)();
    grammar.build();
    let (mut command, mut above) = (&grammar, Vec::new());
    for name in &args.command {
        let Some(found) = command.find_subcommand(name) else {
            return Err(unknown(name, command));
        };
        above.push(command);
        command = found;
    }
    cx.ui.text(&page(command, &above)?)?;
    Ok(DONE)
}

fn unknown(name: &str, group: &clap::Command) -> Failure {
    let failure = Failure::usage(format!("there is no command `{name}`"));
    let program = group.get_bin_name().unwrap_or_else(|| group.get_name());
    match nearest(name, group.get_subcommands().map(clap::Command::get_name)) {
        Some(meant) => {
            let words = program.split_once(' ').map(|(_, words)| format!("{words} ")).unwrap_or_default();
            failure.hint(format!("did you mean `tomcat-sessions man {words}{meant}`?"))
        }
        None => failure.hint(format!("`{program} --help` lists them")),
    }
}

/// All pages with their file names: those of the program, of each command, and of each command in a group.
///
/// # Errors
/// None in practice: pages are written to memory.
pub fn pages(mut grammar: clap::Command) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    fn add(
        command: &clap::Command,
        above: &[&clap::Command],
        pages: &mut Vec<(String, Vec<u8>)>,
    ) -> std::io::Result<()> {
        pages.push((format!("{}.1", title(command)), page(command, above)?));
        let above: Vec<&clap::Command> = above.iter().copied().chain([command]).collect();
        command.get_subcommands().try_for_each(|below| add(below, &above, pages))
    }
    grammar.build();
    let mut pages = Vec::new();
    add(&grammar, &[], &mut pages)?;
    Ok(pages)
}

/// The name of a command's page: `tomcat-sessions-tomcat-config`.
fn title(command: &clap::Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// A page in the order of man-pages(7): the sections of clap_mangen, and between them the sections at the end of our
/// help texts.
fn page(command: &clap::Command, above: &[&clap::Command]) -> std::io::Result<Vec<u8>> {
    let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let (description, tail) = sections(&help);
    let has_commands = command.has_subcommands();
    let usage = command.clone().render_usage().to_string();
    // clap_mangen omits the help of options that `-h` hides, unless they have a long help.
    let complete = command.clone().mut_args(|arg| arg.hide_short_help(false));
    let man = clap_mangen::Man::new(complete.subcommand_help_heading("COMMANDS"));
    // The title line of clap_mangen omits the empty date, and so shifts the arguments after it.
    let mut out = format!(".TH \"{}\" 1 \"\" \"tomcat-sessions {VERSION}\" \"Tomcat\"\n", title(command)).into_bytes();
    man.render_name_section(&mut out)?;
    synopsis(&usage).to_writer(&mut out)?;
    man.render_description_section(&mut out)?;
    description.to_writer(&mut out)?;
    if has_commands {
        man.render_subcommands_section(&mut out)?;
    }
    man.render_options_section(&mut out)?;
    if above.is_empty() {
        environment().to_writer(&mut out)?;
    }
    tail.to_writer(&mut out)?;
    if !above.is_empty() {
        see_also(above).to_writer(&mut out)?;
    }
    Ok(out)
}

/// The usage line of `--help`; that of clap_mangen lists every option, including the global ones.
fn synopsis(usage: &str) -> Roff {
    let usage = usage.trim_start_matches("Usage: ");
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]).control("nf", []);
    for line in usage.lines() {
        roff.text([bold(line.trim())]);
    }
    roff.control("fi", []);
    roff
}

/// The pages of the program and, for a command in a group, of the group.
fn see_also(above: &[&clap::Command]) -> Roff {
    let mut line = Vec::new();
    for command in above {
        if !line.is_empty() {
            line.push(roman(", "));
        }
        line.extend([bold(title(command)), roman("(1)")]);
    }
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]).text(line);
    roff
}

fn environment() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, meaning) in ENVIRONMENT {
        roff.control("TP", []).text([bold(*name)]).text([roman(*meaning)]);
    }
    roff
}

/// Splits the text after the options in `--help`: prose and indented text, which keeps its lines, become part of the
/// description; the exit status and the examples become sections.
fn sections(help: &str) -> (Roff, Roff) {
    let (mut description, mut tail) = (Roff::new(), Roff::new());
    for paragraph in help.split("\n\n").filter(|p| !p.trim().is_empty()) {
        let mut lines = paragraph.lines();
        match lines.next() {
            Some("Exit status:") => {
                tail.control("SH", ["EXIT STATUS"]);
                for line in lines {
                    let (code, meaning) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
                    tail.control("TP", []).text([bold(code)]).text([roman(meaning.trim())]);
                }
            }
            Some("Examples:") => {
                tail.control("SH", ["EXAMPLES"]).control("nf", []);
                for line in lines {
                    tail.text([roman(line.trim())]);
                }
                tail.control("fi", []);
            }
            Some(first) if first.starts_with("  ") => {
                description.control("PP", []).control("RS", ["4"]).control("nf", []);
                for line in paragraph.lines() {
                    description.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
                }
                description.control("fi", []).control("RE", []);
            }
            _ => drop(description.control("PP", []).text([roman(paragraph.replace('\n', " "))])),
        }
    }
    (description, tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_becomes_sections() {
        let (description, tail) =
            sections("Why it is so,\nand how.\n\nExit status:\n  0    done\n  130  interrupted\n\nExamples:\n  it 'x'");
        assert!(description.render().ends_with(".PP\nWhy it is so, and how.\n"), "{}", description.render());
        let tail = tail.render();
        let expected =
            ".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\ndone\n.TP\n\\fB130\\fR\ninterrupted\n.SH EXAMPLES\n.nf\nit ";
        assert!(tail.contains(expected), "{tail}");
    }

    #[test]
    fn indented_text_keeps_its_lines() {
        let (description, _) = sections("A file:\n\n  [stores.prod]\n  url = \"x\"\n    y\n\nIt is\nprivate.");
        let expected =
            ".PP\nA file:\n.PP\n.RS 4\n.nf\n[stores.prod]\nurl = \"x\"\n  y\n.fi\n.RE\n.PP\nIt is private.\n";
        assert!(description.render().ends_with(expected), "{}", description.render());
    }

    #[test]
    fn every_command_has_a_page_with_exit_status_and_examples() {
        let program = clap::Command::new("x").disable_help_subcommand(true);
        let mut grammar = <crate::commands::Command as clap::Subcommand>::augment_subcommands(program);
        grammar.build();
        for command in grammar.get_subcommands() {
            let page = String::from_utf8(page(command, &[]).unwrap()).unwrap();
            for heading in [".SH SYNOPSIS", ".SH \"EXIT STATUS\"", ".SH EXAMPLES"] {
                assert_eq!(page.matches(heading).count(), 1, "{heading} of {}", command.get_name());
            }
        }
    }
}
