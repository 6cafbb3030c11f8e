//! Maps from session digests to numbers, 16 bytes per session: in memory while they are small, otherwise in a
//! temporary file.
//!
//! The file has no name, belongs to this process and disappears with it. It contains only digests, no ids. The part
//! of it that is in memory is the operating system's cache, which shrinks when memory is short. `session` defines
//! what is recorded.
//!
//! A key is a digest, so its first bits choose a page evenly. A page is filled from the front; an empty slot is all
//! zeros. When a page is full, all pages are split in two. That happens when the pages are about three quarters full,
//! so a session takes 20 to 41 bytes.

mod key_set;
mod seen_sessions;
mod sent_sessions;
mod slot_storage;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::{fmt, io};

use self::slot_storage::{PAGE, Pages, SLOT, slots};
pub use key_set::KeySet;
pub use seen_sessions::{Absences, SeenSessions};
pub use sent_sessions::{SentSessions, SentState, SinceSent};

/// Size of the pages that are kept in memory, in bytes: an export has four readers, each with its own map.
const MEMORY: usize = 2 << 20;
/// The bit of a key that marks its slot as used; keys that differ only in it are equal.
const USED: u64 = 1;
/// Number of sessions per page below which no page is full by chance.
const MIN_PER_PAGE: u64 = 64;

pub type Result<T> = std::result::Result<T, SpillError>;

/// The reason why something could not be recorded. The map cannot be used any more.
#[derive(Debug)]
pub enum SpillError {
    /// The temporary directory cannot store it, or has lost it.
    Io { dir: PathBuf, error: io::Error },
    /// Too many keys have the same first bits: they fill a page while the other pages are nearly empty.
    Alike,
}

/// A map from 64-bit keys to 64-bit numbers.
pub struct SpillableMap {
    pages: Pages,
    /// Number of bits of a key that choose its page.
    bits: u32,
    len: u64,
    /// Size of the pages that are kept in memory, in bytes.
    memory: usize,
    dir: PathBuf,
}

/// Position of a key in its page, or of the slot for it.
struct Slot {
    page: u64,
    /// Offset in the page; the length of the page if it is full.
    at: usize,
    value: Option<u64>,
}

impl Default for SpillableMap {
    fn default() -> SpillableMap {
        SpillableMap::new(MEMORY, &std::env::temp_dir())
    }
}

impl SpillableMap {
    /// Keeps this many bytes of pages in memory, but at least one page; the rest goes to `dir`.
    pub fn new(memory: usize, dir: &Path) -> SpillableMap {
        SpillableMap { pages: Pages::default(), bits: 0, len: 0, memory, dir: dir.to_owned() }
    }

    pub fn len(&self) -> u64 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// # Errors
    /// [`SpillError::Io`].
    pub fn get(&mut self, key: u64) -> Result<Option<u64>> {
        Ok(self.find(key | USED)?.value)
    }

    /// Sets the value of a key; returns the previous one.
    ///
    /// # Errors
    /// [`SpillError`].
    pub fn set(&mut self, key: u64, value: u64) -> Result<Option<u64>> {
        let key = key | USED;
        loop {
            let Slot { page, at, value: before } = self.find(key)?;
            if at < PAGE {
                self.write(page, at, &slot(key, value))?;
                self.len += u64::from(before.is_none());
                return Ok(before);
            }
            self.double()?;
        }
    }

    /// Removes a key; the last one of its page moves to its slot.
    ///
    /// # Errors
    /// [`SpillError::Io`].
    pub fn remove(&mut self, key: u64) -> Result<Option<u64>> {
        let Slot { page, at, value } = self.find(key | USED)?;
        if value.is_some() {
            let there = self.pages.page(page).map_err(fault(&self.dir))?;
            let last = slots(there).last().map_or([0; SLOT], |(key, value)| slot(key, value));
            let end = slots(there).count() * SLOT - SLOT;
            self.write(page, at, &last)?;
            self.write(page, end, &[0; SLOT])?;
            self.len -= 1;
        }
        Ok(value)
    }

    /// Lets `each` change every value; removes those for which it returns false.
    ///
    /// # Errors
    /// [`SpillError::Io`].
    pub fn retain(&mut self, mut each: impl FnMut(&mut u64) -> bool) -> Result<()> {
        for number in 0..1 << self.bits {
            let (mut kept, mut end) = ([0; PAGE], 0);
            let page = self.pages.page(number).map_err(fault(&self.dir))?;
            for (key, mut value) in slots(page) {
                if each(&mut value) {
                    kept[end..end + SLOT].copy_from_slice(&slot(key, value));
                    end += SLOT;
                } else {
                    self.len -= 1;
                }
            }
            if *page != kept {
                self.write(number, 0, &kept)?;
            }
        }
        Ok(())
    }

    fn find(&mut self, key: u64) -> Result<Slot> {
        let number = page_of(key, self.bits);
        let page = self.pages.page(number).map_err(fault(&self.dir))?;
        let mut at = 0;
        for (there, value) in slots(page) {
            if there == key {
                return Ok(Slot { page: number, at, value: Some(value) });
            }
            at += SLOT;
        }
        Ok(Slot { page: number, at, value: None })
    }

    fn write(&mut self, page: u64, at: usize, bytes: &[u8]) -> Result<()> {
        self.pages.write(page, at, bytes).map_err(fault(&self.dir))
    }

    /// Splits each page by one more bit of the keys, from the last page on, so that none is overwritten before it has
    /// been read.
    fn double(&mut self) -> Result<()> {
        let pages = 1 << self.bits;
        if self.len < pages * MIN_PER_PAGE {
            return Err(SpillError::Alike);
        }
        self.pages.double(self.memory, &self.dir).map_err(fault(&self.dir))?;
        self.bits += 1;
        for number in (0..pages).rev() {
            let (mut halves, mut ends) = ([[0; PAGE]; 2], [0; 2]);
            for (key, value) in slots(self.pages.page(number).map_err(fault(&self.dir))?) {
                let half = usize::from(page_of(key, self.bits) % 2 == 1);
                halves[half][ends[half]..ends[half] + SLOT].copy_from_slice(&slot(key, value));
                ends[half] += SLOT;
            }
            self.write(2 * number, 0, halves.as_flattened())?;
        }
        Ok(())
    }
}

fn page_of(key: u64, bits: u32) -> u64 {
    key.checked_shr(u64::BITS - bits).unwrap_or(0)
}

fn slot(key: u64, value: u64) -> [u8; SLOT] {
    (u128::from(key) | u128::from(value) << 64).to_le_bytes()
}

fn fault(dir: &Path) -> impl FnOnce(io::Error) -> SpillError {
    |error| SpillError::Io { dir: dir.to_owned(), error }
}

impl fmt::Display for SpillError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpillError::Io { dir, error } => {
                write!(f, "cannot write to the temporary directory `{}`: {error}", dir.display())
            }
            SpillError::Alike => f.write_str("cannot record which sessions were read: too many of them have similar digests, which does not happen by chance"),
        }
    }
}

impl std::error::Error for SpillError {}
