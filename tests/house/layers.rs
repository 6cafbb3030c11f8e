//! Imports point one way: the map in `src/lib.rs` is the rule, and the `use crate::` lines keep it.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{below, read};

/// The map: each module with those that it may import.
fn map() -> BTreeMap<String, BTreeSet<String>> {
    let lib = read("src/lib.rs");
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
        (cells[0].trim_end_matches('`').to_owned(), names(cells.last().unwrap()))
    })
    .collect()
}

/// The module of `src/` that a file belongs to.
fn module(file: &str) -> &str {
    file.strip_prefix("src/").unwrap().split(['/', '.']).next().unwrap()
}

#[test]
fn every_module_is_on_the_map() {
    let map = map();
    let lib = read("src/lib.rs");
    let modules: BTreeSet<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(modules.len() > 5);
    assert_eq!(modules, map.keys().map(String::as_str).collect());
}

#[test]
fn imports_are_those_of_the_map() {
    let map = map();
    let mut seen = 0;
    for file in below("src", ".rs").iter().filter(|file| !file.ends_with("/lib.rs") && !file.ends_with("/main.rs")) {
        let from = module(file);
        let may = &map[from];
        // Any mention counts, whether in a `use` or in the middle of a line.
        let text = read(file);
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for (line, to) in
            code.flat_map(|line| line.match_indices("crate::").map(move |(at, _)| (line, &line[at + 7..])))
        {
            assert!(!to.starts_with('{'), "{file}: `{line}`: one `use crate::…` a module, so that they can be read");
            let to: String = to.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // `$crate::engine` within the engine's own macros, and a module's own parts.
            seen += 1;
            assert!(to == from || may.contains(&to), "{file}: `{}` is not on the map of src/lib.rs", line.trim());
        }
    }
    assert!(seen > 50, "only {seen} imports were found");
}

#[test]
fn commands_know_nothing_of_drivers_and_of_each_other() {
    let steps = [
        "attic",
        "content",
        "guarding",
        "linting",
        "metering",
        "nodes",
        "opening",
        "pair",
        "parallel",
        "passing",
        "purging",
        "restoring",
        "selection",
        "swapping",
        "throttling",
        "unloaded",
        "via_tomcat",
    ];
    let commands: BTreeSet<String> = below("src/commands", ".rs")
        .iter()
        .map(|file| file["src/commands/".len()..].split(['/', '.']).next().unwrap().to_owned())
        .collect();
    for file in below("src/commands", ".rs").iter().filter(|file| !file.ends_with("commands/mod.rs")) {
        let text = read(file);
        for driver in ["sqlx::", "tiberius::"] {
            assert!(!text.contains(driver), "{file} uses {driver}");
        }
        let own = file["src/commands/".len()..].split(['/', '.']).next().unwrap();
        for line in text.lines().filter_map(|line| line.trim_start().strip_prefix("use super::")) {
            let other: String = line.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let shared = steps.contains(&other.as_str()) || other == own || !commands.contains(&other);
            assert!(shared, "{file} imports the command `{other}`: shared steps move down");
        }
    }
}

#[test]
fn drivers_stay_in_their_engines() {
    for file in below("src", ".rs").iter().filter(|file| !file.starts_with("src/engine/")) {
        let text = read(file);
        for driver in ["sqlx::", "tiberius::"] {
            assert!(!text.contains(driver), "{file} uses {driver}");
        }
    }
}
