//! Pages of slots: in memory while there are few, otherwise in a file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::private_file;

/// Size of a page in bytes, which is read at once.
pub(super) const PAGE: usize = 4 << 10;
/// A key and a value.
pub(super) const SLOT: usize = 16;

pub(super) enum Pages {
    Memory(Vec<[u8; PAGE]>),
    File {
        file: File,
        /// The page that was read last, and its number.
        page: Box<[u8; PAGE]>,
        number: Option<u64>,
    },
}

impl Default for Pages {
    /// One page, in memory.
    fn default() -> Pages {
        Pages::Memory(vec![[0; PAGE]])
    }
}

impl Pages {
    pub(super) fn page(&mut self, number: u64) -> io::Result<&[u8; PAGE]> {
        match self {
            Pages::Memory(pages) => pages.get(index(number)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into()),
            Pages::File { file, page, number: held } => {
                if *held != Some(number) {
                    *held = None;
                    file.read_exact_at(&mut page[..], number * PAGE as u64)?;
                    *held = Some(number);
                }
                Ok(page)
            }
        }
    }

    /// Writes from an offset of a page on; longer data continue on the next page.
    pub(super) fn write(&mut self, number: u64, at: usize, bytes: &[u8]) -> io::Result<()> {
        match self {
            Pages::Memory(pages) => {
                let at = index(number) * PAGE + at;
                pages.as_flattened_mut()[at..at + bytes.len()].copy_from_slice(bytes);
            }
            Pages::File { file, page, number: held } => {
                let within = *held == Some(number) && at + bytes.len() <= PAGE;
                *held = None;
                file.write_all_at(bytes, number * PAGE as u64 + at as u64)?;
                if within {
                    page[at..at + bytes.len()].copy_from_slice(bytes);
                    *held = Some(number);
                }
            }
        }
        Ok(())
    }

    /// Doubles the number of pages; in `dir`, if that is more than `memory` bytes.
    pub(super) fn double(&mut self, memory: usize, dir: &Path) -> io::Result<()> {
        if let Pages::Memory(pages) = self {
            let twice = 2 * pages.len();
            if twice * PAGE > memory {
                return self.move_to_file(dir);
            }
            pages.resize(twice, [0; PAGE]);
        }
        // A file grows when it is written.
        Ok(())
    }

    /// Moves the pages to a file in `dir`.
    pub(super) fn move_to_file(&mut self, dir: &Path) -> io::Result<()> {
        if let Pages::Memory(pages) = self {
            let file = private_file::unnamed(dir)?;
            file.write_all_at(pages.as_flattened(), 0)?;
            *self = Pages::File { file, page: Box::new([0; PAGE]), number: None };
        }
        Ok(())
    }
}

/// The keys and values of a page.
pub(super) fn slots(page: &[u8; PAGE]) -> impl Iterator<Item = (u64, u64)> {
    let (slots, _) = page.as_chunks::<SLOT>();
    slots.iter().map_while(|slot| {
        let both = u128::from_le_bytes(*slot);
        (both != 0).then_some((both as u64, (both >> 64) as u64))
    })
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
