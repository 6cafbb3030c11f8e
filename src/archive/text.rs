//! Bytes as a JSON string, a character each: texts within the data stay texts, and every byte begins
//! on a byte, which is what compressors live on.
//!
//! A byte is the character of its number, U+0020 to U+00FF; below 32, where JSON would want six bytes
//! for it, that of its number and 256, U+0100 to U+011F.

/// What every byte becomes, and how many of the two bytes count.
const WRITTEN: [([u8; 2], usize); 256] = written();

const fn written() -> [([u8; 2], usize); 256] {
    let mut all = [([0; 2], 2); 256];
    let mut i = 0;
    while i < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the number of a byte")]
        let byte = i as u8;
        all[i] = match byte {
            ..0x20 => ([0xc4, 0x80 | byte], 2),
            b'"' | b'\\' => ([b'\\', byte], 2),
            0x80.. => ([0xc0 | byte >> 6, 0x80 | byte & 0x3f], 2),
            _ => ([byte, 0], 1),
        };
        i += 1;
    }
    all
}

/// Appends `data` as a JSON string with its quotes: twice the room at most.
pub(super) fn write(data: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut at = out.len();
    out.resize(at + data.len() * 2, 0);
    for &byte in data {
        let (bytes, length) = WRITTEN[usize::from(byte)];
        // Always both: a branch a byte costs more than what is written over.
        out[at..at + 2].copy_from_slice(&bytes);
        at += length;
    }
    out.truncate(at);
    out.push(b'"');
}

/// The bytes of what [`write`] wrote, read as JSON; `None` where a character is none of a byte.
pub(super) fn read(text: &str) -> Option<Vec<u8>> {
    let mut data = Vec::with_capacity(text.len());
    for c in text.chars() {
        let number = u32::from(c);
        data.push(u8::try_from(if number < 0x120 { number & 0xff } else { number }).ok()?);
    }
    Some(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        let mut out = Vec::new();
        write(&all, &mut out);
        let text: String = serde_json::from_slice(&out).unwrap();
        assert_eq!(text.chars().count(), 256);
        assert_eq!(read(&text).unwrap(), all);
        assert_eq!(read("\u{120}"), None);
        out.clear();
        write(b"", &mut out);
        assert_eq!(out, b"\"\"");
    }
}
