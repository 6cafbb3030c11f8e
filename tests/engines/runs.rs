//! What the cases share: reading all sessions, and purges with few words.

use std::ops::ControlFlow;
use std::time::Duration;

use tomcat_sessions::session::{EpochMillis, Filter, Session, SessionMeta};
use tomcat_sessions::store::{
    BatchAction, Candidates, Delete, Expiry, ExpiryRoute, Pauses, PurgeLimits, PurgeSummary, Purger, ReadRequest,
    SessionStore, Stop, Throttle,
};

use crate::support::{NOW, session};

/// Every session that matches, in the order in which they come.
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

/// Ids `E0000` and on of sessions that expired long ago.
pub fn expired(n: usize) -> Vec<Session> {
    (0..n).map(|i| session("/Catalina/localhost/demo", &format!("E{i:04}"), 1800, 1_000_000)).collect()
}

/// The way that suits the table.
pub fn route(store: &SessionStore) -> ExpiryRoute {
    if store.shape().has_expiry_index(store.names(), store.dialect()) { ExpiryRoute::Index } else { ExpiryRoute::Scan }
}

/// A purge of what is expired at `cutoff`.
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
            // So that batches keep their size on a slow machine.
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

    /// Runs it, telling `progress` the number deleted after each batch.
    pub async fn watched(self, store: &mut SessionStore, progress: &mut (dyn FnMut(u64) + Send)) -> PurgeSummary {
        if !self.dry_run {
            store.lock(Duration::ZERO).await.unwrap();
        }
        let reader = store.another().await.unwrap();
        let candidates = Candidates::expired(reader, route(store), Expiry::at(self.cutoff), None);
        let summary = self.of(store, candidates, progress).await;
        // A connection that is gone has lost its lock already.
        let _ = store.unlock().await;
        summary
    }

    /// Runs it over these candidates, with whatever lock `store` holds.
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
