//! The commands in the README and the guides are valid, and the files that they mention exist.

use std::collections::BTreeSet;

use clap::CommandFactory;
use clap::error::ErrorKind;
use tomcat_sessions::cli::Cli;

use crate::files::{below, read, root};

/// Directories whose files are mentioned in backticks.
const FOLDERS: [&str; 7] = ["docs/", "src/", "tests/", "packaging/", "sql/", "benches/", "fuzz/"];

/// The documents for administrators.
fn pages() -> Vec<String> {
    let mut pages = below("docs", ".md");
    pages.extend(["README.md", "CONTRIBUTING.md", "SECURITY.md", "packaging/README.md"].map(String::from));
    pages
}

/// The typed lines of a page, and its text without code blocks.
fn parted(text: &str) -> (Vec<String>, String) {
    let (mut typed, mut prose) = (Vec::new(), String::new());
    for (number, part) in text.split("\n```").enumerate() {
        let (first, rest) = part.split_once('\n').unwrap_or((part, ""));
        if number % 2 == 0 {
            prose.push_str(if number == 0 { part } else { rest });
            prose.push('\n');
        } else if first.is_empty() {
            let lines: Vec<String> = rest.replace("\\\n", " ").lines().map(str::to_owned).collect();
            // If a block has prompts, the other lines are output.
            let prompts = lines.iter().any(|line| line.starts_with("$ "));
            let of = |line: &String| line.strip_prefix("$ ").map(str::to_owned);
            typed.extend(lines.iter().filter_map(|line| if prompts { of(line) } else { Some(line.clone()) }));
        }
    }
    (typed, prose)
}

/// The commands of a line, each as words without quotes.
fn split(line: &str) -> Vec<Vec<String>> {
    let (mut commands, mut words, mut word) = (Vec::new(), Vec::new(), None::<String>);
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(q), _) if q == c => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(_), _) => word.get_or_insert_default().push(c),
            // A comment.
            (None, '#') if word.is_none() => break,
            (None, ' ' | ';' | '|' | '&' | '>') => {
                words.extend(word.take());
                if c != ' ' {
                    commands.push(std::mem::take(&mut words));
                }
            }
            (None, _) => word.get_or_insert_default().push(c),
        }
    }
    assert_eq!(quote, None, "`{line}`: a quote is open");
    words.extend(word);
    commands.push(words);
    commands
}

/// The arguments of the program, if the words run it: directly, with cargo, or with cron.
fn arguments(words: &[String]) -> Option<&[String]> {
    let first = words.first()?;
    if first == "cargo" && words.get(1).is_some_and(|word| word == "run") {
        return Some(words.split(|word| word == "--").nth(1).map_or(&[], |rest| rest));
    }
    let ours = |word: &String| word == "tomcat-sessions" || word.ends_with("/tomcat-sessions");
    if ours(first) || first == "*" || first.contains('=') {
        let at = words.iter().rposition(ours)?;
        return words.get(at + 1..);
    }
    None
}

/// # Panics
/// If the program does not understand it.
fn understood(page: &str, line: &str, words: &[String]) {
    let all = ["tomcat-sessions"].into_iter().chain(words.iter().map(String::as_str));
    if let Err(error) = Cli::command().try_get_matches_from(all) {
        // In text, an option may be mentioned without its value.
        let named =
            words.last().is_some_and(|word| word == "--help") && error.to_string().contains("none was supplied");
        let shown = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
        assert!(shown || named, "{page}: `{line}`: {error}");
    }
}

#[test]
fn every_command_in_a_block_can_be_typed() {
    let mut count = 0;
    for page in pages() {
        for line in parted(&read(&page)).0 {
            for command in split(&line) {
                let Some(words) = arguments(&command) else { continue };
                understood(&page, &line, words);
                count += 1;
            }
        }
    }
    assert!(count > 80, "{count}");
}

/// Texts in backticks that begin with the name of a command. Required arguments may be missing.
#[test]
fn every_command_in_the_text_can_be_typed() {
    let grammar = Cli::command();
    let names: BTreeSet<&str> = grammar.get_subcommands().map(clap::Command::get_name).collect();
    let mut count = 0;
    for page in pages() {
        let prose = parted(&read(&page)).1;
        for line in prose.lines() {
            for span in line.split('`').skip(1).step_by(2) {
                let words = split(span).into_iter().next().unwrap_or_default();
                let words = words.strip_prefix(&["tomcat-sessions".to_owned()]).unwrap_or(&words).to_vec();
                let begins = words.first().is_some_and(|word| names.contains(word.as_str()));
                if begins && words.len() > 1 {
                    understood(&page, span, &[words, vec!["--help".to_owned()]].concat());
                    count += 1;
                }
            }
        }
    }
    assert!(count > 80, "{count}");
}

#[test]
fn every_file_in_the_text_exists() {
    for page in pages().into_iter().chain(["tests/README.md".to_owned()]) {
        let text = read(&page);
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            if !path.contains("://") && !path.is_empty() {
                assert!(root(folder).join(path).exists(), "{page}: {link} is not there");
            }
        }
        for span in text.split('`').filter(|span| FOLDERS.iter().any(|folder| span.starts_with(folder))) {
            // Options of a script may follow.
            let path = span.split(' ').next().unwrap();
            let pattern = path.contains('*') || path.contains("NAME");
            assert!(pattern || root(path).exists(), "{page}: {path} is not there");
        }
    }
}

#[test]
fn the_readme_and_the_index_link_every_page() {
    let (readme, index) = (read("README.md"), read("docs/README.md"));
    for page in below("docs", ".md") {
        assert!(readme.contains(&format!("]({page})")), "README.md has no link to {page}");
        let name = page.strip_prefix("docs/").unwrap();
        assert!(name == "README.md" || index.contains(&format!("]({name})")), "docs/README.md has no link to {name}");
    }
}

#[test]
fn the_readme_has_at_most_150_lines() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 150, "README.md has {lines} lines");
}
