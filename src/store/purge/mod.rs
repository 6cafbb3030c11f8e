//! Takes sessions out of a table in small batches while Tomcats are running: who is a candidate, how large
//! a batch is, what
//! becomes of it, and what holds it back. Why no live session is deleted is argued in `purger`.

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
