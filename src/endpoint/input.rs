//! Reads an archive from a file or a pipe, line by line, in bounded memory.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::error::display_path;
use super::{Compression, EndpointError, Identities, Result, encryption};
use crate::archive::{DecodeError, DecodeErrorKind, Decoder, Item, MAX_LINE};

const BUFFER: usize = 256 << 10;

/// An archive opened for reading.
pub struct Archive {
    name: String,
    encrypted: bool,
    source: Box<dyn BufRead + Send>,
    decoder: Decoder,
    line: Vec<u8>,
}

/// Result of reading a line.
#[derive(Debug)]
pub enum Next {
    Item(Item),
    /// This line is damaged; the next one can be read.
    Damaged(DecodeError),
    /// The end of the archive; its trailer is correct.
    End,
}

impl Archive {
    pub fn open(path: &Path, identities: &Identities) -> Result<Archive> {
        let file = File::open(path).map_err(EndpointError::path("open archive", path))?;
        Archive::of(file, display_path(path), identities)
    }

    /// Reads from `source`, which messages call `name`.
    pub fn of(source: impl Read + Send + 'static, name: String, identities: &Identities) -> Result<Archive> {
        let failed = || EndpointError::io(format!("read archive `{name}`"));
        let mut source = BufReader::with_capacity(BUFFER, source);
        let encrypted = encryption::is_encrypted(&mut source).map_err(failed())?;
        let source: Box<dyn BufRead + Send> = if encrypted {
            Box::new(BufReader::with_capacity(BUFFER, encryption::open(source, &name, identities)?))
        } else {
            Box::new(source)
        };
        let source = Compression::reader(source).map_err(failed())?;
        Ok(Archive { name, encrypted, source, decoder: Decoder::default(), line: Vec::new() })
    }

    /// Tells whether the archive is encrypted: then its contents must not be written to disk unencrypted.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Reads the next line.
    ///
    /// # Errors
    /// Nothing more can be read: the source is not an archive, it is truncated, or its trailer does not match;
    /// [`EndpointError::Io`].
    pub fn read_next(&mut self) -> Result<Next> {
        self.line.clear();
        // Frees the memory of a large session.
        self.line.shrink_to(BUFFER);
        let mut bounded = self.source.by_ref().take(MAX_LINE as u64 + 2);
        if let Err(error) = bounded.read_until(b'\n', &mut self.line) {
            // Decompression failed: the rest is lost, as if the file were truncated here.
            let line = self.decoder.line() + 1;
            let fault = DecodeError {
                line,
                kind: DecodeErrorKind::Truncated,
                message: format!("cannot continue reading: {error}"),
            };
            return Err(self.fault(fault));
        }
        if self.line.is_empty() {
            return self.decoder.finish().map(|()| Next::End).map_err(|fault| self.fault(fault));
        }
        if self.line.pop_if(|byte| *byte == b'\n').is_none() && self.line.len() > MAX_LINE {
            self.skip_line()?;
        }
        match self.decoder.read(&self.line) {
            Ok(item) => Ok(Next::Item(item)),
            Err(fault) if fault.kind == DecodeErrorKind::Damaged => Ok(Next::Damaged(fault)),
            Err(fault) => Err(self.fault(fault)),
        }
    }

    /// The error for a fault in this archive.
    pub fn fault(&self, fault: DecodeError) -> EndpointError {
        EndpointError::Archive { name: self.name.clone(), fault }
    }

    /// Skips the rest of a line that is too long.
    fn skip_line(&mut self) -> Result<()> {
        loop {
            let buffer = self.source.fill_buf().map_err(EndpointError::io(format!("read archive `{}`", self.name)))?;
            let (length, ends) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.source.consume(length);
            if ends {
                return Ok(());
            }
        }
    }
}
