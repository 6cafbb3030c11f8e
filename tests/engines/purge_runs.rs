//! Functions for several modules: reading all sessions, and starting purges.

use std::ops::ControlFlow;
use std::time::Duration;

use tomcat_sessions::session::{EpochMillis, Filter, Session, SessionMeta};
use tomcat_sessions::store::{
    BatchAction, Candidates, Delete, Expiry, ExpiryRoute, Pauses, PurgeLimits, PurgeSummary, Purger, ReadRequest,
    SessionStore, Stop, Throttle,
};

use crate::support::{NOW, session};

/// Every matching session, in order.
pub async fn all(store: &mut SessionStore, filter: &Filter, now: EpochMillis) -> Vec<SessionMeta> {
    let mut found = Vec::new();
    let reading = ReadRequest { filter, now, from: None, limit: None };
    store
        .for_each(&reading, &Stop::never(), |session| {
            found.push(session);
            ControlFlow::Continue(())
        })
        .await
        .unwrap();
    found
}

/// The number of rows in the table.
pub async fn count(store: &mut SessionStore) -> u64 {
    store.count_expired(NOW, None).await.unwrap().0
}

/// Ids from `E0000` on of sessions that expired long ago.
pub fn expired(n: usize) -> Vec<Session> {
    (0..n).map(|i| session("/Catalina/localhost/demo", &format!("E{i:04}"), 1800, 1_000_000)).collect()
}

/// The route for this table.
pub fn route(store: &SessionStore) -> ExpiryRoute {
    if store.shape().has_expiry_index(store.names(), store.dialect()) { ExpiryRoute::Index } else { ExpiryRoute::Scan }
}

/// A purge of sessions that are expired at `cutoff`.
pub struct Expire {
    pub cutoff: EpochMillis,
    pub limits: PurgeLimits,
    pub dry_run: bool,
    pub stop: Stop,
}

impl Expire {
    pub fn new() -> Expire {
        let limits = PurgeLimits {
            batch: 500,
            // Batches keep their size on a slow machine.
            batch_time: Duration::from_secs(60),
            pauses: Pauses::Fixed(Duration::ZERO),
            max_rows: None,
            max_time: None,
        };
        Expire { cutoff: NOW, limits, dry_run: false, stop: Stop::never() }
    }

    pub fn batch(mut self, rows: usize) -> Expire {
        self.limits.batch = rows;
        self
    }

    pub async fn run(self, store: &mut SessionStore) -> PurgeSummary {
        self.watched(store, &mut |_| {}).await
    }

    /// Runs the purge, and passes the number of deleted sessions to `progress` after each batch.
    pub async fn watched(self, store: &mut SessionStore, progress: &mut (dyn FnMut(u64) + Send)) -> PurgeSummary {
        if !self.dry_run {
            store.lock(Duration::ZERO).await.unwrap();
        }
        let reader = store.another().await.unwrap();
        let candidates = Candidates::expired(reader, route(store), Expiry::at(self.cutoff), None);
        let summary = self.of(store, candidates, progress).await;
        // A lost connection has already lost its lock.
        let _ = store.unlock().await;
        summary
    }

    /// Runs it with these candidates; `store` may hold any lock.
    pub async fn of(
        self,
        store: &mut SessionStore,
        candidates: Candidates,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> PurgeSummary {
        self.with(store, candidates, &mut Delete { exact: true }, progress).await
    }

    /// Runs it with another action.
    pub async fn doing(self, store: &mut SessionStore, action: &mut dyn BatchAction) -> PurgeSummary {
        store.lock(Duration::ZERO).await.unwrap();
        let reader = store.another().await.unwrap();
        let candidates = Candidates::expired(reader, route(store), Expiry::at(self.cutoff), None);
        let summary = self.with(store, candidates, action, &mut |_| {}).await;
        store.unlock().await.unwrap();
        summary
    }

    async fn with(
        self,
        store: &mut SessionStore,
        mut candidates: Candidates,
        action: &mut dyn BatchAction,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> PurgeSummary {
        let Expire { cutoff, limits, dry_run, stop } = self;
        let purger = Purger {
            store,
            action,
            in_memory_check: None,
            cutoff: Some(cutoff),
            accessed_before: None,
            wanted: &|_| true,
            limits: &limits,
            throttle: &mut Throttle::default(),
            dry_run,
            stop,
        };
        purger.run(&mut candidates, &mut |p| progress(p.deleted)).await
    }
}
