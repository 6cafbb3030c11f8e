//! What can be shown where the locale is not UTF-8: ASCII, and nothing else.

/// The text in ASCII. Signs of our own are written out; what comes from the database is escaped as in
/// JSON, since its bytes would be other characters there, and some of them would be obeyed.
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
