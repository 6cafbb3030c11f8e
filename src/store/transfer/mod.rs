//! Moves and compares whole tables: `migrate`, `export` and `verify`.
//!
//! Why a copy loses, duplicates, ages and resurrects no session: `export`, `migrate` with `--follow` and
//! `--delete-gone`, and `verify`. This page holds the argument; the modules in brackets have the code.
//!
//! # Who acts
//!
//! A Tomcat saves a session by DELETE and then INSERT, ends it by DELETE, loads it by SELECT; each is a transaction
//! of its own. Other clients may hold a transaction open for any time before they commit. We read the source under
//! READ COMMITTED, a page a statement, and never lock or write there. To the target we write in transactions that
//! lock the rows that stand there and compare `last_access` under these locks ([`OnConflict`]). An advisory lock in
//! the target keeps out a second run of ours. A kill may come between any two statements.
//!
//! # Steps
//!
//! 1. **First pass** (`read::passes`, `read::range_reader`): every session, whole. Its columns and the SHA-256 of its
//!    data are noted (`spill::SeenSessions`).
//! 2. **Later passes**, at least 250 ms apart: columns and SHA-256 of each row are compared with the note; what is
//!    new or differs is read whole again. A pass begins when all that the one before took is committed in the
//!    target ([`Passes::written`]). Passes end when one finds nothing to take and misses nothing, or at a limit,
//!    which is said. With `--follow`, passes between compare the columns alone where comparing the data would take
//!    more than a tenth of the time; however it ends, up to three passes compare the data.
//! 3. **Skipped passes** (`table_version`): a pass is not read where the server proves that nothing was committed
//!    since before the last pass that compared all data.
//! 4. **Deletion**, with `--delete-gone` (`prune`).
//! 5. **Check** (`final_check`): all rows of both sides are compared, what the target lacks is copied, and looked at
//!    again. It is left out only where another pass found source and notes to be the same and each
//!    batch, read back after its commit, was in the target as it was sent ([`Moved::proof`]).
//!
//! What was sent of each session is noted too (`spill::SentSessions`). It is what source and target had in common
//! last, so that a difference has a side: where the source is as it was sent, the target changed.
//!
//! # Between any two of them
//!
//! - *A save before a pass reaches the row, or after it*: the next pass, or the check, sees the new state, whatever
//!   column differs. *A save around the look*: the session is absent; it counts as missed, never as settled, where an
//!   earlier pass had it. One that none had seen is taken by the next pass.
//! - *A commit of an older transaction*: no timestamp of a server decides what is read, and `table_version` believes
//!   only marks that a commit changes at its end. The conformance suite holds each engine to that
//!   (`tests/engines/copies.rs`).
//! - *A save while batches are written*: of two states of one session the one with the higher `last_access` stays;
//!   of two with the same access the one taken later. They are never in flight together, so none overtakes the other.
//! - *A logout in the source* after the session was taken: the copy has it, as a backup would. `--delete-gone`
//!   deletes it where two looks miss it and the target's row, locked, is what was sent, data included.
//! - *A save around both looks of the deletion*: the row goes, a third look after the commit finds the session in the
//!   source and copies it; the check is the fourth.
//! - *A Tomcat that uses the target already* and saves there: its access is later, and our writes keep it. With the
//!   same access or an earlier one (a clock that is behind): the source is as it was sent, so we do not write. It ends
//!   a session: for the same reason it does not come back. Our insert between its DELETE and its INSERT makes that
//!   INSERT fail once; Tomcat tries both again.
//! - *A kill*: each batch is committed or not; the next run compares and goes on.
//!
//! # `verify`
//!
//! Both sides are read once and paired (`session::Pairing`). What differs is looked up by its key, twice more, with
//! 250 ms between: what is equal at one look is no difference, what changes between two was written meanwhile. What
//! is the same at all looks is a difference, unless its access lies between the beginning and the moment it was read,
//! by the clock of its server. An access beyond that moment proves a clock that is ahead, and no change.
//!
//! # What this does not promise
//!
//! - A session that is absent at every look, because its save takes longer than all of them (an INSERT that waits for
//!   a lock, say), is not in the copy; with `--delete-gone` it is deleted there. Each look is at least 250 ms after the
//!   one before.
//! - What is committed after the last look is not in the copy. Stop the Tomcats of the source before the end.
//! - A run knows what it sent itself. Started again after Tomcats use the target, it copies what users ended there.
//! - A save in the source of a session that was ended in the target brings it back: it was used after that.
//! - Two states whose digests of 32 bits (data alone) or 61 bits (columns too) are equal are taken for one by a pass: one of 4 billion changes. The
//!   check compares SHA-256.
//!
//! [`OnConflict`]: crate::session::OnConflict
//! [`Passes::written`]: crate::store::Passes::written
//! [`Moved::proof`]: crate::store::Moved::proof

pub mod compare;
pub mod final_check;
pub mod mover;
pub mod only_in_target;
pub mod preflight;
pub mod prune;
pub mod writers;
