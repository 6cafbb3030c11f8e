//! Runs one schedule: a command through the proxy, held at one or two steps, with events at these steps.

use std::io::Read as _;
use std::process::Child;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Mutex;

use super::command::{Command, Places, World, second};
use super::tomcat::{Action, Did, Told, Tomcat};
use crate::support::program;
use crate::support::stepping_proxy::{Step, Stepper, Wire};
use crate::support::{Kind, Scratch};

/// How long an action may wait for our locks before our step continues.
const BLOCKED_AFTER: Duration = Duration::from_millis(120);

/// The event while a command is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Tomcat(Action),
    /// The command is killed, and run again. Tomcat's action happens between the two runs.
    Kill(Option<Action>),
    /// Another run of ours is executed completely.
    Run(Command),
    /// The same with a lock that the other run does not see, as in a cluster whose nodes have separate locks.
    RunUnlocked(Command),
}

impl Event {
    pub fn name(self) -> String {
        match self {
            Event::Tomcat(action) => action.name().to_owned(),
            Event::Kill(None) => "kill".to_owned(),
            Event::Kill(Some(action)) => format!("kill-{}", action.name()),
            Event::Run(command) => format!("run-{}", command.name()),
            Event::RunUnlocked(command) => format!("run-unlocked-{}", command.name()),
        }
    }

    pub fn action(self) -> Option<Action> {
        match self {
            Event::Tomcat(action) => Some(action),
            Event::Kill(action) => action,
            Event::Run(_) | Event::RunUnlocked(_) => None,
        }
    }
}

/// An order of the steps of a command and an event.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    pub event: Event,
    /// The step, counted from 1, that is held for the event, or for its first part.
    pub first: usize,
    /// The step that is held for the second part of the event.
    pub second: usize,
}

/// The outcome of a schedule.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub result: Value,
    pub stderr: String,
    /// Tomcat's actions on the session.
    pub told: Vec<Told>,
    pub steps: Vec<Step>,
    /// Whether both steps were reached and held.
    pub held: (bool, bool),
    pub session: Places,
    pub created: Places,
    pub bystander: Places,
    /// Exit status and output of the other run.
    pub other: Option<(Option<i32>, String)>,
}

/// The databases of a command, the proxy before them, and a Tomcat.
pub struct Stage {
    pub world: World,
    stepper: Stepper,
    tomcat: Arc<Mutex<Tomcat>>,
    args: Vec<String>,
    /// Ports for a run that does not see the lock.
    unlocked: (u16, u16),
}

/// Statements that read or write sessions, end a transaction, or read the time of the last change.
fn counts(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let catalogue = ["INFORMATION_SCHEMA", "SYS.", "CREATE ", "SHOW "].iter().any(|word| upper.contains(word));
    upper.contains("UPDATE_TIME")
        || upper.starts_with("COMMIT")
        || upper.ends_with("COMMIT")
        || upper.starts_with("ROLLBACK")
        || upper.contains("TOMCAT_SESSIONS") && !catalogue
}

impl Stage {
    pub async fn new(world: World) -> Stage {
        let wire = match world.live.kind {
            Kind::Mssql => Wire::Tds,
            Kind::Postgres => Wire::Postgres,
            _ => Wire::Mysql,
        };
        let stepper = Stepper::new(counts, &world.states.first.meta.key.id);
        let live = world.live.url_through(stepper.front(world.live.address(), wire, 0).await);
        let other = match &world.other {
            Some(other) => other.url_through(stepper.front(other.address(), wire, 1).await),
            None => String::new(),
        };
        let archive = world.archive.display().to_string();
        let args = world.command.args(&live, &other, &archive, &world.states.first.meta.key.id);
        let tomcat = Arc::new(Mutex::new(Tomcat::of(&world.live).await));
        let beside = Stepper::replacing("tomcat-sessions:", "tomcat-sessionz:");
        let second = world.other.as_ref().unwrap_or(&world.live).address();
        let unlocked = (beside.front(world.live.address(), wire, 0).await, beside.front(second, wire, 1).await);
        Stage { world, stepper, tomcat, args, unlocked }
    }

    /// Disconnects Tomcat, and removes the databases.
    pub async fn end(self) {
        if let Some(tomcat) = Arc::into_inner(self.tomcat) {
            tomcat.into_inner().close().await;
        }
        self.world.end().await;
    }

    /// Runs a schedule from the beginning.
    pub async fn run(&mut self, schedule: Schedule) -> Outcome {
        self.world.reset().await;
        let Schedule { event, first, second } = schedule;
        self.stepper.arm(Some(first));
        let mut run = Running::start(&self.args);
        let mut told = Vec::new();
        let mut held = (false, false);
        let mut other = None;
        if self.is_held(&mut run).await {
            held.0 = true;
            match event {
                Event::Run(command) => other = Some(self.other(command, true).await),
                Event::RunUnlocked(command) => other = Some(self.other(command, false).await),
                Event::Kill(action) => {
                    run.kill();
                    self.stepper.arm(None);
                    drop(run);
                    if let Some(action) = action {
                        self.whole(action, &mut told).await;
                    }
                    run = self.again().await;
                }
                Event::Tomcat(action) if action.has_two_parts() => {
                    self.part(action, 0, &mut told).await;
                    if second > first {
                        self.stepper.go(Some(second));
                        held.1 = self.is_held(&mut run).await;
                    } else {
                        held.1 = true;
                    }
                    self.part(action, 1, &mut told).await;
                }
                Event::Tomcat(action) => {
                    held.1 = true;
                    self.whole(action, &mut told).await;
                }
            }
        }
        self.stepper.go(None);
        let (code, stdout, stderr) = run.end().await;
        let states = &self.world.states;
        let (first, created, bystander) = (states.first.clone(), states.created.clone(), states.bystander.clone());
        Outcome {
            code,
            result: serde_json::from_str(&stdout).unwrap_or_default(),
            stderr,
            told,
            steps: self.stepper.steps(),
            held,
            session: self.world.places(&first).await,
            created: self.world.places(&created).await,
            bystander: self.world.places(&bystander).await,
            other,
        }
    }

    /// Executes another run. If it waits for our locks, the held step continues.
    async fn other(&self, command: Command, locked: bool) -> (Option<i32>, String) {
        let World { live, other, .. } = &self.world;
        let (first, second) = if locked { (None, None) } else { (Some(self.unlocked.0), Some(self.unlocked.1)) };
        let url = |db: &Scratch, port: Option<u16>| port.map_or_else(|| db.url.clone(), |port| db.url_through(port));
        let other = other.as_ref().map_or_else(String::new, |other| url(other, second));
        let archive = if command.imports() { &self.world.incoming } else { &self.world.archive };
        let id = &self.world.states.first.meta.key.id;
        let args = command.args(&url(live, first), &other, &archive.display().to_string(), id);
        let mut run = Running::start(&args);
        if tokio::time::timeout(Duration::from_secs(1), run.ended()).await.is_err() {
            self.stepper.go(None);
        }
        let (code, stdout, stderr) = run.end().await;
        (code, format!("{} {}", stdout.trim(), stderr.trim()))
    }

    /// Waits until the step is held; returns false if the command ends before.
    async fn is_held(&self, run: &mut Running) -> bool {
        tokio::select! {
            () = self.stepper.held() => true,
            () = run.ended() => false,
        }
    }

    /// Starts the command again. The server may take a moment to notice that the connection of the killed run, and with
    /// it the lock, is gone.
    async fn again(&self) -> Running {
        let mut args = self.args.clone();
        if !self.world.command.copies() && !self.world.command.imports() {
            args.extend(["--wait-lock".to_owned(), "10s".to_owned()]);
        }
        if self.world.command.backs_up() {
            let (first, next) = (self.world.archive.display().to_string(), second(&self.world.archive));
            for arg in args.iter_mut().filter(|arg| **arg == first) {
                *arg = next.display().to_string();
            }
        }
        Running::start(&args)
    }

    async fn whole(&self, action: Action, told: &mut Vec<Told>) {
        match action {
            Action::Load | Action::Logout => self.part(action, 0, told).await,
            _ => {
                self.part(action, 0, told).await;
                self.part(action, 1, told).await;
            }
        }
    }

    /// Executes a part of an action. If it waits for our locks, the held step continues.
    async fn part(&self, action: Action, part: usize, told: &mut Vec<Told>) {
        let session = self.world.states.written(action).clone();
        let refused = told.last().is_some_and(|told| told.did == Did::Refused);
        let tomcat = Arc::clone(&self.tomcat);
        let stepper = self.stepper.clone();
        let mut doing = tokio::spawn(async move {
            let mut tomcat = tomcat.lock().await;
            let mut told = Vec::new();
            let mut note = |began, did| told.push(Told { did, began, done: stepper.passed() });
            let began = stepper.passed();
            match (action, part) {
                (Action::Load, _) => note(began, tomcat.load(&session).await),
                (Action::SaveLogout, 0) => {
                    note(began, tomcat.delete(&session).await);
                    note(stepper.passed(), tomcat.insert(&session).await);
                }
                // Other connections see it after the commit.
                (Action::SaveOpen, 0) => {
                    note(began, tomcat.delete(&session).await);
                    let begin = tomcat.begin();
                    tomcat.transaction(begin).await;
                    if tomcat.insert(&session).await == Did::Refused {
                        tomcat.transaction("ROLLBACK").await;
                        note(stepper.passed(), Did::Refused);
                    }
                }
                (Action::SaveOpen, _) if !refused => {
                    tomcat.transaction("COMMIT").await;
                    note(began, Did::InsertResult);
                }
                (Action::SaveLogout, _) | (_, 0) => note(began, tomcat.delete(&session).await),
                _ => {
                    let mut did = tomcat.insert(&session).await;
                    note(began, did);
                    // `DataSourceStore.save` tries twice (`numberOfTries`).
                    if did == Did::Refused {
                        note(stepper.passed(), tomcat.delete(&session).await);
                        did = tomcat.insert(&session).await;
                        note(stepper.passed(), did);
                    }
                }
            }
            told
        });
        let done = match tokio::time::timeout(BLOCKED_AFTER, &mut doing).await {
            Ok(done) => done,
            Err(_) => {
                self.stepper.go(None);
                doing.await
            }
        };
        told.extend(done.unwrap());
    }
}

/// A run of the program.
struct Running {
    child: Child,
    out: Option<tokio::task::JoinHandle<(String, String)>>,
    text: (String, String),
}

impl Running {
    fn start(args: &[String]) -> Running {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let mut child = program::program(&args).spawn().unwrap();
        let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let out = tokio::task::spawn_blocking(move || {
            let mut text = (String::new(), String::new());
            stdout.read_to_string(&mut text.0).unwrap();
            stderr.read_to_string(&mut text.1).unwrap();
            text
        });
        Running { child, out: Some(out), text: Default::default() }
    }

    async fn ended(&mut self) {
        if let Some(out) = &mut self.out {
            self.text = out.await.unwrap();
            self.out = None;
        }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    async fn end(mut self) -> (Option<i32>, String, String) {
        let limit = Duration::from_secs(60);
        if tokio::time::timeout(limit, self.ended()).await.is_err() {
            self.kill();
            return (None, String::new(), "it has not ended within a minute".to_owned());
        }
        let code = self.child.wait().unwrap().code();
        (code, self.text.0, self.text.1)
    }
}
