//! The only place that prints. stdout carries the result, in the format that was asked for; stderr
//! carries the conversation: notes, warnings, progress, errors.

mod bars;
mod charset;
mod held_output;
mod human;
mod page;
mod printable;
mod progress;
mod records;
mod screen;

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use serde::Serialize;

use self::held_output::HeldOutput;
use crate::redaction::{holds_secret, redact, redact_url};

pub use bars::marks;
pub use human::{age, bytes, count, plural, time, time_zone};
pub use page::{Head, Page, Style, Table};
pub use printable::printable;
pub use progress::Progress;
pub use records::Records;
pub use screen::Screen;

/// Output format; prometheus is for stats, sql for export, sarif for tomcat lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// A JSON document a line.
    Ndjson,
    /// Comma-separated, with a header.
    Csv,
    /// Prometheus' text exposition, where a command has one.
    Prometheus,
    /// SQL statements, where a command has them.
    Sql,
    /// SARIF 2.1.0, where a command has findings in files.
    Sarif,
}

impl Format {
    /// Tells whether a program reads the result.
    pub fn is_machine(self) -> bool {
        !matches!(self, Format::Table | Format::Sql)
    }
}

/// A result that is one thing: a summary, the columns of a session, a list of findings.
pub trait Report: Serialize {
    /// The field that holds the records which CSV prints; without one, the report is the record.
    const RECORDS: Option<&'static str> = None;
    /// Whether its text is the purpose of the command, as a script is: `--quiet` does not hide it.
    const DOCUMENT: bool = false;

    /// Tells whether `--quiet` must not hide it: it warns, or has what is nowhere else.
    fn is_needed(&self) -> bool {
        false
    }

    /// Shows it to a person.
    fn page(&self, page: &mut Page);
}

/// A result that comes record by record.
pub trait Record: Serialize + Send {
    /// The titles over all those on the screen.
    fn heads(all: &[Self]) -> Vec<Head>
    where
        Self: Sized;

    /// The record's cells among all those on the screen.
    fn cells(all: &[Self]) -> Vec<Vec<String>>
    where
        Self: Sized;
}

/// How to talk.
#[derive(Debug, Clone, Copy)]
pub struct UiOptions {
    pub format: Format,
    /// No notes, and no results for people where all is well.
    pub quiet: bool,
    /// More notes: 1 for what was done, 2 for the statements.
    pub verbose: u8,
    pub color_out: bool,
    pub color_err: bool,
    /// Whether progress may be drawn.
    pub progress: bool,
    /// Whether the terminal only goes on, line by line.
    pub dumb: bool,
    /// Whether only ASCII can be shown.
    pub ascii: bool,
    /// Times are those of UTC, not of the local zone.
    pub utc: bool,
}

impl UiOptions {
    /// How stdout looks.
    fn style(&self) -> Style {
        let UiOptions { color_out: color, ascii, utc, .. } = *self;
        Style { color, width: terminal_width(), ascii, utc }
    }
}

/// What the user typed that holds a secret, with what is shown instead.
static TYPED: OnceLock<Vec<(String, String)>> = OnceLock::new();

/// Keeps the secrets in these arguments off stderr, where a message repeats one whole; called once, first.
pub fn hide_secrets_of(arguments: impl IntoIterator<Item = String>) {
    let mut typed: Vec<(String, String)> = Vec::new();
    for argument in arguments {
        let value = argument.split_once('=').filter(|(option, _)| option.starts_with('-')).map(|(_, value)| value);
        for part in [Some(argument.as_str()), value].into_iter().flatten().filter(|part| holds_secret(part)) {
            typed.push((part.to_owned(), redact_url(part)));
        }
    }
    // The longer first: one may be a part of another.
    typed.sort_by_key(|(raw, _)| std::cmp::Reverse(raw.len()));
    let _ = TYPED.set(typed);
}

/// Text for stderr, without the secrets of URLs.
fn without_secrets(text: &str) -> String {
    let typed = TYPED.get().into_iter().flatten();
    let text = typed.fold(text.to_owned(), |text, (raw, shown)| text.replace(raw, shown));
    redact(&text).into_owned()
}

/// Both streams.
#[derive(Debug, Clone)]
pub struct Ui {
    options: UiOptions,
    /// Results that `--quiet` hides unless the run fails.
    held: HeldOutput,
}

impl Ui {
    pub fn new(options: UiOptions) -> Ui {
        Ui { options, held: HeldOutput::default() }
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
            Format::Csv => records::csv_of(&serde_json::to_value(report)?, R::RECORDS, &mut out)?,
        }
        out.flush()
    }

    /// Begins a result that comes record by record.
    pub fn records<R: Record>(&self) -> Records<R> {
        let UiOptions { format, quiet, .. } = self.options;
        // A list is not printed when it fails half-way either, so that it need not be kept.
        if quiet && !format.is_machine() {
            return Records::hidden(format, self.options.style());
        }
        Records::new(format, self.result(false), self.options.style())
    }

    /// Tells whether stdout is a terminal that can be redrawn.
    pub fn can_redraw(&self) -> bool {
        io::stdout().is_terminal() && !self.options.dumb
    }

    /// Takes the terminal to redraw it.
    pub fn screen(&self) -> io::Result<Screen> {
        Screen::take(self.options)
    }

    /// The same without progress, for a screen that is redrawn.
    pub fn still(&self) -> Ui {
        Ui { options: UiOptions { progress: false, quiet: true, ..self.options }, held: self.held.clone() }
    }

    /// Prints text that is the result itself: a script, a completion, a man page.
    pub fn text(&self, text: &[u8]) -> io::Result<()> {
        let mut out = self.stdout();
        out.write_all(text)?;
        out.flush()
    }

    /// Says something that is good to know; full sentences.
    pub fn note(&self, text: impl AsRef<str>) {
        if !self.options.quiet {
            self.say(&printable(text.as_ref()));
        }
    }

    /// Says something that only `--verbose` wants.
    pub fn detail(&self, text: impl AsRef<str>) {
        if self.options.verbose > 0 {
            self.say(&printable(text.as_ref()));
        }
    }

    /// Prints the results that `--quiet` has hidden, because the run has failed or found something.
    pub fn release(&self) -> io::Result<()> {
        let mut out = self.stdout();
        out.write_all(&self.held.take())?;
        out.flush()
    }

    /// Forgets the results that `--quiet` has hidden.
    pub fn withhold(&self) {
        self.held.take();
    }

    /// Where a result goes: stdout, unless `--quiet` hides it.
    fn result(&self, always: bool) -> Box<dyn Write + Send> {
        if self.options.quiet && !self.options.format.is_machine() && !always {
            return Box::new(self.held.clone());
        }
        Box::new(self.stdout())
    }

    /// Warns; said even with `--quiet`.
    pub fn warn(&self, text: impl AsRef<str>) {
        self.say(&format!("{}: {}", self.paint("warning", "33"), printable(text.as_ref())));
    }

    /// Says how a command failed: an object for programs, lines for people.
    pub fn failure(&self, code: u8, chain: &[String], hints: &[String]) {
        if self.options.format.is_machine() {
            let [chain, hints] =
                [chain, hints].map(|texts| texts.iter().map(|text| without_secrets(text)).collect::<Vec<_>>());
            let (error, causes) = chain.split_first().map_or(("", &[][..]), |(e, rest)| (e.as_str(), rest));
            let object = serde_json::json!({ "error": error, "causes": causes, "hints": hints, "exit_code": code });
            self.write(&object.to_string());
            return;
        }
        self.say(&format!("{}: {}", self.paint("error", "1;31"), printable(&chain.join(": "))));
        for hint in hints {
            self.say(&format!("{}: {}", self.paint("hint", "36"), printable(hint)));
        }
    }

    /// Begins to show how far long work is.
    pub fn progress(&self, what: &'static str, total: Option<u64>) -> Progress {
        Progress::new(self.options.progress && !self.options.quiet, self.options.ascii, what, total)
    }

    /// Tells whether somebody sees progress, so that it is worth knowing the total.
    pub fn shows_progress(&self) -> bool {
        self.options.progress && !self.options.quiet && io::stderr().is_terminal()
    }

    /// Tells whether there is somebody to ask: stdin and stderr are a terminal.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question on the terminal, under `lines` that say more; the answer is read elsewhere.
    pub fn ask(&self, lines: &[String], question: &str) -> io::Result<()> {
        lines.iter().for_each(|line| self.say(&printable(line)));
        let question = printable(question);
        let mut err = io::stderr().lock();
        write!(err, "{} [y/N] ", if self.options.ascii { charset::ascii(&question) } else { question })?;
        err.flush()
    }

    /// Asks for a password on the terminal; `None` where there is none to ask.
    pub fn ask_password(&self, whose: &str) -> io::Result<Option<String>> {
        if !self.can_ask() {
            return Ok(None);
        }
        rpassword::prompt_password(format!("Password of {}: ", printable(whose))).map(Some)
    }

    /// Tells whether a person reads stdout and can answer.
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

    /// Writes a line that is printable but for our own colours.
    fn say(&self, line: &str) {
        let line = without_secrets(line);
        if self.options.ascii { self.write(&charset::ascii(&line)) } else { self.write(&line) }
    }

    /// Nothing better can be done where stderr is gone.
    fn write(&self, line: &str) {
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// stdout, for results that are written as they come.
    pub fn raw(&self) -> Box<dyn Write + Send> {
        Box::new(self.stdout())
    }

    /// Tells whether a person would see what goes to stdout.
    pub fn stdout_is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn stdout(&self) -> io::BufWriter<io::Stdout> {
        io::BufWriter::with_capacity(64 << 10, io::stdout())
    }
}

/// The width of the terminal that stdout is; `None` where it is none, or has not said how wide it is.
fn terminal_width() -> Option<u16> {
    io::stdout().is_terminal().then(|| comfy_table::Table::new().width()).flatten().filter(|&width| width > 0)
}
