//! Copies and compares whole tables: `migrate`, `export` and `verify`.
//!
//! This page explains why a copy loses, duplicates, ages and resurrects no session: for `export`, for `migrate` with
//! `--follow` and `--delete-gone`, and for `verify`. The code is in the modules in parentheses.
//!
//! # Participants
//!
//! A Tomcat saves a session with DELETE and then INSERT, ends it with DELETE, and loads it with SELECT; each is a
//! separate transaction. Other clients may keep a transaction open for any time before they commit. This program
//! reads the source under READ COMMITTED, one statement per page, and never locks or writes there. It writes to the
//! target in transactions that lock the existing rows and compare `last_access` under these locks ([`OnConflict`]).
//! An advisory lock in the target prevents a second run. A kill may happen between any two statements.
//!
//! # Steps
//!
//! 1. **First pass** (`read::passes`, `read::range_reader`): reads every session completely, and records its columns
//!    and the SHA-256 of its data (`spillable_map::SeenSessions`).
//! 2. **Later passes**, at least 250 ms apart: compare columns and SHA-256 of each row with the record; new and
//!    changed sessions are read completely. A pass begins when everything that the previous one read has been
//!    committed in the target ([`Passes::written`]). The passes end when one finds no change and misses no session,
//!    or at a limit, which is reported. With `--follow`, the passes in between compare only the columns if comparing
//!    the data would take more than a tenth of the time; however the run ends, up to three passes compare the data.
//! 3. **Skipped passes** (`table_version`): the table is not read if the server proves that nothing was committed
//!    since before the last pass that compared all data.
//! 4. **Deletion**, with `--delete-gone` (`prune`).
//! 5. **Check** (`final_check`): all rows of both sides are compared, sessions that the target lacks are copied, and
//!    read again. It is omitted only if another pass found the source equal to the record, and each batch, read back
//!    after its commit, was in the target as it was sent ([`MoveResult::proof`]).
//!
//! What was sent of each session is recorded too (`spillable_map::SentSessions`). It is the last common state of source and
//! target, so a difference can be attributed to one side: if the source is as it was sent, the target has changed.
//!
//! # Events between any two steps
//!
//! - *A save before or after a pass reaches the row*: the next pass, or the check, sees the new state, whichever
//!   column differs. *A save around the read*: the session is absent. If an earlier pass had it, it counts as missed,
//!   and the passes do not end. If none had seen it, the next pass reads it.
//! - *A commit of an older transaction*: no timestamp of a server decides what is read, and `table_version` trusts
//!   only values that a commit changes when it ends. The conformance suite tests this for each engine
//!   (`tests/engines/copies_during_writes.rs`).
//! - *A save while batches are written*: of two states of one session, the one with the higher `last_access` is kept;
//!   of two with the same `last_access`, the one read later. They are never in flight at the same time, so none
//!   overtakes the other.
//! - *A logout in the source* after the session was read: the copy has the session, as a backup would.
//!   `--delete-gone` deletes it if two reads miss it and the target's row, under a lock, is what was sent, including
//!   the data.
//! - *A save around both reads of the deletion*: the row is deleted; a third read after the commit finds the session
//!   in the source and copies it; the check is the fourth read.
//! - *A Tomcat that already uses the target* and saves there: its `last_access` is higher, and our writes keep its
//!   row. With the same or a lower `last_access` (a clock that is behind), the source is as it was sent, so we do not
//!   write. If it ends a session, the session is not written again, for the same reason. Our INSERT between its
//!   DELETE and its INSERT makes that INSERT fail once; Tomcat repeats both.
//! - *A kill*: each batch is committed or not; the next run compares and continues.
//!
//! # `verify`
//!
//! Both sides are read once and paired (`session::Pairing`). Sessions that differ are looked up by key two more
//! times, 250 ms apart: if they are equal in one read, they are not a difference; if they change between two reads,
//! they were written in the meantime. A session that is the same in all reads is a difference, unless its last access
//! lies between the beginning and the time when it was read, by the clock of its server. A last access after that
//! time proves a clock that is ahead, not a change.
//!
//! # Limits
//!
//! - A session that is absent in every read, because its save takes longer than all of them (for example an INSERT
//!   that waits for a lock), is not in the copy; with `--delete-gone` it is deleted there. Reads are at least 250 ms
//!   apart.
//! - Commits after the last read are not in the copy. Stop the Tomcats of the source before the end.
//! - A run knows only what it has sent itself. A run that is started after Tomcats use the target copies sessions
//!   that users ended there.
//! - A save in the source of a session that was ended in the target resurrects it: it was used after that.
//! - A pass takes two states with equal digests for the same state (32 bits if only the data differ, 61 bits if
//!   columns differ too): one of 4 billion changes. The check compares SHA-256.
//!
//! [`OnConflict`]: crate::session::OnConflict
//! [`Passes::written`]: crate::store::Passes::written
//! [`MoveResult::proof`]: crate::store::MoveResult::proof

pub mod compare;
pub mod final_check;
pub mod mover;
pub mod only_in_target;
pub mod preflight;
pub mod prune;
pub mod writers;
