//! Compression of archives. The file name determines it for writing, the first bytes for reading.

use std::io::{self, BufRead, Write};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use zstd::zstd_safe::CParameter;

use super::read_ahead::ReadAhead;

/// The fastest level of zstd. The module `archive` contains the measurements.
const ZSTD_LEVEL: i32 = 1;
/// Window and hash table, as powers of two: twice those of level 1. They find more common parts of sessions in the same
/// processor time. Larger tables do not fit into the cache of a processor (benches/HISTORY.md).
const ZSTD_WRITTEN_WINDOW: u32 = 20;
const ZSTD_HASHES: u32 = 15;
/// Maximum window that is accepted for reading, as a power of two: that of level 22 of zstd.
const ZSTD_WINDOW: u32 = 27;
/// Number of compression threads, in addition to the one that hashes and writes.
const WORKERS: u32 = 1;
/// Size of a job of such a thread, in bytes; it has about four of them in memory.
const JOB: u32 = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    #[default]
    None,
    Gzip,
    Zstd,
}

impl Compression {
    /// The compression for a file name.
    pub fn of_name(path: &Path) -> Compression {
        match path.extension().and_then(|end| end.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("zst" | "zstd") => Compression::Zstd,
            Some("gz") => Compression::Gzip,
            _ => Compression::None,
        }
    }

    pub(super) fn writer<W: Write + 'static>(self, out: W) -> io::Result<Compressor<W>> {
        Ok(match self {
            Compression::None => Compressor::None(out),
            Compression::Gzip => Compressor::Gzip(GzEncoder::new(out, flate2::Compression::default())),
            Compression::Zstd => {
                let mut encoder = zstd::Encoder::new(out, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                encoder.multithread(WORKERS)?;
                encoder.set_parameter(CParameter::WindowLog(ZSTD_WRITTEN_WINDOW))?;
                encoder.set_parameter(CParameter::HashLog(ZSTD_HASHES))?;
                encoder.set_parameter(CParameter::JobSize(JOB))?;
                Compressor::Zstd(encoder)
            }
        })
    }

    /// Decompresses compressed data; returns other data unchanged.
    pub(super) fn reader(mut source: Box<dyn BufRead + Send>) -> io::Result<Box<dyn BufRead + Send>> {
        let begins = source.fill_buf()?;
        if begins.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            let mut decoder = zstd::Decoder::with_buffer(source)?;
            decoder.window_log_max(ZSTD_WINDOW)?;
            return Ok(Box::new(ReadAhead::of(decoder)?));
        }
        if begins.starts_with(&[0x1f, 0x8b]) {
            return Ok(Box::new(ReadAhead::of(MultiGzDecoder::new(source))?));
        }
        Ok(source)
    }
}

/// A writer that compresses. It must be finished.
pub(super) enum Compressor<W: Write + 'static> {
    None(W),
    Gzip(GzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Write for Compressor<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Compressor::None(out) => out.write(bytes),
            Compressor::Gzip(out) => out.write(bytes),
            Compressor::Zstd(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Compressor::None(out) => out.flush(),
            Compressor::Gzip(out) => out.flush(),
            Compressor::Zstd(out) => out.flush(),
        }
    }
}

impl<W: Write> Compressor<W> {
    /// Writes the remaining data, and returns the underlying writer.
    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Compressor::None(out) => Ok(out),
            Compressor::Gzip(out) => out.finish(),
            Compressor::Zstd(out) => out.finish(),
        }
    }
}
