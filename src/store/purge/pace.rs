//! How long a purge pauses after a batch, so that it slows others down less.
//!
//! A server that is busy takes longer for the same work, whether it deletes a session for us or saves one for
//! Tomcat. Every engine shows this in the time of our own statements, so this needs no privilege. The fastest
//! batches, usually the first ones, tell what a session takes on this server while it is quiet.
//!
//! The same idea as `--nice-ratio` of gh-ost and `--chunk-time` of pt-online-schema-change, with a ratio that
//! follows the server.

use std::time::Duration;

/// Batches without a pause, from which the server's quiet speed is learned. A run that has no more of them, as
/// one every minute, never pauses.
const BASELINE_BATCHES: u32 = 4;
/// The weight of earlier batches in the present time per session; that of pt-online-schema-change.
const WEIGHT: f64 = 0.75;
/// The share of a batch's time that a pause has for each 100 % that the server is slower than in its quiet time.
const GAIN: f64 = 4.0;
/// What is left of the share after each batch on a server that is no longer slow. A run that goes at full speed
/// as soon as the server has recovered makes it slow again at once.
const DECAY: f64 = 0.98;
/// The longest pause, as a share of the time of its batch: no run takes more than twice as long because of them.
const MAX_SHARE: f64 = 1.0;
/// Timers are no more exact; shorter pauses are added up.
const MIN_PAUSE: Duration = Duration::from_millis(1);

/// Pauses between the batches of a purge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pauses {
    /// As long as the server takes longer than at the start, at most as long as the batches.
    Adaptive,
    /// Always this long.
    Fixed(Duration),
}

/// What is known of the server's speed, from the batches so far.
#[derive(Debug)]
pub(in crate::store) struct Pace {
    pauses: Pauses,
    batches: u32,
    /// Weighted sums over the last batches, in seconds and sessions.
    seconds: f64,
    sessions: f64,
    /// The least time per session so far, in seconds.
    baseline: Option<f64>,
    /// The pause, as a share of the time of its batch.
    share: f64,
    /// Pauses that were too short to be made.
    postponed: Duration,
}

impl Pace {
    pub(in crate::store) fn new(pauses: Pauses) -> Pace {
        Pace { pauses, batches: 0, seconds: 0.0, sessions: 0.0, baseline: None, share: 0.0, postponed: Duration::ZERO }
    }

    /// The pause after a batch of `sessions` that took `took`.
    pub(in crate::store) fn pause_after(&mut self, sessions: usize, took: Duration) -> Duration {
        if let Pauses::Fixed(pause) = self.pauses {
            return pause;
        }
        if sessions == 0 {
            return Duration::ZERO;
        }
        self.batches = self.batches.saturating_add(1);
        self.seconds = self.seconds * WEIGHT + took.as_secs_f64();
        self.sessions = self.sessions * WEIGHT + u32::try_from(sessions).map_or(f64::from(u32::MAX), f64::from);
        let now = self.seconds / self.sessions;
        let baseline = self.baseline.map_or(now, |baseline| baseline.min(now));
        self.baseline = Some(baseline);
        if self.batches <= BASELINE_BATCHES {
            return Duration::ZERO;
        }
        let slowdown = if baseline > 0.0 { now / baseline - 1.0 } else { 0.0 };
        self.share = (slowdown * GAIN).clamp(self.share * DECAY, MAX_SHARE);
        self.postponed += took.mul_f64(self.share);
        if self.postponed < MIN_PAUSE { Duration::ZERO } else { std::mem::take(&mut self.postponed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// The pauses after batches of 100 sessions that take so many milliseconds.
    fn pauses(batches: impl IntoIterator<Item = u64>) -> Vec<u128> {
        let mut pace = Pace::new(Pauses::Adaptive);
        batches.into_iter().map(|took| pace.pause_after(100, ms(took)).as_millis()).collect()
    }

    #[test]
    fn a_steady_server_gets_no_pauses() {
        assert_eq!(pauses([10; 50]), [0; 50]);
    }

    #[test]
    fn a_server_that_becomes_slower_gets_pauses_and_one_that_recovers_gets_none() {
        let after = pauses([vec![100; 10], vec![120; 20], vec![100; 300]].concat());
        assert_eq!(after[..10], [0; 10]);
        assert!((1..60).contains(&after[10]), "one batch may be slow by chance: {after:?}");
        assert!((90..=96).contains(&after[29]), "four times 20 %: {after:?}");
        assert!(after[40] > 60, "not at full speed again at once: {after:?}");
        assert!(after[40..].windows(2).all(|pair| pair[0] >= pair[1] || pair[1] <= 1), "{after:?}");
        assert!(after[310..].iter().sum::<u128>() <= 10, "{after:?}");
    }

    #[test]
    fn pauses_never_double_the_time() {
        let slow = [vec![1; 5], vec![1000; 20]].concat();
        assert!(pauses(slow.iter().copied()).iter().zip(&slow).all(|(pause, took)| *pause <= u128::from(*took)));
    }

    #[test]
    fn a_short_run_never_pauses() {
        assert_eq!(pauses([5, 500, 5, 500]), [0; 4]);
    }

    #[test]
    fn a_slow_first_batch_is_not_the_measure() {
        let after = pauses([vec![400], vec![10; 30], vec![20; 20]].concat());
        assert_eq!(after[49], 20, "{after:?}");
    }

    #[test]
    fn the_number_of_sessions_is_no_sign_of_slowness() {
        let mut pace = Pace::new(Pauses::Adaptive);
        for sessions in [500, 500, 250, 125, 10, 500, 1, 500] {
            let took = Duration::from_micros(40) * u32::try_from(sessions).unwrap();
            assert_eq!(pace.pause_after(sessions, took), Duration::ZERO);
        }
        assert_eq!(pace.pause_after(0, Duration::ZERO), Duration::ZERO);
    }

    #[test]
    fn pauses_too_short_for_a_timer_are_added_up() {
        let mut pace = Pace::new(Pauses::Adaptive);
        let micros = Duration::from_micros;
        let mut after = |took| pace.pause_after(10, micros(took));
        (0..10).for_each(|_| assert_eq!(after(100), Duration::ZERO));
        let slow: Vec<Duration> = (0..40).map(|_| after(400)).collect();
        assert!(slow.iter().all(|pause| pause.is_zero() || *pause >= MIN_PAUSE), "{slow:?}");
        assert!(slow.iter().sum::<Duration>() > micros(400) * 30, "{slow:?}");
    }

    #[test]
    fn a_fixed_pause_is_always_the_same() {
        let mut pace = Pace::new(Pauses::Fixed(ms(3)));
        assert!([1, 1, 1, 1, 1, 900].iter().all(|took| pace.pause_after(100, ms(*took)) == ms(3)));
    }
}
