//! Every order of the statements of a command and one action of a Tomcat on a session.
//!
//! The program runs through a proxy ([`crate::support::stepping`]) that numbers its statements and holds one of them.
//! The action then happens on another connection, and the run continues. A save consists of two transactions, so each
//! pair of steps is tried. [`oracle`] defines which end states are correct.
//!
//! A failure prints its schedule, `ENGINE COMMAND EVENT FIRST SECOND`. To run only that one, set
//! `TOMCAT_SESSIONS_TEST_SCHEDULE='mariadb swap-out save 3 5'`. `TOMCAT_SESSIONS_TEST_INTERLEAVINGS=all` tries every
//! pair of steps of every command on every server, instead of a part of them.
//!
//! If Tomcat's save waits for locks of the held step, that step continues: the planned order is impossible, and the
//! actual one is evaluated instead. The result depends only on what happened, not on the planned order, so no schedule
//! is right or wrong because of the speed of a machine.
//!
//! SQLite is not tested here. It has no network connection on which a statement could be held, and the operations of
//! `store` send it the same statements in the same order. SQLite allows fewer orders, not more: a single writer locks
//! the whole file from its first write to its commit, so that nothing happens between the statements of a batch;
//! between two transactions, the orders are those of the servers. `race`, `locked_rows` and `swap_between_stores` run
//! SQLite with concurrent writers.

mod command;
mod oracle;
mod schedule;
mod tomcat;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use tomcat_sessions::session::EpochMillis;

use self::command::{Beside, Command, World};
use self::oracle::evaluate;
use self::schedule::{Event, Outcome, Schedule, Stage};
use self::tomcat::Action;
use crate::support::{Kind, Scratch, variable};

/// The only schedule to run, if one is selected.
struct Chosen(Option<String>);

impl Chosen {
    fn has(&self, kind: Kind, command: Command) -> bool {
        let mut words = self.0.as_deref().unwrap_or_default().split_whitespace();
        self.0.is_none() || (words.next(), words.next()) == (Some(kind.name()), Some(command.name()))
    }

    fn schedule(&self, command: Command) -> Option<Schedule> {
        let words: Vec<&str> = self.0.as_deref()?.split_whitespace().collect();
        let event = events(command).into_iter().find(|event| event.name() == words[2]).expect("no such event");
        let number = |at: usize| words.get(at).map_or(1, |word| word.parse().unwrap());
        Some(Schedule { event, first: number(3), second: number(4).max(number(3)) })
    }
}

/// The events that can happen to a command.
fn events(command: Command) -> Vec<Event> {
    let mut actions =
        vec![Action::Load, Action::Save, Action::SaveOpen, Action::SaveAgain, Action::Logout, Action::Create];
    if command.copies() {
        actions.push(Action::SaveAhead);
    }
    if command.copies() || command.swaps_out() {
        actions.push(Action::SaveLogout);
    }
    let tomcat = actions.into_iter().map(Event::Tomcat);
    let kills = [None, Some(Action::Save), Some(Action::SaveAgain), Some(Action::Logout)].map(Event::Kill);
    // If everything is done in one transaction, no lock is needed.
    let unlocked = |rival: &&Command| command.beside() == Beside::Table && rival.beside() == Beside::Table;
    let rivals = command.rivals().iter();
    let runs = rivals.clone().map(|rival| Event::Run(*rival));
    let unlocked = rivals.filter(unlocked).map(|rival| Event::RunUnlocked(*rival));
    tomcat.chain(kills).chain(runs).chain(unlocked).collect()
}

impl Stage {
    /// The schedules of a command: all, or a number of them, evenly and deterministically selected.
    async fn schedules(&mut self, most: Option<usize>) -> Vec<Schedule> {
        let undisturbed = Schedule { event: Event::Tomcat(Action::Load), first: 1, second: 1 };
        // An event may make a run longer.
        let outcome = self.run(undisturbed).await;
        assert!(!outcome.steps.is_empty(), "undisturbed, it asks for no session: {}", outcome.stderr);
        let steps = outcome.steps.len() + if most.is_none() { 3 } else { 0 };
        let mut all = Vec::new();
        for event in events(self.world.command) {
            let two = matches!(event, Event::Tomcat(action) if action.has_two_parts());
            for first in 1..=steps {
                let last = if two { steps } else { first };
                all.extend((first..=last).map(|second| Schedule { event, first, second }));
            }
        }
        let Some(most) = most else { return all };
        // The same number for each event.
        let mut random = fastrand::Rng::with_seed(all.len() as u64);
        random.shuffle(&mut all);
        let mut met: BTreeMap<String, usize> = BTreeMap::new();
        let mut ranked: Vec<(usize, Schedule)> = Vec::new();
        for schedule in all {
            let rank = met.entry(schedule.event.name()).or_default();
            *rank += 1;
            ranked.push((*rank, schedule));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, schedule)| schedule).take(most).collect()
    }
}

/// The number of schedules to try; `None` for all.
fn most(kind: Kind, command: Command) -> Option<usize> {
    if variable("TOMCAT_SESSIONS_TEST_INTERLEAVINGS").is_some() {
        return None;
    }
    // The pauses of commands that copy take a second per run.
    Some(match kind {
        // The server that stands in for SQL Server takes seconds to read the structure of a table.
        Kind::Mssql if command.pauses() => 2,
        Kind::Mssql => 4,
        _ if !command.stands_still().is_zero() => 6,
        Kind::Mariadb if command.pauses() => 24,
        Kind::Mariadb => 60,
        _ if command.pauses() => 6,
        _ => 15,
    })
}

async fn try_all(kind: Kind, command: Command) {
    let chosen = Chosen(variable("TOMCAT_SESSIONS_TEST_SCHEDULE"));
    if !chosen.has(kind, command) {
        return;
    }
    let Some(live) = Scratch::new(kind).await else { return };
    let other = if command.beside() == Beside::Store { Scratch::new(kind).await } else { None };
    let dir = tempfile::TempDir::new().unwrap();
    let now = EpochMillis(i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap());
    let world = World::new(command, live, other, dir.path().join("sessions.ndjson"), now).await;
    let mut stage = Stage::new(world).await;
    let begun = Instant::now();
    let mut failures = Vec::new();
    let mut runs = 0;
    if let Some(schedule) = chosen.schedule(command) {
        let outcome = stage.run(schedule).await;
        eprintln!("{}", told(&outcome));
        runs += 1;
        if let Err(why) = evaluate(command, schedule.event, &stage.world.states, &outcome) {
            failures.push(line(kind, command, schedule, &outcome, &why));
        }
    } else {
        for schedule in stage.schedules(most(kind, command)).await {
            let outcome = stage.run(schedule).await;
            runs += 1;
            if let Err(why) = evaluate(command, schedule.event, &stage.world.states, &outcome) {
                failures.push(line(kind, command, schedule, &outcome, &why));
            }
        }
    }
    let took = begun.elapsed().as_secs_f64();
    eprintln!("{} {}: {runs} orders, {} wrong, {took:.1} s", kind.name(), command.name(), failures.len());
    assert!(failures.is_empty(), "{} of {runs} orders end wrong:\n{}", failures.len(), failures.join("\n"));
    stage.end().await;
}

/// A failed schedule, in one line.
fn line(kind: Kind, command: Command, schedule: Schedule, outcome: &Outcome, why: &str) -> String {
    let Schedule { event, first, second } = schedule;
    let mut line = format!("{} {} {} {first} {second}: {why}", kind.name(), command.name(), event.name());
    let at: BTreeMap<usize, &str> = [(first, "first"), (second, "second")].into();
    for number in at.keys() {
        let text = outcome.steps.get(number - 1).map_or("the end", |step| step.text.as_str());
        let _ = write!(line, " | before step {number}, {}", text.chars().take(110).collect::<String>());
    }
    line
}

/// The complete history, for the failure message.
fn told(outcome: &Outcome) -> String {
    let mut text = String::new();
    for (at, step) in outcome.steps.iter().enumerate() {
        for told in outcome.told.iter().filter(|told| told.began == at) {
            let _ = writeln!(text, "        {told:?}");
        }
        let (asked, answered) = (if step.asked { "asked" } else { "" }, if step.answered { "answered" } else { "" });
        let _ = writeln!(text, "{:3} s{} c{} {} [{asked} {answered}]", at + 1, step.server, step.connection, step.text);
    }
    let _ = writeln!(text, "exit {:?}\n{}\n{}\n{:?}", outcome.code, outcome.result, outcome.stderr, outcome.other);
    text
}

macro_rules! cases {
    ($($engine:ident $kind:ident)*) => {
        $(mod $engine {
            use super::{Command, Kind, try_all};
            cases!(@ $kind expire Expire, delete Delete, expire_backup ExpireBackup, delete_backup DeleteBackup,
                logout Logout, logout_backup LogoutBackup, swap_out SwapOut, swap_out_to_store SwapOutStore,
                swap_out_to_archive SwapOutArchive, swap_in SwapIn, swap_in_from_store SwapInStore,
                swap_in_touch SwapInTouch, swap_in_from_store_touch SwapInStoreTouch, import_newer ImportNewer,
                import_skip ImportSkip, import_replace ImportReplace, migrate Migrate,
                migrate_delete_gone MigrateGone, migrate_follow MigrateFollow, migrate_still MigrateStill, export Export, export_still ExportStill,
                verify Verify);
        })*
    };
    (@ $kind:ident $($name:ident $command:ident),*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            try_all(Kind::$kind, Command::$command).await;
        })*
    };
}

cases!(mariadb Mariadb mysql Mysql postgres Postgres mssql Mssql);
