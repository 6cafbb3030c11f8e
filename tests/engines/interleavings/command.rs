//! The commands, the initial contents of the tables, and the arguments.

use std::path::PathBuf;
use std::time::Duration;

use tomcat_sessions::archive::{Encoder, Header, Item};
use tomcat_sessions::endpoint::{Archive, Identities, Next};
use tomcat_sessions::session::{EpochMillis, OnConflict, Session};
use tomcat_sessions::store::SessionStore;

use super::tomcat::Action;
use crate::support::{NOW, Scratch, flip, sample};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Expire,
    Delete,
    /// With a backup archive.
    ExpireBackup,
    DeleteBackup,
    /// By id, without Tomcats.
    Logout,
    LogoutBackup,
    SwapOut,
    SwapOutStore,
    SwapOutArchive,
    SwapIn,
    SwapInStore,
    SwapInTouch,
    SwapInStoreTouch,
    ImportNewer,
    ImportSkip,
    ImportReplace,
    Migrate,
    MigrateGone,
    MigrateFollow,
    /// With a table that has not been changed for a while, which the server may report.
    MigrateStill,
    Export,
    ExportStill,
    Verify,
}

impl Command {
    pub fn name(self) -> &'static str {
        match self {
            Command::Expire => "expire",
            Command::Delete => "delete",
            Command::ExpireBackup => "expire-backup",
            Command::DeleteBackup => "delete-backup",
            Command::Logout => "logout",
            Command::LogoutBackup => "logout-backup",
            Command::SwapOut => "swap-out",
            Command::SwapOutStore => "swap-out-to-store",
            Command::SwapOutArchive => "swap-out-to-archive",
            Command::SwapIn => "swap-in",
            Command::SwapInStore => "swap-in-from-store",
            Command::SwapInTouch => "swap-in-touch",
            Command::SwapInStoreTouch => "swap-in-from-store-touch",
            Command::ImportNewer => "import-newer",
            Command::ImportSkip => "import-skip",
            Command::ImportReplace => "import-replace",
            Command::Migrate => "migrate",
            Command::MigrateGone => "migrate-delete-gone",
            Command::MigrateFollow => "migrate-follow",
            Command::MigrateStill => "migrate-still",
            Command::Export => "export",
            Command::ExportStill => "export-still",
            Command::Verify => "verify",
        }
    }

    pub fn swaps_out(self) -> bool {
        matches!(self, Command::SwapOut | Command::SwapOutStore | Command::SwapOutArchive)
    }

    pub fn swaps_in(self) -> bool {
        matches!(self, Command::SwapIn | Command::SwapInStore | Command::SwapInTouch | Command::SwapInStoreTouch)
    }

    pub fn touches(self) -> bool {
        matches!(self, Command::SwapInTouch | Command::SwapInStoreTouch)
    }

    /// Whether it only reads the live table, in passes.
    pub fn copies(self) -> bool {
        !(self.swaps_out() || self.swaps_in() || self.imports() || self.deletes())
    }

    /// Whether it deletes rows without moving them, except to a backup.
    pub fn deletes(self) -> bool {
        self.expires() || self.logs_out() || matches!(self, Command::Delete | Command::DeleteBackup)
    }

    pub fn expires(self) -> bool {
        matches!(self, Command::Expire | Command::ExpireBackup)
    }

    pub fn logs_out(self) -> bool {
        matches!(self, Command::Logout | Command::LogoutBackup)
    }

    pub fn backs_up(self) -> bool {
        matches!(self, Command::ExpireBackup | Command::DeleteBackup | Command::LogoutBackup)
    }

    /// Whether it pauses, so that a run takes a second.
    pub fn pauses(self) -> bool {
        self.copies() || self.logs_out()
    }

    /// How long the live table is unchanged before it runs: longer than a second, in which another change could be
    /// hidden.
    pub fn stands_still(self) -> Duration {
        let still = matches!(self, Command::MigrateStill | Command::ExportStill);
        Duration::from_millis(if still { 3_200 } else { 0 })
    }

    pub fn imports(self) -> bool {
        matches!(self, Command::ImportNewer | Command::ImportSkip | Command::ImportReplace)
    }

    /// Where the command keeps sessions besides the live table.
    pub fn beside(self) -> Beside {
        match self {
            Command::Expire | Command::Delete | Command::Logout => Beside::Nowhere,
            Command::SwapOut | Command::SwapIn | Command::SwapInTouch => Beside::Table,
            Command::SwapOutStore
            | Command::SwapInStore
            | Command::SwapInStoreTouch
            | Command::Migrate
            | Command::MigrateGone
            | Command::MigrateFollow
            | Command::MigrateStill
            | Command::Verify => Beside::Store,
            Command::SwapOutArchive
            | Command::ExpireBackup
            | Command::DeleteBackup
            | Command::LogoutBackup
            | Command::ImportNewer
            | Command::ImportSkip
            | Command::ImportReplace
            | Command::Export
            | Command::ExportStill => Beside::Archive,
        }
    }

    /// Other commands that can meet it on the same sessions.
    pub fn rivals(self) -> &'static [Command] {
        match self {
            Command::SwapOut => &[Command::SwapOut, Command::SwapIn],
            Command::SwapOutStore => &[Command::SwapOutStore, Command::SwapInStore],
            Command::SwapOutArchive => &[Command::SwapOutArchive],
            Command::SwapIn => &[Command::SwapIn, Command::SwapOut, Command::ImportNewer],
            Command::SwapInStore => &[Command::SwapInStore, Command::SwapOutStore, Command::ImportNewer],
            Command::Migrate => &[Command::Migrate],
            _ => &[],
        }
    }

    /// The arguments; `live` and `other` are the URLs through the proxy.
    pub fn args(self, live: &str, other: &str, archive: &str, id: &str) -> Vec<String> {
        let idle = ["swap-out", "--max-idle", "30m"];
        let words: Vec<&str> = match self {
            Command::Expire => vec!["expire"],
            Command::Delete => vec!["delete", id],
            Command::ExpireBackup => vec!["expire", "--backup", archive],
            Command::DeleteBackup => vec!["delete", id, "--backup", archive],
            Command::Logout => vec!["logout", "--id", id],
            Command::LogoutBackup => vec!["logout", "--id", id, "--backup", archive],
            Command::SwapOut => idle.to_vec(),
            Command::SwapOutStore => [&idle[..], &["--to", other]].concat(),
            Command::SwapOutArchive => [&idle[..], &["--to", archive]].concat(),
            Command::SwapIn => vec!["swap-in", "--all"],
            Command::SwapInStore => vec!["swap-in", "--all", "--from", other],
            Command::SwapInTouch => vec!["swap-in", "--all", "--touch"],
            Command::SwapInStoreTouch => vec!["swap-in", "--all", "--touch", "--from", other],
            Command::ImportNewer => vec!["import", archive],
            Command::ImportSkip => vec!["import", archive, "--on-conflict", "skip"],
            Command::ImportReplace => vec!["import", archive, "--on-conflict", "replace"],
            Command::Migrate | Command::MigrateStill => vec!["migrate", "--to", other],
            Command::MigrateGone => vec!["migrate", "--to", other, "--delete-gone"],
            Command::MigrateFollow => vec!["migrate", "--to", other, "--follow", "--until-quiet", "1s"],
            Command::Export | Command::ExportStill => vec!["export", archive, "--force"],
            Command::Verify => vec!["verify", other],
        };
        words.into_iter().chain(["--url", live]).map(str::to_owned).collect()
    }
}

/// A place for sessions other than the live table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    Nowhere,
    Table,
    Store,
    Archive,
}

const HOUR: i64 = 3_600_000;

/// The states of the tested session, and the bystander session that only our command touches.
pub struct States {
    /// The initial state.
    pub first: Session,
    /// As Tomcat saves it after a request a minute ago.
    pub saved: Session,
    /// The same with a clock that is ahead.
    pub ahead: Session,
    /// As Tomcat saves it without a request: with the same columns.
    pub saved_again: Session,
    /// As in the imported archive: later than `first`, and earlier than `saved`.
    pub archived: Session,
    /// A session that Tomcat creates.
    pub created: Session,
    pub bystander: Session,
}

impl States {
    /// `now` is the time of the machine.
    pub fn new(command: Command, now: EpochMillis) -> States {
        // For `expire`, sessions are expired; for all other commands they are idle.
        let max_inactive = if command.expires() { 1_800 } else { -1 };
        let samples = sample();
        let named = |id: &str, data: usize, age: i64| {
            let mut session = samples[data].clone();
            session.meta.key.app = Some("/Catalina/localhost/demo".to_owned());
            id.clone_into(&mut session.meta.key.id);
            session.meta.max_inactive = Some(max_inactive);
            session.meta.last_access = Some(EpochMillis(now.0 - age));
            session
        };
        let id = "5E55105E55105E55105E55105E55105E";
        let first = named(id, 0, 10 * HOUR);
        let mut saved_again = first.clone();
        flip(&mut saved_again);
        States {
            saved: named(id, 1, HOUR / 60),
            ahead: named(id, 1, -HOUR / 30),
            saved_again,
            archived: named(id, 2, HOUR),
            created: named("6EC0DE6EC0DE6EC0DE6EC0DE6EC0DE6E", 3, HOUR / 60),
            bystander: named("B00B1EB00B1EB00B1EB00B1EB00B1EB0", 4, 10 * HOUR),
            first,
        }
    }

    /// The state that Tomcat writes.
    pub fn written(&self, action: Action) -> &Session {
        match action {
            Action::Save | Action::SaveOpen | Action::SaveLogout => &self.saved,
            Action::SaveAhead => &self.ahead,
            Action::SaveAgain => &self.saved_again,
            Action::Create => &self.created,
            Action::Load | Action::Logout => &self.first,
        }
    }
}

/// The places of a session.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Places {
    pub live: Option<Session>,
    pub beside: Option<Session>,
}

/// The databases and the file of the cases of a command.
pub struct World {
    pub command: Command,
    pub states: States,
    pub live: Scratch,
    pub other: Option<Scratch>,
    pub archive: PathBuf,
    /// An archive for another run to import.
    pub incoming: PathBuf,
    live_store: SessionStore,
    beside_store: Option<SessionStore>,
}

impl World {
    pub async fn new(
        command: Command,
        live: Scratch,
        other: Option<Scratch>,
        archive: PathBuf,
        now: EpochMillis,
    ) -> World {
        live.create_table("recommended").await;
        let mut live_store = live.open().await;
        let beside_store = match (command.beside(), &other) {
            (Beside::Table, _) => {
                live_store.create_swap_table().await.unwrap();
                Some(live.open().await.into_swap_table().await.unwrap().0)
            }
            (Beside::Store, Some(other)) => {
                other.create_table("recommended").await;
                Some(other.open().await)
            }
            _ => None,
        };
        let states = States::new(command, now);
        let incoming = archive.with_file_name("incoming.ndjson");
        std::fs::write(&incoming, encode(std::slice::from_ref(&states.archived))).unwrap();
        World { command, states, live, other, archive, incoming, live_store, beside_store }
    }

    /// Removes the databases after all connections are closed.
    pub async fn end(self) {
        self.live_store.close().await;
        if let Some(store) = self.beside_store {
            store.close().await;
        }
        self.live.drop().await;
        if let Some(other) = self.other {
            other.drop().await;
        }
    }

    /// Restores the initial state.
    pub async fn reset(&mut self) {
        let States { first, archived, bystander, .. } = &self.states;
        let both = [first.clone(), bystander.clone()];
        let incoming = [archived.clone(), bystander.clone()];
        let (live, beside): (&[Session], &[Session]) = match self.command {
            command if command.swaps_in() => (&[], &both),
            command if command.imports() => (&both[..1], &incoming),
            Command::MigrateGone | Command::Verify => (&both, &both),
            _ => (&both, &[]),
        };
        self.live.sql("DELETE FROM tomcat_sessions").await;
        match (self.command.beside(), &self.other) {
            (Beside::Table, _) => self.live.sql("DELETE FROM tomcat_sessions_swapped").await,
            (Beside::Store, Some(other)) => other.sql("DELETE FROM tomcat_sessions").await,
            _ => {}
        }
        self.live_store.insert(live, OnConflict::Fail).await.unwrap();
        if let Some(store) = &mut self.beside_store {
            store.insert(beside, OnConflict::Fail).await.unwrap();
        }
        if self.command.beside() == Beside::Archive {
            let _ = std::fs::remove_file(&self.archive);
            let _ = std::fs::remove_file(second(&self.archive));
            if !beside.is_empty() {
                std::fs::write(&self.archive, encode(beside)).unwrap();
            }
        }
        tokio::time::sleep(self.command.stands_still()).await;
    }

    /// The current places of a session.
    pub async fn places(&mut self, session: &Session) -> Places {
        let key = &session.meta.key;
        let live = self.live_store.get(key).await.unwrap();
        let beside = match &mut self.beside_store {
            Some(store) => store.get(key).await.unwrap(),
            // The last record of a key counts.
            None if self.command.backs_up() => {
                let archives = [self.archive.clone(), second(&self.archive)];
                let backups = archives.iter().flat_map(|archive| decode_backup(archive));
                backups.filter(|session| session.meta.key == *key).last()
            }
            None if self.command.beside() == Beside::Archive && self.archive.exists() => {
                decode(&self.archive).into_iter().rfind(|session| session.meta.key == *key)
            }
            None => None,
        };
        Places { live, beside }
    }
}

/// The backup of the run after a killed one: a backup is always a new file.
pub fn second(archive: &std::path::Path) -> PathBuf {
    archive.with_file_name("second.ndjson")
}

/// The sessions that `import --allow-truncated` reads from a backup, which is truncated if its run was killed.
fn decode_backup(path: &std::path::Path) -> Vec<Session> {
    let mut sessions = Vec::new();
    let Ok(mut archive) = Archive::open(path, &Identities::default()) else { return sessions };
    loop {
        match archive.read_next() {
            Ok(Next::Item(Item::Session(session))) => sessions.push(session),
            Ok(Next::Item(_) | Next::Damaged(_)) => {}
            Ok(Next::End) | Err(_) => return sessions,
        }
    }
}

fn encode(sessions: &[Session]) -> Vec<u8> {
    let (mut encoder, mut out) = (Encoder::default(), Vec::new());
    encoder.header(&Header::new("mariadb", "10", "tomcat_sessions", "recommended", NOW.0));
    sessions.iter().for_each(|session| encoder.session(session, &mut out).unwrap());
    encoder.trailer(&mut out).unwrap();
    out
}

fn decode(path: &std::path::Path) -> Vec<Session> {
    let mut archive = Archive::open(path, &Identities::default()).unwrap();
    let mut sessions = Vec::new();
    loop {
        match archive.read_next().unwrap() {
            Next::Item(Item::Session(session)) => sessions.push(session),
            Next::Item(_) => {}
            Next::Damaged(fault) => panic!("{fault}"),
            Next::End => return sessions,
        }
    }
}
