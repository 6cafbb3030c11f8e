//! Keeps a minimum time between two passes over the same session, without a pause between the passes.
//!
//! A pass notes when it had read the sessions before certain ids. The next pass reads the range in sections that end at
//! these ids, each at the earliest [`MIN_INTERVAL`] after the previous pass had read it. The server compares the ids, so
//! that they are in the same order as the sessions.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::engine::{Signal, Stop};

/// Minimum time between two reads of a session, so that a session that both miss was not merely being saved.
pub(in crate::store) const MIN_INTERVAL: Duration = Duration::from_millis(250);
/// Minimum time between two milestones, so that a pass has only a few sections.
const STEP: Duration = Duration::from_millis(50);

/// The milestones of a pass in progress.
#[derive(Debug, Default)]
pub(in crate::store) struct ReadTimes(VecDeque<Milestone>);

/// All sessions with ids before `id` had been read at `at`.
#[derive(Debug)]
struct Milestone {
    id: String,
    at: Instant,
}

/// A part of a range for the next pass. It begins where the previous section ends.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store) struct Section {
    /// The first id after the section; `None` for the end of the range.
    pub before: Option<String>,
    /// The time from which it may be read; `None` if it was never read.
    pub from: Option<Instant>,
}

impl ReadTimes {
    /// Notes that the sessions before `id` have been read.
    pub(in crate::store) fn passed(&mut self, id: &str, now: Instant) {
        if self.0.back().is_some_and(|last| now < last.at + STEP) {
            return;
        }
        // What was read long ago may be read at once: its end is enough.
        while self.0.get(1).is_some_and(|second| second.at + MIN_INTERVAL <= now) {
            self.0.pop_front();
        }
        self.0.push_back(Milestone { id: id.to_owned(), at: now });
    }

    /// Ends the pass; returns the sections for the next one.
    pub(in crate::store) fn end_pass(&mut self, now: Instant) -> Vec<Section> {
        let milestones = self.0.drain(..).map(|Milestone { id, at }| (Some(id), at));
        let section = |(before, at)| Section { before, from: Some(at + MIN_INTERVAL) };
        milestones.chain([(None, now)]).map(section).collect()
    }
}

/// The whole range at once, for a first pass.
pub(in crate::store) fn whole_range() -> Vec<Section> {
    vec![Section { before: None, from: None }]
}

/// Waits until a time, or for a signal.
pub(in crate::store::read) async fn wait_until(from: Option<Instant>, stop: &mut Stop) -> Option<Signal> {
    let from = from.filter(|from| *from > Instant::now())?;
    tokio::select! {
        () = tokio::time::sleep_until(from.into()) => None,
        signal = stop.wait() => Some(signal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_section_is_read_again_after_the_minimum_interval() {
        let begun = Instant::now();
        let at = |ms| begun + Duration::from_millis(ms);
        let mut times = ReadTimes::default();
        // Pages of 20 ms: every third one is a milestone, because they are at least 50 ms apart.
        for page in 1..=50_u64 {
            times.passed(&format!("{page:02}"), at(page * 20));
        }
        let sections = times.end_pass(at(1_010));
        let ends: Vec<_> = sections.iter().map(|section| section.before.as_deref().unwrap_or("end")).collect();
        assert_eq!(ends, ["34", "37", "40", "43", "46", "49", "end"]);
        for section in &sections {
            let read = section.before.as_ref().map_or(1_010, |id| id.parse::<u64>().unwrap() * 20);
            assert_eq!(section.from, Some(at(read) + MIN_INTERVAL));
        }
        // At the last milestone, only the first section could have been read again: one such section is enough.
        assert!(sections[0].from <= Some(at(980)) && sections[1].from > Some(at(980)), "{sections:?}");
        assert_eq!(times.end_pass(at(2_000)), [Section { before: None, from: Some(at(2_250)) }]);
    }
}
