//! No test is forgotten: cargo and rustc read only what is named.

use std::fs;

use crate::files::{below, read, root, stem};

/// The folders of `tests/` that are test programs.
fn programs() -> Vec<String> {
    let folders = fs::read_dir(root("tests")).unwrap().map(|entry| entry.unwrap().path());
    let programs = folders.filter(|folder| folder.join("main.rs").exists());
    programs.map(|folder| format!("tests/{}", folder.file_name().unwrap().to_str().unwrap())).collect()
}

#[test]
fn every_test_program_is_in_cargo_toml() {
    let manifest = read("Cargo.toml");
    for program in programs() {
        assert!(manifest.contains(&format!("path = \"{program}/main.rs\"")), "{program} is no [[test]] in Cargo.toml");
    }
}

#[test]
fn every_file_of_a_test_program_is_a_module() {
    for program in programs() {
        let main = read(&format!("{program}/main.rs"));
        let lines: Vec<&str> = main.lines().map(str::trim).collect();
        for file in below(&program, ".rs").iter().filter(|file| !file.ends_with("/main.rs")) {
            let module = format!("mod {};", stem(file));
            assert!(lines.contains(&module.as_str()), "{file}: `{module}` is missing in {program}/main.rs");
        }
    }
}
