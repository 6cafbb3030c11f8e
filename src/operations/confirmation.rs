//! The confirmation on a terminal before a command deletes or moves more than one session.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::thread;

use tokio::sync::oneshot;

use crate::context::{Context, exit_code_of};
use crate::failure::Failure;
use crate::javaser::Search;
use crate::operations::content_search::ContentSearch;
use crate::options::confirmation::YesArgs;
use crate::session::{EpochMillis, Filter, SessionMeta, SessionState, short_name};
use crate::store::{ReadRequest, SessionStore, Stop, is_journal};
use crate::ui::{count, plural};

/// Numbers of sessions of one application by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct States {
    sessions: u64,
    live: u64,
    expired: u64,
    never: u64,
    invalid: u64,
    /// Sessions in a Tomcat's memory that are not in the table.
    only_in_memory: u64,
}

impl States {
    fn plus(self, more: &States) -> States {
        States {
            sessions: self.sessions + more.sessions,
            live: self.live + more.live,
            expired: self.expired + more.expired,
            never: self.never + more.never,
            invalid: self.invalid + more.invalid,
            only_in_memory: self.only_in_memory + more.only_in_memory,
        }
    }
}

/// Numbers of the selected sessions by application and state.
#[derive(Debug, Clone, Default)]
pub struct ChosenSessions {
    by_app: BTreeMap<Option<String>, States>,
    /// Start of the sentence before the question: "The target has ", for example.
    location: &'static str,
}

impl ChosenSessions {
    /// Counts the rows that match `filter` and `search`, and for which `wanted` returns true.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn count(
        store: &mut SessionStore,
        filter: &Filter,
        now: EpochMillis,
        stop: &Stop,
        search: &Search,
        wanted: &(dyn Fn(&SessionMeta) -> bool + Send + Sync),
    ) -> Result<ChosenSessions, Failure> {
        let mut chosen = ChosenSessions::default();
        let mut add = |session: &SessionMeta| {
            if wanted(session) && !is_journal(&session.key) {
                chosen.add(session, now);
            }
        };
        if search.is_empty() {
            let reading = ReadRequest { filter, now, from: None, limit: None };
            store
                .for_each(&reading, stop, |session| {
                    add(&session);
                    ControlFlow::Continue(())
                })
                .await?;
        } else {
            let reader = store.another().await?;
            let mut finder =
                ContentSearch::new(reader, filter.clone(), now, stop.clone(), search.clone(), |_, _, _| ());
            while let Some(found) = finder.next().await {
                found.iter().for_each(|(session, ())| add(session));
            }
            finder.end().await?;
        }
        Ok(chosen)
    }

    pub fn add(&mut self, session: &SessionMeta, now: EpochMillis) {
        let states = self.by_app.entry(session.key.app.clone()).or_default();
        states.sessions += 1;
        *match session.state_at(now) {
            SessionState::Live { .. } => &mut states.live,
            SessionState::Expired { .. } => &mut states.expired,
            SessionState::NeverExpires => &mut states.never,
            SessionState::Invalid => &mut states.invalid,
        } += 1;
    }

    /// Counts a session that is in a Tomcat's memory and not in the table.
    pub fn add_in_memory(&mut self, app: &str) {
        let states = self.by_app.entry(Some(app.to_owned())).or_default();
        (states.sessions, states.only_in_memory) = (states.sessions + 1, states.only_in_memory + 1);
    }

    pub fn extend(&mut self, more: ChosenSessions) {
        for (app, states) in more.by_app {
            let sum = self.by_app.entry(app).or_default();
            *sum = sum.plus(&states);
        }
    }

    /// Sets the beginning of the sentence before the question: it tells where the counted sessions are, if the command
    /// processes only some of them.
    pub fn located(self, location: &'static str) -> ChosenSessions {
        ChosenSessions { location, ..self }
    }

    pub fn sessions(&self) -> u64 {
        self.by_app.values().map(|states| states.sessions).sum()
    }

    /// The sentence before the question: the number of sessions, and how many of them may be in use.
    fn sentence(&self) -> String {
        let of = match self.by_app.keys().collect::<Vec<_>>().as_slice() {
            [one] => name(one),
            many => plural(many.len() as u64, "application"),
        };
        let all = self.by_app.values().fold(States::default(), |sum, states| sum.plus(states));
        let states = states_of(&all);
        let states = if states.is_empty() { "none of them live".to_owned() } else { states };
        format!("{}{} of {of}, {states}.", self.location, plural(self.sessions(), "session"))
    }

    /// A line per application, if there are several.
    fn lines(&self) -> Vec<String> {
        if self.by_app.len() < 2 {
            return Vec::new();
        }
        let line = |(app, states): (&Option<String>, &States)| {
            let expired = (states.expired > 0).then(|| format!("{} expired", count(states.expired)));
            let rest = states_of(states);
            let all = [Some(rest).filter(|text| !text.is_empty()), expired].into_iter().flatten();
            let all = all.collect::<Vec<_>>().join(", ");
            format!("  {}: {}, {all}", name(app), plural(states.sessions, "session"))
        };
        self.by_app.iter().map(line).collect()
    }
}

/// The numbers of sessions that may be in use, by state.
fn states_of(states: &States) -> String {
    let parts = [
        (states.live, "of them live"),
        (states.never, "that never expire"),
        (states.only_in_memory, "only in a Tomcat's memory"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    parts.map(|(number, what)| format!("{} {what}", count(*number))).collect::<Vec<_>>().join(", ")
}

fn name(app: &Option<String>) -> String {
    app.as_deref().map_or_else(|| "no application".to_owned(), |app| short_name(app).to_owned())
}

impl YesArgs {
    /// Tells whether the user will be asked, so that the sessions have to be counted.
    pub fn asks(self, cx: &Context, dry_run: bool) -> bool {
        !self.yes && !dry_run && cx.ui.can_ask()
    }

    /// Asks whether to process the `chosen` sessions; a single session needs no confirmation. Must be called before the
    /// lock of the table is taken, because the user may take a long time to answer.
    ///
    /// # Errors
    /// The user declines.
    pub async fn confirm(self, cx: &Context, stop: &Stop, chosen: &ChosenSessions, verb: &str) -> Result<(), Failure> {
        if chosen.sessions() < 2 {
            return Ok(());
        }
        ask(cx, stop, &chosen.lines(), &format!("{} {verb}?", chosen.sentence())).await
    }
}

/// Asks on the terminal.
///
/// # Errors
/// The user declines, or a signal arrives.
pub async fn ask(cx: &Context, stop: &Stop, lines: &[String], question: &str) -> Result<(), Failure> {
    cx.ui.ask(lines, question)?;
    let (sender, answer) = oneshot::channel();
    let mut stop = stop.clone();
    // In its own thread, which is never joined: reading from a terminal cannot be cancelled.
    thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line).is_ok();
        let _ = sender.send(read && matches!(line.trim().to_lowercase().as_str(), "y" | "yes"));
    });
    tokio::select! {
        // A signal has priority over an answer: a user who presses Ctrl-C does not want to continue.
        biased;
        signal = stop.wait() => Err(Failure::new(exit_code_of(signal), "interrupted at the question: nothing was changed")),
        answer = answer => match answer {
            Ok(true) => Ok(()),
            _ => Err(Failure::failed("not confirmed: nothing was changed").hint("use --yes to continue without confirmation")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::SessionKey;

    fn session(app: &str, max_inactive: i64, last_access: i64) -> SessionMeta {
        SessionMeta {
            key: SessionKey::new(app.to_owned(), "A"),
            valid: Some("1".to_owned()),
            max_inactive: Some(max_inactive),
            last_access: Some(EpochMillis(last_access)),
            size: Some(1),
        }
    }

    #[test]
    fn numbers_by_application_and_state() {
        let mut chosen = ChosenSessions::default();
        for at in [0, 0, 90_000] {
            chosen.add(&session("/Catalina/localhost/shop", 60, at), EpochMillis(100_000));
        }
        assert_eq!(chosen.sentence(), "3 sessions of shop, 1 of them live.");
        assert!(chosen.lines().is_empty());
        chosen.add(&session("/Catalina/localhost/demo", -1, 0), EpochMillis(100_000));
        chosen.add_in_memory("/Catalina/localhost/demo");
        assert_eq!(
            chosen.sentence(),
            "5 sessions of 2 applications, 1 of them live, 1 that never expire, 1 only in a Tomcat's memory."
        );
        assert_eq!(
            chosen.lines(),
            [
                "  demo: 2 sessions, 1 that never expire, 1 only in a Tomcat's memory",
                "  shop: 3 sessions, 1 of them live, 2 expired"
            ]
        );
    }
}
