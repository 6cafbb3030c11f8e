//! Processes batches on all cores, in bounded memory. The results come in the order of the batches.

use std::collections::VecDeque;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::mpsc::Receiver;
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

/// Work in progress. If it is dropped, no further batch is started.
pub struct ParallelMap<B, T> {
    batches: Receiver<B>,
    work: Arc<dyn Fn(B) -> T + Send + Sync>,
    /// The oldest batch first; at most one per core.
    under_way: VecDeque<JoinHandle<T>>,
    most: usize,
    more: bool,
}

impl<B: Send + 'static, T: Send + 'static> ParallelMap<B, T> {
    pub fn new(batches: Receiver<B>, work: impl Fn(B) -> T + Send + Sync + 'static) -> ParallelMap<B, T> {
        let most = available_parallelism().map_or(1, NonZero::get);
        ParallelMap { batches, work: Arc::new(work), under_way: VecDeque::new(), most, more: true }
    }

    /// The result of the next batch; `None` after the last one.
    pub async fn next(&mut self) -> Option<T> {
        loop {
            let room = self.more && self.under_way.len() < self.most;
            let busy = !self.under_way.is_empty();
            let oldest = async {
                match self.under_way.front_mut() {
                    Some(job) => job.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                done = oldest, if busy => {
                    self.under_way.pop_front();
                    return match done.map_err(JoinError::try_into_panic) {
                        Ok(done) => Some(done),
                        Err(Ok(panic)) => resume_unwind(panic),
                        // Cancelled: the program is ending.
                        Err(Err(_)) => None,
                    };
                }
                batch = self.batches.recv(), if room => match batch {
                    Some(batch) => {
                        let work = Arc::clone(&self.work);
                        self.under_way.push_back(spawn_blocking(move || work(batch)));
                    }
                    None => self.more = false,
                },
                else => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn results_are_ordered_and_concurrency_is_limited() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        let mut work = ParallelMap::new(receiver, |n: u64| {
            MOST.fetch_max(NOW.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis((n * 7) % 5));
            NOW.fetch_sub(1, Ordering::SeqCst);
            n * 2
        });
        let feed = tokio::spawn(async move {
            for n in 0..50 {
                sender.send(n).await.unwrap();
            }
        });
        let mut all = Vec::new();
        while let Some(n) = work.next().await {
            all.push(n);
        }
        feed.await.unwrap();
        assert_eq!(all, (0..50).map(|n| n * 2).collect::<Vec<_>>());
        assert!(MOST.load(Ordering::SeqCst) <= work.most);
        assert_eq!(work.next().await, None);
    }

    #[tokio::test]
    #[should_panic(expected = "in the work")]
    async fn a_panic_in_a_worker_is_propagated() {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        sender.send(()).await.unwrap();
        ParallelMap::new(receiver, |()| panic!("in the work")).next().await;
    }
}
