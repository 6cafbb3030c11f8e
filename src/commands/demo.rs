//! `demo`: a tour on a temporary store. Each step starts this program with the arguments that it prints.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use serde::Deserialize;

use crate::context::{Color, Context, exit_code_of};
use crate::failure::{DONE, Failure};
use crate::javaser::touch;
use crate::private_file;
use crate::redaction::{holds_secret, redact_url};
use crate::session::{EpochMillis, OnConflict, Session, SessionKey, SessionMeta};
use crate::store::{Naming, SessionStore, Stop, parse_url};

/// Take a tour of the commands on a temporary store
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The tour uses a temporary SQLite store with sessions that Tomcat 9, 10.1 and 11 wrote. It needs no \
server, and options that name a store have no effect. On a terminal it pauses after each step.

Exit status:
  0    done
  1    a command of the tour failed
  2    the directory of --keep already contains a store
  130  interrupted: the store is removed
  143  terminated, in the same way

Examples:
  tomcat-sessions demo
  tomcat-sessions demo --keep /tmp/play")]
pub struct Args {
    /// Keep a copy of the store, as it was before the purge, in this directory
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Do not wait for Enter after each step
    #[arg(long)]
    no_pause: bool,
}

/// The file name of the store. The commands are printed without a directory, because they run in it.
const FILE: &str = "sessions.db";

/// A step of the tour: the text before the command, and the arguments.
type Step = (&'static str, &'static [&'static str]);

/// The step before the sessions are stored.
const FIRST: Step = (
    "1. You install a new application and need a table for its sessions. With a\n\
     database server, `init-db` also creates the database and Tomcat's account.",
    &["init-db", "--apply"],
);

/// The steps that change nothing.
const READ_ONLY_STEPS: &[Step] = &[
    ("2. Can Tomcat use this table? `check` reports problems, with remedies.", &["check"]),
    (
        "3. How many sessions are there, and how old and how large are they? OLDEST is\n\
         how long ago the longest-expired session expired.",
        &["stats"],
    ),
    (
        "4. Which sessions are in use? An id is a credential: only a unique prefix is\n\
         shown.",
        &["list", "--state", "live", "--sort", "idle"],
    ),
    ("5. Alice calls: her shopping cart is empty. Which session is hers?", &["list", "--user", "alice"]),
    (
        "6. What is in it? The data are decoded without a JVM. Values are hidden unless\n\
         you add --values.",
        &["show", "01234567"],
    ),
    ("7. What takes up space? The attributes of all sessions together.", &["stats", "--by", "attr"]),
    (
        "8. The table grows. What would a purge delete? Sessions that expired within\n\
         the last 5 minutes are left to Tomcat, so that its listeners fire.",
        &["expire", "--dry-run"],
    ),
];

/// The steps that delete sessions; the copy for --keep is made before.
const DELETING_STEPS: &[Step] = &[
    ("9. The purge. In production, systemd or cron runs it about once a minute.", &["expire"]),
    (
        "10. Alice has lost her phone. Delete her sessions: with filters, `delete`\n\
         needs --all. `logout` also ends sessions in the memory of running Tomcats.",
        &["delete", "--user", "alice", "--all"],
    ),
];

pub async fn run(args: Args, cx: &Context) -> Result<u8, Failure> {
    if cx.ui.format().is_machine() {
        return Err(Failure::usage("the tour supports only --format table")
            .hint("the commands of the tour support other formats: `tomcat-sessions stats --format json`"));
    }
    // Before temporary files exist.
    let stop = cx.stop_on_signals()?;
    let kept = args.keep.map(kept_directory).transpose()?;
    let temporary = private_file::temporary_directory()
        .map_err(|e| Failure::failed(format!("cannot create a temporary directory: {e}")))?;
    let tour = Tour {
        cx,
        dir: temporary.path(),
        program: std::env::current_exe()
            .map_err(|e| Failure::failed(format!("cannot find the program file for the tour: {e}")))?,
        stop,
        pauses: !args.no_pause && cx.ui.is_interactive(),
    };
    tour.say(&format!(
        "A tour of tomcat-sessions in ten steps, on a temporary store. Each line with a $\n\
         is a command that the tour runs.\n\n$ cd {}\n",
        tour.dir.display()
    ))?;
    tour.step(&FIRST).await?;
    let sessions = sessions(cx.now)?;
    tour.say(&format!(
        "# Now the tour stores {} sessions that Tomcat 9, 10.1 and 11 wrote, with last\n\
         # accesses in the last hour and a half, and one of a logged-in user, alice.\n",
        sessions.len() - 1
    ))?;
    fill(tour.dir, &sessions).await?;
    tour.steps(READ_ONLY_STEPS).await?;
    if let Some(dir) = &kept {
        std::fs::copy(tour.dir.join(FILE), dir.join(FILE))
            .map_err(|e| Failure::failed(format!("cannot copy the store to `{}`: {e}", dir.display())))?;
    }
    tour.steps(DELETING_STEPS).await?;
    tour.say(&closing_text(kept.as_deref()))?;
    Ok(DONE)
}

/// Creates the directory of --keep.
fn kept_directory(dir: PathBuf) -> Result<PathBuf, Failure> {
    let shown = redact_url(&dir.display().to_string());
    if holds_secret(&dir.display().to_string()) {
        return Err(Failure::usage(format!("`{shown}` is not the name of a directory"))
            .hint("--keep needs a directory for the tour's store, not a URL"));
    }
    private_file::directory(&dir)
        .map_err(|e| Failure::failed(format!("cannot create the directory `{shown}`: {e}")))?;
    if dir.join(FILE).exists() {
        return Err(
            Failure::usage(format!("`{shown}` already contains a {FILE}")).hint("remove it or use another directory")
        );
    }
    Ok(dir)
}

fn closing_text(kept: Option<&Path>) -> String {
    match kept {
        None => "That was the tour. Its store is removed; with --keep DIR you get a copy from\n\
             before the purge. Next, check your own store:\n\n\
             $ tomcat-sessions --url mysql://USER@HOST/DATABASE check\n"
            .to_owned(),
        Some(dir) => format!(
            "That was the tour. A copy of the store from before the purge is yours to\n\
             experiment with:\n\n$ tomcat-sessions --url sqlite:{} list\n",
            dir.join(FILE).display()
        ),
    }
}

struct Tour<'a> {
    cx: &'a Context,
    dir: &'a Path,
    program: PathBuf,
    stop: Stop,
    /// Waits for Enter after each step.
    pauses: bool,
}

impl Tour<'_> {
    fn say(&self, words: &str) -> Result<(), Failure> {
        Ok(self.cx.ui.text(format!("{words}\n").as_bytes())?)
    }

    async fn steps(&self, steps: &[Step]) -> Result<(), Failure> {
        for step in steps {
            self.step(step).await?;
        }
        Ok(())
    }

    /// Prints the text and the command, and runs the command with this program's stdout and stderr.
    async fn step(&self, (words, command): &Step) -> Result<(), Failure> {
        let mut args = vec!["--url", "sqlite:sessions.db"];
        match self.cx.options.color {
            Color::Auto => {}
            Color::Always => args.extend(["--color", "always"]),
            Color::Never => args.extend(["--color", "never"]),
        }
        args.extend(*command);
        let line = format!("tomcat-sessions {}", args.join(" "));
        let words = words.replace('\n', "\n# ");
        self.cx.ui.text(format!("# {words}\n$ {line}\n").as_bytes())?;
        let status = Command::new(&self.program)
            .args(&args)
            .current_dir(self.dir)
            .status()
            .map_err(|e| Failure::failed(format!("cannot run `{line}`: {e}")))?;
        self.check_stop()?;
        if !status.success() {
            return Err(Failure::failed(format!("`{line}` ended with {status}")));
        }
        self.say("")?;
        if self.pauses { self.pause().await } else { Ok(()) }
    }

    /// Waits for Enter, or for a signal.
    async fn pause(&self) -> Result<(), Failure> {
        let ui = self.cx.ui.clone();
        let enter = tokio::task::spawn_blocking(move || ui.wait_for_enter("Press Enter to continue. "));
        let mut stop = self.stop.clone();
        tokio::select! {
            _ = stop.wait() => {}
            _ = enter => {}
        }
        self.check_stop()
    }

    fn check_stop(&self) -> Result<(), Failure> {
        match self.stop.requested() {
            Some(signal) => Err(Failure::new(exit_code_of(signal), "the tour was interrupted")),
            None => Ok(()),
        }
    }
}

/// A line of the fixtures: a row of a session table, with its data in base64.
#[derive(Deserialize)]
struct Row {
    session_id: String,
    app_name: String,
    valid_session: String,
    max_inactive: i64,
    last_access: EpochMillis,
    session_data: String,
}

/// The sessions of the fixtures, with last accesses in the 90 minutes before `now`, so that some are live, some are
/// expired and some never expire, whatever the date. The last access is set in the column and in the data, as Tomcat
/// writes both.
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
    // One millisecond earlier, so that no session expires exactly at a minute or at the end of the grace period.
    let mut at = now.before(std::time::Duration::from_millis(1));
    for session in &mut sessions {
        at = at.before(ACCESS_INTERVAL);
        session.meta.last_access = Some(at);
        let mut data = session.data.as_deref().unwrap_or_default().to_vec();
        touch(&mut data, at.0).map_err(Failure::failed)?;
        session.data = Some(data.into());
    }
    sessions.push(alice(now)?);
    Ok(sessions)
}

/// The session of a logged-in user, last accessed a minute ago.
fn alice(now: EpochMillis) -> Result<Session, Failure> {
    let mut data = include_bytes!("../../tests/decode/fixtures/session-login.ser").to_vec();
    let used = now.before(std::time::Duration::from_secs(60));
    touch(&mut data, used.0).map_err(Failure::failed)?;
    let key = SessionKey::new(Some("/Catalina/localhost/demo".to_owned()), ALICE.to_owned());
    let meta = SessionMeta {
        key,
        valid: Some("1".to_owned()),
        max_inactive: Some(1800),
        last_access: Some(used),
        size: Some(data.len() as u64),
    };
    Ok(Session { meta, data: Some(data.into()) })
}

/// The id in the data of [`alice`]'s session.
const ALICE: &str = "0123456789ABCDEF0123456789ABCDEF.jvm1";

/// Time between the last accesses of two sessions.
const ACCESS_INTERVAL: std::time::Duration = std::time::Duration::from_secs(210);

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
    fn the_demo_has_sessions_of_every_state_on_any_day() {
        for now in [EpochMillis(0), EpochMillis(4_000_000_000_000)] {
            let states: Vec<SessionState> = sessions(now).unwrap().iter().map(|s| s.meta.state_at(now)).collect();
            let count = |is: fn(&SessionState) -> bool| states.iter().filter(|v| is(v)).count();
            assert_eq!(states.len(), 27);
            assert_eq!(count(|v| matches!(v, SessionState::Live { .. })), 7);
            assert_eq!(count(|v| matches!(v, SessionState::NeverExpires)), 2);
            assert_eq!(count(|v| matches!(v, SessionState::Expired { .. })), 18);
        }
    }

    #[test]
    fn the_sessions_shown_in_the_tour_are_live() {
        let now = EpochMillis(4_000_000_000_000);
        for id in ["0EE532DB", "01234567"] {
            let found: Vec<_> = sessions(now).unwrap().into_iter().filter(|s| s.meta.key.id.starts_with(id)).collect();
            assert!(matches!(found[0].meta.state_at(now), SessionState::Live { .. }), "{id}");
            assert_eq!(found.len(), 1, "{id}");
        }
    }
}
