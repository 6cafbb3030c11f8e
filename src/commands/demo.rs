//! `demo`: the tour on a throw-away store. What it shows it runs: each step is this very program,
//! started with the arguments that are printed.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use serde::Deserialize;
use tempfile::TempDir;

use crate::context::{Color, Context, code_of};
use crate::failure::{DONE, Failure};
use crate::private_file;
use crate::redaction::{holds_secret, redact_url};
use crate::session::{EpochMillis, OnConflict, Session, SessionKey, SessionMeta};
use crate::store::{Naming, SessionStore, Stop, parse_url};

/// Take the tour: every command on a throw-away store
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The store is an SQLite file, filled with sessions that Tomcat 9, 10.1 and 11 wrote, and removed at \
the end. No server is needed and none is touched; options that name a store have no effect.

Exit status:
  0    done
  1    a command of the tour failed
  2    the directory of --keep holds a store already
  130  interrupted: the store is removed
  143  terminated: likewise

Examples:
  tomcat-sessions demo
  tomcat-sessions demo --keep /tmp/play")]
pub struct Args {
    /// Make the store in this directory, and leave it there to play with
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// The name of the store's file, alone on the command lines because they run beside it.
const FILE: &str = "sessions.db";

/// What the tour shows once the store is filled: the words before a command, and the command.
const STEPS: &[(&str, &[&str])] = &[
    ("Is the table sound? `check` says what is not, and how to mend it.", &["check"]),
    (
        "What is in it? Ids are credentials: no more of one is shown than tells it from\n\
         the others.",
        &["list", "--limit", "5"],
    ),
    ("Who is logged in, and who has been away for longest?", &["list", "--state", "live", "--sort", "idle"]),
    ("One session. The beginning of its id is enough.", &["show", "0EE532DB"]),
    ("Totals by application. OLDEST is how long the oldest expired one has been so.", &["stats"]),
    (
        "What do they hold? The data are read without a JVM, and without running\n\
         anything; values are shown only where you ask for them.",
        &["stats", "--by", "attr"],
    ),
    ("In which session is this value?", &["list", "--attr", "string=user50"]),
    ("What would a purge delete?", &["expire", "--dry-run"]),
    ("The purge: small batches, beside a live Tomcat, each minute from cron.", &["expire"]),
    (
        "What expired within the last 5 minutes is still there: a live Tomcat expires\n\
         it itself, so that its listeners run.",
        &["list", "--state", "expired"],
    ),
    ("One user is to be logged out.", &["delete", "480A5A4F"]),
    ("What is left.", &["list"]),
];

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    if cx.ui.format().is_machine() {
        return Err(Failure::usage("the tour is for people and has no other --format")
            .hint("each command that it shows has: `tomcat-sessions stats --format json`"));
    }
    // Before there is anything to remove.
    let stop = cx.stop_on_signals()?;
    let place = DemoDir::new(args.keep)?;
    let tour = Tour {
        cx,
        dir: place.dir(),
        program: std::env::current_exe()
            .map_err(|e| Failure::failed(format!("cannot find the program to run the tour with: {e}")))?,
        stop,
    };
    tour.say(&format!(
        "A tour of tomcat-sessions, on a store of its own. What follows a $ is what is\n\
         being run.\n\n$ cd {}\n",
        place.dir().display()
    ))?;
    tour.step("Everything that a session database needs. On a file that is the table.", &["init-db", "--apply"])?;
    let sessions = sessions(cx.now)?;
    tour.say(&format!(
        "# {} sessions that Tomcat 9, 10.1 and 11 wrote are put into it now, their last\n\
         # accesses spread over the last hour and a half.\n",
        sessions.len()
    ))?;
    fill(place.dir(), &sessions).await?;
    for (words, command) in STEPS {
        tour.step(words, command)?;
    }
    tour.say(&place.farewell())?;
    Ok(DONE)
}

/// The directory of the store; one that nobody asked to keep is removed when this is dropped.
enum DemoDir {
    Temporary(TempDir),
    Kept(PathBuf),
}

impl DemoDir {
    fn new(keep: Option<PathBuf>) -> Result<DemoDir, Failure> {
        let Some(dir) = keep else {
            return private_file::temporary_directory()
                .map(DemoDir::Temporary)
                .map_err(|e| Failure::failed(format!("cannot make a temporary directory: {e}")));
        };
        let shown = redact_url(&dir.display().to_string());
        if holds_secret(&dir.display().to_string()) {
            return Err(Failure::usage(format!("`{shown}` is not the name of a directory"))
                .hint("--keep takes a directory for the store of the tour, not a URL"));
        }
        private_file::directory(&dir)
            .map_err(|e| Failure::failed(format!("cannot make the directory `{shown}`: {e}")))?;
        if dir.join(FILE).exists() {
            return Err(Failure::usage(format!("there is a {FILE} in `{shown}` already"))
                .hint("remove it, or name another directory: the tour begins with an empty store"));
        }
        Ok(DemoDir::Kept(dir))
    }

    fn dir(&self) -> &Path {
        match self {
            DemoDir::Temporary(dir) => dir.path(),
            DemoDir::Kept(dir) => dir,
        }
    }

    fn farewell(&self) -> String {
        match self {
            DemoDir::Temporary(_) => "That was the tour. Its store is gone; `tomcat-sessions demo --keep DIR` keeps\n\
                 it. Next, with a store of yours:\n\
                 `tomcat-sessions --url mysql://USER@HOST/DATABASE check`.\n"
                .to_owned(),
            DemoDir::Kept(dir) => format!(
                "That was the tour. Its store stays:\n\n$ tomcat-sessions --url sqlite:{} list\n",
                dir.join(FILE).display()
            ),
        }
    }
}

struct Tour<'a> {
    cx: &'a Context,
    dir: &'a Path,
    program: PathBuf,
    stop: Stop,
}

impl Tour<'_> {
    fn say(&self, words: &str) -> Result<(), Failure> {
        Ok(self.cx.ui.text(format!("{words}\n").as_bytes())?)
    }

    /// Says what comes and runs it; both streams of the command are ours.
    fn step(&self, words: &str, command: &[&str]) -> Result<(), Failure> {
        let mut args = vec!["--url", "sqlite:sessions.db"];
        match self.cx.options.color {
            Color::Auto => {}
            Color::Always => args.extend(["--color", "always"]),
            Color::Never => args.extend(["--color", "never"]),
        }
        args.extend(command);
        let line = format!("tomcat-sessions {}", args.join(" "));
        let words = words.replace('\n', "\n# ");
        self.cx.ui.text(format!("# {words}\n$ {line}\n").as_bytes())?;
        let status = Command::new(&self.program)
            .args(&args)
            .current_dir(self.dir)
            .status()
            .map_err(|e| Failure::failed(format!("cannot run `{line}`: {e}")))?;
        if let Some(signal) = self.stop.requested() {
            return Err(Failure::new(code_of(signal), "the tour was interrupted"));
        }
        if !status.success() {
            return Err(Failure::failed(format!("`{line}` ended with {status}")));
        }
        self.say("")
    }
}

/// A line of the fixtures: the row of a session table, its data in base64.
#[derive(Deserialize)]
struct Row {
    session_id: String,
    app_name: String,
    valid_session: String,
    max_inactive: i64,
    last_access: EpochMillis,
    session_data: String,
}

/// The sessions of the fixtures as if they had last been used within the hour and a half before `now`, so
/// that some are live, some expired and some never expire whatever the date is. Only the column
/// moves; what is in the data stays what Tomcat wrote.
fn sessions(now: EpochMillis) -> Result<Vec<Session>, Failure> {
    let read = |line| {
        let row: Row = serde_json::from_str(line).ok()?;
        let data = base64::engine::general_purpose::STANDARD.decode(row.session_data).ok()?;
        let meta = SessionMeta {
            key: SessionKey::new(Some(row.app_name), row.session_id),
            valid: Some(row.valid_session),
            max_inactive: Some(row.max_inactive),
            last_access: Some(row.last_access),
            size: Some(data.len() as u64),
        };
        Some(Session { meta, data: Some(data.into()) })
    };
    let lines = include_str!("../../tests/fixtures/sessions.ndjson").lines();
    let mut sessions = lines
        .map(read)
        .collect::<Option<Vec<Session>>>()
        .ok_or_else(|| Failure::failed("the sessions of the tour cannot be read"))?;
    sessions.sort_by_key(|session| std::cmp::Reverse(session.meta.last_access));
    // A moment off, so that none expires on the edge of a minute, or of the grace of `expire`.
    let mut at = now.before(std::time::Duration::from_millis(1));
    for session in &mut sessions {
        at = at.before(BETWEEN);
        session.meta.last_access = Some(at);
    }
    Ok(sessions)
}

/// The time from one session's last access to the next one's.
const BETWEEN: std::time::Duration = std::time::Duration::from_secs(210);

async fn fill(dir: &Path, sessions: &[Session]) -> Result<(), Failure> {
    let target = parse_url(&format!("sqlite:{}", dir.join(FILE).display()))?;
    let mut store = SessionStore::open(&target, &Naming::default()).await?;
    store.insert(sessions, OnConflict::Fail).await?;
    store.close().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::SessionState;

    #[test]
    fn there_is_something_of_every_state_on_any_day() {
        for now in [EpochMillis(0), EpochMillis(4_000_000_000_000)] {
            let verdicts: Vec<SessionState> = sessions(now).unwrap().iter().map(|s| s.meta.state_at(now)).collect();
            let count = |is: fn(&SessionState) -> bool| verdicts.iter().filter(|v| is(v)).count();
            assert_eq!(verdicts.len(), 26);
            assert_eq!(count(|v| matches!(v, SessionState::Live { .. })), 6);
            assert_eq!(count(|v| matches!(v, SessionState::NeverExpires)), 2);
            assert_eq!(count(|v| matches!(v, SessionState::Expired { .. })), 18);
        }
    }

    #[test]
    fn the_sessions_that_the_tour_names_are_live() {
        let now = EpochMillis(4_000_000_000_000);
        for id in ["0EE532DB", "480A5A4F"] {
            let found: Vec<_> = sessions(now).unwrap().into_iter().filter(|s| s.meta.key.id.starts_with(id)).collect();
            assert!(matches!(found[0].meta.state_at(now), SessionState::Live { .. }), "{id}");
            assert_eq!(found.len(), 1, "{id}");
        }
    }
}
