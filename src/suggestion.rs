//! Suggests the name that a mistyped one most likely means. Pure.
//!
//! clap suggests commands, options and their values by the same measure; this module is for parameters of URLs,
//! columns, rules and applications.

/// Minimum similarity of two names, between 0 and 1. clap's 0.7 also accepts words that share little more than their
/// letters.
const ALIKE: f64 = 0.8;

/// The one of `known` that is most similar to `typed`, ignoring case; `None` if none is similar enough.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let measured = known.into_iter().map(|name| (strsim::jaro(&typed, &name.to_lowercase()), name));
    let alike = measured.filter(|(likeness, _)| *likeness > ALIKE);
    alike.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}

/// A hint that lists the known names, preceded by the one that is probably meant.
pub fn among(what: &str, typed: &str, known: &[&str]) -> String {
    let all = format!("{what} are {}", known.join(", "));
    match nearest(typed, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`? {all}"),
        None => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_are_corrected_and_other_words_are_not() {
        let known = ["user", "password", "ssl-mode", "ssl-ca", "connect-timeout"];
        for (typed, meant) in [
            ("sslmod", Some("ssl-mode")),
            ("SSL_MODE", Some("ssl-mode")),
            ("pasword", Some("password")),
            ("conect-timeout", Some("connect-timeout")),
            ("usr", Some("user")),
            ("mode", None),
            ("charset", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, known), meant, "{typed}");
        }
        assert_eq!(among("fruits", "aple", &["apple", "pear"]), "did you mean `apple`? fruits are apple, pear");
        assert_eq!(among("fruits", "x", &["apple", "pear"]), "fruits are apple, pear");
    }
}
