//! Encodes bytes as a JSON string with one character per byte. Text in the data stays text, and is aligned to bytes,
//! which helps compressors.
//!
//! A byte becomes the character with its number, U+0020 to U+00FF. Below 32, where JSON would need six bytes, 256 is
//! added: U+0100 to U+011F.

/// The encoding of every byte, and the number of bytes that it uses.
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

/// Appends `data` as the contents of a JSON string, which needs at most twice the size.
pub(super) fn append(data: &[u8], out: &mut Vec<u8>) {
    let mut at = out.len();
    out.resize(at + data.len() * 2, 0);
    let (words, rest) = data.as_chunks::<8>();
    for word in words {
        if is_plain(*word) {
            out[at..at + 8].copy_from_slice(word);
            at += 8;
        } else {
            at = bytewise(word, out, at);
        }
    }
    at = bytewise(rest, out, at);
    out.truncate(at);
}

/// Writes `data` from `at` on, as long as there is space; returns the end.
fn bytewise(data: &[u8], out: &mut [u8], mut at: usize) -> usize {
    for &byte in data {
        let (bytes, length) = WRITTEN[usize::from(byte)];
        // Always writes both bytes: a branch per byte is slower than overwriting one.
        out[at..at + 2].copy_from_slice(&bytes);
        at += length;
    }
    at
}

/// Tells whether eight bytes are encoded as themselves: no control character, quote, backslash, or byte from 128 on.
fn is_plain(word: [u8; 8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES * 0x80;
    let word = u64::from_ne_bytes(word);
    // The high bit of each byte that is below `least`, if all are below 128. A borrow comes only from a byte below
    // it, which is reported itself.
    let below = |word: u64, least: u64| word.wrapping_sub(ONES * least);
    let (quote, backslash) = (word ^ (ONES * 0x22), word ^ (ONES * 0x5c));
    (word | below(word, 0x20) | below(quote, 1) | below(backslash, 1)) & HIGHS == 0
}

/// Decodes a JSON string, including its quotes, to about `length` bytes, whatever escapes it contains; `None` if a
/// character does not represent a byte. The string is valid JSON.
pub(super) fn read(json: &str, length: usize) -> Option<Vec<u8>> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?.as_bytes();
    let mut data = Vec::with_capacity(length.min(text.len()));
    let mut rest = text;
    while let Some(&first) = rest.first() {
        let (byte, taken) = match (first, rest.get(1..)?) {
            (b'\\', [b'u', digits @ ..]) => {
                let digits = std::str::from_utf8(digits.get(..4)?).ok()?;
                (byte(u32::from_str_radix(digits, 16).ok()?)?, 6)
            }
            (b'\\', [escaped, ..]) => (unescaped(*escaped), 2),
            (..0x80, _) => {
                // The most frequent case; copying many bytes at once is faster.
                let plain = rest.iter().position(|byte| *byte >= 0x80 || *byte == b'\\').unwrap_or(rest.len());
                data.extend_from_slice(&rest[..plain]);
                rest = &rest[plain..];
                continue;
            }
            // Two bytes of UTF-8; the first byte of a longer character results in an invalid number.
            (_, [second, ..]) => (byte(u32::from(first ^ 0xc0) << 6 | u32::from(second & 0x3f))?, 2),
            _ => return None,
        };
        data.push(byte);
        rest = rest.get(taken..)?;
    }
    Some(data)
}

/// The byte that a character represents.
fn byte(number: u32) -> Option<u8> {
    u8::try_from(if number < 0x120 { number & 0xff } else { number }).ok()
}

/// The character for a letter after a backslash.
fn unescaped(letter: u8) -> u8 {
    match letter {
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        itself => itself,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_round_trips() {
        let all: Vec<u8> = (0..=255).collect();
        let mut out = vec![b'"'];
        append(&all, &mut out);
        out.push(b'"');
        let text: String = serde_json::from_slice(&out).unwrap();
        assert_eq!(text.chars().count(), 256);
        assert_eq!(read(str::from_utf8(&out).unwrap(), 256).unwrap(), all);
        assert_eq!(read("\"\"", 0).unwrap(), b"");
    }

    #[test]
    fn plain_words_are_recognized() {
        assert!(is_plain(*b"12345678") && is_plain([0x20; 8]) && is_plain([0x7f; 8]));
        for special in (0..0x20).chain([b'"', b'\\']).chain(0x80..=0xff) {
            for at in 0..8 {
                let mut word = *b" azAZ~!#";
                assert!(is_plain(word));
                word[at] = special;
                assert!(!is_plain(word), "{special:#x} at {at}");
            }
        }
    }

    #[test]
    fn escapes_of_other_encoders_are_read() {
        let all: Vec<u8> = (0..=255).collect();
        let ours: String = all
            .iter()
            .map(|byte| char::from_u32(if *byte < 32 { 0x100 } else { 0 } + u32::from(*byte)).unwrap())
            .collect();
        let escaped: String = ours.chars().map(|c| format!("\\u{:04X}", u32::from(c))).collect();
        assert_eq!(read(&format!("\"{escaped}\""), 256).unwrap(), all);
        assert_eq!(read(r#""\/\b\f\n\r\t\"\\""#, 8).unwrap(), b"/\x08\x0c\n\r\t\"\\");
        assert_eq!(read("\"\u{8}\u{1f}\"", 2).unwrap(), [8, 31], "as characters of their own numbers");
    }

    #[test]
    fn a_character_above_the_byte_range_is_refused() {
        for none in ["\u{120}", "a\u{7ff}", "\u{800}", "\u{ffff}", "\u{1f600}", "\\u0120", "\\ud83d\\ude00"] {
            assert_eq!(read(&format!("\"{none}\""), 9), None, "{none}");
        }
        assert_eq!(read("12", 2), None, "no string");
    }
}
