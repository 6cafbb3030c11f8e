//! Escapes values for the generated files.

/// A value for a double-quoted XML attribute.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A parser replaces unescaped control characters with spaces.
            c if c.is_control() => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// The value of a property, which Java reads as Latin-1.
pub(super) fn property(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, unit) in text.encode_utf16().enumerate() {
        match u8::try_from(unit).map(char::from) {
            Ok('\\') => out.push_str("\\\\"),
            Ok(' ') if at == 0 => out.push_str("\\ "),
            Ok(c) if (' '..='~').contains(&c) => out.push(c),
            _ => out.push_str(&format!("\\u{unit:04X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        assert_eq!(xml("a&b<c>\"d'\n"), "a&amp;b&lt;c&gt;&quot;d'&#10;");
        assert_eq!(property(" a\\b=c:ü€😀"), "\\ a\\\\b=c:\\u00FC\\u20AC\\uD83D\\uDE00");
    }
}
