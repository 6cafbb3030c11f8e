//! No test file is forgotten: cargo and rustc compile only listed files.

use std::fs;

use crate::files::{below, read, root, stem};

/// The directories of `tests/` that are test programs.
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
        for file in below(&program, ".rs").iter().filter(|file| !file.ends_with("/main.rs")) {
            // A directory is the module of its mod.rs.
            let module = file.strip_suffix("/mod.rs").unwrap_or(file);
            let (folder, _) = module.rsplit_once('/').unwrap();
            let parent = if folder == program { format!("{folder}/main.rs") } else { format!("{folder}/mod.rs") };
            let line = format!("mod {};", stem(module));
            assert!(read(&parent).lines().any(|is| is.trim() == line), "{file}: `{line}` is missing in {parent}");
        }
    }
}
