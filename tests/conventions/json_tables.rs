//! Each field in `docs/json.md` has a name, type, unit, first version and meaning. `tests/cli/json_documented.rs` and
//! `tests/tomcat/` compare the names with the output.

use clap::CommandFactory;
use tomcat_sessions::cli::Cli;

use crate::files::read;

const HEAD: &str = "| field | type | unit | since | meaning |";
const TYPES: [&str; 6] = ["any", "array of objects", "array of strings", "boolean", "number", "string"];
const UNITS: [&str; 6] = ["", "bytes", "epoch ms", "ms", "s", "sessions"];

/// The numbers of a version, for comparison.
fn version(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("`{text}` is no version"))).collect()
}

#[test]
fn every_field_has_type_unit_and_version() {
    let text = read("docs/json.md");
    let mut fields = 0;
    for row in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, kind, unit, since, _] = cells[..] else { panic!("five columns, as in `{HEAD}`: {row}") };
        if !name.starts_with('`') {
            assert!(row == HEAD || name.starts_with("---"), "{row}");
            continue;
        }
        let plain = kind.trim_end_matches(" or null");
        assert!(plain == "null" || TYPES.contains(&plain), "`{kind}` is no type: {row}");
        assert!(UNITS.contains(&unit), "`{unit}` is no unit: {row}");
        assert!(version(since) <= version(env!("CARGO_PKG_VERSION")), "{since} is not out yet: {row}");
        fields += 1;
    }
    assert!(fields > 300, "{fields}");
}

/// Commands whose only result is their text.
const WITHOUT: [&str; 4] = ["demo", "completions", "man", "help"];

#[test]
fn every_command_has_its_fields() {
    let text = read("docs/json.md");
    let output_text: Vec<&str> = text
        .lines()
        .filter(|line| {
            line.starts_with("## ") || line.contains(" the same fields.") || line.starts_with("The fields of ")
        })
        .collect();
    for command in Cli::command().get_subcommands().filter(|command| !WITHOUT.contains(&command.get_name())) {
        let name = command.get_name();
        let mut names: Vec<String> =
            command.get_subcommands().map(|sub| format!("{name} {}", sub.get_name())).collect();
        if names.is_empty() {
            names.push(name.to_owned());
        }
        for name in names {
            let heading = format!("## {name}");
            let known = output_text.iter().any(|line| *line == heading || line.contains(&format!("`{name}`")));
            assert!(known, "docs/json.md has no section {heading}, nor a line that says whose fields it has");
        }
    }
}
