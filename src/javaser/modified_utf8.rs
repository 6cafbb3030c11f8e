//! Modified UTF-8 (`java.io.DataInput`): each UTF-16 unit is encoded separately, and NUL as `C0 80`. A character
//! above U+FFFF is two surrogates of three bytes each, and a lone surrogate is valid.

use std::borrow::Cow;

/// Tells whether `bytes` are modified UTF-8. Like Java, it accepts NUL bytes and overlong forms.
pub fn is_valid(bytes: &[u8]) -> bool {
    bytes.is_ascii() || units(bytes).all(|unit| unit.is_some())
}

/// The UTF-16 units; `None` for a byte that begins none.
pub fn units(bytes: &[u8]) -> impl Iterator<Item = Option<u16>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (unit, length) = match *rest {
            [] => return None,
            [a @ 0..=0x7f, ..] => (Some(u16::from(a)), 1),
            [a @ 0xc0..=0xdf, b @ 0x80..=0xbf, ..] => (Some(u16::from(a & 0x1f) << 6 | u16::from(b & 0x3f)), 2),
            [a @ 0xe0..=0xef, b @ 0x80..=0xbf, c @ 0x80..=0xbf, ..] => {
                (Some(u16::from(a & 0xf) << 12 | u16::from(b & 0x3f) << 6 | u16::from(c & 0x3f)), 3)
            }
            _ => (None, 1),
        };
        rest = &rest[length..];
        Some(unit)
    })
}

/// The text, with U+FFFD for lone surrogates, which Rust strings cannot contain.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    // It differs from UTF-8 only in the three-byte forms of surrogates and in C0 80.
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(
            char::decode_utf16(units(bytes).map(|unit| unit.unwrap_or(0xfffd)))
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modified_utf8_of_nul_and_surrogates() {
        assert_eq!(text(b"a\xc0\x80b"), "a\0b");
        assert_eq!(text(b"\xed\xa0\xbd\xed\xb8\x80"), "\u{1f600}");
        assert_eq!(text(b"x\xed\xa0\xbdy"), "x\u{fffd}y");
        assert_eq!(units(b"\xed\xa0\xbd").collect::<Vec<_>>(), [Some(0xd83d)]);
        assert!(matches!(text("gr\u{fc}n".as_bytes()), Cow::Borrowed(_)));
    }

    #[test]
    fn rejects_invalid_modified_utf8() {
        for bytes in [&b"\xc3"[..], b"\x80", b"\xe2\x82", b"\xf0\x9f\x98\x80", b"\xc3a", b"\xff"] {
            assert!(!is_valid(bytes), "{bytes:x?}");
        }
        assert!(is_valid(b"\xed\xa0\xbd"));
    }
}
