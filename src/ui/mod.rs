//! The only module that prints. stdout contains the result, in the requested format; stderr contains notes, warnings,
//! progress and errors.

mod charset;
mod hidden_output;
mod histogram;
mod human;
mod printable;
mod progress;
mod record_output;
mod screen;
mod text_output;

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use serde::Serialize;

use self::hidden_output::HiddenOutput;
use crate::redaction::{holds_secret, redact, redact_url};

pub use histogram::marks;
pub use human::{age, bytes, count, plural, time, time_zone, took};
pub use printable::printable;
pub use progress::Progress;
pub use record_output::Records;
pub use screen::Screen;
pub use text_output::{Head, Page, Style, Table};

/// Output format; prometheus is for stats, sql for export, sarif for tomcat lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Tables and sentences.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON document per line.
    Ndjson,
    /// Comma-separated values with a header.
    Csv,
    /// Prometheus' text exposition format, if the command supports it.
    Prometheus,
    /// SQL statements, if the command supports them.
    Sql,
    /// SARIF 2.1.0, if the command reports findings in files.
    Sarif,
}

impl Format {
    /// Tells whether the format is for programs.
    pub fn is_machine(self) -> bool {
        !matches!(self, Format::Table | Format::Sql)
    }
}

/// A single result: a summary, the columns of a session, a list of findings.
pub trait Report: Serialize {
    /// The field with the records for CSV; without one, the report itself is the record.
    const RECORDS: Option<&'static str> = None;
    /// Whether its text is the purpose of the command, like a script: `--quiet` does not hide it.
    const DOCUMENT: bool = false;

    /// Tells whether `--quiet` must not hide the report, because it contains a warning or something that is printed
    /// nowhere else.
    fn is_needed(&self) -> bool {
        false
    }

    /// Formats the report as text.
    fn page(&self, page: &mut Page);
}

/// A record of a result that is printed record by record.
pub trait Record: Serialize + Send {
    /// The heads of the columns, for all records of the table.
    fn heads(all: &[Self]) -> Vec<Head>
    where
        Self: Sized;

    /// The cells of all records of the table.
    fn cells(all: &[Self]) -> Vec<Vec<String>>
    where
        Self: Sized;
}

/// Options for the output.
#[derive(Debug, Clone, Copy)]
pub struct UiOptions {
    pub format: Format,
    /// Print no notes, and no results as text if the run succeeds.
    pub quiet: bool,
    /// Print more notes: 1 for details, 2 for the statements.
    pub verbose: u8,
    pub color_out: bool,
    pub color_err: bool,
    /// Whether progress may be shown.
    pub progress: bool,
    /// Whether the terminal cannot move the cursor.
    pub dumb: bool,
    /// Whether only ASCII may be printed.
    pub ascii: bool,
    /// Whether times are printed in UTC, not in the local time zone.
    pub utc: bool,
}

impl UiOptions {
    /// The style of pages on stdout.
    fn style(&self) -> Style {
        let UiOptions { color_out: color, ascii, utc, .. } = *self;
        Style { color, width: terminal_width(), ascii, utc }
    }
}

/// Arguments that contain secrets, with their redacted forms.
static REDACTED_ARGUMENTS: OnceLock<Vec<(String, String)>> = OnceLock::new();

/// Prevents messages on stderr from repeating secrets in these arguments. Called once, at the start.
pub fn hide_secrets_of(arguments: impl IntoIterator<Item = String>) {
    let mut typed: Vec<(String, String)> = Vec::new();
    for argument in arguments {
        let value = argument.split_once('=').filter(|(option, _)| option.starts_with('-')).map(|(_, value)| value);
        for part in [Some(argument.as_str()), value].into_iter().flatten().filter(|part| holds_secret(part)) {
            typed.push((part.to_owned(), redact_url(part)));
        }
    }
    // Longer ones first: one may be part of another.
    typed.sort_by_key(|(raw, _)| std::cmp::Reverse(raw.len()));
    let _ = REDACTED_ARGUMENTS.set(typed);
}

/// Redacts text for stderr.
fn without_secrets(text: &str) -> String {
    let typed = REDACTED_ARGUMENTS.get().into_iter().flatten();
    let text = typed.fold(text.to_owned(), |text, (raw, shown)| text.replace(raw, shown));
    redact(&text).into_owned()
}

/// The output to stdout and stderr.
#[derive(Debug, Clone)]
pub struct Ui {
    options: UiOptions,
    /// Results that `--quiet` hides unless the run fails.
    hidden: HiddenOutput,
}

impl Ui {
    pub fn new(options: UiOptions) -> Ui {
        Ui { options, hidden: HiddenOutput::default() }
    }

    pub fn format(&self) -> Format {
        self.options.format
    }

    /// Prints a result.
    pub fn report<R: Report>(&self, report: &R) -> io::Result<()> {
        let mut out = self.result(R::DOCUMENT || report.is_needed());
        match self.options.format {
            Format::Table | Format::Prometheus | Format::Sql => {
                let mut page = Page::new(self.options.style());
                report.page(&mut page);
                out.write_all(page.text().as_bytes())?;
            }
            Format::Json | Format::Sarif => {
                serde_json::to_writer_pretty(&mut out, report)?;
                out.write_all(b"\n")?;
            }
            Format::Ndjson => {
                serde_json::to_writer(&mut out, report)?;
                out.write_all(b"\n")?;
            }
            Format::Csv => record_output::csv_of(&serde_json::to_value(report)?, R::RECORDS, &mut out)?,
        }
        out.flush()
    }

    /// Starts a result that is printed record by record.
    pub fn records<R: Record>(&self) -> Records<R> {
        let UiOptions { format, quiet, .. } = self.options;
        // A failed list is not printed with --quiet, so that it need not be kept.
        if quiet && !format.is_machine() {
            return Records::hidden(format, self.options.style());
        }
        Records::new(format, self.result(false), self.options.style())
    }

    /// Tells whether stdout is a terminal that can be redrawn.
    pub fn can_redraw(&self) -> bool {
        io::stdout().is_terminal() && !self.options.dumb
    }

    /// Switches the terminal to a screen that can be redrawn.
    pub fn screen(&self) -> io::Result<Screen> {
        Screen::enter(self.options)
    }

    /// As this one, but without notes and progress, for a screen that is redrawn.
    pub fn without_progress(&self) -> Ui {
        Ui { options: UiOptions { progress: false, quiet: true, ..self.options }, hidden: self.hidden.clone() }
    }

    /// Prints a text that is the result itself: a script, a completion, a man page.
    pub fn text(&self, text: &[u8]) -> io::Result<()> {
        let mut out = self.stdout();
        out.write_all(text)?;
        out.flush()
    }

    /// Prints a note on stderr, in full sentences; not with `--quiet`.
    pub fn note(&self, text: impl AsRef<str>) {
        if !self.options.quiet {
            self.print_line(&printable(text.as_ref()));
        }
    }

    /// Prints a detail on stderr, only with `--verbose`.
    pub fn detail(&self, text: impl AsRef<str>) {
        if self.options.verbose > 0 {
            self.print_line(&printable(text.as_ref()));
        }
    }

    /// Prints the results that `--quiet` has hidden, because the run failed or found something.
    pub fn print_hidden(&self) -> io::Result<()> {
        let hidden = self.hidden.take();
        // A thread that is blocked on stdout would block this one too.
        if hidden.is_empty() {
            return Ok(());
        }
        let mut out = self.stdout();
        out.write_all(&hidden)?;
        out.flush()
    }

    /// Discards the results that `--quiet` has hidden.
    pub fn discard_hidden(&self) {
        self.hidden.take();
    }

    /// The destination of a result: stdout, or the hidden output with `--quiet`.
    fn result(&self, always: bool) -> Box<dyn Write + Send> {
        if self.options.quiet && !self.options.format.is_machine() && !always {
            return Box::new(self.hidden.clone());
        }
        Box::new(self.stdout())
    }

    /// Prints a warning on stderr, even with `--quiet`.
    pub fn warn(&self, text: impl AsRef<str>) {
        self.print_line(&format!("{}: {}", self.paint("warning", "33"), printable(text.as_ref())));
    }

    /// Prints the failure of a command on stderr: as a JSON object for machine formats, otherwise as lines.
    pub fn failure(&self, code: u8, chain: &[String], hints: &[String]) {
        if self.options.format.is_machine() {
            let [chain, hints] =
                [chain, hints].map(|texts| texts.iter().map(|text| without_secrets(text)).collect::<Vec<_>>());
            let (error, causes) = chain.split_first().map_or(("", &[][..]), |(e, rest)| (e.as_str(), rest));
            let object = serde_json::json!({ "error": error, "causes": causes, "hints": hints, "exit_code": code });
            self.write(&object.to_string());
            return;
        }
        self.print_line(&format!("{}: {}", self.paint("error", "1;31"), printable(&chain.join(": "))));
        for hint in hints {
            self.print_line(&format!("{}: {}", self.paint("hint", "36"), printable(hint)));
        }
    }

    /// Starts a progress display.
    pub fn progress(&self, what: &'static str, total: Option<u64>) -> Progress {
        Progress::new(self.options.progress && !self.options.quiet, self.options.ascii, what, total)
    }

    /// Tells whether progress is visible, so that the total is worth counting.
    pub fn shows_progress(&self) -> bool {
        self.options.progress && !self.options.quiet && io::stderr().is_terminal()
    }

    /// Tells whether questions can be asked: stdin and stderr are a terminal.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Prints `lines` and a question on the terminal. The caller reads the answer.
    pub fn ask(&self, lines: &[String], question: &str) -> io::Result<()> {
        lines.iter().for_each(|line| self.print_line(&printable(line)));
        let question = printable(question);
        let mut err = io::stderr().lock();
        write!(err, "{} [y/N] ", if self.options.ascii { charset::ascii(&question) } else { question })?;
        err.flush()
    }

    /// Asks for a password on the terminal; `None` if there is no terminal.
    pub fn ask_password(&self, whose: &str) -> io::Result<Option<String>> {
        if !self.can_ask() {
            return Ok(None);
        }
        rpassword::prompt_password(format!("Password of {}: ", printable(whose))).map(Some)
    }

    /// Tells whether stdin and stdout are a terminal.
    pub fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// Waits until Enter is pressed.
    pub fn wait_for_enter(&self, prompt: &str) -> io::Result<()> {
        let mut err = io::stderr();
        write!(err, "{prompt}")?;
        err.flush()?;
        io::stdin().read_line(&mut String::new()).map(drop)
    }

    fn paint(&self, word: &str, ansi: &str) -> String {
        if self.options.color_err { format!("\x1b[{ansi}m{word}\x1b[0m") } else { word.to_owned() }
    }

    /// Writes a line in which everything except our own colors is printable.
    fn print_line(&self, line: &str) {
        let line = without_secrets(line);
        if self.options.ascii { self.write(&charset::ascii(&line)) } else { self.write(&line) }
    }

    /// If stderr is closed, the error is ignored.
    fn write(&self, line: &str) {
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// stdout, for results that are written incrementally.
    pub fn raw(&self) -> Box<dyn Write + Send> {
        Box::new(self.stdout())
    }

    /// Tells whether stdout is a terminal.
    pub fn stdout_is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn stdout(&self) -> io::BufWriter<io::Stdout> {
        io::BufWriter::with_capacity(64 << 10, io::stdout())
    }
}

/// The width of the terminal; `None` if stdout is not a terminal, or its width is not known.
fn terminal_width() -> Option<u16> {
    io::stdout().is_terminal().then(|| comfy_table::Table::new().width()).flatten().filter(|&width| width > 0)
}
