//! Completion for bash, which splits words at the characters `:`, `=` and `@` (COMP_WORDBREAKS).

use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

use clap_complete::engine;
use clap_complete::env::{Bash as Builtin, EnvCompleter};

use crate::context::variable;

/// As clap_complete's implementation, but for the words as the user typed them.
#[derive(Debug)]
pub struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        program: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> Result<()> {
        Builtin.write_registration(variable, name, program, completer, out)
    }

    fn write_complete(
        &self,
        grammar: &mut clap::Command,
        words: Vec<OsString>,
        dir: Option<&Path>,
        out: &mut dyn Write,
    ) -> Result<()> {
        let at = index(words.len());
        let whole = join_words(&words[..=at]);
        // bash replaces only the last part of the word.
        let current = whole.last().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
        let piece = words[at].to_string_lossy().into_owned();
        let kept = if breaks(&piece) { current.as_str() } else { current.strip_suffix(&piece).unwrap_or_default() };
        let index = whole.len() - 1;
        let candidates = engine::complete(grammar, whole.clone(), index, dir)?;
        let separator = variable("_CLAP_IFS").unwrap_or_else(|| "\n".to_owned());
        let values = candidates.iter().map(|candidate| candidate.get_value().to_string_lossy());
        let values: Vec<String> = values.filter_map(|value| value.strip_prefix(kept).map(str::to_owned)).collect();
        write!(out, "{}", values.join(&separator))
    }
}

/// The index of the word to complete; the last one if the shell does not tell.
fn index(words: usize) -> usize {
    let given_index = variable("_CLAP_COMPLETE_INDEX").and_then(|index| index.parse().ok());
    given_index.unwrap_or(usize::MAX).min(words.saturating_sub(1))
}

/// Tells whether a word consists of word breaks only.
fn breaks(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, ':' | '=' | '@'))
}

/// Joins the parts of words that bash has split. A break that the user typed as a separate word cannot be
/// distinguished, but no argument of this program needs one.
pub fn join_words(words: &[OsString]) -> Vec<OsString> {
    let mut whole: Vec<OsString> = Vec::new();
    let mut open = false;
    for word in words {
        let breaking = word.to_str().is_some_and(breaks);
        match whole.last_mut() {
            Some(last) if open || breaking => last.push(word),
            _ => whole.push(word.clone()),
        }
        open = breaking;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_split_by_comp_wordbreaks_are_rejoined() {
        for (broken, whole) in [
            (
                vec!["list", "--url", "sqlite", ":", "x.db", "--app", ""],
                vec!["list", "--url", "sqlite:x.db", "--app", ""],
            ),
            (vec!["list", "--app", "=", "de"], vec!["list", "--app=de"]),
            (vec!["list", "--app", "="], vec!["list", "--app="]),
            (
                vec!["--url", "mysql", ":", "//u", "@", "h", ":", "3306/t?ssl-mode", "=", "required", "list"],
                vec!["--url", "mysql://u@h:3306/t?ssl-mode=required", "list"],
            ),
        ] {
            let broken: Vec<OsString> = broken.into_iter().map(OsString::from).collect();
            assert_eq!(join_words(&broken), whole);
        }
    }
}
