//! Parses the arguments: the global options, the command, and the sequence of a run.

mod complete;
mod first_steps;
mod hints;
mod named_store;
mod verbose;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, CommandFactory, FromArgMatches, Parser};

use crate::commands::Command;
use crate::configuration::NamedStore;
use crate::context::{self, Color, Context, Options, locale_is_utf8, variable};
use crate::failure::{DONE, Failure, USAGE};
use crate::options::format::{FormatArgs, FormatName, machine_format};
use crate::options::value_parsers::{column_or_name, duration};
use crate::redaction::{holds_secret, redact};
use crate::store::Naming;
use crate::ui::{Format, Ui, UiOptions, hide_secrets_of};

pub use complete::complete;

/// Administer the database table in which Apache Tomcat keeps HTTP sessions
#[derive(Debug, Parser)]
#[command(name = "tomcat-sessions", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_long_help = AFTER_LONG_HELP)]
pub struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

const AFTER_LONG_HELP: &str = "\
Exit status:
  0    done (including when nothing matched)
  1    failed
  2    usage error
  3    partially completed, or stopped by a limit (--max-time, --max-rows)
  4    differences (verify, migrate), or findings (audit, tomcat lint, and check with --strict or --context-xml)
  10   cannot connect or log in to the database or to a Tomcat's Manager application
  11   a required table is missing or has the wrong structure
  12   another run holds the store's lock, or is using the same state file
  130  interrupted by SIGINT: the current batch was finished or rolled back, and the summary printed
  143  terminated by SIGTERM, otherwise as for 130

New here? `tomcat-sessions demo` shows a tour on a temporary store.";

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
struct Globals {
    /// URL of the store, mysql://user@host/db
    ///
    /// mysql://, mariadb://, postgres://, mssql://, sqlite:FILE or a JDBC URL. Separate several hosts of a cluster with commas.
    #[arg(short, long, global = true, env = "TOMCAT_SESSIONS_URL", hide_env_values = true)]
    url: Option<String>,
    /// Name of a store in the configuration file
    ///
    /// `tomcat-sessions stores` lists them.
    #[arg(short, long, global = true, value_name = "NAME", env = "TOMCAT_SESSIONS_STORE", hide_env_values = true)]
    store: Option<String>,
    /// Configuration file [default: ~/.config/tomcat-sessions/config.toml and /etc/tomcat-sessions/config.toml; for a
    /// store in both, the first file counts]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "TOMCAT_SESSIONS_CONFIG",
        hide_env_values = true,
        hide_short_help = true
    )]
    config: Option<PathBuf>,
    /// Read the store from a Tomcat's context.xml or server.xml
    ///
    /// The account, the table and the columns are read from there too.
    #[arg(long, global = true, value_name = "FILE")]
    context_xml: Option<PathBuf>,
    /// File with the password in its first line
    ///
    /// For the store in --url, it takes precedence over TOMCAT_SESSIONS_PASSWORD, and the variable over a password in
    /// the URL. For a store in --from, --to or an argument, the file and the variable are used only if that store has no
    /// password of its own.
    #[arg(long, global = true, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// MySQL option file such as ~/.my.cnf; provides the account and, without --url, also the server and the
    /// database
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    defaults_file: Option<PathBuf>,
    /// Session table [default: tomcat_sessions, or tomcat$sessions if only that exists]
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true)]
    table: Option<String>,
    /// Table for swapped-out sessions [default: TABLE_swapped]
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true)]
    swap_table: Option<String>,
    /// Column names of the table, if they differ from the default names:
    /// id=NAME,app=NAME,data=NAME,valid=NAME,max-inactive=NAME,last-access=NAME
    ///
    /// In `list`, this option also selects the columns to show (id,user,size) and attributes (attr=NAME).
    #[arg(long, global = true, value_name = "LIST", value_delimiter = ',', value_parser = column_or_name, hide_short_help = true)]
    columns: Vec<(String, String)>,
    #[command(flatten)]
    format: FormatArgs,
    /// Show complete session ids (they are credentials)
    #[arg(long, global = true, hide_short_help = true)]
    full_ids: bool,
    /// Print only warnings and errors; with a machine format such as json, print results too
    ///
    /// With --format table, a summary is printed only if the run fails or ends with findings or differences. Scripts
    /// and archives are always printed.
    #[arg(short, long, global = true, hide_short_help = true)]
    quiet: bool,
    /// Print statements and requests by kind, with their number, rows and time; -vv prints each statement's SQL
    ///
    /// Values are never printed.
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet", hide_short_help = true)]
    verbose: u8,
    /// When to use colors
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", hide_short_help = true)]
    color: Color,
    /// Hide the progress bar
    #[arg(long, global = true, hide_short_help = true)]
    no_progress: bool,
    /// Time limit for reconnecting after a lost connection, to any host in the URL [default: 60s with
    /// several hosts, otherwise 0]
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration, hide_short_help = true)]
    reconnect: Option<std::time::Duration>,
    /// Show times in UTC instead of the local time zone (machine formats always use epoch milliseconds and UTC)
    #[arg(long, global = true, hide_short_help = true)]
    utc: bool,
}

/// Runs the program on these arguments and returns its exit code.
pub async fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let typed = args.iter().map(|arg| arg.to_string_lossy().into_owned());
    let variables = ["TOMCAT_SESSIONS_URL", "TOMCAT_SESSIONS_MANAGER"].into_iter().filter_map(variable);
    hide_secrets_of(typed.chain(variables.flat_map(|urls| {
        let each: Vec<String> = urls.split(' ').map(str::to_owned).collect();
        each.into_iter().chain([urls])
    })));
    if args.len() < 2 {
        let ui = Ui::new(plain(Format::Table));
        first_steps::FIRST_STEPS.lines().for_each(|line| ui.note(line));
        return USAGE;
    }
    let (matches, cli) = match parse(&args) {
        Ok(parsed) => parsed,
        Err(error) => return refuse(&error, &args),
    };
    let typed = cli.globals.format.name().unwrap_or_default();
    let (matches, cli, store) = match with_named_store(&args, matches, cli) {
        Ok(parsed) => parsed,
        Err(failure) => return render(&Ui::new(plain(typed.into())), &failure),
    };
    let format = match cli.globals.format.name().and_then(|name| require_command(name, &cli.command).map(|()| name)) {
        Ok(name) => Format::from(name),
        Err(failure) => return render(&Ui::new(plain(typed.into())), &failure),
    };
    let defaults_file = cli.globals.defaults_file.clone();
    let mut options = options(cli.globals, format);
    options.password_command = store.and_then(|store| store.password_command);
    if let Some(file) = &defaults_file
        && let Err(failure) = options.read_defaults_file(file)
    {
        return render(&Ui::new(plain(options.format)), &failure);
    }
    if let Err(failure) = configure(&mut options, &matches) {
        return render(&Ui::new(plain(options.format)), &failure);
    }
    if let Some(name) = options.list_columns.first().filter(|_| !matches!(cli.command, Command::List(_))) {
        let only = Failure::usage(format!("--columns {name}: only `list` has columns to choose"))
            .hint("write COLUMN=NAME for the name of a column in the table, for example --columns id=SESSION_ID");
        return render(&Ui::new(plain(options.format)), &only);
    }
    if !options.attributes.is_empty() && !matches!(cli.command, Command::List(_)) {
        let only = Failure::usage("attributes in --columns are only available for `list`")
            .hint("`tomcat-sessions show ID --values` shows all attributes of a session, `tomcat-sessions stats --by attr` all attribute names");
        return render(&Ui::new(plain(options.format)), &only);
    }
    let context = Context::new(options, Cli::command);
    let begun = Instant::now();
    let outcome = cli.command.run(&context).await;
    // The hidden results of --quiet belong to a run that failed or found something. If stdout is closed, the error is
    // ignored.
    if !matches!(outcome, Ok(DONE)) {
        let _ = context.ui.print_hidden();
    }
    let code = match outcome {
        Ok(code) => code,
        Err(mut failure) => {
            hints::keep_applicable(&mut failure.hints, Cli::command(), &matches);
            render(&context.ui, &failure)
        }
    };
    verbose::summarize(&context, begun.elapsed(), code);
    code
}

/// Refuses a format that the command does not support.
fn require_command(format: FormatName, command: &Command) -> Result<(), Failure> {
    let json = "use --format json, which most commands support";
    match format {
        FormatName::Wide if !matches!(command, Command::List(_)) => {
            Err(Failure::usage("--format wide is only available for `list`").hint(json))
        }
        FormatName::Prometheus if !matches!(command, Command::Stats(_)) => {
            Err(Failure::usage("--format prometheus is only available for `stats`")
                .hint("use `tomcat-sessions stats --format prometheus`, or --format json, which most commands support"))
        }
        FormatName::Sql if !matches!(command, Command::Export(_)) => {
            Err(Failure::usage("--format sql is only available for `export`").hint(json))
        }
        FormatName::Sarif if !command.has_sarif() => {
            Err(Failure::usage("--format sarif is only available for `tomcat lint`").hint(json))
        }
        _ => Ok(()),
    }
}

fn parse(args: &[OsString]) -> Result<(ArgMatches, Cli), clap::Error> {
    let matches = Cli::command().try_get_matches_from(args)?;
    let cli = Cli::from_arg_matches(&matches)?;
    Ok((matches, cli))
}

/// Adds the settings of the store of `--store` from the configuration file.
///
/// # Errors
/// Usage error: two stores are given, or a name or a setting is unknown.
fn with_named_store(
    args: &[OsString],
    matches: ArgMatches,
    cli: Cli,
) -> Result<(ArgMatches, Cli, Option<NamedStore>), Failure> {
    let Some(name) = &cli.globals.store else { return Ok((matches, cli, None)) };
    let grammar = Cli::command();
    let typed = |option: &str| named_store::is_typed(&matches, &grammar, option);
    let other = ["url", "context-xml"].into_iter().find(|option| typed(option));
    match (typed("store"), other) {
        (true, Some(other)) => {
            let failure = Failure::usage(format!("--store and --{other} cannot be combined"));
            return Err(failure.hint("remove one of them"));
        }
        // Options on the command line take precedence over the environment.
        (false, Some(_)) => return Ok((matches, cli, None)),
        (false, None) if cli.globals.url.is_some() => {
            let failure = Failure::usage("TOMCAT_SESSIONS_STORE and TOMCAT_SESSIONS_URL are both set");
            return Err(failure.hint("unset one of them, or use --store NAME"));
        }
        (_, None) => {}
    }
    let store = context::named_store(cli.globals.config.as_deref(), name)?;
    hide_secrets_of(store.text("url").map(str::to_owned));
    let file = store.file.display();
    let args = named_store::with_store(args, &matches, &grammar, &store)
        .map_err(|failure| failure.hint(format!("the file is {file}")))?;
    let (matches, cli) = parse(&args).map_err(|error| {
        let rendered = error.render().to_string();
        let text = redact(&rendered);
        let first = text.lines().next().unwrap_or_default();
        Failure::usage(first.strip_prefix("error: ").unwrap_or(first))
            .hint(format!("the option comes from the store `{}` in {file}", store.name))
    })?;
    Ok((matches, cli, Some(store)))
}

/// Decides between `--url` and `--context-xml`: an error if both are on the command line; otherwise the file takes
/// precedence over a URL in the environment.
fn configure(options: &mut Options, matches: &ArgMatches) -> Result<(), Failure> {
    let of_command = matches.subcommand().map(|(_, of_command)| of_command);
    let typed = |of: &ArgMatches| of.value_source("url") == Some(ValueSource::CommandLine);
    if options.context_xml.is_some() && (typed(matches) || of_command.is_some_and(typed)) {
        return Err(Failure::usage("--url and --context-xml cannot be combined").hint("remove one of them"));
    }
    // If --app names one application, it also selects the store.
    let apps = of_command.and_then(|of| of.try_get_many::<String>("app").ok().flatten());
    let apps: Vec<&String> = apps.into_iter().flatten().collect();
    options.configure(apps.first().map(|app| app.as_str()).filter(|_| apps.len() == 1))
}

/// Prints an error in the arguments: as JSON for machine formats, and without URLs, which may contain a password.
fn refuse(error: &clap::Error, args: &[OsString]) -> u8 {
    let args: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let values = args.iter().filter_map(|arg| arg.split_once('=')).map(|(_, value)| value);
    let is_url = |arg: &&str| arg.contains("://") || arg.contains("jdbc:") || holds_secret(arg);
    let urls: Vec<&str> = args.iter().map(String::as_str).chain(values).filter(is_url).collect();
    let format = machine_format(&args);
    let rendered = error.render().to_string();
    let secret = error.use_stderr() && redact(&rendered) != rendered;
    if !error.use_stderr() || (urls.is_empty() && format.is_none() && !secret) {
        // Help and version are results; everything else is a usage error.
        let _ = error.print();
        return u8::try_from(error.exit_code()).unwrap_or(USAGE);
    }
    let text = urls.iter().fold(rendered, |text, url| text.replace(url, "URL"));
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let usage = Failure::usage(first.strip_prefix("error: ").unwrap_or(first));
    let usage = lines.fold(usage, |usage, line| usage.hint(line.strip_prefix("tip: ").unwrap_or(line)));
    render(&Ui::new(plain(format.unwrap_or_default())), &usage)
}

/// Output options before the arguments are parsed.
fn plain(format: Format) -> UiOptions {
    UiOptions {
        format,
        quiet: false,
        verbose: 0,
        color_out: false,
        color_err: false,
        progress: false,
        dumb: true,
        ascii: !locale_is_utf8(),
        utc: false,
    }
}

fn options(globals: Globals, format: Format) -> Options {
    let wide = globals.format.is_wide();
    let (attributes, columns): (Vec<_>, Vec<_>) = globals.columns.into_iter().partition(|(which, _)| which == "attr");
    let (shown, columns): (Vec<_>, Vec<_>) = columns.into_iter().partition(|(which, _)| which.is_empty());
    Options {
        url: globals.url,
        context_xml: globals.context_xml,
        configured: None,
        configured_by: None,
        password_file: globals.password_file,
        password_command: None,
        client: None,
        config: globals.config,
        naming: Naming { table: globals.table, columns, swap_table: globals.swap_table },
        attributes: attributes.into_iter().map(|(_, name)| name).collect(),
        list_columns: shown.into_iter().map(|(_, name)| name).collect(),
        wide,
        format,
        quiet: globals.quiet,
        verbose: globals.verbose,
        color: globals.color,
        no_progress: globals.no_progress,
        reconnect: globals.reconnect,
        utc: globals.utc,
        full_ids: globals.full_ids,
    }
}

fn render(ui: &Ui, failure: &Failure) -> u8 {
    if !failure.silent {
        let chain: Vec<String> = failure.error.chain().map(ToString::to_string).collect();
        ui.failure(failure.code, &chain, &failure.hints);
    }
    failure.code
}

/// Prints an error that occurred before the program could start.
pub fn render_early(message: &str) -> u8 {
    render(&Ui::new(plain(Format::Table)), &Failure::failed(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::EXIT_CODES;

    #[test]
    fn the_command_definitions_are_valid() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_has_every_exit_code() {
        for (code, meaning) in EXIT_CODES {
            assert!(AFTER_LONG_HELP.contains(&format!("  {code:<4} {meaning}\n")), "{code} {meaning}");
        }
    }
}
