//! Reads completions from the store.

use std::ffi::OsString;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use clap_complete::CompletionCandidate;

use crate::cli::named_store::with_store;
use crate::cli::{Cli, Globals, options};
use crate::context::{self, Context, variable};
use crate::session::{Filter, IdPrefixes, short_name};
use crate::store::{Cursor, ReadRequest, SessionStore};
use crate::ui::Format;

/// Time limit for the shell. Tests on a busy machine set another one, which a released program does not read.
fn time_limit() -> Duration {
    let set_by_test = || variable("TOMCAT_SESSIONS_TEST_COMPLETION_TIMEOUT_MS")?.parse().ok();
    let timeout = if cfg!(debug_assertions) { set_by_test() } else { None };
    timeout.map_or(Duration::from_secs(1), Duration::from_millis)
}

/// With more ids than this, completion is of no help; and shells would insert a common prefix that not all ids have.
const MAX_IDS: usize = 200;

/// The words of the unfinished line.
#[derive(Debug)]
pub struct Line {
    words: Vec<OsString>,
}

/// The line's global options, as far as they can be parsed.
struct GlobalOptions {
    context: Context,
    apps: Vec<String>,
    /// Whether the swap table is used.
    swapped: bool,
    /// Whether the command uses another store than that of the global options.
    elsewhere: bool,
}

impl Line {
    pub fn new(words: Vec<OsString>) -> Line {
        Line { words }
    }

    /// Tells whether the line contains this word.
    pub fn has_word(&self, word: &str) -> bool {
        self.words.iter().any(|typed| typed == word)
    }

    /// The names of the configured stores.
    pub fn stores(&self) -> Vec<String> {
        let parsed = Cli::command().ignore_errors(true).try_get_matches_from(&self.words);
        let config = parsed.ok().and_then(|matches| matches.try_get_one::<PathBuf>("config").ok()?.cloned());
        let found = context::configuration(config.as_deref()).unwrap_or_default();
        found.stores.into_iter().map(|store| store.name).collect()
    }

    /// The parsed line, including the settings of its store in the configuration file.
    fn parsed(&self) -> Option<ArgMatches> {
        let parse = |words: &[OsString]| Cli::command().ignore_errors(true).try_get_matches_from(words).ok();
        let matches = parse(&self.words)?;
        let Some(name) = matches.try_get_one::<String>("store").ok().flatten() else { return Some(matches) };
        let config = matches.try_get_one::<PathBuf>("config").ok().flatten();
        let store = context::named_store(config.map(PathBuf::as_path), name).ok()?;
        parse(&with_store(&self.words, &matches, &Cli::command(), &store).ok()?)
    }

    fn global_options(&self) -> Option<GlobalOptions> {
        let matches = self.parsed()?;
        let (mut name, mut of) = (String::new(), &matches);
        while let Some((below, matches)) = of.subcommand() {
            (name, of) = (below.to_owned(), matches);
        }
        let mut options = options(Globals::from_arg_matches(of).ok()?, Format::Table);
        let apps = many(of, "app");
        options.configure(apps.first().map(String::as_str).filter(|_| apps.len() == 1)).ok()?;
        let swap_in = name == "swap-in";
        Some(GlobalOptions {
            context: Context::new(options, Cli::command),
            apps,
            swapped: swap_in || of.try_get_one::<bool>("swapped").ok().flatten().copied().unwrap_or_default(),
            elsewhere: swap_in && of.try_get_one::<String>("from").ok().flatten().is_some(),
        })
    }
}

fn many(of: &ArgMatches, name: &str) -> Vec<String> {
    of.try_get_many::<String>(name).ok().flatten().into_iter().flatten().cloned().collect()
}

/// The applications that have sessions, by their short names if these are unique.
pub fn applications(line: &Line, typed: &str) -> Vec<CompletionCandidate> {
    let whole = typed.starts_with('/');
    let found = ask_store(line, |_, mut store| {
        Box::pin(async move { Some(store.apps().await.ok()?.into_iter().flatten().collect::<Vec<String>>()) })
    });
    let found = found.unwrap_or_default();
    let name = |app: &String| {
        let short = short_name(app);
        let alone = found.iter().filter(|other| short_name(other) == short).count() == 1;
        if alone && !whole { short.to_owned() } else { app.clone() }
    };
    found.iter().map(|app| (name(app), app)).filter_map(|(name, app)| candidate(&name, app)).collect()
}

/// Prefixes of the session ids that begin with the typed text, as `list` shows them: an id is a credential, and the
/// line is stored in the shell's history. Empty if there are too many.
pub fn ids(line: &Line, typed: &str) -> Vec<CompletionCandidate> {
    let prefix = Some(typed.to_owned()).filter(|typed| !typed.is_empty());
    let found = ask_store(line, move |global, mut store| {
        Box::pin(async move {
            let mut filter = Filter { id_prefix: prefix, ..Filter::default() };
            if !global.apps.is_empty() {
                let existing = store.apps().await.ok()?;
                let apps = global.apps.iter().filter_map(|app| Filter::resolve_app(app, &existing).ok());
                filter.apps = Some(apps.flatten().collect());
            }
            let reading = ReadRequest { filter: &filter, now: global.context.now, from: None, limit: Some(MAX_IDS) };
            let (mut cursor, mut found) = (Cursor::default(), Vec::new());
            while let Some(page) = store.next_page(&reading, &mut cursor).await.ok()? {
                found.extend(page.into_iter().map(|session| session.key));
                if found.len() > MAX_IDS {
                    return None;
                }
            }
            Some(found)
        })
    });
    let found = found.unwrap_or_default();
    let prefixes = IdPrefixes::of(found.iter().map(|key| key.id.as_str()));
    let shown = found.iter().map(|key| (prefixes.cut(&key.id), key.app.as_deref().unwrap_or_default()));
    shown.filter_map(|(id, app)| candidate(&id, app)).collect()
}

/// A completion; `None` if it contains characters that are special in a shell. It comes from the database, and becomes
/// part of a command.
fn candidate(value: &str, about: &str) -> Option<CompletionCandidate> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '#' | '+' | ',');
    let harmless = value.chars().all(plain) && value.starts_with(|c: char| c.is_alphanumeric() || c == '/');
    let about = about.chars().all(|c| plain(c) || c == ' ').then(|| about.to_owned().into());
    harmless.then(|| CompletionCandidate::new(value).help(about))
}

type Lookup<T> = Pin<Box<dyn Future<Output = Option<T>>>>;

/// Opens the store of the line and queries it, in a thread that is abandoned if it takes too long. Fails if the login
/// needs a password.
fn ask_store<T: Send + 'static>(
    line: &Line,
    ask: impl FnOnce(GlobalOptions, SessionStore) -> Lookup<T> + Send + 'static,
) -> Option<T> {
    let line = Line::new(line.words.clone());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
        let found = runtime.block_on(async {
            let global = line.global_options().filter(|global| !global.elsewhere)?;
            let target = global.context.target().ok()?;
            let store = SessionStore::open(&target, &global.context.options.naming).await.ok()?;
            let store = if global.swapped { store.into_swap_table().await.ok()?.0 } else { store };
            ask(global, store).await
        });
        // There is no receiver any more if the query took too long.
        let _ = sender.send(found);
        Some(())
    });
    receiver.recv_timeout(time_limit()).ok().flatten()
}
