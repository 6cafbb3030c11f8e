//! Makes text safe to print. Ids and names of applications, attributes and classes come from the table, so that
//! everybody who can write to the table or send a cookie controls them.

/// Replaces control characters, line separators and invisible characters with U+FFFD. Applied to all text output on
/// both streams; machine formats are exact.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_harmful(c) { '\u{fffd}' } else { c }).collect()
}

/// Tells whether a character is a control character, a line separator, or an invisible one (Unicode's Cf and
/// default-ignorable characters, except the variation selectors of emojis).
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_invisible_characters_are_replaced() {
        for text in [
            "\x1b[2J",
            "a\nb",
            "a\rb",
            "\u{9b}31m",
            "\u{202e}gpj",
            "\u{2066}x",
            "a\u{200b}b",
            "\u{2028}",
            "\u{feff}",
            "\u{e0041}",
            "\0",
        ] {
            let shown = printable(text);
            assert!(shown.contains('\u{fffd}') && !shown.chars().any(is_harmful), "{text:?}: {shown:?}");
        }
        for text in [
            "caf\u{e9} \u{20ac} \u{4e2d}\u{6587} \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{1f600}\u{fe0f}",
            "/Catalina/localhost/shop##2",
            "",
        ] {
            assert_eq!(printable(text), text);
        }
    }
}
