//! Imports go in one direction: the maps in `src/lib.rs` and `src/store/mod.rs` define it, and the `use` lines are
//! checked.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{below, read};
use crate::imports::Imports;

/// The map in the documentation of a file: each module with the modules that it may import, if the map lists them.
fn map(file: &str) -> Vec<(String, BTreeSet<String>)> {
    let text = read(file);
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
        (cells[0].trim_end_matches('`').to_owned(), names(cells.last().unwrap()))
    })
    .collect()
}

/// The modules that a file declares.
fn declared(file: &str) -> BTreeSet<String> {
    let text = read(file);
    let name = |line: &str| {
        line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    };
    text.lines().filter_map(name).collect()
}

/// The module of `src/` to which a file belongs.
fn module(file: &str) -> &str {
    file.strip_prefix("src/").unwrap().split(['/', '.']).next().unwrap()
}

#[test]
fn every_module_is_on_the_map() {
    for (file, least) in [("src/lib.rs", 15), ("src/store/mod.rs", 8)] {
        let modules = declared(file);
        assert!(modules.len() > least, "{file}: {modules:?}");
        assert_eq!(modules, map(file).into_iter().map(|(name, _)| name).collect(), "{file}");
    }
}

#[test]
fn imports_are_those_of_the_map() {
    let map: BTreeMap<String, BTreeSet<String>> = map("src/lib.rs").into_iter().collect();
    let mut seen = 0;
    for file in below("src", ".rs").iter().filter(|file| !file.ends_with("/lib.rs") && !file.ends_with("/main.rs")) {
        let from = module(file);
        let may = &map[from];
        // Any mention counts, in a `use` or elsewhere.
        let text = read(file);
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for (line, to) in
            code.flat_map(|line| line.match_indices("crate::").map(move |(at, _)| (line, &line[at + 7..])))
        {
            assert!(!to.starts_with('{'), "{file}: `{line}`: one `use crate::…` a module, so that they can be read");
            let to: String = to.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // Except `$crate::engine` in the macros of the engine, and parts of the same module.
            seen += 1;
            assert!(to == from || may.contains(&to), "{file}: `{}` is not on the map of src/lib.rs", line.trim());
        }
    }
    assert!(seen > 50, "only {seen} imports were found");
}

/// The allowed imports contain no circle.
#[test]
fn the_map_has_no_circular_imports() {
    let mut left: BTreeMap<String, BTreeSet<String>> = map("src/lib.rs").into_iter().collect();
    while !left.is_empty() {
        let free =
            left.iter().find(|(_, may)| may.iter().all(|to| !left.contains_key(to))).map(|(name, _)| name.clone());
        let free = free.unwrap_or_else(|| panic!("these import each other in a circle: {:?}", left.keys()));
        left.remove(&free);
    }
}

/// The modules of one directory import each other in one direction, in every directory.
#[test]
fn no_folder_has_circular_imports() {
    let imports = Imports::of_src();
    assert!(imports.len() > 500, "only {} imports were found", imports.len());
    for parent in imports.parents() {
        if let Some(circle) = imports.circle_in(&parent) {
            panic!("a circle of modules in {parent}: {}", circle.join(" -> "));
        }
    }
}

/// A module of the store imports only from those above it in the map.
#[test]
fn store_modules_import_only_from_earlier_ones() {
    let order: Vec<String> = map("src/store/mod.rs").into_iter().map(|(module, _)| module).collect();
    let place = |module: &str| order.iter().position(|known| known == module);
    let mut seen = 0;
    for (from, to) in Imports::of_src().between("crate::store") {
        seen += 1;
        assert!(place(&to) < place(&from), "store::{from} imports store::{to}, which is below it in src/store/mod.rs");
    }
    assert!(seen > 20, "only {seen} imports were found");
}

#[test]
fn commands_do_not_depend_on_drivers_or_each_other() {
    let imports = Imports::of_src();
    for folder in ["crate::commands", "crate::commands::tomcat"] {
        let crossing = imports.between(folder);
        assert!(crossing.is_empty(), "{folder}: {crossing:?}: what commands share belongs to `operations`");
    }
    for file in below("src/commands", ".rs") {
        let text = read(&file);
        for driver in ["sqlx::", "tiberius::", "crate::engine"] {
            assert!(!text.contains(driver), "{file} uses {driver}");
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
