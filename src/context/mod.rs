//! What a command gets: the output, the time, the configuration, and the store on demand. The only module that reads
//! the clock and the environment.

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

/// The global options.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub url: Option<String>,
    /// `--context-xml`, an alternative to the URL.
    pub context_xml: Option<PathBuf>,
    /// The store in that file.
    pub configured: Option<Target>,
    /// The file that contains the password of that store.
    pub configured_by: Option<PathBuf>,
    pub password_file: Option<PathBuf>,
    /// The command that prints the password of the store of `--store`.
    pub password_command: Option<String>,
    /// The contents of the MySQL option file of `--defaults-file`.
    pub client: Option<ClientOptions>,
    /// `--config`: the configuration file with the named stores.
    pub config: Option<PathBuf>,
    pub naming: Naming,
    /// Attributes that `list` shows.
    pub attributes: Vec<String>,
    /// Columns that `list` shows, by their names; empty for the default columns.
    pub list_columns: Vec<String>,
    /// Whether `list` shows more columns.
    pub wide: bool,
    pub format: Format,
    pub quiet: bool,
    /// Number of `--verbose` options.
    pub verbose: u8,
    pub color: Color,
    pub no_progress: bool,
    /// `--reconnect`: the time limit for replacing a lost connection.
    pub reconnect: Option<Duration>,
    pub utc: bool,
    pub full_ids: bool,
}

/// What a command gets.
pub struct Context {
    pub ui: Ui,
    pub options: Options,
    /// The time of the run, at which all sessions are evaluated.
    pub now: EpochMillis,
    /// The command definitions, for everything that is generated from them.
    pub grammar: fn() -> clap::Command,
    /// Records the statements and requests, if `--verbose` is given.
    pub requests: RequestLog,
    /// Ends waits for servers, and ends long work after the current batch.
    stop: Stop,
    /// Whether read-only hosts are preferred.
    from_replica: Arc<AtomicBool>,
    /// Whether signal handlers are installed.
    listening: Arc<AtomicBool>,
    /// Notes about URLs that have been printed.
    noted: Mutex<Vec<String>>,
    /// Passwords that password commands have printed, by command.
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

    /// As this one, but without notes and progress.
    pub fn without_messages(&self) -> Context {
        Context {
            ui: self.ui.without_progress(),
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

    /// Opens the store. If the login fails because there is no password, asks for one on the terminal, if there is one,
    /// and tries again.
    pub async fn open(&self) -> Result<SessionStore, Failure> {
        let mut target = self.target()?;
        self.with_password_prompt(&mut target, async |target| SessionStore::open(target, &self.options.naming).await)
            .await
    }

    /// As [`Context::open`], but accepts a table of any structure.
    pub async fn inspect(&self) -> Result<SessionStore, Failure> {
        let mut target = self.target()?;
        self.with_password_prompt(&mut target, async |target| SessionStore::inspect(target, &self.options.naming).await)
            .await
    }

    /// Runs `open`. If the server refuses a login without a password, asks for a password on the terminal, stores it in
    /// `target`, and runs `open` again.
    pub async fn with_password_prompt<T>(
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

    /// Makes later connections prefer read-only hosts, if the URL has several hosts.
    pub fn prefer_replica(&self) {
        self.from_replica.store(true, Ordering::Relaxed);
    }

    /// Prints the notes about a URL, each once.
    pub fn note_about(&self, target: &Target) {
        let Ok(mut noted) = self.noted.lock() else { return };
        for note in &target.notes {
            if !noted.contains(note) {
                self.ui.note(note);
                noted.push(note.clone());
            }
        }
    }

    /// The current time of this machine, to compare it with other clocks. Sessions are evaluated at [`Context::now`].
    pub fn clock(&self) -> EpochMillis {
        now()
    }

    /// Sets the time after which a server that does not answer must show that it is working (`--max-time`). The work
    /// itself is limited by [`Stop::set_deadline`].
    pub fn require_answers_after(&self, max_time: Option<Duration>) {
        if let Some(time) = max_time {
            self.stop.require_answers_after(time);
        }
    }

    /// Makes SIGINT and SIGTERM end long work after the current batch, which has [`GRACE`] to finish. A second signal
    /// ends the process immediately; the server then rolls back.
    ///
    /// [`GRACE`]: crate::store::GRACE
    ///
    /// # Errors
    /// The system does not accept signal handlers.
    pub fn stop_on_signals(&self) -> Result<Stop, Failure> {
        if !self.listening.swap(true, Ordering::Relaxed) {
            signals::listen(self.stop.clone(), &self.ui)
                .map_err(|e| Failure::new(FAILED, format!("cannot listen for signals: {e}")))?;
        }
        Ok(self.stop.clone())
    }
}

impl Options {
    /// Reads the store from `--context-xml`, if given: its location and, unless the user gives other names, those of
    /// its table and columns. `app` selects one of several stores.
    ///
    /// # Errors
    /// Usage error if the file does not configure a usable store.
    pub fn configure(&mut self, app: Option<&str>) -> Result<(), Failure> {
        if let Some(file) = &self.context_xml {
            let at = catalina::locate(file, app, &variable)?;
            self.configured = Some(target_of(&at)?);
            self.configured_by.clone_from(&at.secret_file);
            self.naming = naming_of(&at, std::mem::take(&mut self.naming));
        }
        Ok(())
    }

    /// Reads the account from the MySQL option file of `--defaults-file` and, if no URL is given, also the server and
    /// the database.
    ///
    /// # Errors
    /// Usage error if the file cannot be read, or does not contain a database although it is needed.
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

/// The target of a configured store, with the URL parsed like its driver does.
///
/// # Errors
/// Usage error if no engine supports the URL.
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

/// The configured names; names given by the user take precedence.
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
        // Later columns take precedence.
        columns: columns.chain(given.columns).collect(),
        swap_table: given.swap_table,
    }
}

/// The exit code after a signal.
pub fn exit_code_of(signal: Signal) -> u8 {
    code_of_cause(Cause::Signal(signal))
}

/// An environment variable; `None` also if it is not valid UTF-8.
pub fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this module is the one that reads the environment")]
    env::var(name).ok()
}

/// Tells whether the locale uses UTF-8. If no variable is set, it is the C locale with ASCII (POSIX, Base Definitions,
/// 8.2).
pub fn locale_is_utf8() -> bool {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// The time of this machine in epoch milliseconds or, in tests, `TOMCAT_SESSIONS_CLOCK`. A purge uses the earlier of
/// this time and the server's, so that a wrong value cannot make more sessions expire.
fn now() -> EpochMillis {
    if let Some(fixed) = variable("TOMCAT_SESSIONS_CLOCK").and_then(|v| v.parse().ok()) {
        return EpochMillis(fixed);
    }
    #[expect(clippy::disallowed_methods, reason = "this module is the one that reads the clock")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    EpochMillis(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
}
