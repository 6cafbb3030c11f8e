//! The lease: a lock that is valid on every member of a cluster. An advisory lock is valid only on the member that
//! granted it.
//!
//! The lease is a row of a small table: its holder, and its expiry time. One statement takes it, if nobody holds it
//! or it has expired. Each transaction that writes sessions renews it right before its commit. A run whose lease was
//! taken by another run therefore finds no row to renew, and rolls back. If both transactions are in progress on two
//! members, both have written the same row, and the cluster accepts only one of them (certification in Galera and in
//! a group). The clocks of the members need not agree: a lease that is taken too early stops its first holder, but
//! never lets two runs write.
//!
//! While nothing is written, a second connection renews the lease. The lease of a killed run expires.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use crate::engine::{Bind, ClusterKind, Connection, DbError, DbErrorKind, Names, Target};
use crate::store::error::{Result, StoreError};
use crate::store::session_store::SessionStore;

/// Duration of a lease that is not renewed.
const DURATION: Duration = Duration::from_secs(30);
/// Interval at which it is renewed while no transaction does so.
const RENEW_INTERVAL: Duration = Duration::from_secs(10);
/// Time limit for releasing a lease at the end; otherwise it expires.
const RELEASE: Duration = Duration::from_secs(2);
/// Interval at which a lease held by another run is requested again.
const POLL: Duration = Duration::from_millis(500);

/// A lease held by this run, on all of its connections.
#[derive(Clone)]
pub(in crate::store) struct Lease(Arc<LeaseHolder>);

struct LeaseHolder {
    target: Target,
    names: Names,
    bind: Bind,
    lost: Arc<AtomicBool>,
    released: AtomicBool,
    renewing: JoinHandle<()>,
}

impl Lease {
    /// Tells whether another run is known to have taken it.
    pub(in crate::store) fn is_lost(&self) -> bool {
        self.0.lost.load(Ordering::Relaxed)
    }
}

/// A run that ends early releases its lease too. This uses a separate thread, because the runtime itself may be
/// shutting down.
impl Drop for LeaseHolder {
    fn drop(&mut self) {
        self.renewing.abort();
        if self.lost.load(Ordering::Relaxed) || self.released.load(Ordering::Relaxed) {
            return;
        }
        let (target, names, bind) = (self.target.clone(), self.names.clone(), self.bind.clone());
        let release = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            let released =
                runtime.block_on(async { tokio::time::timeout(RELEASE, release(&target, &names, &bind)).await });
            released.ok()?.ok()
        };
        let _ = std::thread::spawn(release).join();
    }
}

async fn release(target: &Target, names: &Names, bind: &Bind) -> std::result::Result<u64, DbError> {
    let mut connection = target.connect(false).await?;
    let sql = connection.statements().lease_release.render(names, target.engine.dialect(), bind)?;
    let released = connection.execute(&sql).await;
    connection.close().await;
    released
}

impl SessionStore {
    /// The kind of cluster to which the server belongs.
    pub fn cluster(&self) -> Option<ClusterKind> {
        self.connection.cluster()
    }

    /// Refuses a lock that is valid on one member of a cluster only.
    ///
    /// # Errors
    /// [`StoreError::NoLease`].
    pub fn require_lease(&self) -> Result<()> {
        if self.cluster().is_none() || self.lease.is_some() {
            return Ok(());
        }
        Err(StoreError::NoLease { table: self.names.lease.clone(), target: self.target.to_string() })
    }

    /// Tells whether the account sees a lease table.
    pub(in crate::store) async fn has_lease_table(&mut self) -> Result<bool> {
        let bind = Bind::new().set("table", self.names.catalogue_name(&self.names.lease, self.dialect()));
        Ok(!self.query("look for the table of the lease", self.statements().table, &bind).await?.is_empty())
    }

    /// Takes the lease, waiting for at most `wait`.
    pub(in crate::store) async fn take_lease(&mut self, wait: Duration) -> Result<()> {
        let begun = Instant::now();
        let holder = holder()?;
        loop {
            let taken = self.try_lease(&holder).await?;
            let Some(left) = taken else { break };
            if begun.elapsed() >= wait {
                return Err(StoreError::Leased { table: self.names.table.clone(), waited: wait, left });
            }
            tokio::time::sleep(POLL.min(wait.saturating_sub(begun.elapsed()))).await;
        }
        let lost = Arc::new(AtomicBool::new(false));
        let (target, names, bind) = (self.target.clone(), self.names.clone(), bind(&self.names, &holder));
        let renewing = tokio::spawn(renew_beside(target.clone(), names.clone(), bind.clone(), Arc::clone(&lost)));
        let released = AtomicBool::new(false);
        self.lease = Some(Lease(Arc::new(LeaseHolder { target, names, bind, lost, released, renewing })));
        Ok(())
    }

    /// Takes the lease if nobody holds it; otherwise returns how long another run still holds it.
    async fn try_lease(&mut self, holder: &str) -> Result<Option<Duration>> {
        let doing = "take the table's lease";
        let bind = bind(&self.names, holder);
        match self.execute(doing, self.statements().lease_take, &bind).await {
            // Another run is taking it at this moment.
            Err(error) if error.is_retryable() => return Ok(Some(DURATION)),
            taken => taken?,
        };
        let mut rows = self.query(doing, self.statements().lease_read, &bind).await?;
        let Some(row) = rows.first_mut() else { return Ok(Some(DURATION)) };
        let (held_by, left) = (|| Ok((row.text(0)?, row.int(1)?)))().map_err(|e| StoreError::db(doing, e))?;
        let left = Duration::from_millis(left.and_then(|ms| u64::try_from(ms).ok()).unwrap_or_default());
        Ok((held_by.as_deref() != Some(holder)).then_some(left))
    }

    /// Renews the lease in the open transaction, if this run holds one.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if another run has taken it.
    pub(in crate::store) async fn renew_lease(&mut self) -> Result<()> {
        let Some(lease) = self.lease.clone() else { return Ok(()) };
        if self.execute("renew the table's lease", self.statements().lease_renew, &lease.0.bind).await? == 0 {
            lease.0.lost.store(true, Ordering::Relaxed);
            return Err(StoreError::LeaseLost { table: self.names.table.clone() });
        }
        Ok(())
    }

    /// Releases the lease, unless another connection of this run still uses it; if that fails, it expires.
    pub(in crate::store) async fn release_lease(&mut self) {
        if let Some(lease) = self.lease.take()
            && Arc::strong_count(&lease.0) == 1
        {
            let doing = "release the table's lease";
            let done = self.execute(doing, self.statements().lease_release, &lease.0.bind).await;
            lease.0.released.store(done.is_ok(), Ordering::Relaxed);
        }
    }
}

/// Renews a lease periodically, on its own connection, until it is stopped or the lease is lost.
async fn renew_beside(target: Target, names: Names, bind: Bind, lost: Arc<AtomicBool>) {
    let mut connection: Option<Box<dyn Connection>> = None;
    loop {
        tokio::time::sleep(RENEW_INTERVAL).await;
        // A failure is noticed by the next transaction, or by whoever takes the lease.
        match renew(&target, &names, &bind, &mut connection).await {
            Ok(0) => return lost.store(true, Ordering::Relaxed),
            Ok(_) => {}
            Err(error) if error.kind == DbErrorKind::Retryable => {}
            Err(_) => connection = None,
        }
    }
}

async fn renew(
    target: &Target,
    names: &Names,
    bind: &Bind,
    connection: &mut Option<Box<dyn Connection>>,
) -> std::result::Result<u64, DbError> {
    let open = match connection {
        Some(open) => open,
        None => connection.insert(target.connect(false).await?),
    };
    let sql = open.statements().lease_renew.render(names, target.engine.dialect(), bind)?;
    open.execute(&sql).await
}

fn bind(names: &Names, holder: &str) -> Bind {
    let lasts = i64::try_from(DURATION.as_millis()).unwrap_or(i64::MAX);
    Bind::new().set("lease", names.table.as_str()).set("holder", holder).set("lease_ms", lasts)
}

/// A name that no other run has.
fn holder() -> Result<String> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(|e| StoreError::db("name this run", DbError::other(e.to_string())))?;
    Ok(random.iter().fold(String::new(), |name, byte| format!("{name}{byte:02x}")))
}
