//! Reads the bytes of a stream in order; an error says at which offset, and what was expected.

use super::{Error, ErrorKind};

/// A range of the stream's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// These bytes of `bytes`; empty if they do not exist.
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A position in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    pub fn new(all: &'a [u8]) -> Bytes<'a> {
        Bytes { all, at: 0 }
    }

    pub fn all(&self) -> &'a [u8] {
        self.all
    }

    /// The offset of the next byte; streams are shorter than 4 GiB.
    #[inline]
    pub fn offset(&self) -> u32 {
        self.at as u32
    }

    pub fn left(&self) -> usize {
        self.all.len() - self.at
    }

    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.all.get(self.at).copied()
    }

    /// Skips one byte that was peeked.
    #[inline]
    pub fn skip(&mut self) {
        self.at += 1;
    }

    #[inline]
    pub fn take<const N: usize>(&mut self, wanted: &'static str) -> Result<[u8; N], Error> {
        match self.all.get(self.at..).and_then(|rest| rest.first_chunk::<N>()) {
            Some(chunk) => {
                self.at += N;
                Ok(*chunk)
            }
            None => Err(self.ended(wanted)),
        }
    }

    #[inline]
    pub fn u8(&mut self, wanted: &'static str) -> Result<u8, Error> {
        self.take::<1>(wanted).map(|[b]| b)
    }

    #[inline]
    pub fn u16(&mut self, wanted: &'static str) -> Result<u16, Error> {
        self.take(wanted).map(u16::from_be_bytes)
    }

    #[inline]
    pub fn i32(&mut self, wanted: &'static str) -> Result<i32, Error> {
        self.take(wanted).map(i32::from_be_bytes)
    }

    #[inline]
    pub fn i64(&mut self, wanted: &'static str) -> Result<i64, Error> {
        self.take(wanted).map(i64::from_be_bytes)
    }

    /// Skips `length` bytes and returns their range.
    #[inline]
    pub fn span(&mut self, length: u64, wanted: &'static str) -> Result<Span, Error> {
        if length > self.left() as u64 {
            return Err(self.ended(wanted));
        }
        let start = self.offset();
        self.at += length as usize;
        Ok(Span { start, end: self.offset() })
    }

    fn ended(&self, wanted: &'static str) -> Error {
        Error { offset: self.all.len() as u64, kind: ErrorKind::Ended { wanted } }
    }
}
