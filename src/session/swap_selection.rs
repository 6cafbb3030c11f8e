//! Selects sessions to swap out, by the rules of Tomcat's Manager applied to a table.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use super::{EpochMillis, SessionMeta, SessionState, short_digest};

/// Rules for swapping out. At least one of the first two is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SwapRule {
    /// Like `maxIdleSwap`: move sessions that have been idle for at least this long.
    pub max_idle: Option<Duration>,
    /// Like `maxActiveSessions`: if an application has more sessions than this, move those that have been idle
    /// longest.
    pub max_active: Option<usize>,
    /// Like `minIdleSwap`: never move sessions that have been idle for less.
    pub min_idle: Duration,
    /// Treat expired sessions like others. Otherwise they are left to a purge, and not counted.
    pub include_expired: bool,
}

/// The rules, together with the number of sessions of each application.
#[derive(Debug, Clone)]
pub struct Swap {
    rule: SwapRule,
    now: EpochMillis,
    /// For each application with too many sessions: sessions up to this rank are moved.
    surplus: HashMap<Option<String>, AgeRank>,
}

/// Position in the order of last access, and among sessions with the same `last_access`.
type AgeRank = (EpochMillis, u64);

/// Counts sessions, to determine which of them are surplus.
#[derive(Debug)]
pub struct SwapSelection {
    rule: SwapRule,
    now: EpochMillis,
    /// The most recently used sessions of each application, one more than may stay.
    youngest: HashMap<Option<String>, BinaryHeap<Reverse<AgeRank>>>,
}

impl SwapRule {
    /// Minimum idle time of a session that is moved.
    pub fn least_idle(&self) -> Duration {
        match (self.max_idle, self.max_active) {
            (Some(max_idle), None) => max_idle.max(self.min_idle),
            _ => self.min_idle,
        }
    }

    /// Tells whether sessions have to be counted before they can be selected.
    pub fn counts(&self) -> bool {
        self.max_active.is_some()
    }

    fn is_concerned(&self, session: &SessionMeta, now: EpochMillis) -> bool {
        self.include_expired || !matches!(session.state_at(now), SessionState::Expired { .. })
    }
}

impl SwapSelection {
    pub fn new(rule: SwapRule, now: EpochMillis) -> SwapSelection {
        SwapSelection { rule, now, youngest: HashMap::new() }
    }

    /// Counts a session. About 16 bytes are kept for each session that may stay.
    pub fn add(&mut self, session: &SessionMeta) {
        let Some(most) = self.rule.max_active.filter(|_| self.rule.is_concerned(session, self.now)) else { return };
        let Some(place) = place(session) else { return };
        if !self.youngest.contains_key(&session.key.app) {
            self.youngest.insert(session.key.app.clone(), BinaryHeap::new());
        }
        if let Some(youngest) = self.youngest.get_mut(&session.key.app) {
            youngest.push(Reverse(place));
            if youngest.len() > most.saturating_add(1) {
                youngest.pop();
            }
        }
    }

    /// Finishes the count. If an application has too many sessions, the oldest session in its heap is the most
    /// recently used one that is moved.
    pub fn end(self) -> Swap {
        let most = self.rule.max_active.unwrap_or(usize::MAX);
        let surplus = self.youngest.into_iter().filter(|(_, youngest)| youngest.len() > most);
        let surplus = surplus.filter_map(|(app, youngest)| Some((app, youngest.peek()?.0)));
        Swap { surplus: surplus.collect(), rule: self.rule, now: self.now }
    }
}

impl Swap {
    /// Tells whether a session, in its current state, is moved. A session that was accessed since the count stays.
    pub fn includes(&self, session: &SessionMeta) -> bool {
        let Some(idle) = session.idle_ms(self.now).map(Duration::from_millis) else { return false };
        if idle < self.rule.min_idle || !self.rule.is_concerned(session, self.now) {
            return false;
        }
        let too_many = || place(session) <= self.surplus.get(&session.key.app).copied();
        self.rule.max_idle.is_some_and(|most| idle >= most) || (place(session).is_some() && too_many())
    }

    /// Every session that is moved was last accessed before this time.
    pub fn accessed_before(&self) -> EpochMillis {
        EpochMillis(self.now.before(self.rule.least_idle()).0.saturating_add(1))
    }
}

fn place(session: &SessionMeta) -> Option<AgeRank> {
    Some((session.last_access?, short_digest(&session.key)))
}

#[cfg(test)]
mod tests {
    use super::super::SessionKey;
    use super::*;

    const NOW: EpochMillis = EpochMillis(10_000_000);

    /// A session that has been idle for this many seconds.
    fn idle(app: &str, id: &str, seconds: i64) -> SessionMeta {
        SessionMeta {
            key: SessionKey::new(Some(app.to_owned()), id),
            valid: Some("1".to_owned()),
            max_inactive: Some(3_000),
            last_access: Some(EpochMillis(NOW.0 - seconds * 1000)),
            size: None,
        }
    }

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    /// The ids of the sessions that are moved.
    fn gone<'a>(rule: &SwapRule, sessions: &'a [SessionMeta]) -> Vec<&'a str> {
        let mut count = SwapSelection::new(rule.clone(), NOW);
        sessions.iter().for_each(|session| count.add(session));
        let swap = count.end();
        sessions.iter().filter(|session| swap.includes(session)).map(|session| session.key.id.as_str()).collect()
    }

    #[test]
    fn sessions_idle_long_enough_are_swapped_out() {
        let rule = SwapRule { max_idle: Some(seconds(100)), ..SwapRule::default() };
        assert_eq!(gone(&rule, &[idle("a", "1", 99), idle("a", "2", 100), idle("a", "3", 101)]), ["2", "3"]);
        let rule = SwapRule { min_idle: seconds(101), ..rule };
        assert_eq!(gone(&rule, &[idle("a", "2", 100), idle("a", "3", 101)]), ["3"]);
    }

    #[test]
    fn expired_sessions_and_null_times_are_not_moved() {
        let rule = SwapRule { max_idle: Some(seconds(100)), ..SwapRule::default() };
        let mut unknown = idle("a", "2", 0);
        unknown.last_access = None;
        let mut never = idle("a", "3", 5_000);
        never.max_inactive = Some(-1);
        let sessions = [idle("a", "1", 3_001), unknown, never];
        assert_eq!(gone(&rule, &sessions), ["3"]);
        assert_eq!(gone(&SwapRule { include_expired: true, ..rule }, &sessions), ["1", "3"]);
    }

    #[test]
    fn the_longest_idle_surplus_is_moved_above_min_idle() {
        let rule = SwapRule { max_active: Some(2), min_idle: seconds(50), ..SwapRule::default() };
        let sessions = [
            idle("a", "1", 10),
            idle("a", "2", 400),
            idle("a", "3", 60),
            idle("a", "4", 500),
            idle("a", "expired", 3_500),
            idle("b", "5", 700),
            idle("b", "6", 800),
        ];
        assert_eq!(gone(&rule, &sessions), ["2", "4"]);
        let rule = SwapRule { max_active: Some(0), ..rule };
        assert_eq!(gone(&rule, &sessions), ["2", "3", "4", "5", "6"]);
    }

    #[test]
    fn ties_in_last_access_move_exactly_the_surplus() {
        let rule = SwapRule { max_active: Some(3), ..SwapRule::default() };
        let sessions: Vec<_> = (0..10).map(|n| idle("a", &n.to_string(), 60)).collect();
        assert_eq!(gone(&rule, &sessions).len(), 7);
    }

    #[test]
    fn both_rules_together_select_the_union() {
        let rule = SwapRule { max_idle: Some(seconds(300)), max_active: Some(1), ..SwapRule::default() };
        let sessions = [idle("a", "1", 1), idle("a", "2", 2), idle("b", "3", 400), idle("b", "4", 3)];
        assert_eq!(gone(&rule, &sessions), ["2", "3"]);
    }

    #[test]
    fn a_session_used_since_the_count_is_not_moved() {
        let rule = SwapRule { max_active: Some(1), ..SwapRule::default() };
        let mut count = SwapSelection::new(rule, NOW);
        [idle("a", "1", 60), idle("a", "2", 50)].iter().for_each(|session| count.add(session));
        let swap = count.end();
        assert!(swap.includes(&idle("a", "1", 60)) && !swap.includes(&idle("a", "1", 0)));
    }

    #[test]
    fn the_server_bound_includes_every_moved_session() {
        let swap = |rule| SwapSelection::new(rule, NOW).end();
        let both =
            SwapRule { max_idle: Some(seconds(9)), max_active: Some(1), min_idle: seconds(5), ..SwapRule::default() };
        assert_eq!(swap(both.clone()).accessed_before(), EpochMillis(NOW.0 - 5_000 + 1));
        let rule = SwapRule { max_active: None, ..both };
        assert_eq!(swap(rule).accessed_before(), EpochMillis(NOW.0 - 9_000 + 1));
    }
}
