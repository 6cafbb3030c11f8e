//! What a command is given: how to talk, what time it is, and the store to open on demand. The
//! only reader of the clock and the environment.

mod configuration_files;
mod signals;
mod store_location;

use std::env;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::SecretString;

use crate::catalina::{self, ConfiguredStore};
use crate::configuration::ClientOptions;
use crate::failure::{FAILED, Failure, code_of_cause};
use crate::request_log::RequestLog;
use crate::session::EpochMillis;
use crate::store::{
    Cause, Configured, DbErrorKind, Naming, SessionStore, Signal, Stop, StoreError, Target, parse_configured,
};
use crate::ui::{Format, Ui, UiOptions};

use configuration_files::client_options;
pub use configuration_files::{configuration, named_store};

/// When to use colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// What the global options say.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub url: Option<String>,
    /// `--context-xml`, instead of the URL.
    pub context_xml: Option<PathBuf>,
    /// The store that it configures.
    pub configured: Option<Target>,
    /// The file in which the configuration has its password.
    pub configured_by: Option<PathBuf>,
    pub password_file: Option<PathBuf>,
    /// Prints the password: of the store that `--store` names.
    pub password_command: Option<String>,
    /// What the MySQL option file of `--defaults-file` says.
    pub client: Option<ClientOptions>,
    /// `--config`: where stores have their names.
    pub config: Option<PathBuf>,
    pub naming: Naming,
    /// Attributes that `list` shows.
    pub attributes: Vec<String>,
    /// Columns that `list` shows, by their names; none for the usual ones.
    pub list_columns: Vec<String>,
    /// `list` shows more columns.
    pub wide: bool,
    pub format: Format,
    pub quiet: bool,
    /// How often `--verbose` was given.
    pub verbose: u8,
    pub color: Color,
    pub no_progress: bool,
    /// `--reconnect`: for how long a lost connection is replaced.
    pub reconnect: Option<Duration>,
    pub utc: bool,
    pub full_ids: bool,
}

/// What a command is given.
pub struct Context {
    pub ui: Ui,
    pub options: Options,
    /// One moment for the whole run: everything is judged at it.
    pub now: EpochMillis,
    /// The program's grammar, for what is generated from it.
    pub grammar: fn() -> clap::Command,
    /// What is sent to servers, where `--verbose` asks for it.
    pub requests: RequestLog,
    /// Ends the waits for servers, and long work after the batch in hand.
    stop: Stop,
    /// Whether hosts that are read-only are preferred.
    from_replica: Arc<AtomicBool>,
    /// Whether signals are listened for.
    listening: Arc<AtomicBool>,
    /// The notes about URLs that were said already.
    noted: Mutex<Vec<String>>,
    /// What password commands have printed.
    printed: Arc<Mutex<Vec<(String, SecretString)>>>,
}

impl Context {
    pub fn new(options: Options, grammar: fn() -> clap::Command) -> Context {
        let dumb = variable("TERM").is_some_and(|terminal| terminal == "dumb");
        let plain = dumb || variable("NO_COLOR").is_some_and(|v| !v.is_empty());
        let color = |terminal: bool| match options.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !plain,
        };
        let ui = Ui::new(UiOptions {
            format: options.format,
            quiet: options.quiet,
            verbose: options.verbose,
            color_out: color(std::io::stdout().is_terminal()),
            color_err: color(std::io::stderr().is_terminal()),
            progress: !options.no_progress,
            dumb,
            ascii: !locale_is_utf8(),
            utc: options.utc,
        });
        let requests = match options.verbose {
            0 => RequestLog::default(),
            1 => RequestLog::counting(),
            _ => {
                let ui = ui.clone();
                RequestLog::printing(move |text| ui.detail(text))
            }
        };
        Context {
            ui,
            options,
            now: now(),
            grammar,
            requests,
            stop: Stop::never(),
            from_replica: Arc::default(),
            listening: Arc::default(),
            noted: Mutex::default(),
            printed: Arc::default(),
        }
    }

    /// The same, which neither notes nor shows progress.
    pub fn still(&self) -> Context {
        Context {
            ui: self.ui.still(),
            options: self.options.clone(),
            now: self.now,
            grammar: self.grammar,
            requests: self.requests.clone(),
            stop: self.stop.clone(),
            from_replica: Arc::clone(&self.from_replica),
            listening: Arc::clone(&self.listening),
            noted: Mutex::default(),
            printed: Arc::clone(&self.printed),
        }
    }

    /// Opens the store; a login that fails for want of a password is tried once more with one from
    /// the terminal, where there is a terminal.
    pub async fn open(&self) -> Result<SessionStore, Failure> {
        let mut target = self.target()?;
        self.logging_in(&mut target, async |target| SessionStore::open(target, &self.options.naming).await).await
    }

    /// As [`Context::open`], whatever shape the table has.
    pub async fn inspect(&self) -> Result<SessionStore, Failure> {
        let mut target = self.target()?;
        self.logging_in(&mut target, async |target| SessionStore::inspect(target, &self.options.naming).await).await
    }

    /// Runs `open`, and where the server refuses a login without a password, asks for one on the
    /// terminal, remembers it in `target`, and runs it again.
    pub async fn logging_in<T>(
        &self,
        target: &mut Target,
        open: impl AsyncFn(&Target) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        target.stop = self.stop.clone();
        target.failover.log = self.requests.clone();
        target.failover.prefers_replica = self.from_replica.load(Ordering::Relaxed);
        if let Some(time) = self.options.reconnect {
            target.failover.reconnect = Some(time).filter(|time| !time.is_zero());
        }
        self.note_about(target);
        if let Some(file) = &self.options.configured_by {
            self.warn_of_readers("the store's password in", file);
        }
        match open(target).await {
            Err(error) if error.kind() == Some(DbErrorKind::Auth) && target.password.is_none() => {
                match self.ui.ask_password(&target.to_string())? {
                    Some(password) => {
                        target.password = Some(SecretString::from(password));
                        Ok(open(target).await?)
                    }
                    None => Err(error.into()),
                }
            }
            opened => Ok(opened?),
        }
    }

    /// Lets stores be opened at a host that is read-only, where their URL names one.
    pub fn prefer_replica(&self) {
        self.from_replica.store(true, Ordering::Relaxed);
    }

    /// Says once what the user should know of the URL.
    pub fn note_about(&self, target: &Target) {
        let Ok(mut noted) = self.noted.lock() else { return };
        for note in &target.notes {
            if !noted.contains(note) {
                self.ui.note(note);
                noted.push(note.clone());
            }
        }
    }

    /// This machine's clock at this very moment, to compare another one with; sessions are judged
    /// at [`Context::now`].
    pub fn clock(&self) -> EpochMillis {
        now()
    }

    /// Bounds a run by `--max-time`: after that time, a server must answer or be at work, and
    /// [`Stop::end_after`] is for the work itself.
    pub fn hurry_after(&self, max_time: Option<Duration>) {
        if let Some(time) = max_time {
            self.stop.hurry_after(time);
        }
    }

    /// Lets SIGINT and SIGTERM ask long work to end after the batch in hand, which gets [`GRACE`]; a
    /// second one ends the process at once, which the server answers by rolling back.
    ///
    /// [`GRACE`]: crate::store::GRACE
    ///
    /// # Errors
    /// When the system takes no handlers.
    pub fn stop_on_signals(&self) -> Result<Stop, Failure> {
        if !self.listening.swap(true, Ordering::Relaxed) {
            signals::listen(self.stop.clone(), &self.ui)
                .map_err(|e| Failure::new(FAILED, format!("cannot listen for signals: {e}")))?;
        }
        Ok(self.stop.clone())
    }
}

impl Options {
    /// Takes the store from `--context-xml`, where that was given: where it is, and the names of its
    /// table and columns as far as the user names none. `app` chooses among several.
    ///
    /// # Errors
    /// Usage, when the file configures no store that can be used.
    pub fn configure(&mut self, app: Option<&str>) -> Result<(), Failure> {
        if let Some(file) = &self.context_xml {
            let at = catalina::locate(file, app, &variable)?;
            self.configured = Some(target_of(&at)?);
            self.configured_by.clone_from(&at.secret_file);
            self.naming = naming_of(&at, std::mem::take(&mut self.naming));
        }
        Ok(())
    }

    /// Takes the account from the MySQL option file of `--defaults-file`, and the server and the database too
    /// where no URL names them.
    ///
    /// # Errors
    /// Usage, when the file cannot be read, or names no database where it must.
    pub fn read_defaults_file(&mut self, file: &Path) -> Result<(), Failure> {
        let client = client_options(file)?;
        if self.url.is_none() && self.context_xml.is_none() {
            self.url = Some(client.url().ok_or_else(|| {
                Failure::usage(format!("`{}` has no `database` in its group [client]", file.display()))
                    .hint("--url mysql://db.example.org/tomcat names the server and the database")
            })?);
        }
        self.client = Some(client);
        Ok(())
    }
}

/// The store of a configuration, as its driver understands it.
///
/// # Errors
/// Usage, when no engine understands the URL.
pub fn target_of(at: &ConfiguredStore) -> Result<Target, Failure> {
    let configured = Configured {
        class: at.driver.as_deref(),
        version: at.driver_version.as_deref(),
        user: at.user.as_deref(),
        password: at.password.clone(),
    };
    parse_configured(&at.url, &configured)
        .map_err(|error| Failure::from(error).hint(format!("the URL is that of {}", at.place)))
}

/// The names of a configuration, with the user's own in their place.
pub fn naming_of(at: &ConfiguredStore, given: Naming) -> Naming {
    let names = &at.names;
    let columns = [
        ("id", &names.id),
        ("app", &names.app),
        ("data", &names.data),
        ("valid", &names.valid),
        ("max-inactive", &names.max_inactive),
        ("last-access", &names.last_access),
    ];
    let columns = columns.into_iter().map(|(which, name)| (which.to_owned(), name.clone()));
    Naming {
        table: given.table.or_else(|| Some(names.table.clone())),
        // What comes later counts.
        columns: columns.chain(given.columns).collect(),
        swap_table: given.swap_table,
    }
}

/// The exit code of a run that a signal ended.
pub fn code_of(signal: Signal) -> u8 {
    code_of_cause(Cause::Signal(signal))
}

/// An environment variable; one that is not UTF-8 is as good as none.
pub fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this module is the one that reads the environment")]
    env::var(name).ok()
}

/// Tells whether the locale's characters are UTF-8; where no variable says so, it is the C locale, which
/// has ASCII (POSIX, Base Definitions, 8.2).
pub fn locale_is_utf8() -> bool {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// This machine's clock, or for tests the one in `TOMCAT_SESSIONS_CLOCK`: epoch milliseconds. A
/// purge believes the earlier of this clock and the server's, so that it can only spare sessions.
fn now() -> EpochMillis {
    if let Some(fixed) = variable("TOMCAT_SESSIONS_CLOCK").and_then(|v| v.parse().ok()) {
        return EpochMillis(fixed);
    }
    #[expect(clippy::disallowed_methods, reason = "this module is the one that reads the clock")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    EpochMillis(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
}
