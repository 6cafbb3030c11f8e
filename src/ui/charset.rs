//! Converts text to ASCII, for locales that are not UTF-8.

/// The text in ASCII. Symbols of this program are spelled out; other characters are escaped as in JSON, because in
/// another character set their bytes would be other characters, including control characters.
pub fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_ascii() => out.push(c),
            '…' => out.push_str("..."),
            '\u{fffd}' => out.push('?'),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_becomes_ascii() {
        for (text, plain) in [
            ("id=…, plain", "id=..., plain"),
            ("caf\u{e9} \u{20ac}", "caf\\u00e9 \\u20ac"),
            ("\u{1f600}", "\\ud83d\\ude00"),
            ("a\u{fffd}b", "a?b"),
            ("", ""),
        ] {
            assert_eq!(ascii(text), plain);
        }
    }
}
