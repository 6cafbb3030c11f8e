//! Reads ahead in a thread of its own, which decrypts and decompresses while the caller parses.

use std::io::{self, BufRead, ErrorKind, Read};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// Size of a buffer, in bytes.
const BUFFER: usize = 256 << 10;
/// Maximum number of waiting buffers.
const MAX_BUFFERS: usize = 2;

/// The buffers of the reading thread, in order. The thread is never joined: it may be blocked on a pipe.
pub(super) struct ReadAhead {
    buffers: Receiver<io::Result<Vec<u8>>>,
    buffer: Vec<u8>,
    /// Bytes of `buffer` that were consumed.
    taken: usize,
}

impl ReadAhead {
    /// # Errors
    /// The system cannot create a thread.
    pub(super) fn of(mut source: impl Read + Send + 'static) -> io::Result<ReadAhead> {
        let (sender, buffers) = sync_channel(MAX_BUFFERS);
        thread::Builder::new().spawn(move || {
            loop {
                let mut buffer = vec![0; BUFFER];
                let read = match source.read(&mut buffer) {
                    Ok(0) => return,
                    Ok(length) => {
                        buffer.truncate(length);
                        Ok(buffer)
                    }
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) => Err(error),
                };
                let failed = read.is_err();
                if sender.send(read).is_err() || failed {
                    return;
                }
            }
        })?;
        Ok(ReadAhead { buffers, buffer: Vec::new(), taken: 0 })
    }
}

impl BufRead for ReadAhead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.buffer.len() {
            // If the thread ended without an error, this is the end of the source.
            self.buffer = self.buffers.recv().unwrap_or_else(|_| Ok(Vec::new()))?;
            self.taken = 0;
        }
        Ok(&self.buffer[self.taken..])
    }

    fn consume(&mut self, length: usize) {
        self.taken = (self.taken + length).min(self.buffer.len());
    }
}

impl Read for ReadAhead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_in_order() {
        let all: Vec<u8> = (0..3_000_000u32).map(|n| n.to_be_bytes()[2] ^ n.to_be_bytes()[3]).collect();
        let mut read = Vec::new();
        ReadAhead::of(io::Cursor::new(all.clone())).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == all);
        let mut lines = 0;
        let text = b"a line\n".repeat(100_000);
        let mut ahead = ReadAhead::of(io::Cursor::new(text)).unwrap();
        let mut line = Vec::new();
        while ahead.read_until(b'\n', &mut line).unwrap() > 0 {
            assert_eq!(line, b"a line\n");
            line.clear();
            lines += 1;
        }
        assert_eq!(lines, 100_000);
    }

    #[test]
    fn an_error_is_returned_after_the_data_read_before_it() {
        struct Broken(u32);
        impl Read for Broken {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                match self.0 {
                    1 => Err(ErrorKind::Interrupted.into()),
                    2 => {
                        into[..3].copy_from_slice(b"abc");
                        Ok(3)
                    }
                    _ => Err(io::Error::other("a block is damaged")),
                }
            }
        }
        let mut ahead = ReadAhead::of(Broken(0)).unwrap();
        let mut read = Vec::new();
        let error = ahead.read_to_end(&mut read).unwrap_err();
        assert_eq!((read.as_slice(), error.to_string().as_str()), (&b"abc"[..], "a block is damaged"));
    }
}
