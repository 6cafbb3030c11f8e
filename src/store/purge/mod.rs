//! Takes sessions out of a table in small batches while Tomcats are running: which sessions are candidates, how large a
//! batch is, what is done with it, and what delays it. `purger` explains why no live session is lost.

pub mod backup;
pub mod batch;
pub mod batch_queue;
pub mod batch_size;
pub mod candidates;
pub mod delete;
pub mod pace;
pub mod purger;
pub mod summary;
pub mod throttle;
